//! How a call over HTTP speaks: in which format, and in how many messages.

/// What messages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MessageFormat {
    Json,
    Proto,
}

/// How a call speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speech {
    /// One message in the body.
    Plain(MessageFormat),
    /// Messages with a prefix each.
    Enveloped(MessageFormat),
}
