//! Capable to promise, worked out by hand. As of Monday 2026-11-23; days are calendar days.

use super::checks::{lines, promised};
use super::selfcheck::{told, world};

const ITEMS: (&str, &str) = ("items", "item unit_cost\n BIKE 50\n WHEEL 4\n TYRE 1");
const SHOPS: (&str, &str) = ("locations", "location\n BER\n HAM");

/// Lots, hours latest day first, components on the start day of the operation; the surplus is
/// everyone's.
#[test]
fn make_in_lots() {
    let world = world(
        20,
        &[
            ITEMS,
            SHOPS,
            ("on_hand", "item location quantity\n WHEEL BER 30"),
            ("resources", "resource location hours_per_day cost_per_hour\n SAW BER 4 3"),
            (
                "work_definitions",
                "work_definition item location fixed_days lot_multiple unit_cost
                 WD              BIKE BER      1          5            7",
            ),
            ("work_definition_components", "work_definition component quantity\n WD WHEEL 2"),
            (
                "work_definition_operations",
                "work_definition operation resource hours\n WD 10 SAW 1",
            ),
        ],
    );
    let rows = promised(
        &world,
        "order item  quantity requested_date location
         A     BIKE  8        2026-11-24     BER
         B     BIKE  2        2026-11-25     BER
         C     BIKE  1        2026-11-25     BER
         D     WHEEL 1        2026-11-25     BER
         E     BIKE  5        2026-11-25     BER",
    );
    let expected = [
        // 10 started, 10 hours: 4 on day 2, 4 on day 1, 2 on day 0
        "late 1 BIKE BER 8 11-25 11-25 1",
        "on_time 1 BIKE BER 2 11-25 11-25 0",
        // 5 started: 4 hours on day 3, 1 on day 0
        "late 1 BIKE BER 1 11-26 11-26 1",
        // 30 - 20 - 10
        "unavailable 0   0 - - 0",
        "unavailable 0   0 - - 0",
    ];
    assert_eq!(told(&rows), expected);
    // 20 wheels x 4 + 10 started x 7 + 10 hours x 3
    assert_eq!(rows[0][0].cost, 180_000_000);
    assert_eq!(rows[1][0].cost, 100_000_000);
}

/// Minimum and multiple of the whole purchase, the supplier's capacity a day, lead time on its
/// calendar.
#[test]
fn buy() {
    let world = world(
        20,
        &[
            ITEMS,
            SHOPS,
            ("calendars", "calendar working_days\n WEEK Mon~Tue~Wed~Thu~Fri"),
            ("suppliers", "supplier calendar\n ACME WEEK"),
            (
                "item_suppliers",
                "item supplier lead_time_days minimum_quantity lot_multiple capacity_per_day unit_cost location
                 TYRE ACME     3              10               4            6                2         BER",
            ),
        ],
    );
    let rows = promised(
        &world,
        "order item quantity requested_date
         A     TYRE 9        2026-11-24
         B     TYRE 3        2026-11-27
         C     TYRE 1        2026-11-27",
    );
    let expected = [
        // 12 bought: 6 on Thursday, 6 on Friday
        "late 1 TYRE BER 9 11-27 11-27 3",
        "on_time 1 TYRE BER 3 11-27 11-27 0",
        // 12 bought: Monday and Tuesday
        "late 1 TYRE BER 1 12-01 12-01 4",
    ];
    assert_eq!(told(&rows), expected);
    assert_eq!(rows[0][0].cost, 18_000_000);
}

/// The cheapest method in time, the latest departure; a transfer from there is not asked again.
#[test]
fn transfer() {
    let world = world(
        20,
        &[
            ITEMS,
            SHOPS,
            ("on_hand", "item location quantity\n TYRE HAM 10\n TYRE BER 1"),
            (
                "shipping_lanes",
                "origin destination ship_method transit_days cost_per_unit
                 HAM BER truck 4 1\n HAM BER air 1 5\n BER HAM truck 1 1",
            ),
            ("sourcing_rules", "rule source_type source\n H transfer HAM\n B transfer BER"),
            ("sourcing_assignments", "rule item location\n H TYRE BER\n B TYRE HAM"),
        ],
    );
    let rows = promised(
        &world,
        "order item quantity requested_date location
         A     TYRE 3        2026-11-24     BER
         B     TYRE 3        2026-11-27     BER
         C     TYRE 3        2026-11-23     BER
         D     TYRE 3        2026-11-27     BER",
    );
    let expected = [
        "on_time 1 TYRE BER 3 11-24 11-24 0",
        "on_time 1 TYRE BER 3 11-27 11-27 0",
        "late 1 TYRE BER 3 11-24 11-24 1",
        "unavailable 0   0 - - 0",
    ];
    assert_eq!(told(&rows), expected);
    let costs: Vec<i64> = rows.iter().map(|rows| rows[0].cost / 1_000_000).collect();
    assert_eq!(costs, [13, 6, 18, 0]);
}

/// Stock that only a later commitment waits for is taken if it can be replaced by then; forecast is
/// not borrowed from.
#[test]
fn replenish_by_commitment() {
    let answer = |kind: &str, replenish_by: &str| {
        let demand =
            format!("demand type item location date quantity\n D {kind} TYRE BER 2026-11-28 10");
        let rules = format!("rule replenish_by\n R {replenish_by}");
        let world = world(
            20,
            &[
                ITEMS,
                SHOPS,
                ("on_hand", "item location quantity\n TYRE BER 10"),
                ("demands", &demand),
                ("item_suppliers", "item supplier lead_time_days\n TYRE ACME 4"),
                ("suppliers", "supplier\n ACME"),
                ("atp_rules", &rules),
                ("atp_rule_assignments", "rule\n R"),
            ],
        );
        let line = "order item quantity requested_date\n A TYRE 6 2026-11-24";
        lines(&world, line).remove(0)
    };
    let on_time = "on_time 1 TYRE BER 6 11-24 11-24 0";
    let late = "late 1 TYRE BER 6 11-27 11-27 3";
    assert_eq!(answer("sales_order", "-"), on_time);
    assert_eq!(answer("forecast", "-"), late);
    assert_eq!(answer("sales_order", "need_day"), late);
}

/// Outside the ATP fence make or buy comes before stock, so that the stock near stays.
#[test]
fn outside_the_fence() {
    let world = world(
        20,
        &[
            ITEMS,
            SHOPS,
            ("on_hand", "item location quantity\n TYRE BER 10"),
            ("item_suppliers", "item supplier lead_time_days location\n TYRE ACME 4 BER"),
            ("suppliers", "supplier\n ACME"),
            ("atp_rules", "rule atp_fence_days search_sources\n R 4 true"),
            ("atp_rule_assignments", "rule\n R"),
        ],
    );
    let answers = lines(
        &world,
        "order item quantity requested_date
         A     TYRE 6        2026-11-28
         B     TYRE 6        2026-11-27
         C     TYRE 4        2026-11-23
         D     TYRE 1        2026-11-23",
    );
    let expected = [
        "on_time 1 TYRE BER 6 11-28 11-28 0",
        "on_time 1 TYRE BER 6 11-27 11-27 0",
        "on_time 1 TYRE BER 4 11-23 11-23 0",
        // B waits for its 6 until day 4, when they can be bought
        "on_time 1 TYRE BER 1 11-23 11-23 0",
    ];
    assert_eq!(answers, expected);
}

/// A maximum makes several work orders; an alternate resource where hours lack; a component that is
/// short in part is filled up by its substitute.
#[test]
fn alternates_and_substitutes() {
    let world = world(
        20,
        &[
            ITEMS,
            ("locations", "location\n BER"),
            ("on_hand", "item location quantity\n WHEEL BER 3\n TYRE BER 100"),
            (
                "resources",
                "resource location hours_per_day cost_per_hour\n SAW BER 2 3\n LASER BER 8 5",
            ),
            ("work_definitions", "work_definition item location maximum_quantity\n WD BIKE BER 4"),
            (
                "work_definition_components",
                "work_definition component quantity substitute_of\n WD WHEEL 1 -\n WD TYRE 2 WHEEL",
            ),
            (
                "work_definition_operations",
                "work_definition operation resource hours alternate_rank
                 WD              10        SAW      1     0
                 WD              10        LASER    1     1",
            ),
        ],
    );
    let rows = promised(
        &world,
        "order item quantity requested_date
         A     BIKE 6        2026-11-23
         B     BIKE 1        2026-11-23",
    );
    let expected = ["on_time 1 BIKE BER 6 11-23 11-23 0", "on_time 1 BIKE BER 1 11-23 11-23 0"];
    assert_eq!(told(&rows), expected);
    // 4 hours of LASER, 2 of SAW, 3 wheels, 6 tyres; 1 hour of LASER, 2 tyres
    let costs = [20 + 6 + 12 + 6, 5 + 2].map(|cost: i64| cost * 1_000_000);
    assert_eq!([rows[0][0].cost, rows[1][0].cost], costs);
}
