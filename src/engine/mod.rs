//! The one place where state, time and threads meet.
//!
//! An [`Engine`] is a handle: everybody who holds one may read the current [`World`](crate::ledger::World) without a lock and
//! ask for a change. Changes go through one bounded queue to one writer thread (`writer.rs`), which
//! admits and commits in memory; a second thread (`durable.rs`) journals, publishes and then answers:
//! nothing is visible, and nobody is answered, before it is durable. Questions that change nothing need no operation here: they are planned by the
//! caller against [`Engine::pin`].
//!
//! What is absent: no lock around the state, no second way to change it, no clock but the one passed in.

// Clocks, threads and what everybody reads.
mod background;
pub mod clock;
mod time;
pub mod identity;
mod current;
mod ending;
pub mod traced;
mod room;

// Backlog runs and what-if worlds, as values.
pub mod backlog;
pub mod scenarios;

// What is asked of the writer, and what is told.
pub mod error;
mod snapshot_source;
mod config;
mod caller;
pub mod outcome;
mod told;
mod pending;
mod job;
pub mod body;
mod swap;
mod message;
pub mod command;
pub mod draft;
mod force;
pub mod planning;
mod planned;
mod plans;
mod remembered;
mod renew;

// A handle, and the questions that it answers: of live, of earlier, of what if.
pub mod list;
pub mod sorted;
mod lookups;
pub mod reading;
mod watching;
pub mod whatif;
mod recovery;
mod handle;
mod earlier;
mod amending;
mod questions;

// The writer, and what is worked out beside him.
mod leadership;
mod live;
mod task;
mod fence;
mod aside;
mod lane;
mod writer;
mod grouping;
mod perform;
mod forgetting;
mod activate;
mod standing;

// Durable; new data; who follows, and what is looked for beside.
mod saving;
mod durable;
pub mod refresh;
pub mod backup;
pub mod feed;
mod news;
pub mod selfcheck;
mod watch;
pub mod sweep;

// What is done in scenarios, and how they become live.
pub mod within;
pub mod apply;
pub mod revert;
mod waking;

// Several servers as one.
pub mod node;

// How it begins and ends, with threads and without.
mod sending;
mod assembled;
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
