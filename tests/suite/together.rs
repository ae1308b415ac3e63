//! Lists of changes that wait together are worked out on one fork of the ledger (issue 19): each has the answer, the entry
//! or the refusal that it has where they come one by one, and a replay of the entries makes the same world.

use super::{
    change_random::change,
    engine_support::{Hands, command, is_what_a_replay_makes, line},
    ledger_model::snapshot,
    simulation::ready,
    worlds::Dice,
};
use promised::{
    change::Change,
    engine::{Answer, Engine, Error, NetCommand, NetOutcome, Steps},
    journal::{Journal, Memory},
    ledger::{Entry, digest},
    promising::request::OrderLine,
    snapshot::Snapshot,
};
use std::{collections::BTreeSet, sync::Arc};

const N_ITEMS: i64 = 12;

/// Lists of a seed.
const N_LISTS: usize = 60;

fn stock() -> Arc<Snapshot> {
    let rows = |of: &dyn Fn(i64) -> String| -> String {
        (0..N_ITEMS).map(|at| format!("\n{}", of(at))).collect()
    };
    let items = format!("item{}", rows(&|at| format!("I{at}")));
    let on_hand = format!("item,location,quantity{}", rows(&|at| format!("I{at},BER,10")));
    let supplies = "supply,type,item,location,date,quantity";
    let supply = |at: i64| format!("S{at},purchase_order,I{at},BER,2026-11-25,5");
    let supplies = format!("{supplies}{}", rows(&supply));
    let tables = [
        ("items", items.as_str()),
        ("locations", "location\nBER"),
        ("on_hand", on_hand.as_str()),
        ("supplies", supplies.as_str()),
    ];
    Arc::new(snapshot(&tables))
}

/// A change of anything, be it one that cannot be made.
fn one(dice: &mut Dice) -> Change {
    let item = ("item", format!("I{}", dice.roll(0, N_ITEMS)));
    let place = ("location", "BER".to_string());
    let date = ("date", format!("2026-11-{}", dice.roll(23, 28)));
    let supply = ("supply", format!("S{}", dice.roll(0, N_ITEMS + 6)));
    let demand = ("demand", format!("O{}/1", dice.roll(0, 20)));
    let (few, many) = (dice.roll(0, 6).to_string(), dice.roll(0, 12).to_string());
    let of = |kind: &str| ("change", kind.to_string());
    let kind = ("type", "purchase_order".to_string());
    change(&match dice.roll(0, 9) {
        0 | 1 => vec![of("on_hand_set"), item, place, ("quantity", many)],
        2 => vec![of("on_hand_adjusted"), item, place, ("quantity", few)],
        3 => vec![of("supply_moved"), supply, date],
        4 => vec![of("supply_cut"), supply, ("quantity", few)],
        5 => vec![of("supply_cancelled"), supply],
        6 => vec![of("supply_added"), supply, kind, item, place, date, ("quantity", many)],
        7 => vec![of("demand_created"), demand, item, place, date, ("quantity", few)],
        8 => vec![of("demand_shipped"), demand],
        _ => vec![of("demand_cancelled"), demand],
    })
}

fn list(at: usize, dice: &mut Dice) -> NetCommand {
    let changes = (0..dice.roll(1, 4)).map(|_| one(dice)).collect();
    // Some are sent twice, some have another one's id, and some say where of their source they are.
    let request_id = match dice.roll(0, 3) {
        0 => String::new(),
        1 => format!("N{}", dice.roll(0, 5)),
        _ => format!("L{at}"),
    };
    let is_of_source = dice.one_in(3);
    let position = is_of_source.then(|| format!("p-{}", dice.roll(0, 99)).into());
    let source = is_of_source.then(|| "erp".into());
    NetCommand {
        request_id,
        changes,
        source,
        known_at: None,
        position,
        after: None,
        deadline: None,
    }
}

struct Shop {
    first: Arc<Snapshot>,
    journal: Memory,
    hands: Hands,
    engine: Engine,
    steps: Steps,
}

impl Shop {
    /// With promises on each item, the last of which no stock is left.
    fn new(first: &Arc<Snapshot>) -> Self {
        let (journal, hands) = (Memory::default(), Hands::default());
        hands.set(60);
        let (engine, mut steps) = open(first, &journal, &hands);
        for at in 0..20 {
            let mut asked = command("", &[]);
            let (order, item) = (format!("O{at}"), format!("I{}", at % N_ITEMS));
            let line = OrderLine { order, line: "1".to_string(), ..line(&item, 3 + at % 3) };
            asked.request.lines = vec![line];
            let answer = engine.promise(asked);
            steps.settle().unwrap();
            answer.wait().unwrap();
        }
        Self { first: Arc::clone(first), journal, hands, engine, steps }
    }

    fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let snapshot = &self.engine.pin().snapshot;
        let read = self.journal.reader().read_from(1, &mut |record| {
            entries.push((*record.entry(snapshot)?).clone());
            Ok(())
        });
        read.unwrap();
        entries
    }

    #[track_caller]
    fn check(&self) {
        let (again, _) = open(&self.first, &self.journal, &self.hands);
        is_what_a_replay_makes(&self.engine.pin(), &again.pin());
    }
}

fn open(first: &Arc<Snapshot>, journal: &Memory, hands: &Hands) -> (Engine, Steps) {
    Engine::stepped(Arc::clone(first), Box::new(journal.clone()), hands.config()).unwrap()
}

fn say(answer: Result<NetOutcome, Error>) -> String {
    match answer {
        Ok(done) => format!("{} {:?}", done.position, done.changed),
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn lists_worked_out_together_are_what_they_are_one_by_one() {
    let (mut n_done, mut n_refused, mut n_at_risk) = (0, 0, 0);
    for seed in 0..40 {
        let first = stock();
        let (mut alone, mut together) = (Shop::new(&first), Shop::new(&first));
        let lists = || {
            let dice = &mut Dice(seed);
            (0..N_LISTS).map(|at| list(at, dice)).collect::<Vec<_>>()
        };
        let one_by_one = lists().into_iter().map(|list| {
            let answer = alone.engine.change(list);
            alone.steps.settle().unwrap();
            say(answer.wait())
        });
        let one_by_one: Vec<_> = one_by_one.collect();
        let waiting: Vec<Answer<_>> =
            lists().into_iter().map(|list| together.engine.change(list)).collect();
        together.steps.settle().unwrap();
        let at_once: Vec<_> = waiting.into_iter().map(|answer| say(answer.wait())).collect();
        assert_eq!(at_once, one_by_one, "{seed}");
        assert_eq!(together.entries(), alone.entries(), "{seed}");
        let worlds = [&alone, &together].map(|shop| digest::of(&shop.engine.pin()));
        assert_eq!(worlds[0], worlds[1], "{seed}");
        alone.check();
        together.check();
        let done: BTreeSet<_> = at_once.iter().filter(|said| said.contains("NetChange")).collect();
        n_done += done.len();
        n_refused += at_once.len() - done.len();
        n_at_risk += together.engine.pin().reservations_from(0).filter(|one| one.at_risk).count();
    }
    assert!(500 < n_done && 500 < n_refused && 40 < n_at_risk, "{n_done} {n_refused} {n_at_risk}");
}

fn on_hand(at: i64, quantity: i64) -> Change {
    let (item, place) = (("item", format!("I{at}")), ("location", "BER".to_string()));
    let quantity = ("quantity", quantity.to_string());
    change(&[("change", "on_hand_set".to_string()), item, place, quantity])
}

fn net(changes: Vec<Change>) -> NetCommand {
    let request_id = String::new();
    let (source, known_at, position, after, deadline) = (None, None, None, None, None);
    NetCommand { request_id, changes, source, known_at, position, after, deadline }
}

/// Those that wait when the first is out are worked out in one go; who goes away meanwhile takes his list with him, and
/// a promise on what one of them is about has them all worked out anew.
#[test]
fn who_goes_away_and_what_changes_meanwhile() {
    let mut shop = Shop::new(&stock());
    let mut first = shop.engine.change(net(vec![on_hand(0, 9)]));
    let gone = shop.engine.change(net(vec![on_hand(1, 1)]));
    let mut refused = shop.engine.change(net(vec![on_hand(2, 1), on_hand(2, 2)]));
    let mut last = shop.engine.change(net(vec![on_hand(3, 0)]));
    shop.steps.write();
    assert!(shop.steps.replan(), "the first is out");
    shop.steps.write();
    // On what the last one is about.
    let mut asked = command("", &[]);
    asked.request.lines = vec![OrderLine { order: "NEW".to_string(), ..line("I3", 1) }];
    let mut promised = shop.engine.promise(asked);
    shop.steps.write();
    drop(gone);
    assert!(shop.steps.replan(), "three are out");
    while shop.steps.sync().unwrap() {}
    assert!(ready(&mut first).unwrap().is_ok() && ready(&mut promised).unwrap().is_ok());
    assert!(ready(&mut refused).is_none() && ready(&mut last).is_none());
    shop.steps.settle().unwrap();
    assert!(matches!(ready(&mut refused), Some(Err(Error::Faulty(_)))));
    let last = ready(&mut last).unwrap().unwrap();
    let of_new = last.world.reservations_of("NEW").next().unwrap();
    assert!(last.changed.at_risk().contains(&of_new.number), "it was seen");
    assert_eq!(last.position, 23, "twenty promises, the first list, the new promise, the last");
    shop.check();
}
