//! Times that callers give of what has happened: none may lie ahead of ours (semantics 12.2, *Suspicious*).

use super::status::Failure;
use jiff::{SignedDuration, Timestamp};

/// How far a caller's clock may be ahead of ours.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(5);

/// Refuses what is said to have happened later than now. Nobody knows what has not happened: such a count would be on
/// top of every later snapshot, such a shipment in no count that comes.
pub(super) fn refuse(field: &str, at: Option<Timestamp>, now: Timestamp) -> Result<(), Failure> {
    let latest = now.saturating_add(AHEAD_MAX).unwrap_or(Timestamp::MAX);
    match at {
        Some(at) if latest < at => {
            let text = format!("{at} is more than 5 minutes after now, {now}");
            Err(Failure::invalid_field(field, text))
        }
        Some(_) | None => Ok(()),
    }
}
