//! Issue 24 items 2, 4, 7 and 8: three servers of their own processes on three members of etcd, killed, paused and told
//! to stop under a client that retries: nothing acknowledged is lost or doubled, on whatever node one looks.
//!
//! They run where `PROMISED_FAULTS` says how many faults there are to be, as in a step of `.ci/run` of their own;
//! `just cluster-faults N` prints their table, and fails where a gap is longer than it may be.

use super::etcds::{self, Etcds};
use promised::rpc::proto;
use proto::{
    admin_service_client::AdminServiceClient, promise_service_client::PromiseServiceClient,
};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tonic::{Code, transport::Channel};
use tonic_types::StatusExt;

const NAMES: [&str; 3] = ["n1", "n2", "n3"];

/// What a test waits for comes within this time, on however slow a machine.
const WITHIN: Duration = Duration::from_secs(90);

/// What is done to a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    LeaderKilled,
    LeaderPaused,
    BothKilled,
    HandedOver,
    EtcdKilled,
}

const FAULTS: [Fault; 5] = [
    Fault::LeaderKilled,
    Fault::LeaderPaused,
    Fault::HandedOver,
    Fault::BothKilled,
    Fault::EtcdKilled,
];

impl Fault {
    /// The gap that it may cost, where one is set.
    fn at_most(self) -> Duration {
        Duration::from_millis(match self {
            Self::LeaderKilled => 600,
            Self::LeaderPaused => 1_200,
            Self::BothKilled | Self::EtcdKilled => 2_000,
            Self::HandedOver => 300,
        })
    }
}

struct Server {
    name: &'static str,
    peer: String,
    data: PathBuf,
    child: Option<Child>,
    /// Whether it was told to stop.
    is_stopping: bool,
    address: String,
}

struct Place {
    servers: Vec<Server>,
    etcds: Etcds,
    runtime: tokio::runtime::Runtime,
    dir: tempfile::TempDir,
}

/// Whether faults are asked for: whole clusters of processes are too much beside all other tests.
fn is_wanted() -> bool {
    std::env::var_os("PROMISED_FAULTS").is_some()
}

fn promised(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_promised")).args(arguments).output().unwrap()
}

fn free_address() -> String {
    format!("127.0.0.1:{}", etcds::ports(1)[0])
}

fn snapshot(dir: &Path) {
    std::fs::create_dir_all(dir).unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.join(name), text).unwrap();
    let manifest = r#"{"snapshot_id": "nodes", "as_of": "2026-11-23", "horizon_days": 30}"#;
    write("manifest.json", manifest);
    write("items.csv", "item\nA\n");
    write("locations.csv", "location\nBER\n");
    write("on_hand.csv", "item,location,quantity\nA,BER,1000000\n");
}

/// Starts a server, and reads where it serves.
fn serve(arguments: &[&str]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_promised"))
        .args(["serve", "--listen", "127.0.0.1:0", "--admin", "none"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
    let address = first.split(" on ").nth(1).and_then(|rest| rest.split(": ").next());
    let address = address.unwrap_or_else(|| panic!("it says where it listens: {first:?}"));
    (child, format!("http://{address}"))
}

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

impl Place {
    /// A cluster of three whose data come from a single server.
    fn start(program: PathBuf) -> Self {
        let etcds = Etcds::start(program, 3);
        let dir = tempfile::tempdir().unwrap();
        let (tables, data) = (dir.path().join("tables"), dir.path().join("n1"));
        snapshot(&tables);
        let (mut single, _) = serve(&["--data", data.to_str().unwrap(), tables.to_str().unwrap()]);
        signal(&single, Signal::TERM);
        assert!(single.wait().unwrap().success());
        let server = |name: &&'static str| Server {
            name,
            peer: free_address(),
            data: dir.path().join(name),
            child: None,
            is_stopping: false,
            address: String::new(),
        };
        let servers: Vec<_> = NAMES.iter().map(server).collect();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let mut place = Self { servers, etcds, runtime, dir };
        let init = place.init();
        assert!(init.status.success(), "{init:?}");
        // Asked twice it says that it is there, and changes nothing.
        let again = place.init();
        assert_eq!(again.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&again.stderr).contains("already"), "{again:?}");
        (0..3).for_each(|at| place.up(at));
        place
    }

    fn init(&self) -> Output {
        let nodes: Vec<_> =
            self.servers.iter().map(|one| format!("{}={}", one.name, one.peer)).collect();
        let etcd = self.etcds.urls().join(",");
        let from = self.servers[0].data.to_str().unwrap();
        promised(&[
            "cluster",
            "init",
            "--name",
            "test",
            "--etcd",
            &etcd,
            "--nodes",
            &nodes.join(","),
            "--from",
            from,
        ])
    }

    fn up(&mut self, at: usize) {
        let etcd = self.etcds.urls().join(",");
        let server = &mut self.servers[at];
        let data = server.data.to_str().unwrap().to_string();
        let (child, address) = serve(&[
            "--data",
            &data,
            "--cluster",
            "test",
            "--etcd",
            &etcd,
            "--node",
            server.name,
            "--peer",
            &server.peer,
        ]);
        (server.child, server.address) = (Some(child), address);
    }

    fn kill(&mut self, at: usize) {
        let mut child = self.servers[at].child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    fn status(&self, at: usize) -> Option<proto::ClusterStatusResponse> {
        let address = self.servers[at].address.clone();
        self.runtime.block_on(async {
            let asked = async {
                let mut client = AdminServiceClient::connect(address).await.ok()?;
                let asked = client.cluster_status(proto::ClusterStatusRequest {}).await;
                Some(asked.ok()?.into_inner())
            };
            tokio::time::timeout(Duration::from_secs(2), asked).await.ok().flatten()
        })
    }

    /// Which server leads, as all say that run.
    fn leader(&self) -> usize {
        until("a leader that all know", || {
            let mut said = (0..3).map(|at| self.status(at).map(|status| status.leader));
            let first = said.next()??;
            let all_say = said.all(|other| other.as_ref() == Some(&first));
            NAMES.iter().position(|name| all_say && *name == first)
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for child in self.servers.iter_mut().filter_map(|server| server.child.as_mut()) {
            // One that has ended needs no end.
            drop(child.kill());
            drop(child.wait());
        }
    }
}

#[track_caller]
fn until<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let by = Instant::now() + WITHIN;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < by, "it never came: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn request(n: usize) -> proto::PromiseRequest {
    let line = proto::OrderLine {
        order: format!("O{n}"),
        item: "A".to_string(),
        quantity: 1.0,
        requested_date: "2026-11-23".to_string(),
        location: "BER".to_string(),
        ..proto::OrderLine::default()
    };
    let request_id = format!("R{n}");
    proto::PromiseRequest { request_id, lines: vec![line], ..Default::default() }
}

/// A client that promises one order after the other, each until it is answered, at whatever server answers.
struct Client {
    addresses: Arc<Mutex<Vec<String>>>,
    acknowledged: Arc<Mutex<Vec<(String, Instant)>>>,
    is_over: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Client {
    fn start(addresses: Vec<String>) -> Self {
        let addresses = Arc::new(Mutex::new(addresses));
        let acknowledged = Arc::new(Mutex::new(Vec::new()));
        let is_over = Arc::new(AtomicBool::new(false));
        let of_thread = (addresses.clone(), acknowledged.clone(), is_over.clone());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(ask(of_thread));
        });
        Self { addresses, acknowledged, is_over, thread: Some(thread) }
    }

    fn n(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// Waits until so many more are acknowledged.
    fn goes_on(&self, more: usize) {
        let n = self.n();
        until("more promises", || (n + more <= self.n()).then_some(()));
    }

    /// The longest time without an acknowledgement since an instant, and up to now.
    fn gap_since(&self, begin: Instant) -> Duration {
        let all = self.acknowledged.lock().unwrap();
        let before = all.iter().rev().find(|(_, at)| *at <= begin).map_or(begin, |(_, at)| *at);
        let mut gap = Duration::ZERO;
        let mut last = before;
        for (_, at) in all.iter().filter(|(_, at)| begin < *at) {
            gap = gap.max(*at - last);
            last = *at;
        }
        gap
    }

    fn end(mut self) -> Vec<String> {
        self.is_over.store(true, Ordering::SeqCst);
        self.thread.take().unwrap().join().unwrap();
        let all = self.acknowledged.lock().unwrap();
        all.iter().map(|(id, _)| id.clone()).collect()
    }
}

type OfClient = (Arc<Mutex<Vec<String>>>, Arc<Mutex<Vec<(String, Instant)>>>, Arc<AtomicBool>);

async fn ask((addresses, acknowledged, is_over): OfClient) {
    let mut channels = BTreeMap::<String, Channel>::new();
    let (mut n, mut at) = (0, 0);
    while !is_over.load(Ordering::SeqCst) {
        let address = {
            let addresses = addresses.lock().unwrap();
            addresses[at % addresses.len()].clone()
        };
        let asked = tokio::time::timeout(Duration::from_millis(500), async {
            let channel = match channels.get(&address) {
                Some(channel) => channel.clone(),
                None => {
                    let endpoint = Channel::from_shared(address.clone()).unwrap();
                    let endpoint = endpoint.connect_timeout(Duration::from_millis(200));
                    let channel = endpoint.connect().await.map_err(|_| None)?;
                    channels.insert(address.clone(), channel.clone());
                    channel
                }
            };
            let answer = PromiseServiceClient::new(channel).promise(request(n)).await;
            answer.map_err(Some).map(|answer| answer.into_inner())
        });
        match asked.await {
            Ok(Ok(answer)) => {
                let id = answer.promises[0].promise_id.clone();
                assert!(!id.is_empty(), "{answer:?}");
                acknowledged.lock().unwrap().push((id, Instant::now()));
                n += 1;
            }
            Ok(Err(Some(status))) if status.code() == Code::Unavailable => {
                let reason = status.get_details_error_info().map(|info| info.reason);
                let waits = ["NO_LEADER", "NO_QUORUM", "NOT_LEADER"];
                if !reason.is_some_and(|reason| waits.contains(&reason.as_str())) {
                    channels.remove(&address);
                }
                at += 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            // A connection that breaks in the middle comes as Unknown.
            Ok(Err(Some(status))) if status.code() == Code::Unknown => {
                channels.remove(&address);
                at += 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Ok(Err(None)) | Err(_) => {
                channels.remove(&address);
                at += 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Ok(Err(Some(status))) => panic!("{status:?}"),
        }
    }
}

impl Place {
    fn fault(&mut self, fault: Fault) {
        let at = self.leader();
        match fault {
            Fault::LeaderKilled => self.kill(at),
            Fault::LeaderPaused => signal(self.servers[at].child.as_ref().unwrap(), Signal::STOP),
            Fault::BothKilled => {
                let etcd = self.etcds.leader();
                self.kill(at);
                self.etcds.down(etcd.unwrap_or(0));
            }
            Fault::EtcdKilled => {
                let etcd = self.etcds.leader();
                self.etcds.down(etcd.unwrap_or(0));
            }
            Fault::HandedOver => {
                signal(self.servers[at].child.as_ref().unwrap(), Signal::TERM);
                self.servers[at].is_stopping = true;
            }
        }
    }

    /// Everything is as before.
    fn mend(&mut self) {
        for at in 0..3 {
            self.etcds.mend(at);
            let server = &mut self.servers[at];
            if let Some(child) = &mut server.child {
                signal(child, Signal::CONT);
                if std::mem::take(&mut server.is_stopping) {
                    assert!(child.wait().unwrap().success(), "it ends well");
                    server.child = None;
                }
            }
            if server.child.is_none() {
                self.up(at);
            }
        }
        assert!(self.etcds.are_well_by(Instant::now() + WITHIN), "etcd is well again");
    }

    /// The promise of each order, as a server lists them at a position that it has or waits for.
    fn promises(&self, at: usize, position: u64) -> BTreeMap<String, Vec<String>> {
        let address = self.servers[at].address.clone();
        self.runtime.block_on(async {
            let mut client = PromiseServiceClient::connect(address).await.unwrap();
            let mut found = BTreeMap::<String, Vec<String>>::new();
            let mut page = proto::ListPromisesRequest { page_size: 10_000, ..Default::default() };
            loop {
                let mut request = tonic::Request::new(page.clone());
                let token = format!("p0:{position}").parse().unwrap();
                request.metadata_mut().insert("promised-at-least", token);
                let list = match client.list(request).await {
                    Ok(list) => list.into_inner(),
                    Err(status) if status.code() == Code::Unavailable => {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                    Err(status) => panic!("{status:?}"),
                };
                let version = list.version.unwrap();
                assert!(position <= version.sequence && 0 < version.epoch, "{version:?}");
                assert_eq!(version.token, format!("p0:{}", version.sequence));
                for one in list.promises {
                    found.entry(one.order).or_default().push(one.promise_id);
                }
                if list.next_page_token.is_empty() {
                    return found;
                }
                page.page_token = list.next_page_token;
            }
        })
    }
}

fn table(gaps: &BTreeMap<Fault, Vec<Duration>>) {
    println!("| fault | times | gap p50, ms | p99, ms | may be |");
    println!("|---|---|---|---|---|");
    for (fault, gaps) in gaps {
        let mut gaps = gaps.clone();
        gaps.sort_unstable();
        let of = |share: usize| gaps[(gaps.len() * share).div_ceil(100).max(1) - 1].as_millis();
        let at_most = fault.at_most().as_millis();
        println!("| {fault:?} | {} | {} | {} | {at_most} |", gaps.len(), of(50), of(99));
    }
}

#[test]
fn a_swap_is_held_by_most_before_it_serves_and_a_second_process_of_a_name_is_refused() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("a swap is held by most");
    };
    let mut place = Place::start(program);
    let at = place.leader();
    let other = (at + 1) % 3;
    let client = Client::start(place.servers.iter().map(|one| one.address.clone()).collect());
    client.goes_on(5);
    // Pushed at a node that follows: it comes to the leader.
    let next = place.dir.path().join("next");
    snapshot(&next);
    let manifest = r#"{"snapshot_id": "next", "as_of": "2026-11-23", "horizon_days": 30}"#;
    std::fs::write(next.join("manifest.json"), manifest).unwrap();
    let server = place.servers[other].address.clone();
    let serves_next = || {
        let status = promised(&["status", "--server", &server, "--format", "csv"]);
        String::from_utf8_lossy(&status.stdout).contains("next")
    };
    until("a push", || {
        // One that came while the lead changed is made again.
        let pushed = promised(&["push", next.to_str().unwrap(), "--server", &server]);
        (pushed.status.success() || serves_next()).then_some(())
    });
    let has = |one: &&Server| one.data.join("snapshots/next/manifest.json").exists();
    assert!(2 <= place.servers.iter().filter(has).count(), "most have its files");
    // Whoever leads next goes on with it.
    place.kill(at);
    client.goes_on(5);
    until("the next leader", || serves_next().then_some(()));
    let told = promised(&["cluster", "status", "--server", &server, "--format", "csv"]);
    assert!(String::from_utf8_lossy(&told.stdout).contains("etcd, leader"), "{told:?}");
    // A second process under a name that lives is refused, and disturbs nobody.
    let etcd = place.etcds.urls().join(",");
    let elsewhere = place.dir.path().join("elsewhere");
    let second = &place.servers[other];
    let second = promised(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--admin",
        "none",
        "--data",
        elsewhere.to_str().unwrap(),
        "--cluster",
        "test",
        "--etcd",
        &etcd,
        "--node",
        second.name,
        "--peer",
        &second.peer,
    ]);
    assert_eq!(second.status.code(), Some(2), "{second:?}");
    assert!(!elsewhere.exists());
    // A directory of another history is refused.
    let (tables, data) = (place.dir.path().join("tables"), place.dir.path().join("stranger"));
    let (single, address) = serve(&["--data", data.to_str().unwrap(), tables.to_str().unwrap()]);
    let mut single = single;
    let stranger = Client::start(vec![address]);
    stranger.goes_on(2);
    stranger.end();
    signal(&single, Signal::TERM);
    single.wait().unwrap();
    let gone = &place.servers[at];
    let stranger = promised(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--admin",
        "none",
        "--data",
        data.to_str().unwrap(),
        "--cluster",
        "test",
        "--etcd",
        &etcd,
        "--node",
        gone.name,
        "--peer",
        &gone.peer,
    ]);
    assert_eq!(stranger.status.code(), Some(1), "{stranger:?}");
    assert!(String::from_utf8_lossy(&stranger.stderr).contains("not of this cluster"));
    client.goes_on(5);
    client.end();
}

#[test]
fn a_cluster_whose_etcd_is_lost_for_good_is_begun_anew_of_its_nodes() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("a cluster is recovered");
    };
    let mut place = Place::start(program.clone());
    place.leader();
    let client = Client::start(place.servers.iter().map(|one| one.address.clone()).collect());
    client.goes_on(10);
    let acknowledged = client.end();
    // All nodes are told to stop, so that all of it is durable; then etcd is gone with its directories.
    for server in &mut place.servers {
        let mut child = server.child.take().unwrap();
        signal(&child, Signal::TERM);
        assert!(child.wait().unwrap().success());
    }
    place.etcds = Etcds::start(program, 3);
    let nodes: Vec<_> =
        place.servers.iter().map(|one| format!("{}={}", one.name, one.peer)).collect();
    let data = |one: &Server| one.data.to_str().unwrap().to_string();
    let from: Vec<_> = place.servers.iter().map(data).collect();
    let etcd = place.etcds.urls().join(",");
    let recovered = promised(&[
        "cluster",
        "recover",
        "--name",
        "test",
        "--etcd",
        &etcd,
        "--nodes",
        &nodes.join(","),
        "--from",
        &from.join(","),
    ]);
    assert!(recovered.status.success(), "{recovered:?}");
    let said = String::from_utf8_lossy(&recovered.stdout).to_string();
    let is_whole = |at: &usize| !said.contains(&format!("{} ends at", from[*at]));
    let (whole, behind): (Vec<_>, Vec<_>) = (0..3).partition(is_whole);
    whole.iter().for_each(|at| place.up(*at));
    for at in behind {
        // The order has nothing of before: it comes from the others.
        std::fs::remove_dir_all(&place.servers[at].data).unwrap();
        place.up(at);
    }
    let position = place.status(place.leader()).unwrap().position;
    let found = place.promises(0, position);
    for (n, id) in acknowledged.iter().enumerate() {
        assert_eq!(found.get(&format!("O{n}")), Some(&vec![id.clone()]));
    }
}

#[test]
fn faults_lose_and_double_nothing_that_was_acknowledged() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("faults lose nothing");
    };
    let n_faults: usize = std::env::var("PROMISED_FAULTS").unwrap().parse().unwrap();
    let mut place = Place::start(program);
    place.leader();
    // One client asks the node that may lead, the other one that does not: commands reach the leader through any.
    let client = Client::start(place.servers.iter().map(|one| one.address.clone()).collect());
    client.goes_on(20);
    let mut gaps = BTreeMap::<Fault, Vec<Duration>>::new();
    for n in 0..n_faults {
        let fault = FAULTS[n % FAULTS.len()];
        let begin = Instant::now();
        place.fault(fault);
        client.goes_on(20);
        gaps.entry(fault).or_default().push(client.gap_since(begin));
        place.mend();
        *client.addresses.lock().unwrap() =
            place.servers.iter().map(|one| one.address.clone()).collect();
        place.leader();
        client.goes_on(20);
    }
    let acknowledged = client.end();
    let position = place.status(place.leader()).unwrap().position;
    table(&gaps);
    let (mut n_lost, mut n_doubled) = (0, 0);
    for at in 0..3 {
        let found = place.promises(at, position);
        for (n, id) in acknowledged.iter().enumerate() {
            let promises = found.get(&format!("O{n}")).map(Vec::as_slice).unwrap_or_default();
            n_lost += usize::from(!promises.contains(id));
            n_doubled += promises.len().saturating_sub(1);
        }
    }
    println!("{} acknowledged, {n_lost} lost, {n_doubled} doubled", acknowledged.len());
    assert_eq!((n_lost, n_doubled), (0, 0));
    if std::env::var_os("PROMISED_FAULT_TARGETS").is_some() {
        for (fault, gaps) in &gaps {
            let longest = gaps.iter().max().unwrap();
            assert!(*longest <= fault.at_most(), "{fault:?}: {longest:?}");
        }
    }
}
