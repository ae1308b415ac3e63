//! Makes the questions of a load test: which items, how many, for when.
//!
//! The same seed gives the same questions in the same order for each client.

use super::{
    super::random::Random,
    how::{AskedArgs, ShipFrom},
    keys::Keys,
    mix::{CallKind, Mix},
};
use crate::rpc::proto;
use std::sync::Arc;

/// Days from day 0 on over which requested dates are spread.
const DATE_DAYS: u64 = 60;

/// Units that a question asks for, at most.
const UNITS_MAX: u64 = 10;

/// Random numbers are drawn with so many steps.
const FINE: u64 = 1 << 53;

/// What all clients share: the keys, as text ready to be copied into messages, and what to ask.
#[derive(Clone, Debug)]
pub(super) struct Maker {
    keys: Arc<Keys>,
    dates: Arc<[String]>,
    what: AskedArgs,
    seed: u64,
}

impl Maker {
    /// Asks for these keys.
    pub(super) fn new(keys: Keys, what: &AskedArgs, seed: u64) -> Self {
        let date = |day: i64| keys.as_of.saturating_add(jiff::Span::new().days(day)).to_string();
        let dates = (0..DATE_DAYS.cast_signed()).map(date).collect();
        Self { keys: Arc::new(keys), dates, what: what.clone(), seed }
    }

    /// Which calls are made.
    pub(super) fn mix(&self) -> &Mix {
        &self.what.mix
    }

    /// The questions of one client; `run` keeps the ids of its commands apart from those of other runs.
    pub(super) fn client(&self, run: &str, client: u64) -> Questions {
        Questions {
            maker: self.clone(),
            random: Random::of(self.seed, "load", client),
            prefix: format!("load-{run}-{client}-"),
            n_orders: 0,
        }
    }
}

/// The questions of one client.
#[derive(Debug)]
pub(super) struct Questions {
    maker: Maker,
    random: Random,
    prefix: String,
    n_orders: u64,
}

impl Questions {
    /// The kind of the next call.
    pub(super) fn kind(&mut self) -> CallKind {
        let mix = &self.maker.what.mix;
        mix.at(self.random.below(mix.total()))
    }

    /// A QuickCheck.
    pub(super) fn quick(&mut self) -> proto::QuickCheckRequest {
        let query = |this: &mut Self| {
            let (item, location) = this.stock();
            let (quantity, date) = (this.quantity(), this.date());
            proto::Query { item, location, quantity, date, demand_class: String::new() }
        };
        let queries = (0..self.maker.what.batch).map(|_| query(self)).collect();
        proto::QuickCheckRequest { queries, ..Default::default() }
    }

    /// A CheckAvailability.
    pub(super) fn check(&mut self) -> proto::CheckAvailabilityRequest {
        proto::CheckAvailabilityRequest {
            lines: self.lines(),
            alternatives: self.maker.what.alternatives,
            ..Default::default()
        }
    }

    /// A Promise, confirmed at once.
    pub(super) fn promise(&mut self) -> proto::PromiseRequest {
        let lines = self.lines();
        proto::PromiseRequest {
            request_id: lines[0].order.clone(),
            lines,
            commitment: proto::promise_request::Commitment::Confirm.into(),
            ..Default::default()
        }
    }

    /// A Cancel of a whole promise.
    pub(super) fn cancel(&self, promise_id: String) -> proto::CancelRequest {
        let request_id = format!("cancel-{}{promise_id}", self.prefix);
        proto::CancelRequest { request_id, promise_id, ..proto::CancelRequest::default() }
    }

    /// The lines of one order.
    fn lines(&mut self) -> Vec<proto::OrderLine> {
        self.n_orders += 1;
        let order = format!("{}{}", self.prefix, self.n_orders);
        (1..=self.maker.what.batch).map(|line| self.line(&order, line)).collect()
    }

    fn line(&mut self, order: &str, line: u64) -> proto::OrderLine {
        use proto::order_line::DateType;
        let (item, location) = self.stock();
        let (customer, location, date_type) = match self.maker.what.ship_from {
            ShipFrom::Any => (self.customer(), String::new(), DateType::Arrival),
            ShipFrom::Named => (String::new(), location, DateType::Ship),
        };
        proto::OrderLine {
            order: order.to_string(),
            line: line.to_string(),
            item,
            quantity: self.quantity(),
            requested_date: self.date(),
            date_type: date_type.into(),
            customer,
            location,
            ..Default::default()
        }
    }

    fn stock(&mut self) -> (String, String) {
        let at = self.place(self.maker.keys.stocks.len());
        let (item, location) = &self.maker.keys.stocks[at];
        (item.to_string(), self.maker.keys.locations[*location as usize].clone())
    }

    fn customer(&mut self) -> String {
        match self.maker.keys.customers.len() {
            0 => String::new(),
            n => {
                let at = self.random.below(n as u64);
                self.maker.keys.customers[usize::try_from(at).expect("below a length")].clone()
            }
        }
    }

    fn quantity(&mut self) -> f64 {
        self.random.between(1, UNITS_MAX) as f64
    }

    fn date(&mut self) -> String {
        let day = self.random.below(DATE_DAYS);
        self.maker.dates[usize::try_from(day).expect("below a length")].clone()
    }

    /// A position below `n`: the first are the likelier the more skewed.
    fn place(&mut self, n: usize) -> usize {
        let drawn = self.random.below(FINE) as f64 / FINE as f64;
        skewed(drawn, n as f64, self.maker.what.skew).min(n - 1)
    }
}

/// Where a number in 0..1 falls among `n` positions, the k-th of which weighs `k ^ -skew`: the inverse of
/// the continuous distribution, close enough to Zipf's for load.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to n")]
fn skewed(drawn: f64, n: f64, skew: f64) -> usize {
    let place = if skew == 0.0 {
        return (drawn * n) as usize;
    } else if (skew - 1.0).abs() < 1e-9 {
        (n + 1.0).powf(drawn)
    } else {
        let power = 1.0 - skew;
        (((n + 1.0).powf(power) - 1.0) * drawn + 1.0).powf(1.0 / power)
    };
    (place - 1.0).max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skew_prefers_the_first_and_reaches_the_last() {
        let share_of_first_tenth = |skew: f64| {
            (0..1_000).filter(|at| skewed(f64::from(*at) / 1_000.0, 1_000.0, skew) < 100).count()
        };
        assert_eq!(share_of_first_tenth(0.0), 100);
        assert_eq!(share_of_first_tenth(1.0), 669);
        assert!(share_of_first_tenth(1.0) < share_of_first_tenth(1.5));
        for skew in [0.0, 0.5, 1.0, 1.5] {
            assert_eq!(skewed(0.0, 1_000.0, skew), 0);
            assert!(900 < skewed(0.999_999, 1_000.0, skew), "{skew}");
        }
    }
}
