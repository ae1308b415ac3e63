//! The accounts of the parts that an allocation rule divides a stock account into: their numbers and names.
//!
//! Every stock account, also one that no table names, has a run of numbers for its parts, past all
//! others; so parts need no table, and anything can be posted on them. What a part has, and who may take of it, is
//! the layer [`crate::allocation`]'s.

use super::{Account, Snapshot, index::ClassIx, parts::Part};
use crate::model::{AccountIx, Index};
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

    /// The account of a part of a stock account.
    pub fn part(&self, account: AccountIx, part: Part) -> AccountIx {
        let n_classes = self.classes.rows.len() as u64;
        let at = |class: ClassIx| class.to_usize() as u64;
        let slot = match part {
            Part::Node(class) => at(class),
            Part::Cap(class) => n_classes + at(class),
            Part::Protected(class) => 2 * n_classes + at(class),
            Part::Seen(Some(class)) => 3 * n_classes + at(class),
            Part::Seen(None) => 4 * n_classes,
        };
        debug_assert!(account.0 < self.first_part());
        AccountIx(self.first_part() + account.0 * self.part_stride() + slot)
    }

    /// The numbers of the nodes of an account, by class.
    pub(crate) fn node_numbers(&self, account: AccountIx) -> Range<u64> {
        let first = self.first_part() + account.0 * self.part_stride();
        first..first + self.classes.rows.len() as u64
    }

    /// The accounts of all parts of an account; none where no allocation rule holds.
    pub fn parts_of(&self, account: AccountIx) -> impl Iterator<Item = AccountIx> + use<> {
        let is_ruled = account.0 < self.first_part() && self.allocation_rule_ix(account).is_some();
        let first = if is_ruled { self.first_part() + account.0 * self.part_stride() } else { 0 };
        let n_parts = if is_ruled { self.part_stride() } else { 0 };
        (first..first + n_parts).map(AccountIx)
    }

    /// The account of a number past all those of stock and capacity.
    ///
    /// # Panics
    /// It is past all parts too: what promises use up of forecasts is posted on such numbers (`ledger/uses.rs`), and is no
    /// account that a snapshot has or could name.
    pub(super) fn part_account(&self, account: AccountIx) -> Account {
        let (whole, part) = self.whole(account).expect("a part");
        assert!(whole.0 < self.first_part(), "{account:?} is no account of a snapshot");
        Account::Part(whole, part)
    }

    /// The stock account that an account is a part of, and which part; none where it is no part.
    pub fn whole(&self, account: AccountIx) -> Option<(AccountIx, Part)> {
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
        Some((AccountIx(whole), part))
    }

    /// A part in a planner's words.
    pub(super) fn part_name(&self, whole: AccountIx, part: Part) -> String {
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
