//! The reservation book: refusals, the edges of a reservation's life, and the laws of the whole.

use super::ledger_model::Model;
use promised::{
    ledger::{
        Admission, Admitted, Draft, Entry, Ledger, Line, Proposal, Refusal, Stamp, Start, State,
        World, audit, digest,
        reservation::{self, Facts, Force, Leg, Target},
    },
    limits,
    model::{AccountIx, Day, Index, Money, Posting, ProfileRef, Quantity},
    snapshot::{CapacityIx, ItemIx, LocationIx, Snapshot, capacity::Owner},
};
use proptest::prelude::*;
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
        let snapshot = Arc::new(super::ledger_model::snapshot(TABLES));
        Self { ledger: Ledger::new(World::new(snapshot)), entries: Vec::new() }
    }

    pub fn snapshot(&self) -> &Snapshot {
        &self.ledger.world().snapshot
    }

    /// `PUMP@BER`, `PAINT`, or `house BER`.
    pub fn account(&self, name: &str) -> AccountIx {
        let snapshot = self.snapshot();
        if let Some((item, location)) = name.split_once('@') {
            return snapshot.stock(self.item(item), self.location(location));
        }
        if let Some(house) = name.strip_prefix("house ") {
            return snapshot.capacity(snapshot.capacities.house(self.location(house)).unwrap());
        }
        let resource = snapshot.resources.names.get(name).unwrap();
        snapshot.capacity(snapshot.resources.rows[resource].capacity)
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
                postings.push(Posting { account: self.account(place), day, quantity });
                continue;
            };
            let (item, location) = stock.split_once('@').unwrap();
            legs.push(self.leg(self.item(item), self.location(location), day, quantity));
            postings.push(Posting { account: self.account(stock), day, quantity: -quantity });
        }
        draft(self.item("PUMP"), legs, postings)
    }

    pub fn leg(&self, item: ItemIx, location: LocationIx, day: Day, quantity: Quantity) -> Leg {
        Leg {
            item,
            location,
            method: None,
            quantity,
            need: day,
            ship: day,
            arrival: day,
            days_late: 0,
        }
    }

    pub fn propose(&self, words: &str, start: Start, admission: Admission) -> Proposal {
        let lines = words.split(';').map(|line| Line::Reserve(self.draft(line))).collect();
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
            ("fulfil", _) => ledger.fulfil(Self::number(head)),
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
        order: "O1".into(),
        line: "1".into(),
        customer: None,
        zone: None,
        class: None,
        item,
        quantity_requested: quantity,
        priority: None,
        requested: Day(0),
        target: Target::Ship,
        unit_price: None,
        legs,
        rank: 1,
        cost: Money::ZERO,
        profit: Money::ZERO,
        created: 0,
        force: None,
    };
    Draft { quantity, postings, facts }
}

/// Each line is a command and, after the arrow, what comes of it.
#[track_caller]
fn check(script: &str) {
    let mut book = Book::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (command, want) = line.split_once("=>").expect("command => answer");
        assert_eq!(book.run(command.trim()), want.trim(), "{command}");
    }
    let mut replayed = Ledger::new(World::new(Arc::clone(&book.ledger.world().snapshot)));
    book.entries.iter().for_each(|entry| replayed.apply(entry));
    assert_eq!(digest::of(replayed.world()), digest::of(book.ledger.world()), "L6");
    assert_eq!(replayed.next_due(), book.ledger.next_due());
}

#[test]
fn a_new_order_must_not_eat_what_a_firm_order_needs_later() {
    check(
        "PUMP@BER                    => 6 6 6 6 6 6 6
         promise take PUMP@BER 1 6   => P1
         PUMP@BER                    => 0 0 0 0 0 0 0
         promise take PUMP@BER 1 1   => exceeds_available: 1 of 0 on day 3
         promise take PUMP@BER 6 0.000001 => exceeds_available: 0.000001 of 0 on day 6",
    );
}

#[test]
fn every_refusal_has_its_place_in_the_order() {
    check(
        "confirm P1                       => does_not_exist
         cancel P1                        => does_not_exist
         promise take PUMP@BER 7 1        => outside_horizon
         promise take PUMP@BER -1 1       => outside_horizon
         promise PUMP@BER 7 -1, PUMP@BER 0 -99 => outside_horizon
         promise take PUMP@BER 0 7        => exceeds_available: 7 of 6 on day 3
         hold 50 take PUMP@BER 0 6        => P1
         fulfil P1                        => state_forbids
         confirm P1 0                     => quantity_out_of_range
         confirm P1 -1                    => quantity_out_of_range
         confirm P1 6.000001              => quantity_out_of_range
         cancel P1 7                      => quantity_out_of_range
         amend P1 take PUMP@BER 9 1       => outside_horizon
         amend P1 take PUMP@BER 0 7       => exceeds_available: 1 of 0 on day 3",
    );
}

#[test]
fn a_reservation_moves_only_along_its_edges() {
    check(
        "hold 50 take PUMP@BER 0 1   => P1
         confirm P1                  => P1
         confirm P1                  => state_forbids
         expire 99                   => nothing
         fulfil P1                   => P1
         P1                          => fulfilled 1, 1 postings
         cancel P1                   => state_forbids
         fulfil P1                   => state_forbids
         amend P1 take PUMP@BER 0 1  => state_forbids
         promise take PUMP@BER 0 1   => P2
         cancel P2                   => P2
         P2                          => cancelled 0, 0 postings
         cancel P2                   => state_forbids
         confirm P2                  => state_forbids
         PUMP@BER                    => 5 5 5 5 5 5 5",
    );
}

#[test]
fn holds_expire_in_order_of_their_instant() {
    check(
        "hold 50 take PUMP@BER 0 1   => P1
         hold 40 take PUMP@BER 0 2   => P2
         hold 60 take PUMP@BER 0 3   => P3
         PUMP@BER                    => 0 0 0 0 0 0 0
         expire 39                   => nothing
         expire 50                   => P2
         expire 50                   => P1
         expire 50                   => nothing
         P1                          => expired 0, 0 postings
         confirm P1                  => state_forbids
         PUMP@BER                    => 3 3 3 3 3 3 3",
    );
}

#[test]
fn a_part_is_confirmed_and_the_rest_stays_held() {
    check(
        "hold 50 take PUMP@BER 0 4, take PUMP@BER 2 2  => P1
         confirm P1 3                => P1 P2
         P1                          => confirmed 3, 1 postings
         P2                          => held 3, 2 postings
         PUMP@BER                    => 0 0 0 0 0 0 0
         expire 50                   => P2
         PUMP@BER                    => 3 3 3 3 3 3 3",
    );
}

#[test]
fn a_part_is_given_back_latest_leg_first() {
    check(
        "promise take PUMP@BER 0 2, house BER 0 -1, take PUMP@BER 4 4, house BER 4 -1 => P1
         house BER                   => 1 1 2 1 1 2 2
         cancel P1 3                 => P1
         P1                          => confirmed 3, 4 postings
         house BER                   => 1 1 2 1 1 2 2
         cancel P1 2                 => P1
         P1                          => confirmed 1, 2 postings
         house BER                   => 1 1 2 1 2 2 2
         PUMP@BER                    => 5 5 5 5 5 5 5
         cancel P1                   => P1
         house BER                   => 2 1 2 1 2 2 2
         PUMP@BER                    => 6 6 6 6 6 6 6",
    );
}

#[test]
fn a_lot_is_made_and_taken_on_one_day() {
    check(
        "promise take MOTOR@BER 0 4                          => P1
         promise take MOTOR@BER 2 3, MOTOR@BER 2 +5, PAINT 2 -8 => P2
         MOTOR@BER                   => 0 0 2 2 2 2 2
         PAINT                       => 8 8 0 8 8 8 8
         promise take MOTOR@BER 1 1  => exceeds_available: 1 of 0 on day 1
         promise take MOTOR@BER 3 1, PAINT 2 -1 => exceeds_available: 1 of 0 on day 2",
    );
}

#[test]
fn what_others_live_on_is_not_taken_from_under_them() {
    check(
        "promise take MOTOR@BER 2 1, MOTOR@BER 2 +5, PAINT 2 -8 => P1
         promise take MOTOR@BER 2 8  => P2
         cancel P1                   => P1
         P1                          => cancelled 0, 2 postings
         PAINT                       => 8 8 0 8 8 8 8
         MOTOR@BER                   => 1 1 1 1 1 1 1
         cancel P2                   => P2
         MOTOR@BER                   => 4 4 9 9 9 9 9",
    );
}

#[test]
fn an_amendment_that_does_not_fit_leaves_the_old_promise() {
    check(
        "promise take PUMP@BER 0 4   => P1
         promise take PUMP@BER 0 1   => P2
         amend P1 take PUMP@BER 0 6  => exceeds_available: 2 of 1 on day 3
         P1                          => confirmed 4, 1 postings
         amend P1 take PUMP@BER 5 5  => P1
         P1                          => confirmed 5, 1 postings
         PUMP@BER                    => 0 0 0 0 0 0 0
         amend P1 take MOTOR@BER 0 4 => P1
         PUMP@BER                    => 5 5 5 5 5 5 5
         MOTOR@BER                   => 0 0 0 0 0 0 0",
    );
}

#[test]
fn lines_of_a_request_are_admitted_together() {
    check(
        "promise take PUMP@BER 0 5; take PUMP@BER 0 2  => exceeds_available: 7 of 6 on day 3
         promise take PUMP@BER 0 4; take PUMP@BER 0 2  => P1 P2
         PUMP@BER                    => 0 0 0 0 0 0 0",
    );
}

#[test]
fn what_is_below_zero_already_may_stay_there() {
    check(
        "force take PUMP@BER 0 8     => P1
         PUMP@BER                    => 0 0 0 0 0 0 0
         promise take PUMP@BER 0 1   => exceeds_available: 1 of -2 on day 3
         promise take PUMP@BER 4 1, PUMP@BER 4 +1 => P2
         promise take PUMP@BER 4 1, PUMP@BER 5 +1 => exceeds_available: 1 of -2 on day 4
         promise take PUMP@BER 0 1, PUMP@BER 0 +3 => P3
         PUMP@BER                    => 0 0 0 0 0 0 0
         cancel P1                   => P1
         PUMP@BER                    => 8 8 8 8 8 8 8",
    );
}

#[test]
fn no_balance_leaves_its_range_not_even_by_force() {
    let mut book = Book::new();
    let most = limits::AMOUNT_MAX;
    let mut n_forced = 0;
    while book.run(&format!("force take PUMP@BER 0 {most}")) != "balance_out_of_range" {
        n_forced += 1;
    }
    assert!(n_forced <= 1_000 && 990 < n_forced, "{n_forced}");
}

#[test]
fn admission_looks_at_the_availability_of_the_rule() {
    check(
        "BACK@BER                    => 0 0 10 10 10 10 10
         promise take BACK@BER 2 10  => P1
         promise take BACK@BER 2 1   => exceeds_available: 1 of 0 on day 2
         cancel P1                   => P1
         promise take BACK@BER 0 1   => exceeds_available: 1 of 0 on day 1
         ALONE@BER                   => 5 0 10 0 0 0 0
         promise take ALONE@BER 0 5  => P2
         promise take ALONE@BER 2 10 => P3
         promise take ALONE@BER 3 1  => exceeds_available: 1 of 0 on day 3
         promise take ALONE@BER 3 1, ALONE@BER 3 +2 => P4
         ALONE@BER                   => 0 0 0 1 0 0 0",
    );
}

#[test]
fn a_copy_of_the_world_is_an_instant() {
    let mut book = Book::new();
    let pinned = book.ledger.world().clone();
    let before = digest::of(&pinned);
    book.run("promise take PUMP@BER 1 6");
    assert_eq!(digest::of(&pinned), before);
    assert_ne!(digest::of(book.ledger.world()), before);
    let without = book.ledger.world().without(1);
    assert_eq!(without.profile(book.account("PUMP@BER")).available(Day(0)), Quantity::units(6));
}

#[test]
fn orders_find_their_reservations() {
    let mut book = Book::new();
    for _ in 0..3 {
        book.run("promise take PUMP@BER 1 1");
    }
    let of = |order| {
        book.ledger.world().reservations_of(order).map(|one| one.number).collect::<Vec<_>>()
    };
    assert_eq!(of("O1"), [1, 2, 3]);
    assert!(of("O2").is_empty());
}

#[test]
fn a_divergence_names_the_account() {
    let mut book = Book::new();
    book.run("promise take PUMP@BER 1 6");
    // A world whose view lost a posting: that of P1, which `without` gives back but does not forget.
    let found = audit::divergences(&book.ledger.world().without(1));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].account, book.account("PUMP@BER"));
    assert_eq!((found[0].reserved, found[0].viewed), (Quantity::units(-6), Quantity::ZERO));
}

#[test]
fn an_override_is_found() {
    let mut book = Book::new();
    book.run("force take PUMP@BER 0 8");
    assert_eq!(audit::overdrawn(book.ledger.world()), [(book.account("PUMP@BER"), Day(3))]);
}

#[derive(Clone, Debug)]
enum Action {
    Promise { hold: Option<i64>, takes: Vec<(usize, i32, i64)>, extras: Vec<(usize, i32, i64)> },
    Amend { which: u64, takes: Vec<(usize, i32, i64)>, extras: Vec<(usize, i32, i64)> },
    Confirm(u64),
    Cancel(u64),
    Fulfil(u64),
    Expire(i64),
}

const STOCKS: &[&str] =
    &["PUMP@BER", "MOTOR@BER", "BACK@BER", "ALONE@BER", "MOTOR@HAM", "PUMP@HAM"];
const ALL: &[&str] = &["PUMP@BER", "MOTOR@BER", "BACK@BER", "ALONE@BER", "PAINT", "house BER"];

fn actions() -> impl Strategy<Value = Action> {
    let takes = || proptest::collection::vec((0..STOCKS.len(), 0i32..7, 1i64..6), 1..3);
    let extras = || proptest::collection::vec((0..ALL.len(), 0i32..7, -4i64..6), 0..3);
    prop_oneof![
        4 => (proptest::option::of(1i64..30), takes(), extras())
            .prop_map(|(hold, takes, extras)| Action::Promise { hold, takes, extras }),
        2 => (1u64..12, takes(), extras())
            .prop_map(|(which, takes, extras)| Action::Amend { which, takes, extras }),
        1 => (1u64..12).prop_map(Action::Confirm),
        2 => (1u64..12).prop_map(Action::Cancel),
        1 => (1u64..12).prop_map(Action::Fulfil),
        1 => (1i64..30).prop_map(Action::Expire),
    ]
}

fn words(takes: &[(usize, i32, i64)], extras: &[(usize, i32, i64)]) -> String {
    let takes =
        takes.iter().map(|(at, day, quantity)| format!("take {} {day} {quantity}", STOCKS[*at]));
    let extras = extras.iter().filter(|(_, _, quantity)| *quantity != 0);
    let extras = extras.map(|(at, day, quantity)| format!("{} {day} {quantity}", ALL[*at]));
    takes.chain(extras).collect::<Vec<_>>().join(", ")
}

proptest! {
    #[test]
    fn the_ledger_is_its_naive_twin(actions in proptest::collection::vec(actions(), 1..40)) {
        let mut book = Book::new();
        let mut model = Model::new(&book, STOCKS.iter().chain(ALL));
        for action in actions {
            let (command, want) = match action {
                Action::Promise { hold, takes, extras } => {
                    let words = words(&takes, &extras);
                    let want = model.promise(&book, book.draft(&words), hold);
                    let verb = hold.map_or("promise".to_string(), |until| format!("hold {until}"));
                    (format!("{verb} {words}"), want)
                }
                Action::Amend { which, takes, extras } => {
                    let words = words(&takes, &extras);
                    let want = model.amend(&book, which, book.draft(&words));
                    (format!("amend P{which} {words}"), want)
                }
                Action::Confirm(which) => (format!("confirm P{which}"), model.confirm(which)),
                Action::Cancel(which) => (format!("cancel P{which}"), model.cancel(&book, which)),
                Action::Fulfil(which) => (format!("fulfil P{which}"), model.fulfil(which)),
                Action::Expire(now) => (format!("expire {now}"), model.expire(&book, now)),
            };
            let said = book.run(&command);
            prop_assert_eq!(said.split(':').next().unwrap(), want, "{}", command);
            prop_assert_eq!(audit::overdrawn(book.ledger.world()), [], "L1");
            for name in STOCKS.iter().chain(ALL) {
                prop_assert_eq!(book.run(name), model.show(&book, name), "{} after {}", name, command);
            }
        }
        let mut replayed = Ledger::new(World::new(Arc::clone(&book.ledger.world().snapshot)));
        book.entries.iter().for_each(|entry| replayed.apply(entry));
        prop_assert_eq!(digest::of(replayed.world()), digest::of(book.ledger.world()), "L6");
    }
}
