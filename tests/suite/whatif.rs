//! What-if worlds beside a running engine: live is never touched, what is applied is what was seen, and it
//! is there again after a restart.

use crate::{
    change_random,
    engine_support::{Hands, cancel},
    lives, support,
    worlds::{self, Dice, Kind},
};
use promised::{
    backlog::{Spec, Strategy},
    change::Change,
    engine::{
        AmendCommand, CancelCommand, Commitment, Completeness, Config, Engine, Error,
        FulfilCommand, PromiseCommand, ReopenCommand, Which,
        apply::IfMovedOn,
        backlog::{RunGoal, run},
        scenarios::{Missing, Phase, ScenarioBase, ScenarioStep},
        within::Reprioritised,
    },
    journal::{Journal, Local, Memory},
    ledger::{State, Unfit, World, audit, digest, refresh::Refresh},
    limits::SCENARIOS_MAX,
    model::Quantity,
    promising::patience::Patience,
    promising::request::{OrderLine, Remedies, Request},
    snapshot::Snapshot,
};
use std::{path::Path, sync::Arc};

fn start(snapshot: &Arc<Snapshot>, journal: Box<dyn Journal>, hands: &Hands) -> Engine {
    Engine::start(Arc::clone(snapshot), journal, hands.config()).unwrap()
}

fn command(request_id: &str, request: &Request) -> PromiseCommand {
    PromiseCommand {
        request_id: request_id.to_string(),
        request: request.clone(),
        commitment: Commitment::Confirm,
        completeness: Completeness::BestEffort,
        faulty: Default::default(),
        turn: Default::default(),
        force: None,
        deadline: None,
    }
}

/// A random world with its orders promised live, and changes that can be made to it.
fn promised(seed: u64, journal: Box<dyn Journal>) -> (Engine, Vec<Request>, Vec<Change>) {
    let (world, orders) = worlds::world(seed, Kind::Capable);
    let snapshot = Arc::new(support::snapshot(&world));
    let engine = start(&snapshot, journal, &Hands::default());
    let requests = support::requests(&orders);
    for (at, request) in requests.iter().enumerate() {
        engine.promise(command(&format!("live {at}"), request)).wait().unwrap();
    }
    let mut dice = Dice(seed ^ 0xC4A);
    let mut tables = world.tables.clone();
    let rolled = (0..6).filter_map(|n| {
        let cells = change_random::roll(&mut dice, &mut tables, world.horizon_days.into(), n)?;
        Some(change_random::change(&cells))
    });
    // One by one: several may speak of the same thing.
    let changes: Vec<_> = rolled.collect();
    (engine, requests, changes)
}

fn create(engine: &Engine) -> String {
    let live = engine.pin();
    let made = engine.scenarios().create("", ScenarioBase::Live(&live), 60, engine.now());
    made.unwrap().id.clone()
}

fn world_of(engine: &Engine, id: &str) -> World {
    engine.scenarios().get(id, engine.now()).unwrap().world.clone()
}

fn run_in(engine: &Engine, id: &str, spec: Spec) {
    let before = engine.scenarios().open(id, engine.now()).unwrap();
    let ran = run(&before.world, &spec, RunGoal::Sequence);
    let step = ScenarioStep::Run(Box::new(spec), RunGoal::Sequence);
    engine.scenarios().swap(&before, before.after(step, ran.world)).unwrap();
}

fn missing(error: Error) -> Missing {
    match error {
        Error::Scenario { missing, .. } => missing,
        other => panic!("{other:?}"),
    }
}

/// Does something at random to one of some scenarios.
fn poke(
    engine: &Engine,
    ids: &mut Vec<String>,
    requests: &[Request],
    change: &Change,
    dice: &mut Dice,
) {
    let at = usize::try_from(dice.roll(0, ids.len() as i64 - 1)).unwrap();
    let id = ids[at].clone();
    let numbers: Vec<u64> =
        world_of(engine, &id).reservations_from(0).map(|found| found.number).collect();
    let number = numbers.get(usize::try_from(dice.roll(0, 9)).unwrap()).copied().unwrap_or(1);
    let request = &requests[usize::try_from(dice.roll(0, requests.len() as i64 - 1)).unwrap()];
    match dice.roll(0, 8) {
        0 => ids.push(create(engine)),
        1 => {
            let from = ScenarioBase::Scenario(&id);
            let made = engine.scenarios().create("", from, 60, engine.now()).unwrap();
            ids.push(made.id.clone());
        }
        2 => drop(engine.change_in(&id, std::slice::from_ref(change), &[])),
        3 => {
            let mut more = request.clone();
            for line in &mut more.lines {
                line.order = format!("{} again", line.order);
            }
            engine
                .promise_in(&id, command("x", &more), &Patience::endless())
                .unwrap()
                .wait()
                .unwrap();
        }
        4 => {
            let cancel =
                CancelCommand { request_id: String::new(), number, quantity: None, deadline: None };
            drop(engine.cancel_in(&id, cancel).wait());
        }
        5 => {
            let line = OrderLine { quantity: Quantity::units(1), ..request.lines[0].clone() };
            let amend = AmendCommand {
                request_id: String::new(),
                number,
                line,
                objective: None,
                force: None,
                deadline: None,
            };
            drop(engine.amend_in(&id, amend, &Patience::endless()).unwrap().wait());
        }
        6 => {
            let (order, line, priority) = (request.lines[0].order.clone(), None, Some(1));
            drop(engine.change_in(&id, &[], &[Reprioritised { order, line, priority }]));
        }
        7 => run_in(engine, &id, Spec::default()),
        _ if 1 < ids.len() => {
            engine.scenarios().discard(&id, engine.now()).unwrap();
            ids.remove(at);
        }
        _ => (),
    }
    for id in ids {
        assert_eq!(audit::divergences(&world_of(engine, id)), []);
    }
}

#[test]
fn nothing_that_is_done_in_scenarios_touches_live() {
    for seed in 0..25 {
        let (engine, requests, changes) = promised(seed, Box::new(Memory::default()));
        let live = digest::of(&engine.pin());
        let mut ids = vec![create(&engine)];
        let dice = &mut Dice(seed ^ 0x11FE);
        for _ in 0..12 {
            let Some(change) = changes.get(usize::try_from(dice.roll(0, 5)).unwrap()) else {
                continue;
            };
            poke(&engine, &mut ids, &requests, change, dice);
            assert_eq!(digest::of(&engine.pin()), live, "seed {seed}");
        }
        engine.stop();
    }
}

/// What is promised and what is left, whatever the position.
fn state(world: &World) -> String {
    let plain = |found: &Arc<promised::ledger::Reservation>| {
        format!(
            "{} {:?} {} {:?} {:?} {}\n",
            found.number,
            found.state,
            found.quantity,
            found.postings,
            found.facts.legs,
            found.at_risk
        )
    };
    let promises: String = world.reservations_from(0).map(plain).collect();
    let effect: Vec<_> = digest::effect(world).collect();
    format!("{:x}\n{promises}{effect:?}", world.snapshot.changes())
}

/// A change frees the rest of a lot whose promise has ended: that takes no step of it when it is made live.
#[test]
fn what_a_change_frees_of_an_ended_promise_is_withdrawn_where_it_is_applied() {
    let tables = lives::tables(
        "items: item; A; C
         locations: location; F
         on_hand: item,location,quantity; C,F,30
         work_definitions: work_definition,item,location,fixed_days,lot_multiple; WA,A,F,1,10
         work_definition_components: work_definition,component,quantity; WA,C,1",
    );
    let snapshot = Arc::new(lives::snapshot("S1", "2026-11-23", "", &tables));
    let engine = start(&snapshot, Box::new(Memory::default()), &Hands::default());
    let promise = |order: &str, quantity: i64, date: &str| {
        let line = OrderLine::new(order, "A", Quantity::units(quantity), date.parse().unwrap());
        let (objective, alternatives, remedies, now) = (None, 0, Remedies::None, None);
        let request = Request { lines: vec![line], objective, alternatives, remedies, now };
        engine.promise(command(order, &request)).wait().unwrap();
    };
    promise("M1", 3, "2026-12-05");
    promise("M2", 7, "2026-12-07");
    engine.cancel(cancel("ends", 1, None)).wait().unwrap();
    let left = |world: &World| world.reservation(1).unwrap().postings.len();
    assert!(0 < left(&engine.pin()), "M2 counts on the lot of M1");
    let id = create(&engine);
    let comes = lives::changes(
        "supply_added supply=W9 type=in_transit item=A location=F date=2026-12-06 quantity=7",
    );
    engine.change_in(&id, &comes, &[]).unwrap();
    assert_eq!(left(&world_of(&engine, &id)), 0);
    engine.apply(&id, "apply", (None, IfMovedOn::Tell)).unwrap().unwrap();
    assert_eq!(left(&engine.pin()), 0);
    engine.stop();
}

#[test]
fn what_is_applied_is_what_was_seen_and_survives_a_restart() {
    for seed in 0..15 {
        let dir = tempfile::tempdir().unwrap();
        let open = |dir: &Path| Box::new(Local::open(dir).unwrap().0);
        let (engine, requests, changes) = promised(seed, open(dir.path()));
        let id = create(&engine);
        // Two lists that may speak of the same thing: each is made, in its order.
        let made = changes
            .iter()
            .take(2)
            .filter(|one| engine.change_in(&id, std::slice::from_ref(one), &[]).is_ok());
        let n_made = made.count();
        let mut more = requests[0].clone();
        more.lines.iter_mut().for_each(|line| line.order = "NEW".into());
        engine.promise_in(&id, command("", &more), &Patience::endless()).unwrap().wait().unwrap();
        run_in(&engine, &id, Spec::default());
        let seen = world_of(&engine, &id);
        let position = engine.apply(&id, "apply", (None, IfMovedOn::Tell)).unwrap().unwrap();
        let live = engine.pin();
        let lists = n_made <= 1;
        if lists {
            assert_eq!(state(&live), state(&seen), "seed {seed}");
        } else {
            let cut = |text: String| text.split_once('\n').unwrap().1.to_string();
            assert_eq!(cut(state(&live)), cut(state(&seen)), "seed {seed}");
        }
        assert_eq!(audit::divergences(&live), []);
        // It is final: the same request hears the same, another one is refused.
        assert_eq!(engine.apply(&id, "apply", (None, IfMovedOn::Tell)).unwrap().unwrap(), position);
        let again = engine.apply(&id, "another", (None, IfMovedOn::DoAgain)).unwrap_err();
        assert_eq!(missing(again), Missing::Applied(position));
        let changed =
            changes.first().map(|one| engine.change_in(&id, std::slice::from_ref(one), &[]));
        assert!(
            changed
                .is_none_or(|changed| missing(changed.unwrap_err()) == Missing::Applied(position))
        );
        assert_eq!(digest::of(&engine.pin()), digest::of(&live));
        engine.stop();
        let digest = digest::of(&live);
        let (world, _) = worlds::world(seed, Kind::Capable);
        drop((engine, live, seen));
        let snapshot = Arc::new(support::snapshot(&world));
        let engine = start(&snapshot, open(dir.path()), &Hands::default());
        assert_eq!(digest::of(&engine.pin()), digest, "seed {seed}: replayed");
        engine.stop();
    }
}

/// Issue 16 item 2: what has shipped in a scenario, and what has come back in it, is so on live and after a restart.
#[test]
fn shipments_that_were_applied_are_there_after_a_restart() {
    let mut n_parts = 0;
    for seed in 0..15 {
        let dir = tempfile::tempdir().unwrap();
        let open = |dir: &Path| Box::new(Local::open(dir).unwrap().0);
        let (engine, ..) = promised(seed, open(dir.path()));
        let world = engine.pin();
        let live = world.reservations_from(0).filter(|one| one.state == State::Confirmed);
        let numbers: Vec<u64> = live.take(3).map(|one| one.number).collect();
        let &[back, whole, part] = &numbers[..] else { continue };
        let ship = |number, quantity| FulfilCommand {
            request_id: String::new(),
            which: Which::Number(number),
            quantity,
            shipped_at: None,
            deadline: None,
        };
        engine.fulfil(ship(back, None)).wait().unwrap();
        let id = create(&engine);
        let reopen = ReopenCommand { request_id: String::new(), number: back, deadline: None };
        engine.reopen_in(&id, &reopen).wait().unwrap();
        engine.fulfil_in(&id, &ship(whole, None)).wait().unwrap();
        // Where it may be parted.
        let parted = engine.fulfil_in(&id, &ship(part, Some(Quantity::units(1)))).wait();
        n_parts += usize::from(parted.is_ok_and(|parted| parted.rest.is_some()));
        let seen = world_of(&engine, &id);
        engine.apply(&id, "apply", (None, IfMovedOn::Tell)).unwrap().unwrap();
        let live = engine.pin();
        assert_eq!(state(&live), state(&seen), "seed {seed}");
        let states = |world: &World| [back, whole].map(|one| world.reservation(one).unwrap().state);
        assert_eq!(states(&live), [State::Confirmed, State::Fulfilled]);
        assert_eq!(audit::divergences(&live), []);
        engine.stop();
        let digest = digest::of(&live);
        drop((engine, live, seen, world));
        let (tables, _) = worlds::world(seed, Kind::Capable);
        let snapshot = Arc::new(support::snapshot(&tables));
        let engine = start(&snapshot, open(dir.path()), &Hands::default());
        assert_eq!(digest::of(&engine.pin()), digest, "seed {seed}: replayed");
        // What has shipped can still come back, and what came back ship again.
        let reopen = ReopenCommand { number: whole, ..reopen };
        engine.reopen(reopen).wait().unwrap();
        engine.fulfil(ship(back, None)).wait().unwrap();
        assert_eq!(audit::divergences(&engine.pin()), []);
        engine.stop();
    }
    assert!(0 < n_parts, "some ship in part");
}

/// Issue 18 item 4: who has gone is not worked for; the scenario is as it was.
#[test]
fn what_is_done_again_for_nobody_stops() {
    let (engine, requests, _) = promised(3, Box::new(Memory::default()));
    let id = create(&engine);
    run_in(&engine, &id, Spec::default());
    engine.promise(command("more", &requests[0])).wait().unwrap();
    let before = engine.scenarios().get(&id, engine.now()).unwrap();
    let (patience, waiting) = Patience::until_dropped();
    drop(waiting);
    let gone = engine.redo(&id, &patience).unwrap_err();
    assert!(matches!(gone, Error::DeadlineExceeded), "{gone:?}");
    assert!(Arc::ptr_eq(&before, &engine.scenarios().get(&id, engine.now()).unwrap()));
    engine.redo(&id, &Patience::endless()).unwrap();
    engine.stop();
}

#[test]
fn an_earlier_position_is_as_it_was() {
    let (engine, requests, _) = promised(3, Box::new(Memory::default()));
    let live = engine.pin();
    assert!(2 < live.position);
    let other = Engine::start(
        Arc::clone(&live.snapshot),
        Box::new(Memory::default()),
        Hands::default().config(),
    )
    .unwrap();
    for (at, request) in requests.iter().enumerate() {
        other.promise(command(&format!("live {at}"), request)).wait().unwrap();
        if other.pin().position == live.position - 1 {
            break;
        }
    }
    let earlier = engine.world_at(live.position - 1).unwrap();
    assert_eq!(digest::of(&earlier), digest::of(&other.pin()));
    assert_eq!(digest::of(&engine.world_at(live.position).unwrap()), digest::of(&live));
    let beyond = engine.world_at(live.position + 1).unwrap_err();
    assert_eq!(missing(beyond), Missing::NotKept { first: 0, last: live.position });
    engine.stop();
    other.stop();
}

#[test]
fn where_live_moves_on_it_is_told_or_done_again() {
    let (engine, requests, _) = promised(5, Box::new(Memory::default()));
    let id = create(&engine);
    let lose = Spec { otherwise: Strategy::Lose, ..Spec::default() };
    run_in(&engine, &id, lose);
    let number = engine.pin().reservations_from(0).next().unwrap().number;
    let cancel = CancelCommand { request_id: "c".into(), number, quantity: None, deadline: None };
    engine.cancel(cancel).wait().unwrap();
    let before = digest::of(&engine.pin());
    let told = engine.apply(&id, "1", (None, IfMovedOn::Tell)).unwrap();
    assert_eq!(told, Err(Unfit::MovedOn(vec![number])));
    assert_eq!(digest::of(&engine.pin()), before, "nothing is done by halves");
    engine.apply(&id, "2", (None, IfMovedOn::DoAgain)).unwrap().unwrap();
    let live = engine.pin();
    assert!(live.reservations_from(0).all(|found| found.quantity == Quantity::ZERO));
    // Orders of a scenario's own cannot be promised again without being asked for again.
    let id = create(&engine);
    let mut more = requests[0].clone();
    more.lines.iter_mut().for_each(|line| line.order = "NEW".into());
    engine.promise_in(&id, command("", &more), &Patience::endless()).unwrap().wait().unwrap();
    assert_eq!(missing(engine.redo(&id, &Patience::endless()).unwrap_err()), Missing::HasOrders);
    engine.stop();
}

#[test]
fn scenarios_end_and_there_are_only_so_many() {
    let (world, _) = worlds::world(1, Kind::Stock);
    let (snapshot, hands) = (Arc::new(support::snapshot(&world)), Hands::default());
    let engine = start(&snapshot, Box::new(Memory::default()), &hands);
    let id = create(&engine);
    hands.set(59);
    assert!(engine.change_in(&id, &[], &[]).is_ok());
    hands.set(60);
    assert_eq!(missing(engine.change_in(&id, &[], &[]).unwrap_err()), Missing::Expired);
    assert_eq!(
        missing(engine.apply(&id, "", (None, IfMovedOn::Tell)).unwrap_err()),
        Missing::Expired
    );
    assert!(engine.scenarios().list(engine.now()).is_empty());
    assert_eq!(missing(engine.change_in(&id, &[], &[]).unwrap_err()), Missing::Expired);
    assert_eq!(missing(engine.change_in("S99", &[], &[]).unwrap_err()), Missing::Unknown);
    for _ in 0..SCENARIOS_MAX {
        create(&engine);
    }
    let one_more = engine
        .scenarios()
        .create("", ScenarioBase::Live(&engine.pin()), 60, engine.now())
        .unwrap_err();
    assert_eq!(one_more, Missing::TooMany);
    engine.stop();
}

#[test]
fn scenarios_hold_so_much_memory_and_no_more() {
    let (world, _) = worlds::world(3, Kind::Capable);
    let snapshot = Arc::new(support::snapshot(&world));
    let at_most = 60_000;
    let config = Config { scenario_bytes_at_most: at_most, ..Hands::default().config() };
    let engine = Engine::start(snapshot, Box::new(Memory::default()), config).unwrap();
    let held = || engine.scenarios().memory().bytes;
    let sum = || engine.scenarios().list(engine.now()).iter().map(|one| one.bytes()).sum::<u64>();
    assert_eq!(held(), 0);
    let (id, other) = (create(&engine), create(&engine));
    let at_first = held();
    assert!(0 < at_first && at_first < 10_000, "two that do nothing yet: {at_first}");
    let change = |n: usize| {
        let cells = [("change", "on_hand_set"), ("item", "A"), ("location", "BER")];
        let mut cells: Vec<_> = cells.map(|(name, text)| (name, text.to_string())).into();
        cells.push(("quantity", n.to_string()));
        engine.change_in(&id, &[change_random::change(&cells)], &[])
    };
    let mut before = held();
    let refused = (0..10_000).find_map(|n| {
        let refused = change(n).err();
        assert!(held() == sum() && before <= held() && held() <= at_most, "{n}: {}", held());
        before = held();
        refused.map(|refused| (n, missing(refused)))
    });
    let Some((n, Missing::TooLarge { would_hold, at_most: told })) = refused else {
        panic!("there is no room for ten thousand: {refused:?}");
    };
    assert!(0 < n && at_most < would_hold && told == at_most, "{n} {would_hold}");
    // Nothing was done by halves, and what takes nothing more is still done.
    let after = engine.scenarios().get(&id, engine.now()).unwrap();
    assert_eq!((after.steps().count(), audit::divergences(&after.world)), (n, vec![]));
    engine.scenarios().swap(&after, after.in_phase(Phase::Applying)).unwrap();
    for id in [&id, &other] {
        engine.scenarios().discard(id, engine.now()).unwrap();
    }
    assert_eq!(held(), 0, "what is gone holds nothing");
    create(&engine);
    engine.stop();
}

#[test]
fn a_scenario_that_outlives_a_snapshot_is_charged_for_it() {
    let (world, _) = worlds::world(3, Kind::Capable);
    let (snapshot, other) = (support::snapshot(&world), support::snapshot(&world));
    let bytes = snapshot.bytes();
    let engine = start(&Arc::new(snapshot), Box::new(Memory::default()), &Hands::default());
    let ids = [create(&engine), create(&engine)];
    let before = engine.scenarios().memory().bytes;
    let refresh = Refresh::begin(&engine.pin(), Arc::new(other)).unwrap();
    engine.swap(Box::new(refresh), None).wait().unwrap();
    // Once, however many were taken from it.
    assert_eq!(engine.scenarios().memory().bytes, before + bytes);
    for id in &ids {
        engine.scenarios().discard(id, engine.now()).unwrap();
    }
    assert_eq!(engine.scenarios().memory().bytes, 0);
    engine.stop();
}

#[test]
fn two_that_change_one_scenario_both_do() {
    let (engine, requests, _) = promised(2, Box::new(Memory::default()));
    let id = create(&engine);
    let n_before = world_of(&engine, &id).n_reservations();
    let lines = |order: String| {
        let mut more = requests[0].clone();
        more.lines.truncate(1);
        more.lines[0].order = order;
        more
    };
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (engine, id) = (&engine, &id);
            scope.spawn(move || {
                for n in 0..10 {
                    let request = lines(format!("T{thread}-{n}"));
                    engine
                        .promise_in(id, command("", &request), &Patience::endless())
                        .unwrap()
                        .wait()
                        .unwrap();
                }
            });
        }
    });
    let after = world_of(&engine, &id);
    let added =
        after.reservations_from(0).filter(|found| found.facts.order.starts_with('T')).count();
    assert_eq!(after.n_reservations(), n_before + added);
    assert_eq!(after.position, engine.pin().position + added as u64);
    // A run that somebody overtook is not kept.
    let before = engine.scenarios().open(&id, engine.now()).unwrap();
    engine
        .promise_in(&id, command("", &lines("LAST".into())), &Patience::endless())
        .unwrap()
        .wait()
        .unwrap();
    let late = before.after(ScenarioStep::Orders, before.world.clone());
    assert_eq!(engine.scenarios().swap(&before, late).unwrap_err(), Missing::Busy);
    engine.stop();
}

mod revert {
    //! Issue 16, item 11: what an applied scenario or run changed goes back, in one entry, or not at all.

    use super::super::engine_support::{cancel, command, fresh, start};
    use promised::{
        change::Change,
        engine::{
            Engine, Error,
            apply::{ApplyAs, IfMovedOn},
            body,
            scenarios::ScenarioBase,
        },
        ledger::{Unfit, audit, digest},
        model::Quantity,
    };

    fn on_hand(quantity: &str) -> Change {
        let cells = [("item", "PUMP"), ("location", "BER"), ("quantity", quantity)];
        let cell =
            |name: &str| cells.iter().find(|(other, _)| *other == name).map(|(_, text)| *text);
        Change::read(0, "on_hand_adjusted", cell).unwrap()
    }

    /// A scenario in which there are more pumps and P1 has one motor less, applied; the position of its entry.
    fn applied(engine: &Engine) -> u64 {
        let live = engine.pin();
        let made =
            engine.scenarios().create("s", ScenarioBase::Live(&live), 60, engine.now()).unwrap();
        engine.change_in(&made.id, &[on_hand("7")], &[]).unwrap();
        engine.cancel_in(&made.id, cancel("", 1, Some(1))).wait().unwrap();
        let mut more = command("", &[("PUMP", 1)]);
        more.request.lines[0].order = "NEW".to_string();
        engine
            .promise_in(&made.id, more, &promised::promising::patience::Patience::endless())
            .unwrap()
            .wait()
            .unwrap();
        engine.apply(&made.id, "apply", (None, IfMovedOn::Tell)).unwrap().unwrap()
    }

    fn revert(engine: &Engine, id: &str, position: u64) -> Result<Result<u64, Unfit>, Error> {
        let asked = ApplyAs { request_id: id, digest: body::revert(position), told: None };
        engine.revert(position, &asked)
    }

    fn pumps(engine: &Engine) -> Quantity {
        let world = engine.pin();
        let snapshot = &world.snapshot;
        let item = snapshot.items.names.get("PUMP").unwrap();
        let place = snapshot.locations.names.get("BER").unwrap();
        world.profile(snapshot.stock(item, place)).available(promised::model::Day(0))
    }

    #[test]
    fn what_was_applied_goes_back_to_how_it_was_and_survives_a_restart() {
        let (engine, hands, journal) = fresh();
        engine.promise(command("a", &[("MOTOR", 2)])).wait().unwrap();
        let before = pumps(&engine);
        let position = applied(&engine);
        let quantity = |engine: &Engine| engine.pin().reservation(1).unwrap().quantity;
        assert_eq!((quantity(&engine), engine.pin().n_changes()), (Quantity::units(1), 1));
        // Later changes of planning data stay.
        let change = promised::engine::NetCommand {
            request_id: String::new(),
            changes: vec![on_hand("1")],
            source: None,
            known_at: None,
            position: None,
            after: None,
            deadline: None,
        };
        engine.change(change).wait().unwrap();
        let back = revert(&engine, "back", position).unwrap().unwrap();
        assert_eq!(back, engine.pin().position);
        assert_eq!((quantity(&engine), engine.pin().n_changes()), (Quantity::units(2), 1));
        assert_eq!(pumps(&engine), before + Quantity::units(1));
        let gone = engine.pin().reservation(2).unwrap().state;
        assert_eq!(gone.to_string(), "cancelled", "what it had promised ends");
        assert_eq!(audit::divergences(&engine.pin()), []);
        assert_eq!(revert(&engine, "back", position).unwrap(), Ok(back), "done once");
        let live = digest::of(&engine.pin());
        engine.stop();
        let engine = start(&journal, &hands);
        assert_eq!(digest::of(&engine.pin()), live);
        assert_eq!(revert(&engine, "back", position).unwrap(), Ok(back));
        // The other way round it would have to be applied first.
        assert_eq!(revert(&engine, "again", position).unwrap(), Err(Unfit::MovedOn(vec![1, 2])));
    }

    #[test]
    fn what_has_moved_on_is_named_and_nothing_is_done() {
        let (engine, ..) = fresh();
        engine.promise(command("a", &[("MOTOR", 2)])).wait().unwrap();
        let position = applied(&engine);
        engine.cancel(cancel("", 1, None)).wait().unwrap();
        let live = digest::of(&engine.pin());
        assert_eq!(revert(&engine, "back", position).unwrap(), Err(Unfit::MovedOn(vec![1])));
        assert_eq!(digest::of(&engine.pin()), live);
    }

    #[test]
    fn what_is_not_there_any_more_is_not_given_back() {
        let (engine, ..) = fresh();
        engine.promise(command("a", &[("MOTOR", 2)])).wait().unwrap();
        let position = applied(&engine);
        // Somebody else has the motor that P1 gave up, and all others.
        let mut other = command("other", &[("MOTOR", 3)]);
        other.request.lines[0].order = "O2".to_string();
        engine.promise(other).wait().unwrap();
        let refused = revert(&engine, "back", position).unwrap().unwrap_err();
        assert!(matches!(refused, Unfit::Exceeds(..)), "{refused:?}");
    }

    #[test]
    fn only_what_was_applied_goes_back() {
        let (engine, ..) = fresh();
        engine.promise(command("a", &[("MOTOR", 2)])).wait().unwrap();
        for position in [0, 1, 9] {
            assert!(revert(&engine, "back", position).is_err(), "{position}");
        }
    }
}
