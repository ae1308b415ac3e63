//! Allocation of scarce supply to demand classes: the rules as data, and where they hold (semantics 7).
//!
//! What a rule makes of one stock account is a [`Block`]; an account without a
//! rule has none and pays one look at an empty list.

use super::{
    AllocationIx, ClassIx, ItemIx, Names, block::Block, item::Items, policy::Assignments,
    tree::Stealing,
};
use crate::model::{AccountIx, Day, Index, Quantity, Ratio, Table, trie::Trie};
use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

/// What a row of a rule does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AllocationKind {
    /// Divides supply among the nodes.
    #[default]
    Share,
    /// Keeps units for a node.
    Protect,
    /// Gives the classes under a node at most so many units.
    Cap,
}

/// How a share is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Per hundred of supply.
    #[default]
    Percent,
    /// In proportion to the other nodes.
    Ratio,
    /// Units of a period.
    Quantity,
}

/// What shares are shares of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShareBasis {
    /// Of every supply as it is loaded.
    #[default]
    Original,
    /// Of what is left in all.
    Remaining,
}

/// The share of one node from a date on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The node.
    pub class: ClassIx,
    /// From this day on, until the rule's next date of shares.
    pub from: Day,
    /// How it is counted; one method a date.
    pub method: Method,
    /// Percent, ratio, or units, as the method says.
    pub value: Quantity,
}

/// What is kept for a node, or the most that it may get, in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The node.
    pub class: ClassIx,
    /// The first ship day of the period; may lie before day 0.
    pub from: Day,
    /// The day after its last one: the rule's next date.
    pub until: Day,
    /// Units.
    pub value: Quantity,
}

impl Limit {
    /// Whether a ship day is in the period.
    pub fn holds(&self, ship: Day) -> bool {
        self.from <= ship && ship < self.until
    }

    /// The day under which the period is counted: its first one, at the earliest day 0; none where the
    /// period is over before day 0.
    pub fn day(&self) -> Option<Day> {
        let day = self.from.max(Day::ZERO);
        (day < self.until).then_some(day)
    }
}

/// One allocation rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllocationRule {
    /// What shares are shares of.
    pub basis: ShareBasis,
    /// Whether a class may take from nodes of lower priority.
    pub stealing: Stealing,
    /// Supply up to this day is the root's.
    pub fence_days: Option<u16>,
    /// Shares, by date, then by the node's name.
    pub shares: Vec<Share>,
    /// What is kept for nodes, by date, then by the node's name.
    pub protects: Vec<Limit>,
    /// What nodes may get at most, by date, then by the node's name.
    pub caps: Vec<Limit>,
}

impl AllocationRule {
    /// Whether every supply is divided, so that each node has a profile of its own.
    pub fn divides(&self) -> bool {
        !self.shares.is_empty() && self.basis == ShareBasis::Original
    }

    /// Whether what a class sees of the whole account is less than all of it.
    pub fn bounds(&self) -> bool {
        !self.protects.is_empty()
            || (!self.shares.is_empty() && self.basis == ShareBasis::Remaining)
    }

    /// The dates of all its rows, in no order; some lie before day 0.
    pub fn dates(&self) -> impl Iterator<Item = Day> {
        let limits = self.protects.iter().chain(&self.caps).map(|limit| limit.from);
        self.shares.iter().map(|share| share.from).chain(limits)
    }

    /// The sum of the percentages in force on a day, if it is more than 100; under `remaining` the
    /// largest of them.
    pub fn percent_beyond(&self, day: Day) -> Option<Quantity> {
        let shares = self.shares_on(day).iter();
        let values =
            shares.filter(|share| share.method == Method::Percent).map(|share| share.value);
        let counted = match self.basis {
            ShareBasis::Original => values.sum(),
            ShareBasis::Remaining => values.max().unwrap_or_default(),
        };
        (Quantity::units(100) < counted).then_some(counted)
    }

    /// The rule with its quantities in a unit of which so many are one; none if it has no quantities.
    fn in_unit(&self, each: Ratio) -> Option<AllocationRule> {
        let mut rule = self.clone();
        let shares = rule.shares.iter_mut();
        let shares = shares.filter(|share| share.method == Method::Quantity);
        let limits = rule.protects.iter_mut().chain(&mut rule.caps).map(|limit| &mut limit.value);
        let mut has_any = false;
        for value in shares.map(|share| &mut share.value).chain(limits) {
            *value = each.in_finest(*value);
            has_any = true;
        }
        has_any.then_some(rule)
    }

    /// Whether supply that counts on a day is nobody's but the root's.
    pub fn is_fenced(&self, day: Day) -> bool {
        self.fence_days.is_some_and(|days| day <= Day(i32::from(days)))
    }

    /// All its rows.
    pub fn rows(&self) -> Vec<(AllocationKind, Share)> {
        let of = |kind, limits: &[Limit]| -> Vec<(AllocationKind, Share)> {
            let share = |limit: &Limit| Share {
                class: limit.class,
                from: limit.from,
                method: Method::Quantity,
                value: limit.value,
            };
            limits.iter().map(|limit| (kind, share(limit))).collect()
        };
        let mut rows: Vec<_> =
            self.shares.iter().map(|share| (AllocationKind::Share, *share)).collect();
        rows.extend(of(AllocationKind::Protect, &self.protects));
        rows.extend(of(AllocationKind::Cap, &self.caps));
        rows
    }

    /// Puts rows in the place of its rows; they come by date, then by the node's name. Each date ends
    /// the periods before it.
    pub fn set_rows(&mut self, rows: &[(AllocationKind, Share)]) {
        self.shares.clear();
        self.protects.clear();
        self.caps.clear();
        for &(kind, share) in rows {
            let Share { class, from, value, .. } = share;
            let later = rows.iter().map(|(_, share)| share.from).filter(|&other| from < other);
            let limit = Limit { class, from, until: later.min().unwrap_or(Day::MAX), value };
            match kind {
                AllocationKind::Share => self.shares.push(share),
                AllocationKind::Protect => self.protects.push(limit),
                AllocationKind::Cap => self.caps.push(limit),
            }
        }
    }

    /// The shares in force on a day: those of the latest date up to it.
    pub fn shares_on(&self, day: Day) -> &[Share] {
        let end = self.shares.partition_point(|share| share.from <= day);
        let Some(last) = self.shares[..end].last() else {
            return &[];
        };
        let start = self.shares.partition_point(|share| share.from < last.from);
        &self.shares[start..end]
    }
}

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
type Lazy = OnceLock<Box<Block>>;

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
pub struct Allocation {
    /// Their keys.
    pub names: Names<AllocationIx>,
    /// Their rows.
    pub rows: Table<AllocationIx, AllocationRule>,
    /// Where they hold.
    pub assignments: Assignments<AllocationIx>,
    /// Rules with quantities, as they are for items that are not kept in their own unit.
    restated: Arc<BTreeMap<(AllocationIx, ItemIx), (AllocationRule, Lazy)>>,
    accounts: Arc<Accounts>,
    /// Accounts whose supplies, demands or shifts were changed since.
    changed: Trie<Arc<Lazy>>,
    /// What was shifted by hand, by account.
    shifts: Trie<Arc<[Shift]>>,
}

impl Allocation {
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
        self.accounts = Arc::new(accounts);
        let changed: Vec<u64> = self.changed.iter_from(0).map(|(account, _)| account).collect();
        for account in changed {
            self.forget(AccountIx(account));
        }
    }

    /// Says what rules are for items that are not kept in their own unit.
    pub(super) fn restate(&mut self, items: &Items) {
        let mut restated = BTreeMap::new();
        for (item, kept) in items.kept_apart() {
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
            self.changed.insert(account.0, Arc::new(OnceLock::new()));
        }
    }

    /// What was shifted by hand between the nodes of an account, in the order in which it was.
    pub fn shifts_of(&self, account: AccountIx) -> &[Shift] {
        self.shifts.get(account.0).map_or(&[], |shifts| shifts)
    }

    /// Shifts a quantity between two nodes of an account.
    pub(super) fn shift(&mut self, account: AccountIx, shift: Shift) {
        let all = self.shifts_of(account).iter().copied().chain([shift]).collect();
        self.shifts.insert(account.0, all);
        self.forget(account);
    }

    fn ruled(&self, account: AccountIx) -> Option<&(AllocationIx, Lazy)> {
        let at = *self.accounts.of_account.get(usize::try_from(account.0).ok()?)?;
        Some(&self.accounts.ruled[usize::try_from(at).expect("a u32").checked_sub(1)?])
    }

    /// The rule of a dense stock account.
    pub(super) fn rule_of_dense(&self, account: AccountIx) -> Option<AllocationIx> {
        self.ruled(account).map(|(rule, _)| *rule)
    }

    /// The place of what a rule makes of an account, and whether anything is known of the account.
    pub(super) fn place(
        &self,
        account: AccountIx,
        (rule, item): (AllocationIx, ItemIx),
    ) -> (&Lazy, Known) {
        if !self.changed.is_empty()
            && let Some(changed) = self.changed.get(account.0)
        {
            return (changed, Known::Account(account));
        }
        match self.ruled(account) {
            Some((_, lazy)) => (lazy, Known::Account(account)),
            None => match self.restated(rule, item) {
                Some((_, lazy)) => (lazy, Known::Nothing),
                None => (&self.accounts.bare[rule.to_usize()], Known::Nothing),
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
pub(super) enum Known {
    /// An account of the tables, or of a change.
    Account(AccountIx),
    /// Only the rule.
    Nothing,
}
