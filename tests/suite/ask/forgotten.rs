//! Issue 21, item 6: figures of last quarter stand when their promises are forgotten, for what they add is folded into daily
//! rows by the entry that forgets them; in every basis, column and period; over a refresh, a restart and a saved state.

use super::{super::push, Server, change, promise_orders};
use promised::{
    engine::Config,
    insight::figures::{BASES, DIMENSIONS, DateBasis, FiguresQuery, MEASURES, TimeBucket, query},
    journal::{Journal, Memory, checkpoint},
    ledger::{World, digest},
    rpc::proto,
};
use std::{collections::BTreeMap, fmt::Write as _};

/// A server that keeps nothing that is over.
async fn forgetful() -> Server {
    let tiny = push::tiny();
    let server = Server::start(&tiny, Config { keep_over_at_most: 0, ..Config::new() }).await;
    promise_orders(&server).await;
    server
}

/// P1 ships, and the count of stock knows it: it posts nothing any more, so it is over.
async fn ship_and_count(server: &Server) {
    // Its customer has asked for it on another day, so something has moved its date.
    let get = proto::GetPromiseRequest { promise_id: "P1".to_string(), ..Default::default() };
    let terms = server.promises().get(get).await.unwrap().into_inner().promises[0].terms.clone();
    let (requested_date, location) = ("2026-11-30".to_string(), "HAM".to_string());
    let line = proto::OrderLine { requested_date, location, ..terms.unwrap() };
    let amend = proto::AmendRequest {
        promise_id: "P1".to_string(),
        line: Some(line),
        ..Default::default()
    };
    assert!(server.promises().amend(amend).await.unwrap().into_inner().changed);
    let fulfil = proto::FulfilRequest { promise_id: "P1".to_string(), ..Default::default() };
    server.promises().fulfil(fulfil).await.unwrap();
}

async fn count(server: &Server) {
    let cells = [("item", "PUMP"), ("location", "HAM"), ("quantity", "1")];
    change(server, "on_hand_set", &cells).await;
    server.engine().tick().await.unwrap();
}

fn asked(filter: &str, basis: DateBasis) -> FiguresQuery {
    FiguresQuery {
        measures: MEASURES.iter().map(|(_, measure)| *measure).collect(),
        group_by: Vec::new(),
        bucket: None,
        filter: promised::backlog::filter::Filter::parse(filter).unwrap(),
        from: None,
        to: None,
        basis,
        top: 0,
    }
}

/// All measures of a world in every basis: in all, by each column but what limits, by week, within dates, by a filter.
fn figures(world: &World) -> String {
    let mut text = String::new();
    let mut say = |name: &str, asked: &FiguresQuery| {
        let found = query(world, asked, &BTreeMap::new());
        let values = |tally| MEASURES.iter().map(move |(_, of)| of.of(tally)).collect::<Vec<_>>();
        writeln!(text, "{name}: {:?}", values(&found.total)).unwrap();
        for row in &found.rows {
            writeln!(text, "  {:?} {:?}", row.keys, values(&row.tally)).unwrap();
        }
    };
    for (word, basis) in BASES {
        say(word, &asked("", *basis));
        for (column, dimension) in DIMENSIONS.iter().filter(|(column, _)| *column != "limiting") {
            say(column, &FiguresQuery { group_by: vec![*dimension], ..asked("", *basis) });
        }
        say("week", &FiguresQuery { bucket: Some(TimeBucket::Week), ..asked("", *basis) });
        let day = |text: &str| Some(text.parse().unwrap());
        let (from, to) = (day("2026-11-24"), day("2026-11-27"));
        say("dates", &FiguresQuery { from, to, ..asked("", *basis) });
        for filter in [
            "customer=NORDWIND",
            "item!=VALVE location=HAM",
            "requested_date<2026-11-27",
            "state=fulfilled",
            "state!=fulfilled at_risk=false",
            "ship_date>=2026-11-27",
            "channel=web",
        ] {
            say(filter, &asked(filter, *basis));
        }
    }
    text
}

#[tokio::test]
async fn figures_stand_when_a_promise_is_forgotten() {
    let server = forgetful().await;
    ship_and_count(&server).await;
    let before = figures(&server.engine().pin());
    count(&server).await;
    let world = server.engine().pin();
    assert!(world.reservation(1).is_none(), "it is forgotten");
    assert_eq!(figures(&world), before);
    assert!(before.contains(r#"["customer"] [1000000,"#), "{before}");
    let rows: Vec<_> = world.folded().collect();
    assert_eq!(rows.len(), 1);
    // What only single orders have cannot be asked of it any more.
    let lines =
        |filter: &str| query(&world, &asked(filter, DateBasis::Request), &BTreeMap::new()).total;
    let none = lines("order=NOBODY");
    assert_eq!(lines("order=STOCK"), none);
    assert_eq!(lines("quantity<=2"), none);
    server.stop().await;
}

#[tokio::test]
async fn what_was_cancelled_leaves_nothing_behind() {
    let server = forgetful().await;
    let cancel = proto::CancelRequest { promise_id: "P2".to_string(), ..Default::default() };
    server.promises().cancel(cancel).await.unwrap();
    server.engine().tick().await.unwrap();
    let world = server.engine().pin();
    assert!(world.reservation(2).is_none());
    assert_eq!(world.folded().count(), 0);
    server.stop().await;
}

#[tokio::test]
async fn they_stand_in_a_saved_state_and_after_new_data() {
    let server = forgetful().await;
    ship_and_count(&server).await;
    count(&server).await;
    let world = server.engine().pin();
    let mut journal = Memory::default();
    let mut n_parts = 0;
    for part in checkpoint::parts(&world, 0) {
        journal.put_part(world.position, n_parts, &part).unwrap();
        n_parts += 1;
    }
    journal.seal(world.position, n_parts).unwrap();
    let reader = journal.reader();
    let (_, saved) = checkpoint::read(&*reader, world.position, world.loaded()).unwrap();
    assert_eq!(digest::of(&saved), digest::of(&world), "L6");
    assert_eq!(figures(&saved), figures(&world));
    let told = |world: &World| {
        let by = FiguresQuery {
            group_by: DIMENSIONS[..1].iter().map(|(_, of)| *of).collect(),
            ..asked("customer=NORDWIND", DateBasis::LastPromise)
        };
        format!("{:?}", query(world, &by, &BTreeMap::new()).rows.len())
    };
    let before = told(&world);
    let dir = push::copy("next", &[]);
    let finish = proto::push_request::Finish { aim: proto::Aim::Activate.into(), force: None };
    let messages = push::chunks("next", dir.path(), finish);
    let mut client = proto::snapshot_service_client::SnapshotServiceClient::new(server.channel());
    client.push(tokio_stream::iter(messages)).await.unwrap();
    let after = server.engine().pin();
    assert_eq!(after.snapshot.id(), "next");
    assert_eq!(after.folded().count(), 1);
    assert_eq!(told(&after), before);
    server.stop().await;
}
