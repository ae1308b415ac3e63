//! The one place where state, time and threads meet.
//!
//! An [`Engine`] is a handle: everybody who holds one may read the current [`World`](crate::ledger::World) without a lock and
//! ask for a change. Changes go through one bounded queue to one writer thread (`writer.rs`), which
//! admits and commits in memory; a second thread (`durable.rs`) journals, publishes and then answers:
//! nothing is visible, and nobody is answered, before it is durable. Questions that change nothing need no operation here: they are planned by the
//! caller against [`Engine::pin`].
//!
//! What is absent: no lock around the state, no second way to change it, no clock but the one passed in.

mod background;
pub mod clock;
pub mod backlog;
mod current;
mod ending;
mod force;
pub mod identity;
pub mod list;
mod lookups;
pub mod planning;
pub mod reading;
mod room;
pub mod sorted;
mod time;
mod told;
pub mod traced;
mod watching;
pub mod whatif;
pub mod scenarios;
pub mod error;
mod caller;
pub mod outcome;
mod pending;
mod job;
mod snapshot_source;
mod config;
mod leadership;
mod swap;
pub mod body;
pub mod command;
pub mod draft;
mod handle;
mod live;
mod message;
mod planned;
mod plans;
mod remembered;
mod renew;
mod task;
mod amending;
mod fence;
mod aside;
mod lane;
pub mod node;
mod questions;
mod recovery;
mod earlier;
pub mod feed;
pub mod refresh;
pub mod backup;
mod saving;
mod durable;
mod sending;
pub mod selfcheck;
pub mod sweep;
mod watch;
mod news;
pub mod within;
pub mod apply;
pub mod revert;
mod waking;
mod writer;
mod activate;
mod assembled;
mod forgetting;
mod grouping;
mod perform;
mod standing;
pub mod stepped;
mod start;
mod threaded;
#[cfg(test)]
mod smallest;

pub use amending::amended_to;
pub use background::yield_to_others;
pub use clock::{Clock, SteadyTime, Today};
pub use command::*;
pub use config::Config;
pub use ending::{StopHook, Stopped};
pub use error::Error;
pub use handle::Engine;
pub use identity::Identity;
pub use list::{ListFilter, ListPage, Page};
pub use outcome::{Answer, ChangeOutcome, ManyOutcome, NetOutcome, PromiseOutcome};
pub use planned::misnamed;
pub use snapshot_source::SnapshotSource;
pub use stepped::Steps;
pub use swap::Swapped;
pub use watching::{News, Watch};
