//! Every order in which two callers, the writer, the planner, the journal and a swap can take their turns.
//!
//! The engine's threads share no memory but the current World, and hand everything else over by channels, so what
//! can differ from run to run is the order of whole turns: `Engine::stepped` takes them one by one, and here all
//! orders are tried. In each of them nothing is seen or answered before it is durable, everybody is
//! answered, and what comes out is what some order of the commands one after the other gives.

use super::{
    engine_support::{Hands, command, say},
    ledger_book::TABLES,
    ledger_model::{snapshot, snapshot_named},
    simulation::ready,
};
use promised::{
    engine::{Answer, Config, Engine, PromiseOutcome, Steps, Swapped},
    journal::{Journal, Memory, Reader},
    ledger::{audit, digest, refresh::Refresh},
    snapshot::Snapshot,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// A caller wants all four motors.
    First,
    /// Another one wants three, and sends it twice.
    Second,
    /// Another snapshot is to serve, reconciled with the world that is live then.
    Swap,
    Writer,
    /// The writer hands over what it did.
    HandOver,
    Planner,
    /// The checkpoint sends a part.
    Checkpoint,
    Journal,
}

struct Run {
    journal: Memory,
    engine: Engine,
    steps: Steps,
    next: Arc<Snapshot>,
    promises: Vec<(&'static str, Answer<PromiseOutcome>)>,
    swaps: Vec<Answer<Swapped>>,
    told: BTreeMap<&'static str, String>,
    seen: BTreeMap<u64, u128>,
}

impl Run {
    fn new(first: &Arc<Snapshot>, next: &Arc<Snapshot>) -> Self {
        let journal = Memory::default();
        // Every plan that lost its race goes to the planner.
        let hands = Hands::default();
        // After the start of the day, so that no snapshot takes a promise for one that its source knew.
        hands.set(60);
        let config = Config { needs_on_writer: 0, checkpoint_every: 1, ..hands.config() };
        let boxed = Box::new(journal.clone());
        let (engine, steps) = Engine::stepped(Arc::clone(first), boxed, config).unwrap();
        let (promises, swaps) = (Vec::new(), Vec::new());
        let (told, seen) = (BTreeMap::new(), BTreeMap::new());
        let next = Arc::clone(next);
        Self { journal, engine, steps, next, promises, swaps, told, seen }
    }

    fn take(&mut self, turn: Turn) {
        match turn {
            Turn::First => self.promise("first", 4),
            Turn::Second => {
                self.promise("second", 3);
                self.promise("second", 3);
            }
            Turn::Swap => {
                let refresh = Refresh::begin(&self.engine.pin(), Arc::clone(&self.next)).unwrap();
                self.swaps.push(self.engine.swap(Box::new(refresh), None));
            }
            Turn::Writer => self.steps.write(),
            Turn::HandOver => drop(self.steps.hand_over()),
            Turn::Planner => drop(self.steps.replan()),
            Turn::Checkpoint => drop(self.steps.save()),
            Turn::Journal => drop(self.steps.journal().unwrap()),
        }
        self.look();
    }

    fn promise(&mut self, id: &'static str, motors: i64) {
        self.promises.push((id, self.engine.promise(command(id, &[("MOTOR", motors)]))));
    }

    fn look(&mut self) {
        let world = self.engine.pin();
        assert!(world.position <= self.journal.position(), "seen before it is durable");
        assert_eq!(audit::divergences(&world), [], "L2");
        assert_eq!(audit::overdrawn(&world), [], "L1");
        assert_eq!(audit::broken(&world), [] as [String; 0]);
        let digest = digest::of(&world);
        assert_eq!(*self.seen.entry(world.position).or_insert(digest), digest, "one instant");
        let told = &mut self.told;
        self.promises.retain_mut(|(id, answer)| {
            let Some(outcome) = ready(answer) else { return true };
            let outcome = outcome.unwrap();
            assert!(outcome.position <= world.position, "answered before it is seen");
            let said = say(&outcome);
            let first = told.entry(*id).or_insert_with(|| said.clone());
            let is_done = |said: &str| said.contains("confirmed");
            assert!(!is_done(first) || *first == said, "L4: {first}, then {said}");
            false
        });
        self.swaps.retain_mut(|answer| match ready(answer) {
            None => true,
            Some(swapped) => {
                assert!(swapped.unwrap().position <= world.position);
                false
            }
        });
    }

    fn finish(mut self) -> String {
        self.steps.settle().unwrap();
        self.look();
        assert!(self.promises.is_empty() && self.swaps.is_empty(), "everybody is answered");
        let words = self.told.iter().map(|(id, said)| {
            let kept = said.split(" at ").next().unwrap().split_once(' ').unwrap().1;
            format!("{id}: {kept}")
        });
        words.collect::<Vec<_>>().join("; ")
    }
}

/// All orders of some turns, equal ones counted once.
fn orders(mut turns: Vec<Turn>) -> BTreeSet<Vec<Turn>> {
    fn go_on(so_far: &mut Vec<Turn>, left: &mut Vec<Turn>, all: &mut BTreeSet<Vec<Turn>>) {
        if left.is_empty() {
            all.insert(so_far.clone());
        }
        for at in 0..left.len() {
            if left[..at].contains(&left[at]) {
                continue;
            }
            so_far.push(left.remove(at));
            go_on(so_far, left, all);
            left.insert(at, so_far.pop().unwrap());
        }
    }
    let mut all = BTreeSet::new();
    go_on(&mut Vec::new(), &mut turns, &mut all);
    all
}

fn check(turns: &[Turn], n_orders: usize) -> BTreeSet<String> {
    let first = Arc::new(snapshot(TABLES));
    let next = Arc::new(snapshot_named("next", "2026-11-23", None, TABLES));
    let orders = orders(turns.to_vec());
    assert_eq!(orders.len(), n_orders);
    let mut ends = BTreeSet::new();
    for order in orders {
        let mut run = Run::new(&first, &next);
        order.iter().for_each(|turn| run.take(*turn));
        let is_swapped = order.contains(&Turn::Swap);
        let engine = run.engine.clone();
        ends.insert(run.finish());
        assert_eq!(engine.pin().snapshot.id(), if is_swapped { "next" } else { "test" });
    }
    ends
}

/// There are four motors: whoever comes first gets them.
const ENDS: [&str; 2] =
    ["first: P1 confirmed 4; second: nothing", "first: nothing; second: P1 confirmed 3"];

#[test]
fn two_callers_in_every_order() {
    use Turn::*;
    let turns: [(&[Turn], usize); 2] = [
        (&[First, Second, Writer, Writer, HandOver, Journal], 360),
        (&[First, Second, Writer, Planner, Writer], 60),
    ];
    for (turns, n_orders) in turns {
        let ends = check(turns, n_orders);
        assert!(ends.iter().map(String::as_str).eq(ENDS), "{ends:?}");
    }
}

#[test]
fn a_caller_and_a_swap_in_every_order() {
    use Turn::*;
    let ends = check(&[First, Swap, Writer, HandOver, Journal, Journal], 360);
    assert_eq!(ends.into_iter().collect::<Vec<_>>(), ["first: P1 confirmed 4"]);
}

/// A checkpoint is due after each entry: its parts and its seal stand between groups in every order.
#[test]
fn groups_and_a_checkpoint_in_every_order() {
    let first = Arc::new(snapshot(TABLES));
    use Turn::*;
    let turns = [Checkpoint, Checkpoint, Checkpoint, Journal, Journal, Journal, HandOver];
    for order in orders(turns.to_vec()) {
        let mut run = Run::new(&first, &first);
        // A first group, whose checkpoint is begun; then callers whose groups come in between.
        [First, Writer, HandOver, Journal].into_iter().for_each(|turn| run.take(turn));
        for (turn, id) in order.into_iter().zip(["a", "b", "c", "d", "e", "f", "g"]) {
            run.promises.push((id, run.engine.promise(command(id, &[("PUMP", 1)]))));
            run.take(Writer);
            run.take(turn);
        }
        let (journal, engine) = (run.journal.clone(), run.engine.clone());
        run.finish();
        assert!(0 < journal.checkpoints().unwrap()[0], "one was made");
        let boxed = Box::new(journal);
        let (again, _) =
            Engine::stepped(Arc::clone(&first), boxed, Hands::default().config()).unwrap();
        assert_eq!(digest::of(&again.pin()), digest::of(&engine.pin()), "L6");
    }
}
