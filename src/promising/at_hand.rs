//! What there is of an item by a day, at all places where it may be asked for, before any of it is made.

use super::{below::Level, bound::ROUNDING, curve::Curve, search::Search};
use crate::{
    model::{Day, Quantity},
    snapshot::OfferIx,
};

impl Search<'_> {
    /// Whether nothing must be made: stock or a supplier has all that is needed by the first day on which anything is.
    pub(super) fn is_there(&self, level: &Level, gross: &Curve, today: Day) -> bool {
        let Some(first) = gross.steps().first() else {
            return true;
        };
        let stocks = level.accounts.iter().map(|&account| self.stock_of(account));
        let there: Quantity = stocks.map(|stock| stock.available(first.by)).sum();
        let is_all = |offer: &OfferIx| self.offered_by(*offer, (today, first.by)).is_none();
        gross.all().raw() <= ROUNDING
            || (gross.all() - there).raw() <= ROUNDING
            || level.offers.iter().any(is_all)
    }

    /// All that there is of an item on a day, whoever waits for it.
    pub(super) fn balance_by(&self, level: &Level, day: Day) -> Quantity {
        let there = level.accounts.iter().map(|&account| self.stock_of(account).balance(day));
        there.map(|balance| balance.max(Quantity::ZERO)).sum()
    }

    /// All that there is of an item by the last days on which it is of use: taken, and made.
    pub(super) fn stock_by(&self, level: &Level, taken: Day, made: Day) -> Quantity {
        // What is moved may leave its origin as late as anything comes that is borrowed.
        let until = if level.accounts.len() == 1 { taken } else { made };
        let there = level.accounts.iter().map(|&account| self.stock_of(account).available(until));
        there.sum()
    }

    /// What may be bought by an offer; none where that has no limit.
    pub(super) fn offered_by(&self, offer: OfferIx, (today, by): (Day, Day)) -> Option<Quantity> {
        let snapshot = self.snapshot();
        let offer = snapshot.suppliers.offers.get(offer);
        let calendar = snapshot.calendars.of(snapshot.suppliers.rows[offer.supplier].calendar);
        let Some(first) = calendar.add(today, offer.lead_time_days).filter(|first| *first <= by)
        else {
            return Some(Quantity::ZERO);
        };
        let capacity = snapshot.capacity(offer.capacity?);
        Some(self.capacity_of(capacity).between(first, by))
    }
}
