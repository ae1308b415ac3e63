//! Strategies keep their word, on random worlds; and a word that is not kept is seen.

use crate::{
    backlog::{promised, promised_with, spec},
    worlds::{Dice, Kind},
};
use promised::{
    backlog::{Filter, LineOutcome, Segment, Spec, Strategy, run::is_worse},
    engine::backlog::{BacklogRun, RunGoal, run},
    ledger::{Reservation, World as Live, audit, digest},
    model::Quantity,
};

fn strategy(spec: &Spec, live: &Live, found: &Reservation) -> Strategy {
    let segment = spec.segments.iter().find(|one| one.filter.fits(&live.snapshot, found));
    segment.map_or(spec.otherwise, |segment| segment.strategy)
}

fn late(found: &Reservation) -> Option<i32> {
    found.facts.legs.iter().map(|leg| leg.days_late).max()
}

fn is_in_full_on_time(found: &Reservation) -> bool {
    found.quantity == found.facts.quantity_requested && late(found).is_some_and(|days| days <= 0)
}

/// Whether a line was dealt with as its strategy says.
fn keeps_word(strategy: Strategy, before: &Reservation, after: &Reservation, won: bool) -> bool {
    match strategy {
        Strategy::Win => !is_worse(after, before) && (is_in_full_on_time(after) || !won),
        Strategy::Gain => !is_worse(after, before),
        Strategy::Fill => {
            let is_no_sooner = late(after).is_none_or(|days| late(before) <= Some(days));
            after.quantity <= before.quantity && is_no_sooner
        }
        Strategy::Lose => after.quantity == Quantity::ZERO && after.facts.legs.is_empty(),
        // It may gain or lose; what that means is the next test's.
        Strategy::Redistribute => true,
    }
}

/// The first line of a run that was not dealt with as its strategy says.
fn broken(spec: &Spec, live: &Live, run: &BacklogRun) -> Option<String> {
    let is_broken = |line: &&promised::backlog::RunLine| {
        let strategy = strategy(spec, live, &line.before);
        !keeps_word(strategy, &line.before, &line.after, line.outcome == LineOutcome::Served)
    };
    let line = run.changed.iter().find(is_broken)?;
    Some(format!("{:?}\n{:?}\n{:?}", strategy(spec, live, &line.before), line.before, line.after))
}

#[test]
fn strategies_keep_their_word_and_nothing_is_oversold() {
    for kind in [Kind::Stock, Kind::Sourcing, Kind::Capable] {
        for seed in 0..60 {
            let live = promised(seed, kind);
            let before = digest::of(&live);
            let spec = spec(&mut Dice(seed ^ 0x5EC), &live);
            let run = run(&live, &spec, RunGoal::Sequence);
            assert_eq!(broken(&spec, &live, &run), None, "seed {seed} {kind:?}");
            assert_eq!(audit::divergences(&run.world), [], "seed {seed} {kind:?}");
            assert_eq!(audit::overdrawn(&run.world), [], "seed {seed} {kind:?}");
            assert_eq!(digest::of(&live), before, "live was touched");
        }
    }
}

/// A world in which all want the same goods of the same place.
fn contested(seed: u64) -> Live {
    promised_with(seed, Kind::Stock, |request| {
        for line in &mut request.lines {
            (line.item, line.location) = ("A".into(), Some("BER".into()));
        }
    })
}

/// A run that pools all lines breaks every other strategy's word somewhere: the property can fail.
#[test]
fn a_word_that_is_not_kept_is_seen() {
    for strategy in [Strategy::Win, Strategy::Gain, Strategy::Fill, Strategy::Lose] {
        let broken = |seed: &u64| {
            let live = contested(*seed);
            let sequence = promised::backlog::Sequence::parse("-age").unwrap();
            let pooled = Spec { sequence, ..Spec::default() };
            let run = run(&live, &pooled, RunGoal::Sequence);
            let said = Spec { otherwise: strategy, ..Spec::default() };
            broken(&said, &live, &run).is_some()
        };
        assert!((0..400).any(|seed| broken(&seed)), "{strategy:?}");
    }
}

/// Pooled: whoever comes first finds all that the others had, as if they had asked for nothing.
#[test]
fn under_redistribute_the_first_line_gets_what_there_is() {
    let (mut gained, mut lost) = (0, 0);
    for kind in [Kind::Stock, Kind::Sourcing, Kind::Capable] {
        for seed in 0..40 {
            let live = promised(seed, kind);
            let Some(last) = live.reservations_from(0).last() else { continue };
            let (order, line) = (last.facts.order.to_string(), last.facts.line.to_string());
            let first = vec![(order.as_str().into(), line.as_str().into())];
            let pooled = Spec { first, ..Spec::default() };
            let filter = Filter::parse(&format!("order={order} line={line}")).unwrap();
            let segments = vec![Segment { filter, strategy: Strategy::Redistribute }];
            let alone = Spec { segments, otherwise: Strategy::Lose, ..Spec::default() };
            let of = |spec: &Spec| {
                let run = run(&live, spec, RunGoal::Sequence);
                let line = run.changed.into_iter().find(|line| line.before.number == last.number);
                line.unwrap().after
            };
            let (pooled, alone) = (of(&pooled), of(&alone));
            assert_eq!(pooled.facts.legs, alone.facts.legs, "seed {seed} {kind:?}");
            gained += usize::from(is_worse(last, &pooled));
        }
        // With the ages turned round somebody pays for it.
        for seed in 0..40 {
            let live = promised(seed, kind);
            let sequence = promised::backlog::Sequence::parse("-age").unwrap();
            let run = run(&live, &Spec { sequence, ..Spec::default() }, RunGoal::Sequence);
            lost += run.changed.iter().filter(|line| is_worse(&line.after, &line.before)).count();
        }
    }
    assert!(0 < gained && 0 < lost, "{gained} {lost}");
}
