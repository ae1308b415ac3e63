//! The figures, as sums of whole numbers and what is worked out of them.

use super::{Basis, done};
use crate::{
    insight::exceptions::value,
    ledger::{Reservation, State, World},
    limits::SCALE,
    model::Day,
};
use std::sync::Arc;

macro_rules! measures {
    ($($(#[$doc:meta])* $variant:ident $word:literal;)*) => {
        /// A figure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Measure { $($(#[$doc])* $variant),* }

        /// The words for figures.
        pub const MEASURES: &[(&str, Measure)] = &[$(($word, Measure::$variant)),*];
    };
}

measures! {
    /// How many.
    Lines "lines";
    /// How much is promised.
    Quantity "quantity";
    /// What it sells at.
    Value "value";
    /// What it costs.
    Cost "cost";
    /// Value less cost.
    Profit "profit";
    /// Those of which all is there by the date of the basis, in full.
    OnTimeLines "on_time_lines";
    /// What they have.
    OnTimeQuantity "on_time_quantity";
    /// What that is worth.
    OnTimeValue "on_time_value";
    /// Those of which not all is.
    LateLines "late_lines";
    /// Days after that date, on average over all lines.
    DaysLateMean "days_late_mean";
    /// Those whose supply is gone.
    AtRiskLines "at_risk_lines";
    /// What they are worth.
    AtRiskValue "at_risk_value";
    /// Those that have not shipped and whose date of the basis is past.
    BacklogLines "backlog_lines";
    /// What they are worth.
    BacklogValue "backlog_value";
    /// Those that are held.
    HeldLines "held_lines";
    /// How often promised dates were moved.
    DateChanges "date_changes";
    /// By how many days in all.
    DaysMoved "days_moved";
    /// Those whose promised date was never moved.
    UnmovedLines "unmoved_lines";
    /// What late lines are worth.
    LimitedValue "limited_value";
    /// What is promised of what was asked for, 0 to 1.
    Fill "fill";
}

/// Sums over lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    sums: [i128; N_SUMS],
}

/// What is added up, by its place.
#[derive(Clone, Copy, Debug)]
enum Sum {
    Lines,
    Quantity,
    Value,
    Cost,
    Profit,
    OnTimeLines,
    OnTimeQuantity,
    OnTimeValue,
    DaysLate,
    AtRiskLines,
    AtRiskValue,
    BacklogLines,
    BacklogValue,
    HeldLines,
    DateChanges,
    DaysMoved,
    UnmovedLines,
    LimitedValue,
    Asked,
}

const N_SUMS: usize = 19;

/// What one line adds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged([i64; N_SUMS]);

impl Tally {
    pub(super) fn add(&mut self, judged: &Judged) {
        for (sum, term) in self.sums.iter_mut().zip(judged.0) {
            *sum += i128::from(term);
        }
    }

    /// Adds another's lines.
    pub fn merge(&mut self, other: &Self) {
        for (sum, term) in self.sums.iter_mut().zip(other.sums) {
            *sum += term;
        }
    }

    fn get(&self, sum: Sum) -> i128 {
        self.sums[sum as usize]
    }
}

impl Measure {
    /// Its value in millionths.
    pub fn of(self, tally: &Tally) -> i128 {
        let scale = i128::from(SCALE);
        let count = |sum| tally.get(sum) * scale;
        let mean = |part: i128, whole: i128| {
            if whole == 0 { 0 } else { (2 * part * scale + whole).div_euclid(2 * whole) }
        };
        match self {
            Self::Lines => count(Sum::Lines),
            Self::Quantity => tally.get(Sum::Quantity),
            Self::Value => tally.get(Sum::Value),
            Self::Cost => tally.get(Sum::Cost),
            Self::Profit => tally.get(Sum::Profit),
            Self::OnTimeLines => count(Sum::OnTimeLines),
            Self::OnTimeQuantity => tally.get(Sum::OnTimeQuantity),
            Self::OnTimeValue => tally.get(Sum::OnTimeValue),
            Self::LateLines => count(Sum::Lines) - count(Sum::OnTimeLines),
            Self::DaysLateMean => mean(tally.get(Sum::DaysLate), tally.get(Sum::Lines)),
            Self::AtRiskLines => count(Sum::AtRiskLines),
            Self::AtRiskValue => tally.get(Sum::AtRiskValue),
            Self::BacklogLines => count(Sum::BacklogLines),
            Self::BacklogValue => tally.get(Sum::BacklogValue),
            Self::HeldLines => count(Sum::HeldLines),
            Self::DateChanges => count(Sum::DateChanges),
            Self::DaysMoved => count(Sum::DaysMoved),
            Self::UnmovedLines => count(Sum::UnmovedLines),
            Self::LimitedValue => tally.get(Sum::LimitedValue),
            Self::Fill => {
                let (has, asked) = (tally.get(Sum::Quantity), tally.get(Sum::Asked));
                if asked == 0 { scale } else { mean(has.min(asked), asked) }
            }
        }
    }

    /// Whether it tells how promised dates were moved.
    pub fn is_of_moves(self) -> bool {
        matches!(self, Self::DateChanges | Self::DaysMoved | Self::UnmovedLines)
    }

    /// Whether it is an amount of money that tells what something costs.
    pub fn is_of_cost(self) -> bool {
        matches!(self, Self::Cost | Self::Profit)
    }
}

/// What a promise adds, judged by the day of a basis.
/// Moves of its dates are looked up only where they are asked for.
pub(super) fn judge(
    world: &World,
    promise: &Arc<Reservation>,
    (basis, due): (Basis, Day),
    with_moves: bool,
) -> Judged {
    let facts = &promise.facts;
    let last = done(world, promise, basis);
    let late = last.map_or(0, |last| last.since(due).max(0));
    let is_full = facts.quantity_requested <= promise.quantity;
    let is_on_time = late == 0 && is_full && last.is_some();
    let is_open = promise.state != State::Fulfilled;
    let is_backlog = is_open && due < Day::ZERO;
    let is_held = matches!(promise.state, State::Held { .. });
    let (moves, days) = if with_moves { moved(world, promise) } else { (0, 0) };
    let (quantity, value) = (promise.quantity.raw(), value(promise).raw());
    let given = |holds: bool, term: i64| if holds { term } else { 0 };
    let at_risk = promise.at_risk;
    let mut sums = [0; N_SUMS];
    let mut set = |sum: Sum, term: i64| sums[sum as usize] = term;
    set(Sum::Lines, 1);
    set(Sum::Quantity, quantity);
    set(Sum::Value, value);
    set(Sum::Cost, facts.cost.raw());
    set(Sum::Profit, facts.profit.raw());
    set(Sum::OnTimeLines, given(is_on_time, 1));
    set(Sum::OnTimeQuantity, given(is_on_time, quantity));
    set(Sum::OnTimeValue, given(is_on_time, value));
    set(Sum::DaysLate, i64::from(late));
    set(Sum::AtRiskLines, given(at_risk, 1));
    set(Sum::AtRiskValue, given(at_risk, value));
    set(Sum::BacklogLines, given(is_backlog, 1));
    set(Sum::BacklogValue, given(is_backlog, value));
    set(Sum::HeldLines, given(is_held, 1));
    set(Sum::DateChanges, moves);
    set(Sum::DaysMoved, days);
    set(Sum::UnmovedLines, given(moves == 0, 1));
    set(Sum::LimitedValue, given(0 < late, value));
    set(Sum::Asked, facts.quantity_requested.raw());
    Judged(sums)
}

/// How often the last day of a promise was moved, and by how many days in all.
fn moved(world: &World, promise: &Reservation) -> (i64, i64) {
    let steps = world.past_steps(promise.number);
    let dates = steps.iter().filter(|past| !past.state.is_final()).filter_map(|past| past.ship);
    let mut before = None;
    let (mut moves, mut days) = (0, 0);
    for date in dates {
        if let Some(known) = before
            && known != date
        {
            moves += 1;
            let epoch = world.snapshot.epoch();
            days += i64::from(epoch.day(date).since(epoch.day(known)).abs());
        }
        before = Some(date);
    }
    (moves, days)
}
