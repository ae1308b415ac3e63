//! The state as a value: planning data, what has been promised against it, and since when.
//!
//! A [`World`] is pinned once at the top of a request and passed down, so that everything in a request
//! sees one instant. It never changes under its holder: the writer makes the next one from the last.
//! A copy costs a few pointers whatever the size, and is all that a what-if scenario is.

mod differences;
mod given_back;
mod heeded;
mod lines;
mod marked;
mod profiles;
mod restored;

use super::{
    batch::ChangeBatch,
    consumption,
    folded::Folded,
    history::{self, Histories, Noted, Past},
    marks::{Mark, Placing, Since},
    note::{Acknowledgement, Cursors},
    orders::Orders,
    planned::{self, Numbers},
    positions::Positions,
    refresh::Risk,
    reservation::Reservation,
    rules::RULES,
    trie::Trie,
    view::View,
};
use crate::{model::AccountIx, snapshot::Snapshot};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Exceptions that somebody has seen, by id: the last word on each, and when it was said.
pub type Acknowledged = BTreeMap<Arc<str>, (Acknowledgement, i64)>;

/// Snapshot, view, reservations and position, pinned together. Clones in constant time.
///
/// ```
/// use promised::{ledger::World, loader};
/// use std::sync::Arc;
/// # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
/// let loaded = loader::open("snapshots/tiny".as_ref(), &loader::Silent)?;
/// let world = World::new(Arc::new(loaded.snapshot.expect("it is sound")));
/// // A copy is a pointer: what happens to one does not happen to the other.
/// let what_if = world.clone();
/// assert_eq!((what_if.position, what_if.n_reservations()), (0, 0));
/// # Ok::<(), loader::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct World {
    /// The planning data. Indices and days of everything else here are this snapshot's.
    pub snapshot: Arc<Snapshot>,
    /// The accounts.
    pub view: View,
    /// The number of entries that made this world (L3).
    pub position: u64,
    pub(super) reservations: Trie<Arc<Reservation>>,
    orders: Orders,
    histories: Histories,
    next_number: u64,
    /// How many reservations are over.
    n_over: usize,
    /// How many snapshots have served.
    pub(super) generation: u64,
    n_at_risk: u64,
    /// Who has planned supply that others may take of.
    pub(super) shared: Numbers,
    /// Who has planned supply that it takes nothing of itself.
    pub(super) spare: Numbers,
    /// Who waits for a count of stock.
    pub(super) uncounted: Numbers,
    /// The snapshot as it was loaded, without the changes.
    pub(super) loaded: Arc<Snapshot>,
    /// The changes made to the snapshot, the latest list first.
    pub(super) changes: Option<Arc<ChangeBatch>>,
    /// The version of the rules that hold.
    pub(super) rules: u32,
    /// Who has seen which exceptions.
    pub(super) seen: Arc<Acknowledged>,
    /// How far sources have been read.
    pub(super) positions: Arc<Positions>,
    /// How far what the server does by itself has come.
    pub(super) cursors: Arc<Cursors>,
    /// The snapshots that served before this one.
    pub(super) served: Arc<BTreeSet<Arc<str>>>,
    /// Since when things are as they are.
    pub(super) marks: Trie<Mark>,
    /// The entry that is being applied, or was last.
    pub(super) instant: Since,
    /// What is left of promises that are forgotten.
    pub(super) folded: Folded,
    /// Which ledger it is of; empty where nobody says.
    ledger: Arc<str>,
}

impl World {
    /// The world in which nothing has been promised against a snapshot.
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        Self {
            loaded: Arc::clone(&snapshot),
            snapshot,
            view: View::default(),
            position: 0,
            reservations: Trie::default(),
            orders: Orders::default(),
            histories: Histories::default(),
            next_number: 1,
            n_over: 0,
            generation: 1,
            n_at_risk: 0,
            shared: Numbers::default(),
            spare: Numbers::default(),
            uncounted: Numbers::default(),
            changes: None,
            rules: RULES,
            seen: Arc::default(),
            positions: Arc::default(),
            cursors: Arc::default(),
            served: Arc::default(),
            marks: Trie::default(),
            instant: Since::default(),
            folded: Folded::default(),
            ledger: "".into(),
        }
    }

    /// Whether nobody else holds its planning data: whoever lets it go frees that.
    pub fn is_alone(&self) -> bool {
        // It is held twice where nothing was changed since it was loaded.
        let ours = 1 + usize::from(Arc::ptr_eq(&self.snapshot, &self.loaded));
        [&self.snapshot, &self.loaded].iter().all(|held| Arc::strong_count(held) <= ours)
    }

    /// The id of the ledger that it is of: the numbers of promises mean nothing in another one.
    pub fn ledger(&self) -> &Arc<str> {
        &self.ledger
    }

    /// The same world, of a ledger of this id.
    #[must_use]
    pub fn of_ledger(self, ledger: &Arc<str>) -> Self {
        Self { ledger: Arc::clone(ledger), ..self }
    }

    /// The same instant in the names of another snapshot, with no more than what promises have been through: for who tells
    /// what was done in those.
    #[must_use]
    pub fn in_names_of(&self, snapshot: Arc<Snapshot>) -> Self {
        Self {
            position: self.position,
            generation: self.generation,
            histories: self.histories.clone(),
            changes: self.changes.clone(),
            ledger: Arc::clone(&self.ledger),
            ..Self::new(snapshot)
        }
    }

    /// How far sources have been read.
    pub fn positions(&self) -> &Positions {
        &self.positions
    }

    /// Gives back how far a source was read; notes that it was.
    pub fn hear(&mut self, source: &Arc<str>, position: &Arc<str>) {
        Arc::make_mut(&mut self.positions).hear(source, position);
    }

    /// What a promise has been through, in order; its making comes first.
    pub fn history(&self, reservation: &Reservation) -> Vec<Past> {
        history::of(reservation, self.snapshot.epoch(), self.steps(reservation.number))
    }

    /// The steps of a promise that somebody touched after it was made; else none.
    pub(super) fn steps(&self, number: u64) -> &[Past] {
        self.histories.of(number)
    }

    /// The steps of all promises that somebody touched after they were made, by number.
    pub fn histories(&self) -> impl Iterator<Item = (u64, &[Past])> {
        self.histories.iter()
    }

    /// Takes over from a younger world of the same planning data what became of promises since an older one; neither
    /// they nor what they take are among what this copy has changed. Gives the number of them.
    pub(super) fn advance(&mut self, younger: &World, older: &World) -> usize {
        let (changed, gone) = (younger.changed_since(older), younger.forgotten_since(older));
        for &number in &changed {
            let found = younger.reservation(number).expect("it has changed");
            self.put(Arc::clone(found));
            self.histories.take(&younger.histories, number);
        }
        gone.iter().for_each(|number| self.lose(*number));
        let marked = younger.marks_since(older);
        for number in changed.iter().chain(&marked) {
            self.take_mark(younger, *number);
        }
        self.seen = Arc::clone(&younger.seen);
        self.cursors = Arc::clone(&younger.cursors);
        self.folded = younger.folded.clone();
        self.next_number = self.next_number.max(younger.next_number);
        changed.len() + gone.len() + marked.len()
    }

    /// Says which entry it was that changed a promise, before that had its place.
    pub(super) fn place(&mut self, number: u64, placing: Placing) {
        self.histories.place(number, placing);
        self.place_mark(number, placing);
    }

    /// Notes a step in the life of a promise.
    pub(super) fn note(&mut self, before: &Reservation, after: &Reservation, noted: Noted) {
        self.histories.note(self.snapshot.epoch(), (before, after), noted);
    }

    /// Notes on whose word a promise was made.
    pub(super) fn note_made(&mut self, made: &Reservation, by: Arc<str>) {
        self.histories.begin(self.snapshot.epoch(), made, by);
    }

    /// The principal on whose word a promise was made, where that is known.
    pub fn made_by(&self, number: u64) -> Option<&str> {
        self.steps(number).first()?.by.as_deref()
    }

    /// The reservation of a number.
    pub fn reservation(&self, number: u64) -> Option<&Arc<Reservation>> {
        self.reservations.get(number)
    }

    /// All reservations with a number at or after `from`, in order of number.
    pub fn reservations_from(&self, from: u64) -> impl Iterator<Item = &Arc<Reservation>> {
        self.reservations.iter_from(from).map(|(_, reservation)| reservation)
    }

    /// The number of reservations, those in a final state included.
    pub fn n_reservations(&self) -> usize {
        self.reservations.len()
    }

    /// How many of them are over: see [`Reservation::is_over`].
    pub fn n_over(&self) -> usize {
        self.n_over
    }

    /// All reservations of an order, in order of number.
    pub fn reservations_of(&self, order: &str) -> impl Iterator<Item = &Arc<Reservation>> {
        let numbers = self.orders.numbers(order).into_iter();
        let known = numbers.filter_map(|number| self.reservations.get(number));
        known.filter(move |reservation| &*reservation.facts.order == order)
    }

    /// The version of the rules that hold.
    pub fn rules(&self) -> u32 {
        self.rules
    }

    /// Who has seen which exceptions.
    pub fn acknowledged(&self) -> &Acknowledged {
        &self.seen
    }

    /// Loses a reservation with all it posts and has been through.
    pub(super) fn lose(&mut self, number: u64) {
        let gone = self.reservations.remove(number).expect("what is lost was there");
        let uses = consumption::of(&self.snapshot, &gone);
        for &posting in gone.postings.iter().chain(&uses) {
            self.view.unpost(&self.snapshot, posting);
        }
        self.n_over -= usize::from(gone.is_over());
        self.n_at_risk -= u64::from(gone.at_risk);
        self.note_places(Some(&gone), None);
        self.marks.remove(number);
        self.orders.lose();
        self.histories.remove(number);
    }

    /// Says whether a reservation is at risk; true if that is new.
    pub(super) fn set_at_risk(&mut self, number: u64, risk: Risk) -> bool {
        let at_risk = risk == Risk::SupplyGone;
        let found = self.reservation(number).filter(|found| found.at_risk != at_risk);
        let Some(found) = found else {
            return false;
        };
        let flagged = Reservation { at_risk, ..(**found).clone() };
        self.put(Arc::new(flagged));
        true
    }

    /// The number of reservations at risk.
    pub(super) fn n_at_risk(&self) -> u64 {
        self.n_at_risk
    }

    /// How many snapshots have served, this one included.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The number that the next reservation gets.
    pub fn next_number(&self) -> u64 {
        self.next_number
    }

    /// The world without what a reservation takes: what an amendment is planned against. What it planned is
    /// there as far as others count on it.
    #[must_use]
    pub fn without(&self, number: u64) -> World {
        self.without_all([number].into())
    }

    /// All reservations, shared.
    pub(super) fn reservations(&self) -> &Trie<Arc<Reservation>> {
        &self.reservations
    }

    /// Notes where a reservation is to be looked for that takes the place of another one.
    fn note_places(&mut self, before: Option<&Reservation>, after: Option<&Reservation>) {
        let is_plain = |found: &Reservation| found.plan.is_empty() && found.shipped.is_none();
        if [before, after].into_iter().flatten().all(is_plain) {
            return;
        }
        let of = |place: fn(&Reservation) -> BTreeSet<AccountIx>| {
            [before, after].map(|found| found.map(place).unwrap_or_default())
        };
        let number = before.or(after).expect("one of them is there").number;
        let [was, is] = of(planned::shared);
        self.shared.replace(number, &was, &is);
        let [was, is] = of(planned::spare);
        self.spare.replace(number, &was, &is);
        let [was, is] = of(planned::uncounted);
        self.uncounted.replace(number, &was, &is);
    }

    /// Puts a reservation in the place of the one with its number, and its postings in the place of
    /// that one's postings.
    ///
    /// This is for worlds of one's own, such as scenarios: it asks neither whether it fits nor whether
    /// the step is legal. The live world is changed by [`Ledger`](super::Ledger) alone.
    pub fn put(&mut self, after: Arc<Reservation>) {
        let number = after.number;
        let before = self.reservations.insert(number, Arc::clone(&after));
        self.n_at_risk += u64::from(after.at_risk);
        self.n_at_risk -= u64::from(before.as_ref().is_some_and(|before| before.at_risk));
        self.n_over -= usize::from(before.as_ref().is_some_and(|before| before.is_over()));
        self.n_over += usize::from(after.is_over());
        self.note_places(before.as_deref(), Some(&after));
        self.mark(before.as_deref(), &after);
        let unchanged = before.as_ref().is_some_and(|before| before.postings == after.postings);
        let uses = |of: &Reservation| consumption::of(&self.snapshot, of);
        let (uses_before, uses_after) =
            (before.as_deref().map(uses).unwrap_or_default(), uses(&after));
        if !unchanged || uses_before != uses_after {
            let before = before.iter().flat_map(|before| before.postings.iter());
            for &posting in before.chain(&uses_before) {
                self.view.unpost(&self.snapshot, posting);
            }
            for &posting in after.postings.iter().chain(&uses_after) {
                self.view.post(&self.snapshot, posting);
            }
        }
        match before {
            Some(before) => {
                assert_eq!(before.facts.order, after.facts.order, "an order is for ever")
            }
            None => {
                let reservations = &self.reservations;
                let is_kept = |number| reservations.get(number).is_some();
                self.orders.add(&after.facts.order, number, is_kept);
                self.next_number = self.next_number.max(number + 1);
            }
        }
    }
}
