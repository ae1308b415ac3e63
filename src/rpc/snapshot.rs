//! SnapshotService: snapshots come in, are looked at, serve, and are gone back to.
//!
//! The tables of a push are written to disk as they come and taken in on a thread of their own; the
//! runtime's threads only pass bytes on.

use super::{
    guard, net, proto,
    secure::caller,
    status::Failure,
    stopping::{Stopping, shutting_down},
    upload::{self, PushTurn, UnderWay, Upload},
};
use crate::{
    engine::refresh::{
        self, Aim, CameBy, RefreshOutcome, RefreshRecord, RefreshStage, Refresher, Submission,
    },
    ledger::reservation::{self, Force},
};
use proto::snapshot_service_server::SnapshotService;
use std::{collections::BTreeMap, pin::pin, sync::Arc};
use tonic::{Code, Request, Response, Status, Streaming};

/// Takes snapshots in, through a refresher.
#[derive(Clone, Debug)]
pub(super) struct Snapshots {
    refresher: Arc<Refresher>,
    stopping: Stopping,
    pushes: UnderWay,
}

impl Snapshots {
    pub(super) fn new(refresher: Arc<Refresher>, stopping: Stopping) -> Self {
        Self { refresher, stopping, pushes: UnderWay::default() }
    }

    /// Takes a snapshot in on a thread of low priority, and waits for what becomes of it. Whoever has the turn of its
    /// push keeps it until then, be the caller there or not; what is to be done with the tables afterwards is done.
    async fn submit(
        &self,
        submission: Submission,
        turn: Option<PushTurn>,
    ) -> Result<proto::PushResponse, Failure> {
        let tables = submission.tables.clone();
        let handle = self.refresher.submit_in_background(submission);
        let done = guard::elsewhere(move || {
            let done = handle.join();
            // What was taken in was copied; what failed may be finished again.
            if turn.is_some() && matches!(done, Ok(Ok(_))) {
                upload::remove(&tables);
            }
            drop(turn);
            done
        });
        let record = done.await.map_err(|_| Failure::panicked())?.map_err(failure)?;
        Ok(proto::PushResponse { summary: Some(summary(&record)) })
    }

    async fn take_in(
        &self,
        mut stream: Streaming<proto::PushRequest>,
    ) -> Result<proto::PushResponse, Failure> {
        let mut upload: Option<Upload> = None;
        let mut draining = pin!(self.stopping.draining());
        loop {
            let message = tokio::select! {
                biased;
                // Nothing is taken in before `finish`: surely nothing was done.
                () = &mut draining => return Err(shutting_down()),
                message = stream.message() => message.map_err(broken)?,
            };
            let Some(message) = message else { break };
            use proto::push_request::Part;
            upload = Some(match (message.part, upload) {
                (Some(Part::Begin(begin)), None) => {
                    let (refresher, pushes) = (Arc::clone(&self.refresher), self.pushes.clone());
                    let begin = move || Upload::begin(refresher.store(), &pushes, begin);
                    guard::elsewhere(begin).await?
                }
                (Some(Part::Chunk(chunk)), Some(mut upload)) => {
                    guard::elsewhere(move || upload.write(&chunk).map(|()| upload)).await?
                }
                (Some(Part::Finish(finish)), Some(upload)) => {
                    let aim = aim(finish.aim(), finish.force)?;
                    let (tables, turn) = guard::elsewhere(move || upload.finish()).await?;
                    let submission = Submission { tables, way: CameBy::Push, aim };
                    return self.submit(submission, Some(turn)).await;
                }
                (Some(Part::Begin(_)), Some(_)) => {
                    return Err(Failure::invalid_field("begin", "comes once, and first"));
                }
                (Some(_), None) => {
                    return Err(Failure::invalid_field("begin", "is to come first"));
                }
                (None, _) => return Err(Failure::invalid_field("part", "one is required")),
            });
        }
        Err(Failure::new(
            Code::Aborted,
            "PUSH_INCOMPLETE",
            "the stream ended before `finish`; complete files are kept: push again to resume",
        ))
    }

    async fn activate_again(
        &self,
        message: proto::ActivateRequest,
    ) -> Result<proto::PushResponse, Failure> {
        let proto::ActivateRequest { snapshot_id, force } = message;
        let refresher = Arc::clone(&self.refresher);
        let tables = guard::elsewhere(move || refresher.find(&snapshot_id)).await;
        let tables = tables.map_err(failure)?;
        let aim = match force {
            Some(force) => Aim::Force(read_force(force)?),
            None => Aim::Activate,
        };
        self.submit(Submission { tables, way: CameBy::Activate, aim }, None).await
    }

    fn list_kept(&self) -> Result<proto::ListSnapshotsResponse, Failure> {
        let serving = self.refresher.engine().pin();
        let kept = self.refresher.store().list().map_err(|error| failure(error.into()))?;
        let kept = kept.into_iter().map(|kept| proto::list_snapshots_response::Kept {
            active: kept.snapshot_id == serving.snapshot.id(),
            snapshot_id: kept.snapshot_id,
            as_of: kept.as_of,
            accepted_at: kept.accepted_at,
        });
        Ok(proto::ListSnapshotsResponse { snapshots: kept.collect() })
    }

    fn reconciliation(&self, number: u64) -> Result<proto::GetReconciliationResponse, Failure> {
        let wanted = (number != 0).then_some(number);
        let record = self.refresher.record(wanted).map_err(failure)?;
        let none = || {
            let text = "there is no record of this number; GetStatus has the number of the last";
            Failure::new(Code::NotFound, "RECORD_NOT_FOUND", text)
        };
        Ok(full(&*record.ok_or_else(none)?))
    }
}

#[tonic::async_trait]
impl SnapshotService for Snapshots {
    async fn push(
        &self,
        request: Request<Streaming<proto::PushRequest>>,
    ) -> Result<Response<proto::PushResponse>, Status> {
        guard::call("Push", self.take_in(request.into_inner())).await
    }

    async fn get_upload(
        &self,
        request: Request<proto::GetUploadRequest>,
    ) -> Result<Response<proto::GetUploadResponse>, Status> {
        guard::call("GetUpload", async {
            let (id, refresher) = (request.into_inner().snapshot_id, Arc::clone(&self.refresher));
            self.pushes.tell(&id);
            guard::patiently(move |patience| upload::complete(refresher.store(), &id, patience))
                .await?
        })
        .await
    }

    async fn get_status(
        &self,
        _request: Request<proto::GetStatusRequest>,
    ) -> Result<Response<proto::GetStatusResponse>, Status> {
        let refresher = Arc::clone(&self.refresher);
        // Promises that changed since are counted: it may be many.
        guard::call("GetStatus", async { Ok(guard::elsewhere(move || status(&refresher)).await) })
            .await
    }

    async fn list(
        &self,
        _request: Request<proto::ListSnapshotsRequest>,
    ) -> Result<Response<proto::ListSnapshotsResponse>, Status> {
        let snapshots = self.clone();
        guard::call("List", guard::elsewhere(move || snapshots.list_kept())).await
    }

    async fn activate(
        &self,
        request: Request<proto::ActivateRequest>,
    ) -> Result<Response<proto::PushResponse>, Status> {
        guard::call("Activate", self.activate_again(request.into_inner())).await
    }

    async fn apply_changes(
        &self,
        request: Request<proto::ApplyChangesRequest>,
    ) -> Result<Response<proto::ApplyChangesResponse>, Status> {
        let engine = self.refresher.engine();
        let deadline = guard::deadline(request.metadata(), engine.moment());
        guard::call("ApplyChanges", net::apply(engine, request.into_inner(), deadline)).await
    }

    async fn get_reconciliation(
        &self,
        request: Request<proto::GetReconciliationRequest>,
    ) -> Result<Response<proto::GetReconciliationResponse>, Status> {
        let number = request.into_inner().number;
        let snapshots = self.clone();
        let found = guard::elsewhere(move || snapshots.reconciliation(number));
        guard::call("GetReconciliation", found).await
    }
}

fn broken(status: Status) -> Failure {
    Failure::new(Code::Aborted, "PUSH_BROKEN", format!("the stream broke: {}", status.message()))
}

/// The canonical code and the stable word of every error of a refresh.
fn failure(error: refresh::Error) -> Failure {
    let text = error.to_string();
    match error {
        refresh::Error::Load(_) => Failure::new(Code::InvalidArgument, "SNAPSHOT_UNREADABLE", text),
        refresh::Error::Store(_) => Failure::new(Code::Internal, "STORE", text),
        refresh::Error::Taken(_) => Failure::new(Code::AlreadyExists, "SNAPSHOT_ID_REUSED", text),
        refresh::Error::Altered(_) => Failure::new(Code::DataLoss, "SNAPSHOT_ALTERED", text),
        refresh::Error::Unknown(_) => Failure::new(Code::NotFound, "SNAPSHOT_NOT_FOUND", text),
        refresh::Error::Engine(_) => Failure::new(Code::Aborted, "SWAP_REFUSED", text),
    }
}

fn aim(aim: proto::Aim, force: Option<proto::Force>) -> Result<Aim, Failure> {
    match (aim, force) {
        (proto::Aim::Validate, _) => Ok(Aim::Validate),
        (proto::Aim::Unspecified | proto::Aim::Activate, None) => Ok(Aim::Activate),
        (proto::Aim::Unspecified | proto::Aim::Activate, Some(_)) => {
            Err(Failure::invalid_field("finish.force", "goes with the aim FORCE only"))
        }
        (proto::Aim::Force, Some(force)) => Ok(Aim::Force(read_force(force)?)),
        (proto::Aim::Force, None) => {
            Err(Failure::invalid_field("finish.force", "who overrides, and why, is required"))
        }
    }
}

fn read_force(force: proto::Force) -> Result<Force, Failure> {
    let force = proto::Force { by: caller::on_whose_word(&force.by), ..force };
    if force.by.is_empty() || force.why.is_empty() {
        return Err(Failure::invalid_field("force", "both `by` and `why` are required"));
    }
    Ok(Force { by: force.by.into(), why: force.why.into() })
}

fn summary(record: &RefreshRecord) -> proto::RefreshSummary {
    use proto::refresh_summary::Outcome as Wire;
    let reconciliation = &record.reconciliation;
    let count = |numbers: &[u64]| numbers.len() as u64;
    let outcome = match record.outcome {
        RefreshOutcome::Activated => Wire::Activated,
        RefreshOutcome::Validated => Wire::Validated,
        RefreshOutcome::Quarantined => Wire::Quarantined,
    };
    proto::RefreshSummary {
        number: record.number,
        snapshot_id: record.snapshot_id.clone(),
        as_of: record.as_of.clone(),
        replaces: record.replaces.clone(),
        outcome: outcome.into(),
        at: record.at.clone(),
        errors: record.errors,
        warnings: record.warnings,
        faults: record.faults.clone(),
        suspicions: record.suspicions.clone(),
        forced_by: record.forced_by.clone().unwrap_or_default(),
        forced_why: record.forced_why.clone().unwrap_or_default(),
        generation: record.generation.unwrap_or(0),
        sequence: record.position.unwrap_or(0),
        absorbed: count(&reconciliation.absorbed),
        carried: count(&reconciliation.carried),
        dropped: count(&reconciliation.dropped),
        at_risk: count(&reconciliation.at_risk),
        accounts_checked: reconciliation.n_accounts,
        accounts_changed: reconciliation.n_changed,
        load_millis: record.took.load_millis,
        reconcile_millis: record.took.reconcile_millis,
        stand_still_micros: record.took.stand_still_micros,
        rows: record.rows.iter().map(|(table, rows)| (table.clone(), *rows)).collect(),
        changes_made_again: reconciliation.changes_made_again,
        changes_left_out: reconciliation.changes_left_out,
    }
}

fn full(record: &RefreshRecord) -> proto::GetReconciliationResponse {
    let ids = |numbers: &[u64]| numbers.iter().map(|number| reservation::id(*number)).collect();
    let decimal = |text: &str| text.parse().unwrap_or(f64::NAN);
    let account = |line: &refresh::BalanceChange| proto::get_reconciliation_response::Account {
        account: line.account.clone(),
        old: decimal(&line.old),
        new: decimal(&line.new),
        supply: decimal(&line.supply),
        demand: decimal(&line.demand),
        absorbed: decimal(&line.absorbed),
        dropped: decimal(&line.dropped),
        carried: decimal(&line.carried),
    };
    let reconciliation = &record.reconciliation;
    proto::GetReconciliationResponse {
        summary: Some(summary(record)),
        absorbed: ids(&reconciliation.absorbed),
        carried: ids(&reconciliation.carried),
        dropped: ids(&reconciliation.dropped),
        at_risk: ids(&reconciliation.at_risk),
        accounts: reconciliation.accounts.iter().map(account).collect(),
        changes_left_out: reconciliation.left_out.clone(),
        planned: reconciliation.planned.clone(),
    }
}

fn status(refresher: &Refresher) -> proto::GetStatusResponse {
    use proto::get_status_response as wire;
    let status = refresher.status();
    let now = refresher.engine().now();
    let seconds_since = |at: jiff::Timestamp| now.duration_since(at).as_secs_f64();
    let mut sources: BTreeMap<String, wire::Source> = BTreeMap::new();
    for (source, at) in &status.watermarks {
        let told = sources.entry(source.clone()).or_default();
        told.watermark =
            Some(prost_types::Timestamp { seconds: at.as_second(), nanos: at.subsec_nanosecond() });
        told.age_seconds = seconds_since(*at);
    }
    for (source, positions) in refresher.engine().pin().positions().all() {
        let told = sources.entry(source.to_string()).or_default();
        told.positions = positions.iter().map(ToString::to_string).collect();
        told.position = told.positions.last().cloned().unwrap_or_default();
    }
    let sources = sources.into_iter().map(|(source, told)| wire::Source { source, ..told });
    let table = |(table, rows): (&String, &u64)| wire::Table {
        table: table.clone(),
        rows: *rows,
        as_of: status.as_of.clone(),
    };
    let build = status.build.as_ref().map(|build| wire::Build {
        tables: build.tables.clone(),
        stage: match &build.stage {
            RefreshStage::Loading(table) => format!("loading {table}"),
            RefreshStage::Reconciling => "reconciling".to_string(),
        },
        progress: build.progress(),
        seconds: seconds_since(build.began),
        bytes_built: build.bytes_built,
    });
    proto::GetStatusResponse {
        version: Some(proto::DataVersion {
            snapshot_id: status.snapshot_id.clone(),
            as_of: status.as_of.clone(),
            sequence: status.position,
            ledger: status.ledger.to_string(),
            ..super::encode::of_cluster(status.position)
        }),
        generation: status.generation,
        age_seconds: status.age_seconds,
        sources: sources.collect(),
        tables: status.rows.iter().map(table).collect(),
        build,
        promises_live: status.promises_live,
        promises_at_risk: status.promises_at_risk,
        bytes_live: status.bytes_live,
        bytes_resident: status.bytes_resident,
        last_record: status.last_record,
        changes: status.changes,
    }
}
