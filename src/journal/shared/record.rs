//! What the order keeps: heads and records as bytes.
//!
//! A record says under which leader it was made, which entries it has and what the chain is behind them, and has the
//! entries themselves, packed, or the name of the parts in which they lie (`parts.rs`). A check sum stands at its end.

use super::{Head, Leader, parts::Named};
use crate::journal::{Chain, Error, Framed, Malformed, codec};

/// The version of both that is written.
const VERSION: u8 = 1;

/// Bytes of a packed record up to which it rides in the order itself.
pub const INLINE_MAX: usize = 64 << 10;

/// Bytes of a record's entries, unpacked: nobody writes more at once, and nobody makes room for more.
const UNPACKED_MAX: usize = 1 << 30;

/// Fewer bytes are not worth packing.
const PACKED_MIN: usize = 256;

/// Where the entries of a record are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Here, as they are.
    Plain(Vec<u8>),
    /// Here, packed, and so many bytes when unpacked.
    Packed(Vec<u8>, u32),
    /// In parts beside the order; put together they are packed, and so many bytes when unpacked.
    Parts(Named, u32),
}

/// Entries that were committed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Under which leader.
    pub epoch: u64,
    /// The first entry.
    pub first: u64,
    /// The last entry.
    pub last: u64,
    /// All entries up to the last.
    pub after: Chain,
    /// The entries.
    pub body: Body,
}

/// Writes numbers and bytes of known lengths.
#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn u64(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn u32(&mut self, number: u32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn sealed(mut self) -> Vec<u8> {
        let check = codec::check_sum(&self.0);
        self.0.extend_from_slice(&check);
        self.0
    }
}

/// Reads them; where they end too early it gives nothing.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Behind the version of bytes whose check sum matches.
    fn opened(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let too_short = Malformed::Truncated { offset: bytes.len() };
        let (body, check) = bytes.split_last_chunk::<4>().ok_or(too_short.clone())?;
        if codec::check_sum(body) != *check {
            return Err(Malformed::CheckSum);
        }
        match body.split_first() {
            Some((&VERSION, rest)) => Ok(Self(rest)),
            Some((&version, _)) => Err(Malformed::Version(version)),
            None => Err(too_short),
        }
    }

    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (chunk, rest) = self.0.split_first_chunk().ok_or(Malformed::Truncated { offset: 0 })?;
        self.0 = rest;
        Ok(*chunk)
    }

    fn u64(&mut self) -> Result<u64, Malformed> {
        self.chunk().map(u64::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, Malformed> {
        self.chunk().map(u32::from_le_bytes)
    }

    fn u8(&mut self) -> Result<u8, Malformed> {
        self.chunk().map(|[byte]| byte)
    }

    fn chain(&mut self) -> Result<Chain, Malformed> {
        self.chunk().map(Chain::of_bytes)
    }
}

impl Head {
    /// As it stands in the order: equal heads are equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer(vec![VERSION]);
        writer.u64(self.epoch);
        writer.u64(self.position);
        writer.0.extend_from_slice(&self.chain.to_bytes());
        if let Some(leader) = &self.leader {
            writer.u64(leader.start);
            writer.0.extend_from_slice(leader.node.as_bytes());
        }
        writer.sealed()
    }

    /// Of those bytes.
    ///
    /// # Errors
    /// They are none.
    pub fn of_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::opened(bytes)?;
        let (epoch, position, chain) = (reader.u64()?, reader.u64()?, reader.chain()?);
        let leader = if reader.0.is_empty() {
            None
        } else {
            let start = reader.u64()?;
            let invalid = Malformed::Invalid { offset: 0, expected: "name of a node" };
            let node = std::str::from_utf8(reader.0).map_err(|_| invalid)?;
            Some(Leader { node: node.into(), start })
        };
        Ok(Self { epoch, position, chain, leader })
    }
}

impl Body {
    /// Entries, packed where that makes them smaller.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let length = u32::try_from(bytes.len()).expect("a group's entries have less than 4 GB");
        if bytes.len() < PACKED_MIN {
            return Self::Plain(bytes.to_vec());
        }
        match zstd::bulk::compress(bytes, 1) {
            Ok(packed) if packed.len() < bytes.len() => Self::Packed(packed, length),
            Ok(_) | Err(_) => Self::Plain(bytes.to_vec()),
        }
    }
}

/// Unpacks what is to have so many bytes.
pub(super) fn unpack(packed: &[u8], length: u32) -> Result<Vec<u8>, Malformed> {
    let damaged = Malformed::Invalid { offset: 0, expected: "packed entries" };
    let length = usize::try_from(length).ok().filter(|length| *length <= UNPACKED_MAX);
    let length = length.ok_or(damaged.clone())?;
    let bytes = zstd::bulk::decompress(packed, length).map_err(|_| damaged.clone())?;
    if bytes.len() == length { Ok(bytes) } else { Err(damaged) }
}

impl Record {
    /// What is committed of entries.
    pub(super) fn of(epoch: u64, entries: &Framed, body: Body) -> Self {
        let (first, last, after) = (entries.first(), entries.last(), entries.after());
        Self { epoch, first, last, after, body }
    }

    /// As it stands in the order.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer(vec![VERSION]);
        writer.u64(self.epoch);
        writer.u64(self.first);
        writer.u64(self.last);
        writer.0.extend_from_slice(&self.after.to_bytes());
        match &self.body {
            Body::Plain(bytes) => {
                writer.0.push(0);
                writer.0.extend_from_slice(bytes);
            }
            Body::Packed(bytes, length) => {
                writer.0.push(1);
                writer.u32(*length);
                writer.0.extend_from_slice(bytes);
            }
            Body::Parts(named, length) => {
                writer.0.push(2);
                writer.u32(*length);
                writer.u32(named.n_parts);
                writer.0.extend_from_slice(&named.hash);
            }
        }
        writer.sealed()
    }

    /// Of those bytes.
    ///
    /// # Errors
    /// They are none.
    pub fn of_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::opened(bytes)?;
        let (epoch, first, last) = (reader.u64()?, reader.u64()?, reader.u64()?);
        let after = reader.chain()?;
        let body = match reader.u8()? {
            0 => Body::Plain(reader.0.to_vec()),
            1 => {
                let length = reader.u32()?;
                Body::Packed(reader.0.to_vec(), length)
            }
            2 => {
                let (length, n_parts) = (reader.u32()?, reader.u32()?);
                Body::Parts(Named { hash: reader.chunk()?, n_parts }, length)
            }
            _ => return Err(Malformed::Invalid { offset: 0, expected: "kind of record" }),
        };
        Ok(Self { epoch, first, last, after, body })
    }

    /// Its entries, looked at: they are those that it says it has.
    pub(super) fn entries(&self, unpacked: Vec<u8>) -> Result<Framed, Error> {
        let entries = Framed::read(self.first, unpacked)?;
        if (entries.last(), entries.after()) == (self.last, self.after) {
            Ok(entries)
        } else {
            Err(Error::Damaged { position: self.last, fault: Malformed::Chain })
        }
    }
}
