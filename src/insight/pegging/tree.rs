//! One promise's pegging tree, read from what it posts.

use super::node::{PegNode, PegOrigin};
use crate::insight::{
    matching::{SupplyDocument, Who},
    takes::Takes,
};
use crate::{
    allocation::node_of,
    ledger::{
        Planned, Reservation, World,
        planned::PlannedKind,
        reservation::{Leg, SupplyWay},
    },
    model::{AccountIx, Day, Posting, Quantity},
    snapshot::{
        Account, ClassIx, DemandIx, ItemIx, LocationIx, ResourceIx, WorkIx, capacity::Owner,
    },
};
use std::{collections::BTreeMap, sync::Arc};

/// A promise whose tree is read.
pub(super) struct PegTree<'a> {
    takes: &'a mut Takes,
    promise: &'a Arc<Reservation>,
    /// What is left, for what is taken for a lot from an account on a day, of what there is for it.
    left: BTreeMap<(AccountIx, Day, u32), Pool>,
}

/// What there is for a take: lots that were planned for it, and documents.
#[derive(Default)]
struct Pool {
    lots: Vec<(Planned, Posting, Quantity, bool)>,
    documents: Vec<(SupplyDocument, Quantity)>,
    shares: Vec<(ClassIx, Quantity)>,
}

impl<'a> PegTree<'a> {
    pub(super) fn new(takes: &'a mut Takes, promise: &'a Arc<Reservation>) -> Self {
        Self { takes, promise, left: BTreeMap::new() }
    }

    pub(super) fn of_leg(&mut self, leg: &Leg) -> Vec<PegNode> {
        let (item, location, quantity, day) = (leg.item, leg.location, leg.quantity, leg.need);
        let plain =
            |source| vec![PegNode { item, location, quantity, day, source, below: Vec::new() }];
        let mut ways = leg.supply.ways();
        match ways.find(|way| matches!(way, SupplyWay::Infinite | SupplyWay::LeadTime)) {
            Some(SupplyWay::Infinite) => plain(PegOrigin::Infinite),
            Some(_) => plain(PegOrigin::LeadTime),
            None => self.of_take((item, location), (quantity, day), 0),
        }
    }

    /// What a take is made of: lots that were planned for it, then stock.
    fn of_take(
        &mut self,
        (item, location): (ItemIx, LocationIx),
        (quantity, day): (Quantity, Day),
        planned: u32,
    ) -> Vec<PegNode> {
        let account = self.takes.world().snapshot.stock(item, location).ix();
        if !self.left.contains_key(&(account, day, planned)) {
            let pool = self.pool(account, day, planned);
            self.left.insert((account, day, planned), pool);
        }
        let mut pool = self.left.remove(&(account, day, planned)).expect("it was put there");
        let mut left = quantity;
        let mut pegs = Vec::new();
        for (lot, gives, of_it, is_told) in &mut pool.lots {
            let part = left.min(*of_it);
            if part.is_positive() {
                *of_it -= part;
                left -= part;
                let below = if *is_told { Vec::new() } else { self.below(lot.number) };
                *is_told = true;
                let source = self.source(*lot, (item, location), *gives);
                pegs.push(PegNode {
                    item,
                    location,
                    quantity: part,
                    day: gives.day,
                    source,
                    below,
                });
            }
        }
        if left.is_positive() {
            let documents = draw(&mut pool.documents, left);
            let shares = draw(&mut pool.shares, left);
            let source = PegOrigin::Stock { documents, shares };
            pegs.push(PegNode { item, location, quantity: left, day, source, below: Vec::new() });
        }
        self.left.insert((account, day, planned), pool);
        pegs
    }

    fn pool(&mut self, account: AccountIx, day: Day, planned: u32) -> Pool {
        let number = self.promise.number;
        let mut documents =
            self.takes.matching(account).documents_of(Who::Promise { number, planned }, day);
        if documents.is_empty()
            && planned == 0
            && let Some((demand, day)) = self.own_demand(account)
        {
            // The snapshot's own demand takes in its stead.
            documents = self.takes.matching(account).documents_of(Who::Demand(demand), day);
        }
        let mut lots = Vec::new();
        documents.retain(|(document, part)| match document {
            SupplyDocument::Lot { number: of, planned: lot } if *of == number => {
                let found = self.promise.plan.iter().find(|one| one.number == *lot);
                let gives = gives(&self.promise.postings, account, *lot);
                if let (Some(lot), Some(gives)) = (found, gives) {
                    lots.push((*lot, gives, *part, false));
                }
                false
            }
            SupplyDocument::Lot { .. } | SupplyDocument::OnHand | SupplyDocument::Supply(_) => true,
        });
        Pool { lots, documents, shares: self.shares(account, day, planned) }
    }

    /// The snapshot's own demand of the promise's line on an account, and its day.
    fn own_demand(&self, account: AccountIx) -> Option<(DemandIx, Day)> {
        let world = self.takes.world();
        let demand = demand_of(world, self.promise)?;
        let mut rows = world.snapshot.demands.of(account).iter();
        let row = rows.find(|row| row.demand == demand)?;
        Some((demand, row.day?))
    }

    /// What is drawn of the shares of classes.
    fn shares(&self, account: AccountIx, day: Day, planned: u32) -> Vec<(ClassIx, Quantity)> {
        let snapshot = &self.takes.world().snapshot;
        let of = |posting: &&Posting| {
            posting.planned == planned && posting.day == day && posting.quantity < Quantity::ZERO
        };
        let node = |posting: &Posting| {
            let (whole, class) = node_of(snapshot, posting.account)?;
            (account == whole).then_some((class, -posting.quantity))
        };
        self.promise.postings.iter().filter(of).filter_map(node).collect()
    }

    /// What a lot takes from stock, and lots that were planned for it.
    pub(super) fn below(&mut self, lot: u32) -> Vec<PegNode> {
        let snapshot = Arc::clone(&self.takes.world().snapshot);
        let mut takes: BTreeMap<(ItemIx, LocationIx, Day), Quantity> = BTreeMap::new();
        let own = |posting: &&Posting| posting.planned == lot && posting.quantity < Quantity::ZERO;
        for posting in self.promise.postings.iter().filter(own) {
            if let Account::Stock(item, location) = snapshot.account(posting.account) {
                *takes.entry((item, location, posting.day)).or_insert(Quantity::ZERO) -=
                    posting.quantity;
            }
        }
        let mut pegs = Vec::new();
        for ((item, location, day), quantity) in takes {
            pegs.extend(self.of_take((item, location), (quantity, day), lot));
        }
        pegs
    }

    pub(super) fn source(
        &self,
        lot: Planned,
        (item, location): (ItemIx, LocationIx),
        gives: Posting,
    ) -> PegOrigin {
        let snapshot = &self.takes.world().snapshot;
        let own =
            |posting: &&Posting| posting.planned == lot.number && posting.quantity < Quantity::ZERO;
        let takes = || self.promise.postings.iter().filter(own);
        let capacities = || {
            takes().filter_map(|posting| match snapshot.account(posting.account) {
                Account::Capacity(capacity) => Some((snapshot.capacities[capacity].owner, posting)),
                Account::Stock(..) | Account::Part(..) => None,
            })
        };
        match lot.kind {
            PlannedKind::Made => {
                let hours = capacities().filter_map(|(owner, posting)| match owner {
                    Owner::Resource(resource) => Some((resource, posting.day, -posting.quantity)),
                    Owner::Supplier(..) | Owner::House(_) => None,
                });
                let mut hours: Vec<_> = hours.collect();
                hours.sort_by_key(|(resource, day, _)| (*day, *resource));
                let work = self.work(
                    item,
                    location,
                    (&hours, &takes().map(|one| one.account).collect::<Vec<_>>()),
                );
                let rate = work.map_or(Quantity::ONE, |work| snapshot.works.rows[work].yield_rate);
                let started = gives.quantity.over(rate);
                PegOrigin::Make { work, start: lot.begins, started, hours }
            }
            PlannedKind::Moved => {
                let origin = takes().find_map(|posting| match snapshot.account(posting.account) {
                    Account::Stock(of, from) if of == item => Some(from),
                    Account::Stock(..) | Account::Capacity(_) | Account::Part(..) => None,
                });
                PegOrigin::Transfer { from: origin.unwrap_or(location), ship: lot.begins }
            }
            PlannedKind::Bought => {
                let named = capacities().find_map(|(owner, _)| match owner {
                    Owner::Supplier(supplier, _) => Some(supplier),
                    Owner::Resource(_) | Owner::House(_) => None,
                });
                let offered = || {
                    let offer = snapshot.suppliers.fitting(item, location).next()?;
                    Some(snapshot.suppliers.offers.get(offer).supplier)
                };
                let supplier = named.or_else(offered);
                PegOrigin::Buy { supplier, bought: gives.quantity, order_by: lot.begins }
            }
            PlannedKind::Returned => PegOrigin::Stock { documents: Vec::new(), shares: Vec::new() },
        }
    }

    /// The work definition that takes what a lot takes.
    fn work(
        &self,
        item: ItemIx,
        location: LocationIx,
        (hours, accounts): (&[(ResourceIx, Day, Quantity)], &[AccountIx]),
    ) -> Option<WorkIx> {
        let snapshot = &self.takes.world().snapshot;
        let fits = |work: &&WorkIx| {
            let operations = snapshot.works.operations.of(**work);
            let mut ways = operations.iter().flat_map(|operation| &operation.ways);
            let mut resources = hours.iter().map(|(resource, ..)| resource);
            let has_resource = |resource: &ResourceIx| {
                ways.any(|way| way.hours.iter().any(|hours| hours.resource == *resource))
            };
            let components = snapshot.works.components.of(**work);
            let takes = |of: ItemIx| accounts.contains(&snapshot.stock(of, location).ix());
            resources.all(has_resource)
                && components.iter().all(|component| {
                    takes(component.item)
                        || component.substitutes.iter().any(|other| takes(other.item))
                })
        };
        let works = snapshot.works.of(item, location);
        works.iter().find(fits).or(works.first()).copied()
    }
}

/// Takes up to a quantity off the front of what is left.
fn draw<T: Copy>(left: &mut [(T, Quantity)], quantity: Quantity) -> Vec<(T, Quantity)> {
    let (mut wanted, mut drawn) = (quantity, Vec::new());
    for (of, has) in left {
        let part = wanted.min(*has);
        if part.is_positive() {
            *has -= part;
            wanted -= part;
            drawn.push((*of, part));
        }
    }
    drawn
}

fn gives(postings: &[Posting], account: AccountIx, planned: u32) -> Option<Posting> {
    let is_it = |posting: &&Posting| {
        (posting.account, posting.planned) == (account, planned) && posting.quantity.is_positive()
    };
    postings.iter().find(is_it).copied()
}

/// The demand of the snapshot for a promise's order line.
pub fn demand_of(world: &World, promise: &Reservation) -> Option<DemandIx> {
    let key = format!("{}/{}", promise.facts.order, promise.facts.line);
    world.snapshot.demands.names.get(&key)
}
