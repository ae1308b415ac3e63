//! Shares that people change while promises live on them (semantics 7): what a node has left to give.
//!
//! A change of shares that would take a node below what has been taken from it, by the snapshot's demands
//! and by promises, is refused with the figure. What is released is turned into shifts of plain
//! quantities, so that an entry of the journal says what happened, not what was wished.

use super::{batch::Origin, digest, refresh, world::World};
use crate::{
    allocation::{
        self, cap, history,
        shift::{is_short, of_node, unused},
    },
    change::{Change, Fault, Move},
    model::{Day, Quantity, StockAccount, StockRef},
    snapshot::{AllocationIx, ClassIx},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Whether a node may be taken below what it has given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Floor {
    /// It may not: such changes are refused.
    Binding,
    /// It may, to see what would come of it.
    Ignored,
}

/// The changes as they are to be made: every quantity that goes from node to node is named.
///
/// Rows of rules and everything else come first, then shifts, in their order.
pub(super) fn settled(
    world: &World,
    changes: Arc<[Change]>,
    floor: Floor,
) -> Result<Arc<[Change]>, Vec<Fault>> {
    if !changes.iter().any(|one| one.kind().moves_shares() || one.kind().changes_shares()) {
        return Ok(changes);
    }
    let moves = |change: &&(usize, &Change)| change.1.kind().moves_shares();
    let numbered: Vec<(usize, &Change)> = changes.iter().enumerate().collect();
    let others = numbered.iter().filter(|change| !moves(change));
    let (places, mut made): (Vec<usize>, Vec<Change>) =
        others.map(|&(at, change)| (at, change.clone())).unzip();
    let at_its_place = |fault: Fault| Fault { change: places[fault.change], ..fault };
    let placed =
        |faults: Vec<Fault>| -> Vec<Fault> { faults.into_iter().map(at_its_place).collect() };
    let mut scratch = with(world, &made).map_err(placed)?;
    let mut faults = match floor {
        Floor::Binding => placed(below_taken(world, &made, &scratch)?),
        Floor::Ignored => Vec::new(),
    };
    let before = scratch.clone();
    let mut given = Vec::new();
    for &(at, change) in numbered.iter().filter(moves) {
        match shifts(&scratch, change) {
            Ok((moved, shifts)) => {
                scratch = with(&scratch, &shifts)?;
                made.extend(shifts.iter().cloned());
                given.push(Given { at, moved, shifts });
            }
            Err(found) => {
                faults.extend(found.into_iter().map(|fault| Fault { change: at, ..fault }))
            }
        }
    }
    if floor == Floor::Binding {
        faults.extend(overdrawn(&before, &scratch, &given)?);
    }
    if faults.is_empty() { Ok(made.into()) } else { Err(faults) }
}

/// What a change moves, and the shifts that it comes to.
struct Given {
    at: usize,
    moved: Move,
    shifts: Vec<Change>,
}

/// A fault for every node that gives more than it has, once all is given and got: the set is judged, not
/// each shift by itself. The last one that takes from the node is to blame.
fn overdrawn(before: &World, after: &World, given: &[Given]) -> Result<Vec<Fault>, Vec<Fault>> {
    let mut last: BTreeMap<(StockAccount, ClassIx), &Given> = BTreeMap::new();
    for one in given.iter().filter(|one| one.moved.quantity.is_some()) {
        last.insert((one.moved.account, one.moved.from), one);
    }
    let mut faults = Vec::new();
    for &Given { at, moved, .. } in last.into_values() {
        let is_same = |other: &Move| (other.account, other.from) == (moved.account, moved.from);
        let days = given.iter().map(|one| &one.moved).filter(|other| is_same(other));
        let from = days.map(|other| other.day).min().unwrap_or(moved.day);
        let (was, is) =
            (of_node(before, moved.account, moved.from), of_node(after, moved.account, moved.from));
        let Some(quantity) = moved.quantity.filter(|_| is_short(was, is, from)) else {
            continue;
        };
        // What it has left where all others are made.
        let others = given.iter().filter(|one| one.at != at).flat_map(|one| &one.shifts);
        let others: Vec<Change> = others.cloned().collect();
        let left = with(before, &others)?;
        let node = of_node(&left, moved.account, moved.from);
        let expected = most_to_give(&left, &moved, node);
        let value = left.snapshot.shown_of(moved.account, quantity).to_string();
        faults.push(Fault { change: at, field: "quantity", value, expected });
    }
    Ok(faults)
}

/// A world with changes that are settled.
fn with(world: &World, changes: &[Change]) -> Result<World, Vec<Fault>> {
    world.with_batch(changes.into(), Origin::PLANNING)
}

/// What a change moves, and the shifts of plain quantities that it comes to.
fn shifts(world: &World, change: &Change) -> Result<(Move, Vec<Change>), Vec<Fault>> {
    let snapshot = &*world.snapshot;
    let moved = Move::of(snapshot, change).expect("a change that moves shares")?;
    let node = of_node(world, moved.account, moved.from);
    let Some(quantity) = moved.quantity else {
        let unused = unused(node, moved.day, snapshot.counted_until(moved.account)).into_iter();
        return Ok((moved, unused.map(|(day, part)| moved.change(snapshot, day, part)).collect()));
    };
    Ok((moved, vec![moved.change(snapshot, moved.day, quantity)]))
}

/// "at most 18, which key_account has left from 2026-04-01 on: 30 given by 2026-04-01, 12 taken".
fn most_to_give(world: &World, moved: &Move, node: StockRef<'_>) -> String {
    let snapshot = &*world.snapshot;
    let class = snapshot.classes.names.name(moved.from);
    let left = node.available(moved.day);
    let date = |day| snapshot.epoch().date(day);
    let later = node.days().iter().map(|&day| Day(day.into())).filter(|&day| moved.day < day);
    // The day that bounds it: what is taken later is spoken for, too.
    let days = [moved.day].into_iter().chain(later);
    let lowest = days.min_by_key(|&day| node.balance(day)).expect("there is the day itself");
    let given = history(snapshot, moved.account).given_by(moved.from, lowest);
    let taken = given - node.balance(lowest);
    format!(
        "at most {left}, which {class} has left from {} on: {given} given by {}, {taken} taken",
        date(moved.day),
        date(lowest)
    )
}

/// A fault for every change of a rule by which a node would have been given less than was taken from it.
fn below_taken(
    before: &World,
    changes: &[Change],
    after: &World,
) -> Result<Vec<Fault>, Vec<Fault>> {
    let names = &before.snapshot.allocation.names;
    let rule_of = |change: &Change| {
        let rule = change.cells().find(|(column, _)| *column == "rule");
        rule.and_then(|(_, name)| names.get(&name))
    };
    let mut rules: BTreeMap<AllocationIx, usize> = BTreeMap::new();
    for (at, change) in changes.iter().enumerate().filter(|(_, c)| c.kind().changes_shares()) {
        rules.extend(rule_of(change).map(|rule| (rule, at)));
    }
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    // What else is changed in the same list, such as a supply, is not the shares' doing.
    let others: Vec<Change> =
        changes.iter().filter(|change| !change.kind().changes_shares()).cloned().collect();
    let before = if others.is_empty() { before.clone() } else { with(before, &others)? };
    let mut faults = Vec::new();
    for account in accounts_under(&before, &rules) {
        let rule = before.snapshot.allocation_rule_ix(account);
        let at = rule.and_then(|rule| rules.get(&rule)).expect("it is under one of them");
        if let Some(expected) = first_below(&before, after, account) {
            let value = |change: &Change, column: &str| {
                change.cells().find(|(name, _)| *name == column).map(|(_, value)| value)
            };
            let value = value(&changes[*at], "value").unwrap_or_default();
            faults.push(Fault { change: *at, field: "value", value, expected });
        }
    }
    Ok(faults)
}

/// The accounts under rules of which anything has been taken.
fn accounts_under(world: &World, rules: &BTreeMap<AllocationIx, usize>) -> BTreeSet<StockAccount> {
    let snapshot = &*world.snapshot;
    let promised = world.view.changed().filter_map(|(account, _)| snapshot.whole(account));
    let promised = promised.map(|(whole, _)| whole);
    let known = snapshot.stocks.known_accounts().into_iter();
    let demanded = known.filter(|&account| !snapshot.demands.of(account).is_empty());
    let is_under = |account: &StockAccount| {
        snapshot.allocation_rule_ix(*account).is_some_and(|rule| rules.contains_key(&rule))
    };
    promised.chain(demanded).filter(is_under).collect()
}

/// The first node that would be below what was taken from it, in words.
fn first_below(before: &World, after: &World, account: StockAccount) -> Option<String> {
    let snapshot = &*before.snapshot;
    let rule = snapshot.allocation_rule(account)?;
    if !rule.divides() {
        return first_cap_below(before, after, account);
    }
    let (old, new) = (history(snapshot, account), history(&after.snapshot, account));
    for &class in snapshot.classes.tree.down() {
        let node = allocation::node(snapshot, account, class);
        let (gives, gave) = (new.gifts(class), old.gifts(class));
        let mut takes: BTreeMap<Day, Quantity> = BTreeMap::new();
        for take in old.taken.iter().filter(|take| take.node == class) {
            *takes.entry(take.day).or_default() += take.quantity;
        }
        for posting in digest::effect_on(before, node.ix()) {
            *takes.entry(posting.day).or_default() -= posting.quantity;
        }
        let mut days: BTreeSet<Day> = gives.keys().chain(gave.keys()).copied().collect();
        days.extend(takes.keys());
        let by = |of: &BTreeMap<Day, Quantity>, day: Day| -> Quantity {
            of.range(..=day).map(|(_, part)| *part).sum()
        };
        for day in days {
            let (gives, taken) = (by(&gives, day), by(&takes, day));
            if gives < taken && gives < by(&gave, day) {
                let name = snapshot.classes.names.name(class);
                let (place, date) = (snapshot.account_name(account), snapshot.epoch().date(day));
                let [taken, gives] = [taken, gives].map(|kept| snapshot.shown_of(account, kept));
                return Some(format!(
                    "a share by which {name} is given at least the {taken} of {place} that are taken \
                     from it by {date}, not {gives}"
                ));
            }
        }
    }
    None
}

/// The first cap that would be below what was promised under it, in words.
fn first_cap_below(before: &World, after: &World, account: StockAccount) -> Option<String> {
    let snapshot = &*after.snapshot;
    let rule = snapshot.allocation_rule(account)?;
    let left = |world: &World, class: ClassIx, day: Day| cap::left(world, account, (class, day));
    let mut caps = rule.caps.iter().filter_map(|limit| Some((limit, limit.day()?)));
    let (limit, day) = caps.find(|(limit, day)| {
        let now = left(after, limit.class, *day);
        now < Quantity::ZERO && now < left(before, limit.class, *day)
    })?;
    let (name, promised) =
        (snapshot.classes.names.name(limit.class), limit.value - left(after, limit.class, day));
    let (place, date) = (snapshot.account_name(account), snapshot.epoch().date(day));
    let promised = snapshot.shown_of(account, promised);
    Some(format!("at least the {promised} of {place} that {name} was promised from {date} on"))
}

/// The live promises on which the shortages of a stock account and of its parts are laid, newest first.
pub fn at_risk(world: &World, account: StockAccount) -> BTreeSet<u64> {
    let account = account.ix();
    let accounts = [account].into_iter().chain(world.snapshot.parts_of(account));
    let short = refresh::short_accounts(world, accounts);
    let by_account = refresh::blamed(world, &short, world.reservations_from(0));
    by_account.into_values().flatten().collect()
}
