//! About how much memory a snapshot takes: what grows with its tables, counted; the rest is small.

use super::{
    Names, Snapshot,
    stock::{Demand, StockRow, Supply},
};
use crate::model::{AccountIx, Index};
use std::mem::size_of;

/// Bytes of one dated entry of a profile: its day, balance, low and commitments.
const ENTRY_BYTES: usize = size_of::<u16>() + 3 * size_of::<i64>();

impl Snapshot {
    /// Bytes that it takes, about.
    pub fn bytes(&self) -> u64 {
        let stocks = self.stocks.n_entries() * ENTRY_BYTES
            + self.stocks.len() * (size_of::<StockRow>() + 4 * size_of::<u32>());
        let row = size_of::<AccountIx>();
        let supplies = self.supplies.names.len() * (size_of::<Supply>() + row);
        let demands = self.demands.names.len() * (size_of::<Demand>() + row);
        let names = bytes_of(&self.supplies.names)
            + bytes_of(&self.demands.names)
            + bytes_of(&self.items.names)
            + bytes_of(&self.customers.names)
            + bytes_of(&self.locations.names);
        (stocks + supplies + demands) as u64 + names
    }
}

fn bytes_of<I: Index>(names: &Names<I>) -> u64 {
    names.bytes() as u64
}
