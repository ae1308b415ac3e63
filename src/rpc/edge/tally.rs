//! Log lines about what strangers do: counted, not repeated.

use parking_lot::Mutex;
use std::time::Duration;
use tokio::time::Instant;

/// At most one line in so long a time.
const EVERY: Duration = Duration::from_secs(10);

/// Something that may happen a thousand times a second.
#[derive(Debug)]
pub(in crate::rpc) struct BurstTally {
    what: &'static str,
    since: Mutex<Since>,
}

#[derive(Debug, Default)]
struct Since {
    told: Option<Instant>,
    n: u64,
}

impl BurstTally {
    /// Of something, in the words of the log line.
    pub(in crate::rpc) fn new(what: &'static str) -> Self {
        Self { what, since: Mutex::default() }
    }

    /// Counts it, and tells how often it was where nothing was told for a while.
    pub(in crate::rpc) fn note(&self) {
        if let Some(n) = self.count(Instant::now()) {
            tracing::warn!(n, "{}", self.what);
        }
    }

    /// How often it happened since it was told, if it is to be told now.
    fn count(&self, now: Instant) -> Option<u64> {
        let mut since = self.since.lock();
        since.n += 1;
        if since.told.is_some_and(|told| now.duration_since(told) < EVERY) {
            return None;
        }
        since.told = Some(now);
        Some(std::mem::take(&mut since.n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_flood_is_one_line_in_ten_seconds() {
        let tally = BurstTally::new("it happened");
        let start = Instant::now();
        let told = (0..25_000u64).filter_map(|n| tally.count(start + Duration::from_millis(n)));
        assert_eq!(told.collect::<Vec<_>>(), [1, 10_000, 10_000]);
    }
}
