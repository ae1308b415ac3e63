//! Placing work orders, purchases and transfers: each has a number, and what is posted for it says so.

use super::{query::Line, search::Search};
use crate::{
    allocation::{is_divided, with_root},
    ledger::Intent,
    model::{AccountIx, Day, Posting, Quantity, StockAccount},
};

impl Search<'_> {
    /// Posts for the planned supply that is being placed, or for the promise itself.
    pub(super) fn post(&mut self, account: impl Into<AccountIx>, day: Day, quantity: Quantity) {
        self.post_for(self.planned, account.into(), (day, quantity));
    }

    fn post_for(&mut self, planned: u32, account: AccountIx, (day, quantity): (Day, Quantity)) {
        if quantity != Quantity::ZERO {
            // Nobody is named for what sources give and lose.
            let posting = Posting { account, day, quantity, planned };
            for posting in with_root(self.snapshot(), posting) {
                self.trial.overlay.post(posting);
            }
        }
    }

    /// Gives to a stock account on one day, by a planned supply, and takes from it for what that was
    /// planned for on another, or the same.
    pub(super) fn give_and_take(
        &mut self,
        (stock, planned): (StockAccount, u32),
        given: (Day, Quantity),
        (day, taken): (Day, Quantity),
    ) {
        let account = stock.ix();
        if !is_divided(self.snapshot(), stock) {
            let given = Posting { account, day: given.0, quantity: given.1, planned };
            let taken = Posting { account, day, quantity: -taken, planned: self.planned };
            return self.trial.overlay.post_both([given, taken]);
        }
        self.post_for(planned, account, given);
        self.post(account, day, -taken);
    }

    /// Gives back what stands for a line already, so that it does not compete with itself.
    pub(super) fn free(&mut self, line: &Line, asked: Intent) {
        let freed = self.trial.overlay.world().freed_for(&line.order, &line.line, asked);
        freed.into_iter().for_each(|posting| self.trial.overlay.post(posting));
    }

    /// Begins to number planned supplies anew: a line's are its own.
    pub(super) fn forget_planned(&mut self) {
        self.n_planned = 0;
    }

    /// A number for another work order, purchase or transfer.
    pub(super) fn next_planned(&mut self) -> u32 {
        self.n_planned += 1;
        self.n_planned
    }

    /// Posts for a planned supply, for as long as something is being placed for it.
    pub(super) fn placing<T>(&mut self, planned: u32, place: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.planned, planned);
        let placed = place(self);
        self.planned = outer;
        placed
    }
}
