//! What answers: the RPCs over gRPC and HTTP, the operations port, the planner's console.
//!
//! A package of its own, so that the command line is compiled without it; `promised` passes all of it on under its own name.

#[doc(inline)]
pub use promised_keeping::{
    allocation, backlog, change, compare, engine, insight, journal, ledger, limits, loader, model,
    promising, snapshot,
};

pub mod rpc;
