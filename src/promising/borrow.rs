//! Stock that only a later commitment waits for (`replenish_by`, semantics 6 and 11).
//!
//! It may be taken if the sources can replace it by the day on which the balance would first go below
//! zero; each such dip is a shortage with its own, later day. Forecast and safety stock are never
//! borrowed from.

use super::{
    parts::Giver,
    search::{Need, Search, Want},
    trace::{Run, Via},
};
use crate::{
    model::{Consumption, Day, Quantity, StockAccount, StockRef},
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
        account: StockAccount,
        sources: &[Source],
        want: Want,
    ) -> Quantity {
        if !need.quantity.is_positive()
            || sources.is_empty()
            || !may_borrow(self.rule(need))
            || self.snapshot().allocation_rule(account).is_some()
        {
            return need.quantity;
        }
        let waiting = self.stock_of(account).available_before_commitments(need.day);
        let most = need.quantity.min(waiting);
        if !most.is_positive() {
            return need.quantity;
        }
        let replaceable = self.replaceable(need.of(most), account, sources);
        if !replaceable.is_positive() {
            return need.quantity;
        }
        // Halves of another quantity would find another part.
        let most = if self.is_steady_here() { replaceable } else { most };
        // A part is of no use if nobody can add the rest.
        let has_use = want == Want::Most || self.gives_any(need, sources);
        if most < need.quantity && !has_use {
            return need.quantity;
        }
        if !has_use || self.memo.effort.is_plain() {
            let is_replaced = self.replaced(need.of(most), account, sources);
            return if is_replaced { need.quantity - most } else { need.quantity };
        }
        let before = self.memo.lack.before();
        let sizes = (most, Quantity::micros(1));
        let taken = self.as_much_as_fits((Giver::Lender, need.moment()), sizes, |search, part| {
            search.replaced(need.of(part), account, sources)
        });
        // What is not lent may come from the sources.
        self.memo.lack.after(before, Quantity::ZERO);
        need.quantity - taken
    }

    /// Whether sources may give anything by the day of a need, as far as the bound can tell.
    fn gives_any(&mut self, need: Need, sources: &[Source]) -> bool {
        let day = self.replaced_from(need, sources, need.day);
        day.is_some_and(|day| day <= need.day)
    }

    /// The part of a need that no commitment misses before anything can be replaced at all.
    fn replaceable(&mut self, need: Need, account: StockAccount, sources: &[Source]) -> Quantity {
        let missed = |search: &Self, quantity| {
            let mut missing = search.stock_of(account).missing(need.day.plus(1), quantity);
            missing.next().map(|(day, _)| day)
        };
        let Some(first) = missed(self, Quantity::micros(1)) else {
            return need.quantity;
        };
        match self.replaced_from(need, sources, first) {
            Some(day) if day <= first => need.quantity,
            Some(day) => self.stock_of(account).least_between(need.day, day).min(need.quantity),
            None => Quantity::ZERO,
        }
    }

    pub(super) fn stock_of(&self, account: StockAccount) -> StockRef<'_> {
        self.trial.overlay.stock(account)
    }

    /// Takes all of a need from what later commitments wait for, and replaces it for each of them;
    /// else leaves nothing.
    fn replaced(&mut self, need: Need, account: StockAccount, sources: &[Source]) -> bool {
        let start = self.point();
        // What was below zero before is missed by no more than it was.
        let below: Vec<(Day, Quantity)> =
            self.stock_of(account).below_zero_after(need.day).collect();
        let balance = self.stock_of(account).balance(need.day);
        let nodes = Run::default();
        self.push(need, Via::Stock { balance, borrowed: need.quantity, nodes });
        self.post(account, need.day, -need.quantity);
        let mut until = need.day;
        while let Some((day, dip)) = self.next_dip(account, until, &below) {
            if !self.replace(need.of(dip).on(day), account, sources) {
                self.cut(start);
                return false;
            }
            until = day;
        }
        true
    }

    /// The first day after one that is below zero by more than it was, and by how much more.
    fn next_dip(
        &self,
        account: StockAccount,
        until: Day,
        below: &[(Day, Quantity)],
    ) -> Option<(Day, Quantity)> {
        let mut dips = self.stock_of(account).below_zero_after(until).map(|(day, balance)| {
            let known = below.binary_search_by_key(&day, |(day, _)| *day);
            let before = known.map_or(Quantity::ZERO, |at| below[at].1);
            (day, before - balance)
        });
        dips.find(|(_, dip)| dip.is_positive())
    }

    /// Has the sources provide what a commitment will miss. They post what they give and take it for
    /// the need; here the commitment itself has taken it already, so the taking is withdrawn.
    fn replace(&mut self, dip: Need, account: StockAccount, sources: &[Source]) -> bool {
        let start = self.point();
        if self.draw(dip, sources, Want::Whole).is_positive() {
            return false;
        }
        self.trial.withdraw(start, |posting| {
            posting.account == account
                && posting.day == dip.day
                && posting.quantity < Quantity::ZERO
        });
        true
    }
}

pub(super) fn may_borrow(rule: &AtpRule) -> bool {
    rule.replenish_by == ReplenishBy::Commitment && rule.consumption == Consumption::Both
}
