//! Buying: lead time, capacity a day, minimum and multiple (semantics 6 and 11).

use super::{
    answer::Reason,
    search::{Need, Search, Want},
    trace::Via,
};
use crate::{
    model::{Calendar, Day, Quantity},
    snapshot::{OfferIx, item::Validity, offers::Offer},
};

impl Search<'_> {
    /// Buys as much of a need as an offer allows while its source is valid; returns what is short. What is delivered
    /// is there on the next day on which the dock receives, so it is asked for by the last such day.
    pub(super) fn buy(
        &mut self,
        need: Need,
        offer_ix: OfferIx,
        valid: Validity,
        want: Want,
    ) -> Quantity {
        let snapshot = self.snapshot();
        let receiving = snapshot.calendars.of(snapshot.locations.rows[need.location].receiving);
        let by = receiving.previous(need.day.min(valid.to));
        let by = by.filter(|&by| valid.from <= by && (by == need.day || self.can_keep(need)));
        let offer = &snapshot.suppliers.offers.get(offer_ix);
        let calendar = snapshot.calendars.of(snapshot.suppliers.rows[offer.supplier].calendar);
        let first = calendar.add(need.stand.today, offer.lead_time_days);
        let in_time = first.zip(by).filter(|(first, by)| first <= by);
        let Some((first, by)) = in_time else {
            let days = offer.lead_time_days;
            let (item, supplier) = (need.item, offer.supplier);
            let until = first.and_then(|first| receiving.next(first));
            self.note(|_| Reason::LeadTime { item, supplier, days, until });
            return need.quantity;
        };
        let bought = self.deliverable(purchase(offer, need.quantity), offer, calendar, (first, by));
        let used = bought.min(need.quantity);
        if !used.is_positive() || (want == Want::Whole && used < need.quantity) {
            let (item, supplier) = (need.item, offer.supplier);
            self.memo.lack.note(need.quantity - used);
            self.note(|_| Reason::SupplierCapacity { item, supplier });
            return need.quantity;
        }
        let planned = self.next_planned();
        self.placing(planned, |search| {
            for (day, part) in search.deliveries(bought, offer, calendar, (first, by)) {
                let capacity = offer.capacity.expect("only a limited supplier lists deliveries");
                search.post(snapshot.capacity(capacity), day, -part);
            }
        });
        let account = snapshot.stock(need.item, need.location);
        self.give_and_take((account, planned), (by, bought), (need.day, used));
        let order_by = calendar.previous(by).and_then(|day| before(calendar, day, offer));
        let order_by = order_by.unwrap_or(need.stand.today).max(need.stand.today);
        self.push_planned(need.of(used), planned, Via::Buy { offer: offer_ix, bought, order_by });
        need.quantity - used
    }

    /// The largest purchase, up to the one wanted, that the supplier can deliver between two days.
    fn deliverable(
        &self,
        wanted: Quantity,
        offer: &Offer,
        calendar: &Calendar,
        days: (Day, Day),
    ) -> Quantity {
        if offer.capacity.is_none() {
            return wanted;
        }
        let deliveries = self.deliveries(wanted, offer, calendar, days);
        let sum = deliveries.iter().map(|(_, part)| *part).sum();
        if wanted <= sum {
            return wanted;
        }
        let lot = offer.lot_multiple.unwrap_or(Quantity::micros(1));
        let most = sum.down_to(lot);
        if offer.minimum.is_some_and(|minimum| most < minimum) { Quantity::ZERO } else { most }
    }

    /// The deliveries of a purchase between two days, latest first; none where a supplier has no limit.
    fn deliveries(
        &self,
        wanted: Quantity,
        offer: &Offer,
        calendar: &Calendar,
        (first, by): (Day, Day),
    ) -> Vec<(Day, Quantity)> {
        let Some(capacity) = offer.capacity else {
            return Vec::new();
        };
        let snapshot = self.snapshot();
        let profile = self.trial.overlay.profile(snapshot.capacity(capacity));
        let dated = &snapshot.capacities[capacity].dated;
        let mut deliveries = Vec::new();
        let mut left = wanted;
        let mut day = by;
        while first <= day && left.is_positive() {
            let delivers = calendar.works(day) || dated.iter().any(|(other, _)| *other == day);
            let part = if delivers { profile.available(day).min(left) } else { Quantity::ZERO };
            if part.is_positive() {
                deliveries.push((day, part));
            }
            left -= part;
            day = day.plus(-1);
        }
        deliveries
    }
}

/// What is bought when so much is needed: the minimum first, then up to the multiple.
fn purchase(offer: &Offer, needed: Quantity) -> Quantity {
    let least = offer.minimum.map_or(needed, |minimum| needed.max(minimum));
    offer.lot_multiple.map_or(least, |lot| least.up_to(lot))
}

/// The latest day on which to order what is to be there on a working day.
fn before(calendar: &Calendar, day: Day, offer: &Offer) -> Option<Day> {
    calendar.subtract(day, offer.lead_time_days)
}
