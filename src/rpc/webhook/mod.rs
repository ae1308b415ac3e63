//! Webhooks: events as CloudEvents 1.0, signed after Standard Webhooks, at least once and in order.
//!
//! Each hook has a thread and a cursor of its own: what it was told is in the journal, so a restart goes on there, and so
//! does the next leader of a cluster. What fails is sent again, later and later, up to a day; 410 switches a hook off.

mod address;
mod sign;
mod hook;
mod letter;
mod cursor;
mod telling;

pub use hook::Hook;
pub use letter::{Letter, Postman, Sent};
pub use sign::Secret;

use crate::engine::Engine;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};
use telling::Telling;

/// The threads that tell hooks, until they are dropped.
#[derive(Debug, Default)]
pub struct Hooks {
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// Tells hooks what happens from now on, or from where their cursors stand, whenever this process leads. In a directory of
/// data there may be cursors of earlier versions.
pub fn start(engine: &Engine, hooks: Vec<Hook>, directory: Option<&Path>) -> Hooks {
    let mut started = Hooks::default();
    for hook in hooks {
        let name = format!("webhook {}", hook.name);
        let telling = Telling::new(engine.clone(), hook, Arc::clone(&started.is_over));
        let directory: Option<PathBuf> = directory.map(|data| data.join("webhooks"));
        let run = move || telling.run(directory.as_deref());
        match std::thread::Builder::new().name("webhook".to_string()).spawn(run) {
            Ok(thread) => started.threads.push(thread),
            Err(error) => tracing::error!(%error, "no thread for {name}"),
        }
    }
    started
}

impl Drop for Hooks {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.thread().unpark();
            // A panic of it was told by its thread.
            drop(thread.join());
        }
    }
}
