//! Planning on whatever thread asks: each keeps the memory that its plans work in.

use crate::{
    ledger::World,
    promising::{
        Planner,
        answer::Promise,
        patience::{GivenUp, Patience},
        query::Query,
    },
};
use std::cell::RefCell;

thread_local! {
    static PLANNER: RefCell<Planner> = RefCell::default();
}

/// Answers a query against a world; see [`promising::plan`](crate::promising::plan).
pub fn plan(world: &World, query: &Query) -> Promise {
    PLANNER.with_borrow_mut(|planner| planner.plan(world, query))
}

/// The same, as long as somebody waits for it.
///
/// # Errors
/// It was given up.
pub fn plan_within(world: &World, query: &Query, patience: &Patience) -> Result<Promise, GivenUp> {
    PLANNER.with_borrow_mut(|planner| planner.plan_within(world, query, patience))
}
