//! What stands around every request: a guard against our own panics, deadlines, and where work is done.
//!
//! One panic is one INTERNAL answer; the server and the other requests go on. A panic of the writer thread
//! is another matter: the engine stops then, and says so.

use super::{edge::memory, secure::caller, status::Failure};
use crate::{
    engine::{SteadyTime, traced::Stage},
    limits::NEEDS_AT_ONCE,
    promising::patience::{GivenUp, Patience},
};
use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};
use tokio::{sync::mpsc, time::MissedTickBehavior};
use tokio_stream::{Stream, wrappers::ReceiverStream};
use tonic::{Response, Status, metadata::MetadataMap};

/// A stream of messages to a caller.
pub(super) type MessageStream<T> = Pin<Box<dyn Stream<Item = Result<T, tonic::Status>> + Send>>;

/// Lines of a request that are worked on where it was read; more go to a thread of their own: they would keep the other
/// calls of the runtime waiting, and health checks with them.
const INLINE_MAX: usize = 64;

/// Bytes from which on an answer is compressed for a caller that takes that.
///
/// Many clients announce gzip without having been asked; a small answer would cost more to pack and unpack
/// than to compute, and would not even be smaller.
const COMPRESSED_FROM: usize = 16 << 10;

/// Runs the work of one call, and makes its failures and panics a status.
///
/// # Errors
/// The status of the failure.
pub(super) async fn call<T: prost::Message>(
    method: &'static str,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<Response<T>, Status> {
    let message = worked(method, work).await?;
    let is_small = is_small(message.encoded_len());
    let mut response = Response::new(message);
    if is_small {
        response.disable_compression();
    }
    Ok(response)
}

/// The same, and how the answer is told is left to others.
///
/// # Errors
/// The status of the failure.
pub(super) async fn worked<T>(
    method: &'static str,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Status> {
    caller::on_to(Stage::Work);
    let done = caught(method, work).await;
    caller::on_to(Stage::Encode);
    done.map_err(|failure| refused(method, failure))
}

/// Whether an answer of so many bytes is told as it is to whoever would take it packed.
pub(super) fn is_small(length: usize) -> bool {
    length < COMPRESSED_FROM
}

fn refused(method: &'static str, failure: Failure) -> Status {
    tracing::debug!(method, %failure, "refused");
    failure.into()
}

/// Runs the work of one request, and makes its panics a failure.
///
/// # Errors
/// The failure of the work, or that it panicked.
pub(super) async fn caught<T>(
    method: &'static str,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let mut work = pin!(work);
    poll_fn(|context| {
        let mut polled = Poll::Pending;
        match step(method, &mut || polled = work.as_mut().poll(context)) {
            Ok(()) => polled,
            Err(failure) => Poll::Ready(Err(failure)),
        }
    })
    .await
}

/// Does a step of the work of a request; not once more for each of them, which took long to build.
fn step(method: &'static str, step: &mut dyn FnMut()) -> Result<(), Failure> {
    // Unwind safe: what the work held is dropped, and shared state is changed by the writer alone.
    catch_unwind(AssertUnwindSafe(step)).map_err(|panic| {
        tracing::error!(method, panic = words(&*panic), "a request panicked");
        Failure::panicked()
    })
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let literal = panic.downcast_ref::<&str>().copied();
    literal.or(panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no words")
}

/// Computes here, or on a thread for blocking work where there is much to compute.
pub(super) async fn compute<T: Send + 'static>(
    n_lines: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    if n_lines <= INLINE_MAX {
        return work();
    }
    elsewhere(work).await
}

/// Does what may take long, or wait for a disk, on a thread for blocking work. What it holds is counted there too.
pub(super) async fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let done = done_elsewhere(Box::new(|| Box::new(work()))).await;
    *done.downcast().expect("it is what the work gives")
}

/// Some work, and what it gives: a runtime's task is a lot of code, and here there is one for all kinds of work.
type Work = Box<dyn FnOnce() -> Given + Send>;
type Given = Box<dyn Any + Send>;

async fn done_elsewhere(work: Work) -> Given {
    let (held, caller) = (memory::current(), caller::current());
    let known = move || match caller {
        Some(caller) => caller::step(&caller, work),
        None => work(),
    };
    let counted = move || match held {
        Some(held) => memory::step(&held, known),
        None => known(),
    };
    match tokio::task::spawn_blocking(counted).await {
        Ok(given) => given,
        Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
        // The runtime is at its end, and so is this call.
        Err(_) => std::future::pending().await,
    }
}

/// How much is planned where a request was read: a few lines, and so many needs of them. A line takes microseconds
/// to milliseconds, and handing it over takes longer than most.
pub(super) fn at_once(n_lines: usize, alternatives: usize) -> Option<Patience> {
    let is_little = n_lines.saturating_mul(1 + alternatives) <= INLINE_MAX;
    is_little.then(|| Patience::of(NEEDS_AT_ONCE))
}

/// Plans on a thread for blocking work, as long as the call is under way: where the caller has gone, or its time is
/// over, the call is dropped, and with it the patience.
///
/// # Errors
/// It was given up; nobody hears of it.
pub(super) async fn patiently<T: Send + 'static>(
    work: impl FnOnce(&Patience) -> Result<T, GivenUp> + Send + 'static,
) -> Result<T, Failure> {
    let (patience, waiting) = Patience::until_dropped();
    let done = elsewhere(move || work(&patience)).await;
    drop(waiting);
    done.map_err(|GivenUp| Failure::outcome_unknown())
}

/// Runs a part of a call beside it: what it holds is counted, and its caller known, as in the call itself.
pub(super) fn beside(work: impl Future<Output = ()> + Send + 'static) {
    let work: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(work);
    let work = caller::carried(work);
    match memory::current() {
        Some(held) => drop(tokio::spawn(memory::scope(held, work))),
        None => drop(tokio::spawn(work)),
    }
}

/// How often it is told how far work is.
const TOLD_EVERY: Duration = Duration::from_millis(200);

/// Does long work and tells how far it is, as often as that changes; the last message is what came of it. Where the
/// caller goes, the work is dropped.
pub(super) fn told_on_the_way<M: Clone + PartialEq + Send + Sync + 'static>(
    method: &'static str,
    far: impl Fn() -> M + Send + 'static,
    work: impl Future<Output = Result<M, Failure>> + Send + 'static,
) -> MessageStream<M> {
    let (sender, told) = mpsc::channel(4);
    let tell = sender.clone();
    let telling = async move {
        let mut ticks = tokio::time::interval(TOLD_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last = None;
        loop {
            ticks.tick().await;
            let now = far();
            if last.as_ref() != Some(&now) {
                last = Some(now.clone());
                // Whoever does not read yet hears of the next one.
                drop(tell.try_send(Ok(now)));
            }
        }
    };
    beside(async move {
        let done = tokio::select! {
            biased;
            () = sender.closed() => return,
            done = caught(method, work) => done,
            () = telling => unreachable!("it tells for ever"),
        };
        drop(sender.send(done.map_err(Status::from)).await);
    });
    Box::pin(ReceiverStream::new(told))
}

/// The moment by which the caller wants its answer, from the `grpc-timeout` header: on the steady clock, so that no
/// jump of the other one fails or prolongs a call.
///
/// The transport gives up waiting by itself; what the deadline adds is that a command that still stands in
/// the queue then is not done behind the caller's back.
pub(super) fn deadline(metadata: &MetadataMap, now: SteadyTime) -> Option<SteadyTime> {
    let text = metadata.get("grpc-timeout")?.to_str().ok()?;
    Some(now.after(timeout(text)?))
}

/// A timeout as gRPC writes it: up to 8 digits and a unit.
pub(super) fn timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let value: u64 = digits.parse().ok().filter(|_| digits.len() <= 8)?;
    match unit {
        "H" => Some(Duration::from_secs(value * 3_600)),
        "M" => Some(Duration::from_secs(value * 60)),
        "S" => Some(Duration::from_secs(value)),
        "m" => Some(Duration::from_millis(value)),
        "u" => Some(Duration::from_micros(value)),
        "n" => Some(Duration::from_nanos(value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_as_grpc_writes_them() {
        assert_eq!(timeout("1500m"), Some(Duration::from_millis(1_500)));
        assert_eq!(timeout("2H"), Some(Duration::from_secs(7_200)));
        for text in ["", "S", "5", "5x", "123456789S", "1é"] {
            assert_eq!(timeout(text), None, "{text}");
        }
    }

    #[tokio::test]
    async fn a_panic_is_one_failed_request() {
        let failed = caught::<()>("Promise", async { panic!("as this test wants it") }).await;
        assert_eq!(Status::from(failed.expect_err("it panicked")).code(), tonic::Code::Internal);
        let fails = || -> () { panic!("as this test wants it") };
        let many = async {
            compute(INLINE_MAX + 1, fails).await;
            Ok(())
        };
        assert!(caught::<()>("Promise", many).await.is_err());
        assert_eq!(caught("Promise", async { Ok(1) }).await.ok(), Some(1));
    }
}
