//! Issue 16, resolved when: lives of promises over shared lots, shipments, counts, net change and refreshes, ended in
//! any order, against a naive reference; and the balance returns to the snapshot's.

mod caught_up;

use super::{Life, Tables, date, snapshot, tables, with};
use promised::{
    allocation::is_only_counted,
    ledger::{Planned, Reservation, State, World, standing::Fate},
    model::{AccountIx, Day, Posting, ProfileRef, Quantity},
    snapshot::Snapshot,
};
use std::sync::Arc;

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let n = all.len() as u64;
        (0 < n).then(|| &all[self.below(n) as usize])
    }
}

/// A is made in lots of P, P in lots of Q; B is made of Q alone, D bought with a minimum, E moved from G.
fn plant() -> Tables {
    tables(
        "items: item; A; P; Q; B; D; E
         locations: location; F; G
         shipping_lanes: origin,destination,transit_days; G,F,1
         on_hand: item,location,quantity; Q,F,60; A,F,4; E,G,40; P,F,3
         suppliers: supplier; S
         item_suppliers: item,supplier,location,lead_time_days,minimum_quantity,capacity_per_day; D,S,F,2,12,40
         resources: resource,location,hours_per_day; R,F,24
         sourcing_rules: rule,source_type,source; move,transfer,G
         sourcing_assignments: rule,item,location; move,E,F
         work_definitions: work_definition,item,location,fixed_days,lot_multiple,maximum_quantity; WA,A,F,1,10,10; WP,P,F,1,25,; WB,B,F,1,,
         work_definition_operations: work_definition,operation,resource,hours; WA,10,R,0.5
         work_definition_components: work_definition,component,quantity; WA,P,1; WP,Q,1; WB,Q,1",
    )
}

const ACCOUNTS: [&str; 7] = ["A@F", "P@F", "Q@F", "B@F", "D@F", "E@F", "E@G"];
const DAYS: i32 = 60;

/// `A@F`.
pub fn account(world: &World, name: &str) -> AccountIx {
    let (item, location) = name.split_once('@').unwrap();
    let snapshot = &world.snapshot;
    let item = snapshot.items.names.get(item).unwrap();
    snapshot.stock(item, snapshot.locations.names.get(location).unwrap()).ix()
}

fn balances(profile: ProfileRef<'_>, days: i32) -> Vec<Quantity> {
    let ProfileRef::Stock(stock) = profile else { panic!("stock") };
    (0..days).map(|day| stock.balance(Day(day))).collect()
}

fn add(balances: &mut [Quantity], postings: &[Posting], account: AccountIx, sign: i64) {
    for posting in postings.iter().filter(|posting| posting.account == account) {
        for balance in &mut balances[posting.day.0.max(0) as usize..] {
            *balance += Quantity::micros(posting.quantity.raw() * sign);
        }
    }
}

/// Balances of an account by itself, without its demands that promises stand behind, and with all that promises post:
/// summed up from nothing but what each promise says.
fn summed(world: &World, account: AccountIx, days: i32) -> [Vec<Quantity>; 2] {
    let mut base = balances(promised::allocation::profile(&world.snapshot, account), days);
    let mut sums = base.clone();
    for found in world.reservations_from(0) {
        add(&mut sums, &found.postings, account, 1);
        let fate = found.standing.as_deref().map(|standing| standing.fate);
        let is_behind = fate == Some(Fate::Absorbed) && found.is_live();
        if is_behind || fate == Some(Fate::Superseding) {
            add(&mut base, found.theirs(), account, -1);
        }
    }
    [base, sums]
}

/// The naive reference: arrays of days.
pub fn is_as_the_reference_says(world: &World, (names, days): (&[&str], i32), after: &str) {
    let named: Vec<_> = names.iter().map(|name| account(world, name)).collect();
    for (name, &account) in names.iter().zip(&named) {
        let [_, sums] = summed(world, account, days);
        assert_eq!(sums, balances(world.profile(account), days), "{name} after {after}");
    }
    for found in world.reservations_from(0) {
        for planned in spare(found) {
            let of = |posting: &&Posting| posting.planned == planned.number;
            let postings: Vec<Posting> = found.postings.iter().filter(of).copied().collect();
            let is_given = |one: &&Posting| {
                Quantity::ZERO < one.quantity && !is_only_counted(&world.snapshot, one.account)
            };
            let Some(gives) = postings.iter().find(is_given) else { continue };
            if !named.contains(&gives.account) {
                continue;
            }
            // Where it is divided, one of its nodes may miss what the others do not.
            let mut given = postings.iter().filter(is_given).map(|one| one.account);
            let is_missed = given.any(|account| is_missed(world, (account, days), &postings));
            assert!(is_missed, "{} of {} is idle after {after}", planned.number, found.id());
        }
    }
}

/// Whether what promises take of an account counts on some postings.
fn is_missed(world: &World, (account, days): (AccountIx, i32), postings: &[Posting]) -> bool {
    let [base, sums] = summed(world, account, days);
    let mut without = sums.clone();
    add(&mut without, postings, account, -1);
    let zero = Quantity::ZERO;
    (0..days as usize)
        .any(|day| without[day] < zero && without[day] < sums[day] && without[day] < base[day])
}

/// What nobody of its own takes of, and has neither begun nor shipped.
fn spare(found: &Reservation) -> Vec<Planned> {
    let is_over = matches!(found.state, State::Cancelled | State::Expired) || found.is_dropped();
    let all = found.plan.iter().filter(|one| one.shipped.is_none() && Day::ZERO <= one.begins);
    let is_spare = |one: &&Planned| {
        let has_parent = found.plan.iter().any(|other| other.number == one.parent);
        is_over || one.used == Quantity::ZERO || (one.parent != 0 && !has_parent)
    };
    all.filter(is_spare).copied().collect()
}

fn with_state(life: &Life, wanted: impl Fn(State) -> bool) -> Vec<Arc<Reservation>> {
    let all = life.world().reservations_from(0);
    all.filter(|one| wanted(one.state) && one.quantity.is_positive()).cloned().collect()
}

fn is_live(state: State) -> bool {
    matches!(state, State::Held { .. } | State::Confirmed)
}

struct Run {
    life: Life,
    dice: Dice,
    n_orders: u64,
    n_snapshots: u64,
    /// Days since 2026-11-23.
    today: u64,
    log: Vec<String>,
}

impl Run {
    fn day(&mut self) -> String {
        let day = self.today + self.dice.below(25);
        let first = date("2026-11-23");
        first.saturating_add(jiff::Span::new().days(day as i64)).to_string()
    }

    fn part(&mut self, of: Quantity) -> String {
        let units = (of.raw() / 1_000_000).max(1) as u64;
        match self.dice.below(2) {
            0 => String::new(),
            _ => (1 + self.dice.below(units)).to_string(),
        }
    }

    fn one(&mut self, wanted: impl Fn(State) -> bool) -> Option<Arc<Reservation>> {
        let all = with_state(&self.life, wanted);
        self.dice.of(&all).cloned()
    }

    fn command(&mut self) -> Option<String> {
        match self.dice.below(20) {
            19 => {
                self.refresh(Rows::Some);
                None
            }
            kind => self.command_of(kind),
        }
    }

    fn command_of(&mut self, kind: u64) -> Option<String> {
        let confirmed = |state| state == State::Confirmed;
        let held = |state| matches!(state, State::Held { .. });
        Some(match kind {
            0..6 => {
                self.n_orders += 1;
                let verb = if self.dice.below(3) == 0 { "hold" } else { "promise" };
                let item = ["A", "A", "A", "B", "D", "E"][self.dice.below(6) as usize];
                let quantity = 1 + self.dice.below(14);
                let day = self.day();
                format!("{verb} O{} {item} {quantity} {day}", self.n_orders)
            }
            6..9 => {
                let found = self.one(is_live)?;
                format!("cancel {} {}", found.id(), self.part(found.quantity))
            }
            9..11 => {
                let found = self.one(is_live)?;
                let item =
                    self.life.world().snapshot.items.names.name(found.facts.item).to_string();
                let quantity = 1 + self.dice.below(14);
                let (order, line) = (&found.facts.order, &found.facts.line);
                let day = self.day();
                format!("amend {order}/{line} {item} {quantity} {day}")
            }
            11 => {
                let found = self.one(held)?;
                format!("confirm {} {}", found.id(), self.part(found.quantity))
            }
            12 => "expire".to_string(),
            13..16 => {
                let found = self.one(confirmed)?;
                format!("fulfil {} {}", found.id(), self.part(found.quantity))
            }
            16 => format!("reopen {}", self.one(|state| state == State::Fulfilled)?.id()),
            _ => {
                let place = ACCOUNTS[self.dice.below(7) as usize];
                format!("count {place} {}", self.dice.below(60))
            }
        })
    }

    fn refresh(&mut self, rows: Rows) {
        let next = self.next(rows, "");
        self.life.refresh(next);
    }

    /// A snapshot of today or of a later day, with the orders that it knows, and some supplies.
    fn next(&mut self, rows: Rows, supplies: &str) -> Snapshot {
        self.n_snapshots += 1;
        self.today += self.dice.below(3);
        let first = date("2026-11-23");
        let as_of = first.saturating_add(jiff::Span::new().days(self.today as i64)).to_string();
        let mut demands = vec!["demand,type,item,location,date,quantity".to_string()];
        for found in with_state(&self.life, is_live) {
            if rows == Rows::None || self.dice.below(2) == 0 {
                continue;
            }
            let snapshot = &self.life.world().snapshot;
            let key = format!("{}/{}", found.facts.order, found.facts.line);
            if demands.iter().any(|row| row.starts_with(&format!("{key},"))) {
                continue;
            }
            let item = snapshot.items.names.name(found.facts.item);
            let need = snapshot.epoch().date(found.facts.legs[0].need);
            demands.push(format!("{key},sales_order,{item},F,{need},{}", found.quantity));
        }
        let mut next = plant();
        next.insert("demands".to_string(), demands);
        let on_hand = format!(
            "on_hand: item,location,quantity; Q,F,{}; A,F,{}; E,G,40; P,F,3",
            40 + self.dice.below(40),
            self.dice.below(20)
        );
        let mut next = with(&next, &on_hand);
        if !supplies.is_empty() {
            next.extend(tables(supplies));
        } else if self.dice.below(2) == 0 {
            let id = self.n_snapshots;
            let quantity = 1 + self.dice.below(12);
            next.extend(tables(&format!(
                "supplies: supply,type,item,location,date,quantity; W{id},work_order,A,F,2026-12-20,{quantity}"
            )));
        }
        let marks = match (rows, self.dice.below(2)) {
            (Rows::None, _) => "erp=2027-12-31T00:00:00Z".to_string(),
            (Rows::Some, 0) => format!("erp={as_of}T00:00:00Z"),
            (Rows::Some, _) => "erp=2026-11-22T00:00:00Z on_hand=2026-11-25T00:00:00Z".to_string(),
        };
        self.log.push(format!("refresh {as_of} {marks} {next:?}"));
        snapshot(&format!("S{}", 1 + self.n_snapshots), &as_of, &marks, &next)
    }

    fn do_one(&mut self) {
        let command = self.command();
        self.do_command(command);
    }

    fn do_command(&mut self, command: Option<String>) {
        if let Some(command) = command {
            self.log.push(command.clone());
            let said = self.life.run(&command);
            self.log.push(format!("  {said}"));
            // Of a seed that fails: LIVES=7..8 PROMISED_SHOW=1.
            if std::env::var_os("PROMISED_SHOW").is_some() {
                eprintln!("{command} => {said}");
            }
        }
        let last = self.log.last().map_or("", String::as_str);
        self.life.is_well(last);
        is_as_the_reference_says(self.life.world(), (&ACCOUNTS, DAYS), last);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Rows {
    Some,
    None,
}

impl Run {
    fn new(seed: u64) -> Self {
        Self {
            life: Life::new(&plant()),
            dice: Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1),
            n_orders: 0,
            n_snapshots: 0,
            today: 0,
            log: Vec::new(),
        }
    }
}

fn live_and_end(seed: u64) {
    let mut run = Run::new(seed);
    let n_steps = 20 + run.dice.below(50);
    for _ in 0..n_steps {
        run.do_one();
    }
    // All end, in any order; what has shipped is counted by the last snapshot.
    while let Some(found) = run.one(is_live) {
        run.life.run(&format!("cancel {}", found.id()));
        run.life.is_well("the end of one");
    }
    run.refresh(Rows::None);
    let left: Vec<_> = run.life.world().reservations_from(0).filter(|one| !one.is_over()).collect();
    assert!(left.is_empty() && run.life.is_as_loaded(), "{left:?}");
    run.life.replays();
}

/// Seeds of `LIVES=FROM..TO`, or the first ones.
#[test]
fn lives_add_up_and_the_balance_returns_to_the_snapshots() {
    let wanted = std::env::var("LIVES").unwrap_or_else(|_| "0..100".to_string());
    let (from, to) = wanted.split_once("..").unwrap();
    for seed in from.parse::<u64>().unwrap()..to.parse::<u64>().unwrap() {
        let done = std::panic::catch_unwind(|| live_and_end(seed));
        if let Err(panic) = done {
            eprintln!("seed {seed}");
            std::panic::resume_unwind(panic);
        }
    }
}
