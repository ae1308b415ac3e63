//! Issue 17 item 4, *Units* (semantics 12.2): the stocking unit where it shows beyond planners' tables (`scenarios/units*.txt`): on the wire, in
//! net changes, at a refresh, and in faults.

use super::{
    ledger_model::snapshot_from,
    refresh::{AS_OF, available, done},
    rpc::Server,
    support,
};
use promised::{
    engine::Config,
    ledger::{
        Ledger, World,
        refresh::{Refresh, missing},
    },
    loader::{self, Silent},
    model::Quantity,
    promising::{
        self,
        request::{OrderLine, Remedies, Request},
    },
    rpc::proto,
    snapshot::Snapshot,
};
use std::{fs, path::Path, sync::Arc};

const DOZENS: &str = "from_uom,to_uom,factor\nDOZ,PCS,12\n";

/// A directory of eggs: `on_hand` dozens of them at HAM.
fn write(dir: &Path, files: &[(&str, &str)]) {
    let base = [
        ("manifest.json", r#"{"snapshot_id": "s", "as_of": "2026-11-23", "horizon_days": 30}"#),
        ("items.csv", "item,uom,unit_cost,list_price\nEGG,DOZ,12,24\n"),
        ("locations.csv", "location\nHAM\n"),
        ("uom_conversions.csv", DOZENS),
    ];
    for (name, text) in base.iter().chain(files) {
        fs::write(dir.join(name), text).expect("a file is written");
    }
}

fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    write(dir.path(), files);
    let loaded = loader::open(dir.path(), &Silent).expect("it has a manifest");
    loaded.problems.listed().iter().map(ToString::to_string).collect()
}

#[test]
fn where_no_unit_carries_all_the_two_rows_are_named() {
    // Thirds and sevenths of a box.
    let rows = "from_uom,to_uom,factor\nBOX,TRIO,3\nBOX,HEPT,7\n";
    let items = "item,uom\nEGG,BOX\n";
    let said = problems(&[("items.csv", items), ("uom_conversions.csv", rows)]);
    let want = "error: uom_conversions row 3, factor: a unit in which those of row 2 are exact to 6 decimals too: no unit carries all; \
        leave one of them out, or add one that both are whole numbers of";
    assert_eq!(said, [want]);
    // With a unit that both are whole numbers of there is one.
    let rows = "from_uom,to_uom,factor\nBOX,TRIO,3\nBOX,HEPT,7\nBOX,PCS,21\n";
    assert_eq!(problems(&[("items.csv", items), ("uom_conversions.csv", rows)]), [""; 0]);
}

#[test]
fn limits_hold_in_the_finest_unit_too() {
    let rows = "item,location,quantity\nEGG,HAM,100000000\n";
    let said = problems(&[("on_hand.csv", rows)]);
    let want = "error: on_hand row 2, quantity = \"100000000\": a quantity of at most 1000000000 PCS, in which the item is kept";
    assert_eq!(said, [want]);
    assert_eq!(problems(&[("on_hand.csv", "item,location,quantity\nEGG,HAM,80000000\n")]), [""; 0]);
}

#[tokio::test]
async fn the_wire_shows_the_items_own_unit() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    write(dir.path(), &[("on_hand.csv", "item,location,quantity\nEGG,HAM,0.916667\n")]);
    let server = Server::start(dir.path(), Config::new()).await;
    let line = |order: &str, quantity: f64, uom: &str| proto::OrderLine {
        order: order.to_string(),
        item: "EGG".to_string(),
        quantity,
        uom: uom.to_string(),
        requested_date: "2026-11-23".to_string(),
        ..proto::OrderLine::default()
    };
    let asked = |id: &str, line: proto::OrderLine| proto::PromiseRequest {
        request_id: id.to_string(),
        lines: vec![line],
        ..proto::PromiseRequest::default()
    };
    let mut promises = server.promises();
    let made = promises.promise(asked("a", line("A", 4.0, "PCS"))).await.unwrap().into_inner();
    let result = made.promises[0].result.as_ref().unwrap();
    assert_eq!(result.available_on_requested_date, 0.916667, "11 pieces before it");
    let option = result.default_option.as_ref().unwrap();
    assert_eq!((option.legs[0].quantity, option.legs[0].covers), (0.333333, 0.333333));
    let economics = option.economics.as_ref().unwrap();
    assert_eq!((economics.cost, economics.price), (4.0, 8.0), "4 of 12 at 12, and at 24");
    // A dozen is more than there is; 7 pieces are the rest.
    let late = promises.promise(asked("b", line("B", 1.0, ""))).await.unwrap().into_inner();
    assert_eq!(late.promises[0].promise_id, "");
    // A part of it, by what its own unit shows of a piece.
    let cancel = |id: &str, quantity: f64| proto::CancelRequest {
        request_id: id.to_string(),
        promise_id: made.promises[0].promise_id.clone(),
        quantity: Some(quantity),
        ..proto::CancelRequest::default()
    };
    let left = promises.cancel(cancel("c", 0.083333)).await.unwrap().into_inner();
    assert_eq!(left.promise.unwrap().quantity, 0.25);
    let refused = promises.cancel(cancel("d", 0.333333)).await.unwrap_err();
    assert!(refused.message().contains("0.333333 of P1: 0.25 are promised"), "{refused:?}");
    let amend = proto::AmendRequest {
        request_id: "e".to_string(),
        promise_id: made.promises[0].promise_id.clone(),
        line: Some(line("A", 0.916667, "")),
        ..proto::AmendRequest::default()
    };
    let amended = promises.amend(amend).await.unwrap().into_inner();
    assert!(amended.changed, "all 11: {amended:?}");
    assert_eq!(amended.promise.unwrap().quantity, 0.916667);
}

fn snapshot(on_hand: &str, rows: &str, uom: &str) -> Snapshot {
    let items = format!("item,uom,unit_cost\nEGG,{uom},12\n");
    let on_hand = format!("item,location,quantity\nEGG,HAM,{on_hand}\n");
    snapshot_from(
        AS_OF,
        &[
            ("items", &items),
            ("locations", "location\nHAM\n"),
            ("uom_conversions", rows),
            ("on_hand", &on_hand),
        ],
    )
}

/// A world in which so much is promised.
fn promised(snapshot: Snapshot, quantity: &str, uom: &str) -> World {
    let line = OrderLine {
        uom: Some(uom.to_string()),
        ..OrderLine::new("A", "EGG", Quantity::parse(quantity).unwrap(), AS_OF.parse().unwrap())
    };
    let remedies = Remedies::None;
    let request =
        Request { lines: vec![line], objective: None, alternatives: 0, remedies, now: None };
    let world = World::new(Arc::new(snapshot));
    let promise = promising::plan(&world, &request.resolve(&world.snapshot).unwrap());
    support::commit(world, &request, &promise)
}

fn refreshed(world: &World, mut next: Snapshot) -> Result<World, String> {
    next.adopt(&missing(world, &next));
    let refresh = Refresh::begin(world, Arc::new(next)).map_err(|unknown| unknown.to_string())?;
    Ok(done(refresh).new)
}

#[test]
fn a_refresh_that_changes_the_stocking_unit_restates_what_is_promised() {
    let bare = "from_uom,to_uom,factor\n";
    let in_dozens = promised(snapshot("2", bare, "DOZ"), "1.5", "DOZ");
    assert!(available(&in_dozens, "EGG@HAM").starts_with("0.5 "));
    // Pieces are known now, so it is kept in them: 18 of 24 are promised.
    let in_pieces = refreshed(&in_dozens, snapshot("2", DOZENS, "DOZ")).unwrap();
    assert!(
        available(&in_pieces, "EGG@HAM").starts_with("6 "),
        "{}",
        available(&in_pieces, "EGG@HAM")
    );
    let kept = in_pieces.reservations_from(0).next().unwrap();
    assert_eq!(kept.quantity, Quantity::units(18));
    assert_eq!(kept.facts.legs[0].quantity, Quantity::units(18));
    // And back: 18 pieces are exactly 1.5 dozen.
    let back = refreshed(&in_pieces, snapshot("2", bare, "DOZ"));
    let error = back.map(|_| ()).unwrap_err();
    assert!(error.contains("EGG"), "nothing says what a piece is: {error}");
    // Its own unit may become the piece, as long as that is known.
    let own = refreshed(&in_pieces, snapshot("24", DOZENS, "PCS")).unwrap();
    assert!(available(&own, "EGG@HAM").starts_with("6 "));
    // The ledger goes on from there, cancelling included.
    let mut ledger = Ledger::new(own);
    let cancelled = ledger.cancel(1, Some(Quantity::units(6))).unwrap();
    drop(cancelled.commit(promised::ledger::Stamp::default()));
    assert!(available(ledger.world(), "EGG@HAM").starts_with("12 "));
}

#[test]
fn what_cannot_be_restated_exactly_is_an_error() {
    // A piece is promised of an item that is kept in pieces; the next snapshot keeps it in thirds of a dozen.
    let one = promised(snapshot("1", DOZENS, "DOZ"), "1", "PCS");
    let thirds = "from_uom,to_uom,factor\nDOZ,TRIO,3\n";
    let error = refreshed(&one, snapshot("1", thirds, "DOZ")).map(|_| ()).unwrap_err();
    assert_eq!(
        error,
        "the snapshot has no unit that exactly carries what is promised of item \"EGG\", which a promise names"
    );
}

#[test]
fn net_change_speaks_the_items_own_unit() {
    let world = World::new(Arc::new(snapshot("1", DOZENS, "DOZ")));
    let change = |cells: &[(&str, &str)]| {
        let cell = |name: &str| cells.iter().find(|(own, _)| *own == name).map(|(_, text)| *text);
        promised::change::Change::read(0, "on_hand_set", cell).unwrap()
    };
    let set = change(&[("item", "EGG"), ("location", "HAM"), ("quantity", "0.916667")]);
    let after = world.with_changes(&[set]).unwrap();
    assert!(available(&after, "EGG@HAM").starts_with("11 "));
}
