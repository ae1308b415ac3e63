//! What is added up of promised lines, and by which date they are judged.

/// By which date a promise is judged and dated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateBasis {
    /// What the customer asked for.
    #[default]
    Request,
    /// What was promised first.
    FirstPromise,
    /// What was promised last.
    LastPromise,
}

impl DateBasis {
    /// All, by their places.
    pub const ALL: [Self; 3] = [Self::Request, Self::FirstPromise, Self::LastPromise];
}

/// What is added up, by its place.
#[derive(Clone, Copy, Debug)]
pub enum Sum {
    /// Lines.
    Lines,
    /// Quantity promised, in the item's own unit.
    Quantity,
    /// What it sells at.
    Value,
    /// What it costs.
    Cost,
    /// The difference.
    Profit,
    /// Lines of which all is there by the date, in full.
    OnTimeLines,
    /// Their quantity.
    OnTimeQuantity,
    /// Their value.
    OnTimeValue,
    /// Days after the date.
    DaysLate,
    /// Lines whose supply is gone.
    AtRiskLines,
    /// Their value.
    AtRiskValue,
    /// Lines that have not shipped and whose date is past.
    BacklogLines,
    /// Their value.
    BacklogValue,
    /// Lines that are held.
    HeldLines,
    /// How often the promised date was moved.
    DateChanges,
    /// By how many days in all.
    DaysMoved,
    /// Lines whose promised date was never moved.
    UnmovedLines,
    /// Value of late lines.
    LimitedValue,
    /// Quantity asked for.
    Asked,
}

/// How many sums there are.
pub const N_SUMS: usize = 19;

/// What some lines add, by the places of [`Sum`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Judged(pub [i64; N_SUMS]);

impl Judged {
    /// Adds what others add; sums beyond a number stay at it.
    pub fn add(&mut self, other: &Self) {
        for (sum, term) in self.0.iter_mut().zip(other.0) {
            *sum = sum.saturating_add(term);
        }
    }
}
