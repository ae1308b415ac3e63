//! Issue 24 items 5 and 7: a node whose state is not that of most gets all anew at its next start, and keeps what it had for
//! whoever looks for the fault; and a node's directory goes on as a single server, whole.

use super::{
    client::Client,
    etcds,
    place::{Place, is_wanted, promised, serve, signal},
};
use rustix::process::Signal;

impl Place {
    /// Tells a node to stop, and waits for its end.
    fn stop(&mut self, at: usize) {
        let mut child = self.servers[at].child.take().unwrap();
        signal(&child, Signal::TERM);
        assert!(child.wait().unwrap().success(), "it ends well");
        self.servers[at].to_it = None;
    }

    fn client(&self) -> Client {
        Client::start(self.servers.iter().map(|one| one.address.clone()).collect())
    }
}

#[test]
fn a_node_that_differs_from_most_gets_all_anew_and_keeps_what_it_had_aside() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("a node that differs");
    };
    let mut place = Place::start(program);
    let leader = place.leader();
    let differs = (leader + 1) % 3;
    let client = place.client();
    client.goes_on(20);
    place.stop(differs);
    client.goes_on(20);
    // What a node leaves that found itself to be wrong (`cluster::nodes`): its journal, and from where on it is.
    let data = place.servers[differs].data.clone();
    std::fs::write(data.join("differs"), "11").unwrap();
    place.up(differs);
    client.goes_on(20);
    let acknowledged = client.end();
    (0..3).for_each(|at| place.has_all(at, &acknowledged));
    assert!(data.join("differs-11/journal.redb").is_file(), "it is kept");
    assert!(!data.join("differs").exists(), "and done with");
    // It is one of them again: it may lead.
    place.stop(leader);
    place.stop((leader + 2) % 3);
    place.up((leader + 2) % 3);
    place.up(leader);
    place.leader();
    (0..3).for_each(|at| place.has_all(at, &acknowledged));
}

#[test]
fn a_nodes_directory_goes_on_as_a_single_server_and_not_back() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("back to a single server");
    };
    let mut place = Place::start(program);
    place.leader();
    let client = place.client();
    client.goes_on(30);
    let acknowledged = client.end();
    (0..3).for_each(|at| place.has_all(at, &acknowledged));
    (0..3).for_each(|at| place.stop(at));
    for at in 0..3 {
        let data = place.servers[at].data.to_str().unwrap();
        let checked = promised(&["journal", "check", data]);
        assert!(checked.status.success(), "{checked:?}");
    }
    let (child, address) = serve(&["--data", place.servers[1].data.to_str().unwrap()]);
    place.servers[1].child = Some(child);
    // All of it is there, and it goes on by itself: the client begins anew with the same orders, and hears the same.
    let again = Client::start(vec![address]);
    again.goes_on(acknowledged.len() + 20);
    let promises = again.end();
    assert_eq!(promises[..acknowledged.len()], acknowledged);
    place.stop(1);
    // Now it is of another history: the cluster does not take it back.
    let (etcd, own) = (place.etcds.urls().join(","), &place.servers[1]);
    let refused = promised(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--admin",
        "none",
        "--data",
        own.data.to_str().unwrap(),
        "--cluster",
        "test",
        "--etcd",
        &etcd,
        "--node",
        own.name,
        "--peer",
        &own.peer,
    ]);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("not of this cluster"), "{said}");
}
