//! The sums of many groups, on the way: a promise finds its group among those seen lately, else in order.

use super::measure::Tally;
use std::collections::BTreeMap;

/// A group: codes of its dimensions, and its period.
pub(super) type Key = ([u64; 3], i32);

/// Places for groups seen lately.
const PLACES: usize = 2_048;

/// Sums by group.
pub(super) struct Groups {
    at: BTreeMap<Key, u32>,
    sums: Vec<(Key, Tally)>,
    /// By a digest of the key, which group was seen last there; it may be another one.
    seen: Vec<u32>,
}

impl Groups {
    pub(super) fn new() -> Self {
        Self { at: BTreeMap::new(), sums: Vec::new(), seen: vec![0; PLACES] }
    }

    /// The sums of a group.
    pub(super) fn of(&mut self, key: &Key) -> &mut Tally {
        let place = place(key);
        let seen = self.seen[place] as usize;
        let is_it = self.sums.get(seen).is_some_and(|(known, _)| known == key);
        let at = if is_it { seen } else { self.find(key, place) };
        &mut self.sums[at].1
    }

    fn find(&mut self, key: &Key, place: usize) -> usize {
        let sums = &mut self.sums;
        let at = *self.at.entry(*key).or_insert_with(|| {
            sums.push((*key, Tally::default()));
            u32::try_from(sums.len() - 1).expect("there are fewer promises")
        });
        self.seen[place] = at;
        at as usize
    }

    /// All, in no order that means anything.
    pub(super) fn into_sums(self) -> Vec<(Key, Tally)> {
        self.sums
    }
}

/// Spreads keys over the places; most differ in one small number.
fn place(([one, two, three], period): &Key) -> usize {
    let all = [*one, *two, *three, u64::from(period.cast_unsigned())];
    let mixed = all.iter().fold(0u64, |mixed, code| {
        (mixed ^ code).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23)
    });
    usize::try_from(mixed % PLACES as u64).expect("it is small")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Many more groups than places, each met three times.
    #[test]
    fn every_group_has_its_own_sums() {
        let mut groups = Groups::new();
        let key = |n: u64| ([n % 97, n / 97, n % 5], i32::try_from(n % 11).expect("small") - 5);
        let all = 3 * PLACES as u64;
        for n in (0..all).chain(0..all).chain((0..all).rev()) {
            let mut once = crate::ledger::judged::Judged::default();
            once.0[0] = 1;
            groups.of(&key(n)).add(&once);
        }
        let sums = groups.into_sums();
        let distinct: std::collections::BTreeSet<Key> = (0..all).map(key).collect();
        assert_eq!(sums.len(), distinct.len());
        let (first, total) = (super::super::Measure::Lines, 3 * i128::from(all));
        assert_eq!(sums.iter().map(|(_, tally)| first.of(tally)).sum::<i128>(), total * 1_000_000);
    }
}
