//! What is wrong with a manifest.

use std::fmt;

/// One field of a manifest that is missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestFault {
    /// The field.
    pub field: &'static str,
    /// Its value as JSON, if there is one.
    pub found: Option<String>,
    /// What belongs there.
    pub expected: String,
}

/// All that is wrong with a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestFaults(pub Vec<ManifestFault>);

impl fmt::Display for ManifestFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, ManifestFault { field, found, expected }) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { "; " };
            match found {
                Some(found) => write!(f, "{separator}{field} is {found}, expected {expected}")?,
                None => write!(f, "{separator}{field} is missing, expected {expected}")?,
            }
        }
        Ok(())
    }
}
