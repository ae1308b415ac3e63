//! The accounts of the parts that an allocation rule divides a stock account into: their numbers and names.
//!
//! Every stock account, also one that no table names, has a run of numbers for its parts, past all
//! others; so parts need no table, and anything can be posted on them. What a part has, and who may take of it, is
//! the layer [`crate::allocation`]'s.

use super::{Snapshot, index::ClassIx, parts::Part};
use crate::model::{AccountIx, Index, StockAccount};
use std::ops::Range;

impl Snapshot {
    /// The first number of a part.
    pub(super) fn first_part(&self) -> u64 {
        let pairs = self.items.names.len() as u64 * self.locations.names.len() as u64;
        self.n_accounts() + pairs
    }

    /// Numbers that one account's parts take: node, cap, protected and seen of every class, and seen of none.
    fn part_stride(&self) -> u64 {
        4 * self.classes.rows.len() as u64 + 1
    }

    /// The first number of the parts of a stock account.
    fn parts_from(&self, account: StockAccount) -> u64 {
        debug_assert!(account.ix().0 < self.first_part());
        self.first_part() + account.ix().0 * self.part_stride()
    }

    /// The account of a part of a stock account.
    pub fn part(&self, account: StockAccount, part: Part) -> StockAccount {
        let n_classes = self.classes.rows.len() as u64;
        let at = |class: ClassIx| class.to_usize() as u64;
        let slot = match part {
            Part::Node(class) => at(class),
            Part::Cap(class) => n_classes + at(class),
            Part::Protected(class) => 2 * n_classes + at(class),
            Part::Seen(Some(class)) => 3 * n_classes + at(class),
            Part::Seen(None) => 4 * n_classes,
        };
        StockAccount::known(AccountIx(self.parts_from(account) + slot))
    }

    /// The numbers of the nodes of an account, by class.
    pub(crate) fn node_numbers(&self, account: StockAccount) -> Range<u64> {
        let first = self.parts_from(account);
        first..first + self.classes.rows.len() as u64
    }

    /// The accounts of all parts of an account; none where no allocation rule holds.
    pub fn parts_of(&self, account: AccountIx) -> impl Iterator<Item = AccountIx> + use<> {
        let ruled =
            self.as_whole(account).filter(|whole| self.allocation_rule_ix(*whole).is_some());
        let first = ruled.map_or(0, |whole| self.parts_from(whole));
        let n_parts = ruled.map_or(0, |_| self.part_stride());
        (first..first + n_parts).map(AccountIx)
    }

    /// An account as one of an item at a location; none if it expires or is a part.
    pub fn as_whole(&self, account: AccountIx) -> Option<StockAccount> {
        self.as_stock(account).filter(|_| self.whole(account).is_none())
    }

    /// The stock account that an account is a part of, and which part; none where it is no part.
    pub fn whole(&self, account: AccountIx) -> Option<(StockAccount, Part)> {
        let at = account.0.checked_sub(self.first_part())?;
        let (whole, slot) = (at / self.part_stride(), at % self.part_stride());
        let n_classes = self.classes.rows.len() as u64;
        let class = |slot: u64| ClassIx::from_usize(usize::try_from(slot).expect("a class"));
        let part = match slot.checked_div(n_classes) {
            Some(0) => Part::Node(class(slot)),
            Some(1) => Part::Cap(class(slot - n_classes)),
            Some(2) => Part::Protected(class(slot - 2 * n_classes)),
            Some(3) => Part::Seen(Some(class(slot - 3 * n_classes))),
            Some(_) | None => Part::Seen(None),
        };
        Some((StockAccount::known(AccountIx(whole)), part))
    }

    /// A part in a planner's words.
    pub(super) fn part_name(&self, whole: StockAccount, part: Part) -> String {
        let whole = self.account_name(whole);
        let class = |class: ClassIx| self.classes.names.name(class);
        match part {
            Part::Node(node) => format!("{whole}, share of {}", class(node)),
            Part::Cap(node) => format!("{whole}, cap of {}", class(node)),
            Part::Protected(node) => format!("{whole}, kept for {}", class(node)),
            Part::Seen(Some(who)) => format!("{whole}, as {} sees it", class(who)),
            Part::Seen(None) => format!("{whole}, as a line without class sees it"),
        }
    }
}
