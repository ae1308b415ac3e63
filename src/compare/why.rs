//! What made the difference for a line: supply that is there or not, or who takes it.

use super::Verdict;
use crate::{
    ledger::{Reservation, World},
    model::{AccountIx, Day, Posting, ProfileRef, Quantity},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Two worlds, and who takes what from the accounts in each.
#[derive(Debug)]
pub(super) struct Context<'w> {
    before: &'w World,
    after: &'w World,
    /// By account: what each order takes more in the second world (less where negative).
    shifted: BTreeMap<AccountIx, BTreeMap<Arc<str>, Quantity>>,
}

/// Orders named in a sentence.
const ORDERS_MAX: usize = 3;

impl<'w> Context<'w> {
    pub(super) fn new(before: &'w World, after: &'w World) -> Self {
        let mut shifted: BTreeMap<AccountIx, BTreeMap<Arc<str>, Quantity>> = BTreeMap::new();
        // Accounts of two snapshots have nothing in common but their names.
        if before.snapshot.id() != after.snapshot.id() {
            return Self { before, after, shifted };
        }
        let mut numbers: BTreeSet<u64> = BTreeSet::new();
        for world in [before, after] {
            numbers.extend(world.reservations_from(0).map(|found| found.number));
        }
        for number in numbers {
            let (old, new) = (before.reservation(number), after.reservation(number));
            if old.map(|found| &found.postings) == new.map(|found| &found.postings) {
                continue;
            }
            let mut note = |found: &Reservation, account: AccountIx, taken: Quantity| {
                let orders = shifted.entry(account).or_default();
                *orders.entry(Arc::clone(&found.facts.order)).or_default() += taken;
            };
            for (found, posting) in old.iter().flat_map(|found| of(found)) {
                note(found, posting.account, posting.quantity);
            }
            for (found, posting) in new.iter().flat_map(|found| of(found)) {
                note(found, posting.account, -posting.quantity);
            }
        }
        Self { before, after, shifted }
    }

    /// What made the difference for a line; empty where there is none, or none is found.
    pub(super) fn explain(
        &self,
        verdict: Verdict,
        before: Option<&Arc<Reservation>>,
        after: Option<&Arc<Reservation>>,
    ) -> String {
        if self.before.snapshot.id() != self.after.snapshot.id() {
            return String::new();
        }
        let better = match verdict {
            Verdict::Wins => true,
            Verdict::Loses => false,
            Verdict::Same | Verdict::Added | Verdict::Gone => return String::new(),
        };
        let own = before.or(after).map(|found| Arc::clone(&found.facts.order));
        // What is missing was there on the days of before; what came is there on those of after.
        let days = if better { [before, after] } else { [after, before] };
        let taken = days.into_iter().flatten().flat_map(|found| found.postings.iter());
        let accounts: BTreeMap<AccountIx, Day> =
            taken.map(|posting| (posting.account, posting.day)).collect();
        let mut reasons = Vec::new();
        for (&account, &day) in &accounts {
            reasons.extend(self.supply(account, day, better));
        }
        for &account in accounts.keys() {
            reasons.extend(self.rivals(account, own.as_deref(), better));
        }
        reasons.truncate(2);
        reasons.join("; ")
    }

    /// That there is more or less on an account by a day, before anybody takes from it.
    fn supply(&self, account: AccountIx, day: Day, better: bool) -> Option<String> {
        let by = |world: &World| match world.snapshot.profile(account) {
            ProfileRef::Stock(stock) => stock.balance(day),
            ProfileRef::Capacity(capacity) => capacity.balance(day),
        };
        let (old, new) = (by(self.before), by(self.after));
        let name = self.after.snapshot.account_name(account);
        let date = self.after.snapshot.epoch().date(day);
        if better && old < new {
            Some(format!("{} more of {name} by {date}", new - old))
        } else if !better && new < old {
            Some(format!("{} less of {name} by {date}", old - new))
        } else {
            None
        }
    }

    /// Which other orders give or take on an account.
    fn rivals(&self, account: AccountIx, own: Option<&str>, better: bool) -> Option<String> {
        let orders = self.shifted.get(&account)?;
        let moved = |taken: Quantity| if better { -taken } else { taken };
        let mut rivals: Vec<(Quantity, &str)> = orders
            .iter()
            .filter(|(order, _)| Some(&***order) != own)
            .map(|(order, taken)| (moved(*taken), &**order))
            .filter(|(quantity, _)| quantity.is_positive())
            .collect();
        rivals.sort_by_key(|(quantity, order)| (-*quantity, *order));
        let named: Vec<_> = rivals
            .iter()
            .take(ORDERS_MAX)
            .map(|(quantity, order)| format!("{order} ({quantity})"))
            .collect();
        if named.is_empty() {
            return None;
        }
        let verb = if better { "given up by" } else { "taken by" };
        Some(format!("{} {verb} {}", self.after.snapshot.account_name(account), named.join(", ")))
    }
}

fn of(found: &Arc<Reservation>) -> impl Iterator<Item = (&Reservation, &Posting)> {
    found.postings.iter().map(move |posting| (&**found, posting))
}
