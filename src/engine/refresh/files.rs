//! The files of a snapshot's directory: which they are, copied to stay, and known by hashes.

use crate::loader;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    path::Path,
    sync::Arc,
    time::SystemTime,
};

/// Files by name, with a hash that nobody finds another file for.
pub type Content = BTreeMap<String, String>;

/// Whether a file of a snapshot's directory is one of the snapshot: its manifest and its tables, not what
/// lies beside them.
pub fn belongs(name: &str) -> bool {
    let is_data = [".csv", ".parquet", ".json"].iter().any(|end| name.ends_with(end));
    // One that has a table's name and cannot be read comes along, so that it is missed.
    let is_one = is_data || loader::names_table(name);
    is_one && !name.starts_with('.') && !name.starts_with("orders.")
}

/// The files of a snapshot, with what they are to have to be the same.
pub(super) fn content(dir: &Path) -> io::Result<Content> {
    let mut content = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if belongs(&name) {
            check_file(&entry.path(), &fs::metadata(entry.path())?)?;
            content.insert(name, hash(&entry.path())?);
        }
    }
    Ok(content)
}

/// One check sum of all of them.
pub(super) fn sum_of(content: &Content) -> String {
    let mut hasher = blake3::Hasher::new();
    for (name, hash) in content {
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
        hasher.update(hash.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// The check sum of a snapshot's tables, as a journal names it.
///
/// # Errors
/// They cannot be read.
pub fn sum(dir: &Path) -> io::Result<Arc<str>> {
    Ok(sum_of(&content(dir)?).into())
}

/// Refuses what is no file: a pipe would be waited for, for ever.
fn check_file(path: &Path, about: &fs::Metadata) -> io::Result<()> {
    if about.is_file() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{} is no file", path.display())))
}

/// A hash of a file that nobody finds another file for, in hexadecimal digits.
///
/// # Errors
/// It cannot be read.
pub fn hash(path: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// The check sum of a file: CRC-32C.
///
/// # Errors
/// It cannot be read.
pub fn check_sum(path: &Path) -> io::Result<u32> {
    let sum = check_sum_within(path, &mut || false)?;
    Ok(sum.expect("nobody gives it up"))
}

/// The same, unless it is given up; it looks after each MiB.
///
/// # Errors
/// It cannot be read.
pub fn check_sum_within(
    path: &Path,
    is_given_up: &mut dyn FnMut() -> bool,
) -> io::Result<Option<u32>> {
    const CHUNK_LEN: usize = 1 << 20;
    let (mut file, mut sum, mut chunk) = (File::open(path)?, 0, vec![0; CHUNK_LEN]);
    loop {
        if is_given_up() {
            return Ok(None);
        }
        match file.read(&mut chunk)? {
            0 => return Ok(Some(sum)),
            n => sum = crc32c::crc32c_append(sum, &chunk[..n]),
        }
    }
}

/// Copies the files of a snapshot's directory, to stay. Somebody may be writing them: then it is no snapshot yet.
pub(super) fn take(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let before = look(from)?;
    for name in before.keys() {
        let target = to.join(name);
        // A table that is written over in place would change under a link; a copy does not.
        fs::copy(from.join(name), &target)?;
        File::open(target)?.sync_all()?;
    }
    if look(from)? == before {
        return Ok(());
    }
    let text =
        format!("{} was written to while it was read; it is not complete yet", from.display());
    Err(io::Error::new(io::ErrorKind::ResourceBusy, text))
}

/// The files of a directory that the loader would look at, if only to say that it cannot read them: how long each is,
/// and when it was written.
fn look(dir: &Path) -> io::Result<BTreeMap<String, (u64, SystemTime)>> {
    let mut look = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name.starts_with("orders.") {
            continue;
        }
        let about = fs::metadata(entry.path())?;
        if about.is_file() {
            look.insert(name, (about.len(), about.modified()?));
        } else if belongs(&name) {
            check_file(&entry.path(), &about)?;
        }
    }
    Ok(look)
}
