//! ApplyChanges: net change of planning data, live within one batch.

use super::{
    ahead, encode, guard, proto, scenario,
    status::{Failure, shown},
};
use crate::{
    change::{Change, select},
    engine::{Engine, NetCommand, NetOutcome, SteadyTime},
    ledger::{reservation, standing::Fate},
    limits::{CHANGES_MAX, KEY_LEN_MAX},
    promising::patience::Patience,
};
use jiff::Timestamp;

/// Makes the changes of a request, or says what they would mean.
///
/// # Errors
/// Every field that holds something wrong, or why the changes cannot be made; then none is made.
pub(super) async fn apply(
    engine: &Engine,
    message: proto::ApplyChangesRequest,
    deadline: Option<SteadyTime>,
) -> Result<proto::ApplyChangesResponse, Failure> {
    let (changes, known_at) = read(&message)?;
    ahead::refuse("known_at", known_at, engine.civil())?;
    let failed = |error| Failure::of_engine(error, &engine.pin().snapshot);
    let given = changes.clone();
    if message.validate_only {
        let preview = {
            let engine = engine.clone();
            move |patience: &Patience| engine.preview(changes, patience)
        };
        let outcome = guard::patiently(preview).await?.map_err(failed)?;
        return Ok(told(&outcome, &given, false));
    }
    let proto::ApplyChangesRequest { request_id, source, position, after, .. } = message;
    let named = |text: String| (!text.is_empty()).then(|| text.into());
    let (source, position, after) = (named(source), named(position), after.map(Into::into));
    let command = NetCommand { request_id, changes, source, known_at, position, after, deadline };
    Ok(told(&engine.change(command).await.map_err(failed)?, &given, true))
}

fn read(message: &proto::ApplyChangesRequest) -> Result<(Vec<Change>, Option<Timestamp>), Failure> {
    if message.changes.is_empty() || CHANGES_MAX < message.changes.len() {
        let text = format!("1 to {CHANGES_MAX} are taken, not {}", message.changes.len());
        return Err(Failure::invalid_field("changes", text));
    }
    if KEY_LEN_MAX < message.source.len() {
        let text = format!("{} is longer than {KEY_LEN_MAX} bytes", shown(&message.source));
        return Err(Failure::invalid_field("source", text));
    }
    for (field, text) in [("source", &message.source), ("position", &message.position)] {
        if text.chars().any(char::is_control) {
            let text = format!("{} has control characters in it", shown(text));
            return Err(Failure::invalid_field(field, text));
        }
    }
    if KEY_LEN_MAX < message.position.len() {
        let text = format!("{} is longer than {KEY_LEN_MAX} bytes", shown(&message.position));
        return Err(Failure::invalid_field("position", text));
    }
    if !message.position.is_empty() && message.source.is_empty() {
        return Err(Failure::invalid_field("source", "is missing; a position is one of a source"));
    }
    let instant = |at: &prost_types::Timestamp| {
        let found = Timestamp::new(at.seconds, at.nanos).ok();
        found.ok_or_else(|| Failure::invalid_field("known_at", "is no point in time"))
    };
    let known_at = message.known_at.as_ref().map(instant).transpose()?;
    Ok((scenario::changes(&message.changes)?, known_at))
}

fn told(outcome: &NetOutcome, given: &[Change], applied: bool) -> proto::ApplyChangesResponse {
    let NetOutcome { changed, position, world } = outcome;
    let ids = |numbers: Vec<u64>| numbers.into_iter().map(reservation::id).collect::<Vec<_>>();
    let fared = |fate| changed.with_fate(fate).collect::<Vec<_>>();
    let carried = [fared(Fate::Carried), fared(Fate::Superseding)].concat();
    let short = changed.short.iter().map(|short| proto::apply_changes_response::Short {
        account: world.snapshot.account_name(short.account),
        promise_ids: ids(short.numbers.clone()),
    });
    proto::ApplyChangesResponse {
        applied,
        version: Some(encode::version(world, *position)),
        absorbed: ids(fared(Fate::Absorbed)),
        carried: ids(carried),
        dropped: ids(fared(Fate::Dropped)),
        at_risk: ids(changed.at_risk().into_iter().collect()),
        short: short.collect(),
        no_longer_at_risk: ids(changed.eased.clone()),
        met: select::met(given, &changed.changes),
    }
}
