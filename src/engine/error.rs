//! Why a command was not done.
//!
//! A line that cannot be promised is an answer, not an error; errors are what the caller must act on.

use super::scenarios::Missing;
use crate::{
    change::Fault,
    ledger::{
        Refusal, Unfit,
        refresh::{Unexplained, Unknown},
    },
    promising::request::Violation,
};

/// Why a command was not done. Nothing of it was, but for [`Error::OutcomeUnknown`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request does not resolve against the snapshot; every fault is named.
    #[error("the request has {} faults", .0.len())]
    Invalid(Vec<Violation>),
    /// The ledger's rules forbid it.
    #[error("{0}")]
    Refused(Refusal),
    /// Live has moved on since a scenario or a backlog run was planned; what does not fit any more.
    #[error("live has moved on; what was planned does not fit any more")]
    Unfit(Unfit),
    /// Changes of planning data that cannot be made; every fault is named.
    #[error("the changes have {} faults", .0.len())]
    Faulty(Vec<Fault>),
    /// The id was used for a command with another body.
    #[error("request id {request_id:?} was used for a command with another body")]
    RequestIdReused {
        /// The id.
        request_id: String,
    },
    /// The source was read to another position since.
    #[error("source {source_name:?} was read to {last:?} since; send what comes after it")]
    PositionMoved {
        /// The source.
        source_name: String,
        /// The last position of it in this stream; empty where there is none.
        last: String,
    },
    /// There is no such scenario, or that cannot be done to it.
    #[error("scenario {id}: {missing}")]
    Scenario {
        /// Which.
        id: String,
        /// Why.
        missing: Missing,
    },
    /// Too many commands wait for the writer: come back later.
    #[error("the queue of commands is full")]
    Busy,
    /// The disk has no room for it. It has by itself when there is some.
    #[error("the server's disk is full; nothing was done, and it goes on when there is room")]
    DiskFull,
    /// The deadline passed before the command's turn.
    #[error("the deadline passed before the command could be committed")]
    DeadlineExceeded,
    /// An order, or a line of it, has no promise.
    #[error("there is no promise for {}order {order}", of_line(line))]
    NoPromise {
        /// The order's key.
        order: String,
        /// The line's key within it; empty where the whole order was meant.
        line: String,
    },
    /// A field of the command itself is out of range.
    #[error("{field}: {value} is not {expected}")]
    OutOfRange {
        /// The field.
        field: &'static str,
        /// What it holds.
        value: String,
        /// What it may hold.
        expected: String,
    },
    /// The next snapshot does not have a name that a promise made meanwhile has.
    #[error("{0}")]
    NotAdopted(Unknown),
    /// The next world does not add up (R1); the old one goes on.
    #[error("{0}")]
    Unexplained(Unexplained),
    /// Most nodes of the cluster do not have the files of a snapshot.
    #[error("most nodes of the cluster do not have the snapshot yet; it does not serve")]
    NotHeld,
    /// Another node of the cluster leads, or none does.
    #[error("this node does not lead its cluster; nothing was done")]
    NotLeader,
    /// The engine has stopped: the journal failed, or the process is on its way out.
    #[error("the engine has stopped; nothing was done")]
    Stopped,
    /// The engine stopped under the command: the journal failed, so it may be durable or not.
    #[error("the engine stopped; whether it was done is known when it is asked for again")]
    OutcomeUnknown,
    /// The journal's state was made against another snapshot.
    #[error("the journal was written against snapshot {journal:?}, given is {given:?}")]
    OtherSnapshot {
        /// The id of the journal's.
        journal: String,
        /// The id of the one that was given.
        given: String,
    },
    /// The tables of a snapshot that the journal names are not those that it was built of then.
    #[error("snapshot {id:?} is not the one that the journal names: its tables were altered since")]
    AlteredSnapshot {
        /// Its id.
        id: String,
    },
    /// The journal could not be read.
    #[error("{0}")]
    Journal(#[from] crate::journal::Error),
}

fn of_line(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!("line {line} of ") }
}

impl From<Missing> for Error {
    fn from(missing: Missing) -> Self {
        Self::Scenario { id: String::new(), missing }
    }
}

impl Error {
    /// The same, where it speaks of a scenario of this one.
    #[must_use]
    pub fn of_scenario(self, id: &str) -> Self {
        if let Self::Scenario { missing, .. } = self {
            return Self::Scenario { id: id.to_string(), missing };
        }
        self
    }
}
