//! Whether less of an item always fits where more of it does (semantics 6, 11: a source gives the largest part it can).
//!
//! Under `consumption` none a day has what no later day has, and a component that holds from a day on is needed by what begins
//! then: an order for less takes fewer hours, begins later, and may miss what one for more finds. Parts are then not guessed,
//! of which several could be the largest of their kind, but found in one way: all of it, else the least, else by halves.

use super::{attempt::Attempt, search::Search};
use crate::{model::StockAccount, snapshot::Account};

impl Search<'_> {
    /// Whether less fits where more does of the item that is being filled: so it does if it does of all that is above it.
    pub(super) fn is_steady_here(&mut self) -> bool {
        let here = self.path().last().copied();
        self.is_steady_above() || here.is_some_and(|account| self.is_steady(account))
    }

    /// The same of the item that all is for.
    pub(super) fn is_steady_above(&mut self) -> bool {
        self.path().first().copied().is_none_or(|account| self.is_steady(account))
    }

    /// The same of what an attempt ships.
    pub(super) fn is_steady_for(&mut self, attempt: &Attempt<'_>) -> bool {
        let (item, location) = (attempt.candidate.item, attempt.candidate.route.location);
        self.is_steady(self.snapshot().stock(item, location))
    }

    fn is_steady(&mut self, account: StockAccount) -> bool {
        match self.snapshot().account(account) {
            Account::Stock(item, location) => self.structure(item, location).is_steady,
            Account::Capacity(_) | Account::Part(..) => true,
        }
    }
}
