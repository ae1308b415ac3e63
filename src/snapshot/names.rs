//! External keys, interned: a name becomes a dense index once, at the border.
//!
//! Iteration goes by index only, so no order of hashing can leak into an answer. A copy shares the
//! names; those that are [added](Names::add) to a copy are its own.

use crate::model::{Index, coded::ColumnOf, index::index, stored::Stored, trie::Trie};
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::{hash::Hasher, marker::PhantomData, sync::Arc};

/// Bits of the hash by which added names are found; names of one bucket are chained.
const BUCKET_BITS: u32 = 16;

/// The names of one kind of thing.
///
/// ```
/// use promised::snapshot::{ItemIx, Names};
/// let mut items: Names<ItemIx> = Names::default();
/// let pump = items.intern("PUMP");
/// assert_eq!(items.intern("PUMP"), pump, "a name is one thing");
/// assert_eq!((items.name(pump), items.len()), ("PUMP", 1));
/// assert_eq!(items.get("VALVE"), None);
/// ```
#[derive(Clone, Debug)]
pub struct Names<I> {
    base: Arc<Base>,
    added: Added,
    index: PhantomData<fn(I)>,
}

#[derive(Clone, Debug, Default)]
struct Base {
    text: String,
    ends: Vec<u32>,
    table: HashTable<u32>,
}

/// Names added to a copy: by position after the base's, and the latest of each bucket of hashes.
#[derive(Clone, Debug, Default)]
pub(super) struct Added {
    names: Trie<(Arc<str>, Option<u64>)>,
    latest: Trie<u64>,
}

impl<I> Default for Names<I> {
    fn default() -> Self {
        Self { base: Arc::default(), added: Added::default(), index: PhantomData }
    }
}

pub(super) fn hash(name: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name);
    hasher.finish()
}

fn slice<'a>(text: &'a str, ends: &[u32], at: u32) -> &'a str {
    let at = at as usize;
    let start = if at == 0 { 0 } else { ends[at - 1] as usize };
    &text[start..ends[at] as usize]
}

impl Base {
    fn get(&self, name: &str) -> Option<u32> {
        let same = |at: &u32| slice(&self.text, &self.ends, *at) == name;
        self.table.find(hash(name.as_bytes()), same).copied()
    }

    fn insert(&mut self, name: &str) -> u32 {
        let at = u32::try_from(self.ends.len()).expect("tables are capped below u32::MAX rows");
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).expect("the names of a table fit 4 GiB"));
        let (text, ends) = (&self.text, &self.ends);
        let hash_at = |&at: &u32| hash(slice(text, ends, at).as_bytes());
        self.table.insert_unique(hash(name.as_bytes()), at, hash_at);
        at
    }
}

impl Added {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The position of a name, if it was added.
    pub(super) fn get(&self, name: &str) -> Option<usize> {
        let bucket = hash(name.as_bytes()) >> (u64::BITS - BUCKET_BITS);
        let mut at = self.latest.get(bucket).copied();
        while let Some(position) = at {
            let (known, before) = self.names.get(position).expect("a chain of known names");
            if &**known == name {
                return Some(usize::try_from(position).expect("capped like all tables"));
            }
            at = *before;
        }
        None
    }

    /// The name at a position.
    pub(super) fn name(&self, position: usize) -> &str {
        &self.names.get(position as u64).expect("an index of these names").0
    }

    /// Adds a name that is new.
    pub(super) fn insert(&mut self, name: &str) {
        let bucket = hash(name.as_bytes()) >> (u64::BITS - BUCKET_BITS);
        let position = self.names.len() as u64;
        let before = self.latest.insert(bucket, position);
        self.names.insert(position, (name.into(), before));
    }
}

/// A name without what people lose on the way: case, and zeros at its beginning.
fn plain(name: &str) -> impl Iterator<Item = char> {
    name.trim_start_matches('0').chars().flat_map(char::to_lowercase)
}

impl<I: Index> Names<I> {
    /// A name that differs from this one by case or by zeros at its beginning only. It looks at all of them.
    pub fn alike(&self, name: &str) -> Option<&str> {
        let mut names = self.indices().map(|index| self.name(index));
        names.find(|known| *known != name && plain(known).eq(plain(name)))
    }

    /// The index of a name, if it is known.
    pub fn get(&self, name: &str) -> Option<I> {
        let base = self.base.get(name).map(|at| I::from_usize(at as usize));
        if self.added.is_empty() || base.is_some() {
            return base;
        }
        Some(I::from_usize(self.base.ends.len() + self.added.get(name)?))
    }

    /// Looks at what [`Names::get`] will look at for each of some names, and does nothing with it.
    ///
    /// A look-up goes from memory to memory, four times, and waits each time. Here each step is taken for all
    /// names before the next one, so that the waiting overlaps. For batches only.
    pub fn warm<'a>(&self, names: impl Iterator<Item = &'a str>) {
        let hashes: Vec<u64> = names.map(|name| hash(name.as_bytes())).collect();
        let found = |hash: &u64| self.base.table.find(*hash, |_| true).copied();
        let found: Vec<u32> = hashes.iter().filter_map(found).collect();
        let start = |at: &u32| self.base.ends[*at as usize];
        let ends: Vec<u32> = found.iter().map(start).collect();
        let bytes = ends.iter().filter_map(|&end| self.base.text.as_bytes().get(end as usize));
        std::hint::black_box(bytes.fold(0, |sum: u8, &byte| sum ^ byte));
    }

    /// The index of a name, which is remembered if it is new.
    pub fn intern(&mut self, name: &str) -> I {
        match self.get(name) {
            Some(index) => index,
            None => self.insert(name),
        }
    }

    fn insert(&mut self, name: &str) -> I {
        assert!(self.added.is_empty(), "names are interned before any is added");
        I::from_usize(Arc::make_mut(&mut self.base).insert(name) as usize)
    }

    /// The index of a name, which is remembered if it is new; the names of all other copies stay as
    /// they are, and are shared.
    pub fn add(&mut self, name: &str) -> I {
        if let Some(index) = self.get(name) {
            return index;
        }
        self.added.insert(name);
        I::from_usize(self.len() - 1)
    }

    /// Remembers a name, or returns the index of the one that is there already.
    ///
    /// # Errors
    /// The index of the same name, seen before.
    pub fn define(&mut self, name: &str) -> Result<I, I> {
        match self.get(name) {
            Some(index) => Err(index),
            None => Ok(self.insert(name)),
        }
    }

    /// The name of an index.
    pub fn name(&self, index: I) -> &str {
        let at = index.to_usize();
        if let Some(added) = at.checked_sub(self.base.ends.len()) {
            return self.added.name(added);
        }
        let at = u32::try_from(at).expect("tables are capped below u32::MAX rows");
        slice(&self.base.text, &self.base.ends, at)
    }

    /// The number of names.
    pub fn len(&self) -> usize {
        self.base.ends.len() + self.added.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All indices, in the order in which the names were seen.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = I> + use<I> {
        (0..self.len()).map(I::from_usize)
    }
}

/// About; names that were added are few.
impl<I> Stored for Names<I> {
    fn shrink(&mut self) {
        let base = Arc::make_mut(&mut self.base);
        base.text.shrink_to_fit();
        base.ends.shrink_to_fit();
    }

    fn bytes(&self) -> usize {
        let Base { text, ends, table } = &*self.base;
        text.capacity() + ends.bytes() + 5 * table.capacity()
    }
}

/// Texts of which most are one of a few: each is kept once.
#[derive(Clone, Debug, Default)]
pub(super) struct FewTexts {
    texts: Names<TextIx>,
    all: ColumnOf<Option<TextIx>>,
}

index! {
    /// One of a few texts.
    TextIx;
}

impl FewTexts {
    /// Appends a text.
    pub(super) fn push(&mut self, text: &str) {
        let text = (!text.is_empty()).then(|| self.texts.intern(text));
        self.all.push(text);
    }

    /// The text at a position.
    pub(super) fn get(&self, at: usize) -> &str {
        self.all.get(at).map_or("", |text| self.texts.name(text))
    }
}

/// What there are few of is not counted.
impl Stored for FewTexts {
    fn shrink(&mut self) {
        self.all.shrink();
    }

    fn bytes(&self) -> usize {
        self.all.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::ItemIx;

    #[test]
    fn a_copy_may_learn_names_of_its_own() {
        let mut names: Names<ItemIx> = Names::default();
        names.intern("A");
        let mut copy = names.clone();
        for n in 0..500 {
            let index = copy.add(&format!("N{n}"));
            assert_eq!((copy.len(), index.to_usize()), (n + 2, n + 1));
        }
        let known = |names: &Names<ItemIx>, name| {
            names.get(name).map(|index| names.name(index).to_string())
        };
        assert_eq!(known(&copy, "N77").as_deref(), Some("N77"));
        assert_eq!(copy.add("A"), names.get("A").unwrap());
        assert_eq!(known(&names, "N77"), None);
        assert_eq!(known(&copy, "N500"), None);
    }
}
