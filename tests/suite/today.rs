//! Issue 17 item 2, *Today* (semantics 12.3): the later of `as_of`, the day of `ordered_at` and, with `serve --today clock`,
//! the engine's day at the ship-from.

use crate::{
    engine_support::{Hands, Shared},
    reference::World,
    scenarios, support,
};
use jiff::Timestamp;
use promised::{
    backlog::Spec,
    engine::{
        AmendCommand, Commitment, Completeness, Config, Engine, Faulty, PromiseCommand,
        RequestTurn, Today,
        backlog::{RunGoal, run},
        scenarios::ScenarioBase,
    },
    model::Quantity,
    promising::{
        self,
        patience::Patience,
        request::{OrderLine, Remedies, Request},
    },
};
use std::sync::Arc;

/// HAM ships until noon, in Berlin; its goods are bought in 2 days.
fn world() -> World {
    scenarios::read(
        "
[items]
item
PUMP
BODY

[locations]
location | cutoff_time | time_zone
HAM | 12:00 | Europe/Berlin

[suppliers]
supplier
V

[item_suppliers]
item | supplier | location | lead_time_days
BODY | V | HAM | 2

[on_hand]
item | location | quantity
PUMP | HAM | 100
",
    )
    .world
}

fn engine(today: Today, now: Timestamp) -> Engine {
    let hands = Hands::default();
    hands.set(now.as_second() - Hands::at(0).as_second());
    let config = Config { today, ..hands.config() };
    let snapshot = Arc::new(support::snapshot(&world()));
    Engine::start(snapshot, Box::new(Shared::default()), config).expect("it starts")
}

fn line(item: &str, ordered_at: Option<&str>) -> OrderLine {
    let date = "2026-11-23".parse().expect("a date");
    let line = OrderLine::new("O", item, Quantity::units(1), date);
    OrderLine { ordered_at: ordered_at.map(|at| at.parse().expect("a time")), ..line }
}

fn request(line: OrderLine) -> Request {
    let remedies = Remedies::None;
    Request { lines: vec![line], objective: None, alternatives: 0, remedies, now: None }
}

fn command(request_id: &str, line: OrderLine) -> PromiseCommand {
    PromiseCommand {
        request_id: request_id.into(),
        request: request(line),
        commitment: Commitment::Confirm,
        completeness: Completeness::BestEffort,
        faulty: Faulty::Refuse,
        turn: RequestTurn::Any,
        force: None,
        deadline: None,
    }
}

/// When it ships by a check, and by a promise.
fn ships(today: Today, now: &str, line: OrderLine) -> String {
    let now: Timestamp = now.parse().expect("a time");
    let engine = engine(today, now);
    let world = engine.pin();
    let asked = engine.dated(request(line.clone()));
    let query = asked.resolve(&world.snapshot).expect("it resolves");
    let checked = promising::plan(&world, &query);
    let promised = engine.promise(command("R", line)).wait().expect("it is promised");
    let ship = |promise: &promising::answer::Promise| {
        let option = promise.lines[0].option.as_ref().expect("it is promised");
        world.snapshot.epoch().date(option.legs[0].ship).to_string()
    };
    let (checked, promised) = (ship(&checked), ship(&promised.promise));
    assert_eq!(checked, promised);
    let kept = engine.pin();
    let kept = kept.reservations_from(0).next().expect("it is kept");
    let terms = kept.facts.terms.as_str().replace('\u{1e}', " ");
    engine.stop();
    format!("{checked} {terms}").trim_end().to_string()
}

#[test]
fn by_default_today_is_as_of_whatever_the_clock_shows() {
    let now = "2026-11-26T14:00:00Z";
    assert_eq!(ships(Today::AsOf, now, line("PUMP", None)), "2026-11-23");
    assert_eq!(ships(Today::AsOf, now, line("BODY", None)), "2026-11-25");
}

#[test]
fn by_the_clock_a_line_is_ordered_now_cut_offs_included_and_its_promise_says_so() {
    let ordered = |at: &str| format!("ordered_at={at}");
    // 11:00 in Berlin makes the day, 14:00 the next one.
    let (early, late) = ("2026-11-26T10:00:00Z", "2026-11-26T13:00:00Z");
    assert_eq!(
        ships(Today::Clock, early, line("PUMP", None)),
        format!("2026-11-26 {}", ordered(early))
    );
    assert_eq!(
        ships(Today::Clock, late, line("PUMP", None)),
        format!("2026-11-27 {}", ordered(late))
    );
    // Bought from now on.
    assert_eq!(
        ships(Today::Clock, early, line("BODY", None)),
        format!("2026-11-28 {}", ordered(early))
    );
    // The engine's day at the ship-from: just after midnight there.
    let night = "2026-11-26T23:30:00Z";
    assert_eq!(
        ships(Today::Clock, night, line("PUMP", None)),
        format!("2026-11-27 {}", ordered(night))
    );
}

#[test]
fn what_says_when_it_was_ordered_goes_by_that_but_never_starts_before_now() {
    let (now, ordered) = ("2026-11-26T10:00:00Z", "2026-11-25T15:00:00Z");
    let told = format!("2026-11-26 ordered_at={ordered}");
    assert_eq!(ships(Today::Clock, now, line("PUMP", Some(ordered))), told);
    // A clock that is behind the snapshot changes nothing.
    assert_eq!(
        ships(Today::Clock, "2026-11-20T10:00:00Z", line("PUMP", None)),
        "2026-11-23 ordered_at=2026-11-20T10:00:00Z"
    );
}

#[test]
fn answers_say_by_which_instant_today_went_and_say_it_again() {
    let now: Timestamp = "2026-11-26T10:00:00Z".parse().expect("a time");
    let engine = engine(Today::Clock, now);
    let first = engine.promise(command("R", line("PUMP", None))).wait().expect("it is promised");
    assert_eq!(first.promise.now, Some(now));
    let again = engine.promise(command("R", line("PUMP", None))).wait().expect("it is told again");
    assert_eq!(again.promise.now, Some(now));
    assert_eq!(again.reservations, first.reservations);
    engine.stop();
}

#[test]
fn in_a_scenario_nothing_starts_before_now_either() {
    let now: Timestamp = "2026-11-26T10:00:00Z".parse().expect("a time");
    let engine = engine(Today::Clock, now);
    let live = engine.pin();
    let made = engine.scenarios().create("", ScenarioBase::Live(&live), 60, engine.now());
    let id = made.expect("there is room").id.clone();
    let patience = Patience::endless();
    let promised = engine.promise_in(&id, command("", line("BODY", None)), &patience);
    let promised = promised.expect("it is waited for").wait().expect("it is promised");
    let ship = |reservation: &promised::ledger::Reservation| {
        live.snapshot.epoch().date(reservation.facts.legs[0].ship).to_string()
    };
    let kept = promised.reservations[0].as_ref().expect("it is kept");
    assert_eq!(ship(kept), "2026-11-28", "two days from now");
    let amend = AmendCommand {
        request_id: String::new(),
        number: kept.number,
        line: line("BODY", Some("2026-11-20T10:00:00Z")),
        objective: None,
        force: None,
        deadline: None,
    };
    let amended = engine.amend_in(&id, amend, &patience).expect("it is waited for");
    assert_eq!(ship(&amended.wait().expect("it is amended").reservation), "2026-11-28");
    engine.stop();
}

/// A line that was ordered, and promised, before now: promised again in a run it is bought from now on.
#[test]
fn a_backlog_run_starts_nothing_before_now() {
    let (before, now) = ("2026-11-23T08:00:00Z", "2026-11-26T10:00:00Z");
    let engine = engine(Today::AsOf, before.parse().expect("a time"));
    let asked = command("R", line("BODY", Some(before)));
    drop(engine.promise(asked).wait().expect("it is promised"));
    let live = engine.pin();
    let ships = |now: Option<&str>| {
        let now = now.map(|at| at.parse().expect("a time"));
        let run = run(&live, &Spec { now, ..Spec::default() }, RunGoal::Sequence);
        let kept = run.world.reservations_from(0).next().expect("it is kept");
        live.snapshot.epoch().date(kept.facts.legs[0].ship).to_string()
    };
    assert_eq!(ships(None), "2026-11-25");
    assert_eq!(ships(Some(now)), "2026-11-28");
    engine.stop();
}
