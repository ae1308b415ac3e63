//! Ids of rows: millions of keys that are seldom asked for, in some ten bytes each.
//!
//! The keys lie in the order of their rows, and each keeps only what differs from the one before it, block by block;
//! ids of one account's rows are mostly one prefix and a number. They are found by an index without keys:
//! rows in buckets by hash, with eight more bits of it beside each row. No hash table grows while a
//! snapshot is loaded, and equal ids show when the index is made.

use super::names::{Added, hash};
use crate::model::Index;
use rayon::prelude::*;
use std::{marker::PhantomData, sync::Arc};

/// Keys from one full one to the next.
const BLOCK: usize = 16;

/// Keys that one thread hashes at a time; blocks are not torn apart.
const HASHES_AT_ONCE: usize = 4_096 * BLOCK;

/// Rows a bucket of the index has on average.
const BUCKET_ROWS: usize = 4;

/// Keys in order, each as what differs from the one before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    bytes: Vec<u8>,
    blocks: Vec<u32>,
    len: usize,
    last: Vec<u8>,
}

impl Keys {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Appends a key.
    pub(super) fn push(&mut self, key: &[u8]) {
        if self.len.is_multiple_of(BLOCK) {
            let start = u32::try_from(self.bytes.len()).expect("the ids of a table fit 4 GiB");
            self.blocks.push(start);
            self.last.clear();
        }
        let shared = self.last.iter().zip(key).take_while(|(one, next)| one == next).count();
        push_number(&mut self.bytes, shared);
        push_number(&mut self.bytes, key.len() - shared);
        self.bytes.extend_from_slice(&key[shared..]);
        self.last.truncate(shared);
        self.last.extend_from_slice(&key[shared..]);
        self.len += 1;
    }

    /// Turns the key before a place into the one that is there; returns the place of the next.
    fn step(&self, mut place: usize, key: &mut Vec<u8>) -> usize {
        let shared = number_at(&self.bytes, &mut place);
        let differs = number_at(&self.bytes, &mut place);
        key.truncate(shared);
        key.extend_from_slice(&self.bytes[place..place + differs]);
        place + differs
    }

    /// Reads keys; the cheapest way is in their order.
    pub(super) fn reader(&self) -> KeyReader<'_> {
        KeyReader { keys: self, next: 0, place: 0, key: Vec::new() }
    }

    /// The key at a position.
    fn get(&self, at: usize) -> String {
        let mut reader = self.reader();
        reader.read(at);
        String::from_utf8(reader.key).expect("whole keys were pushed")
    }

    /// Gives back memory that growth left over.
    fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.blocks.shrink_to_fit();
        self.last = Vec::new();
    }
}

/// A place among keys.
pub(super) struct KeyReader<'a> {
    keys: &'a Keys,
    /// The position and the place of the key after the one that was read last.
    next: usize,
    place: usize,
    key: Vec<u8>,
}

impl KeyReader<'_> {
    /// The key at a position.
    pub(super) fn read(&mut self, at: usize) -> &[u8] {
        assert!(at < self.keys.len, "a key that is there");
        if at != self.next || at.is_multiple_of(BLOCK) {
            self.next = at - at % BLOCK;
            self.place = self.keys.blocks[at / BLOCK] as usize;
            self.key.clear();
        }
        while self.next <= at {
            self.place = self.keys.step(self.place, &mut self.key);
            self.next += 1;
        }
        &self.key
    }
}

/// A number, seven bits a byte.
fn push_number(bytes: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = u8::try_from(number & 0x7f).expect("seven bits");
        number >>= 7;
        if number == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

fn number_at(bytes: &[u8], place: &mut usize) -> usize {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = bytes[*place];
        *place += 1;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return number;
        }
        shift += 7;
    }
}

/// The ids of one kind of row.
#[derive(Clone, Debug)]
pub struct Ids<I> {
    base: Arc<Base>,
    added: Added,
    index: PhantomData<fn(I)>,
}

impl<I> Default for Ids<I> {
    fn default() -> Self {
        Self { base: Arc::default(), added: Added::default(), index: PhantomData }
    }
}

#[derive(Clone, Debug, Default)]
struct Base {
    keys: Keys,
    /// For each bucket of hashes its first place in `rows`.
    starts: Vec<u32>,
    rows: Vec<u32>,
    /// For each place in `rows` the low bits of the hash, which the bucket does not tell.
    marks: Vec<u8>,
}

/// What is kept of a hash while the index is made.
fn short_hash(key: &[u8]) -> u32 {
    (hash(key) >> 32) as u32
}

fn mark(hash: u32) -> u8 {
    (hash & 0xff) as u8
}

/// The bucket of a hash; the buckets divide all hashes evenly.
fn bucket(hash: u32, n_buckets: usize) -> usize {
    ((u64::from(hash) * n_buckets as u64) >> 32) as usize
}

/// The hashes of all keys.
fn hashes(keys: &Keys) -> Vec<u32> {
    let mut hashes = vec![0; keys.len()];
    hashes.par_chunks_mut(HASHES_AT_ONCE).enumerate().for_each(|(run, hashes)| {
        let (mut reader, first) = (keys.reader(), run * HASHES_AT_ONCE);
        for (at, hash) in (first..).zip(hashes) {
            *hash = short_hash(reader.read(at));
        }
    });
    hashes
}

impl Base {
    fn n_buckets(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn places(&self, bucket: usize) -> std::ops::Range<usize> {
        self.starts[bucket] as usize..self.starts[bucket + 1] as usize
    }

    fn new(mut keys: Keys) -> Result<Self, Vec<(usize, usize)>> {
        keys.shrink();
        let hashes = hashes(&keys);
        let n_buckets = keys.len() / BUCKET_ROWS + 1;
        let mut starts = vec![0u32; n_buckets + 1];
        for &hash in &hashes {
            starts[bucket(hash, n_buckets) + 1] += 1;
        }
        for at in 0..n_buckets {
            starts[at + 1] += starts[at];
        }
        let (mut rows, mut marks) = (vec![0u32; hashes.len()], vec![0; hashes.len()]);
        // Filled from the back, so that rows of a bucket rise and `starts` end where they begin.
        let mut ends = starts[1..].to_vec();
        for (row, &hash) in hashes.iter().enumerate().rev() {
            let end = &mut ends[bucket(hash, n_buckets)];
            *end -= 1;
            rows[*end as usize] =
                u32::try_from(row).expect("tables are capped below u32::MAX rows");
            marks[*end as usize] = mark(hash);
        }
        let base = Self { keys, starts, rows, marks };
        let twice = base.twice(&hashes);
        if twice.is_empty() { Ok(base) } else { Err(twice) }
    }

    /// Rows whose key an earlier row has, after that one.
    fn twice(&self, hashes: &[u32]) -> Vec<(usize, usize)> {
        let mut twice = Vec::new();
        for bucket in 0..self.n_buckets() {
            let places = self.places(bucket);
            for at in places.clone() {
                let row = self.rows[at] as usize;
                // Nearly all that differ do so in their marks, which lie side by side.
                let marked =
                    (places.start..at).filter(|&before| self.marks[before] == self.marks[at]);
                let mut before = marked.map(|before| self.rows[before] as usize);
                let is_same = |&before: &usize| {
                    hashes[before] == hashes[row] && self.keys.get(before) == self.keys.get(row)
                };
                twice.extend(before.find(is_same).map(|before| (before, row)));
            }
        }
        twice.sort_unstable_by_key(|(_, row)| *row);
        twice
    }

    fn get(&self, key: &str) -> Option<usize> {
        if self.n_buckets() == 0 {
            return None;
        }
        let hash = short_hash(key.as_bytes());
        let mut reader = self.keys.reader();
        let places = self.places(bucket(hash, self.n_buckets()));
        let marked = places.filter(|&at| self.marks[at] == mark(hash));
        let mut rows = marked.map(|at| self.rows[at] as usize);
        rows.find(|&row| reader.read(row) == key.as_bytes())
    }
}

impl<I: Index> Ids<I> {
    /// The ids of rows, in their order.
    ///
    /// # Errors
    /// Rows whose id another row has: the first row that has it, and the further one.
    pub(super) fn new(keys: Keys) -> Result<Self, Vec<(usize, usize)>> {
        let base = Arc::new(Base::new(keys)?);
        Ok(Self { base, added: Added::default(), index: PhantomData })
    }

    /// The index of an id, if it is known.
    pub fn get(&self, id: &str) -> Option<I> {
        let base = self.base.get(id).map(I::from_usize);
        if self.added.is_empty() || base.is_some() {
            return base;
        }
        Some(I::from_usize(self.base.keys.len() + self.added.get(id)?))
    }

    /// The index of an id, which is remembered if it is new; the ids of all other copies stay as they
    /// are, and are shared.
    pub fn add(&mut self, id: &str) -> I {
        if let Some(index) = self.get(id) {
            return index;
        }
        self.added.insert(id);
        I::from_usize(self.len() - 1)
    }

    /// The id of an index.
    pub fn name(&self, index: I) -> String {
        match index.to_usize().checked_sub(self.base.keys.len()) {
            Some(added) => self.added.name(added).to_string(),
            None => self.base.keys.get(index.to_usize()),
        }
    }

    /// The number of ids.
    pub fn len(&self) -> usize {
        self.base.keys.len() + self.added.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that they take, about; those that were added are few.
    pub fn bytes(&self) -> usize {
        let Base { keys, starts, rows, marks } = &*self.base;
        keys.bytes.capacity()
            + marks.capacity()
            + 4 * (keys.blocks.capacity() + starts.capacity() + rows.capacity())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::SupplyIx;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn ids(all: &[String]) -> Result<Ids<SupplyIx>, Vec<(usize, usize)>> {
        let mut keys = Keys::default();
        all.iter().for_each(|id| keys.push(id.as_bytes()));
        Ids::new(keys)
    }

    proptest! {
        #[test]
        fn ids_are_found_and_named_or_told_to_be_there_twice(
            all in proptest::collection::vec("[abä]{1,4}|PO-00[0-9]{1,3}|x{250,300}", 0..90),
            asked in "[ab]{1,4}|PO-00[0-9]{1,3}",
        ) {
            let mut first = BTreeMap::new();
            let mut twice = Vec::new();
            for (at, id) in all.iter().enumerate() {
                let before = *first.entry(id.as_str()).or_insert(at);
                if before != at {
                    twice.push((before, at));
                }
            }
            match ids(&all) {
                Err(found) => prop_assert_eq!(found, twice),
                Ok(ids) => {
                    prop_assert!(twice.is_empty());
                    for (at, id) in all.iter().enumerate() {
                        let index = SupplyIx::from_usize(at);
                        prop_assert_eq!(ids.get(id), Some(index));
                        prop_assert_eq!(&ids.name(index), id);
                    }
                    let there = first.get(asked.as_str()).map(|&at| SupplyIx::from_usize(at));
                    prop_assert_eq!(ids.get(&asked), there);
                }
            }
        }
    }

    #[test]
    fn a_copy_may_learn_ids_of_its_own() {
        let old = ids(&["A".to_string(), "B".to_string()]).unwrap();
        let mut copy = old.clone();
        assert_eq!(copy.add("C").to_usize(), 2);
        assert_eq!(copy.add("B").to_usize(), 1);
        assert_eq!((copy.name(copy.get("C").unwrap()), copy.len()), ("C".to_string(), 3));
        assert_eq!((old.get("C"), old.len()), (None, 2));
    }

    #[test]
    fn numbered_ids_take_some_ten_bytes() {
        let all: Vec<_> =
            (0..4_000).map(|at| format!("D{}-{}/1", 100_000 + at / 12, at % 12 + 1)).collect();
        let bytes = ids(&all).unwrap().bytes();
        assert!(bytes < 12 * all.len(), "{bytes} bytes");
    }
}
