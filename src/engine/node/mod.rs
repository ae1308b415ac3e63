//! A node of a cluster: the one thread that says whether its engine leads or follows.
//!
//! A follower copies what the order has, has its engine apply it, and claims the head when its leader is gone. A leader
//! says now and then that it is there; what it commits is the journal's thread's business, and what is to be done beside
//! is the keeper's. Nothing that this thread believes decides anything: only the compare of the order does
//! (`journal/shared`).
//!
//! Invariant: the engine leads only while the journal does, or finds out by its next commit.

mod about;
pub mod members;
mod compare;
mod own;
mod room;
mod status;
mod keeper;
mod bounds;
mod duties;

pub use about::{About, steady};
pub use members::{Member, MemberChange, Members, NodeReport, NotChanged, Reported};
pub use status::{NodeKnown, NodeStatus};

use super::{Engine, Error};
use crate::journal::shared::{
    Caught, CopyFault, Head, NodeRole, Seen, Shared, Suspicion, suspicion::NextMove,
};
use crossbeam::channel::{Receiver, RecvTimeoutError, Sender, bounded};
use keeper::Keeper;
use std::{sync::Arc, thread::JoinHandle, time::Duration};

/// How often a follower looks by itself; it is woken when the head changes.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How often a leader says that it is there, if it commits nothing.
const BEAT_EVERY: Duration = Duration::from_millis(200);

/// So much longer than the one before it a node waits until it claims.
const RANK: Duration = Duration::from_millis(40);

/// The connections to other nodes, as far as they tell who lives.
pub trait Links: Send + Sync {
    /// Keeps a connection to this node from now on, and to no other.
    fn watch(&self, node: Option<&Member>);

    /// Whether that connection broke, or none could be made, since somebody asked.
    fn has_broken(&self) -> bool;
}

/// A handle on a running node.
#[derive(Debug)]
pub struct Node {
    status: Arc<NodeStatus>,
    stop: Vec<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Node {
    /// Starts the thread.
    pub fn start(engine: Engine, shared: Shared, links: Arc<dyn Links>, about: About) -> Self {
        let (status, about) = (Arc::<NodeStatus>::default(), Arc::new(about));
        let keeper = Keeper {
            engine: engine.clone(),
            shared: shared.clone(),
            about: Arc::clone(&about),
            status: Arc::clone(&status),
            count: 0,
            fetching: None,
            heard: std::collections::BTreeMap::new(),
            compared: compare::OwnCompared::default(),
            tidied: None,
            missed: std::collections::BTreeSet::new(),
            is_low: false,
        };
        let (of_engine, of_shared) = (Arc::clone(&status), shared.clone());
        engine.await_held_by(Box::new(move |id| keeper::await_held(&of_shared, &of_engine, id)));
        let turn = Turn::new((engine, shared), (links, about), Arc::clone(&status));
        let (stop, stopped) = bounded(1);
        let (stop_keeper, keeper_stopped) = bounded(1);
        let start = |name: &str, run: Box<dyn FnOnce() + Send>| {
            let thread = std::thread::Builder::new().name(name.to_string());
            thread.spawn(run).expect("two more threads can be had")
        };
        let threads = vec![
            start("node", Box::new(move || turn.run(&stopped))),
            start("keeper", Box::new(move || keeper.run(&keeper_stopped))),
        ];
        Self { status, stop: vec![stop, stop_keeper], threads }
    }

    /// What it knows.
    pub fn status(&self) -> &Arc<NodeStatus> {
        &self.status
    }

    /// Gives the lead up, if it has it, so that another node leads at once; then it takes part no more.
    pub fn hand_over(&mut self) {
        // A thread that has ended has nothing to give up.
        for stop in &self.stop {
            let _told = stop.try_send(());
        }
        for thread in self.threads.drain(..) {
            // A panic of it is on standard error.
            drop(thread.join());
        }
    }
}

/// What the thread owns.
struct Turn {
    engine: Engine,
    shared: Shared,
    links: Arc<dyn Links>,
    about: Arc<About>,
    status: Arc<NodeStatus>,
    suspicion: Suspicion,
    /// Whom the link goes to.
    linked: Option<String>,
    beat: (u64, Duration),
    /// Since when nobody is known to lead.
    without: Option<Duration>,
    /// Whether its place among the others is known.
    is_placed: bool,
    /// Whether it was seen among the members.
    was_member: bool,
}

/// Why a node cannot go on.
struct Ended(String);

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

impl Turn {
    fn new(
        (engine, shared): (Engine, Shared),
        (links, about): (Arc<dyn Links>, Arc<About>),
        status: Arc<NodeStatus>,
    ) -> Self {
        Self {
            engine,
            shared,
            links,
            about,
            status,
            suspicion: Suspicion::default(),
            linked: None,
            beat: (0, Duration::ZERO),
            without: None,
            is_placed: false,
            was_member: false,
        }
    }

    fn run(mut self, stopped: &Receiver<()>) {
        let ended = loop {
            let done = self.turn();
            let pause = match done {
                Ok(pause) => pause,
                Err(ended) => break Some(ended),
            };
            match stopped.recv_timeout(pause) {
                Err(RecvTimeoutError::Timeout) => (),
                Ok(()) | Err(RecvTimeoutError::Disconnected) => break None,
            }
        };
        // Whoever can take no part any more is in nobody's way either.
        let about = Arc::clone(&self.about);
        self.hand_over();
        if let Some(Ended(why)) = ended {
            (about.on_end)(why);
        }
    }

    fn turn(&mut self) -> Result<Duration, Ended> {
        self.still_belongs()?;
        match self.shared.role() {
            NodeRole::Leader { head, .. } => self.lead(&head),
            NodeRole::Follower => self.follow(),
        }
    }

    /// What was handed over to the journal ends; then nobody leads, and whoever is fit claims at once.
    fn give_up(&self) {
        if self.engine.is_leading() {
            // Where the engine has ended nothing is under way.
            drop(self.engine.step_down().wait());
        }
        self.shared.resign();
    }

    fn hand_over(self) {
        self.give_up();
        if let Err(error) = self.shared.sync() {
            tracing::error!(%error, "the journal failed at the end; what was acknowledged is in the order");
        }
    }

    /// A leader's turn.
    fn lead(&mut self, head: &Head) -> Result<Duration, Ended> {
        let now = steady();
        if BEAT_EVERY <= now.saturating_sub(self.beat.1) {
            self.beat = (self.beat.0 + 1, now);
            if !self.shared.beat(self.beat.0) {
                return Ok(Duration::ZERO);
            }
            if !self.has_room()? && self.is_another_fit() {
                tracing::warn!("the disk is full; another node is to lead");
                self.give_up();
                return Ok(Duration::ZERO);
            }
        }
        let confirmed = self.shared.confirmed();
        self.status.confirm(confirmed);
        self.status.hear(confirmed);
        self.know(Some(head));
        Ok(LOOK_EVERY)
    }

    /// A follower's turn.
    fn follow(&mut self) -> Result<Duration, Ended> {
        if self.engine.is_leading() {
            tracing::warn!("another node leads; this one follows");
            self.engine.step_down().wait()?;
            self.suspicion.anew();
        }
        if !self.is_placed && self.status.known().members.is_some() {
            (self.suspicion, self.is_placed) = (Suspicion::new(self.later()), true);
        }
        let caught = self.shared.catch_up();
        let now = steady();
        match caught {
            Ok(caught) => self.caught(&caught, now),
            Err(CopyFault::Away(away)) => {
                self.status.change(|known| known.away = Some(away.to_string()));
                self.suspicion.look(now, Err(&away));
                Ok(LOOK_EVERY)
            }
            // It answers as of where it is, and says that this is old.
            Err(fault @ CopyFault::NoRoom) => {
                self.tell_of_room(&fault.to_string());
                self.suspicion.anew();
                Ok(LOOK_EVERY)
            }
            Err(
                fault @ (CopyFault::Behind { .. }
                | CopyFault::OtherHistory { .. }
                | CopyFault::Later { .. }
                | CopyFault::Damaged { .. }
                | CopyFault::Local(_)),
            ) => Err(Ended(fault.to_string())),
        }
    }

    fn caught(&mut self, caught: &Caught, now: Duration) -> Result<Duration, Ended> {
        self.status.hear(now);
        self.know(caught.seen.head.as_ref());
        let has_applied = self.apply(caught.position)?;
        if !(caught.has_all && has_applied) {
            // There is more to copy: nobody waits.
            self.suspicion.look(now, Ok(&caught.seen));
            return Ok(Duration::ZERO);
        }
        if self.is_to_claim(&caught.seen, now)?
            && let Some(head) = &caught.seen.head
        {
            return self.claim(head);
        }
        self.shared.order().wait(LOOK_EVERY);
        Ok(Duration::ZERO)
    }

    fn is_to_claim(&mut self, seen: &Seen, now: Duration) -> Result<bool, Ended> {
        let leader = seen.head.as_ref().and_then(|head| head.leader.as_ref());
        if let Some(leader) = leader.filter(|_| self.links.has_broken()) {
            self.suspicion.broken(now, leader);
        }
        let verdict = self.suspicion.look(now, Ok(seen));
        if verdict == NextMove::Claim && self.without.is_none() {
            self.without = Some(now);
        }
        Ok(verdict == NextMove::Claim && self.is_voter() && self.has_room()?)
    }

    fn claim(&mut self, head: &Head) -> Result<Duration, Ended> {
        let before = head.leader.as_ref().map_or("nobody", |leader| &leader.node);
        tracing::warn!(epoch = head.epoch, leader = before, "nobody is heard; the lead is claimed");
        if let Some(epoch) = self.shared.claim(head) {
            let position = match self.engine.lead(epoch).wait() {
                Ok(position) => position,
                // Somebody was faster still: the next turn sees it.
                Err(Error::NotLeader | Error::OutcomeUnknown) => return Ok(Duration::ZERO),
                Err(error) => return Err(error.into()),
            };
            // Who asks here is sent to the old leader no more, whatever this thread has to wait for next.
            self.status.confirm(self.shared.confirmed());
            if let NodeRole::Leader { head, .. } = self.shared.role() {
                self.know(Some(&head));
            }
            let gap = self.without.take();
            let gap = gap.map(|since| (epoch, steady().saturating_sub(since)));
            self.status.change(|known| known.gap = gap);
            tracing::info!(epoch, position, "this node leads");
            self.beat.1 = Duration::ZERO;
        }
        self.suspicion.anew();
        Ok(Duration::ZERO)
    }

    /// Has the engine apply what the journal has, some of it; whether that was all.
    fn apply(&mut self, position: u64) -> Result<bool, Ended> {
        let own = self.engine.pin().position;
        if position <= own {
            return Ok(true);
        }
        // Where nodes compare what they have it stops for a moment.
        let until = self.shared.next_mark(own).map_or(position, |mark| mark.min(position));
        match self.engine.follow_to(until).wait() {
            Ok(reached) => {
                self.status.change(|known| known.fault = None);
                Ok(reached == position)
            }
            // What it names is not here yet; it is asked for again.
            Err(error @ Error::OtherSnapshot { .. }) => {
                self.status.change(|known| known.fault = Some(error.to_string()));
                std::thread::sleep(LOOK_EVERY);
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Notes what is known of the head, and keeps the link to who leads.
    fn know(&mut self, head: Option<&Head>) {
        let leader = head.and_then(|head| head.leader.as_ref()).map(|by| by.node.to_string());
        self.status.change(|known| {
            known.away = None;
            if let Some(head) = head
                && known.epoch <= head.epoch
            {
                known.epoch = head.epoch;
                known.position = known.position.max(head.position);
                known.leader.clone_from(&leader);
            }
        });
        if let Some(head) = head {
            self.status.reach(head.epoch);
        }
        let is_me = leader.as_deref() == Some(&*self.shared.me().node);
        let wanted = leader.filter(|_| !is_me);
        if wanted != self.linked {
            let members = self.status.known().members;
            let member = wanted.as_ref().and_then(|node| members.as_ref()?.find(node).cloned());
            self.links.watch(member.as_ref());
            self.linked = member.map(|member| member.node);
        }
    }
}
