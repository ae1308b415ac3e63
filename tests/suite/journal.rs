//! Entries as bytes, and the contract of a journal.

use super::{
    ledger_book::{Book, TABLES, draft},
    ledger_model::{snapshot, snapshot_from},
};
use promised::{
    journal::{Batch, Error, Journal, Malformed, Memory, RawEntry, codec},
    ledger::{
        Activation, Entry, Fact, Leap, Ledger, Made, RequestStamp, Reservation, Stamp, State,
        World, digest,
        planned::{Planned, PlannedKind},
        reservation::{DateType, Force},
        standing::{Fate, Plan, SourceRow, Standing},
    },
    model::{Day, Money, Posting, Quantity},
    snapshot::Snapshot,
};
use proptest::prelude::*;
use std::sync::Arc;

/// Some of everything that a journal can hold.
fn history() -> Book {
    let mut book = Book::new();
    for command in [
        "promise take PUMP@BER 1 1, house BER 1 -1; take MOTOR@BER 2 3, MOTOR@BER 2 +5, PAINT 2 -8",
        "hold 50 take PUMP@BER 0 4, take PUMP@HAM 2 0.5, PUMP@HAM 2 +1",
        "confirm P3 4",
        "cancel P1",
        "cancel P2 1",
        "amend P2 take MOTOR@BER 3 1",
        "fulfil P2",
        "expire 50",
        "hold 99 take PUMP@BER 5 1",
        "confirm P5",
        "force take PUMP@BER 6 9",
    ] {
        let said = book.run(command);
        assert!(said.starts_with('P'), "{command}: {said}");
    }
    book
}

/// The facts that no verb of the book makes.
fn others() -> [Fact; 5] {
    let activation = Activation {
        snapshot_id: "next".into(),
        sum: None,
        generation: 2,
        force: Some(Force { by: "me".into(), why: "it must".into() }),
        adopted: Default::default(),
        at_risk: vec![3],
        counts: Default::default(),
    };
    let rearranged = Fact::Rearranged { changes: [].into(), after: Vec::new() };
    let forgotten = Fact::Forgotten { numbers: [1, 300].into() };
    let leapt = Fact::Leapt(Leap { by: 7_200_000_000, from_position: 9, from_number: 3 });
    let summed = Activation { sum: Some("5f".into()), ..activation.clone() };
    let [plain, summed] = [activation, summed].map(|one| Fact::Activated(Arc::new(one)));
    [plain, summed, rearranged, forgotten, leapt]
}

#[test]
fn what_is_written_is_read() {
    let book = history();
    let made = book.entries.iter().map(|entry| (**entry).clone());
    let others = others().map(|fact| Entry::new(99, Stamp::default(), fact));
    for entry in made.chain(others) {
        let bytes = codec::encode(&entry, book.snapshot());
        let head = codec::head(&bytes).unwrap();
        assert_eq!((head.position, head.kind), (entry.position, entry.fact.kind()));
        assert_eq!(codec::decode(&bytes, book.snapshot()), Ok(entry));
    }
}

#[test]
fn bytes_outlive_their_snapshot() {
    let book = history();
    // The next day's snapshot: the items stand in another order, and day 0 is a day later.
    let reordered = |(table, text): &(&'static str, &'static str)| match *table {
        "items" => ("items", "item\nNEW\nALONE\nBACK\nMOTOR\nPUMP"),
        "demands" => ("demands", "demand,type,item,location,date,quantity"),
        "supplies" => ("supplies", "supply,type,item,location,date,quantity"),
        _ => (*table, *text),
    };
    let tables: Vec<_> = TABLES.iter().map(reordered).collect();
    let next = snapshot_from("2026-11-24", &tables);
    for entry in &book.entries {
        let read = codec::decode(&codec::encode(entry, book.snapshot()), &next).unwrap();
        for (old, new) in entry.fact.reservations().zip(read.fact.reservations()) {
            let words = |snapshot: &Snapshot, postings: &[Posting]| -> Vec<String> {
                let word = |one: &Posting| {
                    let date = snapshot.epoch().date(one.day);
                    format!("{} {date} {}", snapshot.account_name(one.account), one.quantity)
                };
                postings.iter().map(word).collect()
            };
            assert_eq!(words(book.snapshot(), &old.postings), words(&next, &new.postings));
            assert_eq!(old.facts.requested.plus(-1), new.facts.requested);
        }
    }
}

#[test]
fn a_name_that_is_gone_is_named() {
    let book = history();
    let without = |(table, text): &(&'static str, &'static str)| match *table {
        "resources" => (*table, "resource,location,hours_per_day"),
        _ => (*table, *text),
    };
    let tables: Vec<_> = TABLES.iter().map(without).collect();
    let bytes = codec::encode(&book.entries[0], book.snapshot());
    let fault = codec::decode(&bytes, &snapshot(&tables)).unwrap_err();
    assert!(matches!(&fault, Malformed::Unknown { kind: "resource", name, .. } if name == "PAINT"));
}

/// A first answer is told on the writer's thread: what a snapshot has lost of an entry's names is found in one pass.
#[test]
fn all_names_that_are_gone_are_named_at_once() {
    let book = history();
    let others = [
        ("items", "item\nNEW"),
        ("locations", "location\nHAM"),
        ("resources", "resource,location,hours_per_day"),
    ];
    let next = Arc::new(snapshot(&others));
    let bytes = codec::encode(&book.entries[0], book.snapshot());
    let Err(Malformed::Unknown { kind, name, adopted }) = codec::decode(&bytes, &next) else {
        panic!("names are gone");
    };
    assert_eq!((kind, &*name), ("item", "PUMP"));
    let all =
        |names: &std::collections::BTreeSet<Box<str>>| names.iter().cloned().collect::<Vec<_>>();
    assert_eq!(all(&adopted.items).join(" "), "MOTOR PUMP");
    assert_eq!(all(&adopted.locations).join(" "), "BER HAM");
    assert_eq!(all(&adopted.houses).join(" "), "BER");
    assert_eq!(adopted.resources.len(), 1);
    for entry in &book.entries {
        let bytes = codec::encode(entry, book.snapshot());
        let record = RawEntry::Bytes { position: entry.position, bytes: &bytes };
        let (read, names) = record.entry_by_names(&next).unwrap();
        assert_eq!(codec::encode(&read, &names), bytes);
    }
}

/// The bytes with the check sum that they ought to have, to get behind it.
fn sealed(body: &[u8]) -> Vec<u8> {
    [body, &codec::check_sum(body)].concat()
}

#[test]
fn the_version_is_the_first_byte() {
    let book = history();
    let mut bytes = codec::encode(&book.entries[0], book.snapshot());
    bytes.truncate(bytes.len() - 4);
    assert_eq!(codec::decode(&sealed(&bytes), book.snapshot()), Ok((*book.entries[0]).clone()));
    bytes[0] = 99;
    assert_eq!(codec::decode(&sealed(&bytes), book.snapshot()), Err(Malformed::Version(99)));
}

proptest! {
    #[test]
    fn damage_is_found(which in 0usize..11, at in any::<prop::sample::Index>(), flip in 1u8..) {
        let book = history();
        let mut bytes = codec::encode(&book.entries[which], book.snapshot());
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        prop_assert_eq!(codec::decode(&bytes, book.snapshot()), Err(Malformed::CheckSum));
        bytes.truncate(at);
        prop_assert!(codec::decode(&bytes, book.snapshot()).is_err());
    }

    #[test]
    fn no_bytes_make_reading_panic(
        which in 0usize..11, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(), is_cut in any::<bool>(),
    ) {
        let book = history();
        let mut bytes = codec::encode(&book.entries[which], book.snapshot());
        bytes.truncate(bytes.len() - 4);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        drop(codec::decode(&sealed(&bytes), book.snapshot()));
    }

    #[test]
    fn every_field_is_written(
        numbers in prop::array::uniform8(any::<i64>()), text in ".{0,9}", flag in any::<bool>(),
        small in any::<i32>(), day in -9_000i32..90_000, request in prop::option::of((".{1,9}", any::<u128>())),
    ) {
        let book = Book::new();
        let snapshot = book.snapshot();
        let item = snapshot.items.names.get("MOTOR").unwrap();
        let location = snapshot.locations.names.get("HAM").unwrap();
        let mut leg = book.leg(item, location, Day(day), Quantity::micros(numbers[0]));
        leg.days_late = small;
        let posting = Posting { account: book.account("MOTOR@HAM"), day: Day(day), quantity: Quantity::micros(numbers[1]), planned: small.unsigned_abs() };
        let mut facts = draft(item, Vec::new(), Vec::new()).facts;
        facts.legs = vec![leg];
        facts.order = text.as_str().into();
        facts.line = text.as_str().into();
        facts.priority = flag.then_some(small);
        facts.date_type = if flag { DateType::Arrival } else { DateType::Ship };
        facts.unit_price = flag.then_some(Money::micros(numbers[2]));
        facts.quantity_requested = Quantity::micros(numbers[3]);
        facts.requested = Day(day);
        facts.source = flag.then(|| text.as_str().into());
        facts.revision = small;
        facts.rank = small;
        facts.cost = Money::micros(numbers[4]);
        facts.profit = Money::micros(numbers[5]);
        facts.created = numbers[6];
        facts.force = flag.then(|| Force { by: text.as_str().into(), why: "because".into() });
        let planned = Planned {
            number: small.unsigned_abs(),
            kind: if flag { PlannedKind::Bought } else { PlannedKind::Moved },
            parent: 7,
            begins: Day(day),
            used: Quantity::micros(numbers[3]),
            shipped: flag.then_some(numbers[2]),
            taken: Quantity::micros(numbers[1]),
            taken_since: numbers[7],
        };
        let standing = Standing {
            fate: if small < 0 { Fate::Absorbed } else { Fate::Superseding },
            plan: if flag { Plan::Theirs } else { Plan::Ours },
            own: vec![posting, posting].into(),
            theirs: Vec::new().into(),
            row: flag.then_some(SourceRow {
                revision: small,
                account: book.snapshot().as_stock(posting.account).unwrap(),
                due: Day(day),
                quantity: Quantity::micros(numbers[5]),
            }),
            counted: numbers[4],
        };
        let reservation = Arc::new(Reservation {
            standing: flag.then(|| Arc::new(standing)),
            number: numbers[0].unsigned_abs(),
            state: State::Held { until: numbers[7] },
            quantity: Quantity::micros(numbers[2]),
            postings: vec![posting].into(),
            plan: vec![planned].into(),
            facts: Arc::new(facts),
            at_risk: flag,
            shipped: flag.then_some(numbers[6]),
        });
        let lines = vec![Made::Unavailable, Made::Reserved(reservation), Made::Refused];
        let request = request.map(|(id, digest)| RequestStamp { id: id.into(), digest });
        let stamp = Stamp { request, ..Stamp::at(numbers[3]) };
        let entry = Entry::new(numbers[1].unsigned_abs(), stamp, Fact::Promised { lines });
        prop_assert_eq!(codec::decode(&codec::encode(&entry, snapshot), snapshot), Ok(entry));
    }
}

#[test]
fn a_journal_gives_back_what_it_was_given() {
    let book = history();
    let mut journal = Memory::default();
    for entries in book.entries.chunks(4) {
        let expected = journal.position();
        journal.append(Batch { expected, entries, snapshot: book.snapshot() }).unwrap();
    }
    let mut ledger = Ledger::new(World::new(Arc::clone(&book.ledger.world().snapshot)));
    let apply = &mut |record: RawEntry<'_>| {
        ledger.apply(&*record.entry(book.snapshot())?);
        Ok(())
    };
    journal.reader().read_from(1, apply).unwrap();
    assert_eq!(digest::of(ledger.world()), digest::of(book.ledger.world()), "L6");
    let mut tail = Vec::new();
    let keep = &mut |record: RawEntry<'_>| {
        tail.push(record.entry(book.snapshot())?);
        Ok(())
    };
    journal.reader().read_from(9, keep).unwrap();
    assert_eq!(tail, book.entries[8..]);
}

#[test]
fn a_journal_takes_only_what_follows() {
    let book = history();
    let mut journal = Memory::default();
    let mut append = |expected, entries: &[Arc<Entry>]| {
        let refused = journal.append(Batch { expected, entries, snapshot: book.snapshot() });
        match refused {
            Ok(()) => "appended".to_string(),
            Err(error @ Error::OutOfOrder { .. }) => error.to_string(),
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(append(0, &book.entries[..2]), "appended");
    assert_eq!(append(0, &book.entries[2..3]), "position 0 was expected, 2 found");
    assert_eq!(append(2, &book.entries[3..4]), "position 3 was expected, 4 found");
    assert_eq!(
        append(2, &[book.entries[2].clone(), book.entries[4].clone()]),
        "position 4 was expected, 5 found"
    );
    assert_eq!(append(2, &book.entries[2..5]), "appended");
}
