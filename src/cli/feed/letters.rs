//! Dead letters: lines that nobody could take in, each with why, as NDJSON. One that comes again is there once.

use super::super::failure::Failure;
use super::FaultyLine;
use std::{
    borrow::Cow,
    collections::HashSet,
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// So much of the end of the file is looked at for letters that come again.
const TAIL_BYTES: u64 = 16 << 20;

/// The file of dead letters; it grows.
pub(super) struct Letters {
    path: PathBuf,
    file: File,
    /// Position and line of those that are there.
    known: HashSet<(String, String)>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Letter<'a> {
    position: Option<Cow<'a, str>>,
    line: Cow<'a, str>,
    fault: Cow<'a, str>,
}

impl Letters {
    /// Opens or makes the file.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let opened = || {
            let mut file = OpenOptions::new().create(true).append(true).read(true).open(path)?;
            let known = known(&mut file)?;
            Ok(Self { path: path.to_path_buf(), file, known })
        };
        opened().map_err(|error| unwritten(path, &error))
    }

    /// Adds a line; it is on the disk before anything behind it is taken in.
    pub(super) fn add(&mut self, faulty: &FaultyLine) -> Result<(), Failure> {
        let FaultyLine { position, text, fault, .. } = faulty;
        // Without a position the same line again is another one.
        if let Some(position) = position
            && !self.known.insert((position.clone(), text.clone()))
        {
            return Ok(());
        }
        let position = position.as_deref().map(Cow::from);
        let letter = Letter { position, line: text.into(), fault: fault.into() };
        let mut line = serde_json::to_vec(&letter).expect("texts are JSON");
        line.push(b'\n');
        let written = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        written.map_err(|error| unwritten(&self.path, &error))
    }
}

/// The letters at the end of a file. What was cut off there by a kill is closed, so that the next letter has a line of its own.
fn known(file: &mut File) -> io::Result<HashSet<(String, String)>> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
    let mut known = HashSet::new();
    let mut is_whole = true;
    let mut lines = BufReader::new(&mut *file);
    let mut line = Vec::new();
    while 0 < lines.read_until(b'\n', &mut line)? {
        is_whole = line.ends_with(b"\n");
        if let Ok(letter) = serde_json::from_slice::<Letter<'_>>(&line)
            && let Some(position) = letter.position
        {
            known.insert((position.into_owned(), letter.line.into_owned()));
        }
        line.clear();
    }
    if !is_whole {
        file.write_all(b"\n")?;
    }
    Ok(known)
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    let cause = format!("cannot write {}: {error}", path.display());
    Failure::new(cause, "name a file that can be written, and make room on the disk")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_comes_again_is_there_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("dead.ndjson");
        let letter = |position: Option<&str>, text: &str| FaultyLine {
            line: 1,
            position: position.map(str::to_string),
            text: text.to_string(),
            fault: "no".to_string(),
        };
        let mut letters = Letters::open(&path).unwrap();
        letters.add(&letter(Some("a:1"), "x")).unwrap();
        letters.add(&letter(Some("a:1"), "x")).unwrap();
        letters.add(&letter(None, "x")).unwrap();
        drop(letters);
        // A kill in the middle of a line, and all of it again.
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"posi").unwrap();
        let mut letters = Letters::open(&path).unwrap();
        for one in [letter(Some("a:1"), "x"), letter(Some("a:1"), "y"), letter(None, "x")] {
            letters.add(&one).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let told = |line: &str| match serde_json::from_str::<Letter<'_>>(line) {
            Ok(letter) => format!("{} {}", letter.position.unwrap_or_default(), letter.line),
            Err(_) => "broken".to_string(),
        };
        let lines: Vec<_> = text.lines().map(told).collect();
        assert_eq!(lines, ["a:1 x", " x", "broken", "a:1 y", " x"]);
    }
}
