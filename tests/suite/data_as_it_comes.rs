//! Issue 17 items 2 and 4: tables as they come (semantics 12.2 and 12.3): numbers, dates, rows, keys that are there twice,
//! stock below zero, cut-offs, departures, what lies after the horizon.

use promised::loader::{self, Silent};
use std::fs;

/// Loads a directory of these files, and gives all that is said of it, a line a problem.
fn said(files: &[(&str, &str)]) -> String {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let base = [
        ("manifest.json", r#"{"snapshot_id": "s", "as_of": "2026-11-23", "horizon_days": 30}"#),
        ("items.csv", "item\nPUMP\nVALVE\n"),
        ("locations.csv", "location\nBER\nHAM\n"),
    ];
    for (name, text) in base.iter().chain(files) {
        fs::write(dir.path().join(name), text).expect("a file is written");
    }
    let loaded = loader::open(dir.path(), &Silent).expect("the directory has a manifest");
    let lines: Vec<_> = loaded.problems.listed().iter().map(ToString::to_string).collect();
    assert_eq!(loaded.snapshot.is_some(), lines.iter().all(|line| line.starts_with("warning")));
    lines.join("\n")
}

#[track_caller]
fn check(files: &[(&str, &str)], want: &str) {
    let want: Vec<_> = want.trim().lines().map(str::trim).collect();
    assert_eq!(said(files), want.join("\n"));
}

#[test]
fn float_noise_and_exponents_are_numbers_in_files() {
    let on_hand = "item,location,quantity,lot\n\
        PUMP,BER,0.30000000000000004,A\nPUMP,BER,3.3000000000000003,B\nPUMP,BER,1.5e3,C\n";
    check(&[("on_hand.csv", on_hand)], "");
    check(
        &[("on_hand.csv", "item,location,quantity\nPUMP,BER,0.3333333\n")],
        "error: on_hand row 2, quantity = \"0.3333333\": a number with at most 6 decimals",
    );
}

#[test]
fn a_date_may_say_that_its_day_begins_and_a_point_in_time_is_a_fault_of_its_column() {
    let header = "supply,type,item,location,date,quantity\n";
    let rows = "A,work_order,PUMP,BER,2026-11-24,1\nB,work_order,PUMP,BER,2026-11-24T00:00,1\n\
        C,work_order,PUMP,BER,2026-11-24 00:00:00.000,1\n";
    check(&[("supplies.csv", &format!("{header}{rows}"))], "");
    let rows =
        "A,work_order,PUMP,BER,2026-11-24T10:00,1\nB,work_order,PUMP,BER,2026-11-24T00:00:00Z,1\n";
    check(
        &[("supplies.csv", &format!("{header}{rows}"))],
        r#"
        error: supplies row 2, date = "2026-11-24T10:00": a date such as 2026-11-23, not a point in time
        error: supplies row 3, date = "2026-11-24T00:00:00Z": a date such as 2026-11-23, not a point in time
        "#,
    );
}

#[test]
fn rows_of_empty_cells_are_none_and_told_once_a_table() {
    let items = "item,uom\nPUMP,EA\n,\n , \nVALVE,EA\n,,,\n";
    let on_hand = "item,location,quantity\nPUMP,BER,5\n,,\n";
    check(
        &[("items.csv", items), ("on_hand.csv", on_hand)],
        "
        warning: items row 3: rows with a value; 3 rows of empty cells alone are left out
        warning: on_hand row 3: rows with a value; 1 row of empty cells alone is left out
        ",
    );
    // They count in the numbers of the rows after them, and a row with anything in it is one.
    check(
        &[("supplies.csv", "supply,type,item,location,date,quantity,note\n,,,,,,\n,,,,,,x\n")],
        r#"
        warning: supplies, note: an unknown column; it is not read
        error: supplies row 3, supply: a key; it must not be empty
        error: supplies row 3, item: a known item; add it to its table or correct the key
        error: supplies row 3, location: a known location; add it to its table or correct the key
        error: supplies row 3, date: a value; it must not be empty
        error: supplies row 3, quantity: a value; it must not be empty
        warning: supplies row 2: rows with a value; 1 row of empty cells alone is left out
        "#,
    );
}

#[test]
fn rows_of_empty_cells_are_none_among_orders_and_changes() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let orders = dir.path().join("orders.csv");
    fs::write(&orders, "order,item,quantity,requested_date\nA,PUMP,1,2026-11-24\n,,,\n").unwrap();
    let orders = loader::orders(&orders).expect("it can be read");
    assert_eq!(
        (orders.lines.len(), orders.problems.errors(), orders.problems.warnings()),
        (1, 0, 1)
    );
    let changes = dir.path().join("changes.csv");
    fs::write(&changes, "change,item,location,quantity\n,,,\non_hand_set,PUMP,BER,-3\n").unwrap();
    let changes = loader::changes(&changes).expect("it can be read");
    assert_eq!(
        (changes.changes.len(), changes.problems.errors(), changes.problems.warnings()),
        (1, 0, 1)
    );
}

/// A duplicate names a column of its key, whatever column is read last.
#[test]
fn a_duplicate_blames_its_key() {
    let blamed = |files: &[(&str, &str)]| -> Vec<String> {
        let said = said(files);
        let errors = said.lines().filter(|line| line.starts_with("error"));
        let errors: Vec<_> =
            errors.map(|line| line.split(':').nth(1).unwrap().trim().to_string()).collect();
        // Of two rows of stock neither is the right one; of others the first is.
        let of_first = errors.iter().position(|error| error.starts_with("on_hand row 2,"));
        let is_both = files.iter().any(|(name, _)| *name == "on_hand.csv");
        assert_eq!(of_first, is_both.then_some(0), "{errors:?}");
        errors.into_iter().skip(usize::from(is_both)).collect()
    };
    let calendars = ("calendars.csv", "calendar,working_days\nC,Mon\n");
    let suppliers = ("suppliers.csv", "supplier\nV\n");
    let zones = ("zones.csv", "zone\nZ\n");
    let resources = ("resources.csv", "resource,location,hours_per_day\nR,BER,8\n");
    let works = ("work_definitions.csv", "work_definition,item,location\nW,PUMP,BER\n");
    let cases: &[(&[(&str, &str)], &str)] = &[
        (
            &[("on_hand.csv", "item,location,quantity\nPUMP,HAM,10\nPUMP,HAM,5\n")],
            "on_hand row 3, location = \"HAM\"",
        ),
        (
            &[(
                "on_hand.csv",
                "item,location,quantity,lot,status\nPUMP,HAM,10,A,hold\nPUMP,HAM,5,A,\n",
            )],
            "on_hand row 3, lot = \"A\"",
        ),
        (
            &[
                calendars,
                (
                    "calendar_exceptions.csv",
                    "calendar,date,working\nC,2026-11-24,true\nC,2026-11-24,false\n",
                ),
            ],
            "calendar_exceptions row 3, date = \"2026-11-24\"",
        ),
        (
            &[("uom_conversions.csv", "from_uom,to_uom,factor\nBOX,EA,12\nBOX,EA,10\n")],
            "uom_conversions row 3, to_uom = \"EA\"",
        ),
        (
            &[
                zones,
                (
                    "shipping_lanes.csv",
                    "origin,destination,transit_days,cost_per_unit\nBER,Z,1,2\nBER,Z,2,3\n",
                ),
            ],
            "shipping_lanes row 3, destination = \"Z\"",
        ),
        (
            &[(
                "item_substitutes.csv",
                "item,substitute,effective_to\nPUMP,VALVE,\nPUMP,VALVE,2027-01-01\n",
            )],
            "item_substitutes row 3, substitute = \"VALVE\"",
        ),
        (
            &[
                suppliers,
                (
                    "item_suppliers.csv",
                    "item,supplier,lead_time_days,priority\nPUMP,V,1,1\nPUMP,V,2,2\n",
                ),
            ],
            "item_suppliers row 3, supplier = \"V\"",
        ),
        (
            &[
                suppliers,
                (
                    "item_suppliers.csv",
                    "item,supplier,lead_time_days,capacity_per_day\nPUMP,V,1,5\n",
                ),
                (
                    "supplier_capacity.csv",
                    "item,supplier,date,quantity\nPUMP,V,2026-11-24,1\nPUMP,V,2026-11-24,2\n",
                ),
            ],
            "supplier_capacity row 3, date = \"2026-11-24\"",
        ),
        (
            &[(
                "demands.csv",
                "demand,type,item,location,date,quantity,source\nA,safety_stock,PUMP,BER,2026-11-24,1,X\nB,safety_stock,PUMP,BER,2026-11-24,2,X\n",
            )],
            "demands row 3, date = \"2026-11-24\"",
        ),
        (
            &[
                resources,
                ("resource_load.csv", "resource,date,hours\nR,2026-11-24,1\nR,2026-11-24,2\n"),
            ],
            "resource_load row 3, date = \"2026-11-24\"",
        ),
        (
            &[
                works,
                (
                    "work_definition_components.csv",
                    "work_definition,component,quantity,effective_to\nW,VALVE,1,\nW,VALVE,2,2027-01-01\n",
                ),
            ],
            "work_definition_components row 3, component = \"VALVE\"",
        ),
        (
            &[(
                "sourcing_rules.csv",
                "rule,source_type,source,rank\nL,transfer,HAM,1\nL,transfer,HAM,2\n",
            )],
            "sourcing_rules row 3, source = \"HAM\"",
        ),
        (
            &[
                ("atp_rules.csv", "rule\nR\nQ\n"),
                ("atp_rule_assignments.csv", "rule,item,location\nR,PUMP,\nQ,PUMP,\n"),
            ],
            "atp_rule_assignments row 3, item = \"PUMP\"",
        ),
        (
            &[("atp_rules.csv", "rule\nR\nQ\n"), ("atp_rule_assignments.csv", "rule\nR\nQ\n")],
            "atp_rule_assignments row 3, rule = \"Q\"",
        ),
        (
            &[("location_cutoffs.csv", "location,weekday,time\nBER,Sat,12:00\nBER,Sat,13:00\n")],
            "location_cutoffs row 3, weekday = \"Sat\"",
        ),
    ];
    for (files, want) in cases {
        assert_eq!(blamed(files), [*want]);
    }
}

#[test]
fn stock_below_zero_is_a_warning() {
    let on_hand = "item,location,quantity,lot\nPUMP,HAM,10,A\nPUMP,HAM,-9,B\n";
    check(
        &[("on_hand.csv", on_hand)],
        "warning: on_hand row 3, quantity = \"-9\": a quantity that is not negative; the lots of an item and location \
         are added up with it",
    );
}

#[test]
fn cut_offs_and_departures_that_cannot_be_meant_are_told() {
    let locations = ("locations.csv", "location,cutoff_time\nBER,17:00\nHAM,\n");
    check(
        &[locations, ("location_cutoffs.csv", "location,time\nBER,16:00\nHAM,16:00\n")],
        "error: location_cutoffs row 2, location = \"BER\": one cut-off a location, ship method and weekday; \
         locations.cutoff_time is the one for all",
    );
    check(
        &[
            ("zones.csv", "zone\nZ\n"),
            ("shipping_lanes.csv", "origin,destination,transit_days,ship_method\nBER,Z,1,truck\n"),
            (
                "location_cutoffs.csv",
                "location,ship_method,time,days_before,weekday\nBER,truck,16:00,1,\nBER,boat,16:00,,\nBER,,24:00,,\nBER,,12:00,101,\nBER,,12:00,,Caturday\n",
            ),
        ],
        r#"
        warning: location_cutoffs row 3, ship_method = "boat": a ship method that a lane has; nothing ships by this one
        error: location_cutoffs row 4, time = "24:00": a time of day such as 16:30
        error: location_cutoffs row 5, days_before = "101": a whole number from 0 to 100
        error: location_cutoffs row 6, weekday = "Caturday": one of Mon, Tue, Wed, Thu, Fri, Sat, Sun
        "#,
    );
    check(
        &[
            (
                "calendars.csv",
                "calendar,working_days\nFIVE,Mon Tue Wed Thu Fri\nSAT,Sat\nTUE,Tue\n",
            ),
            ("locations.csv", "location,shipping_calendar\nBER,FIVE\n"),
            ("zones.csv", "zone\nZ\n"),
            (
                "shipping_lanes.csv",
                "origin,destination,transit_days,ship_method,departure_calendar\nBER,Z,1,truck,SAT\nBER,Z,1,air,TUE\n",
            ),
        ],
        "warning: shipping_lanes row 2, departure_calendar: a day of the horizon that is a shipping day of its origin \
         too; this lane never leaves",
    );
}

#[test]
fn what_lies_after_the_horizon_is_told_with_count_and_sum() {
    let supplies = "supply,type,item,location,date,quantity\nA,work_order,PUMP,BER,2027-01-01,5\n\
        B,work_order,PUMP,BER,2027-01-02,2.5\nC,work_order,PUMP,BER,2026-12-22,1\n";
    let demands = "demand,type,item,location,date,quantity\nA/1,sales_order,PUMP,BER,2027-01-01,5\n\
        F,forecast,PUMP,BER,2027-01-01,7\n";
    check(
        &[("supplies.csv", supplies), ("demands.csv", demands)],
        "
        warning: supplies, date: dates within the horizon; 2 rows of 7.5 in all are after it and not counted
        warning: demands, date: dates within the horizon; 1 row of 5 in all is after it and taken on its last day
        ",
    );
}

/// The other tables of the contract's section 6 have columns that promising never reads.
#[test]
fn dimensions_of_figures_are_known_columns() {
    check(
        &[
            ("items.csv", "item,brand\nPUMP,ACME\n"),
            ("customers.csv", "customer,country,region\nK,DE,North\n"),
        ],
        "",
    );
}
