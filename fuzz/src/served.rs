//! HTTP, JSON and Connect, as far as they are read before a service is called; the service answers with what it was sent.

use bytes::Bytes;
use http::{Method, Request, Response, Version};
use promised::rpc::web::{HostNames, Site, Web};
use std::{
    cell::RefCell,
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::runtime::Runtime;
use tonic::{
    body::Body,
    codegen::{BoxFuture, Service},
};

/// A service of gRPC that says OK to everything, with an empty message.
#[derive(Clone)]
struct Yes;

impl Service<Request<Body>> for Yes {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Response<Body>, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(async move {
            read(request.into_body()).await;
            let head = Response::builder()
                .header("content-type", "application/grpc")
                .header("grpc-status", "0");
            Ok(head.body(tonic::body::Body::new(Whole(Some(Bytes::from_static(&[0; 5]))))).unwrap())
        })
    }
}

/// A body of one piece.
struct Whole(Option<Bytes>);

impl tonic::codegen::Body for Whole {
    type Data = Bytes;
    type Error = tonic::Status;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, tonic::Status>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(http_body::Frame::data(bytes))))
    }
}

async fn read<B: http_body::Body<Data = Bytes>>(body: B) -> usize {
    let mut body = std::pin::pin!(body);
    let mut n = 0;
    while let Some(Ok(frame)) =
        std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await
    {
        n += frame.data_ref().map_or(0, Bytes::len);
    }
    n
}

const CONTENTS: [&str; 8] = [
    "application/json",
    "application/proto",
    "application/connect+json",
    "application/connect+proto",
    "text/csv",
    "multipart/form-data; boundary=x",
    "application/grpc-web+proto",
    "",
];

thread_local! {
    static RUNTIME: RefCell<(Runtime, Arc<Site>)> = RefCell::new({
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        (runtime, Site::new(HostNames::new("127.0.0.1:50051".parse().unwrap(), &[])))
    });
}

/// The first byte says method and content, the first line is the path, the rest is the body.
pub fn http(bytes: &[u8]) {
    let Some((how, bytes)) = bytes.split_first() else { return };
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let (path, body) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let Ok(path) = std::str::from_utf8(path) else { return };
    let content = CONTENTS[usize::from(how & 7)];
    let method = if how & 8 == 0 { Method::POST } else { Method::GET };
    let mut request = Request::builder()
        .method(method)
        .uri(format!("/{}", path.trim_start_matches('/')))
        .version(if how & 16 == 0 { Version::HTTP_11 } else { Version::HTTP_2 })
        .header("host", "127.0.0.1:50051");
    if !content.is_empty() {
        request = request.header("content-type", content);
    }
    if how & 32 != 0 {
        request = request.header("connect-protocol-version", "1");
    }
    if how & 64 != 0 {
        request = request.header("accept", "text/csv");
    }
    let body = Body::new(Whole(Some(Bytes::copy_from_slice(body))));
    let Ok(request) = request.body(body) else { return };
    RUNTIME.with_borrow(|(runtime, site)| {
        runtime.block_on(async {
            let mut web = Web::new(Yes, Arc::clone(site));
            let answer = web.call(request).await.unwrap();
            assert!(100 <= answer.status().as_u16());
            read(answer.into_body()).await;
        });
    });
}
