//! A new journal of what a backup has kept of another one.

use super::{
    disk::{DataDirectory, Witness},
    store::{self, OpenStore},
};
use crate::journal::{Error, frames::Frame};
use std::path::Path;

/// Bytes of entries that become durable together.
const BATCH_BYTES: usize = 4 << 20;

/// A journal that is being made.
#[derive(Debug)]
pub struct Import {
    store: OpenStore,
    witness: Box<dyn Witness>,
    /// Up to which position it goes.
    until: u64,
    /// The first entry of the batch that is being put together, and its bytes.
    batch: (u64, Vec<u8>),
    last: Option<u64>,
    sealed: Option<u64>,
    _directory: DataDirectory,
}

impl Import {
    /// Begins one in a directory that has none; it goes up to a position.
    ///
    /// # Errors
    /// The directory cannot be written to, or has a journal.
    pub fn begin(dir: &Path, until: u64) -> Result<Self, Error> {
        let directory = DataDirectory::take(dir)?;
        let (storage, witness) = (directory.storage()?, directory.witness()?);
        let (store, _) = OpenStore::open(storage)?;
        if store.position()? != 0 {
            return Err(Error::Broken { why: "there is a journal already".to_string() });
        }
        let (batch, witness) = ((0, Vec::new()), Box::new(witness));
        Ok(Self { store, witness, until, batch, last: None, sealed: None, _directory: directory })
    }

    /// Takes what comes next; what lies after the end is left out.
    ///
    /// # Errors
    /// It does not follow on what came before, or cannot be written.
    pub fn take(&mut self, frame: &Frame) -> Result<(), Error> {
        match frame {
            Frame::Part(checkpoint, part, bytes) if *checkpoint <= self.until => {
                self.store.put_part((*checkpoint, *part), bytes)
            }
            Frame::Seal(checkpoint, n_parts) if *checkpoint <= self.until => {
                self.sealed = self.sealed.max(Some(*checkpoint));
                self.store.seal(*checkpoint, *n_parts)
            }
            Frame::Entry(position, bytes) if *position <= self.until => {
                self.entry(*position, bytes)
            }
            Frame::Part(..) | Frame::Seal(..) | Frame::Entry(..) => Ok(()),
        }
    }

    fn entry(&mut self, position: u64, bytes: &[u8]) -> Result<(), Error> {
        if let Some(last) = self.last.filter(|last| last + 1 != position) {
            return Err(Error::Gap { from: last + 1, found: position });
        }
        self.last = Some(position);
        if self.batch.1.is_empty() {
            self.batch.0 = position;
        }
        store::add(&mut self.batch.1, bytes);
        if BATCH_BYTES < self.batch.1.len() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        let (first, bytes) = &mut self.batch;
        if !bytes.is_empty() {
            self.store.append(*first, bytes)?;
            bytes.clear();
        }
        Ok(())
    }

    /// Makes all of it durable, and gives the last position.
    ///
    /// # Errors
    /// No checkpoint lies early enough, entries are missing up to the end, or it cannot be written.
    pub fn finish(mut self) -> Result<u64, Error> {
        self.flush()?;
        let Some(sealed) = self.sealed else {
            let why = format!("nothing is kept of position {}", self.until);
            return Err(Error::Broken { why });
        };
        let position = self.last.unwrap_or(0).max(sealed);
        self.witness.write(position)?;
        Ok(position)
    }
}
