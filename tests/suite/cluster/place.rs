//! Three servers of their own processes on three members of etcd, each reached by the others, and each reaching etcd,
//! through connections that a test can hold up or break.

use super::{
    etcds::{self, Etcds},
    proxy::{Proxies, Proxy, State},
};
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
    sync::Arc,
    time::{Duration, Instant},
};
use tonic::Code;

pub const NAMES: [&str; 3] = ["n1", "n2", "n3"];

/// What a test waits for comes within this time, on however slow a machine.
pub const WITHIN: Duration = Duration::from_secs(90);

pub struct Server {
    pub name: &'static str,
    /// Where the others reach it, through a connection of the test.
    pub peer: String,
    pub data: PathBuf,
    pub child: Option<Child>,
    /// Whether it was told to stop.
    pub is_stopping: bool,
    pub address: String,
    /// What else it is started with.
    pub more: Vec<String>,
    pub cluster: &'static str,
    /// Its connections to the members of etcd, and those of the others to it.
    pub to_etcd: Proxies,
    pub to_it: Option<Arc<Proxy>>,
}

pub struct Place {
    pub servers: Vec<Server>,
    pub etcds: Etcds,
    pub runtime: tokio::runtime::Runtime,
    pub dir: tempfile::TempDir,
}

/// Whether faults are asked for: whole clusters of processes are too much beside all other tests.
pub fn is_wanted() -> bool {
    std::env::var_os("PROMISED_FAULTS").is_some()
}

/// The program: that of this build, or the one that `PROMISED_BIN` names, such as a release to be measured.
fn program() -> PathBuf {
    let named = std::env::var_os("PROMISED_BIN");
    named.map_or_else(|| env!("CARGO_BIN_EXE_promised").into(), PathBuf::from)
}

pub fn promised(arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).output().unwrap()
}

pub fn free_address() -> String {
    format!("127.0.0.1:{}", etcds::ports(1)[0])
}

pub fn snapshot(dir: &Path) {
    std::fs::create_dir_all(dir).unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.join(name), text).unwrap();
    let manifest = r#"{"snapshot_id": "nodes", "as_of": "2026-11-23", "horizon_days": 30}"#;
    write("manifest.json", manifest);
    let scarce = |row: fn(usize) -> String| (0..SCARCE).map(row).collect::<String>();
    write("items.csv", &format!("item\nA\n{}", scarce(|n| format!("S{n}\n"))));
    write("locations.csv", "location\nBER\n");
    let scarce = scarce(|n| format!("S{n},BER,{LAST}\n"));
    write("on_hand.csv", &format!("item,location,quantity\nA,BER,1000000\n{scarce}"));
}

/// Items S0, S1, .. of which there is little, and how much.
pub const SCARCE: usize = 5_000;
pub const LAST: usize = 3;

/// Starts a server, and reads where it serves.
pub fn serve(arguments: &[&str]) -> (Child, String) {
    let mut child = Command::new(program())
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

pub fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

impl Server {
    pub fn new(name: &'static str, dir: &Path) -> Self {
        Self {
            name,
            peer: free_address(),
            data: dir.join(name),
            child: None,
            is_stopping: false,
            address: String::new(),
            more: Vec::new(),
            cluster: "test",
            to_etcd: Proxies::new(),
            to_it: None,
        }
    }
}

impl Place {
    /// A cluster of three whose data come from a single server.
    pub fn start(program: PathBuf) -> Self {
        let mut place = Self::begin(program);
        (0..3).for_each(|at| place.up(at));
        place
    }

    /// The same before any node is started.
    pub fn begin(program: PathBuf) -> Self {
        let etcds = Etcds::start(program, 3);
        let dir = tempfile::tempdir().unwrap();
        let (tables, data) = (dir.path().join("tables"), dir.path().join("n1"));
        snapshot(&tables);
        let (mut single, _) = serve(&["--data", data.to_str().unwrap(), tables.to_str().unwrap()]);
        signal(&single, Signal::TERM);
        assert!(single.wait().unwrap().success());
        let servers = NAMES.map(|name| Server::new(name, dir.path())).into();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let place = Self { servers, etcds, runtime, dir };
        let init = place.init();
        assert!(init.status.success(), "{init:?}");
        // Asked twice it says that it is there, and changes nothing.
        let again = place.init();
        assert_eq!(again.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&again.stderr).contains("already"), "{again:?}");
        place
    }

    /// As `--nodes` of `cluster init` names them.
    pub fn named(&self) -> String {
        let named = |one: &Server| format!("{}={}", one.name, one.peer);
        self.servers.iter().map(named).collect::<Vec<_>>().join(",")
    }

    fn init(&self) -> Output {
        let (nodes, etcd) = (self.named(), self.etcds.urls().join(","));
        let from = self.servers[0].data.to_str().unwrap();
        promised(&[
            "cluster", "init", "--name", "test", "--etcd", &etcd, "--nodes", &nodes, "--from", from,
        ])
    }

    pub fn up(&mut self, at: usize) {
        let runtime = self.runtime.handle().clone();
        let urls = self.etcds.urls();
        let server = &mut self.servers[at];
        let to_etcd = urls.iter().map(|url| {
            let to = url.strip_prefix("http://").unwrap().parse().unwrap();
            Arc::new(Proxy::start(&runtime, "127.0.0.1:0".parse().unwrap(), to))
        });
        server.to_etcd = to_etcd.collect();
        let etcd: Vec<_> =
            server.to_etcd.iter().map(|one| format!("http://{}", one.address)).collect();
        let (data, own) = (server.data.to_str().unwrap().to_string(), free_address());
        let (cluster, etcd) = (server.cluster, etcd.join(","));
        let given = [
            ("--data", data.as_str()),
            ("--cluster", cluster),
            ("--etcd", &etcd),
            ("--node", server.name),
            ("--peer", &server.peer),
            ("--peer-listen", &own),
        ];
        let given = given.into_iter().flat_map(|(name, value)| [name, value]);
        let all: Vec<&str> = given.chain(server.more.iter().map(String::as_str)).collect();
        let (child, address) = serve(&all);
        // Only now: whoever answers at a node's address is taken for that node.
        let listen = server.peer.parse().unwrap();
        server.to_it = Some(Arc::new(Proxy::start(&runtime, listen, own.parse().unwrap())));
        (server.child, server.address) = (Some(child), address);
    }

    pub fn kill(&mut self, at: usize) {
        let mut child = self.servers[at].child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        self.servers[at].to_it = None;
    }

    pub fn status(&self, at: usize) -> Option<proto::ClusterStatusResponse> {
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
    pub fn leader(&self) -> usize {
        until("a leader that all know", || {
            let mut said = (0..3).map(|at| self.status(at).map(|status| status.leader));
            let first = said.next()??;
            let all_say = said.all(|other| other.as_ref() == Some(&first));
            NAMES.iter().position(|name| all_say && *name == first)
        })
    }

    /// Everything is as before.
    pub fn mend(&mut self) {
        (0..3).for_each(|at| self.etcds.mend(at));
        for at in 0..self.servers.len() {
            let server = &mut self.servers[at];
            if let Some(child) = &mut server.child {
                signal(child, Signal::CONT);
                if std::mem::take(&mut server.is_stopping) {
                    assert!(child.wait().unwrap().success(), "it ends well");
                    (server.child, server.to_it) = (None, None);
                }
            }
            let proxies = server.to_etcd.iter().chain(&server.to_it);
            proxies.for_each(|one| one.set(State::Open));
            if server.child.is_none() {
                self.up(at);
            }
        }
        assert!(self.etcds.are_well_by(Instant::now() + WITHIN), "etcd is well again");
    }

    /// The promise of each order, as a server lists them at a position that it has or waits for.
    pub fn promises(&self, at: usize, position: u64) -> BTreeMap<String, Vec<String>> {
        let mut found = BTreeMap::<String, Vec<String>>::new();
        for one in self.listed(at, position) {
            found.entry(one.order).or_default().push(one.promise_id);
        }
        found
    }

    /// All promises, as a server lists them at a position that it has or waits for.
    pub fn listed(&self, at: usize, position: u64) -> Vec<proto::Reservation> {
        let address = self.servers[at].address.clone();
        self.runtime.block_on(async {
            let mut client = PromiseServiceClient::connect(address).await.unwrap();
            let mut found = Vec::new();
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
                found.extend(list.promises);
                if list.next_page_token.is_empty() {
                    return found;
                }
                page.page_token = list.next_page_token;
            }
        })
    }
}

impl Place {
    /// A node has each promise that was acknowledged, once, or will have it in a moment.
    pub fn has_all(&self, at: usize, acknowledged: &[String]) {
        until("all that was acknowledged", || {
            let found = self.promises(at, 0);
            let has =
                |(n, id): (usize, &String)| found.get(&format!("O{n}")) == Some(&vec![id.clone()]);
            acknowledged.iter().enumerate().all(has).then_some(())
        });
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
pub fn until<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let by = Instant::now() + WITHIN;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < by, "it never came: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
