//! Issue 16, item 3: planned supply that is overdue counts no more.

use super::{Life, planned::lots, snapshot, with};

fn marks(at: &str) -> String {
    format!("erp={at}")
}

#[test]
fn a_lot_that_nobody_made_does_not_count_after_its_day() {
    let mut life = Life::new(&lots());
    life.script("promise M1 A 3 11-26 => 3 on 11-26\npromise M2 A 7 12-20 => 7 on 12-20");
    let later = with(
        &lots(),
        "demands: demand,type,item,location,date,quantity; M1/1,sales_order,A,F,2026-11-26,3; M2/1,sales_order,A,F,2026-12-20,7",
    );
    let said = life.refresh(snapshot("S2", "2026-12-10", "", &later));
    assert_eq!(said, ["10 of A@F on 2026-11-26, planned for P1: overdue, counts no more"]);
    life.script(
        "atp C@F 12-10 => 10
         balance A@F 12-21 => -10
         get M2 => confirmed 7: 7 on 12-20 at risk",
    );
    life.replays();
}

#[test]
fn one_that_has_come_is_on_hand_and_nobody_is_at_risk() {
    let mut life = Life::new(&lots());
    life.script("promise M1 A 3 11-26");
    let later = with(
        &lots(),
        "demands: demand,type,item,location,date,quantity; M1/1,sales_order,A,F,2026-12-11,3
         on_hand: item,location,quantity; A,F,10",
    );
    life.refresh(snapshot("S2", "2026-12-10", "", &later));
    life.script("atp A@F 12-12 => 7\nget M1 => confirmed 3: 3 on 11-26");
    life.replays();
}

#[test]
fn a_lot_of_today_still_comes_and_one_from_which_goods_shipped_goes_by_the_count() {
    let mut life = Life::new(&lots());
    life.script("promise M1 A 3 11-26\nfulfil M1 all 2026-11-27T10:00:00Z");
    let later = lots();
    let marks = marks("2026-11-27T09:00:00Z");
    life.refresh(snapshot("S2", "2026-12-10", &marks, &later));
    life.script("atp A@F 12-10 => 7\natp C@F 12-10 => 0\ncount A@F 7 2026-12-10T08:00:00Z\natp A@F 12-10 => 7");
    let mut life = Life::new(&lots());
    life.script("promise M1 A 3 11-26");
    life.refresh(snapshot("S2", "2026-11-26", "erp=2026-11-23T00:00:00Z", &lots()));
    life.script("atp A@F 11-26 => 7");
}
