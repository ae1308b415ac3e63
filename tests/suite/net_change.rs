//! Net change on the book: what a list of changes means for promises, and for the refresh after it.

use super::{
    change_random::{self, change},
    ledger_book::{Book, TABLES},
    ledger_model::snapshot_known,
    refresh::{AS_OF, available, done, fates, half_promised, next, reconcile, run},
    support,
    worlds::{self, Dice, Kind},
};
use promised::{
    change::Change,
    ledger::{
        Fact, Ledger, Origin, Stamp, World, audit, digest,
        refresh::{NetChange, Refresh},
        reservation,
        standing::Fate,
    },
    model::{AccountIx, Day, StockAccount},
};
use std::{collections::BTreeSet, fmt::Write, sync::Arc};

/// `demand_shipped demand=A/1 quantity=3`, one a line.
fn changes(text: &str) -> Arc<[Change]> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let one = |line: &str| {
        let mut words = line.split(' ');
        let mut cells = vec![("change", words.next().unwrap().to_string())];
        for word in words {
            let (name, value) = word.split_once('=').unwrap();
            let column = promised::change::COLUMNS.iter().find(|one| one.name() == name);
            cells.push((column.unwrap().name(), value.to_string()));
        }
        change(&cells)
    };
    lines.map(one).collect()
}

/// Hours after the start of the day.
fn known(hours: i64) -> Origin {
    let start = "2026-11-23T00:00:00Z".parse::<jiff::Timestamp>().unwrap().as_microsecond();
    Origin { source: Some("erp".into()), known_at: start + hours * 3_600_000_000 }
}

fn make(book: &mut Book, text: &str, origin: Origin) -> Arc<NetChange> {
    let before = digest::of(book.ledger.world());
    let preview = book.ledger.world().preview(changes(text), origin.clone()).unwrap();
    assert_eq!(digest::of(book.ledger.world()), before, "a preview changes nothing");
    let entry = book.ledger.change(changes(text), origin).unwrap().commit(Stamp::default());
    assert_eq!(audit::divergences(book.ledger.world()), [], "L2");
    let Fact::Changed(changed) = &entry.fact else { panic!("{entry:?}") };
    assert_eq!(**changed, preview, "a preview says what comes");
    book.entries.push(Arc::new(entry.clone()));
    Arc::clone(changed)
}

fn ids(numbers: impl IntoIterator<Item = u64>) -> String {
    numbers.into_iter().map(reservation::id).collect::<Vec<_>>().join(" ")
}

fn say(world: &World, changed: &NetChange) -> String {
    let mut words = fates(|fate| changed.with_fate(fate));
    for short in &changed.short {
        let (name, ids) = (world.snapshot.account_name(short.account), ids(short.numbers.clone()));
        writeln!(words, "{name} short: {ids}").unwrap();
    }
    if !changed.eased.is_empty() {
        writeln!(words, "eased {}", ids(changed.eased.clone())).unwrap();
    }
    words
}

/// Promises; then lists of changes, each with what is wanted: what became of promises, then accounts.
#[track_caller]
fn check(commands: &str, steps: &[(&str, &[&str], &str)]) -> Book {
    let mut book = Book::new();
    for command in commands.lines().map(str::trim).filter(|line| !line.is_empty()) {
        run(&mut book, command);
    }
    for (text, accounts, want) in steps {
        let changed = make(&mut book, text, known(1));
        let mut said = say(book.ledger.world(), &changed);
        for name in *accounts {
            writeln!(said, "{name} {}", available(book.ledger.world(), name)).unwrap();
        }
        let want: String = want.lines().map(|line| format!("{}\n", line.trim())).collect();
        assert_eq!(said, want, "{text}");
    }
    replays(&book);
    book
}

/// L6: the entries, by way of bytes, lead to the same world.
fn replays(book: &Book) {
    let mut again = Ledger::new(World::new(Arc::new(super::ledger_model::snapshot(TABLES))));
    for entry in &book.entries {
        let bytes = promised::journal::codec::encode(entry, book.snapshot());
        let read = promised::journal::codec::decode(&bytes, &again.world().snapshot).unwrap();
        assert_eq!(read, **entry);
        assert_eq!(promised::journal::codec::head(&bytes).unwrap().kind, entry.fact.kind());
        again.apply(&read);
    }
    assert_eq!(digest::of(again.world()), digest::of(book.ledger.world()), "L6");
}

const A1: &str = "demand_created demand=A/1 item=PUMP location=BER date=2026-11-24 quantity=4";

#[test]
fn a_demand_for_the_order_line_absorbs_its_promise() {
    check(
        "A/1 +1 take PUMP@BER 1 4",
        &[
            (A1, &["PUMP@BER"], "absorbed P1\nPUMP@BER 2 2 2 2 2 2 2"),
            (
                "demand_changed demand=A/1 quantity=3 revision=1",
                &["PUMP@BER"],
                "absorbed P1\nPUMP@BER 3 3 3 3 3 3 3",
            ),
        ],
    );
}

#[test]
fn what_was_amended_here_counts_over_an_older_revision() {
    check(
        "O1/1 +1 take PUMP@BER 1 4
         amend P1 take PUMP@BER 1 5",
        &[
            (
                "demand_created demand=O1/1 item=PUMP location=BER date=2026-11-24 quantity=4",
                &["PUMP@BER"],
                "superseding P1\nPUMP@BER 1 1 1 1 1 1 1",
            ),
            (
                "demand_changed demand=O1/1 quantity=5 revision=1",
                &["PUMP@BER"],
                "absorbed P1\nPUMP@BER 1 1 1 1 1 1 1",
            ),
        ],
    );
}

#[test]
fn what_is_shipped_at_the_source_ships_its_promise() {
    let book = check(
        "A/1 +1 take PUMP@BER 1 4",
        &[
            (A1, &[], "absorbed P1"),
            ("demand_shipped demand=A/1 quantity=1", &["PUMP@BER"], "PUMP@BER 2 2 2 2 2 2 2"),
            ("demand_shipped demand=A/1", &["PUMP@BER"], "carried P2\nPUMP@BER 2 2 2 2 2 2 2"),
        ],
    );
    assert!(!book.ledger.world().reservation(1).unwrap().is_live());
}

#[test]
fn what_is_cancelled_at_the_source_is_dropped_however_new_the_promise_is_but_no_hold() {
    check(
        "A/1 +9 take PUMP@BER 1 4
         hold B/1 +9 take PUMP@BER 1 1",
        &[
            (A1, &[], "absorbed P1"),
            (
                "demand_created demand=B/1 item=PUMP location=BER date=2026-11-25 quantity=1",
                &[],
                "absorbed P2",
            ),
            (
                "demand_cancelled demand=A/1
                 demand_cancelled demand=B/1",
                &["PUMP@BER"],
                "carried P2\ndropped P1\nPUMP@BER 5 5 5 5 5 5 5",
            ),
        ],
    );
}

#[test]
fn whoever_was_promised_last_is_at_risk_and_no_more_once_goods_are_there() {
    check(
        "A/1 +1 take PUMP@BER 1 2
         B/1 +1 take PUMP@BER 1 3
         C/1 +1 take PUMP@BER 5 1",
        &[
            (
                "on_hand_set item=PUMP location=BER quantity=8",
                &["PUMP@BER"],
                "PUMP@BER short: P2 P3\nPUMP@BER 0 0 0 0 0 0 0",
            ),
            (
                "on_hand_adjusted item=PUMP location=BER quantity=1",
                &[],
                "PUMP@BER short: P3\neased P2",
            ),
            ("supply_moved supply=S1 days=3", &[], "PUMP@BER short: P1 P2 P3"),
            ("supply_cancelled supply=S1", &[], "PUMP@BER short: P1 P2 P3"),
            (
                "on_hand_set item=PUMP location=BER quantity=50",
                &["PUMP@BER"],
                "eased P1 P2 P3\nPUMP@BER 35 35 35 35 35 35 35",
            ),
        ],
    );
}

#[test]
fn who_is_at_risk_for_another_account_stays_so() {
    check(
        "A/1 +1 take PUMP@BER 1 2, PAINT 1 -8",
        &[
            (
                "on_hand_set item=PUMP location=BER quantity=0
                 capacity_set resource=PAINT date=2026-11-24 quantity=0",
                &[],
                "PUMP@BER short: P1\nresource PAINT short: P1",
            ),
            ("on_hand_set item=PUMP location=BER quantity=50", &[], "resource PAINT short: P1"),
            ("capacity_set resource=PAINT date=2026-11-24 quantity=8", &[], "eased P1"),
        ],
    );
}

#[test]
fn what_is_made_is_planned_until_a_supply_is_pegged_and_not_again_once_that_is_received() {
    let book = check(
        "A/1 +1 take MOTOR@BER 2 3, MOTOR@BER 2 +5, PAINT 2 -8, PUMP@BER 1 -1",
        &[
            (
                "demand_created demand=A/1 item=MOTOR location=BER date=2026-11-25 quantity=3",
                &["MOTOR@BER", "PUMP@BER"],
                "absorbed P1\nMOTOR@BER 4 4 6 6 6 6 6\nPUMP@BER 5 5 5 5 5 5 5",
            ),
            (
                "supply_added supply=W1 type=work_order item=MOTOR location=BER date=2026-11-25 quantity=5 demand=A/1",
                &["MOTOR@BER", "PUMP@BER"],
                "absorbed P1\nMOTOR@BER 4 4 6 6 6 6 6\nPUMP@BER 6 6 6 6 6 6 6",
            ),
            ("supply_received supply=W1", &["MOTOR@BER"], "MOTOR@BER 6 6 6 6 6 6 6"),
        ],
    );
    // A snapshot with the same data: the pegged supply is gone, and what was planned stays gone.
    let again = reconcile(
        book.ledger.world(),
        next(
            AS_OF,
            &[
                (
                    "on_hand",
                    "item,location,quantity\nPUMP,BER,10\nMOTOR,BER,9\nBACK,BER,5\nALONE,BER,5",
                ),
                (
                    "demands",
                    "demand,type,item,location,date,quantity\nO9/1,sales_order,PUMP,BER,2026-11-26,9\n\
                     A/1,sales_order,MOTOR,BER,2026-11-25,3",
                ),
            ],
        ),
    );
    assert_eq!(available(&again.new, "MOTOR@BER"), "6 6 6 6 6 6 6");
}

#[test]
fn a_fault_changes_nothing() {
    let mut book = Book::new();
    run(&mut book, "A/1 +1 take PUMP@BER 1 4");
    let before = digest::of(book.ledger.world());
    let two = changes(
        "on_hand_set item=PUMP location=BER quantity=8
         supply_cancelled supply=NONE",
    );
    let faults = book.ledger.change(two, known(1)).expect_err("no such supply");
    assert_eq!((faults.len(), faults[0].change), (1, 1));
    assert_eq!(digest::of(book.ledger.world()), before);
}

/// A book with promises and net changes of 9 and 11 o'clock.
fn changed_book() -> Book {
    let mut book = Book::new();
    run(&mut book, "A/1 +8 take PUMP@BER 1 4");
    run(&mut book, "B/1 +13 take MOTOR@BER 1 1");
    make(&mut book, "on_hand_adjusted item=PUMP location=BER quantity=2", known(9));
    make(&mut book, A1, known(10));
    make(
        &mut book,
        "on_hand_adjusted item=PUMP location=BER quantity=3\nsupply_cancelled supply=S1",
        known(11),
    );
    make(
        &mut book,
        "demand_cancelled demand=A/1\non_hand_set item=ALONE location=BER quantity=7",
        known(12),
    );
    book
}

fn snapshot_of(
    erp: Option<&str>,
    replaced: &[(&'static str, &'static str)],
) -> promised::snapshot::Snapshot {
    let mut tables: Vec<_> = TABLES.to_vec();
    for (name, text) in replaced {
        tables.iter_mut().find(|(other, _)| other == name).unwrap().1 = text;
    }
    snapshot_known(AS_OF, erp, &tables)
}

#[test]
fn a_snapshot_without_watermarks_replaces_all_changes() {
    let book = changed_book();
    let done = reconcile(book.ledger.world(), snapshot_of(None, &[]));
    // The order that was cancelled at the source: the snapshot, which may be older, has the last word.
    assert_eq!(available(&done.new, "PUMP@BER"), "2 2 2 2 2 2 2");
    assert!(done.new.change_batches().is_empty());
}

#[test]
fn changes_newer_than_the_watermark_are_made_again_over_the_snapshot() {
    let book = changed_book();
    let world = book.ledger.world();
    // At 10:30 the snapshot has the first two: what was adjusted, and the demand of the order line.
    let tables: &[(&str, &str)] = &[
        ("on_hand", "item,location,quantity\nPUMP,BER,12\nMOTOR,BER,4\nBACK,BER,5\nALONE,BER,5"),
        (
            "demands",
            "demand,type,item,location,date,quantity\nO9/1,sales_order,PUMP,BER,2026-11-26,9\n\
             O9/2,sales_order,BACK,BER,2026-11-24,8\nO9/3,sales_order,MOTOR,HAM,2026-11-25,2\n\
             A/1,sales_order,PUMP,BER,2026-11-24,4",
        ),
    ];
    let done = reconcile(world, snapshot_of(Some("2026-11-23T10:30:00Z"), tables));
    for name in ["PUMP@BER", "MOTOR@BER", "ALONE@BER"] {
        assert_eq!(available(&done.new, name), available(world, name), "{name}");
    }
    assert!(!done.new.reservation(1).unwrap().is_live(), "its order was cancelled at 12 o'clock");
    assert_eq!(ids(done.report.with_fate(Fate::Carried)), "P2");
    assert_eq!(done.new.change_batches().len(), 2);
    // At 08:30 it has none of them, and the promise of 8 o'clock neither.
    let done = reconcile(world, snapshot_of(Some("2026-11-23T07:30:00Z"), &[]));
    for name in ["PUMP@BER", "MOTOR@BER", "ALONE@BER"] {
        assert_eq!(available(&done.new, name), available(world, name), "{name}");
    }
    assert!(!done.new.reservation(1).unwrap().is_live());
    assert_eq!(ids(done.report.with_fate(Fate::Carried)), "P2");
}

#[test]
fn what_the_snapshot_cannot_be_changed_by_is_left_out_and_told() {
    let book = changed_book();
    let tables: &[(&str, &str)] = &[(
        "supplies",
        "supply,type,item,location,date,quantity\nS2,purchase_order,BACK,BER,2026-11-25,10",
    )];
    let mut snapshot = snapshot_of(Some("2026-11-23T10:30:00Z"), tables);
    let world = book.ledger.world();
    snapshot.adopt(&promised::ledger::refresh::missing(world, &snapshot));
    let reconciled = Refresh::begin(world, Arc::new(snapshot)).unwrap().finish().unwrap();
    assert_eq!((reconciled.carried.made, reconciled.carried.left_out), (2, 2));
    let why = reconciled.carried.why.join("\n");
    assert!(why.contains("supply \"S1\"") && why.contains("demand \"A/1\""), "{why}");
    assert_eq!(available(&reconciled.new, "PUMP@BER"), "4 4 4 4 4 4 4");
}

#[test]
fn net_changes_during_the_build_are_caught_up_with() {
    for erp in [None, Some("2026-11-23T00:30:00Z")] {
        let mut book = Book::new();
        run(&mut book, "A/1 +1 take PUMP@BER 1 4");
        run(&mut book, "B/1 +1 take PUMP@BER 1 1");
        make(&mut book, "on_hand_adjusted item=PUMP location=BER quantity=1", known(1));
        let mut refresh =
            Refresh::begin(book.ledger.world(), Arc::new(snapshot_of(erp, &[]))).unwrap();
        make(&mut book, A1, known(2));
        run(&mut book, "C/1 +2 take MOTOR@BER 1 1");
        make(&mut book, "on_hand_set item=PUMP location=BER quantity=1", known(3));
        refresh.catch_up(book.ledger.world()).unwrap();
        make(
            &mut book,
            "demand_cancelled demand=A/1\non_hand_set item=MOTOR location=BER quantity=9",
            known(4),
        );
        run(&mut book, "cancel P3");
        refresh.catch_up(book.ledger.world()).unwrap();
        let caught_up = done(refresh);
        let whole = reconcile(book.ledger.world(), snapshot_of(erp, &[]));
        assert_eq!(digest::of(&caught_up.new), digest::of(&whole.new), "{erp:?}");
        assert_eq!(caught_up.report.accounts(), whole.report.accounts());
        assert_eq!(
            caught_up.report.at_risk().collect::<Vec<_>>(),
            whole.report.at_risk().collect::<Vec<_>>()
        );
        if erp.is_some() {
            let effect = |world: &World| -> Vec<String> {
                let name = |account| world.snapshot.account_name(account);
                let all = digest::effect(world);
                all.map(|one| format!("{} {} {}", name(one.account), one.day, one.quantity))
                    .collect()
            };
            assert_eq!(effect(&caught_up.new), effect(book.ledger.world()));
            for name in ["PUMP@BER", "MOTOR@BER"] {
                assert_eq!(available(&caught_up.new, name), available(book.ledger.world(), name));
            }
        }
        // And the next list of changes finds its promises there.
        let mut next = Book { ledger: Ledger::new(caught_up.new), entries: Vec::new() };
        make(
            &mut next,
            "demand_created demand=B/1 item=PUMP location=BER date=2026-11-24 quantity=1",
            known(5),
        );
        // It takes from stock, and an order line of the house.
        assert_eq!(next.ledger.world().reservation(2).unwrap().theirs().len(), 2);
    }
}

/// A demand for the first leg of every third promise, as its source would report it.
fn demands_of(world: &World, dice: &mut Dice) -> Vec<Vec<(&'static str, String)>> {
    let snapshot = &world.snapshot;
    let mut rows = Vec::new();
    for found in world.reservations_from(0).filter(|_| dice.one_in(3)).collect::<Vec<_>>() {
        let leg = &found.facts.legs[0];
        let key = format!("{}/{}", found.facts.order, found.facts.line);
        if rows.iter().any(|row: &Vec<(&str, String)>| row[1].1 == key) {
            continue;
        }
        rows.push(vec![
            ("change", "demand_created".to_string()),
            ("demand", key),
            ("item", snapshot.items.names.name(leg.item).to_string()),
            ("location", snapshot.locations.names.name(leg.location).to_string()),
            ("date", snapshot.epoch().date(leg.need).to_string()),
            ("quantity", leg.quantity.to_string()),
        ]);
    }
    rows
}

/// Every account of a world on every day.
fn accounts(world: &World) -> Vec<String> {
    let snapshot = &world.snapshot;
    let mut all: BTreeSet<AccountIx> = (0..snapshot.n_accounts()).map(AccountIx).collect();
    all.extend(world.view.changed().map(|(account, _)| account));
    all.extend(snapshot.stocks.known_accounts().into_iter().map(StockAccount::ix));
    let days = || (0..snapshot.epoch().n_days()).map(Day::at);
    let row = |account: AccountIx| {
        let profile = world.profile(account);
        let available: Vec<_> = days().map(|day| profile.available(day)).collect();
        (
            available.iter().any(|one| one.is_positive()),
            format!("{} {available:?}", snapshot.account_name(account)),
        )
    };
    // Accounts without anything on them have numbers in one snapshot and none in the other.
    let mut rows: Vec<_> =
        all.into_iter().map(row).filter(|(some, _)| *some).map(|(_, row)| row).collect();
    rows.sort();
    rows
}

#[test]
fn changes_come_to_the_same_as_a_snapshot_that_has_them() {
    let mut absorbed = 0;
    for kind in [Kind::Stock, Kind::Sourcing, Kind::Capable] {
        for seed in 0..40 {
            let (tables, _, live, _) = half_promised(worlds::world(seed, kind));
            let dice = &mut Dice(seed ^ 0x5EED);
            let mut after = tables.clone();
            let mut cells = demands_of(&live, dice);
            for row in &cells {
                let mut demand = row[1..].to_vec();
                demand.push(("type", "sales_order".to_string()));
                worlds::add(&mut after.tables, "demands", &demand);
            }
            let mut more = after.tables.clone();
            if let Some(one) =
                change_random::roll(dice, &mut more, i64::from(tables.horizon_days), 7)
            {
                let all: Vec<_> = cells.iter().chain([&one]).map(|row| change(row)).collect();
                if live.preview(all.into(), Origin::PLANNING).is_ok() {
                    more.retain(|_, rows| !rows.is_empty());
                    (after.tables, cells) = (more, [cells, vec![one]].concat());
                }
            }
            let changes: Arc<[Change]> = cells.iter().map(|row| change(row)).collect();
            let mut ledger = Ledger::new(live.clone());
            let entry = ledger.change(changes, Origin::PLANNING).unwrap().commit(Stamp::default());
            let Fact::Changed(changed) = &entry.fact else { panic!("{entry:?}") };
            absorbed += changed.with_fate(Fate::Absorbed).count();
            let fresh = reconcile(&live, support::snapshot(&after));
            assert_eq!(accounts(ledger.world()), accounts(&fresh.new), "{kind:?} {seed} {cells:?}");
            let fates = |world: &World| -> Vec<_> {
                let all = world.reservations_from(0);
                all.map(|one| (one.number, one.standing.as_ref().map(|one| (one.fate, one.plan))))
                    .collect()
            };
            assert_eq!(fates(ledger.world()), fates(&fresh.new), "{kind:?} {seed}");
            let at_risk: BTreeSet<u64> = fresh.report.at_risk().collect();
            assert!(changed.at_risk().is_subset(&at_risk), "{kind:?} {seed}");
        }
    }
    assert!(40 < absorbed, "{absorbed}");
}
