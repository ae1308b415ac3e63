//! All that may be asked for to fill a need, from the goods down: which items, and where.

use super::{borrow::may_borrow, free::may_be_free, search::Search};
use crate::{
    model::{Consumption, Day, StockAccount},
    snapshot::{
        ItemIx, LocationIx, OfferIx, ResourceIx, WorkIx, atp_rule::AtpRule, sourcing::Replenishment,
    },
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::sync::Arc;

/// An item that may be asked for, wherever.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) item: ItemIx,
    /// Where it may be asked for.
    places: Vec<LocationIx>,
    /// Its stock there, and that of it which may be lent.
    pub(super) accounts: Vec<StockAccount>,
    lenders: Vec<StockAccount>,
    /// How it may be made there.
    pub(super) works: Vec<WorkIx>,
    /// What it may be made on there; each once.
    pub(super) resources: Vec<ResourceIx>,
    /// What may be bought of it there; each once.
    pub(super) offers: Vec<OfferIx>,
    /// Whether it may be there without being taken from stock or sources.
    pub(super) is_open: bool,
    /// Whether a later day has all of it, and takes no more for it.
    is_steady: bool,
}

impl Level {
    fn add_offer(&mut self, offer: OfferIx) {
        if !self.offers.contains(&offer) {
            self.offers.push(offer);
        }
    }
}

/// The items that a need may ask for, each before those that it is made of.
#[derive(Debug, Default)]
pub(super) struct Structure {
    pub(super) levels: Vec<Level>,
    /// Whether less always fits where more does, as far as days are concerned: less may begin on a later day than more does,
    /// and miss goods that expire with their day, or need a component that holds from then on.
    pub(super) is_steady: bool,
    /// Look-up only.
    at: HashMap<ItemIx, usize, FxBuildHasher>,
}

impl Structure {
    /// The position of an item that may be asked for.
    pub(super) fn position(&self, item: ItemIx) -> usize {
        self.at[&item]
    }
}

/// Structures that were walked through before.
#[derive(Debug, Default)]
pub(super) struct Structures(HashMap<(ItemIx, LocationIx), Walked, FxBuildHasher>);

/// What was found on a walk.
#[derive(Debug)]
struct Walked {
    structure: Arc<Structure>,
    /// A day near which there was enough below it the last time that anybody asked: a guess, nothing else.
    enough: Option<Day>,
}

impl Structures {
    /// So many are kept.
    const KEPT_MAX: usize = 1_024;

    /// Forgets them.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Near which day there may be enough to have an item at a location.
    pub(super) fn enough_near(&self, item: ItemIx, location: LocationIx) -> Option<Day> {
        self.0.get(&(item, location)).and_then(|walked| walked.enough)
    }

    /// Remembers from which day on there was.
    pub(super) fn note_enough(&mut self, item: ItemIx, location: LocationIx, from: Day) {
        if let Some(walked) = self.0.get_mut(&(item, location)) {
            walked.enough = Some(from);
        }
    }
}

/// A walk down a structure.
#[derive(Default)]
struct Walk {
    found: HashMap<ItemIx, Level, FxBuildHasher>,
    /// Each item after those that it is made of.
    order: Vec<ItemIx>,
}

impl Search<'_> {
    /// What may be asked for to have an item at a location.
    pub(super) fn structure(&mut self, item: ItemIx, location: LocationIx) -> Arc<Structure> {
        if let Some(known) = self.memo.structures.0.get(&(item, location)) {
            return Arc::clone(&known.structure);
        }
        let structure = Arc::new(self.walked(item, location));
        let known = &mut self.memo.structures;
        if Structures::KEPT_MAX <= known.0.len() {
            known.clear();
        }
        let walked = Walked { structure: Arc::clone(&structure), enough: None };
        known.0.insert((item, location), walked);
        structure
    }

    fn walked(&self, item: ItemIx, location: LocationIx) -> Structure {
        let mut walk = Walk::default();
        self.find(&mut walk, item, location);
        self.put_in_order(&mut walk, item);
        let Walk { mut found, order } = walk;
        let levels = order.into_iter().rev().filter_map(|item| found.remove(&item));
        let levels: Vec<Level> = levels.map(|level| self.with_accounts(level)).collect();
        let at = levels.iter().enumerate().map(|(at, level)| (level.item, at)).collect();
        let is_steady = levels.iter().all(|level| level.is_steady);
        Structure { levels, is_steady, at }
    }

    /// A level whose places and works are known, with their accounts and resources.
    fn with_accounts(&self, level: Level) -> Level {
        let snapshot = self.snapshot();
        let account = |place: &LocationIx| snapshot.stock(level.item, *place);
        let lends = |place: &&LocationIx| {
            may_borrow(snapshot.rule(level.item, **place))
                && snapshot.allocation_rule(account(place)).is_none()
        };
        let accounts = level.places.iter().map(account).collect();
        let lenders = level.places.iter().filter(lends).map(account).collect();
        let operations = level.works.iter().flat_map(|work| snapshot.works.operations.of(*work));
        let hours = operations.flat_map(|operation| &operation.ways).flat_map(|way| &way.hours);
        let mut resources: Vec<ResourceIx> = hours.map(|each| each.resource).collect();
        resources.sort_unstable();
        resources.dedup();
        Level { accounts, lenders, resources, ..level }
    }

    /// Finds where items may be asked for, and how they are made there.
    fn find(&self, walk: &mut Walk, item: ItemIx, location: LocationIx) {
        let mut open = vec![(item, location)];
        let mut scratch = Vec::new();
        while let Some((item, location)) = open.pop() {
            let empty = || Level {
                item,
                places: Vec::new(),
                accounts: Vec::new(),
                lenders: Vec::new(),
                works: Vec::new(),
                resources: Vec::new(),
                offers: Vec::new(),
                is_open: false,
                is_steady: true,
            };
            let level = walk.found.entry(item).or_insert_with(empty);
            if level.places.contains(&location) {
                continue;
            }
            level.places.push(location);
            let snapshot = self.snapshot();
            let rule = snapshot.rule(item, location);
            level.is_open |= is_open(rule);
            level.is_steady &= rule.consumption != Consumption::None;
            if !rule.search_sources {
                continue;
            }
            for source in snapshot.local_sources(item, location, &mut scratch) {
                match source.kind {
                    Replenishment::Buy(offer) => level.add_offer(offer),
                    Replenishment::Transfer(from, _) => open.push((item, from)),
                    Replenishment::Make(work) => {
                        level.works.push(work);
                        level.is_steady &= snapshot.has_steady_components(work);
                        let place = snapshot.works.rows[work].location;
                        open.extend(self.goods_of(work).map(|item| (item, place)));
                    }
                }
            }
        }
    }

    /// Structures have no cycles.
    fn put_in_order(&self, walk: &mut Walk, top: ItemIx) {
        let mut open = vec![(top, false)];
        let mut seen: HashMap<ItemIx, (), FxBuildHasher> = HashMap::default();
        while let Some((item, is_done)) = open.pop() {
            if is_done {
                walk.order.push(item);
            } else if seen.insert(item, ()).is_none() {
                open.push((item, true));
                for &work in &walk.found[&item].works {
                    open.extend(self.goods_of(work).map(|item| (item, false)));
                }
            }
        }
    }

    fn goods_of(&self, work: WorkIx) -> impl Iterator<Item = ItemIx> {
        self.snapshot().works.goods(work)
    }
}

impl Search<'_> {
    /// Until when goods of an item come that is asked for by a day.
    pub(super) fn made_until(&self, level: &Level, taken: Day) -> Day {
        let lowest = |made: Day| {
            let days = level.lenders.iter().map(|lender| self.stock_of(*lender).lowest_from(made));
            days.fold(made, Day::max)
        };
        let mut made = taken;
        loop {
            let later = lowest(made);
            if later == made {
                return made;
            }
            made = later;
        }
    }
}

/// Whether a rule may have goods that nobody has in stock.
fn is_open(rule: &AtpRule) -> bool {
    may_be_free(rule) || rule.consumption != Consumption::Both
}
