//! What a caller is told whose call was sent on and broke off: it may have been done, before its answer began or after.

use super::{Cluster, There};
use crate::rpc::status::Failure;
use bytes::Bytes;
use http::HeaderMap;
use http_body::{Frame, SizeHint};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use tonic::{Status, body::Body, codegen::http::Response};

/// A call that was sent on broke off before its answer began.
pub(super) fn broken(cluster: &Cluster, there: &There, why: &str) -> Response<Body> {
    let member = &there.member;
    tracing::debug!(why, node = member.node, "a call that was sent on broke off");
    cluster.forget_channel(member);
    Status::from(Failure::outcome_unknown()).into_http()
}

/// The body of an answer from another node. Where it breaks off the caller is told by a status, as always, and not by a
/// reset of his stream, which is the sign of a fault.
pub(super) struct OfOther {
    body: Body,
    is_over: bool,
}

impl OfOther {
    pub(super) fn of(body: Body) -> Body {
        Body::new(Self { body, is_over: false })
    }
}

impl http_body::Body for OfOther {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let error = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
            Some(Err(error)) => error,
            frame => return Poll::Ready(frame),
        };
        self.is_over = true;
        tracing::debug!(%error, "an answer of another node broke off");
        let mut trailers = HeaderMap::new();
        let told = Status::from(Failure::outcome_unknown()).add_header(&mut trailers);
        Poll::Ready(Some(told.map(|()| Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.is_over || self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body::Body as _;
    use std::future::poll_fn;
    use tonic::Code;

    /// Some of an answer, and then the connection is gone.
    struct Torn(bool);

    impl http_body::Body for Torn {
        type Data = Bytes;
        type Error = Status;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
            Poll::Ready(Some(if std::mem::replace(&mut self.0, true) {
                Err(Status::internal("reset"))
            } else {
                Ok(Frame::data(Bytes::from_static(b"some")))
            }))
        }
    }

    async fn next(body: &mut Body) -> Option<Frame<Bytes>> {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
        frame.map(Result::unwrap)
    }

    /// Issue 24 item 2: who leads is killed in the middle of an answer that another node passes on.
    #[tokio::test]
    async fn an_answer_that_breaks_off_ends_with_a_status() {
        let mut body = OfOther::of(Body::new(Torn(false)));
        assert_eq!(next(&mut body).await.unwrap().into_data().unwrap(), "some");
        let trailers = next(&mut body).await.unwrap().into_trailers().unwrap();
        let status = Status::from_header_map(&trailers).unwrap();
        assert_eq!(status.code(), Code::Unavailable);
        assert!(status.message().contains("same request id"), "{status:?}");
        assert!(next(&mut body).await.is_none());
    }
}
