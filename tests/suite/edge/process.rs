//! A server of its own process, with clocks and syncs in the hands of the test.

use promised::rpc::proto;
use proto::promise_service_client::PromiseServiceClient;
use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{BufRead, BufReader},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tonic::{Status, transport::Channel};
use tonic_types::StatusExt;

/// What lies between a process and the system: compiled once.
fn shim() -> &'static Path {
    static SHIM: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = SHIM.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("shim.c"), dir.path().join("shim.so"));
        std::fs::write(&from, include_str!("shim.c")).unwrap();
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-fPIC", "-O1", "-o"]).args([&to, &from]);
        assert!(cc.status().expect("who links Rust has a cc").success());
        (dir, to)
    });
    path
}

/// A server's place: a snapshot, a data directory, and the hands of its clock. It outlives its processes.
pub struct Place {
    pub dir: TempDir,
    tables: PathBuf,
    hands: std::fs::File,
}

impl Place {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let tables = dir.path().join("snapshot");
        std::fs::create_dir_all(&tables).unwrap();
        let write = |name: &str, text: &str| std::fs::write(tables.join(name), text).unwrap();
        write(
            "manifest.json",
            r#"{"snapshot_id": "edge", "as_of": "2026-11-23", "horizon_days": 60}"#,
        );
        write("items.csv", "item\nA\nB\n");
        write("locations.csv", "location\nBER\n");
        write("on_hand.csv", "item,location,quantity\nA,BER,2000\nB,BER,1000\n");
        Self::of(dir, tables)
    }

    /// One that serves a snapshot of the repository.
    pub fn serving(snapshot: &str) -> Self {
        let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(snapshot);
        Self::of(tempfile::tempdir().unwrap(), tables)
    }

    fn of(dir: TempDir, tables: PathBuf) -> Self {
        let hands = dir.path().join("hands");
        std::fs::write(&hands, [0; 16]).unwrap();
        let hands = std::fs::File::options().write(true).open(hands).unwrap();
        Self { dir, tables, hands }
    }

    /// The clock on the wall is wrong by so many seconds from now on.
    pub fn set_clock(&self, seconds: i64) {
        self.hands.write_all_at(&seconds.to_ne_bytes(), 0).unwrap();
    }

    /// Syncs fail from now on, or do not.
    pub fn break_syncs(&self, broken: bool) {
        self.hands.write_all_at(&i64::from(broken).to_ne_bytes(), 8).unwrap();
    }

    pub async fn start(&self, more: &[&str]) -> Server {
        let path = |name: &str| self.dir.path().join(name);
        let mut process = Command::new(env!("CARGO_BIN_EXE_promised"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .args([path("data"), self.tables.clone()])
            .args(more)
            .env("LD_PRELOAD", shim())
            .env("PROMISED_TEST_SHIM", path("hands"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split(" on ").nth(1).and_then(|rest| rest.split(": ").next());
        let url = format!("http://{}", address.expect("it says where it listens"));
        let channel = connect(&url).await;
        Server { process, channel, url }
    }
}

pub async fn connect(url: &str) -> Channel {
    Channel::from_shared(url.to_string()).unwrap().connect().await.unwrap()
}

pub struct Server {
    process: Child,
    pub channel: Channel,
    pub url: String,
}

impl Server {
    pub fn promises(&self) -> PromiseServiceClient<Channel> {
        PromiseServiceClient::new(self.channel.clone())
    }

    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.process);
        kill_process(pid, signal).unwrap();
    }

    /// How much the process has computed so far, in ticks of the system's clock.
    pub fn computed(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        // Of the fields behind the name these are the 12th and the 13th: in user mode, and in the kernel.
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    /// The exit code, and how long it took from now on.
    pub async fn exit(mut self) -> (Option<i32>, Duration) {
        let began = Instant::now();
        let waited = tokio::task::spawn_blocking(move || self.process.wait().unwrap());
        let waited = tokio::time::timeout(Duration::from_secs(60), waited).await;
        (waited.expect("it ends within a minute").unwrap().code(), began.elapsed())
    }

    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A request for some of item A.
pub fn request(id: &str, quantity: f64) -> proto::PromiseRequest {
    let line = proto::OrderLine {
        order: format!("O-{id}"),
        item: "A".to_string(),
        quantity,
        requested_date: "2026-11-23".to_string(),
        location: "BER".to_string(),
        ..proto::OrderLine::default()
    };
    let lines = vec![line];
    proto::PromiseRequest { request_id: id.to_string(), lines, ..Default::default() }
}

/// The code and the reason of a status.
pub fn said(status: &Status) -> String {
    let details = status.get_error_details();
    let reason = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
    format!("{:?} {reason}", status.code())
}

/// How much of item A is promised: acknowledged ids and what is listed.
pub async fn listed(server: &Server) -> Vec<(String, f64)> {
    let request = proto::ListPromisesRequest { page_size: 1_000, ..Default::default() };
    let list = server.promises().list(request).await.unwrap().into_inner();
    list.promises.into_iter().map(|one| (one.order, one.quantity)).collect()
}
