//! Entries too large to ride in one record: in parts beside the order, named by what they are.
//!
//! They are put before the record that names them, so a record that counts has all its parts; parts of a record that
//! never came are left over, and go with the next ones of their name or never: they decide nothing.

use super::{Away, Order, Reply};

/// Bytes of one part.
const PART_BYTES: usize = 512 << 10;

/// What names bytes in parts: a hash of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// BLAKE3 of them.
    pub hash: [u8; 32],
    /// How many parts there are.
    pub n_parts: u32,
}

impl Named {
    /// The name of some bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let n_parts = u32::try_from(bytes.len().div_ceil(PART_BYTES)).expect("there are few");
        Self { hash: *blake3::hash(bytes).as_bytes(), n_parts }
    }

    fn cell(&self, part: u32) -> String {
        format!("part/{}/{part:08x}", blake3::Hash::from_bytes(self.hash).to_hex())
    }

    /// Puts one part; whether it is there for certain.
    pub(super) fn put(&self, order: &dyn Order, (part, bytes): (u32, &[u8])) -> bool {
        let start = part as usize * PART_BYTES;
        let piece = &bytes[start..bytes.len().min(start + PART_BYTES)];
        let name = self.cell(part);
        match order.set_cell(&name, None, Some(piece)) {
            Reply::Done => true,
            // Under this name there is nothing else.
            Reply::Refused(_) => order.cell(&name).is_ok_and(|there| there.is_some()),
            Reply::Unknown => false,
        }
    }

    /// All of them put together, as they were named.
    pub(super) fn get(&self, order: &dyn Order) -> Result<Vec<u8>, Away> {
        let mut bytes = Vec::new();
        for part in 0..self.n_parts {
            let piece = order.cell(&self.cell(part))?;
            let missing = || Away(format!("part {part} of a record is not there"));
            bytes.extend_from_slice(&piece.ok_or_else(missing)?);
        }
        if *blake3::hash(&bytes).as_bytes() == self.hash {
            Ok(bytes)
        } else {
            Err(Away("the parts of a record are not those that it names".to_string()))
        }
    }

    /// Takes them away, as far as that works.
    pub(super) fn forget(&self, order: &dyn Order) -> Result<(), Away> {
        for part in 0..self.n_parts {
            let name = self.cell(part);
            if let Some(there) = order.cell(&name)? {
                // One that stays is taken away the next time.
                let _answer = order.set_cell(&name, Some(&there), None);
            }
        }
        Ok(())
    }
}
