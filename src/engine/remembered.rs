//! Commands that were done, by the caller's id, so that none is done twice (L4).
//!
//! What is remembered is the position of the entry that a command made and a digest of its body. The first
//! answer is read from that entry: from the latest ones in memory, from the journal else. A command that
//! was answered has an entry, whatever the answer; one that got an error has none, and its id may be tried
//! again. Old ids are forgotten by age, and beyond a number of them the oldest first, so memory is bounded.

use super::{command::ticket::Ticket, error::Error};
use crate::{
    journal::{self, EntryHead, Reader},
    ledger::{Entry, Fact, Leap, RequestStamp, World},
    limits,
    snapshot::Snapshot,
};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

/// Entries that are kept in memory beside those that may not be in the journal yet.
const RECENT: usize = 4 * limits::BATCH_MAX;

/// Ids that are forgotten at once: twice as many as a batch brings.
const FORGOTTEN_AT_ONCE: usize = 2 * limits::BATCH_MAX;

/// How long ids are remembered, and how many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retention {
    /// In microseconds.
    pub(super) age: i64,
    pub(super) count: usize,
}

/// A command that was done.
#[derive(Clone, Copy, Debug)]
struct Done {
    /// Of its body.
    digest: u128,
    /// Of its entry.
    position: u64,
}

/// An id, and when it was used.
#[derive(Debug)]
struct Used {
    id: Arc<str>,
    at: i64,
    position: u64,
}

/// What a command made when it was done before.
#[derive(Clone, Debug)]
pub(super) struct DoneBefore {
    pub(super) entry: Arc<Entry>,
    /// What has the names and dates of the entry, where the live snapshot may have others.
    pub(super) names: Option<Arc<Snapshot>>,
}

impl DoneBefore {
    /// What is done now, in the names of the live snapshot.
    pub(super) fn now(entry: Arc<Entry>) -> Self {
        Self { entry, names: None }
    }
}

/// The world in whose names is told what was done before, when it has others than the live one.
pub(super) fn told_in(names: Option<Arc<Snapshot>>, live: Arc<World>) -> Arc<World> {
    match names {
        Some(names) => Arc::new(live.in_names_of(names)),
        None => live,
    }
}

/// The commands that were done.
pub(super) struct Remembered {
    retention: Retention,
    by_id: HashMap<Arc<str>, Done>,
    oldest: VecDeque<Used>,
    /// The leaps of engine time, with the positions of their entries: ids before one are as much younger.
    leaps: Vec<(u64, Leap)>,
    /// The latest entries with an id, in order of position; all of the live snapshot.
    recent: VecDeque<Arc<Entry>>,
    /// Those of snapshots before it that may not be in the journal yet, the oldest first.
    of_last: VecDeque<(Vec<Arc<Entry>>, Arc<Snapshot>)>,
    /// Up to here all is in the journal.
    durable: u64,
    journal: Arc<dyn Reader>,
}

impl Remembered {
    pub(super) fn new(retention: Retention, journal: Arc<dyn Reader>) -> Self {
        let (by_id, oldest, recent) = (HashMap::new(), VecDeque::new(), VecDeque::new());
        let (leaps, of_last) = (Vec::new(), VecDeque::new());
        Self { retention, by_id, oldest, leaps, recent, of_last, durable: 0, journal }
    }

    /// How long ids are remembered, and how many.
    pub(super) fn retention(&self) -> Retention {
        self.retention
    }

    /// What first answers are read from.
    pub(super) fn reader(&self) -> &Arc<dyn Reader> {
        &self.journal
    }

    /// What a command made when it was done before.
    ///
    /// # Errors
    /// The id was used for another body, or the first answer cannot be read any more.
    pub(super) fn find(
        &self,
        ticket: &Ticket,
        snapshot: &Arc<Snapshot>,
    ) -> Result<Option<DoneBefore>, Error> {
        let Some(request) = &ticket.request else {
            return Ok(None);
        };
        let Some(done) = self.by_id.get(&request.id) else {
            return Ok(None);
        };
        if done.digest != request.digest && ticket.older != Some(done.digest) {
            return Err(Error::RequestIdReused { request_id: request.id.to_string() });
        }
        if let Ok(at) = self.recent.binary_search_by_key(&done.position, |entry| entry.position) {
            return Ok(Some(DoneBefore::now(Arc::clone(&self.recent[at]))));
        }
        let is_it = |entry: &&Arc<Entry>| entry.position == done.position;
        let of_last = self.of_last.iter();
        let mut of_last = of_last
            .filter_map(|(entries, names)| entries.iter().find(is_it).map(|entry| (entry, names)));
        if let Some((entry, names)) = of_last.next() {
            let (entry, names) = (Arc::clone(entry), Some(Arc::clone(names)));
            return Ok(Some(DoneBefore { entry, names }));
        }
        let mut found = None;
        self.journal.read_from(done.position, &mut |record| {
            let (entry, names) = record.entry_by_names(snapshot)?;
            let names = (!Arc::ptr_eq(&names, snapshot)).then_some(names);
            found = Some(DoneBefore { entry, names });
            Err(journal::Error::Enough)
        })?;
        // An id that was used is never taken for a new one.
        let lost =
            journal::Error::Lost { position: done.position - 1, acknowledged: done.position };
        found.map(Some).ok_or(Error::Journal(lost))
    }

    /// Makes room for the ids of so many entries, of which it remembers no more than it may.
    pub(super) fn expect(&mut self, n_entries: u64) {
        let n = usize::try_from(n_entries).unwrap_or(usize::MAX).min(self.retention.count);
        self.by_id.reserve(n);
        self.oldest.reserve(n);
    }

    /// Notes up to which position all is in the journal.
    pub(super) fn durable_to(&mut self, position: u64) {
        self.durable = position;
        let is_durable = |entry: &Arc<Entry>| entry.position <= position;
        self.of_last.retain(|(entries, _)| !entries.last().is_none_or(is_durable));
    }

    /// Another snapshot takes the place of this one: what was done before has its names, and is read from the journal by
    /// name, as soon as it is there.
    pub(super) fn renamed(&mut self, before: &Arc<Snapshot>) {
        let durable = self.durable;
        let left = self.recent.drain(..).filter(|entry| durable < entry.position).collect();
        self.of_last.push_back((left, Arc::clone(before)));
        self.durable_to(durable);
    }

    /// Remembers the command of an entry, if it has one.
    pub(super) fn remember(&mut self, entry: &Arc<Entry>) {
        if let Fact::Activated(_) = entry.fact {
            // Here it comes from the journal, and so have those before it.
            self.recent.clear();
        }
        let Some(request) = &entry.stamp.request else {
            return;
        };
        self.note(request, entry.stamp.at, entry.position);
        let is_durable = |entry: &Arc<Entry>| entry.position <= self.durable;
        while RECENT <= self.recent.len() && self.recent.front().is_some_and(is_durable) {
            self.recent.pop_front();
        }
        self.recent.push_back(Arc::clone(entry));
    }

    /// Remembers the command of an entry that stays in the journal.
    pub(super) fn remember_head(&mut self, head: &EntryHead) {
        if let Some(request) = &head.request {
            self.note(request, head.at, head.position);
        }
    }

    fn note(&mut self, request: &RequestStamp, at: i64, position: u64) {
        let RequestStamp { id, digest } = request;
        // In a journal written under a shorter retention an id may come twice: the later one counts.
        self.by_id.insert(Arc::clone(id), Done { digest: *digest, position });
        self.oldest.push_back(Used { id: Arc::clone(id), at, position });
    }

    /// Takes back what was remembered behind a position: it was never done.
    pub(super) fn take_back(&mut self, position: u64) {
        while let Some(used) = self.oldest.pop_back_if(|used| position < used.position) {
            if self.by_id.get(&used.id).is_some_and(|done| done.position == used.position) {
                self.by_id.remove(&used.id);
            }
        }
        while self.recent.pop_back_if(|entry| position < entry.position).is_some() {}
        for (entries, _) in &mut self.of_last {
            entries.retain(|entry| entry.position <= position);
        }
        self.leaps.retain(|(at, _)| *at <= position);
    }

    /// Engine time has leapt by the entry at a position: ids before it, from a position on, are as much younger.
    pub(super) fn leap(&mut self, leap: Leap, position: u64) {
        let oldest = self.oldest.front().map_or(position, |used| used.position);
        self.leaps.retain(|(position, _)| oldest < *position);
        self.leaps.push((position, leap));
    }

    /// When an id was used, by engine time as it is now.
    fn used_at(&self, used: &Used) -> i64 {
        let moves = |(at, leap): &&(u64, Leap)| (leap.from_position..*at).contains(&used.position);
        let leapt = self.leaps.iter().filter(moves).map(|(_, leap)| leap.by);
        leapt.fold(used.at, i64::saturating_add)
    }

    /// Forgets what is too old at an instant, or too much; some at a time, more than one batch can bring.
    pub(super) fn forget(&mut self, now: i64) {
        let Retention { age, count } = self.retention;
        for _ in 0..FORGOTTEN_AT_ONCE {
            let Some(used) = self.oldest.front() else { return };
            if now <= self.used_at(used).saturating_add(age) && self.oldest.len() <= count {
                break;
            }
            if self.by_id.get(&used.id).is_some_and(|done| done.position == used.position) {
                self.by_id.remove(&used.id);
            }
            self.oldest.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::smallest::snapshot,
        journal::{Journal, Memory},
        ledger::{Fact, Stamp},
    };

    fn entry(position: u64) -> Arc<Entry> {
        let id = position.to_string().into();
        let request = Some(RequestStamp { id, digest: u128::from(position) });
        let stamp = Stamp { request, ..Stamp::at(0) };
        let fact = Fact::Forgotten { numbers: Arc::new([]) };
        Arc::new(Entry { position, stamp, fact, also: Vec::new(), told: None })
    }

    fn found(remembered: &Remembered, position: u64) -> Result<Option<u64>, Error> {
        let request = entry(position).stamp.request.clone();
        let mut ticket = Ticket::new("", 0, None);
        ticket.request = request;
        let found = remembered.find(&ticket, &Arc::new(snapshot()))?;
        Ok(found.map(|found| found.entry.position))
    }

    /// Issue 18 item 8: an id that was used never reads as new, however many are under way.
    #[test]
    fn what_is_not_yet_in_the_journal_is_remembered_all_the_same() {
        let retention = Retention { age: i64::MAX, count: usize::MAX };
        let mut remembered = Remembered::new(retention, Memory::default().reader());
        let last = RECENT as u64 + 100;
        (1..=last).for_each(|position| remembered.remember(&entry(position)));
        assert_eq!(found(&remembered, 1).expect("it is in memory"), Some(1));
        assert_eq!(found(&remembered, last + 1).expect("it is new"), None);
        // What is durable is left to the journal; one that has lost it says so.
        remembered.durable_to(last);
        remembered.remember(&entry(last + 1));
        assert!(matches!(found(&remembered, 1), Err(Error::Journal(_))));
        assert_eq!(found(&remembered, last).expect("it is in memory"), Some(last));
    }

    /// Two snapshots come before anything is in the journal: each command is told in the names of its own.
    #[test]
    fn what_two_swaps_ago_is_not_yet_in_the_journal_is_remembered_all_the_same() {
        let retention = Retention { age: i64::MAX, count: usize::MAX };
        let mut remembered = Remembered::new(retention, Memory::default().reader());
        let (first, second) = (Arc::new(snapshot()), Arc::new(snapshot()));
        remembered.remember(&entry(1));
        remembered.renamed(&first);
        remembered.remember(&entry(2));
        remembered.renamed(&second);
        assert_eq!(found(&remembered, 1).expect("it is in memory"), Some(1));
        assert_eq!(found(&remembered, 2).expect("it is in memory"), Some(2));
        assert!(Arc::ptr_eq(&remembered.of_last[0].1, &first));
        remembered.durable_to(1);
        assert!(matches!(found(&remembered, 1), Err(Error::Journal(_))));
        assert_eq!(found(&remembered, 2).expect("it is in memory"), Some(2));
        remembered.durable_to(2);
        assert!(remembered.of_last.is_empty());
    }

    /// Issue 18 item 6: old ids are forgotten in steps, each larger than what came since the last.
    #[test]
    fn old_ids_are_forgotten_in_bounded_steps() {
        let retention = Retention { age: 10, count: usize::MAX };
        let mut remembered = Remembered::new(retention, Memory::default().reader());
        (1..=20_000).for_each(|position| remembered.remember(&entry(position)));
        let left: Vec<_> = (0..4)
            .map(|_| {
                remembered.forget(100);
                remembered.oldest.len()
            })
            .collect();
        assert_eq!(left, [11_808, 3_616, 0, 0]);
        assert!(remembered.by_id.is_empty());
    }
}
