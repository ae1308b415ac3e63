//! What is left of promises that are forgotten: daily rows of sums, so that the figures of last quarter stand.
//!
//! The entry that forgets a promise folds it first: into the row of its dates and of all that lines are told apart by, in
//! words, for snapshots number things each in their own way. What was cancelled, expired or dropped counts in no figure
//! and leaves none. Rows with a hash in common lie together, so that adding to one copies little.

use super::{
    Reservation, Term, World,
    judged::{DateBasis, Judged, counts, due, judge, moved_by},
};
use crate::model::{Index, digest::Digest, trie::Trie};
use jiff::civil::Date;
use std::sync::Arc;

/// How many words a row has: the places are those of [`Word`].
pub const N_WORDS: usize = 14;

/// What lines are told apart by, by its place among the words of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The item ordered.
    Item,
    /// Its category.
    Category,
    /// Its brand.
    Brand,
    /// For whom.
    Customer,
    /// The customer's country.
    Country,
    /// The customer's region.
    Region,
    /// Where to.
    Zone,
    /// By which channel it came.
    Channel,
    /// Who sold it.
    Seller,
    /// The demand class.
    Class,
    /// The ship-from of the first leg.
    Location,
    /// How the first leg travelled.
    Method,
    /// How the first leg was supplied.
    Supply,
    /// What moved its date last.
    MovedBy,
}

/// Lines that are forgotten and have their dates and words in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldedRow {
    /// The date by which they are judged, by the place of the basis.
    pub dates: [Date; 3],
    /// In words what they are told apart by; empty where they have none.
    pub words: [Box<str>; N_WORDS],
    /// What they add, by the place of the basis.
    pub sums: [Judged; 3],
}

impl FoldedRow {
    /// The word of one of the things that lines are told apart by.
    pub fn word(&self, of: Word) -> &str {
        &self.words[of as usize]
    }

    /// A promise as a row of its own.
    fn of(world: &World, promise: &Reservation) -> Self {
        let snapshot = &world.snapshot;
        let judged = |basis: DateBasis| {
            let due = due(world, promise, basis);
            (snapshot.epoch().date(due), judge(world, promise, (basis, due), true))
        };
        let both = DateBasis::ALL.map(judged);
        Self {
            dates: both.map(|(date, _)| date),
            words: words(world, promise).map(|word| word.into_boxed_str()),
            sums: both.map(|(_, sums)| sums),
        }
    }

    /// Where it lies: a number of few digits that is the same everywhere and for ever.
    fn place(&self) -> u64 {
        let mut digest = Digest::default();
        self.dates.iter().for_each(|date| digest.text(&date.to_string()));
        self.feed_words(&mut digest);
        u64::try_from(digest.value() & 0xf_ffff).expect("it is small")
    }

    /// What rows of an earlier version have not is fed only where it is there, so that theirs stay as they were.
    pub(super) fn feed_words(&self, digest: &mut Digest) {
        let (first, rest) = self.words.split_at(Word::MovedBy as usize);
        first.iter().for_each(|word| digest.text(word));
        rest.iter().filter(|word| !word.is_empty()).for_each(|word| digest.text(word));
    }

    fn is_kin(&self, other: &Self) -> bool {
        self.dates == other.dates && self.words == other.words
    }
}

fn words(world: &World, promise: &Reservation) -> [String; N_WORDS] {
    fn name<I: Index>(names: &crate::snapshot::Names<I>, index: Option<I>) -> String {
        index.map_or("", |index| names.name(index)).to_string()
    }
    let (snapshot, facts) = (&world.snapshot, &promise.facts);
    let customer = facts.customer.and_then(|customer| snapshot.customers.rows.get(customer));
    let leg = facts.legs.first();
    let term = |term: Term| facts.terms.text(term).unwrap_or_default().to_string();
    [
        name(&snapshot.items.names, Some(facts.item)),
        name(&snapshot.items.categories, snapshot.items.category(facts.item)),
        snapshot.items.brand(facts.item).to_string(),
        name(&snapshot.customers.names, facts.customer),
        customer.map(|row| row.country.to_string()).unwrap_or_default(),
        customer.map(|row| row.region.to_string()).unwrap_or_default(),
        name(&snapshot.zones.names, facts.zone),
        term(Term::Channel),
        term(Term::Seller),
        name(&snapshot.classes.names, facts.class),
        name(&snapshot.locations.names, leg.map(|leg| leg.location)),
        name(&snapshot.methods.names, leg.and_then(|leg| leg.method)),
        leg.map(|leg| leg.supply.to_string()).unwrap_or_default(),
        moved_by(world, promise).to_string(),
    ]
}

/// The rows of all that is forgotten. Clones in constant time.
#[derive(Clone, Debug, Default)]
pub struct Folded(Trie<Arc<[FoldedRow]>>);

impl Folded {
    /// Adds a row to what is there of its dates and words.
    fn add(&mut self, row: FoldedRow) {
        let place = row.place();
        let mut there: Vec<FoldedRow> = self.0.get(place).map_or(Vec::new(), |rows| rows.to_vec());
        match there.iter_mut().find(|known| known.is_kin(&row)) {
            Some(known) => {
                known.sums.iter_mut().zip(&row.sums).for_each(|(sums, more)| sums.add(more));
            }
            None => there.push(row),
        }
        self.0.insert(place, there.into());
    }
}

impl World {
    /// What is left of promises that are forgotten.
    pub fn folded(&self) -> impl Iterator<Item = &FoldedRow> {
        self.folded.0.iter().flat_map(|(_, rows)| rows.iter())
    }

    /// Gives back a row of what was forgotten.
    pub fn restore_folded(&mut self, row: FoldedRow) {
        self.folded.add(row);
    }

    /// Keeps what a promise that is to be forgotten adds to figures.
    pub(super) fn fold(&mut self, number: u64) {
        let found = self.reservation(number).filter(|found| counts(found));
        let row = found.map(|found| FoldedRow::of(self, found));
        row.into_iter().for_each(|row| self.folded.add(row));
    }
}
