//! Where allocation rules hold, what people have shifted between nodes, and the room for what a rule makes of an account.
//!
//! What that is, the layer [`crate::allocation`] works out when it is first asked for; it is kept here, where whoever
//! shares a snapshot shares it. An account without a rule has none and pays one look at an empty list.

use super::{
    allocation_rule::AllocationRule,
    block::Block,
    index::{AllocationIx, ClassIx, ItemIx},
    item::Items,
    names::Names,
    policy::Assignments,
};
use crate::model::{
    AccountIx, Day, Index, Quantity, StockAccount, Table, layered::Layered, trie::Trie,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

/// A quantity that people moved from one node of an account to another, from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// From when on.
    pub day: Day,
    /// Whose share gets less.
    pub from: ClassIx,
    /// Whose share gets more.
    pub to: ClassIx,
    /// How much.
    pub quantity: Quantity,
}

/// What a rule makes of an account, worked out when it is first asked for: most accounts of a large
/// snapshot never are.
pub(super) type Lazy = OnceLock<Box<Block>>;

/// The dense accounts that rules hold for.
#[derive(Debug, Default)]
struct Accounts {
    /// For each dense stock account one more than its place in `ruled`, or 0; empty where no rule holds.
    of_account: Vec<u32>,
    ruled: Vec<(AllocationIx, Lazy)>,
    /// What each rule makes of an account of which nothing is known.
    bare: Vec<Lazy>,
}

/// All allocation rules and where they hold.
#[derive(Clone, Debug, Default)]
pub struct Allocations {
    /// Their keys.
    pub names: Names<AllocationIx>,
    /// Their rows.
    pub rows: Table<AllocationIx, AllocationRule>,
    /// Where they hold.
    pub assignments: Assignments<AllocationIx>,
    /// Rules with quantities, as they are for items that are not kept in their own unit.
    restated: Arc<BTreeMap<(AllocationIx, ItemIx), (AllocationRule, Lazy)>>,
    /// Those whose supplies, demands or shifts were changed since stand over the others.
    accounts: Layered<Accounts, Arc<Lazy>>,
    /// What was shifted by hand, by account.
    shifts: Trie<Arc<[Shift]>>,
}

impl Allocations {
    /// Notes the rule of every dense stock account, in their order, and forgets what rules make of them.
    pub(super) fn assign(&mut self, rules: impl Iterator<Item = Option<AllocationIx>>) {
        let mut accounts = Accounts::default();
        accounts.bare.resize_with(self.rows.len(), OnceLock::new);
        if !self.assignments.is_empty() {
            for rule in rules {
                accounts.of_account.push(rule.map_or(0, |rule| {
                    accounts.ruled.push((rule, OnceLock::new()));
                    u32::try_from(accounts.ruled.len()).expect("fewer accounts than u32::MAX")
                }));
            }
        }
        self.accounts.rebase(accounts);
        let changed: Vec<u64> = self.accounts.over(0).map(|(account, _)| account).collect();
        for account in changed {
            self.forget(AccountIx(account));
        }
    }

    /// Says what rules are for items that are not kept in their own unit.
    pub(super) fn restate(&mut self, items: &Items) {
        let mut restated = BTreeMap::new();
        for (item, kept) in items.stocked_otherwise() {
            for (ix, rule) in self.rows.iter() {
                if let Some(rule) = rule.in_unit(kept.each) {
                    restated.insert((ix, item), (rule, OnceLock::new()));
                }
            }
        }
        self.restated = Arc::new(restated);
    }

    /// A rule as it is for an item.
    pub fn rule_for(&self, rule: AllocationIx, item: ItemIx) -> &AllocationRule {
        self.restated(rule, item).map_or(&self.rows[rule], |(rule, _)| rule)
    }

    fn restated(&self, rule: AllocationIx, item: ItemIx) -> Option<&(AllocationRule, Lazy)> {
        if self.restated.is_empty() { None } else { self.restated.get(&(rule, item)) }
    }

    /// Forgets what a rule makes of an account whose supplies or demands are others now.
    pub(super) fn forget(&mut self, account: AccountIx) {
        if !self.is_empty() {
            self.accounts.set(account.0, Arc::new(OnceLock::new()));
        }
    }

    /// What was shifted by hand between the nodes of an account, in the order in which it was.
    pub fn shifts_of(&self, account: impl Into<AccountIx>) -> &[Shift] {
        self.shifts.get(account.into().0).map_or(&[], |shifts| shifts)
    }

    /// Shifts a quantity between two nodes of an account.
    pub(super) fn shift(&mut self, account: AccountIx, shift: Shift) {
        let all = self.shifts_of(account).iter().copied().chain([shift]).collect();
        self.shifts.insert(account.0, all);
        self.forget(account);
    }

    fn ruled(&self, account: AccountIx) -> Option<&(AllocationIx, Lazy)> {
        let Accounts { of_account, ruled, .. } = self.accounts.base();
        let at = *of_account.get(usize::try_from(account.0).ok()?)?;
        Some(&ruled[usize::try_from(at).expect("a u32").checked_sub(1)?])
    }

    /// The rule of a dense stock account.
    pub(super) fn rule_of_dense(&self, account: AccountIx) -> Option<AllocationIx> {
        self.ruled(account).map(|(rule, _)| *rule)
    }

    /// The place of what a rule makes of an account, and whether anything is known of the account.
    pub(super) fn place(
        &self,
        account: StockAccount,
        (rule, item): (AllocationIx, ItemIx),
    ) -> (&Lazy, BlockOrigin) {
        if let Some(changed) = self.accounts.get(account.ix().0) {
            return (changed, BlockOrigin::Account(account));
        }
        match self.ruled(account.ix()) {
            Some((_, lazy)) => (lazy, BlockOrigin::Account(account)),
            None => match self.restated(rule, item) {
                Some((_, lazy)) => (lazy, BlockOrigin::Nothing),
                None => (&self.accounts.base().bare[rule.to_usize()], BlockOrigin::Nothing),
            },
        }
    }

    /// Whether no rule holds anywhere.
    pub fn is_empty(&self) -> bool {
        self.assignments.is_empty()
    }
}

/// What a block is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockOrigin {
    /// An account of the tables, or of a change.
    Account(StockAccount),
    /// Only the rule.
    Nothing,
}
