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
    let measure = match objective {
        Objective::SourcingRank if choice.on_time() => vec![rank, cost, arrival],
        Objective::SourcingRank => vec![arrival, rank, cost],
        Objective::Earliest => vec![arrival, rank, cost],
        Objective::LowestCost => vec![cost, rank, arrival],
        Objective::HighestProfit => vec![-choice.profit(), rank, cost, arrival],
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

/// "None on time: the earliest of all" (section 11 "Substitutes"): of the groups of options, one
/// for each item, the one whose best is most complete, then earliest; in it the objective decides.
pub fn best_of_groups(groups: Vec<Vec<Choice>>, objective: Objective) -> Option<Choice> {
    let groups = groups.into_iter().filter(|group| !group.is_empty());
    let earliest = |group: &Vec<Choice>| {
        let order = |choice: &Choice| (choice.asked - choice.promised(), choice.arrival());
        group.iter().map(order).min()
    };
    best(groups.min_by_key(earliest)?, objective)
}
