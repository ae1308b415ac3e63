//! The algorithms: pure functions of a pinned world and a query.
//!
//! [`plan`] answers every line of a query in order, each seeing what the ones before it take; nothing
//! here writes to the world, waits, or can fail. What a promise takes is in the postings of its options,
//! for the ledger to admit. Start at [`plan`], then `choose`, `option`, `fill`.

pub mod answer;
pub mod availability;
mod borrow;
mod buy;
mod candidates;
mod choose;
mod fill;
mod make;
mod option;
mod peg;
pub mod query;
pub mod request;
mod route;
mod transfer;

use crate::ledger::World;
use answer::Promise;
use fill::Search;
use query::Query;

/// Answers a query against a world. The same world and query give the same promise, anywhere (P3).
pub fn plan(world: &World, query: &Query) -> Promise {
    let mut search = Search::new(world);
    let mut promise = Promise::default();
    for line in query.lines() {
        let result = choose::line(&mut search, line, query.alternatives);
        // What a refused line was offered is told, not taken.
        for posting in result.option.iter().flat_map(|option| &option.postings) {
            search.overlay.post(*posting);
        }
        promise.lines.push(result);
    }
    promise
}

#[cfg(test)]
mod tests;
