//! Up to where a webhook was told, kept over a restart.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Up to where a hook was told.
#[derive(Debug)]
pub(super) struct Cursor {
    file: Option<PathBuf>,
    /// The position that is told next.
    position: u64,
    /// The number of its events that is told next.
    number: u32,
    is_off: bool,
}

/// Stands in the file of a hook that wants no more.
const OFF: &str = "off";

impl Cursor {
    /// The cursor of a hook; of a new one it stands where the hook wants to begin, or behind what there is.
    ///
    /// # Errors
    /// The file cannot be read, or the directory cannot be made.
    pub(super) fn open(
        directory: Option<&Path>,
        name: &str,
        from: Option<u64>,
        live: u64,
    ) -> io::Result<Self> {
        let begin = from.unwrap_or(live + 1);
        let new = Self { file: None, position: begin, number: 0, is_off: false };
        let Some(directory) = directory else { return Ok(new) };
        fs::create_dir_all(directory)?;
        let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
        let file = directory.join(format!("{}.cursor", name.chars().map(safe).collect::<String>()));
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let cursor = Self { file: Some(file), ..new };
                cursor.keep();
                return Ok(cursor);
            }
            Err(error) => return Err(error),
        };
        let mut words = text.split_whitespace();
        let mut number = || words.next()?.parse::<u64>().ok();
        let (position, at) = (number(), number());
        let broken = || {
            io::Error::new(io::ErrorKind::InvalidData, format!("{} is no cursor", file.display()))
        };
        let position = position.ok_or_else(broken)?;
        let at = at.and_then(|at| u32::try_from(at).ok()).ok_or_else(broken)?;
        let is_off = words.next() == Some(OFF);
        Ok(Self { file: Some(file), position, number: at, is_off })
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
        self.keep();
    }

    /// All up to and including a position was told.
    pub(super) fn passed(&mut self, position: u64) {
        let before = (self.position, self.number);
        (self.position, self.number) = (position + 1, 0);
        if before != (self.position, self.number) {
            self.keep();
        }
    }

    /// Nobody wants to be told any more.
    pub(super) fn switch_off(&mut self) {
        self.is_off = true;
        self.keep();
    }

    fn keep(&self) {
        let Some(file) = &self.file else { return };
        let off = if self.is_off { OFF } else { "" };
        let text = format!("{} {} {off}\n", self.position, self.number);
        let beside = file.with_extension("new");
        let kept = fs::write(&beside, text).and_then(|()| fs::rename(&beside, file));
        if let Err(error) = kept {
            // It is told again after a restart: at least once.
            tracing::warn!(%error, file = %file.display(), "a webhook's cursor cannot be kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_goes_on_where_it_stood() {
        let directory = tempfile::tempdir().unwrap();
        let open = || Cursor::open(Some(directory.path()), "erp/1", None, 7).unwrap();
        let mut cursor = open();
        assert_eq!((cursor.position(), cursor.is_new(7, 0), cursor.is_new(8, 0)), (8, false, true));
        cursor.told(8, 1);
        let mut again = open();
        assert_eq!((again.is_new(8, 1), again.is_new(8, 2)), (false, true));
        again.passed(9);
        assert_eq!(open().position(), 10);
        again.switch_off();
        assert!(open().is_off());
    }
}
