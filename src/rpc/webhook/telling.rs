//! The thread that tells one hook, as long as this process leads: from where the hook's cursor stands, whoever has told it
//! up to there.

use super::{Hook, Letter, Postman, Sent, cursor::Cursor};
use crate::{
    engine::{
        Engine,
        clock::{self, Stopwatch},
        feed::Follower,
    },
    ledger::Note,
    rpc::event::{EventFilter, of_entry},
};
use std::{
    ops::ControlFlow,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How often it is looked for news.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// After a failure it is tried again so soon, then twice as late each time, up to a day.
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_LAST: Duration = Duration::from_secs(24 * 3_600);

/// Where the journal cannot be read, so much later.
const READ_AGAIN: Duration = Duration::from_secs(10);

/// Entries that are read at a time.
const ENTRIES_AT_ONCE: u64 = 200;

/// The cursor is kept after so long, where it takes long to tell what was read.
const KEEP_EVERY: Duration = Duration::from_secs(1);

/// And after so many entries of which the hook is told nothing: it never lags behind what the journal keeps.
const PASSED_MAX: u64 = 1_000;

/// A hook, and who tells it.
pub(super) struct Telling {
    engine: Engine,
    postman: Postman,
    asked: EventFilter,
    from: Option<u64>,
    name: String,
    /// The name of its cursor.
    of: Arc<str>,
    is_over: Arc<AtomicBool>,
}

/// A letter behind the position and the number of its event.
type Placed = (u64, u32, Letter);

/// Why it is not told for now.
struct Hindered(String);

impl<E: std::error::Error> From<E> for Hindered {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl Telling {
    pub(super) fn new(engine: Engine, hook: Hook, is_over: Arc<AtomicBool>) -> Self {
        let (asked, from, name) = (EventFilter::of_hook(&hook), hook.from, hook.name.clone());
        let of = format!("webhook {name}").into();
        Self { engine, postman: Postman::new(hook), asked, from, name, of, is_over }
    }

    /// Tells the hook whenever this process leads, until it is over or nobody wants it any more. In the directory there may
    /// be a cursor of an earlier version.
    pub(super) fn run(&self, directory: Option<&Path>) {
        while !self.is_over.load(Ordering::Relaxed) {
            if !self.engine.is_leading() {
                std::thread::park_timeout(LOOK_EVERY);
                continue;
            }
            match self.begin(directory) {
                Ok(turn) if turn.cursor.is_off() => {
                    tracing::warn!(
                        webhook = self.name,
                        "switched off: it has said that it wants no more"
                    );
                    return;
                }
                Ok(mut turn) => turn.run(),
                Err(Hindered(error)) => {
                    tracing::error!(webhook = self.name, error, "it is not told for now");
                    self.pause(READ_AGAIN);
                }
            }
        }
    }

    /// From where it was told last, by whomever.
    fn begin(&self, directory: Option<&Path>) -> Result<Turn<'_>, Hindered> {
        let world = self.engine.pin();
        let known = match world.cursors().get(&self.of) {
            Some(text) => {
                let broken = || Hindered(format!("its cursor {text:?} cannot be read"));
                Some(Cursor::read(text).ok_or_else(broken)?)
            }
            None => None,
        };
        let is_new = known.is_none();
        let of_file = || directory.map(|directory| Cursor::of_file(directory, &self.name));
        let cursor = match known {
            Some(cursor) => cursor,
            None => of_file()
                .transpose()?
                .flatten()
                .unwrap_or_else(|| Cursor::at(self.from.unwrap_or(world.position + 1))),
        };
        tracing::info!(webhook = self.name, position = cursor.position(), "told from here on");
        let kept = (cursor.position(), Stopwatch::start());
        let mut turn = Turn { of: self, cursor, kept, follower: None };
        if is_new {
            // Whoever leads next is to begin where this one does.
            turn.keep();
        }
        Ok(turn)
    }

    fn goes_on(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed) && self.engine.is_leading()
    }

    /// Waits, unless it is to end.
    fn pause(&self, time: Duration) {
        let waited = Stopwatch::start();
        while self.goes_on()
            && let Some(left) = time.checked_sub(waited.elapsed()).filter(|left| !left.is_zero())
        {
            std::thread::park_timeout(left.min(LOOK_EVERY));
        }
    }

    /// Sends a letter until it is taken; none where that is not to be waited for any more.
    fn deliver(&self, letter: &Letter) -> Option<Taken> {
        let mut after = RETRY_FIRST;
        while self.goes_on() {
            match self.postman.send(letter, clock::now()) {
                Sent::Taken(_) => return Some(Taken::Yes),
                Sent::Gone => return Some(Taken::Nevermore),
                Sent::Failed(why) => {
                    metrics::counter!("promised_webhook_failures_total").increment(1);
                    tracing::warn!(webhook = self.name, id = letter.id, why, "sent again later");
                }
            }
            self.pause(after);
            after = (after * 2).min(RETRY_LAST);
        }
        None
    }
}

/// What a hook says to a letter.
enum Taken {
    Yes,
    Nevermore,
}

/// A time in which this process leads.
struct Turn<'a> {
    of: &'a Telling,
    cursor: Cursor,
    /// The position of the cursor that was kept last, and since when.
    kept: (u64, Stopwatch),
    /// What reads the entries; it stands before the cursor. None before there is something to read.
    follower: Option<Follower>,
}

impl Turn<'_> {
    fn run(&mut self) {
        // It has been told of what lies before its cursor.
        let reading = self.of.engine.reads(self.cursor.position().saturating_sub(1));
        while self.of.goes_on() && !self.cursor.is_off() {
            let told = self.tell();
            reading.told(self.cursor.position().saturating_sub(1));
            match told {
                Ok(()) => std::thread::park_timeout(LOOK_EVERY),
                Err(Hindered(error)) => {
                    tracing::error!(webhook = self.of.name, error, "it is not told for now");
                    self.follower = None;
                    self.of.pause(READ_AGAIN);
                }
            }
        }
        if !self.of.engine.is_leading() {
            tracing::info!(webhook = self.of.name, "the node that leads now tells it");
        }
    }

    /// Tells what has happened since the cursor.
    fn tell(&mut self) -> Result<(), Hindered> {
        while self.of.goes_on() && self.cursor.position() <= self.of.engine.pin().position {
            let (until, letters) = self.read()?;
            let is_news = !letters.is_empty();
            for (sequence, number, letter) in letters {
                match self.of.deliver(&letter) {
                    None => return Ok(()),
                    Some(Taken::Nevermore) => {
                        let url = &self.of.postman.hook.url;
                        tracing::warn!(url, "it wants no more: switched off");
                        self.cursor.switch_off();
                        self.keep();
                        return Ok(());
                    }
                    Some(Taken::Yes) => self.cursor.told(sequence, number),
                }
                if KEEP_EVERY <= self.kept.1.elapsed() {
                    self.keep();
                }
            }
            self.cursor.passed(until);
            if is_news || self.kept.0 + PASSED_MAX <= until {
                self.keep();
            }
        }
        Ok(())
    }

    /// The letters of some entries behind the cursor, each with its place, and how far was read.
    fn read(&mut self) -> Result<(u64, Vec<Placed>), Hindered> {
        let Telling { engine, asked, .. } = self.of;
        let follower = match &mut self.follower {
            Some(follower) => follower,
            none => none.insert(engine.follow(Some(self.cursor.position()))?),
        };
        let until = engine.pin().position.min(follower.position() + ENTRIES_AT_ONCE);
        let mut letters = Vec::new();
        follower.go_on(until, &mut |before, entry, after| {
            for event in of_entry(engine, (before, entry, after), asked) {
                if self.cursor.is_new(event.sequence, event.number) {
                    let letter = Letter::of(after.snapshot.id(), &event);
                    letters.push((event.sequence, event.number, letter));
                }
            }
            ControlFlow::Continue(())
        })?;
        Ok((until, letters))
    }

    /// Keeps the cursor, as an entry. Where there is none, as on a full disk, what was told since is told again: at least
    /// once.
    fn keep(&mut self) {
        let note = Note::Cursor { of: Arc::clone(&self.of.of), at: self.cursor.to_string().into() };
        match self.of.engine.note(vec![note]).wait() {
            Ok(_) => self.kept = (self.cursor.position(), Stopwatch::start()),
            Err(error) => {
                tracing::debug!(webhook = self.of.name, %error, "its cursor is not kept");
            }
        }
    }
}
