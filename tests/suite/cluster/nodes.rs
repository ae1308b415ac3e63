//! Issue 24 items 2, 5, 6 and 8: real engines with real threads share one order in memory, each with a journal of its own in
//! a directory: one leads, the others have what it promised, and the next leader goes on where it stopped.

use crate::{
    engine_support::{command, say},
    ledger_model::snapshot,
};
use promised::{
    engine::{
        self, Config, Engine, Error,
        node::{About, Links, Member, Members, Node, NodeReport, Reported},
    },
    journal::{
        Chain, Local, codec,
        shared::{Head, Leader, Order, Reply, Shared, memory::MemoryOrder},
    },
    ledger::{Note, audit, digest},
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Nobody tells who lives; the head has to stand still.
struct NoLinks;

impl Links for NoLinks {
    fn watch(&self, _node: Option<&Member>) {}

    fn has_broken(&self) -> bool {
        false
    }
}

pub(super) struct One {
    pub(super) name: &'static str,
    pub(super) engine: Engine,
    pub(super) node: Node,
    pub(super) shared: Shared,
}

/// Enough for everybody.
const TABLES: &[(&str, &str)] = &[
    ("items", "item\nPUMP\nMOTOR"),
    ("locations", "location\nBER"),
    ("on_hand", "item,location,quantity\nPUMP,BER,1000\nMOTOR,BER,4"),
];

pub(super) const NAMES: [&str; 3] = ["n1", "n2", "n3"];

pub(super) fn begun() -> MemoryOrder {
    let order = MemoryOrder::new();
    let head = Head { epoch: 0, position: 0, chain: Chain::BEGIN, leader: None };
    assert_eq!(order.begin(&head), Reply::Done);
    let member = |node: &&str| Member { node: node.to_string(), peer: String::new(), voter: true };
    let nodes = NAMES.iter().map(member).collect();
    let members = Members { version: 1, ledger: "l".to_string(), nodes, begins_empty: false };
    assert_eq!(members.begin(&order), Reply::Done);
    order
}

fn start(order: &MemoryOrder, name: &'static str, start: u64, dir: &Path) -> One {
    start_on(order, (name, start), Local::open(&dir.join(name)).unwrap().0)
}

pub(super) fn start_on(order: &MemoryOrder, of: (&'static str, u64), local: Local) -> One {
    start_with(order, of, (local, about(of.0)))
}

/// What a node is told of itself that must not end.
fn about(name: &'static str) -> About {
    About {
        address: format!("{name}:1"),
        duties: Vec::new(),
        disk: Box::new(|| (1 << 40, 1 << 40)),
        tidy: Box::new(|_| ()),
        disown: Box::new(move |position| panic!("{name} differs at {position}")),
        order_bytes: Box::new(|| 0),
        holds: Box::new(|_| true),
        fetch: Box::new(|_| true),
        on_end: Box::new(move |why| panic!("{name} ended: {why}")),
    }
}

/// Entries from one position at which nodes compare to the next.
const COMPARED_EVERY: u64 = 20;

fn start_with(
    order: &MemoryOrder,
    (name, start): (&'static str, u64),
    (local, about): (Local, About),
) -> One {
    let me = Leader { node: name.into(), start };
    let order = Arc::new(order.clone());
    let shared = Shared::new(order, me, Box::new(local), Arc::new(engine::node::steady));
    shared.compare_every(COMPARED_EVERY);
    let config = Config { follows: true, checkpoint_every: 20, ..Config::new() };
    let engine = Engine::start(Arc::new(snapshot(TABLES)), Box::new(shared.clone()), config);
    let engine = engine.unwrap();
    let node = Node::start(engine.clone(), shared.clone(), Arc::new(NoLinks), about);
    One { name, engine, node, shared }
}

/// Waits until something is so.
#[track_caller]
pub(super) fn until<T>(what: &str, mut is_so: impl FnMut() -> Option<T>) -> T {
    let by = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(found) = is_so() {
            return found;
        }
        assert!(Instant::now() < by, "it never came: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub(super) fn leader(all: &[One]) -> usize {
    until("a leader", || all.iter().position(|one| one.engine.is_leading()))
}

/// Promises at whoever leads, as a client that retries.
pub(super) fn promise(all: &[One], id: &str, item: &str, quantity: i64) -> String {
    until("a promise", || {
        let at = leader(all);
        match all[at].engine.promise(command(id, &[(item, quantity)])).wait() {
            Ok(outcome) => Some(say(&outcome)),
            Err(Error::NotLeader | Error::OutcomeUnknown | Error::Stopped) => None,
            Err(error) => panic!("{error}"),
        }
    })
}

/// All have the same, at one position.
pub(super) fn all_have(all: &[One], position: u64) {
    for one in all {
        until(one.name, || (one.engine.pin().position >= position).then_some(()));
    }
    let digests: Vec<_> = all.iter().map(|one| digest::of(&one.engine.pin())).collect();
    assert!(digests.iter().all(|digest| *digest == digests[0]), "{digests:?}");
    for one in all {
        assert_eq!(audit::divergences(&one.engine.pin()), []);
        assert_eq!(audit::overdrawn(&one.engine.pin()), []);
    }
}

pub(super) fn end(all: Vec<One>) {
    for mut one in all {
        one.node.hand_over();
        one.engine.stop();
    }
}

#[test]
fn one_leads_and_the_others_have_what_it_promised() {
    let (order, dir) = (begun(), tempfile::tempdir().unwrap());
    let all: Vec<_> = NAMES.map(|name| start(&order, name, 1, dir.path())).into();
    let first = promise(&all, "a", "PUMP", 1);
    assert_eq!(first, "OnTime P1 confirmed 1 at 1");
    all_have(&all, 1);
    // One that follows refuses commands, and does nothing by itself.
    until("a refusal", || {
        // Who leads may change on a machine that is short of time.
        let other = all.iter().find(|one| !one.engine.is_leading())?;
        match other.engine.promise(command("a", &[("PUMP", 1)])).wait() {
            Err(Error::NotLeader) => Some(()),
            Ok(_) => None,
            Err(error) => panic!("{error}"),
        }
    });
    // A repetition gets its first answer.
    assert_eq!(promise(&all, "a", "PUMP", 1), first);
    for n in 0..60 {
        promise(&all, &format!("c{n}"), "PUMP", 1);
    }
    all_have(&all, order.true_head().unwrap().position);
    // They compare at some positions, and are alike.
    until("digests of one position on all nodes", || {
        let digests = |name: &str| NodeReport::read(&order, name).unwrap().map(|kept| kept.digests);
        let (first, others) = (digests("n1")?, [digests("n2")?, digests("n3")?]);
        first.iter().find(|one| others.iter().all(|other| other.contains(one))).map(|_| ())
    });
    end(all);
}

/// Issue 24 item 2, scale-out.md section 6: a node that has another state than most says so and ends, be it the leader.
#[test]
fn a_node_that_has_another_state_than_most_ends_and_is_to_get_all_anew() {
    let (order, dir) = (begun(), tempfile::tempdir().unwrap());
    let (tell, told) = std::sync::mpsc::channel();
    let disowned = tell.clone();
    let about = About {
        disown: Box::new(move |position| disowned.send(format!("differs at {position}")).unwrap()),
        on_end: Box::new(move |why| tell.send(why).unwrap()),
        ..about("n1")
    };
    let local = Local::open(&dir.path().join("n1")).unwrap().0;
    let all = vec![start_with(&order, ("n1", 1), (local, about))];
    for n in 0..COMPARED_EVERY {
        promise(&all, &format!("c{n}"), "PUMP", 1);
    }
    let own = until("its digest", || {
        NodeReport::read(&order, "n1").unwrap().and_then(|kept| kept.digests.last().cloned())
    });
    // The two others are nobody: they say what the test says.
    let said = |node: &str, digest: &str| {
        let digests = vec![(own.0, digest.to_string())];
        let kept = NodeReport { start: 1, count: 1, digests, ..NodeReport::default() };
        until("a word", || (kept.tell(&order, node) == Ok(Reported::Heard)).then_some(()));
    };
    said("n2", &own.1);
    said("n3", "other");
    // One that differs is not most: it goes on.
    assert_eq!(promise(&all, "more", "PUMP", 1).split(' ').next(), Some("OnTime"));
    said("n2", "other");
    let by = Duration::from_secs(60);
    assert_eq!(told.recv_timeout(by).unwrap(), format!("differs at {}", own.0));
    assert!(told.recv_timeout(by).unwrap().contains("another state than this one"));
    end(all);
}

/// Issue 24, scale-out.md section 6: a node that cannot read what a later version writes says so, and neither follows nor
/// leads.
#[test]
fn a_node_ends_that_cannot_read_what_a_later_version_writes() {
    let (order, dir) = (begun(), tempfile::tempdir().unwrap());
    // A later version leads: its record begins with the next number, and has a check sum that fits.
    let head = order.true_head().unwrap();
    let leader = Some(Leader { node: "n9".into(), start: 1 });
    let led = Head { epoch: 1, leader, ..head.clone() };
    assert_eq!(order.claim(&head, &led), Reply::Done);
    let next = Head { position: 3, chain: Chain::after(b"3"), ..led.clone() };
    let mut record = vec![2, 7, 7, 7];
    record.extend_from_slice(&codec::check_sum(&record));
    assert_eq!(order.commit(&led, &next, &record), Reply::Done);
    let (tell, told) = std::sync::mpsc::channel();
    let about = About { on_end: Box::new(move |why| tell.send(why).unwrap()), ..about("n1") };
    let local = Local::open(&dir.path().join("n1")).unwrap().0;
    let all = vec![start_with(&order, ("n1", 1), (local, about))];
    let why = told.recv_timeout(Duration::from_secs(60)).unwrap();
    assert!(why.contains("a later version of promised"), "{why}");
    assert!(why.contains("update this node"), "{why}");
    // It does not lead, however long nobody else is heard.
    assert_eq!(order.true_head().unwrap(), next);
    assert!(!all[0].engine.is_leading());
    end(all);
}

#[test]
fn handing_over_waits_for_nobody_and_the_next_leader_knows_first_answers() {
    let (order, dir) = (begun(), tempfile::tempdir().unwrap());
    let mut all: Vec<_> = NAMES.map(|name| start(&order, name, 1, dir.path())).into();
    let first = promise(&all, "a", "PUMP", 1);
    let at = leader(&all);
    let epoch = order.true_head().unwrap().epoch;
    let mut old = all.remove(at);
    old.node.hand_over();
    assert!(!old.engine.is_leading());
    assert_eq!(promise(&all, "a", "PUMP", 1), first);
    assert!(epoch < order.true_head().unwrap().epoch);
    assert_eq!(promise(&all, "b", "MOTOR", 1), "OnTime P2 confirmed 1 at 2");
    // The old one comes back on its own journal, and follows.
    old.engine.stop();
    let name = old.name;
    drop(old);
    all.push(start(&order, name, 2, dir.path()));
    all_have(&all, 2);
    end(all);
}

/// How far what a leader does by itself has come is known to whoever leads next, and to one that begins from a checkpoint.
#[test]
fn what_a_leader_does_by_itself_goes_on_at_the_next_one() {
    let (order, dir) = (begun(), tempfile::tempdir().unwrap());
    let mut all: Vec<_> = NAMES.map(|name| start(&order, name, 1, dir.path())).into();
    let note = || vec![Note::Cursor { of: "webhook shop".into(), at: "7 1".into() }];
    until("a note", || all[leader(&all)].engine.note(note()).wait().ok());
    for n in 0..60 {
        promise(&all, &format!("c{n}"), "PUMP", 1);
    }
    all_have(&all, order.true_head().unwrap().position);
    let mut old = all.remove(leader(&all));
    old.node.hand_over();
    old.engine.stop();
    let name = old.name;
    drop(old);
    all.push(start(&order, name, 2, dir.path()));
    all_have(&all, order.true_head().unwrap().position);
    for one in &all {
        assert_eq!(&*one.engine.pin().cursors()["webhook shop"], "7 1", "{}", one.name);
    }
    end(all);
}

#[test]
fn a_leader_that_was_deposed_answers_nothing_and_takes_back_what_nobody_has() {
    let (order, dir) = (begun(), tempfile::tempdir().unwrap());
    let all: Vec<_> = NAMES.map(|name| start(&order, name, 1, dir.path())).into();
    promise(&all, "a", "PUMP", 1);
    all_have(&all, 1);
    let (mut n, mut n_refused) = (0, 0);
    while n_refused < 3 {
        n += 1;
        assert!(n < 50, "nobody is ever refused");
        // Somebody else claims, as if this one had stood still; nobody can say when it finds out.
        let stranger = || {
            let head = order.true_head().unwrap();
            let leader = Some(Leader { node: "n9".into(), start: n });
            let next = Head { epoch: head.epoch + 1, leader, ..head.clone() };
            order.claim(&head, &next) == Reply::Done
        };
        let at = leader(&all);
        until("a claim", || stranger().then_some(()));
        let position = order.true_head().unwrap().position;
        let id = format!("b{n}");
        let answer = all[at].engine.promise(command(&id, &[("PUMP", 1)])).wait();
        match answer {
            Err(Error::NotLeader) => {
                n_refused += 1;
                assert!(all[at].engine.pin().position <= position + 1);
            }
            // On a slow machine the stranger may have been taken for gone by then.
            Ok(_) => (),
            Err(error) => panic!("{error}"),
        }
        // The stranger does nothing more: it is taken for gone, and what was refused is promised once.
        let said = promise(&all, &id, "PUMP", 1);
        assert_eq!(said, format!("OnTime P{} confirmed 1 at {}", n + 1, position + 1));
        all_have(&all, position + 1);
    }
    end(all);
}
