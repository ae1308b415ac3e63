//! What takes long is worked out beside the live ledger and joined to it later (issue 18 item 4).
//!
//! A [`Ledger::fork`] is the ledger of an instant, to do a command on as on the live one. What came of it is a [`Fork`]:
//! the entry, or several that follow each other, the world after them, and a [`Footprint`] of all that was looked at. The live ledger goes on meanwhile. As
//! long as nothing of what it did meets the footprint, the two orders give the same world: so the fork takes over
//! what happened ([`Fork::catch_up`]), and its world becomes the live one ([`Ledger::join`]). What that costs is in
//! proportion to what happened meanwhile, whatever the size of the command.
//!
//! Only when they are joined do entries have their places. What notes its position (the steps of promises, since when they are at
//! risk) is put right afterwards in bounded steps ([`Ledger::place`]); nothing may be published before that is
//! done.

use super::{
    Entry, Fact, Footprint, Leap, Ledger, World,
    footprint::{BESIDE, Late},
    holds,
    marks::{Placing, Since},
    places::hold_end,
};
use std::sync::Arc;

/// Something that was worked out beside the live ledger.
#[derive(Debug)]
pub struct Fork {
    /// The live world as far as it has caught up.
    base: World,
    /// The ledger after the entries.
    ledger: Ledger,
    /// At least one.
    entries: Vec<Entry>,
    footprint: Arc<Footprint>,
}

/// The live ledger has changed what a fork was worked out from: it is to be worked out anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

impl Fork {
    /// What commands did on a fork of a world, one after the other: their entries, and the ledger after them.
    ///
    /// # Panics
    /// If there are none, or they are of another world.
    pub fn new(base: World, mut ledger: Ledger, entries: Vec<Entry>) -> Self {
        let positions = entries.iter().map(|entry| entry.position);
        let first = BESIDE + base.position + 1;
        assert!(
            positions.eq(first..=ledger.world.position),
            "they were made on a fork of this world"
        );
        assert!(!entries.is_empty(), "what made no entry is not joined");
        let asked = ledger.lookup.take_asked();
        let footprint = Arc::new(Footprint::of(&base, &ledger.world, &entries, &asked));
        Self { base, ledger, entries, footprint }
    }

    /// What it was worked out from.
    pub fn footprint(&self) -> Arc<Footprint> {
        Arc::clone(&self.footprint)
    }

    /// How many promises of a world it has still to catch up with.
    pub fn behind(&self, live: &World) -> usize {
        live.changed_since(&self.base).len() + live.forgotten_since(&self.base).len()
    }

    /// Takes over what has happened since.
    ///
    /// # Errors
    /// It has changed what this was worked out from.
    pub fn catch_up(&mut self, live: &World) -> Result<(), Lost> {
        if let Fact::Leapt(leap) = &self.entries[0].fact {
            let leap = *leap;
            self.leap_too(live, leap);
        } else {
            self.check(live)?;
            self.ledger.work += self.ledger.world.advance(live, &self.base) as u64;
        }
        self.base = live.clone();
        Ok(())
    }

    /// A leap moves every hold there is.
    fn leap_too(&mut self, live: &World, leap: Leap) {
        let world = &mut self.ledger.world;
        self.ledger.work += world.advance(live, &self.base) as u64;
        for number in live.changed_since(&self.base) {
            if let Some((_, after)) = world.moved(number, leap) {
                world.put(after);
            }
        }
    }

    fn check(&self, live: &World) -> Result<(), Lost> {
        let base = &self.base;
        let is_same = live.generation == base.generation
            && live.rules == base.rules
            && Arc::ptr_eq(&live.snapshot, &base.snapshot);
        if !is_same || (self.footprint.makes() && live.next_number() != base.next_number()) {
            return Err(Lost);
        }
        let is_met = |number: u64| {
            let both = [base.reservation(number), live.reservation(number)];
            let mut both = both.into_iter().flatten();
            both.any(|one| self.footprint.meets(&live.snapshot, one))
        };
        let noted = live.marks_since(base).into_iter();
        let numbers = live.changed_since(base).into_iter().chain(live.forgotten_since(base));
        match numbers.chain(noted.filter(|number| *number != 0)).any(is_met) {
            true => Err(Lost),
            false => Ok(()),
        }
    }
}

impl Ledger {
    /// A ledger of this instant, to work something out on that takes long.
    pub fn fork(&self) -> Ledger {
        let mut fork = Self::aside(self.world.clone());
        fork.world.position += BESIDE;
        fork.lookup = self.lookup.fork();
        fork
    }

    /// Finds the holds of a fork: a leap moves them.
    pub fn find_holds(&mut self) {
        self.due = holds(&self.world);
    }

    /// Lets what was worked out beside become live, after all that has happened meanwhile, at an instant in
    /// microseconds since 1970 UTC. [`Ledger::place`] is to be called until nothing is left.
    ///
    /// # Errors
    /// What has happened has changed what it was worked out from: it comes back.
    ///
    /// # Panics
    /// If another one is not in its place yet.
    pub fn join(&mut self, mut fork: Box<Fork>, at: i64) -> Result<Vec<Entry>, Box<Fork>> {
        assert!(!self.is_late(), "one is joined after the other");
        fork.ledger.work = 0;
        if fork.catch_up(&self.world) == Err(Lost) {
            return Err(fork);
        }
        let Fork { ledger, mut entries, footprint, .. } = *fork;
        let since = Since { at, position: self.world.position + 1 };
        let placing = Placing { noted: entries[0].position, n: entries.len() as u64, since };
        let mut last = since;
        for entry in &mut entries {
            last = placing.of(entry.position).expect("they follow each other");
            (entry.position, entry.stamp.at) = (last.position, at);
        }
        self.world = ledger.world;
        (self.world.position, self.world.instant) = (last.position, last);
        self.lookup.replace(ledger.lookup);
        self.work += ledger.work;
        self.ahead += footprint.numbers.len() as u64;
        // What a leap moves is no step in the life of anything, and is found when it is due.
        let is_leap = matches!(entries[0].fact, Fact::Leapt(_));
        let left = if is_leap { 0 } else { footprint.numbers.len() };
        self.late = Late { placing, numbers: footprint, left };
        Ok(entries)
    }

    /// What an entry has changed before it had its place is to be put right: see [`Ledger::place`].
    pub(super) fn place_later(&mut self, entry: &Entry, numbers: Vec<u64>) {
        let since = Since { at: entry.stamp.at, position: entry.position };
        let left = numbers.len();
        let numbers = Arc::new(Footprint::of_promises(numbers));
        let placing = Placing { noted: BESIDE, n: 1, since };
        self.late = Late { placing, numbers, left };
    }

    /// Whether something is still to be said of promises that the last entry changed.
    pub fn is_late(&self) -> bool {
        self.late.left != 0
    }

    /// Says of some promises that the entries changed which were joined last which entries those are.
    pub fn place(&mut self, n: usize) {
        let placing = self.late.placing;
        let numbers = Arc::clone(&self.late.numbers);
        let left = self.late.left;
        self.late.left = left.saturating_sub(n);
        for &number in &numbers.numbers[self.late.left..left] {
            self.work += 1;
            self.world.place(number, placing);
            let found = self.world.reservation(number);
            self.due.extend(found.and_then(|found| Some((hold_end(found)?, number))));
        }
    }
}
