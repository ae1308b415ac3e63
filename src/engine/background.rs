//! Threads for what takes seconds and may wait: refreshes, backlog runs, comparisons. They run at low
//! priority, so that questions asked meanwhile keep their pace.

use std::sync::OnceLock;

/// As much as `nice -n 10`.
const NICE: i32 = 10;

/// The scheduler gives the calling thread, and those it starts, what the others leave.
pub(super) fn lower_priority() {
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!(%error, "work in the background runs at the usual priority");
    }
}

/// As much as `nice -n 5`.
const NICE_PATIENT: i32 = 5;

/// The scheduler prefers others to the calling thread, which has a long plan or answer to make that somebody waits for.
pub fn yield_to_others() {
    if let Err(error) = rustix::process::nice(NICE_PATIENT) {
        tracing::debug!(%error, "long work runs at the usual priority");
    }
}

/// As many threads as there are cores, made when they are first needed.
pub(super) fn pool() -> &'static rayon::ThreadPool {
    static POOL: OnceLock<rayon::ThreadPool> = OnceLock::new();
    POOL.get_or_init(|| {
        let builder = rayon::ThreadPoolBuilder::new()
            .thread_name(|at| format!("background-{at}"))
            .start_handler(|_| lower_priority());
        builder.build().expect("a few threads can be had")
    })
}
