//! Everything that can change the world, as a closed list.
//!
//! Each command carries the caller's `request_id`: repeated with the same body it gets the first answer
//! and does nothing; with another body it is refused (L4). Without an id (empty) a command is done as
//! often as it is sent.

use super::{clock::SteadyTime, error::Error};
use crate::{
    change::Change,
    ledger::{Exchange, Undone, World, reservation::Force},
    limits,
    model::Quantity,
    promising::request::{OrderLine, Request},
    snapshot::atp_rule::Objective,
};
use jiff::Timestamp;
use std::sync::Arc;

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
    pub(super) fn check(self) -> Result<(), Error> {
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
pub enum Turn {
    /// What was published when it was planned; it is planned again only where it does not fit any more.
    #[default]
    Any,
    /// All that was sent before it, as if each had waited for the answer to the one before.
    InOrder,
}

/// Promises lines.
///
/// ```
/// use jiff::civil::date;
/// use promised::{
///     engine::{
///         CancelCommand, Commitment, Completeness, Config, ConfirmCommand, Engine, Faulty,
///         PromiseCommand, Turn,
///     },
///     journal::Memory,
///     ledger::reservation::State,
///     loader,
///     model::Quantity,
///     promising::request::{OrderLine, Remedies, Request},
/// };
/// use std::sync::Arc;
/// # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
/// let loaded = loader::open("snapshots/tiny".as_ref(), &loader::Silent)?;
/// let snapshot = Arc::new(loaded.snapshot.expect("it is sound"));
/// let engine = Engine::start(snapshot, Box::new(Memory::default()), Config::new())?;
///
/// // Two valves, held for a minute.
/// let lines = vec![OrderLine::new("SO-7", "VALVE", Quantity::units(2), date(2026, 11, 26))];
/// let held = engine.promise(PromiseCommand {
///     request_id: "cart-7".to_string(),
///     request: Request {
///         lines,
///         objective: None,
///         alternatives: 0,
///         remedies: Remedies::None,
///         now: None,
///     },
///     commitment: Commitment::Hold { for_seconds: 60 },
///     completeness: Completeness::AllOrNothing,
///     faulty: Faulty::Refuse,
///     turn: Turn::Any,
///     force: None,
///     deadline: None,
/// });
/// let held = held.wait()?;
/// let number = held.reservations[0].as_ref().expect("there are five").number;
///
/// // The customer pays, and then thinks better of it.
/// let (request_id, quantity, deadline) = ("pay-7".to_string(), None, None);
/// let confirmed = engine.confirm(ConfirmCommand { request_id, number, quantity, deadline }).wait()?;
/// assert_eq!(confirmed.reservation.state, State::Confirmed);
/// let request_id = "cancel-7".to_string();
/// engine.cancel(CancelCommand { request_id, number, quantity, deadline }).wait()?;
/// assert_eq!(engine.pin().position, 3, "three commands, three entries");
/// engine.stop();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// The lines.
    pub request: Request,
    /// Held or confirmed.
    pub commitment: Commitment,
    /// Whether a part is better than nothing.
    pub completeness: Completeness,
    /// Whether lines are better than none.
    pub faulty: Faulty,
    /// What it sees; not part of the body.
    pub turn: Turn,
    /// Overrides the admission: what does not fit is promised on the day asked for all the same.
    pub force: Option<Force>,
    /// The moment after which it must not be committed any more; not part of the body.
    pub deadline: Option<SteadyTime>,
}

/// Confirms a held promise, or a part of it. The rest stays held, under a number of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// Which promise.
    pub number: u64,
    /// How much of it; all where not given.
    pub quantity: Option<Quantity>,
    /// The moment after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

/// Which promises take a step together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Those of these numbers.
    Numbers(Vec<u64>),
    /// Those of an order, or of a line of it, that can take the step.
    Order {
        /// The order.
        order: String,
        /// The line; all where none is named.
        line: Option<String>,
    },
}

/// What step they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManyStep {
    /// Holds are confirmed.
    Confirm,
    /// They are given back.
    Cancel,
    /// They have shipped.
    Fulfil,
    /// Holds end later.
    Extend {
        /// Seconds from the moment it is committed; 1 to `limits::HOLD_SECONDS_MAX`.
        for_seconds: i64,
    },
}

/// Lets many promises take a step, all of them or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManyCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// Which promises.
    pub selection: Selection,
    /// Which step.
    pub step: ManyStep,
    /// The instant after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

/// Cancels a promise, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// Which promise.
    pub number: u64,
    /// How much of it; all where not given.
    pub quantity: Option<Quantity>,
    /// The moment after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

/// Promises a line anew in place of what was promised; if that fails, the old promise stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmendCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// Which promise.
    pub number: u64,
    /// The line as it is to be from now on.
    pub line: OrderLine,
    /// The objective if the line names none.
    pub objective: Option<Objective>,
    /// Overrides the admission.
    pub force: Option<Force>,
    /// The moment after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

/// Which serving of which snapshot something was planned on: indices mean nothing on another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedOn {
    /// How many snapshots had served, that one included.
    pub generation: u64,
    /// Its id.
    pub snapshot_id: Arc<str>,
}

impl PlannedOn {
    /// That of a world.
    pub fn of(world: &World) -> Self {
        Self { generation: world.generation(), snapshot_id: world.snapshot.id().into() }
    }
}

/// Makes a scenario or a backlog run live, all of it or nothing.
#[derive(Clone, Debug)]
pub struct RearrangeCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// What changes in the planning data: lists of changes, each made after the one before it.
    pub changes: Vec<Arc<[Change]>>,
    /// The promises that change hands.
    pub exchanges: Vec<Exchange>,
    /// What its indices are of; none where it names promises by nothing but their numbers.
    pub planned_on: Option<PlannedOn>,
    /// What was asked for, where that is not what stands here: see [`body::apply`](super::body::apply).
    pub asked: Option<u128>,
    /// What its caller is told, to be said again.
    pub told: Option<Arc<[u8]>>,
    /// What it takes back: then it makes no changes of its own.
    pub undoes: Option<Undone>,
    /// The moment after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

/// Changes planning data, all changes or none, as a source system says.
#[derive(Clone, Debug)]
pub struct NetCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// The changes.
    pub changes: Vec<Change>,
    /// The source system; a later snapshot's watermark of it tells whether that has them.
    pub source: Option<Arc<str>>,
    /// When the source knew of them; the moment of commitment if not given.
    pub known_at: Option<Timestamp>,
    /// Up to where of the source they are.
    pub position: Option<Arc<str>>,
    /// Where of the source they begin: after this position. If it was read to another one since, they are refused.
    pub after: Option<Arc<str>>,
    /// The moment after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

/// Which promise is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one of this number.
    Number(u64),
    /// The first one of this order and line that is confirmed.
    Line {
        /// The order's key.
        order: String,
        /// The line's key within it.
        line: String,
    },
}

/// Says that a confirmed promise, or a part of it, has shipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FulfilCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// Which promise.
    pub which: Which,
    /// How much of it; all that is left where not given.
    pub quantity: Option<Quantity>,
    /// When; now where not given.
    pub shipped_at: Option<Timestamp>,
    /// The instant after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

/// Takes a shipment back: the promise is confirmed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReopenCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// Which promise.
    pub number: u64,
    /// The moment after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}
