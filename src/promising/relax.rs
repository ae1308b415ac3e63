//! What would make a late line, or all lines of a set, on time: single relaxations, each tried by the same
//! search.
//!
//! Nothing is guessed: a relaxation is posted to the overlay (a supply moved, hours or goods added) or
//! set on the lines (a split, a substitute, another way), they are planned again, and what makes them
//! on time in full is kept, the smallest of its kind. Applied to the snapshot it does the same there.

use super::{
    answer::{LineOption, LineResult, Peg, PegSource, Reason, Relaxation, Remedy},
    candidates::candidates,
    choose,
    query::{Line, Together},
    relax_line,
    search::Search,
    set,
};
use crate::{
    allocation::{is_divided, shift},
    limits,
    model::{Day, Quantity, StockAccount},
    snapshot::{ClassIx, ItemIx, LocationIx, ResourceIx, SupplyIx, count::Counting, stock::Supply},
};

/// One option for each line that is to be on time.
type Options = Vec<LineOption>;

/// What gives way, and what all lines are promised then.
type Found = (Relaxation, Options);

/// What is to be on time.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    lines: &'a [Line],
    /// How the lines go together, where they are a set.
    together: Option<Together>,
}

impl Wanted<'_> {
    fn on_time(self, search: &mut Search<'_>) -> Option<Options> {
        match self.together {
            Some(together) => set::on_time(search, self.lines, together),
            None => choose::on_time(search, &self.lines[0]).map(|option| vec![option]),
        }
    }
}

/// The accounts that bound lines: what relaxations are tried on.
#[derive(Default)]
struct Bounds {
    stocks: Vec<(ItemIx, LocationIx, Day)>,
    resources: Vec<ResourceIx>,
    houses: Vec<(LocationIx, Day)>,
}

impl Bounds {
    /// What is in the way of the lines' target days, by what is promised of them.
    fn of(search: &mut Search<'_>, lines: &[Line], best: &[Option<&LineOption>]) -> Self {
        let mut bounds = Self::default();
        for (line, best) in lines.iter().zip(best) {
            let line = &Line { set: None, ..line.clone() };
            let own = candidates(search.snapshot(), line).0;
            search
                .blockers_on_target(line, *best, &own)
                .iter()
                .for_each(|reason| bounds.add(reason));
        }
        bounds
    }

    fn add(&mut self, reason: &Reason) {
        if let Reason::Stock { item, location, day, .. } = *reason {
            let known = |at: &(ItemIx, LocationIx, Day)| (at.0, at.1) == (item, location);
            if !self.stocks.iter().any(known) {
                self.stocks.push((item, location, day));
            }
        } else if let Reason::Resource { resource, .. } = *reason
            && !self.resources.contains(&resource)
        {
            self.resources.push(resource);
        } else if let Reason::HouseFull { location, day, .. } = *reason
            && !self.houses.contains(&(location, day))
        {
            self.houses.push((location, day));
        }
    }
}

/// What would make a line on time of which this is promised, the smallest of each kind. Leaves nothing
/// behind.
pub(super) fn of_line(
    search: &mut Search<'_>,
    line: &Line,
    promised: Option<&LineOption>,
) -> Vec<Remedy> {
    let wanted = Wanted { lines: std::slice::from_ref(line), together: None };
    let mut found = in_data(search, wanted, &[promised]);
    found.extend(relax_line::relaxed(search, line));
    let remedy =
        |(relaxation, mut options): Found| Some(Remedy { relaxation, option: options.pop()? });
    found.into_iter().filter_map(remedy).collect()
}

/// What would make all lines of a set on time: the same remedies for each of them.
pub(super) fn of_set(
    search: &mut Search<'_>,
    (lines, together): (&[Line], Together),
    results: &[LineResult],
) -> Vec<Vec<Remedy>> {
    let wanted = Wanted { lines, together: Some(together) };
    let promised: Vec<_> = results.iter().map(|result| result.option.as_ref()).collect();
    let mut found = in_data(search, wanted, &promised);
    found.extend(relax_line::relaxed_set(search, lines, together));
    let of_line = |at: usize| {
        let remedy = |(relaxation, options): &Found| Remedy {
            relaxation: relaxation.clone(),
            option: options[at].clone(),
        };
        found.iter().map(remedy).collect()
    };
    (0..lines.len()).map(of_line).collect()
}

/// What may give way in the planning data.
fn in_data(
    search: &mut Search<'_>,
    wanted: Wanted<'_>,
    promised: &[Option<&LineOption>],
) -> Vec<Found> {
    let bounds = Bounds::of(search, wanted.lines, promised);
    let mut found = Vec::new();
    found.extend(expedite(search, wanted, &bounds));
    found.extend(overtime(search, wanted, &bounds));
    found.extend(from_class(search, wanted, &bounds));
    found.extend(more_stock(search, wanted, &bounds));
    found.extend(fuller_house(search, wanted, &bounds));
    found
}

/// Tries lines with some changes in place, which are forgotten afterwards.
fn with(
    search: &mut Search<'_>,
    wanted: Wanted<'_>,
    change: impl FnOnce(&mut Search<'_>),
) -> Option<Options> {
    let start = search.point();
    change(search);
    let options = wanted.on_time(search);
    search.cut(start);
    options
}

/// The smallest number from 1 to `most` that suffices, and what it brings.
fn smallest(most: i64, mut suffices: impl FnMut(i64) -> Option<Options>) -> Option<(i64, Options)> {
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
fn expedite(search: &mut Search<'_>, wanted: Wanted<'_>, bounds: &Bounds) -> Option<Found> {
    let snapshot = search.snapshot();
    let mut best: Option<Found> = None;
    for &(item, location, needed) in &bounds.stocks {
        let account = snapshot.stock(item, location);
        // In whole lots a supply that moves changes what the others give: that is not tried one by one.
        if is_divided(snapshot, account) && snapshot.lot_of(account).is_some() {
            continue;
        }
        let later = |supply: &Supply| supply.day.is_some_and(|day| needed < day);
        let supplies = snapshot.supplies.of(account).iter().filter(later);
        for supply in supplies.take(limits::SUPPLIES_EXPEDITED_MAX) {
            let (Some(ix), Some(day)) = (supply.supply, supply.day) else {
                continue;
            };
            let most = match &best {
                Some((Relaxation::Expedite { days, .. }, _)) => *days - 1,
                Some(_) | None => supply.due.0,
            };
            let counting = snapshot.counting(item, location);
            let moved = Moved { account, supply: ix, day, row: supply, counting };
            best = sooner(search, wanted, moved, most.min(supply.due.0)).or(best);
        }
    }
    best
}

/// A scheduled supply that is to come earlier.
#[derive(Clone, Copy)]
struct Moved<'a> {
    account: StockAccount,
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

fn sooner(
    search: &mut Search<'_>,
    wanted: Wanted<'_>,
    moved: Moved<'_>,
    most: i32,
) -> Option<Found> {
    if most < 1 {
        return None;
    }
    let Moved { account, supply, day, row, .. } = moved;
    let (days, options) = smallest(most.into(), |days| {
        with(search, wanted, |search| {
            post_supply(search, (account, day), -row.quantity);
            post_supply(search, (account, moved.sooner_by(days)), row.quantity);
        })
    })?;
    let to = moved.sooner_by(days);
    let days = i32::try_from(days).expect("at most the day itself");
    Some((Relaxation::Expedite { supply, days, to }, options))
}

/// Posts a scheduled supply to its account and, where a rule divides it, to the nodes (semantics 7).
fn post_supply(search: &mut Search<'_>, (account, day): (StockAccount, Day), quantity: Quantity) {
    let snapshot = search.snapshot();
    for posting in shift::supply(snapshot, account, (day, quantity)) {
        search.trial.overlay.post(posting);
    }
}

/// So many units of the item that a line's own class gets from another one, of the lowest priority.
fn from_class(search: &mut Search<'_>, wanted: Wanted<'_>, bounds: &Bounds) -> Option<Found> {
    wanted.lines.iter().find_map(|line| {
        let &own = line.classes.first()?;
        let mut of_item = bounds.stocks.iter().filter(|(item, ..)| *item == line.item);
        of_item.find_map(|&stock| from_class_of(search, wanted, (line, own), stock))
    })
}

fn from_class_of(
    search: &mut Search<'_>,
    wanted: Wanted<'_>,
    (line, own): (&Line, ClassIx),
    (item, location, day): (ItemIx, LocationIx, Day),
) -> Option<Found> {
    let snapshot = search.snapshot();
    let lot = snapshot.items.lot_multiple(item).unwrap_or(Quantity::ONE);
    let account = snapshot.stock(item, location);
    let is_divided = is_divided(snapshot, account);
    let mut classes: Vec<ClassIx> =
        snapshot.classes.rows.indices().filter(|_| is_divided).collect();
    let rank = |class: ClassIx| snapshot.classes.rows[class].rank;
    let name = |class: ClassIx| snapshot.classes.names.name(class);
    classes.sort_by(|&a, &b| rank(b).cmp(&rank(a)).then_with(|| name(a).cmp(name(b))));
    classes.into_iter().filter(|class| !line.classes.contains(class)).find_map(|class| {
        let node = shift::of_node(&search.trial.overlay, account, class);
        let there = node.available(day).raw() / lot.raw();
        let quantity = |lots: i64| Quantity::micros(lots * lot.raw());
        if there <= 0 {
            return None;
        }
        let (lots, options) = smallest(there, |lots| {
            with(search, wanted, |search| {
                let moved = shift(snapshot, account, (class, own), (day, quantity(lots)));
                moved.into_iter().for_each(|posting| search.trial.overlay.post(posting));
            })
        })?;
        let quantity = quantity(lots);
        Some((Relaxation::FromClass { class, item, location, quantity, day }, options))
    })
}

/// The resource that must work the fewest more hours a day until the target.
fn overtime(search: &mut Search<'_>, wanted: Wanted<'_>, bounds: &Bounds) -> Option<Found> {
    let mut best: Option<(i64, Found)> = None;
    for &resource in &bounds.resources {
        let most = best.as_ref().map_or(limits::HOURS_ADDED_MAX, |(hours, _)| hours - 1);
        best = more_hours(search, wanted, resource, most).or(best);
    }
    best.map(|(_, found)| found)
}

fn more_hours(
    search: &mut Search<'_>,
    wanted: Wanted<'_>,
    resource: ResourceIx,
    most: i64,
) -> Option<(i64, Found)> {
    if most < 1 {
        return None;
    }
    let snapshot = search.snapshot();
    let row = &snapshot.resources.rows[resource];
    let account = snapshot.capacity(row.capacity);
    let place = &snapshot.locations.rows[row.location];
    let calendar = snapshot.calendars.of(row.calendar.or(place.manufacturing));
    let asked = wanted.lines.iter().map(|line| line.requested).max().unwrap_or(Day::ZERO);
    let last = asked.max(Day::ZERO).min(snapshot.epoch().end().plus(-1));
    let days: Vec<Day> = (0..=last.0).map(Day).filter(|&day| calendar.works(day)).collect();
    let before: Vec<Quantity> =
        days.iter().map(|&day| search.trial.overlay.profile(account).available(day)).collect();
    let all = |hours| -> Vec<_> { days.iter().map(|&day| (day, Quantity::units(hours))).collect() };
    let (hours, options) = smallest(most, |hours| {
        search.with_overtime(resource, &all(hours), |search| wanted.on_time(search))
    })?;
    // Only what the plan used beyond what was there is asked for.
    let used = |day: Day| -> Quantity {
        options.iter().map(|option| hours_on(option, resource, day)).sum()
    };
    let extra: Vec<(Day, Quantity)> = days
        .iter()
        .zip(before)
        .map(|(&day, before)| (day, used(day) - before))
        .filter(|(_, extra)| extra.is_positive())
        .collect();
    let again = search.with_overtime(resource, &extra, |search| wanted.on_time(search));
    let (extra, options) = match again {
        Some(options) => (extra, options),
        None => (all(hours), options),
    };
    Some((hours, (Relaxation::Hours { resource, extra }, options)))
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
fn more_stock(search: &mut Search<'_>, wanted: Wanted<'_>, bounds: &Bounds) -> Vec<Found> {
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
            with(search, wanted, |search| search.post(account, day, quantity))
        });
        found.extend(more.map(|(lots, options)| {
            let quantity = Quantity::micros(lots * lot.raw());
            (Relaxation::Goods { item, location, quantity, day }, options)
        }));
    }
    found
}

/// The house that must ship the fewest more order lines on a day.
fn fuller_house(search: &mut Search<'_>, wanted: Wanted<'_>, bounds: &Bounds) -> Option<Found> {
    let mut best: Option<(i64, Found)> = None;
    for &(location, day) in &bounds.houses {
        let Some(house) = search.snapshot().capacities.house(location) else {
            continue;
        };
        let account = search.snapshot().capacity(house);
        let most = best.as_ref().map_or(limits::LOTS_ADDED_MAX, |(lines, _)| lines - 1);
        if most < 1 {
            break;
        }
        let more = smallest(most, |lines| {
            with(search, wanted, |search| search.post(account, day, Quantity::units(lines)))
        });
        let found =
            |(lines, options)| (lines, (Relaxation::House { location, day, lines }, options));
        best = more.map(found).or(best);
    }
    best.map(|(_, found)| found)
}
