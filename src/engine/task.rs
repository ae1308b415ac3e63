//! What is worked out beside the writer: what each such command does on a fork of the ledger, and what is answered.

use super::{
    command::PlannedOn,
    error::Error,
    many::{self, Many},
    pending::Pending,
    work::{
        ManyCaller, NetCaller, NetWork, Netted, PendingStep, RearrangeCaller, RearrangeWork,
        Ticket, Work,
    },
};
use crate::ledger::{Entry, Fact, Leap, Ledger, Origin, SourcePosition, Stamp, Told, Unfit, World};
use std::sync::Arc;

/// A command that may take long.
#[derive(Debug)]
pub(super) enum Task {
    /// Planning data changes below the promises.
    Net(Box<NetWork>, NetCaller),
    /// A scenario or a run becomes live, or goes back.
    Rearrange(Box<RearrangeWork>, RearrangeCaller),
    /// Many promises take a step.
    Many(Ticket, Box<Many>, ManyCaller),
    /// The clock has leapt over many holds.
    Leap(Leap),
}

impl Task {
    /// The command of some work.
    ///
    /// # Panics
    /// If it is none of these.
    pub(super) fn of(work: Work) -> Self {
        match work {
            Work::Net(work, caller) => Self::Net(work, caller),
            Work::Rearrange(work, caller) => Self::Rearrange(work, caller),
            Work::Many(ticket, work, caller) => Self::Many(ticket, work, caller),
            Work::Promise(..)
            | Work::Amend(..)
            | Work::Change(..)
            | Work::Recall(..)
            | Work::Activate(..)
            | Work::Find(..)
            | Work::Remember(..)
            | Work::Acknowledge(..)
            | Work::Note(..)
            | Work::Tick(_)
            | Work::Stand(..)
            | Work::Stop => unreachable!("nothing else is worked out beside the writer"),
        }
    }

    /// What its caller brought; none where the engine does it by itself.
    pub(super) fn ticket(&self) -> Option<&Ticket> {
        match self {
            Self::Net(work, _) => Some(&work.ticket),
            Self::Rearrange(work, _) => Some(&work.ticket),
            Self::Many(ticket, ..) => Some(ticket),
            Self::Leap(_) => None,
        }
    }

    /// The changes, or promises, that it is about.
    pub(super) fn n_lines(&self) -> usize {
        match self {
            Self::Net(work, _) => work.changes.len(),
            Self::Rearrange(work, _) => work.exchanges.len(),
            Self::Many(_, work, _) => work.n_lines(),
            Self::Leap(_) => 1,
        }
    }

    /// Does it on a fork of the ledger.
    ///
    /// # Errors
    /// Why it cannot be done.
    pub(super) fn work(&self, ledger: &mut Ledger, mut stamp: Stamp) -> Result<Entry, Error> {
        match self {
            Self::Net(work, _) => {
                if let (Some(source), Some(position)) = (&work.source, &work.position) {
                    check_turn(ledger.world(), (source, position), work.after.as_deref())?;
                    let (source, position) = (Arc::clone(source), Arc::clone(position));
                    stamp.source = Some(SourcePosition { source, position });
                }
                let known_at = work.known_at.unwrap_or(stamp.at);
                let origin = Origin { source: work.source.clone(), known_at };
                let admitted = ledger.change(Arc::clone(&work.changes), origin);
                Ok(admitted.map_err(Error::Faulty)?.commit(stamp))
            }
            Self::Rearrange(work, _) => rearrange(work, ledger, stamp),
            Self::Many(_, work, _) => many::step(ledger, work, stamp),
            Self::Leap(leap) => {
                ledger.find_holds();
                Ok(ledger.leap(*leap).commit(stamp))
            }
        }
    }

    /// Answers that it was not done. A caller that has gone away does not mind.
    pub(super) fn refuse(self, error: Error) {
        match self {
            Self::Net(_, caller) => drop(caller.send(Err(error))),
            Self::Rearrange(_, caller) => drop(caller.send(Err(error))),
            Self::Many(_, _, caller) => drop(caller.send(Err(error))),
            Self::Leap(_) => (),
        }
    }

    /// What waits for it to be durable.
    pub(super) fn pending(self, done: Result<Arc<Entry>, Error>) -> Option<Pending> {
        match self {
            Self::Net(_, caller) => Some(Pending::Net(caller, done.map(|entry| netted(&entry)))),
            Self::Rearrange(_, caller) => {
                Some(Pending::Rearrange(caller, done.map(|entry| entry.position)))
            }
            Self::Many(_, _, caller) => {
                Some(Pending::Many(caller, done.map(|entry| PendingStep::kept(&entry))))
            }
            Self::Leap(_) => None,
        }
    }
}

fn rearrange(work: &RearrangeWork, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error> {
    let RearrangeWork { changes, exchanges, planned_on, told, undoes, .. } = work;
    if let Some(planned) = planned_on {
        let serves = PlannedOn::of(ledger.world());
        if serves != *planned {
            let (planned, serves) = (Arc::clone(&planned.snapshot_id), serves.snapshot_id);
            return Err(Error::Unfit(Unfit::Refreshed { planned, serves }));
        }
    }
    let admitted = match undoes {
        Some(undone) => ledger.revert(undone, exchanges),
        None => ledger.rearrange(changes, exchanges),
    };
    let admitted = admitted.map_err(Error::Unfit)?;
    let told = told.as_ref().map(|message| Arc::new(Told::Message(Arc::clone(message))));
    Ok(admitted.commit_told(stamp, told))
}

fn netted(entry: &Entry) -> Netted {
    let Fact::Changed(changed) = &entry.fact else {
        unreachable!("the digest says that it is a change of planning data");
    };
    (Arc::clone(changed), entry.position)
}

/// Whether what a source says up to a position comes in its turn: not again, and after what it is to follow.
fn check_turn(
    world: &World,
    (source, position): (&Arc<str>, &Arc<str>),
    after: Option<&str>,
) -> Result<(), Error> {
    let last = world.positions().last(source, position);
    let follows = after.is_none_or(|after| after == last.map_or("", |last| last));
    if follows && !world.positions().has(source, position) {
        return Ok(());
    }
    let last = last.map(ToString::to_string).unwrap_or_default();
    Err(Error::PositionMoved { source_name: source.to_string(), last })
}
