//! A connection of HTTP/1.1, as curl, browsers and spreadsheets speak it: one call at a time.
//!
//! hyper reads and writes; what a call may hold, and how long a peer may keep us waiting, is bounded as on a
//! connection of HTTP/2. There are no pings here: silence counts while it is the peer's turn.

use super::{
    connection::{Beginning, Connection, End, HEADERS_BYTES_MAX, aged, told},
    inbound::{MessageMeter, Speaks},
    memory::{self, Held},
    unread::Unread,
    watched::{ConnectionTurn, Heard, Watched},
};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body::{Frame, SizeHint};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    future::{Future, poll_fn},
    io,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{Notify, watch},
    time::sleep_until,
};
use tonic::{Status, body::Body, codegen::Service};

impl<S, B> Connection<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: std::fmt::Debug + Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: std::fmt::Debug + Send,
{
    /// Answers its calls, one after the other.
    pub(super) async fn answer_http1<T>(
        self,
        io: Watched<T>,
        beginning: Beginning,
        heard: Heard,
        mut stopped: watch::Receiver<bool>,
    ) -> End
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (silent, age) = (self.limits.silent, self.limits.connection_age);
        let begun = Arc::new(Notify::new());
        let (has_begun, of_service) = (Arc::clone(&begun), heard.clone());
        let service = service_fn(move |request| {
            has_begun.notify_one();
            self.reply(request, of_service.clone())
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(silent);
        let room = HEADERS_BYTES_MAX as usize;
        let connection = builder.max_buf_size(room).serve_connection(TokioIo::new(io), service);
        let mut connection = pin!(connection);
        let (mut beginning, mut is_stopping) = (Some(beginning), false);
        let mut aged = pin!(aged(age));
        loop {
            // In this order: what has just begun is not overdue any more.
            tokio::select! {
                biased;
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a connection broke");
                    }
                    return End::Over;
                }
                () = begun.notified(), if beginning.is_some() => beginning = None,
                () = overdue(&mut beginning), if beginning.is_some() => return End::Silent,
                () = sleep_until(heard.last() + silent) => {
                    if heard.waits_for_peer() && silent <= heard.last().elapsed() {
                        return End::Silent;
                    }
                    if !heard.waits_for_peer() {
                        heard.note();
                    }
                }
                () = &mut aged, if !is_stopping => {
                    is_stopping = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = told(&mut stopped), if !is_stopping => {
                    is_stopping = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }

    /// The answer to one call.
    fn reply(
        &self,
        request: Request<Incoming>,
        heard: Heard,
    ) -> impl Future<Output = Result<Response<Outgoing<B>>, io::Error>> + use<S, B> {
        let held = Held::new(&self.memory, self.limits.bytes_a_call);
        let mut service = self.service.clone();
        let is_whole = http_body::Body::is_end_stream(request.body());
        heard.turn(if is_whole { ConnectionTurn::Ours } else { ConnectionTurn::Peer });
        let taken = Taken { heard: heard.clone() };
        let speaks = match Speaks::of(request.headers()) {
            // It is refused here, whatever it says.
            Speaks::Grpc | Speaks::Http => Speaks::Http,
            Speaks::Files => Speaks::Files,
        };
        let meter = MessageMeter::new(Arc::clone(&held), speaks);
        let unread = Unread::of(request.headers());
        let left = unread.clone();
        let request = request.map(|body| Body::new(Asked { body: Some(body), meter, heard, left }));
        async move {
            let work = async {
                poll_fn(|context| service.poll_ready(context)).await?;
                service.call(request).await
            };
            let answered = memory::scope(Arc::clone(&held), work).await;
            let mut answered =
                answered.map_err(|error: S::Error| io::Error::other(format!("{error:?}")))?;
            if !unread.read().await {
                let close = HeaderValue::from_static("close");
                answered.headers_mut().insert(header::CONNECTION, close);
            }
            taken.heard.turn(ConnectionTurn::Ours);
            Ok(answered.map(|body| Outgoing { body: Box::pin(body), held, _taken: taken }))
        }
    }
}

/// Waits until a connection that has asked for nothing must go.
async fn overdue(beginning: &mut Option<Beginning>) {
    match beginning {
        Some(Beginning { by, outlived }) => tokio::select! {
            () = sleep_until(*by) => (),
            _ = outlived => (),
        },
        None => std::future::pending().await,
    }
}

/// The body of a request, counted as it comes.
#[derive(Debug)]
struct Asked {
    /// Until its end.
    body: Option<Incoming>,
    meter: MessageMeter,
    heard: Heard,
    left: Unread,
}

impl http_body::Body for Asked {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Self { body: unended, meter, heard, .. } = &mut *self;
        let Some(body) = unended else { return Poll::Ready(None) };
        let polled = ready!(Pin::new(&mut *body).poll_frame(context));
        if polled.as_ref().is_none_or(Result::is_err) || body.is_end_stream() {
            *unended = None;
            heard.turn(ConnectionTurn::Ours);
        }
        Poll::Ready(polled.map(|frame| {
            let frame = frame.map_err(|error| {
                Status::cancelled(format!("the request was broken off: {error}"))
            })?;
            let counted = frame.data_ref().map_or(Ok(()), |data| meter.read(data));
            counted.map(|()| frame)
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or(SizeHint::with_exact(0), http_body::Body::size_hint)
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if let Some(rest) = self.body.take() {
            self.left.leave(rest);
        }
    }
}

/// Gives the turn back when an answer has been taken, or given up.
#[derive(Debug)]
struct Taken {
    heard: Heard,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.heard.turn(ConnectionTurn::Peer);
    }
}

/// The body of an answer.
struct Outgoing<B> {
    body: Pin<Box<B>>,
    held: Arc<Held>,
    /// Until it is dropped.
    _taken: Taken,
}

impl<B> http_body::Body for Outgoing<B>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: std::fmt::Debug,
{
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let Self { body, held, _taken } = &mut *self;
        let polled = memory::step(held, || body.as_mut().poll_frame(context));
        polled.map(|frame| {
            let frame = frame?.map_err(|error| io::Error::other(format!("{error:?}")));
            Some(frame)
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}
