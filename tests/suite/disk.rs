//! A disk in memory that separates what was written from what is durable, and fails when it is told to.

use parking_lot::Mutex;
use promised::journal::{
    self, Local,
    local::{OpenedJournal, disk::Witness, ground::Ground},
};
use std::{io, sync::Arc};

/// Bytes that a disk writes in one go: a torn write ends at a multiple of it.
const SECTOR: usize = 512;

/// What happens at a sync.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// All goes well.
    #[default]
    None,
    /// The power goes before anything of it is durable.
    Before,
    /// The power goes while it is being made durable: some sectors are, some are not.
    Torn,
    /// It is durable, and the power goes before anybody hears of it.
    After,
    /// The disk says that it could not.
    Failed,
    /// The disk is full: the next write says so.
    Full,
}

#[derive(Debug, Default)]
struct State {
    live: Vec<u8>,
    durable: Vec<u8>,
    /// Written and not yet durable: where and what; a length where nothing.
    waiting: Vec<(usize, Option<Vec<u8>>)>,
    /// The witness's note; it survives as it is, for it is never synced and never torn.
    noted: u64,
    n_syncs: u64,
    /// At which sync from now on what happens.
    plan: Option<(u64, Fault)>,
    is_off: bool,
    is_full: bool,
    /// Nothing more can be allocated; what is allocated can be written.
    has_no_room: bool,
    /// Whether a sync takes until it is let go on, and whether one does.
    is_stuck: bool,
    is_waited_for: bool,
    /// The file cannot be found any more.
    is_lost: bool,
    seed: u64,
}

/// The disk. Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<Mutex<State>>);

fn off() -> io::Error {
    io::Error::other("the power is off")
}

impl State {
    fn random(&mut self) -> u64 {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.seed >> 33
    }

    fn put(bytes: &mut Vec<u8>, at: usize, change: Option<&[u8]>) {
        match change {
            None => bytes.resize(at, 0),
            Some(change) => {
                if bytes.len() < at + change.len() {
                    bytes.resize(at + change.len(), 0);
                }
                bytes[at..at + change.len()].copy_from_slice(change);
            }
        }
    }

    fn settle(&mut self) {
        for (at, change) in std::mem::take(&mut self.waiting) {
            Self::put(&mut self.durable, at, change.as_deref());
        }
    }

    /// Some sectors of what waits become durable, in any order.
    fn tear(&mut self) {
        for (at, change) in std::mem::take(&mut self.waiting) {
            let Some(change) = change else {
                if self.random().is_multiple_of(2) && self.durable.len() < at {
                    self.durable.resize(at, 0);
                }
                continue;
            };
            for (n, sector) in change.chunks(SECTOR).enumerate() {
                if self.random().is_multiple_of(2) {
                    let at = at + n * SECTOR;
                    Self::put(&mut self.durable, at, Some(sector));
                }
            }
        }
    }
}

impl Disk {
    pub fn seeded(seed: u64) -> Self {
        let disk = Self::default();
        disk.0.lock().seed = seed;
        disk
    }

    /// What is to happen at the n-th sync from now, counted from 1.
    pub fn plan(&self, sync: u64, fault: Fault) {
        let mut state = self.0.lock();
        state.plan = Some((state.n_syncs + sync, fault));
    }

    /// Whether more can be allocated from now on.
    pub fn set_room(&self, has_room: bool) {
        self.0.lock().has_no_room = !has_room;
    }

    /// Lets syncs take for ever, or go on.
    pub fn stick(&self, is_stuck: bool) {
        let mut state = self.0.lock();
        (state.is_stuck, state.is_waited_for) = (is_stuck, false);
    }

    /// Whether a sync takes for ever now.
    pub fn is_waited_for(&self) -> bool {
        self.0.lock().is_waited_for
    }

    /// The directory is removed, or something else is mounted over it.
    pub fn lose(&self) {
        self.0.lock().is_lost = true;
    }

    /// Whether anything is wrong with it by now.
    pub fn is_broken(&self) -> bool {
        let state = self.0.lock();
        state.is_off || state.is_full
    }

    /// The power comes back: only what was durable is there.
    pub fn restart(&self) {
        let mut state = self.0.lock();
        if !state.is_off {
            // A process that is killed loses nothing that it wrote.
            state.settle();
        }
        state.waiting.clear();
        state.live = state.durable.clone();
        (state.is_off, state.is_full, state.plan) = (false, false, None);
    }

    /// A disk of its own with what is durable at this instant: what a cut of the power would leave.
    pub fn cut(&self) -> Self {
        let state = self.0.lock();
        let (durable, noted, seed) = (state.durable.clone(), state.noted, state.seed);
        let live = durable.clone();
        Self(Arc::new(Mutex::new(State { live, durable, noted, seed, ..State::default() })))
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().durable.clone()
    }

    pub fn open(&self) -> Result<(Local, OpenedJournal), journal::Error> {
        let (local, opened) = Local::on(self.clone(), Box::new(self.clone()))?;
        Ok((local.standing_on(Box::new(self.clone())), opened))
    }
}

/// The disk as what a journal stands on: full where it is told to be.
impl Ground for Disk {
    fn make_room(&self, _bytes: u64) -> io::Result<bool> {
        Ok(!self.0.lock().has_no_room)
    }

    fn look(&self) -> io::Result<()> {
        if self.0.lock().is_lost { Err(io::ErrorKind::NotFound.into()) } else { Ok(()) }
    }
}

impl Witness for Disk {
    fn read(&self) -> Result<u64, journal::Error> {
        Ok(self.0.lock().noted)
    }

    fn write(&mut self, position: u64) -> Result<(), journal::Error> {
        let mut state = self.0.lock();
        if state.is_off {
            return Err(journal::Error::storage("note", off()));
        }
        state.noted = position;
        Ok(())
    }
}

impl redb::StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().live.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.0.lock();
        let from = offset as usize;
        let bytes = state.live.get(from..from + out.len());
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.0.lock();
        if state.is_off {
            return Err(off());
        }
        State::put(&mut state.live, len as usize, None);
        state.waiting.push((len as usize, None));
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.0.lock();
        if state.is_off {
            return Err(off());
        }
        if state.is_full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        State::put(&mut state.live, offset as usize, Some(data));
        state.waiting.push((offset as usize, Some(data.to_vec())));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.0.lock();
        while state.is_stuck {
            state.is_waited_for = true;
            drop(state);
            std::thread::sleep(std::time::Duration::from_millis(1));
            state = self.0.lock();
        }
        if state.is_off {
            return Err(off());
        }
        state.n_syncs += 1;
        let fault = match state.plan {
            Some((sync, fault)) if sync == state.n_syncs => fault,
            _ => Fault::None,
        };
        match fault {
            Fault::None => state.settle(),
            Fault::Before => state.is_off = true,
            Fault::Torn => {
                state.tear();
                state.is_off = true;
            }
            Fault::After => {
                state.settle();
                state.is_off = true;
            }
            Fault::Failed => {
                state.is_off = true;
                return Err(io::Error::other("the disk could not"));
            }
            Fault::Full => {
                state.settle();
                state.is_full = true;
            }
        }
        if state.is_off { Err(off()) } else { Ok(()) }
    }
}
