//! Issue 16, item 1: planned supply belongs to all who count on it.

use super::{Life, Tables, check, tables, with};

/// A is made in lots of 10 from C; B from C too.
pub fn lots() -> Tables {
    tables(
        "items: item; A; C; B
         locations: location; F
         on_hand: item,location,quantity; C,F,10
         work_definitions: work_definition,item,location,fixed_days,lot_multiple; WA,A,F,1,10; WB,B,F,1,
         work_definition_components: work_definition,component,quantity; WA,C,1; WB,C,1",
    )
}

fn with_c(quantity: u32) -> Tables {
    with(&lots(), &format!("on_hand: item,location,quantity; C,F,{quantity}"))
}

const SHARED: &str = "promise M1 A 3 12-05 => 3 on 12-05
    promise M2 A 7 12-07 => 7 on 12-07
    atp C@F 12-10 => 0";

#[test]
fn the_lot_goes_with_the_last_who_counts_on_it_whoever_made_it() {
    let life = check(
        &lots(),
        &format!(
            "{SHARED}
            cancel M1
            atp A@F 12-07 => 3
            atp C@F 12-10 => 0
            cancel M2
            atp C@F 12-10 => 10
            atp A@F 12-10 => 0
            promise X B 10 12-12 => 10 on 12-12"
        ),
    );
    assert_eq!(life.world().reservation(1).unwrap().plan.len(), 0);
}

/// Issue 19 item 2: the rests of many lots cost those nothing who only take; supply that its own promise takes
/// nothing of is looked at where something is given.
#[test]
fn who_only_takes_looks_at_nobody_elses_lots() {
    let tables = with(&lots(), "on_hand: item,location,quantity; C,F,10000");
    let mut life = Life::new(&tables);
    let work = |life: &mut Life, command: &str| {
        let before = life.ledger.work();
        life.script(command);
        life.ledger.work() - before
    };
    for number in 0..100 {
        assert_eq!(work(&mut life, &format!("promise M{number} A 7 12-05")), 1, "{number}");
    }
    // Its lot stays since others count on it, and is looked at by whoever gives to its account.
    assert_eq!(work(&mut life, "cancel M0"), 2);
    assert_eq!(work(&mut life, "promise N1 A 8 12-05"), 2);
    assert_eq!(work(&mut life, "promise B1 B 1 12-05"), 1);
    life.is_well("all");
}

#[test]
fn the_order_of_ending_does_not_matter() {
    for script in ["cancel M1\ncancel M2", "cancel M2\ncancel M1"] {
        let life = check(&lots(), &format!("{SHARED}\n{script}"));
        assert!(life.is_as_loaded(), "{script}");
    }
}

#[test]
fn holds_that_expire_leave_no_lot() {
    let life = check(
        &lots(),
        "hold M1 A 3 12-05 => 3 on 12-05
         hold M2 A 7 12-07 => 7 on 12-07
         expire",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn a_hold_that_is_confirmed_in_part_shares_its_lot() {
    let life = check(
        &lots(),
        "hold M1 A 9 12-05
         confirm P1 4
         expire
         atp A@F 12-05 => 6
         cancel P1",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn a_purchase_with_a_minimum_is_withdrawn_alike() {
    let bought = tables(
        "items: item; A
         locations: location; F
         suppliers: supplier; S
         item_suppliers: item,supplier,location,lead_time_days,minimum_quantity,capacity_per_day; A,S,F,3,50,60",
    );
    for script in ["cancel M1\ncancel M2", "cancel M2\ncancel M1"] {
        let life = check(
            &bought,
            &format!(
                "promise M1 A 3 12-05 => 3 on 12-05
                 promise M2 A 47 12-07 => 47 on 12-07
                 atp A@F 12-07 => 0
                 {script}"
            ),
        );
        assert!(life.is_as_loaded());
    }
}

#[test]
fn of_two_lots_the_one_that_is_not_needed_goes() {
    let two = with(
        &with_c(30),
        "work_definitions: work_definition,item,location,fixed_days,lot_multiple,maximum_quantity; WA,A,F,1,10,10",
    );
    let two = with(&two, "work_definition_components: work_definition,component,quantity; WA,C,1");
    let life = check(
        &two,
        "promise M1 A 13 12-05 => 13 on 12-05
         atp A@F 12-05 => 7
         atp C@F 12-05 => 10
         cancel M1 8
         atp A@F 12-05 => 5
         atp C@F 12-05 => 20
         cancel M1",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn a_lot_that_another_counts_on_stays_when_its_owner_shrinks() {
    let two = with(
        &with_c(30),
        "work_definitions: work_definition,item,location,fixed_days,lot_multiple,maximum_quantity; WA,A,F,1,10,10",
    );
    let two = with(&two, "work_definition_components: work_definition,component,quantity; WA,C,1");
    check(
        &two,
        "promise M1 A 13 12-05
         promise M2 A 7 12-05 => 7 on 12-05
         cancel M1 8
         atp C@F 12-05 => 10
         atp A@F 12-05 => 8
         cancel M2
         atp C@F 12-05 => 20
         atp A@F 12-05 => 5",
    );
}

#[test]
fn amending_beside_a_shared_lot_keeps_what_others_count_on() {
    let life = check(
        &with_c(100),
        "promise M1 A 3 12-05
         promise M2 A 7 12-07
         amend M1 A 3 12-20 => 3 on 12-20
         amend M1 A 5 12-20 => 5 on 12-20
         get M2 => confirmed 7: 7 on 12-07
         cancel M2
         cancel M1",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn what_only_the_amended_promise_counted_on_is_withdrawn_first() {
    // 10 of C are there: the lot of 12-05 must go before one for 12-20 can be made.
    let life = check(
        &lots(),
        "promise M1 A 3 12-05
         amend M1 A 3 12-20 => 3 on 12-20
         atp A@F 12-20 => 7
         atp C@F 12-10 => 0
         cancel M1",
    );
    assert!(life.is_as_loaded());
}

#[test]
fn parts_go_with_the_goods_from_the_top_down() {
    let deep = tables(
        "items: item; A; P; Q
         locations: location; F
         on_hand: item,location,quantity; Q,F,100
         work_definitions: work_definition,item,location,fixed_days,lot_multiple; WA,A,F,1,10; WP,P,F,1,25
         work_definition_components: work_definition,component,quantity; WA,P,1; WP,Q,1",
    );
    for script in ["cancel M1\ncancel M2\ncancel M3", "cancel M3\ncancel M1\ncancel M2"] {
        let life = check(
            &deep,
            &format!(
                "promise M1 A 3 12-05 => 3 on 12-05
                 promise M2 A 7 12-07 => 7 on 12-07
                 promise M3 A 2 12-09 => 2 on 12-09
                 atp P@F 12-10 => 5
                 atp Q@F 12-10 => 75
                 {script}"
            ),
        );
        assert!(life.is_as_loaded(), "{script}");
    }
    check(
        &deep,
        "promise M1 A 3 12-05
         promise M3 A 12 12-09
         cancel M1
         atp P@F 12-10 => 5",
    );
}

#[test]
fn a_shortage_of_the_snapshot_by_itself_holds_nothing() {
    let short = with(
        &with_c(20),
        "demands: demand,type,item,location,date,quantity; O9/1,sales_order,A,F,2026-12-10,5",
    );
    let life = check(&short, "promise M1 A 3 12-12 => 3 on 12-12\ncancel M1");
    assert!(life.is_as_loaded());
}

#[test]
fn supply_that_comes_in_frees_what_was_planned() {
    let mut life = Life::new(&with_c(30));
    life.script(
        "promise M1 A 3 12-05
         promise M2 A 7 12-07
         cancel M1
         atp C@F 12-10 => 20",
    );
    let comes =
        "supply_added supply=W9 type=in_transit item=A location=F date=2026-12-06 quantity=7";
    // What if it came in: as it will be when it does.
    let imagined = life.world().with_changes(&super::changes(comes)).unwrap();
    assert_eq!(promised::ledger::planned::idle(&imagined), []);
    life.change(comes, 0);
    life.script("atp C@F 12-10 => 30\natp A@F 12-07 => 0");
    life.replays();
}

#[test]
fn what_has_begun_stays_until_the_next_snapshot() {
    let mut life = Life::new(&lots());
    life.script("promise M1 A 3 12-05");
    let later = super::snapshot(
        "S2",
        "2026-12-05",
        "",
        &with(
            &lots(),
            "demands: demand,type,item,location,date,quantity; M1/1,sales_order,A,F,2026-12-05,3",
        ),
    );
    life.refresh(later);
    // Its first operation was yesterday.
    life.script("cancel M1\natp A@F 12-05 => 7\natp C@F 12-10 => 0");
    life.refresh(super::snapshot("S3", "2026-12-05", "", &lots()));
    life.script("atp C@F 12-10 => 10\natp A@F 12-05 => 0");
    life.replays();
}
