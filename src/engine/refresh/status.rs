//! How things stand: what serves, what is being built, and what became of the last snapshots.

use super::{record::RefreshRecord, suspicion::RowCounts};
use crate::{ledger::World, loader};
use jiff::Timestamp;
use parking_lot::Mutex;
use std::{collections::VecDeque, path::Path, sync::Arc};

/// Records kept in memory; older ones are read from disk.
const RECORDS_MAX: usize = 4;

/// What a refresh is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefreshStage {
    /// Reads a table.
    Loading(String),
    /// Reconciles promises and swaps.
    Reconciling,
}

/// A refresh under way.
#[derive(Clone, Debug)]
pub struct Build {
    /// Where its tables are.
    pub tables: String,
    /// What it is doing.
    pub stage: RefreshStage,
    /// Bytes of the table that is being read.
    pub bytes: u64,
    /// Bytes of it read so far.
    pub bytes_read: u64,
    /// Since when.
    pub began: Timestamp,
    /// Bytes of the snapshot that was built, about; 0 until it is.
    pub bytes_built: u64,
}

impl Build {
    /// How much of the table under way is read, from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a part of a whole is shown to few digits")]
    pub fn progress(&self) -> f64 {
        if self.bytes == 0 { 0.0 } else { self.bytes_read as f64 / self.bytes as f64 }
    }
}

/// How things stand.
#[derive(Clone, Debug)]
pub struct RefreshStatus {
    /// How many snapshots have served, the first being 1.
    pub generation: u64,
    /// The snapshot that serves.
    pub snapshot_id: String,
    /// Its date.
    pub as_of: String,
    /// Since when it serves.
    pub since: Timestamp,
    /// Seconds since then.
    pub age_seconds: f64,
    /// Up to when each source is contained.
    pub watermarks: Vec<(String, Timestamp)>,
    /// The rows of each table.
    pub rows: RowCounts,
    /// The journal's position.
    pub position: u64,
    /// The ledger.
    pub ledger: Arc<str>,
    /// A refresh under way.
    pub build: Option<Build>,
    /// Promises that are held or confirmed.
    pub promises_live: u64,
    /// Those of them at risk.
    pub promises_at_risk: u64,
    /// Bytes of the snapshot that serves, about.
    pub bytes_live: u64,
    /// Bytes of the process, in memory.
    pub bytes_resident: u64,
    /// The number of the last record.
    pub last_record: u64,
    /// Changes of planning data made to the snapshot that serves.
    pub changes: u64,
}

/// What is known between refreshes.
pub(super) struct RefreshState {
    since: Timestamp,
    rows: RowCounts,
    build: Option<Build>,
    records: VecDeque<Arc<RefreshRecord>>,
    last_record: u64,
    counted: Counted,
}

/// Live promises of a world, counted by what changes from world to world.
pub(super) struct Counted {
    world: World,
    live: u64,
    at_risk: u64,
}

impl Counted {
    pub(super) fn new(world: &World) -> Self {
        let mut counted =
            Self { world: World::new(Arc::clone(&world.snapshot)), live: 0, at_risk: 0 };
        counted.go_on(world);
        counted
    }

    fn go_on(&mut self, world: &World) {
        for number in world.changed_since(&self.world) {
            for (world, sign) in [(&self.world, -1i64), (world, 1)] {
                let found = world.reservation(number).filter(|found| found.is_live());
                if let Some(found) = found {
                    self.live = self.live.saturating_add_signed(sign);
                    self.at_risk =
                        self.at_risk.saturating_add_signed(sign * i64::from(found.at_risk));
                }
            }
        }
        self.world = world.clone();
    }
}

impl RefreshState {
    pub(super) fn new(last_record: u64, world: &World, since: Timestamp) -> Self {
        Self {
            since,
            rows: RowCounts::new(),
            build: None,
            records: VecDeque::new(),
            last_record,
            counted: Counted::new(world),
        }
    }

    pub(super) fn set_rows(&mut self, rows: RowCounts) {
        self.rows = rows;
    }

    pub(super) fn rows(&self) -> &RowCounts {
        &self.rows
    }

    pub(super) fn begin(&mut self, tables: &Path, began: Timestamp) {
        let stage = RefreshStage::Loading(String::new());
        let tables = tables.display().to_string();
        let (bytes, bytes_read, bytes_built) = (0, 0, 0);
        self.build = Some(Build { tables, stage, bytes, bytes_read, began, bytes_built });
    }

    pub(super) fn stage(&mut self, stage: RefreshStage) {
        if let Some(build) = &mut self.build {
            build.stage = stage;
        }
    }

    /// The snapshot is built; its promises come next.
    pub(super) fn built(&mut self, bytes_built: u64) {
        if let Some(build) = &mut self.build {
            (build.stage, build.bytes_built) = (RefreshStage::Reconciling, bytes_built);
        }
    }

    pub(super) fn done(&mut self) {
        self.build = None;
    }

    /// Another snapshot serves; its promises were counted beside it, for nearly all of them are others.
    pub(super) fn activated(&mut self, record: &RefreshRecord, counted: Counted, now: Timestamp) {
        self.counted = counted;
        self.since = now;
        self.rows = record.rows.clone();
    }

    pub(super) fn next_number(&mut self) -> u64 {
        self.last_record += 1;
        self.last_record
    }

    pub(super) fn last_record(&self) -> u64 {
        self.last_record
    }

    pub(super) fn keep(&mut self, record: &Arc<RefreshRecord>) {
        self.records.push_back(Arc::clone(record));
        while RECORDS_MAX < self.records.len() {
            self.records.pop_front();
        }
    }

    pub(super) fn record(&self, number: Option<u64>) -> Option<Arc<RefreshRecord>> {
        let number = number.unwrap_or(self.last_record);
        self.records.iter().find(|record| record.number == number).cloned()
    }

    pub(super) fn status(&mut self, world: &World, now: Timestamp) -> RefreshStatus {
        self.counted.go_on(world);
        let snapshot = &world.snapshot;
        let mark = |(source, at): (&str, i64)| {
            (source.to_string(), Timestamp::from_microsecond(at).unwrap_or_default())
        };
        RefreshStatus {
            generation: world.generation(),
            snapshot_id: snapshot.id().to_string(),
            as_of: snapshot.epoch().as_of().to_string(),
            since: self.since,
            age_seconds: (now.duration_since(self.since)).as_secs_f64(),
            watermarks: snapshot.watermarks.iter().map(mark).collect(),
            rows: self.rows.clone(),
            position: world.position,
            ledger: Arc::clone(world.ledger()),
            build: self.build.clone(),
            promises_live: self.counted.live,
            promises_at_risk: self.counted.at_risk,
            bytes_live: snapshot.bytes(),
            bytes_resident: resident(),
            last_record: self.last_record,
            changes: world.n_changes(),
        }
    }
}

/// Bytes of this process in memory; 0 where the system does not say.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or(0) * rustix::param::page_size() as u64
}

/// Notes how far a load is.
pub(super) struct LoadProgress<'a>(pub(super) &'a Mutex<RefreshState>);

impl loader::Progress for LoadProgress<'_> {
    fn table(&self, table: &str, bytes: u64) {
        let mut state = self.0.lock();
        state.stage(RefreshStage::Loading(table.to_string()));
        if let Some(build) = &mut state.build {
            (build.bytes, build.bytes_read) = (bytes, 0);
        }
    }

    fn advance(&self, bytes: u64) {
        if let Some(build) = &mut self.0.lock().build {
            build.bytes_read += bytes;
        }
    }

    fn done(&self) {}
}
