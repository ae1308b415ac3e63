//! Policy: demand classes, ATP rules and where they hold.

pub use super::tree::Class;

use super::{
    Names,
    atp_rule::AtpRule,
    index::{CategoryIx, ClassIx, ItemIx, LocationIx, RuleIx},
    tree::{Tree, up},
};
use crate::model::{Index, Table};
use std::{collections::BTreeMap, sync::Arc};

/// All demand classes: a tree.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    /// Their keys.
    pub names: Names<ClassIx>,
    /// Their rows.
    pub rows: Table<ClassIx, Class>,
    /// Their order.
    pub tree: Tree,
}

impl Classes {
    /// A class, its parent, and so on to the root.
    pub fn up(&self, class: ClassIx) -> impl Iterator<Item = ClassIx> {
        up(&self.rows, class)
    }
}

/// What a rule is assigned to: one item, a category, or all items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// One item.
    Item(ItemIx),
    /// The items of a category.
    Category(CategoryIx),
    /// All items.
    All,
}

impl What {
    /// An item, its category, all items: from the most to the least specific.
    pub fn of(item: ItemIx, category: Option<CategoryIx>) -> impl Iterator<Item = What> {
        [Some(What::Item(item)), category.map(What::Category), Some(What::All)]
            .into_iter()
            .flatten()
    }
}

/// Rules assigned to items and locations; the most specific assignment wins: item and location, item,
/// category and location, category, location, everything (semantics 2).
#[derive(Clone, Debug)]
pub struct Assignments<R> {
    rules: Arc<BTreeMap<(What, Option<LocationIx>), R>>,
}

impl<R> Default for Assignments<R> {
    fn default() -> Self {
        Self { rules: Arc::default() }
    }
}

impl<R: Copy> Assignments<R> {
    /// Assigns a rule; false if there is one at this very level already.
    pub fn assign(&mut self, what: What, location: Option<LocationIx>, rule: R) -> bool {
        Arc::make_mut(&mut self.rules).insert((what, location), rule).is_none()
    }

    /// Assigns a rule, or none, in the place of what is assigned at this very level.
    pub fn reassign(&mut self, what: What, location: Option<LocationIx>, rule: Option<R>) {
        let rules = Arc::make_mut(&mut self.rules);
        match rule {
            Some(rule) => drop(rules.insert((what, location), rule)),
            None => drop(rules.remove(&(what, location))),
        }
    }

    /// The rule assigned at this very level.
    pub fn at(&self, what: What, location: Option<LocationIx>) -> Option<R> {
        self.rules.get(&(what, location)).copied()
    }

    /// Whether nothing is assigned.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rule of an item at a location.
    pub fn of_pair(
        &self,
        item: ItemIx,
        category: Option<CategoryIx>,
        location: LocationIx,
    ) -> Option<R> {
        self.find(item, category, &[Some(location), None])
    }

    /// The rule of an item wherever it is.
    pub fn of_item(&self, item: ItemIx, category: Option<CategoryIx>) -> Option<R> {
        self.find(item, category, &[None])
    }

    fn find(
        &self,
        item: ItemIx,
        category: Option<CategoryIx>,
        places: &[Option<LocationIx>],
    ) -> Option<R> {
        if self.rules.is_empty() {
            return None;
        }
        let levels =
            What::of(item, category).flat_map(|what| places.iter().map(move |at| (what, *at)));
        levels.into_iter().find_map(|level| self.rules.get(&level).copied())
    }
}

/// All ATP rules. The first one is the default of an item that has none.
#[derive(Clone, Debug)]
pub struct AtpRules {
    /// Their keys; the default's is empty.
    pub names: Names<RuleIx>,
    rows: Table<RuleIx, AtpRule>,
    /// Where they hold.
    pub assignments: Assignments<RuleIx>,
}

impl Default for AtpRules {
    fn default() -> Self {
        let mut names = Names::default();
        names.intern("");
        Self {
            names,
            rows: Table::new(vec![AtpRule::default()]),
            assignments: Assignments::default(),
        }
    }
}

impl AtpRules {
    /// The number of rules, the default one included.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no rule: never, the default one is always there.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds the rule whose name was defined last.
    pub fn push(&mut self, rule: AtpRule) {
        self.rows.push(rule);
        assert_eq!(self.rows.len(), self.names.len());
    }

    /// Whether any rule has an ATP fence.
    pub fn has_atp_fences(&self) -> bool {
        self.rows.iter().any(|(_, rule)| rule.atp_fence_days.is_some())
    }

    /// Puts a rule in the place of another one.
    pub fn replace(&mut self, index: RuleIx, rule: AtpRule) {
        self.rows.replace(index, rule);
    }

    /// The rule of an item at a location.
    pub fn of_pair(
        &self,
        item: ItemIx,
        category: Option<CategoryIx>,
        location: LocationIx,
    ) -> RuleIx {
        self.assignments.of_pair(item, category, location).unwrap_or(RuleIx::from_usize(0))
    }

    /// The rule that says how lines of an item are promised, wherever from (semantics 11).
    pub fn of_item(&self, item: ItemIx, category: Option<CategoryIx>) -> RuleIx {
        self.assignments.of_item(item, category).unwrap_or(RuleIx::from_usize(0))
    }
}

impl std::ops::Index<RuleIx> for AtpRules {
    type Output = AtpRule;
    fn index(&self, rule: RuleIx) -> &AtpRule {
        &self.rows[rule]
    }
}
