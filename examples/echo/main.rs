//! The ceiling of what gRPC allows: a tonic server that decodes requests and sends back stored answers.
//!
//! `cargo run --release --example echo -- LISTEN UPSTREAM [pool]`: the first request of a kind and size goes to the
//! server at UPSTREAM, and its answer is sent to all that follow. So messages are the same as those of the
//! real server, and nothing is left to do but to decode and to encode. Its connections are spread over cores as ours are; with `pool` they are
//! served by tokio's pool of threads instead, as tonic's own examples do it.

use promised::rpc::{
    edge::{Edge, EdgeState, Limits},
    proto::{
        CheckAvailabilityRequest, CheckAvailabilityResponse, QuickCheckRequest, QuickCheckResponse,
        availability_service_client::AvailabilityServiceClient,
        promise_service_client::PromiseServiceClient,
    },
    spread,
};
use prost::Message;
use std::{
    collections::BTreeMap,
    convert::Infallible,
    error::Error,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};
use tonic::{
    Request, Response, Status,
    body::Body,
    codegen::{BoxFuture, Service, http},
    server::{Grpc, NamedService, UnaryService},
    service::Routes,
    transport::{Channel, Server, server::TcpIncoming},
};
use tonic_prost::ProstCodec;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Answers by the number of questions of their requests.
type Answers<T> = Arc<Mutex<BTreeMap<usize, Arc<T>>>>;

fn stored<T>(answers: &Answers<T>, n_questions: usize) -> Option<Arc<T>> {
    answers.lock().expect("nobody panics while holding it").get(&n_questions).cloned()
}

/// Stores an answer, if it is the first of its size; says whether it was.
fn store<T: Clone>(answers: &Answers<T>, n_questions: usize, answer: &T) -> bool {
    let mut answers = answers.lock().expect("nobody panics while holding it");
    let is_first = !answers.contains_key(&n_questions);
    answers.entry(n_questions).or_insert_with(|| Arc::new(answer.clone()));
    is_first
}

#[derive(Clone)]
struct Quick {
    upstream: AvailabilityServiceClient<Channel>,
    answers: Answers<QuickCheckResponse>,
}

impl UnaryService<QuickCheckRequest> for Quick {
    type Response = QuickCheckResponse;
    type Future = BoxFuture<Response<QuickCheckResponse>, Status>;

    fn call(&mut self, request: Request<QuickCheckRequest>) -> Self::Future {
        let mut this = self.clone();
        Box::pin(async move {
            let request = request.into_inner();
            let n = request.queries.len();
            if let Some(answer) = stored(&this.answers, n) {
                return Ok(Response::new(QuickCheckResponse::clone(&answer)));
            }
            let answer = this.upstream.quick_check(request).await?;
            store(&this.answers, n, answer.get_ref());
            Ok(answer)
        })
    }
}

#[derive(Clone)]
struct Check {
    upstream: PromiseServiceClient<Channel>,
    answers: Answers<CheckAvailabilityResponse>,
}

impl UnaryService<CheckAvailabilityRequest> for Check {
    type Response = CheckAvailabilityResponse;
    type Future = BoxFuture<Response<CheckAvailabilityResponse>, Status>;

    fn call(&mut self, request: Request<CheckAvailabilityRequest>) -> Self::Future {
        let mut this = self.clone();
        Box::pin(async move {
            let request = request.into_inner();
            let n = request.lines.len();
            if let Some(answer) = stored(&this.answers, n) {
                return Ok(Response::new(CheckAvailabilityResponse::clone(&answer)));
            }
            let answer = this.upstream.check_availability(request).await?;
            let (bytes, options) = (answer.get_ref().encoded_len(), n_options(answer.get_ref()));
            if store(&this.answers, n, answer.get_ref()) {
                println!("answer to {n} lines: {bytes} bytes, {options} options");
            }
            Ok(answer)
        })
    }
}

fn n_options(answer: &CheckAvailabilityResponse) -> usize {
    let of = |result: &promised::rpc::proto::LineResult| {
        result.alternatives.len() + usize::from(result.default_option.is_some())
    };
    answer.results.iter().map(of).sum()
}

/// One method of a service, by hand: the generated servers want all methods, and an echo has few.
#[derive(Clone)]
struct Availability(Quick);

impl NamedService for Availability {
    const NAME: &'static str = "promised.v1.AvailabilityService";
}

#[derive(Clone)]
struct Promises(Check);

impl NamedService for Promises {
    const NAME: &'static str = "promised.v1.PromiseService";
}

type Answered = BoxFuture<http::Response<Body>, Infallible>;

fn unimplemented() -> Answered {
    Box::pin(async { Ok(Status::unimplemented("an echo of few methods").into_http()) })
}

impl Service<http::Request<Body>> for Availability {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Answered;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Answered {
        if request.uri().path() != "/promised.v1.AvailabilityService/QuickCheck" {
            return unimplemented();
        }
        let method = self.0.clone();
        Box::pin(async move { Ok(Grpc::new(ProstCodec::default()).unary(method, request).await) })
    }
}

impl Service<http::Request<Body>> for Promises {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Answered;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Answered {
        if request.uri().path() != "/promised.v1.PromiseService/CheckAvailability" {
            return unimplemented();
        }
        let method = self.0.clone();
        Box::pin(async move { Ok(Grpc::new(ProstCodec::default()).unary(method, request).await) })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let usage =
        "usage: echo LISTEN UPSTREAM [pool], such as 127.0.0.1:50052 http://127.0.0.1:50051";
    let (listen, upstream, is_pooled) = match &arguments[..] {
        [listen, upstream] => (listen, upstream, false),
        [listen, upstream, how] if how == "pool" => (listen, upstream, true),
        _ => return Err(usage.into()),
    };
    let channel = Channel::from_shared(upstream.clone())?.connect_lazy();
    let quick = Quick {
        upstream: AvailabilityServiceClient::new(channel.clone()),
        answers: Answers::default(),
    };
    let check = Check { upstream: PromiseServiceClient::new(channel), answers: Answers::default() };
    let routes =
        || Routes::new(Availability(quick.clone())).add_service(Promises(check.clone())).prepare();
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("echoing on {}", listener.local_addr()?);
    if is_pooled {
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        Server::builder().add_routes(routes()).serve_with_incoming(incoming).await?;
    } else {
        let shared = EdgeState::new(Limits::default().into(), None);
        let edge = || Edge::new(routes(), Arc::clone(&shared));
        spread::serve(listener, std::future::pending(), Duration::ZERO, edge).await?;
    }
    Ok(())
}
