//! Splits and substitutes as a law and as alternatives (semantics 12.4; issue 17 items 6 and 7).

use crate::{reference::worlds, scenarios, support};
use promised::{
    ledger::World as Live,
    model::Quantity,
    promising::{self, answer::LineResult, request::Request},
};
use std::sync::Arc;

/// The answer to a line alone, with so many legs allowed.
fn with_legs(live: &Live, request: &Request, legs: u16) -> LineResult {
    let mut request = request.clone();
    request.lines.truncate(1);
    let line = &mut request.lines[0];
    (line.ship_set, line.arrival_set) = (None, None);
    (line.split, line.max_splits) = (Some(true), Some(legs));
    let query = request.resolve(&live.snapshot).expect("random orders name what exists");
    promising::plan(live, &query).lines.remove(0)
}

fn promised(result: &LineResult) -> Quantity {
    result.option.as_ref().map_or(Quantity::ZERO, |option| option.quantity())
}

/// On random worlds of shares, sets and substitutes, each line as if it were the only one.
#[test]
fn more_allowed_legs_never_promise_less() {
    let mut gained = 0;
    for seed in 0..150 {
        let kind = if seed % 3 == 0 { worlds::Kind::Allocation } else { worlds::Kind::Sets };
        let (world, orders) = worlds::world(seed, kind);
        let live = Live::new(Arc::new(support::snapshot(&world)));
        for request in support::requests(&orders) {
            let mut before = Quantity::ZERO;
            for legs in 1..=6 {
                let result = with_legs(&live, &request, legs);
                let now = promised(&result);
                let key = &request.lines[0].order;
                assert!(
                    before <= now,
                    "seed {seed} {key}: {now} in {legs} legs, {before} in fewer"
                );
                let n_legs = result.option.map_or(0, |option| option.legs.len());
                assert!(n_legs <= usize::from(legs), "seed {seed} {key}: {n_legs} of {legs} legs");
                gained += u32::from(1 < legs && before < now);
                before = now;
            }
        }
    }
    assert!(20 < gained, "splits promised more on {gained} lines only");
}

/// The items of the default option and of the alternatives.
fn items(tables: &str, alternatives: usize) -> Vec<String> {
    let scenario = scenarios::read(tables);
    let live = Live::new(Arc::new(support::snapshot(&scenario.world)));
    let mut request = support::requests(&scenario.orders).remove(0);
    request.alternatives = alternatives;
    let query = request.resolve(&live.snapshot).expect("it names what exists");
    let result = promising::plan(&live, &query).lines.remove(0);
    let options = result.option.iter().chain(&result.alternatives);
    let item = |item| live.snapshot.items.names.name(item).to_string();
    options.map(|option| item(option.legs[0].item)).collect()
}

const SUBSTITUTES: &str = "
[items]
item
A
B
C
[item_substitutes]
item | substitute | rank
A | B | 1
A | C | 2
[supplies]
supply | type | item | location | date | quantity
B1 | return | B | HAM | d6 | 9
";

/// Every substitute gives an option among the alternatives: also where the item itself is on time, and one that comes
/// late; only where it is asked for.
#[test]
fn every_substitute_gives_an_option_among_the_alternatives() {
    let on_hand = "[on_hand]\nitem | location | quantity\nA | HAM | 9\nC | HAM | 9\n";
    let orders = "[orders]\norder | item | quantity | requested_date | substitutes\n";
    let with = format!("{SUBSTITUTES}{on_hand}{orders}O1 | A | 2 | d2 | true\n");
    assert_eq!(items(&with, 5), ["A", "C", "B"]);
    assert_eq!(items(&with, 0), ["A"]);
    let without = format!("{SUBSTITUTES}{on_hand}{orders}O1 | A | 2 | d2 | false\n");
    assert_eq!(items(&without, 5), ["A"]);
    // The item itself is short: the first substitute that is on time, then the late ones by days late.
    let short = with.replace("A | HAM | 9\n", "A | HAM | 1\n");
    assert_eq!(items(&short, 5), ["C", "B"]);
}

/// A leg of a substitute is rounded down to its own lot, the last one up; legs of the item are whole boxes and whole
/// lots of its own both.
#[test]
fn legs_are_whole_lots_and_boxes() {
    let check = |orders: &str, want: &[&str]| {
        let scenario = scenarios::read(&format!(
            "
[items]
item | uom | lot_multiple
A | EA | 8
B | EA |
S | EA | 5
[uom_conversions]
from_uom | to_uom | factor
BOX | EA | 12
[item_substitutes]
item | substitute
B | S
[on_hand]
item | location | quantity
A | HAM | 70
B | HAM | 6
S | HAM | 12
[supplies]
supply | type | item | location | date | quantity
A1 | return | A | HAM | d6 | 200
S1 | return | S | HAM | d6 | 200
[orders]
order | item | quantity | uom | requested_date | split | max_splits | substitutes
{orders}
"
        ));
        let live = Live::new(Arc::new(support::snapshot(&scenario.world)));
        let request = support::requests(&scenario.orders).remove(0);
        let query = request.resolve(&live.snapshot).expect("it names what exists");
        let result = promising::plan(&live, &query).lines.remove(0);
        let legs = result.option.iter().flat_map(|option| &option.legs);
        let item = |item| live.snapshot.items.names.name(item);
        let words =
            legs.map(|leg| format!("{} {} for {}", leg.quantity, item(leg.item), leg.covers));
        assert_eq!(words.collect::<Vec<_>>(), want);
    };
    // Boxes of 12 and lots of 8: 24 at a time.
    check("O1 | A | 8 | BOX | d2 | true | | ", &["48 A for 48", "48 A for 48"]);
    // 10 of the 12 of S on time; a place comes once on a day, so 6 of B a day later; the rest is a lot of S, on d6.
    let want = ["10 S for 10", "6 B for 6", "5 S for 3"];
    check("O1 | B | 19 | EA | d2 | true | 3 | true", &want);
}

/// Lines that are to leave together if possible: what the answer says of them, and faults of the column.
#[test]
fn lines_that_go_together_say_whether_they_do() {
    use promised::promising::query::Together;
    let check = |seals: i64, want: &str| {
        let scenario = scenarios::read(&format!(
            "
[items]
item
PUMP
SEAL
[on_hand]
item | location | quantity
PUMP | HAM | 9
SEAL | HAM | {seals}
[supplies]
supply | type | item | location | date | quantity
S1 | return | SEAL | HAM | d6 | 9
[orders]
order | line | item | quantity | requested_date | ship_together
O1 | 1 | PUMP | 2 | d2 | X
O1 | 2 | SEAL | 3 | d2 | X
"
        ));
        let live = Live::new(Arc::new(support::snapshot(&scenario.world)));
        let mut request = support::requests(&scenario.orders).remove(0);
        let query = request.resolve(&live.snapshot).expect("it names what exists");
        let promise = promising::plan(&live, &query);
        let set = &promise.sets[0];
        assert_eq!((set.together, &set.lines[..]), (Together::IfPossible, &[0, 1][..]));
        let statuses: Vec<_> =
            promise.lines.iter().map(|line| support::status(line.status)).collect();
        assert_eq!(format!("{} {:?}", statuses.join(" "), set.is_given_up()), want);
        request.lines[1].ship_set = Some("Y".to_string());
        let faults = request.resolve(&live.snapshot).expect_err("a line in two sets");
        assert_eq!((faults.len(), faults[0].line, faults[0].field), (1, 1, "ship_together"));
    };
    check(3, "on_time on_time false");
    check(2, "on_time late true");
}
