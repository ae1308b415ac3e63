//! The naive twin of the ledger: arrays of seven days, no sharing, everything judged from scratch.

use super::ledger_book::Book;
use promised::{
    ledger::{Draft, reservation::Leg},
    model::{AccountIx, Consumption, Day, Posting, ProfileRef, Quantity},
    snapshot::{Builder, Manifest, Snapshot, schema::TABLES},
};
use std::collections::BTreeMap;

const DAYS: usize = 7;

/// The snapshot of some tables as CSV text, seven days from 2026-11-23 on.
pub fn snapshot(tables: &[(&str, &str)]) -> Snapshot {
    snapshot_from("2026-11-23", tables)
}

/// The snapshot of some tables as CSV text, seven days from a date on.
pub fn snapshot_from(as_of: &str, tables: &[(&str, &str)]) -> Snapshot {
    snapshot_named("test", as_of, None, tables)
}

/// The same with a watermark of the source `erp`.
pub fn snapshot_known(as_of: &str, erp: Option<&str>, tables: &[(&str, &str)]) -> Snapshot {
    snapshot_named("test", as_of, erp, tables)
}

/// The same under an id.
pub fn snapshot_named(
    id: &str,
    as_of: &str,
    erp: Option<&str>,
    tables: &[(&str, &str)],
) -> Snapshot {
    let mut builder = Builder::new(Manifest {
        snapshot_id: id.to_string(),
        as_of: as_of.parse().unwrap(),
        horizon_days: DAYS as u16,
        currency: "EUR".to_string(),
        watermarks: erp.map(|at| ("erp".to_string(), at.to_string())).into_iter().collect(),
    });
    for schema in TABLES {
        let Some((_, text)) = tables.iter().find(|(name, _)| *name == schema.name) else {
            continue;
        };
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next().unwrap().split(',').collect();
        let mapping = builder.open(schema, &header);
        for (number, line) in lines.enumerate() {
            let cells: Vec<_> =
                line.split(',').map(|cell| (!cell.is_empty()).then_some(cell)).collect();
            builder.row(&mapping, number as u64 + 1, &cells);
        }
    }
    let loaded = builder.finish();
    let problems: Vec<_> = loaded.problems.listed().iter().map(ToString::to_string).collect();
    loaded.snapshot.unwrap_or_else(|| panic!("{}", problems.join("\n")))
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Capacity,
    Stock(Consumption),
}

#[derive(Clone, Debug, PartialEq)]
enum Life {
    Held(i64),
    Confirmed,
    Over,
}

#[derive(Clone, Debug)]
struct Kept {
    life: Life,
    legs: Vec<Leg>,
    postings: Vec<Posting>,
    /// What was planned for it and is left of that, where it is over.
    left: Vec<Vec<Posting>>,
}

type Net = BTreeMap<AccountIx, (Kind, [i64; DAYS])>;

pub struct Model {
    base: Net,
    net: Net,
    kept: Vec<Kept>,
}

fn net_of(profile: ProfileRef<'_>) -> (Kind, [i64; DAYS]) {
    let day = |at: usize| Day(at as i32);
    match profile {
        ProfileRef::Stock(stock) => {
            (Kind::Stock(stock.consumption), std::array::from_fn(|at| stock.net_on(day(at)).raw()))
        }
        ProfileRef::Capacity(capacity) => {
            (Kind::Capacity, std::array::from_fn(|at| capacity.balance(day(at)).raw()))
        }
    }
}

/// What the definition of semantics 2 leaves on every day, before it is cut off at zero.
fn raw_availability(kind: Kind, net: &[i64; DAYS]) -> [i64; DAYS] {
    let mut cum = [0; DAYS];
    let mut sum = 0;
    for at in 0..DAYS {
        sum += net[at];
        if kind == Kind::Stock(Consumption::Backward) {
            sum = sum.max(0);
        }
        cum[at] = sum;
    }
    match kind {
        Kind::Capacity | Kind::Stock(Consumption::None) => *net,
        Kind::Stock(Consumption::Both | Consumption::Backward) => {
            std::array::from_fn(|at| cum[at..].iter().copied().min().unwrap())
        }
    }
}

fn cum(net: &[i64; DAYS]) -> [i64; DAYS] {
    let mut sum = 0;
    net.map(|net| {
        sum += net;
        sum
    })
}

/// Whether these postings fit: what is given is there first; then everything that is taken must be
/// there by the account's rule. Where the rule has balances, none may fall below zero.
fn fits(net: &Net, postings: &[Posting]) -> bool {
    let accounts: std::collections::BTreeSet<_> =
        postings.iter().map(|posting| posting.account).collect();
    accounts.into_iter().all(|account| {
        let (kind, before) = net[&account];
        let mut after = before;
        let own = postings.iter().filter(|posting| posting.account == account);
        let (given, taken): (Vec<&Posting>, Vec<&Posting>) =
            own.partition(|posting| posting.quantity.is_positive());
        for posting in given.iter().chain(&taken) {
            after[posting.day.0 as usize] += posting.quantity.raw();
        }
        match kind {
            Kind::Capacity => (0..DAYS).all(|at| after[at] >= 0 || after[at] >= before[at]),
            Kind::Stock(Consumption::Both) => {
                let (before, after) = (cum(&before), cum(&after));
                (0..DAYS).all(|at| after[at] >= 0 || after[at] >= before[at])
            }
            Kind::Stock(Consumption::None) => {
                (0..DAYS).all(|at| after[at] >= 0 || after[at] >= before[at])
            }
            Kind::Stock(Consumption::Backward) => {
                let (before, after) = (written_off(&before), written_off(&after));
                (0..DAYS).all(|at| after[at] <= before[at])
            }
        }
    })
}

/// What has been written off in all by the end of each day: shortages that nothing covered.
fn written_off(net: &[i64; DAYS]) -> [i64; DAYS] {
    let (mut balance, mut off) = (0, 0);
    net.map(|net| {
        balance += net;
        off += (-balance).max(0);
        balance = balance.max(0);
        off
    })
}

fn turned(postings: &[Posting]) -> Vec<Posting> {
    postings.iter().map(|posting| Posting { quantity: -posting.quantity, ..*posting }).collect()
}

impl Model {
    pub fn new<'a>(book: &Book, names: impl Iterator<Item = &'a &'a str>) -> Self {
        let world = book.ledger.world();
        let accounts = names.map(|name| book.account(name));
        let net: Net = accounts.map(|account| (account, net_of(world.profile(account)))).collect();
        Self { base: net.clone(), net, kept: Vec::new() }
    }

    fn post(&mut self, postings: &[Posting]) {
        for posting in postings {
            let (_, net) = self.net.get_mut(&posting.account).unwrap();
            net[posting.day.0 as usize] += posting.quantity.raw();
        }
    }

    pub fn show(&self, book: &Book, name: &str) -> String {
        let (kind, net) = &self.net[&book.account(name)];
        let available = raw_availability(*kind, net).map(|available| available.max(0));
        available.map(|available| Quantity::micros(available).to_string()).join(" ")
    }

    pub fn promise(&mut self, _: &Book, draft: Draft, hold: Option<i64>) -> String {
        if !fits(&self.net, &draft.postings) {
            return "exceeds_available".to_string();
        }
        self.post(&draft.postings);
        let life = hold.map_or(Life::Confirmed, Life::Held);
        let (legs, postings) = (draft.facts.legs, draft.postings);
        self.kept.push(Kept { life, legs, postings, left: Vec::new() });
        self.withdraw();
        format!("P{}", self.kept.len())
    }

    fn find(&self, which: u64) -> Result<usize, String> {
        let at = which as usize - 1;
        match self.kept.get(at) {
            None => Err("does_not_exist".to_string()),
            Some(kept) if kept.life == Life::Over => Err("state_forbids".to_string()),
            Some(_) => Ok(at),
        }
    }

    pub fn amend(&mut self, book: &Book, which: u64, draft: Draft) -> String {
        let at = match self.find(which) {
            Ok(at) => at,
            Err(refusal) => return refusal,
        };
        let before = (self.net.clone(), self.kept.clone());
        self.give_back(book, at);
        if !fits(&self.net, &draft.postings) {
            (self.net, self.kept) = before;
            return "exceeds_available".to_string();
        }
        self.post(&draft.postings);
        self.kept[at].legs = draft.facts.legs;
        self.kept[at].postings = draft.postings;
        self.withdraw();
        format!("P{which}")
    }

    pub fn confirm(&mut self, which: u64) -> String {
        match self.find(which) {
            Err(refusal) => refusal,
            Ok(at) if self.kept[at].life == Life::Confirmed => "state_forbids".to_string(),
            Ok(at) => {
                self.kept[at].life = Life::Confirmed;
                format!("P{which}")
            }
        }
    }

    pub fn cancel(&mut self, book: &Book, which: u64) -> String {
        match self.find(which) {
            Err(refusal) => refusal,
            Ok(at) => self.release(book, at),
        }
    }

    pub fn expire(&mut self, book: &Book, now: i64) -> String {
        let due = |(at, kept): (usize, &Kept)| match kept.life {
            Life::Held(until) if until <= now => Some((until, at)),
            _ => None,
        };
        match self.kept.iter().enumerate().filter_map(due).min() {
            None => "nothing".to_string(),
            Some((_, at)) => self.release(book, at),
        }
    }

    fn release(&mut self, book: &Book, at: usize) -> String {
        self.give_back(book, at);
        self.kept[at].life = Life::Over;
        format!("P{}", at + 1)
    }

    /// Gives back what a promise takes; what was planned for it is everybody's.
    fn give_back(&mut self, book: &Book, at: usize) {
        let Kept { legs, postings, .. } = self.kept[at].clone();
        let is_given = |posting: &Posting| {
            matches!(self.net[&posting.account].0, Kind::Stock(_)) && posting.quantity.is_positive()
        };
        if postings.iter().any(is_given) {
            let taken = self.takes(book, &legs, &postings);
            self.post(&taken);
            self.kept[at].left.push([postings, taken].concat());
        } else {
            self.post(&turned(&postings));
        }
        self.withdraw();
    }

    /// Takes away what was planned for those that are over, the latest first, where nobody would miss it.
    fn withdraw(&mut self) {
        loop {
            let groups =
                self.kept.iter().enumerate().rev().flat_map(|(at, kept)| {
                    (0..kept.left.len()).rev().map(move |group| (at, group))
                });
            let goes = groups
                .into_iter()
                .find(|&(at, group)| !self.is_missed(&turned(&self.kept[at].left[group])));
            let Some((at, group)) = goes else { return };
            let gone = self.kept[at].left.remove(group);
            self.post(&turned(&gone));
        }
    }

    /// Whether an account would be below zero, lower than it is and than it was in the beginning.
    fn is_missed(&self, gone: &[Posting]) -> bool {
        let mut after = self.net.clone();
        for posting in gone {
            after.get_mut(&posting.account).unwrap().1[posting.day.0 as usize] +=
                posting.quantity.raw();
        }
        let accounts: std::collections::BTreeSet<_> =
            gone.iter().map(|posting| posting.account).collect();
        accounts.iter().any(|account| {
            let ((kind, now), base) = (&self.net[account], &self.base[account].1);
            let after = &after[account].1;
            let lower = |now: [i64; DAYS], base: [i64; DAYS], after: [i64; DAYS]| {
                (0..DAYS).any(|at| after[at] < 0 && after[at] < now[at] && after[at] < base[at])
            };
            let is_worse = |before: &[i64; DAYS]| match kind {
                Kind::Stock(Consumption::Backward) => {
                    let (before, after) = (written_off(before), written_off(after));
                    (0..DAYS).any(|at| before[at] < after[at])
                }
                _ => (0..DAYS).any(|at| after[at] < 0 && after[at] < before[at]),
            };
            match kind {
                Kind::Capacity => false,
                Kind::Stock(Consumption::Both) => lower(cum(now), cum(base), cum(after)),
                Kind::Stock(_) => is_worse(now) && is_worse(base),
            }
        })
    }

    /// What the legs took, and for each a place among the house's lines, as far as it was posted.
    fn takes(&self, book: &Book, legs: &[Leg], postings: &[Posting]) -> Vec<Posting> {
        let snapshot = book.snapshot();
        let mut left = postings.to_vec();
        let mut given_back = Vec::new();
        for leg in legs.iter().rev() {
            let house = snapshot.capacities.house(leg.location);
            let house = house.map(|house| (snapshot.capacity(house).ix(), leg.ship, Quantity::ONE));
            let stock = (snapshot.stock(leg.item, leg.location).ix(), leg.need, leg.quantity);
            for (account, day, wanted) in std::iter::once(stock).chain(house) {
                let mut wanted = wanted;
                for posting in
                    left.iter_mut().filter(|one| (one.account, one.day) == (account, day))
                {
                    let part = wanted.min(-posting.quantity).max(Quantity::ZERO);
                    posting.quantity += part;
                    wanted -= part;
                    given_back.push(Posting { account, day, quantity: part, planned: 0 });
                }
            }
        }
        given_back
    }
}
