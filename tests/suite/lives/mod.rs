//! Issue 16, items 1, 2, 3, 5 and 6: a promise's whole life adds up. A script of commands, each with what is to be
//! said; after each of them the balances are what the promises say (L2) and no planned supply is idle (L7), and
//! in the end the entries, by way of bytes, lead to the same world (L6).

mod overdue;
mod own_demand;
mod parts;
mod planned;
pub mod random;
mod shipped;
mod unpegged;

use jiff::civil::Date;
use promised::{
    change::Change,
    insight::pegging,
    journal::codec,
    ledger::{
        Admission, Entry, Ledger, Origin, Proposal, ProposedLine, Refusal, Reservation, Shipment,
        Stamp, Start, World, audit, digest, planned as supplies,
        refresh::{Refresh, missing},
    },
    model::{Day, ProfileRef, Quantity},
    promising::{
        self, draft,
        request::{OrderLine, Remedies, Request},
    },
    snapshot::{Builder, Manifest, Snapshot, schema::TABLES},
};
use std::{collections::BTreeMap, sync::Arc};

/// Tables as text: `items: item; A; B` one a line, cells by commas.
pub type Tables = BTreeMap<String, Vec<String>>;

pub fn tables(text: &str) -> Tables {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (name, rows) = line.split_once(':').unwrap();
            let rows = rows.split(';').map(|row| row.trim().to_string()).collect();
            (name.trim().to_string(), rows)
        })
        .collect()
}

/// Some tables with others in their place.
pub fn with(base: &Tables, text: &str) -> Tables {
    let mut all = base.clone();
    all.extend(tables(text));
    all
}

/// A snapshot of 60 days; `marks` such as `erp=2026-11-24T10:00:00Z`.
pub fn snapshot(id: &str, as_of: &str, marks: &str, tables: &Tables) -> Snapshot {
    let marks = marks.split_whitespace().map(|mark| mark.split_once('=').unwrap());
    let mut builder = Builder::new(Manifest {
        snapshot_id: id.to_string(),
        as_of: as_of.parse().unwrap(),
        horizon_days: 60,
        watermarks: marks.map(|(source, at)| (source.to_string(), at.to_string())).collect(),
        ..plain_manifest()
    });
    for schema in TABLES {
        let Some(rows) = tables.get(schema.name) else { continue };
        let header: Vec<&str> = rows[0].split(',').collect();
        let mapping = builder.open(schema, &header);
        for (number, row) in rows[1..].iter().enumerate() {
            let cells: Vec<_> =
                row.split(',').map(|cell| (!cell.is_empty()).then_some(cell)).collect();
            builder.row(&mapping, number as u64 + 1, &cells);
        }
    }
    let loaded = builder.finish();
    let problems: Vec<_> = loaded.problems.listed().iter().map(ToString::to_string).collect();
    loaded.snapshot.unwrap_or_else(|| panic!("{}", problems.join("\n")))
}

fn plain_manifest() -> Manifest {
    Manifest {
        snapshot_id: String::new(),
        as_of: "2026-11-23".parse().unwrap(),
        horizon_days: 60,
        currency: "EUR".to_string(),
        watermarks: BTreeMap::new(),
    }
}

/// A ledger and what was done to it.
pub struct Life {
    pub ledger: Ledger,
    first: World,
    entries: Vec<(Arc<Entry>, Option<Arc<Snapshot>>)>,
    /// Microseconds since 1970 UTC.
    now: i64,
}

impl Life {
    pub fn new(tables: &Tables) -> Self {
        let snapshot = Arc::new(snapshot("S1", "2026-11-23", "", tables));
        let first = World::new(snapshot);
        let now = instant("2026-11-23T12:00:00Z");
        Self { ledger: Ledger::new(first.clone()), first, entries: Vec::new(), now }
    }

    pub fn world(&self) -> &World {
        self.ledger.world()
    }

    fn date(&self, text: &str) -> Day {
        self.world().snapshot.epoch().day(date(text))
    }

    fn number(&self, words: &str) -> u64 {
        match promised::ledger::reservation::number(words) {
            Some(number) => number,
            None => {
                let (order, line) = words.split_once('/').unwrap_or((words, "1"));
                let mut all = self.world().promises_of(order, line);
                let live = all.find(|found| !found.state.is_final());
                live.or_else(|| self.world().promises_of(order, line).last()).unwrap().number
            }
        }
    }

    pub fn request(&self, words: &[&str]) -> Request {
        let (order, line) = words[0].split_once('/').unwrap_or((words[0], "1"));
        let mut asked = OrderLine::new(order, words[1], quantity(words[2]), date(words[3]));
        asked.line = line.to_string();
        for more in &words[4..] {
            match more.split_once('=').unwrap() {
                ("set", name) => asked.ship_set = Some(name.to_string()),
                ("from", name) => asked.location = Some(name.to_string()),
                ("uom", unit) => asked.uom = Some(unit.to_string()),
                ("split", legs) => {
                    (asked.split, asked.max_splits) = (Some(true), legs.parse().ok());
                }
                other => panic!("{other:?}"),
            }
        }
        Request {
            lines: vec![asked],
            objective: None,
            alternatives: 0,
            remedies: Remedies::None,
            now: None,
        }
    }

    fn keep(&mut self, entry: Entry) -> Arc<Entry> {
        let entry = Arc::new(entry);
        self.entries.push((Arc::clone(&entry), None));
        self.now += 1_000_000;
        entry
    }

    fn promise(&mut self, request: &Request, start: Start) -> String {
        let query = request.resolve(&self.world().snapshot).unwrap();
        let promise = promising::plan(self.world(), &query);
        let lines = draft::lines(request, &query, &promise, self.now);
        let proposal = Proposal { lines, start, admission: Admission::Fits };
        let stamp = Stamp::at(self.now);
        let entry = match self.ledger.admit(proposal) {
            Ok(admitted) => admitted.commit(stamp),
            Err(Refusal::NothingToReserve) => return "nothing".to_string(),
            Err(refusal) => panic!("P2: {refusal:?}"),
        };
        let entry = self.keep(entry);
        let made: Vec<_> = entry.fact.reservations().map(|one| self.legs(one)).collect();
        made.join("; ")
    }

    pub fn legs(&self, found: &Reservation) -> String {
        let epoch = self.world().snapshot.epoch();
        let of_leg = |leg: &promised::ledger::reservation::Leg| {
            let date = epoch.date(leg.ship).to_string();
            format!("{} on {}", leg.covers, &date[5..])
        };
        found.facts.legs.iter().map(of_leg).collect::<Vec<_>>().join(", ")
    }

    fn amend(&mut self, words: &[&str]) -> String {
        let request = self.request(words);
        let number = self.number(words[0]);
        let without = self.world().without(number);
        let query = request.resolve(&without.snapshot).unwrap();
        let promise = promising::plan(&without, &query);
        let Some(ProposedLine::Reserve(draft)) =
            draft::lines(&request, &query, &promise, self.now).pop()
        else {
            return "nothing".to_string();
        };
        let admitted = self.ledger.amend(number, draft, Admission::Fits);
        let entry = admitted.unwrap_or_else(|refusal| panic!("{refusal:?}"));
        let entry = entry.commit(Stamp::at(self.now));
        let entry = self.keep(entry);
        self.legs(entry.fact.reservations().next().unwrap())
    }

    /// Does one command and says what came of it.
    pub fn run(&mut self, command: &str) -> String {
        let words: Vec<&str> = command.split_whitespace().collect();
        let stamp = Stamp::at(self.now);
        match words[0] {
            "promise" => self.promise(&self.request(&words[1..]), Start::Confirmed),
            "hold" => self.promise(&self.request(&words[1..]), Start::Held { until: i64::MAX / 2 }),
            "both" => {
                let requests = command[5..].split('+');
                let mut all: Vec<Request> = requests
                    .map(|one| self.request(&one.split_whitespace().collect::<Vec<_>>()))
                    .collect();
                let lines = all.drain(..).flat_map(|one| one.lines).collect();
                let request = Request {
                    lines,
                    objective: None,
                    alternatives: 0,
                    remedies: Remedies::None,
                    now: None,
                };
                self.promise(&request, Start::Confirmed)
            }
            "check" => {
                let request = self.request(&words[1..]);
                let query = request.resolve(&self.world().snapshot).unwrap().to_know();
                let promise = promising::plan(self.world(), &query);
                let Some(ProposedLine::Reserve(draft)) =
                    draft::lines(&request, &query, &promise, self.now).pop()
                else {
                    return "nothing".to_string();
                };
                let epoch = self.world().snapshot.epoch();
                let of_leg = |leg: &promised::ledger::reservation::Leg| {
                    format!("{} on {}", leg.covers, &epoch.date(leg.ship).to_string()[5..])
                };
                draft.facts.legs.iter().map(of_leg).collect::<Vec<_>>().join(", ")
            }
            "amend" => self.amend(&words[1..]),
            "cancel" => {
                let part = words.get(2).map(|text| quantity(text));
                let number = self.number(words[1]);
                let entry = self.ledger.cancel(number, part).unwrap().commit(stamp);
                self.keep(entry);
                String::new()
            }
            "confirm" => {
                let part = words.get(2).map(|text| quantity(text));
                let number = self.number(words[1]);
                let entry = self.ledger.confirm(number, part).unwrap().commit(stamp);
                self.keep(entry);
                String::new()
            }
            "fulfil" => {
                let quantity =
                    words.get(2).filter(|text| **text != "all").map(|text| quantity(text));
                let at = words.get(3).map_or(self.now, |text| instant(text));
                let number = self.number(words[1]);
                match self.ledger.fulfil(number, Shipment { quantity, at }) {
                    Ok(admitted) => {
                        let entry = admitted.commit(stamp);
                        self.keep(entry);
                        String::new()
                    }
                    Err(refusal) => refusal.to_string(),
                }
            }
            "reopen" => {
                let number = self.number(words[1]);
                let entry = self.ledger.reopen(number, self.now).unwrap().commit(stamp);
                self.keep(entry);
                String::new()
            }
            "count" => {
                let (item, location) = words[1].split_once('@').unwrap();
                let text =
                    format!("on_hand_set item={item} location={location} quantity={}", words[2]);
                let at = words.get(3).map_or(self.now, |text| instant(text));
                self.change(&text, at);
                String::new()
            }
            "expire" => {
                while let Some(admitted) = self.ledger.expire(i64::MAX) {
                    let entry = admitted.commit(Stamp::at(self.now));
                    self.entries.push((Arc::new(entry), None));
                }
                String::new()
            }
            "atp" => {
                let day = self.date(words[2]);
                self.profile(words[1]).available(day).to_string()
            }
            "balance" => {
                let day = self.date(words[2]);
                let ProfileRef::Stock(stock) = self.profile(words[1]) else { panic!("stock") };
                stock.balance(day).to_string()
            }
            "get" => {
                let number = self.number(words[1]);
                let found = self.world().reservation(number).unwrap();
                let risk = if found.at_risk { " at risk" } else { "" };
                format!("{} {}: {}{risk}", found.state, found.quantity, self.legs(found))
            }
            other => panic!("{other}"),
        }
    }

    fn profile(&self, name: &str) -> ProfileRef<'_> {
        let (item, location) = name.split_once('@').unwrap();
        let snapshot = &self.world().snapshot;
        let item = snapshot.items.names.get(item).unwrap();
        let location = snapshot.locations.names.get(location).unwrap();
        self.world().profile(snapshot.stock(item, location))
    }

    pub fn is_well(&self, after: &str) {
        assert_eq!(audit::divergences(self.world()), [], "L2 after {after}");
        assert_eq!(audit::broken(self.world()), [] as [String; 0], "after {after}");
        let idle: Vec<_> = supplies::idle(self.world());
        let words: Vec<_> = idle.iter().map(|one| one.in_words(self.world())).collect();
        assert!(words.is_empty(), "L7 after {after}: {words:?}");
        let over = pegging::over_pegged(self.world());
        assert!(over.is_empty(), "P5 after {after}: {over:?}");
    }

    /// A script of `command = what is said`; what is said may be left out.
    #[track_caller]
    pub fn script(&mut self, script: &str) {
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (command, want) = match line.split_once(" => ") {
                Some((command, want)) => (command.trim(), Some(want.trim())),
                None => (line, None),
            };
            let said = self.run(command);
            if let Some(want) = want {
                assert_eq!(said, want, "{command}\n{script}");
            }
            self.is_well(command);
        }
    }

    /// Takes another snapshot in. Says what became of planned supply.
    pub fn refresh(&mut self, snapshot: Snapshot) -> Vec<String> {
        let mut snapshot = snapshot;
        snapshot.adopt(&missing(self.world(), &snapshot));
        let snapshot = Arc::new(snapshot);
        let reconciled = |world: &World| {
            let refresh = Refresh::begin(world, Arc::clone(&snapshot)).unwrap();
            refresh.finish().unwrap_or_else(|wrong| panic!("R1: {wrong}"))
        };
        let mut next = reconciled(self.world());
        let activation = promised::ledger::Activation {
            snapshot_id: snapshot.id().into(),
            sum: None,
            generation: self.world().generation() + 1,
            force: None,
            adopted: snapshot.adopted().clone(),
            at_risk: next.at_risk.clone(),
            counts: next.counts(),
        };
        next.mark();
        let entry = self.ledger.activate(&mut next, activation, Stamp::at(self.now));
        self.ledger.place(usize::MAX);
        self.entries.push((Arc::new(entry), Some(snapshot)));
        self.is_well("a refresh");
        next.planned()
    }

    /// Takes a source's changes in: `on_hand_set item=A location=F quantity=7`.
    pub fn change(&mut self, text: &str, known_at: i64) -> Arc<Entry> {
        let origin = Origin { source: Some("erp".into()), known_at };
        let admitted = self.ledger.change(changes(text), origin);
        let entry = admitted.unwrap_or_else(|faults| panic!("{faults:?}"));
        let entry = entry.commit(Stamp::at(self.now));
        let entry = self.keep(entry);
        self.is_well(text);
        entry
    }

    /// L6: the entries, by way of bytes, lead to the same world.
    pub fn replays(&self) {
        let mut again = Ledger::new(self.first.clone());
        for (entry, next) in &self.entries {
            if let Some(snapshot) = next {
                let refresh = Refresh::begin(again.world(), Arc::clone(snapshot)).unwrap();
                again.take_over(entry, &mut refresh.finish().unwrap());
                continue;
            }
            let snapshot = Arc::clone(&again.world().snapshot);
            let bytes = codec::encode(entry, &snapshot);
            let read = codec::decode(&bytes, &snapshot).unwrap();
            assert_eq!(read, **entry);
            again.apply(&read);
        }
        assert_eq!(digest::of(again.world()), digest::of(self.world()), "L6");
    }

    /// Whether every balance is as the snapshot has it by itself.
    pub fn is_as_loaded(&self) -> bool {
        digest::effect(self.world()).next().is_none()
    }
}

/// A script on tables; it is replayed in the end.
#[track_caller]
pub fn check(on: &Tables, script: &str) -> Life {
    let mut life = Life::new(on);
    life.script(script);
    life.replays();
    life
}

pub fn date(text: &str) -> Date {
    let text = if text.len() == 5 {
        let year = if text < "06" { 2027 } else { 2026 };
        format!("{year}-{text}")
    } else {
        text.to_string()
    };
    text.parse().unwrap()
}

pub fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

pub fn instant(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

pub fn changes(text: &str) -> Arc<[Change]> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let one = |line: &str| {
        let mut words = line.split(' ');
        let kind = words.next().unwrap();
        let cells: BTreeMap<&str, &str> = words.map(|word| word.split_once('=').unwrap()).collect();
        Change::read(0, kind, |column| cells.get(column).copied()).unwrap()
    };
    lines.map(one).collect()
}
