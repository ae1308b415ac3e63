//! How an orders file fared, in two lines for people.

use super::{output::count, remote};
use crate::{
    promising::{
        Spent,
        answer::{LineStatus, Promise},
    },
    rpc::proto,
};
use std::time::Duration;

/// Lines by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct StatusTally {
    on_time: u64,
    late: u64,
    partial: u64,
    unavailable: u64,
    refused: u64,
    already: u64,
}

impl StatusTally {
    /// Counts the lines of an answer.
    pub(super) fn count(&mut self, promise: &Promise) {
        promise.lines.iter().for_each(|line| self.count_one(line.status));
    }

    /// Counts a line.
    pub(super) fn count_one(&mut self, status: LineStatus) {
        *match status {
            LineStatus::OnTime => &mut self.on_time,
            LineStatus::Late => &mut self.late,
            LineStatus::Partial => &mut self.partial,
            LineStatus::Unavailable => &mut self.unavailable,
            LineStatus::Refused => &mut self.refused,
            LineStatus::AlreadyPromised => &mut self.already,
        } += 1;
    }

    /// Counts the lines of a server's answer; gives how many of them it refused to read.
    pub(super) fn count_answer(&mut self, answer: &proto::PromiseResponse) -> u64 {
        let mut n_refused = 0;
        for line in &answer.promises {
            match &line.result {
                Some(result) => self.count_one(remote::status(result)),
                None => {
                    self.count_one(LineStatus::Refused);
                    n_refused += 1;
                }
            }
        }
        n_refused
    }

    fn total(&self) -> u64 {
        self.on_time + self.late + self.partial + self.unavailable + self.refused + self.already
    }

    /// How many lines there are, and which share of them fared how.
    pub(super) fn shares(&self, n_orders: u64) -> String {
        let total = self.total();
        let words = ["on time", "late", "partial", "unavailable", "refused"];
        let counts = [self.on_time, self.late, self.partial, self.unavailable, self.refused];
        let share = |(word, n): (&str, u64)| {
            let permille = (1_000 * n + total / 2) / total.max(1);
            format!("{n} {word} ({}.{} %)", permille / 10, permille % 10)
        };
        let already = (0 < self.already).then_some(("promised before", self.already));
        let all = words.into_iter().zip(counts).chain(already);
        let shares: Vec<_> = all.map(share).collect();
        let (lines, orders) = (count(total, "line"), count(n_orders, "order"));
        format!("{lines} in {orders}: {}", shares.join(", "))
    }

    /// How long loading and promising took, and how many lines a second that is.
    pub(super) fn speed(&self, loading: Duration, promising: Duration) -> String {
        let micros = promising.as_micros().max(1);
        let rate = u128::from(self.total()) * 1_000_000 / micros;
        let (load, promise) = (loading.as_secs_f64(), promising.as_secs_f64());
        format!("loaded in {load:.3} s, promised in {promise:.3} s: {rate} lines a second")
    }

    /// What planning counted for a line.
    pub(super) fn spent(&self, spent: Spent) -> String {
        let a_line = |n: u64| {
            let tenths = (10 * n + self.total() / 2) / self.total().max(1);
            format!("{}.{}", tenths / 10, tenths % 10)
        };
        let Spent { days, fills, bounds, changes } = spent;
        format!(
            "a line took {} days tried, {} needs filled, {} bounds, {} changes of profiles",
            a_line(days),
            a_line(fills),
            a_line(bounds),
            a_line(changes)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_lines() {
        let tally = StatusTally { on_time: 2, late: 1, ..StatusTally::default() };
        let text = "3 lines in 2 orders: 2 on time (66.7 %), 1 late (33.3 %), 0 partial (0.0 %), \
                    0 unavailable (0.0 %), 0 refused (0.0 %)";
        assert_eq!(tally.shares(2), text);
        assert!(
            StatusTally::default().shares(0).starts_with("0 lines in 0 orders: 0 on time (0.0 %)")
        );
    }
}
