//! What a backlog run is asked for, and how it is told.

use super::First;
use crate::rpc::{
    applied, decode, encode, proto,
    status::{Failure, Faults},
};
use crate::{
    backlog::{
        Filter, Segment, Sequence, Spec, Strategy,
        spec::{FALLBACKS, STRATEGIES},
    },
    engine::backlog::{BacklogRun, RunGoal},
    ledger::digest::Digest,
    snapshot::{Snapshot, row::choice},
};
use prost::Message;
use std::time::Duration;
use tonic::Code;

/// Seconds that a search for more value may take over gRPC.
const SEARCH_SECONDS_MAX: u32 = 60;

/// Whether a snapshot knows all keys that filters name.
///
/// # Errors
/// Each that it does not.
pub(in crate::rpc) fn known(spec: &Spec, snapshot: &Snapshot) -> Result<(), Failure> {
    let mut faults = Faults::default();
    spec.unknown(snapshot).into_iter().for_each(|(field, text)| faults.note(field, text));
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

/// What whoever waits for a run is told where somebody has stopped it.
pub(super) fn cancelled(run_id: &str) -> Failure {
    let text = format!("run {run_id} was stopped by CancelRun; its scenario is as it was before");
    Failure::new(Code::Cancelled, "RUN_CANCELLED", text).with("run_id", run_id)
}

/// The digest of what a run asks for, defaults written out.
pub(super) fn asked(message: &proto::RunBacklogRequest) -> u128 {
    let or = |word: &str, default: &str| if word.is_empty() { default } else { word }.to_string();
    let mut digest = Digest::default();
    let texts = [
        "run".to_string(),
        message.scenario_id.clone(),
        or(&message.filter, "all"),
        or(&message.sequence, "priority,requested_date"),
        or(&message.otherwise, "redistribute"),
        or(&message.fallback, "gain"),
    ];
    texts.iter().for_each(|text| digest.text(text));
    let segments = message.segments.iter().flat_map(|one| [&one.strategy, &one.filter]);
    let segments: Vec<&String> = segments.collect();
    for list in [
        message.first.iter().collect::<Vec<_>>(),
        segments,
        message.lock.iter().collect(),
        message.keep.iter().collect(),
    ] {
        digest.number(i64::try_from(list.len()).unwrap_or(i64::MAX));
        list.iter().for_each(|text| digest.text(text));
    }
    for number in [message.most_value_seconds, message.lines_max, message.groups_max] {
        digest.number(number.into());
    }
    digest.value()
}

/// The first answer to a run that was to be made live.
pub(super) fn said_again(first: &First) -> proto::RunBacklogResponse {
    let told = first.told.as_deref().map(proto::RunBacklogResponse::decode);
    let told = told.and_then(Result::ok).unwrap_or_default();
    let applied = told.applied.clone().unwrap_or_else(|| applied::said_again(first));
    proto::RunBacklogResponse { applied: Some(applied), ..told }
}

/// What there is to tell of a run itself.
pub fn told(run: &BacklogRun) -> proto::RunBacklogResponse {
    let cannot_win = run.cannot_win();
    let word = |strategy: &Strategy| {
        let found = STRATEGIES.iter().find(|(_, other)| other == strategy);
        found.map_or("", |(word, _)| word).to_string()
    };
    let strategies = run.strategies.iter();
    proto::RunBacklogResponse {
        lines: encode::count(run.changed.len()),
        parts: encode::count(run.parts),
        cannot_win: cannot_win
            .map(|line| format!("{}/{}", line.before.facts.order, line.before.facts.line))
            .collect(),
        value_given: encode::money(run.value.0),
        value_found: encode::money(run.value.1),
        strategies: strategies.map(|(one, n)| (word(one), encode::count(*n))).collect(),
        ..proto::RunBacklogResponse::default()
    }
}

pub(super) fn objective(message: &proto::RunBacklogRequest) -> Result<RunGoal, Failure> {
    let most = SEARCH_SECONDS_MAX as usize;
    let seconds = decode::collect(|reader| {
        reader.at_most("most_value_seconds", message.most_value_seconds, most)
    })?;
    Ok(match seconds {
        0 => RunGoal::Sequence,
        seconds => RunGoal::MostValue(Duration::from_secs(seconds as u64)),
    })
}

/// What is to be run.
///
/// # Errors
/// Every field that cannot be read.
pub fn spec(message: &proto::RunBacklogRequest) -> Result<Spec, Failure> {
    let read = decode::collect(|reader| {
        let mut filter = |field: &str, text: &str| {
            Filter::parse(text).unwrap_or_else(|expected| {
                reader.fault(field, expected);
                Filter::default()
            })
        };
        let one = filter("filter", &message.filter);
        let locked = message.lock.iter().map(|text| filter("lock", text)).collect();
        let kept = message.keep.iter().map(|text| filter("keep", text)).collect();
        let filters: Vec<_> =
            message.segments.iter().map(|one| filter("segments", &one.filter)).collect();
        let mut strategy = |field: &str, word: &str| match word {
            "" => Strategy::default(),
            word => choice(STRATEGIES, word).unwrap_or_else(|expected| {
                reader.fault(field, format!("{word:?} is not {expected}"));
                Strategy::default()
            }),
        };
        let otherwise = strategy("otherwise", &message.otherwise);
        let segments = message
            .segments
            .iter()
            .zip(filters)
            .map(|(one, filter)| Segment { filter, strategy: strategy("segments", &one.strategy) });
        let segments = segments.collect();
        let sequence = match message.sequence.as_str() {
            "" => Sequence::default(),
            text => Sequence::parse(text).unwrap_or_else(|expected| {
                reader.fault("sequence", expected);
                Sequence::default()
            }),
        };
        let fallback = match message.fallback.as_str() {
            "" => Default::default(),
            word => choice(FALLBACKS, word).unwrap_or_else(|expected| {
                reader.fault("fallback", format!("{word:?} is not {expected}"));
                Default::default()
            }),
        };
        let first = message.first.iter().map(|key| {
            let (order, line) = key.split_once('/').unwrap_or((key, ""));
            (order.into(), line.into())
        });
        let first = first.collect();
        let now = None;
        Spec { filter: one, sequence, first, segments, otherwise, locked, kept, fallback, now }
    })?;
    Ok(read)
}
