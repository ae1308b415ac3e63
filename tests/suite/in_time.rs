//! Issue 19 item 2: what a search knows before it tries changes no answer.
//!
//! Random worlds of every kind, lines promised one after the other, some cancelled again, each planned by a planner
//! that knows what comes too late and by one that tries all there is.

use crate::{reference, support, worlds};
use promised::{
    ledger::{Ledger, Stamp, World as Live},
    promising::Planner,
};
use std::sync::Arc;

fn check((world, orders): &(reference::World, Vec<reference::Row>), name: &str) {
    let snapshot = Arc::new(support::snapshot(world));
    let mut live = Live::new(Arc::clone(&snapshot));
    let (mut knowing, mut thorough) = (Planner::default(), Planner::thorough());
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
    // Whoever knows more tries no more.
    assert!(knowing.spent().fills <= thorough.spent().fills, "{name}");
}

#[test]
fn answers_are_those_of_a_planner_that_tries_all() {
    use worlds::Kind::{Capable, Dates, Sourcing, Stock};
    for seed in 0..120 {
        for kind in [Stock, Sourcing, Capable, Dates] {
            check(&worlds::world(seed, kind), &format!("seed {seed} {kind:?}"));
        }
    }
}

#[test]
fn answers_on_worlds_with_every_feature_are_too() {
    use reference::worlds::Kind::{Allocation, Capable, Sets};
    for seed in 0..40 {
        for kind in [Capable, Sets, Allocation] {
            check(&reference::worlds::world(seed, kind), &format!("full seed {seed} {kind:?}"));
        }
    }
}
