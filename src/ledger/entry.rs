//! What has happened, as facts.
//!
//! An entry says what was posted, not what was asked: a replay needs no planning code, least of all
//! today's. Each fact carries the reservations as they are after it, so that applying it is one rule
//! for all of them: the new one takes the place of the old one, postings and all.

use super::{activation::Activation, leap::Leap, refresh::Changed, reservation::Reservation};
use crate::change::Change;
use std::sync::Arc;

/// Which command an entry answers, so that a repeated one is known after a restart (L4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestStamp {
    /// The caller's id.
    pub id: Arc<str>,
    /// A digest of the command's body.
    pub digest: u128,
}

/// When and on whose word something happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Microseconds since 1970 UTC.
    pub at: i64,
    /// The command; none for what the engine does by itself, and for commands without an id.
    pub request: Option<RequestStamp>,
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
}

/// What became of one line of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It was promised, in full or in part.
    Reserved(Arc<Reservation>),
    /// There is nothing within the horizon.
    Unavailable,
    /// There is something, but only after the latest acceptable date.
    Refused,
}

impl Made {
    /// The reservation, if there is one.
    pub fn reservation(&self) -> Option<&Arc<Reservation>> {
        match self {
            Self::Reserved(reservation) => Some(reservation),
            Self::Unavailable | Self::Refused => None,
        }
    }
}

/// What has happened. The reservations in it are as they are afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Lines of one request were held or confirmed; at least one of them.
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
        /// Without quantity; with postings only where others live on what was made for it.
        after: Arc<Reservation>,
    },
    /// Old and new postings changed hands.
    Amended {
        /// The promise as it is to be from now on.
        after: Arc<Reservation>,
    },
    /// It has shipped.
    Fulfilled {
        /// With its postings: no snapshot knows of the shipment yet.
        after: Arc<Reservation>,
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
    Changed(Arc<Changed>),
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
            Self::Forgotten { .. } => "forgotten",
            Self::Leapt(_) => "leapt",
        }
    }

    /// The reservations that it makes or changes.
    pub fn reservations(&self) -> impl Iterator<Item = &Arc<Reservation>> {
        let (mut many, mut more): (&[Arc<Reservation>], &[Arc<Reservation>]) = (&[], &[]);
        let (lines, one, rest): (&[Made], _, _) = match self {
            Self::Promised { lines } => (lines, None, None),
            Self::Activated(_) | Self::Forgotten { .. } | Self::Leapt(_) => (&[], None, None),
            Self::Rearranged { after, .. } => {
                many = after;
                (&[], None, None)
            }
            Self::Changed(changed) => {
                (many, more) = (&changed.judged, &changed.flagged);
                (&[], None, None)
            }
            Self::Confirmed { kept, rest } => (&[], Some(kept), rest.as_ref()),
            Self::PartlyReleased { after }
            | Self::Released { after }
            | Self::Amended { after }
            | Self::Fulfilled { after }
            | Self::Expired { after } => (&[], Some(after), None),
        };
        lines.iter().filter_map(Made::reservation).chain(one).chain(rest).chain(many).chain(more)
    }
}
