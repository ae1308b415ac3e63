//! One change of the head, tried until it is known what became of it.
//!
//! No answer is no answer: the same change is asked for again, and nothing else meanwhile. What stands there instead
//! when it is refused says whether an earlier try was done: the head is as it would be behind it; or somebody went on
//! behind it, and its record still stands in its place.

use super::{Head, Order, Refused, Reply};

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It is done, and the head stands there.
    Done,
    /// It is done, and somebody else has claimed the head since.
    DoneAndDeposed,
    /// It is not done and never will be.
    Deposed,
    /// Somebody else has gone on so far that nobody can tell any more.
    Unknown,
}

/// A change of the head that is being tried.
#[derive(Clone, Debug)]
pub struct HeadAttempt {
    previous: Head,
    next: Head,
    record: Option<Vec<u8>>,
    is_repeated: bool,
}

impl HeadAttempt {
    /// A record behind a head.
    pub fn commit(previous: Head, next: Head, record: Vec<u8>) -> Self {
        Self { previous, next, record: Some(record), is_repeated: false }
    }

    /// Another epoch on the same position.
    pub fn claim(previous: Head, next: Head) -> Self {
        Self { previous, next, record: None, is_repeated: false }
    }

    /// The head behind it.
    pub fn next(&self) -> &Head {
        &self.next
    }

    /// The record, where it has one.
    pub fn record(&self) -> Option<&[u8]> {
        self.record.as_deref()
    }

    /// Asks once; what became of it, where that is known by now.
    pub fn step(&mut self, order: &dyn Order) -> Option<Ended> {
        let answer = match &self.record {
            Some(record) => order.commit(&self.previous, &self.next, record),
            None => order.claim(&self.previous, &self.next),
        };
        let is_repeated = std::mem::replace(&mut self.is_repeated, true);
        match answer {
            Reply::Done => Some(Ended::Done),
            Reply::Unknown => None,
            // The first try was not done, for it was refused; no earlier one could have been.
            Reply::Refused(_) if !is_repeated => Some(Ended::Deposed),
            Reply::Refused(found) => Some(self.judged(&found)),
        }
    }

    /// What became of the earlier tries, by what stands there now.
    fn judged(&self, found: &Refused) -> Ended {
        let Some(head) = &found.head else {
            // The order was begun anew, or taken away.
            return Ended::Unknown;
        };
        if *head == self.next {
            return Ended::Done;
        }
        match (&self.record, &found.record) {
            // A claim that somebody else has claimed from is of no use, done or not.
            (None, _) => Ended::Deposed,
            (Some(own), Some(found)) if own == found => Ended::DoneAndDeposed,
            (Some(_), Some(_)) => Ended::Deposed,
            (Some(_), None) if head.position < self.next.position => Ended::Deposed,
            (Some(_), None) => Ended::Unknown,
        }
    }
}
