//! Methods that are answered by a short way answer as by the long one, to the byte: headers, message and trailers,
//! whatever the frames that a request comes in.
//!
//! A request that says how it is packed goes the long way, be it that it is not packed.

use super::rpc::Server;
use bytes::Bytes;
use http_body::Frame;
use promised::rpc::proto;
use prost::Message;
use std::{
    collections::VecDeque,
    convert::Infallible,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};
use tonic::{
    body::Body,
    codegen::{
        Body as _, Service,
        http::{HeaderMap, Request},
    },
};

const QUICK: &str = "/promised.v1.AvailabilityService/QuickCheck";
const CHECK: &str = "/promised.v1.PromiseService/CheckAvailability";

/// A body in so many frames.
struct Frames(VecDeque<Frame<Bytes>>);

impl http_body::Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }
}

/// What is sent: the flag of a message, its length as it says, its bytes, and how they are cut.
#[derive(Clone, Debug)]
struct Sent {
    flag: u8,
    length: usize,
    bytes: Vec<u8>,
    cut: usize,
    has_trailers: bool,
}

impl Sent {
    fn message(message: &impl Message) -> Self {
        let bytes = message.encode_to_vec();
        Self { flag: 0, length: bytes.len(), bytes, cut: usize::MAX, has_trailers: false }
    }

    fn body(&self) -> Body {
        let length = u32::try_from(self.length).unwrap().to_be_bytes();
        let all = [&[self.flag][..], &length, &self.bytes].concat();
        let pieces = all.chunks(self.cut.min(all.len()));
        let frames = pieces.map(|piece| Frame::data(Bytes::copy_from_slice(piece)));
        let trailers = self.has_trailers.then(|| Frame::trailers(HeaderMap::new()));
        Body::new(Frames(frames.chain(trailers).collect()))
    }
}

/// All that comes back, without what differs from call to call.
#[derive(Debug, PartialEq)]
struct Answer {
    headers: HeaderMap,
    bytes: Vec<u8>,
    trailers: Option<HeaderMap>,
}

async fn ask(server: &Server, (path, sent): (&str, &Sent), more: &[(&str, &str)]) -> Answer {
    let mut request = Request::post(path).header("content-type", "application/grpc");
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    let mut channel = server.channel();
    poll_fn(|context| Service::<Request<Body>>::poll_ready(&mut channel, context)).await.unwrap();
    let answer = channel.call(request.body(sent.body()).unwrap()).await.unwrap();
    let (mut head, mut body) = answer.into_parts();
    head.headers.remove("date");
    let (mut bytes, mut trailers) = (Vec::new(), None);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        match frame.unwrap().into_data() {
            Ok(data) => bytes.extend(data),
            Err(frame) => trailers = frame.into_trailers().ok(),
        }
    }
    Answer { headers: head.headers, bytes, trailers }
}

/// Asks by both ways, with a client that takes packed answers and one that does not.
async fn check(server: &Server, path: &str, sent: &Sent) -> Answer {
    let long = ("grpc-encoding", "identity");
    for gzip in [("grpc-accept-encoding", "identity,gzip"), ("grpc-accept-encoding", "identity")] {
        let short = ask(server, (path, sent), &[gzip]).await;
        assert_eq!(short, ask(server, (path, sent), &[gzip, long]).await, "{path} {sent:?}");
    }
    let short = ask(server, (path, sent), &[]).await;
    assert_eq!(short, ask(server, (path, sent), &[long]).await, "{path} {sent:?}");
    short
}

fn queries(n: usize) -> proto::QuickCheckRequest {
    let query = |n: usize| proto::Query {
        item: ["PUMP", "VALVE"][n % 2].to_string(),
        location: ["BER", "HAM"][n % 2].to_string(),
        quantity: 0.5 + n as f64,
        date: ["", "2026-11-27", "2031-01-01"][n % 3].to_string(),
        ..proto::Query::default()
    };
    proto::QuickCheckRequest { queries: (0..n).map(query).collect(), ..Default::default() }
}

fn lines(n: usize, pegging: bool) -> proto::CheckAvailabilityRequest {
    let line = |n: usize| proto::OrderLine {
        order: "SO-1".to_string(),
        line: n.to_string(),
        item: "PUMP".to_string(),
        quantity: 1.0 + n as f64,
        requested_date: "2026-11-26".to_string(),
        customer: "NORDWIND".to_string(),
        ..proto::OrderLine::default()
    };
    let lines = (0..n).map(line).collect();
    proto::CheckAvailabilityRequest { lines, alternatives: 2, pegging, ..Default::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_by_both_ways_are_the_same() {
    let server = Server::tiny().await;
    for n in [0, 1, 2, 100, 512, 513, 2_000] {
        let answer = check(&server, QUICK, &Sent::message(&queries(n))).await;
        let message = proto::QuickCheckResponse::decode(&answer.bytes[5..]).unwrap();
        assert_eq!((message.answers.len(), &answer.bytes[..1]), (n, &[0][..]));
        assert_eq!(answer.trailers.unwrap()["grpc-status"], "0");
    }
    for (n, pegging) in [(1, false), (1, true), (60, true)] {
        let answer = check(&server, CHECK, &Sent::message(&lines(n, pegging))).await;
        let results = proto::CheckAvailabilityResponse::decode(&answer.bytes[5..]).unwrap().results;
        assert_eq!(results.len(), n);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_by_both_ways_are_the_same() {
    let server = Server::tiny().await;
    let mut faulty = queries(3);
    faulty.queries[0].item = "NOTHING".to_string();
    faulty.queries[1].date = "yesterday".to_string();
    faulty.queries[2].quantity = -1.0;
    let in_scenario = proto::QuickCheckRequest { scenario_id: "S9-9".to_string(), ..queries(1) };
    let columns = Some(proto::QueryColumns { item: vec!["PUMP".into()], ..Default::default() });
    let columns = proto::QuickCheckRequest { columns, ..Default::default() };
    for message in [&faulty, &in_scenario, &columns] {
        let answer = check(&server, QUICK, &Sent::message(message)).await;
        assert_ne!(answer.headers["grpc-status"], "0");
    }
    let mut faulty = lines(1, false);
    faulty.lines[0].item.clear();
    check(&server, CHECK, &Sent::message(&faulty)).await;
    server.stop().await;
}

/// Frames of any size, two messages, half a message, one that is packed or says so, bytes that are none.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_frames_both_ways_say_the_same() {
    let server = Server::tiny().await;
    for (path, sent) in
        [(QUICK, Sent::message(&queries(2))), (CHECK, Sent::message(&lines(1, false)))]
    {
        for cut in [1, 3, 5, 6, 20] {
            check(&server, path, &Sent { cut, ..sent.clone() }).await;
        }
        let (length, bytes) = (sent.length, &sent.bytes);
        let twice = [&bytes[..], &[0, 0, 0, 0, 1, 7]].concat();
        let last = bytes.len() - 1;
        for other in [
            Sent { has_trailers: true, ..sent.clone() },
            Sent { bytes: twice, ..sent.clone() },
            Sent { length: length + 1, ..sent.clone() },
            Sent { length: 100 << 20, ..sent.clone() },
            Sent { flag: 1, ..sent.clone() },
            Sent { flag: 7, cut: 2, ..sent.clone() },
            Sent { length: last, bytes: bytes[..last].to_vec(), ..sent.clone() },
            Sent { length: 0, bytes: Vec::new(), ..sent.clone() },
        ] {
            check(&server, path, &other).await;
        }
    }
    server.stop().await;
}
