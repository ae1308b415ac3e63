//! Issue 16, items 4 and 5: the engine and the naive reference agree where lines are asked for again and where the source
//! holds them as demands of its own, on random small worlds.

use crate::{
    reference::{self, Row, World},
    support,
    worlds::{self, Dice, Kind},
};
use promised::{
    ledger::{Admission, Ledger, Proposal, ProposedLine, Stamp, Start, World as Live},
    promising::{
        Planner, draft,
        patience::Patience,
        repeat::{self, Asking},
        request::Repeat,
    },
};
use std::sync::Arc;

/// A world whose source knows some of the lines, and rows of which some come again.
fn world(seed: u64, kind: Kind) -> (World, Vec<Row>) {
    let (mut world, mut rows) = worlds::world(seed, kind);
    let dice = &mut Dice(seed ^ 0xA6A1);
    let locations: Vec<String> =
        world.tables["locations"].iter().map(|row| row["location"].clone()).collect();
    let mut again = Vec::new();
    for row in &rows {
        let line = row.get("line").map_or("1", String::as_str);
        let key = format!("{}/{line}", row["order"]);
        if dice.one_in(2) {
            let location = locations[dice.up_to(locations.len())].clone();
            let day = dice.roll(0, 6);
            let date = jiff::civil::date(2026, 11, 23).saturating_add(jiff::Span::new().days(day));
            let quantity = dice.roll(1, 8).to_string();
            let cells = [
                ("demand", key),
                ("type", "sales_order".to_string()),
                ("item", row["item"].clone()),
                ("location", row.get("location").cloned().unwrap_or(location)),
                ("date", date.to_string()),
                ("quantity", quantity),
            ];
            let demand = cells.map(|(name, text)| (name.to_string(), text));
            world.tables.entry("demands".to_string()).or_default().push(demand.into());
        }
        if dice.one_in(2) {
            let mut other = row.clone();
            let repeat = dice.word(1, &["", "add", "replace", "replace"]);
            if !repeat.is_empty() {
                other.insert("repeat".to_string(), repeat);
            }
            other.insert("quantity".to_string(), dice.roll(1, 9).to_string());
            again.push(other);
        }
    }
    rows.extend(again);
    (world, rows)
}

fn words_of_engine(world: &World, rows: &[Row]) -> Vec<String> {
    let snapshot = Arc::new(support::snapshot(world));
    let mut live = Live::new(Arc::clone(&snapshot));
    let (mut planner, mut words) = (Planner::default(), Vec::new());
    for row in rows {
        let mut request = support::requests(std::slice::from_ref(row)).remove(0);
        request.lines[0].repeat = row.get("repeat").map(|word| match word.as_str() {
            "add" => Repeat::Add,
            _ => Repeat::Replace,
        });
        let query = request.resolve(&snapshot).expect("random orders name what exists");
        let earlier = repeat::earlier(&live, &request, Asking::Promise);
        let reduced = repeat::reduced(&query, &earlier);
        let (queries, known) = ((&query, &reduced), (&earlier[..], &Patience::endless()));
        let promise = repeat::plan(&mut planner, &live, queries, known).unwrap();
        if std::env::var_os("PROMISED_SHOW").is_some() {
            for posting in promise.lines[0].option.iter().flat_map(|option| &option.postings) {
                let account = snapshot.account_name(posting.account);
                let (day, quantity) = (posting.day.0, posting.quantity.raw());
                eprintln!(
                    "engine {}/{} {account} {day} {quantity}",
                    row["order"],
                    promise.lines.len()
                );
            }
        }
        words.extend(support::words(&snapshot, &request.lines[0], &promise.lines[0]));
        let lines = draft::lines_after(&request, (&reduced, &earlier), &promise, 1);
        if matches!(
            lines[0],
            ProposedLine::Unavailable | ProposedLine::Refused | ProposedLine::Already { .. }
        ) {
            continue;
        }
        let mut ledger = Ledger::new(live);
        let proposal = Proposal { lines, start: Start::Confirmed, admission: Admission::Fits };
        let admitted = ledger.admit(proposal);
        admitted.unwrap_or_else(|refusal| panic!("P2: {refusal:?}")).commit(Stamp::default());
        live = ledger.into_world();
    }
    words
}

/// `PROMISED_SEEDS=from..to` tries other seeds.
fn check(kind: Kind, seeds: std::ops::Range<u64>) {
    let seeds = std::env::var("PROMISED_SEEDS").ok().map_or(seeds, |text| {
        let (from, to) = text.split_once("..").expect("PROMISED_SEEDS=from..to");
        from.parse().expect("a number")..to.parse().expect("a number")
    });
    let (mut found, mut already, mut n) = (Vec::new(), 0, 0);
    for seed in seeds {
        let (world, rows) = world(seed, kind);
        let wanted = reference::promise_again(&world, &rows);
        let wanted: Vec<String> =
            wanted.iter().flatten().map(support::words_of_reference).collect();
        let got = words_of_engine(&world, &rows);
        already += got.iter().filter(|words| words.ends_with("already_promised")).count();
        n += 1;
        if wanted != got {
            let at = wanted.iter().zip(&got).position(|(a, b)| a != b).unwrap_or(0);
            let words = |of: &[String]| of.get(at).cloned().unwrap_or_default();
            let (wanted, got) = (words(&wanted), words(&got));
            found.push(format!("seed {seed} {kind:?}\n  reference {wanted}\n  engine    {got}"));
        }
    }
    let shown: Vec<_> = found.iter().take(6).cloned().collect();
    assert!(found.is_empty(), "{} of {n} worlds differ\n{}", found.len(), shown.join("\n"));
    assert!(0 < already, "some are promised already");
}

#[test]
fn lines_over_stock_agree() {
    check(Kind::Stock, 0..200);
}

#[test]
fn lines_over_ship_froms_agree() {
    check(Kind::Sourcing, 0..200);
}

#[test]
fn lines_over_what_is_made_bought_and_moved_agree() {
    check(Kind::Capable, 0..200);
}
