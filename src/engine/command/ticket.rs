//! What every command brings: who it is, and until when it may be done.

use crate::{engine::clock::SteadyTime, ledger::RequestStamp, promising::patience::Patience};
use std::sync::Arc;

/// Who a command is, and until when it may be done.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Ticket {
    /// The caller's id and the digest of the body; none where there is no id.
    pub(in crate::engine) request: Option<RequestStamp>,
    /// The principal that sent it, where that is known.
    pub(in crate::engine) by: Option<Arc<str>>,
    /// The digest by which entries of the first version know the body, where it is another one and there
    /// may be such.
    pub(in crate::engine) older: Option<u128>,
    /// On the steady clock.
    pub(in crate::engine) deadline: Option<SteadyTime>,
    /// For as long as the caller waits.
    pub(in crate::engine) patience: Patience,
}

impl Ticket {
    pub(in crate::engine) fn new(
        request_id: &str,
        digest: u128,
        deadline: Option<SteadyTime>,
    ) -> Self {
        let stamp = || RequestStamp { id: request_id.into(), digest };
        let request = (!request_id.is_empty()).then(stamp);
        Self { request, by: None, older: None, deadline, patience: Patience::endless() }
    }
}
