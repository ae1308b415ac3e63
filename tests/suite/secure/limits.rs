//! Item 3: limits of each principal: calls in a second and at once, lines in a minute, units held, how long a hold lasts.

use super::place::{Place, Server, said, who, with};
use promised::rpc::proto::{
    self, promise_request::Commitment, promise_service_client::PromiseServiceClient,
};
use tonic::{Status, transport::Channel};
use tonic_types::StatusExt;

fn line(quantity: f64) -> proto::OrderLine {
    proto::OrderLine {
        order: "O".to_string(),
        item: "HL-U509".to_string(),
        quantity,
        requested_date: "2014-04-10".to_string(),
        customer: "AW00000001".to_string(),
        ..proto::OrderLine::default()
    }
}

fn hold(order: &str, quantity: f64, seconds: i64) -> proto::PromiseRequest {
    let line = proto::OrderLine { order: order.to_string(), ..line(quantity) };
    proto::PromiseRequest {
        request_id: order.to_string(),
        lines: vec![line],
        commitment: Commitment::Hold.into(),
        hold_for: Some(prost_types::Duration { seconds, nanos: 0 }),
        ..Default::default()
    }
}

fn retry_after(status: &Status) -> bool {
    status.get_error_details().retry_info().is_some_and(|info| info.retry_delay.is_some())
}

async fn client(server: &Server) -> PromiseServiceClient<Channel> {
    PromiseServiceClient::new(server.plain().await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_in_a_second_are_those_of_one_principal() {
    let place = Place::new();
    let slow = place.token("slow", &["--role", "read", "--calls-a-second", "3"]);
    let other = place.token("other", &["--role", "read"]);
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let channel = server.plain().await;
    let mut refused = None;
    for _ in 0..20 {
        if let Err(status) = who(channel.clone(), Some(&slow)).await {
            refused = Some(status);
            break;
        }
    }
    let refused = refused.expect("20 calls are more than 3 in a second");
    assert_eq!(said(&refused), "ResourceExhausted RATE_LIMITED");
    assert!(retry_after(&refused));
    for _ in 0..20 {
        who(channel.clone(), Some(&other)).await.expect("nobody else is held up");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_at_once_have_open_streams_among_them() {
    let place = Place::new();
    let token = place.token("t", &["--role", "promise"]);
    let server = place.serve(&["--access-tokens", "tokens.toml", "--limits-calls-at-once", "2"]);
    let mut client = client(&server).await;
    let open = |client: &mut PromiseServiceClient<Channel>| {
        let (sender, receiver) = tokio::sync::mpsc::channel::<proto::PromiseRequest>(1);
        let stream = tokio_stream::wrappers::ReceiverStream::new(receiver);
        let mut client = client.clone();
        let request = with(&token, stream);
        async move { (sender, client.promise_stream(request).await) }
    };
    let (first, one) = open(&mut client).await;
    let (second, two) = open(&mut client).await;
    let (one, two) = (one.unwrap(), two.unwrap());
    let refused = who(server.plain().await, Some(&token)).await.unwrap_err();
    assert_eq!(said(&refused), "ResourceExhausted CALLS_AT_ONCE");
    drop((first, one));
    // The stream ends as soon as the server hears of it.
    let mut again = who(server.plain().await, Some(&token)).await;
    for _ in 0..500 {
        if again.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        again = who(server.plain().await, Some(&token)).await;
    }
    again.unwrap();
    drop((second, two));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_in_a_minute_count_wherever_they_stand() {
    let place = Place::new();
    let token = place.token("t", &["--role", "promise", "--lines-a-minute", "10"]);
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let mut client = client(&server).await;
    let check = |n: usize| proto::CheckAvailabilityRequest {
        lines: (0..n).map(|at| proto::OrderLine { line: at.to_string(), ..line(1.0) }).collect(),
        ..Default::default()
    };
    client.check_availability(with(&token, check(6))).await.unwrap();
    let refused = client.check_availability(with(&token, check(6))).await.unwrap_err();
    assert_eq!(said(&refused), "ResourceExhausted RATE_LIMITED");
    assert!(retry_after(&refused));
    client.check_availability(with(&token, check(3))).await.unwrap();
    let refused = client.check_availability(with(&token, check(11))).await.unwrap_err();
    assert_eq!(said(&refused), "ResourceExhausted RATE_LIMITED");
    assert!(!retry_after(&refused), "it will never do");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cart_cannot_hoard() {
    let place = Place::new();
    let cart = place.token(
        "cart",
        &["--role", "promise", "--held-quantity", "10", "--hold-for-at-most", "15m"],
    );
    let other = place.token("other", &["--role", "promise"]);
    let server = place.serve(&["--access-tokens", "tokens.toml"]);
    let mut client = client(&server).await;
    let held = client.promise(with(&cart, hold("A", 6.0, 600))).await.unwrap().into_inner();
    let refused = client.promise(with(&cart, hold("B", 5.0, 600))).await.unwrap_err();
    assert_eq!(said(&refused), "ResourceExhausted HELD_QUANTITY");
    client.promise(with(&cart, hold("C", 4.0, 600))).await.unwrap();
    client.promise(with(&other, hold("D", 50.0, 600))).await.unwrap();
    // What is confirmed is not held any more, and what is cancelled neither.
    let promise_id = held.promises[0].promise_id.clone();
    let confirm = proto::ConfirmRequest { promise_id, ..Default::default() };
    client.confirm(with(&cart, confirm)).await.unwrap();
    client.promise(with(&cart, hold("E", 6.0, 600))).await.unwrap();
    let refused = client.promise(with(&cart, hold("F", 1.0, 600))).await.unwrap_err();
    assert_eq!(said(&refused), "ResourceExhausted HELD_QUANTITY");
    // Many at once do not slip through side by side.
    let cart2 = place.token("cart2", &["--role", "promise", "--held-quantity", "10"]);
    server.signal(rustix::process::Signal::HUP);
    server.says("the tokens have changed").await;
    let calls = (0..40).map(|n| {
        let (mut client, token) = (client.clone(), cart2.clone());
        tokio::spawn(async move {
            client.promise(with(&token, hold(&format!("P{n}"), 1.0, 600))).await.is_ok()
        })
    });
    let mut n_held = 0;
    for call in calls.collect::<Vec<_>>() {
        n_held += usize::from(call.await.unwrap());
    }
    assert_eq!(n_held, 10);
    // How long is bounded too.
    let refused = client.promise(with(&cart, hold("G", 0.5, 3_600))).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::InvalidArgument);
    let details = refused.get_error_details();
    assert_eq!(details.bad_request().unwrap().field_violations[0].field, "hold_for");
}

/// Ways around what may be held: a hold that is made larger, one that is confirmed bit by bit, a unit that is many, a
/// restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_held_cannot_be_gone_around() {
    let place = Place::new();
    let dir = place.path("tables");
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/allocation-demo");
    std::fs::create_dir(&dir).unwrap();
    for entry in std::fs::read_dir(demo).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), dir.join(entry.file_name())).unwrap();
    }
    let units = "item,from_uom,to_uom,factor\nHL-U509,PALLET,EA,100\n";
    std::fs::write(dir.join("uom_conversions.csv"), units).unwrap();
    let cart = place.token("cart", &["--role", "promise", "--held-quantity", "10"]);
    let refused = |status: Status| assert_eq!(said(&status), "ResourceExhausted HELD_QUANTITY");
    let settings = ["--access-tokens", "tokens.toml", "--data", "data"];
    {
        let server = place.serve_of(&dir, &settings, &[]);
        let mut client = client(&server).await;
        let made = client.promise(with(&cart, hold("A", 8.0, 600))).await.unwrap().into_inner();
        let promise_id = made.promises[0].promise_id.clone();
        // Larger.
        let amend = |id: &str, quantity| proto::AmendRequest {
            request_id: id.to_string(),
            promise_id: promise_id.clone(),
            line: Some(proto::OrderLine { order: "A".to_string(), ..line(quantity) }),
            ..Default::default()
        };
        refused(client.amend(with(&cart, amend("a", 11.0))).await.unwrap_err());
        client.amend(with(&cart, amend("b", 10.0))).await.unwrap();
        // Bit by bit: what is left of it is held as before.
        let confirm = proto::ConfirmRequest {
            request_id: "c".to_string(),
            promise_id: promise_id.clone(),
            quantity: Some(1.0),
            ..Default::default()
        };
        client.confirm(with(&cart, confirm)).await.unwrap();
        refused(client.promise(with(&cart, hold("B", 2.0, 600))).await.unwrap_err());
        client.promise(with(&cart, hold("C", 1.0, 600))).await.unwrap();
    }
    // A restart forgets nothing.
    let server = place.serve_of(&dir, &settings, &[]);
    let mut client = client(&server).await;
    refused(client.promise(with(&cart, hold("D", 1.0, 600))).await.unwrap_err());
    // A pallet is a hundred.
    let other = place.token("other", &["--role", "promise", "--held-quantity", "150"]);
    server.signal(rustix::process::Signal::HUP);
    server.says("the tokens have changed").await;
    let mut pallets = hold("E", 2.0, 600);
    pallets.lines[0].uom = "PALLET".to_string();
    refused(client.promise(with(&other, pallets)).await.unwrap_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_connection_takes_no_new_calls_and_loses_none() {
    let place = Place::new();
    let server = place.serve(&["--limits-connection-age", "200ms"]);
    // A client that connects again by itself does not notice.
    let channel = server.plain().await;
    let until = std::time::Instant::now() + std::time::Duration::from_millis(1_500);
    while std::time::Instant::now() < until {
        let mut answer = who(channel.clone(), None).await;
        for _ in 0..10 {
            // One that was on its way to a connection that closes was never sent: a client sends it again.
            if answer.as_ref().is_ok() {
                break;
            }
            answer = who(channel.clone(), None).await;
        }
        answer.expect("no call is lost");
    }
    // Its end is told: GOAWAY, and then the connection closes.
    let stream = tokio::net::TcpStream::connect(&server.address).await.unwrap();
    let (client, connection) = h2::client::handshake(stream).await.unwrap();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(20), connection).await;
    assert!(ended.is_ok(), "it is closed when nothing is under way");
    drop(client);
}
