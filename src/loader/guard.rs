//! A border around the Parquet crate.
//!
//! It returns errors for most damage, but asserts what only a damaged file can break: an offset below
//! zero, lengths whose sum overflows, a dictionary that is not there (found by flipping bytes). Such a
//! panic is a fault of the file like any other. Only calls into that crate run inside the border: a
//! panic of our own code stays what it is.

use std::{
    cell::Cell,
    fmt,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a call into that crate, and returns what went wrong as text.
///
/// Whatever the call worked on is to be dropped if it fails.
pub(super) fn guarded<T, E: fmt::Display>(
    call: impl FnOnce() -> Result<T, E>,
) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(be_quiet_inside);
    GUARDED.set(true);
    // Nothing that a panic leaves half done is looked at again: the file is given up.
    let result = panic::catch_unwind(AssertUnwindSafe(call));
    GUARDED.set(false);
    match result {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("its parts contradict each other".to_string()),
    }
}

/// Panics inside the border print nothing; all others go the way they went before.
fn be_quiet_inside() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !GUARDED.get() {
            print(info);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_inside_is_an_error() {
        assert_eq!(guarded(|| Ok::<_, String>(1)), Ok(1));
        assert_eq!(guarded(|| Err::<(), _>("no")), Err("no".to_string()));
        let panics = || -> Result<(), String> { panic!("a length below zero") };
        assert_eq!(guarded(panics), Err("its parts contradict each other".to_string()));
        assert!(!GUARDED.get());
    }
}
