//! Why a command failed, said to a person: the cause, and the mend.
//!
//! Not an error enum to match on: nothing above the command line handles a failure, it is only shown.

use std::{fmt, io};

/// Exit code of a command that failed.
pub(super) const FAILED: u8 = 1;

/// Exit code of a command line that nobody understands.
pub(super) const BAD_USAGE: u8 = 2;

/// Exit code of a server that cannot go on, such as one whose journal failed: EX_IOERR of sysexits.
pub(super) const BROKEN: u8 = 74;

/// What ends a command before it has done its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// Something went wrong: why, and what to do about it.
    Said {
        /// The cause, as a sentence without a full stop.
        cause: String,
        /// What would make it work.
        mend: String,
    },
    /// The arguments contradict each other, in a way that only we can see.
    Misused {
        /// The cause, as a sentence without a full stop.
        cause: String,
        /// Arguments that would do.
        mend: String,
    },
    /// A server ended by what it cannot go on with: whoever supervises it starts it again.
    Broken {
        /// The cause, as a sentence without a full stop.
        cause: String,
        /// What would make it work.
        mend: String,
    },
    /// Everything there is to say is on the terminal already, such as a list of faults.
    Reported,
    /// The same of a configuration that nobody understands.
    MisusedReported,
    /// Whoever read our output has seen enough (`promised .. | head`): an end, not a fault.
    PipeClosed,
}

impl Failure {
    /// A failure with its cause and its mend.
    pub(super) fn new(cause: impl fmt::Display, mend: impl Into<String>) -> Self {
        Self::Said { cause: cause.to_string(), mend: mend.into() }
    }
}

impl Failure {
    /// Arguments that cannot be meant so.
    pub(super) fn misused(cause: impl fmt::Display, mend: impl Into<String>) -> Self {
        Self::Misused { cause: cause.to_string(), mend: mend.into() }
    }
}

impl From<io::Error> for Failure {
    /// For what is written to the terminal or a pipe; files name themselves with [`Failure::new`].
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::PipeClosed;
        }
        Self::new(
            format!("cannot write the output: {error}"),
            "make room on the disk, or send the output elsewhere",
        )
    }
}

/// What a file or a server says may hold anything; on a terminal nothing but its line breaks moves the cursor.
fn visible(text: &str) -> String {
    let visible = |c: char| match c {
        '\n' => c,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(visible).collect()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said { cause, mend }
            | Self::Misused { cause, mend }
            | Self::Broken { cause, mend } => {
                write!(f, "error: {}\ntry: {}", visible(cause), visible(mend))
            }
            Self::Reported | Self::MisusedReported | Self::PipeClosed => Ok(()),
        }
    }
}
