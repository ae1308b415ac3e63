//! The accounts of the parts that an allocation rule divides a stock account into.
//!
//! Every stock account, also one that no table names, has a run of numbers for its parts, past all
//! others; so parts need no table, and anything can be posted on them. Their profiles are asked for
//! like any other's.

use super::{
    Account, AllocationIx, ClassIx, Snapshot,
    allocation::AllocationRule,
    block::{Block, Part},
    division::Divider,
    lots::LotDivider,
    tree::Tree,
};
use crate::model::{AccountIx, Consumption, Day, Index, Quantity, StockRef};
use std::ops::Range;

/// The nodes of one divided account, as the snapshot has them: asked for together, since whoever walks
/// them asks for many.
#[derive(Clone, Copy, Debug)]
pub struct Nodes<'a> {
    block: &'a Block,
    first: u64,
    n_classes: usize,
    consumption: Consumption,
}

impl<'a> Nodes<'a> {
    /// The profile of a class's node.
    pub fn profile(&self, class: ClassIx) -> StockRef<'a> {
        self.block.profile(Part::Node(class), (self.n_classes, self.consumption))
    }

    /// The account of a class's node.
    pub fn account(&self, class: ClassIx) -> AccountIx {
        AccountIx(self.first + class.to_usize() as u64)
    }

    /// The accounts of all nodes.
    pub fn accounts(&self) -> Range<u64> {
        self.first..self.first + self.n_classes as u64
    }
}

impl Snapshot {
    /// The nodes of a divided account; none where no rule divides it.
    pub fn nodes(&self, account: AccountIx) -> Option<Nodes<'_>> {
        let rule = self.allocation_rule_ix(account)?;
        if !self.allocation.rows[rule].divides() {
            return None;
        }
        Some(Nodes {
            block: self.block(account, rule),
            first: self.first_part() + account.0 * self.part_stride(),
            n_classes: self.classes.rows.len(),
            consumption: self.rule_of(account).consumption,
        })
    }

    /// What a rule makes of an account.
    fn block(&self, account: AccountIx, rule: AllocationIx) -> &Block {
        let Account::Stock(item, _) = self.account(account) else {
            unreachable!("only stock accounts have parts");
        };
        let (place, known) = self.allocation.place(account, (rule, item));
        let rule = self.allocation.rule_for(rule, item);
        place.get_or_init(|| Box::new(Block::new(self, rule, known)))
    }

    /// The first number of a part.
    pub(super) fn first_part(&self) -> u64 {
        let pairs = self.items.names.len() as u64 * self.locations.names.len() as u64;
        self.n_accounts() + pairs
    }

    /// Numbers that one account's parts take: node, cap, kept and seen of every class, and seen of none.
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
            Part::Kept(class) => 2 * n_classes + at(class),
            Part::Seen(Some(class)) => 3 * n_classes + at(class),
            Part::Seen(None) => 4 * n_classes,
        };
        debug_assert!(account.0 < self.first_part());
        AccountIx(self.first_part() + account.0 * self.part_stride() + slot)
    }

    /// The accounts of all parts of an account; none where no allocation rule holds.
    pub fn parts_of(&self, account: AccountIx) -> impl Iterator<Item = AccountIx> + use<> {
        let is_ruled = account.0 < self.first_part() && self.allocation_rule_ix(account).is_some();
        let first = if is_ruled { self.first_part() + account.0 * self.part_stride() } else { 0 };
        let n_parts = if is_ruled { self.part_stride() } else { 0 };
        (first..first + n_parts).map(AccountIx)
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
            Some(2) => Part::Kept(class(slot - 2 * n_classes)),
            Some(3) => Part::Seen(Some(class(slot - 3 * n_classes))),
            Some(_) | None => Part::Seen(None),
        };
        Some((AccountIx(whole), part))
    }

    /// The allocation rule of a stock account; none where there is none.
    pub fn allocation_rule(&self, account: AccountIx) -> Option<&AllocationRule> {
        let rule = self.allocation_rule_ix(account)?;
        match self.account(account) {
            Account::Stock(item, _) => Some(self.allocation.rule_for(rule, item)),
            Account::Capacity(_) | Account::Part(..) => None,
        }
    }

    /// The key of the allocation rule of a stock account; none where there is none.
    pub fn allocation_rule_ix(&self, account: AccountIx) -> Option<AllocationIx> {
        if self.allocation.is_empty() {
            return None;
        }
        if account.0 < self.stocks.len() as u64 {
            return self.allocation.rule_of_dense(account);
        }
        match self.account(account) {
            Account::Stock(item, location) => {
                let category = self.items.category(item);
                self.allocation.assignments.of_pair(item, category, location)
            }
            Account::Capacity(_) | Account::Part(..) => None,
        }
    }

    /// The profile of a part as the snapshot has it.
    pub(super) fn part_profile(&self, whole: AccountIx, part: Part) -> StockRef<'_> {
        let Account::Stock(item, location) = self.account(whole) else {
            unreachable!("only stock accounts have parts");
        };
        let consumption = self.rule(item, location).consumption;
        let Some(rule_ix) = self.allocation_rule_ix(whole) else {
            return match part {
                Part::Node(_) => StockRef::empty(consumption),
                Part::Cap(_) | Part::Kept(_) | Part::Seen(_) => StockRef::empty(Consumption::None),
            };
        };
        self.block(whole, rule_ix).profile(part, (self.classes.rows.len(), consumption))
    }

    /// Works out anew where allocation rules hold, after rules, assignments or classes were changed.
    pub fn reallocate(&mut self) {
        let names = &self.classes.names;
        self.classes.tree = Tree::new(&self.classes.rows, |class| names.name(class));
        self.allocation.restate(&self.items);
        let assignments = self.allocation.assignments.clone();
        let rule = |item, location| assignments.of_pair(item, self.items.category(item), location);
        self.allocation.assign(self.stocks.iter().map(|(_, row)| rule(row.item, row.location)));
    }

    /// The day under which the period of a cap or of what is kept is counted now, that was counted under
    /// a day which lies before day 0; none where the period is over.
    pub fn period_day(&self, whole: AccountIx, part: Part, day: Day) -> Option<Day> {
        let rule = self.allocation_rule(whole)?;
        let (limits, class) = match part {
            Part::Cap(class) => (&rule.caps, class),
            Part::Kept(class) => (&rule.protects, class),
            Part::Node(_) | Part::Seen(_) => return None,
        };
        let mut own = limits.iter().filter(|limit| limit.class == class);
        own.find(|limit| limit.holds(day))?.day().filter(|&day| day < self.epoch.end())
    }

    /// The node that what nobody is named for belongs to; none where no rule divides the account.
    pub fn root_node(&self, account: AccountIx) -> Option<AccountIx> {
        let rule = self.allocation_rule(account)?;
        let root = self.classes.tree.root()?;
        rule.divides().then(|| self.part(account, Part::Node(root)))
    }

    /// How a supply that counts on a day is divided among the nodes of an account, what is left over
    /// being the root's; empty where no rule divides it.
    ///
    /// Under a rule of quantities the period's other supplies are not looked at.
    pub fn divided(
        &self,
        account: AccountIx,
        day: Day,
        supply: Quantity,
    ) -> Vec<(ClassIx, Quantity)> {
        let rule = self.allocation_rule(account).filter(|rule| rule.divides());
        let (Some(rule), Some(root)) = (rule, self.classes.tree.root()) else {
            return Vec::new();
        };
        let mut parts = match self.lot_of(account) {
            Some(lot) => LotDivider::new(self, rule, root, lot).divide(day, supply),
            None => Divider::new(rule).divide(day, supply).to_vec(),
        };
        let given: Quantity = parts.iter().map(|(_, part)| *part).sum();
        match parts.iter_mut().find(|(class, _)| *class == root) {
            Some((_, part)) => *part += supply - given,
            None => parts.push((root, supply - given)),
        }
        parts
    }
}
