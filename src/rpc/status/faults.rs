//! The faults of a request, field by field.

use crate::{change::Fault, promising::request::Violation};
use tonic_types::FieldViolation;

/// The faults of a request: every field that holds something wrong, with its path.
#[derive(Clone, Debug, Default)]
pub struct Faults(pub(super) Vec<FieldViolation>);

impl Faults {
    /// Notes a fault at a path such as `lines[3].quantity`.
    pub fn note(&mut self, path: impl Into<String>, description: impl Into<String>) {
        self.0.push(FieldViolation::new(path, description));
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The paths and what is wrong there, in the order of the request.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|fault| (fault.field.as_str(), fault.description.as_str()))
    }

    /// Faults that the engine found in the lines of a request.
    pub fn of_lines(violations: &[Violation]) -> Self {
        let path = |found: &Violation| format!("lines[{}].{}", found.line, found.field);
        Self(
            violations.iter().map(|found| FieldViolation::new(path(found), unmet(found))).collect(),
        )
    }

    /// Faults of changes of planning data.
    pub fn of_changes(faults: &[Fault]) -> Self {
        let path = |found: &Fault| format!("changes[{}].cells[{}]", found.change, found.field);
        let unmet = |found: &Fault| format!("{} is not {}", shown(&found.value), found.expected);
        Self(faults.iter().map(|found| FieldViolation::new(path(found), unmet(found))).collect())
    }

    /// Faults that the engine found in the one line of an amendment.
    pub fn of_line(violations: &[Violation]) -> Self {
        let path = |found: &Violation| format!("line.{}", found.field);
        Self(
            violations.iter().map(|found| FieldViolation::new(path(found), unmet(found))).collect(),
        )
    }
}

fn unmet(violation: &Violation) -> String {
    format!("{} is not {}", shown(&violation.value), violation.expected)
}

/// A value as a message shows it: in quotes, and cut if it is long.
pub fn shown(value: &str) -> String {
    const CHARS_MAX: usize = 64;
    if value.chars().count() <= CHARS_MAX {
        return format!("{value:?}");
    }
    let start: String = value.chars().take(CHARS_MAX).collect();
    format!("{start:?}...")
}
