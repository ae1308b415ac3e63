//! What a node looks at before it takes part, held against an order in memory.

use super::*;
use crate::{
    journal::{
        Batch, Chain, Local,
        shared::{
            Away, Head, Leader,
            memory::{MemoryOrder, NetworkFaults},
        },
    },
    ledger::{Entry, Fact, Stamp},
    loader,
    snapshot::Snapshot,
};
use std::sync::{Arc, Mutex};

/// Promises are made between any two reads of it.
struct Busy {
    order: MemoryOrder,
    leader: Mutex<(Shared, Arc<Snapshot>)>,
}

fn commit((leader, snapshot): &mut (Shared, Arc<Snapshot>)) {
    let expected = Journal::position(leader);
    let stamp = Stamp::at(i64::try_from(expected).unwrap());
    let entry = Entry::new(expected + 1, stamp, Fact::Forgotten { numbers: Arc::new([]) });
    let batch = Batch { expected, entries: &[Arc::new(entry)], snapshot };
    leader.append(batch).unwrap();
}

impl Order for Busy {
    fn head(&self) -> Result<Seen, Away> {
        self.order.head()
    }

    fn begin(&self, head: &Head) -> Reply {
        self.order.begin(head)
    }

    fn claim(&self, seen: &Head, next: &Head) -> Reply {
        self.order.claim(seen, next)
    }

    fn commit(&self, previous: &Head, next: &Head, record: &[u8]) -> Reply {
        self.order.commit(previous, next, record)
    }

    fn beat(&self, head: &Head, count: u64) -> Reply {
        self.order.beat(head, count)
    }

    fn records(&self, from: u64) -> Result<Vec<Vec<u8>>, Away> {
        commit(&mut self.leader.lock().unwrap());
        self.order.records(from)
    }

    fn forget(&self, before: u64) -> Result<(), Away> {
        self.order.forget(before)
    }

    fn cell(&self, name: &str) -> Result<Option<Vec<u8>>, Away> {
        self.order.cell(name)
    }

    fn set_cell(&self, name: &str, seen: Option<&[u8]>, next: Option<&[u8]>) -> Reply {
        self.order.set_cell(name, seen, next)
    }
}

fn shared(order: Arc<dyn Order>, node: &str, dir: &Path) -> Shared {
    let (local, _) = Local::open(&dir.join(node)).unwrap();
    let me = Leader { node: node.into(), start: 1 };
    Shared::new(order, me, Box::new(local), Arc::new(|| Duration::ZERO))
}

/// Issue 24 item 2: a node that comes back while others promise is of the cluster, however fast they are; one that has
/// what nobody ever committed is not.
#[test]
fn a_node_comes_back_while_promises_are_made() {
    let (dir, order) = (tempfile::tempdir().unwrap(), MemoryOrder::new());
    let begin = Head { epoch: 0, position: 0, chain: Chain::BEGIN, leader: None };
    assert_eq!(order.begin(&begin), Reply::Done);
    let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/tiny");
    let loaded = loader::open(&tables, &loader::Silent).unwrap();
    let snapshot = Arc::new(loaded.snapshot.unwrap());
    let leader = shared(Arc::new(order.clone()), "n1", dir.path());
    leader.claim(&begin).unwrap();
    let mut leading = (leader, snapshot);
    commit(&mut leading);
    let back = shared(Arc::new(order.clone()), "n2", dir.path());
    assert_eq!(back.catch_up().unwrap().position, 1);
    commit(&mut leading);
    drop(back);
    let busy = Arc::new(Busy { order: order.clone(), leader: Mutex::new(leading) });
    let back = shared(busy, "n2", dir.path());
    assert!(is_of_cluster(&back).unwrap());
    assert!(Some(2) < order.true_head().map(|head| head.position));
    // Nobody has the leader's directory any more.
    drop(back);
    // Another cluster had less.
    let other = MemoryOrder::new();
    assert_eq!(other.begin(&begin), Reply::Done);
    let stranger = shared(Arc::new(other), "n1", dir.path());
    let refused = is_of_cluster(&stranger).unwrap_err();
    assert!(refused.to_string().contains("that the cluster never had"), "{refused}");
}

/// Issue 24 item 4: no two starts of nodes have one number, whatever etcd does to whoever asks for it.
#[test]
fn no_two_starts_of_a_cluster_have_one_number() {
    let order = MemoryOrder::with(NetworkFaults::default(), 1);
    let start = |own: u64| {
        let identity = Identity { ledger: "l".to_string(), start: own };
        start_of(&order, identity).unwrap().start
    };
    // One comes from a single server that was started seven times.
    assert_eq!([start(8), start(1), start(1), start(9)], [8, 9, 10, 11]);
    assert_eq!(start(40), 40);
    order.set_faults(NetworkFaults { dropped: 200, unheard: 200, ..NetworkFaults::default() });
    let all: Vec<_> = (0..20).map(|_| start(1)).collect();
    assert!(all.windows(2).all(|two| two[0] < two[1]) && 40 < all[0], "{all:?}");
}
