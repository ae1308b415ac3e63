//! Bytes: numbers of variable length, texts, and each text of an entry once.
//!
//! Knows nothing of entries. A [`EntryReader`] never panics and never allocates more than its bytes ask for,
//! whatever the bytes are.

use super::error::Malformed;
use rustc_hash::FxHashMap;

/// Room that is made for a list before any of it is read, at most: its length may be a lie.
const RESERVED_MAX: usize = 1_024;

/// Writes the bytes of one entry.
#[derive(Debug, Default)]
pub(super) struct EntryWriter {
    bytes: Vec<u8>,
    symbols: FxHashMap<Box<str>, u64>,
}

impl EntryWriter {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn tag(&mut self, tag: u8) {
        self.bytes.push(tag);
    }

    /// Seven bits a byte, the lowest first; the top bit says that more follow.
    pub(super) fn unsigned(&mut self, mut number: u64) {
        while 0x7f < number {
            self.bytes.push(low_byte(number) | 0x80);
            number >>= 7;
        }
        self.bytes.push(low_byte(number));
    }

    /// Small numbers of either sign are short: 0, -1, 1, -2 are written as 0, 1, 2, 3.
    pub(super) fn signed(&mut self, number: i64) {
        self.unsigned((number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned());
    }

    pub(super) fn count(&mut self, count: usize) {
        self.unsigned(count as u64);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.raw(text.as_bytes());
    }

    /// A text that the entry may name again: the first time in full, later by its number.
    pub(super) fn symbol(&mut self, text: &str) {
        let fresh = self.symbols.len() as u64;
        match self.symbols.get(text) {
            Some(&known) => self.unsigned(known),
            None => {
                self.symbols.insert(text.into(), fresh);
                self.unsigned(fresh);
                self.text(text);
            }
        }
    }

    pub(super) fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        match value {
            None => self.tag(0),
            Some(value) => {
                self.tag(1);
                write(self, value);
            }
        }
    }
}

fn low_byte(number: u64) -> u8 {
    number.to_le_bytes()[0] & 0x7f
}

/// Reads the bytes of one entry.
#[derive(Debug)]
pub(super) struct EntryReader<'a> {
    /// The version that wrote them.
    version: u8,
    bytes: &'a [u8],
    at: usize,
    symbols: Vec<&'a str>,
    /// Whether it goes on behind names that nobody knows, to be told all of them.
    goes_on: bool,
    /// Those that it went on behind, as one fault: the first one's.
    unknown: Option<Malformed>,
}

impl<'a> EntryReader<'a> {
    /// Reads bytes of a version.
    pub(super) fn new(version: u8, bytes: &'a [u8]) -> Self {
        Self { version, bytes, at: 0, symbols: Vec::new(), goes_on: false, unknown: None }
    }

    /// Reads bytes that begin with their version.
    pub(super) fn opened(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Self::new(0, bytes);
        reader.version = reader.tag()?;
        Ok(reader)
    }

    /// The same reader, which goes on behind names that nobody knows: what it reads then is nothing, but it is told all.
    pub(super) fn going_on(self) -> Self {
        Self { goes_on: true, ..self }
    }

    /// What is read in the place of a name that nobody knows, if there is anything and it goes on.
    pub(super) fn instead<T>(
        &mut self,
        unknown: Malformed,
        instead: Option<T>,
    ) -> Result<T, Malformed> {
        let (true, Some(instead)) = (self.goes_on, instead) else {
            return Err(unknown);
        };
        self.unknown = Some(unknown.behind(self.unknown.take()));
        Ok(instead)
    }

    /// What was read, unless it went on behind names that nobody knows: then these.
    pub(super) fn known<T>(self, read: Result<T, Malformed>) -> Result<T, Malformed> {
        match (self.unknown, read) {
            (None, read) => read,
            (Some(unknown), Ok(_)) => Err(unknown),
            // What comes of a name that is none may be any other fault.
            (before, Err(last)) => Err(last.behind(before)),
        }
    }

    /// The version that wrote the bytes.
    pub(super) fn version(&self) -> u8 {
        self.version
    }

    /// The fault of not finding something at the current offset.
    pub(super) fn invalid(&self, expected: &'static str) -> Malformed {
        Malformed::Invalid { offset: self.at, expected }
    }

    /// That nothing follows.
    pub(super) fn end(&self) -> Result<(), Malformed> {
        if self.at < self.bytes.len() {
            Err(Malformed::TooLong { offset: self.at })
        } else {
            Ok(())
        }
    }

    pub(super) fn raw(&mut self, n: usize) -> Result<&'a [u8], Malformed> {
        let rest = &self.bytes[self.at..];
        let taken = rest.get(..n).ok_or(Malformed::Truncated { offset: self.bytes.len() })?;
        self.at += n;
        Ok(taken)
    }

    pub(super) fn tag(&mut self) -> Result<u8, Malformed> {
        Ok(self.raw(1)?[0])
    }

    pub(super) fn unsigned(&mut self) -> Result<u64, Malformed> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.tag()?;
            let bits = u64::from(byte & 0x7f);
            if (bits << shift) >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(self.invalid("number of 64 bits"))
    }

    pub(super) fn signed(&mut self) -> Result<i64, Malformed> {
        let folded = self.unsigned()?;
        Ok((folded >> 1).cast_signed() ^ -(folded & 1).cast_signed())
    }

    /// How many things follow. Each takes a byte at least, so a count beyond the bytes is a lie.
    pub(super) fn count(&mut self) -> Result<usize, Malformed> {
        let count = usize::try_from(self.unsigned()?).ok();
        let left = self.bytes.len() - self.at;
        count
            .filter(|&count| count <= left)
            .ok_or(Malformed::Truncated { offset: self.bytes.len() })
    }

    pub(super) fn text(&mut self) -> Result<&'a str, Malformed> {
        let n = self.count()?;
        let bytes = self.raw(n)?;
        std::str::from_utf8(bytes).map_err(|_| self.invalid("text in UTF-8"))
    }

    pub(super) fn symbol(&mut self) -> Result<&'a str, Malformed> {
        let number = usize::try_from(self.unsigned()?).unwrap_or(usize::MAX);
        if number == self.symbols.len() {
            let text = self.text()?;
            self.symbols.push(text);
        }
        self.symbols.get(number).copied().ok_or_else(|| self.invalid("symbol"))
    }

    pub(super) fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        match self.tag()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(self.invalid("option")),
        }
    }

    pub(super) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let n = self.count()?;
        // Just the room that it takes: what is read is kept, and most lists have one thing.
        let mut list = Vec::with_capacity(n.min(RESERVED_MAX));
        for _ in 0..n {
            list.push(read(self)?);
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(numbers in proptest::collection::vec((any::<u64>(), any::<i64>(), ".{0,5}"), 0..20)) {
            let mut writer = EntryWriter::default();
            for (unsigned, signed, text) in &numbers {
                writer.unsigned(*unsigned);
                writer.signed(*signed);
                writer.symbol(text);
            }
            let bytes = writer.into_bytes();
            let mut reader = EntryReader::new(0, &bytes);
            for (unsigned, signed, text) in &numbers {
                prop_assert_eq!(reader.unsigned(), Ok(*unsigned));
                prop_assert_eq!(reader.signed(), Ok(*signed));
                prop_assert_eq!(reader.symbol(), Ok(text.as_str()));
            }
            prop_assert_eq!(reader.end(), Ok(()));
        }
    }
}
