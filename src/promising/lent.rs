//! When a need can be filled with the help of stock that later commitments wait for, as far as a bound knows.
//!
//! Whatever is taken of stock or drawn from sources, by each later day the sources must have given what the balance
//! of that day does not have of the need: a part is drawn by the need's own day, the rest is missed by a commitment
//! then. So a day is too early if the sources cannot give so much by some day on which the balance is lower than
//! before. A later day looks at fewer of them: what is too late for one is passed over.

use super::{
    bound::{Ask, Orders, ROUNDING, less},
    search::Search,
};
use crate::{
    model::{Day, Moment, Quantity, StockAccount, stock_ref::Fall},
    snapshot::sourcing::Source,
};

/// So many days are found too early, one after the other, before the next one is taken as it is.
const STEPS_MAX: usize = 32;

/// When sources give a need.
#[derive(Clone, Copy)]
struct Given {
    /// Anything of it.
    some: Day,
    /// All of it.
    all: Option<Moment>,
}

impl Search<'_> {
    /// The first moment at which all of a need can be had, part of it of what commitments wait for; none if there
    /// is none. The sources may give it in several pieces.
    pub(super) fn borrowed_from(
        &mut self,
        ask: Ask,
        account: StockAccount,
        sources: &[Source],
    ) -> Option<Moment> {
        let ask = Ask { orders: Orders::Several, ..ask };
        let some = self.soonest(ask.of(Quantity::micros(1)), sources)?.day;
        let all = self.soonest(ask, sources);
        let given = Given { some, all };
        let mut day = ask.floor;
        for _ in 0..STEPS_MAX {
            if all.is_some_and(|all| all.day <= day) {
                break;
            }
            let falls = self.stock_seen(account).falls(day);
            let falls = falls.filter(|fall| fall.balance < ask.need.quantity);
            let falls: Vec<Fall> =
                falls.take_while(|fall| all.is_none_or(|all| fall.day < all.day)).collect();
            let too_early = falls.into_iter().find_map(|fall| {
                let there = self.made_up_from(ask, (&fall, given), sources);
                (there.is_none_or(|there| fall.day < there)).then_some((fall, there))
            });
            let Some((fall, there)) = too_early else {
                break;
            };
            // Until the balance is higher as much is missing.
            let rises = self.stock_seen(account).rises_after(fall.day);
            let later = [there, rises].into_iter().flatten().min()?;
            day = later.max(fall.day.plus(1));
        }
        match all {
            Some(all) if all.day <= day => Some(all.max(ask.least())),
            Some(_) | None => Some(Moment::begin(day)),
        }
    }

    /// The first day by which sources may give what a balance does not have of a need.
    fn made_up_from(
        &mut self,
        ask: Ask,
        (fall, given): (&Fall, Given),
        sources: &[Source],
    ) -> Option<Day> {
        // A balance below zero was so before; no more is missed than was taken.
        let missing = ask.need.quantity - fall.balance.max(Quantity::ZERO);
        if missing.raw() <= ROUNDING {
            return Some(fall.day);
        }
        if fall.day < given.some {
            return Some(given.some);
        }
        if missing == ask.need.quantity {
            return given.all.map(|all| all.day);
        }
        self.soonest(ask.of(less(missing)), sources).map(|there| there.day)
    }
}
