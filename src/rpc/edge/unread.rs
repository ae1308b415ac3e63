//! The rest of a request of HTTP/1.1 whose answer is there before anybody has read it all.
//!
//! The next request of the connection comes behind it. So the rest is read, for nothing, or the answer says that the
//! connection ends: a peer that heard neither would send its next request on a connection that is being closed.

use bytes::Bytes;
use http::{HeaderMap, header};
use http_body::Body as _;
use hyper::body::Incoming;
use parking_lot::Mutex;
use std::{future::poll_fn, pin::Pin, sync::Arc, time::Duration};
use tokio::time::timeout;

/// Bytes of a rest that is read.
const BYTES_MAX: usize = 64 << 10;

/// Bytes of one that is read while the connection ends.
const LINGER_BYTES_MAX: usize = 8 << 20;

/// How long the peer may take to send either: it may be waiting for our answer.
const WITHIN: Duration = Duration::from_secs(2);

/// Where whoever lets the body of a request go leaves what it has not read.
#[derive(Clone, Debug)]
pub(super) struct Unread {
    rest: Arc<Mutex<Option<Incoming>>>,
    /// Whether the peer sends nothing before it is told to.
    is_held_back: bool,
}

impl Unread {
    /// Of a request with these headers.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self { rest: Arc::default(), is_held_back: headers.contains_key(header::EXPECT) }
    }

    pub(super) fn leave(&self, rest: Incoming) {
        *self.rest.lock() = Some(rest);
    }

    /// Reads what was left; false if that is too much, or does not come. Then it goes on for a moment, beside the answer:
    /// where a connection is closed upon what nobody has read, the peer may lose its answer.
    pub(super) async fn read(&self) -> bool {
        let Some(mut rest) = self.rest.lock().take() else { return true };
        if self.is_held_back {
            return false;
        }
        let is_small = rest.size_hint().lower() <= BYTES_MAX as u64;
        if is_small && timeout(WITHIN, ends(&mut rest, BYTES_MAX)).await.unwrap_or(false) {
            return true;
        }
        tokio::spawn(async move { timeout(WITHIN, ends(&mut rest, LINGER_BYTES_MAX)).await });
        false
    }
}

/// Whether the end comes within so many bytes.
async fn ends(rest: &mut Incoming, n_bytes_max: usize) -> bool {
    let mut n_bytes = 0;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut *rest).poll_frame(context)).await {
        let Ok(frame) = frame else { return false };
        n_bytes += frame.data_ref().map_or(0, Bytes::len);
        if n_bytes_max < n_bytes {
            return false;
        }
    }
    true
}
