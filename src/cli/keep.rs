//! Where a server keeps its promises, and for how long it remembers: `--data`, `--retain` and `--keep-over`.

use super::failure::Failure;
use crate::{
    engine::Identity,
    journal::{self, Journal, Local, Memory},
};
use jiff::{Span, SpanRelativeTo};
use std::{path::PathBuf, time::Duration};

/// What the command line says about keeping.
#[derive(Debug, clap::Args)]
pub(super) struct KeepArgs {
    /// The directory of the journal, made if it is not there; without it promises are gone when the
    /// server stops
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// How long the ids of requests and the journal's entries are kept: 7d, 12h, 30m
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = time)]
    pub(super) retain: Duration,
    /// How long promises that are over are kept with their history: fulfilled, cancelled, expired, or gone
    /// at their source
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = time)]
    pub(super) keep_over: Duration,
}

pub(super) fn time(text: &str) -> Result<Duration, String> {
    let days = SpanRelativeTo::days_are_24_hours();
    let time = text.parse::<Span>().and_then(|span| span.to_duration(days));
    let time = time.ok().and_then(|time| Duration::try_from(time).ok());
    let time = time.filter(|time| !time.is_zero());
    time.ok_or_else(|| "a time such as 7d, 12h, 30m or 90s is expected".to_string())
}

/// A failure of the journal: the cause with its mend.
pub(super) fn failure(error: &journal::Error) -> Failure {
    Failure::new(error, error.mend())
}

impl KeepArgs {
    /// The journal to keep promises in.
    pub(super) fn open(&self) -> Result<Box<dyn Journal>, Failure> {
        let Some(dir) = &self.data else {
            return Ok(Box::new(Memory::default()));
        };
        let (journal, opened) = Local::open(dir).map_err(|error| failure(&error))?;
        if opened.cut {
            tracing::warn!(
                "the last batch was not complete and was cut off; it was never acknowledged"
            );
        }
        Ok(Box::new(journal))
    }

    /// Which ledger it is; of a data directory that is ours by now.
    pub(super) fn identity(&self) -> Result<Identity, Failure> {
        let Some(dir) = &self.data else {
            return Ok(Identity::new());
        };
        Identity::of(dir).map_err(|error| {
            let cause = format!("cannot keep the id of the ledger in {}: {error}", dir.display());
            Failure::new(cause, "name a --data directory that can be written")
        })
    }

    /// Where promises are kept, in words.
    pub(super) fn place(&self) -> String {
        match &self.data {
            Some(dir) => format!("promises are kept in {}", dir.display()),
            None => "promises are kept in memory only (--data DIR keeps them)".to_string(),
        }
    }
}
