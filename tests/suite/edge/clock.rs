//! Item 1: what a clock that jumps does to deadlines, holds, remembered ids and kept entries, restarts included.

use crate::{
    engine_support::{Hands, Shared, command, confirm, say, say_change, start},
    ledger_book::TABLES,
    ledger_model::snapshot,
    simulation::{Random, ready},
};
use promised::{
    engine::{Commitment, Config, Engine, Error, PromiseCommand, Steps},
    journal::{Journal, Memory},
    ledger::State,
};
use std::{sync::Arc, time::Duration};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

fn held(id: &str, seconds: i64) -> PromiseCommand {
    let commitment = Commitment::Hold { for_seconds: seconds };
    PromiseCommand { commitment, ..command(id, &[("PUMP", 1)]) }
}

#[test]
fn one_jump_and_one_command_and_no_deadline_fails() {
    let (journal, hands) = (Shared::default(), Hands::default());
    let mut engine = start(&journal, &hands);
    for jump in [400 * DAY, 0, HOUR / 2, -DAY, 7 * DAY] {
        hands.jump(jump);
        engine.tick().wait().unwrap();
        for left in [5, 0, -1] {
            let mut promise = command("", &[("PUMP", 1)]);
            promise.deadline = Some(hands.moment(left));
            let cancelled = engine.promise(promise).wait();
            match cancelled {
                Ok(done) => {
                    assert!(0 <= left, "{left} s left");
                    let number = done.reservations[0].as_ref().unwrap().number;
                    engine.cancel(crate::engine_support::cancel("", number, None)).wait().unwrap();
                }
                Err(Error::DeadlineExceeded) => assert!(left < 0, "{left} s left after {jump} s"),
                Err(error) => panic!("{error}"),
            }
        }
        engine.stop();
        engine = start(&journal, &hands);
    }
}

/// An engine whose turns are ours, so that nothing is late by itself.
fn stepped(hands: &Hands, journal: Memory) -> (Engine, Steps) {
    let config = hands.config();
    Engine::stepped(Arc::new(snapshot(TABLES)), Box::new(journal), config).unwrap()
}

#[test]
fn a_hold_lasts_once_to_twice_its_time_whatever_the_clock_does() {
    for seed in 0..40 {
        let (mut random, hands) = (Random(seed), Hands::default());
        let (engine, mut steps) = stepped(&hands, Memory::default());
        // By number: for how long, and since when on the steady clock.
        let (mut living, mut passed, mut n_ended) = (Vec::<(u64, i64, i64)>::new(), 0i64, 0);
        for n in 0..400 {
            if random.below(4) == 0 {
                let by = [50, 900, HOUR, 3 * HOUR, 40 * DAY][random.below(5) as usize];
                let by = random.below(2 * by as u64) as i64 - by;
                hands.jump(hands.wall() + by);
            }
            if random.below(3) == 0 {
                let seconds = 20 + random.below(80) as i64;
                let mut asked = engine.promise(held(&format!("R{n}"), seconds));
                steps.settle().unwrap();
                let outcome = ready(&mut asked).unwrap().unwrap();
                let made = outcome.reservations[0].as_ref();
                living.extend(made.map(|made| (made.number, seconds, passed)));
            }
            let seconds = random.below(6) as i64;
            hands.pass(seconds);
            passed += seconds;
            engine.tick();
            steps.settle().unwrap();
            let world = engine.pin();
            living.retain(|(number, seconds, since)| {
                let age = passed - since;
                let is_held = matches!(
                    world.reservation(*number).map(|one| one.state),
                    Some(State::Held { .. })
                );
                if is_held {
                    assert!(
                        age <= 2 * seconds,
                        "seed {seed}: {age} s of {seconds}, and still held"
                    );
                } else {
                    n_ended += 1;
                    assert!(*seconds <= age, "seed {seed}: ended after {age} s of {seconds}");
                }
                is_held
            });
        }
        assert!(20 < n_ended, "seed {seed}: {n_ended}");
    }
}

#[test]
fn across_a_stop_a_hold_runs_by_its_stamp_and_what_is_held_since_moves() {
    let hands = Hands::default();
    let journal = Memory::default();
    let (engine, mut steps) = stepped(&hands, journal.clone());
    engine.promise(held("R1", 600));
    steps.settle().unwrap();
    drop((engine, steps));
    // Ten hours pass; the gap is followed when the wall has stood there for a minute.
    hands.jump(10 * HOUR);
    let (engine, mut steps) = stepped(&hands, journal);
    let state = |engine: &Engine, number| engine.pin().reservation(number).unwrap().state;
    engine.promise(held("R2", 600));
    steps.settle().unwrap();
    hands.pass(60);
    steps.settle().unwrap();
    assert_eq!(state(&engine, 1), State::Expired, "it ended hours ago");
    let end = Hands::at(10 * HOUR + 600).as_microsecond();
    assert_eq!(state(&engine, 2), State::Held { until: end }, "ten minutes from then");
    hands.pass(539);
    steps.settle().unwrap();
    assert_eq!(state(&engine, 2), State::Held { until: end });
    hands.pass(1);
    steps.settle().unwrap();
    assert_eq!(state(&engine, 2), State::Expired);
}

#[test]
fn ids_and_entries_are_kept_for_their_time_whatever_the_clock_does() {
    let hands = Hands::default();
    let journal = Memory::default();
    let start = || {
        let remember_for = Duration::from_secs(100);
        let config = Config { remember_for, checkpoint_every: 2, ..hands.config() };
        Engine::stepped(Arc::new(snapshot(TABLES)), Box::new(journal.clone()), config).unwrap()
    };
    let (mut engine, mut steps) = start();
    let first = |engine: &Engine, steps: &mut Steps, id: &str| {
        let mut asked = engine.promise(command(id, &[("PUMP", 1)]));
        steps.settle().unwrap();
        say(&ready(&mut asked).unwrap().unwrap())
    };
    assert_eq!(first(&engine, &mut steps, "R1"), "OnTime P1 confirmed 1 at 1");
    for n in 0..4 {
        // Half an hour ahead, more than ids are remembered; and ten seconds pass.
        hands.jump(hands.wall() + HOUR / 2);
        hands.pass(10);
        first(&engine, &mut steps, &format!("N{n}"));
        assert_eq!(first(&engine, &mut steps, "R1"), "OnTime P1 confirmed 1 at 1");
        // Its entry is kept, though checkpoints were made, and it is known after a restart.
        assert_eq!(journal.reader().first().unwrap(), 1);
        drop((engine, steps));
        (engine, steps) = start();
        assert_eq!(first(&engine, &mut steps, "R1"), "OnTime P1 confirmed 1 at 1");
    }
    hands.pass(70);
    assert!(first(&engine, &mut steps, "R1").contains(" P6 "), "its time is over");
}

#[test]
fn engine_time_never_goes_back_and_a_repetition_of_a_leap_is_the_same() {
    let (journal, hands) = (Shared::default(), Hands::default());
    let engine = start(&journal, &hands);
    let mut last = engine.now();
    engine.promise(held("R1", 60)).wait().unwrap();
    for jump in [50, 20, HOUR, -DAY, 30 * DAY, 0] {
        hands.jump(jump);
        engine.tick().wait().unwrap();
        assert!(last <= engine.now());
        last = engine.now();
        hands.pass(1);
    }
    let before = promised::ledger::digest::of(&engine.pin());
    engine.stop();
    let again = start(&journal, &hands);
    assert_eq!(promised::ledger::digest::of(&again.pin()), before, "L6");
    assert_eq!(say_change(again.confirm(confirm("R2", 1, None)).wait()), "P1 confirmed 1 at 4");
}
