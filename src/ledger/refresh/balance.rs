//! The old balance, the new one, and why they differ: account by account (R1).
//!
//! The balances come from the profiles that planning reads. What explains their difference comes from
//! elsewhere: the rows of supply and demand of both snapshots, and the postings of the reservations. So
//! the check fails if any of them is counted twice or not at all.

use super::translate::{Translation, Unknown};
use crate::{
    ledger::{reservation::Reservation, standing::Fate, uses::Use, world::World},
    model::{AccountIx, Quantity, StockAccount},
    snapshot::{forecast::Bucket, kinds::DemandKind},
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, BTreeSet};

/// One stock account in a reconciliation report; quantities are balances at the end of the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountLine {
    /// The account, of the new snapshot.
    pub account: AccountIx,
    /// What was left of it before.
    pub old: Quantity,
    /// What is left of it now.
    pub new: Quantity,
    /// How much more the snapshot supplies.
    pub supply: Quantity,
    /// How much more the snapshot demands.
    pub demand: Quantity,
    /// What promises gave back, by what became of them.
    pub promises: Promised,
}

/// What the postings of promises changed, by what became of the promises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Promised {
    /// Of those that the snapshot's demand took over.
    pub absorbed: Quantity,
    /// Of those whose order the source no longer has.
    pub dropped: Quantity,
    /// Of those that are carried over: what the snapshot's older demand takes for them, and what no
    /// longer lies within the horizon.
    pub carried: Quantity,
}

impl Promised {
    fn total(self) -> Quantity {
        self.absorbed + self.dropped + self.carried
    }
}

impl AccountLine {
    /// What explains the difference of the balances.
    pub fn explained(&self) -> Quantity {
        self.supply - self.demand + self.promises.total()
    }

    fn adds_up(&self) -> bool {
        self.new - self.old == self.explained()
    }

    fn is_unchanged(&self) -> bool {
        let zero = Quantity::ZERO;
        self.old == self.new
            && self.supply == zero
            && self.demand == zero
            && self.promises == Promised::default()
    }
}

/// A balance that does not add up: a refresh that has one is refused (R1).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} had {old} and has {new}, but {explained} is explained")]
pub struct Unexplained {
    /// The account in words.
    pub name: String,
    /// Before.
    pub old: Quantity,
    /// After.
    pub new: Quantity,
    /// What explains the difference.
    pub explained: Quantity,
}

/// The accounts of a reconciliation under way. Look-up only, until they are sorted for the report.
#[derive(Debug, Default)]
pub(super) struct Ledgering {
    promises: HashMap<AccountIx, Promised, FxBuildHasher>,
    touched: BTreeSet<AccountIx>,
    lines: HashMap<AccountIx, AccountLine, FxBuildHasher>,
    /// Those that do not add up, by name.
    wrong: BTreeMap<AccountIx, String>,
    n_accounts: u64,
}

impl Ledgering {
    /// Counts what becomes of a reservation's postings.
    pub(super) fn add(
        &mut self,
        translation: &Translation<'_>,
        before: &Reservation,
        after: &Reservation,
    ) -> Result<(), Unknown> {
        self.count(translation, before, after, |sum, change| *sum += change)
    }

    /// Takes back what was counted for a reservation.
    pub(super) fn take_back(
        &mut self,
        translation: &Translation<'_>,
        before: &Reservation,
        after: &Reservation,
    ) -> Result<(), Unknown> {
        self.count(translation, before, after, |sum, change| *sum -= change)
    }

    fn count(
        &mut self,
        translation: &Translation<'_>,
        before: &Reservation,
        after: &Reservation,
        count: impl Fn(&mut Quantity, Quantity),
    ) -> Result<(), Unknown> {
        let fate = super::fates::fate(after);
        let mut change = |account: AccountIx, quantity: Quantity| {
            self.touched.insert(account);
            let sums = self.promises.entry(account).or_default();
            count(
                match fate {
                    Fate::Absorbed => &mut sums.absorbed,
                    Fate::Dropped => &mut sums.dropped,
                    Fate::Carried | Fate::Superseding => &mut sums.carried,
                },
                quantity,
            );
        };
        for posting in before.postings.iter() {
            let quantity = translation.held(posting.account, posting.quantity)?;
            change(translation.account(posting.account)?, -quantity);
        }
        for posting in after.postings.iter() {
            change(posting.account, posting.quantity);
        }
        Ok(())
    }

    /// The accounts that promises touched since the last time.
    pub(super) fn touched(&mut self) -> BTreeSet<AccountIx> {
        std::mem::take(&mut self.touched)
    }

    /// Looks at every stock account that either snapshot names or a promise touches.
    pub(super) fn note_all(&mut self, old: &World, new: &World) -> Result<(), Unknown> {
        let touched = self.touched();
        let dense = 0..new.snapshot.stocks.len() as u64;
        self.note(old, new, dense.map(AccountIx))?;
        let there = |account: &AccountIx| (new.snapshot.stocks.len() as u64) <= account.0;
        self.note(old, new, touched.into_iter().filter(there))?;
        // Accounts that only the old snapshot names have numbers in the new one if their names have.
        for (account, _) in old.snapshot.stocks.iter() {
            let translation = Translation { from: &old.snapshot, to: &new.snapshot };
            let theirs = translation.stock(account).ok().map(StockAccount::ix);
            self.note(old, new, theirs.into_iter().filter(there))?;
        }
        Ok(())
    }

    /// Compares the balances of accounts of the new snapshot.
    pub(super) fn note(
        &mut self,
        old: &World,
        new: &World,
        accounts: impl Iterator<Item = AccountIx>,
    ) -> Result<(), Unknown> {
        let back = Translation { from: &new.snapshot, to: &old.snapshot };
        let forth = Translation { from: &old.snapshot, to: &new.snapshot };
        for account in accounts {
            let Some(stock) = new.snapshot.as_whole(account) else { continue };
            let before = back.stock(stock).ok();
            let (supply, demand) = counted(new, stock);
            let was = before.map(|before| counted(old, before)).unwrap_or_default();
            // Rows of the old snapshot that nobody has promised need not be exact in the new one's unit.
            let there = |of: Quantity| before.map_or(of, |before| forth.nearest(before, of));
            let was = (there(was.0), there(was.1));
            let line = AccountLine {
                account,
                old: there(before.map(|before| balance(old, before)).unwrap_or_default()),
                new: balance(new, stock),
                supply: supply - was.0,
                demand: demand - was.1,
                promises: self.promises.get(&account).copied().unwrap_or_default(),
            };
            self.n_accounts += u64::from(!self.lines.contains_key(&account));
            self.keep(line, new);
        }
        Ok(())
    }

    fn keep(&mut self, line: AccountLine, new: &World) {
        if line.adds_up() {
            self.wrong.remove(&line.account);
        } else {
            self.wrong.insert(line.account, new.snapshot.account_name(line.account));
        }
        if line.is_unchanged() {
            self.lines.remove(&line.account);
        } else {
            self.lines.insert(line.account, line);
        }
    }

    /// R1: every balance adds up.
    pub(super) fn check(&self) -> Result<(), Unexplained> {
        let Some((account, name)) = self.wrong.first_key_value() else {
            return Ok(());
        };
        let line = self.lines[account];
        let (old, new, explained) = (line.old, line.new, line.explained());
        Err(Unexplained { name: name.clone(), old, new, explained })
    }

    pub(super) fn n_accounts(&self) -> u64 {
        self.n_accounts
    }

    pub(super) fn into_lines(self) -> Vec<AccountLine> {
        let mut lines: Vec<_> = self.lines.into_values().collect();
        lines.sort_unstable_by_key(|line| line.account);
        lines
    }
}

/// The balance of a stock account at the end of the horizon.
fn balance(world: &World, account: StockAccount) -> Quantity {
    world.stock(account).balance(world.snapshot.epoch().end())
}

/// How much of a stock account's rows counts, in all: supply and demand; of forecasts what nobody has consumed.
fn counted(world: &World, account: StockAccount) -> (Quantity, Quantity) {
    let snapshot = &*world.snapshot;
    let end = snapshot.counted_until(account);
    let supplies = snapshot.supplies.of(account).iter();
    let supply = supplies.filter(|row| row.day.is_some_and(|day| day < end));
    let demands = snapshot.demands.of(account).iter();
    let demands = demands.filter(|row| row.kind != DemandKind::Forecast);
    let demand = demands.filter(|row| row.day.is_some_and(|day| day < end));
    let rest = |(bucket, forecast): (usize, &Bucket)| {
        forecast.rest(world.view.used(Use { account, bucket }))
    };
    let forecast: Quantity = snapshot.forecasts.of(account).iter().enumerate().map(rest).sum();
    (supply.map(|row| row.quantity).sum(), forecast + demand.map(|row| row.quantity).sum())
}
