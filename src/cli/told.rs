//! When planners are told of what runs out: `--hold-expiring`, `--source-stale`.

use super::keep;
use crate::insight::exceptions::ExceptionSettings;
use std::time::Duration;

/// What the command line says about exceptions.
#[derive(Debug, clap::Args)]
pub(super) struct ExceptionArgs {
    /// A hold that ends within this is told as an exception
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = keep::time)]
    hold_expiring: Duration,
    /// A source that was not heard of for this is told as an exception
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = keep::time)]
    source_stale: Duration,
}

impl ExceptionArgs {
    /// The settings of exceptions.
    pub(super) fn settings(&self) -> ExceptionSettings {
        let micros = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        ExceptionSettings {
            hold_expiring: micros(self.hold_expiring),
            stale: micros(self.source_stale),
        }
    }
}
