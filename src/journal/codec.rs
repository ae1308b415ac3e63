//! Entries as bytes, and bytes as entries.
//!
//! An entry begins with its version and ends with a check sum. Reading never panics, whatever the bytes are,
//! and what is read is equal to what was written, as long as the snapshot knows the names. Each entry also
//! says what stands before it ([`Chain`]), so that two journals that differ anywhere differ at their ends.

use super::{
    chain::Chain,
    error::Malformed,
    fact::{read_also, read_fact, read_kind, write_also, write_fact},
    head::EntryHead,
    told::{read_told, write_told},
    version::{VERSION, VERSION_FIRST},
    wire::{EntryReader, EntryWriter},
};
use crate::{
    ledger::{Entry, RequestStamp, SourcePosition, Stamp},
    snapshot::Snapshot,
};
use std::sync::Arc;

/// Bytes of the check sum.
const CHECK_LEN: usize = 4;

/// The bytes of an entry that begins a chain.
pub fn encode(entry: &Entry, snapshot: &Snapshot) -> Vec<u8> {
    encode_after(entry, snapshot, Chain::BEGIN)
}

/// The bytes of an entry behind others.
pub fn encode_after(entry: &Entry, snapshot: &Snapshot, before: Chain) -> Vec<u8> {
    let mut writer = EntryWriter::default();
    writer.tag(VERSION);
    writer.unsigned(entry.position);
    writer.raw(&before.to_bytes());
    write_stamp(&mut writer, &entry.stamp);
    write_fact(&mut writer, snapshot, &entry.fact);
    writer.count(entry.also.len());
    entry.also.iter().for_each(|also| write_also(&mut writer, snapshot, also));
    writer.option(entry.told.as_deref(), |writer, told| write_told(writer, snapshot, told));
    let check = check_sum(writer.bytes());
    writer.raw(&check);
    writer.into_bytes()
}

/// The entry of some bytes.
///
/// # Errors
/// Why they are none; names that the snapshot does not know are told all at once.
pub fn decode(bytes: &[u8], snapshot: &Snapshot) -> Result<Entry, Malformed> {
    let mut reader = opened(bytes)?.going_on();
    let read = read_entry(&mut reader, snapshot);
    reader.known(read)
}

fn read_entry(reader: &mut EntryReader<'_>, snapshot: &Snapshot) -> Result<Entry, Malformed> {
    let (position, _, stamp) = read_stamp(reader)?;
    let fact = read_fact(reader, snapshot)?;
    let mut entry = Entry::new(position, stamp, fact);
    if reader.version() != VERSION_FIRST {
        entry.also = reader.list(|reader| read_also(reader, snapshot))?;
        entry.told = reader.option(|reader| Ok(Arc::new(read_told(reader, snapshot)?)))?;
    }
    reader.end()?;
    Ok(entry)
}

/// What the entry of some bytes says of itself.
///
/// # Errors
/// Why they are none.
pub fn head(bytes: &[u8]) -> Result<EntryHead, Malformed> {
    let mut reader = opened(bytes)?;
    let (position, before, stamp) = read_stamp(&mut reader)?;
    let Stamp { at, epoch, request, by, source } = stamp;
    let (version, kind) = (reader.version(), read_kind(&mut reader)?);
    Ok(EntryHead { version, position, before, at, epoch, request, by, source, kind })
}

/// A reader behind the version, of bytes whose check sum matches.
pub(super) fn opened(bytes: &[u8]) -> Result<EntryReader<'_>, Malformed> {
    let Some((body, check)) = bytes.split_last_chunk::<CHECK_LEN>() else {
        return Err(Malformed::Truncated { offset: bytes.len() });
    };
    if check_sum(body) != *check {
        return Err(Malformed::CheckSum);
    }
    let reader = EntryReader::opened(body)?;
    match reader.version() {
        VERSION_FIRST | VERSION => Ok(reader),
        version => Err(Malformed::Version(version)),
    }
}

fn write_stamp(writer: &mut EntryWriter, stamp: &Stamp) {
    writer.signed(stamp.at);
    writer.unsigned(stamp.epoch);
    writer.option(stamp.request.as_ref(), |writer, request| {
        writer.text(&request.id);
        writer.raw(&request.digest.to_le_bytes());
    });
    writer.option(stamp.by.as_deref(), EntryWriter::text);
    writer.option(stamp.source.as_ref(), |writer, source| {
        writer.text(&source.source);
        writer.text(&source.position);
    });
}

/// Position, what stands before it, and stamp.
fn read_stamp(reader: &mut EntryReader<'_>) -> Result<(u64, Chain, Stamp), Malformed> {
    let is_first = reader.version() == VERSION_FIRST;
    let position = reader.unsigned()?;
    let before = if is_first { Chain::BEGIN } else { read_chain(reader)? };
    let at = reader.signed()?;
    let epoch = if is_first { 0 } else { reader.unsigned()? };
    let request = reader.option(|reader| {
        let id = reader.text()?.into();
        let digest = reader.raw(16)?.try_into().expect("sixteen bytes were read");
        Ok(RequestStamp { id, digest: u128::from_le_bytes(digest) })
    })?;
    let mut stamp = Stamp { epoch, request, ..Stamp::at(at) };
    if !is_first {
        stamp.by = reader.option(|reader| Ok(reader.text()?.into()))?;
        stamp.source = reader.option(|reader| {
            let source = reader.text()?.into();
            Ok(SourcePosition { source, position: reader.text()?.into() })
        })?;
    }
    Ok((position, before, stamp))
}

fn read_chain(reader: &mut EntryReader<'_>) -> Result<Chain, Malformed> {
    let bytes = reader.raw(Chain::LEN)?;
    Ok(Chain::of_bytes(bytes.try_into().expect("sixteen bytes were read")))
}

/// The check sum of bytes: CRC-32C, which finds every damage within four bytes side by side.
pub fn check_sum(bytes: &[u8]) -> [u8; CHECK_LEN] {
    crc32c::crc32c(bytes).to_le_bytes()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_check_sum_is_the_well_known_one() {
        assert_eq!(super::check_sum(b"123456789"), 0xe306_9283u32.to_le_bytes());
    }
}
