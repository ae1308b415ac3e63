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

/// How long the peer may take to send it: it may be waiting for our answer.
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

    /// Reads what was left; false if that is too much, or does not come.
    pub(super) async fn read(&self) -> bool {
        let Some(rest) = self.rest.lock().take() else { return true };
        let is_small = rest.size_hint().lower() <= BYTES_MAX as u64;
        is_small && !self.is_held_back && timeout(WITHIN, ends(rest)).await.unwrap_or(false)
    }
}

/// Whether the end comes soon.
async fn ends(mut rest: Incoming) -> bool {
    let mut n_bytes = 0;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut rest).poll_frame(context)).await {
        let Ok(frame) = frame else { return false };
        n_bytes += frame.data_ref().map_or(0, Bytes::len);
        if BYTES_MAX < n_bytes {
            return false;
        }
    }
    true
}
