//! Bad planning data: what `validate` says of it, with the place and the cause.

use crate::{scenarios, support};

/// What is said of some tables beside one item A and one location HAM.
fn check(tables: &str, said: &[&str]) {
    let usual = "\n[items]\nitem\nA\nB\nC\n[locations]\nlocation\nHAM\n";
    let world = scenarios::read(&format!("{usual}{tables}")).world;
    let (_, problems) = support::built(&world);
    assert_eq!(problems, said, "{tables}");
}

#[test]
fn a_structure_that_contains_itself_is_named_with_its_path() {
    check(
        "[work_definitions]
work_definition | item | location
WA | A | HAM
WB | B | HAM
WC | C | HAM
[work_definition_components]
work_definition | component | quantity
WA | B | 1
WB | C | 1
WC | A | 1
",
        &["error: work_definition_components, component = \"A > B > C > A\": \
           a structure without a cycle; this path leads back to its start"],
    );
}

#[test]
fn a_yield_is_above_zero_and_at_most_one() {
    check(
        "[work_definitions]
work_definition | item | location | yield
W1 | A | HAM | 0
W2 | A | HAM | -0.5
W3 | A | HAM | 1.5
W4 | A | HAM | 0.0000001
",
        &[
            "error: work_definitions row 1, yield = \"0\": a number above 0",
            "error: work_definitions row 2, yield = \"-0.5\": a number above 0",
            "error: work_definitions row 3, yield = \"1.5\": a yield above 0 and at most 1",
            "error: work_definitions row 4, yield = \"0.0000001\": a number with at most 6 decimals",
        ],
    );
}

#[test]
fn a_lot_is_at_least_a_micro_unit() {
    check(
        "[work_definitions]
work_definition | item | location | lot_multiple | minimum_quantity | maximum_quantity
W1 | A | HAM | 0.0000001 | |
W2 | A | HAM | 0 | |
W3 | A | HAM | 3 | | 4
W4 | A | HAM | | 5 | 4
",
        &[
            "error: work_definitions row 1, lot_multiple = \"0.0000001\": \
             a number with at most 6 decimals",
            "error: work_definitions row 2, lot_multiple = \"0\": a number above 0",
            "error: work_definitions row 3, maximum_quantity = \"4\": a maximum_quantity that is a multiple of lot_multiple",
            "error: work_definitions row 4, maximum_quantity = \"4\": a maximum_quantity that is not below minimum_quantity",
        ],
    );
}

#[test]
fn what_is_made_has_a_work_definition() {
    check(
        "[work_definitions]
work_definition | item | location
WA | A | HAM
[work_definition_components]
work_definition | component | quantity
WX | B | 1
[sourcing_rules]
rule | source_type | source
MAKE | make |
GONE | make | WX
[sourcing_assignments]
rule | item | location
MAKE | A | HAM
MAKE | B | HAM
",
        &[
            "error: work_definition_components row 1, work_definition = \"WX\": \
             a known work definition; add it to its table or correct the key",
            "error: sourcing_rules row 2, source = \"WX\": a known work definition, or nothing",
            "warning: sourcing_assignments row 2, rule = \"MAKE\": \
             a work definition of the item at the location; this rule has it made there",
        ],
    );
}

/// Where nothing has a calendar nobody misses one.
#[test]
fn a_resource_has_a_calendar_where_there_are_any() {
    let resources = "[resources]
resource | location | hours_per_day | calendar
R1 | HAM | 8 |
R2 | HAM | 8 | WEEK
";
    let calendars = "[calendars]
calendar | working_days
WEEK | Mon Tue Wed Thu Fri
";
    check(
        &[calendars, resources].concat(),
        &["warning: resources row 1, calendar: \
           a calendar here or at its location; it works every day"],
    );
    check(
        resources,
        &["error: resources row 2, calendar = \"WEEK\": a known calendar, or nothing"],
    );
}
