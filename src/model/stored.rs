//! What takes memory of its own says how much, and gives back what it does not need.

use std::fmt::Debug;

/// What has memory of its own.
pub trait Stored {
    /// Gives back memory that growth left over.
    fn shrink(&mut self);
    /// Bytes that it takes, without what its values point at.
    fn bytes(&self) -> usize;
}

impl<T> Stored for Vec<T> {
    fn shrink(&mut self) {
        self.shrink_to_fit();
    }

    fn bytes(&self) -> usize {
        size_of::<T>() * self.capacity()
    }
}

/// Numbers in the order in which they were pushed.
pub trait Codes: Stored + Clone + Debug + Default {
    /// One of them.
    type Code;
    /// Appends one.
    fn push(&mut self, code: Self::Code);
    /// The one at a position.
    fn get(&self, at: usize) -> Self::Code;
    /// How many there are.
    fn len(&self) -> usize;
    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Whether there is nothing but zeros, as far as the width tells.
    fn are_zero(&self) -> bool;
}
