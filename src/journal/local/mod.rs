//! The journal of one machine: entries and checkpoints in one file of an embedded store (redb).
//!
//! A batch of entries is one value under the position of its first entry, written in one transaction with
//! one sync. The store guarantees that a transaction is there in full or not at all, so a torn tail is
//! cut by it. What it cannot tell is a transaction that was torn by a crash from one that was damaged
//! later: therefore the position of the last acknowledged entry is noted beside it ([`disk::Witness`]), after
//! each sync, and a journal that ends before it is refused. Each entry carries its own check sum.
//!
//! Start at [`Local::open`].

pub mod ground;
mod store;
pub mod disk;
mod import;
mod repair;

pub use import::Import;
pub use repair::{Findings, Mended, check, repair};
pub(super) use store::CHECKPOINTS_KEPT;

use super::{Batch, Chain, Copied, Error, Framed, Journal, Reader, codec};
use disk::{DataDirectory, Witness};
use ground::Ground;
use std::{path::Path, sync::Arc};
use store::OpenStore;

/// What was found when a journal was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenedJournal {
    /// The last entry.
    pub position: u64,
    /// Whether a batch that was being written when the process ended was cut off. It was never acknowledged.
    pub cut: bool,
}

/// A journal in a directory.
#[derive(Debug)]
pub struct Local {
    store: Arc<OpenStore>,
    witness: Box<dyn Witness>,
    position: u64,
    /// All entries up to that one.
    chain: Chain,
    /// Reused from batch to batch.
    bytes: Vec<u8>,
    /// What the store's file stands on, where it stands on anything.
    ground: Option<Box<dyn Ground>>,
    /// Held as long as the journal is.
    _directory: Option<DataDirectory>,
}

impl Local {
    /// Opens the journal of a directory; makes both if they are not there.
    ///
    /// # Errors
    /// The directory cannot be written to or is in use, or the journal in it is damaged.
    pub fn open(dir: &Path) -> Result<(Self, OpenedJournal), Error> {
        let directory = DataDirectory::take(dir)?;
        let (storage, witness) = (directory.storage()?, directory.witness()?);
        let ground = Box::new(storage.clone());
        let (local, opened) = Self::on(storage, Box::new(witness))?;
        let mut local = local.standing_on(ground);
        local._directory = Some(directory);
        Ok((local, opened))
    }

    /// Opens a journal on any storage: how tests bring faults in.
    ///
    /// # Errors
    /// The storage fails, or the journal on it is damaged.
    pub fn on(
        storage: impl redb::StorageBackend,
        witness: Box<dyn Witness>,
    ) -> Result<(Self, OpenedJournal), Error> {
        let (store, cut) = OpenStore::open(storage)?;
        let position = store.position()?;
        let acknowledged = witness.read()?;
        if position < acknowledged {
            return Err(Error::Lost { position, acknowledged });
        }
        let chain = store.chain(position)?;
        let store = Arc::new(store);
        let (bytes, ground) = (Vec::new(), None);
        let local = Self { store, witness, position, chain, bytes, ground, _directory: None };
        Ok((local, OpenedJournal { position, cut }))
    }

    /// The same, on a ground that has so much room and no more.
    #[must_use]
    pub fn standing_on(self, ground: Box<dyn Ground>) -> Self {
        Self { ground: Some(ground), ..self }
    }
}

impl Journal for Local {
    fn position(&self) -> u64 {
        self.position
    }

    fn append(&mut self, batch: Batch<'_>) -> Result<(), Error> {
        batch.follows(self.position)?;
        let Some(last) = batch.entries.last() else {
            return Ok(());
        };
        self.bytes.clear();
        let mut chain = self.chain;
        for entry in batch.entries {
            let entry = codec::encode_after(entry, batch.snapshot, chain);
            chain = Chain::after(&entry);
            store::add(&mut self.bytes, &entry);
        }
        self.store.append(self.position + 1, &self.bytes)?;
        (self.position, self.chain) = (last.position, chain);
        self.witness.write(self.position)
    }

    fn make_room(&mut self, bytes: u64) -> Result<bool, Error> {
        let Some(ground) = &self.ground else {
            return Ok(true);
        };
        ground.make_room(bytes).map_err(|error| Error::storage("make room for the journal", error))
    }

    fn look(&self) -> Result<(), Error> {
        let looked = self.ground.as_ref().map_or(Ok(()), |ground| ground.look());
        looked.map_err(|error| Error::storage("find the journal in its directory", error))
    }

    fn put_part(&mut self, checkpoint: u64, part: u32, bytes: &[u8]) -> Result<(), Error> {
        self.store.put_part((checkpoint, part), bytes)
    }

    fn seal(&mut self, checkpoint: u64, n_parts: u32) -> Result<(), Error> {
        self.store.seal(checkpoint, n_parts)
    }

    fn forget_before(&mut self, position: u64) -> Result<(), Error> {
        self.store.forget_before(position)
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::clone(&self.store) as Arc<dyn Reader>
    }
}

impl Copied for Local {
    fn chain(&self) -> Chain {
        self.chain
    }

    fn copy(&mut self, entries: &Framed) -> Result<(), Error> {
        entries.follow(self.position, self.chain)?;
        self.store.copy(entries.first(), entries.bytes())?;
        (self.position, self.chain) = (entries.last(), entries.after());
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Error> {
        self.store.sync()?;
        self.witness.write(self.position)
    }
}
