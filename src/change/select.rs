//! Changes that name supplies by what they have in common: "supplier X is two weeks late" is one row.
//!
//! Such a change is made of every supply that fits, one by one: that is what the journal says happened. What fits is
//! judged by the planning data before the list.

use super::{
    Change, ChangeKind, Fault,
    column::{ChangeColumn, Value},
};
use crate::{
    limits::CHANGES_MAX,
    model::{Day, StockAccount},
    snapshot::{
        Account, ItemIx, LocationIx, Names, Snapshot, SupplierIx,
        kinds::{SUPPLY_KINDS, SupplyKind},
        row::choice,
        stock::Supply,
    },
};

/// The columns that supplies are told by.
pub const SELECTORS: &[ChangeColumn] = &[
    ChangeColumn::Supplier,
    ChangeColumn::Item,
    ChangeColumn::Location,
    ChangeColumn::Type,
    ChangeColumn::DateFrom,
    ChangeColumn::DateTo,
];

/// A list in which every supply is named.
#[derive(Debug)]
pub struct Settled {
    /// The changes, in their order.
    pub changes: Vec<Change>,
    /// For each the place in the list as given.
    places: Vec<usize>,
}

impl Settled {
    /// Faults of the list as they are of the list as given.
    pub fn placed(&self, faults: Vec<Fault>) -> Vec<Fault> {
        let at = |at: usize| self.places.get(at).copied().unwrap_or(at);
        faults.into_iter().map(|fault| Fault { change: at(fault.change), ..fault }).collect()
    }
}

impl ChangeKind {
    /// Whether it may name supplies by what they have in common.
    pub fn selects(self) -> bool {
        matches!(
            self,
            Self::SupplyMoved | Self::SupplyCut | Self::SupplyCancelled | Self::SupplyReceived
        )
    }
}

impl Change {
    /// Whether it names supplies by what they have in common.
    pub fn is_selecting(&self) -> bool {
        self.kind.selects() && self.get(ChangeColumn::Supply).is_none()
    }

    /// The same of one supply.
    fn of_supply(&self, supply: &str) -> Self {
        let cells = self.cells.iter().filter(|(column, _)| !SELECTORS.contains(column)).cloned();
        let named = (ChangeColumn::Supply, Value::Text(supply.into()));
        Self { kind: self.kind, cells: [named].into_iter().chain(cells).collect() }
    }
}

/// Names every supply in the place of changes that select some; none where no change does.
///
/// # Errors
/// A key that is unknown, or that no supply fits.
pub fn settled(snapshot: &Snapshot, changes: &[Change]) -> Result<Option<Settled>, Vec<Fault>> {
    if !changes.iter().any(Change::is_selecting) {
        return Ok(None);
    }
    let mut settled = Settled { changes: Vec::new(), places: Vec::new() };
    let mut faults = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        if !change.is_selecting() {
            settled.changes.push(change.clone());
            settled.places.push(at);
            continue;
        }
        match supplies(snapshot, at, change) {
            Ok(names) => {
                settled.places.extend(names.iter().map(|_| at));
                settled.changes.extend(names.iter().map(|name| change.of_supply(name)));
            }
            Err(found) => faults.extend(found),
        }
    }
    if CHANGES_MAX < settled.changes.len() {
        let n = settled.changes.len();
        let expected = format!(
            "a filter that all changes together fit at most {CHANGES_MAX} supplies, not {n}"
        );
        faults.push(Fault { change: 0, field: "supply", value: String::new(), expected });
    }
    if faults.is_empty() { Ok(Some(settled)) } else { Err(faults) }
}

/// How many supplies each change of a list as given met, as the list that was made of it says.
pub fn met(given: &[Change], made: &[Change]) -> Vec<u64> {
    let one = |change: &Change| {
        if !change.is_selecting() {
            return 1;
        }
        let is_of_it =
            |one: &&Change| one.supply().is_some_and(|supply| change.of_supply(supply) == **one);
        // The same row twice met the same supplies twice.
        let n_same = given.iter().filter(|other| *other == change).count();
        (made.iter().filter(is_of_it).count() / n_same) as u64
    };
    given.iter().map(one).collect()
}

/// What a selecting change asks for.
struct Wanted {
    supplier: Option<SupplierIx>,
    item: Option<ItemIx>,
    location: Option<LocationIx>,
    kind: Option<SupplyKind>,
    from: Option<Day>,
    to: Option<Day>,
}

impl Wanted {
    fn fits(&self, (item, location): (ItemIx, LocationIx), supply: &Supply) -> bool {
        self.supplier.is_none_or(|supplier| supply.supplier == Some(supplier))
            && self.item.is_none_or(|wanted| item == wanted)
            && self.location.is_none_or(|wanted| location == wanted)
            && self.kind.is_none_or(|kind| supply.kind == kind)
            && self.from.is_none_or(|from| from <= supply.due)
            && self.to.is_none_or(|to| supply.due <= to)
    }
}

/// The ids of the supplies that fit, by account.
fn supplies(snapshot: &Snapshot, at: usize, change: &Change) -> Result<Vec<String>, Vec<Fault>> {
    let mut faults = Vec::new();
    let fault = |column: ChangeColumn, expected: &str| Fault {
        change: at,
        field: column.name(),
        value: change.get(column).map(ToString::to_string).unwrap_or_default(),
        expected: expected.to_string(),
    };
    fn known<I: crate::model::Index>(
        names: &Names<I>,
        change: &Change,
        column: ChangeColumn,
    ) -> Result<Option<I>, ()> {
        change.text(column).map(|key| names.get(key).ok_or(())).transpose()
    }
    let supplier = known(&snapshot.suppliers.names, change, ChangeColumn::Supplier);
    let item = known(&snapshot.items.names, change, ChangeColumn::Item);
    let location = known(&snapshot.locations.names, change, ChangeColumn::Location);
    let kind = change.text(ChangeColumn::Type).map(|word| choice(SUPPLY_KINDS, word)).transpose();
    let (supplier, item, location, kind) = match (supplier, item, location, kind) {
        (Ok(supplier), Ok(item), Ok(location), Ok(kind)) => (supplier, item, location, kind),
        (supplier, item, location, kind) => {
            faults
                .extend(supplier.err().map(|()| fault(ChangeColumn::Supplier, "a known supplier")));
            faults.extend(item.err().map(|()| fault(ChangeColumn::Item, "a known item")));
            faults
                .extend(location.err().map(|()| fault(ChangeColumn::Location, "a known location")));
            faults.extend(kind.err().map(|expected| fault(ChangeColumn::Type, &expected)));
            return Err(faults);
        }
    };
    let day = |column| change.date(column).map(|date| snapshot.epoch().day(date));
    let (from, to) = (day(ChangeColumn::DateFrom), day(ChangeColumn::DateTo));
    let wanted = Wanted { supplier, item, location, kind, from, to };
    let accounts: Vec<StockAccount> = match (item, location) {
        (Some(item), Some(location)) => vec![snapshot.stock(item, location)],
        (Some(_), None) | (None, _) => snapshot.stocks.known_accounts(),
    };
    let mut names = Vec::new();
    for account in accounts {
        let Account::Stock(item, location) = snapshot.account(account) else { continue };
        let fitting = snapshot.supplies.of(account).iter();
        let fitting = fitting.filter(|supply| wanted.fits((item, location), supply));
        names.extend(
            fitting.filter_map(|supply| supply.supply).map(|ix| snapshot.supplies.names.name(ix)),
        );
    }
    if names.is_empty() {
        let first = SELECTORS.iter().find(|column| change.get(**column).is_some());
        let column = first.copied().unwrap_or(ChangeColumn::Supply);
        return Err(vec![fault(column, "what some supply has: none fits")]);
    }
    names.sort_unstable();
    Ok(names)
}
