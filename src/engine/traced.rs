//! What a call that is traced goes through, with times: who asked for it made the [`Traced`], and reads it when the call
//! is over. A call that is not traced has none, and pays one look for it.

use super::clock;
use jiff::Timestamp;
use parking_lot::Mutex;
use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Stages of one call that are noted: a file of orders goes through them again and again.
const STAGES_MAX: usize = 64;

/// What is done for a call, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its bytes become a request.
    Decode,
    /// What it asks for is looked up or worked out.
    Work,
    /// Dates are found, on the caller's thread.
    Plan,
    /// It waits for the writer.
    Queue,
    /// The writer does it in memory.
    Commit,
    /// It waits for its batch to be durable.
    Sync,
    /// Its answer becomes bytes, and is sent.
    Encode,
}

impl Stage {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Work => "work",
            Self::Plan => "plan",
            Self::Queue => "queue",
            Self::Commit => "commit",
            Self::Sync => "sync",
            Self::Encode => "encode",
        }
    }
}

/// A stage that is over: when it began and ended, counted from the begin of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Which one.
    pub stage: Stage,
    /// When it began.
    pub from: Duration,
    /// When it ended.
    pub to: Duration,
}

/// What one sync made durable, for the calls that waited for it.
#[derive(Debug)]
pub struct Synced {
    /// When its sync began.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// How many entries it has.
    pub n_entries: usize,
    /// The position of the last one.
    pub position: u64,
    /// Its trace and span, which the first call that tells of it chooses.
    pub ids: OnceLock<(u128, u64)>,
    is_told: AtomicBool,
}

impl Synced {
    /// Whether nobody has told of it yet; from now on somebody has.
    pub fn is_news(&self) -> bool {
        !self.is_told.swap(true, Ordering::Relaxed)
    }
}

/// A call that is traced.
#[derive(Debug)]
pub struct Traced {
    at: Timestamp,
    began: clock::Stopwatch,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    stage: Stage,
    since: Duration,
    passed: Vec<Passed>,
    batch: Option<Arc<Synced>>,
}

impl Traced {
    /// One that begins now.
    pub fn begin() -> Self {
        let passed = Vec::with_capacity(6);
        let state = State { stage: Stage::Decode, since: Duration::ZERO, passed, batch: None };
        Self { at: clock::now(), began: clock::Stopwatch::start(), state: Mutex::new(state) }
    }

    /// When it began.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// How long it has taken.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// The stage that it is at ends, and another one begins.
    pub fn on_to(&self, next: Stage) {
        let mut state = self.state.lock();
        if state.stage == next {
            return;
        }
        let now = self.began.elapsed();
        // Where lines are planned, what was done before was to read them.
        if (state.stage, next) == (Stage::Work, Stage::Plan) {
            if let Some(before) = state.passed.last_mut() {
                before.to = now;
            }
        } else if state.passed.len() < STAGES_MAX {
            let State { stage, since, .. } = *state;
            state.passed.push(Passed { stage, from: since, to: now });
        }
        (state.stage, state.since) = (next, now);
    }

    /// It is durable, in a batch.
    pub(super) fn synced(&self, batch: &Arc<Synced>) {
        self.state.lock().batch = Some(Arc::clone(batch));
    }

    /// All stages, the last one ended now, and the batch that it was made durable in.
    pub fn passed(&self) -> (Vec<Passed>, Option<Arc<Synced>>) {
        let state = self.state.lock();
        let last = Passed { stage: state.stage, from: state.since, to: self.began.elapsed() };
        let all = state.passed.iter().copied().chain([last]).collect();
        (all, state.batch.clone())
    }
}

/// A sync of entries is over; the calls that waited for it hear of it.
pub(super) fn synced<'a>(
    calls: impl Iterator<Item = &'a Arc<Traced>>,
    watch: clock::Stopwatch,
    (n_entries, position): (usize, u64),
) {
    let mut batch = None;
    for traced in calls {
        let batch = batch.get_or_insert_with(|| {
            let took = watch.elapsed();
            let at = clock::now().saturating_sub(took).unwrap_or(Timestamp::MIN);
            let (ids, is_told) = (OnceLock::new(), AtomicBool::new(false));
            Arc::new(Synced { at, took, n_entries, position, ids, is_told })
        });
        traced.synced(batch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(traced: &Traced) -> String {
        let (passed, _) = traced.passed();
        let is_gapless = passed.windows(2).all(|two| two[0].to == two[1].from);
        assert!(is_gapless, "{passed:?}");
        passed.iter().map(|one| one.stage.word()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn stages_follow_each_other_and_one_that_goes_on_is_one() {
        let traced = Traced::begin();
        assert_eq!(words(&traced), "decode");
        for stage in [Stage::Work, Stage::Encode, Stage::Encode] {
            traced.on_to(stage);
        }
        assert_eq!(words(&traced), "decode work encode");
    }

    #[test]
    fn the_reading_of_lines_is_a_part_of_decoding() {
        let traced = Traced::begin();
        for stage in [Stage::Work, Stage::Plan, Stage::Queue, Stage::Commit, Stage::Sync] {
            traced.on_to(stage);
        }
        assert_eq!(words(&traced), "decode plan queue commit sync");
    }

    #[test]
    fn a_call_that_goes_on_and_on_takes_no_more_room() {
        let traced = Traced::begin();
        for _ in 0..1_000 {
            [Stage::Queue, Stage::Sync].into_iter().for_each(|stage| traced.on_to(stage));
        }
        assert_eq!(traced.passed().0.len(), STAGES_MAX + 1);
    }

    #[test]
    fn calls_of_one_sync_share_its_batch_and_one_of_them_tells_of_it() {
        let calls = [Arc::new(Traced::begin()), Arc::new(Traced::begin())];
        synced(calls.iter(), clock::Stopwatch::start(), (2, 7));
        let batches: Vec<_> = calls.iter().map(|call| call.passed().1.unwrap()).collect();
        assert!(Arc::ptr_eq(&batches[0], &batches[1]));
        assert_eq!((batches[0].n_entries, batches[0].position), (2, 7));
        assert_eq!(batches.iter().filter(|batch| batch.is_news()).count(), 1);
    }
}
