//! What a promise has been through: a short note for each step of its life (semantics 8).
//!
//! Kept with the state, not read from the journal, so it is there as long as the promise is, whatever became
//! of old entries. A promise that nobody touched since it was made has none: all there is to say of it
//! stands in the reservation, but for who made it: where that is known, its making is noted at once.

use super::{
    marks::{Placing, Since},
    reservation::{Reservation, State, Step},
    trie::Trie,
};
use crate::model::{Epoch, Quantity};
use jiff::civil::Date;
use std::sync::Arc;

/// A promise as it was after one step of its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The step; none where it was promised.
    pub step: Option<Step>,
    /// When, in microseconds since 1970 UTC.
    pub at: i64,
    /// The entry that made it so; 0 where it was promised.
    pub position: u64,
    /// Its state since then.
    pub state: State,
    /// Its quantity since then.
    pub quantity: Quantity,
    /// The last date on which a leg ships, since then; a date, for snapshots count days from their own.
    pub ship: Option<Date>,
    /// The principal on whose word, where that is known.
    pub by: Option<Arc<str>>,
    /// What changed it, where that was not asked for by its customer.
    pub mover: Option<Mover>,
}

/// What changes promises without a word of their customers. A refresh is none of it: it puts promises at risk, and moves
/// no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mover {
    /// A backlog run that was applied.
    Run,
    /// A scenario with other planning data, that was applied.
    Change,
    /// The same, of nothing but shares of demand classes.
    Allocation,
    /// The way back of one of these.
    TakenBack,
}

/// The words for them.
pub const MOVERS: &[(&str, Mover)] = &[
    ("run", Mover::Run),
    ("change", Mover::Change),
    ("allocation", Mover::Allocation),
    ("taken_back", Mover::TakenBack),
];

impl Mover {
    /// The word for it.
    pub fn word(self) -> &'static str {
        MOVERS.iter().find(|(_, mover)| *mover == self).map_or("", |(word, _)| word)
    }
}

impl Past {
    /// A reservation as it is now.
    fn of(reservation: &Reservation, epoch: Epoch, noted: Noted) -> Self {
        let Reservation { state, quantity, .. } = *reservation;
        let Noted { step, at, position, by, mover } = noted;
        let ship = reservation.facts.legs.iter().map(|leg| leg.ship).max();
        let ship = ship.map(|day| epoch.date(day));
        Self { step, at, position, state, quantity, ship, by, mover }
    }

    /// A reservation as it was made.
    fn made(reservation: &Reservation, epoch: Epoch) -> Self {
        Self::of(
            reservation,
            epoch,
            Noted { step: None, at: reservation.facts.created, position: 0, by: None, mover: None },
        )
    }
}

/// The steps of promises, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Histories(Trie<Arc<[Past]>>);

impl Histories {
    pub(super) fn of(&self, number: u64) -> &[Past] {
        self.0.get(number).map_or(&[], |steps| steps)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &[Past])> {
        self.0.iter().map(|(number, steps)| (number, &**steps))
    }

    pub(super) fn put(&mut self, number: u64, steps: Arc<[Past]>) {
        self.0.insert(number, steps);
    }

    pub(super) fn remove(&mut self, number: u64) {
        self.0.remove(number);
    }

    /// Notes on whose word a promise was made.
    pub(super) fn begin(&mut self, epoch: Epoch, made: &Reservation, by: Arc<str>) {
        let first = Past { by: Some(by), ..Past::made(made, epoch) };
        self.put(made.number, [first].into());
    }

    /// Takes over what another copy has of a promise.
    pub(super) fn take(&mut self, other: &Self, number: u64) {
        match other.0.get(number) {
            Some(steps) => drop(self.0.insert(number, Arc::clone(steps))),
            None => drop(self.0.remove(number)),
        }
    }

    /// Says of the steps that entries have made which ones they are, and when that was, where they were noted before those
    /// had their places.
    pub(super) fn place(&mut self, number: u64, placing: Placing) {
        let Some(steps) = self.0.get(number) else { return };
        if !steps.iter().any(|past| placing.of(past.position).is_some()) {
            return;
        }
        let placed = |past: &Past| match placing.of(past.position) {
            Some(Since { at, position }) => Past { at, position, ..past.clone() },
            None => past.clone(),
        };
        let steps = steps.iter().map(placed).collect();
        self.0.insert(number, steps);
    }

    /// Notes a step that made `after` of `before`.
    pub(super) fn note(
        &mut self,
        epoch: Epoch,
        (before, after): (&Reservation, &Reservation),
        noted: Noted,
    ) {
        let known = self.of(after.number);
        let first = known.is_empty().then(|| Past::made(before, epoch));
        let new = Past::of(after, epoch, noted);
        let steps = known.iter().cloned().chain(first).chain([new]).collect();
        self.put(after.number, steps);
    }
}

/// When, by which entry and on whose word a step was made.
#[derive(Clone, Debug)]
pub(super) struct Noted {
    pub(super) step: Option<Step>,
    pub(super) at: i64,
    pub(super) position: u64,
    pub(super) by: Option<Arc<str>>,
    pub(super) mover: Option<Mover>,
}

/// What a promise has been through, its making first: for a promise that nobody touched, that alone.
pub fn of(reservation: &Reservation, epoch: Epoch, steps: &[Past]) -> Vec<Past> {
    if steps.is_empty() { vec![Past::made(reservation, epoch)] } else { steps.to_vec() }
}
