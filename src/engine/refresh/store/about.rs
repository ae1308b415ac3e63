//! The name of a snapshot's directory, and what is written beside its tables: by it is known that they are what was accepted.

use crate::engine::refresh::{
    files::{Content, content},
    suspicion::RowCounts,
};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// What is known of a snapshot that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Its id.
    pub snapshot_id: String,
    /// Its date.
    pub as_of: String,
    /// When it was accepted, RFC 3339.
    pub accepted_at: String,
    /// The rows of each table.
    pub rows: RowCounts,
}

/// What is known of a snapshot beside its tables.
pub(super) const ABOUT: &str = ".accepted.json";

/// Bytes of a directory's name: what file systems take, less our endings.
const NAME_LEN_MAX: usize = 200;

/// What is written beside the tables of an accepted snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Label {
    #[serde(flatten)]
    pub(super) accepted: Option<Accepted>,
    /// Its files by hash; none of one that an older version accepted.
    #[serde(default)]
    pub(super) content: Content,
}

/// A directory's name for an id: letters, digits and a few signs stay, others become `%` and two digits.
pub(super) fn file_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'+' => {
                name.push(char::from(byte));
            }
            _ => name.push_str(&format!("%{byte:02x}")),
        }
    }
    if name.len() <= NAME_LEN_MAX {
        return name;
    }
    // Too long for a file system: its beginning for people, and a hash that is its own.
    let hash = blake3::hash(id.as_bytes()).to_hex();
    name.truncate(NAME_LEN_MAX - hash.len() - 1);
    format!("{name}+{hash}")
}

/// Checks a directory of tables against what was written beside it, and gives what it holds. Whether that is what served
/// is for the journal to say.
pub(super) fn check(dir: &Path) -> io::Result<Content> {
    let Ok(text) = fs::read_to_string(dir.join(ABOUT)) else {
        // Where there is nothing, whoever wants to read it finds that out.
        return if dir.exists() { content(dir) } else { Ok(Content::new()) };
    };
    let found = content(dir)?;
    let about: Label = serde_json::from_str(&text).map_err(io::Error::other)?;
    if about.content.is_empty() {
        return Ok(found);
    }
    let names = about.content.keys().chain(found.keys());
    match names.into_iter().find(|name| about.content.get(*name) != found.get(*name)) {
        None => Ok(found),
        Some(name) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{} is not what was accepted: it was altered since", dir.join(name).display()),
        )),
    }
}

pub(super) fn write_about(dir: &Path, accepted: &Accepted, content: Content) -> io::Result<()> {
    let about = Label { accepted: Some(accepted.clone()), content };
    let text = serde_json::to_string_pretty(&about).map_err(io::Error::other)?;
    let half = dir.join(format!("{ABOUT}.half"));
    fs::write(&half, text)?;
    File::open(&half)?.sync_all()?;
    fs::rename(half, dir.join(ABOUT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::refresh::store::COPY;

    #[test]
    fn every_id_has_a_name_of_its_own_that_can_be_kept() {
        let long = "x".repeat(256);
        let other = format!("{}y", &long[1..]);
        let umlauts = "ü".repeat(128);
        for id in [&*long, &*other, &*umlauts, "a/b", "..", "x.half"] {
            let name = file_name(id);
            assert!(name.len() <= NAME_LEN_MAX, "{name}");
            assert!(!name.contains(['/', '.']) && !name.starts_with(COPY), "{name}");
        }
        assert_ne!(file_name(&long), file_name(&other));
    }
}
