//! Contract 8, cluster: webhooks, feeds, watched directories and timers run on the node that leads, and whoever leads next goes
//! on where it stopped.

use super::{
    client::Client,
    etcds,
    place::{LAST, Place, WITHIN, is_wanted, signal, snapshot, until},
    scenarios::{asked, available},
};
use crate::{
    ask::hooks::{Posted, SECRET, receiver},
    engine_support::{command, fresh},
    feeds::nats::Broker,
};
use async_nats::jetstream::stream::RetentionPolicy;
use promised::{
    engine::{Commitment, sweep::Sweep},
    rpc::proto::{self, snapshot_service_client::SnapshotServiceClient},
};
use rustix::process::Signal;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::mpsc::Receiver,
    time::Duration,
};

/// Three nodes that are all configured alike.
fn started(program: PathBuf, config: &str, more: impl Fn(&Path) -> Vec<String>) -> Place {
    let mut place = Place::begin(program);
    let file = place.dir.path().join("promised.toml");
    fs::write(&file, config).unwrap();
    let more = more(place.dir.path());
    for server in &mut place.servers {
        server.more = ["--config".to_string(), file.display().to_string()].into();
        server.more.extend(more.clone());
    }
    (0..3).for_each(|at| place.up(at));
    place.leader();
    place
}

/// How a leader goes.
#[derive(Clone, Copy)]
enum Goes {
    Killed,
    Told,
    Paused,
}

const GOES: [Goes; 3] = [Goes::Killed, Goes::Told, Goes::Paused];

impl Place {
    /// Which one led, and leads no more.
    fn leader_goes(&mut self, how: Goes) -> usize {
        let at = self.leader();
        match how {
            Goes::Killed => self.kill(at),
            Goes::Told => {
                signal(self.servers[at].child.as_ref().unwrap(), Signal::TERM);
                self.servers[at].is_stopping = true;
            }
            Goes::Paused => signal(self.servers[at].child.as_ref().unwrap(), Signal::STOP),
        }
        at
    }

    fn all_again(&mut self) {
        self.mend();
        self.leader();
    }
}

/// What a webhook was told.
struct Told {
    posted: Receiver<Posted>,
    /// The ids of events, in the order in which they came, each with its promise.
    all: Vec<(String, String)>,
    promises: BTreeSet<String>,
}

impl Told {
    /// Waits until it was told of so many promises.
    fn hear(&mut self, n: usize) {
        while self.promises.len() < n {
            let posted = self.posted.recv_timeout(WITHIN).expect("it is told of all of them");
            let promise = posted.event()["subject"].as_str().unwrap().to_string();
            self.promises.insert(promise.clone());
            self.all.push((posted.header("webhook-id").to_string(), promise));
        }
    }
}

#[test]
fn a_webhook_is_told_each_event_in_order_whoever_leads() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("a webhook of a cluster");
    };
    let (url, posted) = receiver(&[200]);
    let config = format!(
        "[[webhook]]\nname = \"shop\"\nurl = \"{url}\"\nsecret = \"{SECRET}\"\ntypes = \"promise.made\"\nallow_private = true\nfrom = 0\n"
    );
    let mut place = started(program, &config, |_| Vec::new());
    // Any node tells what each is configured for.
    until("what each node does by itself", || {
        let nodes = place.status(1)?.nodes;
        (nodes.len() == 3 && nodes.iter().all(|node| node.duties == ["webhook shop"])).then_some(())
    });
    let addresses =
        |place: &Place| place.servers.iter().map(|one| one.address.clone()).collect::<Vec<_>>();
    let client = Client::start(addresses(&place));
    let mut told = Told { posted, all: Vec::new(), promises: BTreeSet::new() };
    let (mut first, mut last) = (BTreeSet::new(), 0);
    for how in GOES {
        // What is made after it was told of others is told when its cursor was kept behind those.
        for _ in 0..2 {
            client.goes_on(20);
            told.hear(client.n());
        }
        if first.is_empty() {
            first = told.promises.clone();
        }
        last = told.all.len();
        place.leader_goes(how);
        client.goes_on(20);
        place.all_again();
        *client.addresses.lock().unwrap() = addresses(&place);
    }
    client.goes_on(20);
    let acknowledged = client.end();
    told.hear(acknowledged.len());
    // Each is told, under one id, and the first time that it is told in order.
    assert_eq!(told.promises, acknowledged.into_iter().collect());
    let ids: BTreeSet<&(String, String)> = told.all.iter().collect();
    assert_eq!(ids.len(), told.promises.len(), "an event has one id");
    let place_of = |id: &str| -> Vec<u64> {
        id.split('/').skip(1).map(|number| number.parse().unwrap()).collect()
    };
    let mut before = Vec::new();
    let mut seen = BTreeSet::new();
    for (id, _) in told.all.iter().filter(|(id, _)| seen.insert(id)) {
        assert!(before < place_of(id), "{id} came after {before:?}");
        before = place_of(id);
    }
    // And not from the beginning again.
    let again = told.all[last..].iter().find(|(_, promise)| first.contains(promise));
    assert_eq!(again, None);
}

#[test]
fn a_feed_counts_each_message_once_whoever_leads() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("a feed of a cluster");
    };
    let Some(broker) = Broker::started("feeds of a cluster from NATS") else { return };
    broker.stream("ERP", RetentionPolicy::Limits);
    let config = format!(
        "[[feed]]\nkind = \"nats\"\nurl = \"nats://{}\"\nstream = \"ERP\"\nsource = \"erp\"\n",
        broker.address()
    );
    let mut place = started(program, &config, |_| Vec::new());
    let one = r#"{"change": "on_hand_adjusted", "item": "S0", "location": "BER", "quantity": 1}"#;
    let publish = |n: usize| broker.publish("erp.stock", &vec![one.to_string(); n]);
    let has = |place: &Place, at: usize| available(place, at, ("S0", "")) as usize - LAST;
    let mut n = 0;
    for how in GOES {
        publish(3);
        n += 3;
        until("what was published", || (n <= has(&place, 0)).then_some(()));
        let at = place.leader_goes(how);
        publish(2);
        n += 2;
        let other = (at + 1) % 3;
        until("what was published", || (n <= has(&place, other)).then_some(()));
        place.all_again();
        (0..3).for_each(|at| assert_eq!(has(&place, at), n, "node {at}"));
    }
    // In the middle of many, cut into requests of a thousand.
    publish(2_500);
    until("some of it", || (n < has(&place, 0)).then_some(()));
    let other = (place.leader_goes(Goes::Killed) + 1) % 3;
    n += 2_500;
    until("all of it", || (n <= has(&place, other)).then_some(()));
    place.all_again();
    publish(1);
    n += 1;
    for at in 0..3 {
        until("one more", || (n <= has(&place, at)).then_some(()));
        assert_eq!(has(&place, at), n, "node {at}");
    }
}

/// A snapshot in a watched directory, there at once.
fn put(dir: &Path, id: &str) {
    let half = dir.join(format!(".{id}"));
    snapshot(&half);
    let manifest =
        format!(r#"{{"snapshot_id": "{id}", "as_of": "2026-11-23", "horizon_days": 30}}"#);
    // It is written last.
    fs::write(half.join("manifest.json"), manifest).unwrap();
    fs::rename(half, dir.join(id)).unwrap();
}

#[test]
fn a_watched_directory_is_taken_in_once_and_backups_are_made_in_turn_whoever_leads() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("a watched directory of a cluster");
    };
    let mut place = started(program, "", |dir| {
        let (watched, saved) = (dir.join("watched"), dir.join("saved"));
        fs::create_dir_all(&watched).unwrap();
        let [watched, saved] = [watched, saved].map(|dir| dir.display().to_string());
        let given = ["--watch", &watched, "--backup-directory", &saved, "--backup-every", "4s"];
        [&given[..], &["--backup-keep", "1000"]].concat().into_iter().map(str::to_string).collect()
    });
    let watched = place.dir.path().join("watched");
    let serves = |place: &Place, at: usize| {
        let asked = asked(place, at, |channel| async move {
            SnapshotServiceClient::new(channel).get_status(proto::GetStatusRequest {}).await
        });
        let status = asked.unwrap();
        (status.version.unwrap().snapshot_id, status.generation)
    };
    let await_one = |place: &Place, at: usize, want: (&str, u64)| {
        until(want.0, || (serves(place, at).0 == want.0).then_some(()));
        assert_eq!(serves(place, at), (want.0.to_string(), want.1));
    };
    put(&watched, "day1");
    await_one(&place, 0, ("day1", 2));
    put(&watched, "day2");
    await_one(&place, 0, ("day2", 3));
    let dir = place.dir.path().join("saved");
    let saved = || -> BTreeSet<PathBuf> {
        let all = fs::read_dir(&dir).into_iter().flatten();
        let all = all.map(|entry| entry.unwrap().path());
        all.filter(|path| path.join("backup.json").is_file()).collect()
    };
    until("a backup", || saved().first().map(|_| ()));
    // Whoever leads next looks through all of it in order: what has served is not taken in again.
    let other = (place.leader_goes(Goes::Killed) + 1) % 3;
    put(&watched, "day3");
    await_one(&place, other, ("day3", 4));
    place.all_again();
    // In the middle of taking one in.
    let at = place.leader();
    put(&watched, "day4");
    let kept = place.servers[at].data.join("snapshots/day4");
    until("what is to serve", || kept.exists().then_some(()));
    place.kill(at);
    await_one(&place, (at + 1) % 3, ("day4", 5));
    place.all_again();
    put(&watched, "day5");
    (0..3).for_each(|at| await_one(&place, at, ("day5", 6)));
    // A directory that all share has one backup each time.
    let before = saved();
    until("one more backup", || saved().difference(&before).next().map(|_| ()));
    let second = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S", name.split_once('.').unwrap().0).unwrap()
    };
    let all: Vec<_> = saved().iter().map(second).collect();
    for two in all.windows(2) {
        let apart = two[1].duration_since(two[0]).as_secs();
        assert!(3 <= apart, "{all:?}");
    }
}

/// What comes about by itself is told once: the next leader knows what was due before the last entry.
#[test]
fn a_hold_that_ends_soon_is_told_once_whoever_leads_when() {
    let (engine, hands, _journal) = fresh();
    let hold = |id: &str| {
        let mut hold = command(id, &[("PUMP", 1)]);
        hold.commitment = Commitment::Hold { for_seconds: 600 };
        engine.promise(hold).wait().unwrap();
    };
    let look = |sweep: &mut Sweep| sweep.look(&engine, Duration::ZERO);
    hold("a");
    hands.set(290);
    hold("b");
    assert_eq!(look(&mut Sweep::default()), []);
    // The first one is due when half of its time is over.
    hands.set(301);
    let notes = look(&mut Sweep::default());
    assert_eq!(notes.len(), 1);
    engine.note(notes).wait().unwrap();
    hands.set(310);
    hold("c");
    assert_eq!(look(&mut Sweep::default()).len(), 1, "who knows nothing tells it again");
    assert_eq!(look(&mut Sweep::after_others(&engine)), []);
    // What was not due then is told by whoever leads now.
    hands.set(591);
    assert_eq!(look(&mut Sweep::after_others(&engine)).len(), 1);
    engine.stop();
}
