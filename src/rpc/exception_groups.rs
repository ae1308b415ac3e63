//! What exceptions have in common: how many they are, and what the promises that they concern are worth, each once.

use super::{
    encode,
    exception_remedy::{limits, name},
    exception_words::level_word,
    proto,
};
use crate::{
    insight::exceptions::{Exception, value},
    ledger::World,
    model::Money,
};
use proto::list_exceptions_response::Group;
use std::{cmp::Reverse, collections::BTreeMap};

/// By what exceptions are grouped.
pub(super) const GROUPS: &[&str] = &[
    "kind",
    "level",
    "item",
    "location",
    "supply",
    "resource",
    "supplier",
    "customer",
    "demand_class",
];

/// What some exceptions come to.
#[derive(Default)]
struct Sum {
    n: u64,
    /// What each promise adds, whatever is said of it: of one that is late in part and at risk as a whole, the whole.
    worth: BTreeMap<u64, Money>,
}

impl Sum {
    fn add(&mut self, world: &World, one: &Exception) {
        self.n += 1;
        for number in &one.promises {
            // Of one promise an exception says what is late or at risk.
            let all = || world.reservation(*number).map_or(Money::ZERO, |found| value(found));
            let worth = if one.promise.is_some() { one.value } else { all() };
            let known = self.worth.entry(*number).or_insert(worth);
            *known = worth.max(*known);
        }
    }

    fn value(&self) -> i128 {
        self.worth.values().map(|worth| i128::from(worth.raw())).sum()
    }

    fn told(&self, key: String) -> Group {
        let value = Money::micros(i64::try_from(self.value()).unwrap_or(i64::MAX));
        let (value, promises) = (encode::money(value), self.worth.len() as u64);
        Group { key, count: self.n, value, promises }
    }
}

/// What all of them come to.
pub(super) fn all(world: &World, found: &[&Exception]) -> Group {
    let mut sum = Sum::default();
    found.iter().for_each(|one| sum.add(world, one));
    sum.told(String::new())
}

/// The same by what they have in common, the most value first.
pub(super) fn by(world: &World, found: &[&Exception], by: &str) -> Vec<Group> {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for one in found {
        sums.entry(key(world, one, by)).or_default().add(world, one);
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_cached_key(|(key, sum)| (Reverse(sum.value()), key.clone()));
    sums.into_iter().map(|(key, sum)| sum.told(key)).collect()
}

fn key(world: &World, one: &Exception, by: &str) -> String {
    let limits = limits(world, &one.limiting);
    match by {
        "level" => level_word(one.level).to_string(),
        "item" if limits.item.is_empty() => name(&world.snapshot.items.names, one.item),
        "item" => limits.item,
        "location" => limits.location,
        "supply" => limits.supply,
        "resource" => limits.resource,
        "supplier" => limits.supplier,
        "customer" => {
            let customer = one.promise.as_ref().and_then(|promise| promise.facts.customer);
            name(&world.snapshot.customers.names, customer)
        }
        "demand_class" => limits.demand_class,
        _ => one.kind.word().to_string(),
    }
}
