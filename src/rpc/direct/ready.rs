//! An answer that is there: its message in one piece, then that all went well.

use super::lone::{NO_PREFIX, PREFIX_LEN};
use crate::rpc::{
    edge::{Encoder, pack},
    guard,
};
use bytes::Bytes;
use http_body::Frame;
use prost::{Message, Name};
use std::{
    pin::Pin,
    task::{Context, Poll},
};
use tonic::{
    Status,
    body::Body,
    codec::{CompressionEncoding, EncodeBody, SingleMessageCompressionOverride},
    codegen::http::{HeaderMap, HeaderValue, Response, header},
};

const ENCODING: &str = "grpc-encoding";

const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Whether a caller takes answers that are packed.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let taken = headers.get("grpc-accept-encoding").and_then(|taken| taken.to_str().ok());
    taken.is_some_and(|taken| taken.split(',').any(|one| one.trim() == "gzip"))
}

/// The answer of a call, packed where that is worth it and its caller takes it.
pub(super) fn answered<T: Message + Name + 'static>(
    message: T,
    takes_gzip: bool,
) -> Response<Body> {
    let length = message.encoded_len();
    let is_told_as_it_is = !takes_gzip || guard::is_small(length);
    let as_told = if is_told_as_it_is { pack(&message, length, &NO_PREFIX) } else { None };
    if let Some(message) = as_told {
        return told_as_it_is(with_prefix(message), takes_gzip);
    }
    let packing = takes_gzip.then_some(CompressionEncoding::Gzip);
    let as_it_is = match is_told_as_it_is {
        true => SingleMessageCompressionOverride::Disable,
        false => SingleMessageCompressionOverride::Inherit,
    };
    let message = tokio_stream::once(Ok(message));
    let body = EncodeBody::new_server(Encoder::default(), message, packing, as_it_is, None);
    told(Body::new(body), takes_gzip)
}

/// An answer that is not packed: its message with its prefix.
pub(super) fn told_as_it_is(message: Bytes, takes_gzip: bool) -> Response<Body> {
    told(Body::new(Ready { message: Some(message), is_over: false }), takes_gzip)
}

fn told(body: Body, takes_gzip: bool) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    if takes_gzip {
        headers.insert(ENCODING, GZIP);
    }
    response
}

/// A message that was written behind room for its prefix.
pub(super) fn with_prefix(mut message: Vec<u8>) -> Bytes {
    let length = message.len() - PREFIX_LEN;
    // Nothing that fits under the bounds of memory is longer than a prefix can say.
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    message[1..PREFIX_LEN].copy_from_slice(&length.to_be_bytes());
    message.into()
}

/// One message and the trailers behind it.
struct Ready {
    message: Option<Bytes>,
    is_over: bool,
}

impl http_body::Body for Ready {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if let Some(message) = self.message.take() {
            return Poll::Ready(Some(Ok(Frame::data(message))));
        }
        if self.is_over {
            return Poll::Ready(None);
        }
        self.is_over = true;
        let mut trailers = HeaderMap::with_capacity(1);
        trailers.insert(Status::GRPC_STATUS, HeaderValue::from_static("0"));
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.is_over
    }
}
