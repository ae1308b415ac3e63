//! What made the difference for a line: supply that is there or not and which change did that, or who
//! takes it, or at least what is otherwise.

use super::{
    pair::Pair,
    standing::{LineStanding, Verdict},
};
use crate::{
    allocation,
    change::Change,
    ledger::{ChangeBatch, Reservation, World},
    model::{AccountIx, Day, ProfileRef, Quantity},
};
use std::{collections::BTreeMap, sync::Arc};

/// Two worlds, and who takes what from the accounts in each.
#[derive(Debug)]
pub(super) struct Context {
    before: World,
    after: World,
    /// By account: what each order line takes more in the second world (less where negative).
    shifted: BTreeMap<AccountIx, BTreeMap<Line, Quantity>>,
    /// The changes of planning data that only the second world has, and what account each is of.
    changes: Vec<(Option<AccountIx>, Change)>,
}

/// An order and a line of it.
type Line = (Arc<str>, Arc<str>);

/// Orders named in a sentence.
const ORDERS_MAX: usize = 3;

/// Reasons named for a line.
const REASONS_MAX: usize = 2;

/// Whether what there is on an account is looked at on the good side or the bad one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Better {
    Before,
    After,
}

impl Context {
    pub(super) fn new(before: &World, after: &World, pairs: &[Pair]) -> Self {
        let (before, after) = (before.clone(), after.clone());
        let mut shifted = BTreeMap::new();
        // Accounts of two snapshots have nothing in common but their names.
        if before.snapshot.id() == after.snapshot.id() {
            pairs.iter().for_each(|pair| shift(&mut shifted, pair));
        }
        let (ours, theirs) = (before.change_batches(), after.change_batches());
        let is_in = |batch: &Arc<ChangeBatch>, all: &[Arc<ChangeBatch>]| {
            all.iter().any(|other| Arc::ptr_eq(batch, other))
        };
        let new = theirs.iter().filter(|batch| !is_in(batch, &ours));
        let undone = ours.iter().filter(|batch| !is_in(batch, &theirs));
        let changes = new.chain(undone).flat_map(|batch| batch.changes.to_vec()).map(|change| {
            let account = change.account(&after.snapshot);
            (account.or_else(|| change.account(&before.snapshot)), change)
        });
        let changes = changes.collect();
        Self { before, after, shifted, changes }
    }

    /// What made the difference for a line; empty where there is none.
    pub(super) fn explain(&self, pair: &Pair) -> String {
        let better = match pair.verdict {
            Verdict::Wins => Better::After,
            Verdict::Loses => Better::Before,
            Verdict::Same | Verdict::Added | Verdict::Gone => return String::new(),
        };
        let mut reasons = Vec::new();
        if self.before.snapshot.id() == self.after.snapshot.id() {
            reasons = self.reasons(pair, better);
        }
        if reasons.is_empty() {
            let lately = self.changes.iter().filter(|(account, _)| account.is_none());
            reasons.extend(lately.take(1).map(|(_, change)| format!("{change}")));
            reasons.push(otherwise(pair));
        }
        reasons.truncate(REASONS_MAX);
        reasons.join("; ")
    }

    fn reasons(&self, pair: &Pair, better: Better) -> Vec<String> {
        let [before, after] = &pair.promises;
        // What is missing was there on the days of before; what came is there on those of after.
        let sides = match better {
            Better::After => [before, after],
            Better::Before => [after, before],
        };
        let taken = sides.into_iter().flatten().flat_map(|found| found.postings.iter());
        let accounts: BTreeMap<AccountIx, Day> =
            taken.map(|posting| (posting.account, posting.day)).collect();
        let own = before.as_ref().or(after.as_ref()).map(line_of);
        let supplies = accounts.iter().filter_map(|(&at, &day)| self.supply(at, day, better));
        let rivals = accounts.keys().filter_map(|&at| self.rivals(at, own.as_ref(), better));
        supplies.chain(rivals).take(REASONS_MAX).collect()
    }

    /// That there is more or less on an account by a day, before anybody takes from it.
    fn supply(&self, account: AccountIx, day: Day, better: Better) -> Option<String> {
        let (old, new) = (there(&self.before, account, day), there(&self.after, account, day));
        let (more, word) = match better {
            Better::After => (new - old, "more"),
            Better::Before => (old - new, "less"),
        };
        let name = self.after.snapshot.account_name(account);
        let date = self.after.snapshot.epoch().date(day);
        let of_it = self.changes.iter().filter(|(at, _)| *at == Some(account));
        let causes: Vec<_> = of_it.take(2).map(|(_, change)| change.to_string()).collect();
        let cause =
            if causes.is_empty() { String::new() } else { format!(" ({})", causes.join(", ")) };
        more.is_positive().then(|| format!("{more} {word} of {name} by {date}{cause}"))
    }

    /// Which other lines give or take on an account.
    fn rivals(&self, account: AccountIx, own: Option<&Line>, better: Better) -> Option<String> {
        let moved = |taken: Quantity| match better {
            Better::After => -taken,
            Better::Before => taken,
        };
        let mut rivals: Vec<(Quantity, &Line)> = self
            .shifted
            .get(&account)?
            .iter()
            .filter(|(line, _)| Some(*line) != own)
            .map(|(line, taken)| (moved(*taken), line))
            .filter(|(quantity, _)| quantity.is_positive())
            .collect();
        rivals.sort_by_key(|(quantity, line)| (-*quantity, *line));
        let more = rivals.len().saturating_sub(ORDERS_MAX);
        let named = rivals.iter().take(ORDERS_MAX);
        let mut named: Vec<_> =
            named.map(|(quantity, (order, line))| format!("{order}/{line} ({quantity})")).collect();
        if named.is_empty() {
            return None;
        }
        if 0 < more {
            named.push(format!("{more} more"));
        }
        let verb = match better {
            Better::After => "given up by",
            Better::Before => "taken by",
        };
        Some(format!("{} {verb} {}", self.after.snapshot.account_name(account), named.join(", ")))
    }
}

fn line_of(found: &Arc<Reservation>) -> Line {
    (Arc::clone(&found.facts.order), Arc::clone(&found.facts.line))
}

/// Notes what a line takes more or less.
fn shift(shifted: &mut BTreeMap<AccountIx, BTreeMap<Line, Quantity>>, pair: &Pair) {
    let [before, after] = &pair.promises;
    let postings =
        |side: &Option<Arc<Reservation>>| side.as_ref().map(|one| Arc::clone(&one.postings));
    if postings(before) == postings(after) {
        return;
    }
    let back =
        before.iter().flat_map(|found| found.postings.iter().map(move |one| (found, *one, 1)));
    let taken =
        after.iter().flat_map(|found| found.postings.iter().map(move |one| (found, *one, -1)));
    for (found, posting, sign) in back.chain(taken) {
        let lines = shifted.entry(posting.account).or_default();
        let sum = lines.entry(line_of(found)).or_default();
        *sum += if sign < 0 { -posting.quantity } else { posting.quantity };
    }
}

/// What planning data alone has on an account from a day on, whoever takes it.
fn there(world: &World, account: AccountIx, day: Day) -> Quantity {
    match allocation::profile(&world.snapshot, account) {
        // What is there on the day and stays there, short or not.
        ProfileRef::Stock(stock) => {
            let later = stock.changes().map(|change| change.day).filter(|at| day < *at);
            let days = later.chain([day]);
            days.map(|at| stock.balance(at)).min().unwrap_or(Quantity::ZERO)
        }
        ProfileRef::Capacity(capacity) => capacity.balance(day),
    }
}

/// What is otherwise, where nothing can be made out that made it so.
fn otherwise(pair: &Pair) -> String {
    let words = |side: Option<&LineStanding>| match side.and_then(|one| Some((one, one.date?))) {
        Some((one, date)) => format!("{} from {} on {date}", one.promised, one.location),
        None => "nothing".to_string(),
    };
    let (was, is) = (words(pair.before.as_ref()), words(pair.after.as_ref()));
    let at_risk = |side: &Option<LineStanding>| side.as_ref().is_some_and(|one| one.at_risk);
    match (at_risk(&pair.before), at_risk(&pair.after)) {
        (false, true) if was == is => {
            "is at risk: more is promised of what it takes than there will be".to_string()
        }
        (true, false) if was == is => "is no longer at risk".to_string(),
        _ => format!("was {was}, is {is}"),
    }
}
