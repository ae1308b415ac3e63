//! The algorithms: pure functions of a pinned world and a query.
//!
//! [`plan`] answers every line of a query in order, each seeing what the ones before it take; nothing
//! here writes to the world, waits, or can fail. What a promise takes is in the postings of its options,
//! for the ledger to admit. Start at [`plan`], then `choose` (with `option`, `split`,
//! `set`), `leg`, `fill`.

// What is asked for, and what is answered.
pub mod request;
pub mod query;
pub mod terms;
mod why;
mod costs;
pub mod answer;
pub mod repeat;
pub mod meaning;
mod trace;
mod beyond;
pub mod draft;

// From where, and on which days; what stands there for a class.
mod days;
mod passage;
mod route;
mod free;
mod substitutes;
mod candidates;
mod classes;
pub mod availability;

// A search under way: what it knows, what it has tried and learned.
mod spent;
mod effort;
mod search;
mod listen;
mod hours;
mod attempt;
mod part;
mod trial;
mod parts;
mod curve;
mod netted;
mod memo;
mod asked_before;
mod kept;
mod steady;
mod between;
mod largest;

// Bounds: what shows, before anything is tried, that a need comes too late.
mod below;
mod make;
mod begun;
mod outline;
mod bound;
mod at_hand;
mod netting;
mod enough;
mod loads;
mod lent;
mod late;

// A need is filled: from stock, borrowed, bought, moved, made.
mod in_time;
mod borrow;
mod placing;
mod buy;
mod transfer;
mod fill;

// A line is promised: its legs, options, splits and sets.
mod peg;
mod leg;
mod option;
mod rank;
mod choose;
mod split;
mod shared_costs;
mod set;

// Why not sooner, and what would help.
mod blockers;
mod takers;
mod share_reasons;
mod relax_line;
mod relax;

// Questions of planners.
pub mod most;
pub mod share_table;
pub mod preview;

use crate::ledger::World;
pub use crate::model::patience;
use answer::{LineResult, LineStatus, Promise, Reason, SetResult};
pub use make::latest_start;
use patience::{GivenUp, Patience, heard_out};
use query::{Line, Query, Together};
use request::Remedies;
use search::{Scratch, Search};
pub use spent::Spent;

/// Answers a query against a world. The same world and query give the same promise, anywhere (P3).
///
/// ```
/// use jiff::civil::date;
/// use promised::{
///     ledger::World,
///     loader,
///     model::Quantity,
///     promising::{
///         answer::LineStatus,
///         plan,
///         request::{OrderLine, Remedies, Request},
///     },
/// };
/// use std::sync::Arc;
/// # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
/// let loaded = loader::open("snapshots/tiny".as_ref(), &loader::Silent)?;
/// let world = World::new(Arc::new(loaded.snapshot.expect("it is sound")));
/// let mut line = OrderLine::new("SO-7", "PUMP", Quantity::units(2), date(2026, 11, 26));
/// line.customer = Some("NORDWIND".to_string());
/// let lines = vec![line];
/// let request =
///     Request { lines, objective: None, alternatives: 0, remedies: Remedies::None, now: None };
/// let query = request.resolve(&world.snapshot).expect("the snapshot knows these names");
/// let promise = plan(&world, &query);
/// assert_eq!(promise.lines[0].status, LineStatus::OnTime);
/// let option = promise.lines[0].option.as_ref().expect("it is on time");
/// assert_eq!(option.quantity(), Quantity::units(2));
/// // Nothing has happened: the world is a value.
/// assert_eq!(plan(&world, &query), promise);
/// # Ok::<(), loader::Error>(())
/// ```
pub fn plan(world: &World, query: &Query) -> Promise {
    Planner::default().plan(world, query)
}

/// Plans one query after another in the same memory. What it remembers changes no answer.
#[derive(Debug, Default)]
pub struct Planner {
    scratch: Scratch,
    patience: Patience,
    n_most_needs: u32,
    spent: Spent,
}

impl Planner {
    /// One whose plans stop where nobody waits for them any more: each within [`heard_out`].
    pub fn patient(patience: &Patience) -> Self {
        Self { patience: patience.clone(), ..Self::default() }
    }

    /// For how long its plans are waited for.
    pub fn patience(&self) -> &Patience {
        &self.patience
    }

    /// One that tries all that might be, and takes nothing as known before: what others know is held against it.
    pub fn thorough() -> Self {
        let mut planner = Self::default();
        planner.scratch.memo.bounds.is_off = true;
        planner
    }

    /// The same as the function of this name.
    pub fn plan(&mut self, world: &World, query: &Query) -> Promise {
        let patience = self.patience.clone();
        self.search(world, patience, |search| answer(search, query))
    }

    /// The same, as long as somebody waits for it.
    ///
    /// # Errors
    /// It was given up.
    pub fn plan_within(
        &mut self,
        world: &World,
        query: &Query,
        patience: &Patience,
    ) -> Result<Promise, GivenUp> {
        // What is given up leaves its memory to the next one, and what it learned of planning data.
        self.search(world, patience.clone(), |search| heard_out(|| answer(search, query)))
    }

    fn search<T>(
        &mut self,
        world: &World,
        patience: Patience,
        plan: impl FnOnce(&mut Search<'_>) -> T,
    ) -> T {
        let mut search = Search::new(world, std::mem::take(&mut self.scratch));
        search.patience = patience;
        let made = plan(&mut search);
        self.n_most_needs = search.memo.effort.most();
        search.memo.spent.changes += search.trial.overlay.n_changes();
        self.spent = search.memo.spent;
        self.scratch = search.into_scratch();
        made
    }

    /// The most needs that were opened for a line of the last plan: what the limit of effort is held against.
    pub fn most_needs(&self) -> u32 {
        self.n_most_needs
    }

    /// What all its plans have taken so far, those that were given up among them.
    pub fn spent(&self) -> Spent {
        self.spent
    }
}

fn answer(search: &mut Search<'_>, query: &Query) -> Promise {
    let mut results: Vec<Option<LineResult>> = vec![None; query.lines.len()];
    let mut sets = Vec::new();
    let mut given_up = Vec::new();
    for (at, line) in query.lines.iter().enumerate() {
        search.forget_planned();
        search.memo.restart();
        if let Some(set) = line.set.filter(|set| set.first == at)
            && set.together == Together::IfPossible
            && !is_possible(search, query, set)
        {
            let lines = set::members(query, set);
            sets.push(SetResult { lines, together: set.together, day: None });
            given_up.push(set);
        }
        match line.set.filter(|set| !given_up.contains(set)) {
            None => {
                let line = Line { set: None, ..line.clone() };
                let start = search.point();
                search.free(&line, query.asked);
                let result = choose::line(search, &line, query.alternatives);
                let result = settled(search, (query, &line), result);
                if result.option.is_none() {
                    search.cut(start);
                }
                results[at] = Some(result);
            }
            // A set is promised where its first line stands.
            Some(set) if set.first == at => {
                let start = search.point();
                let members = query.lines.iter().filter(|other| other.set == Some(set));
                members.for_each(|member| search.free(member, query.asked));
                let outcome = set::set(search, query, set);
                let mut is_promised = false;
                for (&member, result) in outcome.set.lines.iter().zip(outcome.lines) {
                    let line = &query.lines[member];
                    let result = settled(search, (query, line), result);
                    is_promised |= result.option.is_some();
                    results[member] = Some(result);
                }
                if !is_promised {
                    search.cut(start);
                }
                sets.push(outcome.set);
            }
            Some(_) => {}
        }
    }
    let lines = results.into_iter().map(|result| result.expect("a set holds its first line"));
    let now = query.lines.first().and_then(|line| line.now);
    let promise = Promise { lines: lines.collect(), sets, now };
    for (line, result) in query.lines().iter().zip(&promise.lines) {
        // Whoever asked hears of a fault of ours, rather than of what he cannot have.
        assert_eq!(result.beyond(line), None, "P1: {}/{}", line.order, line.line);
    }
    promise
}

/// Whether the lines of a set fit together, where none of them competes with itself.
fn is_possible(search: &mut Search<'_>, query: &Query, set: query::Set) -> bool {
    let start = search.point();
    let members = query.lines.iter().filter(|other| other.set == Some(set));
    members.for_each(|member| search.free(member, query.asked));
    let is_possible = set::is_possible(search, query, set);
    search.cut(start);
    is_possible
}

/// Adds what would make a late line on time, and takes what it is promised all the same. What a refused
/// line was offered is told, not taken.
fn settled(
    search: &mut Search<'_>,
    (query, line): (&Query, &Line),
    mut result: LineResult,
) -> LineResult {
    if search.memo.effort.is_plain() && !result.reasons.contains(&Reason::Effort) {
        result.reasons.push(Reason::Effort);
    }
    if query.remedies == Remedies::Sought
        && result.status != LineStatus::OnTime
        && line.set.is_none()
    {
        // They are looked for with an effort of their own.
        let effort = search.memo.effort;
        search.memo.restart();
        result.remedies = relax::of_line(search, line, result.option.as_ref());
        search.memo.effort = effort;
    }
    result.option.iter().for_each(|option| search.take(option));
    result
}

#[cfg(test)]
mod tests;
