//! Key figures of many order lines: how many are on time, how late, what they earn.

use super::standing::LineStanding;
use crate::model::{Money, Quantity};

/// The figures that a planner judges a world by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kpi {
    /// Order lines.
    pub lines: u64,
    /// Of those, all of it promised on time.
    pub on_time: u64,
    /// Of those, something promised late, or not all of it promised.
    pub late_or_short: u64,
    /// Of those, the supply is gone that they count on.
    pub at_risk: u64,
    /// How much was asked for, units of all items added.
    pub asked: Quantity,
    /// How much is promised.
    pub promised: Quantity,
    /// Calendar days late of the lines promised, added.
    pub days_late: i64,
    /// Promises that are late.
    pub late: u64,
    /// 19 of 20 lines promised are at most so late.
    pub days_late_p95: i32,
    /// The latest line.
    pub days_late_max: i32,
    /// What is promised sells at.
    pub revenue: Money,
    /// The part of that which is on time.
    pub revenue_on_time: Money,
    /// What is promised costs.
    pub cost: Money,
    /// Revenue less cost.
    pub profit: Money,
    /// The part of the revenue that counts on supply that is gone.
    pub revenue_at_risk: Money,
}

impl Kpi {
    /// The figures of some lines.
    pub fn of<'a>(standings: impl Iterator<Item = &'a LineStanding>) -> Self {
        let mut kpi = Self::default();
        let mut lateness = Vec::new();
        let (mut asked, mut promised) = (Sum::default(), Sum::default());
        let mut money = [Sum::default(); 5];
        let mut lines = Vec::new();
        for standing in standings {
            lines.push(standing);
            asked.add(standing.asked.raw());
            promised.add(standing.promised.raw());
            let at_risk = if standing.at_risk { standing.revenue } else { Money::ZERO };
            let LineStanding { revenue, revenue_on_time, cost, profit, .. } = *standing;
            let terms = [revenue, revenue_on_time, cost, profit, at_risk];
            money.iter_mut().zip(terms).for_each(|(sum, term)| sum.add(term.raw()));
            lateness.extend(standing.days_late.map(|days| days.max(0)));
        }
        kpi.count(&mut lines);
        (kpi.asked, kpi.promised) =
            (Quantity::micros(asked.value()), Quantity::micros(promised.value()));
        [kpi.revenue, kpi.revenue_on_time, kpi.cost, kpi.profit, kpi.revenue_at_risk] =
            money.map(|sum| Money::micros(sum.value()));
        kpi.late_or_short = kpi.lines - kpi.on_time;
        lateness.sort_unstable();
        kpi.late = lateness.iter().filter(|days| 0 < **days).count() as u64;
        kpi.days_late = lateness.iter().map(|days| i64::from(*days)).sum();
        kpi.days_late_max = lateness.last().copied().unwrap_or(0);
        let p95 = (lateness.len() * 95).div_ceil(100).saturating_sub(1);
        kpi.days_late_p95 = lateness.get(p95).copied().unwrap_or(0);
        kpi
    }

    /// Counts lines: the promises of one line are one, on time if all of them are.
    fn count(&mut self, standings: &mut [&LineStanding]) {
        standings.sort_unstable_by(|one, other| one.key().cmp(&other.key()));
        for line in standings.chunk_by(|one, other| one.key() == other.key()) {
            self.lines += 1;
            self.on_time += u64::from(line.iter().all(|standing| standing.is_on_time()));
            self.at_risk += u64::from(line.iter().any(|standing| standing.at_risk));
        }
    }

    /// The share of lines on time, in millionths; of no lines it is all.
    pub fn on_time_share(&self) -> Quantity {
        share(self.on_time, self.lines)
    }

    /// The share of what was asked for that is promised, in millionths.
    pub fn fill_rate(&self) -> Quantity {
        if self.asked == Quantity::ZERO {
            return Quantity::ONE;
        }
        share(self.promised.min(self.asked).raw().unsigned_abs(), self.asked.raw().unsigned_abs())
    }

    /// Days late of a promise that is late, on average.
    pub fn days_late_mean(&self) -> Quantity {
        if self.late == 0 {
            return Quantity::ZERO;
        }
        nearest(i128::from(self.days_late), i128::from(self.late))
    }
}

/// A sum over any number of lines; beyond what a number holds it stays at the largest.
#[derive(Clone, Copy, Debug, Default)]
struct Sum(i128);

impl Sum {
    fn add(&mut self, term: i64) {
        self.0 += i128::from(term);
    }

    fn value(self) -> i64 {
        let bounded = self.0.clamp(i128::from(-i64::MAX), i128::from(i64::MAX));
        i64::try_from(bounded).expect("it was clamped")
    }
}

fn share(part: u64, whole: u64) -> Quantity {
    if whole == 0 {
        return Quantity::ONE;
    }
    nearest(i128::from(part), i128::from(whole))
}

/// A quotient in millionths, rounded half up.
fn nearest(part: i128, whole: i128) -> Quantity {
    let millionths = (2 * part * i128::from(Quantity::ONE.raw()) + whole).div_euclid(2 * whole);
    Quantity::micros(i64::try_from(millionths).unwrap_or(i64::MAX))
}
