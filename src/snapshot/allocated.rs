//! Which allocation rule holds for an account, and what it makes of it.

use super::{
    Account, Snapshot, allocation_rule::AllocationRule, allocations::BlockOrigin, block::Block,
    index::AllocationIx, tree::Tree,
};
use crate::model::AccountIx;

impl Snapshot {
    /// What a rule makes of an account, as `open` works it out when it is first asked for.
    ///
    /// # Panics
    /// If it is no stock account.
    pub(crate) fn block(
        &self,
        account: AccountIx,
        rule: AllocationIx,
        open: impl FnOnce(&AllocationRule, BlockOrigin) -> Block,
    ) -> &Block {
        let (item, _) = self.pair(account);
        let (place, known) = self.allocation.place(account, (rule, item));
        place.get_or_init(|| Box::new(open(self.allocation.rule_for(rule, item), known)))
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

    /// Works out anew where allocation rules hold, after rules, assignments or classes were changed.
    pub fn reallocate(&mut self) {
        let names = &self.classes.names;
        self.classes.tree = Tree::new(&self.classes.rows, |class| names.name(class));
        self.allocation.restate(&self.items);
        let assignments = self.allocation.assignments.clone();
        let rule = |item, location| assignments.of_pair(item, self.items.category(item), location);
        self.allocation.assign(self.stocks.iter().map(|(_, row)| rule(row.item, row.location)));
    }
}
