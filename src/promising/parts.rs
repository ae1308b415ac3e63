//! Parts that were found before, from which the next one is guessed.
//!
//! How much a giver can give grows evenly with the time that there is for it, or with what is asked for, as long as the
//! same things limit it: two parts that were found on the same way down tell a third one, but for what was rounded. A
//! guess, nothing else: whatever it is, the same part is found.

use crate::{
    model::{Day, Moment},
    snapshot::{LocationIx, MethodIx, WorkIx, sourcing::Replenishment},
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// Who gives parts of what he is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Giver {
    Work(WorkIx),
    Move(LocationIx, Option<MethodIx>),
    /// Stock that something later waits for.
    Lender,
}

/// When a source is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Turn {
    /// After others, for what they left.
    InOrder,
    /// For the whole.
    Alone,
}

/// A giver, and the way down to where it is asked.
pub(super) type Place = (Giver, u64);

/// Of how many units a part is looked for, and by when they must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Of {
    pub(super) moment: Moment,
    pub(super) whole: i64,
}

impl Of {
    fn time(self) -> i128 {
        self.moment.since(Moment::begin(Day::ZERO)).into()
    }

    /// How far away another one is: by its time, then by its whole.
    fn distance(self, other: Self) -> (u128, u64) {
        (self.time().abs_diff(other.time()), self.whole.abs_diff(other.whole))
    }
}

/// A part that was found.
#[derive(Clone, Copy, Debug)]
struct Known {
    of: Of,
    part: i64,
}

impl Known {
    fn is_all(&self) -> bool {
        self.part == self.of.whole
    }
}

/// Parts that were found for a line.
#[derive(Debug, Default)]
pub(super) struct Parts {
    known: HashMap<Place, Vec<Known>, FxBuildHasher>,
    /// The sources that are being asked, from the ordered item down.
    pub(super) asked: Vec<(Replenishment, Turn)>,
}

impl Parts {
    /// So many are kept of one place; where there is no room, the nearest makes room for the next.
    const KEPT_MAX: usize = 8;

    /// Begins with another line; memory is kept.
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.asked.clear();
    }

    /// Remembers a part that was found.
    pub(super) fn note(&mut self, place: Place, of: Of, part: i64) {
        let known = self.known.entry(place).or_default();
        let at = (0..known.len()).min_by_key(|&at| known[at].of.distance(of));
        match at.filter(|&at| known[at].of == of || Self::KEPT_MAX <= known.len()) {
            Some(at) => known[at] = Known { of, part },
            None => known.push(Known { of, part }),
        }
    }

    /// The part that two others tell, if it is less than the whole; none where nothing tells it.
    pub(super) fn guess(&self, place: &Place, of: Of) -> Option<i64> {
        let known = self.known.get(place)?;
        let near = known.iter().min_by_key(|known| known.of.distance(of))?;
        if near.is_all() {
            return None;
        }
        let (at, to) = if near.of.time() == of.time() {
            (i128::from(near.of.whole), i128::from(of.whole))
        } else {
            (near.of.time(), of.time())
        };
        let place_of = |known: &Known| {
            if near.of.time() == of.time() {
                (known.of.time() == of.time()).then(|| i128::from(known.of.whole))
            } else {
                Some(known.of.time())
            }
        };
        // Two that are close together tell nothing of one that is far away.
        let is_apart = |other: i128| other != at && to.abs_diff(at) <= 4 * other.abs_diff(at);
        let others = known.iter().filter(|known| !known.is_all());
        let others = others.filter_map(|known| Some((place_of(known)?, known)));
        let others = others.filter(|(other, _)| is_apart(*other));
        let other = others.min_by_key(|(_, known)| known.of.distance(of));
        let part = other.map_or(i128::from(near.part), |(other, known)| {
            let more = i128::from(known.part - near.part);
            i128::from(near.part) + (more * (to - at)).div_euclid(other - at)
        });
        let part = i64::try_from(part).ok()?;
        (1..of.whole).contains(&part).then_some(part)
    }
}
