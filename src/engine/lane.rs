//! Commands that may take long are worked out beside the writer, one after the other (issue 18 item 4).
//!
//! A change of planning data, a scenario that is applied, a step of many promises, a leap of the clock over many holds, a swap
//! to another snapshot: each is done on a fork of the live ledger by a thread of its own, while the writer goes on, and then joined
//! (`ledger/fork.rs`). What is left to the writer is in proportion to what happened meanwhile. If that was much, the
//! fork catches up beside the writer first. If it changed what the command was worked out from, that is worked
//! out anew; then who would change it again is kept waiting (and nobody else), and after that whoever would change
//! anything: so nobody starves. What waits here keeps the order in which it came.
//!
//! Lists of changes that wait are worked out together, each as it would be by itself after those before it: one fork, one
//! footprint, one join, and what they change of a trie is copied once. Each keeps its entry, or its refusal.

mod joining;

use super::{
    command::{
        deed::{Deed, WaitsWhile, Work},
        ticket::Ticket,
    },
    error::Error,
    swap::{Swap, SwapDone, SwapJob, Swapped},
    task::Task,
};
use crate::{
    ledger::{Footprint, Fork, Ledger, Notes, Stamp, World},
    limits::BATCH_MAX,
    promising::patience::{GivenUp, heard_out_here},
};
use std::{collections::VecDeque, sync::Arc};

/// So many promises are left for the writer to catch up with.
pub(super) const LAST_STEP_MAX: usize = 200;

/// How often a fork catches up beside the writer before nothing is changed any more until it is joined: each time
/// less has come in between.
pub(super) const ROUNDS_MAX: u32 = 8;

/// Promises of which the writer says at once by which entry they were changed.
pub(super) const PLACED_AT_ONCE: usize = 256;

/// The writer's end of it.
#[derive(Debug)]
pub(super) struct LaneEnd {
    /// Whether something is being worked out.
    is_out: bool,
    is_leaping: bool,
    /// How often it was lost, and how often it has caught up.
    n_lost: u32,
    n_rounds: u32,
    hold: Option<Hold>,
    /// Who is kept waiting.
    held: VecDeque<Work>,
    /// Who was, and whose turn it is.
    released: VecDeque<Work>,
    /// What is to be worked out next.
    waiting: VecDeque<Work>,
    /// A swap that is done as soon as all of it is in its place.
    swapped: Option<Box<(Swap, Swapped)>>,
}

/// Who is kept waiting.
#[derive(Debug)]
enum Hold {
    /// Whoever would change what something is worked out from.
    Of(Arc<Footprint>),
    /// Whoever would change anything.
    All,
    /// The same, and who would only have something noted.
    Still,
}

/// Changes of lists that are worked out together: some milliseconds.
const TOGETHER_MAX: usize = 2_048;

/// Promises that may change before who takes from what is noted again: what the first shortage finds still to be done.
pub(super) const UNNOTED_MAX: u64 = 1_024;

/// What is done beside the writer.
#[derive(Debug)]
pub(super) enum LaneJob {
    Work(Box<TaskJob>),
    Swap(Box<SwapJob>),
    /// Who takes from what is noted.
    Notes(Box<Notes>),
}

/// What comes back.
#[derive(Debug)]
pub(super) enum WorkedOut {
    Work(Box<TaskDone>),
    Swap(Box<SwapDone>),
    Notes(Box<Notes>),
}

impl WorkedOut {
    /// Answers that it was not done.
    pub(super) fn refuse(self, error: fn() -> Error) {
        match self {
            Self::Work(done) => {
                done.parts.into_iter().for_each(|part| part.task.refuse(error()));
            }
            Self::Swap(done) => done.refuse(error()),
            // Nobody has asked for them.
            Self::Notes(_) => (),
        }
    }
}

impl LaneJob {
    /// Does it.
    pub(super) fn done(self) -> WorkedOut {
        match self {
            Self::Work(job) => WorkedOut::Work(Box::new(job.done())),
            Self::Swap(job) => WorkedOut::Swap(Box::new(job.done())),
            Self::Notes(mut notes) => {
                notes.keep_up();
                WorkedOut::Notes(notes)
            }
        }
    }
}

/// What is to be worked out, one after the other, or to catch up.
#[derive(Debug)]
pub(super) struct TaskJob {
    parts: Vec<Part>,
    way: Way,
    /// What came of it before, to be freed where nobody waits for that.
    lost: Option<Box<Fork>>,
}

/// One of those that are worked out together.
#[derive(Debug)]
struct Part {
    task: Box<dyn Task>,
    stamp: Stamp,
    /// Why it cannot be done; else there is an entry of it.
    refused: Option<Error>,
}

#[derive(Debug)]
enum Way {
    /// On the fork of a world.
    Begin(World, Box<Ledger>),
    /// With a world that is younger.
    CatchUp(Box<Fork>, World),
}

/// What came of it.
#[derive(Debug)]
pub(super) struct TaskDone {
    parts: Vec<Part>,
    came: Came,
}

#[derive(Debug)]
enum Came {
    Forked(Box<Fork>),
    /// All are refused.
    Nothing,
    /// What it was worked out from has changed.
    Lost(Box<Fork>),
    /// Nobody waits any more for the one at a place: those after it are not worked out.
    GivenUp(usize),
}

impl Part {
    /// Whether it has the id that a ticket has.
    fn is_of(&self, ticket: &Ticket) -> bool {
        let id = |ticket: &Ticket| ticket.request.as_ref().map(|request| Arc::clone(&request.id));
        let ours = self.task.ticket().and_then(id);
        ours.is_some() && ours == id(ticket)
    }
}

impl TaskJob {
    fn done(self) -> TaskDone {
        let Self { mut parts, way, lost } = self;
        drop(lost);
        let came = match way {
            Way::Begin(base, ledger) => begun(&mut parts, base, ledger),
            Way::CatchUp(mut fork, live) => match fork.catch_up(&live) {
                Ok(()) => Came::Forked(fork),
                Err(_) => Came::Lost(fork),
            },
        };
        TaskDone { parts, came }
    }
}

/// Works all out on one fork, each on what those before it left.
fn begun(parts: &mut [Part], base: World, mut ledger: Box<Ledger>) -> Came {
    let mut entries = Vec::with_capacity(parts.len());
    for (at, Part { task, stamp, refused }) in parts.iter_mut().enumerate() {
        let patience = task.ticket().map(|ticket| ticket.patience.clone());
        let work = || task.work(&mut ledger, stamp.clone());
        match heard_out_here(&patience.unwrap_or_default(), work) {
            Ok(Ok(entry)) => entries.push(entry),
            Ok(Err(error)) => *refused = Some(error),
            // What it was about to do is half done.
            Err(GivenUp) => return Came::GivenUp(at),
        }
    }
    match entries.is_empty() {
        true => Came::Nothing,
        false => Came::Forked(Box::new(Fork::new(base, *ledger, entries))),
    }
}

impl LaneEnd {
    pub(super) fn new() -> Self {
        Self {
            is_out: false,
            is_leaping: false,
            n_lost: 0,
            n_rounds: 0,
            hold: None,
            held: VecDeque::new(),
            released: VecDeque::new(),
            waiting: VecDeque::new(),
            swapped: None,
        }
    }

    /// Whether a leap is being worked out.
    pub(super) fn is_leaping(&self) -> bool {
        self.is_leaping
    }

    /// Whether nothing may change until what was worked out is joined.
    pub(super) fn holds_all(&self) -> bool {
        matches!(self.hold, Some(Hold::All | Hold::Still))
    }

    /// Whether not even an entry may be made that changes nothing.
    pub(super) fn is_still(&self) -> bool {
        matches!(self.hold, Some(Hold::Still))
    }

    /// Notes a swap that is done as soon as all of it is in its place.
    pub(super) fn put_in_place(&mut self, swap: Swap, swapped: Swapped) {
        self.swapped = Some(Box::new((swap, swapped)));
    }

    /// Lets nothing be done any more until the lane is free.
    pub(super) fn stand_still(&mut self) {
        self.hold = Some(Hold::Still);
    }

    /// All who wait are given back: this node leads no more. What is out keeps its place until it comes back.
    pub(super) fn step_down(&mut self) -> impl Iterator<Item = Work> {
        (self.is_leaping, self.hold) = (false, None);
        let Self { held, released, waiting, .. } = self;
        [held, released, waiting].map(std::mem::take).into_iter().flatten()
    }

    /// Whether somebody waits whose turn has come.
    pub(super) fn has_next(&self) -> bool {
        !self.released.is_empty() || (!self.is_out && !self.waiting.is_empty())
    }

    /// The one that waits next, if it may be worked out together with some that come before it: not with one of
    /// its own id, which is to be done once.
    fn next_together(&mut self, before: &[Part]) -> Option<Work> {
        if !before.iter().all(|part| part.task.is_one_of_many()) {
            return None;
        }
        let n_lines: usize = before.iter().map(|part| part.task.n_lines()).sum();
        let fits = |work: &mut Work| {
            let is_other = |ticket: &Ticket| before.iter().all(|part| !part.is_of(ticket));
            n_lines + work.n_lines() <= TOGETHER_MAX && work.one_of_many().is_some_and(is_other)
        };
        self.waiting.pop_front_if(fits)
    }

    /// The next one whose turn has come.
    pub(super) fn next(&mut self) -> Option<Work> {
        let waiting = if self.is_out { None } else { self.waiting.pop_front() };
        waiting.or_else(|| self.released.pop_front())
    }

    /// Whether one of the same id waits there: a repetition does not overtake it.
    fn has_first_of(queue: &VecDeque<Work>, work: &dyn Deed) -> bool {
        fn id(work: &dyn Deed) -> Option<&Arc<str>> {
            Some(&work.ticket()?.request.as_ref()?.id)
        }
        !queue.is_empty()
            && id(work).is_some_and(|ours| queue.iter().any(|one| id(&**one) == Some(ours)))
    }

    /// Where one of the same id waits.
    fn queue_of_first(&mut self, work: &dyn Deed) -> Option<&mut VecDeque<Work>> {
        let Self { held, released, waiting, .. } = self;
        let mut queues = [waiting, released, held].into_iter();
        queues.find(|queue| Self::has_first_of(queue, work))
    }

    /// Keeps work waiting; too many are told to come back.
    fn keep(queue: &mut VecDeque<Work>, work: Work) -> Option<Work> {
        if BATCH_MAX <= queue.len() {
            return Some(work);
        }
        queue.push_back(work);
        None
    }

    /// Whether work would change what is not to be changed now.
    fn is_held(&self, work: &dyn Deed, world: &World) -> bool {
        match (&self.hold, work.held()) {
            (None, _)
            | (Some(_), WaitsWhile::Never)
            | (Some(Hold::Of(_) | Hold::All), WaitsWhile::Still) => false,
            (Some(Hold::Of(print)), WaitsWhile::Met) => work.meets(print, world),
            (Some(Hold::All), WaitsWhile::Met)
            | (Some(Hold::Still), WaitsWhile::Still | WaitsWhile::Met) => true,
        }
    }
}
