//! The service of the conformance suite, as its comments say how it answers.

use http::HeaderMap;
use http_body::Frame;
use prost::{Message, Name};
use prost_types::Any;
use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio_stream::Stream;
use tonic::{
    Code, Request, Response, Status, Streaming, body::Body, metadata::MetadataMap,
    server::NamedService,
};

#[allow(clippy::all, dead_code, reason = "generated")]
pub mod proto {
    include!(concat!(env!("OUT_DIR"), "/connectrpc.conformance.v1.rs"));
}

use proto::{
    ConformancePayload, Header, conformance_payload::RequestInfo,
    conformance_service_server::ConformanceService, unary_response_definition,
};

#[derive(Clone, Debug)]
pub struct Conformance;

/// What an answer says after it; tonic has no place for it where all went well.
#[derive(Clone, Debug)]
struct Trailers(HeaderMap);

fn map(headers: &[Header]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for Header { name, value } in headers {
        for one in value {
            let name: http::HeaderName = name.to_ascii_lowercase().parse().unwrap();
            map.append(name, one.parse().unwrap());
        }
    }
    map
}

fn info(metadata: &MetadataMap, requests: Vec<Any>) -> RequestInfo {
    let headers = metadata.clone().into_headers();
    let all = headers.keys().map(|name| Header {
        name: name.to_string(),
        value: headers.get_all(name).iter().map(|one| one.to_str().unwrap().to_string()).collect(),
    });
    let timeout = headers.get("grpc-timeout").and_then(|text| millis(text.to_str().unwrap()));
    RequestInfo {
        request_headers: all.collect(),
        timeout_ms: timeout,
        requests,
        connect_get_info: None,
    }
}

fn millis(text: &str) -> Option<i64> {
    let (digits, unit) = text.split_at(text.len() - 1);
    let value: i64 = digits.parse().ok()?;
    Some(match unit {
        "H" => value * 3_600_000,
        "M" => value * 60_000,
        "S" => value * 1_000,
        "m" => value,
        "u" => value / 1_000,
        _ => value / 1_000_000,
    })
}

fn any<M: Message + Name>(message: &M) -> Any {
    Any {
        type_url: format!("type.googleapis.com/{}", M::full_name()),
        value: message.encode_to_vec(),
    }
}

/// A failure with its details; headers and trailers both go with it.
fn failure(error: proto::Error, info: Option<&RequestInfo>, metadata: HeaderMap) -> Status {
    let code = Code::from_i32(error.code);
    let mut details = error.details;
    details.extend(info.map(any));
    let message = error.message.unwrap_or_default();
    let status = tonic_types::pb::Status { code: error.code, message: message.clone(), details };
    let bytes = status.encode_to_vec().into();
    Status::with_details_and_metadata(code, message, bytes, MetadataMap::from_headers(metadata))
}

async fn delay(millis: u32) {
    if 0 < millis {
        tokio::time::sleep(Duration::from_millis(millis.into())).await;
    }
}

async fn unary(
    definition: Option<proto::UnaryResponseDefinition>,
    info: RequestInfo,
) -> Result<Response<ConformancePayload>, Status> {
    let definition = definition.unwrap_or_default();
    delay(definition.response_delay_ms).await;
    let (headers, trailers) =
        (map(&definition.response_headers), map(&definition.response_trailers));
    let data = match definition.response {
        Some(unary_response_definition::Response::Error(error)) => {
            let mut all = headers;
            all.extend(trailers);
            return Err(failure(error, Some(&info), all));
        }
        Some(unary_response_definition::Response::ResponseData(data)) => data,
        None => Vec::new(),
    };
    let payload = ConformancePayload { data, request_info: Some(info) };
    let mut response = Response::new(payload);
    *response.metadata_mut() = MetadataMap::from_headers(headers);
    response.extensions_mut().insert(Trailers(trailers));
    Ok(response)
}

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl ConformanceService for Conformance {
    async fn unary(
        &self,
        request: Request<proto::UnaryRequest>,
    ) -> Result<Response<proto::UnaryResponse>, Status> {
        let info = info(request.metadata(), vec![any(request.get_ref())]);
        let definition = request.into_inner().response_definition;
        let answer = unary(definition, info).await?;
        Ok(answer.map(|payload| proto::UnaryResponse { payload: Some(payload) }))
    }

    async fn idempotent_unary(
        &self,
        request: Request<proto::IdempotentUnaryRequest>,
    ) -> Result<Response<proto::IdempotentUnaryResponse>, Status> {
        let info = info(request.metadata(), vec![any(request.get_ref())]);
        let definition = request.into_inner().response_definition;
        let answer = unary(definition, info).await?;
        Ok(answer.map(|payload| proto::IdempotentUnaryResponse { payload: Some(payload) }))
    }

    async fn unimplemented(
        &self,
        _: Request<proto::UnimplementedRequest>,
    ) -> Result<Response<proto::UnimplementedResponse>, Status> {
        Err(Status::unimplemented("as the suite wants it"))
    }

    type ServerStreamStream = Answers<proto::ServerStreamResponse>;

    async fn server_stream(
        &self,
        request: Request<proto::ServerStreamRequest>,
    ) -> Result<Response<Self::ServerStreamStream>, Status> {
        let info = info(request.metadata(), vec![any(request.get_ref())]);
        let definition = request.into_inner().response_definition.unwrap_or_default();
        let headers = map(&definition.response_headers);
        let trailers = map(&definition.response_trailers);
        let (sender, answers) = tokio::sync::mpsc::channel(1);
        let after = trailers.clone();
        tokio::spawn(async move {
            let is_empty = definition.response_data.is_empty();
            for (at, data) in definition.response_data.into_iter().enumerate() {
                delay(definition.response_delay_ms).await;
                let request_info = (at == 0).then(|| info.clone());
                let payload = Some(ConformancePayload { data, request_info });
                if sender.send(Ok(proto::ServerStreamResponse { payload })).await.is_err() {
                    return;
                }
            }
            if let Some(error) = definition.error {
                let info = is_empty.then_some(&info);
                drop(sender.send(Err(failure(error, info, after))).await);
            }
        });
        let answers: Self::ServerStreamStream =
            Box::pin(tokio_stream::wrappers::ReceiverStream::new(answers));
        let mut response = Response::new(answers);
        *response.metadata_mut() = MetadataMap::from_headers(headers);
        response.extensions_mut().insert(Trailers(trailers));
        Ok(response)
    }

    async fn client_stream(
        &self,
        _: Request<Streaming<proto::ClientStreamRequest>>,
    ) -> Result<Response<proto::ClientStreamResponse>, Status> {
        Err(Status::unimplemented("not tried"))
    }

    type BidiStreamStream = Answers<proto::BidiStreamResponse>;

    async fn bidi_stream(
        &self,
        _: Request<Streaming<proto::BidiStreamRequest>>,
    ) -> Result<Response<Self::BidiStreamStream>, Status> {
        Err(Status::unimplemented("not tried"))
    }
}

/// A service whose answers have trailers.
#[derive(Clone, Debug)]
pub struct WithTrailers<S>(pub S);

impl<S: NamedService> NamedService for WithTrailers<S> {
    const NAME: &'static str = S::NAME;
}

impl<S> tower_service::Service<http::Request<Body>> for WithTrailers<S>
where
    S: tower_service::Service<
            http::Request<Body>,
            Response = http::Response<Body>,
            Error = Infallible,
        >,
    S::Future: Send + 'static,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let answer = self.0.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            let trailers = response.extensions_mut().remove::<Trailers>();
            Ok(match trailers {
                Some(Trailers(trailers)) => {
                    response.map(|body| Body::new(Trailed { body, trailers }))
                }
                None => response,
            })
        })
    }
}

/// Trailers with those of ours that are not among them: a failure has them already.
fn joined(mut trailers: HeaderMap, ours: &HeaderMap) -> HeaderMap {
    for (name, value) in ours {
        if trailers.get_all(name).iter().all(|known| known != value) {
            trailers.append(name.clone(), value.clone());
        }
    }
    trailers
}

/// A body with more behind it.
struct Trailed {
    body: Body,
    trailers: HeaderMap,
}

impl http_body::Body for Trailed {
    type Data = bytes::Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<bytes::Bytes>, Status>>> {
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(context));
        let with_ours = |frame: Frame<bytes::Bytes>| match frame.into_trailers() {
            Ok(trailers) => Frame::trailers(joined(trailers, &self.trailers)),
            Err(frame) => frame,
        };
        Poll::Ready(frame.map(|frame| frame.map(with_ours)))
    }
}
