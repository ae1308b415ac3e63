//! What ends a server from outside: signals, and the alarm that ends it whatever still runs.

use super::failure::Failure;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Exit code of a process ended by SIGINT.
const INTERRUPTED: i32 = 130;

/// Exit code of a process ended by SIGTERM.
const TERMINATED: i32 = 143;

/// Ends the process after a time, whatever still runs then: what was acknowledged is durable.
pub(super) fn exit_after(time: Duration, code: i32) {
    let end = move || {
        std::thread::sleep(time);
        tracing::warn!("what is under way is dropped");
        std::process::exit(code);
    };
    let thread = std::thread::Builder::new().name("alarm".to_string());
    if let Err(error) = thread.spawn(end) {
        tracing::warn!(%error, "no thread for the alarm: the end may take longer");
    }
}

/// What tells a server to stop: Ctrl-C, or SIGTERM of a supervisor.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(super) fn new() -> Result<Self, Failure> {
        let listen = |kind| {
            signal(kind).map_err(|error| {
                Failure::new(format!("cannot listen for signals: {error}"), "start it again")
            })
        };
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    /// The next one: the exit code that shells give it.
    pub(super) async fn next(&mut self) -> i32 {
        tokio::select! {
            _ = self.interrupt.recv() => INTERRUPTED,
            _ = self.terminate.recv() => TERMINATED,
        }
    }
}
