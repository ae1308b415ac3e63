//! What is quicker to keep than to look for anew: who takes from what, and the names of a snapshot.
//!
//! Built when somebody first asks and kept up with what has changed since ([`Takes`]). Promising knows nothing of it
//! and pays nothing for it.

use crate::{
    insight::{
        exceptions::{self, Exception, ExceptionSettings},
        find::Book,
        takes::Takes,
    },
    ledger::World,
};
use parking_lot::Mutex;
use std::sync::Arc;

/// What a book is of: a serving of a snapshot, and how many names of each kind it had.
type Edition = (u64, Arc<str>, [usize; 6]);

/// What is kept for questions.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    /// When exceptions are told.
    settings: ExceptionSettings,
    takes: Mutex<Takes>,
    book: Mutex<Option<(Edition, Arc<Book>)>>,
    exceptions: Mutex<Option<Looked>>,
}

/// When exceptions were looked for last, in which world, and what was found.
#[derive(Debug)]
struct Looked {
    world: World,
    now: i64,
    found: Arc<Vec<Exception>>,
}

/// So long what was found holds for a world, in microseconds: nothing runs out faster than that matters.
const HOLDS_FOR: i64 = 1_000_000;

impl Lookups {
    /// Nothing yet; exceptions are told as these settings say.
    pub(super) fn new(settings: ExceptionSettings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Asks who takes from what in a world. Others who ask wait meanwhile, and the first answer after many changes takes
    /// as long as these: not for threads that serve connections.
    pub(super) fn ask_takes<T>(&self, world: &World, ask: impl FnOnce(&mut Takes) -> T) -> T {
        let mut takes = self.takes.lock();
        takes.keep_up(world);
        ask(&mut takes)
    }

    /// When exceptions are told.
    pub(super) fn settings(&self) -> ExceptionSettings {
        self.settings
    }

    /// The names of a world's snapshot.
    pub(super) fn book(&self, world: &World) -> Arc<Book> {
        let snapshot = &world.snapshot;
        let n_names = [
            snapshot.items.names.len(),
            snapshot.locations.names.len(),
            snapshot.customers.names.len(),
            snapshot.suppliers.names.len(),
            snapshot.resources.names.len(),
            snapshot.supplies.names.len(),
        ];
        let edition: Edition = (world.generation(), snapshot.id().into(), n_names);
        let mut kept = self.book.lock();
        if let Some((of, book)) = &*kept
            && *of == edition
        {
            return Arc::clone(book);
        }
        let book = Arc::new(Book::of(snapshot));
        *kept = Some((edition, Arc::clone(&book)));
        book
    }

    /// What needs a planner in a world at an instant, in microseconds since 1970 UTC. Not for threads that serve
    /// connections.
    pub(super) fn exceptions(&self, world: &World, now: i64) -> Arc<Vec<Exception>> {
        let mut kept = self.exceptions.lock();
        if let Some(looked) = &*kept
            && looked.world.is_same(world)
            && (looked.now..looked.now + HOLDS_FOR).contains(&now)
        {
            return Arc::clone(&looked.found);
        }
        let settings = self.settings;
        let found = self.ask_takes(world, |takes| exceptions::all(takes, settings, now));
        let found = Arc::new(found);
        *kept = Some(Looked { world: world.clone(), now, found: Arc::clone(&found) });
        found
    }

    /// Lets go of what was kept of data that serve no more.
    pub(super) fn forget(&self) {
        *self.takes.lock() = Takes::default();
        *self.book.lock() = None;
        *self.exceptions.lock() = None;
    }
}
