//! What bounds a date: the reasons that a late line is given (semantics 12.4 "Reasons"; issue 17 item 8).

use crate::{scenarios, support};
use promised::{
    ledger::World as Live,
    model::Day,
    promising::{self, answer::Reason},
    rpc::text::{self, Words},
};
use std::sync::Arc;

/// The reasons of the only line of a scenario.
fn reasons(text: &str) -> Vec<Reason> {
    let scenario = scenarios::read(text);
    let live = Live::new(Arc::new(support::snapshot(&scenario.world)));
    let request = &support::requests(&scenario.orders)[0];
    let query = request.resolve(&live.snapshot).expect("it names what exists");
    promising::plan(&live, &query).lines.remove(0).reasons
}

/// 3 are there, 4 more come on d6: all 5 are there on d6, also when the 3 have been taken already.
#[test]
fn stock_says_when_all_of_the_need_is_there() {
    let found = reasons(
        "
[items]
item
A
[on_hand]
item | location | quantity
A | HAM | 3
[supplies]
supply | type | item | location | date | quantity
P1 | purchase_order | A | HAM | d6 | 4
[orders]
order | item | quantity | requested_date
O1 | A | 5 | d2
",
    );
    let until = |reason: &Reason| match reason {
        Reason::Stock { until, .. } => Some(*until),
        _ => None,
    };
    assert_eq!(found.iter().filter_map(until).collect::<Vec<_>>(), [Some(Day(6))], "{found:?}");
}

/// I0 is made of I1, that of I2, and so on; the last one is bought, but the search ends before.
#[test]
fn a_search_that_is_cut_by_its_depth_says_so() {
    let chain = |n: usize, end: usize, row: &dyn Fn(usize) -> String| -> String {
        (n..end).map(|at| row(at) + "\n").collect()
    };
    for (levels, is_cut) in [(30, false), (40, true)] {
        let items = chain(0, levels, &|at| format!("I{at}"));
        let works = chain(0, levels - 1, &|at| format!("W{at} | I{at} | HAM"));
        let parts = chain(0, levels - 1, &|at| format!("W{at} | I{} | 1", at + 1));
        let found = reasons(&format!(
            "
[items]
item
{items}
[work_definitions]
work_definition | item | location
{works}
[work_definition_components]
work_definition | component | quantity
{parts}
[orders]
order | item | quantity | requested_date
O1 | I0 | 5 | d2
"
        ));
        let cut = found.iter().any(|reason| matches!(reason, Reason::Depth { .. }));
        assert_eq!(cut, is_cut, "{levels}: {found:?}");
    }
}

/// The reasons of the last line of a scenario, those before it promised, as sentences.
#[track_caller]
fn check(tables: &str, want: &[&str]) {
    let scenario = scenarios::read(tables);
    let mut live = Live::new(Arc::new(support::snapshot(&scenario.world)));
    let mut found = Vec::new();
    for request in support::requests(&scenario.orders) {
        let query = request.resolve(&live.snapshot).expect("it names what exists");
        let promise = promising::plan(&live, &query);
        let words = Words::new(&live.snapshot);
        let last = promise.lines.last().expect("a line");
        let told = last.reasons.iter().map(|reason| text::reason(words, &request.lines, reason));
        found = told.collect();
        live = support::commit(live, &request, &promise);
    }
    assert_eq!(found, want);
}

/// Asked for at once: the part is bought in 10 days and the product made in 3. On the day before it ships it is
/// the part that is missing. Without a calendar days are not working days.
#[test]
fn asked_for_at_once_it_is_the_part_that_bounds() {
    check(
        "
[items]
item
A
PART
[suppliers]
supplier
FARAWAY
[item_suppliers]
item | supplier | lead_time_days
PART | FARAWAY | 10
[work_definitions]
work_definition | item | location | fixed_days
W | A | F | 3
[work_definition_components]
work_definition | component | quantity
W | PART | 1
[orders]
order | item | quantity | requested_date
O1 | A | 1 | d0
",
        &[
            "A at F: 0 available on 2026-12-05, never enough by 2026-12-22",
            "PART at F: 0 available on 2026-12-02, never enough by 2026-12-22",
            "PART from supplier FARAWAY: 10 days of lead time, there from 2026-12-03",
        ],
    );
}

/// With a calendar they are working days.
#[test]
fn days_of_a_calendar_are_working_days() {
    check(
        "
[calendars]
calendar | working_days
WEEK | Mon Tue Wed Thu Fri
[items]
item
A
[suppliers]
supplier | calendar
FARAWAY | WEEK
[item_suppliers]
item | supplier | location | lead_time_days
A | FARAWAY | F | 3
[orders]
order | item | quantity | requested_date
O1 | A | 1 | d0
",
        &[
            "A at F: 0 available on 2026-11-25, never enough by 2026-12-22",
            "A from supplier FARAWAY: 3 working days of lead time, there from 2026-11-26",
        ],
    );
}

/// The three largest takers are named, a forecast by its kind and date, promises as such.
#[test]
fn a_shortage_names_its_largest_takers() {
    check(
        "
[items]
item
A
[on_hand]
item | location | quantity
A | F | 120
[demands]
demand | type | item | location | date | quantity
FC | forecast | A | F | d7 | 100
S1/1 | sales_order | A | F | d5 | 9
S2/1 | sales_order | A | F | d6 | 4
[supplies]
supply | type | item | location | date | quantity
P1 | return | A | F | d9 | 50
[orders]
order | item | quantity | requested_date
O1 | A | 7 | d1
O2 | A | 5 | d2
",
        // From the 30th on an order uses the forecast up, and may take what it has used up.
        &["A at F: 0 available on 2026-11-29, enough from 2026-11-30; taken by forecast 100 on \
           2026-11-30, sales order S1/1 9 on 2026-11-28, promise 7 on 2026-11-24"],
    );
}

/// The way alone is too long.
#[test]
fn a_way_that_is_too_long_is_a_reason() {
    check(
        "
[items]
item
A
[zones]
zone
N
[shipping_lanes]
origin | destination | ship_method | transit_days
F | N | truck | 5
[on_hand]
item | location | quantity
A | F | 9
[orders]
order | item | quantity | requested_date | date_type | zone
O1 | A | 2 | d3 | arrival | N
",
        &["F by truck: goods that ship at once are there on 2026-11-28"],
    );
}

/// Each leg is asked by itself: 4 are on time, 3 come on d5, the last 3 on d9; BER has no lane.
#[test]
fn each_late_leg_is_kept_by_something_and_places_are_ruled_out_last() {
    check(
        "
[items]
item
A
[zones]
zone
N
[locations]
location
F
BER
[shipping_lanes]
origin | destination | ship_method | transit_days
F | N | truck | 0
[on_hand]
item | location | quantity
A | F | 4
A | BER | 50
[supplies]
supply | type | item | location | date | quantity
P1 | return | A | F | d5 | 3
P2 | return | A | F | d9 | 3
[orders]
order | item | quantity | requested_date | zone | split | max_splits
O1 | A | 10 | d2 | N | true | 3
",
        &[
            "A at F: 0 available on 2026-11-27, enough from 2026-11-28; taken by promise 4 on 2026-11-25",
            "A at F: 0 available on 2026-12-01, enough from 2026-12-02; taken by promise 4 on \
             2026-11-25, promise 3 on 2026-11-28",
            "BER: no lane to the line's zone",
        ],
    );
}

/// What never comes is asked for on the last day; what is protected for others is told in plain words.
#[test]
fn a_protected_quantity_is_told_in_plain_words() {
    check(
        "
[items]
item
A
[demand_classes]
demand_class | parent | rank
ALL | | 1
GOLD | ALL | 1
WEB | ALL | 2
[allocation_rules]
rule | demand_class | effective_from | kind | value
R | GOLD | d0 | protect | 8
[allocation_assignments]
rule | item
R | A
[on_hand]
item | location | quantity
A | F | 10
[orders]
order | item | quantity | requested_date | demand_class
O1 | A | 5 | d2 | WEB
",
        &[
            "A at F: class WEB gets only what is not protected for others on 2026-12-22; 8 are \
             protected for GOLD",
            "A at F: 2 available on 2026-12-22, never enough by 2026-12-22",
        ],
    );
}

/// A set whose lines can each be had alone, but not together.
#[test]
fn every_line_of_a_set_that_fails_has_a_reason() {
    check(
        "
[items]
item
A
[on_hand]
item | location | quantity
A | F | 5
[orders]
order | line | item | quantity | requested_date | ship_set
O1 | 1 | A | 3 | d2 | X
O1 | 2 | A | 4 | d2 | X
",
        &["the other lines of its set take what it needs"],
    );
}

/// The house is full on the day asked for.
#[test]
fn a_full_house_is_told_with_its_day() {
    check(
        "
[items]
item
A
[locations]
location | order_lines_per_day
F | 1
[on_hand]
item | location | quantity
A | F | 5
[orders]
order | item | quantity | requested_date
O1 | A | 1 | d2
O2 | A | 1 | d2
",
        &["F: ships no more order lines on 2026-11-25, room from 2026-11-26"],
    );
}

/// On random worlds of every kind.
#[test]
fn every_line_that_is_not_on_time_has_a_reason() {
    use crate::reference::worlds;
    let mut n_late = 0;
    for kind in worlds::KINDS {
        for seed in 0..40 {
            let (world, orders) = worlds::world(seed, kind);
            let mut live = Live::new(Arc::new(support::snapshot(&world)));
            for request in support::requests(&orders) {
                let query = request.resolve(&live.snapshot).expect("it names what exists");
                let promise = promising::plan(&live, &query);
                for (line, result) in request.lines.iter().zip(&promise.lines) {
                    let status = support::status(result.status);
                    let key = format!("{kind:?} {seed} {}/{} {status}", line.order, line.line);
                    assert!(status == "on_time" || !result.reasons.is_empty(), "{key}");
                    says_one_thing_of_a_day(&result.reasons, &key);
                    n_late += u32::from(status != "on_time");
                }
                live = support::commit(live, &request, &promise);
            }
        }
    }
    assert!(300 < n_late, "only {n_late} lines were not on time");
}

/// Not that one item is there and is not, at one place on one day.
fn says_one_thing_of_a_day(reasons: &[Reason], key: &str) {
    let stock = |reason: &Reason| {
        let Reason::Stock { item, location, day, available, .. } = *reason else { return None };
        Some(((item, location, day), available))
    };
    let told: Vec<_> = reasons.iter().filter_map(stock).collect();
    for (at, (place, available)) in told.iter().enumerate() {
        let again = told[at + 1..].iter().find(|(other, _)| other == place);
        assert!(again.is_none(), "{key}: {available:?} and {again:?} available at {place:?}");
    }
}

/// Issue 17 item 2: an order taken after the horizon of an old snapshot, one that asks for a day after it, and one whose date is mistyped.
#[test]
fn what_lies_behind_the_horizon_says_so() {
    let tables = "
[items]
item
A
[on_hand]
item | location | quantity
A | HAM | 9
[orders]
order | item | quantity | requested_date | date_type | ordered_at
";
    let bounds = |row: &str| {
        let found = reasons(&format!("{tables}{row}\n"));
        let is_after = |reason: &Reason| matches!(reason, Reason::AfterHorizon { .. });
        assert!(found.iter().any(is_after), "{row}: {found:?}");
    };
    bounds("O1 | A | 5 | d2 | | 2041-01-01T00:00:00Z");
    bounds("O1 | A | 5 | 2041-01-01 | | ");
    bounds("O1 | A | 5 | 2041-01-01 | arrival | ");
}

/// Issue 17 items 3 and 8: forecast that takes all is named, with what orders have left of it.
#[test]
fn a_forecast_that_takes_all_is_named_with_what_is_left_of_it() {
    check(
        "
[items]
item
A
[demand_classes]
demand_class | parent
ALL |
web | ALL
[on_hand]
item | location | quantity
A | F | 100
[demands]
demand | type | item | location | date | quantity | demand_class
FC | forecast | A | F | d0 | 100 | web
S1/1 | sales_order | A | F | d1 | 30 | web
[orders]
order | item | quantity | requested_date
O1 | A | 7 | d1
",
        &[
            // The line has no class, so it uses nothing up of what is forecast for one.
            "A at F: 0 available on 2026-12-22, never enough by 2026-12-22; taken by forecast 70 on \
           2026-11-23, sales order S1/1 30 on 2026-11-24",
        ],
    );
}
