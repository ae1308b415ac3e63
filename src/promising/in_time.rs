//! Needs that come too late, told so before anything is tried for them.
//!
//! What holds of the world below holds of all that is tried on it, as long as what is tried only takes: a
//! [bound](super::bound) of the world below is worked out once a request, whatever is tried meanwhile. Where something
//! that is tried gives an account more than it had, nothing is said of what is made of that.
//!
//! Most lines find what they need at once: nobody asks before something was found short.

use super::{
    bound::{Ask, Orders},
    search::{Need, Search, Want},
};
use crate::{
    ledger::overlay::OverlayState,
    model::{Capacity, CapacityAccount, Day, Moment, Quantity, StockAccount, StockRef},
    snapshot::{
        ItemIx,
        sourcing::{Replenishment, Source},
    },
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// A question as far as its answer depends on it: the first day, and the last one is who moves the item here.
pub(super) type Key = (StockAccount, Quantity, Day, Day, Orders, u64);

/// Bounds that were found.
#[derive(Debug, Default)]
pub(super) struct BoundsFound {
    /// Those that hold as long as nothing is posted, and as what the search stood then.
    pub(super) known: HashMap<Key, Option<Moment>, FxBuildHasher>,
    pub(super) state: Option<OverlayState>,
    /// Those that hold of the world below.
    pub(super) below: HashMap<Key, Option<Moment>, FxBuildHasher>,
    /// Those of what sources give in it.
    pub(super) given: HashMap<Key, Option<Moment>, FxBuildHasher>,
    /// Whether nothing is said before it is tried.
    pub(super) is_off: bool,
    /// What is looked at.
    pub(super) sight: Sight,
    /// How often a search for one was cut off for its depth.
    pub(super) n_cut_off: u64,
    /// How many questions were worked out for a line.
    pub(super) n_asked: u32,
}

/// What a bound looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sight {
    /// The world with what is tried.
    #[default]
    Tried,
    /// The world below.
    Below,
}

impl BoundsFound {
    /// Forgets what was found; its memory is kept.
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.below.clear();
        self.given.clear();
        self.state = None;
        // A search may have been given up while it looked at the world below.
        self.sight = Sight::default();
    }

    /// Begins with another line.
    pub(super) fn restart(&mut self) {
        self.n_asked = 0;
    }

    /// Forgets what held before something was posted.
    pub(super) fn keep_up(&mut self, state: OverlayState) {
        if self.state != Some(state) {
            self.known.clear();
            self.state = Some(state);
        }
    }

    pub(super) fn seen(&mut self) -> &mut HashMap<Key, Option<Moment>, FxBuildHasher> {
        match self.sight {
            Sight::Tried => &mut self.known,
            Sight::Below => &mut self.below,
        }
    }
}

impl Search<'_> {
    /// What a need lacks of which nothing that is of use can be there by its day, whatever is tried, since the world
    /// below does not have it by then. None where that is not certain, or not cheap to know.
    pub(super) fn lacking_in_time(
        &mut self,
        need: Need,
        account: StockAccount,
        want: Want,
    ) -> Option<Quantity> {
        if self.tries_all() || !self.memo.is_short || !need.quantity.is_positive() {
            return None;
        }
        let ask = least_of_use(need, want);
        let stocked = self.stock_of(account).available(need.day);
        if ask.need.quantity <= stocked || self.is_given_more(need.item) {
            return None;
        }
        let there = self.of_world_below(|search| search.there_from(ask));
        let is_too_late = there.is_none_or(|there| need.moment() < there);
        is_too_late.then(|| self.lacking_beside(need, stocked))
    }

    /// What stock and suppliers do not have of a need that is too late, where anybody wants to know how much.
    fn lacking_beside(&self, need: Need, stocked: Quantity) -> Quantity {
        let short = need.quantity - stocked.min(need.quantity);
        if !self.memo.lack.is_asked() || !self.rule(need).search_sources {
            return short;
        }
        let days = (need.stand.today, need.day);
        let mut scratch = Vec::new();
        let sources = self.snapshot().local_sources(need.item, need.location, &mut scratch);
        let offered = sources.iter().filter_map(|source| match source.kind {
            Replenishment::Buy(offer) => self.offered_by(offer, days),
            Replenishment::Make(_) | Replenishment::Transfer(..) => None,
        });
        let offered: Quantity = offered.sum();
        if offered < short { short - offered } else { short }
    }

    /// Whether sources can give nothing that is of use of a need by its day, since they could not in the world below.
    pub(super) fn give_too_late(&mut self, need: Need, sources: &[Source], want: Want) -> bool {
        if self.tries_all() || !self.memo.is_short || self.is_given_more(need.item) {
            return false;
        }
        let ask = least_of_use(need, want);
        let account = self.snapshot().stock(need.item, need.location);
        let key = self.key(account, ask);
        let known = self.memo.bounds.given.get(&key).copied();
        let there = known.unwrap_or_else(|| {
            let n_cut_off = self.memo.bounds.n_cut_off;
            let there = self.of_world_below(|search| search.soonest(ask, sources));
            if n_cut_off == self.memo.bounds.n_cut_off {
                self.memo.bounds.given.insert(key, there);
            }
            there
        });
        there.is_none_or(|there| need.moment() < there)
    }

    /// Who wants to know what is in the way looks at all of it.
    pub(super) fn tries_all(&self) -> bool {
        self.explains() || self.memo.bounds.is_off
    }

    /// Asks a bound of the world below.
    pub(super) fn of_world_below<T>(&mut self, ask: impl FnOnce(&mut Self) -> T) -> T {
        self.memo.bounds.sight = Sight::Below;
        let told = ask(self);
        self.memo.bounds.sight = Sight::Tried;
        told
    }

    pub(super) fn key(&self, account: StockAccount, ask: Ask) -> Key {
        let (need, movers) = (ask.need, self.movers(ask.need.item));
        (account, need.quantity, need.stand.today, ask.floor, ask.orders, movers)
    }

    /// Whether anything below an item may have more by what is tried than the world has.
    fn is_given_more(&mut self, item: ItemIx) -> bool {
        if self.trial.overlay.gifts().is_empty() {
            return false;
        }
        let below = self.below(item);
        self.trial.overlay.gifts().iter().any(|(_, account)| self.is_below(&below, *account))
    }

    /// The stock that the bound looks at.
    pub(super) fn stock_seen(&self, account: StockAccount) -> StockRef<'_> {
        match self.memo.bounds.sight {
            Sight::Tried => self.stock_of(account),
            Sight::Below => self.trial.overlay.world().stock(account),
        }
    }

    /// The capacity that the bound looks at.
    pub(super) fn capacity_seen(&self, account: CapacityAccount) -> &Capacity {
        match self.memo.bounds.sight {
            Sight::Tried => self.capacity_of(account),
            Sight::Below => self.trial.overlay.world().capacity(account),
        }
    }
}

/// The least of a need that is of any use, whenever it is there.
fn least_of_use(need: Need, want: Want) -> Ask {
    let (least, orders) = match want {
        Want::Whole => (need.quantity, Orders::One),
        Want::Most => (Quantity::micros(1), Orders::Several),
    };
    Ask { need: need.of(least), floor: need.stand.today, orders }
}
