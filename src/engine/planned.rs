//! A plan for the writer: made where it was asked for, and made again where it lost its race.

use super::{draft, error::Error, force, planning};
use crate::{
    ledger::{
        Admission, Line, World,
        reservation::{Facts, Force},
    },
    model::{AccountIx, Quantity},
    promising::{
        answer::{Promise, Status},
        patience::{GivenUp, Patience},
        query::Query,
        request::{OrderLine, Request, Violation},
    },
    snapshot::Snapshot,
};
use std::sync::Arc;

/// A plan that was made on the caller's thread, and what it was made against.
#[derive(Debug)]
pub(super) struct Planned {
    request: Request,
    query: Query,
    snapshot: Arc<Snapshot>,
    pub(super) promise: Promise,
    /// The positions of the lines that an override put on the date asked for.
    pub(super) overridden: Vec<usize>,
    /// Whether it takes more needs than the writer opens.
    pub(super) is_long: bool,
    /// How many races it has lost, to be made again beside the writer.
    pub(super) races: u32,
    /// Whether others who want the same wait for it.
    pub(super) is_fenced: bool,
}

/// Why there is no plan.
#[derive(Debug)]
pub(super) enum Unplanned {
    /// Every fault of the request.
    Invalid(Error),
    /// Nobody waits for it any more, or it takes more than it may.
    GivenUp(Box<Request>),
}

/// Why a plan was not made again.
#[derive(Debug)]
pub(super) enum Unmade {
    /// Every fault that the request has against a new snapshot.
    Invalid(Error),
    /// Nobody waits for it any more, or it takes more than it may.
    GivenUp,
}

/// What a line that is to take the place of another one names otherwise than that: it must be the same line of the
/// same order.
pub fn misnamed(line: &OrderLine, before: &Facts) -> Vec<Violation> {
    let same = [("order", &line.order, &before.order), ("line", &line.line, &before.line)];
    let other = same.into_iter().filter(|(_, new, old)| new.as_str() != &***old);
    let violation = |(field, new, old): (&'static str, &String, &Arc<str>)| Violation {
        line: 0,
        field,
        value: new.clone(),
        expected: format!("{old:?}, the key of what was promised"),
    };
    other.map(violation).collect()
}

impl Planned {
    /// Plans a request against a world, as long as somebody waits for it.
    ///
    /// # Errors
    /// Every fault of the request, or that it was given up.
    pub(super) fn within(
        request: Request,
        world: &World,
        patience: &Patience,
    ) -> Result<Self, Unplanned> {
        let resolved = request.resolve(&world.snapshot);
        let query = resolved.map_err(|faults| Unplanned::Invalid(Error::Invalid(faults)))?;
        let Ok(promise) = planning::plan_within(world, &query, patience) else {
            return Err(Unplanned::GivenUp(Box::new(request)));
        };
        let (snapshot, overridden) = (Arc::clone(&world.snapshot), Vec::new());
        let (is_long, is_fenced) = (false, false);
        Ok(Self { request, query, snapshot, promise, overridden, is_long, races: 0, is_fenced })
    }

    /// The accounts that it takes from.
    pub(super) fn takes(&self) -> impl Iterator<Item = AccountIx> {
        let options = self.promise.lines.iter().filter_map(|line| line.option.as_ref());
        let postings = options.flat_map(|option| &option.postings);
        postings.filter(|one| one.quantity < Quantity::ZERO).map(|one| one.account)
    }

    /// Whether its indices are a snapshot's.
    pub(super) fn is_of(&self, world: &World) -> bool {
        Arc::ptr_eq(&self.snapshot, &world.snapshot)
    }

    /// Checks that the line to take the place of another one is still of the same order and line.
    ///
    /// # Errors
    /// The fields that are not the same.
    pub(super) fn check_order(&self, before: &Facts) -> Result<(), Error> {
        let line = self.request.lines.first().expect("an amendment is of one line");
        let misnamed = misnamed(line, before);
        if misnamed.is_empty() { Ok(()) } else { Err(Error::Invalid(misnamed)) }
    }

    /// How many lines it is for.
    pub(super) fn n_lines(&self) -> usize {
        self.request.lines.len()
    }

    /// Whether every line is promised in full and on time.
    pub(super) fn is_on_time(&self) -> bool {
        self.promise.lines.iter().all(|line| line.status == Status::OnTime)
    }

    /// Plans it again, against another world; an override puts what is late on the date asked for.
    ///
    /// # Errors
    /// Every fault that the request has against the world's snapshot, if that is another one; or it was given up.
    pub(super) fn again(
        &mut self,
        world: &World,
        force: Option<&Force>,
        patience: &Patience,
    ) -> Result<(), Unmade> {
        if !self.is_of(world) {
            let resolved = self.request.resolve(&world.snapshot);
            self.query = resolved.map_err(|faults| Unmade::Invalid(Error::Invalid(faults)))?;
            self.snapshot = Arc::clone(&world.snapshot);
        }
        let planned = planning::plan_within(world, &self.query, patience);
        self.promise = planned.map_err(|GivenUp| Unmade::GivenUp)?;
        self.overridden = match force {
            Some(_) => force::override_late(world, &self.query, &mut self.promise),
            None => Vec::new(),
        };
        Ok(())
    }

    /// Whether the ledger must look whether it fits.
    pub(super) fn admission(&self) -> Admission {
        if self.overridden.is_empty() { Admission::Fits } else { Admission::Forced }
    }

    /// What the ledger is to keep of each line; `created` is in microseconds since 1970 UTC.
    pub(super) fn lines(&self, force: Option<&Force>, created: i64) -> Vec<Line> {
        let mut lines = draft::lines(&self.request, &self.query, &self.promise, created);
        for &at in &self.overridden {
            if let Line::Reserve(draft) = &mut lines[at] {
                draft.facts.force = force.cloned();
            }
        }
        lines
    }
}
