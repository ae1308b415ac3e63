//! Changes of planning data, as data: what a planner asks "what if" about, and what net change brings.
//!
//! A [`Change`] is one row of `changes.csv`: a kind and, in the caller's own keys, the cells that this
//! kind has. It is the same thing in a file, on the wire and in the journal. [`apply`] puts a list of
//! them into a copy of a snapshot, all or nothing; it does not know promises, and never touches the
//! snapshot that it was given.
//!
//! Invariant: a snapshot with a change answers as one built from tables with that change in them.
//! Start at [`ChangeKind`], which says what there is to change, then `apply.rs`.

mod column;
mod kind;
mod claims;
mod apply;
mod assign;
mod capacity;
mod demand;
mod master;
mod rules;
pub mod select;
mod read;
mod shares;
mod supply;
mod vary;

pub use apply::{Applied, apply, apply_lists};
pub use claims::Claims;
pub use column::{COLUMNS, ChangeColumn, SCHEMA, Value};
pub use kind::{ChangeKind, Reach};
pub use shares::Move;
pub use vary::Vary;

use crate::{
    model::{AccountIx, StockAccount, digest::Digest},
    snapshot::Snapshot,
};

/// One change of planning data.
///
/// ```
/// use promised::change::{Change, ChangeKind};
/// let cells = [("supply", "PO-1"), ("date", "2026-12-08")];
/// let cell = |column| cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| *cell);
/// let change = Change::read(0, "supply_moved", cell).expect("it says all that it must");
/// assert_eq!(change.kind().word(), "supply_moved");
/// assert_eq!(change.supply(), Some("PO-1"));
/// let faults = Change::read(0, "supply_moved", |_| None).expect_err("which one, and where to?");
/// assert_eq!(faults[0].field, "supply");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    kind: ChangeKind,
    /// In the order of [`COLUMNS`].
    cells: Vec<(ChangeColumn, Value)>,
}

/// Why a change cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The position of the change in its list.
    pub change: usize,
    /// The column.
    pub field: &'static str,
    /// What was given.
    pub value: String,
    /// What was expected.
    pub expected: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { change, field, value, expected } = self;
        write!(f, "change {}, {field} {value:?}: expected {expected}", change + 1)
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.word())?;
        let mut sign = " ";
        for (column, value) in self.cells() {
            write!(f, "{sign}{column} {value}")?;
            sign = ", ";
        }
        Ok(())
    }
}

impl Change {
    /// What is changed.
    pub fn kind(&self) -> ChangeKind {
        self.kind
    }

    /// Its cells as text, without `change` itself and without empty ones; [`Change::read`] reads them.
    pub fn cells(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.cells.iter().map(|(column, value)| (column.name(), value.to_string()))
    }

    /// The order line that it is about: the key of a demand, or of the one that a supply is made for.
    pub fn order_line(&self) -> Option<&str> {
        self.text(ChangeColumn::Demand)
    }

    /// The supply that it is about.
    pub fn supply(&self) -> Option<&str> {
        self.text(ChangeColumn::Supply)
    }

    /// Bytes that it takes, about.
    pub fn bytes(&self) -> usize {
        let text = |(_, value): &(ChangeColumn, Value)| match value {
            Value::Text(text) => text.len(),
            Value::Date(_) | Value::Quantity(_) | Value::Money(_) | Value::Whole(_) => 0,
        };
        let texts: usize = self.cells.iter().map(text).sum();
        size_of::<Self>() + size_of::<(ChangeColumn, Value)>() * self.cells.capacity() + texts
    }

    /// Feeds it to a digest.
    pub fn digest(&self, digest: &mut Digest) {
        digest.text(self.kind.word());
        for (name, value) in self.cells() {
            digest.text(name);
            digest.text(&value);
        }
    }

    /// The account that it is of, where it is of one and a snapshot knows it.
    pub fn account(&self, snapshot: &Snapshot) -> Option<AccountIx> {
        let key = |column| self.text(column);
        if let Some(supply) = key(ChangeColumn::Supply) {
            let found = snapshot.supplies.account(snapshot.supplies.names.get(supply)?);
            return found.map(StockAccount::ix);
        }
        if let Some(demand) = key(ChangeColumn::Demand) {
            let found = snapshot.demands.account(snapshot.demands.names.get(demand)?);
            return found.map(StockAccount::ix);
        }
        if let Some(resource) = key(ChangeColumn::Resource) {
            let resource = snapshot.resources.names.get(resource)?;
            return Some(snapshot.capacity(snapshot.resources.rows[resource].capacity).ix());
        }
        let item = snapshot.items.names.get(key(ChangeColumn::Item)?)?;
        let location = snapshot.locations.names.get(key(ChangeColumn::Location)?)?;
        Some(snapshot.stock(item, location).ix())
    }

    fn get(&self, column: ChangeColumn) -> Option<&Value> {
        let found = self.cells.iter().find(|(other, _)| *other == column);
        found.map(|(_, value)| value)
    }
}
