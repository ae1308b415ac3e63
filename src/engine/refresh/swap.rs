//! From a snapshot that was built to the world that everybody reads: reconciled beside the live world, then swapped.

use super::{
    Error, Reconciliation, RefreshOutcome, RefreshRecord, Refresher, Submission, millis,
    status::Counted, suspicion,
};
use crate::engine::{
    Engine, Error as EngineError, Swapped, background::lower_priority, clock::Stopwatch,
};
use crate::{
    ledger::{
        World,
        refresh::{Refresh, missing},
        reservation::Force,
    },
    snapshot::{Adopted, Snapshot},
};
use std::{sync::Arc, time::Duration};

/// How often the reconciliation catches up beside the live world before it asks the writer to stand
/// still: each time less has come in between.
const CATCH_UPS_MAX: usize = 8;

/// So few changes are left to the writer.
const LAST_STEP_MAX: u64 = 200;

impl Refresher {
    /// Reconciles and swaps.
    pub(super) fn activate(
        &self,
        mut record: RefreshRecord,
        mut snapshot: Snapshot,
        submission: &Submission,
        force: Option<Force>,
    ) -> Result<Arc<RefreshRecord>, Error> {
        let watch = Stopwatch::start();
        let was_kept = self.store.has(snapshot.id());
        // Before the swap, so that a journal never names a snapshot that is not kept.
        self.store.accept(&self.about(&snapshot, record.rows.clone()), &submission.tables)?;
        snapshot.sum = self.store.sum(snapshot.id());
        self.state.lock().built(snapshot.bytes());
        let held = self.engine.await_held(snapshot.id()).map_err(Error::from);
        let swapped = match held.and_then(|()| self.reconcile_and_swap(snapshot, force)) {
            Ok(Ok(swapped)) => swapped,
            Ok(Err(suspicion)) => {
                record.suspicions.push(suspicion);
                record.outcome = RefreshOutcome::Quarantined;
                if !was_kept {
                    self.store.withdraw(&record.snapshot_id)?;
                }
                return self.keep(record);
            }
            Err(error) => {
                // One that is refused must not serve after a restart. Where the engine has ended nobody knows what
                // became of it: then the journal says so at the next start.
                if !was_kept && !is_end(&error) {
                    self.store.withdraw(&record.snapshot_id)?;
                }
                return Err(error);
            }
        };
        record.outcome = RefreshOutcome::Activated;
        record.generation = Some(swapped.generation);
        record.position = Some(swapped.position);
        record.took.reconcile_millis = millis(watch);
        record.took.stand_still_micros =
            u64::try_from(swapped.stand_still.as_micros()).unwrap_or(u64::MAX);
        metrics::histogram!("promised_refresh_stand_still_seconds")
            .record(swapped.stand_still.as_secs_f64());
        let carried_changes = swapped.reconciled.carried.clone();
        let planned = swapped.reconciled.planned();
        let (report, old, new) = swapped.reconciled.report();
        let said = (&report, planned);
        record.reconciliation = Reconciliation::of(said, carried_changes, &new.snapshot);
        let counted = Counted::new(&new);
        self.state.lock().activated(&record, counted, self.engine.now());
        if let Err(error) = self.store.note_served(&record.snapshot_id) {
            // The next start notes it, for the journal says that it serves.
            tracing::warn!(%error, "cannot note that a snapshot has served");
        }
        self.prune();
        let kept = self.keep(record);
        drop(report);
        bury(old);
        kept
    }

    /// Builds the next world, as often as names are missing, and swaps; unless nobody forces it and it drops suspiciously
    /// many promises.
    fn reconcile_and_swap(
        &self,
        snapshot: Snapshot,
        force: Option<Force>,
    ) -> Result<Result<Swapped, String>, Error> {
        let mut adopted = Adopted::default();
        let snapshot = Arc::new(snapshot);
        loop {
            let world = self.engine.pin();
            adopted.extend(&missing(&world, &snapshot));
            let mut next = (*snapshot).clone();
            next.adopt(&adopted);
            let Ok(refresh) = caught_up(&self.engine, &world, Arc::new(next)) else {
                continue;
            };
            let limits = self.settings.quarantine;
            let suspicion = suspicion::too_many_dropped(limits, refresh.dropped_of_shipping());
            if let (Some(suspicion), None) = (suspicion, &force) {
                return Ok(Err(suspicion));
            }
            match self.engine.swap_patiently(refresh, force.clone()).wait() {
                // A promise made in the last moment names what nobody named before.
                Err(EngineError::NotAdopted(unknown)) => {
                    tracing::info!(%unknown, "a promise made meanwhile names what is not there");
                }
                Err(error) => return Err(error.into()),
                Ok(swapped) => {
                    self.engine.forget_lookups();
                    return Ok(Ok(swapped));
                }
            }
        }
    }

    /// How many promises it would drop, if that is suspicious; what cannot be reconciled is told by the swap.
    pub(super) fn dropped(&self, snapshot: &Snapshot) -> Option<String> {
        let world = self.engine.pin();
        let mut next = snapshot.clone();
        next.adopt(&missing(&world, &next));
        let refresh = Refresh::begin(&world, Arc::new(next)).ok()?;
        suspicion::too_many_dropped(self.settings.quarantine, refresh.dropped_of_shipping())
    }
}

/// A reconciliation that lacks only the last few changes.
fn caught_up(
    engine: &Engine,
    world: &World,
    next: Arc<Snapshot>,
) -> Result<Box<Refresh>, crate::ledger::refresh::Unknown> {
    let mut refresh = Refresh::begin(world, next)?;
    for _ in 0..CATCH_UPS_MAX {
        let live = engine.pin();
        if refresh.behind(&live) <= LAST_STEP_MAX {
            break;
        }
        refresh.catch_up(&live)?;
    }
    Ok(Box::new(refresh))
}

/// Whether it says that the engine has ended.
fn is_end(error: &Error) -> bool {
    matches!(error, Error::Engine(EngineError::Stopped | EngineError::OutcomeUnknown))
}

/// Frees an old world off the request path: on a thread of its own, when its last reader is done.
fn bury(old: World) {
    const LOOK_EVERY: Duration = Duration::from_millis(50);
    let grave = std::thread::Builder::new().name("bury".to_string());
    let wait = move || {
        lower_priority();
        while !old.is_alone() {
            std::thread::sleep(LOOK_EVERY);
        }
        drop(old);
    };
    if let Err(error) = grave.spawn(wait) {
        tracing::warn!(%error, "an old snapshot is freed by its last reader");
    }
}
