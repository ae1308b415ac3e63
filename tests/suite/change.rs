//! A world with changes answers as a fresh snapshot with those changes in its tables.

use crate::{
    change_random::{self, change},
    reference::World,
    support,
    worlds::{self, Dice, Kind},
};
use promised::{
    change::{self, Change, ChangeKind},
    ledger::{World as Live, audit},
    model::{AccountIx, Day},
    promising::{self, request::Request},
    snapshot::Snapshot,
};
use std::{collections::BTreeSet, sync::Arc};

/// A world, one with changes in its tables, the same changes, and orders.
fn changed(seed: u64, kind: Kind) -> (World, World, Vec<Change>, Vec<Request>) {
    let (before, orders) = worlds::world(seed, kind);
    let mut after = before.clone();
    let dice = &mut Dice(seed ^ 0xC4A6E);
    let horizon = i64::from(before.horizon_days);
    let mut changes: Vec<Change> = Vec::new();
    for n in 0..dice.roll(1, 4) {
        let mut tables = after.tables.clone();
        let Some(cells) = change_random::roll(dice, &mut tables, horizon, n) else { continue };
        let one = change(&cells);
        // Two that contradict each other are refused; that is another test's.
        let mut all = changes.clone();
        all.push(one);
        if change::apply(&support::snapshot(&before), &all)
            .is_err_and(|faults| faults.iter().any(|fault| fault.expected.contains("decides")))
        {
            continue;
        }
        tables.retain(|_, rows| !rows.is_empty());
        changes = all;
        after.tables = tables;
    }
    (before, after, changes, support::requests(&orders))
}

fn answers(mut live: Live, requests: &[Request]) -> (Vec<String>, Live) {
    let mut words = Vec::new();
    for request in requests {
        let query = request.resolve(&live.snapshot).unwrap();
        let promise = promising::plan(&live, &query);
        for (line, result) in request.lines.iter().zip(&promise.lines) {
            words.extend(support::words(&live.snapshot, line, result));
        }
        live = support::commit(live, request, &promise);
    }
    (words, live)
}

/// What every item has at every place, day by day.
fn tables(live: &Live) -> Vec<String> {
    let mut rows = Vec::new();
    for item in live.snapshot.items.names.indices() {
        for place in live.snapshot.locations.names.indices() {
            let n_days = live.snapshot.epoch().n_days();
            let name = live.snapshot.account_name(live.snapshot.stock(item, place));
            let days = promising::availability::table(
                live,
                promising::availability::AtpQuestion { item, location: place, class: None },
                Day::ZERO,
                n_days,
            );
            rows.extend(days.into_iter().map(|row| format!("{name} {row:?}")));
        }
        let keepers: Vec<_> = live.snapshot.stocks.keepers(item).collect();
        rows.push(format!("{item:?} kept at {keepers:?}"));
    }
    rows
}

#[track_caller]
fn same(seed: u64, kind: Kind, changes: &[Change], want: &[String], got: &[String]) {
    if want != got {
        let at = want.iter().zip(got).position(|(a, b)| a != b).unwrap_or(0);
        panic!(
            "seed {seed} {kind:?}\n{}\n fresh   {}\n changed {}",
            changes.iter().map(|one| format!("{:?}\n", one)).collect::<String>(),
            want.get(at).map_or("-", String::as_str),
            got.get(at).map_or("-", String::as_str)
        );
    }
}

fn check(kind: Kind) {
    let mut seen = BTreeSet::new();
    for seed in 0..150 {
        let (before, after, changes, requests) = changed(seed, kind);
        seen.extend(changes.iter().map(Change::kind));
        let base = Live::new(Arc::new(support::snapshot(&before)));
        let live = base.with_changes(&changes).unwrap_or_else(|faults| panic!("{seed} {faults:?}"));
        let fresh = Live::new(Arc::new(support::snapshot(&after)));
        same(seed, kind, &changes, &tables(&fresh), &tables(&live));
        let ((want, fresh), (got, live)) = (answers(fresh, &requests), answers(live, &requests));
        same(seed, kind, &changes, &want, &got);
        same(seed, kind, &changes, &tables(&fresh), &tables(&live));
        assert_eq!(audit::divergences(&live), []);
    }
    assert!(8 < seen.len(), "{seen:?}");
}

#[test]
fn a_changed_stock_world_answers_as_a_fresh_one() {
    check(Kind::Stock);
}

#[test]
fn a_changed_sourcing_world_answers_as_a_fresh_one() {
    check(Kind::Sourcing);
}

#[test]
fn a_changed_capable_world_answers_as_a_fresh_one() {
    check(Kind::Capable);
}

/// Every account of a world, as far as anything is known of it.
fn accounts(live: &Live) -> Vec<String> {
    let snapshot = &live.snapshot;
    let mut all: BTreeSet<AccountIx> = (0..snapshot.n_accounts()).map(AccountIx).collect();
    all.extend(live.view.changed().map(|(account, _)| account));
    let days = || (0..snapshot.epoch().n_days()).map(Day::at);
    let row = |account: AccountIx| {
        let profile = live.profile(account);
        let available: Vec<_> = days().map(|day| profile.available(day)).collect();
        format!("{} {available:?}", snapshot.account_name(account))
    };
    all.into_iter().map(row).collect()
}

#[test]
fn promises_before_or_after_a_change_come_to_the_same() {
    for seed in 0..100 {
        let (before, _, changes, requests) = changed(seed, Kind::Capable);
        let base = Live::new(Arc::new(support::snapshot(&before)));
        let (_, promised) = answers(base.clone(), &requests);
        let one = promised.with_changes(&changes).unwrap();
        assert_eq!(audit::divergences(&one), [], "seed {seed}");
        // The same postings, forced onto the changed world.
        let mut other = promised::ledger::Ledger::new(base.with_changes(&changes).unwrap());
        for found in promised.reservations_from(0) {
            let draft = promised::ledger::Draft {
                quantity: found.quantity,
                postings: found.postings.to_vec(),
                plan: found.plan.to_vec(),
                facts: (*found.facts).clone(),
            };
            let proposal = promised::ledger::Proposal {
                lines: vec![promised::ledger::ProposedLine::Reserve(draft)],
                start: promised::ledger::Start::Confirmed,
                admission: promised::ledger::Admission::Forced,
            };
            other.admit(proposal).unwrap().commit(promised::ledger::Stamp::default());
        }
        same(seed, Kind::Capable, &changes, &accounts(other.world()), &accounts(&one));
        assert_eq!(one.position, promised.position);
        assert_eq!(promised.snapshot.changes(), 0, "the old one is as it was");
    }
}

#[test]
fn cells_are_read_back() {
    for seed in 0..100 {
        for one in changed(seed, Kind::Capable).2 {
            let cells: Vec<_> = one.cells().collect();
            let cell = |name: &str| {
                cells.iter().find(|(other, _)| *other == name).map(|(_, text)| text.as_str())
            };
            assert_eq!(Change::read(0, one.kind().word(), cell), Ok(one.clone()));
        }
    }
}

fn small() -> Snapshot {
    let row = |cells: &[(&str, &str)]| {
        cells.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect()
    };
    let tables = [
        ("items", row(&[("item", "PUMP")])),
        ("locations", row(&[("location", "BER")])),
        (
            "supplies",
            row(&[
                ("supply", "PO-1"),
                ("type", "purchase_order"),
                ("item", "PUMP"),
                ("location", "BER"),
                ("date", "2026-11-30"),
                ("quantity", "10"),
            ]),
        ),
    ];
    let tables = tables.into_iter().map(|(name, row)| (name.to_string(), vec![row])).collect();
    support::snapshot(&World { as_of: worlds::AS_OF, horizon_days: 30, tables })
}

#[track_caller]
fn refused(rows: &[&[(&'static str, &str)]], want: &[&str]) {
    let snapshot = small();
    let own = |cells: &&[(&'static str, &str)]| {
        change(&cells.iter().map(|(name, text)| (*name, text.to_string())).collect::<Vec<_>>())
    };
    let changes: Vec<_> = rows.iter().map(own).collect();
    let faults = change::apply(&snapshot, &changes).expect_err("it is refused");
    let words: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(words, want);
}

#[test]
fn what_cannot_be_is_named_all_at_once() {
    refused(
        &[
            &[("change", "supply_moved"), ("supply", "PO-2"), ("days", "3")],
            &[("change", "on_hand_set"), ("item", "VALVE"), ("location", "HAM"), ("quantity", "1")],
            &[("change", "supply_cut"), ("supply", "PO-1"), ("quantity", "11")],
        ],
        &[
            "change 1, supply \"PO-2\": expected a known supply",
            "change 2, item \"VALVE\": expected a known item",
            "change 2, location \"HAM\": expected a known location",
            "change 3, quantity \"11\": expected at most 10, which is all of it",
        ],
    );
    refused(
        &[
            &[("change", "supply_moved"), ("supply", "PO-1"), ("days", "3")],
            &[("change", "supply_cut"), ("supply", "PO-1"), ("quantity", "4")],
            &[("change", "supply_cancelled"), ("supply", "PO-1")],
        ],
        &[
            "change 3, change \"supply_cancelled\": expected nothing: change 2 already decides the quantity of supply PO-1",
        ],
    );
    refused(
        &[&[("change", "supply_moved"), ("supply", "PO-1")]],
        &["change 1, date \"\": expected a date or a number of days, one of them"],
    );
    refused(
        &[&[
            ("change", "capacity_set"),
            ("location", "BER"),
            ("date", "2026-11-30"),
            ("quantity", "4"),
        ]],
        &["change 1, location \"BER\": expected a location whose order_lines_per_day are limited"],
    );
}

#[test]
fn a_row_is_read_whole() {
    let cells = [("supply", "PO-1"), ("quantity", "-4"), ("resource", "X"), ("date", "tomorrow")];
    let cell = |name: &str| cells.iter().find(|(other, _)| *other == name).map(|(_, text)| *text);
    let faults = Change::read(6, "supply_added", cell).expect_err("it is full of faults");
    let words: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(words.len(), 6, "{words:?}");
    assert!(words[0].starts_with("change 7, type"), "{words:?}");
    let word = Change::read(0, "supply_lost", cell).expect_err("no such kind");
    assert!(word[0].expected.starts_with("one of supply_added, "));
    assert!(ChangeKind::ALL.len() > 20);
}
