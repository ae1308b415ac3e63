//! A persistent map from numbers to values: a radix tree whose copies share what they have in common.
//!
//! Copying a [`Trie`] copies one pointer. A change copies the nodes on the way to its key, unless
//! nobody else holds them: a batch of changes therefore copies each node once, however many of its
//! keys it touches. Keys are dense in practice (accounts, reservation numbers), so nodes are plain
//! arrays without bitmaps or path compression, and the tree is as high as its largest key asks for.
//!
//! Invariant: every node below the root has at least one value under it.

use std::sync::Arc;

/// Bits of the key that one level decides.
const BITS: u32 = 4;

/// Children of a node.
const FAN_OUT: usize = 1 << BITS;

#[derive(Clone, Debug)]
enum Node<T> {
    Inner([Option<Arc<Node<T>>>; FAN_OUT]),
    Leaf([Option<T>; FAN_OUT]),
}

/// A persistent ordered map from `u64` to `T`; clones in constant time.
///
/// ```
/// use promised::model::trie::Trie;
/// let mut before: Trie<&str> = Trie::default();
/// before.insert(7, "held");
/// let mut after = before.clone();
/// after.insert(7, "confirmed");
/// after.insert(9, "held");
/// assert_eq!(before.get(7), Some(&"held"), "copies go their own ways");
/// assert_eq!(after.changed_since(&before, |one, other| one == other), [7, 9]);
/// assert_eq!(after.iter_from(8).count(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Trie<T> {
    root: Option<Arc<Node<T>>>,
    /// Levels of inner nodes above the leaves.
    height: u32,
    len: usize,
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self { root: None, height: 0, len: 0 }
    }
}

fn slot(key: u64, level: u32) -> usize {
    let digit = (key >> (level * BITS)) & (FAN_OUT as u64 - 1);
    usize::try_from(digit).expect("a digit is below the fan-out")
}

/// The first key that a tree of this height has no place for; none where it has a place for all.
fn end(height: u32) -> Option<u64> {
    1u64.checked_shl((height + 1) * BITS)
}

impl<T> Node<T> {
    fn empty(level: u32) -> Self {
        if level == 0 {
            Self::Leaf(std::array::from_fn(|_| None))
        } else {
            Self::Inner(std::array::from_fn(|_| None))
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Inner(children) => children.iter().all(Option::is_none),
            Self::Leaf(values) => values.iter().all(Option::is_none),
        }
    }
}

impl<T> Trie<T> {
    /// The number of keys.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn covers(&self, key: u64) -> bool {
        end(self.height).is_none_or(|end| key < end)
    }

    /// The value of a key.
    #[inline]
    pub fn get(&self, key: u64) -> Option<&T> {
        // Most have nothing in them.
        self.root.as_deref().and_then(|root| self.under(root, key))
    }

    fn under<'a>(&self, root: &'a Node<T>, key: u64) -> Option<&'a T> {
        if !self.covers(key) {
            return None;
        }
        let mut node = root;
        let mut level = self.height;
        loop {
            match node {
                Node::Inner(children) => node = children[slot(key, level)].as_deref()?,
                Node::Leaf(values) => return values[slot(key, 0)].as_ref(),
            }
            level -= 1;
        }
    }

    /// All keys at or after one, with their values, in order of key.
    pub fn iter_from(&self, from: u64) -> Iter<'_, T> {
        let mut iter = Iter { path: Vec::new(), from };
        if let Some(root) = self.root.as_deref().filter(|_| self.covers(from)) {
            iter.path.push(Step {
                node: root,
                level: self.height,
                base: 0,
                next: slot(from, self.height),
            });
        }
        iter
    }

    /// All keys with their values, in order of key.
    pub fn iter(&self) -> Iter<'_, T> {
        self.iter_from(0)
    }
}

impl<T> Trie<T> {
    /// The keys whose value is not the one that an older copy has, in order. What the two share is
    /// not looked at, so the cost is that of the changes.
    pub fn changed_since(&self, older: &Self, is_same: impl Fn(&T, &T) -> bool) -> Vec<u64> {
        self.changes(older, is_same).found
    }

    /// Bytes of the nodes that this copy does not share with another one; what its values point to is not
    /// counted.
    pub fn bytes_beyond(&self, other: &Self) -> usize {
        // A node lies behind the two counters of its `Arc`.
        let node = size_of::<Node<T>>() + 2 * size_of::<usize>();
        self.changes(other, |_, _| true).n_nodes * node
    }

    fn changes<'a, F>(&self, older: &'a Self, is_same: F) -> Changes<'a, T, F>
    where
        F: Fn(&T, &T) -> bool,
    {
        let mut changes = Changes { older, is_same, found: Vec::new(), n_nodes: 0 };
        if let Some(root) = self.root.as_deref() {
            changes.of_node(root, older.first_at(self.height), self.height, 0);
        }
        changes
    }

    /// The node of a level that has the smallest keys, if the tree is so high.
    fn first_at(&self, level: u32) -> Option<&Node<T>> {
        let mut node = self.root.as_deref()?;
        for _ in level..self.height {
            match node {
                Node::Inner(children) => node = children[0].as_deref()?,
                Node::Leaf(_) => return None,
            }
        }
        (level <= self.height).then_some(node)
    }
}

/// What a tree has that an older copy of it has not.
struct Changes<'a, T, F> {
    older: &'a Trie<T>,
    is_same: F,
    found: Vec<u64>,
    /// How many nodes they do not share.
    n_nodes: usize,
}

impl<T, F: Fn(&T, &T) -> bool> Changes<'_, T, F> {
    fn of_node(&mut self, ours: &Node<T>, theirs: Option<&Node<T>>, level: u32, base: u64) {
        // The older tree may be lower: then its root stands where ours has its first node of that level.
        let is_first = base == 0 && level == self.older.height;
        let theirs = if is_first { self.older.root.as_deref() } else { theirs };
        if theirs.is_some_and(|theirs| std::ptr::eq(ours, theirs)) {
            return;
        }
        self.n_nodes += 1;
        for at in 0..FAN_OUT {
            let key = base << BITS | at as u64;
            match (ours, theirs) {
                (Node::Leaf(ours), theirs) => self.of_value(ours[at].as_ref(), theirs, (at, key)),
                (Node::Inner(ours), Some(Node::Inner(theirs))) => {
                    self.of_child(ours[at].as_deref(), theirs[at].as_deref(), level, key);
                }
                (Node::Inner(ours), Some(Node::Leaf(_)) | None) => {
                    self.of_child(ours[at].as_deref(), None, level, key);
                }
            }
        }
    }

    fn of_child(&mut self, ours: Option<&Node<T>>, theirs: Option<&Node<T>>, level: u32, key: u64) {
        if let Some(ours) = ours {
            self.of_node(ours, theirs, level - 1, key);
        }
    }

    fn of_value(&mut self, ours: Option<&T>, theirs: Option<&Node<T>>, place: (usize, u64)) {
        let (at, key) = place;
        let theirs = match theirs {
            Some(Node::Leaf(values)) => values[at].as_ref(),
            Some(Node::Inner(_)) | None => None,
        };
        let is_same = match (ours, theirs) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(ours), Some(theirs)) => (self.is_same)(ours, theirs),
        };
        if !is_same {
            self.found.push(key);
        }
    }
}

impl<T: Clone> Trie<T> {
    /// Adds levels until there is a place for a key.
    fn grow(&mut self, key: u64) {
        while !self.covers(key) {
            if let Some(root) = self.root.take() {
                let mut children = std::array::from_fn(|_| None);
                children[0] = Some(root);
                self.root = Some(Arc::new(Node::Inner(children)));
            }
            self.height += 1;
        }
    }

    /// Sets the value of a key and returns the one it had.
    pub fn insert(&mut self, key: u64, value: T) -> Option<T> {
        self.grow(key);
        let before = place(&mut self.root, self.height, key).replace(value);
        self.len += usize::from(before.is_none());
        before
    }

    /// The value of a key, to be changed in place, if it has one.
    pub fn get_mut(&mut self, key: u64) -> Option<&mut T> {
        self.get(key)?;
        place(&mut self.root, self.height, key).as_mut()
    }

    /// The value of a key, to be changed in place; `make` gives the first one.
    pub fn get_or_insert_with(&mut self, key: u64, make: impl FnOnce() -> T) -> &mut T {
        self.grow(key);
        let place = place(&mut self.root, self.height, key);
        self.len += usize::from(place.is_none());
        place.get_or_insert_with(make)
    }

    /// Forgets a key and returns its value.
    pub fn remove(&mut self, key: u64) -> Option<T> {
        self.get(key)?;
        let root = self.root.as_mut().expect("a tree with a key has a root");
        let before = remove(root, self.height, key);
        if root.is_empty() {
            self.root = None;
            self.height = 0;
        }
        self.len -= 1;
        before
    }
}

/// The place of a key in a tree that is high enough, made if there is none yet.
fn place<T: Clone>(root: &mut Option<Arc<Node<T>>>, height: u32, key: u64) -> &mut Option<T> {
    let mut level = height;
    let mut node = root.get_or_insert_with(|| Arc::new(Node::empty(level)));
    loop {
        match Arc::make_mut(node) {
            Node::Inner(children) => {
                level -= 1;
                let child = &mut children[slot(key, level + 1)];
                node = child.get_or_insert_with(|| Arc::new(Node::empty(level)));
            }
            Node::Leaf(values) => return &mut values[slot(key, 0)],
        }
    }
}

fn remove<T: Clone>(node: &mut Arc<Node<T>>, level: u32, key: u64) -> Option<T> {
    match Arc::make_mut(node) {
        Node::Leaf(values) => values[slot(key, 0)].take(),
        Node::Inner(children) => {
            let child = &mut children[slot(key, level)];
            let below = child.as_mut()?;
            let before = remove(below, level - 1, key);
            if below.is_empty() {
                *child = None;
            }
            before
        }
    }
}

/// A node on the way to the next key.
#[derive(Debug)]
struct Step<'a, T> {
    node: &'a Node<T>,
    level: u32,
    /// The digits above this node.
    base: u64,
    /// The slot to look at next.
    next: usize,
}

/// Keys with their values, in order of key.
#[derive(Debug)]
pub struct Iter<'a, T> {
    path: Vec<Step<'a, T>>,
    from: u64,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = (u64, &'a T);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let step = self.path.last_mut()?;
            if step.next == FAN_OUT {
                self.path.pop();
                continue;
            }
            let at = step.next;
            step.next += 1;
            let (level, base) = (step.level, step.base << BITS | at as u64);
            match step.node {
                Node::Leaf(values) if values[at].is_some() => {
                    return values[at].as_ref().map(|value| (base, value));
                }
                Node::Leaf(_) => (),
                Node::Inner(children) => self.descend(children[at].as_deref(), level, base),
            }
        }
    }
}

impl<'a, T> Iter<'a, T> {
    /// Goes on below a child, if there is one.
    fn descend(&mut self, child: Option<&'a Node<T>>, level: u32, base: u64) {
        if let Some(node) = child {
            let next = self.first_slot(level - 1, base);
            self.path.push(Step { node, level: level - 1, base, next });
        }
    }

    /// The first slot of a node that can hold a key at or after `from`.
    fn first_slot(&self, level: u32, base: u64) -> usize {
        let above = self.from.checked_shr((level + 1) * BITS).unwrap_or(0);
        if base == above { slot(self.from, level) } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_copy_does_not_see_later_changes() {
        let mut trie = Trie::default();
        trie.insert(7, "seven");
        let copy = trie.clone();
        trie.insert(7, "other");
        trie.insert(1 << 40, "far");
        assert_eq!(copy.get(7), Some(&"seven"));
        assert_eq!(copy.get(1 << 40), None);
        assert_eq!(trie.get(7), Some(&"other"));
        assert_eq!((copy.len(), trie.len()), (1, 2));
    }

    #[test]
    fn what_a_copy_has_for_itself_are_the_nodes_on_the_way_to_its_changes() {
        let all: Trie<u32> = (0..4_096).fold(Trie::default(), |mut trie, key| {
            trie.insert(key, 1);
            trie
        });
        let node = size_of::<Node<u32>>() + 16;
        let check = |keys: &[u64], n_nodes: usize| {
            let mut copy = all.clone();
            for key in keys {
                copy.insert(*key, 2);
            }
            assert_eq!(copy.bytes_beyond(&all), n_nodes * node, "{keys:?}");
        };
        check(&[], 0);
        check(&[77], 3);
        // Neighbours share all of the way, others the beginning of it.
        check(&[77, 78], 3);
        check(&[77, 97], 4);
        assert_eq!(all.bytes_beyond(&Trie::default()), (256 + 16 + 1) * node);
    }

    #[test]
    fn the_largest_key_has_a_place() {
        let mut trie = Trie::default();
        trie.insert(u64::MAX, 1);
        trie.insert(0, 2);
        assert_eq!(trie.iter().collect::<Vec<_>>(), [(0, &2), (u64::MAX, &1)]);
        assert_eq!(trie.iter_from(1).collect::<Vec<_>>(), [(u64::MAX, &1)]);
    }

    fn keys() -> impl Strategy<Value = u64> {
        prop_oneof![0u64..40, 0u64..5_000, any::<u64>()]
    }

    proptest! {
        #[test]
        fn it_is_an_ordered_map(
            steps in proptest::collection::vec((0u8..4, keys(), any::<u16>()), 0..80), from in keys(),
        ) {
            let (mut trie, mut model) = (Trie::default(), BTreeMap::new());
            let mut copies = Vec::new();
            for (step, key, value) in steps {
                match step {
                    0 | 1 => prop_assert_eq!(trie.insert(key, value), model.insert(key, value)),
                    2 => prop_assert_eq!(trie.remove(key), model.remove(&key)),
                    _ => {
                        copies.push((trie.clone(), model.clone()));
                        let ours = trie.get_or_insert_with(key, || value);
                        *ours = ours.wrapping_add(1);
                        let theirs = model.entry(key).or_insert(value);
                        *theirs = theirs.wrapping_add(1);
                    }
                }
            }
            copies.push((trie, model));
            let mut copies_seen: Vec<(Trie<u16>, BTreeMap<u64, u16>)> = Vec::new();
            for (trie, model) in copies {
                prop_assert_eq!(trie.len(), model.len());
                prop_assert!(trie.iter().eq(model.iter().map(|(key, value)| (*key, value))));
                for (older, old_model) in &copies_seen {
                    let changed: Vec<u64> = model.iter().filter(|(key, value)| old_model.get(key) != Some(value)).map(|(key, _)| *key).collect();
                    prop_assert_eq!(trie.changed_since(older, |one: &u16, other| one == other), changed);
                }
                copies_seen.push((trie.clone(), model.clone()));
                prop_assert!(trie.iter_from(from).eq(model.range(from..).map(|(key, value)| (*key, value))));
                prop_assert_eq!(trie.get(from), model.get(&from));
            }
        }
    }
}
