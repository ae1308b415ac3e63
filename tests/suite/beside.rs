//! What takes long is worked out beside the writer (issue 18 item 4): changes of planning data, steps of many promises,
//! scenarios that are applied, leaps of the clock, swaps. The writer does no more of it than what happened meanwhile,
//! which is counted here in promises; who has nothing to do with it does not wait; and what comes out is what a
//! replay of the entries makes.

use super::{
    change_random::change,
    engine_support::{
        Hands, cancel, command, confirm, is_what_a_replay_makes, line, say, say_change,
    },
    ledger_model::snapshot,
    simulation::ready,
};
use promised::{
    change::Change,
    engine::{
        Answer, Commitment, Config, Engine, Error, FulfilCommand, ManyCommand, ManyStep,
        NetCommand, Selection, Steps, Which,
    },
    journal::Memory,
    ledger::{State, audit, refresh::Refresh},
    limits,
    promising::{patience::Patience, request::OrderLine},
    snapshot::Snapshot,
};
use std::sync::Arc;

/// Items on hand, ten of each.
const N_ITEMS: usize = 1_500;

fn item(at: usize) -> String {
    format!("I{at}")
}

fn stock() -> Arc<Snapshot> {
    let rows = |of: &dyn Fn(usize) -> String| -> String {
        (0..N_ITEMS).map(|at| format!("\n{}", of(at))).collect()
    };
    let items = format!("item{}", rows(&item));
    let on_hand = format!("item,location,quantity{}", rows(&|at| format!("{},BER,10", item(at))));
    let tables =
        [("items", items.as_str()), ("locations", "location\nBER"), ("on_hand", on_hand.as_str())];
    Arc::new(snapshot(&tables))
}

struct Shop {
    first: Arc<Snapshot>,
    journal: Memory,
    hands: Hands,
    engine: Engine,
    steps: Steps,
}

impl Shop {
    fn new() -> Self {
        let (first, journal, hands) = (stock(), Memory::default(), Hands::default());
        hands.set(60);
        let (engine, steps) = open(&first, &journal, &hands);
        Self { first, journal, hands, engine, steps }
    }

    fn sync(&mut self) {
        while self.steps.sync().unwrap() {}
    }

    /// All that is to be done now, but what is worked out beside.
    fn write(&mut self) {
        self.steps.write();
        self.sync();
    }

    /// Holds or confirms one of each of some items, in one order.
    fn promise(&mut self, items: std::ops::Range<usize>, hold: Option<i64>) {
        let answer = self.ask(items, hold);
        self.steps.settle().unwrap();
        answer.wait().unwrap();
    }

    fn ask(
        &self,
        items: std::ops::Range<usize>,
        hold: Option<i64>,
    ) -> Answer<promised::engine::PromiseOutcome> {
        let mut asked = command("", &[]);
        let named = |at: usize| OrderLine { line: at.to_string(), ..line(&item(at), 1) };
        asked.request.lines = items.map(named).collect();
        if let Some(for_seconds) = hold {
            asked.commitment = Commitment::Hold { for_seconds };
        }
        self.engine.promise(asked)
    }

    fn one(&self, order: &str, at: usize) -> Answer<promised::engine::PromiseOutcome> {
        let mut asked = command("", &[]);
        asked.request.lines = vec![OrderLine { order: order.to_string(), ..line(&item(at), 1) }];
        self.engine.promise(asked)
    }

    /// Everything adds up, and a replay of the entries gives the same.
    #[track_caller]
    fn check(&self) {
        let (again, _) = open(&self.first, &self.journal, &self.hands);
        is_what_a_replay_makes(&self.engine.pin(), &again.pin());
    }
}

fn open(first: &Arc<Snapshot>, journal: &Memory, hands: &Hands) -> (Engine, Steps) {
    let config = Config { promises_on_writer: limits::PROMISES_AT_ONCE, ..hands.config() };
    Engine::stepped(Arc::clone(first), Box::new(journal.clone()), config).unwrap()
}

fn on_hand(at: usize, quantity: i64) -> Change {
    change(&[
        ("change", "on_hand_set".to_string()),
        ("item", item(at)),
        ("location", "BER".to_string()),
        ("quantity", quantity.to_string()),
    ])
}

fn net(id: &str, changes: Vec<Change>) -> NetCommand {
    let request_id = id.to_string();
    NetCommand {
        request_id,
        changes,
        source: None,
        known_at: None,
        deadline: None,
        position: None,
        after: None,
    }
}

fn of_order(order: &str, step: ManyStep) -> ManyCommand {
    let selection = Selection::Order { order: order.to_string(), line: None };
    ManyCommand { request_id: String::new(), selection, step, deadline: None }
}

/// A thousand changes put a thousand promises at risk, and the writer puts none of these in its place.
#[test]
fn changes_of_planning_data_are_worked_out_beside_the_writer() {
    let mut shop = Shop::new();
    shop.promise(0..1_000, None);
    let before = shop.steps.work();
    let changes = (0..1_000).map(|at| on_hand(at, 0)).collect();
    let mut changed = shop.engine.change(net("A", changes));
    shop.write();
    // Whoever has nothing to do with it is answered meanwhile.
    let mut other = shop.one("O2", 1_200);
    shop.write();
    assert_eq!(say(&ready(&mut other).unwrap().unwrap()), "OnTime P1001 confirmed 1 at 2");
    assert!(ready(&mut changed).is_none(), "it is worked out");
    assert_eq!(shop.steps.work() - before, 1, "the promise that was made meanwhile");
    assert!(shop.steps.replan());
    let before = shop.steps.work();
    shop.steps.write();
    assert_eq!(shop.steps.work() - before, 1, "the same one, in the world that it made");
    shop.steps.settle().unwrap();
    let changed = changed.wait().unwrap();
    assert_eq!((changed.position, changed.changed.at_risk().len()), (3, 1_000));
    // Since when they are at risk is said in steps, before anybody sees it.
    let since = changed.world.at_risk_since(1).unwrap();
    assert_eq!(since.position, 3);
    shop.check();
}

/// What it was worked out from has changed: it is worked out anew, and who would change that again waits for it; nobody
/// else does.
#[test]
fn what_has_changed_meanwhile_is_seen() {
    let mut shop = Shop::new();
    let mut changed = shop.engine.change(net("A", vec![on_hand(0, 0), on_hand(1, 5)]));
    shop.write();
    let mut first = shop.one("O1", 0);
    shop.write();
    assert!(ready(&mut first).is_some(), "nobody waits for what may never be");
    assert!(shop.steps.replan());
    shop.write();
    assert!(ready(&mut changed).is_none(), "it did not know of the promise");
    let (mut waits, mut other) = (shop.one("O2", 1), shop.one("O3", 2));
    let mut part = shop.engine.cancel(cancel("", 1, None));
    shop.write();
    assert!(ready(&mut waits).is_none() && ready(&mut part).is_none(), "they wait");
    assert!(ready(&mut other).is_some(), "it has nothing to do with it");
    assert!(shop.steps.replan());
    shop.steps.settle().unwrap();
    let changed = changed.wait().unwrap();
    assert_eq!(changed.position, 3);
    assert_eq!(changed.changed.at_risk().into_iter().collect::<Vec<_>>(), [1]);
    assert_eq!(say(&waits.wait().unwrap()), "OnTime P3 confirmed 1 at 4");
    assert_eq!(say_change(part.wait()), "P1 cancelled 0 at 5");
    shop.check();
}

/// Whatever others do, it is done in the end: who would change what it is worked out from a second time waits.
#[test]
fn nobody_starves() {
    let mut shop = Shop::new();
    let mut changed = shop.engine.change(net("A", vec![on_hand(0, 9)]));
    shop.write();
    let mut rivals = Vec::new();
    for round in 0..4 {
        let mut rival = shop.one(&format!("R{round}"), 0);
        shop.write();
        assert_eq!(ready(&mut rival).is_some(), round == 0, "round {round}");
        if round == 0 {
            assert!(shop.steps.replan());
            shop.write();
            assert!(ready(&mut changed).is_none(), "it was lost");
        } else {
            rivals.push(rival);
        }
    }
    assert!(shop.steps.replan());
    shop.steps.settle().unwrap();
    assert_eq!(ready(&mut changed).unwrap().unwrap().position, 2);
    let rivals: Vec<_> = rivals.into_iter().map(|one| one.wait().unwrap().position).collect();
    assert_eq!(rivals, [3, 4, 5]);
    shop.check();
}

/// All promises of an order are confirmed in one entry; the writer says by which one in bounded steps, and nobody sees
/// it before it is said of all.
#[test]
fn a_step_of_many_promises_is_worked_out_beside_the_writer() {
    let mut shop = Shop::new();
    shop.promise(0..1_000, Some(3_600));
    let confirmed = shop.engine.many(of_order("O1", ManyStep::Confirm));
    shop.write();
    let mut other = shop.one("O2", 1_200);
    shop.write();
    assert!(ready(&mut other).is_some());
    assert!(shop.steps.replan());
    let mut n_turns = 0;
    loop {
        let before = shop.steps.work();
        shop.steps.write();
        n_turns += 1;
        assert!(shop.steps.work() - before <= 300, "turn {n_turns}");
        if shop.steps.hand_over() {
            break;
        }
        assert!(shop.engine.pin().reservation(1).unwrap().state != State::Confirmed);
    }
    assert_eq!(n_turns, 5, "joined, then four times 256");
    shop.steps.settle().unwrap();
    let confirmed = confirmed.wait().unwrap();
    assert_eq!((confirmed.position, confirmed.reservations.len()), (3, 1_000));
    for one in &confirmed.reservations {
        let past = confirmed.world.history(one);
        assert_eq!(
            past.last().map(|last| (last.position, last.state)),
            Some((3, State::Confirmed))
        );
    }
    shop.check();
    // They are no holds any more, whatever was noted of their ends.
    shop.hands.pass(7_200);
    shop.steps.settle().unwrap();
    assert!(shop.engine.pin().reservation(7).unwrap().state == State::Confirmed);
    // A few are the writer's own.
    let few = Selection::Numbers(vec![1, 2, 3]);
    let few = ManyCommand { selection: few, ..of_order("", ManyStep::Cancel) };
    let mut few = shop.engine.many(few);
    shop.write();
    assert!(ready(&mut few).is_some(), "nothing is worked out beside");
    shop.check();
}

/// A hold is confirmed that a step of many is about: that is worked out anew, and finds it.
#[test]
fn a_step_of_many_sees_each_promise_as_it_is() {
    let mut shop = Shop::new();
    shop.promise(0..100, Some(3_600));
    let mut confirmed = shop.engine.many(of_order("O1", ManyStep::Confirm));
    shop.write();
    let mut alone = shop.engine.confirm(confirm("", 5, None));
    shop.write();
    assert_eq!(say_change(ready(&mut alone).unwrap()), "P5 confirmed 1 at 2");
    shop.steps.settle().unwrap();
    let confirmed = ready(&mut confirmed).unwrap().unwrap();
    assert_eq!((confirmed.position, confirmed.reservations.len()), (3, 99));
    shop.check();
}

/// Who has gone is not worked for, and nobody waits for it.
#[test]
fn what_nobody_waits_for_is_not_done() {
    let mut shop = Shop::new();
    shop.promise(0..100, Some(3_600));
    let gone = shop.engine.change(net("A", vec![on_hand(0, 3)]));
    let gone_too = shop.engine.many(of_order("O1", ManyStep::Cancel));
    let mut stays = shop.engine.change(net("B", vec![on_hand(1, 3)]));
    shop.write();
    drop((gone, gone_too));
    shop.steps.settle().unwrap();
    assert_eq!(ready(&mut stays).unwrap().unwrap().position, 2, "the others were not done");
    let again = shop.engine.change(net("A", vec![on_hand(0, 3)]));
    shop.steps.settle().unwrap();
    assert_eq!(again.wait().unwrap().position, 3, "an error may be tried again");
    shop.check();
}

/// A preview that nobody waits for stops: it looks at each change and at each account.
#[test]
fn what_is_only_asked_for_stops_where_nobody_waits() {
    let mut shop = Shop::new();
    shop.promise(0..100, None);
    let changes: Vec<_> = (0..1_000).map(|at| on_hand(at, 0)).collect();
    let preview = |patience: &Patience| shop.engine.preview(changes.clone(), patience);
    assert!(preview(&Patience::of(2_500)).is_err(), "more than twice a change");
    let (patience, waiting) = Patience::until_dropped();
    drop(waiting);
    assert!(preview(&patience).is_err());
    let seen = preview(&Patience::endless()).unwrap().unwrap();
    assert_eq!(seen.changed.at_risk().len(), 100);
    shop.check();
}

/// What is long is done in the order in which it came; a repetition gets the first answer, another body under its id
/// none.
#[test]
fn what_is_long_keeps_its_order() {
    let mut shop = Shop::new();
    let all: Vec<_> = (0..5).map(|at| shop.engine.change(net("", vec![on_hand(0, at)]))).collect();
    let mut twice: Vec<_> =
        (0..2).map(|_| shop.engine.change(net("A", vec![on_hand(1, 1)]))).collect();
    let mut other = shop.engine.change(net("A", vec![on_hand(1, 2)]));
    shop.steps.settle().unwrap();
    let positions: Vec<_> = all.into_iter().map(|one| one.wait().unwrap().position).collect();
    assert_eq!(positions, [1, 2, 3, 4, 5]);
    let twice: Vec<_> = twice.iter_mut().map(|one| ready(one).unwrap().unwrap().position).collect();
    assert_eq!(twice, [6, 6]);
    let other = ready(&mut other).unwrap();
    assert!(matches!(other, Err(Error::RequestIdReused { .. })), "{other:?}");
    shop.check();
}

/// Who takes from what is noted beside the writer before anybody asks for it, after a start too: a shortage does not find a
/// thousand promises that are still to be noted.
#[test]
fn who_takes_from_what_is_noted_beside_the_writer() {
    let mut shop = Shop::new();
    shop.promise(0..1_100, None);
    let put_at_risk = shop.engine.change(net("A", vec![on_hand(0, 0)]));
    shop.steps.settle().unwrap();
    put_at_risk.wait().unwrap();
    let (engine, mut steps) = open(&shop.first, &shop.journal, &shop.hands);
    steps.write();
    assert!(steps.replan(), "it is noted beside");
    let before = steps.work();
    // Where somebody is at risk, whoever ships is looked at with all who take from the same.
    let mut shipped = engine.fulfil(FulfilCommand {
        request_id: String::new(),
        which: Which::Number(2),
        quantity: None,
        shipped_at: None,
        deadline: None,
    });
    steps.settle().unwrap();
    assert!(ready(&mut shipped).unwrap().is_ok());
    assert!(steps.work() - before < 10, "{}", steps.work() - before);
    assert!(!steps.replan(), "so little is not noted anew");
    assert_eq!(audit::divergences(&engine.pin()), [], "L2");
}

/// The clock leaps over a thousand holds: they are moved beside the writer, those made meanwhile with them, and each
/// ends when it should.
#[test]
fn a_leap_over_many_holds_is_worked_out_beside_the_writer() {
    let mut shop = Shop::new();
    shop.promise(0..1_000, Some(600));
    let ends = |shop: &Shop, number: u64| match shop.engine.pin().reservation(number).unwrap().state
    {
        State::Held { until } => until / 1_000_000 - Hands::at(0).as_second(),
        State::Confirmed | State::Fulfilled | State::Cancelled | State::Expired => 0,
    };
    assert_eq!(ends(&shop, 1), 660);
    shop.hands.jump(2_060);
    let before = shop.steps.work();
    shop.write();
    let mut meanwhile = shop.ask(1_200..1_201, Some(600));
    shop.write();
    assert!(ready(&mut meanwhile).is_some(), "it does not wait");
    assert!(shop.steps.replan());
    shop.write();
    assert!(shop.steps.work() - before < 10, "{}", shop.steps.work() - before);
    assert_eq!((ends(&shop, 1), ends(&shop, 1_000)), (2_660, 2_660));
    assert_eq!(ends(&shop, 1_001), 2_660, "it was made before the leap");
    shop.check();
    shop.hands.pass(599);
    shop.steps.settle().unwrap();
    assert_eq!(ends(&shop, 1), 2_660);
    shop.hands.pass(1);
    shop.steps.settle().unwrap();
    while shop.engine.pin().reservation(1_001).unwrap().state != State::Expired {
        let before = shop.steps.work();
        shop.steps.write();
        assert!(shop.steps.work() - before <= limits::BATCH_MAX as u64 + 1_000);
        shop.sync();
    }
    assert!(shop.engine.pin().reservations_from(0).all(|one| one.state == State::Expired));
    shop.check();
}

/// The writer's part of a swap is the same whatever there is; who would change something waits for a moment, questions and
/// repetitions do not.
#[test]
fn a_swap_is_finished_beside_the_writer() {
    let mut shop = Shop::new();
    shop.promise(0..1_000, None);
    let cheaper = stock();
    let refresh = Refresh::begin(&shop.engine.pin(), cheaper).unwrap();
    let mut before_it = shop.engine.change(net("A", vec![on_hand(7, 0)]));
    let mut swapped = shop.engine.swap(Box::new(refresh), None);
    shop.write();
    let mut meanwhile = shop.one("O2", 1_200);
    shop.write();
    assert!(ready(&mut meanwhile).is_some(), "it does not wait");
    // The change of planning data first; then so little is left that nothing is changed until the swap is done.
    let before = shop.steps.work();
    while ready(&mut before_it).is_none() {
        assert!(shop.steps.replan());
        shop.steps.write();
        shop.write();
    }
    let mut waits = shop.one("O3", 1_201);
    let mut told = shop.engine.find("A", 1);
    shop.write();
    assert!(ready(&mut waits).is_none() && ready(&mut swapped).is_none());
    assert!(ready(&mut told).is_some(), "who only asks does not wait");
    shop.steps.settle().unwrap();
    let swapped = ready(&mut swapped).unwrap().unwrap();
    assert_eq!(swapped.position, 4);
    assert_eq!(ready(&mut waits).unwrap().unwrap().position, 5);
    assert!(shop.steps.work() - before < 20, "{}", shop.steps.work() - before);
    assert_eq!(audit::divergences(&shop.engine.pin()), [], "L2");
}

/// The confirmation of a thousand holds, and a change that waits for it.
struct Long {
    confirmed: Answer<promised::engine::ManyOutcome>,
    changed: Answer<promised::engine::NetOutcome>,
}

impl Long {
    fn ask(shop: &Shop) -> Self {
        let confirm = of_order("O1", ManyStep::Confirm);
        let confirmed = shop.engine.many(ManyCommand { request_id: "C".to_string(), ..confirm });
        Self { confirmed, changed: shop.engine.change(net("N", vec![on_hand(1_200, 3)])) }
    }

    /// That neither was done, for this node does not lead.
    #[track_caller]
    fn is_refused(&mut self) {
        assert!(matches!(ready(&mut self.confirmed), Some(Err(Error::NotLeader))));
        assert!(matches!(ready(&mut self.changed), Some(Err(Error::NotLeader))));
    }

    #[track_caller]
    fn is_done(&mut self, position: u64) {
        let confirmed = ready(&mut self.confirmed).unwrap().unwrap();
        assert_eq!((confirmed.position, confirmed.reservations.len()), (position, 1_000));
        assert_eq!(ready(&mut self.changed).unwrap().unwrap().position, position + 1);
    }
}

/// Issue 24 item 2: of what is worked out beside the writer of a node that stops to lead nothing comes into the journal,
/// wherever it is by then; the same commands are done where it leads again.
#[test]
fn what_is_worked_out_beside_is_dropped_where_a_node_stops_to_lead() {
    // Sent out; worked out; joined and in parts in its place; all of it; handed over to the journal.
    for n_turns in 0..7 {
        let mut shop = Shop::new();
        shop.promise(0..1_000, Some(3_600));
        let mut long = Long::ask(&shop);
        shop.steps.write();
        for turn in 0..n_turns {
            if turn == 0 {
                assert!(shop.steps.replan());
            } else {
                shop.steps.write();
            }
        }
        let down = shop.engine.step_down();
        shop.steps.settle().unwrap();
        assert_eq!(down.wait().unwrap(), 1, "after {n_turns} turns");
        long.is_refused();
        assert_eq!(shop.engine.pin().position, 1);
        let mut other = shop.one("O2", 1_300);
        shop.steps.settle().unwrap();
        assert!(matches!(ready(&mut other), Some(Err(Error::NotLeader))));
        shop.check();
        let leads = shop.engine.lead(7);
        shop.steps.settle().unwrap();
        assert_eq!(leads.wait().unwrap(), 1);
        let mut again = Long::ask(&shop);
        shop.steps.settle().unwrap();
        again.is_done(2);
        shop.check();
    }
}

/// The same where it leads again before that comes back; what is asked for then waits for its turn.
#[test]
fn what_was_sent_out_before_a_node_stopped_to_lead_comes_back_for_nothing() {
    let mut shop = Shop::new();
    shop.promise(0..1_000, Some(3_600));
    let mut long = Long::ask(&shop);
    shop.steps.write();
    let down = shop.engine.step_down();
    shop.write();
    down.wait().unwrap();
    assert!(matches!(ready(&mut long.changed), Some(Err(Error::NotLeader))));
    let leads = shop.engine.lead(7);
    shop.write();
    leads.wait().unwrap();
    let mut again = Long::ask(&shop);
    let mut other = shop.one("O2", 1_300);
    shop.write();
    assert_eq!(say(&ready(&mut other).unwrap().unwrap()), "OnTime P1001 confirmed 1 at 2");
    assert!(ready(&mut long.confirmed).is_none() && ready(&mut again.confirmed).is_none());
    assert!(shop.steps.replan());
    shop.steps.settle().unwrap();
    assert!(matches!(ready(&mut long.confirmed), Some(Err(Error::NotLeader))));
    again.is_done(3);
    shop.check();
}

/// A swap that a node was about to make is not made where it leads no more; nothing is kept waiting for it.
#[test]
fn a_swap_is_dropped_where_a_node_stops_to_lead() {
    for n_turns in 0..4 {
        let mut shop = Shop::new();
        shop.promise(0..100, None);
        let refresh = Refresh::begin(&shop.engine.pin(), stock()).unwrap();
        let mut swap = shop.engine.swap(Box::new(refresh), None);
        shop.steps.write();
        for _ in 0..n_turns {
            shop.steps.replan();
            shop.steps.write();
        }
        let down = shop.engine.step_down();
        shop.steps.settle().unwrap();
        down.wait().unwrap();
        assert!(matches!(ready(&mut swap), Some(Err(Error::NotLeader))), "after {n_turns} turns");
        assert_eq!((shop.engine.pin().position, shop.engine.pin().generation()), (1, 1));
        let leads = shop.engine.lead(7);
        shop.steps.settle().unwrap();
        leads.wait().unwrap();
        let mut other = shop.one("O2", 1_300);
        shop.steps.settle().unwrap();
        assert_eq!(say(&ready(&mut other).unwrap().unwrap()), "OnTime P101 confirmed 1 at 2");
        shop.check();
    }
}
