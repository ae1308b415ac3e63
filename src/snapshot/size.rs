//! About how much memory a snapshot takes: what grows with its tables, counted; the rest is small.

use super::Snapshot;
use crate::model::stored::Stored;

impl Snapshot {
    /// Bytes that it takes, about.
    pub fn bytes(&self) -> u64 {
        self.bytes_by_part().iter().map(|(_, bytes)| bytes).sum()
    }

    /// Bytes of what changes have put in the place of rows of its large parts, as far as another copy does not share
    /// it, about: the way there, and not what stands at its end.
    pub fn bytes_beyond(&self, other: &Snapshot) -> usize {
        self.supplies.bytes_beyond(&other.supplies)
            + self.demands.bytes_beyond(&other.demands)
            + self.stocks.bytes_beyond(&other.stocks)
            + self.items.bytes_beyond(&other.items)
            + self.suppliers.offers.bytes_beyond(&other.suppliers.offers)
            + self.capacities.bytes_beyond(&other.capacities)
    }

    /// Whether one is a changed copy of the other, or both are of a third one: they share all that was loaded.
    pub fn is_kin_of(&self, other: &Snapshot) -> bool {
        self.stocks.is_kin_of(&other.stocks)
    }

    /// Bytes that its large parts take, about, with their names.
    pub fn bytes_by_part(&self) -> [(&'static str, u64); 10] {
        let parts = [
            ("supplies", self.supplies.bytes() - self.supplies.names.bytes()),
            ("ids of supplies", self.supplies.names.bytes()),
            ("demands", self.demands.bytes() - self.demands.names.bytes()),
            ("ids of demands", self.demands.names.bytes()),
            ("accounts and profiles", self.stocks.bytes()),
            ("local sources", self.sourcing.of_account.bytes()),
            ("items", self.items.bytes()),
            ("offers", self.suppliers.offers.bytes() + self.suppliers.by_item.bytes()),
            ("limits a day", self.capacities.bytes()),
            ("customers", self.customers.names.bytes() + self.customers.rows.bytes()),
        ];
        parts.map(|(part, bytes)| (part, bytes as u64))
    }
}
