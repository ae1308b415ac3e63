//! What an entry means to those who listen: events, as a pure function of the worlds before and after it.
//!
//! A replay gives the same events in every field. What no entry causes is noted by one first.

use super::exceptions::{
    Delays, ExceptionKind, ExceptionLevel, Slip, Subject, at_risk_limits, level_of, promise_last,
    shortage, slips, value,
};
use crate::{
    allocation::is_only_counted,
    ledger::{Entry, Fact, Note, Reservation, State, World, reservation::Step},
    model::{AccountIx, Day, Money, Quantity},
    snapshot::{Account, ItemIx, SupplyIx},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// What, such as `promise.at_risk`.
    pub kind: &'static str,
    /// What it is about.
    pub subject: String,
    /// Why, in a few words.
    pub cause: String,
    /// The promise as it is afterwards, where it is about one.
    pub promise: Option<Arc<Reservation>>,
    /// What it means for the promise, where it may not be kept or could be sooner.
    pub jeopardy: Option<Jeopardy>,
    /// The item, where it is about one and no promise.
    pub item: Option<ItemIx>,
    /// The exception that it makes, or that was seen.
    pub about: Option<Subject>,
}

/// What became of a promise that may not be kept, or could be kept better.
#[derive(Clone, Copy, Debug)]
pub struct Jeopardy {
    /// The day that was promised.
    pub promised: Option<Day>,
    /// The day that it is by now.
    pub now: Option<Day>,
    /// Days from the one to the other.
    pub days: i32,
    /// What is promised is worth this.
    pub value: Money,
    /// How much it matters.
    pub level: ExceptionLevel,
}

/// The types of event.
pub const TYPES: &[&str] = &[
    "promise.made",
    "promise.confirmed",
    "promise.amended",
    "promise.cancelled",
    "promise.fulfilled",
    "promise.expired",
    "promise.reopened",
    "promise.extended",
    "promise.at_risk",
    "promise.safe_again",
    "promise.later",
    "promise.sooner_possible",
    "hold.expiring",
    "supply.late",
    "account.overcommitted",
    "allocation.over_consumed",
    "snapshot.activated",
    "snapshot.quarantined",
    "data.changed",
    "source.stale",
    "source.fresh",
    "exception.acknowledged",
    "selfcheck.diverged",
];

/// The events of an entry, in the order of their numbers.
pub fn of(before: &World, entry: &Entry, after: &World) -> Vec<Event> {
    let mut all = lives(before, entry, after);
    match &entry.fact {
        Fact::Noted { notes } => all.extend(notes.iter().filter_map(|note| noted(after, note))),
        Fact::Acknowledged(seen) => {
            let cause = if seen.until.is_some() { "put off" } else { "seen" };
            let cause = format!("{cause} by {}", seen.by);
            let about = Some(Subject::Id(Arc::clone(&seen.exception)));
            let id = seen.exception.to_string();
            all.push(Event { about, ..plain("exception.acknowledged", id, cause) });
        }
        Fact::Activated(activation) => {
            let cause = format!("{} serves", activation.snapshot_id);
            all.push(plain("snapshot.activated", activation.snapshot_id.to_string(), cause));
        }
        Fact::Changed(changed) => {
            let n = changed.changes.len();
            let what = if n == 1 { "1 change".to_string() } else { format!("{n} changes") };
            let source = changed.origin.source.as_deref().unwrap_or_default();
            all.push(plain("data.changed", source.to_string(), what));
        }
        Fact::Promised { .. }
        | Fact::Confirmed { .. }
        | Fact::PartlyReleased { .. }
        | Fact::Released { .. }
        | Fact::Amended { .. }
        | Fact::Fulfilled { .. }
        | Fact::Expired { .. }
        | Fact::Rearranged { .. }
        | Fact::Reverted { .. }
        | Fact::Stepped { .. }
        | Fact::Unchanged { .. }
        | Fact::Answered
        | Fact::Ruled { .. }
        | Fact::Forgotten { .. }
        | Fact::Leapt(_) => (),
    }
    // What only promising does hurts nobody, unless it is forced.
    if changes_data(&entry.fact) || is_forced(entry) {
        all.extend(hurt(before, after));
    } else {
        all.extend(flagged(before, after, &BTreeMap::new()));
    }
    all
}

fn plain(kind: &'static str, subject: String, cause: String) -> Event {
    Event { kind, subject, cause, promise: None, jeopardy: None, item: None, about: None }
}

fn changes_data(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Activated(_)
            | Fact::Changed(_)
            | Fact::Rearranged { .. }
            | Fact::Reverted { .. }
            | Fact::Ruled { .. }
    )
}

fn is_forced(entry: &Entry) -> bool {
    entry.steps().any(|(_, promise)| promise.facts.force.is_some())
}

/// The steps in the lives of promises.
fn lives(before: &World, entry: &Entry, after: &World) -> Vec<Event> {
    let step_of = |(step, promise): (Option<Step>, &Arc<Reservation>)| {
        let known = before.reservation(promise.number);
        let (kind, cause) = match step {
            None if known.is_none() => ("promise.made", promise.state.to_string()),
            // Only what it posts has changed.
            None => return None,
            // What is not confirmed of it is a promise of its own from now on.
            Some(Step::Confirm) if promise.state != State::Confirmed => {
                ("promise.made", format!("{}: the rest of a hold", promise.state))
            }
            Some(Step::Confirm) => ("promise.confirmed", "confirmed".to_string()),
            Some(Step::Cancel) if promise.state == State::Cancelled => {
                ("promise.cancelled", "cancelled".to_string())
            }
            Some(Step::Cancel) => ("promise.cancelled", left(promise, after)),
            Some(Step::Amend) => ("promise.amended", "promised anew".to_string()),
            Some(Step::Revert) => ("promise.amended", "taken back".to_string()),
            // What has shipped of it is a promise of its own from now on.
            Some(Step::Fulfil) if promise.state != State::Fulfilled => {
                ("promise.amended", format!("a part has shipped, {}", left(promise, after)))
            }
            Some(Step::Fulfil) => ("promise.fulfilled", "shipped".to_string()),
            Some(Step::Expire) => ("promise.expired", "its hold ended".to_string()),
            Some(Step::Extend) => ("promise.extended", "its hold ends later".to_string()),
            Some(Step::Reopen) => ("promise.reopened", "its shipment was taken back".to_string()),
        };
        Some(about(kind, promise, cause))
    };
    entry.steps().filter_map(step_of).collect()
}

/// What is left of a promise, in words.
fn left(promise: &Reservation, after: &World) -> String {
    let left = after.snapshot.items.shown(promise.facts.item, promise.quantity);
    format!("{left} {} left", if left == Quantity::units(1) { "is" } else { "are" })
}

fn about(kind: &'static str, promise: &Arc<Reservation>, cause: String) -> Event {
    let promise_of = Some(Arc::clone(promise));
    let exception = match kind {
        "promise.at_risk" => Some(ExceptionKind::AtRisk),
        "promise.later" => Some(ExceptionKind::Late),
        "promise.sooner_possible" => Some(ExceptionKind::CouldBeSooner),
        "hold.expiring" => Some(ExceptionKind::HoldExpiring),
        _ => None,
    };
    let about = exception.map(|kind| Subject::Promise(kind, promise.number));
    Event { about, promise: promise_of, ..plain(kind, promise.id(), cause) }
}

fn noted(after: &World, note: &Note) -> Option<Event> {
    match note {
        Note::HoldExpiring { number, until } => {
            let promise = after.reservation(*number)?;
            let until = jiff::Timestamp::from_microsecond(*until).ok()?;
            Some(about("hold.expiring", promise, format!("its hold ends at {until}")))
        }
        Note::SoonerPossible { number, date } => {
            let promise = after.reservation(*number)?;
            let (promised, now) = (promise_last(promise), after.snapshot.epoch().day(*date));
            let days = promised.map_or(0, |promised| now.since(promised));
            let event =
                about("promise.sooner_possible", promise, format!("it could be there on {date}"));
            let jeopardy =
                jeopardy(promise, ExceptionKind::CouldBeSooner, (promised, Some(now), days));
            Some(Event { jeopardy: Some(jeopardy), ..event })
        }
        Note::SoonerNoMore { .. } | Note::Cursor { .. } => None,
        Note::SourceStale { source, known_at } => {
            let at = jiff::Timestamp::from_microsecond(*known_at).ok()?;
            let cause = format!("last heard of at {at}");
            let about = Some(Subject::Source(Arc::clone(source)));
            Some(Event { about, ..plain("source.stale", source.to_string(), cause) })
        }
        Note::SourceFresh { source, known_at } => {
            let at = jiff::Timestamp::from_microsecond(*known_at).ok()?;
            Some(plain("source.fresh", source.to_string(), format!("heard of at {at}")))
        }
        Note::Quarantined { snapshot_id, why } => {
            Some(plain("snapshot.quarantined", snapshot_id.to_string(), why.to_string()))
        }
        Note::Diverged { account, why } => {
            Some(plain("selfcheck.diverged", account.to_string(), why.to_string()))
        }
    }
}

fn jeopardy(
    promise: &Reservation,
    kind: ExceptionKind,
    (promised, now, days): (Option<Day>, Option<Day>, i32),
) -> Jeopardy {
    let value = value(promise);
    Jeopardy { promised, now, days, value, level: level_of(kind, days.abs(), value) }
}

/// What changed planning data have done: supplies that are late, accounts that are short, promises hurt by it.
fn hurt(before: &World, after: &World) -> Vec<Event> {
    let is_kin = before.generation() == after.generation();
    let slipped: BTreeMap<SupplyIx, Slip> = slips(after);
    let known = if is_kin { slips(before) } else { BTreeMap::new() };
    let mut all = Vec::new();
    for (supply, slip) in slipped.iter().filter(|(supply, slip)| known.get(supply) != Some(slip)) {
        let name = after.snapshot.supplies.names.name(*supply);
        let item = match after.snapshot.account(slip.account) {
            Account::Stock(item, _) => Some(item),
            Account::Capacity(_) | Account::Part(..) => None,
        };
        let cause = format!("{name} {}", slip.words(&after.snapshot));
        let about = Some(Subject::Supply(*supply));
        all.push(Event { item, about, ..plain("supply.late", name, cause) });
    }
    all.extend(short(before, after));
    all.extend(flagged(before, after, &slipped));
    all.extend(later(before, after));
    all
}

/// The promises that differ, as they were and are; none where that is not told apart.
fn changed<'a>(
    before: &'a World,
    after: &'a World,
) -> impl Iterator<Item = (Option<&'a Arc<Reservation>>, &'a Arc<Reservation>)> {
    let mut numbers = after.changed_since(before);
    numbers.sort_unstable();
    let pair = move |number: u64| Some((before.reservation(number), after.reservation(number)?));
    numbers.into_iter().filter_map(pair)
}

/// Promises that are at risk now and were not, and those that are safe again.
fn flagged(before: &World, after: &World, slipped: &BTreeMap<SupplyIx, Slip>) -> Vec<Event> {
    let (mut risky, mut safe) = (Vec::new(), Vec::new());
    let mut delays = None;
    for (was, is) in changed(before, after) {
        let (was_at_risk, promise) = (was.is_some_and(|was| was.at_risk), is);
        match (was_at_risk, promise.at_risk && promise.is_live()) {
            (false, true) => {
                let (_, cause) = at_risk_limits(after, promise, slipped);
                let later = delays.get_or_insert_with(|| Delays::of(after)).days(promise);
                let promised = promise_last(promise);
                let now = promised.zip(later).map(|(promised, later)| promised.plus(later));
                let days = later.unwrap_or(0);
                let jeopardy = jeopardy(promise, ExceptionKind::AtRisk, (promised, now, days));
                risky.push(Event {
                    jeopardy: Some(jeopardy),
                    ..about("promise.at_risk", promise, cause)
                });
            }
            (true, false) if promise.is_live() => {
                let cause = "what it counts on is there again".to_string();
                safe.push(about("promise.safe_again", promise, cause));
            }
            (_, _) => (),
        }
    }
    risky.extend(safe);
    risky
}

/// Promises whose last day is a later one now, though their customers asked for nothing.
fn later(before: &World, after: &World) -> Vec<Event> {
    let (old, new) = (before.snapshot.epoch(), after.snapshot.epoch());
    let one = |(was, is): (Option<&Arc<Reservation>>, &Arc<Reservation>)| {
        let (was, now) = (promise_last(was?)?, promise_last(is)?);
        let promised = new.day(old.date(was));
        let days = now.since(promised);
        if days <= 0 || !is.is_live() {
            return None;
        }
        let cause =
            if days == 1 { "1 day later".to_string() } else { format!("{days} days later") };
        let jeopardy = jeopardy(is, ExceptionKind::Late, (Some(promised), Some(now), days));
        Some(Event { jeopardy: Some(jeopardy), ..about("promise.later", is, cause) })
    };
    changed(before, after).filter_map(one).collect()
}

/// Accounts that fall below zero now and did not, among those of promises that differ and of changed data.
fn short(before: &World, after: &World) -> Vec<Event> {
    let is_kin = before.generation() == after.generation();
    let mut accounts: BTreeSet<AccountIx> = BTreeSet::new();
    for (was, is) in changed(before, after) {
        let was = was.filter(|_| is_kin);
        let both = was.into_iter().chain([is]);
        accounts.extend(both.flat_map(|one| one.postings.iter()).map(|posting| posting.account));
    }
    if is_kin {
        accounts.extend(after.touched_by_changes_since(before));
    }
    let one = |account: AccountIx| {
        let (day, missing) = shortage(after, account)?;
        if is_kin && shortage(before, account).is_some_and(|(_, known)| missing <= known) {
            return None;
        }
        let snapshot = &after.snapshot;
        let date = snapshot.epoch().date(day);
        let name = snapshot.account_name(account);
        let (kind, item) = match snapshot.account(account) {
            Account::Part(..) if is_only_counted(snapshot, account) => return None,
            Account::Part(whole, _) => {
                let item = match snapshot.account(whole) {
                    Account::Stock(item, _) => Some(item),
                    Account::Capacity(_) | Account::Part(..) => None,
                };
                ("allocation.over_consumed", item)
            }
            Account::Stock(item, _) => ("account.overcommitted", Some(item)),
            Account::Capacity(_) => ("account.overcommitted", None),
        };
        let missing = snapshot.shown_of(account, missing);
        let about = Some(Subject::Account(account));
        Some(Event { item, about, ..plain(kind, name, format!("{missing} short from {date} on")) })
    };
    accounts.into_iter().filter_map(one).collect()
}
