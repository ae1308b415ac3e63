//! The world on other planning data: promises stand, what they take from changes below them.

use super::{
    batch::{ChangeBatch, Origin},
    consumption::{self, Use},
    places::places_of,
    planned::Begun,
    reservation::Reservation,
    share_change::{self, Floor},
    world::World,
};
use crate::{
    change::{self, Change, Fault},
    model::{AccountIx, Posting, StockAccount, patience::look},
};
use std::{collections::BTreeSet, sync::Arc};

impl World {
    /// The world with other planning data: promises stand, and take from what there is now, be it less
    /// than they need; then they are at risk. What was planned and nobody counts on any more is withdrawn. Indices of this
    /// world's snapshot hold in the new one.
    ///
    /// # Errors
    /// Every fault of the changes; see [`change::apply`]. Shares that would fall below what was taken
    /// from them are faults, too.
    pub fn with_changes(&self, changes: &[Change]) -> Result<World, Vec<Fault>> {
        let mut world = self.with_changes_to(changes, Floor::Binding)?;
        let mut touched = world.touched_since(self);
        for (number, after) in world.withdraw(touched.clone(), Begun::Stays) {
            let before = self.reservation(number).expect("a change makes no promise");
            touched.extend(places_of(before).chain(places_of(&after)));
        }
        world.reassess(touched);
        Ok(world)
    }

    /// The same with the promises as they were, at risk or not; shares that fall below what was taken from
    /// them are refused or not.
    ///
    /// # Errors
    /// As for [`World::with_changes`].
    pub fn with_changes_to(&self, changes: &[Change], floor: Floor) -> Result<World, Vec<Fault>> {
        let of = |changes: &[Change]| {
            self.with_batch(share_change::settled(self, changes.into(), floor)?, Origin::PLANNING)
        };
        match change::select::settled(&self.snapshot, changes)? {
            None => of(changes),
            Some(settled) => of(&settled.changes).map_err(|faults| settled.placed(faults)),
        }
    }

    /// The same with changes of an origin, that are settled or were made before: no more is asked than
    /// whether they can be made.
    ///
    /// # Errors
    /// As for [`change::apply`].
    pub fn with_batch(&self, changes: Arc<[Change]>, origin: Origin) -> Result<World, Vec<Fault>> {
        Ok(self.on(change::apply(&self.snapshot, &changes)?, changes, origin))
    }

    /// The same with the changes of several lists, one after the other, each of which agreed with itself.
    ///
    /// # Errors
    /// Every fault of the changes; see [`change::apply_lists`].
    pub fn with_lists(&self, changes: Arc<[Change]>, origin: Origin) -> Result<World, Vec<Fault>> {
        Ok(self.on(change::apply_lists(&self.snapshot, &changes)?, changes, origin))
    }

    /// The world on a changed snapshot.
    fn on(&self, applied: change::Applied, changes: Arc<[Change]>, origin: Origin) -> World {
        let snapshot = Arc::new(applied.snapshot);
        let mut world = self.clone();
        let touched: Arc<[AccountIx]> = applied.touched.into();
        let has_forecast = |account: &StockAccount| {
            let both = [&self.snapshot.forecasts, &snapshot.forecasts];
            both.iter().any(|forecasts| !forecasts.of(*account).is_empty())
        };
        let forecast: Option<BTreeSet<StockAccount>> = (!applied.rules_changed).then(|| {
            let stocks = touched.iter().filter_map(|account| snapshot.as_stock(*account));
            stocks.filter(has_forecast).collect()
        });
        match &forecast {
            Some(accounts) => {
                accounts.iter().for_each(|one| world.view.forget_used(&self.snapshot, *one));
            }
            None => world.view.forget_all_used(&self.snapshot),
        }
        let mut rebase = |account: AccountIx| {
            look();
            world.view.rebase(&self.snapshot, &snapshot, account);
        };
        // Each once: rebased twice, it would count twice. The view names parts by themselves.
        if applied.rules_changed {
            self.view.changed().for_each(|(account, _)| rebase(account));
        } else {
            for &account in touched.iter() {
                rebase(account);
                snapshot.parts_of(account).for_each(&mut rebase);
            }
        }
        world.snapshot = snapshot;
        match forecast {
            Some(accounts) if accounts.is_empty() => (),
            Some(accounts) => world.use_anew(|account| accounts.contains(&account)),
            // Of all accounts: where what is used up and what comes back cancel out, the view had nothing to show.
            None if world.snapshot.forecasts.is_empty() => (),
            None => world.use_anew(|_| true),
        }
        if !changes.is_empty() {
            let before = world.changes.take();
            world.changes = Some(Arc::new(ChangeBatch::new(changes, origin, touched, before)));
        }
        world
    }

    /// Counts again what promises use up of the forecasts of some accounts.
    fn use_anew(&mut self, is_wanted: impl Fn(StockAccount) -> bool) {
        let of = |(_, reservation): (u64, &Arc<Reservation>)| {
            consumption::of(&self.snapshot, reservation)
        };
        let is_wanted = |posting: &Posting| {
            Use::of(posting.account).is_some_and(|used| is_wanted(used.account))
        };
        let uses: Vec<Posting> = self.reservations.iter().flat_map(of).filter(is_wanted).collect();
        uses.into_iter().for_each(|posting| self.view.post(&self.snapshot, posting));
    }
}
