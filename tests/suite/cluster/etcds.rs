//! Real members of etcd on ports of loopback, each a process of its own.

use promised::journal::etcd::{Endpoints, Etcd};
use std::{
    fs::OpenOptions,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

/// Where etcd is: `PROMISED_ETCD`, or on the path; nowhere where that is empty.
pub fn program() -> Option<PathBuf> {
    if let Some(given) = std::env::var_os("PROMISED_ETCD") {
        return (!given.is_empty()).then(|| given.into());
    }
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|path| path.join("etcd")).find(|path| path.is_file())
}

/// Says why a test is left out.
pub fn missing(test: &str) {
    println!(
        "skipped: {test}: etcd is not installed (apt-get install etcd-server, or PROMISED_ETCD), or not asked for"
    );
}

/// A member, and how it was started.
struct Member {
    child: Option<Child>,
    arguments: Vec<String>,
    client: String,
}

/// Members of one etcd; they end with it.
pub struct Etcds {
    program: PathBuf,
    members: Vec<Member>,
    dir: tempfile::TempDir,
}

/// Ports that were free a moment ago, all different. Not of those that the system gives to whoever connects: a server
/// that is killed finds its own again.
pub fn ports(n: usize) -> Vec<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = std::process::id() as u16 % 10_000;
    let mut free = Vec::new();
    while free.len() < n {
        let port = 20_000 + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            free.push(port);
        }
    }
    free
}

impl Etcds {
    /// So many members that have elected a leader; tried anew where somebody was faster with a port.
    pub fn start(program: PathBuf, n: usize) -> Self {
        let mut said = String::new();
        for _ in 0..5 {
            let mut etcds = Self::begin(program.clone(), n);
            if etcds.are_well_by(Instant::now() + Duration::from_secs(20)) {
                return etcds;
            }
            said = etcds.said();
        }
        panic!("etcd does not start: {said}");
    }

    /// The last that its members said: their errors.
    fn said(&self) -> String {
        let last = (0..self.members.len()).map(|at| {
            let said = std::fs::read_to_string(self.dir.path().join(format!("e{at}.log"))).unwrap();
            let lines: Vec<_> = said.lines().rev().take(3).collect();
            format!("\ne{at}: {}", lines.into_iter().rev().collect::<Vec<_>>().join(" | "))
        });
        last.collect()
    }

    fn begin(program: PathBuf, n: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ports = ports(2 * n);
        let peer = |at: usize| format!("http://127.0.0.1:{}", ports[2 * at + 1]);
        let all: Vec<_> = (0..n).map(|at| format!("e{at}={}", peer(at))).collect();
        let members = (0..n).map(|at| {
            let client = format!("http://127.0.0.1:{}", ports[2 * at]);
            let mut arguments: Vec<String> = Vec::new();
            for (name, value) in [
                ("--name", format!("e{at}")),
                ("--data-dir", dir.path().join(format!("e{at}")).display().to_string()),
                ("--listen-client-urls", client.clone()),
                ("--advertise-client-urls", client.clone()),
                ("--listen-peer-urls", peer(at)),
                ("--initial-advertise-peer-urls", peer(at)),
                ("--initial-cluster", all.join(",")),
                ("--heartbeat-interval", "50".to_string()),
                ("--election-timeout", "500".to_string()),
                ("--snapshot-count", "1000".to_string()),
                ("--log-level", "error".to_string()),
            ] {
                arguments.extend([name.to_string(), value]);
            }
            // One that cannot win puts no election off.
            arguments.push("--pre-vote".to_string());
            Member { child: None, arguments, client }
        });
        let members = members.collect();
        let mut etcds = Self { program, members, dir };
        (0..n).for_each(|at| etcds.up(at));
        etcds
    }

    /// Starts a member, or starts it again where it was.
    pub fn up(&mut self, at: usize) {
        let log = self.dir.path().join(format!("e{at}.log"));
        let log = OpenOptions::new().create(true).append(true).open(log).unwrap();
        let member = &mut self.members[at];
        let mut command = Command::new(&self.program);
        command.args(&member.arguments).stdout(Stdio::null()).stderr(log);
        member.child = Some(command.spawn().unwrap());
    }

    /// Kills a member.
    pub fn down(&mut self, at: usize) {
        if let Some(mut child) = self.members[at].child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Lets a member go on, or starts it again.
    pub fn mend(&mut self, at: usize) {
        self.signal(at, rustix::process::Signal::CONT);
        let child = &mut self.members[at].child;
        if child.as_mut().is_none_or(|child| child.try_wait().unwrap().is_some()) {
            self.up(at);
        }
    }

    /// Stops a member where it stands, or lets it go on; one that has ended by itself hears nothing.
    pub fn signal(&self, at: usize, signal: rustix::process::Signal) {
        if let Some(child) = &self.members[at].child {
            let id = rustix::process::Pid::from_child(child);
            match rustix::process::kill_process(id, signal) {
                Ok(()) if signal == rustix::process::Signal::STOP => stands_still(child.id()),
                Ok(()) | Err(rustix::io::Errno::SRCH) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    pub fn urls(&self) -> Vec<String> {
        self.members.iter().map(|member| member.client.clone()).collect()
    }

    /// The order of a cluster in it.
    pub fn order(&self, cluster: &str) -> Etcd {
        let access = Endpoints { urls: self.urls(), ..Endpoints::default() };
        Etcd::new(&access, cluster).unwrap()
    }

    /// Which member leads it, if one does.
    pub fn leader(&self) -> Option<usize> {
        self.order("-").status().iter().position(|member| member.is_leader)
    }

    /// Whether all members are well by then.
    pub fn are_well_by(&mut self, by: Instant) -> bool {
        let order = self.order("-");
        while Instant::now() < by {
            let gone = self.members.iter_mut().any(|member| {
                member.child.as_mut().is_none_or(|child| child.try_wait().unwrap().is_some())
            });
            if gone {
                return false;
            }
            if order.status().iter().all(|member| member.is_healthy) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }
}

/// Waits until a process that was told to stop does: until then it may still answer.
fn stands_still(id: u32) {
    let stat = || std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let is_going = |stat: &str| {
        stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with(['T', 'Z', 'X']))
    };
    while is_going(&stat()) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

impl Drop for Etcds {
    fn drop(&mut self) {
        (0..self.members.len()).for_each(|at| {
            self.signal(at, rustix::process::Signal::CONT);
            self.down(at);
        });
    }
}
