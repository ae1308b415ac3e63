//! What a work order lacks that begins before its components can be there: not goods, but time.
//!
//! All of a component comes too late, but a little less of the order would begin later, and in time: by as much of the
//! order as it works before that moment. Whoever looks for the largest part that fits is led there by it; a guess, nothing
//! else.

use super::{
    bound::{Ask, Orders},
    search::{Need, Search},
    trace::Run,
};
use crate::{
    limits::BOUNDS_MAX,
    model::{Moment, Quantity},
};

impl Search<'_> {
    /// Notes what an order for so much, which works some hours, has too much to begin when a component that it needs can be
    /// there, if anybody wants to know.
    pub(super) fn note_late(&mut self, need: Need, (made, hours): (Quantity, Run)) {
        if !self.memo.lack.is_asked() || self.tries_all() {
            return;
        }
        let ask = Ask { need, floor: need.stand.today, orders: Orders::One };
        let is_late = |there: &Moment| need.moment() < *there;
        let there = self.of_world_below(|search| search.there_from(ask)).filter(is_late);
        // Where it is in time by itself, what is tried may be in its way.
        let there = match there {
            None if self.memo.bounds.n_asked < BOUNDS_MAX / 2 => {
                self.there_now(ask).filter(is_late)
            }
            there => there,
        };
        if let Some(there) = there
            && let Some(late) = self.worked_before(there, need.moment(), (made, hours))
        {
            self.memo.lack.note(late);
        }
    }

    /// How much of an order is worked before a moment, of what is worked after another one; none if nothing is.
    fn worked_before(
        &self,
        there: Moment,
        begin: Moment,
        (made, hours): (Quantity, Run),
    ) -> Option<Quantity> {
        let (mut early, mut all) = (0_i128, 0_i128);
        for worked in self.trial.trace.hours(hours) {
            let of = |part| Moment { day: worked.day, part };
            let (from, to) = (of(worked.from), of(worked.to));
            if begin < to {
                all += i128::from(to.since(from));
                early += i128::from(there.min(to).since(from).max(0));
            }
        }
        if early <= 0 {
            return None;
        }
        let made = i128::from(made.raw());
        let late = (made * early + all - 1) / all;
        i64::try_from(late).ok().map(Quantity::micros)
    }
}
