//! Which allocation rule holds for an account, and what it makes of it.

use super::{
    Snapshot, allocation_rule::AllocationRule, allocations::BlockOrigin, block::Block,
    index::AllocationIx, tree::Tree,
};
use crate::model::StockAccount;

impl Snapshot {
    /// What a rule makes of an account, as `open` works it out when it is first asked for.
    pub(crate) fn block(
        &self,
        account: StockAccount,
        rule: AllocationIx,
        open: impl FnOnce(&AllocationRule, BlockOrigin) -> Block,
    ) -> &Block {
        let (item, _) = self.pair(account);
        let (place, known) = self.allocation.place(account, (rule, item));
        place.get_or_init(|| Box::new(open(self.allocation.rule_for(rule, item), known)))
    }

    /// The allocation rule of a stock account; none where there is none.
    pub fn allocation_rule(&self, account: StockAccount) -> Option<&AllocationRule> {
        let rule = self.allocation_rule_ix(account)?;
        Some(self.allocation.rule_for(rule, self.pair(account).0))
    }

    /// The key of the allocation rule of a stock account; none where there is none, and of a part.
    pub fn allocation_rule_ix(&self, account: StockAccount) -> Option<AllocationIx> {
        if self.allocation.is_empty() {
            return None;
        }
        if account.ix().0 < self.stocks.len() as u64 {
            return self.allocation.rule_of_dense(account.ix());
        }
        if self.whole(account.ix()).is_some() {
            return None;
        }
        let (item, location) = self.pair(account);
        self.allocation.assignments.of_pair(item, self.items.category(item), location)
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
