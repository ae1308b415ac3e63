//! Issue 16, item 6: supply that the source does not peg takes the place of what was planned.

use promised::loader;

use super::{Life, Tables, instant, planned::lots, snapshot, with};

fn with_c(quantity: u32) -> Tables {
    with(&lots(), &format!("on_hand: item,location,quantity; C,F,{quantity}"))
}

/// M1 is known, and a work order of so many, without its peg.
fn known(work_orders: &str) -> Tables {
    let components: Vec<String> = work_orders
        .split(';')
        .map(|row| {
            let cells: Vec<&str> = row.trim().split(',').collect();
            format!("{}/C,work_order_component,C,F,2026-12-04,{}", cells[0], cells[5])
        })
        .collect();
    with(
        &with_c(100),
        &format!(
            "demands: demand,type,item,location,date,quantity; M1/1,sales_order,A,F,2026-12-05,3; {}
             supplies: supply,type,item,location,date,quantity,demand; {work_orders}",
            components.join("; ")
        ),
    )
}

fn promised() -> Life {
    let mut life = Life::new(&with_c(100));
    life.script("promise M1 A 3 12-05 => 3 on 12-05\natp A@F 12-06 => 7\natp C@F 12-06 => 90");
    life
}

#[test]
fn a_work_order_without_a_peg_takes_the_place_of_the_planned_lot() {
    let mut life = promised();
    let said = life.refresh(snapshot(
        "S2",
        "2026-11-24",
        "",
        &known("WO-1,work_order,A,F,2026-12-05,10,"),
    ));
    assert_eq!(said, ["10 of A@F, planned for P1: WO-1 has taken its place"]);
    life.script("atp A@F 12-06 => 7\natp C@F 12-06 => 90");
    life.replays();
}

#[test]
fn what_was_taken_over_stays_so_when_the_supply_is_gone_again() {
    let mut life = promised();
    life.refresh(snapshot("S2", "2026-11-24", "", &known("WO-1,work_order,A,F,2026-12-05,10,")));
    let made = with(
        &with_c(90),
        "on_hand: item,location,quantity; C,F,90; A,F,10
         demands: demand,type,item,location,date,quantity; M1/1,sales_order,A,F,2026-12-05,3",
    );
    life.refresh(snapshot("S3", "2026-11-25", "", &made));
    life.script("atp A@F 12-06 => 7\natp C@F 12-06 => 90");
    // An older one brings the planned lot back.
    life.refresh(snapshot("S1", "2026-11-23", "", &with_c(100)));
    life.script("atp A@F 12-06 => 7\natp C@F 12-06 => 90");
    life.replays();
}

#[test]
fn orders_that_are_numbered_anew_every_night_swallow_nothing() {
    let before = with(
        &with_c(100),
        "supplies: supply,type,item,location,date,quantity; PL-1,planned_order,A,F,2026-12-20,20",
    );
    let mut life = Life::new(&before);
    life.script("promise M1 A 3 12-05 => 3 on 12-05\natp A@F 12-06 => 7");
    let next = with(
        &before,
        "supplies: supply,type,item,location,date,quantity; PL-2,planned_order,A,F,2026-12-20,20",
    );
    let next = with(
        &next,
        "demands: demand,type,item,location,date,quantity; M1/1,sales_order,A,F,2026-12-05,3",
    );
    let said = life.refresh(snapshot("S2", "2026-11-24", "", &next));
    assert_eq!(said, [""; 0]);
    life.script("atp A@F 12-06 => 7");
    // Five more than were lost are new.
    let more = with(
        &next,
        "supplies: supply,type,item,location,date,quantity; PL-3,planned_order,A,F,2026-12-20,25",
    );
    life.refresh(snapshot("S3", "2026-11-25", "", &more));
    life.script("atp A@F 12-06 => 2\natp C@F 12-06 => 95");
    life.replays();
}

#[test]
fn the_rest_of_a_lot_stays_planned_in_proportion_and_the_oldest_goes_first() {
    let mut life = promised();
    life.script("promise M2 A 10 12-09 => 10 on 12-09\natp C@F 12-10 => 80");
    let tables = with(
        &with_c(100),
        "demands: demand,type,item,location,date,quantity; M1/1,sales_order,A,F,2026-12-05,3; M2/1,sales_order,A,F,2026-12-09,10
         supplies: supply,type,item,location,date,quantity; WO-1,work_order,A,F,2026-12-05,14",
    );
    life.refresh(snapshot("S2", "2026-11-24", "", &tables));
    // Of 10 and 10 there are 6 left of the second: 14 + 6 - 13.
    life.script("atp A@F 12-10 => 7\natp C@F 12-10 => 94");
    life.replays();
}

#[test]
fn a_peg_to_another_line_takes_nobody_elses_place_and_one_to_the_line_does() {
    let mut life = promised();
    life.refresh(snapshot(
        "S2",
        "2026-11-24",
        "",
        &known("WO-1,work_order,A,F,2026-12-05,10,X9/1"),
    ));
    life.script("atp A@F 12-06 => 17\natp C@F 12-06 => 80");
    let mut life = promised();
    life.refresh(snapshot("S2", "2026-11-24", "", &known("WO-1,work_order,A,F,2026-12-05,4,M1/1")));
    life.script("atp A@F 12-06 => 7\natp C@F 12-06 => 90");
    life.replays();
}

#[test]
fn another_kind_takes_nothing() {
    let mut life = promised();
    life.refresh(snapshot(
        "S2",
        "2026-11-24",
        "",
        &known("PO-1,purchase_order,A,F,2026-12-05,10,"),
    ));
    life.script("atp A@F 12-06 => 17");
}

#[test]
fn a_supply_that_a_net_change_adds_takes_the_place_at_once_and_is_no_gain_later() {
    let mut life = promised();
    life.change(
        "supply_added supply=WO-1 type=work_order item=A location=F date=2026-12-05 quantity=10
         demand_created demand=WO-1/C type=work_order_component item=C location=F date=2026-12-04 quantity=10",
        instant("2026-11-23T12:00:00Z"),
    );
    life.script("atp A@F 12-06 => 7\natp C@F 12-06 => 90\npromise M2 A 10 12-09 => 10 on 12-09");
    let next = with(
        &known("WO-1,work_order,A,F,2026-12-05,10,"),
        "demands: demand,type,item,location,date,quantity; M1/1,sales_order,A,F,2026-12-05,3; M2/1,sales_order,A,F,2026-12-09,10; WO-1/C,work_order_component,C,F,2026-12-04,10",
    );
    life.refresh(snapshot("S2", "2026-11-24", "", &next));
    life.script("atp A@F 12-10 => 7\natp C@F 12-10 => 80");
    life.replays();
}

#[test]
fn the_manifest_switches_the_unpegged_case_off() {
    let mut life = promised();
    let mut next = snapshot("S2", "2026-11-24", "", &known("WO-1,work_order,A,F,2026-12-05,10,"));
    next.takes_over = false;
    life.refresh(next);
    life.script("atp A@F 12-06 => 17\natp C@F 12-06 => 80");
}

#[test]
fn the_manifest_says_so_by_planned_supply() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("items.csv"), "item\nA\n").unwrap();
    std::fs::write(dir.path().join("locations.csv"), "location\nF\n").unwrap();
    let taken_over = |field: &str| {
        let manifest = format!("{{\"snapshot_id\": \"S\", \"as_of\": \"2026-11-24\"{field}}}");
        std::fs::write(dir.path().join("manifest.json"), manifest).unwrap();
        let loaded = loader::open(dir.path(), &loader::Silent).map_err(|error| error.to_string());
        loaded.map(|loaded| loaded.snapshot.expect("it has no errors").takes_over)
    };
    assert_eq!(taken_over(""), Ok(true));
    assert_eq!(taken_over(", \"planned_supply\": \"taken_over\""), Ok(true));
    assert_eq!(taken_over(", \"planned_supply\": \"pegged\""), Ok(false));
    let wrong = taken_over(", \"planned_supply\": \"never\"").unwrap_err();
    assert!(wrong.contains("planned_supply") && wrong.contains("\"pegged\""), "{wrong}");
}

#[test]
fn the_sources_cancellation_keeps_what_others_count_on() {
    let mut life = Life::new(&lots());
    life.script("promise M1 A 3 12-05\npromise M2 A 7 12-07");
    // Older than the watermark, and not there: M1 is gone at its source.
    let m2 = with(
        &lots(),
        "demands: demand,type,item,location,date,quantity; M2/1,sales_order,A,F,2026-12-07,7",
    );
    life.refresh(snapshot("S2", "2026-11-24", "", &m2));
    life.script("atp A@F 12-07 => 3\natp C@F 12-10 => 0\nget M2 => confirmed 7: 7 on 12-07");
    life.change("demand_cancelled demand=M2/1", instant("2026-11-24T12:00:00Z"));
    life.script("atp A@F 12-07 => 0\natp C@F 12-10 => 10");
    assert!(life.is_as_loaded());
    life.replays();
}
