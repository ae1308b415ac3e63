//! Immutable planning data: validated once, interned, indexed.
//!
//! A [`Snapshot`] is one struct a subject; each subject keeps its names and its rows, and answers the
//! questions that planning asks. It is made only by [`Builder`], which collects every fault of the data
//! before it gives up. Nothing here knows what a promise is (invariant S1: every reference resolves, no
//! structure has a cycle, every calendar covers the horizon, every number is within limits).

// Names, indices, closed lists.
pub mod index;
pub mod names;
pub mod ids;
pub mod kinds;
pub mod adopt;
pub mod tree;
pub mod units;

// Tables and their rows, as a loader hands them over.
pub mod schema;
pub mod problem;
pub mod gaps;
pub mod mapping;
pub mod cells;
pub mod row;

// Rules.
pub mod atp_rule;
pub mod allocation_rule;
pub mod policy;

// Stock: supplies, demands, forecasts, the parts of an account.
pub mod entries;
mod stock_rows;
mod sums;
pub mod columns;
mod bucket;
pub mod count;
pub mod forecast;
pub mod running;
pub mod parts;
pub mod block;
mod part_accounts;
pub mod stock;

// Where things are, how they are made, bought and moved.
pub mod location;
pub mod capacity;
pub mod offers;
pub mod item;
pub mod making;
pub mod sourcing;
pub mod sources;
pub mod structure;

// Allocation rules where they hold.
pub mod allocations;
mod allocated;

// The whole: how it is made, changed and adopted from.
pub mod watermark;
mod size;
mod adopting;
mod edit;
pub mod builder;

pub use adopt::Adopted;
pub use builder::{Builder, Loaded, Manifest};
pub use index::{
    AllocationIx, CalendarIx, CapacityIx, CategoryIx, ClassIx, CustomerIx, DemandIx, ItemIx,
    LocationIx, MethodIx, OfferIx, ResourceIx, RuleIx, SourcingIx, SupplierIx, SupplyIx, WorkIx,
    ZoneIx,
};
pub use mapping::Mapping;
pub use names::Names;
pub use parts::Part;
pub use problem::{Problem, Problems, Severity};

use crate::model::{
    AccountIx, AccountKind, Capacity, CapacityAccount, Day, Epoch, Quantity, StockAccount, StockRef,
};
use atp_rule::AtpRule;
use count::Counting;
use forecast::Shipped;
use index::{at, position};
use std::sync::Arc;

/// The planning data of one instant: a value, whose copies share all that is not changed in one of them.
///
/// ```
/// use promised::{allocation, loader, model::{Day, Quantity}};
/// # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
/// let loaded = loader::open("snapshots/tiny".as_ref(), &loader::Silent)?;
/// let snapshot = loaded.snapshot.expect("it is sound");
/// let pump = snapshot.items.names.get("PUMP").expect("it is sold");
/// let hamburg = snapshot.locations.names.get("HAM").expect("it ships");
/// let account = snapshot.stock(pump, hamburg);
/// assert_eq!(allocation::profile(&snapshot, account).available(Day::ZERO), Quantity::units(3));
/// assert_eq!(snapshot.account_name(account), "PUMP@HAM");
/// # Ok::<(), loader::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Snapshot {
    id: Arc<str>,
    epoch: Epoch,
    currency: Arc<str>,
    changes: u128,
    /// Up to when each source system is contained.
    pub watermarks: watermark::Watermarks,
    /// Whether supply that is for no order line takes the place of what was planned for promises.
    pub takes_over: bool,
    /// The check sum of the tables that it was built of; none where nobody keeps them.
    pub sum: Option<Arc<str>>,
    adopted: Adopted,
    /// Items, categories, units of measure, substitutes.
    pub items: item::Items,
    /// Locations.
    pub locations: location::Locations,
    /// Calendars.
    pub calendars: location::Calendars,
    /// Zones of customers.
    pub zones: location::Zones,
    /// Customers.
    pub customers: location::Customers,
    /// Lanes and ship methods.
    pub lanes: location::Lanes,
    /// Ship methods, by name.
    pub methods: location::Methods,
    /// Demand classes.
    pub classes: policy::Classes,
    /// ATP rules and where they hold.
    pub rules: policy::AtpRules,
    /// Resources.
    pub resources: making::Resources,
    /// Work definitions.
    pub works: making::Works,
    /// Suppliers and what they offer.
    pub suppliers: making::Suppliers,
    /// Who ships to whom, and how a location is replenished.
    pub sourcing: sourcing::Sourcing,
    /// Who may take how much of scarce supply.
    pub allocation: allocations::Allocations,
    /// Expiring accounts.
    pub capacities: capacity::Capacities,
    /// Stock accounts and their profiles.
    pub stocks: stock::Stocks,
    /// Scheduled supplies.
    pub supplies: stock::Supplies,
    /// Demands of the snapshot.
    pub demands: stock::Demands,
    /// Forecasts among them, and what consumes them.
    pub forecasts: forecast::Forecasts,
}

impl Snapshot {
    /// Its unique name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What ties days to dates, and the horizon.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The one currency of its money.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// The account of an item at a location. There is always one, also where no table names the pair.
    pub fn stock(&self, item: ItemIx, location: LocationIx) -> StockAccount {
        StockAccount::known(self.stocks.account(item, location).unwrap_or_else(|| {
            let pair = position(item) * self.locations.names.len() as u64;
            AccountIx(self.n_accounts() + pair + position(location))
        }))
    }

    /// Accounts that tables name; those after them are the item and location pairs that none names.
    pub fn n_accounts(&self) -> u64 {
        (self.stocks.len() + self.capacities.len()) as u64
    }

    /// The expiring account of this index.
    pub fn capacity(&self, capacity: CapacityIx) -> CapacityAccount {
        CapacityAccount::known(AccountIx(self.stocks.len() as u64 + position(capacity)))
    }

    /// Of which kind an account is.
    ///
    /// # Panics
    /// It is no account: what promises use up of forecasts is posted on numbers past all of them (`ledger/uses.rs`).
    pub fn kind(&self, account: AccountIx) -> AccountKind {
        assert!(account.0 < PAST_ACCOUNTS, "{account:?} is no account of a snapshot");
        if account.0 < self.stocks.len() as u64 || self.n_accounts() <= account.0 {
            AccountKind::Stock(StockAccount::known(account))
        } else {
            AccountKind::Capacity(CapacityAccount::known(account))
        }
    }

    /// An account as one of stock; none if it expires.
    pub fn as_stock(&self, account: AccountIx) -> Option<StockAccount> {
        match self.kind(account) {
            AccountKind::Stock(stock) => Some(stock),
            AccountKind::Capacity(_) => None,
        }
    }

    /// What an account is.
    pub fn account(&self, account: impl Into<AccountIx>) -> Account {
        match self.kind(account.into()) {
            AccountKind::Capacity(capacity) => Account::Capacity(self.expiring(capacity)),
            AccountKind::Stock(stock) => match self.whole(stock.ix()) {
                Some((whole, part)) => Account::Part(whole, part),
                None => {
                    let (item, location) = self.pair(stock);
                    Account::Stock(item, location)
                }
            },
        }
    }

    /// The index of an expiring account.
    pub(crate) fn expiring(&self, account: CapacityAccount) -> CapacityIx {
        at(account.ix().0 - self.stocks.len() as u64)
    }

    /// The ATP rule of an item at a location, also where no table names the pair.
    pub fn rule(&self, item: ItemIx, location: LocationIx) -> &AtpRule {
        &self.rules[self.rule_ix(item, location)]
    }

    /// The same by its index.
    fn rule_ix(&self, item: ItemIx, location: LocationIx) -> RuleIx {
        let named = self.stocks.account(item, location).and_then(|at| self.stocks.rule(at));
        named.unwrap_or_else(|| self.rules.of_pair(item, self.items.category(item), location))
    }

    /// By what the rows of an item at a location count.
    pub fn counting(&self, item: ItemIx, location: LocationIx) -> Counting<'_> {
        let receiving = self.calendars.of(self.locations.rows[location].receiving);
        let (rule, end) = (self.rule(item, location), self.epoch.end());
        Counting { rule, end, receiving, classes: &self.classes }
    }

    /// By what the rows of a stock account count.
    pub(super) fn counting_of(&self, account: StockAccount) -> Counting<'_> {
        let (item, location) = self.pair(account);
        self.counting(item, location)
    }

    /// Which bucket of an account's what is shipped uses up.
    pub fn consumed_bucket(&self, account: StockAccount, shipped: Shipped) -> Option<usize> {
        let buckets = self.forecasts.of(account);
        if buckets.is_empty() {
            return None;
        }
        self.counting_of(account).fitting(buckets, shipped)
    }

    /// The item and the location of a stock account, or of the one that it is a part of.
    pub fn pair(&self, account: StockAccount) -> (ItemIx, LocationIx) {
        let account = account.ix();
        if account.0 < self.stocks.len() as u64 {
            return self.stocks.pair(account);
        }
        match self.whole(account) {
            Some((whole, _)) => self.pair(whole),
            None => {
                let pair = account.0 - self.n_accounts();
                let n_locations = self.locations.names.len() as u64;
                (at(pair / n_locations), at(pair % n_locations))
            }
        }
    }

    /// The item that an account holds a quantity of: its own, or the one that a supplier's capacity is of.
    pub fn item_of(&self, account: impl Into<AccountIx>) -> Option<ItemIx> {
        match self.account(account) {
            Account::Stock(item, _) => Some(item),
            Account::Part(whole, _) => self.item_of(whole),
            Account::Capacity(capacity) => match self.capacities[capacity].owner {
                capacity::Owner::Supplier(_, item) => Some(item),
                capacity::Owner::Resource(_) | capacity::Owner::House(_) => None,
            },
        }
    }

    /// The lot that an account's goods are ordered in, if they are.
    pub fn lot_of(&self, account: impl Into<AccountIx>) -> Option<Quantity> {
        match self.account(account) {
            Account::Stock(item, _) => self.items.lot_multiple(item),
            Account::Capacity(_) | Account::Part(..) => None,
        }
    }

    /// What is kept on an account as files and wire show it: in the item's own unit, where it holds an item.
    pub fn shown_of(&self, account: impl Into<AccountIx>, kept: Quantity) -> Quantity {
        self.item_of(account).map_or(kept, |item| self.items.shown(item, kept))
    }

    /// The ATP rule of a stock account.
    pub fn rule_of(&self, account: StockAccount) -> &AtpRule {
        &self.rules[self.rule_ix_of(account)]
    }

    /// The ATP rule that says how lines of an item are promised, wherever from: objective, splits and
    /// substitutes (semantics 11).
    pub fn rule_of_lines(&self, item: ItemIx) -> &AtpRule {
        &self.rules[self.rules.of_item(item, self.items.category(item))]
    }

    /// The first day on which rows of an account do not count: the end of the horizon, or its rule's fence.
    pub fn counted_until(&self, account: impl Into<AccountIx>) -> Day {
        match self.account(account) {
            Account::Stock(item, location) => self.rule(item, location).window(self.epoch).end,
            Account::Part(whole, _) => self.counted_until(whole),
            Account::Capacity(_) => self.epoch.end(),
        }
    }

    /// The profile of a stock account as the snapshot has it, before any promise; none of a part of one: that is what an
    /// allocation rule makes of it ([`crate::allocation::profile`]).
    pub fn whole_stock(&self, account: StockAccount) -> Option<StockRef<'_>> {
        // Most are named, and what else there is to know of them would be another cache miss.
        if let Some(stock) = self.stocks.profile(account.ix()) {
            return Some(stock);
        }
        if self.whole(account.ix()).is_some() {
            return None;
        }
        let (item, location) = self.pair(account);
        Some(StockRef::empty(self.rule(item, location).consumption))
    }

    /// The profile of an expiring account as the snapshot has it, before any promise.
    pub fn opening_capacity(&self, account: CapacityAccount) -> &Capacity {
        self.capacities.profile(self.expiring(account), &self.calendars, self.epoch)
    }

    /// An account in a planner's words.
    pub fn account_name(&self, account: impl Into<AccountIx>) -> String {
        match self.account(account) {
            Account::Stock(item, location) => {
                format!("{}@{}", self.items.names.name(item), self.locations.names.name(location))
            }
            Account::Capacity(capacity) => match self.capacities[capacity].owner {
                capacity::Owner::Resource(resource) => {
                    format!("resource {}", self.resources.names.name(resource))
                }
                capacity::Owner::Supplier(supplier, item) => {
                    let item = self.items.names.name(item);
                    format!("supplier {} of {item}", self.suppliers.names.name(supplier))
                }
                capacity::Owner::House(location) => {
                    format!("order lines of {}", self.locations.names.name(location))
                }
            },
            Account::Part(whole, part) => self.part_name(whole, part),
        }
    }
}

/// Numbers from here on are no accounts.
pub(crate) const PAST_ACCOUNTS: u64 = 1 << 63;

/// What an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// An item at a location.
    Stock(ItemIx, LocationIx),
    /// An expiring account.
    Capacity(CapacityIx),
    /// A part of a stock account that an allocation rule gives an account of its own.
    Part(StockAccount, Part),
}
