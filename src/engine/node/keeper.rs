//! What a node does now and then beside leading or following, on a thread of its own, so that a slow answer of the
//! order keeps neither waiting: it makes durable what was copied, says how far it is, hears what the others say, and as the
//! leader lets the order forget what all have.

use super::{
    About, Engine, NodeStatus,
    compare::{MarkVerdict, OwnCompared},
    members::{Member, Members, NodeReport, Reported, WANTED},
    steady,
};
use crate::journal::shared::{Away, Reply, Shared};
use crossbeam::channel::{Receiver, RecvTimeoutError};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

/// How often.
const EVERY: Duration = Duration::from_secs(1);

/// Entries that a node may hold back in the order, be it there or away.
const HELD_BACK_MAX: u64 = 200_000;

/// So long most nodes have to get a snapshot.
const HELD_WITHIN: Duration = Duration::from_secs(600);

/// How often it is looked whether they have it.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Waits until most voters have the files of a snapshot; whether they do. One that leads no more wants nothing: what they
/// are to have is for the one that does to say.
pub(super) fn await_held(shared: &Shared, status: &NodeStatus, id: &str) -> bool {
    let (order, began) = (&**shared.order(), steady());
    while shared.is_leading() && steady().saturating_sub(began) < HELD_WITHIN {
        let want = || {
            let seen = order.cell(WANTED).ok()?;
            if seen.as_deref() == Some(id.as_bytes()) {
                return Some(());
            }
            let set = order.set_cell(WANTED, seen.as_deref(), Some(id.as_bytes()));
            (set == Reply::Done).then_some(())
        };
        let known = status.known();
        let has = |member: &&Member| {
            let kept = known.kept.get(&member.node);
            member.voter && kept.is_some_and(|(kept, _)| kept.held == id)
        };
        let n = known.members.iter().flat_map(|all| &all.nodes).filter(has).count();
        let majority = known.members.as_ref().map_or(usize::MAX, Members::majority);
        if want().is_some() && majority <= n {
            return true;
        }
        std::thread::sleep(LOOK_EVERY);
    }
    false
}

/// What the thread owns.
pub(super) struct Keeper {
    pub(super) engine: Engine,
    pub(super) shared: Shared,
    pub(super) about: Arc<About>,
    pub(super) status: Arc<NodeStatus>,
    /// How often this node has said how far it is.
    pub(super) count: u64,
    /// What gets a snapshot from another node.
    pub(super) fetching: Option<JoinHandle<()>>,
    /// What each node said last, and when that changed.
    pub(super) heard: BTreeMap<String, (NodeReport, Duration)>,
    /// What it has at the positions at which nodes compare.
    pub(super) compared: OwnCompared,
    /// When members of etcd were told last to give back what they do not use.
    pub(super) tidied: Option<Duration>,
    /// What it was told of that nobody does while this node leads.
    pub(super) missed: BTreeSet<String>,
    /// Whether its disk is nearly full.
    pub(super) is_low: bool,
}

impl Keeper {
    /// Until nobody wants it any more.
    pub(super) fn run(mut self, stopped: &Receiver<()>) {
        loop {
            if let Err(why) = self.turn() {
                (self.about.on_end)(why);
                return;
            }
            match stopped.recv_timeout(EVERY) {
                Err(RecvTimeoutError::Timeout) => (),
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Once; why the node cannot go on.
    fn turn(&mut self) -> Result<(), String> {
        let synced = self.shared.sync().map_err(|error| error.to_string())?;
        if let Some(world) = self.engine.take_marked() {
            self.compared.note(&world);
        }
        match self.tell(synced).and_then(|told| self.listen().map(|()| told)) {
            Ok(Reported::Heard | Reported::Unheard) => (),
            Ok(Reported::Superseded) => {
                return Err("another process has this node's name".to_string());
            }
            Err(away) => self.status.change(|known| known.away = Some(away.to_string())),
        }
        self.compare()?;
        self.look_at_duties();
        if self.shared.is_leading()
            && let Err(away) = self.trim()
        {
            tracing::debug!(%away, "the order was not trimmed");
        }
        self.measure();
        Ok(())
    }

    /// Says how far this node is.
    fn tell(&mut self, synced: u64) -> Result<Reported, Away> {
        let held = self.hold()?;
        self.count += 1;
        let me = self.shared.me();
        let (disk_free, disk_bytes) = (self.about.disk)();
        let known = self.status.known();
        let kept = NodeReport {
            start: me.start,
            count: self.count,
            synced,
            applied: self.engine.pin().position,
            address: self.about.address.clone(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            disk_free,
            disk_bytes,
            held,
            digests: self.compared.told(),
            gap: known.gap.map(|(epoch, gap)| (epoch, gap.as_secs_f64())),
            duties: self.about.duties.clone(),
            starts: self.engine.scenarios().starts().into_iter().collect(),
        };
        kept.tell(&**self.shared.order(), &me.node)
    }

    /// Compares what this node has with what the others say they have.
    fn compare(&mut self) -> Result<(), String> {
        let Some(members) = self.status.known().members else {
            return Ok(());
        };
        let Self { compared, heard, shared, .. } = self;
        let said = |node: &str| heard.get(node).map(|(kept, _)| kept);
        match compared.judge((&shared.me().node, &members), said) {
            MarkVerdict::Same => Ok(()),
            MarkVerdict::Unsettled(position) => {
                tracing::error!(
                    position,
                    "nodes have different states at one position, and no majority says which is right"
                );
                Ok(())
            }
            MarkVerdict::Wrong(position) => {
                (self.about.disown)(position);
                Err(format!(
                    "at position {position} most nodes have another state than this one; at its next start it gets all anew from them"
                ))
            }
        }
    }

    /// Gets the snapshot that most are to have, beside; its id once it is there.
    fn hold(&mut self) -> Result<String, Away> {
        let wanted = self.shared.order().cell(WANTED)?.map(String::from_utf8);
        let Some(Ok(id)) = wanted else {
            return Ok(String::new());
        };
        if (self.about.holds)(&id) {
            return Ok(id);
        }
        if self.fetching.as_ref().is_none_or(JoinHandle::is_finished) {
            let about = Arc::clone(&self.about);
            let get = move || {
                // If it did not come it is tried again at the next turn.
                let _came = (about.fetch)(&id);
            };
            let thread = std::thread::Builder::new().name("fetch".to_string());
            self.fetching = thread.spawn(get).ok();
        }
        Ok(String::new())
    }

    /// Hears what the others say.
    fn listen(&mut self) -> Result<(), Away> {
        let order = &**self.shared.order();
        // What is read may be old: who belonged to it earlier is not believed again.
        let known = self.status.known().members;
        let version = known.as_ref().map_or(0, |known| known.version);
        let members = Members::read(order)?.filter(|read| version <= read.version).or(known);
        let now = steady();
        for member in members.iter().flat_map(|members| &members.nodes) {
            let Some(kept) = NodeReport::read(order, &member.node)? else {
                continue;
            };
            let before = self.heard.get(&member.node);
            if before.is_none_or(|(before, _)| *before != kept) {
                self.heard.insert(member.node.clone(), (kept, now));
            }
        }
        let ago = |(kept, at): &(NodeReport, Duration)| (kept.clone(), now.saturating_sub(*at));
        let heard = self.heard.iter().map(|(node, heard)| (node.clone(), ago(heard))).collect();
        self.status.change(|known| (known.members, known.kept) = (members, heard));
        Ok(())
    }

    /// Forgets in the order what most voters have durably and every node has; one that is away for longer than a number
    /// of entries has to get them from another node.
    fn trim(&self) -> Result<(), Away> {
        let known = self.status.known();
        let Some(members) = &known.members else {
            return Ok(());
        };
        let synced_by =
            |member: &Member| known.kept.get(&member.node).map_or(0, |(kept, _)| kept.synced);
        let voters = members.nodes.iter().filter(|member| member.voter);
        let mut synced: Vec<_> = voters.map(synced_by).collect();
        synced.sort_unstable_by(|one, other| other.cmp(one));
        let Some(&most) = synced.get(members.majority() - 1) else {
            return Ok(());
        };
        let slowest = members.nodes.iter().map(synced_by).min().unwrap_or(0);
        let held_back = most.saturating_sub(HELD_BACK_MAX);
        let floor = most.min(slowest.max(held_back));
        if floor == 0 { Ok(()) } else { self.shared.forget_in_order(floor + 1) }
    }

    #[expect(clippy::cast_precision_loss, reason = "a gauge is a double")]
    fn measure(&mut self) {
        let known = self.status.known();
        let lag = known.position.saturating_sub(self.engine.pin().position);
        let leads = if self.engine.is_leading() { 1.0 } else { 0.0 };
        metrics::gauge!("promised_cluster_epoch").set(known.epoch as f64);
        metrics::gauge!("promised_cluster_leader").set(leads);
        metrics::gauge!("promised_cluster_lag_entries").set(lag as f64);
        if let Some((_, gap)) = known.gap {
            metrics::gauge!("promised_cluster_gap_seconds").set(gap.as_secs_f64());
        }
        let bytes = (self.about.order_bytes)();
        metrics::gauge!("promised_cluster_etcd_bytes").set(bytes as f64);
        self.bound(bytes);
    }
}
