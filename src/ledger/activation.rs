//! Another snapshot serves: what the journal says of it.

use super::{refresh::Counts, reservation::Force};
use crate::snapshot::Adopted;
use std::sync::Arc;

/// Another snapshot serves. What became of the reservations is not written down: reconciliation is a
/// pure function of the world before and the snapshot, and gives the same again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activation {
    /// The snapshot.
    pub snapshot_id: Arc<str>,
    /// The check sum of its tables: a replay takes no others. None in old entries, and where nobody keeps them.
    pub sum: Option<Arc<str>>,
    /// How many snapshots have served, this one included.
    pub generation: u64,
    /// Who let it serve although it was suspicious.
    pub force: Option<Force>,
    /// Names that it adopted for the promises' sake.
    pub adopted: Adopted,
    /// The numbers of the promises at risk, in order.
    pub at_risk: Vec<u64>,
    /// How many promises fared how.
    pub counts: Counts,
}
