//! Laws of planning, on random worlds: more time never hurts, and what is promised is there.

use crate::{
    reference::World,
    scenarios, support,
    worlds::{self, AS_OF, Kind},
};
use promised::{
    ledger::{View, World as Live, audit, consumption::Use, overlay::Overlay},
    model::{Consumption, Day, Posting, ProfileRef, Quantity},
    promising::{self, answer::LineStatus, request::DateType, request::Request},
    snapshot::Snapshot,
};
use std::sync::Arc;

/// Leaves out what makes a later day worse by itself: full houses, rules of single days, ship-froms that
/// may be used for some time only, forecasts, of which a later period may be used up.
fn patient(mut world: World) -> World {
    if let Some(rows) = world.tables.get_mut("demands") {
        rows.retain(|row| row.get("type").is_none_or(|kind| kind != "forecast"));
    }
    world.tables.retain(|_, rows| !rows.is_empty());
    for row in world.tables.get_mut("sourcing_rules").into_iter().flatten() {
        row.remove("effective_to");
    }
    for row in world.tables.get_mut("locations").into_iter().flatten() {
        row.remove("order_lines_per_day");
    }
    for row in world.tables.get_mut("atp_rules").into_iter().flatten() {
        if row.get("consumption").is_some_and(|consumption| consumption == "none") {
            row.remove("consumption");
        }
    }
    world
}

/// Whether a line is on time if it is to ship a number of days after `as_of`.
fn is_on_time(live: &Live, request: &Request, day: i64) -> bool {
    let mut request = request.clone();
    for line in &mut request.lines {
        line.requested = AS_OF.checked_add(jiff::Span::new().days(day)).unwrap();
        line.date_type = Some(DateType::Ship);
        (line.earliest, line.latest) = (None, None);
    }
    let query = request.resolve(&live.snapshot).expect("random orders name what exists");
    promising::plan(live, &query).lines[0].status == LineStatus::OnTime
}

#[test]
fn no_later_request_fails_where_an_earlier_one_would_succeed() {
    let mut compared = 0;
    for seed in 0..400 {
        let (world, orders) = worlds::world(seed, Kind::Capable);
        // Goods that are needed by the last days may ship beyond the horizon.
        let n_days = i64::from(world.horizon_days) - 5;
        let snapshot = Arc::new(support::snapshot(&patient(world)));
        let live = Live::new(snapshot);
        let first =
            |request: &Request| Request { lines: vec![request.lines[0].clone()], ..*request };
        for request in support::requests(&orders).iter().map(first) {
            let on_time: Vec<bool> =
                (0..n_days).map(|day| is_on_time(&live, &request, day)).collect();
            let first = on_time.iter().position(|&on_time| on_time).unwrap_or(on_time.len());
            let fails = on_time[first..].iter().position(|&on_time| !on_time);
            assert_eq!(fails, None, "seed {seed}, {}: {on_time:?}", request.lines[0].order);
            compared += on_time.len() - first;
        }
    }
    assert!(5_000 < compared, "only {compared} days were on time");
}

/// Two work definitions share X, of which 14 are there: the first takes 2 a unit and can make one a day, the
/// second takes 1 and can make 7 on d0. 3 by the first and 7 by the second are 10 by d2. With more time the
/// first would make 5 by d4 and leave the second 4 X: a search that lets each give what it can then fails.
#[test]
fn sources_do_not_starve_each_other_of_a_shared_component_when_there_is_more_time() {
    let scenario = scenarios::read(
        "
[items]
item
A
X
[resources]
resource | location | hours_per_day
R1 | HAM | 1
R2 | HAM | 0
[resource_capacity]
resource | date | hours
R2 | d0 | 7
[work_definitions]
work_definition | item | location | priority
W1 | A | HAM | 1
W2 | A | HAM | 2
[work_definition_operations]
work_definition | operation | resource | hours
W1 | 10 | R1 | 1
W2 | 10 | R2 | 1
[work_definition_components]
work_definition | component | quantity
W1 | X | 2
W2 | X | 1
[on_hand]
item | location | quantity
X | HAM | 14
[orders]
order | item | quantity | requested_date
O1 | A | 10 | d2
",
    );
    let live = Live::new(Arc::new(support::snapshot(&scenario.world)));
    let request = &support::requests(&scenario.orders)[0];
    let on_time: Vec<i64> = (0..20).filter(|&day| is_on_time(&live, request, day)).collect();
    assert_eq!(on_time, (2..20).collect::<Vec<_>>());
}

/// The balances of an account by the rule that admits (semantics 11): only `both` looks at balances.
fn balances(profile: ProfileRef<'_>, end: Day) -> Vec<Quantity> {
    let days = (0..end.0).map(Day);
    match profile {
        ProfileRef::Stock(stock) if stock.consumption == Consumption::Both => {
            days.map(|day| stock.balance(day)).collect()
        }
        ProfileRef::Stock(_) => Vec::new(),
        ProfileRef::Capacity(capacity) => days.map(|day| capacity.balance(day)).collect(),
    }
}

/// The days on which an account is below zero, and was not so low without the postings.
fn overdrawn(snapshot: &Snapshot, fresh: &Live, overlay: &Overlay<'_>, posting: Posting) -> bool {
    let end = snapshot.epoch().end();
    let before = balances(fresh.profile(posting.account), end);
    let after = balances(overlay.profile(posting.account), end);
    before.iter().zip(&after).any(|(before, after)| after < before && *after < Quantity::ZERO)
}

#[test]
fn all_postings_of_a_run_fit_a_fresh_world() {
    let (mut n_postings, mut n_used) = (0, 0);
    for seed in 0..300 {
        let (world, orders) = worlds::world(seed, Kind::Capable);
        let snapshot = Arc::new(support::snapshot(&world));
        let fresh = Live::new(Arc::clone(&snapshot));
        let mut replayed = Overlay::new(&fresh);
        let mut live = fresh.clone();
        for request in support::requests(&orders) {
            let query = request.resolve(&snapshot).expect("random orders name what exists");
            let promise = promising::plan(&live, &query);
            for (line, result) in query.lines().iter().zip(&promise.lines) {
                assert_eq!(result.beyond(line), None, "P1, seed {seed}: {}", line.order);
            }
            let options = promise.lines.iter().filter_map(|line| line.option.as_ref());
            let postings: Vec<Posting> =
                options.flat_map(|option| option.postings.iter().copied()).collect();
            postings.iter().for_each(|posting| replayed.post(*posting));
            n_postings += postings.len();
            // What is used up of a forecast is no balance.
            let balances = postings.into_iter().filter(|one| Use::of(one.account).is_none());
            for posting in balances {
                let name = snapshot.account_name(posting.account);
                let is_overdrawn = overdrawn(&snapshot, &fresh, &replayed, posting);
                assert!(!is_overdrawn, "seed {seed}, {}: {name}", request.lines[0].order);
            }
            live = support::commit(live, &request, &promise);
        }
        assert_eq!(audit::broken(&live), [] as [String; 0], "seed {seed}");
        // F1: a view that has lost what is used up of forecasts is found.
        live.view = View::default();
        n_used += audit::misused(&live).len();
    }
    assert!(2_000 < n_postings, "only {n_postings} postings");
    assert!(0 < n_used, "no forecast is used up");
}
