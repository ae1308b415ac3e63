//! Issue 24 items 2, 4, 7 and 8: three servers of their own processes on three members of etcd, killed, paused, cut off and
//! told to stop under a client that retries: nothing acknowledged is lost or doubled, on whatever node one looks.
//!
//! They run where `PROMISED_FAULTS` says how many faults there are to be, as in a step of `.ci/run` of their own;
//! `just cluster-faults N` prints their table, and fails where a gap is longer than it may be.

use super::{
    client::{Client, Wish},
    etcds::{self, Etcds},
    place::{
        LAST, NAMES, Place, SCARCE, Server, is_wanted, promised, serve, signal, snapshot, until,
    },
    proxy::State,
};
use promised::journal::shared::Order;
use rustix::process::Signal;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// What is done to a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    LeaderKilled,
    LeaderPaused,
    /// The leader and the leader of etcd.
    BothKilled,
    HandedOver,
    EtcdKilled,
    /// No byte goes between the leader and etcd, and no connection ends.
    LeaderFromEtcd,
    /// The others cannot reach the leader any more, and it reaches etcd.
    LeaderFromOthers,
    /// Two members of etcd stand still for a while.
    EtcdPaused,
}

const FAULTS: [Fault; 8] = [
    Fault::LeaderKilled,
    Fault::LeaderPaused,
    Fault::HandedOver,
    Fault::LeaderFromEtcd,
    Fault::BothKilled,
    Fault::LeaderFromOthers,
    Fault::EtcdKilled,
    Fault::EtcdPaused,
];

/// Those that `PROMISED_FAULT_KIND` names, or all.
fn wanted() -> Vec<Fault> {
    let named = std::env::var("PROMISED_FAULT_KIND").unwrap_or_default();
    let is_wanted = |fault: &Fault| named.is_empty() || format!("{fault:?}") == named;
    let wanted: Vec<_> = FAULTS.into_iter().filter(is_wanted).collect();
    assert!(!wanted.is_empty(), "PROMISED_FAULT_KIND={named} is none of {FAULTS:?}");
    wanted
}

/// So long most of etcd stands still.
const PAUSE: Duration = Duration::from_millis(1_500);

impl Fault {
    /// The gap that it may cost, where one is set.
    fn at_most(self) -> Duration {
        Duration::from_millis(match self {
            Self::LeaderKilled => 600,
            Self::LeaderPaused | Self::LeaderFromEtcd => 1_200,
            Self::BothKilled | Self::EtcdKilled => 2_000,
            Self::HandedOver => 300,
            Self::LeaderFromOthers => 600,
            // It goes on when most of etcd is back, which elects first.
            Self::EtcdPaused => 4_000,
        })
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
            Fault::LeaderFromEtcd => {
                self.servers[at].to_etcd.iter().for_each(|one| one.set(State::Silent));
            }
            Fault::LeaderFromOthers => {
                self.servers[at].to_it.iter().for_each(|one| one.set(State::Cut));
            }
            Fault::EtcdPaused => {
                [0, 1].iter().for_each(|at| self.etcds.signal(*at, Signal::STOP));
                std::thread::sleep(PAUSE);
                [0, 1].iter().for_each(|at| self.etcds.signal(*at, Signal::CONT));
            }
        }
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
    let serve_as = |node: usize, data: &std::path::Path| {
        let (name, peer) = (place.servers[node].name, place.servers[node].peer.as_str());
        let data = data.to_str().unwrap();
        let here = ["serve", "--listen", "127.0.0.1:0", "--admin", "none", "--data", data];
        let there = ["--cluster", "test", "--etcd", &etcd, "--node", name, "--peer", peer];
        promised(&[&here[..], &there].concat())
    };
    let second = serve_as(other, &elsewhere);
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
    let stranger = serve_as(at, &data);
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
        server.to_it = None;
    }
    place.etcds = Etcds::start(program, 3);
    let nodes = place.named();
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
        &nodes,
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
    // Clients ask the node that may lead and those that do not: commands reach the leader through any.
    let client = Client::start(place.servers.iter().map(|one| one.address.clone()).collect());
    // Four more want the last of a stock, each item of several orders of each of them.
    let wishes = ["a", "b", "c", "d"].map(|prefix| Wish {
        prefix,
        item: |n| format!("S{}", n / LAST % SCARCE),
        is_scarce: true,
    });
    let others = wishes.map(|wish| (wish, Client::of(wish, client.addresses.clone())));
    client.goes_on(20);
    let mut gaps = BTreeMap::<Fault, Vec<Duration>>::new();
    let faults = wanted();
    for n in 0..n_faults {
        let fault = faults[n % faults.len()];
        let begin = Instant::now();
        place.fault(fault);
        client.goes_on(20);
        let gap = client.gap_since(begin);
        if fault.at_most() < gap {
            println!("{fault:?}: a gap of {gap:?}\n{}", client.failed_since(begin));
        }
        gaps.entry(fault).or_default().push(gap);
        place.mend();
        *client.addresses.lock().unwrap() =
            place.servers.iter().map(|one| one.address.clone()).collect();
        place.leader();
        client.goes_on(20);
    }
    let mut acknowledged = BTreeMap::new();
    let others = others.map(|(wish, client)| (wish.prefix, client.end()));
    for (prefix, ids) in others.into_iter().chain([("O", client.end())]) {
        let named = ids.into_iter().enumerate().map(|(n, id)| (format!("{prefix}{n}"), id));
        acknowledged.extend(named.filter(|(_, id)| !id.is_empty()));
    }
    table(&gaps);
    let found = place.judged(&acknowledged);
    println!("{} acknowledged, {found:?}", acknowledged.len());
    assert_eq!(found, Judged::default());
    if std::env::var_os("PROMISED_FAULT_TARGETS").is_some() {
        for (fault, gaps) in &gaps {
            let longest = gaps.iter().max().unwrap();
            assert!(*longest <= fault.at_most(), "{fault:?}: {longest:?}");
        }
    }
}

/// What of all that was acknowledged is not as it was, over all nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Judged {
    lost: usize,
    doubled: usize,
    oversold: usize,
}

impl Place {
    /// Looks at each node, as far as the leader is.
    fn judged(&self, acknowledged: &BTreeMap<String, String>) -> Judged {
        let position = self.status(self.leader()).unwrap().position;
        let mut judged = Judged::default();
        for at in 0..3 {
            let listed = self.listed(at, position);
            let (mut orders, mut taken) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::new());
            for one in listed {
                *taken.entry(one.item).or_insert(0.0) += one.quantity;
                orders.entry(one.order).or_default().push(one.promise_id);
            }
            for (order, id) in acknowledged {
                let promises = orders.get(order).map(Vec::as_slice).unwrap_or_default();
                judged.lost += usize::from(!promises.contains(id));
                judged.doubled += promises.len().saturating_sub(1);
            }
            let is_too_much = |(item, taken): &(String, f64)| item != "A" && (LAST as f64) < *taken;
            judged.oversold += taken.into_iter().filter(is_too_much).count();
        }
        judged
    }
}

/// A fourth node joins, may lead, and the one that leads is taken out.
#[test]
fn nodes_join_and_leave_while_promises_are_made() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("nodes join and leave");
    };
    let mut place = Place::start(program);
    place.leader();
    let client = Client::start(place.servers.iter().map(|one| one.address.clone()).collect());
    client.goes_on(20);
    let new = Server::new("n4", place.dir.path());
    let (named, server) = (format!("n4={}", new.peer), place.servers[0].address.clone());
    let cluster = |arguments: &[&str]| {
        let asked = promised(&[&["cluster"], arguments, &["--server", &server]].concat());
        let said = [asked.stdout, asked.stderr].concat();
        (asked.status.code(), String::from_utf8(said).unwrap())
    };
    let (code, said) = cluster(&["promote", "n4"]);
    assert_eq!((code, said.contains("no node n4")), (Some(1), true), "{said}");
    let (code, said) = cluster(&["add", &named]);
    assert_eq!((code, said.contains("4 nodes")), (Some(0), true), "{said}");
    assert_eq!(cluster(&["add", &named]).0, Some(1), "it is there");
    place.servers.push(new);
    place.up(3);
    until("a learner", || cluster(&["status"]).1.contains("learner").then_some(()));
    let (code, said) = cluster(&["promote", "n4"]);
    assert_eq!(code, Some(0), "{said}");
    until("a voter", || (!cluster(&["status"]).1.contains("learner")).then_some(()));
    // Whoever leads is taken out, and ends by itself; the others go on.
    let at = place.leader();
    let other = place.servers[(at + 1) % 3].address.clone();
    let removed = promised(&["cluster", "remove", NAMES[at], "--server", &other]);
    assert!(removed.status.success(), "{removed:?}");
    let mut gone = place.servers[at].child.take().unwrap();
    until("its end", || gone.try_wait().unwrap());
    client.goes_on(20);
    let acknowledged = client.end();
    // It has all of it, from the beginning on.
    place.has_all(3, &acknowledged);
}

/// The order has forgotten what a node was away for: it gets that from the others.
#[test]
fn a_node_that_was_away_for_too_long_gets_what_it_lacks_from_the_others() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("a node was away for too long");
    };
    let mut place = Place::start(program);
    let other = (place.leader() + 1) % 3;
    let client = Client::start(place.servers.iter().map(|one| one.address.clone()).collect());
    client.goes_on(20);
    place.kill(other);
    client.goes_on(30);
    let acknowledged = client.end();
    let order = place.etcds.order("test");
    let head = order.head().unwrap().head.unwrap();
    // Some of it at a time.
    (0..10).for_each(|_| order.forget(head.position).unwrap());
    place.up(other);
    place.has_all(other, &acknowledged);
}
