//! What makes a new snapshot suspicious, and how much is kept of what did not serve: `--quarantine-*`, `--keep-*`.

use super::keep;
use crate::engine::refresh::{JumpLimits, Keep, RefreshSettings};
use std::time::Duration;

/// What the command line says about refreshes.
#[derive(Debug, clap::Args)]
pub(super) struct RefreshArgs {
    /// From how many percent on a fall of the total on hand is suspicious
    #[arg(long, value_name = "PERCENT", default_value_t = JumpLimits::default().on_hand_down_percent)]
    quarantine_on_hand_down_percent: u32,
    /// The same of scheduled supply
    #[arg(long, value_name = "PERCENT", default_value_t = JumpLimits::default().supply_down_percent)]
    quarantine_supply_down_percent: u32,
    /// Whether a table that had rows and has none is suspicious
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    quarantine_tables_vanished: bool,
    /// Whether names that promises have and the snapshot does not are suspicious
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    quarantine_names_vanished: bool,
    /// How many percent of the promises may be dropped
    #[arg(long, value_name = "PERCENT", default_value_t = JumpLimits::default().promises_dropped_percent)]
    quarantine_promises_dropped_percent: u32,
    /// How many accepted snapshots are kept to go back to
    #[arg(long, value_name = "N", default_value_t = RefreshSettings::default().keep_snapshots)]
    keep_snapshots: usize,
    /// How many snapshots in quarantine are kept, the latest
    #[arg(long, value_name = "N", default_value_t = Keep::default().quarantine)]
    keep_quarantine: usize,
    /// How many reports of refreshes are kept, the latest
    #[arg(long, value_name = "N", default_value_t = Keep::default().reports)]
    keep_reports: usize,
    /// How many pushes that were broken off are kept, the latest
    #[arg(long, value_name = "N", default_value_t = Keep::default().broken_pushes)]
    keep_broken_pushes: usize,
    /// How long any of these three is kept at most
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = keep::time)]
    keep_at_most: Duration,
}

impl RefreshArgs {
    /// The settings of refreshes.
    pub(super) fn settings(&self) -> RefreshSettings {
        RefreshSettings {
            quarantine: JumpLimits {
                on_hand_down_percent: self.quarantine_on_hand_down_percent,
                supply_down_percent: self.quarantine_supply_down_percent,
                tables_vanished: self.quarantine_tables_vanished,
                names_vanished: self.quarantine_names_vanished,
                promises_dropped_percent: self.quarantine_promises_dropped_percent,
            },
            keep_snapshots: self.keep_snapshots,
            keep: Keep {
                quarantine: self.keep_quarantine,
                reports: self.keep_reports,
                broken_pushes: self.keep_broken_pushes,
                seconds: self.keep_at_most.as_secs(),
            },
        }
    }
}
