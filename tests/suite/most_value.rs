//! `objective: most_value`: a search over sequences, held against the best that any sequence gives.

use crate::{
    backlog::promised,
    reference::{
        self, Row,
        spec::{Spec as Plain, Strategy as Word},
    },
    rpc::{Server, valves},
    support,
    worlds::{self, Dice, Kind},
};
use promised::{
    backlog::{self, AskedGroup, Fallback, Spec, Strategy, search},
    engine::backlog::{RunGoal, run},
    ledger::World as Live,
    model::Money,
    promising,
    rpc::proto,
};
use std::{sync::Arc, time::Duration};

/// Every order of so many things.
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

/// A world in which all want the same goods of the same place, at their own prices, and some do not wait.
fn contested(seed: u64) -> (reference::World, Vec<Row>) {
    let (world, mut orders) = worlds::world(seed, Kind::Stock);
    let dice = &mut Dice(seed ^ 0x9A1);
    for order in &mut orders {
        let mut set = |column: &str, text: String| drop(order.insert(column.to_string(), text));
        set("item", "A".into());
        set("location", "BER".into());
        set("unit_price", dice.roll(10, 90).to_string());
        set("requested_date", worlds::date(dice.roll(0, 4)));
        if dice.one_in(2) {
            set("latest_date", worlds::date(dice.roll(4, 9)));
        }
    }
    (world, orders)
}

/// The promises of some orders, in the order given.
fn promised_in_order(world: &reference::World, orders: &[Row]) -> Live {
    let mut live = Live::new(Arc::new(support::snapshot(world)));
    for request in support::requests(orders) {
        let query = request.resolve(&live.snapshot).unwrap();
        let promise = promising::plan(&live, &query);
        live = support::commit(live, &request, &promise);
    }
    live
}

/// What the naive reference earns in each sequence: with the one given, and at best.
fn naive(world: &reference::World, orders: &[Row]) -> (i64, i64) {
    let spec = |first: Vec<(String, String)>| Plain {
        filter: String::new(),
        sequence: "-age".to_string(),
        first,
        segments: Vec::new(),
        otherwise: Word::Redistribute,
        locked: Vec::new(),
        kept: Vec::new(),
        keep_losers: false,
    };
    let earned = |spec: Plain| -> (Vec<(String, String)>, i64) {
        let (rows, _) = reference::backlogs(world, orders, &[spec]).pop().unwrap();
        let keys = rows.iter().map(|row| (row.order.clone(), row.line.clone())).collect();
        (keys, rows.iter().map(|row| row.profit).sum())
    };
    let (lines, given) = earned(spec(Vec::new()));
    let mut best = given;
    permutations(lines.len(), &mut |order| {
        let first = order.iter().map(|at| lines[*at].clone()).collect();
        best = best.max(earned(spec(first)).1);
    });
    (given, best)
}

#[test]
fn small_cases_earn_what_the_best_sequence_earns() {
    let mut compared = 0;
    for seed in 0..60 {
        let (world, orders) = contested(seed);
        let live = promised_in_order(&world, &orders);
        if !(2..=4).contains(&live.n_reservations()) {
            continue;
        }
        let sequence = backlog::Sequence::parse("-age").unwrap();
        let spec = Spec { sequence, ..Spec::default() };
        // It has tried all sequences long before its time is over.
        let found = run(&live, &spec, RunGoal::MostValue(Duration::from_secs(600)));
        let (given, best) = naive(&world, &orders);
        assert_eq!((found.value.0.raw(), found.value.1.raw()), (given, best), "seed {seed}");
        let earned: Money = found.changed.iter().map(|line| line.after.facts.profit).sum();
        assert_eq!(found.value.1, earned, "seed {seed}: the gain that is told is there");
        assert_eq!(run(&live, &spec, RunGoal::Sequence).value, (found.value.0, found.value.0));
        compared += 1;
    }
    assert!(10 < compared, "{compared}");
}

/// More units than are tried in every order.
fn units(seed: u64) -> Option<(Live, Vec<AskedGroup>)> {
    let (world, orders) = contested(seed);
    let live = promised_in_order(&world, &orders);
    let sequence = backlog::Sequence::parse("-age").unwrap();
    let units = backlog::asked_groups(&live, &Spec { sequence, ..Spec::default() });
    (search::EXACT_MAX < units.len() && units.len() <= search::EXACT_MAX + 1)
        .then_some((live, units))
}

#[test]
fn the_search_comes_near_to_the_best_sequence() {
    let (mut best_gain, mut found_gain) = (0, 0);
    for (live, units) in (0..).filter_map(units).take(4) {
        let mut tries = 0;
        let found = search::search(&live, Fallback::Gain, &units, || {
            tries += 1;
            tries < 400
        });
        let mut best = found.given;
        permutations(units.len(), &mut |order| {
            let sequence: Vec<_> = order.iter().map(|at| units[*at].clone()).collect();
            best = best.max(search::value(&backlog::run::run(&live, Fallback::Gain, &sequence)));
        });
        assert!(found.given <= found.value && found.value <= best);
        best_gain += (best - found.given).raw();
        found_gain += (found.value - found.given).raw();
    }
    assert!(0 < best_gain, "there was nothing to gain");
    assert!(best_gain * 9 <= found_gain * 10, "{found_gain} of {best_gain}");
}

#[test]
fn a_search_leaves_strategies_in_their_order_and_the_first_in_their_places() {
    for seed in 0..20 {
        let live = promised(seed, Kind::Capable);
        let Some(one) = live.reservations_from(0).last() else { continue };
        let first = vec![(one.facts.order.as_ref().into(), one.facts.line.as_ref().into())];
        let spec = Spec { first, otherwise: Strategy::Gain, ..Spec::default() };
        let given = run(&live, &spec, RunGoal::Sequence);
        let found = run(&live, &spec, RunGoal::MostValue(Duration::from_millis(50)));
        assert!(given.value.0 == found.value.0 && found.value.0 <= found.value.1);
        let after = |run: &promised::engine::backlog::BacklogRun| {
            run.world.reservation(one.number).unwrap().facts.legs.clone()
        };
        // Nobody was served before it.
        assert_eq!(after(&found), after(&given), "seed {seed}");
        let is_worse = |line: &backlog::RunLine| backlog::run::is_worse(&line.after, &line.before);
        assert!(!found.changed.iter().any(is_worse), "seed {seed}: gain keeps its word");
    }
}

/// Two lines for two valves: the dear one takes no later date, so it is worth most to serve it first.
#[tokio::test]
async fn a_server_tells_what_the_sequence_given_earns_and_what_was_found() {
    let server = Server::tiny().await;
    let mut promises = server.promises();
    let line = |order: &str, unit_price: f64| proto::OrderLine {
        quantity: 2.0,
        unit_price: Some(unit_price),
        ..valves(order)
    };
    let dear = line("DEAR", 1_000.0);
    let dear = proto::OrderLine { latest_date: dear.requested_date.clone(), ..dear };
    for line in [dear, line("CHEAP", 50.0)] {
        let request = proto::PromiseRequest {
            request_id: line.order.clone(),
            lines: vec![line],
            commitment: proto::promise_request::Commitment::Confirm.into(),
            ..Default::default()
        };
        let told = promises.promise(request).await.unwrap().into_inner();
        assert_eq!(told.promises.len(), 1, "{told:?}");
    }
    let channel = server.channel.clone();
    let mut backlogs = proto::backlog_service_client::BacklogServiceClient::new(channel);
    let run = proto::RunBacklogRequest { sequence: "-age".into(), ..Default::default() };
    let given = backlogs.run(run.clone()).await.unwrap().into_inner();
    assert_eq!(given.value_given, given.value_found);
    let run = proto::RunBacklogRequest { most_value_seconds: 60, ..run };
    let found = backlogs.run(run).await.unwrap().into_inner();
    assert_eq!(found.value_given, given.value_found);
    assert_eq!(found.value_found - found.value_given, 2.0 * 1_000.0 - COST_OF_TWO_VALVES);
    let profit = |ran: &proto::RunBacklogResponse| {
        ran.compared.as_ref().unwrap().after.as_ref().unwrap().profit
    };
    assert_eq!((profit(&given), profit(&found)), (given.value_found, found.value_found));
    server.stop().await;
}

const COST_OF_TWO_VALVES: f64 = 40.0;
