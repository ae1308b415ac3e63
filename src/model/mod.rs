//! The vocabulary: numbers, days, dense indices, postings and profiles.
//!
//! Nothing here knows what an order or a bill of material is. No behaviour beyond arithmetic,
//! parsing and printing. Start at [`profile`], the heart of the engine.

pub mod stored;
pub mod column;
pub mod digest;
pub mod patience;
pub mod quantity;
pub mod ratio;
pub mod time;
pub mod calendar;
pub mod capacity;
pub mod moment;
pub mod posting;
pub mod account;
mod day_change;
mod packed_ref;
pub mod stock_ref;
pub mod packed;
pub mod profile;
mod gained;
pub mod trie;
pub mod layered;
pub mod index;
pub mod coded;

pub use account::{AccountKind, CapacityAccount, StockAccount};
pub use calendar::Calendar;
pub use capacity::Capacity;
pub use index::{Index, Table};
pub use moment::{DayPart, Moment};
pub use posting::{AccountIx, Posting};
pub use profile::{Consumption, Profile, ProfileRef, Stock};
pub use quantity::{Money, NumberFault, Quantity};
pub use ratio::Ratio;
pub use stock_ref::StockRef;
pub use time::{Day, Epoch};
