//! How an item at a location is replenished: its local sources, in the order in which they are tried (semantics 6).

use super::{
    Snapshot,
    index::{ItemIx, LocationIx, OfferIx, WorkIx, at},
    item::Validity,
    location::Destination,
    policy::What,
    sourcing::{AccountRow, Doubts, Replenishment, RuleRow, RuleSource, Source},
};
use crate::model::AccountIx;

/// Pairs whose sources are resolved at once when changes are made; where more are doubtful, each is
/// resolved when it is asked for.
const SETTLED_MAX: usize = 200_000;

impl Snapshot {
    /// Resolves the sources that changes have made doubtful, once for all who ask.
    pub fn settle_sources(&mut self) {
        let Some(doubts) = self.sourcing.doubts.take() else {
            return;
        };
        let accounts = self.doubtful(&doubts);
        if SETTLED_MAX < accounts.len() {
            self.sourcing.doubts = Some(doubts);
            return;
        }
        for account in accounts {
            let (item, location) = self.stocks.pair(account);
            let mut sources = Vec::new();
            resolve_sources(self, item, location, &mut sources);
            self.sourcing.of_account.replace(at(account.0), sources);
        }
    }

    /// The accounts with doubtful sources.
    fn doubtful(&self, doubts: &Doubts) -> Vec<AccountIx> {
        let locations = || self.locations.names.indices();
        let of_item = |item: &ItemIx| {
            let item = *item;
            locations().filter_map(move |location| self.stocks.account(item, location))
        };
        if !doubts.are_wide() {
            return doubts.items.iter().flat_map(of_item).collect();
        }
        let is_doubtful = |account: &AccountIx| {
            let (item, location) = self.stocks.pair(*account);
            let category = self.items.category(item);
            let rule = self.sourcing.local.of_pair(item, category, location);
            doubts.items.contains(&item)
                || rule.is_some_and(|rule| doubts.rules.contains(&rule))
                || What::of(item, category).any(|what| doubts.places.contains(&(what, location)))
        };
        (0..self.stocks.len() as u64).map(AccountIx).filter(is_doubtful).collect()
    }

    /// The local sources of an item at a location, in the order in which they are tried.
    ///
    /// Those of a pair that tables name were resolved when the snapshot was built; a pair that nobody
    /// names is resolved here, into `scratch`.
    pub fn local_sources<'a>(
        &'a self,
        item: ItemIx,
        location: LocationIx,
        scratch: &'a mut Vec<Source>,
    ) -> &'a [Source] {
        match self.stocks.account(item, location) {
            Some(AccountIx(account)) if !self.sourcing.is_doubtful(item) => {
                self.sourcing.of_account.of(at::<AccountRow>(account))
            }
            Some(_) | None => {
                scratch.clear();
                resolve_sources(self, item, location, scratch);
                scratch
            }
        }
    }
}

/// A source with what it is ordered by: rank, larger percentage, priority, name.
type Ordered<'a> = ((i32, i64, i32, &'a str), Source);

/// Appends the local sources of a pair, in the order in which they are tried.
pub fn resolve_sources(
    snapshot: &Snapshot,
    item: ItemIx,
    location: LocationIx,
    into: &mut Vec<Source>,
) {
    let category = snapshot.items.category(item);
    let mut ordered: Vec<Ordered<'_>> = Vec::new();
    match snapshot.sourcing.local.of_pair(item, category, location) {
        Some(rule) => {
            for row in snapshot.sourcing.rules.of(rule) {
                push_row(snapshot, (item, location), row, &mut ordered);
            }
        }
        None => push_default(snapshot, (item, location), &mut ordered),
    }
    // The sort is stable: a work definition comes before a supplier of the same name.
    ordered.sort_by_key(|(key, _)| *key);
    let mut seen: Vec<Source> = Vec::new();
    for (_, source) in ordered {
        if !seen.contains(&source) {
            seen.push(source);
            into.push(source);
        }
    }
}

/// Without an assignment: work definitions by priority, then suppliers by priority (contract 1).
fn push_default<'a>(
    snapshot: &'a Snapshot,
    (item, location): (ItemIx, LocationIx),
    ordered: &mut Vec<Ordered<'a>>,
) {
    for &work in snapshot.works.of(item, location) {
        ordered.push(make(snapshot, work, (1, 0), Validity::ALWAYS));
    }
    for offer in snapshot.suppliers.fitting(item, location) {
        ordered.push(buy(snapshot, offer, (2, 0), Validity::ALWAYS));
    }
}

fn push_row<'a>(
    snapshot: &'a Snapshot,
    (item, location): (ItemIx, LocationIx),
    row: &RuleRow,
    ordered: &mut Vec<Ordered<'a>>,
) {
    let rank = (row.rank, -row.percent.raw());
    match row.from {
        RuleSource::Make(named) => {
            for &work in snapshot.works.of(item, location) {
                if named.is_none_or(|named| named == work) {
                    ordered.push(make(snapshot, work, rank, row.validity));
                }
            }
        }
        RuleSource::Buy(named) => {
            for offer in snapshot.suppliers.fitting(item, location) {
                if named.is_none_or(|named| named == snapshot.suppliers.offers.get(offer).supplier)
                {
                    ordered.push(buy(snapshot, offer, rank, row.validity));
                }
            }
        }
        RuleSource::Transfer(Some(from)) => {
            ordered.push(transfer(snapshot, from, rank, row));
        }
        RuleSource::Transfer(None) => {
            let here = Destination::Location(location);
            for from in snapshot.stocks.keepers(item).filter(|&from| from != location) {
                let lanes = &snapshot.lanes;
                if lanes.is_empty() || !lanes.between(from, here).is_empty() {
                    ordered.push(transfer(snapshot, from, rank, row));
                }
            }
        }
    }
}

fn make(snapshot: &Snapshot, work: WorkIx, rank: (i32, i64), validity: Validity) -> Ordered<'_> {
    let priority = snapshot.works.rows[work].priority;
    let key = (rank.0, rank.1, priority, snapshot.works.names.name(work));
    (key, Source { kind: Replenishment::Make(work), validity })
}

fn buy(snapshot: &Snapshot, offer: OfferIx, rank: (i32, i64), validity: Validity) -> Ordered<'_> {
    let row = snapshot.suppliers.offers.get(offer);
    let key = (rank.0, rank.1, row.priority, snapshot.suppliers.names.name(row.supplier));
    (key, Source { kind: Replenishment::Buy(offer), validity })
}

fn transfer<'a>(
    snapshot: &'a Snapshot,
    from: LocationIx,
    rank: (i32, i64),
    row: &RuleRow,
) -> Ordered<'a> {
    let key = (rank.0, rank.1, 1, snapshot.locations.names.name(from));
    (key, Source { kind: Replenishment::Transfer(from, row.method), validity: row.validity })
}
