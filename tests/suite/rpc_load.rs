//! gRPC under pressure: a full queue, ten thousand requests under way, and what a promise went through.

use super::engine_support::{Hands, Shared, command, start};
use promised::{
    engine::Engine,
    limits,
    rpc::{self, proto},
};
use proto::{
    past_step::Step, promise_service_client::PromiseServiceClient,
    promise_stream_response::Outcome, reservation::State,
};
use tokio::net::TcpListener;
use tonic::{Code, transport::Channel};
use tonic_types::StatusExt;

async fn serve(engine: Engine) -> PromiseServiceClient<Channel> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(rpc::serve(super::rpc::refresher(&engine), listener, std::future::pending()));
    PromiseServiceClient::connect(address).await.unwrap()
}

fn request(n: usize) -> proto::PromiseRequest {
    let line = proto::OrderLine {
        order: format!("O{n}"),
        item: "MOTOR".to_string(),
        quantity: 9.0,
        requested_date: "2026-11-23".to_string(),
        location: "BER".to_string(),
        ..proto::OrderLine::default()
    };
    let request_id = n.to_string();
    proto::PromiseRequest { request_id, lines: vec![line], ..proto::PromiseRequest::default() }
}

#[tokio::test]
async fn a_full_queue_says_when_to_come_back_and_questions_go_on() {
    let journal = Shared::default();
    let engine = start(&journal, &Hands::default());
    let mut client = serve(engine.clone()).await;
    journal.close();
    let first = engine.promise(command("", &[("PUMP", 1)]));
    let cancel = promised::engine::CancelCommand {
        request_id: String::new(),
        number: 9,
        quantity: None,
        deadline: None,
    };
    // One group may be at the journal, and one at the writer.
    let waiting: Vec<_> = (0..limits::QUEUE_MAX + 2 * limits::BATCH_MAX + 2)
        .map(|_| engine.cancel(cancel.clone()))
        .collect();
    let refused = client.promise(request(1)).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    let details = refused.get_error_details();
    assert_eq!(details.error_info().unwrap().reason, "BUSY");
    assert!(details.retry_info().unwrap().retry_delay.is_some());
    let mut stream =
        client.promise_stream(tokio_stream::iter([request(2)])).await.unwrap().into_inner();
    let Some(Outcome::Error(error)) = stream.message().await.unwrap().unwrap().outcome else {
        panic!("the queue is full");
    };
    assert_eq!((error.code, error.reason.as_str()), (8, "BUSY"));
    assert!(error.retry_after.is_some());
    let check = proto::CheckAvailabilityRequest { lines: request(3).lines, ..Default::default() };
    client.check_availability(check).await.unwrap();
    journal.open();
    first.await.unwrap();
    drop(waiting);
    engine.tick().await.unwrap();
    client.promise(request(1)).await.unwrap();
    engine.stop();
}

#[tokio::test]
async fn ten_thousand_under_way_are_answered_in_order() {
    const REQUESTS: usize = 10_000;
    let journal = Shared::default();
    let engine = start(&journal, &Hands::default());
    let mut client = serve(engine.clone()).await;
    // Nothing can be answered until the journal opens: as many are under way as there is room for.
    journal.close();
    let hold = proto::PromiseRequest {
        lines: vec![proto::OrderLine { quantity: 1.0, ..request(0).lines.remove(0) }],
        ..request(0)
    };
    let requests = std::iter::once(hold).chain((1..REQUESTS).map(request));
    let mut answers =
        client.promise_stream(tokio_stream::iter(requests)).await.unwrap().into_inner();
    journal.open();
    for n in 0..REQUESTS {
        let answer = answers.message().await.unwrap().unwrap();
        assert_eq!(answer.request_id, n.to_string());
    }
    assert!(answers.message().await.unwrap().is_none());
    engine.stop();
}

#[tokio::test]
async fn a_promise_says_what_it_went_through() {
    let hands = Hands::default();
    let engine = start(&Shared::default(), &hands);
    let mut client = serve(engine.clone()).await;
    let mut hold = request(1);
    hold.lines[0].quantity = 4.0;
    hold.commitment = proto::promise_request::Commitment::Hold.into();
    client.promise(hold).await.unwrap();
    hands.set(10);
    let promise_id = "P1".to_string();
    let confirm = proto::ConfirmRequest {
        request_id: "c".to_string(),
        promise_id: promise_id.clone(),
        quantity: Some(3.0),
        ..Default::default()
    };
    client.confirm(confirm).await.unwrap();
    let fulfil = proto::FulfilRequest {
        request_id: "f".to_string(),
        promise_id: promise_id.clone(),
        ..Default::default()
    };
    let fulfilled = client.fulfil(fulfil.clone()).await.unwrap().into_inner();
    assert_eq!(fulfilled.promise.as_ref().unwrap().state(), State::Fulfilled);
    assert_eq!(client.fulfil(fulfil).await.unwrap().into_inner(), fulfilled);
    let get = proto::GetPromiseRequest { promise_id, history: true, ..Default::default() };
    let got = client.get(get.clone()).await.unwrap().into_inner().promises.remove(0);
    let steps: Vec<_> = got
        .history
        .iter()
        .map(|past| {
            (past.step(), past.sequence, past.state(), past.quantity, past.ship_date.as_str())
        })
        .collect();
    assert_eq!(
        steps,
        [
            (Step::Promised, 0, State::Held, 4.0, "2026-11-23"),
            (Step::Confirmed, 2, State::Confirmed, 3.0, "2026-11-23"),
            (Step::Fulfilled, 3, State::Fulfilled, 3.0, "2026-11-23"),
        ]
    );
    let seconds = |at: usize| got.history[at].at.unwrap().seconds;
    assert_eq!(seconds(1) - seconds(0), 10);
    let plain = proto::GetPromiseRequest { history: false, ..get };
    assert!(client.get(plain).await.unwrap().into_inner().promises[0].history.is_empty());
    let checked = client.self_check(proto::SelfCheckRequest {}).await.unwrap().into_inner();
    assert_eq!((checked.promises, checked.divergences.len()), (2, 0));
    engine.stop();
}
