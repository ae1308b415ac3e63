//! A line that was promised before: what a request for it means then (semantics 12.1, *One line, one promise*).
//!
//! A line counts as promised while a promise of it is live, or has shipped and is not forgotten. One that is
//! gone at its source is not, nor is one of which a backlog run has left nothing. A line that says nothing is
//! not promised twice; a question answers as if what is promised gave way, so that nobody competes with himself.

use super::{
    Planner,
    answer::{LineResult, LineStatus, Promise, Reason},
    patience::{GivenUp, Patience},
    query::{Line, Query, Together},
    request::{DateType, OrderLine, Repeat, Request},
};
use crate::{
    ledger::{Reservation, State, World, reservation::Leg},
    model::Quantity,
};
use std::sync::Arc;

/// Whether something is asked or to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// A line that says nothing stays as it is promised.
    Promise,
    /// A line that says nothing is asked anew.
    Question,
}

/// What a line of a request finds of itself in a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing that it minds.
    Nothing,
    /// It is promised, and stays so.
    Already(Arc<Reservation>),
    /// What is live of it gives way.
    Replaces {
        /// In order of number; none where all has shipped.
        live: Vec<Arc<Reservation>>,
        /// How much has shipped, in the item's own unit.
        shipped: Quantity,
        /// The last shipment.
        last: Option<Arc<Reservation>>,
    },
}

impl Earlier {
    /// Whether a plan that found the one may be kept where the other is found.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nothing, Self::Nothing) => true,
            (Self::Already(one), Self::Already(other)) => {
                one.number == other.number && one.facts == other.facts
            }
            (Self::Replaces { .. }, Self::Replaces { .. }) => self == other,
            (Self::Nothing | Self::Already(_) | Self::Replaces { .. }, _) => false,
        }
    }

    /// How much has shipped.
    fn shipped(&self) -> Quantity {
        match self {
            Self::Replaces { shipped, .. } => *shipped,
            Self::Nothing | Self::Already(_) => Quantity::ZERO,
        }
    }
}

/// What each line of a request finds of itself.
pub fn earlier(world: &World, request: &Request, asking: Asking) -> Vec<Earlier> {
    let mut of_order: (&str, Vec<&Arc<Reservation>>) = ("", Vec::new());
    let find = |line| {
        let repeat = asked(line, asking);
        if repeat == Repeat::Add {
            return Earlier::Nothing;
        }
        if of_order.0 != line.order {
            of_order = (&line.order, world.reservations_of(&line.order).collect());
        }
        of_line(&of_order.1, line, repeat)
    };
    request.lines.iter().map(find).collect()
}

/// Whether two findings are alike, line by line.
pub fn are_alike(ones: &[Earlier], others: &[Earlier]) -> bool {
    ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| one.is_like(other))
}

fn asked(line: &OrderLine, asking: Asking) -> Repeat {
    line.repeat.unwrap_or(match asking {
        Asking::Promise => Repeat::Refuse,
        Asking::Question => Repeat::Replace,
    })
}

fn of_line(of_order: &[&Arc<Reservation>], line: &OrderLine, repeat: Repeat) -> Earlier {
    let of_line = || of_order.iter().filter(|found| *found.facts.line == *line.line);
    let live = || of_line().filter(|found| found.is_live());
    let shipped = || of_line().filter(|found| found.state == State::Fulfilled);
    match repeat {
        Repeat::Add => Earlier::Nothing,
        Repeat::Refuse => {
            let mut stands = live().filter(|found| found.quantity.is_positive());
            let stands = stands.next_back().or_else(|| shipped().next_back());
            stands.map_or(Earlier::Nothing, |found| Earlier::Already(Arc::clone(found)))
        }
        Repeat::Replace => {
            let live: Vec<_> = live().map(|found| Arc::clone(found)).collect();
            let last = shipped().next_back().map(|found| Arc::clone(found));
            if live.is_empty() && last.is_none() {
                return Earlier::Nothing;
            }
            let shipped = shipped().map(|found| found.quantity).sum();
            Earlier::Replaces { live, shipped, last }
        }
    }
}

/// The query without what has shipped. A line of which nothing is left stays as it is; it is not planned.
pub fn reduced(query: &Query, earlier: &[Earlier]) -> Query {
    let mut reduced = query.clone();
    for (line, earlier) in reduced.lines.iter_mut().zip(earlier) {
        let left = line.quantity - earlier.shipped();
        if left.is_positive() {
            line.quantity = left;
        }
    }
    reduced
}

/// Answers a query that was [`reduced`], against a world in which its lines have found this of themselves;
/// `query` is as it was asked.
///
/// # Errors
/// It was given up.
pub fn plan(
    planner: &mut Planner,
    world: &World,
    (query, reduced): (&Query, &Query),
    (earlier, patience): (&[Earlier], &Patience),
) -> Result<Promise, GivenUp> {
    if earlier.iter().all(|found| *found == Earlier::Nothing) {
        return planner.plan_within(world, query, patience);
    }
    let live = earlier.iter().flat_map(|one| match one {
        Earlier::Replaces { live, .. } => &live[..],
        Earlier::Nothing | Earlier::Already(_) => &[],
    });
    let without = world.without_all(live.map(|found| found.number).collect());
    let standing: Vec<_> = query.lines.iter().zip(earlier).map(stands).collect();
    let open = opened(reduced, &standing);
    let promise = planner.plan_within(&without, &open.query, patience)?;
    Ok(open.spread(promise, (reduced, earlier), &standing))
}

/// The promise that a line stays with; none where it is to be planned.
fn stands((line, earlier): (&Line, &Earlier)) -> Option<Arc<Reservation>> {
    match earlier {
        Earlier::Nothing => None,
        Earlier::Already(found) => Some(Arc::clone(found)),
        Earlier::Replaces { shipped, last, .. } => {
            last.clone().filter(|_| !(line.quantity - *shipped).is_positive())
        }
    }
}

/// The lines of a query that are to be planned.
struct Open {
    query: Query,
    /// Where each stands in the request.
    places: Vec<usize>,
    /// The leg that each goes along with, and the line of that one, where its set has lines that stay.
    along: Vec<Option<(Leg, usize)>>,
}

fn opened(query: &Query, standing: &[Option<Arc<Reservation>>]) -> Open {
    let mut open = Query { lines: Vec::new(), ..query.clone() };
    let (mut places, mut along) = (Vec::new(), Vec::new());
    for (at, line) in query.lines.iter().enumerate() {
        if standing[at].is_some() {
            continue;
        }
        let mut line = line.clone();
        let set = line.set.filter(|set| set.together != Together::IfPossible);
        let leg = set.and_then(|set| fixed(query, standing, set.first));
        if let Some((leg, _)) = &leg {
            bind(&mut line, leg);
        }
        if let Some(set) = &mut line.set {
            let is_of = |place: &usize| {
                query.lines[*place].set.is_some_and(|other| other.first == set.first)
            };
            set.first = places.iter().position(is_of).unwrap_or(places.len());
        }
        open.lines.push(line);
        places.push(at);
        along.push(leg);
    }
    Open { query: open, places, along }
}

/// The leg of the first line of a set that stays as it is, and where that line stands.
fn fixed(
    query: &Query,
    standing: &[Option<Arc<Reservation>>],
    first: usize,
) -> Option<(Leg, usize)> {
    let of_set = |at: &usize| query.lines[*at].set.is_some_and(|set| set.first == first);
    let mut fixed = (first..query.lines.len()).filter(of_set).filter_map(|at| {
        let leg = standing[at].as_ref()?.facts.legs.first()?;
        Some((leg.clone(), at))
    });
    fixed.next()
}

/// Binds a line of a set to the place and day of one that stays.
fn bind(line: &mut Line, leg: &Leg) {
    let together = line.set.expect("only lines of sets are bound").together;
    if together != Together::Arrive {
        (line.location, line.method) = (Some(leg.location), leg.method.or(line.method));
    }
    let day = match (together, line.date_type) {
        (Together::Ship | Together::IfPossible, DateType::Ship) => leg.ship,
        (_, DateType::Arrival) => leg.arrival,
        // By its ship date nothing is said of when it arrives: that is compared afterwards.
        (Together::Arrive, DateType::Ship) => return,
    };
    line.earliest = line.earliest.max(Some(day));
    line.latest = Some(line.latest.map_or(day, |latest| latest.min(day)));
}

impl Open {
    /// The answer to all lines: those that were planned, and those that stay as they are.
    fn spread(
        &self,
        promise: Promise,
        (query, earlier): (&Query, &[Earlier]),
        standing: &[Option<Arc<Reservation>>],
    ) -> Promise {
        let stays = |found: &Option<Arc<Reservation>>| found.as_deref().map(already);
        let mut lines: Vec<Option<LineResult>> = standing.iter().map(stays).collect();
        for (n, mut result) in promise.lines.into_iter().enumerate() {
            let at = self.places[n];
            for reason in &mut result.reasons {
                if let Reason::SetFailed { line } = reason {
                    *line = self.places[*line];
                }
            }
            if let Some((leg, other)) = &self.along[n]
                && !goes_along(&query.lines[at], &result, leg)
            {
                result = fallen(result, Reason::SetFailed { line: *other });
            }
            if matches!(earlier[at], Earlier::Replaces { .. })
                && result.status == LineStatus::Partial
            {
                // What is promised gives way to the whole line alone (as for an amendment).
                result.status = LineStatus::Unavailable;
                result.option = None;
            }
            lines[at] = Some(result);
        }
        let mut sets = promise.sets;
        for set in &mut sets {
            set.lines.iter_mut().for_each(|line| *line = self.places[*line]);
        }
        let lines = lines.into_iter().map(|line| line.expect("it stays or was planned"));
        Promise { lines: lines.collect(), sets, now: promise.now }
    }
}

/// Whether what was planned for a line leaves or arrives together with a leg that stays.
fn goes_along(line: &Line, result: &LineResult, leg: &Leg) -> bool {
    let Some(option) = &result.option else { return false };
    let together = line.set.expect("only lines of sets go along").together;
    option.legs.iter().all(|planned| match together {
        Together::Ship | Together::IfPossible => {
            (planned.location, planned.method, planned.ship) == (leg.location, leg.method, leg.ship)
        }
        Together::Arrive => planned.arrival == leg.arrival,
    })
}

fn fallen(result: LineResult, reason: Reason) -> LineResult {
    LineResult { status: LineStatus::Unavailable, option: None, reasons: vec![reason], ..result }
}

/// The answer to a line that stays as it is promised.
pub fn already(found: &Reservation) -> LineResult {
    let ship = found.facts.legs.iter().map(|leg| leg.ship).max();
    let reason = Reason::PromisedBefore {
        number: found.number,
        state: found.state,
        quantity: found.quantity,
        ship,
    };
    LineResult { reasons: vec![reason], ..LineResult::nothing(LineStatus::AlreadyPromised) }
}
