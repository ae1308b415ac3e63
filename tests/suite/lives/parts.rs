//! Issue 16, item 7: parts keep to lots and units as orders do.

use super::{Life, check, tables};
use promised::{
    backlog::Spec,
    engine::backlog::{RunGoal, run},
};

fn eggs(lot: &str) -> super::Tables {
    tables(&format!(
        "items: item,uom,lot_multiple; EGG,EA,{lot}
         uom_conversions: item,from_uom,to_uom,factor; EGG,BOX,EA,12
         locations: location; H
         on_hand: item,location,quantity; EGG,H,1000"
    ))
}

fn refused(life: &Life, number: u64, part: &str) -> String {
    let mut ledger = life.ledger.clone();
    let part = Some(super::quantity(part));
    ledger.cancel(number, part).map_or_else(|refusal| refusal.to_string(), |_| "cancelled".into())
}

#[test]
fn a_part_of_a_line_in_boxes_is_whole_boxes() {
    let life = check(
        &eggs(""),
        "promise O1 EGG 5 11-25 uom=BOX => 60 on 11-25
         cancel O1 12
         get O1 => confirmed 48: 48 on 11-25
         fulfil O1 7 => 7 of P1: a multiple of 12 is a part of it
         fulfil O1 24
         get P1 => confirmed 24: 24 on 11-25
         promise O2 EGG 60 11-25
         cancel O2 7
         get O2 => confirmed 53: 53 on 11-25",
    );
    assert_eq!(refused(&life, 1, "6"), "6 of P1: a multiple of 12 is a part of it");
    assert_eq!(refused(&life, 1, "24"), "cancelled");
}

#[test]
fn of_lots_and_boxes_both() {
    let life = check(&eggs("8"), "promise O1 EGG 4 11-25 uom=BOX => 48 on 11-25");
    for part in ["8", "12", "16", "36"] {
        let want = format!("{part} of P1: a multiple of 24 is a part of it");
        assert_eq!(refused(&life, 1, part), want);
    }
    assert_eq!(refused(&life, 1, "24"), "cancelled");
}

#[test]
fn a_line_that_was_no_whole_number_of_boxes_may_be_parted_anyhow() {
    let life = check(&eggs(""), "promise O1 EGG 0.5 11-25 uom=BOX => 6 on 11-25");
    assert_eq!(refused(&life, 1, "5"), "cancelled");
}

/// What is promised again in a backlog run is split as it may be: no box is opened for it.
#[test]
fn a_run_splits_no_box() {
    let tables = tables(
        "items: item,uom; EGG,EA
         uom_conversions: item,from_uom,to_uom,factor; EGG,BOX,EA,12
         locations: location; H
         on_hand: item,location,quantity; EGG,H,30
         supplies: supply,type,item,location,date,quantity; S1,purchase_order,EGG,H,2026-12-05,30",
    );
    let mut life = Life::new(&tables);
    life.script("promise O1 EGG 4 11-25 uom=BOX split=2 => 24 on 11-25, 24 on 12-05");
    let before = std::sync::Arc::clone(life.world().reservation(1).unwrap());
    // Six eggs more than the two boxes of the first leg are there.
    life.script("atp EGG@H 11-25 => 6");
    let again = run(life.world(), &Spec::default(), RunGoal::Sequence).world;
    assert_eq!(life.legs(again.reservation(1).unwrap()), life.legs(&before));
}
