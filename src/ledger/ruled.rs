//! The rules of this program begin to hold, and whom they put at risk.

use super::{Admitted, Fact, Ledger, World, rules::RULES};
use crate::model::AccountIx;
use std::{collections::BTreeSet, sync::Arc};

use super::Reservation;

impl Ledger {
    /// Lets the rules of this program hold from here on; none where they hold already.
    pub fn adopt_rules(&mut self) -> Option<Admitted<'_>> {
        if RULES <= self.world.rules {
            return None;
        }
        let at_risk = self.world.newly_at_risk().into();
        Some(self.admitted(Fact::Ruled { rules: RULES, at_risk }))
    }
}

impl World {
    /// The promises that are at risk by the rules of this program and were not said to be, in order. What
    /// was promised by an override was short from the start, and is not.
    fn newly_at_risk(&self) -> Vec<u64> {
        let is_forced = |found: &&Arc<Reservation>| found.is_live() && found.facts.force.is_some();
        let forced = self.reservations_from(0).filter(is_forced);
        let forced: BTreeSet<AccountIx> =
            forced.flat_map(|found| found.postings.iter()).map(|one| one.account).collect();
        let touched = self.view.changed().map(|(account, _)| account);
        let mut judged = self.clone();
        judged.reassess(touched.filter(|account| !forced.contains(account)).collect());
        let is_at_risk = |world: &World, number: u64| {
            world.reservation(number).is_some_and(|found| found.at_risk)
        };
        let mut numbers = judged.changed_since(self);
        numbers.retain(|number| is_at_risk(&judged, *number) && !is_at_risk(self, *number));
        numbers
    }
}
