//! A principal: somebody with a name, what he may do, and how far that goes.

use super::roles::{Role, Roles};
use std::{collections::BTreeSet, sync::Arc, time::Duration};

/// The name of whoever calls where nobody is asked who he is.
pub(in crate::rpc) const ANONYMOUS: &str = "anonymous";

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// His name, as it stands in entries of the journal.
    pub name: Arc<str>,
    /// What he may do.
    pub roles: Roles,
    /// How far that goes.
    pub bounds: Bounds,
    /// Whether he sees cost and profit.
    pub economics: bool,
    /// His own limits, where he has some.
    pub limits: Quotas,
    /// Whether nobody is asked who he is, so that his own word is taken.
    pub is_open: bool,
}

/// What somebody may name and see; none of a kind: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Bounds {
    /// Demand classes.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub classes: BTreeSet<String>,
    /// Customers.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub customers: BTreeSet<String>,
    /// Locations.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub locations: BTreeSet<String>,
    /// Sources of changes.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub sources: BTreeSet<String>,
}

/// How much somebody may ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Quotas {
    /// Calls in a second.
    pub calls_a_second: Option<u32>,
    /// Calls under way, open streams among them.
    pub calls_at_once: Option<u32>,
    /// Lines in a minute.
    pub lines_a_minute: Option<u32>,
    /// Units that he may hold without having confirmed them.
    pub held_quantity: Option<u64>,
    /// How long a hold of his lasts at most.
    pub hold_for_at_most: Option<Duration>,
}

impl Quotas {
    /// These, and where one is missing that of others.
    pub fn or(self, others: Self) -> Self {
        Self {
            calls_a_second: self.calls_a_second.or(others.calls_a_second),
            calls_at_once: self.calls_at_once.or(others.calls_at_once),
            lines_a_minute: self.lines_a_minute.or(others.lines_a_minute),
            held_quantity: self.held_quantity.or(others.held_quantity),
            hold_for_at_most: self.hold_for_at_most.or(others.hold_for_at_most),
        }
    }
}

/// A kind of bound, by the names that fields have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rpc) enum BoundKind {
    Class,
    Customer,
    Location,
    Source,
}

impl Bounds {
    /// Whether there is none of any kind.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether there is one on whose promises may be seen.
    pub(in crate::rpc) fn is_on_orders(&self) -> bool {
        !(self.classes.is_empty() && self.customers.is_empty() && self.locations.is_empty())
    }

    /// The names of a kind; empty where all may be named.
    pub(in crate::rpc) fn of(&self, kind: BoundKind) -> &BTreeSet<String> {
        match kind {
            BoundKind::Class => &self.classes,
            BoundKind::Customer => &self.customers,
            BoundKind::Location => &self.locations,
            BoundKind::Source => &self.sources,
        }
    }

    /// Whether a name is within; no name is where all are.
    pub(in crate::rpc) fn has(&self, kind: BoundKind, name: &str) -> bool {
        let names = self.of(kind);
        names.is_empty() || names.contains(name)
    }
}

impl Principal {
    /// Anybody, on a server that asks nobody.
    pub fn open(name: Option<Arc<str>>) -> Self {
        Self {
            name: name.unwrap_or_else(|| ANONYMOUS.into()),
            roles: Roles::all(),
            bounds: Bounds::default(),
            economics: true,
            limits: Quotas::default(),
            is_open: true,
        }
    }

    /// Whether he sees cost and profit.
    pub fn sees_economics(&self) -> bool {
        self.economics || self.roles.has(Role::Admin)
    }

    /// Whether requests and answers of his have to be looked through.
    pub(in crate::rpc) fn is_bounded(&self) -> bool {
        !self.bounds.is_none() || !self.sees_economics() || !self.roles.has(Role::Admin)
    }
}
