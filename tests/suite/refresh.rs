//! Reconciliation of promises with a new snapshot: the six cases of semantics 9 and what lies between.

use super::{
    differential::allocation_world,
    ledger_book::{Book, TABLES},
    ledger_model::snapshot_from,
    reference, support,
    worlds::{self, Kind},
};
use promised::{
    ledger::{
        Admission, Ledger, Proposal, ProposedLine, Stamp, Start, World, audit, digest,
        refresh::{Refresh, Report, missing},
        reservation,
        standing::Fate,
    },
    model::{Day, Quantity},
    promising,
    snapshot::Snapshot,
};
use std::{fmt::Write, sync::Arc};

pub const AS_OF: &str = "2026-11-23";

/// `A/1 +2 take PUMP@BER 1 6`: the order line, hours after the watermark, the draft. `hold` before it
/// makes it a hold. `cancel P1`, `amend P1 ...` and the like are commands to the book.
pub fn run(book: &mut Book, command: &str) {
    let (hold, rest) = match command.strip_prefix("hold ") {
        Some(rest) => (true, rest),
        None => (false, command),
    };
    let Some((key, rest)) = rest.split_once(' ').filter(|(key, _)| key.contains('/')) else {
        let said = book.run(command);
        assert!(said.starts_with('P'), "{command}: {said}");
        return;
    };
    let (hours, words) = rest.split_once(' ').unwrap();
    let mut draft = book.draft(words);
    let (order, line) = key.split_once('/').unwrap();
    (draft.facts.order, draft.facts.line) = (order.into(), line.into());
    let hours: i64 = hours.parse().unwrap();
    draft.facts.created = book.snapshot().watermarks.of(None) + hours * 3_600_000_000;
    let start = if hold { Start::Held { until: i64::MAX } } else { Start::Confirmed };
    let proposal =
        Proposal { lines: vec![ProposedLine::Reserve(draft)], start, admission: Admission::Fits };
    let admitted = book.ledger.admit(proposal);
    let entry = admitted.unwrap_or_else(|refusal| panic!("{command}: {refusal:?}"));
    book.entries.push(Arc::new(entry.commit(Stamp::default())));
}

/// The tables of the book, some of them replaced.
pub fn next(as_of: &str, replaced: &[(&'static str, &'static str)]) -> Snapshot {
    let mut tables: Vec<_> = TABLES.to_vec();
    for (name, text) in replaced {
        match tables.iter_mut().find(|(other, _)| other == name) {
            Some(table) => table.1 = text,
            None => tables.push((name, text)),
        }
    }
    snapshot_from(as_of, &tables)
}

/// A refresh that is done.
pub struct Done {
    pub report: Report,
    pub new: World,
}

pub fn done(refresh: Refresh) -> Done {
    let (report, old, new) = refresh.finish().expect("R1: it adds up").report();
    assert_eq!(audit::divergences(&new), [], "L2");
    assert_eq!(audit::broken(&new), [] as [String; 0]);
    assert_eq!(audit::lost(&old, &new), [] as [u64; 0], "R2");
    Done { report, new }
}

pub fn reconcile(world: &World, mut snapshot: Snapshot) -> Done {
    snapshot.adopt(&missing(world, &snapshot));
    done(Refresh::begin(world, Arc::new(snapshot)).expect("all names are adopted"))
}

pub fn available(world: &World, name: &str) -> String {
    let (item, location) = name.split_once('@').unwrap();
    let item = world.snapshot.items.names.get(item).unwrap();
    let location = world.snapshot.locations.names.get(location).unwrap();
    let account = world.snapshot.stock(item, location);
    let on = |day| world.profile(account).available(Day(day)).to_string();
    (0..7).map(on).collect::<Vec<_>>().join(" ")
}

/// Who fared how, a line a fate that anybody had.
pub fn fates<I: Iterator<Item = u64>>(with_fate: impl Fn(Fate) -> I) -> String {
    let mut words = String::new();
    let fates = [
        ("absorbed", Fate::Absorbed),
        ("carried", Fate::Carried),
        ("superseding", Fate::Superseding),
        ("dropped", Fate::Dropped),
    ];
    for (name, fate) in fates {
        let ids: Vec<_> = with_fate(fate).map(reservation::id).collect();
        if !ids.is_empty() {
            writeln!(words, "{name} {}", ids.join(" ")).unwrap();
        }
    }
    words
}

/// What became of whom, in words; then the accounts asked for.
pub fn words(done: &Done, accounts: &[&str]) -> String {
    let mut words = fates(|fate| done.report.with_fate(fate));
    let at_risk: Vec<_> = done.report.at_risk().map(reservation::id).collect();
    if !at_risk.is_empty() {
        writeln!(words, "at risk {}", at_risk.join(" ")).unwrap();
    }
    for name in accounts {
        writeln!(words, "{name} {}", available(&done.new, name)).unwrap();
    }
    words
}

/// Promises; the tables of the next snapshot that are not as before; accounts to show; what is wanted.
#[track_caller]
fn check(
    commands: &str,
    replaced: &[(&'static str, &'static str)],
    accounts: &[&str],
    want: &str,
) -> Done {
    let mut book = Book::new();
    for command in commands.lines().map(str::trim).filter(|line| !line.is_empty()) {
        run(&mut book, command);
    }
    let done = reconcile(book.ledger.world(), next(AS_OF, replaced));
    let want: String = want.lines().map(|line| format!("{}\n", line.trim())).collect();
    assert_eq!(words(&done, accounts), want);
    done
}

const WITH_A1: &str = "demand,type,item,location,date,quantity,revision\n\
    O9/1,sales_order,PUMP,BER,2026-11-26,9,0\nA/1,sales_order,PUMP,BER,2026-11-24,4,0";
const WITH_A1_REVISED: &str = "demand,type,item,location,date,quantity,revision\n\
    O9/1,sales_order,PUMP,BER,2026-11-26,9,0\nA/1,sales_order,PUMP,BER,2026-11-24,3,1";

#[test]
fn the_same_order_line_is_absorbed() {
    check(
        "A/1 +1 take PUMP@BER 1 4",
        &[("demands", WITH_A1)],
        &["PUMP@BER"],
        "absorbed P1
         PUMP@BER 2 2 2 2 2 2 2",
    );
}

#[test]
fn what_was_amended_here_counts_over_an_older_revision() {
    check(
        "O1/1 +1 take PUMP@BER 1 4
         amend P1 take PUMP@BER 1 5",
        &[(
            "demands",
            "demand,type,item,location,date,quantity,revision\n\
            O9/1,sales_order,PUMP,BER,2026-11-26,9,0\nO1/1,sales_order,PUMP,BER,2026-11-24,4,0",
        )],
        &["PUMP@BER"],
        "superseding P1
         PUMP@BER 1 1 1 1 1 1 1",
    );
}

#[test]
fn an_amendment_that_the_source_knows_is_absorbed() {
    check(
        "A/1 +1 take PUMP@BER 1 4",
        &[("demands", WITH_A1_REVISED)],
        &["PUMP@BER"],
        "absorbed P1
         PUMP@BER 3 3 3 3 3 3 3",
    );
}

#[test]
fn a_newer_promise_that_the_snapshot_does_not_know_is_carried_over() {
    check(
        "A/1 +1 take PUMP@BER 1 4",
        &[("on_hand", "item,location,quantity\nPUMP,BER,11\nMOTOR,BER,4")],
        &["PUMP@BER"],
        "carried P1
         PUMP@BER 3 3 3 3 3 3 3",
    );
}

#[test]
fn an_older_promise_that_the_snapshot_does_not_know_is_dropped() {
    check(
        "A/1 -1 take PUMP@BER 1 4
         B/1 0 take PUMP@BER 1 1",
        &[],
        &["PUMP@BER"],
        "dropped P1 P2
         PUMP@BER 6 6 6 6 6 6 6",
    );
}

#[test]
fn a_hold_is_carried_over_whatever_its_age() {
    check(
        "hold A/1 -9 take PUMP@BER 1 4",
        &[],
        &["PUMP@BER"],
        "carried P1
         PUMP@BER 2 2 2 2 2 2 2",
    );
}

#[test]
fn what_shipped_is_dropped_once_the_source_does_not_have_it_any_more() {
    check(
        "A/1 -1 take PUMP@BER 1 4
         fulfil P1
         B/1 +1 take PUMP@BER 1 1
         fulfil P2",
        &[("on_hand", "item,location,quantity\nPUMP,BER,6")],
        &["PUMP@BER"],
        "carried P2
         dropped P1
         PUMP@BER 1 1 1 1 1 1 1",
    );
}

#[test]
fn a_promise_whose_supply_is_gone_is_carried_over_and_at_risk_the_newest_first() {
    check(
        "A/1 +1 take PUMP@BER 1 2
         B/1 +1 take PUMP@BER 1 3
         C/1 +1 take PUMP@BER 5 1",
        &[("on_hand", "item,location,quantity\nPUMP,BER,8")],
        &["PUMP@BER"],
        "carried P1 P2 P3
         at risk P2 P3
         PUMP@BER 0 0 0 0 0 0 0",
    );
}

#[test]
fn what_is_made_stays_planned_until_a_supply_is_pegged_to_the_line() {
    let promised = "A/1 +1 take MOTOR@BER 2 3, MOTOR@BER 2 +5, PAINT 2 -8, PUMP@BER 1 -1";
    let line = "demand,type,item,location,date,quantity\nA/1,sales_order,MOTOR,BER,2026-11-25,3";
    check(
        promised,
        &[("demands", line)],
        &["MOTOR@BER", "PUMP@BER"],
        "absorbed P1
         MOTOR@BER 4 4 6 6 6 6 6
         PUMP@BER 9 9 9 14 14 14 14",
    );
    let supply =
        "supply,type,item,location,date,quantity,demand\nW1,work_order,MOTOR,BER,2026-11-25,5,A/1";
    check(
        promised,
        &[("demands", line), ("supplies", supply)],
        &["MOTOR@BER", "PUMP@BER"],
        "absorbed P1
         MOTOR@BER 4 4 6 6 6 6 6
         PUMP@BER 10 10 10 10 10 10 10",
    );
}

#[test]
fn what_was_received_is_not_planned_again_unless_an_older_snapshot_comes_back() {
    let mut book = Book::new();
    run(&mut book, "A/1 +30 take MOTOR@BER 2 3, MOTOR@BER 2 +5, PAINT 2 -8, PUMP@BER 1 -1");
    let line = "demand,type,item,location,date,quantity\nA/1,sales_order,MOTOR,BER,2026-11-25,3";
    let supply =
        "supply,type,item,location,date,quantity,demand\nW1,work_order,MOTOR,BER,2026-11-25,5,A/1";
    let pegged = next("2026-11-24", &[("demands", line), ("supplies", supply)]);
    let pegged = reconcile(book.ledger.world(), pegged).new;
    assert_eq!(available(&pegged, "MOTOR@BER"), "4 6 6 6 6 6 6");
    let stock = "item,location,quantity\nPUMP,BER,9\nMOTOR,BER,9\nBACK,BER,5\nALONE,BER,5";
    let received = next("2026-11-24", &[("demands", line), ("on_hand", stock)]);
    let received = reconcile(&pegged, received).new;
    assert_eq!(available(&received, "MOTOR@BER"), "6 6 6 6 6 6 6");
    let back = reconcile(&received, next(AS_OF, &[])).new;
    assert_eq!(digest::of(&back), digest::of(book.ledger.world()));
}

#[test]
fn a_cancelled_promise_brings_its_sources_row_back_as_it_stands() {
    let mut book = Book::new();
    run(&mut book, "A/1 +1 take PUMP@BER 1 4");
    let absorbed = reconcile(book.ledger.world(), next(AS_OF, &[("demands", WITH_A1)])).new;
    let mut ledger = Ledger::new(absorbed);
    ledger.cancel(1, Some(Quantity::units(1))).unwrap().commit(Stamp::default());
    assert_eq!(available(ledger.world(), "PUMP@BER"), "3 3 3 3 3 3 3");
    ledger.cancel(1, None).unwrap().commit(Stamp::default());
    assert_eq!(available(ledger.world(), "PUMP@BER"), "2 2 2 2 2 2 2");
    assert_eq!(audit::divergences(ledger.world()), []);
    let again = reconcile(ledger.world(), next(AS_OF, &[("demands", WITH_A1)]));
    assert_eq!(available(&again.new, "PUMP@BER"), "2 2 2 2 2 2 2");
    let gone = reconcile(ledger.world(), next(AS_OF, &[]));
    assert_eq!(available(&gone.new, "PUMP@BER"), "6 6 6 6 6 6 6");
}

#[test]
fn an_absorbed_promise_is_amended_against_what_its_own_demand_takes() {
    let mut book = Book::new();
    run(&mut book, "A/1 +1 take PUMP@BER 1 4");
    let absorbed = reconcile(book.ledger.world(), next(AS_OF, &[("demands", WITH_A1)])).new;
    assert_eq!(available(&absorbed.without(1), "PUMP@BER"), "6 6 6 6 6 6 6");
    let draft = book.draft("take PUMP@BER 2 6");
    let mut ledger = Ledger::new(absorbed);
    let mut amended = draft;
    (amended.facts.order, amended.facts.line) = ("A".into(), "1".into());
    ledger.amend(1, amended, Admission::Fits).unwrap().commit(Stamp::default());
    assert_eq!(available(ledger.world(), "PUMP@BER"), "0 0 0 0 0 0 0");
    let back = reconcile(ledger.world(), next(AS_OF, &[]));
    assert_eq!(words(&back, &["PUMP@BER"]), "dropped P1\nPUMP@BER 6 6 6 6 6 6 6\n");
}

#[test]
fn an_older_snapshot_that_is_activated_again_finds_what_was_dropped() {
    let mut book = Book::new();
    run(&mut book, "A/1 +1 take PUMP@BER 1 4");
    let later = next("2026-11-24", &[]);
    let dropped = reconcile(book.ledger.world(), later);
    assert_eq!(words(&dropped, &["PUMP@BER"]), "dropped P1\nPUMP@BER 6 6 6 6 6 6 6\n");
    let back = reconcile(&dropped.new, next(AS_OF, &[]));
    assert_eq!(words(&back, &["PUMP@BER"]), "carried P1\nPUMP@BER 2 2 2 2 2 2 2\n");
    assert_eq!(digest::of(&back.new), digest::of(book.ledger.world()));
}

#[test]
fn days_are_dates_and_what_is_past_due_counts_at_once() {
    let mut book = Book::new();
    run(&mut book, "A/1 +30 take PUMP@BER 0 4");
    run(&mut book, "B/1 +30 take PUMP@BER 4 1");
    let done = reconcile(book.ledger.world(), next("2026-11-24", &[]));
    assert_eq!(words(&done, &["PUMP@BER"]), "carried P1 P2\nPUMP@BER 1 1 1 1 1 1 1\n");
    let leg = &done.new.reservation(2).unwrap().facts.legs[0];
    assert_eq!(leg.need, Day(3));
}

#[test]
fn a_promise_on_a_name_that_vanished_is_adopted_and_at_risk() {
    let done = check(
        "A/1 +1 take MOTOR@BER 1 4, PAINT 1 -2",
        &[
            ("items", "item\nPUMP\nBACK\nALONE"),
            ("on_hand", "item,location,quantity\nPUMP,BER,10"),
            (
                "demands",
                "demand,type,item,location,date,quantity\nO9/1,sales_order,PUMP,BER,2026-11-26,9",
            ),
            ("resources", "resource,location,hours_per_day\nOTHER,BER,8"),
        ],
        &["MOTOR@BER"],
        "carried P1
         at risk P1
         MOTOR@BER 0 0 0 0 0 0 0",
    );
    assert!(done.new.snapshot.adopted().items.contains("MOTOR"));
    assert!(done.new.snapshot.adopted().resources.contains_key("PAINT"));
}

#[test]
fn the_report_explains_every_balance() {
    let done = check(
        "A/1 +1 take PUMP@BER 1 4
         B/1 -1 take MOTOR@BER 1 1",
        &[
            ("demands", WITH_A1),
            (
                "on_hand",
                "item,location,quantity\nPUMP,BER,11\nMOTOR,BER,4\nBACK,BER,5\nALONE,BER,5",
            ),
        ],
        &[],
        "absorbed P1
         dropped P2",
    );
    let line = |line: &promised::ledger::refresh::AccountLine| {
        let name = done.new.snapshot.account_name(line.account);
        let promises = line.promises;
        format!(
            "{name} {} -> {}: supply {} demand {} absorbed {} dropped {} carried {}",
            line.old,
            line.new,
            line.supply,
            line.demand,
            promises.absorbed,
            promises.dropped,
            promises.carried
        )
    };
    let lines: Vec<_> = done.report.accounts().iter().map(line).collect();
    expect_test::expect![[r#"
        PUMP@BER 2 -> 3: supply 1 demand 4 absorbed 4 dropped 0 carried 0
        MOTOR@BER 3 -> 4: supply 0 demand 0 absorbed 0 dropped 1 carried 0
        BACK@BER 7 -> 15: supply 0 demand -8 absorbed 0 dropped 0 carried 0
        MOTOR@HAM -2 -> 0: supply 0 demand -2 absorbed 0 dropped 0 carried 0"#]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn promises_made_during_the_build_are_carried_over_in_a_short_last_step() {
    let mut book = Book::new();
    run(&mut book, "A/1 +1 take PUMP@BER 1 4");
    run(&mut book, "B/1 +1 take MOTOR@BER 1 2");
    let snapshot = Arc::new(next(AS_OF, &[("demands", WITH_A1)]));
    let mut refresh = Refresh::begin(book.ledger.world(), snapshot).unwrap();
    run(&mut book, "O1/1 +2 take PUMP@BER 2 2");
    run(&mut book, "cancel P2");
    run(&mut book, "cancel P3 1");
    refresh.catch_up(book.ledger.world()).unwrap();
    assert_eq!(refresh.position(), book.ledger.world().position);
    let done = done(refresh);
    assert_eq!(
        words(&done, &["PUMP@BER", "MOTOR@BER"]),
        "absorbed P1\ncarried P3\nPUMP@BER 1 1 1 1 1 1 1\nMOTOR@BER 4 4 4 4 4 4 4\n"
    );
    let whole = reconcile(book.ledger.world(), next(AS_OF, &[("demands", WITH_A1)]));
    assert_eq!(digest::of(&done.new), digest::of(&whole.new));
    assert_eq!(done.report.accounts(), whole.report.accounts());
}

#[test]
fn what_is_forgotten_during_the_build_is_not_in_the_next_world() {
    let mut book = Book::new();
    run(&mut book, "A/1 +1 take PUMP@BER 1 4");
    run(&mut book, "A/1 +1 take PUMP@BER 1 1");
    run(&mut book, "cancel P1");
    let snapshot = Arc::new(next(AS_OF, &[("demands", WITH_A1)]));
    let mut refresh = Refresh::begin(book.ledger.world(), snapshot).unwrap();
    let entry = book.ledger.forget(&[1]).commit(Stamp::default());
    book.entries.push(Arc::new(entry));
    refresh.catch_up(book.ledger.world()).unwrap();
    let done = done(refresh);
    assert_eq!(done.new.reservation(1), None);
    let whole = reconcile(book.ledger.world(), next(AS_OF, &[("demands", WITH_A1)]));
    assert_eq!(digest::of(&done.new), digest::of(&whole.new));
    assert_eq!(done.report.accounts(), whole.report.accounts());
}

/// A random world with the first half of its orders promised, and the rest of them.
pub fn half_promised(
    (world, orders): (reference::World, Vec<reference::Row>),
) -> (reference::World, World, World, Vec<promising::request::Request>) {
    let mut live = World::new(Arc::new(support::snapshot(&world)));
    let mut requests = support::requests(&orders);
    let rest = requests.split_off(requests.len().div_ceil(2));
    let mut middle = live.clone();
    for (at, request) in requests.iter().enumerate() {
        let query = request.resolve(&live.snapshot).unwrap();
        let promise = promising::plan(&live, &query);
        live = support::commit(live, request, &promise);
        if at == requests.len() / 2 {
            middle = live.clone();
        }
    }
    (world, middle, live, rest)
}

/// R3: the same data again: every promise, balance and answer is as it was.
#[track_caller]
fn check_unchanged(name: &str, world: (reference::World, Vec<reference::Row>)) {
    let (tables, middle, live, rest) = half_promised(world);
    let done = reconcile(&live, support::snapshot(&tables));
    for before in live.reservations_from(0) {
        let after = done.new.reservation(before.number).unwrap();
        assert_eq!(after, before, "{name}");
    }
    assert_eq!(digest::of(&done.new), digest::of(&live), "{name}");
    assert_eq!(done.report.accounts(), [], "{name}");
    assert_eq!(done.report.at_risk().count(), 0, "{name}");
    for request in &rest {
        let query = request.resolve(&live.snapshot).unwrap();
        let again = request.resolve(&done.new.snapshot).unwrap();
        let (before, after) = (promising::plan(&live, &query), promising::plan(&done.new, &again));
        assert_eq!(after, before, "{name}");
    }
    let mut refresh = Refresh::begin(&middle, Arc::new(support::snapshot(&tables))).unwrap();
    refresh.catch_up(&live).unwrap();
    let caught_up = self::done(refresh);
    assert_eq!(digest::of(&caught_up.new), digest::of(&live), "{name}");
}

#[test]
fn unchanged_data_changes_no_answer() {
    for kind in [Kind::Stock, Kind::Sourcing, Kind::Capable] {
        for seed in 0..40 {
            check_unchanged(&format!("{kind:?} {seed}"), worlds::world(seed, kind));
        }
    }
}

#[test]
fn unchanged_data_changes_no_answer_where_supply_is_divided() {
    for seed in 0..60 {
        check_unchanged(&format!("allocation {seed}"), allocation_world(seed));
    }
}

#[test]
fn what_a_promise_has_been_through_keeps_its_dates_under_a_snapshot_of_another_date() {
    let mut book = Book::new();
    run(&mut book, "A/1 +30 take PUMP@BER 1 4");
    run(&mut book, "A/1 +30 take PUMP@BER 3 1");
    let amended = book.ledger.world().reservation(1).unwrap().facts.order.clone();
    assert_eq!(&*amended, "A");
    let mut draft = book.draft("take PUMP@BER 4 2");
    (draft.facts.order, draft.facts.line) = ("A".into(), "1".into());
    book.ledger.amend(1, draft, Admission::Fits).unwrap().commit(Stamp::default());
    let dates = |world: &World| -> Vec<_> {
        let found = world.reservation(1).unwrap();
        world.history(found).iter().map(|past| past.ship.unwrap().to_string()).collect()
    };
    let want = ["2026-11-24", "2026-11-27"];
    assert_eq!(dates(book.ledger.world()), want);
    let done = reconcile(book.ledger.world(), next("2026-11-24", &[]));
    assert_eq!(dates(&done.new), want);
    let parts: Vec<_> = promised::journal::checkpoint::parts(&done.new, 0).collect();
    assert!(4 <= parts.len(), "head, generation, reservations, histories");
}
