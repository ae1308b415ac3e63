//! Worlds of files: an orders file promised against a snapshot, with changes or without.

use super::{data, failure::Failure, stream, stream::Step};
use crate::{
    change::Change,
    engine::whatif,
    ledger::World,
    loader,
    promising::patience::Patience,
    snapshot::{Problems, Snapshot},
};
use std::path::Path;

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

/// Promises all orders in their order; see [`whatif::promise_all`].
pub(super) fn promise_all(world: World, steps: &[Step]) -> Result<World, Failure> {
    let orders = steps.iter().map(|step| (&step.request, &step.query));
    whatif::promise_all(world, orders, &Patience::endless()).map_err(|misfit| misfitting(&misfit))
}

/// A fault of this program.
pub(super) fn misfitting(misfit: &whatif::Misfit) -> Failure {
    Failure::new(misfit.to_string(), "report this with the snapshot and the orders")
}
