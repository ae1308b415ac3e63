//! The largest part found by what failing parts lack, beside plain bisection.

use super::*;
use crate::{
    ledger::World,
    model::{Day, DayPart},
    promising::search::Scratch,
    snapshot::{Builder, Manifest, schema},
};
use proptest::prelude::*;
use std::{collections::BTreeMap, sync::Arc};

/// One item at one place: the parts are tried by what a test says, not on a world.
fn world() -> World {
    let manifest = Manifest {
        snapshot_id: "one".into(),
        as_of: jiff::civil::date(2026, 11, 23),
        horizon_days: 5,
        currency: "USD".into(),
        watermarks: BTreeMap::new(),
    };
    let mut builder = Builder::new(manifest);
    for (table, column) in [("items", "item"), ("locations", "location")] {
        let schema = schema::TABLES.iter().find(|schema| schema.name == table).expect("a table");
        let mapping = builder.open(schema, &[column]);
        builder.row(&mapping, 1, &[Some("A")]);
    }
    World::new(Arc::new(builder.finish().snapshot.expect("no fault")))
}

/// When parts must be there.
const NOON: Moment = Moment { day: Day(1), part: DayPart::BEGIN };

/// The largest number of a range that fits, by nothing but halves.
fn bisected(range: RangeInclusive<i64>, fits: impl Fn(i64) -> bool) -> Option<i64> {
    let (mut least, limit) = range.into_inner();
    if limit < least || !fits(least) {
        return None;
    }
    let mut fails = limit + 1;
    while least + 1 < fails {
        let middle = least + (fails - least) / 2;
        if fits(middle) { least = middle } else { fails = middle }
    }
    Some(least)
}

/// So many tries find the largest of a range, whatever the tries that fail say they lack.
fn tries_most(range: &RangeInclusive<i64>) -> u32 {
    let width = (range.end() - range.start()).max(0) + 1;
    let halves = i64::BITS - width.leading_zeros();
    // The least, those that go by what was lacking, the one after one that fits; then one of five tries halves the rest.
    1 + GUESSES + 1 + 5 * halves
}

/// Searches with a test of one part, which gets what a try may say; what was found, and by how many tries.
fn searched(
    range: RangeInclusive<i64>,
    unit: Quantity,
    mut fits: impl FnMut(&mut Search<'_>, i64) -> bool,
) -> (Option<i64>, u32) {
    let world = world();
    let mut search = Search::new(&world, Scratch::default());
    // What the caller of a search knew to be lacking is not forgotten by it.
    search.memo.lack.n_asking = 1;
    search.memo.lack.note(Quantity::micros(7));
    let mut n_tries = 0;
    let found = search.largest(range, unit, |search, n| {
        n_tries += 1;
        fits(search, n)
    });
    assert_eq!((search.memo.lack.n_asking, search.memo.lack.least), (1, Some(Quantity::micros(7))));
    assert!(search.memo.lack.shares.is_empty());
    (found, n_tries)
}

/// Something that a part needs: so much a unit, of so much that there is.
#[derive(Clone, Debug)]
struct Part {
    rate: Quantity,
    there: Quantity,
}

impl Part {
    fn needed(&self, made: Quantity) -> Quantity {
        self.rate.times(made)
    }

    /// Asks for what a quantity needs, as a component of it does.
    fn is_there(&self, search: &mut Search<'_>, made: Quantity) -> bool {
        let needed = self.needed(made);
        let before = search.memo.lack.before();
        let short = (needed - self.there).max(Quantity::ZERO);
        search.in_share((made, needed), |search| search.memo.lack.after(before, short));
        !short.is_positive()
    }
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let part = (1i64..9_000_000, 0i64..2_000_000_000).prop_map(|(rate, there)| Part {
        rate: Quantity::micros(rate),
        there: Quantity::micros(there),
    });
    prop::collection::vec(part, 1..5)
}

/// Millionths, and lots of odd sizes.
fn units() -> impl Strategy<Value = Quantity> {
    prop_oneof![Just(1), 2i64..999, Just(1_000_000), 1_000_000i64..7_500_000]
        .prop_map(Quantity::micros)
}

/// What a try that fails may say: nothing, that nothing is lacking, too little, far too much.
fn notes() -> impl Strategy<Value = Vec<Vec<i64>>> {
    let note = prop_oneof![Just(0), -9i64..9, 1i64..50_000_000, Just(i64::MAX / 2)];
    prop::collection::vec(prop::collection::vec(note, 0..3), 1..6)
}

proptest! {
    #[test]
    fn what_components_lack_leads_to_the_largest_part(
        parts in parts(), unit in units(), limit in 0i64..2_000,
    ) {
        let made = |n: i64| Quantity::micros(n * unit.raw());
        let fits = |n| parts.iter().all(|part| part.needed(made(n)) <= part.there);
        let (found, n_tries) = searched(1..=limit, unit, |search, n| {
            parts.iter().all(|part| part.is_there(search, made(n)))
        });
        prop_assert_eq!(found, bisected(1..=limit, fits));
        prop_assert!(n_tries <= tries_most(&(1..=limit)), "{} tries", n_tries);
    }

    /// Whatever fits, less or more, halves tell one part: where goods expire the answer is that and no other.
    #[test]
    fn by_halves_it_does_not_matter_what_is_lacking(
        limit in 0i64..300, fitting in prop::collection::vec(any::<bool>(), 301), notes in notes(),
    ) {
        let fits = |n: i64| fitting[usize::try_from(n).expect("it is counted from 1")];
        let (world, mut notes) = (world(), notes.into_iter().cycle());
        let mut search = Search::new(&world, Scratch::default());
        let range = (1..=limit, Quantity::micros(1));
        let found = search.largest_by_halves(range, |search, n| {
            let lacking = notes.next().expect("they begin anew");
            lacking.into_iter().for_each(|note| search.memo.lack.note(Quantity::micros(note)));
            fits(n)
        });
        prop_assert_eq!(found, bisected(1..=limit, fits));
    }

    /// All of it, or the part that halves would find, by what the whole lacked: a search for parts costs a try or two more
    /// than a search for the whole (issue 17 item 10).
    #[test]
    fn what_the_whole_lacks_leads_to_the_part(
        parts in parts(), unit in units(), whole in 1i64..2_000_000_000,
    ) {
        let unit = unit.min(Quantity::micros(whole));
        let fits = |made: Quantity| parts.iter().all(|part| part.needed(made) <= part.there);
        let (world, mut n_tries) = (world(), 0);
        let mut search = Search::new(&world, Scratch::default());
        search.memo.lack.n_asking = 1;
        let sizes = (Quantity::micros(whole), unit);
        let found = search.as_much_as_fits((Giver::Lender, NOON), sizes, |search, made| {
            n_tries += 1;
            parts.iter().all(|part| part.is_there(search, made))
        });
        let range = 1..=(whole - 1) / unit.raw();
        let of = |n: i64| Quantity::micros(n * unit.raw());
        let wanted = match fits(Quantity::micros(whole)) {
            true => Quantity::micros(whole),
            false => bisected(range.clone(), |n| fits(of(n))).map_or(Quantity::ZERO, of),
        };
        prop_assert_eq!(found, wanted);
        prop_assert!(n_tries <= 1 + tries_most(&range), "{} tries", n_tries);
        // Whoever asked for it is told what the whole lacked.
        prop_assert_eq!(search.memo.lack.least.is_some(), !fits(Quantity::micros(whole)));
        prop_assert_eq!(search.memo.lack.n_asking, 1);
    }

    /// Whatever part was found last of who gives it is a guess: the same is found.
    #[test]
    fn what_was_found_last_changes_nothing(
        parts in parts(), unit in units(), whole in 1i64..2_000_000_000, last in 1i64..3_000_000_000,
    ) {
        let unit = unit.min(Quantity::micros(whole));
        let fits = |made: Quantity| parts.iter().all(|part| part.needed(made) <= part.there);
        let world = world();
        let mut search = Search::new(&world, Scratch::default());
        let place = (Giver::Lender, search.way_down());
        let of = Of { moment: Moment::end(NOON.day), whole: last };
        search.memo.parts.note(place, of, (last / unit.raw()).max(1));
        let sizes = (Quantity::micros(whole), unit);
        let mut n_tries = 0;
        let found = search.as_much_as_fits((Giver::Lender, NOON), sizes, |search, made| {
            n_tries += 1;
            parts.iter().all(|part| part.is_there(search, made))
        });
        let range = 1..=(whole - 1) / unit.raw();
        let of = |n: i64| Quantity::micros(n * unit.raw());
        let wanted = match fits(Quantity::micros(whole)) {
            true => Quantity::micros(whole),
            false => bisected(range.clone(), |n| fits(of(n))).map_or(Quantity::ZERO, of),
        };
        prop_assert_eq!(found, wanted);
        prop_assert!(n_tries <= 5 + tries_most(&range), "{} tries", n_tries);
        // Asked again, two tries tell it, or one where all of it is there.
        n_tries = 0;
        let again = search.as_much_as_fits((Giver::Lender, NOON), sizes, |search, made| {
            n_tries += 1;
            parts.iter().all(|part| part.is_there(search, made))
        });
        prop_assert_eq!(again, wanted);
        prop_assert!(!again.is_positive() || n_tries <= 2, "{} tries", n_tries);
    }

    /// Hours that grow with the time, as a chain of work orders on one day asks for them: two parts tell the others,
    /// but for what is rounded.
    #[test]
    fn parts_of_other_days_tell_the_next_one(
        rate in 1i64..9_000_000, days in prop::collection::vec(0i32..50, 3..9),
    ) {
        let world = world();
        let mut search = Search::new(&world, Scratch::default());
        let sizes = (Quantity::micros(i64::MAX / 4), Quantity::micros(1));
        let mut seen: Vec<i32> = Vec::new();
        for day in days {
            let most = 7 + rate * i64::from(day);
            let mut n_tries = 0;
            let found = search.as_much_as_fits((Giver::Lender, Moment::end(Day(day))), sizes, |_, made| {
                n_tries += 1;
                made.raw() <= most
            });
            prop_assert_eq!(found.raw(), most);
            // Nothing is told from two days that are close together of one that is far away.
            let near = seen.iter().map(|other| (day - other).abs()).min();
            let apart = near.is_some_and(|near| {
                let of = seen.iter().find(|&&other| (day - other).abs() == near).expect("it is one");
                near == 0 || seen.iter().any(|other| other != of && near <= 4 * (other - of).abs())
            });
            prop_assert!(!apart || n_tries <= 2, "{} tries", n_tries);
            seen.push(day);
        }
    }

    #[test]
    fn one_that_lacks_evenly_is_found_in_a_handful_of_tries(
        // Needs of less than a unit a unit are rounded to steps of many millionths of what is made.
        (rate, there) in (1_000_000i64..9_000_000, 0i64..2_000_000_000), limit in 1i64..2_000_000_000,
    ) {
        let part = Part { rate: Quantity::micros(rate), there: Quantity::micros(there) };
        let (_, n_tries) = searched(1..=limit, Quantity::micros(1), |search, n| {
            part.is_there(search, Quantity::micros(n))
        });
        prop_assert!(n_tries <= 1 + GUESSES + 1, "{} tries", n_tries);
    }

    #[test]
    fn whatever_a_try_says_the_largest_is_found(
        (least, limit) in (1i64..60, 0i64..5_000), most in -5i64..6_000, unit in units(),
        notes in notes(), (made, needed) in (1i64..9_000_000, 1i64..9_000_000),
    ) {
        let mut n_failed = 0;
        let share = (Quantity::micros(made), Quantity::micros(needed));
        let (found, n_tries) = searched(least..=limit, unit, |search, n| {
            if n <= most {
                return true;
            }
            for &note in &notes[n_failed % notes.len()] {
                search.in_share(share, |search| search.memo.lack.note(Quantity::micros(note)));
            }
            n_failed += 1;
            false
        });
        prop_assert_eq!(found, bisected(least..=limit, |n| n <= most));
        prop_assert!(n_tries <= tries_most(&(least..=limit)), "{} tries", n_tries);
    }

    /// More may fit where less does not, say where a larger quantity takes another way: then the largest is
    /// not promised, but what is found fits.
    #[test]
    fn what_is_found_fits_even_where_less_may_not(
        fitting in prop::collection::vec(any::<bool>(), 1..40), notes in notes(),
    ) {
        let limit = i64::try_from(fitting.len()).expect("few");
        let fits = |n: i64| fitting[usize::try_from(n - 1).expect("from 1 on")];
        let mut n_failed = 0;
        let (found, _) = searched(1..=limit, Quantity::ONE, |search, n| {
            notes[n_failed % notes.len()].iter().for_each(|&note| search.memo.lack.note(Quantity::micros(note)));
            n_failed += 1;
            fits(n)
        });
        prop_assert_eq!(found.is_some(), fits(1));
        prop_assert!(found.is_none_or(fits));
    }
}
