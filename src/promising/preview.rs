//! What a change of shares would do to an item at a location, before it is made (semantics 7).
//!
//! The changes are made in a copy of the world. Where live would refuse them, they are made all the same,
//! so that it can be seen who would be hurt. Nothing is committed. Start at [`preview`].

use super::{Planner, patience::Patience, request::Request, share_table, terms};
use crate::{
    allocation::{self, shift::of_node},
    change::{Change, Fault},
    ledger::{
        Reservation, World,
        share_change::{Floor, at_risk},
    },
    limits::PROMISES_PREVIEWED_MAX,
    model::{Day, Quantity, StockAccount, StockRef},
    promising::request::Remedies,
    snapshot::{ClassIx, ItemIx, LocationIx},
};
use std::{collections::BTreeSet, sync::Arc};

/// What a change of shares would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Why it would be refused; empty where it would not be.
    pub refused: Vec<Fault>,
    /// The world with it; none where it cannot be made at all.
    pub after: Option<World>,
    /// Where a class could have another quantity than now.
    pub available: Vec<Available>,
    /// What would become of live promises of the item from the location.
    pub promises: Vec<Affected>,
    /// Live promises that were not looked at, being too many.
    pub not_looked_at: usize,
    /// Further items at locations under a rule that would change.
    pub further_accounts: usize,
}

/// What a class can have, from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Available {
    /// The class.
    pub class: ClassIx,
    /// From this day on, until the class's next row.
    pub day: Day,
    /// Now.
    pub before: Quantity,
    /// With the change.
    pub after: Quantity,
}

/// What would become of a promise.
#[derive(Clone, Debug)]
pub struct Affected {
    /// The promise.
    pub reservation: Arc<Reservation>,
    /// What would become of it.
    pub effect: Effect,
}

/// What a change would do to a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It would count on stock that its class has not got any more.
    AtRisk,
    /// It stands; were it promised again, its last leg would ship later than it would without the change.
    Later {
        /// Without the change.
        before: Day,
        /// With it; none within the horizon.
        after: Option<Day>,
    },
}

/// Looks at what changes would do to an item at a location.
pub fn preview(world: &World, place: (ItemIx, LocationIx), changes: &[Change]) -> Preview {
    preview_within(world, place, changes, &Patience::endless())
}

/// The same, as long as somebody waits for it, within [`heard_out`](super::patience::heard_out): promises are planned
/// again.
pub fn preview_within(
    world: &World,
    (item, location): (ItemIx, LocationIx),
    changes: &[Change],
    patience: &Patience,
) -> Preview {
    patience.go_on();
    let (after, refused) = match world.with_changes(changes) {
        Ok(after) => (Some(after), Vec::new()),
        Err(refused) => (world.with_changes_to(changes, Floor::Ignored).ok(), refused),
    };
    let mut preview = Preview {
        refused,
        after: None,
        available: Vec::new(),
        promises: Vec::new(),
        not_looked_at: 0,
        further_accounts: 0,
    };
    if let Some(after) = after {
        let account = world.snapshot.stock(item, location);
        preview.available = available(world, &after, account);
        let mut planner = Planner::patient(patience);
        affected((world, &after), (item, location), &mut planner, &mut preview);
        preview.further_accounts = further_accounts(world, account, changes);
        preview.after = Some(after);
    }
    preview
}

/// Where a class could have another quantity, row by row: down the tree, then by day.
fn available(before: &World, after: &World, account: StockAccount) -> Vec<Available> {
    let days: BTreeSet<Day> = [before, after]
        .into_iter()
        .flat_map(|world| days_of(world, account))
        .chain([Day::ZERO])
        .collect();
    let mut rows: Vec<Available> = Vec::new();
    for &class in before.snapshot.classes.tree.down() {
        let mut last = (Quantity::ZERO, Quantity::ZERO);
        for &day in &days {
            let of = |world| allocation::available(world, account, Some(class), day);
            let (before, after) = (of(before), of(after));
            // A class that is no better or worse off any more has a last row that says so.
            if (before != after || last.0 != last.1) && last != (before, after) {
                rows.push(Available { class, day, before, after });
            }
            last = (before, after);
        }
    }
    rows
}

/// The days on which what a class may have of an account can change.
fn days_of(world: &World, account: StockAccount) -> Vec<Day> {
    let snapshot = &*world.snapshot;
    let whole = world.stock(account);
    let nodes = snapshot.classes.rows.indices().map(|class| of_node(world, account, class));
    let dated = |stock: StockRef<'_>| -> Vec<Day> {
        stock.days().iter().map(|&day| Day(day.into())).collect()
    };
    let rule = snapshot.allocation_rule(account);
    let dates = rule.into_iter().flat_map(share_table::period_starts);
    let end = snapshot.counted_until(account);
    let all = [whole].into_iter().chain(nodes).flat_map(dated).chain(dates);
    all.filter(|&day| day < end).collect()
}

/// Promises that would be at risk or, were they promised again, later: the newest ones are looked at.
fn affected(
    (before, after): (&World, &World),
    (item, location): (ItemIx, LocationIx),
    planner: &mut Planner,
    preview: &mut Preview,
) {
    let account = before.snapshot.stock(item, location);
    let already = at_risk(before, account);
    let hurt: BTreeSet<u64> = at_risk(after, account).difference(&already).copied().collect();
    let is_concerned = |found: &&Arc<Reservation>| {
        let mut legs = found.facts.legs.iter();
        found.is_live() && legs.any(|leg| (leg.item, leg.location) == (item, location))
    };
    let live: Vec<&Arc<Reservation>> = before.reservations_from(0).filter(is_concerned).collect();
    preview.not_looked_at = live.len().saturating_sub(PROMISES_PREVIEWED_MAX);
    for &reservation in live.iter().skip(preview.not_looked_at) {
        let number = reservation.number;
        let effect = match hurt.contains(&number) {
            true => Some(Effect::AtRisk),
            false => later((before, after), reservation, planner),
        };
        let reservation = Arc::clone(reservation);
        preview.promises.extend(effect.map(|effect| Affected { reservation, effect }));
    }
}

/// Whether a promise, promised again by itself, would ship later with the change than without.
fn later(
    (before, after): (&World, &World),
    reservation: &Reservation,
    planner: &mut Planner,
) -> Option<Effect> {
    let now = ships(before, reservation, planner)??;
    let then = ships(after, reservation, planner)?;
    let is_later = then.is_none_or(|then| now < then);
    is_later.then_some(Effect::Later { before: now, after: then })
}

/// When a promise would ship if it were promised again in a world without it: `None` where it cannot be asked for any
/// more, `Some(None)` where nothing comes within the horizon.
fn ships(world: &World, reservation: &Reservation, planner: &mut Planner) -> Option<Option<Day>> {
    let line = terms::order_line(&world.snapshot, reservation);
    let request = Request {
        lines: vec![line],
        objective: None,
        alternatives: 0,
        remedies: Remedies::None,
        now: None,
    };
    let query = request.resolve(&world.snapshot).ok()?;
    let promise = planner.plan(&world.without(reservation.number), &query);
    let option = promise.lines[0].option.as_ref();
    Some(option.and_then(|option| option.legs.iter().map(|leg| leg.ship).max()))
}

/// How many more accounts are under rules of which rows are changed.
fn further_accounts(world: &World, account: StockAccount, changes: &[Change]) -> usize {
    let snapshot = &*world.snapshot;
    let named = changes.iter().filter(|change| change.kind().changes_shares());
    let rules: BTreeSet<_> = named
        .filter_map(|change| change.cells().find(|(column, _)| *column == "rule"))
        .filter_map(|(_, name)| snapshot.allocation.names.get(&name))
        .collect();
    if rules.is_empty() {
        return 0;
    }
    let others = snapshot.stocks.iter().filter(|(other, _)| *other != account);
    others
        .filter(|(other, _)| {
            snapshot.allocation_rule_ix(*other).is_some_and(|rule| rules.contains(&rule))
        })
        .count()
}
