//! What has happened, as facts.
//!
//! An entry says what was posted, not what was asked: a replay needs no planning code, least of all
//! today's. Each fact carries the reservations as they are after it, so that applying it is one rule
//! for all of them: the new one takes the place of the old one, postings and all.

use super::{
    activation::Activation,
    history::Mover,
    leap::Leap,
    note::{Acknowledgement, Note},
    refresh::NetChange,
    reservation::{Reservation, Step},
    told::Told,
};
use crate::change::{Change, ChangeKind};
use std::sync::Arc;

/// Which command an entry answers, so that a repeated one is known after a restart (L4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestStamp {
    /// The caller's id.
    pub id: Arc<str>,
    /// A digest of the command's body.
    pub digest: u128,
}

/// How far a source had been read when a command was made of it: what is read twice is done once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePosition {
    /// The source.
    pub source: Arc<str>,
    /// The position in its own words, such as "topic/0:4711".
    pub position: Arc<str>,
}

/// When and on whose word something happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Microseconds since 1970 UTC.
    pub at: i64,
    /// Under which leader; 0 where there is one process.
    pub epoch: u64,
    /// The command; none for what the engine does by itself, and for commands without an id.
    pub request: Option<RequestStamp>,
    /// The principal that sent the command, where that is known.
    pub by: Option<Arc<str>>,
    /// The record of a source that the command was made of.
    pub source: Option<SourcePosition>,
}

impl Stamp {
    /// Of what the engine does by itself at an instant, in microseconds since 1970 UTC.
    pub fn at(at: i64) -> Self {
        Self { at, ..Self::default() }
    }
}

/// A promise that changes in the same step as those of the fact: another one of its line that it takes
/// the place of, or one that is over and whose planned supply nobody counts on any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Also {
    /// The step in its life that this is; none where only what it posts changes.
    pub step: Option<Step>,
    /// As it is afterwards.
    pub after: Arc<Reservation>,
}

/// One thing that has happened to the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the order of all entries; the first is 1 (L3).
    pub position: u64,
    /// When and on whose word.
    pub stamp: Stamp,
    /// What.
    pub fact: Fact,
    /// What else changed in the same step.
    pub also: Vec<Also>,
    /// What the command's caller was told beyond what the fact says; none where nobody asked, and in
    /// entries that are older than this.
    pub told: Option<Arc<Told>>,
}

impl Entry {
    /// An entry of a fact alone.
    pub fn new(position: u64, stamp: Stamp, fact: Fact) -> Self {
        Self { position, stamp, fact, also: Vec::new(), told: None }
    }

    /// L3: whether it is the next one after those up to a position.
    pub fn follows(&self, position: u64) -> bool {
        self.position == position + 1
    }

    /// Every reservation that it makes or changes, with the step in its life that this is: none where it
    /// was made, or where no more than its postings changed.
    pub fn steps(&self) -> impl Iterator<Item = (Option<Step>, &Arc<Reservation>)> {
        let also = self.also.iter().map(|also| (also.step, &also.after));
        self.fact.steps().chain(also)
    }
}

/// What is wrong with a line that the others were answered without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// The field.
    pub field: Arc<str>,
    /// What is wrong and what would be right.
    pub description: Arc<str>,
}

/// What became of one line of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It was promised, in full or in part.
    Reserved(Arc<Reservation>),
    /// It was promised before; the new promise has taken the place of the old one, under its number.
    Replaced(Arc<Reservation>),
    /// It is promised already, and stays so: the promise as it stood.
    Already(Arc<Reservation>),
    /// A field of the line holds something that the snapshot cannot make sense of; the others were answered.
    Faulty(Arc<[LineFault]>),
    /// There is nothing within the horizon.
    Unavailable,
    /// There is something, but only after the latest acceptable date.
    Refused,
}

impl Made {
    /// The reservation that was made or changed, if one was.
    pub fn reservation(&self) -> Option<&Arc<Reservation>> {
        match self {
            Self::Reserved(reservation) | Self::Replaced(reservation) => Some(reservation),
            Self::Already(_) | Self::Faulty(_) | Self::Unavailable | Self::Refused => None,
        }
    }

    /// The promise that the line has now: the one made, or the one that it had.
    pub fn promise(&self) -> Option<&Arc<Reservation>> {
        match self {
            Self::Already(reservation) => Some(reservation),
            Self::Reserved(_)
            | Self::Replaced(_)
            | Self::Faulty(_)
            | Self::Unavailable
            | Self::Refused => self.reservation(),
        }
    }

    fn step(&self) -> Option<Step> {
        match self {
            Self::Replaced(_) => Some(Step::Amend),
            Self::Reserved(_)
            | Self::Already(_)
            | Self::Faulty(_)
            | Self::Unavailable
            | Self::Refused => None,
        }
    }
}

/// What has happened. The reservations in it are as they are afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Lines of one request were answered: held or confirmed, or found that they cannot be.
    Promised {
        /// What became of each line, in the order of the request.
        lines: Vec<Made>,
    },
    /// A hold was confirmed.
    Confirmed {
        /// What is confirmed.
        kept: Arc<Reservation>,
        /// What stays held where only a part was confirmed, under a number of its own.
        rest: Option<Arc<Reservation>>,
    },
    /// A part was given back.
    PartlyReleased {
        /// What is left.
        after: Arc<Reservation>,
    },
    /// All of it was given back.
    Released {
        /// Without quantity; it posts what it planned, as far as `also` does not withdraw it.
        after: Arc<Reservation>,
    },
    /// Old and new postings changed hands.
    Amended {
        /// The promise as it is to be from now on.
        after: Arc<Reservation>,
    },
    /// It, or a part of it, has shipped.
    Fulfilled {
        /// What has shipped, with its postings: nobody has counted since.
        after: Arc<Reservation>,
        /// What is left where only a part has; what has shipped has a number of its own then.
        rest: Option<Arc<Reservation>>,
    },
    /// Another snapshot serves from here on, and every reservation is as its reconciliation left it.
    Activated(Arc<Activation>),
    /// A hold ended.
    Expired {
        /// As after a release.
        after: Arc<Reservation>,
    },
    /// Planning data changed, and many promises changed hands, in one step: a scenario or a backlog run
    /// was applied.
    Rearranged {
        /// What changed below the promises.
        changes: Arc<[Change]>,
        /// The promises as they are to be from now on.
        after: Vec<Arc<Reservation>>,
    },
    /// A source said what changed in its planning data, and what that means for promises.
    Changed(Arc<NetChange>),
    /// What a rearrangement changed went back to how it was.
    Reverted {
        /// The position of its entry.
        of: u64,
        /// The changes of planning data that are not made any more.
        changes: Arc<[Change]>,
        /// The promises as they are to be from now on.
        after: Vec<Arc<Reservation>>,
    },
    /// Many promises took the same step together.
    Stepped {
        /// The step.
        step: Step,
        /// The promises as they are to be from now on.
        after: Vec<Arc<Reservation>>,
    },
    /// What was asked for changed nothing: the promise stands.
    Unchanged {
        /// As it stands.
        stands: Arc<Reservation>,
    },
    /// A command was answered, and nothing came of it.
    Answered,
    /// What no command caused and others wait to hear of.
    Noted {
        /// In the order in which they are told.
        notes: Arc<[Note]>,
    },
    /// Somebody has seen an exception, or wants to hear of it later.
    Acknowledged(Arc<Acknowledgement>),
    /// Other rules hold from here on.
    Ruled {
        /// Their version.
        rules: u32,
        /// The numbers of the promises that they put at risk, in order.
        at_risk: Arc<[u64]>,
    },
    /// Promises that are over are kept no longer.
    Forgotten {
        /// Their numbers, in order.
        numbers: Arc<[u64]>,
    },
    /// Engine time followed the clock on the wall; what runs out by it was moved by as much.
    Leapt(Leap),
}

impl Fact {
    /// Its kind in a word, as journals show it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Promised { .. } => "promised",
            Self::Confirmed { .. } => "confirmed",
            Self::PartlyReleased { .. } => "partly_released",
            Self::Released { .. } => "released",
            Self::Amended { .. } => "amended",
            Self::Fulfilled { .. } => "fulfilled",
            Self::Activated(_) => "activated",
            Self::Expired { .. } => "expired",
            Self::Rearranged { .. } => "rearranged",
            Self::Changed(_) => "changed",
            Self::Stepped { .. } => "stepped",
            Self::Unchanged { .. } => "unchanged",
            Self::Reverted { .. } => "reverted",
            Self::Answered => "answered",
            Self::Noted { .. } => "noted",
            Self::Acknowledged(_) => "acknowledged",
            Self::Ruled { .. } => "ruled",
            Self::Forgotten { .. } => "forgotten",
            Self::Leapt(_) => "leapt",
        }
    }

    /// The reservations that it makes or changes.
    pub fn reservations(&self) -> impl Iterator<Item = &Arc<Reservation>> {
        self.steps().map(|(_, after)| after)
    }

    /// The same, each with the step in its life that this is; none where it was made.
    pub fn steps(&self) -> impl Iterator<Item = (Option<Step>, &Arc<Reservation>)> {
        let (mut many, mut more): (&[Arc<Reservation>], &[Arc<Reservation>]) = (&[], &[]);
        let (mut lines, mut one, mut rest): (&[Made], _, _) = (&[], None, None);
        let step = self.step();
        match self {
            Self::Promised { lines: made } => lines = made,
            Self::Rearranged { after, .. }
            | Self::Reverted { after, .. }
            | Self::Stepped { after, .. } => many = after,
            Self::Changed(changed) => (many, more) = (&changed.judged, &changed.flagged),
            Self::Confirmed { kept: first, rest: other }
            | Self::Fulfilled { after: first, rest: other } => {
                (one, rest) = (Some(first), other.as_ref());
            }
            Self::PartlyReleased { after }
            | Self::Released { after }
            | Self::Amended { after }
            | Self::Expired { after } => one = Some(after),
            Self::Activated(_)
            | Self::Unchanged { .. }
            | Self::Answered
            | Self::Noted { .. }
            | Self::Acknowledged(_)
            | Self::Ruled { .. }
            | Self::Leapt(_)
            | Self::Forgotten { .. } => (),
        }
        let made = lines.iter().filter_map(|made| Some((made.step(), made.reservation()?)));
        let others = one.into_iter().chain(rest).chain(many).chain(more);
        made.chain(others.map(move |after| (step, after)))
    }

    /// What changes promises by it, where their customers asked for nothing.
    pub(super) fn mover(&self) -> Option<Mover> {
        let is_of_shares = |change: &Change| {
            let kind = change.kind();
            kind.moves_shares() || kind.changes_shares() || kind == ChangeKind::AllocationAssigned
        };
        match self {
            Self::Rearranged { changes, .. } if changes.is_empty() => Some(Mover::Run),
            Self::Rearranged { changes, .. } if changes.iter().all(is_of_shares) => {
                Some(Mover::Allocation)
            }
            Self::Rearranged { .. } => Some(Mover::Change),
            Self::Reverted { .. } => Some(Mover::TakenBack),
            Self::Promised { .. }
            | Self::Confirmed { .. }
            | Self::PartlyReleased { .. }
            | Self::Released { .. }
            | Self::Amended { .. }
            | Self::Fulfilled { .. }
            | Self::Activated(_)
            | Self::Expired { .. }
            | Self::Changed(_)
            | Self::Stepped { .. }
            | Self::Unchanged { .. }
            | Self::Answered
            | Self::Noted { .. }
            | Self::Acknowledged(_)
            | Self::Ruled { .. }
            | Self::Leapt(_)
            | Self::Forgotten { .. } => None,
        }
    }

    /// The step in a reservation's life that this fact is; a promise is none, it begins one.
    fn step(&self) -> Option<Step> {
        match self {
            Self::Promised { .. }
            | Self::Activated(_)
            | Self::Changed(_)
            | Self::Unchanged { .. }
            | Self::Answered
            | Self::Noted { .. }
            | Self::Acknowledged(_)
            | Self::Ruled { .. }
            | Self::Leapt(_)
            | Self::Forgotten { .. } => None,
            Self::Confirmed { .. } => Some(Step::Confirm),
            Self::Released { .. } | Self::PartlyReleased { .. } => Some(Step::Cancel),
            Self::Amended { .. } | Self::Rearranged { .. } => Some(Step::Amend),
            Self::Fulfilled { .. } => Some(Step::Fulfil),
            Self::Expired { .. } => Some(Step::Expire),
            Self::Reverted { .. } => Some(Step::Revert),
            Self::Stepped { step, .. } => Some(*step),
        }
    }
}
