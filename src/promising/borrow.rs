//! Stock that only a later commitment waits for (`replenish_by`, semantics 6 and 11).
//!
//! It may be taken if the sources can replace it by the day on which the balance would first go below
//! zero; each such dip is a shortage with its own, later day. Forecast and safety stock are never
//! borrowed from.

use super::{
    answer::{Costs, PegSource},
    fill::{Need, Search, Want},
};
use crate::{
    model::{AccountIx, Consumption, Day, ProfileRef, Quantity, StockRef},
    snapshot::{
        atp_rule::{AtpRule, ReplenishBy},
        sourcing::Source,
    },
};

impl Search<'_> {
    /// Takes as much of a need as later commitments can wait for; returns what is short.
    pub(super) fn borrow(
        &mut self,
        need: Need,
        account: AccountIx,
        sources: &[Source],
    ) -> Quantity {
        if !need.quantity.is_positive() || sources.is_empty() || !may_borrow(self.rule(need)) {
            return need.quantity;
        }
        let waiting = self.stock_of(account).available_before_commitments(need.day);
        let most = need.quantity.min(waiting);
        if !most.is_positive() {
            return need.quantity;
        }
        if self.replaced(need.of(most), account, sources) {
            return need.quantity - most;
        }
        let least = self.largest(1..=most.raw() - 1, |search, part| {
            search.replaced(need.of(Quantity::micros(part)), account, sources)
        });
        let taken = Quantity::micros(least.unwrap_or(0));
        if taken.is_positive() && self.replaced(need.of(taken), account, sources) {
            return need.quantity - taken;
        }
        need.quantity
    }

    fn stock_of(&self, account: AccountIx) -> StockRef<'_> {
        match self.overlay.profile(account) {
            ProfileRef::Stock(stock) => stock,
            ProfileRef::Capacity(_) => unreachable!("an item at a location has a stock account"),
        }
    }

    /// Takes all of a need from what later commitments wait for, and replaces it for each of them;
    /// else leaves nothing.
    fn replaced(&mut self, need: Need, account: AccountIx, sources: &[Source]) -> bool {
        let start = self.point();
        let before: Vec<(Day, Quantity)> = balances(self.stock_of(account));
        // What is borrowed costs what its replacement costs: those pegs carry it.
        let after = self.consumed(account, need.day);
        let source = PegSource::Stock { supplies: Vec::new(), after, borrowed: need.quantity };
        self.push_peg(need, source, Costs::default());
        self.post(account, need.day, -need.quantity);
        for &(day, balance) in before.iter().filter(|(day, _)| need.day < *day) {
            let now = self.stock_of(account).balance(day);
            let dip = balance.min(Quantity::ZERO) - now.min(Quantity::ZERO);
            if dip.is_positive()
                && !self.replace(Need { day, quantity: dip, ..need }, account, sources)
            {
                self.cut(start);
                return false;
            }
        }
        true
    }

    /// Has the sources provide what a commitment will miss. They post what they give and take it for
    /// the need; here the commitment itself has taken it already, so the taking is withdrawn.
    fn replace(&mut self, dip: Need, account: AccountIx, sources: &[Source]) -> bool {
        let start = self.point();
        if self.draw(dip, sources, Want::Whole).is_positive() {
            return false;
        }
        self.withdraw(start, |posting| {
            posting.account == account
                && posting.day == dip.day
                && posting.quantity < Quantity::ZERO
        });
        true
    }
}

fn may_borrow(rule: &AtpRule) -> bool {
    rule.replenish_by == ReplenishBy::Commitment && rule.consumption == Consumption::Both
}

fn balances(stock: StockRef<'_>) -> Vec<(Day, Quantity)> {
    stock.changes().map(|change| (change.day, stock.balance(change.day))).collect()
}
