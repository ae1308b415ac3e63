//! What is left of promises that are forgotten: daily rows of sums, so that the figures of last quarter stand.
//!
//! The entry that forgets a promise folds it first: into the row of its dates and of all that lines are told apart by, in
//! words, for snapshots number things each in their own way. What was cancelled, expired or dropped counts in no figure
//! and leaves none. Rows with a hash in common lie together, so that adding to one copies little.

use super::sums::Judged;
use crate::model::{digest::Digest, trie::Trie};
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

/// The rows of all that is forgotten. Clones in constant time.
#[derive(Clone, Debug, Default)]
pub struct Folded(Trie<Arc<[FoldedRow]>>);

impl Folded {
    /// All rows.
    pub(super) fn iter(&self) -> impl Iterator<Item = &FoldedRow> {
        self.0.iter().flat_map(|(_, rows)| rows.iter())
    }

    /// Adds a row to what is there of its dates and words.
    pub(super) fn add(&mut self, row: FoldedRow) {
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
