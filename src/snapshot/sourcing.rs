//! Who ships to whom, and how a location is replenished (semantics 4 and 6).

use super::{
    CategoryIx, ClassIx, CustomerIx, ItemIx, LocationIx, MethodIx, Names, OfferIx, Snapshot,
    SourcingIx, WorkIx, ZoneIx, at,
    item::Validity,
    location::Destination,
    policy::{Assignments, What},
};
use crate::model::{AccountIx, Quantity, index::Grouped};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Whom a global assignment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ForWhom {
    /// One customer.
    Customer(CustomerIx),
    /// The customers of a zone and of the zones in it.
    Zone(ZoneIx),
    /// A demand class and those under it.
    Class(ClassIx),
    /// Everybody.
    All,
}

/// One row of a sourcing rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleRow {
    /// From where; any that fits where the table names none.
    pub from: RuleSource,
    /// 1 is tried first.
    pub rank: i32,
    /// Inside one rank the largest is tried first.
    pub percent: Quantity,
    /// By this ship method only.
    pub method: Option<MethodIx>,
    /// When it holds.
    pub validity: Validity,
}

/// What a row of a sourcing rule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleSource {
    /// A transfer from a location.
    Transfer(Option<LocationIx>),
    /// Work definitions.
    Make(Option<WorkIx>),
    /// A supplier.
    Buy(Option<super::SupplierIx>),
}

/// One local source of an item at a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it comes from.
    pub kind: Replenishment,
    /// When it holds, as the day on which goods are there.
    pub validity: Validity,
}

/// Where a local source takes goods from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Replenishment {
    /// Another location, by one ship method or any.
    Transfer(LocationIx, Option<MethodIx>),
    /// A work definition.
    Make(WorkIx),
    /// An offer of a supplier.
    Buy(OfferIx),
}

/// All sourcing.
#[derive(Clone, Debug, Default)]
pub struct Sourcing {
    /// Keys of rules.
    pub names: Names<SourcingIx>,
    /// Their rows, in file order.
    pub rules: Grouped<SourcingIx, RuleRow>,
    /// Who ships to the customer.
    pub global: Arc<BTreeMap<(What, ForWhom), SourcingIx>>,
    /// How a location is replenished.
    pub local: Assignments<SourcingIx>,
    /// The local sources of every stock account that tables name, in the order in which they are tried.
    pub of_account: Grouped<AccountRow, Source>,
    /// Whose entries in `of_account` changes have made doubtful; none once they are settled.
    doubts: Option<Arc<Doubts>>,
}

/// Whose resolved sources may be out of date. Until they are settled they are resolved anew each time.
#[derive(Clone, Debug, Default)]
struct Doubts {
    items: BTreeSet<ItemIx>,
    rules: BTreeSet<SourcingIx>,
    places: BTreeSet<(What, LocationIx)>,
}

impl Doubts {
    fn are_wide(&self) -> bool {
        !self.rules.is_empty() || !self.places.is_empty()
    }
}

/// Pairs whose sources are resolved at once when changes are made; where more are doubtful, each is
/// resolved when it is asked for.
const SETTLED_MAX: usize = 200_000;

crate::model::index::index! {
    /// A dense stock account as a row.
    AccountRow;
}

impl Sourcing {
    fn doubts(&mut self) -> &mut Doubts {
        Arc::make_mut(self.doubts.get_or_insert_default())
    }

    /// Has the local sources of an item resolved anew, wherever it is.
    pub(super) fn doubt_item(&mut self, item: ItemIx) {
        self.doubts().items.insert(item);
    }

    /// Has the local sources of all pairs resolved anew that a rule holds for.
    pub(super) fn doubt_rule(&mut self, rule: SourcingIx) {
        self.doubts().rules.insert(rule);
    }

    /// Has the local sources at a location resolved anew.
    pub(super) fn doubt_place(&mut self, what: What, location: LocationIx) {
        self.doubts().places.insert((what, location));
    }

    fn is_doubtful(&self, item: ItemIx) -> bool {
        let doubts = self.doubts.as_deref();
        doubts.is_some_and(|doubts| doubts.are_wide() || doubts.items.contains(&item))
    }

    /// The global rule of an item for a customer: the most specific that fits (semantics 4).
    ///
    /// Each of the three slices goes from the nearest to the farthest: the customer, its zone and
    /// ancestors, its class and ancestors.
    pub fn global_rule(
        &self,
        item: ItemIx,
        category: Option<CategoryIx>,
        who: &WhoIsAsking<'_>,
    ) -> Option<SourcingIx> {
        if self.global.is_empty() {
            return None;
        }
        let find = |what: What, who: ForWhom| self.global.get(&(what, who)).copied();
        let everybody = |what: What| who.nearest_first().find_map(|who| find(what, who));
        let category = category.map(What::Category);
        let item = What::Item(item);
        // Item with somebody, category with somebody, item, category, somebody, everything.
        everybody(item)
            .or_else(|| category.and_then(everybody))
            .or_else(|| find(item, ForWhom::All))
            .or_else(|| category.and_then(|category| find(category, ForWhom::All)))
            .or_else(|| everybody(What::All))
            .or_else(|| find(What::All, ForWhom::All))
    }
}

/// Who asks: a customer with its zones and classes, each from the nearest to the root.
#[derive(Clone, Copy, Debug, Default)]
pub struct WhoIsAsking<'a> {
    /// The customer.
    pub customer: Option<CustomerIx>,
    /// Its zone and the zones around it.
    pub zones: &'a [ZoneIx],
    /// Its class and the classes above it.
    pub classes: &'a [ClassIx],
}

impl WhoIsAsking<'_> {
    /// Customer, zones, classes.
    fn nearest_first(&self) -> impl Iterator<Item = ForWhom> {
        let customer = self.customer.map(ForWhom::Customer).into_iter();
        let zones = self.zones.iter().map(|&zone| ForWhom::Zone(zone));
        customer.chain(zones).chain(self.classes.iter().map(|&class| ForWhom::Class(class)))
    }
}

impl Snapshot {
    /// Resolves the sources that changes have made doubtful, once for all who ask.
    pub fn settle_sources(&mut self) {
        let Some(doubts) = self.sourcing.doubts.take() else {
            return;
        };
        let accounts = self.doubtful(&doubts);
        if SETTLED_MAX < accounts.len() {
            self.sourcing.doubts = Some(doubts);
            return;
        }
        for account in accounts {
            let (item, location) = self.stocks.pair(account);
            let mut sources = Vec::new();
            resolve_sources(self, item, location, &mut sources);
            self.sourcing.of_account.replace(at(account.0), sources);
        }
    }

    /// The accounts with doubtful sources.
    fn doubtful(&self, doubts: &Doubts) -> Vec<AccountIx> {
        let locations = || self.locations.names.indices();
        let of_item = |item: &ItemIx| {
            let item = *item;
            locations().filter_map(move |location| self.stocks.account(item, location))
        };
        if !doubts.are_wide() {
            return doubts.items.iter().flat_map(of_item).collect();
        }
        let is_doubtful = |account: &AccountIx| {
            let (item, location) = self.stocks.pair(*account);
            let category = self.items.category(item);
            let rule = self.sourcing.local.of_pair(item, category, location);
            doubts.items.contains(&item)
                || rule.is_some_and(|rule| doubts.rules.contains(&rule))
                || What::of(item, category).any(|what| doubts.places.contains(&(what, location)))
        };
        (0..self.stocks.len() as u64).map(AccountIx).filter(is_doubtful).collect()
    }

    /// The local sources of an item at a location, in the order in which they are tried.
    ///
    /// Those of a pair that tables name were resolved when the snapshot was built; a pair that nobody
    /// names is resolved here, into `scratch`.
    pub fn local_sources<'a>(
        &'a self,
        item: ItemIx,
        location: LocationIx,
        scratch: &'a mut Vec<Source>,
    ) -> &'a [Source] {
        match self.stocks.account(item, location) {
            Some(AccountIx(account)) if !self.sourcing.is_doubtful(item) => {
                self.sourcing.of_account.of(at::<AccountRow>(account))
            }
            Some(_) | None => {
                scratch.clear();
                resolve_sources(self, item, location, scratch);
                scratch
            }
        }
    }
}

/// A source with what it is ordered by: rank, larger percentage, priority, name.
type Ordered<'a> = ((i32, i64, i32, &'a str), Source);

/// Appends the local sources of a pair, in the order in which they are tried.
pub fn resolve_sources(
    snapshot: &Snapshot,
    item: ItemIx,
    location: LocationIx,
    into: &mut Vec<Source>,
) {
    let category = snapshot.items.category(item);
    let mut ordered: Vec<Ordered<'_>> = Vec::new();
    match snapshot.sourcing.local.of_pair(item, category, location) {
        Some(rule) => {
            for row in snapshot.sourcing.rules.of(rule) {
                push_row(snapshot, (item, location), row, &mut ordered);
            }
        }
        None => push_default(snapshot, (item, location), &mut ordered),
    }
    // The sort is stable: a work definition comes before a supplier of the same name.
    ordered.sort_by_key(|(key, _)| *key);
    let mut seen: Vec<Source> = Vec::new();
    for (_, source) in ordered {
        if !seen.contains(&source) {
            seen.push(source);
            into.push(source);
        }
    }
}

/// Without an assignment: work definitions by priority, then suppliers by priority (contract 1).
fn push_default<'a>(
    snapshot: &'a Snapshot,
    (item, location): (ItemIx, LocationIx),
    ordered: &mut Vec<Ordered<'a>>,
) {
    for &work in snapshot.works.of(item, location) {
        ordered.push(make(snapshot, work, (1, 0), Validity::ALWAYS));
    }
    for offer in snapshot.suppliers.fitting(item, location) {
        ordered.push(buy(snapshot, offer, (2, 0), Validity::ALWAYS));
    }
}

fn push_row<'a>(
    snapshot: &'a Snapshot,
    (item, location): (ItemIx, LocationIx),
    row: &RuleRow,
    ordered: &mut Vec<Ordered<'a>>,
) {
    let rank = (row.rank, -row.percent.raw());
    match row.from {
        RuleSource::Make(named) => {
            for &work in snapshot.works.of(item, location) {
                if named.is_none_or(|named| named == work) {
                    ordered.push(make(snapshot, work, rank, row.validity));
                }
            }
        }
        RuleSource::Buy(named) => {
            for offer in snapshot.suppliers.fitting(item, location) {
                if named.is_none_or(|named| named == snapshot.suppliers.offers.get(offer).supplier)
                {
                    ordered.push(buy(snapshot, offer, rank, row.validity));
                }
            }
        }
        RuleSource::Transfer(Some(from)) => {
            ordered.push(transfer(snapshot, from, rank, row));
        }
        RuleSource::Transfer(None) => {
            let here = Destination::Location(location);
            for from in snapshot.stocks.keepers(item).filter(|&from| from != location) {
                let lanes = &snapshot.lanes;
                if lanes.is_empty() || !lanes.between(from, here).is_empty() {
                    ordered.push(transfer(snapshot, from, rank, row));
                }
            }
        }
    }
}

fn make(snapshot: &Snapshot, work: WorkIx, rank: (i32, i64), validity: Validity) -> Ordered<'_> {
    let priority = snapshot.works.rows[work].priority;
    let key = (rank.0, rank.1, priority, snapshot.works.names.name(work));
    (key, Source { kind: Replenishment::Make(work), validity })
}

fn buy(snapshot: &Snapshot, offer: OfferIx, rank: (i32, i64), validity: Validity) -> Ordered<'_> {
    let row = snapshot.suppliers.offers.get(offer);
    let key = (rank.0, rank.1, row.priority, snapshot.suppliers.names.name(row.supplier));
    (key, Source { kind: Replenishment::Buy(offer), validity })
}

fn transfer<'a>(
    snapshot: &'a Snapshot,
    from: LocationIx,
    rank: (i32, i64),
    row: &RuleRow,
) -> Ordered<'a> {
    let key = (rank.0, rank.1, 1, snapshot.locations.names.name(from));
    (key, Source { kind: Replenishment::Transfer(from, row.method), validity: row.validity })
}
