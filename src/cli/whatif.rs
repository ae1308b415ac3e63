//! Worlds of files: an orders file promised against a snapshot, with changes or without.

use super::{data, failure::Failure, stream, stream::Step};
use crate::{
    change::Change,
    ledger::{Admission, Ledger, Line, Proposal, Refusal, Reservation, Stamp, Start, State, World},
    loader,
    model::Quantity,
    promising::{
        Planner, draft,
        patience::Patience,
        repeat::{self, Asking},
    },
    snapshot::{Problems, Snapshot},
};
use std::{path::Path, sync::Arc};

/// Reads changes; every faulty row is shown, and none is made if there is one.
pub(super) fn changes(path: &Path) -> Result<Vec<Change>, Failure> {
    let read = loader::changes(path).map_err(|error| data::unloadable(&error))?;
    data::refuse_faulty_orders(path, &read.problems)?;
    Ok(read.changes)
}

/// A world with changes; every change that cannot be made is shown, and none is made if there is one.
pub(super) fn changed(path: &Path, world: &World, changes: &[Change]) -> Result<World, Failure> {
    world.with_changes(changes).map_err(|faults| {
        let mut problems = Problems::default();
        faults.into_iter().for_each(|fault| problems.push(loader::change_problem(fault)));
        match data::refuse_faulty_orders(path, &problems) {
            Err(failure) => failure,
            Ok(()) => unreachable!("a fault is an error"),
        }
    })
}

/// The requests of an orders file, resolved.
pub(super) fn steps(path: &Path, snapshot: &Snapshot) -> Result<Vec<Step>, Failure> {
    stream::resolve(path, snapshot, stream::requests(data::orders(path, None)?, None, 0))
}

/// Promises all orders in their order. Lines of which nothing can be promised stand with nothing, so
/// that they count, and a backlog run may find something for them.
pub(super) fn promise_all(world: World, steps: &[Step]) -> Result<World, Failure> {
    let mut ledger = Ledger::new(world);
    let mut missed = Vec::new();
    let mut planner = Planner::default();
    for step in steps {
        let earlier = repeat::earlier(ledger.world(), &step.request, Asking::Promise);
        let reduced = repeat::reduced(&step.query, &earlier);
        let queries = (&step.query, &reduced);
        let found = (&*earlier, &Patience::endless());
        let promise = repeat::plan(&mut planner, ledger.world(), queries, found);
        let promise = promise.expect("endless patience gives nothing up");
        let lines = draft::lines_after(&step.request, (&reduced, &earlier), &promise, 0);
        for (at, line) in lines.iter().enumerate() {
            match line {
                Line::Reserve(_) | Line::Replace { .. } | Line::Already { .. } => (),
                Line::Unavailable | Line::Refused => missed.push((step, at)),
            }
        }
        let proposal = Proposal { lines, start: Start::Confirmed, admission: Admission::Fits };
        match ledger.admit(proposal) {
            Ok(admitted) => drop(admitted.commit(Stamp::default())),
            Err(Refusal::NothingToReserve) => (),
            Err(refusal) => {
                let sentence = refusal.sentence(&ledger.world().snapshot);
                let cause =
                    format!("what was planned for {} does not fit: {sentence}", step.order());
                return Err(Failure::new(cause, "report this with the snapshot and the orders"));
            }
        }
    }
    let mut world = ledger.world().clone();
    for (step, at) in missed {
        let number = world.next_number();
        let facts = draft::nothing(&step.request.lines[at], &step.query.lines()[at]);
        world.put(Arc::new(Reservation {
            number,
            state: State::Confirmed,
            quantity: Quantity::ZERO,
            postings: Arc::from([]),
            plan: Arc::from([]),
            facts: Arc::new(facts),
            standing: None,
            at_risk: false,
            shipped: None,
        }));
    }
    Ok(world)
}
