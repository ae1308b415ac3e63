//! Issue 24 items 5 and 6: what nodes keep of snapshots that served before is bounded on all of them, whoever leads.

use super::{
    client::Client,
    etcds,
    place::{Place, is_wanted, promised, snapshot, until},
};

#[test]
fn those_that_follow_keep_no_more_snapshots_than_they_are_told() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("nodes keep few snapshots");
    };
    let mut place = Place::begin(program);
    for server in &mut place.servers {
        server.more = vec!["--keep-snapshots".to_string(), "1".to_string()];
    }
    (0..3).for_each(|at| place.up(at));
    let server = place.servers[place.leader()].address.clone();
    let client = Client::start(place.servers.iter().map(|one| one.address.clone()).collect());
    let pushed = place.dir.path().join("pushed");
    snapshot(&pushed);
    let dir_of = |at: usize| place.servers[at].data.join("snapshots");
    let kept = |at: usize| {
        let found = std::fs::read_dir(dir_of(at)).unwrap();
        found.map(|one| one.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    for n in 0..8 {
        let id = format!("push-{n}");
        let manifest =
            format!(r#"{{"snapshot_id": "{id}", "as_of": "2026-11-23", "horizon_days": 30}}"#);
        std::fs::write(pushed.join("manifest.json"), manifest).unwrap();
        let said = promised(&["push", pushed.to_str().unwrap(), "--server", &server]);
        assert!(said.status.success(), "{said:?}");
        until("it on all", || (0..3).all(|at| kept(at).contains(&id)).then_some(()));
        // A checkpoint of it is made beside.
        client.goes_on(20);
    }
    // The one that serves, and what their journals name since their last checkpoints.
    for at in 0..3 {
        assert!(kept(at).len() <= 4, "{}: {:?}", place.servers[at].name, kept(at));
    }
    place.has_all(0, &client.end());
}
