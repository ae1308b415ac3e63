//! What the writer is told through his queue.

use super::{caller::Caller, command::deed::Work, error::Error};

/// What the writer is told.
#[derive(Debug)]
pub(super) enum Message {
    /// To do something.
    Do(Work),
    /// What this node of a cluster is to do from now on; he answers with the position after it.
    Stand(Stand, Caller<u64>),
    /// To end after this batch.
    Stop,
}

/// What an engine of a cluster is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// To apply what its journal has, up to a position.
    Follow(u64),
    /// To lead under an epoch; it has applied all that there is.
    Lead(u64),
    /// To lead no more.
    Down,
}

impl Message {
    /// Answers that it was not done. A caller that has gone away does not mind.
    pub(super) fn refuse(self, error: Error) {
        match self {
            Self::Do(work) => work.refuse(error),
            Self::Stand(_, caller) => caller.tell(Err(error)),
            Self::Stop => (),
        }
    }
}
