//! External keys, interned: a name becomes a dense index once, at the border.
//!
//! Iteration goes by index only, so no order of hashing can leak into an answer.

use crate::model::Index;
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::{hash::Hasher, marker::PhantomData};

/// The names of one kind of thing.
#[derive(Clone, Debug)]
pub struct Names<I> {
    text: String,
    ends: Vec<u32>,
    table: HashTable<u32>,
    index: PhantomData<fn(I)>,
}

impl<I> Default for Names<I> {
    fn default() -> Self {
        Self { text: String::new(), ends: Vec::new(), table: HashTable::new(), index: PhantomData }
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

fn slice<'a>(text: &'a str, ends: &[u32], at: u32) -> &'a str {
    let at = at as usize;
    let start = if at == 0 { 0 } else { ends[at - 1] as usize };
    &text[start..ends[at] as usize]
}

impl<I: Index> Names<I> {
    /// The index of a name, if it is known.
    pub fn get(&self, name: &str) -> Option<I> {
        let same = |at: &u32| slice(&self.text, &self.ends, *at) == name;
        self.table.find(hash(name), same).map(|&at| I::from_usize(at as usize))
    }

    /// The index of a name, which is remembered if it is new.
    pub fn intern(&mut self, name: &str) -> I {
        match self.get(name) {
            Some(index) => index,
            None => self.insert(name),
        }
    }

    fn insert(&mut self, name: &str) -> I {
        let at = u32::try_from(self.ends.len()).expect("tables are capped below u32::MAX rows");
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).expect("the names of a table fit 4 GiB"));
        let (text, ends) = (&self.text, &self.ends);
        self.table.insert_unique(hash(name), at, |&at| hash(slice(text, ends, at)));
        I::from_usize(at as usize)
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
        let at = u32::try_from(index.to_usize()).expect("tables are capped below u32::MAX rows");
        slice(&self.text, &self.ends, at)
    }

    /// The number of names.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All indices, in the order in which the names were seen.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = I> + use<I> {
        (0..self.ends.len()).map(I::from_usize)
    }

    /// Gives back memory that growth left over.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}
