//! What would make a late line on time: single relaxations, each tried by the same search.
//!
//! Nothing is guessed: a relaxation is posted to the overlay (a supply moved, hours or goods added) or
//! set on the line (a split, a substitute, another way), the line is planned again, and what makes it
//! on time in full is kept, the smallest of its kind. Applied to the snapshot it does the same there.

use super::{
    answer::{LineOption, Peg, PegSource, Reason, Relaxation, Remedy},
    choose,
    fill::Search,
    query::{Line, SplitLimits},
};
use crate::{
    limits,
    model::{AccountIx, Day, Posting, Quantity},
    snapshot::{
        ClassIx, ItemIx, LocationIx, ResourceIx, SupplyIx, block::Part, count::Counting,
        stock::Supply,
    },
};

/// The accounts that bound a line: what relaxations are tried on.
struct Bounds {
    stocks: Vec<(ItemIx, LocationIx, Day)>,
    resources: Vec<ResourceIx>,
}

impl Bounds {
    fn of(reasons: &[Reason]) -> Self {
        let mut found = Self { stocks: Vec::new(), resources: Vec::new() };
        for reason in reasons {
            if let Reason::Stock { item, location, day, .. } = *reason {
                let known = |at: &(ItemIx, LocationIx, Day)| (at.0, at.1) == (item, location);
                if !found.stocks.iter().any(known) {
                    found.stocks.push((item, location, day));
                }
            } else if let Reason::Resource { resource, .. } = *reason
                && !found.resources.contains(&resource)
            {
                found.resources.push(resource);
            }
        }
        found
    }
}

/// What would make a line on time that these reasons bound, the smallest of each kind. Leaves nothing
/// behind. A line of a set is relaxed by itself.
pub(super) fn remedies(search: &mut Search<'_>, line: &Line, reasons: &[Reason]) -> Vec<Remedy> {
    let line = &Line { set: None, ..line.clone() };
    let bounds = Bounds::of(reasons);
    let mut found = Vec::new();
    found.extend(expedite(search, line, &bounds));
    found.extend(overtime(search, line, &bounds));
    found.extend(from_class(search, line, &bounds));
    found.extend(more_stock(search, line, &bounds));
    found.extend(on_the_line(search, line));
    found
}

fn attempt(search: &mut Search<'_>, line: &Line) -> Option<LineOption> {
    choose::on_time(search, line)
}

/// Tries a line with some changes in place, which are forgotten afterwards.
fn with(
    search: &mut Search<'_>,
    line: &Line,
    change: impl FnOnce(&mut Search<'_>),
) -> Option<LineOption> {
    let start = search.point();
    change(search);
    let option = attempt(search, line);
    search.cut(start);
    option
}

/// The smallest number from 1 to `most` that suffices, and what it brings.
fn smallest(
    most: i64,
    mut suffices: impl FnMut(i64) -> Option<LineOption>,
) -> Option<(i64, LineOption)> {
    // What the most does not mend is not mended; what is mended at all takes little as a rule.
    let mut best = (most, suffices(most)?);
    let (mut least, mut guess) = (1, 1);
    while least < best.0 {
        let middle = guess.min(least + (best.0 - least) / 2);
        match suffices(middle) {
            Some(option) => best = (middle, option),
            None => (least, guess) = (middle + 1, middle.saturating_mul(2)),
        }
    }
    Some(best)
}

/// The scheduled supply that must come the fewest days earlier.
fn expedite(search: &mut Search<'_>, line: &Line, bounds: &Bounds) -> Option<Remedy> {
    let snapshot = search.snapshot();
    let mut best: Option<Remedy> = None;
    for &(item, location, needed) in &bounds.stocks {
        let account = snapshot.stock(item, location);
        let later = |supply: &Supply| supply.day.is_some_and(|day| needed < day);
        let supplies = snapshot.supplies.of(account).iter().filter(later);
        for supply in supplies.take(limits::SUPPLIES_EXPEDITED_MAX) {
            let (Some(ix), Some(day)) = (supply.supply, supply.day) else {
                continue;
            };
            let most = match &best {
                Some(Remedy { relaxation: Relaxation::Expedite { days, .. }, .. }) => *days - 1,
                Some(_) | None => supply.due.0,
            };
            let counting = snapshot.counting(item, location);
            let moved = Moved { account, supply: ix, day, row: supply, counting };
            best = sooner(search, line, moved, most.min(supply.due.0)).or(best);
        }
    }
    best
}

/// A scheduled supply that is to come earlier.
#[derive(Clone, Copy)]
struct Moved<'a> {
    account: AccountIx,
    supply: SupplyIx,
    /// The day on which it counts.
    day: Day,
    row: Supply,
    counting: Counting<'a>,
}

impl Moved<'_> {
    /// The day on which it counts that many days sooner: where it comes through the dock, one on which that receives.
    fn sooner_by(self, days: i64) -> Day {
        let days = i32::try_from(days).expect("at most the day itself");
        let counts = self.counting.supply_day(self.row.kind, self.row.due.plus(-days));
        counts.unwrap_or(self.day)
    }
}

fn sooner(search: &mut Search<'_>, line: &Line, moved: Moved<'_>, most: i32) -> Option<Remedy> {
    if most < 1 {
        return None;
    }
    let Moved { account, supply, day, row, .. } = moved;
    let (days, option) = smallest(most.into(), |days| {
        with(search, line, |search| {
            post_supply(search, (account, day), -row.quantity);
            post_supply(search, (account, moved.sooner_by(days)), row.quantity);
        })
    })?;
    let to = moved.sooner_by(days);
    let days = i32::try_from(days).expect("at most the day itself");
    Some(Remedy { relaxation: Relaxation::Expedite { supply, days, to }, option })
}

/// Posts a scheduled supply to its account and, where a rule divides it, to the nodes (semantics 7).
fn post_supply(search: &mut Search<'_>, (account, day): (AccountIx, Day), quantity: Quantity) {
    let snapshot = search.snapshot();
    let sign = if quantity.is_positive() { 1 } else { -1 };
    let whole = Quantity::micros(quantity.raw() * sign);
    search.trial.overlay.post(Posting { account, day, quantity });
    for (class, part) in snapshot.divided(account, day, whole) {
        let account = snapshot.part(account, Part::Node(class));
        let quantity = Quantity::micros(part.raw() * sign);
        search.trial.overlay.post(Posting { account, day, quantity });
    }
}

/// So many units of the item that the line's own class gets from another one, of the lowest priority.
fn from_class(search: &mut Search<'_>, line: &Line, bounds: &Bounds) -> Option<Remedy> {
    let snapshot = search.snapshot();
    let &own = line.classes.first()?;
    let lot = snapshot.items.lot_multiple(line.item).unwrap_or(Quantity::ONE);
    let of_item = bounds.stocks.iter().filter(|(item, ..)| *item == line.item);
    for &(item, location, day) in of_item {
        let account = snapshot.stock(item, location);
        let mut classes: Vec<ClassIx> =
            snapshot.divided(account, day, Quantity::ONE).iter().map(|part| part.0).collect();
        let rank = |class: ClassIx| snapshot.classes.rows[class].rank;
        let name = |class: ClassIx| snapshot.classes.names.name(class);
        classes.sort_by(|&a, &b| rank(b).cmp(&rank(a)).then_with(|| name(a).cmp(name(b))));
        for class in classes.into_iter().filter(|class| !line.classes.contains(class)) {
            let (from, to) = (Part::Node(class), Part::Node(own));
            let (from, to) = (snapshot.part(account, from), snapshot.part(account, to));
            let there = search.trial.overlay.profile(from).available(day).raw() / lot.raw();
            let quantity = |lots: i64| Quantity::micros(lots * lot.raw());
            let shifted = smallest(there.max(1), |lots| {
                with(search, line, |search| {
                    search.trial.overlay.post(Posting {
                        account: from,
                        day,
                        quantity: -quantity(lots),
                    });
                    search.trial.overlay.post(Posting {
                        account: to,
                        day,
                        quantity: quantity(lots),
                    });
                })
            });
            if let Some((lots, option)) = shifted.filter(|_| 0 < there) {
                let quantity = quantity(lots);
                let relaxation = Relaxation::FromClass { class, item, location, quantity, day };
                return Some(Remedy { relaxation, option });
            }
        }
    }
    None
}

/// The resource that must work the fewest more hours a day until the target.
fn overtime(search: &mut Search<'_>, line: &Line, bounds: &Bounds) -> Option<Remedy> {
    let mut best: Option<(i64, Remedy)> = None;
    for &resource in &bounds.resources {
        let most = best.as_ref().map_or(limits::HOURS_ADDED_MAX, |(hours, _)| hours - 1);
        best = more_hours(search, line, resource, most).or(best);
    }
    best.map(|(_, remedy)| remedy)
}

fn more_hours(
    search: &mut Search<'_>,
    line: &Line,
    resource: ResourceIx,
    most: i64,
) -> Option<(i64, Remedy)> {
    if most < 1 {
        return None;
    }
    let snapshot = search.snapshot();
    let row = &snapshot.resources.rows[resource];
    let account = snapshot.capacity(row.capacity);
    let place = &snapshot.locations.rows[row.location];
    let calendar = snapshot.calendars.of(row.calendar.or(place.manufacturing));
    let last = line.requested.max(Day::ZERO).min(snapshot.epoch().end().plus(-1));
    let days: Vec<Day> = (0..=last.0).map(Day).filter(|&day| calendar.works(day)).collect();
    let before: Vec<Quantity> =
        days.iter().map(|&day| search.trial.overlay.profile(account).available(day)).collect();
    let all = |hours| -> Vec<_> { days.iter().map(|&day| (day, Quantity::units(hours))).collect() };
    let (hours, option) = smallest(most, |hours| {
        search.with_overtime(resource, &all(hours), |search| attempt(search, line))
    })?;
    // Only what the plan used beyond what was there is asked for.
    let used = |day: Day| -> Quantity { hours_on(&option, resource, day) };
    let extra: Vec<(Day, Quantity)> = days
        .iter()
        .zip(before)
        .map(|(&day, before)| (day, used(day) - before))
        .filter(|(_, extra)| extra.is_positive())
        .collect();
    let again = search.with_overtime(resource, &extra, |search| attempt(search, line));
    let (extra, option) = match again {
        Some(option) => (extra, option),
        None => (all(hours), option),
    };
    Some((hours, Remedy { relaxation: Relaxation::Hours { resource, extra }, option }))
}

/// The hours of a resource that an option takes on a day.
fn hours_on(option: &LineOption, resource: ResourceIx, day: Day) -> Quantity {
    let of_peg = |peg: &Peg| match &peg.source {
        PegSource::Make { hours, .. } => {
            let on = hours.iter().filter(|taken| (taken.resource, taken.day) == (resource, day));
            on.map(|taken| taken.hours).sum()
        }
        PegSource::Stock { .. }
        | PegSource::Transfer { .. }
        | PegSource::Buy { .. }
        | PegSource::Infinite
        | PegSource::LeadTime => Quantity::ZERO,
    };
    option.legs.iter().flat_map(|leg| &leg.pegs).map(of_peg).sum()
}

/// More goods of what is short, each account by itself: the deepest that suffices stands last.
fn more_stock(search: &mut Search<'_>, line: &Line, bounds: &Bounds) -> Vec<Remedy> {
    let mut found = Vec::new();
    for &(item, location, day) in &bounds.stocks {
        let snapshot = search.snapshot();
        let account = snapshot.stock(item, location);
        // What comes through the dock comes on a day on which that receives.
        let receiving = snapshot.calendars.of(snapshot.locations.rows[location].receiving);
        let day = receiving.previous(day).unwrap_or(day);
        let lot = search.snapshot().items.lot_multiple(item).unwrap_or(Quantity::ONE);
        // More than the line's own quantity where earlier promises have run into debt.
        let more = smallest(limits::LOTS_ADDED_MAX, |lots| {
            let quantity = Quantity::micros(lots * lot.raw());
            with(search, line, |search| search.post(account, day, quantity))
        });
        found.extend(more.map(|(lots, option)| {
            let quantity = Quantity::micros(lots * lot.raw());
            Remedy { relaxation: Relaxation::Goods { item, location, quantity, day }, option }
        }));
    }
    found
}

/// What the line itself may give up: being whole, being the very item, its way, its place.
fn on_the_line(search: &mut Search<'_>, line: &Line) -> Vec<Remedy> {
    let lot = search.snapshot().items.lot_multiple(line.item);
    let mut found = Vec::new();
    let mut try_line = |relaxed: Line, relaxation: fn(&LineOption) -> Relaxation| {
        let option = attempt(search, &relaxed);
        found.extend(option.map(|option| Remedy { relaxation: relaxation(&option), option }));
    };
    if line.split.is_none() {
        let minimum = lot.map_or(Quantity::ONE, |lot| Quantity::ONE.up_to(lot));
        let split = SplitLimits { minimum, legs: limits::LEGS_TRIED };
        let whole = Line { split: Some(split), ..line.clone() };
        try_line(whole, |option| Relaxation::Split { legs: option.legs.len() });
    }
    if !line.substitutes {
        let of_first = |option: &LineOption| Relaxation::Substitute { item: option.legs[0].item };
        try_line(Line { substitutes: true, ..line.clone() }, of_first);
    }
    if line.method.is_some() {
        let of_first = |option: &LineOption| Relaxation::Method { method: option.legs[0].method };
        try_line(Line { method: None, ..line.clone() }, of_first);
    }
    if line.location.is_some() {
        let of_first =
            |option: &LineOption| Relaxation::ShipFrom { location: option.legs[0].location };
        try_line(Line { location: None, ..line.clone() }, of_first);
    }
    found
}
