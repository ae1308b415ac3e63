//! Three nodes, each with a journal on a disk that forgets, and what can happen to them.

use crate::{disk::Disk, ledger_book::TABLES, ledger_model::snapshot, simulation::Random};
use promised::{
    journal::{
        Batch, Chain, Error, Journal,
        shared::{
            Append, CopyFault, Ended, Head, HeadAttempt, Leader, Order as _, Reply, Shared,
            memory::{MemoryOrder, NetworkFaults},
        },
    },
    ledger::{Entry, Fact, RequestStamp, Stamp, Told},
    snapshot::Snapshot,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

/// What happened, added up.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub acknowledged: usize,
    pub refused: usize,
    pub in_doubt: usize,
    pub claims: usize,
    pub crashes: usize,
    /// Leaders that found in the middle of a commit that they are none.
    pub deposed: usize,
    /// Commits that were done, and found to be so when somebody else led already.
    pub late: usize,
    /// Records in parts.
    pub large: usize,
    /// Records that the order has forgotten.
    pub forgotten: usize,
    /// Nodes that had to begin anew from another one.
    pub from_peers: usize,
    pub resigned: usize,
}

impl Seen {
    pub fn add(&mut self, other: &Self) {
        self.acknowledged += other.acknowledged;
        self.refused += other.refused;
        self.in_doubt += other.in_doubt;
        self.claims += other.claims;
        self.crashes += other.crashes;
        self.deposed += other.deposed;
        self.late += other.late;
        self.large += other.large;
        self.forgotten += other.forgotten;
        self.from_peers += other.from_peers;
        self.resigned += other.resigned;
    }
}

struct Node {
    name: String,
    start: u64,
    disk: Disk,
    /// Nothing while it is down.
    shared: Option<Shared>,
    append: Option<(Append, Vec<String>)>,
    claim: Option<HeadAttempt>,
    /// Up to where its own journal is durable.
    synced: u64,
}

pub struct Sim {
    random: Random,
    pub order: MemoryOrder,
    nodes: Vec<Node>,
    snapshot: Snapshot,
    next_id: u64,
    /// What was acknowledged, at which position.
    acknowledged: BTreeMap<String, u64>,
    /// What was answered with "nothing was done".
    refused: BTreeSet<String>,
    pub seen: Seen,
}

fn begun() -> Head {
    Head { epoch: 0, position: 0, chain: Chain::BEGIN, leader: None }
}

impl Node {
    fn open(&mut self, order: &MemoryOrder) {
        let (local, _) = self.disk.open().expect("a crash never makes a journal unreadable");
        self.start += 1;
        self.synced = local.position();
        let me = Leader { node: self.name.as_str().into(), start: self.start };
        let steady = Arc::new(|| Duration::ZERO);
        self.shared = Some(Shared::new(Arc::new(order.clone()), me, Box::new(local), steady));
    }
}

impl Sim {
    pub fn new(seed: u64) -> Self {
        let disk = |n: u64| Disk::seeded(seed ^ (n << 32));
        let nodes = (0..3).map(|n| Node {
            name: format!("n{n}"),
            start: 0,
            disk: disk(n),
            shared: None,
            append: None,
            claim: None,
            synced: 0,
        });
        let order = MemoryOrder::with(NetworkFaults::default(), seed);
        assert_eq!(order.begin(&begun()), Reply::Done);
        order.set_faults(NetworkFaults::MANY);
        Self {
            random: Random(seed ^ 0xc1u64),
            order,
            nodes: nodes.collect(),
            snapshot: snapshot(TABLES),
            next_id: 0,
            acknowledged: BTreeMap::new(),
            refused: BTreeSet::new(),
            seen: Seen::default(),
        }
    }

    pub fn step(&mut self) {
        let n = self.random.below(3) as usize;
        if self.nodes[n].shared.is_none() {
            if self.random.below(3) == 0 {
                self.nodes[n].open(&self.order);
            }
            return;
        }
        match self.random.below(24) {
            0..=3 => self.catch_up(n),
            4 => self.begin_claim(n),
            5..=8 => self.begin_append(n),
            9..=17 => self.go_on(n),
            18 => self.beat(n),
            19 => self.sync(n),
            20 => {
                self.order.arrive();
            }
            21 if self.random.below(3) == 0 => self.forget(),
            22 if self.random.below(3) == 0 => self.crash(n),
            23 if self.random.below(6) == 0 => self.resign(n),
            _ => self.go_on(n),
        }
    }

    fn shared(&self, n: usize) -> Shared {
        self.nodes[n].shared.clone().expect("it is up")
    }

    /// A node that does not commit copies what there is.
    fn catch_up(&mut self, n: usize) {
        if self.nodes[n].append.is_some() || self.shared(n).is_leading() {
            return;
        }
        match self.shared(n).catch_up() {
            Ok(_) | Err(CopyFault::Away(_)) => (),
            Err(CopyFault::Behind { wanted, first }) => {
                assert!(wanted < first);
                self.begin_anew(n, wanted);
            }
            Err(error) => panic!("n{n}: {error}"),
        }
        self.look_at(n);
    }

    /// What the order has forgotten another node has.
    fn begin_anew(&mut self, n: usize, wanted: u64) {
        let has = |node: &&Node| wanted <= node.synced && node.name != self.nodes[n].name;
        let Some(peer) = self.nodes.iter().find(has) else {
            panic!("n{n}: entry {wanted} is nowhere");
        };
        if let Some(shared) = &peer.shared {
            shared.sync().unwrap();
        }
        let disk = peer.disk.cut();
        self.nodes[n].disk = disk;
        self.nodes[n].shared = None;
        self.nodes[n].claim = None;
        self.nodes[n].open(&self.order);
        self.seen.from_peers += 1;
    }

    /// Anybody who is no leader may claim at any time: a wrong suspicion costs nothing but the change.
    fn begin_claim(&mut self, n: usize) {
        if self.nodes[n].claim.is_some() || self.shared(n).is_leading() {
            return;
        }
        let shared = self.shared(n);
        let Ok(caught) = shared.catch_up() else {
            return;
        };
        let Some(seen) = caught.seen.head else {
            return;
        };
        self.nodes[n].claim = shared.next_of(&seen).map(|next| HeadAttempt::claim(seen, next));
    }

    fn begin_append(&mut self, n: usize) {
        let shared = self.shared(n);
        if self.nodes[n].append.is_some() || !shared.is_leading() {
            return;
        }
        let position = Journal::position(&shared);
        let n_entries = 1 + self.random.below(3);
        let is_large = self.random.below(25) == 0;
        let mut ids = Vec::new();
        let entries: Vec<_> = (1..=n_entries)
            .map(|after| {
                self.next_id += 1;
                let id = format!("c{}", self.next_id);
                ids.push(id.clone());
                self.entry(position + after, id, is_large)
            })
            .collect();
        self.seen.large += usize::from(is_large);
        let batch = Batch { expected: position, entries: &entries, snapshot: &self.snapshot };
        match shared.begin(batch) {
            Ok(append) => self.nodes[n].append = append.map(|append| (append, ids)),
            Err(Error::Deposed { .. }) => (),
            Err(error) => panic!("n{n}: {error}"),
        }
    }

    fn entry(&mut self, position: u64, id: String, is_large: bool) -> Arc<Entry> {
        let request = Some(RequestStamp { id: id.into(), digest: 7 });
        let stamp = Stamp { request, ..Stamp::at(position as i64) };
        let mut entry = Entry::new(position, stamp, Fact::Forgotten { numbers: Arc::new([]) });
        if is_large {
            // What does not pack.
            let bytes: Vec<u8> = (0..400_000).map(|_| self.random.below(256) as u8).collect();
            entry.told = Some(Arc::new(Told::Message(bytes.into())));
        }
        Arc::new(entry)
    }

    /// What is under way goes one step on.
    fn go_on(&mut self, n: usize) {
        let shared = self.shared(n);
        if let Some(mut claim) = self.nodes[n].claim.take() {
            match claim.step(&self.order) {
                None => self.nodes[n].claim = Some(claim),
                Some(ended) => {
                    let epoch = shared.claimed(&claim, (ended, Duration::ZERO));
                    self.seen.claims += usize::from(epoch.is_some());
                }
            }
            return;
        }
        let Some((mut append, ids)) = self.nodes[n].append.take() else {
            return;
        };
        let Some(ended) = append.step(&shared) else {
            self.nodes[n].append = Some((append, ids));
            return;
        };
        let last = append.last();
        let done = shared.end(append, ended);
        self.told(done, (ended, last), ids);
        self.look_at(n);
    }

    /// Callers are answered.
    fn told(&mut self, done: Result<(), Error>, (ended, last): (Ended, u64), ids: Vec<String>) {
        match done {
            Ok(()) => {
                self.seen.late += usize::from(ended == Ended::DoneAndDeposed);
                self.seen.acknowledged += ids.len();
                let first = last + 1 - ids.len() as u64;
                self.acknowledged.extend(ids.into_iter().zip(first..));
            }
            Err(Error::Deposed { is_unknown }) => {
                self.seen.deposed += 1;
                if is_unknown {
                    self.seen.in_doubt += ids.len();
                } else {
                    self.seen.refused += ids.len();
                    self.refused.extend(ids);
                }
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn beat(&mut self, n: usize) {
        let shared = self.shared(n);
        if self.nodes[n].append.is_none() && shared.is_leading() {
            shared.beat(self.random.below(1_000));
        }
    }

    fn sync(&mut self, n: usize) {
        self.nodes[n].synced = self.shared(n).sync().unwrap();
    }

    /// What most nodes have durably may go.
    fn forget(&mut self) {
        let mut synced: Vec<_> = self.nodes.iter().map(|node| node.synced).collect();
        synced.sort_unstable();
        let Some(shared) = self.nodes.iter().find_map(|node| node.shared.clone()) else {
            return;
        };
        let before = synced[1] + 1;
        if shared.forget_in_order(before).is_ok() && 1 < before {
            self.seen.forgotten += 1;
        }
    }

    /// The process is killed, or the power goes: then what was not synced is gone too.
    fn crash(&mut self, n: usize) {
        self.seen.crashes += 1;
        let node = &mut self.nodes[n];
        if let Some((_, ids)) = node.append.take() {
            self.seen.in_doubt += ids.len();
        }
        (node.shared, node.claim) = (None, None);
        node.disk = node.disk.cut();
    }

    fn resign(&mut self, n: usize) {
        if self.nodes[n].append.is_none() && self.shared(n).is_leading() {
            self.shared(n).resign();
            self.seen.resigned += 1;
        }
    }

    /// What a node has is the beginning of the order.
    fn look_at(&self, n: usize) {
        let Some(shared) = &self.nodes[n].shared else {
            return;
        };
        let position = Journal::position(shared);
        let all = self.order.all();
        let at = all.iter().find(|(head, _)| head.position == position);
        let chain = at.map_or(Chain::BEGIN, |(head, _)| head.chain);
        let seen = Head { epoch: 9, position, chain, leader: None };
        assert!(shared.next_of(&seen).is_some(), "n{n} has another history at {position}");
    }

    /// Everything is well again: all nodes come back and copy all there is, and it is what callers were told.
    pub fn finish(&mut self) {
        self.order.set_faults(NetworkFaults::default());
        while self.order.arrive() {}
        for n in 0..3 {
            if self.nodes[n].shared.is_none() {
                self.nodes[n].open(&self.order);
            }
            while self.nodes[n].append.is_some() || self.nodes[n].claim.is_some() {
                self.go_on(n);
            }
        }
        let head = self.order.true_head().unwrap();
        for n in 0..3 {
            // Each copies something, or begins anew from another node, which has all that it can copy itself.
            let mut left = 4 * self.order.all().len() + 8;
            while !self.has_all(n) {
                self.catch_up_at_the_end(n);
                left = left.checked_sub(1).unwrap_or_else(|| panic!("n{n} never has all"));
            }
            assert_eq!(Journal::position(&self.shared(n)), head.position, "n{n}");
        }
        self.check_order();
        self.check_answers();
    }

    fn has_all(&self, n: usize) -> bool {
        self.shared(n).next_of(&self.order.true_head().unwrap()).is_some()
    }

    fn catch_up_at_the_end(&mut self, n: usize) {
        match self.shared(n).catch_up() {
            Ok(_) => (),
            Err(CopyFault::Behind { wanted, .. }) => self.begin_anew(n, wanted),
            Err(error) => panic!("n{n}: {error}"),
        }
    }

    /// Records follow on each other, and epochs rise by one with each claim.
    fn check_order(&self) {
        let (mut position, mut epoch) = (0, 0);
        for (head, bytes) in self.order.all() {
            let record = promised::journal::shared::Record::of_bytes(&bytes).unwrap();
            assert_eq!((record.first, record.last), (position + 1, head.position));
            assert_eq!((record.epoch, record.after), (head.epoch, head.chain));
            assert!(epoch <= head.epoch, "epoch {epoch}, then {}", head.epoch);
            (position, epoch) = (head.position, head.epoch);
        }
        let mut epoch = 0;
        for claim in self.order.claims() {
            let risen = u64::from(claim.leader.is_some());
            assert_eq!(claim.epoch, epoch + risen);
            epoch = claim.epoch;
        }
    }

    /// Each acknowledged id is there once, where it was said to be; what was refused is not.
    fn check_answers(&self) {
        let mut found = BTreeMap::new();
        let reader = self.shared(0).reader();
        let first = reader.first().unwrap();
        reader
            .read_from(first, &mut |record| {
                let head = record.head()?;
                let id = head.request.expect("each has one").id.to_string();
                assert_eq!(found.insert(id.clone(), head.position), None, "{id} is there twice");
                Ok(())
            })
            .unwrap();
        for (id, position) in &self.acknowledged {
            assert_eq!(found.get(id), Some(position), "{id}");
        }
        for id in &self.refused {
            assert!(!found.contains_key(id), "{id} was refused and is there");
        }
    }
}
