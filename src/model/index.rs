//! Dense indices: a number that can only address tables of its own kind, and the tables they address.

use super::{layered::Layered, stored::Stored};
use std::{marker::PhantomData, sync::Arc};

/// A position in a [`Table`].
pub trait Index: Copy {
    /// The index of a row.
    fn from_usize(position: usize) -> Self;
    /// The row of an index.
    fn to_usize(self) -> usize;
}

/// Declares dense index types over `u32`.
macro_rules! index {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::num::NonZeroU32);

        impl $crate::model::Index for $name {
            fn from_usize(position: usize) -> Self {
                // Counted from 1, so that an index that may be missing takes no more room.
                let number = u32::try_from(position + 1).ok().and_then(std::num::NonZeroU32::new);
                Self(number.expect("tables are capped below u32::MAX rows"))
            }
            fn to_usize(self) -> usize {
                self.0.get() as usize - 1
            }
        }
    )*};
}

pub(crate) use index;

/// A vector that only its own index can read.
///
/// A copy shares the rows: [`Table::replace`] puts single rows aside, so that changing one of a million
/// copies one. `push` and `[index] =` are for whoever builds the table.
///
/// ```
/// use promised::{model::Table, snapshot::ItemIx};
/// let mut weights: Table<ItemIx, u32> = Table::default();
/// let pump = weights.push(12);
/// let mut corrected = weights.clone();
/// corrected.replace(pump, 13);
/// assert_eq!((weights[pump], corrected[pump]), (12, 13));
/// ```
#[derive(Clone, Debug)]
pub struct Table<I, T> {
    rows: Layered<Vec<T>, T>,
    index: PhantomData<fn(I)>,
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Self { rows: Layered::default(), index: PhantomData }
    }
}

impl<I: Index, T> Table<I, T> {
    /// A table of these rows, in this order.
    pub fn new(rows: Vec<T>) -> Self {
        Self { rows: Layered::new(rows), index: PhantomData }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.base().len()
    }

    /// Whether the table has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.base().is_empty()
    }

    /// The row at an index, if there is one.
    pub fn get(&self, index: I) -> Option<&T> {
        let at = index.to_usize();
        self.rows.get(at as u64).or_else(|| self.rows.base().get(at))
    }

    /// All indices, in order.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = I> + use<I, T> {
        (0..self.len()).map(I::from_usize)
    }

    /// All rows with their indices, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.indices().map(|index| (index, &self[index]))
    }
}

impl<I: Index, T: Clone> Table<I, T> {
    /// Appends a row and returns its index.
    pub fn push(&mut self, row: T) -> I {
        let rows = self.rows.base_mut();
        rows.push(row);
        I::from_usize(rows.len() - 1)
    }

    /// Puts a row in the place of another one. Copies of the table keep the old one.
    pub fn replace(&mut self, index: I, row: T) {
        assert!(index.to_usize() < self.len(), "a row that is there");
        self.rows.set(index.to_usize() as u64, row);
    }
}

impl<I, T> Table<I, T> {
    /// Bytes of what takes the place of rows, as far as another copy does not share it, about.
    pub fn bytes_beyond(&self, other: &Self) -> usize {
        self.rows.bytes_beyond(&other.rows)
    }
}

impl<I, T: Clone> Stored for Table<I, T> {
    fn shrink(&mut self) {
        self.rows.shrink();
    }

    fn bytes(&self) -> usize {
        self.rows.bytes()
    }
}

impl<I: Index, T> std::ops::Index<I> for Table<I, T> {
    type Output = T;
    fn index(&self, index: I) -> &T {
        self.get(index).expect("an index of this table")
    }
}

impl<I: Index, T: Clone> std::ops::IndexMut<I> for Table<I, T> {
    fn index_mut(&mut self, index: I) -> &mut T {
        let at = index.to_usize();
        if self.rows.get(at as u64).is_some() {
            return self.rows.get_mut(at as u64).expect("it is replaced");
        }
        &mut self.rows.base_mut()[at]
    }
}

/// Rows grouped by an index: all rows of group `i` stand side by side.
///
/// Built once from pairs; inside a group the order of the pairs is kept. A copy shares the rows.
///
/// ```
/// use promised::{
///     model::{Index, index::Grouped},
///     snapshot::ItemIx,
/// };
/// let item = ItemIx::from_usize;
/// let bins = Grouped::new(2, vec![(item(1), "A"), (item(0), "B"), (item(1), "C")]);
/// assert_eq!(bins.of(item(1)), ["A", "C"]);
/// assert!(bins.of(item(7)).is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Grouped<I, T> {
    groups: Layered<Groups<T>, Arc<[T]>>,
    index: PhantomData<fn(I)>,
}

#[derive(Clone, Debug)]
struct Groups<T> {
    /// For each group the place of its first row, and for all of them their end.
    starts: Vec<u32>,
    rows: Vec<T>,
}

impl<I, T> Default for Grouped<I, T> {
    fn default() -> Self {
        let groups = Layered::new(Groups { starts: vec![0], rows: Vec::new() });
        Self { groups, index: PhantomData }
    }
}

impl<I: Index, T> Grouped<I, T> {
    /// Groups the pairs by their index; `n_groups` is the size of the table that the index addresses.
    pub fn new(n_groups: usize, mut pairs: Vec<(I, T)>) -> Self {
        pairs.sort_by_key(|(group, _)| group.to_usize());
        let mut starts = vec![0u32; n_groups + 1];
        for (group, _) in &pairs {
            starts[group.to_usize() + 1] += 1;
        }
        for group in 0..n_groups {
            starts[group + 1] += starts[group];
        }
        let mut rows: Vec<T> = pairs.into_iter().map(|(_, row)| row).collect();
        // The rows lie where the pairs grew: without this they keep up to twice their room for ever.
        rows.shrink_to_fit();
        Self { groups: Layered::new(Groups { starts, rows }), index: PhantomData }
    }

    /// The rows of a group; none where there is no such group.
    pub fn of(&self, group: I) -> &[T] {
        let group = group.to_usize();
        if let Some(rows) = self.groups.get(group as u64) {
            return rows;
        }
        let Groups { starts, rows } = self.groups.base();
        match (starts.get(group), starts.get(group + 1)) {
            (Some(&start), Some(&end)) => &rows[start as usize..end as usize],
            _ => &[],
        }
    }

    /// Bytes that they take; what was put in the place of others is not counted.
    pub fn bytes(&self) -> usize {
        let Groups { starts, rows } = self.groups.base();
        starts.bytes() + rows.bytes()
    }

    /// Whether there is no row in any group.
    pub fn is_empty(&self) -> bool {
        self.groups.base().rows.is_empty() && self.groups.over(0).all(|(_, rows)| rows.is_empty())
    }
}

impl<I: Index, T: Clone> Grouped<I, T> {
    /// Puts rows in the place of a group's. Copies keep the old ones.
    pub fn replace(&mut self, group: I, rows: Vec<T>) {
        self.groups.set(group.to_usize() as u64, rows.into());
    }
}

/// As `partition_point`: how many of the first ones are before what is looked for, which are all that are. It is sought
/// from a guess on, by a gallop and a bisection: a few looks where a bisection of a large array waits for memory at each
/// of its first ones.
///
/// ```
/// use promised::model::index::partition_near;
/// let squares: Vec<u64> = (0..100).map(|n| n * n).collect();
/// for guess in [0, 9, 10, 11, 100, 7_000] {
///     assert_eq!(partition_near(&squares, guess, |square| *square < 100), 10);
/// }
/// ```
pub fn partition_near<T>(all: &[T], guess: usize, is_before: impl Fn(&T) -> bool) -> usize {
    let guess = guess.min(all.len());
    let mut step = 1;
    if all[..guess].last().is_none_or(&is_before) {
        // It begins at the guess or after it.
        let mut low = guess;
        while all.get(low + step).is_some_and(&is_before) {
            low += step;
            step *= 2;
        }
        let high = all.len().min(low + step + 1);
        return low + all[low..high].partition_point(is_before);
    }
    let mut high = guess - 1;
    while step <= high && !is_before(&all[high - step]) {
        high -= step;
        step *= 2;
    }
    let low = high.saturating_sub(step);
    low + all[low..high].partition_point(is_before)
}
