//! What a synthetic company looks like, as functions of its sizes: which items there are, how they
//! nest, where each is made and kept, how often it is asked for, what it costs.
//!
//! Everything but the unit costs is computed when asked for, so the size of the company costs no memory
//! but eight bytes an item. Finished goods come first, the popular ones first of all; then one level of
//! components after the other; the last level is bought.

use super::super::{
    failure::Failure,
    random::{Random, zipf_share},
};
use jiff::civil::{Date, date};
use std::ops::Range;

/// Day 0 of every synthetic snapshot, a Monday.
pub(in crate::cli) const AS_OF: Date = date(2026, 1, 5);

/// Days over which the orders come in.
pub(super) const ORDER_DAYS: u64 = 28;

/// Lines an order may have; the first are likelier, so it is about two on average.
pub(super) const LINES_MAX: u64 = 6;

/// Units a line may ask for; the first are likelier, so it is about ten on average.
pub(super) const UNITS_MAX: u64 = 40;

/// Units of all order lines of a day, for each thousand orders.
const UNITS_A_DAY: u64 = 1_000 * 2 * 10 / ORDER_DAYS;

/// Thousandths of a unit: demand a day.
pub(super) const THOUSAND: u64 = 1_000;

/// Demand a day at most, in thousandths: sums of a year stay far below the largest quantity.
const RATE_MAX: u64 = 10_000 * THOUSAND;

/// The highest unit cost, in millionths: prices and totals stay far below the largest amount.
const COST_MAX: u64 = 100_000_000_000;

/// Categories of finished goods a plant.
const CATEGORIES_A_PLANT: u64 = 8;

/// How large the company is.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(in crate::cli) struct Sizes {
    /// Items, over all levels: two fifths are finished goods, the last level is bought
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(super) items: u64,
    /// Locations: a third of them plants, the others distribution centres
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(in crate::cli) locations: u64,
    /// Locations that keep a finished good: its plant, the others distribution centres
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    pub(super) keepers: u64,
    /// Dated supplies and demands of each stock account (an item at a location)
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=100_000))]
    pub(super) entries: u64,
    /// Levels of components below a finished good; 0: everything is bought
    #[arg(long, value_name = "D", default_value_t = 2, value_parser = clap::value_parser!(u64).range(0..=30))]
    pub(super) depth: u64,
    /// Components of each thing that is made
    #[arg(long, value_name = "W", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    pub(super) width: u64,
    /// Resources, spread over the plants
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(0..=1_000_000))]
    pub(super) resources: u64,
    /// Customers; the first ones order most
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(in crate::cli) customers: u64,
    /// Orders in orders.csv, about two lines each
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(0..=1_000_000_000))]
    pub(super) orders: u64,
    /// Demand classes, a tree under the class ALL
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(0..=10_000))]
    pub(super) classes: u64,
    /// Rules that share the supply of all finished goods among the demand classes, category by category in
    /// turn; 0: nothing is shared
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=10_000))]
    pub(super) share_rules: u64,
    /// What all chance comes from: the same seed and sizes give the same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(in crate::cli) seed: u64,
}

/// The company.
#[derive(Debug)]
pub(in crate::cli) struct Shape {
    /// How large it is.
    pub(in crate::cli) sizes: Sizes,
    /// The number of plants; the other locations are distribution centres.
    pub(super) plants: u64,
    /// The number of suppliers.
    pub(super) suppliers: u64,
    levels: Vec<Range<u64>>,
    costs: Vec<u64>,
}

/// One item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct ShapedItem {
    /// Its number among all items.
    pub(super) at: u64,
    /// 0 for finished goods, 1 for their components, and so on.
    pub(super) level: u64,
    /// Its number within its level; small ones are popular.
    pub(super) place: u64,
    /// The plant that makes it or buys it.
    pub(super) plant: u64,
}

/// A component of a thing that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MadeOf {
    /// Which item.
    pub(super) item: ShapedItem,
    /// How many for one.
    pub(super) n: u64,
}

/// An item at a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Stocked {
    /// The item.
    pub(in crate::cli) item: ShapedItem,
    /// The number of the location.
    pub(in crate::cli) location: u64,
    /// Demand a day, in thousandths of a unit.
    pub(super) rate: u64,
}

impl Shape {
    /// The company of these sizes.
    pub(in crate::cli) fn new(sizes: Sizes) -> Result<Self, Failure> {
        let levels = levels(&sizes)?;
        let smallest = levels.iter().map(|level| level.end - level.start).min().unwrap_or(1);
        let plants = sizes.locations.div_ceil(3).min(smallest);
        let bought = levels.last().map_or(1, |level| level.end - level.start);
        let suppliers = (bought / 20).clamp(1, 10_000);
        let mut shape = Self { sizes, plants, suppliers, levels, costs: Vec::new() };
        shape.roll_up_costs();
        Ok(shape)
    }

    /// The number of distribution centres.
    pub(super) fn centres(&self) -> u64 {
        self.sizes.locations - self.plants
    }

    /// The number of finished goods.
    pub(super) fn finished(&self) -> u64 {
        self.levels[0].end
    }

    /// The number of items that are made.
    pub(super) fn made(&self) -> u64 {
        self.levels.last().map_or(0, |bought| bought.start)
    }

    /// The number of items at locations that keep them.
    pub(super) fn accounts(&self) -> u64 {
        self.sizes.items + self.finished() * self.centres_a_good()
    }

    /// All items, finished goods first.
    pub(in crate::cli) fn items(&self) -> impl Iterator<Item = ShapedItem> {
        (0..=self.sizes.depth).flat_map(move |level| {
            let range = self.level(level);
            (0..range.end - range.start).map(move |place| self.item_of(level, place))
        })
    }

    /// The finished good of this popularity.
    pub(super) fn finished_item(&self, place: u64) -> ShapedItem {
        self.item_of(0, place)
    }

    fn item_of(&self, level: u64, place: u64) -> ShapedItem {
        let start = self.level(level).start;
        ShapedItem { at: start + place, level, place, plant: place % self.plants }
    }

    fn level(&self, level: u64) -> &Range<u64> {
        &self.levels[usize::try_from(level).expect("there are few levels")]
    }

    /// Whether an item is made; the others are bought.
    pub(super) fn is_made(&self, item: ShapedItem) -> bool {
        item.at < self.made()
    }

    /// The number of items of a level that a plant has.
    fn n_at_plant(&self, level: u64, plant: u64) -> u64 {
        let level = self.level(level);
        (level.end - level.start - plant).div_ceil(self.plants)
    }

    /// What one of an item is made of: all different, all of the next level, all at its plant.
    pub(super) fn components(&self, item: ShapedItem) -> impl Iterator<Item = MadeOf> {
        let mut random = Random::of(self.sizes.seed, "components", item.at);
        let n_choices = self.n_at_plant(item.level + 1, item.plant);
        let first = random.zipf(n_choices);
        (0..self.sizes.width.min(n_choices)).map(move |n| {
            let place = (first + n) % n_choices * self.plants + item.plant;
            let item = self.item_of(item.level + 1, place);
            MadeOf { item, n: random.one_of(&[1, 1, 1, 2, 2, 4]) }
        })
    }

    /// Where an item is kept: at its plant, and a finished good in distribution centres too.
    pub(in crate::cli) fn accounts_of(&self, item: ShapedItem) -> impl Iterator<Item = Stocked> {
        let n_centres = if item.level == 0 { self.centres_a_good() } else { 0 };
        let centres = self.centres_of(self.category(item)).filter(move |_| item.level == 0);
        let rate = (self.rate(item) / (1 + n_centres)).max(THOUSAND / 20);
        let locations = std::iter::once(item.plant).chain(centres);
        locations.map(move |location| Stocked { item, location, rate })
    }

    /// The number of distribution centres that keep a finished good.
    fn centres_a_good(&self) -> u64 {
        (self.sizes.keepers - 1).min(self.centres())
    }

    /// Demand a day for an item, in thousandths of a unit.
    fn rate(&self, item: ShapedItem) -> u64 {
        let of_finished = self.sizes.orders * UNITS_A_DAY;
        // A made item uses two of each component; about half of the demand is served from stock.
        let of_level = (0..item.level)
            .fold(of_finished, |rate, _| (rate * self.sizes.width).min(u64::MAX / 2_000_000));
        let share = if item.level == 0 {
            zipf_share(item.place, self.finished())
        } else {
            let at_plant = self.n_at_plant(item.level, item.plant);
            zipf_share(item.place / self.plants, at_plant) / self.plants
        };
        (of_level / THOUSAND * share / THOUSAND).min(RATE_MAX)
    }

    /// The category of an item: all finished goods of one are made in one plant.
    pub(super) fn category(&self, item: ShapedItem) -> u64 {
        item.place % self.categories()
    }

    /// The number of categories of finished goods.
    pub(super) fn categories(&self) -> u64 {
        self.plants * CATEGORIES_A_PLANT
    }

    /// The distribution centres that keep a category, by their numbers as locations.
    pub(super) fn centres_of(&self, category: u64) -> impl Iterator<Item = u64> {
        let (plants, centres) = (self.plants, self.centres());
        let first = category / plants;
        (0..self.centres_a_good()).map(move |n| plants + (first + n) % centres)
    }

    /// What one of an item costs, in millionths.
    pub(super) fn cost(&self, item: ShapedItem) -> u64 {
        self.costs[index(item.at)]
    }

    /// What one of an item sells for, in millionths: cost and a margin, in whole cents.
    pub(super) fn price(&self, item: ShapedItem) -> u64 {
        let margin = Random::of(self.sizes.seed, "price", item.at).between(125, 240);
        cents(self.cost(item) * margin / 100)
    }

    /// Costs from the bought parts upwards: what is made costs its parts and a tenth more.
    fn roll_up_costs(&mut self) {
        self.costs = vec![0; index(self.sizes.items)];
        for level in (0..=self.sizes.depth).rev() {
            let range = self.level(level).clone();
            for place in 0..range.end - range.start {
                let item = self.item_of(level, place);
                self.costs[index(item.at)] = self.cost_of(item);
            }
        }
    }

    fn cost_of(&self, item: ShapedItem) -> u64 {
        if self.is_made(item) { self.made_cost(item) } else { self.bought_cost(item) }
    }

    fn made_cost(&self, item: ShapedItem) -> u64 {
        let parts: u64 = self.components(item).map(|part| self.cost(part.item) * part.n).sum();
        cents(parts * 11 / 10).min(COST_MAX)
    }

    fn bought_cost(&self, item: ShapedItem) -> u64 {
        let mut random = Random::of(self.sizes.seed, "cost", item.at);
        let euros = if item.level == 0 { [5, 20, 50, 200] } else { [1, 2, 5, 15] };
        let middle = random.one_of(&euros) * 1_000_000;
        cents(random.around(middle, 60))
    }
}

fn index(at: u64) -> usize {
    usize::try_from(at).expect("the costs of all items fit in memory")
}

/// Rounded up to whole cents.
pub(super) fn cents(micros: u64) -> u64 {
    micros.div_ceil(10_000) * 10_000
}

/// Which items are on which level.
fn levels(sizes: &Sizes) -> Result<Vec<Range<u64>>, Failure> {
    let Sizes { items, depth, .. } = *sizes;
    if items <= depth {
        return Err(Failure::Misused {
            cause: format!("{items} items cannot have {depth} levels of components"),
            mend: format!("--items {} or more, or a smaller --depth", depth + 1),
        });
    }
    if depth == 0 {
        return Ok(vec![0..items; 1]);
    }
    let finished = (items * 2 / 5).clamp(1, items - depth);
    let start = |level: u64| finished + (items - finished) * (level - 1) / depth;
    let components = (1..=depth).map(|level| start(level)..start(level + 1));
    Ok(std::iter::once(0..finished).chain(components).collect())
}
