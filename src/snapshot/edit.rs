//! How a copy of a snapshot comes to differ from the one it was copied from.
//!
//! A snapshot that others hold never changes; its copy costs a few pointers, and what is put into the
//! copy here is kept beside the shared arrays. Every method leaves the copy as a build from tables with
//! that change in them would be (S1 holds); `crate::change` is the one that knows what to put.

use super::{
    Account, CapacityIx, DemandIx, ItemIx, LocationIx, OfferIx, RuleIx, Snapshot, SourcingIx,
    SupplyIx, WorkIx,
    allocations::Shift,
    capacity::CapacityRow,
    count::{OutOfRange, changes_to_levels, levels_to_changes, sort_demands},
    policy::What,
    sourcing::{ForWhom, RuleRow},
    stock::{Demand, Keeps, Supply},
};
use crate::model::{Day, StockAccount};
use std::sync::Arc;

impl Snapshot {
    /// A digest of all changes made to it since it was loaded, in their order; 0 if there is none.
    pub fn changes(&self) -> u128 {
        self.changes
    }

    /// Says that changes were made, with the digest of all of them.
    pub fn set_changes(&mut self, digest: u128) {
        self.changes = digest;
    }

    /// The supplies and demands of a stock account as tables would have them: safety stock as levels.
    pub fn rows_of(&self, account: StockAccount) -> (Vec<Supply>, Vec<Demand>) {
        let mut demands = self.demands.of(account).to_vec();
        changes_to_levels(&mut demands);
        (self.supplies.of(account).to_vec(), demands)
    }

    /// Puts supplies and demands in the place of a stock account's; safety stock as levels, in any order.
    /// On which day each counts is worked out from its date and the account's rule.
    ///
    /// # Errors
    /// They are more than an account can hold; then nothing is changed.
    pub fn set_rows(
        &mut self,
        account: StockAccount,
        mut supplies: Vec<Supply>,
        mut demands: Vec<Demand>,
    ) -> Result<(), OutOfRange> {
        let (item, location) = self.pair(account);
        let counting = self.counting(item, location);
        for supply in supplies.iter_mut().filter(|supply| is_dated(supply)) {
            supply.day = counting.supply_day(supply.kind, supply.due);
        }
        supplies.sort_by_key(|supply| (supply.day, supply.supply));
        for demand in &mut demands {
            demand.day = counting.demand_day(demand.kind, demand.due);
        }
        sort_demands(&mut demands);
        levels_to_changes(&mut demands);
        let (profile, buckets) = counting.profile(&supplies, &demands)?;
        let account = account.ix();
        self.forecasts.set(account, buckets);
        let is_named = !supplies.is_empty() || !demands.is_empty();
        self.stocks.set_profile(account, profile);
        self.allocation.forget(account);
        self.supplies.set(account, supplies);
        self.demands.set(account, demands);
        let keeps = if is_named || self.is_named_by_policy(item, location) {
            Keeps::Yes
        } else {
            Keeps::No
        };
        if self.stocks.set_keeps((item, location), keeps) {
            self.sourcing.doubt_item(item);
        }
        Ok(())
    }

    /// Whether sourcing names the pair: such a location keeps or makes the item, whatever is there.
    fn is_named_by_policy(&self, item: ItemIx, location: LocationIx) -> bool {
        let offers = self.suppliers.by_item.of(item).iter();
        let mut here = offers.map(|&offer| self.suppliers.offers.get(offer).location);
        !self.works.of(item, location).is_empty()
            || here.any(|at| at == Some(location))
            || self.sourcing.local.at(What::Item(item), Some(location)).is_some()
    }

    /// Says where a supply is from now on and which order line it is for; none if it is gone.
    pub fn place_supply(
        &mut self,
        supply: SupplyIx,
        place: Option<(StockAccount, Option<Arc<str>>)>,
    ) {
        self.supplies.set_place(supply, place);
    }

    /// Says where a demand is from now on and which source system it is from; none if it is gone.
    pub fn place_demand(
        &mut self,
        demand: DemandIx,
        place: Option<(StockAccount, Option<Arc<str>>)>,
    ) {
        self.demands.set_place(demand, place);
    }

    /// Moves a quantity from one node of a stock account to another, from a day on. Whether the node has
    /// it is for the caller to ask.
    pub fn shift(&mut self, account: StockAccount, shift: Shift) {
        self.allocation.shift(account.ix(), shift);
    }

    /// Puts another row in the place of an expiring account's.
    pub fn set_capacity(&mut self, capacity: CapacityIx, row: CapacityRow) {
        self.capacities.replace(capacity, row);
    }

    /// Puts a stock account under the ATP rule that is assigned to it now, if it is another one, and
    /// says whether it was.
    pub fn reassign(&mut self, account: StockAccount) -> bool {
        let Account::Stock(item, location) = self.account(account) else {
            return false;
        };
        let rule: RuleIx = self.rules.of_pair(item, self.items.category(item), location);
        let account = account.ix();
        let is_other = self.stocks.rule(account).is_some_and(|before| before != rule);
        if is_other {
            self.stocks.set_rule(account, rule);
        }
        is_other
    }

    /// Which ATP rule a stock account is under, or the one that it is a part of.
    pub fn rule_ix_of(&self, account: StockAccount) -> RuleIx {
        self.stocks.rule(account.ix()).unwrap_or_else(|| {
            let (item, location) = self.pair(account);
            self.rule_ix(item, location)
        })
    }

    /// Puts rows in the place of a sourcing rule's.
    pub fn set_sourcing_rule(&mut self, rule: SourcingIx, rows: Vec<RuleRow>) {
        self.sourcing.rules.replace(rule, rows);
        self.sourcing.doubt_rule(rule);
    }

    /// Says how a location is replenished.
    pub fn assign_local(&mut self, what: What, location: LocationIx, rule: Option<SourcingIx>) {
        self.sourcing.local.reassign(what, Some(location), rule);
        self.sourcing.doubt_place(what, location);
    }

    /// Says who ships to whom.
    pub fn assign_global(&mut self, what: What, who: ForWhom, rule: Option<SourcingIx>) {
        let global = Arc::make_mut(&mut self.sourcing.global);
        match rule {
            Some(rule) => drop(global.insert((what, who), rule)),
            None => drop(global.remove(&(what, who))),
        }
    }

    /// Says that what an item is replenished by may be another rule now.
    pub fn doubt_sources_of(&mut self, item: ItemIx) {
        self.sourcing.doubt_item(item);
    }

    /// Gives a work definition another priority among those of its item and location.
    pub fn set_work_priority(&mut self, work: WorkIx, priority: i32) {
        let mut row = self.works.rows[work].clone();
        row.priority = priority;
        let item = row.item;
        self.works.rows.replace(work, row);
        let mut works = self.works.by_item.of(item).to_vec();
        works.sort_by(|a, b| self.works.order(*a).cmp(&self.works.order(*b)));
        self.works.by_item.replace(item, works);
        self.sourcing.doubt_item(item);
    }

    /// Gives an offer of a supplier another priority among those of its item.
    pub fn set_offer_priority(&mut self, offer: OfferIx, priority: i32) {
        let mut row = self.suppliers.offers.get(offer);
        row.priority = priority;
        let item = row.item;
        self.suppliers.offers.replace(offer, row);
        let mut offers = self.suppliers.by_item.of(item).to_vec();
        offers.sort_by(|a, b| self.suppliers.order(*a).cmp(&self.suppliers.order(*b)));
        self.suppliers.by_item.replace(item, offers);
        self.sourcing.doubt_item(item);
    }
}

/// Lots on hold or expired have no day, whatever the rule.
fn is_dated(supply: &Supply) -> bool {
    supply.supply.is_some() || supply.due == Day::ZERO
}
