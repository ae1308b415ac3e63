//! Issue 16, item 2: what has shipped was made.

use super::{Life, Tables, check, instant, planned::lots, snapshot, tables, with};

fn pumps(on_hand: u32) -> Tables {
    tables(&format!(
        "items: item; P
         locations: location; H
         on_hand: item,location,quantity; P,H,{on_hand}"
    ))
}

fn with_c(quantity: u32) -> Tables {
    with(&lots(), &format!("on_hand: item,location,quantity; C,F,{quantity}"))
}

#[test]
fn a_count_after_the_shipment_has_it() {
    let life = check(
        &pumps(100),
        "promise SO1 P 10 11-24 => 10 on 11-24
         fulfil SO1
         get SO1 => fulfilled 10: 10 on 11-24
         atp P@H 11-23 => 90
         count P@H 90
         atp P@H 11-23 => 90",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn a_count_before_it_does_not_and_a_difference_counts_nothing() {
    let mut life = Life::new(&pumps(100));
    life.script(
        "promise SO1 P 10 11-24
         fulfil SO1 all 2026-11-23T15:00:00Z
         count P@H 100 2026-11-23T14:00:00Z
         atp P@H 11-23 => 90",
    );
    life.change("on_hand_adjusted item=P location=H quantity=-5", instant("2026-11-23T18:00:00Z"));
    life.script(
        "atp P@H 11-23 => 85
         count P@H 85 2026-11-23T15:00:00Z
         atp P@H 11-23 => 85",
    );
    life.replays();
}

#[test]
fn a_shipment_takes_from_stock_on_its_day_and_gives_its_need_day_back() {
    check(
        &pumps(10),
        "promise SO1 P 4 12-05
         balance P@H 12-04 => 10
         fulfil SO1 all 2026-11-25T08:00:00Z
         balance P@H 11-24 => 10
         balance P@H 11-25 => 6
         balance P@H 12-05 => 6",
    );
}

#[test]
fn the_lot_that_it_was_made_in_stays_until_its_account_is_counted() {
    let life = check(
        &with_c(100),
        "promise M1 A 3 12-05 => 3 on 12-05
         fulfil M1
         atp A@F 12-05 => 7
         atp C@F 12-05 => 90
         count A@F 7
         atp A@F 11-23 => 7
         atp A@F 12-10 => 7
         atp C@F 12-05 => 90
         count C@F 90
         atp C@F 12-05 => 90",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn the_lot_of_another_that_it_took_from_is_in_the_count_too() {
    let life = check(
        &with_c(100),
        "promise M1 A 3 12-05
         promise M2 A 7 12-07
         fulfil M2
         count A@F 3
         atp A@F 12-10 => 0
         count C@F 90
         cancel M1
         atp A@F 12-10 => 3",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn a_lot_that_it_did_not_need_stays_planned() {
    let both = with(&with_c(100), "on_hand: item,location,quantity; C,F,100; A,F,7");
    let life = check(
        &both,
        "promise M1 A 10 12-05 => 10 on 12-05
         promise M2 A 7 12-07 => 7 on 12-07
         cancel M2
         promise M3 A 2 12-08
         fulfil M1
         count A@F 4
         atp A@F 12-10 => 2
         cancel M3",
    );
    drop(life);
}

#[test]
fn what_ships_in_part_is_a_promise_of_its_own() {
    let life = check(
        &pumps(20),
        "promise SO1 P 15 11-24
         fulfil SO1 10
         get P2 => fulfilled 10: 10 on 11-24
         get P1 => confirmed 5: 5 on 11-24
         atp P@H 11-24 => 5
         fulfil P1 6 => 6 of P1: 5 are promised
         count P@H 10
         atp P@H 11-24 => 5
         fulfil P1
         count P@H 5",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn the_earliest_leg_ships_first() {
    let two = with(
        &pumps(5),
        "supplies: supply,type,item,location,date,quantity; S1,work_order,P,H,2026-11-28,10
         atp_rules: rule,split; split,true
         atp_rule_assignments: rule,item; split,P",
    );
    check(
        &two,
        "promise SO1 P 9 11-24 => 5 on 11-24, 4 on 11-28
         fulfil SO1 6
         get P1 => confirmed 3: 3 on 11-28
         get P2 => fulfilled 6: 5 on 11-24, 1 on 11-28",
    );
}

#[test]
fn a_hold_does_not_ship() {
    check(
        &pumps(5),
        "hold SO1 P 2 11-24
         fulfil SO1 => P1 is held: it cannot be fulfilled",
    );
}

#[test]
fn a_shipment_that_is_taken_back_is_confirmed_again() {
    let life = check(
        &pumps(20),
        "promise SO1 P 5 11-28
         fulfil SO1
         reopen SO1
         get SO1 => confirmed 5: 5 on 11-28
         balance P@H 11-27 => 20
         balance P@H 11-28 => 15
         fulfil SO1
         count P@H 15
         reopen SO1
         atp P@H 11-28 => 15
         balance P@H 11-23 => 20
         count P@H 20
         atp P@H 11-28 => 15
         cancel SO1",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn a_lot_comes_back_with_its_shipment() {
    let life = check(
        &with_c(100),
        "promise M1 A 3 12-05
         fulfil M1
         reopen M1
         atp A@F 12-05 => 7
         cancel M1",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn a_snapshot_that_knows_of_the_shipment_has_it_in_its_stock() {
    let mut life = Life::new(&with_c(100));
    life.script("promise M1 A 3 12-05\nfulfil M1 all 2026-11-24T10:00:00Z");
    let same = with_c(100);
    life.refresh(snapshot("S2", "2026-11-24", "on_hand=2026-11-24T09:00:00Z", &same));
    life.script("atp A@F 12-05 => 7\natp C@F 12-05 => 90");
    let made = with(&same, "on_hand: item,location,quantity; C,F,90; A,F,7");
    let marks = "on_hand=2026-11-24T10:00:00Z erp=2026-11-20T00:00:00Z";
    life.refresh(snapshot("S3", "2026-11-24", marks, &made));
    life.script("atp A@F 11-24 => 7\natp C@F 12-05 => 90");
    assert!(life.is_as_loaded());
    life.replays();
}

#[test]
fn what_has_shipped_below_zero_puts_others_at_risk() {
    check(
        &with(
            &pumps(5),
            "supplies: supply,type,item,location,date,quantity; S1,work_order,P,H,2026-11-28,5",
        ),
        "promise SO1 P 5 11-24
         promise SO2 P 5 11-28
         fulfil SO2 all 2026-11-23T15:00:00Z
         get SO1 => confirmed 5: 5 on 11-24 at risk",
    );
}

#[test]
fn a_source_that_says_shipped_ships_the_live_promises() {
    let open = with(
        &pumps(20),
        "demands: demand,type,item,location,date,quantity; SO1/1,sales_order,P,H,2026-11-25,10",
    );
    let mut life = Life::new(&open);
    life.script("promise SO1 P 10 11-25");
    life.change("demand_shipped demand=SO1/1 quantity=4", instant("2026-11-24T10:00:00Z"));
    life.script(
        "get P2 => fulfilled 4: 4 on 11-25
         get P1 => confirmed 6: 6 on 11-25
         atp P@H 11-25 => 10",
    );
    life.change("demand_shipped demand=SO1/1", instant("2026-11-25T10:00:00Z"));
    life.script(
        "get P1 => fulfilled 6: 6 on 11-25
         atp P@H 11-25 => 10
         count P@H 10 2026-11-26T00:00:00Z
         atp P@H 11-25 => 10",
    );
    assert!(life.is_as_loaded());
    life.replays();
}

#[test]
fn a_hold_is_confirmed_first_and_a_line_without_a_row_ships_too() {
    let mut life = Life::new(&pumps(20));
    life.script("hold SO1 P 10 11-25");
    life.change("demand_shipped demand=SO1/1", instant("2026-11-25T10:00:00Z"));
    life.script("get P1 => fulfilled 10: 10 on 11-25\natp P@H 11-25 => 10");
    life.replays();
}

#[test]
fn the_source_tells_again_what_was_told_here() {
    let open = with(
        &pumps(20),
        "demands: demand,type,item,location,date,quantity; SO1/1,sales_order,P,H,2026-11-25,10",
    );
    let mut life = Life::new(&open);
    life.script("promise SO1 P 10 11-25\nfulfil SO1\natp P@H 11-25 => 10");
    life.change("demand_shipped demand=SO1/1", instant("2026-11-25T10:00:00Z"));
    life.script("atp P@H 11-25 => 10\ncount P@H 10 2026-11-26T00:00:00Z\natp P@H 11-25 => 10");
    life.replays();
}

#[test]
fn a_promise_that_its_source_absorbed_ships_and_its_row_is_silent() {
    let open = with(
        &pumps(20),
        "demands: demand,type,item,location,date,quantity; SO1/1,sales_order,P,H,2026-11-28,10",
    );
    let mut life = Life::new(&pumps(20));
    life.script("promise SO1 P 10 11-25");
    life.refresh(snapshot("S2", "2026-11-23", "erp=2026-11-23T23:00:00Z", &open));
    life.script(
        "balance P@H 11-26 => 20
         fulfil SO1 all 2026-11-24T10:00:00Z
         balance P@H 11-26 => 10
         balance P@H 11-29 => 10
         count P@H 10 2026-11-24T11:00:00Z
         balance P@H 11-29 => 10",
    );
    life.replays();
}

/// What gave has been counted, what it took has not: the end of the rest forgets neither.
#[test]
fn what_a_shipped_lot_took_waits_for_its_own_count_though_the_rest_ends() {
    for ends in ["cancel M1", "amend M1 A 1 12-20\n cancel M1"] {
        let script = format!(
            "promise M1 A 5 12-05
             fulfil M1 2
             count A@F 8
             {ends}
             count C@F 90"
        );
        let mut life = Life::new(&with_c(100));
        life.script(&script);
        life.script("atp C@F 12-20 => 90\natp A@F 12-20 => 8");
        assert!(life.is_as_loaded(), "{ends}");
        life.replays();
    }
}
