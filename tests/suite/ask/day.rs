//! Issue 21, item 7: every kind, type, measure and column that the contract names, in one hand-worked example:
//! `tests/planner_day/README.md` says what the program must say. UPDATE_EXPECT=1 writes what it says into the page.

use super::{
    super::{push, rpc::Server},
    change,
};
use promised::{
    engine::{Clock, Config, SteadyTime, sweep::Sweep},
    ledger::Note,
    rpc::proto,
};
use proto::{
    backlog_service_client::BacklogServiceClient, exception_service_client::ExceptionServiceClient,
    promise_request::Commitment, push_request::Finish,
    snapshot_service_client::SnapshotServiceClient,
};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/planner_day/README.md")
}

/// Holds what was said against the blocks of the page, by name.
fn hold(said: &[(&str, String)]) {
    let text = std::fs::read_to_string(page()).unwrap();
    let mut new = String::new();
    let mut rest = text.as_str();
    for (name, block) in said {
        let head = format!("```text {name}\n");
        let at = rest.find(&head).unwrap_or_else(|| panic!("the page has a block {name}"));
        let (before, after) = rest.split_at(at + head.len());
        let end = after.find("```").expect("a block ends");
        if std::env::var_os("UPDATE_EXPECT").is_none() {
            assert_eq!(&after[..end], block, "block {name}");
        }
        write!(new, "{before}{block}").unwrap();
        rest = &after[end..];
    }
    new.push_str(rest);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(page(), new).unwrap();
    }
}

/// A server whose clock is ours.
pub struct Day {
    pub server: Server,
    /// Minutes after eight.
    minutes: Arc<AtomicI64>,
}

impl Day {
    async fn begin() -> Self {
        let minutes = Arc::new(AtomicI64::new(0));
        let (wall, steady) = (Arc::clone(&minutes), Arc::clone(&minutes));
        let eight: jiff::Timestamp = "2026-11-25T08:00:00Z".parse().unwrap();
        let clock = Clock::new(
            move || eight + jiff::SignedDuration::from_mins(wall.load(Ordering::Relaxed)),
            move || SteadyTime::from_micros(steady.load(Ordering::Relaxed) * 60_000_000),
        );
        let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/planner_day/snapshot");
        let server = Server::start(&tables, Config { clock, ..Config::new() }).await;
        Self { server, minutes }
    }

    async fn promise(
        &self,
        order: &str,
        (who, item, quantity, date): (&str, &str, f64, &str),
        more: proto::PromiseRequest,
    ) {
        let line = proto::OrderLine {
            order: order.to_string(),
            item: item.to_string(),
            quantity,
            requested_date: date.to_string(),
            customer: who.to_string(),
            channel: if who == "ANNA" { "shop" } else { "web" }.to_string(),
            seller: "Sue".to_string(),
            ..Default::default()
        };
        let request =
            proto::PromiseRequest { request_id: order.to_string(), lines: vec![line], ..more };
        self.server.promises().promise(request).await.unwrap();
    }
}

#[tokio::test]
async fn a_planners_day_is_as_it_was_worked_by_hand() {
    let day = Day::begin().await;
    let plain = proto::PromiseRequest::default;
    let hold_for = Some(prost_types::Duration { seconds: 600, nanos: 0 });
    let held = proto::PromiseRequest { commitment: Commitment::Hold.into(), hold_for, ..plain() };
    let force = Some(proto::Force { by: "boss".to_string(), why: "a fair".to_string() });
    day.promise("A1", ("ANNA", "LAMP", 6.0, "2026-11-25"), plain()).await;
    day.promise("A2", ("ANNA", "LAMP", 8.0, "2026-11-25"), plain()).await;
    day.promise("B1", ("BEN", "BULB", 10.0, "2026-11-30"), held).await;
    day.promise("B2", ("BEN", "DESK", 10.0, "2026-11-24"), plain()).await;
    change(&day.server, "supply_moved", &[("supplier", "LUX"), ("item", "LAMP"), ("days", "14")])
        .await;
    day.promise(
        "B3",
        ("BEN", "LAMP", 6.0, "2026-11-28"),
        proto::PromiseRequest { force, ..plain() },
    )
    .await;
    let mut said = vec![("exceptions", day.exceptions().await), ("groups", day.groups().await)];
    said.push(("sheets", day.sheets().await));

    let mut sweep = Sweep::default();
    afterwards(&day, &mut sweep).await;
    said.push(("exceptions after", day.exceptions().await));
    said.push(("seen", day.seen().await));
    evening(&day).await;
    said.push(("new data", night(&day, &mut sweep).await));
    said.push(("exceptions at night", day.exceptions().await));
    said.push(("events", day.events().await));
    said.push(("figures", day.figures().await));
    said.push(("bases", day.bases().await));
    said.push(("columns", day.columns().await));
    said.push(("periods", day.periods().await));
    said.push(("accounts", day.accounts().await));
    said.push(("capacity", day.capacity().await));
    said.push(("pegging", day.pegging().await));
    said.push(("rules", day.rules().await));
    said.push(("found", day.found().await));
    said.push(("resources", day.resources().await));
    said.push(("export", day.export().await));
    hold(&said);
    day.server.stop().await;
}

/// What happens after the morning's look.
async fn afterwards(day: &Day, sweep: &mut Sweep) {
    change(
        &day.server,
        "on_hand_adjusted",
        &[("item", "LAMP"), ("location", "MAIN"), ("quantity", "30")],
    )
    .await;
    day.minutes.store(6, Ordering::Relaxed);
    let notes = sweep.look(day.server.engine(), Duration::from_secs(60));
    day.server.engine().note(notes).await.unwrap();
    let mut seen = ExceptionServiceClient::new(day.server.channel());
    let eva = proto::AcknowledgeRequest {
        exception_id: "could_be_sooner/P2".to_string(),
        by: "Eva".to_string(),
        ..Default::default()
    };
    seen.acknowledge(eva).await.unwrap();
    let half_past_eight: jiff::Timestamp = "2026-11-25T08:30:00Z".parse().unwrap();
    let later = proto::SnoozeRequest {
        exception_id: "late/P2".to_string(),
        by: "Eva".to_string(),
        until: Some(prost_types::Timestamp { seconds: half_past_eight.as_second(), nanos: 0 }),
        ..Default::default()
    };
    seen.snooze(later).await.unwrap();
    let id = |id: &str| id.to_string();
    let mut promises = day.server.promises();
    promises
        .confirm(proto::ConfirmRequest { promise_id: id("P3"), ..Default::default() })
        .await
        .unwrap();
    let fulfil = proto::FulfilRequest { promise_id: id("P1"), ..Default::default() };
    promises.fulfil(fulfil.clone()).await.unwrap();
    promises
        .reopen(proto::ReopenRequest { promise_id: id("P1"), ..Default::default() })
        .await
        .unwrap();
    promises.fulfil(fulfil).await.unwrap();
    let get = proto::GetPromiseRequest { promise_id: id("P4"), ..Default::default() };
    let terms = promises.get(get).await.unwrap().into_inner().promises[0].terms.clone().unwrap();
    let line = proto::OrderLine { requested_date: "2026-12-01".to_string(), ..terms };
    let amend =
        proto::AmendRequest { promise_id: id("P4"), line: Some(line), ..Default::default() };
    assert!(promises.amend(amend).await.unwrap().into_inner().changed);
    promises
        .cancel(proto::CancelRequest { promise_id: id("P5"), ..Default::default() })
        .await
        .unwrap();
}

/// A hold that is extended and ends all the same; desks for today, of which the later order's come first; mugs beyond a
/// share; bulbs that were wanted days ago.
async fn evening(day: &Day) {
    let plain = proto::PromiseRequest::default;
    let hold_for = Some(prost_types::Duration { seconds: 600, nanos: 0 });
    let held = proto::PromiseRequest { commitment: Commitment::Hold.into(), hold_for, ..plain() };
    day.promise("C1", ("BEN", "BULB", 5.0, "2026-12-02"), held).await;
    let extend = proto::ExtendHoldRequest {
        promise_ids: vec!["P6".to_string()],
        hold_for: Some(prost_types::Duration { seconds: 1_200, nanos: 0 }),
        ..Default::default()
    };
    day.server.promises().extend_hold(extend).await.unwrap();
    day.minutes.store(40, Ordering::Relaxed);
    day.server.engine().tick().await.unwrap();
    day.promise("E1", ("BEN", "DESK", 4.0, "2026-11-23"), plain()).await;
    day.promise("E2", ("BEN", "DESK", 4.0, "2026-11-23"), plain()).await;
    let run = proto::RunBacklogRequest {
        request_id: "run".to_string(),
        apply: true,
        filter: "item=DESK".to_string(),
        first: vec!["E2".to_string()],
        ..Default::default()
    };
    let ran = BacklogServiceClient::new(day.server.channel()).run(run).await.unwrap().into_inner();
    assert!(ran.applied.unwrap().applied);
    let force = Some(proto::Force { by: "boss".to_string(), why: "a gift".to_string() });
    let forced = proto::PromiseRequest { force, ..plain() };
    day.promise("E3", ("BEN", "MUG", 12.0, "2026-11-30"), forced).await;
    let hour = Some(prost_types::Duration { seconds: 3_600, nanos: 0 });
    let held =
        proto::PromiseRequest { commitment: Commitment::Hold.into(), hold_for: hour, ..plain() };
    day.promise("E4", ("BEN", "BULB", 2.0, "2026-11-20"), held).await;
}

/// A copy of the snapshot under another id.
fn copy(id: &str, change: impl Fn(&str, String) -> String) -> tempfile::TempDir {
    let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/planner_day/snapshot");
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(tables).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let text = fs::read_to_string(entry.path()).unwrap().replace("planner-day", id);
        fs::write(dir.path().join(&name), change(&name, text)).unwrap();
    }
    dir
}

/// New data that are broken, then some that are not, with news of `mes`. And what a self-check would tell is noted.
async fn night(day: &Day, sweep: &mut Sweep) -> String {
    let broken = copy("planner-day-broken", |name, text| match name {
        "on_hand.csv" => text + "FLAG,MAIN,1\n",
        _ => text,
    });
    let whole = copy("planner-day-2", |_, text| text.replace("11-23T06:00", "11-25T07:00"));
    let mut client = SnapshotServiceClient::new(day.server.channel());
    let force = proto::Force { by: "Eva".to_string(), why: "counted again".to_string() };
    let activate = Finish { aim: proto::Aim::Activate.into(), force: None };
    let forced = Finish { aim: proto::Aim::Force.into(), force: Some(force) };
    let mut said = String::new();
    for (id, dir, finish) in
        [("planner-day-broken", broken, activate), ("planner-day-2", whole, forced)]
    {
        let parts = push::chunks(id, dir.path(), finish);
        let told = client.push(tokio_stream::iter(parts)).await.unwrap().into_inner();
        let told = told.summary.unwrap();
        writeln!(said, "{id}: {}", told.outcome().as_str_name().to_lowercase()).unwrap();
        for fault in told.faults.iter().chain(&told.suspicions) {
            writeln!(said, "  {fault}").unwrap();
        }
    }
    let notes = sweep.look(day.server.engine(), Duration::from_secs(60));
    day.server.engine().note(notes).await.unwrap();
    let (account, why) = ("LAMP@MAIN".into(), "what a self-check would say".into());
    day.server.engine().note(vec![Note::Diverged { account, why }]).await.unwrap();
    said
}
