//! Counting what is promised: against caps, and towards what is protected (semantics 7).
//!
//! Both are limits of one period, and count what the classes under their node are promised to ship in it, each on an
//! account that begins where the limit is used up once its value has been counted.

use super::history::History;
use crate::{
    model::{AccountIx, Day, Posting, Quantity, StockAccount},
    snapshot::{
        ClassIx, Part, Snapshot,
        allocation_rule::{AllocationRule, Limit},
        kinds::DemandKind,
        stock::Demand,
    },
};

/// The limits of one kind, the parts that count them, and what a promised quantity puts on these.
pub(super) struct Counters<'a> {
    pub(super) limits: &'a [Limit],
    part: fn(ClassIx) -> Part,
    counted: fn(Quantity) -> Quantity,
}

impl Counters<'_> {
    /// What the account of a limit has before any promise of ours, where so much of it has been promised.
    pub(super) fn opening(&self, limit: &Limit, promised: Quantity) -> Quantity {
        (self.counted)(promised) - (self.counted)(limit.value)
    }
}

/// Caps count down to nothing.
pub(super) fn caps(rule: &AllocationRule) -> Counters<'_> {
    Counters { limits: &rule.caps, part: Part::Cap, counted: |promised| -promised }
}

/// What is protected counts up to nothing.
pub(super) fn protected(rule: &AllocationRule) -> Counters<'_> {
    Counters { limits: &rule.protects, part: Part::Protected, counted: |promised| promised }
}

fn counters(rule: &AllocationRule) -> [Counters<'_>; 2] {
    [caps(rule), protected(rule)]
}

/// The postings that count a leg of a class that ships on a day.
pub fn count(
    snapshot: &Snapshot,
    account: StockAccount,
    (class, ship): (Option<ClassIx>, Day),
    quantity: Quantity,
) -> Vec<Posting> {
    let mut postings = Vec::new();
    let Some(rule) = snapshot.allocation_rule(account) else {
        return postings;
    };
    for Counters { limits, part, counted } in counters(rule) {
        let posting = |limit: &Limit| {
            let (account, day) = (snapshot.part(account, part(limit.class)).ix(), limit.day()?);
            Some(Posting { account, day, quantity: counted(quantity), planned: 0 })
        };
        postings.extend(in_force(snapshot, limits, class, ship).filter_map(posting));
    }
    postings
}

/// The accounts on which a leg of some class that ships on a day may be counted, and the days under which.
pub fn places(
    snapshot: &Snapshot,
    account: StockAccount,
    ship: Day,
) -> Vec<(AccountIx, Option<Day>)> {
    let mut places = Vec::new();
    for Counters { limits, part, .. } in
        snapshot.allocation_rule(account).into_iter().flat_map(counters)
    {
        let place = |limit: &Limit| (snapshot.part(account, part(limit.class)).ix(), limit.day());
        places.extend(limits.iter().filter(|limit| limit.holds(ship)).map(place));
    }
    places
}

/// What a demand of the snapshot takes on the parts of an account, beside what it takes on the account: of
/// the nodes that it drew on, and of what counts it for its class. `history` is the account's.
pub fn of_demand(
    snapshot: &Snapshot,
    account: StockAccount,
    demand: &Demand,
    history: &History,
) -> Vec<Posting> {
    let of_it = history.taken.iter().filter(|take| take.demand == demand.demand);
    let mut postings: Vec<Posting> = of_it
        .map(|take| {
            let account = snapshot.part(account, Part::Node(take.node)).ix();
            Posting { account, day: take.day, quantity: -take.quantity, planned: 0 }
        })
        .collect();
    for Counters { limits, part, counted } in
        snapshot.allocation_rule(account).into_iter().flat_map(counters)
    {
        let own = limits.iter().filter(|limit| counts_under(snapshot, demand, limit));
        postings.extend(own.filter_map(|limit| {
            let account = snapshot.part(account, part(limit.class)).ix();
            let (day, quantity) = (day_within(snapshot, limit)?, counted(demand.quantity));
            Some(Posting { account, day, quantity, planned: 0 })
        }));
    }
    postings
}

/// The day on which what was posted on a part counts, if that was on a day outside of the horizon; none where it does not.
pub fn day_counted(
    snapshot: &Snapshot,
    (whole, part): (StockAccount, Part),
    day: Day,
) -> Option<Day> {
    let limits = match part {
        Part::Node(_) => return (day < Day::ZERO).then_some(Day::ZERO),
        Part::Seen(_) => return None,
        Part::Cap(_) => &snapshot.allocation_rule(whole)?.caps,
        Part::Protected(_) => &snapshot.allocation_rule(whole)?.protects,
    };
    let mut own = limits.iter().filter(|limit| Some(limit.class) == part.class());
    day_within(snapshot, own.find(|limit| limit.holds(day))?)
}

/// Whether an account only counts, and lacks nothing where it is below zero: what a class has been promised, and what it
/// has announced.
pub fn is_only_counted(snapshot: &Snapshot, account: AccountIx) -> bool {
    match snapshot.whole(account) {
        Some((_, Part::Protected(_) | Part::Seen(_))) => true,
        Some((_, Part::Node(_) | Part::Cap(_))) | None => false,
    }
}

/// Those limits under which a leg of a class counts that ships on a day; none for a line without class.
pub(super) fn in_force<'a>(
    snapshot: &'a Snapshot,
    limits: &'a [Limit],
    class: Option<ClassIx>,
    ship: Day,
) -> impl Iterator<Item = &'a Limit> {
    // After the horizon caps and protected quantities go on as on its last day.
    let ship = ship.min(snapshot.epoch().end().plus(-1));
    let is_above = move |limit: &Limit| {
        class.is_some_and(|class| snapshot.classes.up(class).any(|above| above == limit.class))
    };
    limits.iter().filter(move |limit| limit.holds(ship) && is_above(limit))
}

/// The day within the horizon under which the period of a limit is counted; none where it is over before or begins after.
pub(super) fn day_within(snapshot: &Snapshot, limit: &Limit) -> Option<Day> {
    limit.day().filter(|&day| day < snapshot.epoch().end())
}

/// What the classes under a node were promised by the snapshot's sales orders, dated in the period.
pub(super) fn promised(snapshot: &Snapshot, account: StockAccount, limit: &Limit) -> Quantity {
    let demands = snapshot.demands.of(account).iter();
    let counted = demands.filter(|demand| counts_under(snapshot, demand, limit));
    counted.map(|demand| demand.quantity).sum()
}

/// Whether a demand of the snapshot counts under a limit.
pub(super) fn counts_under(snapshot: &Snapshot, demand: &Demand, limit: &Limit) -> bool {
    // What is dated after the horizon takes its stock on the last day, but counts by its own date.
    let own = |day: Day| if snapshot.epoch().end() <= demand.due { demand.due } else { day };
    demand.kind == DemandKind::SalesOrder
        && demand.day.is_some_and(|day| limit.holds(own(day)))
        && demand.class.is_some_and(|class| snapshot.classes.up(class).any(|c| c == limit.class))
}
