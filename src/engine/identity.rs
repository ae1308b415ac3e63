//! Which ledger it is, and which start of its server: so that an id that somebody still has means nothing in another one.
//!
//! Numbers of promises begin at 1 in every ledger, and those of scenarios at every start. A ledger has an id of its
//! own, kept beside its journal; so is the number of the start, which the ids of scenarios begin with.

use super::clock;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

/// The file of both, in a data directory.
const FILE: &str = "identity.json";

/// Which ledger it is, and which start.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Identity {
    /// The ledger: 16 hexadecimal digits.
    pub ledger: String,
    /// The number of the start, the first being 1; of a server without a data directory the second of its start,
    /// so that no two have the same.
    pub start: u64,
}

impl Identity {
    /// That of a ledger that begins now, and ends with the process.
    pub fn new() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let now = clock::now();
        let n = LAST.fetch_add(1, Ordering::Relaxed);
        // Two processes of one machine differ by their numbers, two machines by the nanosecond and the number.
        let unique = format!("{} {} {n}", now.as_nanosecond(), std::process::id());
        let hash = blake3::hash(unique.as_bytes()).to_hex();
        Self { ledger: hash[..16].into(), start: now.as_second().unsigned_abs() }
    }

    /// Makes a data directory one of a ledger that is there already, where it is not of one.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(data: &Path, ledger: &str) -> io::Result<()> {
        fs::create_dir_all(data)?;
        if data.join(FILE).exists() {
            return Ok(());
        }
        Self { ledger: ledger.to_string(), start: 0 }.write(data)
    }

    /// That of a data directory, at one start more.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn of(data: &Path) -> io::Result<Self> {
        fs::create_dir_all(data)?;
        let path = data.join(FILE);
        let identity = match fs::read(&path) {
            Ok(text) => {
                let before: Self = serde_json::from_slice(&text).map_err(io::Error::other)?;
                Self { start: before.start + 1, ..before }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Self { start: 1, ..Self::new() }
            }
            Err(error) => return Err(error),
        };
        identity.write(data)?;
        Ok(identity)
    }

    fn write(&self, data: &Path) -> io::Result<()> {
        let half = data.join(format!("{FILE}.half"));
        let mut file = File::create(&half)?;
        file.write_all(&serde_json::to_vec(self).map_err(io::Error::other)?)?;
        file.sync_all()?;
        fs::rename(half, data.join(FILE))?;
        // Also after the power was gone nobody gets a number twice.
        File::open(data)?.sync_all()
    }
}

impl Default for Identity {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_directory_keeps_its_ledger_and_counts_its_starts() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = Identity::of(one.path()).unwrap();
        assert_eq!(first.start, 1);
        let second = Identity::of(one.path()).unwrap();
        assert_eq!((&second.ledger, second.start), (&first.ledger, 2));
        assert_ne!(Identity::of(other.path()).unwrap().ledger, first.ledger);
        assert_ne!(Identity::new().ledger, Identity::new().ledger);
    }
}
