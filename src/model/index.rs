//! Dense indices: a number that can only address tables of its own kind, and the tables they address.

use std::marker::PhantomData;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<I, T> {
    rows: Vec<T>,
    index: PhantomData<fn(I)>,
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Self { rows: Vec::new(), index: PhantomData }
    }
}

impl<I: Index, T> Table<I, T> {
    /// A table of these rows, in this order.
    pub fn new(rows: Vec<T>) -> Self {
        Self { rows, index: PhantomData }
    }

    /// Appends a row and returns its index.
    pub fn push(&mut self, row: T) -> I {
        self.rows.push(row);
        I::from_usize(self.rows.len() - 1)
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the table has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row at an index, if there is one.
    pub fn get(&self, index: I) -> Option<&T> {
        self.rows.get(index.to_usize())
    }

    /// All indices, in order.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = I> + use<I, T> {
        (0..self.rows.len()).map(I::from_usize)
    }

    /// All rows with their indices, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.rows.iter().enumerate().map(|(position, row)| (I::from_usize(position), row))
    }

    /// All rows, in order.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// All rows, in order, to be changed in place.
    pub fn rows_mut(&mut self) -> &mut [T] {
        &mut self.rows
    }
}

impl<I: Index, T> std::ops::Index<I> for Table<I, T> {
    type Output = T;
    fn index(&self, index: I) -> &T {
        &self.rows[index.to_usize()]
    }
}

impl<I: Index, T> std::ops::IndexMut<I> for Table<I, T> {
    fn index_mut(&mut self, index: I) -> &mut T {
        &mut self.rows[index.to_usize()]
    }
}

/// A half-open run of rows of another table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The rows from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end);
        let narrow = |n: usize| u32::try_from(n).expect("tables are capped below u32::MAX rows");
        Self { start: narrow(start), end: narrow(end) }
    }

    /// The rows of a slice that the span covers.
    pub fn of<T>(self, rows: &[T]) -> &[T] {
        &rows[self.range()]
    }

    /// The span as a range of positions.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether the span covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// Rows grouped by an index: all rows of group `i` stand side by side.
///
/// Built once from pairs; inside a group the order of the pairs is kept.
#[derive(Clone, Debug)]
pub struct Grouped<I, T> {
    starts: Vec<u32>,
    rows: Vec<T>,
    index: PhantomData<fn(I)>,
}

impl<I, T> Default for Grouped<I, T> {
    fn default() -> Self {
        Self { starts: vec![0], rows: Vec::new(), index: PhantomData }
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
        Self { starts, rows: pairs.into_iter().map(|(_, row)| row).collect(), index: PhantomData }
    }

    /// The positions of a group's rows among all rows.
    pub fn span(&self, group: I) -> Span {
        let group = group.to_usize();
        if self.starts.len() <= group + 1 {
            return Span::default();
        }
        Span { start: self.starts[group], end: self.starts[group + 1] }
    }

    /// The rows of a group.
    pub fn of(&self, group: I) -> &[T] {
        self.span(group).of(&self.rows)
    }

    /// All rows, group after group.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }
}
