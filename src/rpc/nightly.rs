//! Saved runs that run by themselves, once a day.

use super::{
    applied,
    backlog::{AskedRun, Backlogs},
    proto,
    saved::{Apply, Saved, next},
    status::Failure,
};
use crate::{
    engine::{Engine, Error, apply::ApplyAs, body},
    ledger::Note,
};
use jiff::{SignedDuration, Timestamp, civil::Time};
use std::{future::Future, pin::pin, time::Duration};

/// How often it is looked whether one is due: the clock may leap.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// One whose time came so long ago is not made up for: that of a night is none of the day.
const LATE_MAX: SignedDuration = SignedDuration::from_hours(6);

/// How often one is done again where live has moved on before it could be made live.
const ATTEMPTS: usize = 3;

/// Runs those that have a time of the day, until the server ends; in a cluster, at the node that leads. Which was run last is
/// in the journal: one whose time came while nobody led is made up for, and no two nodes make one live twice.
pub(super) async fn nightly(backlogs: Backlogs, ends: impl Future<Output = ()>) {
    let mut ends = pin!(ends);
    let (engine, from) = (&backlogs.engine, backlogs.engine.now());
    let daily = backlogs.saved.iter().filter_map(|one| Some((one.clone(), one.at?, from)));
    let mut daily: Vec<_> = daily.collect();
    while !daily.is_empty() {
        tokio::select! {
            () = &mut ends => return,
            () = tokio::time::sleep(LOOK_EVERY) => (),
        }
        for (saved, time, last) in &mut daily {
            *last = last_of(engine, saved).map_or(*last, |known| known.max(*last));
            let at = due(*time, *last, engine.now()).filter(|_| engine.is_leading());
            let Some(at) = at else { continue };
            tracing::info!(run = saved.name, "a saved run begins");
            let done = tokio::select! {
                () = &mut ends => return,
                done = run(&backlogs, saved, at) => done,
            };
            if let Err(failure) = done {
                tracing::error!(run = saved.name, %failure, "a saved run failed");
            }
            let note = Note::Cursor { of: saved.cursor(), at: at.to_string().into() };
            match engine.note(vec![note]).await {
                Err(Error::NotLeader) => (),
                // Where it cannot be kept it is not run again by this process.
                Ok(_) | Err(_) => *last = at,
            }
        }
    }
}

/// When a run ran last by itself, here or on another node, as far as the journal knows.
fn last_of(engine: &Engine, saved: &Saved) -> Option<Timestamp> {
    engine.pin().cursors().get(&saved.cursor())?.parse().ok()
}

/// The time that has come of a run since it ran last.
fn due(time: Time, last: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let earliest = now.checked_sub(LATE_MAX).unwrap_or(last);
    next(time, last.max(earliest)).filter(|at| *at <= now)
}

/// Runs one, and makes it live where that is wanted and it is better.
pub(super) async fn run(backlogs: &Backlogs, saved: &Saved, at: Timestamp) -> Result<(), Failure> {
    for attempt in 1..=ATTEMPTS {
        let message = proto::RunBacklogRequest { saved: saved.name.clone(), ..Default::default() };
        let AskedRun::Run(begun) = backlogs.begin(message).await? else { return Ok(()) };
        let mark = begun.under.mark();
        let ran = backlogs.finish(begun).await?;
        if saved.apply == Apply::Never {
            return Ok(());
        }
        let compared = ran.compared.unwrap_or_default();
        let (before, after) =
            (compared.before.unwrap_or_default(), compared.after.unwrap_or_default());
        if !is_better(&before, &after) {
            mark.stays("it is no better than what there is");
            return Ok(());
        }
        let apply = proto::ApplyScenarioRequest {
            request_id: format!("run {} {at} {attempt}", saved.name),
            scenario_id: ran.run_id,
            // Another outcome than the one that was found better is not applied unseen.
            again: false,
            etag: String::new(),
        };
        let digest = body::apply(&apply.scenario_id, applied::if_moved_on(&apply));
        let request_id = apply.request_id.clone();
        let asked = ApplyAs { request_id: &request_id, digest, told: None };
        let applied = backlogs.desk.apply(apply, &asked).await?;
        if applied.applied {
            mark.applied(applied.sequence);
            return Ok(());
        }
        mark.stays(&applied.why);
    }
    Ok(())
}

/// Whether figures are better than others: see [`Apply::IfBetter`].
fn is_better(before: &proto::Kpi, after: &proto::Kpi) -> bool {
    let of = |kpi: &proto::Kpi| [kpi.revenue_on_time, kpi.on_time_share, kpi.profit];
    let both = of(before).into_iter().zip(of(after));
    let differ = both.map(|(before, after)| after.total_cmp(&before)).find(|it| it.is_ne());
    differ.is_some_and(std::cmp::Ordering::is_gt)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contract 8, cluster: a timer fires once, whoever led when its time came.
    #[test]
    fn a_run_is_due_once_and_also_where_nobody_led_at_its_time() {
        #[track_caller]
        fn check(last: &str, now: &str, want: Option<&str>) {
            let at = "02:00".parse().unwrap();
            let found = due(at, last.parse().unwrap(), now.parse().unwrap());
            assert_eq!(found.map(|at| at.to_string()).as_deref(), want);
        }
        let night = "2026-11-30T02:00:00Z";
        check("2026-11-29T02:00:00Z", "2026-11-30T01:59:59Z", None);
        check("2026-11-29T02:00:00Z", night, Some(night));
        check(night, "2026-11-30T02:00:05Z", None);
        check("2026-11-29T02:00:00Z", "2026-11-30T07:59:59Z", Some(night));
        check("2026-11-29T02:00:00Z", "2026-11-30T08:00:00Z", None);
        check("2026-11-29T23:00:00Z", "2026-11-30T02:00:01Z", Some(night));
    }

    #[test]
    fn better_is_more_value_on_time_then_a_larger_share_then_more_profit() {
        let kpi = |revenue_on_time, on_time_share, profit| proto::Kpi {
            revenue_on_time,
            on_time_share,
            profit,
            ..proto::Kpi::default()
        };
        let than = |after: &proto::Kpi| is_better(&kpi(10.0, 0.5, 3.0), after);
        assert!(than(&kpi(11.0, 0.4, 1.0)) && than(&kpi(10.0, 0.6, 1.0)));
        assert!(than(&kpi(10.0, 0.5, 4.0)));
        assert!(!than(&kpi(10.0, 0.5, 3.0)) && !than(&kpi(9.0, 1.0, 9.0)));
    }

    #[tokio::test]
    async fn a_run_at_night_is_made_live_where_it_is_better() {
        use crate::{
            engine::{Config, Engine},
            journal::Memory,
            loader,
        };
        use proto::{
            backlog_run::State, backlog_service_server::BacklogService,
            promise_service_server::PromiseService,
        };
        let tables = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../snapshots/tiny");
        let loaded = loader::open(&tables, &loader::Silent).unwrap().snapshot.unwrap();
        let journal = Box::new(Memory::default());
        let engine = Engine::start(std::sync::Arc::new(loaded), journal, Config::new()).unwrap();
        let stopping = crate::rpc::stopping::Stopping::new();
        let promises = crate::rpc::promises::Promises::new(engine.clone(), stopping);
        // The first one takes what the second one would pay more for.
        for (order, price) in [("CHEAP", 1.0), ("DEAR", 100.0)] {
            let line = proto::OrderLine {
                order: order.to_string(),
                item: "VALVE".to_string(),
                quantity: 2.0,
                requested_date: "2026-11-25".to_string(),
                unit_price: Some(price),
                ..proto::OrderLine::default()
            };
            let request = proto::PromiseRequest {
                request_id: order.to_string(),
                lines: vec![line],
                ..proto::PromiseRequest::default()
            };
            promises.promise(tonic::Request::new(request)).await.unwrap();
        }
        let sequence = "-value".to_string();
        let request = proto::RunBacklogRequest { sequence, ..Default::default() };
        let (name, at) = ("night".to_string(), "02:00".parse().ok());
        let saved = Saved { name, at, request, apply: Apply::IfBetter };
        let backlogs = Backlogs::new(engine.clone().into(), [saved.clone()].into());
        let night = "2026-11-30T02:00:00Z".parse().unwrap();
        let before = engine.pin().position;
        run(&backlogs, &saved, night).await.unwrap();
        assert_eq!(engine.pin().position, before + 1, "it is one entry");
        run(&backlogs, &saved, night).await.unwrap();
        assert_eq!(engine.pin().position, before + 1, "a second one is no better");
        let listed = backlogs.list_runs(tonic::Request::new(proto::ListRunsRequest {})).await;
        let listed = listed.unwrap().into_inner();
        let states: Vec<_> = listed.runs.iter().map(|run| (run.state(), &*run.why)).collect();
        let no_better = "it is no better than what there is";
        assert_eq!(states, [(State::Done, no_better), (State::Applied, "")]);
        assert_eq!(listed.runs[1].applied_at, before + 1);
        assert_eq!(listed.saved[0].next.map(|next| next.seconds % 86_400), Some(2 * 3_600));
        engine.stop();
    }
}
