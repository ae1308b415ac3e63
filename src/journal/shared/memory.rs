//! An order in memory that does to its callers what a network and a store can do to them, as one seed says.
//!
//! Changes are dropped, delayed, done twice, done without an answer; reads fail and are old. What is never done is
//! what the contract forbids. For simulations and tests.

use super::{Away, Head, Order, Record, Refused, Reply, Seen};
use parking_lot::Mutex;
use std::{collections::BTreeMap, sync::Arc};

/// How often what goes wrong, of a thousand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetworkFaults {
    /// A change never arrives.
    pub dropped: u64,
    /// It is done some time later.
    pub delayed: u64,
    /// It is done now, and the answer is lost.
    pub unheard: u64,
    /// It is done now and comes once more later.
    pub repeated: u64,
    /// A read gives what was there some changes ago.
    pub stale: u64,
    /// A read fails.
    pub away: u64,
}

impl NetworkFaults {
    /// Everything, often.
    pub const MANY: Self =
        Self { dropped: 80, delayed: 80, unheard: 80, repeated: 80, stale: 200, away: 100 };
}

/// Changes ago that a read may see.
const STALE_MAX: usize = 12;

/// Records that one read gives.
const RECORDS_AT_ONCE: usize = 5;

#[derive(Clone, Debug)]
enum Change {
    Begin(Head),
    Claim(Head, Head),
    Commit(Head, Head, Vec<u8>),
    Beat(Head, u64),
    Cell(String, Option<Vec<u8>>, Option<Vec<u8>>),
}

#[derive(Clone, Debug, Default)]
struct Kept {
    seen: Seen,
    /// Records by their first entry.
    records: BTreeMap<u64, Arc<[u8]>>,
    cells: BTreeMap<String, Vec<u8>>,
}

#[derive(Debug, Default)]
struct State {
    kept: Kept,
    /// What was there before, newest last.
    before: Vec<Kept>,
    /// Changes that come later, if they still fit then.
    under_way: Vec<Change>,
    /// Every record that was ever committed, with its head: what tests compare with.
    all: Vec<(Head, Arc<[u8]>)>,
    /// Every claim that was done.
    claims: Vec<Head>,
    faults: NetworkFaults,
    random: u64,
}

/// The order. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct MemoryOrder(Arc<Mutex<State>>);

impl MemoryOrder {
    /// One in which nothing goes wrong.
    pub fn new() -> Self {
        Self::default()
    }

    /// One in which things go wrong as a seed says.
    pub fn with(faults: NetworkFaults, seed: u64) -> Self {
        let random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        Self(Arc::new(Mutex::new(State { faults, random, ..State::default() })))
    }

    /// What goes wrong from now on; what is under way stays so.
    pub fn set_faults(&self, faults: NetworkFaults) {
        self.0.lock().faults = faults;
    }

    /// Every record that was ever committed, forgotten or not, each with the head behind it.
    pub fn all(&self) -> Vec<(Head, Arc<[u8]>)> {
        self.0.lock().all.clone()
    }

    /// Every claim that was done, in order.
    pub fn claims(&self) -> Vec<Head> {
        self.0.lock().claims.clone()
    }

    /// The head as it is.
    pub fn true_head(&self) -> Option<Head> {
        self.0.lock().kept.seen.head.clone()
    }

    /// Something that is under way arrives. Says whether there was anything.
    pub fn arrive(&self) -> bool {
        self.0.lock().arrive()
    }
}

impl State {
    fn draw(&mut self, of: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) % of
    }

    fn arrive(&mut self) -> bool {
        let n = self.under_way.len() as u64;
        if n == 0 {
            return false;
        }
        let at = usize::try_from(self.draw(n)).unwrap_or(0);
        let change = self.under_way.swap_remove(at);
        // Nobody hears what becomes of it.
        let _answer = self.apply(&change);
        true
    }

    fn change(&mut self, change: Change) -> Reply {
        while !self.under_way.is_empty() && self.draw(4) == 0 {
            self.arrive();
        }
        let NetworkFaults { dropped, delayed, unheard, repeated, .. } = self.faults;
        let (drawn, mut below) = (self.draw(1_000), 0);
        let mut is = |often: u64| {
            below += often;
            (below - often..below).contains(&drawn)
        };
        if is(dropped) {
            return Reply::Unknown;
        }
        if is(delayed) {
            self.under_way.push(change);
            return Reply::Unknown;
        }
        if is(unheard) {
            let _answer = self.apply(&change);
            return Reply::Unknown;
        }
        if is(repeated) {
            self.under_way.push(change.clone());
        }
        self.apply(&change)
    }

    fn apply(&mut self, change: &Change) -> Reply {
        let before = self.kept.clone();
        let answer = self.kept.apply(change);
        if answer != Reply::Done {
            return answer;
        }
        match change {
            Change::Commit(_, next, record) => {
                self.all.push((next.clone(), record.as_slice().into()));
            }
            Change::Claim(_, next) => self.claims.push(next.clone()),
            Change::Begin(_) | Change::Beat(..) | Change::Cell(..) => (),
        }
        self.before.push(before);
        let n_old = self.before.len().saturating_sub(STALE_MAX);
        self.before.drain(..n_old);
        answer
    }

    /// What a read sees.
    fn read(&mut self) -> Result<Kept, Away> {
        let NetworkFaults { stale, away, .. } = self.faults;
        if self.draw(1_000) < away {
            return Err(Away("as the seed says".to_string()));
        }
        let n = self.before.len() as u64;
        if 0 < n && self.draw(1_000) < stale {
            let at = usize::try_from(self.draw(n)).unwrap_or(0);
            return Ok(self.before[at].clone());
        }
        Ok(self.kept.clone())
    }
}

impl Kept {
    fn apply(&mut self, change: &Change) -> Reply {
        let (expected, next) = match change {
            Change::Begin(next) => (None, next),
            Change::Claim(seen, next) => (Some(seen), next),
            Change::Commit(previous, next, record) => {
                let first = previous.position + 1;
                if self.seen.head.as_ref() != Some(previous) {
                    return self.refused(first);
                }
                self.records.insert(first, record.as_slice().into());
                (Some(previous), next)
            }
            Change::Beat(head, count) => {
                if self.seen.head.as_ref() != Some(head) {
                    return self.refused(0);
                }
                self.seen.beat = *count;
                return Reply::Done;
            }
            Change::Cell(name, seen, next) => return self.set(name, seen.as_ref(), next.as_ref()),
        };
        if self.seen.head.as_ref() != expected {
            return self.refused(0);
        }
        self.seen.head = Some(next.clone());
        Reply::Done
    }

    fn set(&mut self, name: &str, seen: Option<&Vec<u8>>, next: Option<&Vec<u8>>) -> Reply {
        if self.cells.get(name) != seen {
            return Reply::Refused(Refused::default());
        }
        match next {
            Some(next) => self.cells.insert(name.to_string(), next.clone()),
            None => self.cells.remove(name),
        };
        Reply::Done
    }

    fn refused(&self, first: u64) -> Reply {
        let record = self.records.get(&first).map(|record| record.to_vec());
        Reply::Refused(Refused { head: self.seen.head.clone(), record })
    }
}

impl Order for MemoryOrder {
    fn head(&self) -> Result<Seen, Away> {
        self.0.lock().read().map(|kept| kept.seen)
    }

    fn begin(&self, head: &Head) -> Reply {
        self.0.lock().change(Change::Begin(head.clone()))
    }

    fn claim(&self, seen: &Head, next: &Head) -> Reply {
        self.0.lock().change(Change::Claim(seen.clone(), next.clone()))
    }

    fn commit(&self, previous: &Head, next: &Head, record: &[u8]) -> Reply {
        self.0.lock().change(Change::Commit(previous.clone(), next.clone(), record.to_vec()))
    }

    fn beat(&self, head: &Head, count: u64) -> Reply {
        self.0.lock().change(Change::Beat(head.clone(), count))
    }

    fn records(&self, from: u64) -> Result<Vec<Vec<u8>>, Away> {
        let kept = self.0.lock().read()?;
        let holding = kept.records.range(..=from).next_back().map(|(first, _)| *first);
        // One that ends before it does not hold it.
        let holds = |first: &u64| {
            let record = kept.records.get(first).map(|bytes| Record::of_bytes(bytes));
            matches!(record, Some(Ok(record)) if from <= record.last)
        };
        let from = holding.filter(holds).unwrap_or(from);
        let found = kept.records.range(from..).take(RECORDS_AT_ONCE);
        Ok(found.map(|(_, record)| record.to_vec()).collect())
    }

    fn forget(&self, before: u64) -> Result<(), Away> {
        let mut state = self.0.lock();
        state.read()?;
        let ends = |bytes: &Arc<[u8]>| Record::of_bytes(bytes).map_or(u64::MAX, |one| one.last);
        let records = &mut state.kept.records;
        let newest = records.last_key_value().map(|(first, _)| *first);
        records.retain(|first, record| Some(*first) == newest || before <= ends(record));
        Ok(())
    }

    fn cell(&self, name: &str) -> Result<Option<Vec<u8>>, Away> {
        self.0.lock().read().map(|kept| kept.cells.get(name).cloned())
    }

    fn set_cell(&self, name: &str, seen: Option<&[u8]>, next: Option<&[u8]>) -> Reply {
        let change = Change::Cell(name.into(), seen.map(Into::into), next.map(Into::into));
        self.0.lock().change(change)
    }
}
