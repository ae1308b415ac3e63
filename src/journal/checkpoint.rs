//! The state after an entry, as bytes in parts.
//!
//! The first part is the [`CheckpointHead`]; the others are sections, each of a kind of its own with its own check
//! sum. What follows from a section is rebuilt, not written: accounts from the reservations' postings.
//! Whether the state is right is told by its digest, which the head names.

use super::{
    Error, Malformed, Reader, activated,
    changes::{read_change, read_origin, write_changes, write_origin},
    codec::{check_sum, opened},
    divided::{HISTORIES, Parts, RESERVATIONS, is_divided},
    folded::{read_folded, write_folded},
    noted::{read_mark, read_seen, write_mark, write_seen},
    past::write_past,
    reached::{read_cursor, read_positions, read_served, write_cursor, write_positions},
    reservation::write_reservation,
    wire::EntryWriter,
};
use crate::{
    ledger::{Origin, World, digest},
    snapshot::{Adopted, Snapshot},
};
use std::sync::Arc;

/// The version that is written; it is the first byte of every part.
const VERSION: u8 = super::version::VERSION;

const HEAD: u8 = 1;
const GENERATION: u8 = 16;
const CHANGES: u8 = 17;
const CHANGES_WITH_ORIGIN: u8 = 18;
const RULES: u8 = 19;
const SEEN: u8 = 20;
const SUM: u8 = 21;
const MARKS: u8 = 22;
const FOLDED: u8 = 24;
const POSITIONS: u8 = 25;
const CURSORS: u8 = 27;
const SERVED: u8 = 28;

/// Reservations, or histories, in one part.
const PART_LEN: usize = 1_000;

/// What a checkpoint says of itself: readable without any snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointHead {
    /// The entry after which it was made.
    pub position: u64,
    /// When that entry was made, in microseconds since 1970 UTC; `i64::MIN` where there is none.
    pub at: i64,
    /// The id of the snapshot that it was made against.
    pub snapshot_id: String,
    /// The digest of the state.
    pub digest: u128,
    /// The number that the next reservation gets.
    pub next_number: u64,
    /// How many reservations it has.
    pub n_reservations: u64,
}

/// The parts of a checkpoint of a world, in order; `at` is the instant of its last entry.
pub fn parts(world: &World, at: i64) -> impl Iterator<Item = Vec<u8>> {
    let head = sealed(|writer| {
        writer.tag(HEAD);
        writer.unsigned(world.position);
        writer.signed(at);
        writer.text(world.snapshot.id());
        writer.raw(&digest::of(world).to_le_bytes());
        writer.unsigned(world.next_number());
        writer.count(world.n_reservations());
    });
    let generation = sealed(|writer| {
        writer.tag(GENERATION);
        writer.unsigned(world.generation());
        activated::write_adopted(writer, world.snapshot.adopted());
    });
    let rules = sealed(|writer| {
        writer.tag(RULES);
        writer.unsigned(world.rules().into());
    });
    let sum = world.snapshot.sum.as_deref().map(|sum| {
        sealed(|writer| {
            writer.tag(SUM);
            writer.text(sum);
        })
    });
    let seen = sections(SEEN, world.acknowledged().values(), |writer, (seen, at)| {
        write_seen(writer, seen);
        writer.signed(*at);
    });
    let reservations = sections(RESERVATIONS, world.reservations_from(0), |writer, one| {
        write_reservation(writer, &world.snapshot, one);
    });
    let histories = sections(HISTORIES, world.histories(), |writer, (number, steps)| {
        writer.unsigned(number);
        writer.count(steps.len());
        steps.iter().for_each(|past| write_past(writer, &world.snapshot, past));
    });
    let batches = world.change_batches().into_iter();
    let changes = sections(CHANGES_WITH_ORIGIN, batches, |writer, batch| {
        write_origin(writer, &batch.origin);
        write_changes(writer, &batch.changes);
    });
    // Changes come before what was promised on them.
    let beside = [head, generation, rules].into_iter().chain(sum).chain(seen);
    let marks = sections(MARKS, world.marks(), write_mark);
    let folded = sections(FOLDED, world.folded(), write_folded);
    let positions = sections(POSITIONS, world.positions().all(), write_positions);
    let cursors = sections(CURSORS, world.cursors().iter(), write_cursor);
    let served = sections(SERVED, world.served().iter(), |writer, id| writer.text(id));
    let of_promises = reservations.chain(histories).chain(marks);
    let by_itself = positions.chain(cursors).chain(served);
    beside.chain(changes).chain(of_promises).chain(folded).chain(by_itself)
}

/// Things of a kind, so many in a part.
fn sections<T>(
    kind: u8,
    things: impl Iterator<Item = T>,
    write: impl Fn(&mut EntryWriter, T),
) -> impl Iterator<Item = Vec<u8>> {
    let mut things = things.peekable();
    std::iter::from_fn(move || {
        things.peek()?;
        let section: Vec<_> = things.by_ref().take(PART_LEN).collect();
        Some(sealed(|writer| {
            writer.tag(kind);
            writer.count(section.len());
            section.into_iter().for_each(|thing| write(writer, thing));
        }))
    })
}

fn sealed(write: impl FnOnce(&mut EntryWriter)) -> Vec<u8> {
    let mut writer = EntryWriter::default();
    writer.tag(VERSION);
    write(&mut writer);
    let check = check_sum(writer.bytes());
    writer.raw(&check);
    writer.into_bytes()
}

/// What a checkpoint says of itself.
///
/// # Errors
/// The journal cannot be read, or the head is damaged.
pub fn head(reader: &dyn Reader, checkpoint: u64) -> Result<CheckpointHead, Error> {
    let mut found = None;
    let read = reader.read_parts(checkpoint, &mut |bytes| {
        found = Some(read_head(bytes).map_err(|fault| damaged(checkpoint, fault))?);
        Err(Error::Enough)
    });
    super::until_enough(read)?;
    found.ok_or_else(|| damaged(checkpoint, Malformed::NoPart(0)))
}

/// Checks that all parts are there and whole, and gives the head.
///
/// # Errors
/// The first fault.
pub fn verify(reader: &dyn Reader, checkpoint: u64) -> Result<CheckpointHead, Error> {
    let head = head(reader, checkpoint)?;
    reader.read_parts(checkpoint, &mut |bytes| {
        opened(bytes).map(|_| ()).map_err(|fault| damaged(checkpoint, fault))
    })?;
    Ok(head)
}

/// The world of a checkpoint over its snapshot, its digest compared.
///
/// # Errors
/// The journal cannot be read, a part is damaged or names what the snapshot does not know, or the digest
/// is another one.
pub fn read(
    reader: &dyn Reader,
    checkpoint: u64,
    snapshot: &Arc<Snapshot>,
) -> Result<(CheckpointHead, World), Error> {
    let head = head(reader, checkpoint)?;
    let (generation, adopted) = generation(reader, checkpoint)?;
    let snapshot = &if adopted.is_empty() {
        Arc::clone(snapshot)
    } else {
        let mut adopting = (**snapshot).clone();
        adopting.adopt(&adopted);
        Arc::new(adopting)
    };
    let mut world = World::restored(Arc::clone(snapshot), head.position, head.next_number);
    world.restore_generation(generation);
    let fault = |fault| damaged(checkpoint, fault);
    let mut parts = Parts::default();
    reader.read_parts(checkpoint, &mut |bytes| {
        if is_divided(bytes) {
            return parts.push(&mut world, bytes, snapshot).map_err(fault);
        }
        parts.end(&mut world, snapshot).map_err(fault)?;
        restore(&mut world, bytes).map_err(fault)
    })?;
    parts.end(&mut world, snapshot).map_err(fault)?;
    // Of another snapshot the digest is another one: it is for the caller to know what it asks for.
    let is_same =
        head.snapshot_id != snapshot.id() || digest::of_side_by_side(&world) == head.digest;
    if is_same { Ok((head, world)) } else { Err(damaged(checkpoint, Malformed::Digest)) }
}

/// The generation of a checkpoint, and what its snapshot adopted; the first and nothing in one that is
/// older than generations.
fn generation(reader: &dyn Reader, checkpoint: u64) -> Result<(u64, Adopted), Error> {
    let mut found = None;
    let read = reader.read_parts(checkpoint, &mut |bytes| {
        // It comes before what there may be much of.
        if is_divided(bytes) {
            return Err(Error::Enough);
        }
        found = read_generation(bytes).map_err(|fault| damaged(checkpoint, fault))?;
        if found.is_some() { Err(Error::Enough) } else { Ok(()) }
    });
    super::until_enough(read)?;
    Ok(found.unwrap_or((1, Adopted::default())))
}

fn read_generation(bytes: &[u8]) -> Result<Option<(u64, Adopted)>, Malformed> {
    let mut reader = opened(bytes)?;
    if reader.tag()? != GENERATION {
        return Ok(None);
    }
    let found = (reader.unsigned()?, activated::read_adopted(&mut reader)?);
    reader.end()?;
    Ok(Some(found))
}

/// The check sum of the tables that a checkpoint's snapshot was built of; none in older ones, and where nobody
/// keeps them.
///
/// # Errors
/// The journal cannot be read, or a part is damaged.
pub fn sum(reader: &dyn Reader, checkpoint: u64) -> Result<Option<Arc<str>>, Error> {
    let mut found = None;
    let read = reader.read_parts(checkpoint, &mut |bytes| {
        let fault = |fault| damaged(checkpoint, fault);
        let mut part = opened(bytes).map_err(fault)?;
        match part.tag().map_err(fault)? {
            HEAD | GENERATION | RULES => Ok(()),
            SUM => {
                found = Some(part.text().map_err(fault)?.into());
                Err(Error::Enough)
            }
            // It comes before what there may be much of.
            _ => Err(Error::Enough),
        }
    });
    super::until_enough(read)?;
    Ok(found)
}

fn damaged(position: u64, fault: Malformed) -> Error {
    Error::Checkpoint { position, fault }
}

fn read_head(bytes: &[u8]) -> Result<CheckpointHead, Malformed> {
    let mut reader = opened(bytes)?;
    if reader.tag()? != HEAD {
        return Err(reader.invalid("head of a checkpoint"));
    }
    let head = CheckpointHead {
        position: reader.unsigned()?,
        at: reader.signed()?,
        snapshot_id: reader.text()?.to_string(),
        digest: u128::from_le_bytes(reader.raw(16)?.try_into().expect("sixteen bytes were read")),
        next_number: reader.unsigned()?,
        n_reservations: reader.unsigned()?,
    };
    reader.end()?;
    Ok(head)
}

/// Gives a world back what a part has of which there is not much.
fn restore(world: &mut World, bytes: &[u8]) -> Result<(), Malformed> {
    let mut reader = opened(bytes)?;
    match reader.tag()? {
        HEAD | GENERATION | SUM => return Ok(()),
        CHANGES => {
            for _ in 0..reader.count()? {
                let changes = reader.list(read_change)?;
                let changed = world.with_lists(changes.into(), Origin::PLANNING);
                *world = changed.map_err(|_| reader.invalid("change of this snapshot"))?;
            }
        }
        CHANGES_WITH_ORIGIN => {
            for _ in 0..reader.count()? {
                let origin = read_origin(&mut reader)?;
                let changed = world.with_lists(reader.list(read_change)?.into(), origin);
                *world = changed.map_err(|_| reader.invalid("change of this snapshot"))?;
            }
        }
        RULES => {
            let rules = u32::try_from(reader.unsigned()?);
            world.restore_rules(rules.map_err(|_| reader.invalid("version of the rules"))?);
        }
        SEEN => {
            for _ in 0..reader.count()? {
                let seen = read_seen(&mut reader)?;
                world.restore_seen(seen, reader.signed()?);
            }
        }
        FOLDED => {
            for _ in 0..reader.count()? {
                world.restore_folded(read_folded(&mut reader)?);
            }
        }
        MARKS => {
            for _ in 0..reader.count()? {
                let (number, mark) = read_mark(&mut reader)?;
                world.restore_mark(number, mark);
            }
        }
        kind @ (POSITIONS | CURSORS | SERVED) => {
            let read = match kind {
                POSITIONS => read_positions,
                CURSORS => read_cursor,
                _ => read_served,
            };
            for _ in 0..reader.count()? {
                read(world, &mut reader)?;
            }
        }
        _ => return Err(reader.invalid("kind of section")),
    }
    reader.end()
}
