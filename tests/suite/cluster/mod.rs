//! Issue 24: several nodes as one. `etcds` starts Debian's etcd; what needs it is left out where it is not installed.

mod client;
mod docs;
mod etcd;
mod etcds;
mod nodes;
mod place;
mod process;
mod proxy;
