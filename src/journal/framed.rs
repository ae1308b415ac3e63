//! Entries of a batch as the bytes that stand in a journal, one after the other, so that another journal can take
//! them as they are: what is copied is never encoded anew.

use super::{
    batch::Batch,
    chain::Chain,
    codec,
    error::{Error, Malformed},
};

/// Bytes before each entry: its length.
const LENGTH_LEN: usize = 4;

/// Entries that follow on each other, as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Framed {
    first: u64,
    last: u64,
    before: Chain,
    after: Chain,
    bytes: Vec<u8>,
}

impl Framed {
    /// Those of a batch that follows on other entries; none where it is empty.
    pub fn of(batch: Batch<'_>, before: Chain) -> Option<Self> {
        let (first, last) = (batch.entries.first()?.position, batch.entries.last()?.position);
        let (mut bytes, mut after) = (Vec::new(), before);
        for entry in batch.entries {
            let entry = codec::encode_after(entry, batch.snapshot, after);
            after = Chain::after(&entry);
            add(&mut bytes, &entry);
        }
        Some(Self { first, last, before, after, bytes })
    }

    /// Those of some bytes, each looked at: its check sum, its position, and what it says stands before it.
    ///
    /// # Errors
    /// The first that is damaged, or does not follow.
    pub fn read(first: u64, bytes: Vec<u8>) -> Result<Self, Error> {
        let (mut position, mut ends) = (first, None::<(Chain, Chain)>);
        for found in entries(&bytes) {
            let entry = found.map_err(|fault| Error::Damaged { position, fault })?;
            let head = codec::head(entry).map_err(|fault| Error::Damaged { position, fault })?;
            if head.position != position {
                return Err(Error::OutOfOrder { expected: position, found: head.position });
            }
            if ends.is_some_and(|(_, after)| after != head.before) {
                return Err(Error::Damaged { position, fault: Malformed::Chain });
            }
            let before = ends.map_or(head.before, |(before, _)| before);
            ends = Some((before, Chain::after(entry)));
            position += 1;
        }
        let nothing = Malformed::Truncated { offset: 0 };
        let (before, after) = ends.ok_or(Error::Damaged { position: first, fault: nothing })?;
        Ok(Self { first, last: position - 1, before, after, bytes })
    }

    /// What is left of them behind a position; none where that is nothing.
    #[must_use]
    pub fn behind(self, position: u64) -> Option<Self> {
        if position < self.first {
            return Some(self);
        }
        if self.last <= position {
            return None;
        }
        let (mut before, mut at) = (self.before, 0);
        for (entry, of) in self.entries().zip(self.first..) {
            if position < of {
                break;
            }
            before = Chain::after(entry);
            at += LENGTH_LEN + entry.len();
        }
        let bytes = self.bytes[at..].to_vec();
        Some(Self { first: position + 1, before, bytes, ..self })
    }

    /// Checks that they follow on a position, and on the entries up to it where these are known.
    ///
    /// # Errors
    /// They do not.
    pub fn follow(&self, position: u64, chain: Chain) -> Result<(), Error> {
        let expected = position + 1;
        if self.first != expected {
            return Err(Error::OutOfOrder { expected, found: self.first });
        }
        if chain != Chain::BEGIN && self.before != chain {
            return Err(Error::Damaged { position: expected, fault: Malformed::Chain });
        }
        Ok(())
    }

    /// The position of the first.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The position of the last.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// All entries before the first, as it says itself.
    pub fn before(&self) -> Chain {
        self.before
    }

    /// All entries up to the last.
    pub fn after(&self) -> Chain {
        self.after
    }

    /// As they stand in a journal, each behind its length.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// One after the other.
    pub(super) fn entries(&self) -> impl Iterator<Item = &[u8]> {
        entries(&self.bytes).map(|entry| entry.expect("they were looked at"))
    }
}

/// Adds an entry to others.
pub(super) fn add(batch: &mut Vec<u8>, entry: &[u8]) {
    let length =
        u32::try_from(entry.len()).expect("an entry has less than 4 GB: requests are limited");
    batch.extend_from_slice(&length.to_le_bytes());
    batch.extend_from_slice(entry);
}

/// The entries of some bytes, in order; the last may be a fault.
pub(super) fn entries(mut batch: &[u8]) -> impl Iterator<Item = Result<&[u8], Malformed>> {
    std::iter::from_fn(move || {
        if batch.is_empty() {
            return None;
        }
        let split = batch.split_first_chunk::<LENGTH_LEN>().and_then(|(length, rest)| {
            let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
            rest.split_at_checked(length)
        });
        let Some((entry, rest)) = split else {
            let fault = Malformed::Truncated { offset: batch.len() };
            batch = &[];
            return Some(Err(fault));
        };
        batch = rest;
        Some(Ok(entry))
    })
}
