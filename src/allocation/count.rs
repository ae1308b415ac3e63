//! Counting what is promised: against caps, and towards what is protected (semantics 7).

use super::{
    cap,
    history::History,
    limit::{counts_under, day_within, in_force},
    protect,
};
use crate::{
    model::{AccountIx, Day, Posting, Quantity},
    snapshot::{
        ClassIx, Part, Snapshot,
        allocation_rule::{AllocationRule, Limit},
        stock::Demand,
    },
};

/// The limits of one kind, the parts that count them, and what a promised quantity puts on these.
struct Counters<'a> {
    limits: &'a [Limit],
    part: fn(ClassIx) -> Part,
    counted: fn(Quantity) -> Quantity,
}

/// Caps, then what is protected.
fn counters(rule: &AllocationRule) -> [Counters<'_>; 2] {
    [
        Counters { limits: &rule.caps, part: Part::Cap, counted: cap::counted },
        Counters { limits: &rule.protects, part: Part::Kept, counted: protect::counted },
    ]
}

/// The postings that count a leg of a class that ships on a day.
pub fn count(
    snapshot: &Snapshot,
    account: AccountIx,
    (class, ship): (Option<ClassIx>, Day),
    quantity: Quantity,
) -> Vec<Posting> {
    let mut postings = Vec::new();
    let Some(rule) = snapshot.allocation_rule(account) else {
        return postings;
    };
    for Counters { limits, part, counted } in counters(rule) {
        let posting = |limit: &Limit| {
            let (account, day) = (snapshot.part(account, part(limit.class)), limit.day()?);
            Some(Posting { account, day, quantity: counted(quantity), planned: 0 })
        };
        postings.extend(in_force(snapshot, limits, class, ship).filter_map(posting));
    }
    postings
}

/// The accounts on which a leg of some class that ships on a day may be counted, and the days under which.
pub fn places(snapshot: &Snapshot, account: AccountIx, ship: Day) -> Vec<(AccountIx, Option<Day>)> {
    let mut places = Vec::new();
    for Counters { limits, part, .. } in
        snapshot.allocation_rule(account).into_iter().flat_map(counters)
    {
        let place = |limit: &Limit| (snapshot.part(account, part(limit.class)), limit.day());
        places.extend(limits.iter().filter(|limit| limit.holds(ship)).map(place));
    }
    places
}

/// What a demand of the snapshot takes on the parts of an account, beside what it takes on the account: of
/// the nodes that it drew on, and of what counts it for its class. `history` is the account's.
pub fn of_demand(
    snapshot: &Snapshot,
    account: AccountIx,
    demand: &Demand,
    history: &History,
) -> Vec<Posting> {
    let of_it = history.taken.iter().filter(|take| take.demand == demand.demand);
    let mut postings: Vec<Posting> = of_it
        .map(|take| {
            let account = snapshot.part(account, Part::Node(take.node));
            Posting { account, day: take.day, quantity: -take.quantity, planned: 0 }
        })
        .collect();
    for Counters { limits, part, counted } in
        snapshot.allocation_rule(account).into_iter().flat_map(counters)
    {
        let own = limits.iter().filter(|limit| counts_under(snapshot, demand, limit));
        postings.extend(own.filter_map(|limit| {
            let account = snapshot.part(account, part(limit.class));
            let (day, quantity) = (day_within(snapshot, limit)?, counted(demand.quantity));
            Some(Posting { account, day, quantity, planned: 0 })
        }));
    }
    postings
}

/// The day on which what was posted on a part counts, if that was on a day outside of the horizon; none where it does not.
pub fn day_counted(snapshot: &Snapshot, (whole, part): (AccountIx, Part), day: Day) -> Option<Day> {
    let limits = match part {
        Part::Node(_) => return (day < Day::ZERO).then_some(Day::ZERO),
        Part::Seen(_) => return None,
        Part::Cap(_) => &snapshot.allocation_rule(whole)?.caps,
        Part::Kept(_) => &snapshot.allocation_rule(whole)?.protects,
    };
    let mut own = limits.iter().filter(|limit| Some(limit.class) == part.class());
    day_within(snapshot, own.find(|limit| limit.holds(day))?)
}

/// Whether an account only counts, and lacks nothing where it is below zero: what a class has been promised, and what it
/// has announced.
pub fn is_only_counted(snapshot: &Snapshot, account: AccountIx) -> bool {
    match snapshot.whole(account) {
        Some((_, Part::Kept(_) | Part::Seen(_))) => true,
        Some((_, Part::Node(_) | Part::Cap(_))) | None => false,
    }
}
