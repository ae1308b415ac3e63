//! Puts changes into a copy of a snapshot: all of them or none.
//!
//! Rows of accounts are collected first and put back once at the end, so that many changes of one
//! account cost little more than one.

use super::{Change, ChangeKind, Fault, claims, column::ChangeColumn, column::Value};
use crate::{
    model::{AccountIx, Day, Index, Quantity, StockAccount, digest::Digest, patience::look},
    snapshot::{
        AllocationIx, CapacityIx, Names, RuleIx, Snapshot,
        capacity::CapacityRow,
        ids::Ids,
        stock::{Demand, Supply},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// A snapshot with changes.
#[derive(Debug)]
pub struct Applied {
    /// The changed copy.
    pub snapshot: Snapshot,
    /// The accounts whose base profile is another one now.
    pub touched: Vec<AccountIx>,
    /// Whether ATP rules changed: then also accounts that nothing is known of may have another base.
    pub rules_changed: bool,
}

/// Makes the changes of one list, in their order.
///
/// # Errors
/// Every fault: keys that are unknown, values that cannot be, changes that contradict each other. Then
/// nothing is changed.
pub fn apply(snapshot: &Snapshot, changes: &[Change]) -> Result<Applied, Vec<Fault>> {
    let mut contradictions = Vec::new();
    claims::check(changes, &mut contradictions);
    make(snapshot, changes, contradictions)
}

/// Makes the changes of several lists, one list after the other: a later one may change again what an
/// earlier one did.
///
/// # Errors
/// Every fault but contradictions: each list was found free of them by itself.
pub fn apply_lists(snapshot: &Snapshot, changes: &[Change]) -> Result<Applied, Vec<Fault>> {
    make(snapshot, changes, Vec::new())
}

fn make(
    snapshot: &Snapshot,
    changes: &[Change],
    contradictions: Vec<Fault>,
) -> Result<Applied, Vec<Fault>> {
    let mut changer = Changer::new(snapshot.clone());
    changer.faults.list = contradictions;
    for (at, change) in changes.iter().enumerate() {
        look();
        changer.faults.at = at;
        // A fault is noted; the others are still looked at, so that one run names all.
        let (Ok(()) | Err(Noted)) = changer.make(change);
    }
    changer.judge_shares(changes);
    changer.close();
    let Changer { mut snapshot, touched, mut faults, rules_changed, shares_changed, .. } = changer;
    if shares_changed {
        snapshot.reallocate();
    }
    snapshot.settle_sources();
    if !faults.list.is_empty() {
        faults.list.sort_by_key(|fault| fault.change);
        return Err(faults.list);
    }
    if !changes.is_empty() {
        let mut digest = Digest::default();
        digest.bytes(&snapshot.changes().to_le_bytes());
        changes.iter().for_each(|change| change.digest(&mut digest));
        snapshot.set_changes(digest.value());
    }
    let rules_changed = shares_changed || !rules_changed.is_empty();
    Ok(Applied { snapshot, touched: touched.into_iter().collect(), rules_changed })
}

/// A fault that is in the list already.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted;

/// The supplies and demands of an account while they are being changed; safety stock as levels.
#[derive(Debug)]
pub(super) struct AccountRows {
    pub(super) supplies: Vec<Supply>,
    pub(super) demands: Vec<Demand>,
    /// The change that opened it, to blame.
    by: usize,
}

#[derive(Debug)]
pub(super) struct Changer {
    pub(super) snapshot: Snapshot,
    pub(super) faults: ChangeFaults,
    rows: BTreeMap<StockAccount, AccountRows>,
    capacities: BTreeMap<CapacityIx, CapacityRow>,
    pub(super) rules_changed: BTreeSet<RuleIx>,
    /// Whether shares, where they hold, or the order of classes were changed.
    pub(super) shares_changed: bool,
    /// The periods of rules whose shares were changed, with the last change that did.
    pub(super) shared: BTreeMap<(AllocationIx, Day), usize>,
    touched: BTreeSet<AccountIx>,
}

impl Changer {
    fn new(snapshot: Snapshot) -> Self {
        Self {
            snapshot,
            faults: ChangeFaults::default(),
            rows: BTreeMap::new(),
            capacities: BTreeMap::new(),
            rules_changed: BTreeSet::new(),
            shares_changed: false,
            shared: BTreeMap::new(),
            touched: BTreeSet::new(),
        }
    }

    fn make(&mut self, change: &Change) -> Result<(), Noted> {
        match change.kind() {
            ChangeKind::SupplyAdded => self.supply_added(change),
            ChangeKind::SupplyMoved => self.supply_moved(change),
            ChangeKind::SupplyCut => self.supply_cut(change),
            ChangeKind::SupplyCancelled => self.supply_cancelled(change),
            ChangeKind::SupplyReceived => self.supply_received(change),
            ChangeKind::OnHandSet | ChangeKind::OnHandAdjusted => self.on_hand(change),
            ChangeKind::CapacitySet | ChangeKind::CapacityAdded => self.capacity(change),
            ChangeKind::LeadTimeSet => self.lead_time(change),
            ChangeKind::SourceSet | ChangeKind::SourceRemoved => self.source(change),
            ChangeKind::SourcingAssigned => self.sourcing_assigned(change),
            ChangeKind::AtpRuleSet => self.atp_rule_set(change),
            ChangeKind::AtpRuleAssigned => self.atp_rule_assigned(change),
            ChangeKind::ShareSet | ChangeKind::ShareRemoved | ChangeKind::ShareChanged => {
                self.share(change)
            }
            ChangeKind::ShareShifted | ChangeKind::ShareReleased => self.share_moved(change),
            ChangeKind::AllocationAssigned => self.allocation_assigned(change),
            ChangeKind::PrioritySet => self.priority(change),
            ChangeKind::DemandCreated => self.demand_created(change),
            ChangeKind::DemandChanged => self.demand_changed(change),
            ChangeKind::DemandShipped => self.demand_shipped(change),
            ChangeKind::DemandCancelled => self.demand_cancelled(change),
            ChangeKind::ItemSet => self.item(change),
            ChangeKind::CustomerSet => self.customer(change),
            ChangeKind::PriceSet => self.price(change),
        }
    }

    /// Notes that an account, or a part of it, has another base profile now.
    pub(super) fn touch(&mut self, account: AccountIx) {
        self.touched.insert(account);
    }

    /// An account's rows, to be changed.
    pub(super) fn rows(&mut self, account: StockAccount) -> &mut AccountRows {
        let (snapshot, by) = (&self.snapshot, self.faults.at);
        self.rows.entry(account).or_insert_with(|| {
            let (supplies, demands) = snapshot.rows_of(account);
            AccountRows { supplies, demands, by }
        })
    }

    /// An expiring account, to be changed.
    pub(super) fn capacity_row(&mut self, capacity: CapacityIx) -> &mut CapacityRow {
        let snapshot = &self.snapshot;
        self.capacities.entry(capacity).or_insert_with(|| {
            let row = &snapshot.capacities[capacity];
            row.with(row.dated.clone(), row.taken.clone())
        })
    }

    /// Puts back what was collected.
    fn close(&mut self) {
        if !self.rules_changed.is_empty() {
            self.open_ruled();
        }
        for (account, rows) in std::mem::take(&mut self.rows) {
            look();
            self.touched.insert(account.ix());
            if self.snapshot.set_rows(account, rows.supplies, rows.demands).is_err() {
                self.faults.at = rows.by;
                let name = self.snapshot.account_name(account);
                let expected = "supplies and demands of one item and location of at most 1e12";
                self.faults.note("quantity", &name, expected);
            }
        }
        for (capacity, row) in std::mem::take(&mut self.capacities) {
            look();
            let row = row.with(row.dated.clone(), by_day(&row.taken));
            self.touched.insert(self.snapshot.capacity(capacity).ix());
            self.snapshot.set_capacity(capacity, row);
        }
    }

    /// Opens every account whose ATP rule changed, so that it is worked out anew.
    fn open_ruled(&mut self) {
        let known = self.snapshot.stocks.known_accounts();
        for account in known {
            let is_other = self.snapshot.reassign(account);
            if is_other || self.rules_changed.contains(&self.snapshot.rule_ix_of(account)) {
                self.rows(account);
            }
        }
    }

    /// The quantity of a change of a stock account, as its item is kept.
    pub(super) fn quantity(
        &self,
        account: impl Into<AccountIx>,
        change: &Change,
    ) -> Option<Quantity> {
        let own = change.quantity(ChangeColumn::Quantity)?;
        let item = self.snapshot.item_of(account)?;
        Some(self.snapshot.items.keep(item, own))
    }

    /// What a stock account has of an item, in the item's own unit.
    pub(super) fn shown(&self, account: StockAccount, kept: Quantity) -> Quantity {
        self.snapshot.shown_of(account, kept)
    }

    /// The day of a date.
    pub(super) fn day(&self, change: &Change, column: ChangeColumn) -> Option<Day> {
        change.date(column).map(|date| self.snapshot.epoch().day(date))
    }
}

/// Claims summed into one a day.
fn by_day(claims: &[(Day, Quantity)]) -> Vec<(Day, Quantity)> {
    let mut days: BTreeMap<Day, Quantity> = BTreeMap::new();
    for (day, quantity) in claims {
        *days.entry(*day).or_default() += *quantity;
    }
    days.into_iter().filter(|(_, quantity)| *quantity != Quantity::ZERO).collect()
}

/// Keys of one kind that a change may name.
pub(super) trait KeysOf<I> {
    /// The index of a key, if it is known.
    fn known(&self, key: &str) -> Option<I>;
}

impl<I: Index> KeysOf<I> for Names<I> {
    fn known(&self, key: &str) -> Option<I> {
        self.get(key)
    }
}

impl<I: Index> KeysOf<I> for Ids<I> {
    fn known(&self, key: &str) -> Option<I> {
        self.get(key)
    }
}

/// What is wrong so far, and which change is being made.
#[derive(Debug, Default)]
pub(super) struct ChangeFaults {
    list: Vec<Fault>,
    pub(super) at: usize,
}

impl ChangeFaults {
    /// All that was noted.
    pub(super) fn into_list(self) -> Vec<Fault> {
        self.list
    }

    /// Notes a fault of the change that is being made.
    pub(super) fn note(&mut self, field: &'static str, value: &str, expected: &str) -> Noted {
        let (value, expected) = (value.to_string(), expected.to_string());
        self.list.push(Fault { change: self.at, field, value, expected });
        Noted
    }

    /// Notes a fault of a column.
    pub(super) fn cell(&mut self, change: &Change, column: ChangeColumn, expected: &str) -> Noted {
        let value = change.get(column).map(ToString::to_string).unwrap_or_default();
        self.note(column.name(), &value, expected)
    }

    /// The index of a column's key, if one is given.
    pub(super) fn may<I>(
        &mut self,
        names: &impl KeysOf<I>,
        change: &Change,
        column: ChangeColumn,
        what: &str,
    ) -> Result<Option<I>, Noted> {
        let Some(key) = change.text(column) else {
            return Ok(None);
        };
        let found = names.known(key);
        found.map(Some).ok_or_else(|| self.cell(change, column, &format!("a known {what}")))
    }

    /// The index of a column's key, which must be given.
    pub(super) fn need<I>(
        &mut self,
        names: &impl KeysOf<I>,
        change: &Change,
        column: ChangeColumn,
        what: &str,
    ) -> Result<I, Noted> {
        match self.may(names, change, column, what)? {
            Some(index) => Ok(index),
            None => Err(self.cell(change, column, &format!("a known {what}"))),
        }
    }
}

impl Change {
    pub(super) fn text(&self, column: ChangeColumn) -> Option<&str> {
        match self.get(column)? {
            Value::Text(text) => Some(text),
            Value::Date(_) | Value::Quantity(_) | Value::Money(_) | Value::Whole(_) => None,
        }
    }

    pub(super) fn date(&self, column: ChangeColumn) -> Option<jiff::civil::Date> {
        match self.get(column)? {
            Value::Date(date) => Some(*date),
            Value::Text(_) | Value::Quantity(_) | Value::Money(_) | Value::Whole(_) => None,
        }
    }

    /// The quantity in a column.
    pub fn quantity(&self, column: ChangeColumn) -> Option<Quantity> {
        match self.get(column)? {
            Value::Quantity(quantity) => Some(*quantity),
            Value::Text(_) | Value::Date(_) | Value::Money(_) | Value::Whole(_) => None,
        }
    }

    pub(super) fn money(&self, column: ChangeColumn) -> Option<crate::model::Money> {
        match self.get(column)? {
            Value::Money(money) => Some(*money),
            Value::Text(_) | Value::Date(_) | Value::Quantity(_) | Value::Whole(_) => None,
        }
    }

    pub(super) fn whole(&self, column: ChangeColumn) -> Option<i32> {
        match self.get(column)? {
            Value::Whole(whole) => Some(*whole),
            Value::Text(_) | Value::Date(_) | Value::Quantity(_) | Value::Money(_) => None,
        }
    }
}
