//! A few small worlds need very many fills: sources of sources, each asked for the largest part. A
//! test may bound the effort and leave such a world out; nothing else depends on it.

use std::cell::Cell;

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// Runs with at most so many fills; none if they were not enough.
pub fn within<T>(fills: u64, run: impl FnOnce() -> T) -> Option<T> {
    LEFT.set(fills);
    let result = run();
    let enough = LEFT.get() > 0;
    LEFT.set(u64::MAX);
    enough.then_some(result)
}

/// Counts one fill. Once there are too many, every fill fails at once, and the result is not used.
pub fn is_over() -> bool {
    LEFT.set(LEFT.get().saturating_sub(1));
    LEFT.get() == 0
}
