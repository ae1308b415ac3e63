//! What the caller of a command was told beyond what the fact keeps, to say it again word for word.
//!
//! A repeated command gets its first answer. The fact has the promises; what only the plan knew is here. Not
//! kept: alternatives, pegging, reasons and remedies, which a repetition leaves out.

use super::reservation::Leg;
use crate::model::{Day, Money, Quantity};
use std::sync::Arc;

/// How a line fares (semantics 11, 12.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineStatus {
    /// All of it on time.
    OnTime,
    /// All of it promised, some of it late.
    Late,
    /// Some of it not promised.
    Partial,
    /// Nothing within the horizon.
    Unavailable,
    /// Only after the latest acceptable date.
    Refused,
    /// It has a promise already; nothing was taken.
    AlreadyPromised,
}

/// What was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// How lines fare.
    Lines {
        /// In the order of the request.
        lines: Vec<ToldLine>,
        /// In the order of their first lines.
        sets: Vec<ToldSet>,
        /// The instant by which today went, where it went by the clock, in microseconds since 1970 UTC.
        now: Option<i64>,
    },
    /// An answer as the border wrote it.
    Message(Arc<[u8]>),
}

/// How a line fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldLine {
    /// Its status.
    pub status: LineStatus,
    /// What could be had on the target date.
    pub available: Quantity,
    /// What it would have been promised, where that was not kept: its legs, none where there is none.
    pub offered: Vec<Leg>,
    /// The money of each leg.
    pub amounts: Vec<LegAmounts>,
}

/// What a leg costs, term by term, and what it is sold for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LegAmounts {
    /// Of what was on hand, scheduled or bought.
    pub supply: Money,
    /// Of making.
    pub make: Money,
    /// Of every lane.
    pub freight: Money,
    /// Of handling.
    pub handling: Money,
    /// The lateness penalty.
    pub lateness: Money,
    /// Unit price times quantity.
    pub price: Money,
}

/// What the lines of a set have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Together {
    /// A ship set: ship-from, ship method and ship day.
    Ship,
    /// An arrival set: the arrival day.
    Arrive,
    /// A ship set if every line of it is on time then; else nothing.
    IfPossible,
}

/// How a set fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldSet {
    /// The positions of its lines in the request.
    pub lines: Vec<usize>,
    /// What its lines have in common.
    pub together: Together,
    /// The common day; none where it failed or was given up.
    pub day: Option<Day>,
}
