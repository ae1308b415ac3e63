//! Durable batches on the embedded stores that could carry the journal, and on a bare file as the floor.
//!
//! `cargo run --release --manifest-path benches/stores/Cargo.toml -- [DIR]`: each store appends batches of
//! entries under dense keys, one sync a batch, for the same time; then it is opened again and read.

use fjall::KeyspaceCreateOptions;
use redb::{ReadableDatabase as _, ReadableTable as _, TableDefinition};
use std::{
    fs::File,
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

const ENTRY_BYTES: usize = 180;
const BATCHES: [usize; 4] = [1, 16, 128, 1_024];
const TIME: Duration = Duration::from_secs(2);

fn main() {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".to_string());
    let dir = tempfile::tempdir_in(root).unwrap();
    println!("{:<6} {:>6} {:>12} {:>12} {:>10} {:>10} {:>12}", "store", "batch", "entries/s", "batches/s", "p50 us", "p99 us", "bytes/entry");
    for batch in BATCHES {
        let at = |name: &str| dir.path().join(format!("{name}-{batch}"));
        let file = at("file");
        std::fs::create_dir(&file).unwrap();
        let mut log = File::create(file.join("log")).unwrap();
        measure("file", batch, &file, |_, entries| {
            log.write_all(&entries.concat()).unwrap();
            log.sync_data().unwrap();
        });
        let path = at("fjall");
        {
            let db = fjall::Database::builder(&path).open().unwrap();
            let entries_of = db.keyspace("entries", KeyspaceCreateOptions::default).unwrap();
            measure("fjall", batch, &path, |from, entries| {
                let mut writes = db.batch().durability(Some(fjall::PersistMode::SyncData));
                for (key, entry) in (from..).zip(entries) {
                    writes.insert(&entries_of, key.to_be_bytes(), entry.as_slice());
                }
                writes.commit().unwrap();
            });
        }
        let began = Instant::now();
        let db = fjall::Database::builder(&path).open().unwrap();
        let entries_of = db.keyspace("entries", KeyspaceCreateOptions::default).unwrap();
        let opened = began.elapsed();
        let n = entries_of.iter().map(|guard| guard.value().unwrap().len()).filter(|&n| n == ENTRY_BYTES).count();
        println!("       reopened in {opened:?}, {n} entries read in {:?}", began.elapsed() - opened);
        drop((db, entries_of));

        let path = at("redb");
        std::fs::create_dir(&path).unwrap();
        const TABLE: TableDefinition<u64, &[u8]> = TableDefinition::new("entries");
        {
            let db = redb::Database::create(path.join("db")).unwrap();
            measure("redb", batch, &path, |from, entries| {
                let writes = db.begin_write().unwrap();
                {
                    let mut table = writes.open_table(TABLE).unwrap();
                    for (key, entry) in (from..).zip(entries) {
                        table.insert(key, entry.as_slice()).unwrap();
                    }
                }
                writes.commit().unwrap();
            });
        }
        let began = Instant::now();
        let db = redb::Database::open(path.join("db")).unwrap();
        let opened = began.elapsed();
        let read = db.begin_read().unwrap();
        let table = read.open_table(TABLE).unwrap();
        let n = table.iter().unwrap().filter(|entry| entry.as_ref().unwrap().1.value().len() == ENTRY_BYTES).count();
        println!("       reopened in {opened:?}, {n} entries read in {:?}", began.elapsed() - opened);
    }
}

fn measure(name: &str, batch: usize, dir: &Path, mut append: impl FnMut(u64, &[Vec<u8>])) {
    let mut entries = vec![vec![0u8; ENTRY_BYTES]; batch];
    let (mut next, mut took) = (1u64, Vec::new());
    let began = Instant::now();
    while began.elapsed() < TIME {
        for (n, entry) in entries.iter_mut().enumerate() {
            entry.chunks_mut(8).zip(1u64..).for_each(|(chunk, at)| {
                let noise = (next + n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(at as u32).to_le_bytes();
                chunk.copy_from_slice(&noise[..chunk.len()]);
            });
        }
        let one = Instant::now();
        append(next, &entries);
        took.push(one.elapsed().as_micros());
        next += batch as u64;
    }
    let seconds = began.elapsed().as_secs_f64();
    took.sort_unstable();
    let bytes: u64 = std::fs::read_dir(dir).map_or(0, |_| size(dir));
    println!(
        "{name:<6} {batch:>6} {:>12.0} {:>12.0} {:>10} {:>10} {:>12.0}",
        (next - 1) as f64 / seconds, took.len() as f64 / seconds, took[took.len() / 2], took[took.len() * 99 / 100],
        bytes as f64 / (next - 1) as f64,
    );
}

fn size(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else { return 0 };
    entries.flatten().map(|entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => size(&entry.path()),
        Ok(meta) => { use std::os::unix::fs::MetadataExt as _; meta.blocks() * 512 }
        Err(_) => 0,
    }).sum()
}
