//! Everything that can change the world, as a closed list.
//!
//! Each command carries the caller's `request_id`: repeated with the same body it gets the first answer
//! and does nothing; with another body it is refused (L4). Without an id (empty) a command is done as
//! often as it is sent.
//!
//! A command's file says all of it: what the caller gives, its digest, what it means on a ledger (`act.rs`) or as a plan,
//! and what is answered. Whatever the writer must know of it stands in one trait (`deed.rs`).

pub(super) mod ticket;
pub(super) mod deed;
pub(super) mod act;
mod terms;
mod acknowledge;
mod amend;
mod cancel;
mod confirm;
mod fulfil;
mod many;
mod net;
mod note;
mod promise_deed;
mod promise;
mod rearrange;
mod remember;
mod reopen;

pub use amend::AmendCommand;
pub use cancel::CancelCommand;
pub use confirm::ConfirmCommand;
pub use fulfil::{FulfilCommand, Which};
pub use many::{ManyCommand, ManyStep, Selection};
pub use net::NetCommand;
pub use promise::PromiseCommand;
pub use rearrange::{PlannedOn, RearrangeCommand};
pub use reopen::ReopenCommand;
pub use terms::{Commitment, Completeness, Faulty, IfMovedOn, RequestTurn};
