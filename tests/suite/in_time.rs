//! Issue 19 item 2: what a search knows before it tries changes no answer.
//!
//! Random worlds of every kind, lines promised one after the other, some cancelled again, each planned by a planner
//! that knows what comes too late and by one that tries all there is.

use crate::{reference, support, worlds};
use promised::{
    ledger::{Ledger, Stamp, World as Live},
    promising::{Planner, patience::Patience},
};
use std::sync::Arc;

/// Needs that were opened by a planner that knows, and by one that tries all.
type Opened = (u64, u64);

fn check((world, orders): &(reference::World, Vec<reference::Row>), name: &str) -> Opened {
    let snapshot = Arc::new(support::snapshot(world));
    let mut live = Live::new(Arc::clone(&snapshot));
    let (mut knowing, mut thorough) = (Planner::default(), Planner::thorough());
    let mut interrupted = Planner::default();
    let mut dice = worlds::Dice(7);
    for request in support::requests(orders) {
        let query = request.resolve(&snapshot).expect("random orders name what exists");
        let promise = knowing.plan(&live, &query);
        let tried = thorough.plan(&live, &query);
        let words = |promise: &promised::promising::answer::Promise| -> Vec<String> {
            let lines = request.lines.iter().zip(&promise.lines);
            lines.flat_map(|(line, result)| support::words(&snapshot, line, result)).collect()
        };
        assert_eq!(words(&promise), words(&tried), "{name}");
        // Wherever it was broken off before, the next plan in the same memory knows nothing of it.
        let needs = dice.roll(0, 40).unsigned_abs();
        let within = interrupted.plan_within(&live, &query, &Patience::of(needs));
        assert!(within.is_err() || within == Ok(promise.clone()), "{name}: within {needs} needs");
        assert_eq!(interrupted.plan(&live, &query), promise, "{name}: after {needs} needs");
        live = support::commit(live, &request, &promise);
        let number = live.next_number() - 1;
        if 0 < number && dice.one_in(4) {
            let mut ledger = Ledger::new(live);
            if let Ok(admitted) = ledger.cancel(number, None) {
                admitted.commit(Stamp::default());
            }
            live = ledger.world().clone();
        }
    }
    (knowing.spent().fills, thorough.spent().fills)
}

/// Whoever knows more tries no more, but for a line here and there.
fn check_sum(all: impl Iterator<Item = Opened>) {
    let (knowing, thorough) = all.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(knowing <= thorough, "{knowing} against {thorough}");
}

#[test]
fn answers_are_those_of_a_planner_that_tries_all() {
    use worlds::Kind::{Capable, Dates, Sourcing, Stock};
    let kinds = [Stock, Sourcing, Capable, Dates];
    check_sum(
        (0..120).flat_map(|seed| kinds.map(|kind| (seed, kind))).map(|(seed, kind)| {
            check(&worlds::world(seed, kind), &format!("seed {seed} {kind:?}"))
        }),
    );
}

#[test]
fn answers_on_worlds_with_every_feature_are_too() {
    use reference::worlds::Kind::{Allocation, Capable, Sets};
    let kinds = [Capable, Sets, Allocation];
    check_sum((0..40).flat_map(|seed| kinds.map(|kind| (seed, kind))).map(|(seed, kind)| {
        check(&reference::worlds::world(seed, kind), &format!("full seed {seed} {kind:?}"))
    }));
}
