//! What a refresh did, as it is kept and shown: one numbered record a snapshot that came in.
//!
//! Records are JSON files in the data directory, so they outlive the server and can be read without it.

use super::suspicion::RowCounts;
use crate::{
    ledger::{
        refresh::{AccountLine, CarriedChanges, Report},
        standing::Fate,
    },
    snapshot::{Problems, Snapshot},
};
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Accounts that a record spells out; the others are counted.
pub(super) const ACCOUNTS_MAX: usize = 100_000;

/// Which way a snapshot came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameBy {
    /// Named when the server was started.
    Start,
    /// Pushed by a client.
    Push,
    /// Found in the watched directory.
    Watch,
    /// Activated again.
    Activate,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshOutcome {
    /// It serves.
    Activated,
    /// It is without fault, and nothing more was asked for.
    Validated,
    /// It is held back; the old one serves.
    Quarantined,
}

/// One stock account whose balance or promises changed; decimals as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceChange {
    /// Its name.
    pub account: String,
    /// The balance at the end of the horizon before.
    pub old: String,
    /// The balance now.
    pub new: String,
    /// How much more the snapshot supplies.
    pub supply: String,
    /// How much more it demands.
    pub demand: String,
    /// What absorbed promises gave back.
    pub absorbed: String,
    /// What dropped promises gave back.
    pub dropped: String,
    /// What promises that are carried over changed.
    pub carried: String,
}

impl BalanceChange {
    fn of(line: &AccountLine, snapshot: &Snapshot) -> Self {
        let shown = |kept| snapshot.shown_of(line.account, kept).to_string();
        Self {
            account: snapshot.account_name(line.account),
            old: shown(line.old),
            new: shown(line.new),
            supply: shown(line.supply),
            demand: shown(line.demand),
            absorbed: shown(line.promises.absorbed),
            dropped: shown(line.promises.dropped),
            carried: shown(line.promises.carried),
        }
    }
}

/// The reconciliation of promises: numbers of promises, and stock accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// The snapshot's demand counts.
    pub absorbed: Vec<u64>,
    /// Ours counts.
    pub carried: Vec<u64>,
    /// The source no longer has the order.
    pub dropped: Vec<u64>,
    /// The supply that it counts on is gone; named above too.
    pub at_risk: Vec<u64>,
    /// Stock accounts whose balance was checked (R1).
    pub n_accounts: u64,
    /// Stock accounts whose balance or promises changed.
    pub n_changed: u64,
    /// Those, as many as are spelled out.
    pub accounts: Vec<BalanceChange>,
    /// Changes of planning data that were made again over the snapshot.
    #[serde(default)]
    pub changes_made_again: u64,
    /// Those that were left out.
    #[serde(default)]
    pub changes_left_out: u64,
    /// Why, as many as are spelled out.
    #[serde(default)]
    pub left_out: Vec<String>,
    /// What became of planned supply that the source's own took the place of, or that was overdue; as much as is
    /// spelled out.
    #[serde(default)]
    pub planned: Vec<String>,
}

impl Reconciliation {
    /// Names what a report has in indices of a snapshot.
    pub(super) fn of(
        (report, planned): (&Report, Vec<String>),
        carried_changes: CarriedChanges,
        snapshot: &Snapshot,
    ) -> Self {
        let accounts = report.accounts().iter().take(ACCOUNTS_MAX);
        let mut carried: Vec<u64> = report.with_fate(Fate::Carried).collect();
        carried.extend(report.with_fate(Fate::Superseding));
        carried.sort_unstable();
        Self {
            absorbed: report.with_fate(Fate::Absorbed).collect(),
            carried,
            dropped: report.with_fate(Fate::Dropped).collect(),
            at_risk: report.at_risk().collect(),
            n_accounts: report.n_accounts(),
            n_changed: report.accounts().len() as u64,
            accounts: accounts.map(|line| BalanceChange::of(line, snapshot)).collect(),
            changes_made_again: carried_changes.made,
            changes_left_out: carried_changes.left_out,
            left_out: carried_changes.why,
            planned: planned.into_iter().take(ACCOUNTS_MAX).collect(),
        }
    }
}

/// How long the steps took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Took {
    /// Reading and building, in milliseconds.
    pub load_millis: u64,
    /// Reconciling beside the live world, in milliseconds.
    pub reconcile_millis: u64,
    /// How long the writer stood still, in microseconds.
    pub stand_still_micros: u64,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshRecord {
    /// Its number; they count from 1.
    pub number: u64,
    /// The snapshot.
    pub snapshot_id: String,
    /// Its date; empty where it could not be read.
    pub as_of: String,
    /// The snapshot that served before.
    pub replaces: String,
    /// Which way it came in.
    pub way: CameBy,
    /// What became of it.
    pub outcome: RefreshOutcome,
    /// When it was done, RFC 3339.
    pub at: String,
    /// Who overrode the quarantine.
    pub forced_by: Option<String>,
    /// And why.
    pub forced_why: Option<String>,
    /// The number of errors in the data.
    pub errors: u64,
    /// The number of warnings.
    pub warnings: u64,
    /// Faults, as many as are spelled out, each with its place.
    pub faults: Vec<String>,
    /// Jumps that look like broken data.
    pub suspicions: Vec<String>,
    /// The rows of each table.
    pub rows: RowCounts,
    /// The generation that it became.
    pub generation: Option<u64>,
    /// The journal position of the swap.
    pub position: Option<u64>,
    /// How long it took.
    pub took: Took,
    /// What became of promises and accounts, where it was activated.
    pub reconciliation: Reconciliation,
}

impl RefreshRecord {
    /// Takes over the faults of the data.
    pub(super) fn note(&mut self, problems: &Problems) {
        (self.errors, self.warnings) = (problems.errors(), problems.warnings());
        self.faults = problems.listed().iter().map(ToString::to_string).collect();
        let more = |(table, n): (&str, u64)| format!("{table}: {n} more of the same kind");
        self.faults.extend(problems.silenced().map(more));
    }

    /// Writes it to the directory of reports.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn save(&self, dir: &Path) -> io::Result<()> {
        let text = serde_json::to_string(self).map_err(io::Error::other)?;
        let half = dir.join(format!("{}.half", self.number));
        fs::write(&half, text)?;
        fs::rename(half, path(dir, self.number))
    }

    /// The record of a number.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn load(dir: &Path, number: u64) -> io::Result<Option<Self>> {
        match fs::read_to_string(path(dir, number)) {
            Ok(text) => Ok(Some(serde_json::from_str(&text).map_err(io::Error::other)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The largest number of a record in a directory; 0 where there is none.
pub(super) fn last(dir: &Path) -> io::Result<u64> {
    let mut last = 0;
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let number = name.strip_suffix(".json").and_then(|number| number.parse().ok());
        last = last.max(number.unwrap_or(0));
    }
    Ok(last)
}

fn path(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number}.json"))
}
