//! Planning on whatever thread asks: each keeps the memory that its plans work in.

use crate::{
    ledger::World,
    promising::{
        Planner, Spent,
        answer::Promise,
        patience::{GivenUp, Patience},
        query::Query,
        repeat::{self, Asking, Earlier},
        request::Request,
    },
};
use std::cell::RefCell;

thread_local! {
    static PLANNER: RefCell<Planner> = RefCell::default();
}

/// Plans in the memory of this thread, and counts what that takes.
fn counted<T>(plan: impl FnOnce(&mut Planner) -> T) -> T {
    let (made, Spent { days, fills, bounds, changes }) = PLANNER.with_borrow_mut(|planner| {
        let before = planner.spent();
        let made = plan(planner);
        (made, planner.spent() - before)
    });
    metrics::counter!("promised_plan_days_total").increment(days);
    metrics::counter!("promised_plan_needs_total").increment(fills);
    metrics::counter!("promised_plan_bounds_total").increment(bounds);
    metrics::counter!("promised_plan_changes_total").increment(changes);
    made
}

/// Needs that plans on this thread have opened so far.
pub(super) fn needs() -> u64 {
    PLANNER.with_borrow(|planner| planner.spent().fills)
}

/// The same where lines were promised before; see [`repeat::plan`].
///
/// # Errors
/// It was given up.
pub fn plan_after_within(
    world: &World,
    queries: (&Query, &Query),
    earlier: (&[Earlier], &Patience),
) -> Result<Promise, GivenUp> {
    counted(|planner| repeat::plan(planner, world, queries, earlier))
}

/// Answers a question, as long as somebody waits for it: what it asks for and what is promised of its lines do
/// not compete.
///
/// # Errors
/// It was given up.
pub fn ask_within(
    world: &World,
    (request, query): (&Request, &Query),
    patience: &Patience,
) -> Result<Promise, GivenUp> {
    let earlier = repeat::earlier(world, request, Asking::Question);
    if earlier.iter().all(|found| *found == Earlier::Nothing) {
        return plan_within(world, query, patience);
    }
    let reduced = repeat::reduced(query, &earlier);
    plan_after_within(world, (query, &reduced), (&earlier, patience))
}

/// The same, for as long as it takes.
pub fn ask(world: &World, request: &Request, query: &Query) -> Promise {
    let answer = ask_within(world, (request, query), &Patience::endless());
    answer.expect("endless patience gives nothing up")
}

/// Answers a query against a world; see [`promising::plan`](crate::promising::plan).
pub fn plan(world: &World, query: &Query) -> Promise {
    counted(|planner| planner.plan(world, query))
}

/// The same, as long as somebody waits for it.
///
/// # Errors
/// It was given up.
pub fn plan_within(world: &World, query: &Query, patience: &Patience) -> Result<Promise, GivenUp> {
    counted(|planner| planner.plan_within(world, query, patience))
}
