//! Item 1 on the real binary: its clock jumps under it, and it is killed and started again meanwhile.

use super::process::{Place, Server, request};
use promised::rpc::proto;
use proto::reservation::State;
use std::time::Duration;

const DAY: i64 = 24 * 3_600;

async fn hold(server: &Server, id: &str) -> proto::Reservation {
    let mut held = request(id, 1.0);
    held.hold_for = Some(prost_types::Duration { seconds: 600, nanos: 0 });
    server.promises().promise(patient(held)).await.unwrap();
    found(server, id).await
}

async fn found(server: &Server, id: &str) -> proto::Reservation {
    let order = proto::GetPromiseRequest { order: format!("O-{id}"), ..Default::default() };
    let found = server.promises().get(order).await.unwrap().into_inner();
    found.promises.into_iter().next().unwrap()
}

/// With a deadline that is far enough for any machine.
fn patient(request: proto::PromiseRequest) -> tonic::Request<proto::PromiseRequest> {
    let mut request = tonic::Request::new(request);
    request.set_timeout(Duration::from_secs(30));
    request
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_fails_no_deadline_and_ends_no_hold() {
    let place = Place::new();
    let mut server = place.start(&[]).await;
    let first = hold(&server, "H").await;
    let mut moved = 0;
    for (n, jump) in [400 * DAY, 0, 1_800, -5 * DAY, 0, 400 * DAY].into_iter().enumerate() {
        place.set_clock(jump);
        // A command without a deadline sees the new time first.
        server.promises().promise(request(&format!("A{n}"), 1.0)).await.unwrap();
        server.promises().promise(patient(request(&format!("B{n}"), 1.0))).await.unwrap();
        let held = found(&server, "H").await;
        assert_eq!(held.state(), State::Held, "the clock was set by {jump} s");
        let later = seconds(&held) - seconds(&first);
        // What is followed at once moves the end of the hold by as much; the rest is not followed yet.
        moved += if jump == 1_800 { 1_800 } else { 0 };
        assert!((moved - 2..=moved + 2).contains(&later), "moved by {later} s, not {moved}");
        server.kill();
        server = place.start(&[]).await;
        assert_eq!(found(&server, "H").await.state(), State::Held, "after a restart");
        server.promises().promise(patient(request(&format!("C{n}"), 1.0))).await.unwrap();
    }
    // A repetition is known, whatever the clock said in between.
    let again = server.promises().promise(patient(request("A0", 1.0))).await.unwrap().into_inner();
    assert_eq!(again.promises[0].promise_id, found(&server, "A0").await.promise_id);
    server.kill();
}

fn seconds(held: &proto::Reservation) -> i64 {
    held.held_until.as_ref().expect("a hold has an end").seconds
}
