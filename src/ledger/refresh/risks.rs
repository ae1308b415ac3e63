//! Who is at risk, and for which account.

use super::{
    fates::Risk,
    net_change::Short,
    risk,
    takers::{Takers, taken},
};
use crate::{ledger::world::World, model::AccountIx};
use std::collections::BTreeSet;

/// Who is at risk on accounts that were touched, and who no more.
pub(super) struct Risks {
    pub(super) short: Vec<Short>,
    /// Those of whom that is new.
    pub(super) flagged: BTreeSet<u64>,
    pub(super) eased: Vec<u64>,
}

impl Risks {
    /// Looks at accounts, and at those that the promises at risk on them take from as well: they may be
    /// at risk for another one's sake; so may some that are named. Flags the promises.
    pub(super) fn of(
        next: &mut World,
        (mut touched, mut risky): (BTreeSet<AccountIx>, BTreeSet<u64>),
        takers: &mut Takers,
    ) -> Self {
        takers.ask(&touched);
        let short = risk::short_accounts(next, touched.iter().copied());
        if short.is_empty() && risky.is_empty() && next.n_at_risk() == 0 {
            return Self { short: Vec::new(), flagged: BTreeSet::new(), eased: Vec::new() };
        }
        takers.keep_up(next.reservations());
        risky.extend(takers.at_risk_on(&touched));
        risky.retain(|number| next.reservation(*number).is_some());
        let of_risky = risky.iter().filter_map(|number| next.reservation(*number));
        touched.extend(of_risky.flat_map(|found| taken(found)));
        takers.ask(&touched);
        let short = risk::short_accounts(next, touched);
        let among = takers.of(&short);
        let among = among.iter().filter_map(|number| next.reservation(*number));
        let by_account = risk::blamed(next, &short, among);
        let blamed: BTreeSet<u64> = by_account.values().flatten().copied().collect();
        let mut flagged = BTreeSet::new();
        for number in risky.union(&blamed) {
            let risk = if blamed.contains(number) { Risk::SupplyGone } else { Risk::None };
            if next.set_at_risk(*number, risk) {
                flagged.insert(*number);
            }
        }
        let short = by_account
            .into_iter()
            .map(|(account, numbers)| Short { account, numbers: numbers.into_iter().collect() });
        let eased = risky.difference(&blamed).copied().collect();
        Self { short: short.collect(), flagged, eased }
    }
}
