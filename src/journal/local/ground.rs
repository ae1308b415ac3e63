//! The store's file and the ground it stands on: room on the disk is allocated ahead, and whether the file can still
//! be found is looked at.
//!
//! The store writes where it likes and grows its file with holes, and after an error it can be used no more. So what
//! the next batches may need is allocated before they come: a full disk is known while nothing is lost by it.

use parking_lot::Mutex;
use rustix::{
    fs::{FallocateFlags, SeekFrom, fallocate, fstatvfs, seek},
    io::Errno,
};
use std::{
    fmt::Debug,
    fs::File,
    io,
    os::unix::fs::{FileExt, MetadataExt},
    path::PathBuf,
    sync::Arc,
};

/// A disk with less than this is full, although room was allocated on it.
const FREE_BYTES: u64 = 1 << 20;

/// What a journal stands on.
pub trait Ground: Debug + Send {
    /// Makes sure that so many bytes can be written, whatever becomes of the disk. False where there is no room.
    ///
    /// # Errors
    /// The machine says no.
    fn make_room(&self, bytes: u64) -> io::Result<bool>;

    /// Looks whether the journal can still be found where it is to be.
    ///
    /// # Errors
    /// It is gone, or something else is there.
    fn look(&self) -> io::Result<()>;
}

/// A file in a directory. Clones are the same file.
#[derive(Clone, Debug)]
pub(super) struct Plot(Arc<Land>);

#[derive(Debug)]
struct Land {
    path: PathBuf,
    file: File,
    reach: Mutex<Reach>,
}

/// How far into the file.
#[derive(Clone, Copy, Debug)]
struct Reach {
    /// Up to here something was written.
    written: u64,
    /// Up to here the disk has blocks for it.
    allocated: u64,
    /// Whether blocks can be allocated ahead on this kind of file system.
    is_allocatable: bool,
}

impl Plot {
    /// A file that is open.
    ///
    /// # Errors
    /// It cannot be looked at.
    pub(super) fn new(path: PathBuf, file: File) -> io::Result<Self> {
        let reach = Reach { written: end_of_data(&file)?, allocated: 0, is_allocatable: true };
        Ok(Self(Arc::new(Land { path, file, reach: Mutex::new(reach) })))
    }
}

/// Where the last bytes end that are no hole.
fn end_of_data(file: &File) -> io::Result<u64> {
    let (length, mut end) = (file.metadata()?.len(), 0);
    while end < length {
        // Where there are no holes to ask for, all of it is data.
        match seek(file, SeekFrom::Data(end)).and_then(|data| seek(file, SeekFrom::Hole(data))) {
            Ok(hole) => end = hole,
            Err(Errno::NXIO) => break,
            Err(_) => return Ok(length),
        }
    }
    Ok(end)
}

impl Land {
    /// Allocates blocks up to an offset; false where there is no room.
    fn allocate(&self, reach: &mut Reach, end: u64) -> io::Result<bool> {
        if end <= reach.allocated || !reach.is_allocatable {
            return Ok(true);
        }
        let missing = end - reach.allocated;
        // The file keeps its length, which is the store's business.
        match fallocate(&self.file, FallocateFlags::KEEP_SIZE, reach.allocated, missing) {
            Ok(()) => {
                reach.allocated = end;
                Ok(true)
            }
            Err(Errno::NOSPC | Errno::DQUOT | Errno::FBIG) => Ok(false),
            Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => {
                reach.is_allocatable = false;
                Ok(true)
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Ground for Plot {
    fn make_room(&self, bytes: u64) -> io::Result<bool> {
        let mut reach = self.0.reach.lock();
        // A quarter of it may be used up before there is more: not every batch has to ask.
        let enough = reach.written.saturating_add(bytes - bytes / 4);
        let end = reach.written.saturating_add(bytes);
        if reach.allocated < enough && !self.0.allocate(&mut reach, end)? {
            return Ok(false);
        }
        // Where nothing can be allocated this is the best that can be known; where it can, it is known sooner.
        let least = if reach.is_allocatable { FREE_BYTES } else { bytes };
        let disk = fstatvfs(&self.0.file)?;
        Ok(least <= disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    fn look(&self) -> io::Result<()> {
        let (ours, found) = (self.0.file.metadata()?, std::fs::metadata(&self.0.path)?);
        if (ours.dev(), ours.ino()) == (found.dev(), found.ino()) {
            return Ok(());
        }
        Err(io::Error::other("another file is there now"))
    }
}

impl redb::StorageBackend for Plot {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.file.metadata()?.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.file.read_exact_at(out, offset)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut reach = self.0.reach.lock();
        self.0.file.set_len(len)?;
        reach.written = reach.written.min(len);
        // What lies behind the end is given back.
        reach.allocated = reach.allocated.min(len);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let end = offset + data.len() as u64;
        self.0.file.write_all_at(data, offset)?;
        let mut reach = self.0.reach.lock();
        reach.written = reach.written.max(end);
        if offset <= reach.allocated {
            reach.allocated = reach.allocated.max(end);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use redb::StorageBackend;

    fn plot() -> (tempfile::TempDir, Plot) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        let file = File::options().read(true).write(true).create_new(true).open(&path).unwrap();
        (dir, Plot::new(path, file).unwrap())
    }

    /// Blocks of 512 bytes that the disk has for it.
    fn blocks(plot: &Plot) -> u64 {
        plot.0.file.metadata().unwrap().blocks()
    }

    #[test]
    fn room_is_made_behind_what_is_written_and_the_length_stays() {
        let (_dir, plot) = plot();
        assert!(plot.make_room(1 << 20).unwrap());
        assert_eq!(StorageBackend::len(&plot).unwrap(), 0);
        if plot.0.reach.lock().is_allocatable {
            assert!((1 << 20) / 512 <= blocks(&plot));
        }
        plot.set_len(8 << 20).unwrap();
        plot.write(0, &[1; 4_096]).unwrap();
        assert!(plot.make_room(1 << 20).unwrap());
        let reach = *plot.0.reach.lock();
        assert_eq!(reach.written, 4_096);
        assert!(!reach.is_allocatable || (1 << 20) <= reach.allocated);
        // Opened again, the hole at its end is no data.
        let again = Plot::new(plot.0.path.clone(), plot.0.file.try_clone().unwrap()).unwrap();
        let written = again.0.reach.lock().written;
        assert!((4_096..=8 << 20).contains(&written));
    }

    #[test]
    fn a_file_that_cannot_be_found_is_missed() {
        let (dir, plot) = plot();
        plot.look().unwrap();
        let path = dir.path().join("journal");
        std::fs::rename(&path, dir.path().join("elsewhere")).unwrap();
        assert_eq!(plot.look().unwrap_err().kind(), io::ErrorKind::NotFound);
        std::fs::write(&path, "").unwrap();
        assert_eq!(plot.look().unwrap_err().to_string(), "another file is there now");
        std::fs::remove_dir_all(dir.path()).unwrap();
        assert!(plot.look().is_err());
    }
}
