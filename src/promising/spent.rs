//! What planning takes, counted: there is no clock in it, so two machines count the same.

use std::ops::{AddAssign, Sub};

/// What plans took since something began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Days on which all of a line's need was tried.
    pub days: u64,
    /// Needs that were filled, or tried to be.
    pub fills: u64,
    /// Needs of which a bound was worked out.
    pub bounds: u64,
    /// Postings that changed a profile for a while, and those that took one back.
    pub changes: u64,
}

impl Sub for Spent {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            days: self.days - before.days,
            fills: self.fills - before.fills,
            bounds: self.bounds - before.bounds,
            changes: self.changes - before.changes,
        }
    }
}

impl AddAssign for Spent {
    fn add_assign(&mut self, more: Self) {
        self.days += more.days;
        self.fills += more.fills;
        self.bounds += more.bounds;
        self.changes += more.changes;
    }
}
