//! Admission (semantics 3): "a promise is admitted only if no touched account's availability goes
//! below zero anywhere it was not already below zero."

use super::book::{Account, Draft, Place};
use super::model::Model;
use super::rules::Consumption;
use super::stock;

/// Whether what was posted since `before` is admitted. Accounts that expire are never overdrawn:
/// what is taken from them is what they have left.
pub fn admitted(model: &Model, before: &Draft, after: &Draft) -> bool {
    let new = after.postings.iter().skip(before.postings.len());
    new.clone().all(|posting| match &posting.account {
        Account::Stock(place) => fits(model, before, after, place),
        _ => true,
    })
}

fn fits(model: &Model, before: &Draft, after: &Draft, place: &Place) -> bool {
    let rule = &model.at(place).rule;
    let end = stock::look_ahead_end(model, rule) as usize;
    let levels = |draft: &Draft| levels(&stock::net(model, draft, place), rule.consumption);
    let (before, after) = (levels(before), levels(after));
    (0..end).all(|day| after[day] >= 0 || before[day] < 0)
}

/// "Where `consumption` is not `both`, admission looks at the availability by that rule" (section
/// 11): the running balance; before a shortage is written off; of the day alone.
fn levels(net: &[i64], consumption: Consumption) -> Vec<i64> {
    let balance = stock::balance(net, consumption);
    match consumption {
        Consumption::Both => balance,
        Consumption::Backward => {
            let yesterday = |day: usize| if day == 0 { 0 } else { balance[day - 1] };
            (0..net.len()).map(|day| yesterday(day) + net[day]).collect()
        }
        Consumption::None => net.to_vec(),
    }
}
