//! The real binary, killed in the middle of load: nothing acknowledged is lost, nothing is oversold, and a
//! retry with the same id gets the first answer. `PROMISED_CRASHES=50` kills it 50 times (`just crash`).

use promised::rpc::proto;
use proto::{
    promise_service_client::PromiseServiceClient, promise_stream_response::Outcome,
    reservation::State,
};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;

/// Requests of one round; the process is killed somewhere in them.
const REQUESTS: usize = 400;

/// Unacknowledged requests that a client has under way.
const IN_FLIGHT: usize = 64;

/// A server of its own process on a data directory.
struct Server {
    process: Child,
    client: PromiseServiceClient<Channel>,
    first_line: String,
}

impl Server {
    async fn start(snapshot: &Path, data: &Path) -> Self {
        Self::start_with(&[Path::new("--data"), data, snapshot]).await
    }

    async fn start_with(arguments: &[&Path]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_promised"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut first_line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut first_line).unwrap();
        let address = first_line.split(" on ").nth(1).and_then(|rest| rest.split(": ").next());
        let address = format!("http://{}", address.expect("it says where it listens"));
        let client = PromiseServiceClient::connect(address).await.unwrap();
        Self { process, client, first_line }
    }

    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// What is told of a promise: its ids, and how much of what is promised when.
type Told = Vec<(String, i32, String, i64)>;

fn told(response: &proto::PromiseResponse) -> Told {
    let line = |line: &proto::PromisedLine| {
        let legs = line.result.as_ref().and_then(|result| result.default_option.as_ref());
        let legs = legs.map(|option| option.legs.as_slice()).unwrap_or_default();
        let days = legs.iter().map(|leg| leg.ship_date.as_str()).collect::<Vec<_>>().join(" ");
        let quantity: f64 = legs.iter().map(|leg| leg.quantity).sum();
        (line.promise_id.clone(), line.state, days, quantity as i64)
    };
    response.promises.iter().map(line).collect()
}

fn request(n: usize) -> proto::PromiseRequest {
    let line = proto::OrderLine {
        order: format!("O{n}"),
        item: ["A", "B", "C"][n % 3].to_string(),
        quantity: 1.0 + (n % 4) as f64,
        requested_date: "2026-11-23".to_string(),
        location: "BER".to_string(),
        ..proto::OrderLine::default()
    };
    proto::PromiseRequest {
        request_id: format!("R{n}"),
        lines: vec![line],
        ..proto::PromiseRequest::default()
    }
}

/// Sends requests until `n` are answered, then kills the server under the rest; gives what was answered.
async fn load(server: Server, from: usize, n: usize) -> BTreeMap<usize, Told> {
    let (sender, requests) = tokio::sync::mpsc::channel(IN_FLIGHT);
    let mut client = server.client.clone();
    let feed = tokio::spawn(async move {
        for n in from..from + REQUESTS {
            if sender.send(request(n)).await.is_err() {
                return;
            }
        }
    });
    let mut answers =
        client.promise_stream(ReceiverStream::new(requests)).await.unwrap().into_inner();
    let mut known = BTreeMap::new();
    let mut server = Some(server);
    while let Ok(Some(answer)) = answers.message().await {
        let Some(Outcome::Promised(response)) = answer.outcome else {
            panic!("refused: {:?}", answer.outcome);
        };
        known.insert(answer.request_id[1..].parse().unwrap(), told(&response));
        if known.len() == n {
            server.take().unwrap().kill();
        }
    }
    drop(answers);
    feed.await.unwrap();
    if let Some(server) = server {
        server.kill();
    }
    known
}

fn snapshot(dir: &Path) {
    std::fs::create_dir_all(dir).unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.join(name), text).unwrap();
    write(
        "manifest.json",
        r#"{"snapshot_id": "crash", "as_of": "2026-11-23", "horizon_days": 30}"#,
    );
    write("items.csv", "item\nA\nB\nC\n");
    write("locations.csv", "location\nBER\n");
    write("on_hand.csv", "item,location,quantity\nA,BER,2000\nB,BER,1000\nC,BER,50\n");
}

/// What is promised of each item, over all promises there are.
async fn promised(client: &mut PromiseServiceClient<Channel>) -> BTreeMap<String, f64> {
    let mut sums = BTreeMap::new();
    let mut page = proto::ListPromisesRequest { page_size: 10_000, ..Default::default() };
    loop {
        let list = client.list(page.clone()).await.unwrap().into_inner();
        for one in list.promises {
            assert_eq!(one.state, i32::from(State::Confirmed));
            *sums.entry(one.item).or_default() += one.quantity;
        }
        if list.next_page_token.is_empty() {
            return sums;
        }
        page.page_token = list.next_page_token;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_under_load_keeps_its_promises() {
    let rounds = std::env::var("PROMISED_CRASHES").map_or(3, |text| text.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let (tables, data) = (dir.path().join("snapshot"), dir.path().join("data"));
    snapshot(&tables);
    let mut known: BTreeMap<usize, Told> = BTreeMap::new();
    for round in 0..rounds {
        let server = Server::start(&tables, &data).await;
        let answered = 20 + round * 37 % 300;
        known.extend(load(server, round * REQUESTS, answered).await);
    }
    let mut server = Server::start(&tables, &data).await;
    assert!(server.first_line.contains("promises are kept in"), "{}", server.first_line);
    // Each acknowledged request gets its first answer again, word for word.
    let mut promised_before = 0;
    for (n, first) in &known {
        let again = server.client.promise(request(*n)).await.unwrap().into_inner();
        if first.iter().any(|(id, ..)| !id.is_empty()) {
            assert_eq!(told(&again), *first, "R{n}");
            promised_before += 1;
        }
    }
    assert!(0 < promised_before);
    let sums = promised(&mut server.client).await;
    for (item, on_hand) in [("A", 2_000.0), ("B", 1_000.0), ("C", 50.0)] {
        assert!(sums[item] <= on_hand, "{item} is oversold: {}", sums[item]);
    }
    let checked = server.client.self_check(proto::SelfCheckRequest {}).await.unwrap().into_inner();
    assert_eq!((checked.divergences, checked.overcommitted), (vec![], vec![]));
    server.kill();
    let checked = Command::new(env!("CARGO_BIN_EXE_promised"))
        .args(["journal", "check"])
        .arg(&data)
        .arg("--snapshot")
        .arg(&tables)
        .output()
        .unwrap();
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(checked.status.success() && said.ends_with("all is well\n"), "{said}");
}

#[tokio::test]
async fn a_second_server_on_one_directory_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (tables, data) = (dir.path().join("snapshot"), dir.path().join("data"));
    snapshot(&tables);
    let first = Server::start(&tables, &data).await;
    let second = Command::new(env!("CARGO_BIN_EXE_promised"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .args([&data, &tables])
        .output()
        .unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(1));
    let process = first.process.id();
    assert!(said.contains(&format!("is in use by another server (process {process})")), "{said}");
    assert!(said.contains("try: stop the other server"), "{said}");
    first.kill();
}

#[tokio::test]
async fn another_snapshot_at_the_start_takes_the_place_of_the_journals() {
    let dir = tempfile::tempdir().unwrap();
    let (tables, data) = (dir.path().join("snapshot"), dir.path().join("data"));
    snapshot(&tables);
    let mut first = Server::start(&tables, &data).await;
    first.client.promise(request(1)).await.unwrap();
    first.kill();
    let manifest = r#"{"snapshot_id": "other", "as_of": "2026-11-24", "horizon_days": 30}"#;
    std::fs::write(tables.join("manifest.json"), manifest).unwrap();
    // The journal goes on with the snapshot it was written against, which is kept; then the other is
    // taken in. A third start replays the swap.
    for _ in 0..2 {
        let mut server = Server::start(&tables, &data).await;
        assert!(server.first_line.starts_with("serving other on"), "{}", server.first_line);
        let get = proto::GetPromiseRequest { promise_id: "P1".into(), ..Default::default() };
        let found = server.client.get(get).await.unwrap().into_inner();
        assert_eq!(found.version.unwrap().snapshot_id, "other");
        server.kill();
    }
}

#[tokio::test]
async fn a_server_goes_on_with_the_snapshot_that_its_data_directory_has() {
    let dir = tempfile::tempdir().unwrap();
    let (watched, data) = (dir.path().join("watched"), dir.path().join("data"));
    let tables = watched.join("first");
    let [by_data, by_watch] = ["--data", "--watch"].map(Path::new);
    let nothing = Command::new(env!("CARGO_BIN_EXE_promised"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .output()
        .unwrap();
    let said = String::from_utf8(nothing.stderr).unwrap();
    assert_eq!(nothing.status.code(), Some(1));
    assert!(said.contains("there is no snapshot to serve"), "{said}");

    snapshot(&tables);
    let mut first = Server::start_with(&[by_data, &data, by_watch, &watched]).await;
    assert!(first.first_line.starts_with("serving crash on"), "{}", first.first_line);
    first.client.promise(request(1)).await.unwrap();
    first.kill();
    std::fs::remove_dir_all(&watched).unwrap();
    let mut again = Server::start_with(&[by_data, &data]).await;
    assert!(again.first_line.starts_with("serving crash on"), "{}", again.first_line);
    let get = proto::GetPromiseRequest { promise_id: "P1".into(), ..Default::default() };
    assert_eq!(again.client.get(get).await.unwrap().into_inner().promises.len(), 1);
    again.kill();
}
