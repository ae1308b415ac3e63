//! New data while serving (semantics 9): from a directory of tables to the world that everybody reads.
//!
//! A [`Refresher`] loads and builds the next snapshot beside the live one, on a thread of low priority,
//! looks at it with suspicion, reconciles every promise, catches up with what was promised meanwhile,
//! and hands the writer a next world that lacks only the last few promises. The writer stands still for
//! those few, whatever the size of the snapshot. Whatever came of it is kept as a [`RefreshRecord`].
//!
//! One refresh at a time; the next waits. Invariant: a snapshot that is not activated changes nothing
//! but the records.

mod files;
mod keep;
mod suspicion;
mod record;
mod status;
mod store;
mod submission;
mod swap;
mod watch;

pub use files::{Content, belongs, check_sum, check_sum_within, hash, sum};
pub use keep::Keep;
pub use record::{BalanceChange, CameBy, Reconciliation, RefreshOutcome, RefreshRecord, Took};
pub use status::{Build, RefreshStage, RefreshStatus};
pub use store::{Accepted, Own, Staged, Store, is_kept, source};
pub use submission::{Aim, Error, RefreshSettings, Submission};
pub use suspicion::{JumpLimits, RowCounts};
pub use watch::{Watcher, latest, watch};

use super::{
    Engine,
    background::{self, lower_priority},
    clock::Stopwatch,
};
use crate::{
    ledger::Note,
    loader,
    snapshot::{Loaded, Snapshot},
};
use parking_lot::Mutex;
use status::RefreshState;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Brings new data in. One for a server.
pub struct Refresher {
    engine: Engine,
    store: Store,
    settings: RefreshSettings,
    one_at_a_time: Mutex<()>,
    state: Mutex<RefreshState>,
}

impl std::fmt::Debug for Refresher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Refresher").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Refresher {
    /// A refresher of an engine.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn new(
        engine: Engine,
        store: Store,
        settings: RefreshSettings,
    ) -> Result<Arc<Self>, Error> {
        let last = record::last(&store.reports())?;
        let state = Mutex::new(RefreshState::new(last, &engine.pin(), engine.now()));
        let one_at_a_time = Mutex::new(());
        let refresher = Self { engine, store, settings, one_at_a_time, state };
        refresher.tidy();
        Ok(Arc::new(refresher))
    }

    /// The store of snapshots.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The engine that is refreshed.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Notes the snapshot that the server was started with, read from the store, so that it can be gone back to. Where the
    /// journal has moved on to another one, that one serves, and this one is taken in only if it never
    /// served before.
    ///
    /// # Errors
    /// The store cannot be written, or a snapshot that never served before is refused.
    pub fn started_with(&self, tables: &Path, rows: RowCounts) -> Result<(), Error> {
        let world = self.engine.pin();
        let id = loader::id(tables);
        // The process may have ended between the swap and the note of it.
        self.store.note_served(world.snapshot.id())?;
        if id == world.snapshot.id() {
            self.state.lock().set_rows(rows.clone());
            return Ok(self.store.accept(&self.about(&world.snapshot, rows), tables)?);
        }
        let kept = self.store.list()?;
        let live = kept.into_iter().find(|kept| kept.snapshot_id == world.snapshot.id());
        self.state.lock().set_rows(live.map(|live| live.rows).unwrap_or_default());
        // One that follows in a cluster takes nothing in: what most nodes were to have and did not come to serve.
        if self.engine.is_leading() && !self.has_served(&id) {
            let (tables, aim) = (tables.to_path_buf(), Aim::Activate);
            self.submit(&Submission { tables, way: CameBy::Start, aim })?;
        }
        Ok(())
    }

    /// Bytes that are free on the disk of the data directory, if that can be told.
    pub fn disk_free(&self) -> Option<u64> {
        self.store.disk_free()
    }

    /// Takes a snapshot in, to the end; not to be called on a runtime's thread.
    ///
    /// # Errors
    /// It could not be looked at, or the swap was refused. A snapshot that is held in quarantine is no
    /// error: the record says why.
    pub fn submit(&self, submission: &Submission) -> Result<Arc<RefreshRecord>, Error> {
        // What lies elsewhere is copied before its turn: who waits for a share that does not answer keeps nobody
        // waiting. It is read from the copy, so what serves is what is kept.
        let is_ours = self.store.is_ours(&submission.tables);
        let own = (!is_ours).then(|| self.store.own(&submission.tables)).transpose()?;
        let tables = own.as_ref().map_or(&*submission.tables, |own| own.path());
        let _turn = self.one_at_a_time.lock();
        let done = self.take_in(&Submission { tables: tables.to_path_buf(), ..submission.clone() });
        self.state.lock().done();
        done
    }

    /// The same on a thread of its own with low priority.
    ///
    /// # Errors
    /// As for [`Refresher::submit`].
    pub fn submit_in_background(
        self: &Arc<Self>,
        submission: Submission,
    ) -> std::thread::JoinHandle<Result<Arc<RefreshRecord>, Error>> {
        let refresher = Arc::clone(self);
        let thread = std::thread::Builder::new().name("refresh".to_string());
        let run = move || {
            lower_priority();
            refresher.submit(&submission)
        };
        thread.spawn(run).expect("a thread for a refresh can be had")
    }

    /// Whether a snapshot serves or has served, here or on another node of a cluster. Of what was before an update the
    /// journal does not say it, the store does.
    fn has_served(&self, id: &str) -> bool {
        let world = self.engine.pin();
        world.snapshot.id() == id || world.served().contains(id) || self.store.has_served(id)
    }

    /// Whether a directory holds a snapshot that has served before, with the same data as far as it is kept.
    pub(super) fn knows(&self, tables: &Path) -> bool {
        let id = loader::id(tables);
        // What cannot be compared is taken in: that says what is wrong.
        self.has_served(&id) && !self.store.is_taken(&id, tables).unwrap_or(true)
    }

    /// The tables of a snapshot to be activated again, or out of quarantine.
    ///
    /// # Errors
    /// It is not kept.
    pub fn find(&self, id: &str) -> Result<PathBuf, Error> {
        let kept = [self.store.path(id), self.store.quarantined(id)];
        let found = kept.into_iter().find(|path| path.exists());
        let found = found.ok_or_else(|| Error::Unknown(id.to_string()))?;
        self.store.check(id).map_err(Error::Altered)?;
        Ok(found)
    }

    /// The record of a number; the latest where none is named.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn record(&self, number: Option<u64>) -> Result<Option<Arc<RefreshRecord>>, Error> {
        if let Some(found) = self.state.lock().record(number) {
            return Ok(Some(found));
        }
        let number = number.unwrap_or(self.state.lock().last_record());
        Ok(RefreshRecord::load(&self.store.reports(), number)?.map(Arc::new))
    }

    /// How things stand.
    pub fn status(&self) -> RefreshStatus {
        let world = self.engine.pin();
        self.state.lock().status(&world, self.engine.now())
    }

    fn about(&self, snapshot: &Snapshot, rows: RowCounts) -> Accepted {
        Accepted {
            snapshot_id: snapshot.id().to_string(),
            as_of: snapshot.epoch().as_of().to_string(),
            accepted_at: self.engine.now().to_string(),
            rows,
        }
    }

    fn take_in(&self, submission: &Submission) -> Result<Arc<RefreshRecord>, Error> {
        let (began, watch) = (self.engine.now(), Stopwatch::start());
        self.state.lock().begin(&submission.tables, began);
        let reading = status::LoadProgress(&self.state);
        let loaded = background::pool().install(|| loader::open(&submission.tables, &reading))?;
        let mut record = self.blank(submission.way);
        let Loaded { snapshot, problems, rows } = loaded;
        record.note(&problems);
        record.rows = rows.into_iter().map(|(table, rows)| (table.to_string(), rows)).collect();
        record.took.load_millis = millis(watch);
        let Some(snapshot) = snapshot else {
            record.snapshot_id = loader::id(&submission.tables);
            record.outcome = RefreshOutcome::Quarantined;
            return self.hold(record, &submission.tables);
        };
        record.snapshot_id = snapshot.id().to_string();
        record.as_of = snapshot.epoch().as_of().to_string();
        if self.store.is_taken(snapshot.id(), &submission.tables)? {
            return Err(Error::Taken(record.snapshot_id));
        }
        let before = self.state.lock().rows().clone();
        let next = (&snapshot, &record.rows);
        let limits = self.settings.quarantine;
        let today = self.engine.civil();
        let world = self.engine.pin();
        record.suspicions = suspicion::suspicions(limits, &world, &before, next);
        record.suspicions.extend(suspicion::in_the_future(&snapshot, today));
        // One that has served may be gone back to, however old it is.
        let goes_back = submission.way == CameBy::Activate && self.has_served(snapshot.id());
        if !goes_back {
            record.suspicions.extend(suspicion::older(&world, &snapshot));
        }
        match &submission.aim {
            Aim::Validate => {
                record.suspicions.extend(self.dropped(&snapshot));
                self.keep(record)
            }
            Aim::Activate if !record.suspicions.is_empty() => {
                record.outcome = RefreshOutcome::Quarantined;
                self.hold(record, &submission.tables)
            }
            Aim::Activate => self.activate(record, snapshot, submission, None),
            Aim::Force(force) => {
                record.forced_by = Some(force.by.to_string());
                record.forced_why = Some(force.why.to_string());
                self.activate(record, snapshot, submission, Some(force.clone()))
            }
        }
    }

    fn blank(&self, way: CameBy) -> RefreshRecord {
        let world = self.engine.pin();
        RefreshRecord {
            number: 0,
            snapshot_id: String::new(),
            as_of: String::new(),
            replaces: world.snapshot.id().to_string(),
            way,
            outcome: RefreshOutcome::Validated,
            at: String::new(),
            forced_by: None,
            forced_why: None,
            errors: 0,
            warnings: 0,
            faults: Vec::new(),
            suspicions: Vec::new(),
            rows: RowCounts::new(),
            generation: None,
            position: None,
            took: Took::default(),
            reconciliation: Reconciliation::default(),
        }
    }

    /// Holds the tables in quarantine; the record says why.
    fn hold(&self, record: RefreshRecord, tables: &Path) -> Result<Arc<RefreshRecord>, Error> {
        self.store.hold(&record.snapshot_id, tables)?;
        self.keep(record)
    }

    fn keep(&self, mut record: RefreshRecord) -> Result<Arc<RefreshRecord>, Error> {
        record.at = self.engine.now().to_string();
        record.number = self.state.lock().next_number();
        record.save(&self.store.reports())?;
        let outcome = match record.outcome {
            RefreshOutcome::Activated => "activated",
            RefreshOutcome::Validated => "validated",
            RefreshOutcome::Quarantined => "quarantined",
        };
        metrics::counter!("promised_refreshes_total", "outcome" => outcome).increment(1);
        let (id, errors) = (&record.snapshot_id, record.errors);
        tracing::info!(snapshot = %id, outcome, errors, suspicions = record.suspicions.len(), "refresh");
        let record = Arc::new(record);
        self.state.lock().keep(&record);
        if matches!(record.outcome, RefreshOutcome::Quarantined) {
            let snapshot_id = record.snapshot_id.as_str().into();
            let why = format!("{errors} errors, {} suspicions", record.suspicions.len());
            // Whoever follows hears of it; nobody here waits for that.
            drop(self.engine.note(vec![Note::Quarantined { snapshot_id, why: why.into() }]));
        }
        self.tidy();
        Ok(record)
    }

    /// Removes what is kept of others beyond what is to be.
    fn tidy(&self) {
        let now = super::clock::now().into();
        if let Err(error) = self.store.bound(self.settings.keep, now) {
            tracing::warn!(%error, "something that is kept too long could not be removed");
        }
    }

    /// Removes accepted snapshots beyond those that are to be kept to go back to, but none that the journal needs.
    pub fn prune(&self) {
        let needed = match self.engine.snapshots_needed() {
            Ok(needed) => needed,
            Err(error) => {
                tracing::warn!(%error, "no old snapshot is removed: what the journal needs is not known");
                return;
            }
        };
        let is_needed = |id: &str| needed.contains(id);
        if let Err(error) = self.store.prune(self.settings.keep_snapshots, is_needed) {
            tracing::warn!(%error, "an old snapshot could not be removed");
        }
    }
}

fn millis(watch: Stopwatch) -> u64 {
    u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX)
}
