//! Cases worked out by hand: dates at a ship-from, sourcing, rules. As of Monday 2026-11-23.

use super::selfcheck::{table, told, world};
use super::{ResultRow, World};

pub const ITEM: (&str, &str) = ("items", "item unit_cost list_price\n PUMP 2 10");
const WEEK: (&str, &str) = ("calendars", "calendar working_days\n WEEK Mon~Tue~Wed~Thu~Fri");

/// Promises a table of lines.
pub fn promised(world: &World, orders: &str) -> Vec<Vec<ResultRow>> {
    super::promise(world, &table(orders))
}

/// The told results of a table of lines.
pub fn lines(world: &World, orders: &str) -> Vec<String> {
    told(&promised(world, orders))
}

/// Section 4: pick-pack on the shipping calendar, cut-off, transit on the carrier's calendar,
/// receiving.
#[test]
fn dates_at_a_ship_from() {
    let world = world(
        30,
        &[
            ITEM,
            WEEK,
            (
                "locations",
                "location shipping_calendar pick_pack_days cutoff_time\n BER WEEK 1 15:00",
            ),
            ("customers", "customer zone receiving_calendar\n ACME DE WEEK"),
            ("zones", "zone parent\n DE EU\n EU -"),
            (
                "shipping_lanes",
                "origin destination ship_method transit_days\n BER EU truck 3\n BER EU air 1",
            ),
            ("on_hand", "item location quantity\n PUMP BER 100"),
        ],
    );
    let answers = lines(
        &world,
        "order item quantity requested_date date_type customer ordered_at           ship_method
         A     PUMP 1        2026-11-23     ship      ACME     -                    truck
         B     PUMP 1        2026-11-23     ship      ACME     2026-11-23T15:00:00Z truck
         C     PUMP 1        2026-11-23     ship      ACME     2026-11-23T15:00:01Z air
         D     PUMP 1        2026-12-07     arrival   ACME     -                    truck
         E     PUMP 1        2026-11-20     arrival   ACME     -                    air",
    );
    let expected = [
        // one day to pick; ships on Tuesday; there on Friday
        "late 1 PUMP BER 1 11-24 11-27 1",
        "late 1 PUMP BER 1 11-24 11-27 1",
        // counts from Tuesday
        "late 1 PUMP BER 1 11-25 11-26 2",
        // Friday + 3 days is Monday; Saturday and Sunday are no shipping days
        "on_time 1 PUMP BER 1 12-04 12-07 0",
        "late 1 PUMP BER 1 11-24 11-25 5",
    ];
    assert_eq!(answers, expected);
}

/// Section 4: the most specific global rule wins, ranks are its own, effective dates are of the
/// ship day.
#[test]
fn global_sourcing() {
    let world = world(
        30,
        &[
            ITEM,
            ("locations", "location handling_cost\n BER 1\n HAM 0\n MUC 0"),
            ("zones", "zone parent\n DE EU\n EU -"),
            ("on_hand", "item location quantity\n PUMP BER 10\n PUMP HAM 10\n PUMP MUC 10"),
            (
                "sourcing_rules",
                "rule source_type source rank effective_from
                 ALL  transfer    MUC    1    -
                 EU   transfer    HAM    2    -
                 EU   transfer    BER    1    2026-11-25",
            ),
            ("sourcing_assignments", "rule item zone\n ALL - -\n EU PUMP EU"),
            (
                "shipping_lanes",
                "origin destination transit_days cost_per_unit
                 BER DE 1 1\n HAM DE 1 2\n MUC DE 1 3\n MUC US 1 0",
            ),
        ],
    );
    let rows = promised(
        &world,
        "order item quantity requested_date zone
         A     PUMP 4        2026-11-24     DE
         B     PUMP 4        2026-11-25     DE
         C     PUMP 8        2026-11-25     DE
         D     PUMP 4        2026-11-25     -
         E     PUMP 4        2026-11-25     US",
    );
    let expected = [
        "on_time 1 PUMP HAM 4 11-24 11-25 0",
        "on_time 1 PUMP BER 4 11-25 11-26 0",
        "unavailable 0   0 - - 0",
        "on_time 1 PUMP MUC 4 11-25 11-25 0",
        "on_time 1 PUMP MUC 4 11-25 11-26 0",
    ];
    assert_eq!(told(&rows), expected);
    let money = |row: &ResultRow| (row.rank, row.cost / 1_000_000, row.profit / 1_000_000);
    // 4 x 2 supply + 4 x 2 freight; 4 x 2 supply + 4 x 1 freight + 1 handling
    assert_eq!(money(&rows[0][0]), (2, 16, 24));
    assert_eq!(money(&rows[1][0]), (1, 13, 27));
}

/// Section 2: the modes and the infinite fence; section 4: what a house can handle; latest date.
#[test]
fn modes_fences_and_limits() {
    let world = world(
        10,
        &[
            ("items", "item\n A\n B\n C\n D"),
            ("locations", "location order_lines_per_day\n BER 1"),
            ("on_hand", "item location quantity\n A BER 1\n B BER 1\n C BER 1\n D BER 10"),
            (
                "atp_rules",
                "rule mode      lead_time_days infinite_fence_days
                 INF  infinite  -              -
                 LEAD lead_time 4              -
                 FAR  supply    -              20",
            ),
            ("atp_rule_assignments", "rule item\n INF A\n LEAD B\n FAR C"),
        ],
    );
    let answers = lines(
        &world,
        "order item quantity requested_date latest_date
         1     A    50       2026-11-24     -
         2     B    50       2026-11-24     -
         3     C    50       2026-11-24     -
         4     D    1        2026-11-24     -
         5     D    1        2026-11-24     -
         6     D    1        2026-11-24     2026-11-25
         7     D    9        2026-11-24     2026-11-25
         8     A    1        2027-11-24     -",
    );
    let expected = [
        "on_time 1 A BER 50 11-24 11-24 0",
        "late 1 B BER 50 11-27 11-27 3",
        "late 1 C BER 50 12-13 12-13 19",
        "on_time 1 D BER 1 11-24 11-24 0",
        "late 1 D BER 1 11-25 11-25 1",
        "refused 0   0 - - 0",
        "unavailable 0   0 - - 0",
        "on_time 1 A BER 1 11-24 11-24 0",
    ];
    assert_eq!(answers, expected);
}

/// Small random worlds of every kind can be promised, the same way every time.
#[test]
fn random_worlds() {
    for kind in super::worlds::KINDS {
        for seed in 0..4 {
            let (world, orders) = super::worlds::world(seed, kind);
            let results = || super::promise_within(&world, &orders, 2_000);
            let first = results();
            assert_eq!(first, results());
            if let Some(results) = first {
                assert_eq!(results.len(), orders.len());
            }
        }
    }
}
