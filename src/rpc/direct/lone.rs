//! Reads a request that is one message; one that is anything else is put together again as it came.

use crate::rpc::REQUEST_BYTES_MAX;
use bytes::{Bytes, BytesMut};
use http_body::{Body as _, Frame};
use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};
use tonic::{Status, body::Body, codegen::http::Request};

/// Bytes before a message: whether it is packed, and its length.
pub(super) const PREFIX_LEN: usize = 5;

/// Room for it.
pub(super) const NO_PREFIX: [u8; PREFIX_LEN] = [0; PREFIX_LEN];

/// Reads a request to its end, as long as it may be one message: that, without its prefix.
///
/// # Errors
/// The request, if it is something else: nothing of it is lost.
pub(super) async fn read(request: Request<Body>) -> Result<Bytes, Box<Request<Body>>> {
    if request.headers().contains_key("grpc-encoding") {
        return Err(Box::new(request));
    }
    let (head, mut body) = request.into_parts();
    let mut came = Bytes::new();
    let last = loop {
        let next = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        match next.map(|frame| frame.map(Frame::into_data)) {
            Some(Ok(Ok(data))) if came.is_empty() => came = data,
            Some(Ok(Ok(data))) => {
                let mut both = BytesMut::from(came);
                both.extend_from_slice(&data);
                came = both.freeze();
            }
            Some(Ok(Err(trailers))) => break Some(Ok(trailers)),
            Some(Err(status)) => break Some(Err(status)),
            None if missing(&came) == Some(0) => return Ok(came.split_off(PREFIX_LEN)),
            None => break None,
        }
        if missing(&came).is_none() {
            break None;
        }
    };
    let body = Body::new(Again { came, last, rest: body });
    Err(Box::new(Request::from_parts(head, body)))
}

/// How many bytes are missing of one message that is not packed; none where it is something else, or too large.
fn missing(came: &[u8]) -> Option<usize> {
    match came.first_chunk::<PREFIX_LEN>() {
        Some([0, length @ ..]) => {
            let length = u32::from_be_bytes(*length) as usize;
            let length = Some(length).filter(|length| *length <= REQUEST_BYTES_MAX);
            length.and_then(|length| length.checked_sub(came.len() - PREFIX_LEN))
        }
        Some(_) => None,
        None => Some(PREFIX_LEN - came.len()),
    }
}

/// A body of which something was read, from its beginning.
struct Again {
    came: Bytes,
    last: Option<Result<Frame<Bytes>, Status>>,
    rest: Body,
}

impl http_body::Body for Again {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if !self.came.is_empty() {
            let came = std::mem::take(&mut self.came);
            return Poll::Ready(Some(Ok(Frame::data(came))));
        }
        match self.last.take() {
            Some(last) => Poll::Ready(Some(last)),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }
}
