//! What the command line asks of this layer: messages as JSON, changes of a feed, and whose call a thread works on.

use super::{json::to_json_line, net, proto, reservation, secure, text::Words, web};
use crate::engine::{Engine, traced::Traced};
use std::sync::Arc;

/// A message from its JSON, read as over HTTP: fields that there are not are refused.
///
/// # Errors
/// The place and the fault.
pub fn from_json<M: prost::Message + prost::Name + Default>(json: &str) -> Result<M, String> {
    web::read(json).map_err(|failure| failure.to_string())
}

/// The JSON name of a field, which may be given in either way.
pub fn json_name(message: &str, field: &str) -> Option<String> {
    let message = web::methods::pool().get_message_by_name(message)?;
    let found =
        message.get_field_by_name(field).or_else(|| message.get_field_by_json_name(field))?;
    Some(found.json_name().to_string())
}

/// What the ledger keeps of a promise, as the JSON of its message, in the words of a snapshot.
pub fn promise_json(
    snapshot: &crate::snapshot::Snapshot,
    reservation: &crate::ledger::Reservation,
) -> serde_json::Value {
    let message = reservation::encode(Words::new(snapshot), reservation);
    to_json_line(&message).parse().expect("it is JSON")
}

/// The name of the principal on whose call this thread works, where one is asked who he is.
pub fn principal() -> Option<Arc<str>> {
    secure::caller::name()
}

/// Makes changes that come by no call, such as those of a feed.
///
/// # Errors
/// The same as a call's.
pub async fn change(
    engine: &Engine,
    request: proto::ApplyChangesRequest,
) -> Result<proto::ApplyChangesResponse, tonic::Status> {
    Ok(net::apply(engine, request, None).await?)
}

/// The trace of the call on which this thread works, where it is followed.
pub fn traced() -> Option<Arc<Traced>> {
    secure::caller::traced()
}

/// The trace that the call on which this thread works is a part of, in 32 digits.
pub fn trace_id() -> Option<String> {
    secure::caller::trace().map(|trace| format!("{trace:032x}"))
}
