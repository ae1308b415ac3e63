//! What calls make the server hold, counted: by call, by connection, and all together.
//!
//! Bytes are taken before they are used; what would be too much is refused with the figure. A call's own size, its
//! bytes on the wire, counts for its connection; what it makes of them (messages, plans, answers) counts for the
//! call too. Everything is given back when the call has ended.

use super::{super::status::Failure, turns::Turns};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tonic::Code;

/// Whose bytes they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    All,
    Connection,
    Call,
}

/// Bytes that may be held at once.
#[derive(Debug)]
pub struct Pool {
    whose: Whose,
    at_most: AtomicUsize,
    held: AtomicUsize,
    /// What they count for too.
    above: Option<Arc<Pool>>,
    /// Whose turn it is among the streams of a connection.
    turns: Turns,
}

/// More than may be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    whose: Whose,
    at_most: usize,
    wanted: usize,
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (who, limit) = match self.whose {
            Whose::All => ("all calls together", "bytes_under_way"),
            Whose::Connection => ("the calls of one connection", "bytes_a_connection"),
            Whose::Call => ("a call", "bytes_a_call"),
        };
        let beyond = if self.whose == Whose::Call { " beyond its own size" } else { "" };
        let (wanted, at_most) = (mebibytes(self.wanted), mebibytes(self.at_most));
        write!(
            f,
            "the server would hold at least {wanted} MiB{beyond} for this; {who} may make it hold {at_most} MiB \
             ([limits] {limit}); ask for less at once"
        )
    }
}

/// Rounded up, so that what is too much never looks as if it were not.
fn mebibytes(bytes: usize) -> usize {
    bytes.div_ceil(1 << 20)
}

impl From<Exceeded> for Failure {
    fn from(over: Exceeded) -> Self {
        let busy = over.whose != Whose::Call;
        let failure = Self::new(Code::ResourceExhausted, "MEMORY", over.to_string());
        if busy { failure.later() } else { failure }
    }
}

impl Pool {
    /// For all calls together.
    pub fn of_all(at_most: usize) -> Arc<Self> {
        Arc::new(Self::new(Whose::All, at_most, None))
    }

    /// For the calls of one connection.
    pub fn of_connection(all: &Arc<Self>, at_most: usize) -> Arc<Self> {
        Arc::new(Self::new(Whose::Connection, at_most, Some(Arc::clone(all))))
    }

    fn of_call(connection: &Arc<Self>, at_most: usize) -> Self {
        Self::new(Whose::Call, at_most, Some(Arc::clone(connection)))
    }

    fn new(whose: Whose, at_most: usize, above: Option<Arc<Self>>) -> Self {
        let (at_most, held) = (AtomicUsize::new(at_most), AtomicUsize::new(0));
        Self { whose, at_most, held, above, turns: Turns::default() }
    }

    /// So many may be held from now on; what is held already stays.
    pub(super) fn allow(&self, at_most: usize) {
        self.at_most.store(at_most, Ordering::Relaxed);
    }

    /// Bytes that are held now.
    pub fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// Takes bytes, here and above.
    fn take(&self, bytes: usize) -> Result<(), Exceeded> {
        let wanted = self.held.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        let (whose, at_most) = (self.whose, self.at_most.load(Ordering::Relaxed));
        let taken = if at_most < wanted {
            Err(Exceeded { whose, at_most, wanted })
        } else {
            self.above.as_ref().map_or(Ok(()), |above| above.take(bytes))
        };
        if taken.is_err() {
            self.held.fetch_sub(bytes, Ordering::Relaxed);
        }
        taken
    }

    fn give(&self, bytes: usize) {
        // Most have nothing to give: the cells are those of all cores, and touching them is dear.
        if bytes == 0 {
            return;
        }
        self.held.fetch_sub(bytes, Ordering::Relaxed);
        if let Some(above) = &self.above {
            above.give(bytes);
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let held = *self.held.get_mut();
        if let Some(above) = &self.above {
            above.give(held);
        }
    }
}

/// What one call makes the server hold.
#[derive(Debug)]
pub struct Held {
    connection: Arc<Pool>,
    /// Bytes of the message that is being read: its own size.
    own: AtomicUsize,
    beyond: Pool,
}

tokio::task_local! {
    /// The call under way.
    static CALL: Arc<Held>;
}

impl Held {
    /// Of a call of a connection.
    pub fn new(connection: &Arc<Pool>, at_most: usize) -> Arc<Self> {
        Arc::new(Self {
            connection: Arc::clone(connection),
            own: AtomicUsize::new(0),
            beyond: Pool::of_call(connection, at_most),
        })
    }

    /// Waits until one more message of the streams of its connection may be handled.
    pub(in crate::rpc) async fn turn(&self) {
        self.connection.turns.take().await;
    }

    /// A message of this size comes, in the place of the one before.
    ///
    /// # Errors
    /// There is no room for it.
    pub fn message(&self, bytes: usize) -> Result<(), Exceeded> {
        self.connection.give(self.own.swap(0, Ordering::Relaxed));
        self.connection.take(bytes)?;
        self.own.store(bytes, Ordering::Relaxed);
        Ok(())
    }

    /// Bytes of the message that came last.
    pub fn own(&self) -> usize {
        self.own.load(Ordering::Relaxed)
    }

    /// Bytes that the message may take unpacked, its own size included: more is refused.
    pub fn most(&self) -> usize {
        self.own().saturating_add(self.beyond.at_most.load(Ordering::Relaxed))
    }

    /// Takes bytes beyond the call's own size.
    ///
    /// # Errors
    /// It would be too much.
    pub fn take(&self, bytes: usize) -> Result<(), Exceeded> {
        self.beyond.take(bytes)
    }

    /// Gives some of them back before the call ends.
    pub fn give(&self, bytes: usize) {
        self.beyond.give(bytes);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.connection.give(*self.own.get_mut());
    }
}

/// Runs the work of a call, so that what it holds is counted for it.
pub(in super::super) fn scope<F: Future>(
    held: Arc<Held>,
    work: F,
) -> impl Future<Output = F::Output> {
    CALL.scope(held, work)
}

/// Runs one step of it.
pub(in super::super) fn step<T>(held: &Arc<Held>, step: impl FnOnce() -> T) -> T {
    CALL.sync_scope(Arc::clone(held), step)
}

/// The call under way; none where nobody counts, as in a client.
pub(in super::super) fn current() -> Option<Arc<Held>> {
    CALL.try_with(Arc::clone).ok()
}

/// Takes bytes for the call under way, until it has ended.
///
/// # Errors
/// It would be too much.
pub(in super::super) fn hold(bytes: usize) -> Result<(), Failure> {
    CALL.try_with(|held| held.take(bytes)).unwrap_or(Ok(())).map_err(Failure::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(taken: Result<(), Exceeded>, want: &str) {
        assert_eq!(taken.map_or_else(|over| over.to_string(), |()| "taken".to_string()), want);
    }

    #[test]
    fn what_is_too_much_is_refused_with_the_figure_and_counts_nowhere() {
        const MIB: usize = 1 << 20;
        let all = Pool::of_all(100 * MIB);
        let one = Pool::of_connection(&all, 60 * MIB);
        let other = Pool::of_connection(&all, 60 * MIB);
        let call = Held::new(&one, 32 * MIB);
        check(call.take(32 * MIB), "taken");
        check(
            call.take(1),
            "the server would hold at least 33 MiB beyond its own size for this; a call may make it hold 32 MiB \
             ([limits] bytes_a_call); ask for less at once",
        );
        check(call.message(20 * MIB), "taken");
        check(
            call.message(29 * MIB),
            "the server would hold at least 61 MiB for this; the calls of one connection may make it hold 60 MiB \
             ([limits] bytes_a_connection); ask for less at once",
        );
        let second = Held::new(&other, 64 * MIB);
        check(second.message(50 * MIB), "taken");
        let third = Held::new(&one, 64 * MIB);
        check(
            third.take(19 * MIB),
            "the server would hold at least 101 MiB for this; all calls together may make it hold 100 MiB \
             ([limits] bytes_under_way); ask for less at once",
        );
        assert_eq!((one.held(), other.held(), all.held()), (32 * MIB, 50 * MIB, 82 * MIB));
        drop((call, second, third));
        assert_eq!((one.held(), other.held(), all.held()), (0, 0, 0));
    }
}
