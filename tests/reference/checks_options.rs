//! Splits, substitutes and sets, worked out by hand. As of Monday 2026-11-23.

use super::World;
use super::checks::lines;
use super::selfcheck::world;

const ITEMS: (&str, &str) = ("items", "item lot_multiple\n A -\n B -\n C -\n DOZEN 12");
const HOUSES: (&str, &str) = ("locations", "location\n BER\n HAM");

fn stock() -> World {
    world(
        20,
        &[
            ITEMS,
            HOUSES,
            ("on_hand", "item location quantity\n A BER 6\n A HAM 3\n B BER 20\n DOZEN BER 30"),
            (
                "supplies",
                "supply type           item location date       quantity
                 P1     purchase_order A    BER      2026-11-25 2
                 P2     purchase_order A    BER      2026-12-01 5
                 P3     purchase_order A    HAM      2026-11-27 1",
            ),
        ],
    )
}

/// "What can be on time goes on time, the rest in whole on its earliest date"; minimum; more legs;
/// the most that ever comes; lots.
#[test]
fn split_by_date() {
    let line = |rest: &str| {
        let header = "order item location quantity requested_date split";
        let columns = "min_split_quantity max_splits latest_date";
        lines(&stock(), &format!("{header} {columns}\n 1 {rest}"))
    };
    assert_eq!(
        line("A BER 9 2026-11-23 true - - -"),
        ["late 1 A BER 6 11-23 11-23 0", "late 2 A BER 3 12-01 12-01 8"]
    );
    // the rest would be 3, under the minimum of 4
    assert_eq!(
        line("A BER 9 2026-11-23 true 4 - -"),
        ["late 1 A BER 5 11-23 11-23 0", "late 2 A BER 4 12-01 12-01 8"]
    );
    assert_eq!(line("A BER 9 2026-11-23 true 5 - -"), ["late 1 A BER 9 12-01 12-01 8"]);
    assert_eq!(
        line("A BER 10 2026-11-23 true - 3 -"),
        [
            "late 1 A BER 6 11-23 11-23 0",
            "late 2 A BER 2 11-25 11-25 2",
            "late 3 A BER 2 12-01 12-01 8"
        ]
    );
    assert_eq!(
        line("A BER 20 2026-11-23 true - - -"),
        ["partial 1 A BER 6 11-23 11-23 0", "partial 2 A BER 7 12-01 12-01 8"]
    );
    // the last leg is the most that there is by the latest date
    assert_eq!(
        line("A BER 9 2026-11-23 true - - 2026-11-30"),
        ["partial 1 A BER 6 11-23 11-23 0", "partial 2 A BER 2 11-25 11-25 2"]
    );
    assert_eq!(
        line("DOZEN BER 36 2026-11-23 true - - -"),
        ["partial 1 DOZEN BER 24 11-23 11-23 0"]
    );
}

/// "By ship-from: in order of rank; ship-froms of equal rank by name; the last takes the rest."
#[test]
fn split_by_ship_from() {
    let line = |rest: &str| {
        let header = "order item quantity requested_date split max_splits";
        lines(&stock(), &format!("{header}\n 1 {rest}"))
    };
    assert_eq!(
        line("A 8 2026-11-23 true -"),
        ["on_time 1 A BER 6 11-23 11-23 0", "on_time 2 A HAM 2 11-23 11-23 0"]
    );
    assert_eq!(
        line("A 10 2026-11-23 true -"),
        ["late 1 A BER 6 11-23 11-23 0", "late 2 A HAM 4 11-27 11-27 4"]
    );
    assert_eq!(line("A 9 2026-11-23 false -"), ["late 1 A BER 9 12-01 12-01 8"]);
}

/// "By rank, with ratio, one-way or reciprocal, chains followed; tried after the item itself is not
/// on time in full"; "a substitute is tried before a split".
#[test]
fn substitutes() {
    let mut world = stock();
    let rows = super::selfcheck::table(
        "item substitute rank ratio reciprocal
         A    C          1    1     false
         B    C          2    0.5   true",
    );
    world.tables.insert("item_substitutes".to_string(), rows);
    let line = |rest: &str| {
        let header = "order item quantity requested_date substitutes split";
        lines(&world, &format!("{header}\n 1 {rest}"))
    };
    // A -> C -> B: one A is one C is two B
    assert_eq!(line("A 7 2026-11-23 true -"), ["on_time 1 B BER 14 11-23 11-23 0"]);
    assert_eq!(line("A 6 2026-11-23 true -"), ["on_time 1 A BER 6 11-23 11-23 0"]);
    // the leg that carries most comes first: 20 B stand for 10 A, and A gives the rest
    assert_eq!(
        line("A 12 2026-11-23 true true"),
        ["on_time 1 B BER 20 11-23 11-23 0", "on_time 2 A BER 2 11-23 11-23 0"]
    );
    assert_eq!(line("B 4 2026-11-23 true true"), ["on_time 1 B BER 4 11-23 11-23 0"]);
}

/// A ship set leaves one location on one day; an arrival set arrives on one day, from anywhere.
#[test]
fn sets() {
    let orders = "order line item quantity requested_date ship_set arrival_set
         1     1    A    7        2026-11-23     S        -
         1     2    B    5        2026-11-23     -        -
         1     3    B    1        2026-11-24     S        -
         2     1    A    4        2026-11-23     -        X
         2     2    B    14       2026-11-23     -        X
         3     1    A    2        2026-11-23     S        -
         3     2    B    20       2026-11-23     S        -
         4     1    A    2        2026-11-23     -        -";
    let expected = [
        "late 1 A BER 7 11-25 11-25 2",
        "on_time 1 B BER 5 11-23 11-23 0",
        "late 1 B BER 1 11-25 11-25 1",
        "late 1 A HAM 4 11-27 11-27 4",
        "late 1 B BER 14 11-27 11-27 4",
        "unavailable 0   0 - - 0",
        "unavailable 0   0 - - 0",
        "late 1 A BER 2 12-01 12-01 8",
    ];
    let answers = lines(&stock(), orders);
    assert_eq!(answers, expected);
}
