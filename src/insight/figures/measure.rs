//! The figures, as sums of whole numbers and what is worked out of them.

use crate::{
    ledger::judged::{Judged, N_SUMS, Sum},
    limits::SCALE,
};

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
    /// Days after that date, on average over the lines that are late.
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
            Self::DaysLateMean => {
                let late = tally.get(Sum::Lines) - tally.get(Sum::OnTimeLines);
                mean(tally.get(Sum::DaysLate), late)
            }
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
