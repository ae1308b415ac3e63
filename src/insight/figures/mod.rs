//! Figures: measures over promises, by what they have in common.
//!
//! A fold over the promises of one pinned world, so that figures are of one instant and work in scenarios. Promises
//! are dealt to threads in runs and the sums put together in order; sums are whole numbers, so the order of adding
//! changes nothing. What is forgotten counts by the rows that it was folded into. Start at [`query`].

mod measure;
mod dimension;
mod asked;
mod groups;
mod folded;

pub use crate::ledger::judged::{DateBasis, counts, done, due};
pub use asked::{BASES, BUCKETS, FiguresQuery, TimeBucket};
pub use dimension::{DIMENSIONS, Dimension};
pub use measure::{MEASURES, Measure, Tally};

use crate::{
    ledger::{
        Reservation, World,
        judged::{self, Judged},
    },
    model::Day,
};
use groups::{Groups, Key};
use rayon::prelude::*;
use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

/// What some lines have in common, and their sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureRow {
    /// The words of the dimensions, then the first day of the period where there is one.
    pub keys: Vec<String>,
    /// What they come to.
    pub tally: Tally,
}

/// Figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// By the first measure, the largest first.
    pub rows: Vec<FigureRow>,
    /// All lines.
    pub total: Tally,
}

/// Numbers of promises that one thread folds at a time.
const RUN: u64 = 16 * 1_024;

/// Promises that are touched before they are judged.
const WARM_AT_ONCE: usize = 64;

/// Touches what is read of some promises: one waits for memory while the others do, and not one after the other.
fn warm(some: &[&Arc<Reservation>]) {
    let touched = some.iter().map(|promise| {
        promise.facts.legs.first().map_or(promise.quantity.raw(), |leg| i64::from(leg.ship.0))
    });
    std::hint::black_box(touched.fold(0, |all, one| all ^ one));
}

/// Figures of a world's promises. `limits` says what limits a late promise, where that is grouped by.
pub fn query(world: &World, asked: &FiguresQuery, limits: &BTreeMap<u64, String>) -> Figures {
    let codes = dimension::DimensionCodes::new(limits);
    let runs: Vec<u64> = (0..world.next_number().div_ceil(RUN)).map(|run| run * RUN).collect();
    let fold = |start: &u64| {
        let mut groups = Groups::new();
        let run = world.reservations_from(*start);
        let run = run.take_while(|promise| promise.number < start + RUN);
        let run: Vec<&Arc<Reservation>> = run.collect();
        let warm = run.chunks(WARM_AT_ONCE).flat_map(|some| {
            warm(some);
            some
        });
        for promise in warm.copied().filter(|promise| counts(promise)) {
            let Some((key, judged)) = judge(world, promise, asked, &codes) else { continue };
            groups.of(&key).add(&judged);
        }
        groups.into_sums()
    };
    let parts: Vec<Vec<(Key, Tally)>> = runs.par_iter().map(fold).collect();
    let mut groups: BTreeMap<Key, Tally> = BTreeMap::new();
    for (key, tally) in parts.into_iter().flatten() {
        groups.entry(key).or_default().merge(&tally);
    }
    for (key, judged) in folded::rows(world, asked, &codes) {
        groups.entry(key).or_default().add(judged);
    }
    named(world, asked, groups, &codes)
}

fn named(
    world: &World,
    asked: &FiguresQuery,
    groups: BTreeMap<Key, Tally>,
    codes: &dimension::DimensionCodes<'_>,
) -> Figures {
    let mut total = Tally::default();
    groups.values().for_each(|tally| total.merge(tally));
    let row = |((dimensions, period), tally): (Key, Tally)| {
        let words = asked.group_by.iter().zip(dimensions);
        let mut keys: Vec<String> = words.map(|(of, code)| codes.word(world, *of, code)).collect();
        if asked.bucket.is_some() {
            keys.push(world.snapshot.epoch().date(Day(period)).to_string());
        }
        FigureRow { keys, tally }
    };
    let mut rows: Vec<FigureRow> = groups.into_iter().map(row).collect();
    let first = asked.measures.first().copied().unwrap_or(Measure::Lines);
    rows.sort_by(|one, other| {
        let key = |row: &FigureRow| Reverse(first.of(&row.tally));
        key(one).cmp(&key(other)).then_with(|| one.keys.cmp(&other.keys))
    });
    if 0 < asked.top {
        rows.truncate(asked.top);
    }
    Figures { rows, total }
}

/// The group of a promise and what it adds to it; none where it is not asked for.
fn judge(
    world: &World,
    promise: &Arc<Reservation>,
    asked: &FiguresQuery,
    codes: &dimension::DimensionCodes<'_>,
) -> Option<(Key, Judged)> {
    let snapshot = &world.snapshot;
    if !asked.filter.fits(snapshot, promise) {
        return None;
    }
    let epoch = snapshot.epoch();
    let due = due(world, promise, asked.basis);
    let is_bounded = asked.from.is_some() || asked.to.is_some();
    if is_bounded && !asked.spans(epoch.date(due)) {
        return None;
    }
    let mut dimensions = [0; 3];
    for (code, of) in dimensions.iter_mut().zip(&asked.group_by) {
        *code = codes.code(world, promise, *of);
    }
    let period = asked.bucket.map_or(0, |bucket| bucket.first_of(epoch.date(due), epoch));
    let moves = asked.measures.iter().any(|measure| measure.is_of_moves());
    let judged = judged::judge(world, promise, (asked.basis, due), moves);
    Some(((dimensions, period), judged))
}
