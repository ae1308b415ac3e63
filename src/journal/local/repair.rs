//! Looking at a journal that nobody uses, and mending one that is damaged.
//!
//! A mend keeps all entries before the first damage and gives up those after it, and says so: nothing is
//! guessed. The file as it was stays beside the mended one. What it cannot do is said too: after a kill the store
//! verifies its pages, and where one of them is damaged it may not open at all; then only a copy helps.

use super::{
    disk::{DataDirectory, Witness},
    store::{OpenStore, add},
};
use crate::journal::{Chain, Error, Malformed, RawEntry, Reader, checkpoint};
use std::path::{Path, PathBuf};

/// What a journal holds, and what is wrong with it.
#[derive(Debug)]
pub struct Findings {
    /// The oldest entry that is kept.
    pub first: u64,
    /// The last entry that can be read.
    pub last: u64,
    /// The last entry that was acknowledged, as far as that is known.
    pub acknowledged: u64,
    /// Bytes of all entries.
    pub bytes: u64,
    /// The checkpoints that can be read, newest first.
    pub checkpoints: Vec<checkpoint::CheckpointHead>,
    /// The first fault of each kind; none where all is well.
    pub faults: Vec<Error>,
    /// Whether a batch that was under way was cut off when the journal was opened.
    pub cut: bool,
}

/// What a mend did.
#[derive(Debug)]
pub struct Mended {
    /// The last entry that was kept.
    pub last: u64,
    /// Entries that were acknowledged and are given up.
    pub n_lost: u64,
    /// Entries before the newest checkpoint that are given up: history and ids of commands, no promise.
    pub n_old_lost: u64,
    /// Checkpoints that were given up.
    pub checkpoints: Vec<u64>,
    /// Where the file is as it was.
    pub saved: PathBuf,
}

/// Reads all of the journal of a directory, and tells what is wrong with it.
///
/// # Errors
/// There is no journal, it is in use, or it cannot be read at all.
pub fn check(dir: &Path) -> Result<Findings, Error> {
    look(&taken(dir)?).map(|(found, _)| found)
}

/// Mends the journal of a directory; none where nothing is wrong with it. What can be read is written to a new
/// file, which then takes the place of the damaged one.
///
/// # Errors
/// As for [`check`]; or no checkpoint is left that the entries follow on.
pub fn repair(dir: &Path) -> Result<Option<Mended>, Error> {
    let directory = taken(dir)?;
    let (found, store) = look(&directory)?;
    if found.faults.is_empty() {
        return Ok(None);
    }
    let Some(base) = found.checkpoints.first().map(|head| head.position) else {
        let why = "no checkpoint can be read that its entries would follow on".to_string();
        return Err(Error::Broken { why });
    };
    // What the state needs is the newest checkpoint and the entries after it, as far as they go.
    let (last, _, _) = readable(&store, base + 1)?;
    let is_old_damaged = found.last < base;
    let is_kept = |at: u64| {
        let is_readable = found.checkpoints.iter().any(|head| head.position == at);
        is_readable && (base == at || !is_old_damaged)
    };
    let (kept, given_up) = store.checkpoints()?.into_iter().partition(|at| is_kept(*at));
    let from = if is_old_damaged { base + 1 } else { found.first };
    let mended = directory.fresh()?;
    copy(&store, &mended, Kept { checkpoints: kept, from, last })?;
    drop((store, mended));
    let saved = directory.replace()?;
    directory.witness()?.write(last)?;
    let n_lost = found.acknowledged.saturating_sub(last);
    let n_old_lost = if is_old_damaged { base - found.last } else { 0 };
    Ok(Some(Mended { last, n_lost, n_old_lost, checkpoints: given_up, saved }))
}

/// What a mend keeps.
struct Kept {
    /// Newest first.
    checkpoints: Vec<u64>,
    /// The first entry.
    from: u64,
    /// The last entry.
    last: u64,
}

/// Entries that are copied in one go.
const COPIED_AT_ONCE: usize = 4_096;

fn copy(store: &OpenStore, mended: &OpenStore, kept: Kept) -> Result<(), Error> {
    for &checkpoint in kept.checkpoints.iter().rev() {
        let mut part = 0;
        store.read_parts(checkpoint, &mut |bytes| {
            part += 1;
            mended.put_part((checkpoint, part - 1), bytes)
        })?;
        mended.seal(checkpoint, part)?;
    }
    let (mut first, mut n, mut batch) = (kept.from, 0, Vec::new());
    store.read_from(kept.from, &mut |record| {
        let RawEntry::Bytes { position, bytes } = record else {
            unreachable!("a store gives bytes");
        };
        if position <= kept.last {
            add(&mut batch, bytes);
            n += 1;
        }
        if n == COPIED_AT_ONCE {
            mended.append(first, &batch)?;
            (first, n) = (position + 1, 0);
            batch.clear();
        }
        if position < kept.last { Ok(()) } else { Err(Error::Enough) }
    })?;
    if n == 0 { Ok(()) } else { mended.append(first, &batch) }
}

/// Reads entries from a position on: the last that can be read, their bytes, and what comes after them.
fn readable(store: &OpenStore, from: u64) -> Result<(u64, u64, Option<Error>), Error> {
    let (mut last, mut n_bytes, mut chain) = (from - 1, 0, None);
    let read = store.read_from(from, &mut |record| {
        let head = record.head()?;
        if head.position != last + 1 {
            return Err(Error::OutOfOrder { expected: last + 1, found: head.position });
        }
        if !head.is_first_version() && chain.is_some_and(|before| before != head.before) {
            return Err(Error::Damaged { position: head.position, fault: Malformed::Chain });
        }
        if let RawEntry::Bytes { bytes, .. } = record {
            n_bytes += bytes.len() as u64;
            chain = Some(Chain::after(bytes));
        }
        last = head.position;
        Ok(())
    });
    match read {
        Err(fault @ Error::Storage { .. }) => Err(fault),
        read => Ok((last, n_bytes, read.err())),
    }
}

fn taken(dir: &Path) -> Result<DataDirectory, Error> {
    let nothing = || {
        let source = std::io::Error::from(std::io::ErrorKind::NotFound);
        Error::storage(format!("find a journal in {}", dir.display()), source)
    };
    if !dir.is_dir() {
        return Err(nothing());
    }
    let directory = DataDirectory::take(dir)?;
    if directory.has_store() { Ok(directory) } else { Err(nothing()) }
}

fn look(directory: &DataDirectory) -> Result<(Findings, OpenStore), Error> {
    let (store, cut) = match OpenStore::open(directory.storage()?) {
        Err(Error::Broken { why }) => return Err(Error::Unopenable { why }),
        opened => opened?,
    };
    let first = store.first()?;
    let (last, bytes, fault) = readable(&store, first)?;
    let mut faults: Vec<Error> = fault.into_iter().collect();
    let mut checkpoints = Vec::new();
    for at in store.checkpoints()? {
        match checkpoint::verify(&store, at) {
            Ok(head) => checkpoints.push(head),
            Err(fault) => faults.push(fault),
        }
    }
    let newest = checkpoints.first().map_or(0, |head| head.position);
    let acknowledged = directory.witness()?.read()?;
    if last.max(newest) < acknowledged && faults.is_empty() {
        faults.push(Error::Lost { position: last, acknowledged });
    }
    let found = Findings { first, last, acknowledged, bytes, checkpoints, faults, cut };
    Ok((found, store))
}
