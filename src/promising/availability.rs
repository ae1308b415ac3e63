//! Availability of one item at one location: the quick check and the time-phased table (semantics 2).

use super::{classes, free};
use crate::{
    allocation,
    ledger::{World, consumption::Use, overlay::Overlay},
    model::{Day, ProfileRef, Quantity, StockAccount, StockRef},
    snapshot::{ClassIx, ItemIx, LocationIx},
};

/// How much is there on a day, and when all that was asked for is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quick {
    /// What can be taken on the day from stock and scheduled supply.
    pub available: Quantity,
    /// The first day at or after it on which the quantity can be taken; none within the horizon.
    pub earliest: Option<Day>,
}

/// One day of the time-phased table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRow {
    /// The day.
    pub day: Day,
    /// What comes in.
    pub supply: Quantity,
    /// What goes out.
    pub demand: Quantity,
    /// The running balance.
    pub balance: Quantity,
    /// What can be taken.
    pub available: Quantity,
}

/// What is asked about, and who asks.
#[derive(Clone, Copy, Debug)]
pub struct AtpQuestion {
    /// The item.
    pub item: ItemIx,
    /// The location.
    pub location: LocationIx,
    /// The demand class that asks; without one, everything counts that is there.
    pub class: Option<ClassIx>,
}

/// What can be had of an item at a location, from stock and scheduled supply alone.
///
/// A day before day 0 counts as day 0. On or after the infinite fence everything is available.
pub fn quick(world: &World, asked: AtpQuestion, quantity: Quantity, day: Day) -> Quick {
    let AtpQuestion { item, location, class } = asked;
    let account = world.snapshot.stock(item, location);
    let rule = world.snapshot.rule_of(account);
    let day = day.max(Day::ZERO);
    let supplied = || supplied(world, (account, class), quantity, day);
    let (available, earliest) = free::available(rule, day, supplied);
    Quick { available, earliest }
}

/// How much stock and scheduled supply have for a class on a day, and the first day on which they have a quantity.
fn supplied(
    world: &World,
    (account, class): (StockAccount, Option<ClassIx>),
    quantity: Quantity,
    day: Day,
) -> (Quantity, Option<Day>) {
    if world.snapshot.epoch().end() <= day {
        return (Quantity::ZERO, None);
    }
    // What there is enough of on the day need not be looked for.
    if world.snapshot.allocation_rule(account).is_some() {
        let available = allocation::available(world, account, class, day);
        let later =
            || classes::earliest(&Overlay::new(world), account, (class, None), (day, quantity));
        return (available, if quantity <= available { Some(day) } else { later() });
    }
    let profile = world.profile(account);
    let available = profile.available(day);
    let later = || profile.earliest(day, quantity);
    (available, if quantity <= available { Some(day) } else { later() })
}

/// Looks at what [`quick`] will look at for some items at locations, and does nothing with it.
///
/// In a large snapshot a check waits for memory more than it computes. Here each step of the way is taken
/// for all of them before the next one, so that the waiting overlaps. For batches of up to some hundred.
pub fn warm(world: &World, asked: impl Iterator<Item = (ItemIx, LocationIx)>) {
    /// Amounts in one line of a cache.
    const A_LINE: usize = 8;
    let accounts: Vec<_> = asked.map(|(item, place)| world.snapshot.stock(item, place)).collect();
    let epoch = world.snapshot.epoch();
    let ends = accounts.iter().map(|&at| world.snapshot.rule_of(at).window(epoch).end);
    std::hint::black_box(ends.max());
    let profiles: Vec<_> = accounts.iter().map(|&account| world.profile(account)).collect();
    let sum_of = |profile: &ProfileRef<'_>| match profile {
        ProfileRef::Stock(stock) => {
            let days = stock.days();
            let lows = (0..days.len()).step_by(A_LINE).fold(0, |sum, at| sum ^ stock.low(at));
            lows ^ days.first().map_or(0, |day| i64::from(*day))
        }
        ProfileRef::Capacity(_) => 0,
    };
    std::hint::black_box(profiles.iter().map(sum_of).fold(0, |sum, of| sum ^ of));
}

/// The time-phased table of an item at a location, from a day on; it ends with the horizon.
///
/// Supply, demand and balance are the whole account's; what is available is the asking class's.
pub fn table(world: &World, asked: AtpQuestion, from: Day, n_days: usize) -> Vec<DayRow> {
    let account = world.snapshot.stock(asked.item, asked.location);
    let is_ruled = world.snapshot.allocation_rule(account).is_some();
    let profile = world.stock(account);
    let end = world.snapshot.epoch().end();
    let days = (0..n_days).map(|n| from.max(Day::ZERO).plus(i32::try_from(n).unwrap_or(i32::MAX)));
    let row = |day| {
        let row = row(world, account, profile, day);
        if !is_ruled {
            return row;
        }
        DayRow { available: allocation::available(world, account, asked.class, day), ..row }
    };
    days.take_while(|&day| day < end).map(row).collect()
}

fn row(world: &World, account: StockAccount, profile: StockRef<'_>, day: Day) -> DayRow {
    // Promises have changed the net of the day; what they give is supply, what they take is demand.
    let snapshot = &world.snapshot;
    let supplies = snapshot.supplies.of(account);
    let planned = supplies.sum_until(day) - supplies.sum_until(day.plus(-1));
    let base = allocation::stock(snapshot, account);
    // What promises consume of a forecast is demand no more.
    let consumed: Quantity = snapshot
        .forecasts
        .of(account)
        .iter()
        .enumerate()
        .filter(|(_, forecast)| forecast.day == day)
        .map(|(bucket, forecast)| {
            let used = world.view.used(Use { account, bucket });
            forecast.rest(Quantity::ZERO) - forecast.rest(used)
        })
        .sum();
    let promised = profile.net_on(day) - base.net_on(day) - consumed;
    let taken = (-promised).max(Quantity::ZERO);
    let supply = planned + promised.max(Quantity::ZERO);
    let demand = planned - base.net_on(day) + taken - consumed;
    DayRow { day, supply, demand, balance: profile.balance(day), available: profile.available(day) }
}
