//! What is wrong with a configuration: the file, the line, and what would do.

use super::super::similar;
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// A fault, in a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct ConfigFault {
    /// The file and the line, or the variable.
    place: String,
    text: String,
}

impl ConfigFault {
    /// A fault at a place.
    pub(in crate::cli) fn at(place: impl fmt::Display, text: impl Into<String>) -> Self {
        Self { place: place.to_string(), text: text.into() }
    }

    /// Where it is: a file and a line, or a variable.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// What is wrong there, and what would do.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// A name that there is not, with the nearest of those that there are.
    pub(super) fn unknown(
        place: impl fmt::Display,
        what: &str,
        (word, known): (&str, &[&str]),
    ) -> Self {
        let nearest = similar::similar(word, known.iter().copied()).into_iter().next();
        let mend = match nearest {
            Some(nearest) => format!("did you mean {nearest:?}?"),
            None => format!("there are {}", known.join(", ")),
        };
        Self::at(place, format!("{what}; {mend}"))
    }
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FilePlace {
    pub(super) file: PathBuf,
    /// From 1 on; a file of JSON tells none.
    pub(super) line: Option<usize>,
}

impl FilePlace {
    /// The line in which a byte of a text is.
    pub(super) fn of(file: &Path, text: &str, at: usize) -> Self {
        let before = text.as_bytes().iter().take(at);
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        Self { file: file.to_path_buf(), line: Some(line) }
    }
}

impl fmt::Display for FilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file.display()),
            None => write!(f, "{}", self.file.display()),
        }
    }
}
