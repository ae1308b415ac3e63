//! What a caller is told when a request is not done: one short list of codes, and a stable word.
//!
//! [`Failure`] is the one shape of every failure, for single calls (a `tonic::Status` with
//! `google.rpc.BadRequest`, `ErrorInfo` and, where it pays to come back, `RetryInfo`) and for requests of
//! a stream. Business outcomes such as "late" or "unavailable" never come here: they are answers.

mod faults;

pub use faults::{Faults, shown};

use super::proto;
use crate::{
    engine,
    engine::scenarios::Missing,
    ledger::{LineFault, Refusal},
    promising::request::Violation,
    snapshot::Snapshot,
};
use prost::Message as _;
use std::{collections::HashMap, fmt, time::Duration};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

/// The domain of the reasons in `ErrorInfo`.
pub const DOMAIN: &str = "promised.v1";

/// Bytes of field violations that one status spells out; the rest are counted.
///
/// Status and message travel in headers, and gRPC peers accept 8 KiB of headers by default. There the message
/// stands twice, once in the clear, and Base64 makes 4 bytes of 3.
const VIOLATION_BYTES_MAX: usize = 3_600;

/// Bytes of violations that the message itself names, for clients that show nothing else.
const NAMED_BYTES_MAX: usize = 600;

/// When a client that came at a busy moment should come back.
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// When one should that came to a full disk.
const ROOM_AFTER: Duration = Duration::from_secs(1);

/// Why a request was not done. Nothing of it was, but for one whose outcome is not known.
#[derive(Clone, Debug)]
pub struct Failure {
    code: Code,
    reason: &'static str,
    message: String,
    facts: Vec<(&'static str, String)>,
    faults: Faults,
    retry_after: Option<Duration>,
    /// The whole of it, where another node said it.
    whole: Option<Box<Status>>,
}

impl Failure {
    /// A failure without field violations.
    pub fn new(code: Code, reason: &'static str, message: impl Into<String>) -> Self {
        let (facts, faults, retry_after) = (Vec::new(), Faults::default(), None);
        Self { code, reason, message: message.into(), facts, faults, retry_after, whole: None }
    }

    /// What another node said, as it said it.
    pub fn of_node(status: Status) -> Self {
        let whole = Self::new(status.code(), "SAID", status.message());
        Self { whole: Some(Box::new(status)), ..whole }
    }

    /// The same, with something that the message says, for programs: `ErrorInfo.metadata`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.facts.push((name, value.into()));
        self
    }

    /// The same, which may go well after so long.
    #[must_use]
    pub fn after(self, time: Duration) -> Self {
        Self { retry_after: Some(time), ..self }
    }

    /// Its canonical code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What it says to people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Its stable word.
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// What is wrong with a line that the others were answered without.
    pub fn of_line(faults: &[LineFault]) -> Self {
        let mut noted = Faults::default();
        for LineFault { field, description } in faults {
            noted.note(&**field, &**description);
        }
        Self::invalid(noted)
    }

    /// The same, which may go well later.
    #[must_use]
    pub fn later(self) -> Self {
        Self { retry_after: Some(RETRY_AFTER), ..self }
    }

    /// The failure of a request whose fields hold something wrong.
    pub fn invalid(faults: Faults) -> Self {
        let all: Vec<_> = faults.iter().map(|(path, what)| format!("{path}: {what}")).collect();
        // The first is named whatever its length, which `shown` and the paths keep in bounds.
        let fitting = fitting(all.iter().map(|text| text.len()), NAMED_BYTES_MAX).max(1);
        let (named, more) = all.split_at(fitting.min(all.len()));
        let mut message = named.join("; ");
        if !more.is_empty() {
            message.push_str(&format!("; and {} more", more.len()));
        }
        let mut faults = faults;
        cut(&mut faults.0);
        Self { faults, ..Self::new(Code::InvalidArgument, "INVALID_FIELDS", message) }
    }

    /// The failure of a request of which one field holds something wrong.
    pub fn invalid_field(path: &str, description: impl Into<String>) -> Self {
        let mut faults = Faults::default();
        faults.note(path, description);
        Self::invalid(faults)
    }

    /// The canonical code and the stable word of every error of the engine.
    pub fn of_engine(error: engine::Error, snapshot: &Snapshot) -> Self {
        match error {
            engine::Error::Invalid(violations) => Self::invalid(Faults::of_lines(&violations)),
            engine::Error::Faulty(faults) => Self::invalid(Faults::of_changes(&faults)),
            engine::Error::Refused(refusal) => Self::of_refusal(&refusal, snapshot),
            engine::Error::OutOfRange { field, value, expected } => {
                Self::invalid_field(field, format!("{} is not {expected}", shown(&value)))
            }
            engine::Error::RequestIdReused { ref request_id } => {
                Self::new(Code::AlreadyExists, "REQUEST_ID_REUSED", error.to_string())
                    .with("request_id", request_id)
            }
            engine::Error::PositionMoved { ref source_name, ref last } => {
                Self::new(Code::FailedPrecondition, "POSITION_MOVED", error.to_string())
                    .with("source", source_name)
                    .with("position", last)
            }
            engine::Error::Unfit(_) => {
                Self::new(Code::FailedPrecondition, "MOVED_ON", error.to_string())
            }
            engine::Error::Scenario { id, missing } => Self::of_scenario(&id, &missing),
            engine::Error::DiskFull => {
                let full = Self::new(Code::ResourceExhausted, "DISK_FULL", error.to_string());
                Self { retry_after: Some(ROOM_AFTER), ..full }
            }
            engine::Error::Busy => {
                let busy = Self::new(Code::ResourceExhausted, "BUSY", error.to_string());
                Self { retry_after: Some(RETRY_AFTER), ..busy }
            }
            engine::Error::NoPromise { ref order, ref line } => {
                let missing = Self::new(Code::NotFound, "PROMISE_NOT_FOUND", error.to_string())
                    .with("order", order);
                if line.is_empty() { missing } else { missing.with("line", line) }
            }
            engine::Error::DeadlineExceeded => {
                Self::new(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", error.to_string())
            }
            engine::Error::NotAdopted(_) => {
                Self::new(Code::Aborted, "NOT_ADOPTED", error.to_string())
            }
            engine::Error::Unexplained(_) => {
                Self::new(Code::Internal, "DOES_NOT_ADD_UP", error.to_string())
            }
            engine::Error::NotHeld => {
                Self::new(Code::Unavailable, "NOT_HELD", error.to_string()).after(ROOM_AFTER)
            }
            engine::Error::NotLeader => {
                Self::new(Code::Unavailable, "NOT_LEADER", error.to_string()).after(RETRY_AFTER)
            }
            engine::Error::Stopped => Self::new(Code::Unavailable, "STOPPED", error.to_string()),
            engine::Error::OutcomeUnknown => Self::outcome_unknown(),
            engine::Error::OtherSnapshot { .. }
            | engine::Error::AlteredSnapshot { .. }
            | engine::Error::Journal(_) => Self::new(Code::Internal, "JOURNAL", error.to_string()),
        }
    }

    /// The same for an amendment, whose only line is not one of a list.
    ///
    /// `misnamed` are faults of its order and line, which are told beside those of all other fields.
    pub fn of_amendment(
        error: engine::Error,
        misnamed: Vec<Violation>,
        snapshot: &Snapshot,
    ) -> Self {
        let engine::Error::Invalid(mut violations) = error else {
            return Self::of_engine(error, snapshot);
        };
        let is_new = |one: &Violation| violations.iter().all(|known| known.field != one.field);
        let new: Vec<_> = misnamed.into_iter().filter(is_new).collect();
        violations.splice(0..0, new);
        Self::invalid(Faults::of_line(&violations))
    }

    /// The canonical code and the stable word of what is the matter with a scenario.
    pub fn of_scenario(id: &str, missing: &Missing) -> Self {
        let (code, reason) = match missing {
            Missing::Unknown => (Code::NotFound, "SCENARIO_UNKNOWN"),
            Missing::Ended | Missing::Expired => (Code::NotFound, "SCENARIO_ENDED"),
            Missing::TooMany => (Code::ResourceExhausted, "SCENARIOS_TOO_MANY"),
            Missing::TooLarge { .. } => (Code::ResourceExhausted, "SCENARIOS_TOO_LARGE"),
            Missing::Applied(_) => (Code::FailedPrecondition, "SCENARIO_APPLIED"),
            Missing::Busy | Missing::Changed => (Code::Aborted, "SCENARIO_CHANGED"),
            Missing::HasOrders => (Code::FailedPrecondition, "SCENARIO_HAS_ORDERS"),
            Missing::NotApplied(_) => (Code::FailedPrecondition, "NOT_APPLIED"),
            Missing::NotKept { .. } => (Code::OutOfRange, "POSITION_NOT_KEPT"),
            Missing::NoSnapshot(_) => (Code::FailedPrecondition, "SNAPSHOT_NOT_KEPT"),
            Missing::Unmakable(faults) => return Self::invalid(Faults::of_changes(faults)),
        };
        let message = if id.is_empty() {
            missing.to_string()
        } else {
            format!("scenario {}: {missing}", shown(id))
        };
        let mut failure = Self::new(code, reason, message);
        if let Missing::NotKept { first, last } = missing {
            failure = failure.with("oldest", first.to_string()).with("newest", last.to_string());
        }
        if id.is_empty() { failure } else { failure.with("scenario_id", id) }
    }

    fn of_refusal(refusal: &Refusal, snapshot: &Snapshot) -> Self {
        let (code, reason) = match refusal {
            Refusal::NothingToReserve => (Code::FailedPrecondition, "NOTHING_TO_RESERVE"),
            Refusal::DoesNotExist { .. } => (Code::NotFound, "PROMISE_NOT_FOUND"),
            Refusal::StateForbids { .. } => (Code::FailedPrecondition, "STATE_FORBIDS"),
            Refusal::HoldEnded { .. } => (Code::FailedPrecondition, "HOLD_EXPIRED"),
            Refusal::QuantityOutOfRange { .. } => {
                (Code::FailedPrecondition, "QUANTITY_OUT_OF_RANGE")
            }
            Refusal::NotInLots { .. } => (Code::InvalidArgument, "NOT_IN_LOTS"),
            Refusal::OutsideHorizon { .. } => (Code::OutOfRange, "OUTSIDE_HORIZON"),
            Refusal::BalanceOutOfRange { .. } => (Code::OutOfRange, "BALANCE_OUT_OF_RANGE"),
            Refusal::ExceedsAvailable { .. } => (Code::FailedPrecondition, "EXCEEDS_AVAILABLE"),
        };
        let facts = refusal.facts(snapshot);
        Self { facts, ..Self::new(code, reason, refusal.sentence(snapshot)) }
    }

    /// The failure of a call that was cut off: it may be done or not.
    pub fn outcome_unknown() -> Self {
        let text = "the server ended before it could tell what became of this; \
                    ask again with the same request id to find out";
        Self::new(Code::Unavailable, "OUTCOME_UNKNOWN", text)
    }

    /// The failure of a request that stopped our own code.
    pub fn panicked() -> Self {
        let text =
            "the server failed on this request; it goes on serving others. Please report it.";
        Self::new(Code::Internal, "PANIC", text)
    }

    fn said(self) -> Status {
        if let Some(whole) = self.whole {
            return *whole;
        }
        let facts = named(self.facts);
        let mut details = ErrorDetails::with_error_info(self.reason, DOMAIN, facts);
        if !self.faults.is_empty() {
            details.set_bad_request(self.faults.0);
        }
        if self.retry_after.is_some() {
            details.set_retry_info(self.retry_after);
        }
        Status::with_error_details(self.code, self.message, details)
    }

    /// The failure as the status that a single call would end with, for an answer about one line of many.
    pub fn as_status(&self) -> tonic_types::pb::Status {
        message_of(&self.clone().said())
    }

    /// The failure as an answer within a stream.
    pub fn into_proto(self) -> proto::Error {
        let violation = |(field, description): (&str, &str)| proto::error::Violation {
            field: field.to_string(),
            description: description.to_string(),
        };
        proto::Error {
            code: self.code.into(),
            reason: self.reason.to_string(),
            violations: self.faults.iter().map(violation).collect(),
            message: self.message,
            // A second at most, so it has its place in the message.
            retry_after: self.retry_after.and_then(|after| after.try_into().ok()),
            metadata: named(self.facts),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.message)
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        metrics::counter!("promised_refused_total", "reason" => failure.reason).increment(1);
        failure.said()
    }
}

/// A status with its details as a message.
pub fn message_of(status: &Status) -> tonic_types::pb::Status {
    // What makes statuses here writes details that can be read.
    tonic_types::pb::Status::decode(status.details()).unwrap_or_default()
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::invalid(faults)
    }
}

fn named(facts: Vec<(&'static str, String)>) -> HashMap<String, String> {
    facts.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
}

/// Keeps as many violations as travel safely, and counts the rest in a last one.
fn cut(violations: &mut Vec<FieldViolation>) {
    let sizes = violations.iter().map(|found| found.field.len() + found.description.len() + 8);
    let kept = fitting(sizes, VIOLATION_BYTES_MAX);
    let more = violations.len() - kept;
    if 0 < more {
        violations.truncate(kept);
        violations.push(FieldViolation::new("", format!("and {more} more fields")));
    }
}

/// How many of these sizes, from the first on, fit into so many bytes.
fn fitting(sizes: impl Iterator<Item = usize>, bytes_max: usize) -> usize {
    let sums = sizes.scan(0, |sum, size| {
        *sum += size;
        Some(*sum)
    });
    sums.take_while(|sum| *sum <= bytes_max).count()
}
