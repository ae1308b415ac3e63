//! What bounds a date: the reasons that a late line is given.

use crate::{scenarios, support};
use promised::{
    ledger::World as Live,
    model::Day,
    promising::{self, answer::Reason},
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
