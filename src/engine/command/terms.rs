//! The terms of a promise: held or for good, all lines or some, after whom it comes.

use crate::{engine::error::Error, ledger::Start, limits};

/// How firm a promise is from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commitment {
    /// Kept for that many seconds, then it expires unless confirmed; 1 to `limits::HOLD_SECONDS_MAX`.
    Hold {
        /// Seconds from the moment it is committed.
        for_seconds: i64,
    },
    /// Kept for good.
    Confirm,
}

impl Commitment {
    /// Whether a hold lasts as long as one may.
    pub(in crate::engine) fn check(self) -> Result<(), Error> {
        match self {
            Self::Confirm => Ok(()),
            Self::Hold { for_seconds } if (1..=limits::HOLD_SECONDS_MAX).contains(&for_seconds) => {
                Ok(())
            }
            Self::Hold { for_seconds } => Err(Error::OutOfRange {
                field: "hold_for",
                value: format!("{for_seconds}s"),
                expected: format!("1s to {}s", limits::HOLD_SECONDS_MAX),
            }),
        }
    }

    /// How a promise begins that is made at an instant.
    pub(in crate::engine) fn start(self, now: i64) -> Start {
        match self {
            Self::Confirm => Start::Confirmed,
            Self::Hold { for_seconds } => {
                assert!(0 < for_seconds && for_seconds <= limits::HOLD_SECONDS_MAX);
                Start::Held { until: now + for_seconds * 1_000_000 }
            }
        }
    }
}

/// What becomes of a request of which a line cannot be promised in full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Completeness {
    /// What can be promised is promised.
    #[default]
    BestEffort,
    /// Nothing is promised unless every line is promised in full (late counts as promised).
    AllOrNothing,
}

/// What becomes of a line that names something that the snapshot does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Faulty {
    /// The request is refused, and every such line named.
    #[default]
    Refuse,
    /// The line is told, and the others are promised.
    LeaveOut,
}

/// What a request sees of those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestTurn {
    /// What was published when it was planned; it is planned again only where it does not fit any more.
    #[default]
    Any,
    /// All that was sent before it, as if each had waited for the answer to the one before.
    InOrder,
}

/// What is to be done where live has moved on and the scenario does not fit any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMovedOn {
    /// Nothing: what does not fit is told.
    Tell,
    /// What was done in the scenario is done again on live as it is now, and that is applied.
    DoAgain,
}
