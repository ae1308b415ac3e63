//! A ledger over a few tables, and commands to it in words.

use super::ledger_model::snapshot;
use promised::{
    ledger::{
        Admission, Draft, Entry, Ledger, Proposal, ProposedLine, Refusal, Shipment, Stamp, Start,
        World, audit, digest,
        reservation::{self, DateType, Facts, Leg},
    },
    model::{AccountIx, Day, Money, Posting, Quantity},
    snapshot::{ItemIx, LocationIx, Snapshot},
};
use std::sync::Arc;

/// PUMP, MOTOR and two items with other consumption at BER; the house ships two lines a day.
pub const TABLES: &[(&str, &str)] = &[
    ("atp_rules", "rule,consumption\nback,backward\nalone,none"),
    ("items", "item\nPUMP\nMOTOR\nBACK\nALONE"),
    ("locations", "location,order_lines_per_day\nBER,2\nHAM,"),
    ("atp_rule_assignments", "rule,item\nback,BACK\nalone,ALONE"),
    ("resources", "resource,location,hours_per_day\nPAINT,BER,8"),
    ("on_hand", "item,location,quantity\nPUMP,BER,10\nMOTOR,BER,4\nBACK,BER,5\nALONE,BER,5"),
    (
        "supplies",
        "supply,type,item,location,date,quantity\nS1,purchase_order,PUMP,BER,2026-11-26,5\n\
         S2,purchase_order,BACK,BER,2026-11-25,10\nS3,purchase_order,ALONE,BER,2026-11-25,10",
    ),
    (
        "demands",
        "demand,type,item,location,date,quantity\nO9/1,sales_order,PUMP,BER,2026-11-26,9\n\
         O9/2,sales_order,BACK,BER,2026-11-24,8\nO9/3,sales_order,MOTOR,HAM,2026-11-25,2",
    ),
];

/// A ledger over [`TABLES`], and what tests want to say to it.
pub struct Book {
    pub ledger: Ledger,
    pub entries: Vec<Arc<Entry>>,
}

impl Book {
    pub fn new() -> Self {
        Self::of(TABLES)
    }

    pub fn of(tables: &[(&str, &str)]) -> Self {
        let snapshot = Arc::new(snapshot(tables));
        Self { ledger: Ledger::new(World::new(snapshot)), entries: Vec::new() }
    }

    pub fn snapshot(&self) -> &Snapshot {
        &self.ledger.world().snapshot
    }

    /// `PUMP@BER`, `PAINT`, or `house BER`.
    pub fn account(&self, name: &str) -> AccountIx {
        let snapshot = self.snapshot();
        if let Some((item, location)) = name.split_once('@') {
            return snapshot.stock(self.item(item), self.location(location)).ix();
        }
        if let Some(house) = name.strip_prefix("house ") {
            let house = snapshot.capacities.house(self.location(house)).unwrap();
            return snapshot.capacity(house).ix();
        }
        let resource = snapshot.resources.names.get(name).unwrap();
        snapshot.capacity(snapshot.resources.rows[resource].capacity).ix()
    }

    fn item(&self, name: &str) -> ItemIx {
        self.snapshot().items.names.get(name).unwrap()
    }

    fn location(&self, name: &str) -> LocationIx {
        self.snapshot().locations.names.get(name).unwrap()
    }

    /// `take PUMP@BER 1 6` is a leg with its posting; `PUMP@BER 1 +6` only a posting.
    pub fn draft(&self, words: &str) -> Draft {
        let mut legs = Vec::new();
        let mut postings = Vec::new();
        for part in words.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (place, quantity) = part.rsplit_once(' ').unwrap();
            let (place, day) = place.rsplit_once(' ').unwrap();
            let (day, quantity) = (Day(day.parse().unwrap()), Quantity::parse(quantity).unwrap());
            let Some(stock) = place.strip_prefix("take ") else {
                postings.push(Posting { account: self.account(place), day, quantity, planned: 0 });
                continue;
            };
            let (item, location) = stock.split_once('@').unwrap();
            legs.push(self.leg(self.item(item), self.location(location), day, quantity));
            postings.push(Posting {
                account: self.account(stock),
                day,
                quantity: -quantity,
                planned: 0,
            });
        }
        draft(self.item("PUMP"), legs, postings)
    }

    pub fn leg(&self, item: ItemIx, location: LocationIx, day: Day, quantity: Quantity) -> Leg {
        Leg {
            item,
            location,
            method: None,
            quantity,
            covers: quantity,
            need: day,
            ship: day,
            arrival: day,
            days_late: 0,
            supply: Default::default(),
            rank: 1,
        }
    }

    pub fn propose(&self, words: &str, start: Start, admission: Admission) -> Proposal {
        let lines = words.split(';').map(|line| ProposedLine::Reserve(self.draft(line))).collect();
        Proposal { lines, start, admission }
    }

    fn number(words: &str) -> u64 {
        reservation::number(words).unwrap()
    }

    /// Does one command and says what came of it.
    pub fn run(&mut self, command: &str) -> String {
        let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
        let (head, tail) = rest.split_once(' ').unwrap_or((rest, ""));
        let part = (!tail.is_empty()).then(|| Quantity::parse(tail)).and_then(Result::ok);
        let proposal = match verb {
            "promise" => Some(self.propose(rest, Start::Confirmed, Admission::Fits)),
            "force" => Some(self.propose(rest, Start::Confirmed, Admission::Forced)),
            "hold" => {
                let until = head.parse().unwrap();
                Some(self.propose(tail, Start::Held { until }, Admission::Fits))
            }
            _ => None,
        };
        let amendment = (verb == "amend").then(|| self.draft(tail));
        let before = digest::of(self.ledger.world());
        let ledger = &mut self.ledger;
        let admitted = match (verb, proposal) {
            (_, Some(proposal)) => ledger.admit(proposal),
            ("confirm", _) => ledger.confirm(Self::number(head), part),
            ("cancel", _) => ledger.cancel(Self::number(head), part),
            ("fulfil", _) => {
                // It left when it was promised.
                let number = Self::number(head);
                let found = ledger.world().reservation(number);
                let at = found.map_or(0, |found| found.facts.created);
                ledger.fulfil(number, Shipment { quantity: part, at })
            }
            ("amend", _) => ledger.amend(Self::number(head), amendment.unwrap(), Admission::Fits),
            ("expire", _) => match ledger.expire(head.parse().unwrap()) {
                Some(admitted) => Ok(admitted),
                None => return "nothing".to_string(),
            },
            _ => return self.show(command),
        };
        let said = match admitted.map(|admitted| admitted.commit(Stamp::default())) {
            Ok(entry) => {
                let numbers = entry.fact.reservations().map(|one| one.id());
                let said = numbers.collect::<Vec<_>>().join(" ");
                self.entries.push(Arc::new(entry));
                said
            }
            Err(refusal) => {
                assert_eq!(before, digest::of(self.ledger.world()), "a refusal leaves no trace");
                match refusal {
                    Refusal::ExceedsAvailable { day, balance, taken, .. } => {
                        format!("{}: {taken} of {balance} on {day}", refusal.reason())
                    }
                    other => other.reason().to_string(),
                }
            }
        };
        assert_eq!(audit::divergences(self.ledger.world()), [], "L2");
        said
    }

    /// `P1` in words; an account day by day.
    fn show(&self, name: &str) -> String {
        let world = self.ledger.world();
        if let Some(number) = reservation::number(name) {
            let found = world.reservation(number).unwrap();
            return format!(
                "{} {}, {} postings",
                found.state,
                found.quantity,
                found.postings.len()
            );
        }
        let account = self.account(name);
        let available = |day| world.profile(account).available(Day(day)).to_string();
        (0..7).map(available).collect::<Vec<_>>().join(" ")
    }
}

pub fn draft(item: ItemIx, legs: Vec<Leg>, postings: Vec<Posting>) -> Draft {
    let quantity = legs.iter().map(|leg| leg.quantity).sum();
    let facts = Facts {
        terms: promised::ledger::Terms::default(),
        source: None,
        revision: 0,
        order: "O1".into(),
        line: "1".into(),
        customer: None,
        zone: None,
        class: None,
        item,
        quantity_requested: quantity,
        priority: None,
        requested: Day(0),
        date_type: DateType::Ship,
        unit_price: None,
        legs,
        rank: 1,
        cost: Money::ZERO,
        profit: Money::ZERO,
        created: 0,
        force: None,
    };
    Draft { quantity, postings, plan: Vec::new(), facts }
}
