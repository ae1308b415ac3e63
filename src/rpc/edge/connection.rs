//! One connection: it begins in time, its calls are answered side by side, and it ends when it falls silent.

use super::{
    Limits, call,
    memory::{Held, Pool},
};
use h2::{Ping, PingPong, server};
use std::{
    future::poll_fn,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::{oneshot, watch},
    time::{Instant, sleep_until, timeout},
};
use tonic::{
    body::Body,
    codegen::{
        Bytes, Service,
        http::{Request, Response},
    },
};

/// Bytes of a request that may be under way unread: a batch of some thousand questions is not held up.
const STREAM_WINDOW: u32 = 256 << 10;

/// The same for all requests of a connection: so much that streams nobody reads leave room for others.
const CONNECTION_WINDOW: u32 = STREAM_WINDOW * CALLS_MAX;

/// Calls of a connection under way at once; further ones wait at the caller.
const CALLS_MAX: u32 = 1_024;

/// Calls that a caller may give up before we have looked at them: all that it may have, for deadlines end together.
const RESETS_MAX: usize = CALLS_MAX as usize;

/// What the transport may lay out for small frames until we take them, which we do as they come.
const FRAMES_BYTES_MAX: usize = 64 << 20;

/// Bytes of an answer that wait in the transport for the caller to read.
const SEND_BUFFER: usize = 64 << 10;

/// Bytes of the headers of a call, metadata among them.
pub(super) const HEADERS_BYTES_MAX: u32 = 128 << 10;

/// A connection and what its calls are answered with.
pub(super) struct Connection<S> {
    pub(super) service: S,
    pub(super) limits: Limits,
    pub(super) memory: Arc<Pool>,
}

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The peer went, or it broke, or all is answered and the server stops.
    Over,
    /// The peer said nothing for too long.
    Silent,
}

impl<S, B> Connection<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: std::fmt::Debug + Send,
    B: tonic::codegen::Body<Data = Bytes> + Send + 'static,
    B::Error: std::fmt::Debug + Send,
{
    /// Serves it to its end; `outlived` ends it where others want to begin and it has not.
    pub(super) async fn serve(
        self,
        stream: TcpStream,
        outlived: oneshot::Receiver<()>,
        mut stopped: watch::Receiver<bool>,
    ) -> End {
        let heard = Heard::now();
        let io = Watched { stream, heard: heard.clone() };
        let begun = tokio::select! {
            begun = timeout(self.limits.handshake, handshake(io)) => begun,
            _ = outlived => return End::Silent,
            () = told(&mut stopped) => return End::Over,
        };
        match begun {
            Ok(Ok(connection)) => self.answer(connection, heard, stopped).await,
            Ok(Err(error)) => {
                tracing::debug!(%error, "a connection did not begin");
                End::Over
            }
            Err(_) => End::Silent,
        }
    }

    async fn answer(
        self,
        mut connection: server::Connection<Watched, Bytes>,
        heard: Heard,
        mut stopped: watch::Receiver<bool>,
    ) -> End {
        let mut pulse = Pulse {
            pings: connection.ping_pong().expect("nobody has taken it"),
            heard,
            silent: self.limits.silent,
        };
        let mut is_stopping = false;
        loop {
            tokio::select! {
                next = connection.accept() => match next {
                    Some(Ok((request, respond))) => {
                        let held = Held::new(&self.memory, self.limits.bytes_a_call);
                        let service = self.service.clone();
                        tokio::spawn(call::answer((request, respond), service, held));
                    }
                    Some(Err(error)) => {
                        tracing::debug!(%error, "a connection broke");
                        return End::Over;
                    }
                    None => return End::Over,
                },
                is_there = pulse.beat() => if !is_there { return End::Silent },
                () = told(&mut stopped), if !is_stopping => {
                    is_stopping = true;
                    connection.graceful_shutdown();
                }
            }
        }
    }
}

/// Waits until the server stops.
async fn told(stopped: &mut watch::Receiver<bool>) {
    // Whoever would tell it may be gone: then it has stopped.
    drop(stopped.wait_for(|stopped| *stopped).await);
}

async fn handshake(io: Watched) -> Result<server::Connection<Watched, Bytes>, h2::Error> {
    server::Builder::new()
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_concurrent_streams(CALLS_MAX)
        .max_pending_accept_reset_streams(RESETS_MAX)
        .max_header_list_size(HEADERS_BYTES_MAX)
        .max_send_buffer_size(SEND_BUFFER)
        .data_frame_budget(FRAMES_BYTES_MAX)
        .handshake(io)
        .await
}

/// When something was last heard of a peer.
#[derive(Clone, Debug)]
struct Heard {
    start: Instant,
    /// Milliseconds after the start.
    at: Arc<AtomicU64>,
}

impl Heard {
    fn now() -> Self {
        Self { start: Instant::now(), at: Arc::default() }
    }

    fn note(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.at.store(now, Ordering::Relaxed);
    }

    fn last(&self) -> Instant {
        self.start + Duration::from_millis(self.at.load(Ordering::Relaxed))
    }
}

/// Asks a peer that says nothing whether it is there.
struct Pulse {
    pings: PingPong,
    heard: Heard,
    silent: Duration,
}

impl Pulse {
    /// Waits until something is due; false if the peer is not there any more.
    async fn beat(&mut self) -> bool {
        let quiet = self.heard.last().elapsed();
        let half = self.silent / 2;
        if self.silent <= quiet {
            return false;
        }
        if half <= quiet {
            // Where the last question is not answered yet there is no other one to ask.
            let _asked = self.pings.send_ping(Ping::opaque());
        }
        let next = if quiet < half { half } else { self.silent };
        let wake = sleep_until(self.heard.last() + next);
        tokio::pin!(wake);
        poll_fn(|context| {
            // An answer is heard as everything is; it only has to be taken.
            let _answered = self.pings.poll_pong(context);
            wake.as_mut().poll(context)
        })
        .await;
        true
    }
}

/// A stream that notes when something was heard.
struct Watched {
    stream: TcpStream,
    heard: Heard,
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if before < buffer.filled().len() {
            self.heard.note();
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
