//! A journal that several nodes keep as one: each has its own, and an [`Order`] that stands outside of all of them
//! says what comes next.
//!
//! The order has one *head*: epoch, position, chain and who leads. It changes by compare-and-set of all of it and in
//! no other way, so the one compare is the position's check, the fence and the check of the history at once. Nothing
//! here decides by a clock, and nothing by what was read: reads are hints, and may be old.
//!
//! - The leader commits a record with the head behind it ([`Shared`], as a `Journal`), then copies it into its own
//!   journal. One that was deposed finds out by the compare, whatever it believes: it has answered nothing by then.
//! - The others copy what the order has ([`Shared::catch_up`]), check that it chains on, and one that has all of it may
//!   claim the head ([`Shared::claim`]).
//!
//! Invariant: the journal of each node is the beginning of the order, or is of another history, which is refused.
//!
//! Start at [`Order`], then [`attempt`].

mod marks;
mod tail;
pub mod order;
pub mod suspicion;
mod parts;
pub mod record;
pub mod attempt;
pub mod memory;
mod follow;
mod append;

pub use append::Append;
pub use attempt::{Ended, HeadAttempt};
pub use follow::{Caught, CopyFault};
pub use order::{Away, Head, Leader, Order, Refused, Reply, Seen};
pub use record::Record;
pub use suspicion::Suspicion;

use super::{Chain, Copied, Error, Framed, Journal, Reader};
use parking_lot::{Condvar, Mutex};
use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tail::{ROOM_BYTES, Tail, WithTail};

/// What a steady clock shows; it only says how long ago something was confirmed, and decides nothing.
pub type Steady = Arc<dyn Fn() -> Duration + Send + Sync>;

/// A commit that took so long is told of.
const SLOW: Duration = Duration::from_millis(300);

/// What this node is, as far as it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeRole {
    /// It copies what others commit.
    Follower,
    /// It commits behind this head, if nobody has deposed it.
    Leader {
        /// The head as it left it.
        head: Head,
        /// Whether something of its own is on the way.
        is_busy: bool,
    },
}

/// The journal of a node of a cluster. Clones are the same one.
#[derive(Clone)]
pub struct Shared(Arc<Inner>);

struct Inner {
    order: Arc<dyn Order>,
    me: Leader,
    local: Mutex<Box<dyn Copied>>,
    /// What is behind it: while it is made durable, which takes as long as a disk takes, nothing can be put into it.
    tail: Arc<Mutex<Tail>>,
    /// Where both end.
    own: Mutex<(u64, Chain)>,
    reader: Arc<dyn Reader>,
    role: Mutex<NodeRole>,
    /// Told when nothing is on the way any more.
    free: Condvar,
    /// Whether the order has no room for more.
    is_full: AtomicBool,
    /// Records in parts that the order still has, with their last entries.
    in_parts: Mutex<VecDeque<(u64, parts::Named)>>,
    /// When what was confirmed last was sent.
    confirmed: Mutex<Duration>,
    marks: Mutex<marks::Marks>,
    /// So long a batch waits before it is appended, in microseconds: the order fills up.
    pause: AtomicU64,
    steady: Steady,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("me", &self.0.me).finish_non_exhaustive()
    }
}

impl Shared {
    /// That of a node which follows; `local` is its own.
    pub fn new(order: Arc<dyn Order>, me: Leader, local: Box<dyn Copied>, steady: Steady) -> Self {
        let tail = Arc::<Mutex<Tail>>::default();
        let reader = Arc::new(WithTail { store: local.reader(), tail: Arc::clone(&tail) });
        let own = Mutex::new((local.position(), local.chain()));
        let (local, role) = (Mutex::new(local), Mutex::new(NodeRole::Follower));
        let (in_parts, is_full) = (Mutex::default(), AtomicBool::new(false));
        let (free, confirmed) = (Condvar::new(), Mutex::new(Duration::ZERO));
        Self(Arc::new(Inner {
            order,
            me,
            local,
            tail,
            own,
            reader,
            role,
            free,
            is_full,
            in_parts,
            confirmed,
            marks: Mutex::default(),
            pause: AtomicU64::new(0),
            steady,
        }))
    }

    /// What this node is, as far as it knows.
    pub fn role(&self) -> NodeRole {
        self.0.role.lock().clone()
    }

    /// Whether it leads, as far as it knows.
    pub fn is_leading(&self) -> bool {
        matches!(*self.0.role.lock(), NodeRole::Leader { .. })
    }

    /// What decides.
    pub fn order(&self) -> &Arc<dyn Order> {
        &self.0.order
    }

    /// Who this node is.
    pub fn me(&self) -> &Leader {
        &self.0.me
    }

    /// When that was sent, by the steady clock, which was confirmed last: so long ago this node led for certain.
    pub fn confirmed(&self) -> Duration {
        *self.0.confirmed.lock()
    }

    /// Whether this node's own disk has room for more. While its journal is made durable there is, as far as anybody
    /// knows: a claim does not wait for a disk.
    ///
    /// # Errors
    /// The node's own journal failed.
    pub fn has_room(&self) -> Result<bool, Error> {
        self.has_room_for(ROOM_BYTES)
    }

    fn has_room_for(&self, bytes: u64) -> Result<bool, Error> {
        self.0.local.try_lock().map_or(Ok(true), |mut local| local.make_room(bytes))
    }

    /// Where this node ends: its own journal with what is behind it.
    fn end_of_own(&self) -> (u64, Chain) {
        *self.0.own.lock()
    }

    /// Puts entries into this node's own journal, or behind it while nothing can be put there.
    fn keep(&self, entries: Framed) -> Result<(), Error> {
        let mut tail = self.0.tail.lock();
        *self.0.own.lock() = (entries.last(), entries.after());
        tail.push(entries);
        if !tail.is_long() {
            let local = self.0.local.try_lock();
            return local.map_or(Ok(()), |mut local| tail.settle(&mut **local));
        }
        // Whoever has the journal may be about to put the tail there.
        drop(tail);
        let mut local = self.0.local.lock();
        self.0.tail.lock().settle(&mut **local)
    }

    /// Makes durable what was copied, and gives the position up to which it is.
    ///
    /// # Errors
    /// The node's own journal failed.
    pub fn sync(&self) -> Result<u64, Error> {
        let mut local = self.0.local.lock();
        self.0.tail.lock().settle(&mut **local)?;
        local.sync()?;
        let position = local.position();
        self.0.tail.lock().settle(&mut **local)?;
        Ok(position)
    }

    /// Notes whether the order has no room for more: then nothing is appended that can be refused before. Says whether
    /// that is another state than before.
    pub fn fill_up(&self, is_full: bool) -> bool {
        self.0.is_full.swap(is_full, Ordering::Relaxed) != is_full
    }

    /// Has each batch wait so long before it is appended, so that less is asked for: the order fills up.
    pub fn slow_down(&self, pause: Duration) {
        let micros = u64::try_from(pause.as_micros()).unwrap_or(u64::MAX);
        self.0.pause.store(micros, Ordering::Relaxed);
    }

    /// The head that a claim of this node would make of another; none where this node has not all that there is.
    pub fn next_of(&self, seen: &Head) -> Option<Head> {
        let has_all = self.end_of_own() == (seen.position, seen.chain);
        let leader = Some(self.0.me.clone());
        has_all.then(|| Head { epoch: seen.epoch + 1, leader, ..seen.clone() })
    }

    /// Claims the head, if this node has all that it stands for; says under which epoch it leads now.
    ///
    /// A wrong suspicion costs a change of leader and nothing else.
    pub fn claim(&self, seen: &Head) -> Option<u64> {
        let next = self.next_of(seen)?;
        let sent = (self.0.steady)();
        let mut attempt = HeadAttempt::claim(seen.clone(), next);
        let ended = loop {
            if let Some(ended) = attempt.step(&*self.0.order) {
                break ended;
            }
        };
        self.claimed(&attempt, (ended, sent))
    }

    /// Takes the end of a claim to heart.
    pub fn claimed(&self, claim: &HeadAttempt, (ended, sent): (Ended, Duration)) -> Option<u64> {
        if ended != Ended::Done {
            return None;
        }
        let head = claim.next().clone();
        let epoch = head.epoch;
        self.settle(NodeRole::Leader { head, is_busy: false });
        self.confirm(sent);
        Some(epoch)
    }

    /// Gives the head up, so that whoever is fit claims it at once. What is on the way must have ended.
    pub fn resign(&self) {
        let NodeRole::Leader { head, .. } =
            std::mem::replace(&mut *self.0.role.lock(), NodeRole::Follower)
        else {
            return;
        };
        let next = Head { leader: None, ..head.clone() };
        // Once: where nobody hears it the others find out by themselves.
        let _answer = self.0.order.claim(&head, &next);
    }

    /// Says once more that this node leads, where nothing of its own is on the way; false where it leads no more.
    pub fn beat(&self, count: u64) -> bool {
        let head = {
            let mut role = self.0.role.lock();
            match &mut *role {
                NodeRole::Follower => return false,
                NodeRole::Leader { is_busy: true, .. } => return true,
                NodeRole::Leader { head, is_busy } => {
                    *is_busy = true;
                    head.clone()
                }
            }
        };
        let sent = (self.0.steady)();
        let (is_leading, role) = match self.0.order.beat(&head, count) {
            Reply::Refused(_) => (false, NodeRole::Follower),
            Reply::Done => {
                self.confirm(sent);
                (true, NodeRole::Leader { head, is_busy: false })
            }
            Reply::Unknown => (true, NodeRole::Leader { head, is_busy: false }),
        };
        self.settle(role);
        is_leading
    }

    /// Has nodes compare more or less often: on all of them alike.
    pub fn compare_every(&self, entries: u64) {
        self.0.marks.lock().set_every(entries);
    }

    /// The next position at which nodes compare what they have, behind one.
    pub fn next_mark(&self, position: u64) -> Option<u64> {
        self.0.marks.lock().next_behind(position)
    }

    fn note_mark(&self, first: u64, last: u64) {
        self.0.marks.lock().note(first, last);
    }

    /// Notes that something was confirmed which was sent at an instant.
    fn confirm(&self, sent: Duration) {
        let mut confirmed = self.0.confirmed.lock();
        *confirmed = (*confirmed).max(sent);
    }
}

/// Says of a commit that took long what it waited for: this node's last beat, the order, or its own journal.
fn tell_of_slow([began, sent, committed, kept]: [Duration; 4]) {
    if kept.saturating_sub(began) < SLOW {
        return;
    }
    let ms = |from: Duration, to: Duration| u64::try_from(to.saturating_sub(from).as_millis());
    let ms = |from, to| ms(from, to).unwrap_or(u64::MAX);
    let (beat_ms, order_ms, own_ms) = (ms(began, sent), ms(sent, committed), ms(committed, kept));
    tracing::info!(beat_ms, order_ms, own_ms, "a commit took long: how long each part of it did");
}

impl Journal for Shared {
    fn position(&self) -> u64 {
        self.end_of_own().0
    }

    fn append(&mut self, batch: super::Batch<'_>) -> Result<(), Error> {
        let pause = self.0.pause.load(Ordering::Relaxed);
        if 0 < pause {
            std::thread::sleep(Duration::from_micros(pause));
        }
        let steady = &self.0.steady;
        let began = steady();
        let Some(mut append) = self.begin(batch)? else {
            return Ok(());
        };
        let sent = steady();
        let ended = loop {
            if let Some(ended) = append.step(self) {
                break ended;
            }
        };
        let committed = steady();
        let kept = self.end(append, ended);
        tell_of_slow([began, sent, committed, steady()]);
        kept
    }

    fn make_room(&mut self, bytes: u64) -> Result<bool, Error> {
        Ok(!self.0.is_full.load(Ordering::Relaxed) && self.has_room_for(bytes)?)
    }

    fn look(&self) -> Result<(), Error> {
        self.0.local.try_lock().map_or(Ok(()), |local| local.look())
    }

    fn is_mark(&self, position: u64) -> bool {
        self.0.marks.lock().take(position)
    }

    fn put_part(&mut self, checkpoint: u64, part: u32, bytes: &[u8]) -> Result<(), Error> {
        self.0.local.lock().put_part(checkpoint, part, bytes)
    }

    fn seal(&mut self, checkpoint: u64, n_parts: u32) -> Result<(), Error> {
        // A checkpoint never counts without the entries before it.
        let mut local = self.0.local.lock();
        self.0.tail.lock().settle(&mut **local)?;
        local.seal(checkpoint, n_parts)
    }

    fn forget_before(&mut self, position: u64) -> Result<(), Error> {
        self.0.local.lock().forget_before(position)
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::clone(&self.0.reader)
    }
}
