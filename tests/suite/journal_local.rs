//! The local journal: what was acknowledged is read back, damage is found and named, and mended.

use super::{
    disk::{Disk, Fault},
    ledger_book::Book,
};
use promised::{
    journal::{Batch, Chain, Error, Journal, Local, RawEntry, Reader, checkpoint, codec, local},
    ledger::{Entry, Ledger, World, digest},
};
use std::{path::Path, sync::Arc};

const COMMANDS: [&str; 9] = [
    "promise take PUMP@BER 1 1, house BER 1 -1; take MOTOR@BER 2 3, MOTOR@BER 2 +5, PAINT 2 -8",
    "hold 50 take PUMP@BER 0 4, take PUMP@HAM 2 0.5, PUMP@HAM 2 +1",
    "confirm P3 4",
    "cancel P1",
    "cancel P2 1",
    "amend P2 take MOTOR@BER 3 1",
    "fulfil P2",
    "expire 50",
    "force take PUMP@BER 6 9",
];

pub fn history() -> Book {
    let mut book = Book::new();
    for command in COMMANDS {
        let said = book.run(command);
        assert!(said.starts_with('P'), "{command}: {said}");
    }
    book
}

pub fn append(journal: &mut dyn Journal, book: &Book, entries: &[Arc<Entry>]) -> Result<(), Error> {
    let expected = journal.position();
    journal.append(Batch { expected, entries, snapshot: book.snapshot() })
}

fn save(journal: &mut dyn Journal, world: &World) {
    let mut n_parts = 0;
    for part in checkpoint::parts(world, 7) {
        journal.put_part(world.position, n_parts, &part).unwrap();
        n_parts += 1;
    }
    journal.seal(world.position, n_parts).unwrap();
}

fn read(reader: &dyn Reader, from: u64, book: &Book) -> Result<Vec<Arc<Entry>>, Error> {
    let mut entries = Vec::new();
    reader.read_from(from, &mut |record: RawEntry<'_>| {
        entries.push(record.entry(book.snapshot())?);
        Ok(())
    })?;
    Ok(entries)
}

/// A directory with a journal of all entries, in batches of three, and checkpoints at 0, 3 and 6.
fn filled(dir: &Path, book: &Book) {
    let (mut journal, _) = Local::open(dir).unwrap();
    let mut ledger = Ledger::new(World::new(Arc::clone(&book.ledger.world().snapshot)));
    save(&mut journal, ledger.world());
    for batch in book.entries.chunks(3) {
        append(&mut journal, book, batch).unwrap();
        batch.iter().for_each(|entry| ledger.apply(entry));
        if ledger.world().position < 9 {
            save(&mut journal, ledger.world());
        }
    }
}

#[test]
fn what_was_appended_is_read_back_after_a_restart() {
    let (book, dir) = (history(), tempfile::tempdir().unwrap());
    filled(dir.path(), &book);
    let (journal, opened) = Local::open(dir.path()).unwrap();
    assert_eq!((opened.position, opened.cut, journal.position()), (9, false, 9));
    let reader = journal.reader();
    assert_eq!(read(&*reader, 1, &book).unwrap(), book.entries);
    assert_eq!(read(&*reader, 5, &book).unwrap(), book.entries[4..]);
    assert_eq!(read(&*reader, 10, &book).unwrap(), []);
    assert_eq!(reader.checkpoints().unwrap(), [6, 3]);
}

#[test]
fn a_checkpoint_and_the_tail_are_the_same_state() {
    let (book, dir) = (history(), tempfile::tempdir().unwrap());
    filled(dir.path(), &book);
    let (journal, _) = Local::open(dir.path()).unwrap();
    let reader = journal.reader();
    for at in reader.checkpoints().unwrap() {
        let snapshot = &book.ledger.world().snapshot;
        let (head, world) = checkpoint::read(&*reader, at, snapshot).unwrap();
        assert_eq!((head.position, head.at, head.snapshot_id.as_str()), (at, 7, "test"));
        let mut ledger = Ledger::new(world);
        read(&*reader, at + 1, &book).unwrap().iter().for_each(|entry| ledger.apply(entry));
        assert_eq!(digest::of(ledger.world()), digest::of(book.ledger.world()), "L6");
        let past = |world: &World| world.history(world.reservation(1).unwrap());
        assert_eq!(past(ledger.world()), past(book.ledger.world()));
    }
}

#[test]
fn only_what_follows_is_appended() {
    let book = history();
    let (mut journal, _) = Disk::default().open().unwrap();
    append(&mut journal, &book, &book.entries[..2]).unwrap();
    let gap = append(&mut journal, &book, &book.entries[3..4]).unwrap_err();
    assert_eq!(gap.to_string(), "position 3 was expected, 4 found");
    append(&mut journal, &book, &book.entries[2..]).unwrap();
    assert_eq!(read(&*journal.reader(), 1, &book).unwrap(), book.entries);
}

#[test]
fn a_second_process_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let held = Local::open(dir.path()).unwrap();
    let refused = Local::open(dir.path()).unwrap_err();
    let text = refused.to_string();
    let process = std::process::id();
    assert!(text.ends_with(&format!("is in use by another server (process {process})")), "{text}");
    assert_eq!(refused.mend(), "stop the other server, or take another directory with --data");
    assert!(matches!(local::check(dir.path()), Err(Error::Locked { .. })));
    drop(held);
    Local::open(dir.path()).unwrap();
}

#[test]
fn a_directory_that_is_none_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let refused = Local::open(&file.join("data")).unwrap_err().to_string();
    assert!(refused.starts_with("cannot create the data directory "), "{refused}");
    let missing = local::check(&dir.path().join("nothing")).unwrap_err().to_string();
    assert!(missing.starts_with("cannot find a journal in "), "{missing}");
    assert!(!dir.path().join("nothing").exists(), "looking makes nothing");
}

/// Appends entries one by one until the disk fails, at the n-th sync; says how many were acknowledged.
fn until_it_fails(disk: &Disk, book: &Book, sync: u64, fault: Fault) -> (u64, Option<Error>) {
    let (mut journal, _) = disk.open().unwrap();
    disk.plan(sync, fault);
    for entry in &book.entries {
        if let Err(error) = append(&mut journal, book, std::slice::from_ref(entry)) {
            return (entry.position - 1, Some(error));
        }
    }
    (book.entries.len() as u64, None)
}

#[test]
fn at_every_sync_a_crash_keeps_what_was_acknowledged_and_nothing_else_of_it() {
    let book = history();
    for fault in [Fault::Before, Fault::Torn, Fault::After, Fault::Failed] {
        for sync in 1..=book.entries.len() as u64 {
            for seed in 0..3 {
                let disk = Disk::seeded(seed);
                let (acknowledged, error) = until_it_fails(&disk, &book, sync, fault);
                assert!(error.is_some());
                disk.restart();
                let (journal, _) = disk.open().unwrap();
                let position = journal.position();
                assert!(acknowledged <= position && position <= acknowledged + 1);
                if fault == Fault::Before {
                    assert_eq!(position, acknowledged);
                }
                let kept = read(&*journal.reader(), 1, &book).unwrap();
                assert_eq!(kept, book.entries[..position as usize], "{fault:?} at {sync}: J1");
            }
        }
    }
}

#[test]
fn a_full_disk_is_said_and_the_journal_is_whole() {
    let book = history();
    let disk = Disk::default();
    let (acknowledged, error) = until_it_fails(&disk, &book, 4, Fault::Full);
    let error = error.unwrap();
    assert!(error.mend().starts_with("make room on the disk"), "{error}");
    disk.restart();
    let (journal, _) = disk.open().unwrap();
    assert_eq!(read(&*journal.reader(), 1, &book).unwrap().len() as u64, acknowledged);
}

#[test]
fn a_checkpoint_that_was_not_sealed_never_was() {
    let book = history();
    let disk = Disk::default();
    {
        let (mut journal, _) = disk.open().unwrap();
        save(&mut journal, &World::new(Arc::clone(&book.ledger.world().snapshot)));
        append(&mut journal, &book, &book.entries).unwrap();
        for (part, bytes) in checkpoint::parts(book.ledger.world(), 7).enumerate() {
            journal.put_part(9, part as u32, &bytes).unwrap();
        }
        disk.plan(1, Fault::Before);
        assert!(journal.seal(9, 2).is_err());
    }
    disk.restart();
    let (journal, _) = disk.open().unwrap();
    assert_eq!(journal.reader().checkpoints().unwrap(), [0]);
    assert_eq!(read(&*journal.reader(), 1, &book).unwrap(), book.entries);
}

#[test]
fn old_entries_go_but_those_that_a_checkpoint_needs_stay() {
    let (book, dir) = (history(), tempfile::tempdir().unwrap());
    filled(dir.path(), &book);
    let (mut journal, _) = Local::open(dir.path()).unwrap();
    let mut forget = |before| {
        journal.forget_before(before).unwrap();
        journal.reader().first().unwrap()
    };
    // Batches begin at 1, 4 and 7; checkpoints are at 6 and 3.
    assert_eq!(forget(3), 1);
    assert_eq!(forget(4), 4);
    assert_eq!(forget(99), 4);
    assert_eq!(read(&*journal.reader(), 4, &book).unwrap(), book.entries[3..]);
    drop(journal);
    assert_eq!(local::check(dir.path()).unwrap().faults.len(), 0);
    assert_eq!(Local::open(dir.path()).unwrap().1.position, 9);
}

/// Changes one byte of an entry in the store's file.
fn damage(dir: &Path, book: &Book, entry: usize) {
    let path = dir.join("journal.redb");
    let mut bytes = std::fs::read(&path).unwrap();
    let mut before = Chain::BEGIN;
    for entry in &book.entries[..entry] {
        before = Chain::after(&codec::encode_after(entry, book.snapshot(), before));
    }
    let written = codec::encode_after(&book.entries[entry], book.snapshot(), before);
    let at = bytes.windows(written.len()).rposition(|window| window == written).unwrap();
    bytes[at + 9] ^= 0x10;
    std::fs::write(&path, bytes).unwrap();
}

#[test]
fn a_corrupt_middle_is_refused_with_its_place_and_mended() {
    let (book, dir) = (history(), tempfile::tempdir().unwrap());
    filled(dir.path(), &book);
    damage(dir.path(), &book, 7);
    {
        let (journal, _) = Local::open(dir.path()).unwrap();
        let refused = read(&*journal.reader(), 1, &book).unwrap_err();
        assert_eq!(refused.to_string(), "entry 8 cannot be read: its check sum does not match");
        assert!(refused.mend().contains("promised journal repair"));
    }
    let found = local::check(dir.path()).unwrap();
    assert_eq!((found.first, found.last, found.acknowledged), (1, 7, 9));
    assert!(!found.faults.is_empty());
    let mended = local::repair(dir.path()).unwrap().unwrap();
    assert_eq!((mended.last, mended.n_lost, mended.n_old_lost), (7, 2, 0));
    assert!(mended.saved.exists());
    let (journal, opened) = Local::open(dir.path()).unwrap();
    assert_eq!(opened.position, 7);
    assert_eq!(read(&*journal.reader(), 1, &book).unwrap(), book.entries[..7]);
    drop(journal);
    assert_eq!(local::check(dir.path()).unwrap().faults.len(), 0);
    assert!(local::repair(dir.path()).unwrap().is_none());
}

#[test]
fn an_entry_of_another_history_is_found() {
    let book = history();
    let other = history();
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), &book);
    let before = |entries: &[Arc<Entry>]| {
        entries.iter().fold(Chain::BEGIN, |before, entry| {
            Chain::after(&codec::encode_after(entry, other.snapshot(), before))
        })
    };
    // The same entries give the same chain on any machine; one that differs anywhere, another one.
    assert_eq!(before(&book.entries), before(&other.entries));
    let mut changed: Vec<_> = other.entries.clone();
    let mut first = (*changed[0]).clone();
    first.stamp.at += 1;
    changed[0] = Arc::new(first);
    assert_ne!(before(&book.entries), before(&changed));
    let mut heads = Vec::new();
    let (journal, _) = Local::open(dir.path()).unwrap();
    let read = journal.reader().read_from(1, &mut |record| {
        heads.push(record.head()?.before);
        Ok(())
    });
    read.unwrap();
    let wanted: Vec<_> = (0..book.entries.len()).map(|n| before(&book.entries[..n])).collect();
    assert_eq!(heads, wanted);
}

#[test]
fn damage_before_the_newest_checkpoint_costs_no_promise() {
    let (book, dir) = (history(), tempfile::tempdir().unwrap());
    filled(dir.path(), &book);
    damage(dir.path(), &book, 1);
    let mended = local::repair(dir.path()).unwrap().unwrap();
    assert_eq!((mended.last, mended.n_lost, mended.n_old_lost), (9, 0, 5));
    assert_eq!(mended.checkpoints, [3]);
    let (journal, _) = Local::open(dir.path()).unwrap();
    let reader = journal.reader();
    assert_eq!(reader.first().unwrap(), 7);
    let (_, world) = checkpoint::read(&*reader, 6, &book.ledger.world().snapshot).unwrap();
    let mut ledger = Ledger::new(world);
    read(&*reader, 7, &book).unwrap().iter().for_each(|entry| ledger.apply(entry));
    assert_eq!(digest::of(ledger.world()), digest::of(book.ledger.world()));
}

#[test]
fn a_tail_that_was_acknowledged_and_is_gone_is_refused() {
    let (book, dir) = (history(), tempfile::tempdir().unwrap());
    filled(dir.path(), &book);
    std::fs::remove_file(dir.path().join("journal.redb")).unwrap();
    let refused = Local::open(dir.path()).unwrap_err().to_string();
    assert_eq!(refused, "entries 1 to 9 were acknowledged and are gone");
}

#[test]
fn a_store_that_does_not_open_is_said_plainly() {
    let (book, dir, copy) = (history(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    filled(dir.path(), &book);
    // A kill: the file is taken while it is open. Then damage all over it.
    let open = Local::open(dir.path()).unwrap();
    let mut bytes = std::fs::read(dir.path().join("journal.redb")).unwrap();
    drop(open);
    bytes[4_096..].iter_mut().step_by(64).for_each(|byte| *byte ^= 0x55);
    std::fs::write(copy.path().join("journal.redb"), bytes).unwrap();
    let refused = local::repair(copy.path()).unwrap_err();
    assert!(refused.to_string().contains("cannot be opened"), "{refused}");
    assert!(refused.mend().starts_with("bring the data directory back from a copy"));
}
