//! What has shipped was made (semantics 12.1): a shipment, what becomes of what was planned for it, and the count of
//! stock after it.
//!
//! A shipment takes from stock on its own day. What it took from counts as done: it is no plan any more that
//! could be withdrawn. Each posting of it stays until its own account has been counted after the shipment; then
//! both the take and the lot are in the count.

use super::{
    Admitted, Fact, Ledger, Refusal,
    divided::part_of,
    entry::Also,
    fit,
    planned::{Planned, PlannedKind, given},
    release,
    reservation::{Facts, Leg, Reservation, State, Step},
    standing::{Fate, Standing},
    world::World,
};
use crate::{
    allocation::{complete, is_of_goods},
    model::{Day, Posting, Quantity, StockAccount},
    snapshot::{LocationIx, Snapshot},
};
use jiff::Timestamp;
use std::{cmp::Reverse, collections::BTreeSet, sync::Arc};

/// What of a promise leaves, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipment {
    /// How much; all that is left where not given.
    pub quantity: Option<Quantity>,
    /// When, in microseconds since 1970 UTC.
    pub at: i64,
}

/// A promise after a shipment.
pub(super) struct AfterShipment {
    /// What has shipped; under a number of its own where something is left.
    pub(super) gone: Arc<Reservation>,
    /// What is left.
    pub(super) rest: Option<Arc<Reservation>>,
    /// Others whose planned supply it took from.
    pub(super) others: Vec<Arc<Reservation>>,
}

impl Ledger {
    /// Says that a confirmed promise, or a part of it, has shipped; earliest leg first. What there is falls below
    /// zero if need be: it has left.
    ///
    /// # Errors
    /// In this order: [`Refusal::DoesNotExist`], [`Refusal::StateForbids`],
    /// [`Refusal::QuantityOutOfRange`].
    pub fn fulfil(&mut self, number: u64, shipment: Shipment) -> Result<Admitted<'_>, Refusal> {
        let before = self.about_to(number, Step::Fulfil)?;
        let quantity = part_of(&before, shipment.quantity, &self.world().snapshot)?;
        let new_number = self.world().next_number();
        let shipped = self.world().shipped(&before, (quantity, new_number), shipment.at);
        let AfterShipment { gone, rest, others } = shipped;
        let also = others.into_iter().map(|after| Also { step: None, after }).collect();
        Ok(self.admitted_also(Fact::Fulfilled { after: gone, rest }, also))
    }

    /// Takes a shipment back at an instant, in microseconds since 1970 UTC: the promise is confirmed again, with
    /// the goods that it had. Those that have been counted are back on hand until the next count.
    ///
    /// # Errors
    /// In this order: [`Refusal::DoesNotExist`], [`Refusal::StateForbids`].
    pub fn reopen(&mut self, number: u64, at: i64) -> Result<Admitted<'_>, Refusal> {
        let before = self.about_to(number, Step::Reopen)?;
        let after = Arc::new(self.world().reopened(&before, at));
        Ok(self.admitted(Fact::Stepped { step: Step::Reopen, after: vec![after] }))
    }
}

impl World {
    /// A promise of which so much ships at an instant; what ships of it gets a number of its own where
    /// something is left.
    pub(super) fn shipped(
        &self,
        before: &Reservation,
        (quantity, number): (Quantity, u64),
        at: i64,
    ) -> AfterShipment {
        let snapshot = &*self.snapshot;
        let takes = |own: &[Posting]| own.iter().filter(|one| one.planned == 0).copied().collect();
        let (own, legs, rest) = if quantity == before.quantity {
            let own: Vec<Posting> = takes(before.own());
            (own, before.facts.legs.clone(), None)
        } else {
            let parts = release::divide(before, before.quantity - quantity, snapshot);
            (takes(&parts.kept), parts.kept_legs, Some((parts.gone, parts.legs)))
        };
        let taken = self.taken_of(before, &legs);
        let plan = done(before, &taken, at);
        let others = self.others_taken_of(before, &taken, at);
        let supplies: Vec<Posting> =
            before.own().iter().filter(|posting| posting.planned != 0).copied().collect();
        let left = left_stock(own, &legs, (snapshot, at));
        let (stays, goes) = match rest {
            Some(_) => before.facts.divided(quantity, before.quantity),
            None => ((*before.facts).clone(), (*before.facts).clone()),
        };
        let gone = Reservation {
            state: State::Fulfilled,
            shipped: Some(at),
            quantity,
            facts: Arc::new(Facts { legs, ..goes }),
            ..before.clone()
        };
        let Some((taken, legs)) = rest else {
            let own = left.into_iter().chain(supplies).collect();
            let gone = own_word(Reservation { plan, ..gone }, own, before, snapshot);
            return AfterShipment { gone: Arc::new(gone), rest: None, others };
        };
        let rest = Reservation {
            plan,
            quantity: before.quantity - quantity,
            facts: Arc::new(Facts { legs, ..stays }),
            ..before.clone()
        };
        let own = supplies.into_iter().chain(taken).collect();
        let rest = Some(Arc::new(own_word(rest, own, before, snapshot)));
        let gone = Reservation { number, plan: Arc::from([]), at_risk: false, ..gone };
        let gone = own_word(gone, left.into(), before, snapshot);
        // The source's own demand stays silent by what is left.
        let gone = without_theirs(gone, snapshot);
        AfterShipment { gone: Arc::new(gone), rest, others }
    }

    /// How much legs take from each of a promise's own planned supplies, by number, and from stock, by account
    /// and day: what was there before its own supply came goes first.
    fn taken_of(&self, before: &Reservation, legs: &[Leg]) -> Taken {
        let mut taken = Taken::default();
        let mut accounts = BTreeSet::new();
        for leg in legs {
            let account = self.snapshot.stock(leg.item, leg.location);
            if !accounts.insert(account) {
                continue;
            }
            let of_account = |leg: &&Leg| self.snapshot.stock(leg.item, leg.location) == account;
            let sum = |legs: &[Leg]| -> Quantity {
                legs.iter().filter(of_account).map(|leg| leg.quantity).sum()
            };
            let own: Vec<&Planned> = before
                .plan
                .iter()
                .filter(|one| one.parent == 0 && one.shipped.is_none())
                .filter(|one| {
                    given(before.own(), one.number).is_some_and(|gives| gives.account == account)
                })
                .collect();
            let used: Quantity = own.iter().map(|one| one.used).sum();
            let from_stock = (sum(&before.facts.legs) - used).max(Quantity::ZERO).min(sum(legs));
            if from_stock.is_positive() {
                let need = legs.iter().filter(of_account).map(|leg| leg.need).max();
                taken.from_stock.push((account, need.expect("a leg of the account")));
            }
            let mut left = sum(legs) - from_stock;
            for one in own {
                let part = left.min(one.used);
                if part.is_positive() {
                    taken.own.push((one.number, part));
                    left -= part;
                }
            }
        }
        taken
    }

    /// Promises whose planned supply a shipment took from, as they are after it: of the supplies that are there by
    /// its need day those without which it would not have been there.
    fn others_taken_of(
        &self,
        before: &Reservation,
        taken: &Taken,
        at: i64,
    ) -> Vec<Arc<Reservation>> {
        let mut found: Vec<Arc<Reservation>> = Vec::new();
        for &(account, need) in &taken.from_stock {
            let mut supplies = Vec::new();
            for number in self.shared.on(&[account.ix()].into()) {
                let other = self.reservation(number).expect("it is there");
                let of_it = other.unshipped_rest().filter_map(|(planned, rest)| {
                    let gives = given(&other.postings, planned.number)?;
                    let is_there = gives.account == account && gives.day <= need;
                    is_there.then_some((Reverse(gives.day), Reverse(number), planned.number, rest))
                });
                supplies.extend(of_it.filter(|_| number != before.number));
            }
            supplies.sort_unstable();
            let mut balance = fit::balance_of(self.profile(account), need);
            for (_, Reverse(number), planned, rest) in supplies {
                if Quantity::ZERO <= balance - rest {
                    balance -= rest;
                    continue;
                }
                let known = found.iter().position(|other| other.number == number);
                let other = match known {
                    Some(at) => found.swap_remove(at),
                    None => Arc::clone(self.reservation(number).expect("it is there")),
                };
                let own = [(planned, Quantity::ZERO)];
                let plan = done(&other, &Taken { own: own.into(), ..Taken::default() }, at);
                found.push(Arc::new(Reservation { plan, ..(*other).clone() }));
            }
        }
        found
    }

    /// A promise that has shipped, confirmed again.
    fn reopened(&self, before: &Reservation, at: i64) -> Reservation {
        let snapshot = &*self.snapshot;
        let is_counted = before.is_dropped();
        let mut plan = before.plan.to_vec();
        for planned in plan.iter_mut().filter(|_| !is_counted) {
            if given(before.own(), planned.number).is_some() {
                planned.shipped = None;
            }
        }
        let mut own: Vec<Posting> = before.own().to_vec();
        for leg in &before.facts.legs {
            let account = snapshot.stock(leg.item, leg.location);
            let ship = ship_day(snapshot, leg.location, before.shipped.unwrap_or(at));
            let took = |posting: &&mut Posting| {
                let is_own = posting.planned == 0 && posting.day == ship;
                is_own && is_of_goods(snapshot, posting.account, account)
            };
            let mut taken: Vec<&mut Posting> = own.iter_mut().filter(took).collect();
            if taken.is_empty() || is_counted {
                // It is in the count: its goods are back on hand, for it.
                let number = plan.iter().map(|planned| planned.number).max().unwrap_or(0) + 1;
                let back = Planned::new(number, PlannedKind::Returned, Day::ZERO);
                plan.push(Planned { used: leg.quantity, shipped: Some(at), ..back });
                let posting = |day, quantity, planned| Posting {
                    account: account.ix(),
                    day,
                    quantity,
                    planned,
                };
                let back = posting(Day::ZERO, leg.quantity, number);
                let take = posting(leg.need, -leg.quantity, 0);
                own.retain(|posting| {
                    !(posting.planned == 0
                        && posting.day == ship
                        && is_of_goods(snapshot, posting.account, account))
                });
                own.extend([back, take]);
            } else {
                taken.iter_mut().for_each(|posting| posting.day = leg.need);
            }
        }
        complete(snapshot, &mut own);
        let facts = &before.facts;
        let after = Reservation {
            state: State::Confirmed,
            shipped: None,
            plan: plan.into(),
            ..before.clone()
        };
        let unpromised = self.unpromised(&facts.order, &facts.line);
        match (&before.standing, unpromised) {
            (Some(standing), None) if !is_counted => {
                Standing { own: own.into(), ..(**standing).clone() }.give(after, snapshot)
            }
            (Some(standing), Some(_)) if standing.fate == Fate::Superseding => {
                Standing { own: own.into(), ..(**standing).clone() }.give(after, snapshot)
            }
            (_, Some(theirs)) => {
                let plain = Reservation { postings: own.into(), standing: None, ..after };
                super::line::silencing(theirs, plain, snapshot)
            }
            (_, None) => {
                let counted = before.standing.as_deref().map_or(i64::MIN, |one| one.counted);
                let standing = Standing { counted, ..Standing::carried(own.into()) };
                standing.give(after, snapshot)
            }
        }
    }

    /// Takes out of promises what a count of an account's stock has: gives the numbers of those that this
    /// changed.
    pub(super) fn count(&mut self, account: StockAccount, known_at: i64) -> Vec<u64> {
        let mut changed = Vec::new();
        for number in self.uncounted.on(&[account.ix()].into()) {
            let before = self.reservation(number).expect("it is there");
            let is_counted = |posting: &Posting| {
                is_of_goods(&self.snapshot, posting.account, account)
                    && before.shipped_with(posting.planned).is_some_and(|at| at <= known_at)
            };
            let own: Arc<[Posting]> =
                before.own().iter().filter(|posting| !is_counted(posting)).copied().collect();
            if own.len() == before.own().len() {
                continue;
            }
            let is_left =
                |planned: &&Planned| own.iter().any(|posting| posting.planned == planned.number);
            let plan = before.plan.iter().filter(is_left).copied().collect();
            let after = Reservation { plan, ..(**before).clone() };
            let after = match &before.standing {
                Some(standing) => {
                    Standing { own, ..(**standing).clone() }.give(after, &self.snapshot)
                }
                None => Reservation { postings: own, ..after },
            };
            self.put(Arc::new(after));
            changed.push(number);
        }
        changed
    }
}

/// What a shipment took from.
#[derive(Default)]
struct Taken {
    /// The promise's own planned supplies, and how much of each.
    own: Vec<(u32, Quantity)>,
    /// Accounts that had it otherwise, with the last day on which it was needed.
    from_stock: Vec<(StockAccount, Day)>,
}

impl Reservation {
    /// When that has shipped which a posting of a planned supply belongs to; 0 is the promise itself.
    pub(super) fn shipped_with(&self, planned: u32) -> Option<i64> {
        if planned == 0 {
            return self.shipped;
        }
        let found = self.plan.iter().find(|one| one.number == planned);
        found.and_then(|one| one.shipped)
    }
}

/// A plan of which a shipment took: what it took of, and all that was planned for that, is done.
fn done(before: &Reservation, taken: &Taken, at: i64) -> Arc<[Planned]> {
    let mut plan = before.plan.to_vec();
    for &(number, part) in &taken.own {
        let one = plan.iter_mut().find(|one| one.number == number).expect("it is of this plan");
        one.used -= part.min(one.used);
        one.shipped = Some(at);
    }
    // Parents come first.
    for at_child in 0..plan.len() {
        let parent = plan.iter().find(|one| one.number == plan[at_child].parent);
        if let Some(shipped) = parent.and_then(|parent| parent.shipped) {
            plan[at_child].shipped = plan[at_child].shipped.or(Some(shipped));
        }
    }
    plan.into()
}

/// What legs take from stock, on the day on which they shipped.
fn left_stock(
    mut own: Vec<Posting>,
    legs: &[Leg],
    (snapshot, at): (&Snapshot, i64),
) -> Vec<Posting> {
    for leg in legs {
        let account = snapshot.stock(leg.item, leg.location);
        let ship = ship_day(snapshot, leg.location, at);
        let taken = own.iter_mut().filter(|posting| {
            let is_taken = posting.day == leg.need && posting.quantity < Quantity::ZERO;
            is_taken && is_of_goods(snapshot, posting.account, account)
        });
        taken.for_each(|posting| posting.day = ship);
    }
    own
}

/// The day of an instant at a location; the first or the last one where it lies outside the horizon.
fn ship_day(snapshot: &Snapshot, location: LocationIx, at: i64) -> Day {
    let Ok(at) = Timestamp::from_microsecond(at) else {
        return Day::ZERO;
    };
    let there = at.to_zoned(snapshot.locations.rows[location].time_zone.clone());
    let day = snapshot.epoch().day(there.date());
    day.max(Day::ZERO).min(snapshot.epoch().end().plus(-1))
}

/// A promise with what it posts by itself from now on; its word counts over the source's own demand of its line.
fn own_word(
    after: Reservation,
    own: Arc<[Posting]>,
    before: &Reservation,
    snapshot: &Snapshot,
) -> Reservation {
    match &before.standing {
        None => Reservation { postings: own, ..after },
        Some(standing) => standing.changed(own).give(after, snapshot),
    }
}

fn without_theirs(after: Reservation, snapshot: &Snapshot) -> Reservation {
    match after.standing.clone() {
        Some(standing) if !standing.theirs.is_empty() => {
            Standing { theirs: Arc::from([]), ..(*standing).clone() }.give(after, snapshot)
        }
        Some(_) | None => after,
    }
}
