//! Issue 24: several nodes as one. `etcds` starts Debian's etcd; what needs it is left out where it is not installed.

mod back;
mod by_itself;
mod client;
mod disks;
mod docs;
mod empty;
mod etcd;
pub(crate) mod etcds;
mod guarded;
mod kept_snapshots;
mod nodes;
mod ops;
mod place;
mod process;
pub(crate) mod proxy;
mod scenarios;
