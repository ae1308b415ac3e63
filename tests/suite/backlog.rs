//! Backlog runs on random worlds: strategies keep their word, threads change nothing, a scenario's run is
//! live's run.

use crate::{
    change_random, support,
    worlds::{self, Dice, Kind},
};
use promised::{
    backlog::{
        self, Fallback, Filter, Outcome, Segment, Sequence, Spec, Strategy, run::is_worse, search,
    },
    compare,
    engine::backlog::{Objective, Run, run},
    ledger::{Reservation, World as Live, audit, digest},
    model::Quantity,
    promising::{self, request::OrderLine},
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

type Asked = BTreeMap<(String, String), OrderLine>;

const STRATEGIES: [Strategy; 5] =
    [Strategy::Win, Strategy::Gain, Strategy::Redistribute, Strategy::Fill, Strategy::Lose];

/// A world whose orders were promised in a random order, and what they asked for.
fn promised(seed: u64, kind: Kind) -> (Live, Asked) {
    let (world, orders) = worlds::world(seed, kind);
    let mut live = Live::new(Arc::new(support::snapshot(&world)));
    let mut asked = Asked::new();
    let mut requests = support::requests(&orders);
    let dice = &mut Dice(seed ^ 0xBAC7);
    for at in (1..requests.len()).rev() {
        requests.swap(at, usize::try_from(dice.roll(0, at as i64)).unwrap());
    }
    for request in &requests {
        let query = request.resolve(&live.snapshot).unwrap();
        let promise = promising::plan(&live, &query);
        live = support::commit(live, request, &promise);
        for line in &request.lines {
            asked.insert((line.order.clone(), line.line.clone()), line.clone());
        }
    }
    (live, asked)
}

fn ask(asked: &Asked, found: &Reservation) -> Option<OrderLine> {
    asked.get(&(found.facts.order.to_string(), found.facts.line.to_string())).cloned()
}

/// A strategy for every order, at random.
fn spec(dice: &mut Dice, live: &Live) -> Spec {
    let mut segments = Vec::new();
    for found in live.reservations_from(0) {
        let strategy = STRATEGIES[usize::try_from(dice.roll(0, 4)).unwrap()];
        let filter = Filter::parse(&format!("order={}", found.facts.order)).unwrap();
        segments.push(Segment { filter, strategy });
    }
    let by = dice.pick(&["priority,requested_date", "-quantity", "item,-age", "customer,-value"]);
    Spec { sequence: Sequence::parse(by).unwrap(), segments, ..Spec::default() }
}

fn check_word(seed: u64, spec: &Spec, live: &Live, run: &Run) {
    let strategy = |found: &Reservation| {
        let segment = spec.segments.iter().find(|one| one.filter.fits(&live.snapshot, found));
        segment.map_or(spec.otherwise, |segment| segment.strategy)
    };
    for line in &run.changed {
        let (before, after) = (&*line.before, &*line.after);
        let place = format!("seed {seed} {}\n{before:?}\n{after:?}", before.facts.order);
        let late = |found: &Reservation| found.facts.legs.iter().map(|leg| leg.days_late).max();
        match strategy(before) {
            Strategy::Win => {
                assert!(!is_worse(after, before), "{place}");
                let is_met = after.quantity == after.facts.quantity_requested
                    && late(after).is_some_and(|days| days <= 0);
                assert!(is_met || line.outcome == Outcome::CannotWin, "{place}");
            }
            Strategy::Gain => assert!(!is_worse(after, before), "{place}"),
            Strategy::Fill => {
                assert!(after.quantity <= before.quantity, "{place}");
                assert!(late(before) <= late(after) || late(after).is_none(), "{place}");
            }
            Strategy::Lose => assert_eq!(after.quantity, Quantity::ZERO, "{place}"),
            Strategy::Redistribute => (),
        }
    }
}

#[test]
fn strategies_keep_their_word_and_nothing_is_oversold() {
    for kind in [Kind::Stock, Kind::Sourcing, Kind::Capable] {
        for seed in 0..60 {
            let (live, asked) = promised(seed, kind);
            let before = digest::of(&live);
            let spec = spec(&mut Dice(seed ^ 0x5EC), &live);
            let run = run(&live, &spec, Objective::Sequence, |found| ask(&asked, found));
            check_word(seed, &spec, &live, &run);
            assert_eq!(audit::divergences(&run.world), [], "seed {seed} {kind:?}");
            assert_eq!(audit::overdrawn(&run.world), [], "seed {seed} {kind:?}");
            assert_eq!(digest::of(&live), before, "live was touched");
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for seed in 0..40 {
        let (live, asked) = promised(seed, Kind::Capable);
        let spec = spec(&mut Dice(seed), &live);
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let run =
                pool.install(|| run(&live, &spec, Objective::Sequence, |found| ask(&asked, found)));
            digest::of(&run.world)
        };
        let want = with(1);
        assert_eq!([with(2), with(5)], [want; 2], "seed {seed}");
        // All in one part, as if nothing were independent.
        let units = backlog::units(&live, &spec, |found| ask(&asked, found));
        let mut world = live.clone();
        backlog::run::run_on(&mut world, spec.fallback, &units);
        assert_eq!(digest::of(&world), want, "seed {seed}");
    }
}

#[test]
fn more_time_is_never_worth_less_and_small_cases_are_exact() {
    for seed in 0..40 {
        let (live, asked) = promised(seed, Kind::Stock);
        let spec = Spec::default();
        let mut units = backlog::units(&live, &spec, |found| ask(&asked, found));
        units.truncate(4);
        let found = search::search(&live, Fallback::Gain, &units, || true);
        let mut best = None;
        permutations(units.len(), &mut |order| {
            let sequence: Vec<_> = order.iter().map(|at| units[*at].clone()).collect();
            let value = search::value(&backlog::run::run(&live, Fallback::Gain, &sequence));
            best = best.max(Some(value));
        });
        assert_eq!(Some(found.value), best, "seed {seed}");
        assert!(found.given <= found.value);
    }
    let (live, asked) = promised(7, Kind::Capable);
    let units = backlog::units(&live, &Spec::default(), |found| ask(&asked, found));
    let mut tries = 0;
    let found = search::search(&live, Fallback::Gain, &units, || {
        tries += 1;
        tries < 200
    });
    assert!(found.given <= found.value);
}

fn permutations(n: usize, visit: &mut dyn FnMut(&[usize])) {
    fn go(order: &mut Vec<usize>, at: usize, visit: &mut dyn FnMut(&[usize])) {
        if at == order.len() {
            return visit(order);
        }
        for other in at..order.len() {
            order.swap(at, other);
            go(order, at + 1, visit);
            order.swap(at, other);
        }
    }
    go(&mut (0..n).collect(), 0, visit);
}

#[test]
fn locked_lines_stand_and_kept_ones_do_not_improve() {
    for seed in 0..40 {
        let (live, asked) = promised(seed, Kind::Sourcing);
        let locked = Filter::parse("item=A").unwrap();
        let kept = Filter::parse("item=B").unwrap();
        let spec = Spec {
            locked: vec![locked.clone()],
            kept: vec![kept.clone()],
            sequence: Sequence::parse("-age").unwrap(),
            ..Spec::default()
        };
        let run = run(&live, &spec, Objective::Sequence, |found| ask(&asked, found));
        for line in &run.changed {
            assert!(!locked.fits(&live.snapshot, &line.before));
            if kept.fits(&live.snapshot, &line.before) {
                assert!(line.after.quantity <= line.before.quantity, "seed {seed}");
            }
        }
    }
}

#[test]
fn a_comparison_adds_up() {
    for seed in 0..40 {
        let (live, asked) = promised(seed, Kind::Capable);
        let run = run(&live, &Spec::default(), Objective::Sequence, |found| ask(&asked, found));
        let compared = compare::compare(&live, &run.world);
        assert_eq!(compared.before, compare::kpi(&live));
        assert_eq!(compared.after, compare::kpi(&run.world));
        assert_eq!(compared.pairs.len(), live.n_reservations());
        for dimension in compare::Dimension::ALL {
            let of = compared.groups.iter().filter(|group| group.dimension == dimension);
            let lines: u64 = of.clone().map(|group| group.after.lines).sum();
            assert_eq!(lines, compared.after.lines);
            let profit: promised::model::Money = of.map(|group| group.after.profit).sum();
            assert_eq!(profit, compared.after.profit);
        }
        let same = compared.pairs.iter().filter(|pair| pair.verdict == compare::Verdict::Same);
        assert!(same.clone().all(|pair| pair.why.is_empty()));
    }
}

#[test]
fn a_filter_says_what_is_wrong_with_it() {
    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(Filter::parse(text).expect_err("it is wrong"), want);
    }
    check("priority", "\"priority\": a condition such as priority<=2 is expected");
    check("priority<=high", "\"priority<=high\": \"high\" is not a number");
    check(
        "requested_date<soon",
        "\"requested_date<soon\": \"soon\" is not a date such as 2026-11-23",
    );
    assert!(Filter::parse("colour=red").unwrap_err().starts_with("\"colour\": one of order, line"));
    assert!(Sequence::parse("-colour").unwrap_err().starts_with("\"colour\": one of order"));
}
