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

/// Judged twice: as it is, and without what is forecast, which is not there yet.
fn fits(model: &Model, before: &Draft, after: &Draft, place: &Place) -> bool {
    let rule = &model.at(place).rule;
    let end = stock::look_ahead_end(model, rule) as usize;
    [stock::net, stock::net_without_forecast].into_iter().all(|net| {
        let [before, after] = [before, after].map(|draft| net(model, draft, place));
        not_worse(&before, &after, rule.consumption, end)
    })
}

/// "Where `consumption` is not `both`, admission looks at the availability by that rule" (section 11): the running balance;
/// what has been written off in all, since what is written off is nobody's any more ("if no balance becomes worse", 12.2);
/// the day alone.
fn not_worse(before: &[i64], after: &[i64], consumption: Consumption, end: usize) -> bool {
    if consumption == Consumption::Backward {
        let [before, after] = [before, after].map(written_off);
        return (0..end).all(|day| after[day] <= before[day]);
    }
    let levels = |net: &[i64]| match consumption {
        Consumption::None => net.to_vec(),
        Consumption::Both | Consumption::Backward => stock::balance(net, consumption),
    };
    let [before, after] = [before, after].map(levels);
    (0..end).all(|day| after[day] >= 0 || before[day] < 0)
}

/// What has been written off by the end of each day.
fn written_off(net: &[i64]) -> Vec<i64> {
    let balance = stock::balance(net, Consumption::Backward);
    let (mut sum, mut off) = (0, Vec::new());
    for (net, balance) in net.iter().zip(balance) {
        sum += net;
        off.push(balance - sum);
    }
    off
}
