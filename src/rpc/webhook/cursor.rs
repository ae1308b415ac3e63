//! Up to where a webhook was told. It is an entry of the journal: whoever leads goes on there, this process after a restart
//! or another node.

use std::{fmt, fs, io, path::Path};

/// Up to where a hook was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The position that is told next.
    position: u64,
    /// The number of its events that is told next.
    number: u32,
    is_off: bool,
}

/// Says of a hook that it wants no more.
const OFF: &str = "off";

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let off = if self.is_off { " off" } else { "" };
        write!(f, "{} {}{off}", self.position, self.number)
    }
}

impl Cursor {
    /// One of a hook that is told all from a position on.
    pub(super) fn at(position: u64) -> Self {
        Self { position, number: 0, is_off: false }
    }

    /// One that was kept; none where this is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let position = words.next()?.parse().ok()?;
        let number = words.next()?.parse().ok()?;
        Some(Self { position, number, is_off: words.next() == Some(OFF) })
    }

    /// The one that earlier versions kept beside the journal, if there is one.
    ///
    /// # Errors
    /// The file cannot be read, or is no cursor.
    pub(super) fn of_file(directory: &Path, name: &str) -> io::Result<Option<Self>> {
        let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
        let file = directory.join(format!("{}.cursor", name.chars().map(safe).collect::<String>()));
        let text = match fs::read_to_string(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        let broken = || {
            io::Error::new(io::ErrorKind::InvalidData, format!("{} is no cursor", file.display()))
        };
        Self::read(&text).ok_or_else(broken).map(Some)
    }

    /// The position that is told next.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Whether nobody wants to be told any more.
    pub(super) fn is_off(&self) -> bool {
        self.is_off
    }

    /// Whether an event was not told yet.
    pub(super) fn is_new(&self, sequence: u64, number: u32) -> bool {
        (self.position, self.number) <= (sequence, number)
    }

    /// An event was told.
    pub(super) fn told(&mut self, sequence: u64, number: u32) {
        (self.position, self.number) = (sequence, number + 1);
    }

    /// All up to and including a position was told.
    pub(super) fn passed(&mut self, position: u64) {
        (self.position, self.number) = (position + 1, 0);
    }

    /// Nobody wants to be told any more.
    pub(super) fn switch_off(&mut self) {
        self.is_off = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_goes_on_where_it_stood() {
        let again = |cursor: &Cursor| Cursor::read(&cursor.to_string()).unwrap();
        let mut cursor = Cursor::at(8);
        assert_eq!((cursor.is_new(7, 0), cursor.is_new(8, 0)), (false, true));
        cursor.told(8, 1);
        cursor = again(&cursor);
        assert_eq!((cursor.is_new(8, 1), cursor.is_new(8, 2)), (false, true));
        cursor.passed(9);
        assert_eq!(again(&cursor), Cursor::at(10));
        cursor.switch_off();
        assert!(again(&cursor).is_off() && Cursor::read("8").is_none());
    }

    #[test]
    fn what_an_earlier_version_kept_beside_the_journal_counts() {
        let directory = tempfile::tempdir().unwrap();
        let of = |name: &str| Cursor::of_file(directory.path(), name);
        assert_eq!(of("erp/1").unwrap(), None);
        fs::write(directory.path().join("erp_1.cursor"), "8 2 \n").unwrap();
        let mut told = Cursor::at(8);
        told.told(8, 1);
        assert_eq!(of("erp/1").unwrap(), Some(told));
        fs::write(directory.path().join("erp_1.cursor"), "eight").unwrap();
        assert!(of("erp/1").unwrap_err().to_string().contains("erp_1.cursor is no cursor"));
    }
}
