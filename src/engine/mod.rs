//! The one place where state, time and threads meet.
//!
//! An [`Engine`] is a handle: everybody who holds one may read the current [`World`](crate::ledger::World) without a lock and
//! ask for a change. Changes go through one bounded queue to one writer thread (`writer.rs`), which
//! admits and commits in memory; a second thread (`durable.rs`) journals, publishes and then answers:
//! nothing is visible, and nobody is answered, before it is durable. Questions that change nothing need no operation here: they are planned by the
//! caller against [`Engine::pin`].
//!
//! What is absent: no lock around the state, no second way to change it, no clock but the one passed in.

mod activate;
mod amending;
mod aside;
mod assembled;
pub mod apply;
mod background;
pub mod backup;
pub mod backlog;
pub mod body;
mod caller;
pub mod clock;
pub mod command;
mod config;
mod current;
pub mod draft;
mod durable;
mod earlier;
mod ending;
pub mod error;
pub mod feed;
mod fence;
mod force;
mod forgetting;
mod grouping;
mod handle;
pub mod identity;
mod job;
pub mod list;
mod lane;
mod leadership;
mod live;
mod lookups;
mod message;
pub mod node;
pub mod outcome;
mod pending;
mod perform;
mod planned;
pub mod planning;
mod plans;
pub mod reading;
mod questions;
mod recovery;
pub mod refresh;
mod remembered;
mod renew;
pub mod revert;
mod saving;
mod sending;
mod room;
pub mod selfcheck;
pub mod sorted;
mod snapshot_source;
mod start;
mod standing;
mod swap;
pub mod stepped;
pub mod sweep;
mod task;
mod threaded;
mod time;
mod told;
pub mod traced;
mod waking;
mod watch;
mod watching;
mod news;
pub mod whatif;
pub mod scenarios;
pub mod within;
mod writer;
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
