//! Worlds of questions "what if": orders promised one after the other, and one parameter over its values.

use super::{
    background,
    backlog::{RunGoal, run_within},
};
use crate::{
    backlog::Spec,
    change::{Fault, Vary},
    compare::{self, Grouping, Kpi},
    ledger::{
        Admission, Ledger, Proposal, ProposedLine, Refusal, Reservation, Stamp, Start, State, World,
    },
    model::Quantity,
    promising::{
        Planner, draft,
        patience::{GivenUp, Patience, give_up, heard_out},
        query::Query,
        repeat::{self, Asking},
        request::Request,
    },
};
use std::{collections::BTreeMap, sync::Arc};

/// Lines that are promised together, as they were asked for and in indices.
pub type LinesAsked<'a> = (&'a Request, &'a Query);

/// What was planned does not fit: a fault of this program.
#[derive(Debug, thiserror::Error)]
#[error("what was planned for {order} does not fit: {why}")]
pub struct Misfit {
    /// Of which order.
    pub order: String,
    /// Why, in words.
    pub why: String,
}

/// A value of a parameter, and what it comes to.
#[derive(Clone, Debug)]
pub struct Varied {
    /// The value.
    pub value: i64,
    /// All lines.
    pub all: Kpi,
    /// The same by the dimension asked for.
    pub by: BTreeMap<String, Kpi>,
}

/// What is looked at with each value of a parameter.
#[derive(Clone, Copy, Debug, Default)]
pub struct With<'a> {
    /// Orders that are promised one after the other.
    pub orders: &'a [(Request, Query)],
    /// How what is promised already is promised again; where it is not given it stands.
    pub run: Option<&'a Spec>,
    /// By what figures are told beside the sum.
    pub by: Option<Grouping>,
}

/// Why there is no row.
#[derive(Debug, thiserror::Error)]
pub enum NotVaried {
    /// The value is no change that can be made.
    #[error("{}", named(.0))]
    Faulty(Vec<Fault>),
    /// What was planned does not fit.
    #[error("{0}")]
    Misfit(Misfit),
    /// Nobody waits for it any more.
    #[error("nobody waits for it any more")]
    GivenUp,
}

/// Each fault, in words.
fn named(faults: &[Fault]) -> String {
    let words =
        |fault: &Fault| format!("{} {:?} is not {}", fault.field, fault.value, fault.expected);
    faults.iter().map(words).collect::<Vec<_>>().join("; ")
}

/// Promises all orders in their order, as long as somebody waits for it. Lines of which nothing can be promised stand with
/// nothing, so that they count, and a backlog run may find something for them. Within
/// [`heard_out`].
///
/// # Errors
/// What was planned does not fit.
pub fn promise_all<'a>(
    world: World,
    orders: impl IntoIterator<Item = LinesAsked<'a>>,
    patience: &Patience,
) -> Result<World, Misfit> {
    let mut ledger = Ledger::aside(world);
    let mut missed = Vec::new();
    let mut planner = Planner::patient(patience);
    for (request, query) in orders {
        let earlier = repeat::earlier(ledger.world(), request, Asking::Promise);
        let reduced = repeat::reduced(query, &earlier);
        let found = (&*earlier, patience);
        let promise = repeat::plan(&mut planner, ledger.world(), (query, &reduced), found);
        let Ok(promise) = promise else { give_up() };
        let lines = draft::lines_after(request, (&reduced, &earlier), &promise, 0);
        patience.did(lines.len());
        for (at, line) in lines.iter().enumerate() {
            match line {
                ProposedLine::Reserve(_)
                | ProposedLine::Replace { .. }
                | ProposedLine::Already { .. } => (),
                ProposedLine::Unavailable | ProposedLine::Refused => {
                    missed.push(((request, query), at))
                }
            }
        }
        let proposal = Proposal { lines, start: Start::Confirmed, admission: Admission::Fits };
        match ledger.admit(proposal) {
            Ok(admitted) => drop(admitted.commit(Stamp::default())),
            Err(Refusal::NothingToReserve) => (),
            Err(refusal) => {
                let order = request.lines.first().map_or_else(String::new, |it| it.order.clone());
                let why = refusal.sentence(&ledger.world().snapshot);
                return Err(Misfit { order, why });
            }
        }
    }
    let mut world = ledger.into_world();
    for ((request, query), at) in missed {
        let number = world.next_number();
        let facts = draft::nothing(&request.lines[at], &query.lines()[at]);
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

/// The figures for one value of a parameter, in a world that stays as it is, with the threads for work in the background.
///
/// # Errors
/// The value cannot be tried, or nobody waits for it any more.
pub fn row(
    world: &World,
    (vary, value): (&Vary, i64),
    with: With<'_>,
    patience: &Patience,
) -> Result<Varied, NotVaried> {
    let work = || -> Result<Varied, NotVaried> {
        let change = vary.change(&world.snapshot, value).map_err(NotVaried::Faulty)?;
        let mut world = world.with_changes(change.as_slice()).map_err(NotVaried::Faulty)?;
        if let Some(spec) = with.run {
            world = run_within(&world, spec, RunGoal::Sequence, patience).world;
        }
        let orders = with.orders.iter().map(|(request, query)| (request, query));
        let promised = promise_all(world, orders, patience).map_err(NotVaried::Misfit)?;
        let by = with.by.map(|by| compare::kpi_by(&promised, by)).unwrap_or_default();
        Ok(Varied { value, all: compare::kpi(&promised), by })
    };
    match heard_out(|| background::pool().install(work)) {
        Ok(done) => done,
        Err(GivenUp) => Err(NotVaried::GivenUp),
    }
}
