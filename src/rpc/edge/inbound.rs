//! The body of a request: read from the transport as it comes, handed over as it is wanted.
//!
//! Frames do not stay in the transport, where each small one costs ten times its bytes and thousands of them end the
//! connection: [`Pump`] takes them at once, and [`Inbound`] gives the window back when the bytes are taken. So a
//! caller that sends faster than it is served is held back by the window of its stream, and by nothing else. Each
//! message says its length before it comes, so one that is too large is refused before it is there.

use super::memory::Held;
use crate::rpc::{REQUEST_BYTES_MAX, status::Failure};
use bytes::{Bytes, BytesMut};
use h2::{FlowControl, RecvStream};
use http::{HeaderMap, HeaderValue};
use http_body::Frame;
use parking_lot::Mutex;
use std::{
    collections::VecDeque,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};
use tonic::{Code, Status};

/// Frames below this size are copied together: kept one by one they would hold the buffers that they came in.
const SMALL: usize = 4_096;

/// Bytes before each message of gRPC: whether it is packed, and its length.
const PREFIX_LEN: usize = 5;

/// What has come and was not taken yet.
#[derive(Debug)]
struct Waiting {
    frames: VecDeque<Bytes>,
    /// Small frames after those.
    small: BytesMut,
    end: Option<Result<Option<HeaderMap>, Status>>,
    taker: Option<Waker>,
}

impl Waiting {
    fn push(&mut self, data: Bytes) {
        if data.len() < SMALL {
            self.small.extend_from_slice(&data);
        } else {
            self.close_small();
            self.frames.push_back(data);
        }
    }

    fn close_small(&mut self) {
        if !self.small.is_empty() {
            self.frames.push_back(self.small.split().freeze());
        }
    }

    fn pop(&mut self) -> Option<Bytes> {
        if self.frames.is_empty() {
            self.close_small();
        }
        self.frames.pop_front()
    }
}

/// Reads a request's body as it comes.
#[derive(Debug)]
pub(super) struct Pump {
    stream: RecvStream,
    waiting: Arc<Mutex<Waiting>>,
}

/// The body, for whoever wants it.
#[derive(Debug)]
pub(super) struct Inbound {
    waiting: Arc<Mutex<Waiting>>,
    flow: FlowControl,
    meter: MessageMeter,
}

/// Both ends of a request's body.
pub(super) fn body(mut stream: RecvStream, held: Arc<Held>, speaks: Speaks) -> (Pump, Inbound) {
    let flow = stream.flow_control().clone();
    let waiting =
        Waiting { frames: VecDeque::new(), small: BytesMut::new(), end: None, taker: None };
    let waiting = Arc::new(Mutex::new(waiting));
    let pump = Pump { stream, waiting: Arc::clone(&waiting) };
    (pump, Inbound { waiting, flow, meter: MessageMeter::new(held, speaks) })
}

impl Pump {
    /// Takes what has come. It is to be called again whenever more may have come.
    pub(super) fn pump(&mut self, context: &mut Context<'_>) {
        let mut waiting = self.waiting.lock();
        if waiting.end.is_some() {
            return;
        }
        let mut has_more = false;
        while let Poll::Ready(next) = self.stream.poll_data(context) {
            has_more = true;
            match next {
                Some(Ok(data)) => waiting.push(data),
                Some(Err(error)) => waiting.end = Some(Err(broken_off(&error))),
                None => match self.stream.poll_trailers(context) {
                    Poll::Ready(trailers) => {
                        waiting.end = Some(trailers.map_err(|error| broken_off(&error)));
                    }
                    Poll::Pending => break,
                },
            }
            if waiting.end.is_some() {
                break;
            }
        }
        let taker = if has_more { waiting.taker.take() } else { None };
        drop(waiting);
        if let Some(taker) = taker {
            taker.wake();
        }
    }
}

impl Drop for Pump {
    fn drop(&mut self) {
        let mut waiting = self.waiting.lock();
        waiting.end.get_or_insert_with(|| Err(Status::cancelled("the call has ended")));
        if let Some(taker) = waiting.taker.take() {
            taker.wake();
        }
    }
}

fn broken_off(error: &h2::Error) -> Status {
    Status::cancelled(format!("the request was broken off: {error}"))
}

impl http_body::Body for Inbound {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let waiting = Arc::clone(&self.waiting);
        let mut waiting = waiting.lock();
        let Some(data) = waiting.pop() else {
            return match &mut waiting.end {
                Some(Ok(trailers)) => Poll::Ready(trailers.take().map(Frame::trailers).map(Ok)),
                Some(Err(status)) => Poll::Ready(Some(Err(status.clone()))),
                None => {
                    waiting.taker = Some(context.waker().clone());
                    Poll::Pending
                }
            };
        };
        drop(waiting);
        // A stream that was reset meanwhile has no window any more.
        let _released = self.flow.release_capacity(data.len());
        Poll::Ready(Some(self.meter.read(&data).map(|()| Frame::data(data))))
    }
}

/// What a body is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    /// Messages, each with its length.
    Grpc,
    /// One message, whatever it is.
    Http,
    /// Files, which are laid down as they come.
    Files,
}

impl Speaks {
    /// What the body of a request is made of.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let content = headers.get(http::header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        if is_grpc(headers) {
            Self::Grpc
        } else if content.is_some_and(|content| content.starts_with(b"multipart/form-data")) {
            Self::Files
        } else {
            Self::Http
        }
    }
}

/// Follows the messages in a body, and takes room for each when it announces itself.
#[derive(Debug)]
pub(super) struct MessageMeter {
    held: Arc<Held>,
    speaks: Speaks,
    /// What has come of the prefix of the next message.
    prefix: Vec<u8>,
    /// Bytes to come of the message under way; of one that does not say, those that have come.
    left: usize,
}

impl MessageMeter {
    pub(super) fn new(held: Arc<Held>, speaks: Speaks) -> Self {
        Self { held, speaks, prefix: Vec::new(), left: 0 }
    }

    pub(super) fn read(&mut self, data: &[u8]) -> Result<(), Status> {
        match self.speaks {
            Speaks::Grpc => self.follow(data),
            Speaks::Http => {
                self.left = self.left.saturating_add(data.len());
                self.announce()
            }
            Speaks::Files => {
                self.held.message(data.len()).map_err(|over| Failure::from(over).into())
            }
        }
    }

    fn follow(&mut self, mut data: &[u8]) -> Result<(), Status> {
        while !data.is_empty() {
            let of_message = self.left.min(data.len());
            self.left -= of_message;
            data = &data[of_message..];
            let of_prefix = (PREFIX_LEN - self.prefix.len()).min(data.len());
            self.prefix.extend_from_slice(&data[..of_prefix]);
            data = &data[of_prefix..];
            if let Some([_, length @ ..]) = self.prefix.first_chunk::<PREFIX_LEN>() {
                self.left = u32::from_be_bytes(*length) as usize;
                self.prefix.clear();
                self.announce()?;
            }
        }
        Ok(())
    }

    fn announce(&self) -> Result<(), Status> {
        if REQUEST_BYTES_MAX < self.left {
            let text = format!(
                "a request has at most {REQUEST_BYTES_MAX} bytes; this one has {}; divide it",
                self.left
            );
            return Err(Failure::new(Code::ResourceExhausted, "TOO_LARGE", text).into());
        }
        self.held.message(self.left).map_err(|over| Failure::from(over).into())
    }
}

/// Whether a call is one of gRPC; all others are of HTTP.
pub(in crate::rpc) fn is_grpc(headers: &HeaderMap) -> bool {
    let content = headers.get(http::header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let rest = content.and_then(|content| content.strip_prefix(b"application/grpc"));
    rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'+' | b';' | b' ')))
}

#[cfg(test)]
mod tests {
    use super::{super::memory::Pool, *};

    fn meter() -> MessageMeter {
        let connection = Pool::of_connection(&Pool::of_all(1 << 30), 1 << 20);
        MessageMeter::new(Held::new(&connection, 1 << 20), Speaks::Grpc)
    }

    fn message(length: u32) -> Vec<u8> {
        [vec![0], length.to_be_bytes().to_vec(), vec![7; length as usize]].concat()
    }

    #[test]
    fn messages_are_followed_whatever_the_frames() {
        let bytes = [message(3), message(0), message(300), message(10)].concat();
        for size in [1, 2, 5, 7, bytes.len()] {
            let mut meter = meter();
            for frame in bytes.chunks(size) {
                meter.read(frame).unwrap();
            }
            assert_eq!((meter.left, meter.prefix.len(), meter.held.own()), (0, 0, 10), "{size}");
        }
    }

    #[test]
    fn a_message_that_is_too_large_is_refused_when_it_announces_itself() {
        let mut meter = meter();
        let refused = meter.read(&[0, 0xff, 0xff, 0xff, 0xff]).unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted);
        assert_eq!(
            refused.message(),
            "a request has at most 67108864 bytes; this one has 4294967295; divide it"
        );
        let refused = self::meter().read(&[0, 0, 0x20, 0, 0]).unwrap_err();
        assert!(refused.message().contains("bytes_a_connection"), "{}", refused.message());
    }

    #[test]
    fn a_body_of_http_counts_as_it_comes() {
        let mut meter = MessageMeter { speaks: Speaks::Http, ..meter() };
        meter.read(&[0xff; 600]).unwrap();
        meter.read(&[0xff; 400]).unwrap();
        assert_eq!(meter.held.own(), 1_000);
        let refused = meter.read(&[0; 1 << 20]).unwrap_err();
        assert!(refused.message().contains("bytes_a_connection"), "{}", refused.message());
    }

    #[test]
    fn small_frames_lie_together() {
        let mut waiting =
            Waiting { frames: VecDeque::new(), small: BytesMut::new(), end: None, taker: None };
        for _ in 0..10_000 {
            waiting.push(Bytes::from_static(b"abc"));
        }
        waiting.push(Bytes::from(vec![1; SMALL]));
        waiting.push(Bytes::from_static(b"d"));
        let sizes: Vec<_> = std::iter::from_fn(|| waiting.pop()).map(|frame| frame.len()).collect();
        assert_eq!(sizes, [30_000, SMALL, 1]);
    }
}
