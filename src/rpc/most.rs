//! CheckAvailabilityRequest.most: how many there could be at most by the date of each line.

use super::{encode, proto};
use crate::{
    engine::planning,
    ledger::World,
    promising::{
        most,
        patience::{GivenUp, Patience},
        request::Request,
    },
};

/// Adds to each line how many there could be at most by its date, each as if it were alone.
pub(super) fn add(
    world: &World,
    request: &Request,
    answer: &mut proto::CheckAvailabilityResponse,
    patience: &Patience,
) -> Result<(), GivenUp> {
    for (line, told) in request.lines.iter().zip(&mut answer.results) {
        let asked = Request { now: request.now, ..most::asked(line) };
        // What did resolve for fewer resolves for more, but for lots beyond what there may be.
        let Ok(query) = asked.resolve(&world.snapshot) else { continue };
        let found = planning::ask_within(world, (&asked, &query), patience)?;
        encode::most(world, (line, &query), &found.lines[0], told);
    }
    Ok(())
}
