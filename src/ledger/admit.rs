//! The verbs: refuse, refuse, refuse; then succeed without a branch.
//!
//! Every verb checks in the order of [`Refusal`] and gives an [`Admitted`], which holds the ledger
//! borrowed until it is committed or dropped. Whatever is checked is checked here; `commit` only does.
//! No version check: a posting that still fits is no conflict, whatever has changed since it was planned.

use super::{
    Ledger, consumption,
    divided::part_of,
    entry::{Also, Entry, Fact, Made, Stamp},
    fit::Moves,
    places::hold_end,
    planned::{self, Planned, told_apart},
    refusal::Refusal,
    release,
    reservation::{Facts, Reservation, State, Step},
    told::Told,
    world::World,
};
use crate::{
    allocation::complete,
    model::{Posting, Quantity},
    snapshot::Snapshot,
};
use std::{collections::BTreeSet, sync::Arc};

/// Holds that are noted under a new end at once.
const NOTED_ANEW_MAX: usize = 1_000;

/// How a reservation begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Held until an instant, in microseconds since 1970 UTC.
    Held {
        /// The instant.
        until: i64,
    },
    /// Confirmed at once.
    Confirmed,
}

impl Start {
    fn state(self) -> State {
        match self {
            Self::Held { until } => State::Held { until },
            Self::Confirmed => State::Confirmed,
        }
    }
}

/// What is to be reserved for one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// How much is promised, over all legs.
    pub quantity: Quantity,
    /// What makes it true.
    pub postings: Vec<Posting>,
    /// Which of them are planned supply; where nothing is said of that, all that its legs do not take.
    pub plan: Vec<Planned>,
    /// Who it is for and what is told.
    pub facts: Facts,
}

/// One line of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposedLine {
    /// It is to be reserved.
    Reserve(Draft),
    /// It takes the place of what was promised for the line before.
    Replace {
        /// The line as it is to be.
        draft: Draft,
        /// The live promises of the line, in order of number: the first keeps its number, the others end.
        live: Vec<u64>,
    },
    /// It is promised already, and stays so.
    Already {
        /// The promise.
        stands: Arc<Reservation>,
        /// Live promises of the line that end because nothing of it is left to promise.
        ends: Vec<u64>,
    },
    /// There is nothing within the horizon.
    Unavailable,
    /// There is something, but only after the latest acceptable date.
    Refused,
}

impl ProposedLine {
    /// The promises that give way to it.
    fn replaced(&self) -> &[u64] {
        match self {
            Self::Replace { live, .. } => live,
            Self::Already { ends, .. } => ends,
            Self::Reserve(_) | Self::Unavailable | Self::Refused => &[],
        }
    }
}

/// Whether postings must fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Admission {
    /// They must.
    #[default]
    Fits,
    /// They need not: an override, which the facts of the draft record.
    Forced,
}

/// The lines of one request; they are admitted together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// In the order of the request.
    pub lines: Vec<ProposedLine>,
    /// How each reservation begins.
    pub start: Start,
    /// Whether the postings must fit.
    pub admission: Admission,
}

/// Proof that a change is admissible. It borrows the ledger, so nothing can change in between.
#[must_use = "an admitted change does nothing until it is committed"]
#[derive(Debug)]
pub struct Admitted<'ledger> {
    pub(super) ledger: &'ledger mut Ledger,
    pub(super) fact: Fact,
    /// Others that change in the same step.
    pub(super) also: Vec<Also>,
    /// The live world with the changes of planning data that the fact makes, if any.
    pub(super) changed: Option<World>,
}

impl Admitted<'_> {
    /// Makes the change. It cannot fail: all that could have was checked before.
    pub fn commit(self, stamp: Stamp) -> Entry {
        self.commit_told(stamp, None)
    }

    /// The same, and keeps what the command's caller is told beyond the fact.
    pub fn commit_told(self, stamp: Stamp, told: Option<Arc<Told>>) -> Entry {
        let Self { ledger, fact, also, changed } = self;
        let position = ledger.world.position + 1;
        let mut entry = Entry { position, stamp, fact, also, told };
        let mut loose = ledger.apply_over(&entry, changed);
        let settled = ledger.settle(&mut loose);
        entry.also.extend(settled.into_iter().map(|after| Also { step: None, after }));
        ledger.close(&entry, loose);
        entry
    }

    /// The same with other words on the lines that were answered: those that were left out at their places.
    pub fn with_lines(mut self, all: impl FnOnce(Vec<Made>) -> Vec<Made>) -> Self {
        if let Fact::Promised { lines } = &mut self.fact {
            *lines = all(std::mem::take(lines));
        }
        self
    }

    /// What will have happened.
    pub fn fact(&self) -> &Fact {
        &self.fact
    }
}

impl Ledger {
    /// A fact that was found admissible.
    pub(super) fn admitted(&mut self, fact: Fact) -> Admitted<'_> {
        Admitted { ledger: self, fact, also: Vec::new(), changed: None }
    }

    /// The same, with others that change in the same step.
    pub(super) fn admitted_also(&mut self, fact: Fact, also: Vec<Also>) -> Admitted<'_> {
        Admitted { ledger: self, fact, also, changed: None }
    }

    /// The same, with the live world as the fact's changes of planning data make it.
    pub(super) fn admitted_over(&mut self, changed: World, fact: Fact) -> Admitted<'_> {
        Admitted { ledger: self, fact, also: Vec::new(), changed: Some(changed) }
    }

    /// Admits the lines of a request, all together.
    ///
    /// # Errors
    /// In this order: [`Refusal::NothingToReserve`], [`Refusal::OutsideHorizon`],
    /// [`Refusal::BalanceOutOfRange`], and unless forced [`Refusal::ExceedsAvailable`].
    pub fn admit(&mut self, proposal: Proposal) -> Result<Admitted<'_>, Refusal> {
        let Proposal { lines, start, admission } = proposal;
        let replaced: BTreeSet<u64> =
            lines.iter().flat_map(ProposedLine::replaced).copied().collect();
        let without = (!replaced.is_empty()).then(|| self.world.without_all(replaced));
        let (mut moves, mut also) = (Moves::default(), Vec::new());
        let mut number = self.world.next_number();
        let (mut made, mut silenced) = (Vec::with_capacity(lines.len()), BTreeSet::new());
        for line in lines {
            made.push(match line {
                ProposedLine::Unavailable => Made::Unavailable,
                ProposedLine::Refused => Made::Refused,
                ProposedLine::Reserve(mut draft) => {
                    let snapshot = &self.world.snapshot;
                    complete(snapshot, &mut draft.postings);
                    let mut new = reservation((number, start.state()), draft, snapshot);
                    let key = (Arc::clone(&new.facts.order), Arc::clone(&new.facts.line));
                    if let Some(theirs) = self.world.unpromised(&key.0, &key.1)
                        && silenced.insert(key)
                    {
                        new = super::line::silencing(theirs, new, snapshot);
                    }
                    // A new line consumes before it takes.
                    moves.add(&[], &consumption::of(snapshot, &new));
                    moves.add(&[], &new.postings);
                    number += 1;
                    Made::Reserved(Arc::new(new))
                }
                ProposedLine::Replace { draft, live } => {
                    let (first, others) = live.split_first().expect("it replaces something");
                    self.about_to(*first, Step::Amend)?;
                    let without = without.as_ref().expect("something is replaced");
                    let place = (*first, self.start_of(&live, start));
                    let after = amended(without, place, draft, &mut moves);
                    also.extend(self.ended(others)?);
                    Made::Replaced(Arc::new(after))
                }
                ProposedLine::Already { stands, ends } => {
                    also.extend(self.ended(&ends)?);
                    Made::Already(stands)
                }
            });
        }
        if made.iter().all(|made| made.reservation().is_none()) && also.is_empty() {
            return Err(Refusal::NothingToReserve);
        }
        judge(moves, without.as_ref().unwrap_or(&self.world), admission)?;
        Ok(Admitted { also, ..self.admitted(Fact::Promised { lines: made }) })
    }

    /// How what replaces promises begins: confirmed if it is to be, or if one of them was.
    fn start_of(&self, live: &[u64], start: Start) -> State {
        let is_confirmed = |number: &u64| {
            let found = self.world.reservation(*number);
            found.is_some_and(|found| found.state == State::Confirmed)
        };
        if live.iter().any(is_confirmed) { State::Confirmed } else { start.state() }
    }

    /// Promises whose line another promise speaks for, at their end.
    fn ended(&self, numbers: &[u64]) -> Result<Vec<Also>, Refusal> {
        let end = |number: &u64| {
            let before = self.about_to(*number, Step::Cancel)?;
            let after = Arc::new(release::ended(&before, State::Cancelled));
            Ok(Also { step: Some(Step::Cancel), after })
        };
        numbers.iter().map(end).collect()
    }

    /// Confirms a hold; where only a part of it, the rest stays held under a number of its own.
    ///
    /// # Errors
    /// In this order: [`Refusal::DoesNotExist`], [`Refusal::StateForbids`],
    /// [`Refusal::QuantityOutOfRange`].
    pub fn confirm(
        &mut self,
        number: u64,
        part: Option<Quantity>,
    ) -> Result<Admitted<'_>, Refusal> {
        let before = self.about_to(number, Step::Confirm)?;
        let confirmed = part_of(&before, part, &self.world.snapshot)?;
        let (kept, rest) = if confirmed == before.quantity {
            ((*before).clone(), None)
        } else {
            let goes = (before.quantity - confirmed, self.world.next_number());
            let (kept, rest) = release::two(&before, goes, &self.world.snapshot);
            (kept, Some(Arc::new(rest)))
        };
        let kept = Arc::new(Reservation { state: State::Confirmed, ..kept });
        Ok(self.admitted(Fact::Confirmed { kept, rest }))
    }

    /// Cancels a promise or a part of it. It always fits: what others count on stays.
    ///
    /// # Errors
    /// In this order: [`Refusal::DoesNotExist`], [`Refusal::StateForbids`],
    /// [`Refusal::QuantityOutOfRange`].
    pub fn cancel(&mut self, number: u64, part: Option<Quantity>) -> Result<Admitted<'_>, Refusal> {
        let before = self.about_to(number, Step::Cancel)?;
        let cancelled = part_of(&before, part, &self.world.snapshot)?;
        let fact = if cancelled == before.quantity {
            Fact::Released { after: Arc::new(release::ended(&before, State::Cancelled)) }
        } else {
            let after = release::without_part(&before, cancelled, &self.world.snapshot);
            Fact::PartlyReleased { after: Arc::new(after) }
        };
        Ok(self.admitted(fact))
    }

    /// Puts a new promise in the place of an old one; if it does not fit, the old one stands.
    ///
    /// The reservation keeps its number, and stays held or confirmed as it is.
    ///
    /// # Errors
    /// In this order: [`Refusal::DoesNotExist`], [`Refusal::StateForbids`], then as
    /// [`Ledger::admit`], with the old postings given back first.
    pub fn amend(
        &mut self,
        number: u64,
        draft: Draft,
        admission: Admission,
    ) -> Result<Admitted<'_>, Refusal> {
        let before = self.about_to(number, Step::Amend)?;
        // What it was planned against: that is where it must fit.
        let without = self.world.without(number);
        let mut moves = Moves::default();
        let after = amended(&without, (number, before.state), draft, &mut moves);
        judge(moves, &without, admission)?;
        Ok(self.admitted(Fact::Amended { after: Arc::new(after) }))
    }

    /// Ends the hold that is due first, if it is due at an instant (microseconds since 1970 UTC).
    ///
    /// Some may be noted under an earlier end than they have by now: these are looked at and noted anew, a bounded
    /// number of them; then there may be more that are due.
    pub fn expire(&mut self, now: i64) -> Option<Admitted<'_>> {
        for _ in 0..NOTED_ANEW_MAX {
            let &(until, number) = self.due.first()?;
            if now < until {
                return None;
            }
            let found = self.world.reservation(number);
            let ends = found.and_then(|found| hold_end(found));
            if let (Some(before), Some(ends)) = (found, ends)
                && ends == until
            {
                let after = Arc::new(release::ended(before, State::Expired));
                return Some(self.admitted(Fact::Expired { after }));
            }
            self.work += 1;
            self.due.pop_first();
            self.due.extend(ends.map(|ends| (ends, number)));
        }
        None
    }

    /// The reservation, if a step is legal for it.
    ///
    /// # Errors
    /// In this order: [`Refusal::DoesNotExist`], [`Refusal::StateForbids`].
    pub fn about_to(&self, number: u64, step: Step) -> Result<Arc<Reservation>, Refusal> {
        let before = self.world.reservation(number).ok_or(Refusal::DoesNotExist { number })?;
        if before.state.allows(step) {
            Ok(Arc::clone(before))
        } else {
            Err(Refusal::StateForbids { number, state: before.state, step })
        }
    }
}

/// A promise as a new one makes it that takes its place, in a world without it.
fn amended(
    without: &World,
    (number, state): (u64, State),
    mut draft: Draft,
    moves: &mut Moves,
) -> Reservation {
    let snapshot = &without.snapshot;
    complete(snapshot, &mut draft.postings);
    let postings = draft.postings.clone();
    let kept = without.reservation(number).expect("it was there before");
    let revision = kept.facts.revision + 1;
    let after = reservation((number, state), draft, snapshot);
    let facts = Arc::new(Facts { revision, ..(*after.facts).clone() });
    let after = planned::beside(kept, Reservation { facts, ..after }, snapshot);
    // It consumes of forecasts before it takes.
    moves.add(&consumption::of(snapshot, kept), &consumption::of(snapshot, &after));
    moves.add(&[], &postings);
    after
}

fn judge(moves: Moves, world: &World, admission: Admission) -> Result<(), Refusal> {
    match (moves.judge(world), admission) {
        (Err(Refusal::ExceedsAvailable { .. }), Admission::Forced) => Ok(()),
        (judged, Admission::Fits | Admission::Forced) => judged,
    }
}

fn reservation((number, state): (u64, State), draft: Draft, snapshot: &Snapshot) -> Reservation {
    let Draft { quantity, mut postings, mut plan, facts } = draft;
    if plan.is_empty() {
        (postings, plan) = told_apart(postings, &facts.legs, snapshot);
    }
    Reservation {
        number,
        state,
        quantity,
        postings: postings.into(),
        plan: plan.into(),
        facts: Arc::new(facts),
        standing: None,
        at_risk: false,
        shipped: None,
    }
}
