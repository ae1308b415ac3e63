//! Which option is the answer (semantics 5): options, and the order among them.

use super::book::Draft;
use super::leg::Leg;
use super::rules::Objective;
use super::text::Day;

/// A way to serve a line (or, for a ship set, all its lines), and the state after it.
#[derive(Clone)]
pub struct Choice {
    pub legs: Vec<Leg>,
    pub draft: Draft,
    /// Of the ordered item, what was asked for.
    pub asked: i64,
}

impl Choice {
    pub fn single(leg: Leg, draft: Draft) -> Choice {
        Choice { asked: leg.covers, legs: vec![leg], draft }
    }

    pub fn promised(&self) -> i64 {
        self.legs.iter().map(|leg| leg.covers).sum()
    }

    pub fn in_full(&self) -> bool {
        self.promised() == self.asked
    }

    /// In full, and all of it on time.
    pub fn on_time(&self) -> bool {
        self.in_full() && self.legs.iter().all(|leg| leg.days_late == 0)
    }

    fn rank(&self) -> i64 {
        self.legs.iter().map(|leg| leg.candidate.rank).max().unwrap_or(0)
    }

    fn cost(&self) -> i64 {
        self.legs.iter().map(|leg| leg.cost).sum()
    }

    fn profit(&self) -> i64 {
        self.legs.iter().map(|leg| leg.profit).sum()
    }

    fn arrival(&self) -> Day {
        self.legs.iter().map(|leg| leg.arrival).max().unwrap_or(0)
    }

    fn days_late(&self) -> i64 {
        self.legs.iter().map(|leg| leg.days_late).max().unwrap_or(0)
    }

    /// 0 where all legs are of the item itself.
    fn turn(&self) -> i64 {
        self.legs.iter().map(|leg| leg.candidate.turn as i64).max().unwrap_or(0)
    }

    /// More of a line is better, then sooner, then more of it on time, then the item itself.
    fn worth(&self) -> (i64, i64, i64, i64) {
        let late = self.legs.iter().filter(|leg| leg.days_late > 0).map(|leg| leg.covers).sum();
        (self.asked - self.promised(), self.days_late(), late, self.turn())
    }

    /// Whether a split comes before all that is whole and not on time: it is no later, and some of it
    /// is sooner.
    pub fn leads(&self, wholes: &[Choice]) -> bool {
        let Some(least) = wholes.iter().map(Choice::days_late).min() else { return true };
        let sooner = self.legs.iter().any(|leg| leg.days_late < least);
        self.in_full() && self.days_late() <= least && sooner
    }
}

/// The order among options; the smallest is the default option. On time before late before partial
/// (the larger part first), then by the objective; the last ties are the names.
fn order(choice: &Choice, objective: Objective) -> (Vec<i64>, String, String) {
    let (rank, cost, arrival) = (choice.rank(), choice.cost(), i64::from(choice.arrival()));
    let class = if choice.on_time() {
        [0, 0]
    } else if choice.in_full() {
        [1, 0]
    } else {
        [2, -choice.promised()]
    };
    let (turn, late, loss) = (choice.turn(), choice.days_late(), -choice.profit());
    let measure = match (choice.on_time(), objective) {
        (true, Objective::SourcingRank) => vec![turn, rank, cost, arrival],
        (true, Objective::Earliest) => vec![turn, arrival, rank, cost],
        (true, Objective::LowestCost) => vec![turn, cost, rank, arrival],
        (true, Objective::HighestProfit) => vec![turn, loss, rank, cost, arrival],
        // "None on time: the fewest days late by the date of the request's own type, then the item itself
        // before its substitutes, then rank, cost, earliest arrival, name"
        (false, Objective::SourcingRank | Objective::Earliest) => {
            vec![late, turn, rank, cost, arrival]
        }
        // "... go by their measure, then by fewest days late, then as above"
        (false, Objective::LowestCost) => vec![cost, late, turn, rank, cost, arrival],
        (false, Objective::HighestProfit) => vec![loss, late, turn, rank, cost, arrival],
    };
    let (location, method) = match choice.legs.first() {
        Some(leg) => (leg.candidate.location.clone(), leg.candidate.ship_method()),
        None => (String::new(), String::new()),
    };
    (class.into_iter().chain(measure).collect(), location, method)
}

/// The best of the options; the first of equals.
pub fn best(choices: Vec<Choice>, objective: Objective) -> Option<Choice> {
    choices.into_iter().min_by_key(|choice| order(choice, objective))
}

/// The position of the best of the options.
pub fn best_index(choices: Vec<Choice>, objective: Objective) -> Option<usize> {
    (0..choices.len()).min_by_key(|&index| order(&choices[index], objective))
}

/// The better of some splits; the first of equals.
pub fn best_split(splits: Vec<Choice>) -> Option<Choice> {
    splits.into_iter().min_by_key(Choice::worth)
}
