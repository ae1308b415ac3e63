//! Why the ledger says no, in the order in which it checks.
//!
//! A refusal is an answer, not an error: it carries what the caller needs to act on, and leaves no
//! trace in the ledger.

use super::reservation::{State, Step, id};
use crate::{
    model::{AccountIx, Day, Quantity},
    snapshot::Snapshot,
};
use std::fmt;

/// Why a change is not admitted. Where several hold, the first in this order is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing to reserve: no line can be promised.
    NothingToReserve,
    /// No reservation has this number.
    DoesNotExist {
        /// The number.
        number: u64,
    },
    /// The reservation's state does not allow the step.
    StateForbids {
        /// The reservation.
        number: u64,
        /// Where it stands.
        state: State,
        /// What was asked for.
        step: Step,
    },
    /// A hold has ended, and what it held is not there any more as it was.
    HoldEnded {
        /// The reservation.
        number: u64,
        /// When it ended, in microseconds since 1970 UTC.
        at: i64,
    },
    /// A part is not positive or more than is promised.
    QuantityOutOfRange {
        /// The reservation.
        number: u64,
        /// The part asked for.
        quantity: Quantity,
        /// What is promised.
        promised: Quantity,
    },
    /// A part is no whole number of lots.
    NotInLots {
        /// The reservation.
        number: u64,
        /// The part asked for.
        quantity: Quantity,
        /// What it must be a multiple of.
        lot: Quantity,
    },
    /// A posting's day is before day 0 or past the horizon.
    OutsideHorizon {
        /// The posting's account.
        account: AccountIx,
        /// Its day.
        day: Day,
    },
    /// A balance would leave the range that sums are safe in (`limits::BALANCE_MAX`).
    BalanceOutOfRange {
        /// The account.
        account: AccountIx,
        /// The first such day.
        day: Day,
    },
    /// The postings take more than there is. This one alone can be overridden.
    ExceedsAvailable {
        /// The account.
        account: AccountIx,
        /// The first day that would end below zero and lower than it was.
        day: Day,
        /// The balance of that day as it is.
        balance: Quantity,
        /// How much less it would be.
        taken: Quantity,
    },
}

impl Refusal {
    /// A stable word for programs.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NothingToReserve => "nothing_to_reserve",
            Self::DoesNotExist { .. } => "does_not_exist",
            Self::StateForbids { .. } => "state_forbids",
            Self::HoldEnded { .. } => "hold_ended",
            Self::QuantityOutOfRange { .. } => "quantity_out_of_range",
            Self::NotInLots { .. } => "not_in_lots",
            Self::OutsideHorizon { .. } => "outside_horizon",
            Self::BalanceOutOfRange { .. } => "balance_out_of_range",
            Self::ExceedsAvailable { .. } => "exceeds_available",
        }
    }

    /// What the sentence says, name by name, for programs.
    pub fn facts(&self, snapshot: &Snapshot) -> Vec<(&'static str, String)> {
        let place = |account: AccountIx, day: Day| {
            let date = snapshot.epoch().date(day).to_string();
            vec![("account", snapshot.account_name(account)), ("date", date)]
        };
        let promise = |number| ("promise_id", id(number));
        match *self {
            Self::NothingToReserve => Vec::new(),
            Self::DoesNotExist { number } => vec![promise(number)],
            Self::StateForbids { number, state, .. } => {
                vec![promise(number), ("state", state.to_string())]
            }
            Self::HoldEnded { number, at } => {
                let at = jiff::Timestamp::from_microsecond(at).map(|at| at.to_string());
                vec![promise(number), ("expired_at", at.unwrap_or_default())]
            }
            Self::QuantityOutOfRange { number, quantity, promised } => vec![
                promise(number),
                ("quantity", quantity.to_string()),
                ("promised", promised.to_string()),
            ],
            Self::NotInLots { number, quantity, lot } => {
                vec![promise(number), ("quantity", quantity.to_string()), ("lot", lot.to_string())]
            }
            Self::OutsideHorizon { account, day } | Self::BalanceOutOfRange { account, day } => {
                place(account, day)
            }
            Self::ExceedsAvailable { account, day, balance, taken } => {
                let mut facts = place(account, day);
                facts.extend([("balance", balance.to_string()), ("taken", taken.to_string())]);
                facts
            }
        }
    }

    /// A sentence for people, with the names and dates of a snapshot.
    pub fn sentence(&self, snapshot: &Snapshot) -> String {
        let place = |account: AccountIx, day: Day| {
            format!("{} on {}", snapshot.account_name(account), snapshot.epoch().date(day))
        };
        match self {
            Self::NothingToReserve
            | Self::DoesNotExist { .. }
            | Self::StateForbids { .. }
            | Self::HoldEnded { .. }
            | Self::NotInLots { .. }
            | Self::QuantityOutOfRange { .. } => self.to_string(),
            Self::OutsideHorizon { account, day } => {
                format!("{} lies outside the horizon", place(*account, *day))
            }
            Self::BalanceOutOfRange { account, day } => {
                format!("the balance of {} would be out of range", place(*account, *day))
            }
            Self::ExceedsAvailable { account, day, balance, taken } => {
                let [taken, balance] =
                    [*taken, *balance].map(|kept| snapshot.shown_of(*account, kept));
                format!(
                    "{taken} would be taken from {}, the balance is {balance}",
                    place(*account, *day)
                )
            }
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingToReserve => f.write_str("no line can be promised"),
            Self::DoesNotExist { number } => write!(f, "there is no promise {}", id(*number)),
            Self::StateForbids { number, state, step } => {
                write!(f, "{} is {state}: it cannot be {step}", id(*number))
            }
            Self::HoldEnded { number, at } => {
                let at = jiff::Timestamp::from_microsecond(*at).map(|at| at.to_string());
                let at = at.unwrap_or_default();
                write!(f, "{} expired at {at}, and cannot be promised as it was", id(*number))
            }
            Self::QuantityOutOfRange { number, quantity, promised } => {
                write!(f, "{quantity} of {}: {promised} are promised", id(*number))
            }
            Self::NotInLots { number, quantity, lot } => {
                write!(f, "{quantity} of {}: a multiple of {lot} is a part of it", id(*number))
            }
            Self::OutsideHorizon { account, day } => {
                write!(f, "account {}, {day}: outside the horizon", account.0)
            }
            Self::BalanceOutOfRange { account, day } => {
                write!(f, "account {}, {day}: the balance would be out of range", account.0)
            }
            Self::ExceedsAvailable { account, day, balance, taken } => {
                write!(f, "account {}, {day}: {taken} of a balance of {balance}", account.0)
            }
        }
    }
}
