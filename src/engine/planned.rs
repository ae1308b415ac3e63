//! A plan for the writer: made where it was asked for, and made again where it lost its race.

use super::{
    command::{Faulty, RequestTurn},
    error::Error,
    force, planning,
};
use crate::{
    ledger::{
        Admission, LineFault, Made, ProposedLine, World,
        reservation::{Facts, Force},
    },
    limits::NEEDS_AT_ONCE,
    model::{AccountIx, Quantity},
    promising::{
        answer::{LineResult, LineStatus, Promise, Reason},
        draft,
        patience::{GivenUp, Patience},
        query::Query,
        repeat::{self, Asking, Earlier},
        request::{OrderLine, Request, Violation},
    },
    snapshot::Snapshot,
};
use std::{collections::BTreeMap, sync::Arc};

/// A plan that was made on the caller's thread, and what it was made against.
#[derive(Debug)]
pub(super) struct CallerPlan {
    request: Request,
    /// Lines that the snapshot cannot make sense of and the request does not have any more, by their
    /// positions among all.
    faulty: BTreeMap<usize, Arc<[LineFault]>>,
    /// As asked.
    query: Query,
    /// Without what has shipped, where a line was promised before.
    reduced: Option<Query>,
    /// What its lines found of themselves.
    earlier: Vec<Earlier>,
    snapshot: Arc<Snapshot>,
    /// How the lines of the request fare.
    pub(super) promise: Promise,
    /// The position of the world that it was planned on.
    position: u64,
    /// Whether its lines find something else of themselves by now than when it was made.
    is_stale: bool,
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

impl CallerPlan {
    /// Plans a request against a world, as long as somebody waits for it.
    ///
    /// # Errors
    /// Every fault of the request, or that it was given up.
    pub(super) fn within(
        request: Request,
        world: &World,
        patience: &Patience,
    ) -> Result<Self, Unplanned> {
        Self::of((request, Faulty::Refuse), world, patience)
    }

    /// The same, perhaps without the lines that the snapshot cannot make sense of.
    ///
    /// # Errors
    /// Every fault of the request, where it has no other lines; or that it was given up.
    pub(super) fn of(
        (request, on_faulty): (Request, Faulty),
        world: &World,
        patience: &Patience,
    ) -> Result<Self, Unplanned> {
        let invalid = |violations| Unplanned::Invalid(Error::Invalid(violations));
        let (mut faulty, mut kept) = (BTreeMap::new(), None);
        let query = match (request.resolve(&world.snapshot), on_faulty) {
            (Ok(query), _) => query,
            (Err(violations), Faulty::Refuse) => return Err(invalid(violations)),
            (Err(violations), Faulty::LeaveOut) => {
                faulty = faults(&violations);
                let n_lines = request.lines.len();
                if faulty.len() == n_lines || faulty.keys().any(|at| n_lines <= *at) {
                    return Err(invalid(violations));
                }
                let lines = request.lines.iter().enumerate();
                let lines = lines.filter(|(at, _)| !faulty.contains_key(at));
                let lines = lines.map(|(_, line)| line.clone()).collect();
                let query = kept.insert(Request { lines, ..request.clone() });
                query.resolve(&world.snapshot).map_err(invalid)?
            }
        };
        let asked = kept.as_ref().unwrap_or(&request);
        let needs_before = planning::needs();
        let Ok(made) = Outline::new(asked, &query, (world, patience)) else {
            return Err(Unplanned::GivenUp(Box::new(request)));
        };
        let Outline { earlier, reduced, promise } = made;
        Ok(Self {
            request: kept.unwrap_or(request),
            faulty,
            query,
            reduced,
            earlier,
            snapshot: Arc::clone(&world.snapshot),
            promise,
            position: world.position,
            is_stale: false,
            overridden: Vec::new(),
            is_long: NEEDS_AT_ONCE < planning::needs() - needs_before,
            races: 0,
            is_fenced: false,
        })
    }

    /// The accounts that it takes from.
    pub(super) fn takes(&self) -> impl Iterator<Item = AccountIx> {
        let options = self.promise.lines.iter().filter_map(|line| line.option.as_ref());
        let postings = options.flat_map(|option| &option.postings);
        postings.filter(|one| one.quantity < Quantity::ZERO).map(|one| one.account)
    }

    /// The order lines that it is for.
    pub(super) fn order_lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.request.lines.iter().map(|line| (&*line.order, &*line.line))
    }

    /// The query that was planned.
    fn planned(&self) -> &Query {
        self.reduced.as_ref().unwrap_or(&self.query)
    }

    /// Takes note of what its lines find of themselves by now; where that is something else than they found
    /// when it was planned, it is of another world.
    pub(super) fn keep_up(&mut self, world: &World, turn: RequestTurn) {
        let found = repeat::earlier(world, &self.request, Asking::Promise);
        let is_behind =
            turn == RequestTurn::InOrder && self.races == 0 && self.position != world.position;
        self.is_stale = is_behind || !repeat::are_alike(&self.earlier, &found);
        if !self.is_stale {
            self.earlier = found;
        }
    }

    /// Whether its indices are a snapshot's.
    pub(super) fn is_of(&self, world: &World) -> bool {
        !self.is_stale && Arc::ptr_eq(&self.snapshot, &world.snapshot)
    }

    /// What was faster than it, in a word.
    pub(super) fn lost_to(&self, world: &World) -> &'static str {
        match () {
            () if !Arc::ptr_eq(&self.snapshot, &world.snapshot) => "planning data",
            () if self.is_stale => "a promise of the same line",
            () => "another promise",
        }
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
        let is_fine = |status| matches!(status, LineStatus::OnTime | LineStatus::AlreadyPromised);
        self.promise.lines.iter().all(|line| is_fine(line.status))
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
        if !Arc::ptr_eq(&self.snapshot, &world.snapshot) {
            let resolved = self.request.resolve(&world.snapshot);
            self.query = resolved.map_err(|faults| Unmade::Invalid(Error::Invalid(faults)))?;
            self.snapshot = Arc::clone(&world.snapshot);
            // Its plan is of another snapshot until it is made again.
            self.is_stale = true;
        }
        let made = Outline::new(&self.request, &self.query, (world, patience));
        let Outline { earlier, reduced, promise } = made.map_err(|GivenUp| Unmade::GivenUp)?;
        (self.earlier, self.reduced, self.promise) = (earlier, reduced, promise);
        (self.position, self.is_stale) = (world.position, false);
        self.overridden = match force {
            Some(_) => {
                let query = self.reduced.as_ref().unwrap_or(&self.query);
                force::override_late(world, query, &mut self.promise)
            }
            None => Vec::new(),
        };
        Ok(())
    }

    /// Plans it again beside the writer; whether somebody still waited for it. Where its request has faults by now the
    /// writer finds them.
    pub(super) fn race_again(
        &mut self,
        world: &World,
        force: Option<&Force>,
        patience: &Patience,
    ) -> bool {
        self.races += 1;
        match self.again(world, force, patience) {
            Ok(()) | Err(Unmade::Invalid(_)) => true,
            Err(Unmade::GivenUp) => false,
        }
    }

    /// Whether the ledger must look whether it fits.
    pub(super) fn admission(&self) -> Admission {
        if self.overridden.is_empty() { Admission::Fits } else { Admission::Forced }
    }

    /// What the ledger is to keep of each line; `created` is in microseconds since 1970 UTC.
    pub(super) fn lines(&self, force: Option<&Force>, created: i64) -> Vec<ProposedLine> {
        let earlier = (self.planned(), &*self.earlier);
        let mut lines = draft::lines_after(&self.request, earlier, &self.promise, created);
        for &at in &self.overridden {
            if let ProposedLine::Reserve(draft) | ProposedLine::Replace { draft, .. } =
                &mut lines[at]
            {
                draft.facts.force = force.cloned();
            }
        }
        lines
    }

    /// What is kept of each line where nothing is promised.
    pub(super) fn declined(&self) -> Vec<Made> {
        let lines = self.earlier.iter().zip(&self.promise.lines);
        let made = lines.map(|(earlier, result)| match (earlier, result.status) {
            (Earlier::Already(stands), _) => Made::Already(Arc::clone(stands)),
            (Earlier::Replaces { last: Some(last), .. }, LineStatus::AlreadyPromised) => {
                Made::Already(Arc::clone(last))
            }
            (_, LineStatus::Refused) => Made::Refused,
            (
                Earlier::Nothing | Earlier::Replaces { .. },
                LineStatus::OnTime
                | LineStatus::Late
                | LineStatus::Partial
                | LineStatus::Unavailable
                | LineStatus::AlreadyPromised,
            ) => Made::Unavailable,
        });
        self.with_faulty(made.collect())
    }

    /// What is kept of all lines, those that are faulty at their places.
    pub(super) fn with_faulty(&self, made: Vec<Made>) -> Vec<Made> {
        let mut made = made.into_iter();
        let n_lines = made.len() + self.faulty.len();
        let all = (0..n_lines).map(|at| match self.faulty.get(&at) {
            Some(faults) => Made::Faulty(Arc::clone(faults)),
            None => made.next().expect("a line is faulty or was planned"),
        });
        all.collect()
    }

    /// Lets the answer be that to all lines, those that are faulty at their places: it is not planned again.
    pub(super) fn complete(&mut self) {
        if self.faulty.is_empty() {
            return;
        }
        let promise = &mut self.promise;
        let kept = (0..promise.lines.len() + self.faulty.len())
            .filter(|at| !self.faulty.contains_key(at))
            .collect::<Vec<usize>>();
        for set in &mut promise.sets {
            set.lines.iter_mut().for_each(|line| *line = kept[*line]);
        }
        let reasons = promise.lines.iter_mut().flat_map(|line| &mut line.reasons);
        for reason in reasons {
            if let Reason::SetFailed { line } = reason {
                *line = kept[*line];
            }
        }
        for at in self.faulty.keys() {
            promise.lines.insert(*at, LineResult::nothing(LineStatus::Unavailable));
        }
    }
}

/// What a plan is.
struct Outline {
    earlier: Vec<Earlier>,
    reduced: Option<Query>,
    promise: Promise,
}

impl Outline {
    /// Makes a plan, as long as somebody waits for it.
    fn new(
        request: &Request,
        query: &Query,
        (world, patience): (&World, &Patience),
    ) -> Result<Self, GivenUp> {
        let earlier = repeat::earlier(world, request, Asking::Promise);
        if earlier.iter().all(|found| *found == Earlier::Nothing) {
            let promise = planning::plan_within(world, query, patience)?;
            return Ok(Self { earlier, reduced: None, promise });
        }
        let reduced = repeat::reduced(query, &earlier);
        let queries = (query, &reduced);
        let promise = planning::plan_after_within(world, queries, (&earlier, patience))?;
        Ok(Self { earlier, reduced: Some(reduced), promise })
    }
}

/// Violations by the line that they are of.
fn faults(violations: &[Violation]) -> BTreeMap<usize, Arc<[LineFault]>> {
    let mut faults: BTreeMap<usize, Vec<LineFault>> = BTreeMap::new();
    for found in violations {
        let description = format!("{:?} is not {}", found.value, found.expected).into();
        let fault = LineFault { field: found.field.into(), description };
        faults.entry(found.line).or_default().push(fault);
    }
    faults.into_iter().map(|(line, faults)| (line, faults.into())).collect()
}
