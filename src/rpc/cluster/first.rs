//! The first answer to a command that was done before, as it goes from node to node.

use crate::ledger::{Entry, Fact, Told};

/// The first answer to a command that was done before.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub(in crate::rpc) struct First {
    /// The position of its entry.
    #[prost(uint64, tag = "1")]
    pub(in crate::rpc) position: u64,
    /// What its caller was told, where the entry keeps that.
    #[prost(bytes = "vec", optional, tag = "2")]
    pub(in crate::rpc) told: Option<Vec<u8>>,
    /// Whether that is all that came of it.
    #[prost(bool, tag = "3")]
    pub(in crate::rpc) changed_nothing: bool,
}

impl First {
    pub(super) fn of(entry: &Entry) -> Self {
        let told = match entry.told.as_deref() {
            Some(Told::Message(told)) => Some(told.to_vec()),
            Some(Told::Lines { .. }) | None => None,
        };
        let changed_nothing = matches!(entry.fact, Fact::Answered);
        Self { position: entry.position, told, changed_nothing }
    }
}
