//! Worlds of files: an orders file promised against a snapshot, with changes or without.

use super::{data, failure::Failure, stream, stream::ReadyOrder};
use crate::{
    change::Change,
    engine::whatif,
    ledger::World,
    loader::{self, Changes, Formats},
    promising::patience::Patience,
    snapshot::Problems,
};
use std::path::Path;

/// Reads changes; every faulty row is shown, and none is made if there is one.
pub(super) fn changes(path: &Path) -> Result<Vec<Change>, Failure> {
    Ok(changes_with(path, &Formats::default())?.changes)
}

/// The same, written as a snapshot says, with their rows.
pub(super) fn changes_with(path: &Path, formats: &Formats) -> Result<Changes, Failure> {
    let read = loader::changes_with(path, formats).map_err(|error| data::unloadable(&error))?;
    data::refuse_faulty_orders(path, &read.problems)?;
    Ok(read)
}

/// The changes of an argument; none where there is none.
pub(super) fn given(path: Option<&Path>, formats: &Formats) -> Result<Changes, Failure> {
    Ok(path.map(|path| changes_with(path, formats)).transpose()?.unwrap_or_default())
}

/// A world with changes; every change that cannot be made is shown, and none is made if there is one.
pub(super) fn changed(world: &World, changes: &Changes) -> Result<World, Failure> {
    world.with_changes(&changes.changes).map_err(|faults| {
        let mut problems = Problems::default();
        faults.into_iter().for_each(|fault| problems.push(changes.problem(fault)));
        match data::refuse_faulty_orders(Path::new(&changes.file), &problems) {
            Err(failure) => failure,
            Ok(()) => unreachable!("a fault is an error"),
        }
    })
}

/// The requests of an orders file, resolved.
pub(super) fn steps(
    path: &Path,
    opened: &data::OpenedSnapshot,
) -> Result<Vec<ReadyOrder>, Failure> {
    let lines = data::orders(path, &opened.formats)?;
    stream::resolve(path, &opened.snapshot, stream::requests(lines, None, 0))
}

/// Promises all orders in their order; see [`whatif::promise_all`].
pub(super) fn promise_all(world: World, steps: &[ReadyOrder]) -> Result<World, Failure> {
    let orders = steps.iter().map(|step| (&step.request, &step.query));
    whatif::promise_all(world, orders, &Patience::endless()).map_err(|misfit| misfitting(&misfit))
}

/// A fault of this program.
pub(super) fn misfitting(misfit: &whatif::Misfit) -> Failure {
    Failure::new(misfit.to_string(), "report this with the snapshot and the orders")
}
