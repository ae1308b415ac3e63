//! A stream of changes: read from standard input or from a broker, cut into requests, each counted once.
//!
//! What a line says is a [`StreamUnit`]: changes, and where in its source they come from. Units are gathered into requests until a
//! thousand lines are together, or one of them would contradict what is there already; what the server refuses goes line by
//! line, so that only lines at fault are left over. A stream that names positions is taken up where the server has it.
//!
//! A line of a stream is a message of a broker: a feed of a server ([`standing`]) takes them in as `promised change -` does its
//! lines, and the broker knows nothing of how far it has come.

mod broker;
mod gathered;
mod letters;
#[cfg(feature = "kafka")]
mod kafka;
mod lines;
mod nats;
mod ndjson;
mod sender;
pub(super) mod term;
mod map;
mod debezium;
mod taker;
mod stream;
mod written;
mod standing;

use super::{failure::Failure, output};
use crate::change::Change;
use jiff::Timestamp;
use std::path::PathBuf;

pub(super) use sender::of_change;
pub(super) use standing::{Feeds, start};
pub(super) use stream::run;
pub(super) use written::{Feed, of_config};

/// How the lines of a stream are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum StreamFormat {
    /// An object a line: {"change": "supply_moved", "supply": "PO-1", "days": 14}
    Ndjson,
    /// A table with a header, as in a file of changes
    Csv,
    /// Events of Debezium, with a map file
    Debezium,
}

/// What is said of a stream.
#[derive(Clone, Debug)]
pub(super) struct StreamTerms {
    pub(super) format: Option<StreamFormat>,
    pub(super) map: Option<PathBuf>,
    pub(super) source: String,
    pub(super) request_id: String,
    pub(super) dead_letters: Option<PathBuf>,
}

/// What one line of a stream says.
#[derive(Clone, Debug)]
pub(super) struct StreamUnit {
    /// The line, the first being 1.
    pub(super) line: u64,
    /// Where in its source it comes from.
    pub(super) position: Option<String>,
    /// When its source knew of it.
    pub(super) known_at: Option<Timestamp>,
    pub(super) changes: Vec<Change>,
    /// The line as it came, for a dead letter.
    pub(super) text: String,
}

/// A line that cannot be taken in: it, and why.
#[derive(Clone, Debug)]
pub(super) struct FaultyLine {
    pub(super) line: u64,
    pub(super) position: Option<String>,
    pub(super) text: String,
    pub(super) fault: String,
}

impl FaultyLine {
    /// Why a stream ends here, where nobody wants dead letters.
    fn failure(&self) -> Failure {
        let place = match &self.position {
            Some(position) => format!("line {} (position {position})", self.line),
            None => format!("line {}", self.line),
        };
        Failure::new(
            format!("{place}: {}; what came before it is live", self.fault),
            "correct the line and send all again, or name a file for such lines: --dead-letters FILE",
        )
    }
}

/// Why a stream does not go on.
#[derive(Debug)]
pub(super) enum Halt {
    /// For now: who is asked is away, or busy, or another one is to be asked.
    Away(String),
    /// Until somebody mends it.
    Failed(Failure),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Halt> for Failure {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Away(why) => {
                Self::new(why, "send all of it again: what is done is not done twice")
            }
            Halt::Failed(failure) => failure,
        }
    }
}

/// What became of a stream.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct StreamTally {
    pub(super) changes: u64,
    pub(super) requests: u64,
    pub(super) skipped: u64,
    pub(super) letters: u64,
    pub(super) at_risk: u64,
    pub(super) sequence: u64,
}

impl StreamTally {
    /// Says it in the format asked for.
    fn tell(&self, format: output::AnswerFormat) -> Result<(), Failure> {
        let Self { changes, requests, skipped, letters, at_risk, sequence } = *self;
        let facts = [
            ("changes", changes),
            ("requests", requests),
            ("skipped", skipped),
            ("dead_letters", letters),
            ("at_risk", at_risk),
            ("sequence", sequence),
        ];
        output::told(format, &self.told(), &facts.map(|(name, n)| (name, n.into())))
    }

    fn told(&self) -> String {
        let mut told = format!(
            "{} live in {}",
            output::count(self.changes, "change"),
            output::count(self.requests, "request")
        );
        if 0 < self.requests {
            told.push_str(&format!(", at sequence {}", self.sequence));
        }
        let more = [
            (self.skipped, "line", "taken in before"),
            (self.letters, "dead letter", "written"),
            (self.at_risk, "promise", "at risk"),
        ];
        for (n, what, how) in more.into_iter().filter(|(n, ..)| 0 < *n) {
            told.push_str(&format!("; {} {how}", output::count(n, what)));
        }
        told
    }
}
