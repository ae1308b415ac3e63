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

/// What is noted of a promise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Since when it is at risk.
    pub at_risk: Option<Since>,
    /// On which date the last of it could be there by now, and since when that is known.
    pub sooner: Option<(Date, Since)>,
}
