//! A journal as one stream of bytes: what a backup keeps of it.
//!
//! Parts of checkpoints, their seals, then entries in order, each as it was written and with a check sum over all of it.

use std::io::{self, Read, Write};

/// What the stream begins with.
const MAGIC: &[u8; 18] = b"PROMISED-JOURNAL1\n";

/// Bytes before those of a frame: kind, position, number, length, check sum.
const HEAD_LEN: usize = 1 + 8 + 4 + 4 + 4;

/// Bytes of a frame: an entry has less, and so has a part.
const LEN_MAX: usize = 1 << 30;

/// One thing that a journal keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A part of a checkpoint of the state after an entry.
    Part(u64, u32, Vec<u8>),
    /// That a checkpoint has so many parts, and counts.
    Seal(u64, u32),
    /// An entry.
    Entry(u64, Vec<u8>),
}

/// Writes what a stream begins with.
///
/// # Errors
/// It cannot be written.
pub fn begin(out: &mut impl Write) -> io::Result<()> {
    out.write_all(MAGIC)
}

/// Writes a part of a checkpoint.
///
/// # Errors
/// It cannot be written.
pub fn part(out: &mut impl Write, checkpoint: u64, part: u32, bytes: &[u8]) -> io::Result<()> {
    frame(out, (1, checkpoint, part), bytes)
}

/// Writes that a checkpoint counts.
///
/// # Errors
/// It cannot be written.
pub fn seal(out: &mut impl Write, checkpoint: u64, n_parts: u32) -> io::Result<()> {
    frame(out, (2, checkpoint, n_parts), &[])
}

/// Writes an entry.
///
/// # Errors
/// It cannot be written.
pub fn entry(out: &mut impl Write, position: u64, bytes: &[u8]) -> io::Result<()> {
    frame(out, (3, position, 0), bytes)
}

fn frame(
    out: &mut impl Write,
    (kind, position, number): (u8, u64, u32),
    bytes: &[u8],
) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    let mut head = [0; HEAD_LEN];
    head[0] = kind;
    head[1..9].copy_from_slice(&position.to_le_bytes());
    head[9..13].copy_from_slice(&number.to_le_bytes());
    head[13..17].copy_from_slice(&length.to_le_bytes());
    let sum = crc32c::crc32c_append(crc32c::crc32c(&head[..17]), bytes);
    head[17..].copy_from_slice(&sum.to_le_bytes());
    out.write_all(&head)?;
    out.write_all(bytes)
}

/// Checks what a stream begins with.
///
/// # Errors
/// It is another one, or cannot be read.
pub fn check_begin(input: &mut impl Read) -> io::Result<()> {
    let mut magic = [0; MAGIC.len()];
    input.read_exact(&mut magic)?;
    if magic == *MAGIC { Ok(()) } else { Err(io::Error::other("it is no journal of a backup")) }
}

/// Reads the next frame; none at the end.
///
/// # Errors
/// It is damaged or cut off, or cannot be read.
pub fn next(input: &mut impl Read) -> io::Result<Option<Frame>> {
    let mut head = [0; HEAD_LEN];
    let n = input.read(&mut head[..1])?;
    if n == 0 {
        return Ok(None);
    }
    input.read_exact(&mut head[1..])?;
    let number_at = |at: usize| {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&head[at..at + 4]);
        u32::from_le_bytes(bytes)
    };
    let mut position = [0; 8];
    position.copy_from_slice(&head[1..9]);
    let (position, number, length) =
        (u64::from_le_bytes(position), number_at(9), number_at(13) as usize);
    let damaged = || io::Error::other(format!("it is damaged at position {position}"));
    if LEN_MAX < length {
        return Err(damaged());
    }
    // As much as there is, whatever the length says.
    let mut bytes = Vec::new();
    input.take(length as u64).read_to_end(&mut bytes)?;
    let sum = crc32c::crc32c_append(crc32c::crc32c(&head[..17]), &bytes);
    if bytes.len() != length || sum != number_at(17) {
        return Err(damaged());
    }
    match head[0] {
        1 => Ok(Some(Frame::Part(position, number, bytes))),
        2 => Ok(Some(Frame::Seal(position, number))),
        3 => Ok(Some(Frame::Entry(position, bytes))),
        _ => Err(damaged()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_damage_is_seen_at_every_byte() {
        let mut all = Vec::new();
        begin(&mut all).unwrap();
        part(&mut all, 0, 0, b"state").unwrap();
        seal(&mut all, 0, 1).unwrap();
        entry(&mut all, 1, b"what happened").unwrap();
        let read = |bytes: &[u8]| -> io::Result<Vec<Frame>> {
            let mut input = bytes;
            check_begin(&mut input)?;
            let mut frames = Vec::new();
            while let Some(frame) = next(&mut input)? {
                frames.push(frame);
            }
            Ok(frames)
        };
        let want = vec![
            Frame::Part(0, 0, b"state".to_vec()),
            Frame::Seal(0, 1),
            Frame::Entry(1, b"what happened".to_vec()),
        ];
        assert_eq!(read(&all).unwrap(), want);
        for at in 0..all.len() {
            let mut other = all.clone();
            other[at] ^= 0x40;
            assert!(read(&other).is_err(), "byte {at}");
            assert!(read(&all[..at]).map_or(true, |frames| frames.len() < 3), "cut at {at}");
        }
    }
}
