//! One connection: it begins in time, its calls are answered side by side, and it ends when it falls silent.
//!
//! Its first words tell whether it is one of HTTP/2, which is served here, or of HTTP/1.1 (`http1`).

use super::{
    Limits, call,
    memory::{Held, Pool},
    watched::{Heard, Version, Watched},
};
use h2::{Ping, PingPong, server};
use std::{future::poll_fn, io, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{oneshot, watch},
    time::{Instant, sleep_until, timeout_at},
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
    pub(super) async fn serve<T>(
        self,
        stream: T,
        mut outlived: oneshot::Receiver<()>,
        mut stopped: watch::Receiver<bool>,
    ) -> End
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let heard = Heard::now();
        let by = Instant::now() + self.limits.handshake;
        let io = Watched::new(stream, heard.clone());
        let begun = tokio::select! {
            begun = timeout_at(by, begin(io)) => begun,
            _ = &mut outlived => return End::Silent,
            () = told(&mut stopped) => return End::Over,
        };
        match begun {
            Ok(Ok(Begun::Http1(io))) => {
                self.answer_http1(io, Beginning { by, outlived }, heard, stopped).await
            }
            Ok(Ok(Begun::Http2(connection))) => {
                drop(outlived);
                self.answer(*connection, heard, stopped).await
            }
            Ok(Err(error)) => {
                tracing::debug!(%error, "a connection did not begin");
                End::Over
            }
            Err(_) => End::Silent,
        }
    }

    async fn answer<T>(
        self,
        mut connection: server::Connection<Watched<T>, Bytes>,
        heard: Heard,
        mut stopped: watch::Receiver<bool>,
    ) -> End
    where
        T: AsyncRead + AsyncWrite + Unpin,
    {
        let mut pulse = Pulse {
            pings: connection.ping_pong().expect("nobody has taken it"),
            heard,
            silent: self.limits.silent,
        };
        let aged = aged(self.limits.connection_age);
        tokio::pin!(aged);
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
                () = &mut aged, if !is_stopping => {
                    is_stopping = true;
                    connection.graceful_shutdown();
                }
                () = told(&mut stopped), if !is_stopping => {
                    is_stopping = true;
                    connection.graceful_shutdown();
                }
            }
        }
    }
}

/// Waits until a connection is old enough to go.
pub(super) async fn aged(age: Option<Duration>) {
    match age {
        Some(age) => tokio::time::sleep(age).await,
        None => std::future::pending().await,
    }
}

/// Waits until the server stops.
pub(super) async fn told(stopped: &mut watch::Receiver<bool>) {
    // Whoever would tell it may be gone: then it has stopped.
    drop(stopped.wait_for(|stopped| *stopped).await);
}

/// A connection whose version is known.
enum Begun<T> {
    Http1(Watched<T>),
    Http2(Box<server::Connection<Watched<T>, Bytes>>),
}

/// What ends a connection that has not asked for anything yet.
pub(super) struct Beginning {
    pub(super) by: Instant,
    pub(super) outlived: oneshot::Receiver<()>,
}

async fn begin<T: AsyncRead + AsyncWrite + Unpin>(mut io: Watched<T>) -> io::Result<Begun<T>> {
    match io.version().await? {
        Version::Http1 => Ok(Begun::Http1(io)),
        Version::Http2 => {
            let connection = handshake(io).await.map_err(io::Error::other)?;
            Ok(Begun::Http2(Box::new(connection)))
        }
    }
}

async fn handshake<T: AsyncRead + AsyncWrite + Unpin>(
    io: Watched<T>,
) -> Result<server::Connection<Watched<T>, Bytes>, h2::Error> {
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
