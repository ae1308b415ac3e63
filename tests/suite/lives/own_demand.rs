//! Issue 16, item 5: the source's own demand of a line does not compete with it.

use super::{Life, Tables, check, planned::lots, snapshot, tables, with};

fn open(demands: &str) -> Tables {
    tables(&format!(
        "items: item; P; Q
         locations: location; H; I
         on_hand: item,location,quantity; P,H,15; Q,H,5; P,I,4
         demands: demand,type,item,location,date,quantity,revision; {demands}"
    ))
}

const SO1: &str = "SO1/1,sales_order,P,H,2026-11-25,10,0";

#[test]
fn the_line_is_planned_with_its_own_demand_taken_out() {
    let life = check(
        &open(SO1),
        "atp P@H 11-25 => 5
         check SO1/1 P 10 11-23 => 10 on 11-23
         promise SO1/1 P 10 11-24 from=H => 10 on 11-24
         atp P@H 11-25 => 5
         cancel SO1/1
         atp P@H 11-25 => 5",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn the_promise_counts_at_its_own_days_and_quantity() {
    check(
        &open(SO1),
        "promise SO1/1 P 12 11-28 from=H => 12 on 11-28
         balance P@H 11-26 => 15
         balance P@H 11-28 => 3
         cancel SO1/1 4
         balance P@H 11-28 => 7
         cancel SO1/1
         balance P@H 11-28 => 5",
    );
}

#[test]
fn where_nothing_is_promised_the_row_counts() {
    let life = check(&open(SO1), "promise SO1/1 P 400 11-24 from=I => nothing\natp P@H 11-25 => 5");
    assert!(life.is_as_loaded());
}

#[test]
fn another_line_still_competes_and_other_kinds_of_demand_do() {
    check(
        &open(
            "SO1/1,sales_order,P,H,2026-11-25,10,0; F1/1,work_order_component,P,H,2026-11-26,5,0",
        ),
        "promise X P 10 11-24 from=H => nothing
         promise F1/1 P 1 11-24 from=H => nothing",
    );
}

#[test]
fn in_a_request_each_line_takes_out_its_own_row_and_no_other() {
    check(
        &open("SO1/1,sales_order,P,H,2026-11-25,10,0; SO2/1,sales_order,P,H,2026-11-25,5,0"),
        "both SO1/1 P 12 11-24 from=H + SO2/1 P 5 11-24 from=H => 5 on 11-24
         atp P@H 11-25 => 0",
    );
}

#[test]
fn in_a_set_the_rows_of_all_its_lines_are_out_at_once() {
    check(
        &open("SO1/1,sales_order,P,H,2026-11-25,10,0; SO1/2,sales_order,P,H,2026-11-25,5,0"),
        "both SO1/1 P 12 11-24 set=S + SO1/2 P 3 11-24 set=S => 12 on 11-24; 3 on 11-24",
    );
}

#[test]
fn a_hold_that_expires_brings_the_row_back() {
    let life = check(&open(SO1), "hold SO1/1 P 10 11-24 from=H\nexpire");
    assert!(life.is_as_loaded());
}

#[test]
fn the_row_stays_silent_for_the_part_that_goes_on() {
    let life = check(
        &open(SO1),
        "hold SO1/1 P 10 11-24 from=H
         confirm P1 4
         balance P@H 11-25 => 5
         cancel P1
         balance P@H 11-25 => 9
         expire",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn a_refresh_with_the_same_row_keeps_it_silent_and_one_that_changed_counts() {
    let mut life = Life::new(&open(SO1));
    life.script("promise SO1/1 P 12 11-28 from=H");
    life.refresh(snapshot("S2", "2026-11-24", "", &open(SO1)));
    life.script("balance P@H 11-26 => 15\nbalance P@H 11-28 => 3");
    life.refresh(snapshot("S3", "2026-11-24", "", &open("SO1/1,sales_order,P,H,2026-11-25,12,1")));
    life.script("balance P@H 11-26 => 3\ncancel SO1/1\nbalance P@H 11-26 => 3");
    assert!(life.is_as_loaded());
    life.replays();
}

#[test]
fn a_row_that_a_net_change_brings_is_taken_out_too() {
    let mut life = Life::new(&open(SO1));
    life.change("demand_created demand=N1/1 item=P location=H date=2026-11-24 quantity=5", 0);
    life.script(
        "atp P@H 11-24 => 0
         promise N1/1 P 5 11-24 from=H => 5 on 11-24
         atp P@H 11-24 => 0",
    );
    life.change("demand_changed demand=N1/1 quantity=4 revision=1", 1);
    life.script("atp P@H 11-24 => 1");
    life.replays();
}

#[test]
fn asking_again_never_competes_with_oneself() {
    let lots = super::planned::lots();
    check(
        &lots,
        "promise M1 A 10 12-05 => 10 on 12-05
         check M1 A 10 12-01 => 10 on 12-01
         check M1 A 10 12-05 => 10 on 12-05
         check M9 A 10 12-05 => nothing
         get M1 => confirmed 10: 10 on 12-05",
    );
}

#[test]
fn amending_keeps_the_row_silent() {
    let life = check(
        &open(SO1),
        "promise SO1/1 P 10 11-24 from=H
         amend SO1/1 P 15 11-26 from=H => 15 on 11-26
         balance P@H 11-26 => 0
         cancel SO1/1",
    );
    assert!(life.is_as_loaded());
}

/// What its promise had left of the row others may have by then: they are told.
#[test]
fn a_row_that_counts_again_puts_those_at_risk_who_took_what_it_had_left() {
    check(
        &open(SO1),
        "promise SO1/1 P 2 11-25 from=H => 2 on 11-25
         promise SO2 P 13 11-25 from=H => 13 on 11-25
         cancel SO1/1
         balance P@H 11-25 => -8
         get SO2 => confirmed 13: 13 on 11-25 at risk
         cancel SO2
         balance P@H 11-25 => 5",
    );
}

/// L7: a row that is silent is nobody's shortage. O2 counts on the lot that O1 has planned and takes nothing of any more.
#[test]
fn a_silent_row_lets_no_lot_go_that_a_promise_counts_on() {
    let data = "on_hand: item,location,quantity; C,F,30
         demands: demand,type,item,location,date,quantity; O1/1,sales_order,A,F,2026-12-05,10";
    check(
        &with(&lots(), data),
        "promise O1/1 A 6 12-05 => 6 on 12-05
         promise O2 A 4 12-06 => 4 on 12-06
         amend O1/1 C 1 12-05 => 1 on 12-05
         balance A@F 12-06 => 6
         cancel O2
         balance A@F 12-06 => 0",
    );
}
