//! How a server ends: who calls anew is refused, streams end with a clear status, calls under way finish, and what
//! has not finished in its time is cut off.
//!
//! One layer stands around every call of every service (health and reflection too). It counts the calls under
//! way, refuses new ones but for health, and ends streams that have nothing more to say. A call that is cut off,
//! because its time is over or because the journal failed, is told that its outcome is not known.

use super::status::Failure;
use http_body::Frame;
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};
use tokio::sync::{Notify, watch};
use tonic::{
    Code, Status,
    body::Body,
    codegen::{
        Bytes, Service,
        http::{HeaderMap, Request, Response},
    },
};
use tower_layer::Layer;

/// Calls that are answered to the end: whoever balances load wants to hear that this server is going.
const HEALTH: &str = "/grpc.health.v1.Health/";

/// The stream that ends by itself, when all that it took is answered.
const ENDS_ITSELF: &str = "/promised.v1.PromiseService/PromiseStream";

/// How far a server is on its way to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Serving,
    /// Calls under way finish.
    Draining,
    /// They are cut off.
    Cut,
}

/// The end of a server, known to all of its calls. Clones know of the same one.
#[derive(Clone, Debug)]
pub(super) struct Stopping {
    phase: Arc<watch::Sender<Phase>>,
    calls: Arc<Calls>,
}

/// The calls under way.
#[derive(Debug, Default)]
struct Calls {
    n: AtomicUsize,
    none: Notify,
    /// The phase once more, for who begins: looking at it takes no lock.
    phase: AtomicU8,
}

/// A call under way, until it is dropped.
#[derive(Debug)]
struct Call(Arc<Stopping>);

impl Drop for Call {
    fn drop(&mut self) {
        let calls = &self.0.calls;
        if calls.n.fetch_sub(1, Ordering::SeqCst) == 1 {
            calls.none.notify_waiters();
        }
    }
}

impl Stopping {
    /// Of a server that goes on for now.
    pub(super) fn new() -> Self {
        Self { phase: Arc::new(watch::Sender::new(Phase::Serving)), calls: Arc::default() }
    }

    /// From now on no new calls are taken.
    pub(super) fn drain(&self) {
        self.go_on_to(Phase::Draining);
    }

    /// From now on nothing is waited for.
    pub(super) fn cut(&self) {
        self.go_on_to(Phase::Cut);
    }

    fn go_on_to(&self, next: Phase) {
        self.phase.send_if_modified(|phase| {
            let goes_on = *phase < next;
            *phase = next.max(*phase);
            self.calls.phase.store(*phase as u8, Ordering::SeqCst);
            goes_on
        });
    }

    fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Whether it is not on its way to its end.
    pub(super) fn is_serving(&self) -> bool {
        self.calls.phase.load(Ordering::SeqCst) == Phase::Serving as u8
    }

    /// Done when the server is on its way to its end.
    pub(super) fn draining(&self) -> impl Future<Output = ()> + Send + use<> {
        self.reached(Phase::Draining)
    }

    /// Done when nothing is waited for any more.
    pub(super) fn cutting(&self) -> impl Future<Output = ()> + Send + use<> {
        self.reached(Phase::Cut)
    }

    fn reached(&self, wanted: Phase) -> impl Future<Output = ()> + Send + use<> {
        let mut phase = self.phase.subscribe();
        let sender = Arc::clone(&self.phase);
        async move {
            let _sender = sender;
            // The sender is ours, so it is there as long as we wait.
            drop(phase.wait_for(|phase| wanted <= *phase).await);
        }
    }

    /// Done when no call is under way.
    pub(super) async fn idle(&self) {
        loop {
            let none = self.calls.none.notified();
            if self.calls.n.load(Ordering::SeqCst) == 0 {
                return;
            }
            none.await;
        }
    }

    fn begin(self: &Arc<Self>) -> Call {
        self.calls.n.fetch_add(1, Ordering::SeqCst);
        Call(Arc::clone(self))
    }

    /// What a stream is told at its end.
    pub(super) fn farewell(&self) -> Failure {
        match self.phase() {
            Phase::Serving | Phase::Draining => shutting_down(),
            Phase::Cut => Failure::outcome_unknown(),
        }
    }
}

/// What a call is told that comes too late, or that has surely done nothing.
pub(super) fn shutting_down() -> Failure {
    let text = "the server is shutting down; nothing was done, ask another one or come back";
    Failure::new(Code::Unavailable, "SHUTTING_DOWN", text)
}

/// Stands around a service.
#[derive(Clone, Debug)]
pub(super) struct Stoppable<S> {
    /// One of a core's own: its calls count their clones where no other core does.
    stopping: Arc<Stopping>,
    inner: S,
}

impl<S> Layer<S> for Stopping {
    type Service = Stoppable<S>;

    fn layer(&self, inner: S) -> Stoppable<S> {
        Stoppable { stopping: Arc::new(self.clone()), inner }
    }
}

impl<S> Service<Request<Body>> for Stoppable<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Unpin,
{
    type Response = Response<Ending>;
    type Error = S::Error;
    type Future = StoppableAnswer<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let path = request.uri().path();
        // Counted first, then looked at: either it sees the end come, or the end waits for it.
        let call = self.stopping.begin();
        let is_refused = !self.stopping.is_serving() && !path.starts_with(HEALTH);
        let cut_at = if path == ENDS_ITSELF { Phase::Cut } else { Phase::Draining };
        let stopping = Arc::clone(&self.stopping);
        if is_refused {
            drop(call);
            let refused = Status::from(stopping.farewell()).into_http();
            let way = Way::Refused(Some(refused));
            return StoppableAnswer { way, call: None, cut_at, stopping, cut: None };
        }
        let way = Way::Asked(self.inner.call(request));
        StoppableAnswer { way, call: Some(call), cut_at, stopping, cut: None }
    }
}

/// How far an answer is.
enum Way<F> {
    Asked(F),
    Refused(Option<Response<Body>>),
}

/// Done when something is to end.
type Cut = Pin<Box<dyn Future<Output = ()> + Send>>;

/// An answer on its way: it is not waited for when the server is cut off.
pub(super) struct StoppableAnswer<F> {
    way: Way<F>,
    call: Option<Call>,
    cut_at: Phase,
    stopping: Arc<Stopping>,
    /// Not asked for where the answer is there at once.
    cut: Option<Cut>,
}

impl<F, E> Future for StoppableAnswer<F>
where
    F: Future<Output = Result<Response<Body>, E>> + Unpin,
{
    type Output = Result<Response<Ending>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { way, call, cut_at, stopping, cut } = self.get_mut();
        let answered = match way {
            Way::Refused(refused) => refused.take().expect("it is answered once"),
            Way::Asked(answer) => match Pin::new(answer).poll(context) {
                Poll::Ready(answered) => answered?,
                Poll::Pending => {
                    let wanted = || Box::pin(stopping.reached(Phase::Cut)) as Cut;
                    ready!(cut.get_or_insert_with(wanted).as_mut().poll(context));
                    *way = Way::Refused(None);
                    Status::from(Failure::outcome_unknown()).into_http()
                }
            },
        };
        let (call, cut_at, stopping) = (call.take(), *cut_at, Arc::clone(stopping));
        Poll::Ready(Ok(answered.map(|body| Ending { body, call, cut_at, stopping, cut: None })))
    }
}

/// The body of an answer. One that has nothing to say when the server ends, such as a stream that waits, is ended.
pub(super) struct Ending {
    body: Body,
    call: Option<Call>,
    cut_at: Phase,
    stopping: Arc<Stopping>,
    /// Not asked for by answers that are there at once.
    cut: Option<Cut>,
}

impl tonic::codegen::Body for Ending {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.call.is_none() && self.cut.is_some() {
            return Poll::Ready(None);
        }
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            if frame.is_none() {
                self.call = None;
            }
            return Poll::Ready(frame);
        }
        let (stopping, cut_at) = (Arc::clone(&self.stopping), self.cut_at);
        let cut = self.cut.get_or_insert_with(|| Box::pin(stopping.reached(cut_at)));
        ready!(cut.as_mut().poll(context));
        self.call = None;
        let mut trailers = HeaderMap::new();
        let told = Status::from(stopping.farewell()).add_header(&mut trailers);
        Poll::Ready(Some(told.map(|()| Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_is_idle_when_its_last_call_has_ended() {
        let stopping = Arc::new(Stopping::new());
        stopping.idle().await;
        let (one, other) = (stopping.begin(), stopping.begin());
        let mut idle = std::pin::pin!(stopping.idle());
        let mut is_idle = || {
            let mut context = Context::from_waker(std::task::Waker::noop());
            idle.as_mut().poll(&mut context).is_ready()
        };
        assert!(!is_idle());
        drop(one);
        assert!(!is_idle());
        drop(other);
        assert!(is_idle());
    }

    /// A service that answers at once.
    struct Answers;

    impl Service<Request<Body>> for Answers {
        type Response = Response<Body>;
        type Error = std::convert::Infallible;
        type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<Body>) -> Self::Future {
            std::future::ready(Ok(Response::new(Body::empty())))
        }
    }

    #[tokio::test]
    async fn a_call_that_comes_too_late_is_refused_and_counts_no_more() {
        let stopping = Stopping::new();
        stopping.drain();
        let request = Request::builder().uri("/promised.v1.PromiseService/Promise");
        let answer = stopping.layer(Answers).call(request.body(Body::empty()).unwrap()).await;
        let status = answer.unwrap().headers()["grpc-status"].clone();
        assert_eq!(status, "14");
        stopping.idle().await;
    }

    #[tokio::test]
    async fn a_server_never_goes_back() {
        let stopping = Stopping::new();
        stopping.cut();
        stopping.drain();
        stopping.draining().await;
        assert_eq!(stopping.phase(), Phase::Cut);
        assert!(stopping.farewell().to_string().starts_with("OUTCOME_UNKNOWN"));
    }
}
