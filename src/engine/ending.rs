//! The end of the engine's threads, told once to whoever wants to know.

use parking_lot::Mutex;
use std::sync::Arc;

/// Why the writer ended.
#[derive(Debug)]
pub enum Stopped {
    /// It was told to, or nobody holds the engine any more.
    Asked,
    /// The journal failed. The process must end: what is durable is known only after a restart.
    Journal(crate::journal::Error),
    /// A fault of the program.
    Panicked,
}

/// Called once, on a thread of the engine, when it ends.
pub type StopHook = Box<dyn FnOnce(Stopped) + Send>;

/// Tells the hook when a thread ends, even by a panic. Clones tell the same hook: the first one counts.
#[derive(Clone)]
pub(super) struct Ending {
    hook: Arc<Mutex<Option<StopHook>>>,
}

impl Ending {
    pub(super) fn new(hook: StopHook) -> Self {
        Self { hook: Arc::new(Mutex::new(Some(hook))) }
    }

    pub(super) fn tell(&mut self, why: Stopped) {
        let hook = self.hook.lock().take();
        if let Some(hook) = hook {
            hook(why);
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.tell(Stopped::Panicked);
        }
    }
}
