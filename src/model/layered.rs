//! A base that copies share, and what a copy has in the place of some of it.
//!
//! Planning data is loaded once and changed a little, in many copies: a change of one row of a million copies one, and
//! a copy in which nothing was changed reads the base alone.

use super::{stored::Stored, trie::Trie};
use std::sync::Arc;

/// A shared base of type `B`, and by number what takes the place of a part of it.
///
/// ```
/// use promised::model::layered::Layered;
/// let mut loaded: Layered<Vec<&str>, &str> = Layered::new(vec!["PUMP", "VALVE"]);
/// let mut edited = loaded.clone();
/// edited.set(1, "TAP");
/// assert_eq!((loaded.get(1), edited.get(1)), (None, Some(&"TAP")));
/// assert_eq!(edited.base()[1], "VALVE", "what was loaded stays");
/// assert!(edited.is_kin_of(&loaded));
/// assert_eq!(edited.bytes_beyond(&edited.clone()), 0);
/// assert!(0 < edited.bytes_beyond(&loaded));
/// ```
#[derive(Debug)]
pub struct Layered<B, T> {
    base: Arc<B>,
    over: Trie<T>,
}

impl<B, T: Clone> Clone for Layered<B, T> {
    fn clone(&self) -> Self {
        Self { base: Arc::clone(&self.base), over: self.over.clone() }
    }
}

impl<B: Default, T> Default for Layered<B, T> {
    fn default() -> Self {
        Self::new(B::default())
    }
}

impl<B, T> Layered<B, T> {
    /// A base, and nothing in its place.
    pub fn new(base: B) -> Self {
        Self { base: Arc::new(base), over: Trie::default() }
    }

    /// What copies share.
    #[inline]
    pub fn base(&self) -> &B {
        &self.base
    }

    /// What takes the place of the part of this number; none where the base has the word.
    #[inline]
    pub fn get(&self, number: u64) -> Option<&T> {
        self.over.get(number)
    }

    /// All that takes the place of a part, from a number on.
    pub fn over(&self, from: u64) -> impl Iterator<Item = (u64, &T)> {
        self.over.iter_from(from)
    }

    /// Puts another base under what takes the place of parts.
    pub fn rebase(&mut self, base: B) {
        self.base = Arc::new(base);
    }

    /// Bytes of the way to what takes the place of parts, as far as another copy does not share it, about; what stands at
    /// its end is not counted.
    pub fn bytes_beyond(&self, other: &Self) -> usize {
        self.over.bytes_beyond(&other.over)
    }

    /// Whether both have the same base.
    pub fn is_kin_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.base, &other.base)
    }
}

impl<B, T: Clone> Layered<B, T> {
    /// Puts something in the place of a part. Copies keep what they have.
    pub fn set(&mut self, number: u64, part: T) {
        self.over.insert(number, part);
    }

    /// What takes the place of a part, to be changed.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        self.over.get_mut(number)
    }
}

impl<B: Clone, T> Layered<B, T> {
    /// The base, for whoever builds it; copied if others have it too.
    pub fn base_mut(&mut self) -> &mut B {
        Arc::make_mut(&mut self.base)
    }
}

/// The base; what takes the place of its parts is told by [`Layered::bytes_beyond`].
impl<B: Stored + Clone, T> Stored for Layered<B, T> {
    fn shrink(&mut self) {
        self.base_mut().shrink();
    }

    fn bytes(&self) -> usize {
        self.base.bytes()
    }
}
