//! How an engine begins and ends.

use super::{
    Config, Engine, Error, Steps, assembled::Assembled, durable::Link, ending::Ending,
    message::Message, recovery,
};
use crate::{journal::Journal, snapshot::Snapshot};
use std::{collections::BTreeSet, sync::Arc};

impl Engine {
    /// Rebuilds the world from a journal over a snapshot and starts the threads.
    ///
    /// # Errors
    /// The journal cannot be read, or names what the snapshot does not know.
    pub fn start(
        snapshot: Arc<Snapshot>,
        journal: Box<dyn Journal>,
        config: Config,
    ) -> Result<Self, Error> {
        let Assembled { engine, writer, durable, planner, on_stop } =
            Assembled::new(&snapshot, journal, config)?;
        let ending = Ending::new(on_stop);
        planner.start(&ending);
        let link = Link::start(durable, ending.clone());
        let thread = std::thread::Builder::new().name("writer".to_string());
        let thread = thread.spawn(move || writer.run(link, ending));
        *engine.thread.lock() = Some(thread.expect("one thread can be had"));
        Ok(engine)
    }

    /// The same without threads: nothing happens but in [`Steps`]. For simulations.
    ///
    /// # Errors
    /// As for [`Engine::start`].
    pub fn stepped(
        snapshot: Arc<Snapshot>,
        journal: Box<dyn Journal>,
        config: Config,
    ) -> Result<(Self, Steps), Error> {
        let Assembled { engine, writer, durable, planner, on_stop: _ } =
            Assembled::new(&snapshot, journal, config)?;
        Ok((engine, Steps::new(writer, durable, planner)))
    }

    /// The snapshots that a restart may need: the one that serves, those of the checkpoints (the older one
    /// is read where the newer is damaged), and all that were activated after the oldest of these.
    ///
    /// # Errors
    /// The journal cannot be read, or is closed.
    pub fn snapshots_needed(&self) -> Result<BTreeSet<String>, Error> {
        let reader = self.earlier.reader.upgrade().ok_or(Error::Stopped)?;
        let mut needed = recovery::snapshots_named(&*reader, &self.pin().snapshot)?;
        needed.insert(self.pin().snapshot.id().to_string());
        Ok(needed)
    }

    /// Lets the writer finish what waits, and ends it. Later commands get [`Error::Stopped`].
    pub fn stop(&self) {
        // A writer that has ended already has dropped its queue.
        drop(self.queue.send(Message::Stop));
        if let Some(thread) = self.thread.lock().take() {
            // A panic was told to `on_stop`.
            drop(thread.join());
        }
    }
}
