//! The files of a data directory: the lock, the store's file and the witness.
//!
//! The only file of the journal that knows the file system. A directory is taken by a lock that the
//! kernel gives back when its process ends, however it ends.

use super::{ground::Plot, store::OpenStore};
use crate::journal::{Error, codec};
use std::{
    fmt::Debug,
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

/// The store's file.
const STORE: &str = "journal.redb";

/// A store that a mend is filling.
const MENDED: &str = "journal.mended";

/// The position of the last acknowledged entry.
const WITNESS: &str = "acknowledged";

/// What a server holds as long as it uses the directory.
const LOCK: &str = "lock";

/// Notes which entry was acknowledged last.
///
/// A note is written after the entry is durable and is not synced itself, so it may be too old but never
/// too new.
pub trait Witness: Debug + Send {
    /// The last note; 0 where there is none that can be read.
    ///
    /// # Errors
    /// The machine says no.
    fn read(&self) -> Result<u64, Error>;

    /// Takes a note.
    ///
    /// # Errors
    /// The machine says no.
    fn write(&mut self, position: u64) -> Result<(), Error>;
}

/// A data directory that is ours as long as this is held.
#[derive(Debug)]
pub struct DataDirectory {
    dir: PathBuf,
    lock: File,
}

impl DataDirectory {
    /// Takes a directory, and makes it if it is not there.
    ///
    /// # Errors
    /// It cannot be written to, or another process has it.
    pub fn take(dir: &Path) -> Result<Self, Error> {
        let tried = |doing: &str| format!("{doing} {}", dir.display());
        let doing = "create the data directory";
        std::fs::create_dir_all(dir).map_err(|error| Error::storage(tried(doing), error))?;
        let doing = "write in the data directory";
        let lock = open(&dir.join(LOCK));
        let mut lock = lock.map_err(|error| Error::storage(tried(doing), error))?;
        match lock.try_lock() {
            Ok(()) => (),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who it is only makes the message better.
                let _known = lock.read_to_string(&mut holder);
                let holder = holder.trim();
                let holder = match holder {
                    "" => String::new(),
                    process => format!(" (process {process})"),
                };
                return Err(Error::Locked { dir: dir.display().to_string(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(Error::storage(tried("lock"), error)),
        }
        let process = std::process::id().to_string();
        let written = lock.set_len(0).and_then(|()| lock.write_all(process.as_bytes()));
        written.map_err(|error| Error::storage(tried("write in"), error))?;
        Ok(Self { dir: dir.to_path_buf(), lock })
    }

    /// Whether there is a journal in it.
    pub(super) fn has_store(&self) -> bool {
        self.dir.join(STORE).exists()
    }

    /// The store's file, as the store wants it.
    ///
    /// # Errors
    /// It cannot be opened.
    pub(super) fn storage(&self) -> Result<Plot, Error> {
        self.storage_at(STORE)
    }

    /// An empty store beside the one there is, for a mend to fill.
    ///
    /// # Errors
    /// It cannot be made.
    pub(super) fn fresh(&self) -> Result<OpenStore, Error> {
        let path = self.dir.join(MENDED);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::storage(format!("remove {}", path.display()), error));
            }
            Ok(()) | Err(_) => (),
        }
        Ok(OpenStore::open(self.storage_at(MENDED)?)?.0)
    }

    /// Puts the mended store in the place of the one there is, and says where that is now.
    ///
    /// # Errors
    /// A file cannot be renamed.
    pub(super) fn replace(&self) -> Result<PathBuf, Error> {
        let store = self.dir.join(STORE);
        let named = |n: u32| store.with_extension(format!("damaged-{n}"));
        let saved = (1..).map(named).find(|path| !path.exists());
        let saved = saved.expect("there are more numbers than files");
        let renamed = std::fs::rename(&store, &saved)
            .and_then(|()| std::fs::rename(self.dir.join(MENDED), &store))
            .and_then(|()| File::open(&self.dir)?.sync_all());
        let doing = || format!("rename files in {}", self.dir.display());
        renamed.map_err(|error| Error::storage(doing(), error))?;
        Ok(saved)
    }

    fn storage_at(&self, name: &str) -> Result<Plot, Error> {
        let path = self.dir.join(name);
        let doing = || format!("open {}", path.display());
        let file = open(&path).map_err(|error| Error::storage(doing(), error))?;
        // The new file must be in its directory when the first promise is acknowledged.
        let synced = File::open(&self.dir).and_then(|dir| dir.sync_all());
        synced.map_err(|error| Error::storage(doing(), error))?;
        Plot::new(path.clone(), file).map_err(|error| Error::storage(doing(), error))
    }

    /// The witness beside it.
    ///
    /// # Errors
    /// It cannot be opened.
    pub(super) fn witness(&self) -> Result<Noted, Error> {
        let path = self.dir.join(WITNESS);
        let doing = || format!("open {}", path.display());
        let file = open(&path).map_err(|error| Error::storage(doing(), error))?;
        let mut noted = Noted { file };
        if noted.file.metadata().is_ok_and(|about| about.len() == 0) {
            // From now on notes are written over each other and need no room.
            noted.write(0)?;
        }
        Ok(noted)
    }
}

impl Drop for DataDirectory {
    fn drop(&mut self) {
        // Closing would do, were there no child of ours between its fork and its exec.
        let _unlocked = self.lock.unlock();
    }
}

/// Opens a file to be read and written; makes it if it is not there.
fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// A note in a file: the position and its check sum.
#[derive(Debug)]
pub(super) struct Noted {
    file: File,
}

impl Witness for Noted {
    fn read(&self) -> Result<u64, Error> {
        let mut bytes = [0; 12];
        match self.file.read_exact_at(&mut bytes, 0) {
            Ok(()) => Ok(position(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(0),
            Err(error) => Err(Error::storage("read which entry was acknowledged last", error)),
        }
    }

    fn write(&mut self, position: u64) -> Result<(), Error> {
        let number = position.to_le_bytes();
        let note = [&number[..], &codec::check_sum(&number)].concat();
        let noted = self.file.write_all_at(&note, 0);
        noted.map_err(|error| Error::storage("note which entry was acknowledged last", error))
    }
}

/// The position of a note; 0 where its check sum does not match.
fn position(bytes: [u8; 12]) -> u64 {
    let (number, check) = bytes.split_at(8);
    if codec::check_sum(number) == check {
        u64::from_le_bytes(number.try_into().expect("eight bytes were split off"))
    } else {
        0
    }
}
