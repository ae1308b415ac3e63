//! The engine: one writer, many callers, nothing promised twice and nothing answered too early.

use super::{
    engine_support::{
        Hands, Shared, amend, cancel, command, confirm, fresh, say, say_change, start,
    },
    ledger_book::TABLES,
    ledger_model::snapshot,
    simulation::ready,
};
use promised::{
    engine::{
        Commitment, Completeness, Config, Engine, Error, FulfilCommand, ListFilter, Page, Stopped,
        Which, list,
    },
    journal::Memory,
    ledger::{State, audit, digest, reservation::Force},
    limits,
    model::Quantity,
    promising::answer::LineStatus,
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
    mpsc,
};

#[test]
fn the_last_thousand_units_are_promised_exactly_once() {
    const UNITS: usize = 1_000;
    let tables: Vec<_> = TABLES
        .iter()
        .map(|(table, text)| match *table {
            "on_hand" => (*table, "item,location,quantity\nPUMP,BER,1000"),
            "supplies" => (*table, "supply,type,item,location,date,quantity"),
            "demands" => (*table, "demand,type,item,location,date,quantity"),
            "locations" => (*table, "location\nBER\nHAM"),
            _ => (*table, *text),
        })
        .collect();
    let journal = Box::new(Memory::default());
    let engine = Engine::start(Arc::new(snapshot(&tables)), journal, Config::new()).unwrap();
    let promised = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..UNITS / 8 + 50 {
                    let outcome = engine.promise(command("", &[("PUMP", 1)])).wait().unwrap();
                    promised
                        .fetch_add(outcome.reservations.iter().flatten().count(), Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(promised.into_inner(), UNITS);
    let world = engine.pin();
    assert_eq!(world.n_reservations(), UNITS);
    assert_eq!(world.position, UNITS as u64);
    assert_eq!(audit::divergences(&world), []);
    assert_eq!(audit::overdrawn(&world), []);
}

#[test]
fn a_plan_that_lost_its_race_is_made_again() {
    let (engine, _, journal) = fresh();
    journal.close();
    // All three are planned against the same world: MOTOR has 4 at BER.
    let answers: Vec<_> =
        (0..3).map(|_| engine.promise(command("", &[("MOTOR", 2), ("PUMP", 1)]))).collect();
    journal.open();
    let said: Vec<_> = answers.into_iter().map(|answer| say(&answer.wait().unwrap())).collect();
    assert_eq!(
        said,
        [
            "OnTime P1 confirmed 2, OnTime P2 confirmed 1 at 1",
            // The house ships two lines a day.
            "Late P3 confirmed 2, Late P4 confirmed 1 at 2",
            "Unavailable nothing, Late P5 confirmed 1 at 3",
        ]
    );
}

#[test]
fn a_long_plan_that_lost_is_made_again_beside_the_writer_and_who_wants_the_same_waits() {
    let config = Config { needs_on_writer: 0, ..Hands::default().config() };
    let (engine, mut steps) =
        Engine::stepped(Arc::new(snapshot(TABLES)), Box::new(Memory::default()), config).unwrap();
    // The house ships two lines a day: each rival takes what is left of the day that the slow plan was to ship on.
    let rival = |day: u32| {
        let mut rival = command("", &[("PUMP", 1), ("MOTOR", 1)]);
        for line in &mut rival.request.lines {
            line.requested = format!("2026-11-{}", 23 + day).parse().unwrap();
        }
        engine.promise(rival)
    };
    let mut first = rival(0);
    let mut slow = engine.promise(command("slow", &[("PUMP", 1)]));
    steps.write();
    // The next rival waits for it, though the writer goes on while the plan is out: what takes nothing does not wait.
    let mut waits = rival(0);
    let mut other = engine.cancel(cancel("", 99, None));
    steps.write();
    while steps.sync().unwrap() {}
    assert_eq!(ready(&mut first).expect("it was first").unwrap().position, 1);
    assert!(ready(&mut waits).is_none() && ready(&mut slow).is_none(), "they wait");
    assert_eq!(say_change(ready(&mut other).expect("it does not wait")), "does_not_exist");
    assert!(steps.replan(), "the writer never plans it itself");
    steps.settle().unwrap();
    assert_eq!(slow.wait().unwrap().position, 2, "nobody overtook it");
    assert_eq!(waits.wait().unwrap().position, 3, "it had its turn");
}

#[test]
fn a_plan_whose_caller_has_gone_is_not_made_again() {
    let config = Config { needs_on_writer: 0, ..Hands::default().config() };
    let (engine, mut steps) =
        Engine::stepped(Arc::new(snapshot(TABLES)), Box::new(Memory::default()), config).unwrap();
    let answers: Vec<_> = (0..3).map(|_| engine.promise(command("", &[("MOTOR", 4)]))).collect();
    steps.write();
    let mut answers = answers.into_iter();
    let (mut first, gone, _other) = (answers.next().unwrap(), answers.next(), answers.next());
    drop(gone);
    steps.settle().unwrap();
    assert_eq!(say(&ready(&mut first).unwrap().unwrap()), "OnTime P1 confirmed 4 at 1");
    // The plan of the one that has gone was given up; the other one found nothing left.
    assert_eq!(engine.pin().position, 1);
}

#[test]
fn what_is_planned_again_when_the_engine_stops_is_answered() {
    let (hands, journal) = (Hands::default(), Shared::default());
    let config = Config { needs_on_writer: 0, ..hands.config() };
    let engine =
        Engine::start(Arc::new(snapshot(TABLES)), Box::new(journal.clone()), config).unwrap();
    journal.close();
    let answers: Vec<_> = (0..4).map(|_| engine.promise(command("", &[("MOTOR", 2)]))).collect();
    journal.open();
    engine.stop();
    let said = answers.into_iter().map(|answer| say(&answer.wait().unwrap()));
    let kept = said.filter(|said| said.contains("confirmed 2")).count();
    assert_eq!(kept, 2, "MOTOR has 4");
}

#[test]
fn a_repeated_id_gets_the_first_answer_even_after_a_restart() {
    let (engine, hands, journal) = fresh();
    let mut hold = command("R1", &[("PUMP", 4), ("MOTOR", 9)]);
    hold.commitment = Commitment::Hold { for_seconds: 60 };
    let first = say(&engine.promise(hold.clone()).wait().unwrap());
    assert_eq!(first, "OnTime P1 held 4, Unavailable nothing at 1");
    assert_eq!(
        say_change(engine.confirm(confirm("R2", 1, Some(3))).wait()),
        "P1 confirmed 3, P2 held 1 at 2"
    );
    assert_eq!(say_change(engine.cancel(cancel("R3", 1, None)).wait()), "P1 cancelled 0 at 3");
    let before = digest::of(&engine.pin());
    for restarted in [engine.clone(), start(&journal, &hands)] {
        assert_eq!(digest::of(&restarted.pin()), before, "L6");
        assert_eq!(say(&restarted.promise(hold.clone()).wait().unwrap()), first);
        assert_eq!(
            say_change(restarted.confirm(confirm("R2", 1, Some(3))).wait()),
            "P1 confirmed 3, P2 held 1 at 2"
        );
        assert_eq!(
            say_change(restarted.cancel(cancel("R3", 1, None)).wait()),
            "P1 cancelled 0 at 3"
        );
        let reused = "request id \"R1\" was used for a command with another body";
        let other = restarted.promise(command("R1", &[("PUMP", 4)])).wait().unwrap_err();
        assert_eq!(other.to_string(), reused);
        assert_eq!(say_change(restarted.cancel(cancel("R1", 1, None)).wait()), reused);
        assert_eq!(digest::of(&restarted.pin()), before, "a repetition does nothing");
        restarted.stop();
    }
}

#[test]
fn an_id_is_forgotten_after_its_time() {
    let hands = Hands::default();
    let config = Config { remember_for: std::time::Duration::from_secs(10), ..hands.config() };
    let engine =
        Engine::start(Arc::new(snapshot(TABLES)), Box::new(Memory::default()), config).unwrap();
    let promise = |second| {
        hands.set(second);
        say(&engine.promise(command("R1", &[("PUMP", 1)])).wait().unwrap())
    };
    assert_eq!(promise(0), "OnTime P1 confirmed 1 at 1");
    assert_eq!(promise(10), "OnTime P1 confirmed 1 at 1");
    assert_eq!(promise(11), "OnTime P2 confirmed 1 at 2");
    assert_eq!(promise(12), "OnTime P2 confirmed 1 at 2");
}

fn forgetful(hands: &Hands, journal: &Shared, at_most: usize) -> Engine {
    let keep_over_for = std::time::Duration::from_secs(100);
    let config = Config { keep_over_for, keep_over_at_most: at_most, ..hands.config() };
    Engine::start(Arc::new(snapshot(TABLES)), Box::new(journal.clone()), config).unwrap()
}

#[test]
fn what_is_over_is_forgotten_after_its_time_and_its_command_is_not() {
    let (hands, journal) = (Hands::default(), Shared::default());
    let engine = forgetful(&hands, &journal, 1_000);
    engine.promise(command("R1", &[("PUMP", 1), ("MOTOR", 1)])).wait().unwrap();
    let first = say_change(engine.cancel(cancel("R2", 1, None)).wait());
    hands.set(100);
    engine.tick().wait().unwrap();
    let world = engine.pin();
    assert_eq!(world.history(world.reservation(1).unwrap()).len(), 2, "it is kept for its time");
    hands.set(101);
    assert_eq!(engine.tick().wait().unwrap(), 3);
    let world = engine.pin();
    assert_eq!(world.reservations_from(0).map(|one| one.number).collect::<Vec<_>>(), [2]);
    engine.stop();
    // A restart, be it told to keep more, forgets the same; a repetition still gets its first answer.
    let again = forgetful(&Hands::default(), &journal, 9);
    assert_eq!(digest::of(&again.pin()), digest::of(&world), "L6");
    assert_eq!(say_change(again.cancel(cancel("R2", 1, None)).wait()), first);
    assert_eq!(say_change(again.cancel(cancel("R3", 1, None)).wait()), "does_not_exist");
    assert_eq!(again.pin().position, 3);
}

#[test]
fn more_that_is_over_than_may_be_kept_is_forgotten_at_once() {
    let (hands, journal) = (Hands::default(), Shared::default());
    let engine = forgetful(&hands, &journal, 2);
    for n in 1..=4 {
        engine.promise(command("", &[("PUMP", 1)])).wait().unwrap();
        engine.cancel(cancel("", n, None)).wait().unwrap();
        assert!(engine.pin().n_over() <= 3);
    }
    engine.tick().wait().unwrap();
    assert!(engine.pin().n_over() <= 2);
}

#[test]
fn what_was_answered_is_kept_and_a_refused_id_may_be_tried_again() {
    let (engine, _, _) = fresh();
    let nothing = engine.promise(command("R1", &[("MOTOR", 5)])).wait().unwrap();
    assert_eq!(say(&nothing), "Unavailable nothing at 1");
    let other = engine.promise(command("R1", &[("MOTOR", 4)])).wait().unwrap_err();
    assert!(matches!(other, Error::RequestIdReused { .. }), "{other}");
    assert_eq!(
        say(&engine.promise(command("R3", &[("MOTOR", 4)])).wait().unwrap()),
        "OnTime P1 confirmed 4 at 2"
    );
    assert_eq!(say_change(engine.confirm(confirm("R2", 1, None)).wait()), "state_forbids");
    assert_eq!(say_change(engine.cancel(cancel("R2", 1, None)).wait()), "P1 cancelled 0 at 3");
}

#[test]
fn holds_end_by_the_clock_that_was_passed_in() {
    let (engine, hands, journal) = fresh();
    let mut hold = command("", &[("PUMP", 6)]);
    hold.commitment = Commitment::Hold { for_seconds: 60 };
    assert_eq!(say(&engine.promise(hold).wait().unwrap()), "OnTime P1 held 6 at 1");
    hands.set(59);
    assert_eq!(engine.tick().wait().unwrap(), 1);
    hands.set(60);
    assert_eq!(engine.tick().wait().unwrap(), 2);
    assert_eq!(engine.pin().reservation(1).unwrap().state, State::Expired);
    // It has just expired and still fits: it is confirmed under another id, and given back.
    assert_eq!(say_change(engine.confirm(confirm("", 1, None)).wait()), "P2 confirmed 6 at 3");
    assert_eq!(say_change(engine.cancel(cancel("", 2, None)).wait()), "P2 cancelled 0 at 4");
    // A clock that is set back does not make an entry older than the one before it.
    hands.set(10);
    assert_eq!(
        say(&engine.promise(command("", &[("PUMP", 6)])).wait().unwrap()),
        "OnTime P3 confirmed 6 at 5"
    );
    let created = engine.pin().reservation(3).unwrap().facts.created;
    assert_eq!(created, Hands::at(60).as_microsecond());
    let again = start(&journal, &hands);
    assert_eq!(digest::of(&again.pin()), digest::of(&engine.pin()), "L6");
}

#[test]
fn a_hold_that_ended_is_seen_by_the_next_plan() {
    let (engine, hands, _) = fresh();
    let mut hold = command("", &[("MOTOR", 4)]);
    hold.commitment = Commitment::Hold { for_seconds: 60 };
    engine.promise(hold).wait().unwrap();
    hands.set(60);
    // Whether the hold is over is for the writer to say; the plan was made when it still stood.
    let outcome = engine.promise(command("", &[("MOTOR", 4)])).wait().unwrap();
    assert_eq!(outcome.promise.lines[0].status, LineStatus::Unavailable);
    assert_eq!(
        say(&engine.promise(command("", &[("MOTOR", 4)])).wait().unwrap()),
        "OnTime P2 confirmed 4 at 3"
    );
}

#[test]
fn nothing_is_answered_or_seen_before_it_is_durable() {
    let (engine, _, journal) = fresh();
    journal.close();
    let answer = engine.promise(command("", &[("PUMP", 1)]));
    assert_eq!(engine.pin().position, 0);
    journal.break_down();
    journal.open();
    assert!(matches!(answer.wait(), Err(Error::OutcomeUnknown)));
    engine.stop();
    assert_eq!(engine.pin().position, 0);
    assert!(matches!(engine.tick().wait(), Err(Error::Stopped)));
}

#[test]
fn a_failed_journal_is_told_once() {
    let (told, hears) = mpsc::channel();
    let journal = Shared::default();
    journal.break_down();
    let on_stop = Box::new(move |why| told.send(why).unwrap());
    let config = Config { on_stop, ..Hands::default().config() };
    let engine = Engine::start(Arc::new(snapshot(TABLES)), Box::new(journal), config).unwrap();
    let unknown = engine.promise(command("", &[("PUMP", 1)])).wait();
    assert!(matches!(unknown, Err(Error::OutcomeUnknown)));
    assert!(matches!(hears.recv(), Ok(Stopped::Journal(_))));
    assert!(hears.recv().is_err());
}

/// A panic of the thread that changes the world, or of the one that makes durable, is told once: the process ends by it.
#[test]
fn a_panic_of_a_thread_that_matters_is_told() {
    use promised::engine::Clock;
    use std::sync::atomic::AtomicBool;
    let (told, hears) = mpsc::channel();
    let is_broken = Arc::new(AtomicBool::new(false));
    let (hands, broken) = (Hands::default(), is_broken.clone());
    let (wall, steady) = (hands.clock(), hands.clock());
    let clock = Clock::new(
        move || wall.wall(),
        move || {
            assert!(!broken.load(Ordering::SeqCst), "the writer's clock, as this test wants it");
            steady.steady()
        },
    );
    let on_stop = Box::new(move |why| told.send(why).unwrap());
    let config = Config { on_stop, clock, ..Hands::default().config() };
    let journal = Box::new(Memory::default());
    let engine = Engine::start(Arc::new(snapshot(TABLES)), journal, config).unwrap();
    is_broken.store(true, Ordering::SeqCst);
    // Whoever calls now wakes it; the process ends before anybody would wait for long.
    drop(engine.tick());
    assert!(matches!(hears.recv(), Ok(Stopped::Panicked)));
}

#[test]
fn an_engine_that_nobody_holds_ends() {
    let (told, hears) = mpsc::channel();
    let on_stop = Box::new(move |why| told.send(why).unwrap());
    let config = Config { on_stop, ..Hands::default().config() };
    let journal = Box::new(Memory::default());
    drop(Engine::start(Arc::new(snapshot(TABLES)), journal, config).unwrap());
    assert!(matches!(hears.recv(), Ok(Stopped::Asked)));
}

#[test]
fn a_full_queue_says_so_at_once() {
    let (engine, _, journal) = fresh();
    journal.close();
    let first = engine.promise(command("", &[("PUMP", 1)]));
    let mut waiting = Vec::new();
    let mut n_busy = 0;
    // One group may be at the journal with the first command, and one at the writer.
    for _ in 0..limits::QUEUE_MAX + 2 * limits::BATCH_MAX + 1 {
        waiting.push(engine.cancel(cancel("", 9, None)));
    }
    journal.open();
    first.wait().unwrap();
    for answer in waiting {
        match answer.wait() {
            Err(Error::Busy) => n_busy += 1,
            other => assert_eq!(say_change(other), "does_not_exist"),
        }
    }
    assert!(0 < n_busy);
}

#[test]
fn what_comes_too_late_is_not_committed() {
    let (engine, hands, _) = fresh();
    hands.set(5);
    let late = |second: i64, id: &str| {
        let mut promise = command(id, &[("PUMP", 1)]);
        promise.deadline = Some(hands.moment(second - 5));
        engine.promise(promise).wait()
    };
    assert!(matches!(late(4, "R1"), Err(Error::DeadlineExceeded)));
    assert_eq!(say(&late(5, "R1").unwrap()), "OnTime P1 confirmed 1 at 1");
    // Nothing is committed by a repetition, so it is never too late.
    assert_eq!(say(&late(4, "R1").unwrap()), "OnTime P1 confirmed 1 at 1");
}

#[test]
fn all_or_nothing_keeps_nothing_of_a_part() {
    let (engine, _, _) = fresh();
    let mut promise = command("R1", &[("PUMP", 1), ("MOTOR", 5)]);
    promise.completeness = Completeness::AllOrNothing;
    let said = say(&engine.promise(promise.clone()).wait().unwrap());
    assert_eq!(said, "OnTime nothing, Unavailable nothing at 1");
    promise.request_id = "R2".to_string();
    promise.request.lines[1].quantity = Quantity::units(4);
    let said = say(&engine.promise(promise).wait().unwrap());
    assert_eq!(said, "OnTime P1 confirmed 1, OnTime P2 confirmed 4 at 2");
}

#[test]
fn an_amendment_is_one_step() {
    let (engine, _, _) = fresh();
    engine.promise(command("", &[("PUMP", 4)])).wait().unwrap();
    // Six are free of ten with what O9 needs: four of them are P1's own.
    assert_eq!(say_change(engine.amend(amend(1, "PUMP", 6)).wait()), "P1 confirmed 6 at 2");
    assert_eq!(
        say_change(engine.amend(amend(1, "PUMP", 7)).wait()),
        "unchanged P1 confirmed 6 at 2"
    );
    assert_eq!(say_change(engine.amend(amend(1, "MOTOR", 1)).wait()), "P1 confirmed 1 at 3");
    assert_eq!(say_change(engine.amend(amend(2, "MOTOR", 1)).wait()), "does_not_exist");
    let unknown = engine.amend(amend(1, "PUMPS", 1)).wait().unwrap_err();
    assert!(matches!(unknown, Error::Invalid(violations) if violations[0].value == "PUMPS"));
    let fulfil = |number| FulfilCommand {
        request_id: String::new(),
        which: Which::Number(number),
        quantity: None,
        shipped_at: None,
        deadline: None,
    };
    assert_eq!(say_change(engine.fulfil(fulfil(1)).wait()), "P1 fulfilled 1 at 4");
    assert_eq!(say_change(engine.amend(amend(1, "MOTOR", 2)).wait()), "state_forbids");
}

#[test]
fn an_override_is_recorded() {
    let (engine, _, _) = fresh();
    let mut promise = command("", &[("MOTOR", 9), ("PUMP", 1)]);
    promise.force = Some(Force { by: "meier".into(), why: "plant is down".into() });
    let outcome = engine.promise(promise).wait().unwrap();
    assert_eq!(say(&outcome), "OnTime P1 confirmed 9, OnTime P2 confirmed 1 at 1");
    let by = |at: usize| {
        outcome.reservations[at].as_ref().unwrap().facts.force.as_ref().map(|force| &*force.by)
    };
    assert_eq!((by(0), by(1)), (Some("meier"), None));
    assert_eq!(audit::overdrawn(&engine.pin()).len(), 1);
    let mut more = amend(2, "PUMP", 99);
    assert!(matches!(
        engine.amend(more.clone()).wait(),
        Err(Error::Invalid(found)) if found[0].field == "line"
    ));
    more.line.line = "2".to_string();
    more.force = Some(Force { by: "meier".into(), why: "again".into() });
    assert_eq!(say_change(engine.amend(more).wait()), "P2 confirmed 99 at 2");
}

#[test]
fn a_hold_has_its_limits() {
    let (engine, _, _) = fresh();
    for for_seconds in [0, -1, limits::HOLD_SECONDS_MAX + 1, i64::MAX] {
        let mut hold = command("", &[("PUMP", 1)]);
        hold.commitment = Commitment::Hold { for_seconds };
        assert!(matches!(engine.promise(hold).wait(), Err(Error::OutOfRange { .. })));
    }
}

#[test]
fn lists_come_in_pages() {
    let (engine, _, _) = fresh();
    for _ in 0..5 {
        engine.promise(command("", &[("PUMP", 1)])).wait().unwrap();
    }
    engine.cancel(cancel("", 2, None)).wait().unwrap();
    let world = engine.pin();
    let numbers = |filter: &ListFilter, from| {
        let page = list::list(&world, filter, Page { from, limit: 2 });
        let numbers: Vec<_> = page.reservations.iter().map(|one| one.number).collect();
        (numbers, page.next)
    };
    let confirmed = ListFilter { states: vec![State::Confirmed], ..ListFilter::default() };
    assert_eq!(numbers(&confirmed, 0), (vec![1, 3], Some(4)));
    assert_eq!(numbers(&confirmed, 4), (vec![4, 5], None));
    let of_order = ListFilter { order: Some("O1".to_string()), ..ListFilter::default() };
    assert_eq!(numbers(&of_order, 2), (vec![2, 3], Some(4)));
    let of_other = ListFilter { order: Some("O2".to_string()), ..ListFilter::default() };
    assert_eq!(numbers(&of_other, 0), (vec![], None));
}
