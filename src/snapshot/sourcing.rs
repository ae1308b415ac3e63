//! Who ships to whom, and how a location is replenished (semantics 4 and 6).

use super::{
    index::{
        CategoryIx, ClassIx, CustomerIx, ItemIx, LocationIx, MethodIx, OfferIx, SourcingIx,
        SupplierIx, WorkIx, ZoneIx,
    },
    item::Validity,
    names::Names,
    policy::{Assignments, What},
};
use crate::model::{Quantity, index::Grouped};
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
    Buy(Option<SupplierIx>),
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
    pub(super) doubts: Option<Arc<Doubts>>,
}

/// Whose resolved sources may be out of date. Until they are settled they are resolved anew each time.
#[derive(Clone, Debug, Default)]
pub(super) struct Doubts {
    pub(super) items: BTreeSet<ItemIx>,
    pub(super) rules: BTreeSet<SourcingIx>,
    pub(super) places: BTreeSet<(What, LocationIx)>,
}

impl Doubts {
    pub(super) fn are_wide(&self) -> bool {
        !self.rules.is_empty() || !self.places.is_empty()
    }
}

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

    pub(super) fn is_doubtful(&self, item: ItemIx) -> bool {
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
