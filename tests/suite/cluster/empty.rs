//! Issue 24 item 7: a cluster that begins with nothing waits for a push, and one that is pushed to any of its nodes serves
//! on all of them; a node that has lost all begins again as the others did.

use super::{
    client::Client,
    etcds,
    place::{Place, is_wanted, promised, until},
};

#[test]
fn a_cluster_that_begins_with_nothing_serves_what_is_pushed() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("an empty cluster");
    };
    let mut place = Place::begin(program);
    let (nodes, etcd) = (place.named(), place.etcds.urls().join(","));
    let init = ["cluster", "init", "--name", "new", "--etcd", &etcd, "--nodes", &nodes];
    let begun = promised(&init);
    assert!(begun.status.success(), "{begun:?}");
    let said = String::from_utf8_lossy(&begun.stdout);
    assert!(said.contains("position 0, with 3 nodes; it waits for a push"), "{said}");
    std::fs::remove_dir_all(&place.servers[0].data).unwrap();
    place.servers.iter_mut().for_each(|server| server.cluster = "new");
    (0..3).for_each(|at| place.up(at));
    let at = place.leader();
    let other = place.servers[(at + 1) % 3].address.clone();
    // All is there to be asked, and there is nothing in it.
    assert!(place.promises((at + 1) % 3, 0).is_empty());
    let tables = place.dir.path().join("tables");
    let serves = |server: &str| {
        let status = promised(&["status", "--server", server, "--format", "csv"]);
        String::from_utf8_lossy(&status.stdout).contains("nodes")
    };
    until("a push", || {
        // One that came while the lead changed is made again.
        let pushed = promised(&["push", tables.to_str().unwrap(), "--server", &other]);
        assert!(pushed.status.success() || serves(&other), "{pushed:?}");
        Some(())
    });
    let client = Client::start(place.servers.iter().map(|one| one.address.clone()).collect());
    client.goes_on(20);
    let acknowledged = client.end();
    (0..3).for_each(|at| place.has_all(at, &acknowledged));
    // A node that has nothing any more gets all of it, and the cluster goes on without the one that led.
    let lost = (at + 1) % 3;
    place.kill(lost);
    std::fs::remove_dir_all(&place.servers[lost].data).unwrap();
    place.up(lost);
    place.has_all(lost, &acknowledged);
    // All of them end and begin again: by what they have, not by what the cluster began with.
    (0..3).for_each(|at| place.kill(at));
    (0..3).for_each(|at| place.up(at));
    place.leader();
    (0..3).for_each(|at| place.has_all(at, &acknowledged));
}
