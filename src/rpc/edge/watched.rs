//! The bytes of a connection: who has said something when, and in which words it began.

use bytes::{Buf, Bytes};
use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf},
    time::Instant,
};

/// What every connection of HTTP/2 begins with, and none of HTTP/1.1 does.
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// When something was last heard of a peer, and whether it is its turn.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    start: Instant,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Milliseconds after the start.
    at: AtomicU64,
    /// Whether the peer has something to say before we can go on; asked of HTTP/1.1 only.
    its_turn: AtomicBool,
    /// Whether it does not take what we write.
    is_stuck: AtomicBool,
}

impl Heard {
    pub(super) fn now() -> Self {
        let (at, its_turn) = (AtomicU64::new(0), AtomicBool::new(true));
        let shared = Shared { at, its_turn, is_stuck: AtomicBool::new(false) };
        Self { start: Instant::now(), shared: Arc::new(shared) }
    }

    pub(super) fn note(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.shared.at.store(now, Ordering::Relaxed);
    }

    pub(super) fn last(&self) -> Instant {
        self.start + Duration::from_millis(self.shared.at.load(Ordering::Relaxed))
    }

    /// Says whose turn it is from now on.
    pub(super) fn turn(&self, turn: ConnectionTurn) {
        self.shared.its_turn.store(turn == ConnectionTurn::Peer, Ordering::Relaxed);
        self.note();
    }

    /// Whether we wait for the peer: for its words, or for it to take ours.
    pub(super) fn waits_for_peer(&self) -> bool {
        let Shared { its_turn, is_stuck, .. } = &*self.shared;
        its_turn.load(Ordering::Relaxed) || is_stuck.load(Ordering::Relaxed)
    }
}

/// Whose turn it is on a connection that has one call at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConnectionTurn {
    Peer,
    Ours,
}

/// The version of HTTP that a peer speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Http1,
    Http2,
}

/// A stream that notes when something was heard.
#[derive(Debug)]
pub(super) struct Watched<T> {
    stream: T,
    /// What has come and is to be read again.
    begun: Bytes,
    heard: Heard,
}

impl<T> Watched<T> {
    pub(super) fn new(stream: T, heard: Heard) -> Self {
        Self { stream, begun: Bytes::new(), heard }
    }
}

impl<T: AsyncRead + Unpin> Watched<T> {
    /// Listens to the first words, which stay to be read.
    pub(super) async fn version(&mut self) -> io::Result<Version> {
        let (mut words, mut n) = ([0; PREFACE.len()], 0);
        let version = loop {
            match self.read(&mut words[n..]).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => n += more,
            }
            if words[..n] != PREFACE[..n] {
                break Version::Http1;
            }
            if n == PREFACE.len() {
                break Version::Http2;
            }
        };
        self.begun = Bytes::copy_from_slice(&words[..n]);
        Ok(version)
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.begun.has_remaining() {
            let n = self.begun.len().min(buffer.remaining());
            buffer.put_slice(&self.begun.split_to(n));
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if before < buffer.filled().len() {
            self.heard.note();
        }
        read
    }
}

impl<T> Watched<T> {
    /// Notes whether the peer takes what we write.
    fn wrote(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let is_stuck = written.is_pending();
        if self.heard.shared.is_stuck.swap(is_stuck, Ordering::Relaxed) && !is_stuck {
            self.heard.note();
        }
        written
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.wrote(written)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the version off words that come in pieces, and then all of them again.
    #[track_caller]
    fn check(words: &[u8], piece: usize, want: Version) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (mut peer, ours) = tokio::io::duplex(piece);
            let all = words.to_vec();
            let says = tokio::spawn(async move {
                let _sent = tokio::io::AsyncWriteExt::write_all(&mut peer, &all).await;
            });
            let mut io = Watched::new(ours, Heard::now());
            assert_eq!(io.version().await.unwrap(), want);
            let mut again = Vec::new();
            io.read_to_end(&mut again).await.unwrap();
            says.await.unwrap();
            assert_eq!(again, words);
        });
    }

    #[test]
    fn the_first_words_tell_the_version_and_are_read_again() {
        for piece in [1, 7, 64] {
            check(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nframes", piece, Version::Http2);
            check(b"POST / HTTP/1.1\r\n\r\n", piece, Version::Http1);
            check(b"PRI * HTTP/1.1\r\n\r\n", piece, Version::Http1);
        }
    }
}
