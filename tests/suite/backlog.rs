//! Backlog runs on random worlds: threads change nothing, locks hold, sets stay together, comparisons add up.
//! What strategies promise is in `backlog_words.rs`, what a search is worth in `most_value.rs`.

use crate::{
    support,
    worlds::{self, Dice, Kind},
};
use promised::{
    backlog::{self, Filter, Segment, Sequence, Spec, Strategy, run::is_worse},
    compare,
    engine::backlog::{RunGoal, run},
    ledger::{Reservation, World as Live, digest},
    model::Quantity,
    promising::{self, request::Request},
};
use std::{collections::BTreeSet, sync::Arc};

const STRATEGIES: [Strategy; 5] =
    [Strategy::Win, Strategy::Gain, Strategy::Redistribute, Strategy::Fill, Strategy::Lose];

/// A world whose orders were promised in a random order.
pub fn promised(seed: u64, kind: Kind) -> Live {
    promised_with(seed, kind, |_| ())
}

/// The same, with something done to each request before.
pub fn promised_with(seed: u64, kind: Kind, edit: impl Fn(&mut Request)) -> Live {
    let (world, orders) = worlds::world(seed, kind);
    let mut live = Live::new(Arc::new(support::snapshot(&world)));
    let mut requests = support::requests(&orders);
    requests.iter_mut().for_each(edit);
    let dice = &mut Dice(seed ^ 0xBAC7);
    for at in (1..requests.len()).rev() {
        requests.swap(at, usize::try_from(dice.roll(0, at as i64)).unwrap());
    }
    for request in &requests {
        let query = request.resolve(&live.snapshot).unwrap();
        let promise = promising::plan(&live, &query);
        live = support::commit(live, request, &promise);
    }
    live
}

/// A strategy for every order, at random.
pub fn spec(dice: &mut Dice, live: &Live) -> Spec {
    let mut segments = Vec::new();
    for found in live.reservations_from(0) {
        let strategy = STRATEGIES[usize::try_from(dice.roll(0, 4)).unwrap()];
        let filter = Filter::parse(&format!("order={}", found.facts.order)).unwrap();
        segments.push(Segment { filter, strategy });
    }
    let by = dice.pick(&["priority,requested_date", "-quantity", "item,-age", "customer,-value"]);
    Spec { sequence: Sequence::parse(by).unwrap(), segments, ..Spec::default() }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for seed in 0..40 {
        let live = promised(seed, Kind::Capable);
        let spec = spec(&mut Dice(seed), &live);
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let run = pool.install(|| run(&live, &spec, RunGoal::Sequence));
            digest::of(&run.world)
        };
        let want = with(1);
        assert_eq!([with(2), with(5)], [want; 2], "seed {seed}");
        // All in one part, as if nothing were independent.
        let groups = backlog::asked_groups(&live, &spec);
        let mut world = live.clone();
        let groups: Vec<_> = groups.iter().collect();
        backlog::run::run_on(&mut world, spec.fallback, &groups, &mut Default::default());
        // What nobody counts on any more is withdrawn when all is done.
        let all: Vec<_> =
            live.reservations_from(0).chain(world.reservations_from(0)).cloned().collect();
        let postings = all.iter().flat_map(|found| found.postings.iter().chain(found.theirs()));
        world.settle(postings.map(|posting| posting.account).collect());
        assert_eq!(digest::of(&world), want, "seed {seed}");
    }
}

#[test]
fn locked_lines_stand_and_kept_ones_do_not_improve() {
    for seed in 0..40 {
        let live = promised(seed, Kind::Sourcing);
        let locked = Filter::parse("item=A").unwrap();
        let kept = Filter::parse("item=B").unwrap();
        let spec = Spec {
            locked: vec![locked.clone()],
            kept: vec![kept.clone()],
            sequence: Sequence::parse("-age").unwrap(),
            ..Spec::default()
        };
        let run = run(&live, &spec, RunGoal::Sequence);
        for line in &run.changed {
            assert!(!locked.fits(&live.snapshot, &line.before));
            if kept.fits(&live.snapshot, &line.before) {
                assert!(line.after.quantity <= line.before.quantity, "seed {seed}");
            }
        }
    }
}

#[test]
fn a_set_is_promised_again_as_a_whole_or_not_at_all() {
    let (mut n_locked, mut n_served) = (0, 0);
    for seed in 0..60 {
        let in_sets = |request: &mut Request| {
            if 1 < request.lines.len() {
                request.lines.iter_mut().for_each(|line| line.ship_set = Some("S".into()));
            }
        };
        let live = promised_with(seed, Kind::Stock, in_sets);
        let locked = Filter::parse("item=A").unwrap();
        let sequence = Sequence::parse("-age").unwrap();
        let spec = Spec { locked: vec![locked.clone()], sequence, ..Spec::default() };
        let run = run(&live, &spec, RunGoal::Sequence);
        let is_served =
            |found: &Reservation| run.changed.iter().any(|line| line.before.number == found.number);
        for order in live.reservations_from(0).map(|found| found.facts.order.clone()) {
            let members: Vec<_> = live.reservations_of(&order).collect();
            if members.len() < 2 {
                continue;
            }
            let is_locked = members.iter().any(|member| locked.fits(&live.snapshot, member));
            assert!(members.iter().all(|member| is_served(member) != is_locked), "seed {seed}");
            let now = members.iter().filter_map(|member| run.world.reservation(member.number));
            let days: BTreeSet<_> =
                now.flat_map(|found| &found.facts.legs).map(|leg| leg.ship).collect();
            assert!(days.len() < 2, "seed {seed}: {days:?}");
            *if is_locked { &mut n_locked } else { &mut n_served } += 1;
        }
    }
    assert!(0 < n_locked && 0 < n_served, "{n_locked} {n_served}");
}

#[test]
fn no_part_of_a_line_may_slip_under_gain() {
    let live = promised(1, Kind::Stock);
    let found = live.reservations_from(0).find(|found| !found.facts.legs.is_empty()).unwrap();
    let split = |parts: &[(i64, i32)]| {
        let leg = |&(covers, days_late): &(i64, i32)| promised::ledger::reservation::Leg {
            covers: Quantity::units(covers),
            days_late,
            supply: Default::default(),
            rank: 1,
            ..found.facts.legs[0].clone()
        };
        let legs: Vec<_> = parts.iter().map(leg).collect();
        let quantity = legs.iter().map(|leg| leg.covers).sum();
        let facts = promised::ledger::reservation::Facts { legs, ..(*found.facts).clone() };
        Reservation { quantity, facts: Arc::new(facts), ..(**found).clone() }
    };
    let check = |after: &[(i64, i32)], before: &[(i64, i32)], want: bool| {
        assert_eq!(is_worse(&split(after), &split(before)), want, "{before:?} -> {after:?}");
    };
    check(&[(6, 5)], &[(2, 0), (4, 5)], true);
    check(&[(2, 0), (4, 5)], &[(6, 5)], false);
    check(&[(3, 0), (3, 5)], &[(2, 0), (4, 5)], false);
    check(&[(2, 0), (3, 5)], &[(2, 0), (4, 5)], true);
    check(&[(2, 0), (4, 6)], &[(2, 0), (4, 5)], true);
    check(&[(6, 0)], &[(6, -3)], false);
    check(&[], &[(1, 0)], true);
}

#[test]
fn a_comparison_adds_up() {
    for seed in 0..40 {
        let live = promised(seed, Kind::Capable);
        let run = run(&live, &Spec::default(), RunGoal::Sequence);
        let compared = compare::compare(&live, &run.world);
        assert_eq!(compared.before, compare::kpi(&live));
        assert_eq!(compared.after, compare::kpi(&run.world));
        assert_eq!(compared.pairs.len(), live.n_reservations());
        for dimension in compare::Grouping::ALL {
            let of = compared.groups.iter().filter(|group| group.dimension == dimension);
            let lines: u64 = of.clone().map(|group| group.after.lines).sum();
            assert_eq!(lines, compared.after.lines);
            let profit: promised::model::Money = of.map(|group| group.after.profit).sum();
            assert_eq!(profit, compared.after.profit);
        }
        let same = compared.pairs.iter().filter(|pair| pair.verdict == compare::Verdict::Same);
        assert!(same.clone().all(|pair| compared.why(pair).is_empty()));
        let differ = compared.pairs.iter().filter(|pair| pair.verdict != compare::Verdict::Same);
        assert!(differ.clone().all(|pair| !compared.why(pair).is_empty()), "seed {seed}");
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

/// Issue 25: an order desk asks for what was promised to its own orders, and since when.
#[test]
fn keys_by_their_beginning_and_instants_by_their_day() {
    use promised::ledger::reservation::Facts;
    let live = promised(0, Kind::Capable);
    let found = live.reservations_from(0).next().expect("something is promised");
    let at: jiff::Timestamp = "2026-11-23T08:30:00Z".parse().unwrap();
    let facts = Facts {
        order: "WEB-17".into(),
        line: "3".into(),
        created: at.as_microsecond(),
        ..(*found.facts).clone()
    };
    let found = Reservation { facts: Arc::new(facts), ..(**found).clone() };
    let check = |text: &str, want: bool| {
        let filter = Filter::parse(text).unwrap();
        assert_eq!(filter.fits(&live.snapshot, &found), want, "{text}");
    };
    check("order=WEB-*", true);
    check("order=WEB-17*", true);
    check("order=WEB-18*", false);
    check("order=SO*|WEB-1*", true);
    check("order!=WEB-*", false);
    check("order!=SO*", true);
    check("order=*", true);
    check("order=WEB-", false);
    check("created_at=2026-11-23", true);
    check("created_at!=2026-11-23", false);
    check("created_at>=2026-11-23", true);
    check("created_at<=2026-11-23", true);
    check("created_at>2026-11-23", false);
    check("created_at<2026-11-23", false);
    check("created_at>2026-11-22", true);
    check("created_at<2026-11-24", true);
    check("created_at=2026-11-23T08:30:00Z", true);
    check("created_at=2026-11-23T09:30:00+01:00", true);
    check("created_at>2026-11-23T08:30:00Z", false);
    check("created_at>2026-11-23T08:29:59.999999Z", true);
    let wrong = Filter::parse("created_at>noon").unwrap_err();
    assert!(wrong.contains("is not a date such as 2026-11-23, or an instant"), "{wrong}");
}
