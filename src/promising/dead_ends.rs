//! Needs that were found to have nothing, so that nobody looks for them twice.
//!
//! A need depends on what is below it: on what was tried there, not on all that was tried. A search that comes the
//! same way again by another source further up finds the same, and is told so. Only searches that open many
//! needs remember (`effort`), and nothing is remembered from one line to the next.

use super::fill::{Need, Search, Stand, Want};
use crate::{
    ledger::consumption::Use,
    model::{AccountIx, Moment, Quantity},
    snapshot::{Account, CapacityIx, ItemIx, LocationIx, structure::Input},
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::{hash::BuildHasher, sync::Arc};

/// A need, and all that decides what there is for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    stand: Stand,
    item: ItemIx,
    location: LocationIx,
    quantity: Quantity,
    moment: Moment,
    /// Whether a part would do.
    is_whole: bool,
    /// To which places the item is on its way.
    movers: u64,
    depth: usize,
    /// What was tried of all that is below.
    tried: [u64; 2],
}

/// What an item may be made of, all the way down, and what that takes.
#[derive(Debug, Default)]
pub(super) struct Below {
    items: HashMap<ItemIx, (), FxBuildHasher>,
    capacities: HashMap<CapacityIx, (), FxBuildHasher>,
}

/// What is known of a line's needs.
#[derive(Debug, Default)]
pub(super) struct DeadEnds {
    known: HashMap<Asked, (), FxBuildHasher>,
    below: HashMap<ItemIx, Arc<Below>, FxBuildHasher>,
}

impl DeadEnds {
    /// Begins with another line; memory is kept.
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }

    /// Forgets what planning data say, too.
    pub(super) fn forget(&mut self) {
        self.clear();
        self.below.clear();
    }

    pub(super) fn is_known(&self, asked: &Asked) -> bool {
        self.known.contains_key(asked)
    }

    pub(super) fn note(&mut self, asked: Asked) {
        self.known.insert(asked, ());
    }
}

impl Search<'_> {
    /// A need with all that decides what there is for it.
    pub(super) fn asked(&mut self, need: Need, want: Want) -> Asked {
        let below = self.below(need.item);
        let mut tried = [0_u64; 2];
        for posting in self.trial.overlay.all() {
            if self.is_below(&below, posting.account) {
                let key = (posting.account, posting.day, posting.quantity);
                // In any order: two sums of two different hashes.
                tried[0] = tried[0].wrapping_add(FxBuildHasher.hash_one(key));
                tried[1] = tried[1].wrapping_add(mixed(FxBuildHasher.hash_one((key, 1_u8))));
            }
        }
        Asked {
            stand: need.stand,
            item: need.item,
            location: need.location,
            quantity: need.quantity,
            moment: need.moment(),
            is_whole: want == Want::Whole,
            movers: self.movers(need.item),
            depth: self.path_len(),
            tried,
        }
    }

    pub(super) fn is_below(&self, below: &Below, account: AccountIx) -> bool {
        // What is used up of a forecast changes its account.
        let account = Use::of(account).map_or(account, |used| used.account);
        match self.snapshot().account(account) {
            Account::Stock(item, _) => below.items.contains_key(&item),
            Account::Capacity(capacity) => below.capacities.contains_key(&capacity),
            Account::Part(whole, _) => self.is_below(below, whole),
        }
    }

    pub(super) fn below(&mut self, item: ItemIx) -> Arc<Below> {
        if let Some(known) = self.memo.dead_ends.below.get(&item) {
            return Arc::clone(known);
        }
        let mut below = Below::default();
        let mut open = vec![item];
        while let Some(item) = open.pop() {
            if below.items.insert(item, ()).is_none() {
                open.extend(self.goods_below(item, &mut below));
            }
        }
        let below = Arc::new(below);
        self.memo.dead_ends.below.insert(item, Arc::clone(&below));
        below
    }
}

impl Search<'_> {
    /// The goods that an item may be made of; the hours and the suppliers' units that it takes are noted.
    fn goods_below(&self, item: ItemIx, below: &mut Below) -> Vec<ItemIx> {
        let snapshot = self.snapshot();
        let offers = snapshot.suppliers.by_item.of(item).iter();
        let limits = offers.filter_map(|offer| snapshot.suppliers.offers.get(*offer).capacity);
        below.capacities.extend(limits.map(|limit| (limit, ())));
        let works = snapshot.works.by_item.of(item).iter();
        let mut goods = Vec::new();
        for input in works.flat_map(|&work| snapshot.works.inputs(work)) {
            match input {
                Input::Goods(item) => goods.push(item),
                Input::Hours(resource) => {
                    below.capacities.insert(snapshot.resources.rows[resource].capacity, ());
                }
            }
        }
        goods
    }
}

/// splitmix64's last steps.
fn mixed(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
