//! What became of making a scenario live, as a message.

use super::{cluster::First, proto};
use crate::{
    engine::apply::IfMovedOn,
    ledger::{Unfit, World, reservation::id},
    snapshot::Snapshot,
};
use prost::Message as _;
use proto::apply_scenario_response::Outcome;

/// Whether what was done is done again where live has moved on.
pub(super) fn if_moved_on(message: &proto::ApplyScenarioRequest) -> IfMovedOn {
    if message.again { IfMovedOn::DoAgain } else { IfMovedOn::Tell }
}

/// It is live since an entry.
pub(super) fn live_since(sequence: u64) -> proto::ApplyScenarioResponse {
    proto::ApplyScenarioResponse {
        applied: true,
        sequence,
        outcome: Outcome::Applied.into(),
        ..proto::ApplyScenarioResponse::default()
    }
}

/// It does not fit any more.
pub(super) fn not_applied(live: &World, unfit: &Unfit) -> proto::ApplyScenarioResponse {
    let snapshot: &Snapshot = &live.snapshot;
    let (outcome, numbers, why) = match unfit {
        Unfit::Refreshed { planned, serves } => (
            Outcome::LiveRefreshed,
            &[][..],
            format!(
                "live was refreshed: it was made on snapshot {planned:?}, and {serves:?} serves now; \
                 apply with `again`, or create it again"
            ),
        ),
        Unfit::Changes(faults) => {
            let words: Vec<_> = faults.iter().map(ToString::to_string).collect();
            let why = format!("planning data has moved on: {}", words.join("; "));
            (Outcome::ChangesUnfit, &[][..], why)
        }
        Unfit::MovedOn(numbers) => {
            let why = "these promises are not any more what they were".to_string();
            (Outcome::PromisesMovedOn, &numbers[..], why)
        }
        Unfit::Exceeds(refusal, numbers) => {
            (Outcome::ExceedsAvailable, &numbers[..], refusal.sentence(snapshot))
        }
    };
    proto::ApplyScenarioResponse {
        applied: false,
        sequence: live.position,
        unfit_promise_ids: numbers.iter().map(|number| id(*number)).collect(),
        why,
        outcome: outcome.into(),
    }
}

/// The first answer to a command that was to make a scenario live.
pub(super) fn said_again(first: &First) -> proto::ApplyScenarioResponse {
    match &first.told {
        Some(told) if first.changed_nothing => {
            proto::ApplyScenarioResponse::decode(told.as_slice()).unwrap_or_default()
        }
        Some(_) | None => live_since(first.position),
    }
}
