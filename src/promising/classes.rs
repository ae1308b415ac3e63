//! What a line takes of stock that an allocation rule governs: which nodes it draws on (semantics 7).
//!
//! The class of a line governs the ordered item, at every ship-from and where it is moved from;
//! everything else is asked for by nobody in particular. A stock account without a rule is one look at
//! an empty list away from being taken from as it is.

use super::{
    search::{Need, Search, Stand},
    trial::Point,
};
use crate::{
    allocation::{Drawn, cap, count, draw, is_of_goods, more_time_never_hurts},
    ledger::{consumption::Use, overlay::Overlay, unforeseen::unforeseen},
    model::{Consumption, Day, Posting, Quantity, StockAccount},
    snapshot::{
        ClassIx, CustomerIx, ItemIx, LocationIx, allocation_rule::Limit, forecast::Shipped,
    },
};

/// Whose class governs what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Asker {
    item: Option<ItemIx>,
    class: Option<ClassIx>,
    customer: Option<CustomerIx>,
    /// What his order has consumed of a forecast.
    pub(super) consumed: Option<Consumed>,
}

/// What an order has consumed of a forecast (semantics 12.2): it may take so much of the account from that day on,
/// whatever is forecast, if that is there at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Consumed {
    pub(super) account: StockAccount,
    pub(super) from: Day,
    pub(super) quantity: Quantity,
}

impl Consumed {
    /// What of it there is on a day without any forecast.
    fn there(self, overlay: &Overlay<'_>, day: Day) -> Quantity {
        let Some(stock) = unforeseen(overlay, self.account) else {
            return Quantity::ZERO;
        };
        let is_in_time = match stock.as_ref().consumption {
            Consumption::Both | Consumption::Backward => self.from <= day,
            Consumption::None => self.from == day,
        };
        if is_in_time { self.quantity.min(stock.as_ref().available(day)) } else { Quantity::ZERO }
    }

    /// The first day at or after one on which so much of it is there.
    fn earliest(self, overlay: &Overlay<'_>, (from, wanted): (Day, Quantity)) -> Option<Day> {
        let stock = unforeseen(overlay, self.account)?;
        let day = match stock.as_ref().consumption {
            Consumption::Both | Consumption::Backward => {
                stock.as_ref().earliest(from.max(self.from), wanted)
            }
            Consumption::None => (from <= self.from
                && wanted <= stock.as_ref().available(self.from))
            .then_some(self.from),
        };
        day.filter(|_| wanted <= self.quantity)
    }

    /// The most of it that is there on any day before one.
    fn most_before(self, overlay: &Overlay<'_>, day: Option<Day>) -> Quantity {
        let stock = unforeseen(overlay, self.account);
        let most = stock.map(|stock| stock.as_ref().most_before(day)).unwrap_or_default();
        most.min(self.quantity)
    }
}

impl Asker {
    /// A line that orders an item, or has a substitute for it shipped.
    pub(super) fn new(item: ItemIx, customer: Option<CustomerIx>, class: Option<ClassIx>) -> Self {
        Self { item: Some(item), class, customer, consumed: None }
    }

    /// What forecasts would know of an order of an item that ships on a day; none of components.
    pub(super) fn shipped(self, item: ItemIx, ship: Day) -> Option<Shipped> {
        let is_ordered = self.item == Some(item);
        is_ordered.then_some(Shipped { customer: self.customer, class: self.class, ship })
    }

    /// The class that takes an item; none for components.
    pub(super) fn class_of(self, item: ItemIx) -> Option<ClassIx> {
        self.class.filter(|_| self.item == Some(item))
    }
}

/// The first day at or after one on which a class can have all of a quantity.
pub(super) fn earliest(
    overlay: &Overlay<'_>,
    account: StockAccount,
    (class, consumed): (Option<ClassIx>, Option<Consumed>),
    (from, quantity): (Day, Quantity),
) -> Option<Day> {
    let snapshot = &*overlay.world().snapshot;
    // No class can have more than there is in all.
    let consumed = consumed.filter(|consumed| consumed.account == account);
    let own = consumed.and_then(|consumed| consumed.earliest(overlay, (from, quantity)));
    let first = overlay.profile(account).earliest(from, quantity);
    let first = first.into_iter().chain(own).min()?;
    if snapshot.allocation_rule(account).is_none() {
        return Some(first);
    }
    let fits = |day: &Day| {
        let own = there(overlay, account, consumed, *day);
        draw::has_all(overlay, account, (class, own), (*day, quantity))
    };
    let end = snapshot.epoch().end();
    if !more_time_never_hurts(overlay, account) {
        return (first.0..end.0).map(Day).find(fits);
    }
    let (mut below, mut at, mut step) = (first, first, 1);
    while !fits(&at) {
        below = at.plus(1);
        if end <= below {
            return None;
        }
        at = at.plus(step).min(end.plus(-1));
        step *= 2;
    }
    while below < at {
        let middle = Day(below.0 + (at.0 - below.0) / 2);
        if fits(&middle) {
            at = middle;
        } else {
            below = middle.plus(1);
        }
    }
    Some(at)
}

/// What of an account's stock an order has consumed of a forecast, and is there on a day without any.
fn there(
    overlay: &Overlay<'_>,
    account: StockAccount,
    consumed: Option<Consumed>,
    day: Day,
) -> Quantity {
    let consumed = consumed.filter(|consumed| consumed.account == account);
    consumed.map_or(Quantity::ZERO, |consumed| consumed.there(overlay, day))
}

impl Search<'_> {
    /// Has what was taken of an account on a day since a point leave it on a later one, nodes and all.
    pub(super) fn leave_later(&mut self, start: Point, need: Need, leaves: Day) {
        let snapshot = self.snapshot();
        let account = snapshot.stock(need.item, need.location);
        // What a class announced it announced of the day on which the goods were there.
        let leaves_it = |posting: &Posting| {
            posting.day == need.day
                && posting.quantity < Quantity::ZERO
                && is_of_goods(snapshot, posting.account, account)
        };
        let leaving = self.postings_since(start).iter().copied();
        let leaving: Vec<Posting> = leaving.filter(&leaves_it).collect();
        self.trial.withdraw(start, leaves_it);
        // It lies there until then.
        self.trial.overlay.note_gift(account.ix());
        for posting in leaving {
            self.trial.overlay.post(Posting { day: leaves, ..posting });
        }
    }

    /// Whether a class can have on each day what it could have on the day before, of an item's stock.
    pub(super) fn time_never_hurts(&self, item: ItemIx, location: LocationIx) -> bool {
        let account = self.snapshot().stock(item, location);
        more_time_never_hurts(&self.trial.overlay, account)
    }

    /// What stock has for whoever asks, up to a need.
    pub(super) fn drawn_by_asker(&self, need: Need, account: StockAccount) -> Drawn {
        let (asker, overlay) = (need.stand.asker, &self.trial.overlay);
        let own = there(overlay, account, asker.consumed, need.day);
        let who = (asker.class_of(need.item), own);
        draw(overlay, account, who, (need.day, need.quantity))
    }

    /// Takes what was found to be there.
    pub(super) fn draw_on_stock(&mut self, need: Need, account: StockAccount, drawn: &Drawn) {
        let who = (need.stand.asker.class_of(need.item), need.day, self.planned);
        for posting in draw::postings(self.snapshot(), account, who, drawn) {
            self.trial.overlay.post(posting);
        }
    }

    /// The first day at or after a need's on which stock has all of it for whoever asks.
    pub(super) fn earliest_for_asker(&self, need: Need, account: StockAccount) -> Option<Day> {
        let asker = need.stand.asker;
        let who = (asker.class_of(need.item), asker.consumed);
        earliest(&self.trial.overlay, account, who, (need.day, need.quantity))
    }

    /// The first day on which an account has all of a need, and the most that it has before that day, for whoever asks.
    pub(super) fn stocked(&self, need: Need, account: StockAccount) -> (Option<Day>, Quantity) {
        let (stock, wanted) = (self.stock_seen(account), need.quantity);
        let day = stock.earliest(Day::ZERO, wanted);
        let own = need.stand.asker.consumed.filter(|consumed| consumed.account == account);
        let Some(own) = own else {
            return (day, stock.most_before(day));
        };
        let overlay = &self.trial.overlay;
        let day = day.into_iter().chain(own.earliest(overlay, (Day::ZERO, wanted))).min();
        (day, stock.most_before(day).max(own.most_before(overlay, day)))
    }

    /// Consumes of a forecast what is to ship: a new line consumes before it takes (semantics 12.2). Gives the need of one
    /// who has.
    pub(super) fn consume(&mut self, need: Need, shipped: Shipped) -> Need {
        let snapshot = self.snapshot();
        let account = snapshot.stock(need.item, need.location);
        let Some(bucket) = snapshot.consumed_bucket(account, shipped) else {
            return need;
        };
        let (used, forecast) = (Use { account, bucket }, &snapshot.forecasts.of(account)[bucket]);
        let before = forecast.rest(self.trial.overlay.used(used));
        self.trial.overlay.post(used.posting(need.quantity));
        let quantity = before - forecast.rest(self.trial.overlay.used(used));
        let consumed = Consumed { account, from: forecast.day, quantity };
        let consumed = Some(consumed).filter(|_| quantity.is_positive());
        let asker = Asker { consumed, ..need.stand.asker };
        Need { stand: Stand { asker, ..need.stand }, ..need }
    }

    /// How much a leg may still ship on a day under the caps of its class; none where there is no cap.
    pub(super) fn room_under_caps(&self, need: Need, ship: Day) -> Option<Quantity> {
        self.tightest_cap(need, ship).map(|(_, room)| room)
    }

    /// The cap of the asker's class that leaves a leg on a day the least room, and that room.
    pub(super) fn tightest_cap(&self, need: Need, ship: Day) -> Option<(Limit, Quantity)> {
        let account = self.snapshot().stock(need.item, need.location);
        let class = need.stand.asker.class_of(need.item);
        cap::tightest(&self.trial.overlay, account, class, ship)
    }

    /// Counts a leg against the caps of its class, and towards what is kept for it.
    pub(super) fn count_leg(&mut self, need: Need, ship: Day) {
        let snapshot = self.snapshot();
        let account = snapshot.stock(need.item, need.location);
        let class = need.stand.asker.class_of(need.item);
        for posting in count(snapshot, account, (class, ship), need.quantity) {
            self.trial.overlay.post(posting);
        }
    }
}
