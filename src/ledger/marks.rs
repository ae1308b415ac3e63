//! Since when things are as they are, where an entry made them so and a promise does not say it: that it is at risk,
//! that it could come sooner, that a snapshot serves.

use jiff::civil::Date;

/// The entry from which on something holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Since {
    /// When it was made, in microseconds since 1970 UTC; 0 where nobody knows.
    pub at: i64,
    /// How many entries there are with it; 0 where it holds from the start.
    pub position: u64,
}

/// Which places entries have that follow each other and were made before they had any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Placing {
    /// The position that was noted for the first of them.
    pub(super) noted: u64,
    /// How many there are.
    pub(super) n: u64,
    /// When they were made, and the place of the first.
    pub(super) since: Since,
}

impl Placing {
    /// When an entry was made and its place, by the position that was noted; none of one that had its place.
    pub(super) fn of(self, noted: u64) -> Option<Since> {
        let after = noted.checked_sub(self.noted).filter(|after| *after < self.n)?;
        Some(Since { position: self.since.position + after, ..self.since })
    }
}

/// What is noted of a promise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Since when it is at risk.
    pub at_risk: Option<Since>,
    /// On which date the last of it could be there by now, and since when that is known.
    pub sooner: Option<(Date, Since)>,
}
