//! The self-check from time to time, on a thread of the lowest priority.
//!
//! A balance that is not what the promises say is an alarm with the account named: it must never happen, and
//! if it does, somebody must hear of it before a customer does. Nothing is mended here.

use super::{current::Current, selfcheck};
use std::{
    sync::{Arc, Weak},
    time::Duration,
};

/// The lowest priority there is.
const NICE: i32 = 19;

/// Checks the current world every so often, as long as there is an engine.
pub(super) fn start(current: &Arc<Current>, every: Duration) {
    let current = Arc::downgrade(current);
    let thread = std::thread::Builder::new().name("self-check".to_string());
    if let Err(error) = thread.spawn(move || run(&current, every)) {
        tracing::warn!(%error, "no thread for the self-check");
    }
}

fn run(current: &Weak<Current>, every: Duration) {
    // On Linux this is the priority of this thread alone.
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!(%error, "the self-check runs at normal priority");
    }
    let mut checked = 0;
    loop {
        std::thread::sleep(every);
        let Some(current) = current.upgrade() else {
            return;
        };
        let world = current.pin();
        drop(current);
        if world.position != checked {
            checked = world.position;
            tell(&selfcheck::check(&world));
        }
    }
}

fn tell(found: &selfcheck::SelfCheck) {
    for divergence in &found.divergences {
        tracing::error!(account = divergence.account, "ALARM: a balance is wrong: {divergence}");
    }
    for broken in &found.broken {
        tracing::error!("ALARM: {broken}");
    }
    for idle in &found.idle {
        tracing::error!("ALARM: planned supply that nobody counts on: {idle}");
    }
    tracing::debug!(
        position = found.position,
        promises = found.n_promises,
        divergences = found.divergences.len(),
        "self-check"
    );
}
