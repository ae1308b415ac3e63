//! What a server tells of a refresh while it is under way, and how the tables of one travel.

use super::{
    engine_support::{Hands, Shared},
    push::{chunks, copy},
    quarantine,
    rpc::Server,
};
use promised::{
    engine::refresh::{Aim, CameBy, RefreshOutcome, RefreshSettings, RefreshStage, Submission},
    rpc::proto::{
        self, push_request::Finish, refresh_summary::Outcome as Wire,
        snapshot_service_client::SnapshotServiceClient,
    },
};
use std::{fs, process::Command, time::Duration};
use tonic::{codec::CompressionEncoding::Gzip, transport::Channel};

/// Time between two looks at a server.
const LOOK_EVERY: Duration = Duration::from_millis(2);

async fn server() -> Server {
    let hands = Hands::default();
    hands.set(8 * 3_600);
    Server::tiny_with(hands.config()).await
}

async fn status(server: &Server) -> proto::GetStatusResponse {
    let mut client = SnapshotServiceClient::new(server.channel());
    client.get_status(proto::GetStatusRequest {}).await.unwrap().into_inner()
}

/// The second of three files of a table is a pipe: the build stands still before it until it is written to. Tables that
/// lie elsewhere are copied first, and a pipe is refused then; these lie where pushes come in.
#[tokio::test(flavor = "multi_thread")]
async fn status_says_how_far_a_build_is() {
    let server = server().await;
    assert_eq!(status(&server).await.build, None);
    let (slow, dir) = (copy("slow", &[]), server.refresher().store().incoming("slow"));
    fs::create_dir(&dir).unwrap();
    for entry in fs::read_dir(slow.path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), dir.join(entry.file_name())).unwrap();
    }
    let header = "supply,type,item,location,date,quantity\n";
    let (pipe, last) = (dir.join("supplies.1.csv"), dir.join("supplies.2.csv"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fs::rename(dir.join("supplies.csv"), dir.join("supplies.0.csv")).unwrap();
    fs::write(&last, header).unwrap();
    let first = fs::read_to_string(dir.join("supplies.0.csv")).unwrap();

    let submission = Submission { tables: dir.clone(), way: CameBy::Push, aim: Aim::Validate };
    let build = server.refresher().submit_in_background(submission);
    let (first, all) = (first.len() as f64, (first.len() + header.len()) as f64);
    let at_the_pipe = |build: &proto::get_status_response::Build| {
        build.stage == "loading supplies" && (build.progress - first / all).abs() < 1e-9
    };
    let told = loop {
        let status = status(&server).await;
        assert!(!build.is_finished(), "it cannot pass a pipe that nobody writes to");
        match status.build.clone() {
            Some(found) if at_the_pipe(&found) => break status,
            Some(_) | None => tokio::time::sleep(LOOK_EVERY).await,
        }
    };
    let under_way = told.build.unwrap();
    assert_eq!(under_way.tables, dir.display().to_string());
    assert_eq!((under_way.bytes_built, told.generation), (0, 1), "nothing is built yet");
    assert_eq!(told.version.unwrap().snapshot_id, server.engine().pin().snapshot.id());

    fs::write(&pipe, header.to_string() + "PO-2,purchase_order,VALVE,HAM,2026-12-02,1\n").unwrap();
    let joined = tokio::task::spawn_blocking(move || build.join().unwrap().unwrap());
    let record = joined.await.unwrap();
    assert_eq!((record.outcome, record.rows["supplies"]), (RefreshOutcome::Validated, 2));
    assert_eq!(status(&server).await.build, None);
}

/// The journal stands still, so the swap waits to be durable.
#[test]
fn status_says_when_promises_are_reconciled() {
    let journal = Shared::default();
    let (engine, refresher) =
        quarantine::serve(Box::new(journal.clone()), None, RefreshSettings::default());
    let dir = copy("next", &[]);
    journal.close();
    let (tables, aim) = (dir.path().to_path_buf(), Aim::Activate);
    let swap = refresher.submit_in_background(Submission { tables, way: CameBy::Push, aim });
    let build = loop {
        assert!(!swap.is_finished(), "it cannot swap before it is durable");
        match refresher.status().build {
            Some(build) if build.stage == RefreshStage::Reconciling => break build,
            Some(_) | None => std::thread::sleep(LOOK_EVERY),
        }
    };
    assert!(0 < build.bytes_built, "the memory of the next one, beside the one that serves");
    let status = refresher.status();
    assert_eq!((status.generation, status.snapshot_id.as_str()), (1, engine.pin().snapshot.id()));
    journal.open();
    assert_eq!(swap.join().unwrap().unwrap().outcome, RefreshOutcome::Activated);
    assert_eq!((refresher.status().generation, refresher.status().build.is_none()), (2, true));
    engine.stop();
}

/// Pushes by a client, and checks that it serves, as it was sent, and how the answer was packed.
async fn check_push(
    mut client: SnapshotServiceClient<Channel>,
    (server, id): (&Server, &str),
    packed: Option<&str>,
) {
    let dir = copy(id, &[]);
    let parts = chunks(id, dir.path(), Finish::default());
    let answer = client.push(tokio_stream::iter(parts)).await.unwrap();
    let encoding = answer.metadata().get("grpc-encoding").map(|value| value.to_str().unwrap());
    assert_eq!(encoding, packed, "{id}");
    assert_eq!(answer.into_inner().summary.unwrap().outcome(), Wire::Activated, "{id}");
    let kept = server.refresher().store().path(id);
    for entry in fs::read_dir(dir.path()).unwrap() {
        let name = entry.unwrap().file_name();
        let (sent, there) = (fs::read(dir.path().join(&name)), fs::read(kept.join(&name)));
        assert_eq!(sent.unwrap(), there.unwrap(), "{name:?} of {id}");
    }
}

#[tokio::test]
async fn tables_travel_packed_or_as_they_are() {
    let server = server().await;
    let client = || SnapshotServiceClient::new(server.channel());
    check_push(client(), (&server, "plain"), None).await;
    check_push(client().send_compressed(Gzip), (&server, "there"), None).await;
    check_push(client().accept_compressed(Gzip), (&server, "back"), Some("gzip")).await;
    let both = client().send_compressed(Gzip).accept_compressed(Gzip);
    check_push(both, (&server, "both"), Some("gzip")).await;
}
