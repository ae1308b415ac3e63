//! Postings: everything a promise writes (semantics 3), and the draft they are kept in.

use super::text::Day;
use std::rc::Rc;

/// An item at a location.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    pub item: String,
    pub location: String,
}

impl Place {
    pub fn new(item: &str, location: &str) -> Place {
        Place { item: item.to_string(), location: location.to_string() }
    }
}

/// Anything that can be promised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Account {
    Stock(Place),
    /// Hours of a resource.
    Resource(String),
    /// Units a day of an item from a supplier.
    Supplier(String, String),
    /// Orders a day of a location.
    OrderLines(String),
}

/// "`(account, day, quantity)`, negative to consume, positive to produce."
#[derive(Clone, Debug)]
pub struct Posting {
    pub account: Account,
    pub day: Day,
    pub quantity: i64,
    /// The demand class whose share it touches (section 7); empty for the root's.
    pub node: String,
    /// The planned supply that it belongs to; 0 where the promise takes it itself.
    pub planned: u32,
}

/// A work order, a purchase or a transfer.
#[derive(Clone, Debug)]
pub struct Plan {
    pub number: u32,
    /// The one that it was planned for; 0: the promise itself.
    pub parent: u32,
}

/// A leg that was promised, for `protect` and `cap` (section 7).
#[derive(Clone, Debug)]
pub struct PromisedLeg {
    pub place: Place,
    pub class: String,
    pub ship: Day,
    pub quantity: i64,
}

/// All postings so far: "an overlay that is thrown away unless the option is chosen" is a clone.
#[derive(Clone, Default, Debug)]
pub struct Draft {
    pub postings: Vec<Rc<Posting>>,
    pub legs: Vec<Rc<PromisedLeg>>,
    pub plans: Vec<Plan>,
    /// What ships, for forecasts.
    pub shipped: Vec<Rc<super::forecast::Shipped>>,
    /// What all supply, make, buy and transfer terms have cost so far.
    pub spent: i64,
}

impl Draft {
    pub fn post(&mut self, account: Account, day: Day, quantity: i64, node: &str) {
        if quantity != 0 {
            let node = node.to_string();
            self.postings.push(Rc::new(Posting { account, day, quantity, node, planned: 0 }));
        }
    }

    /// Where it stands: what is posted from here on may be one planned supply.
    pub fn mark(&self) -> (usize, usize) {
        (self.postings.len(), self.plans.len())
    }

    /// Makes what was posted since a mark one planned supply; those planned since then were planned for it.
    pub fn plan(&mut self, (n_postings, n_plans): (usize, usize)) {
        let number = self.plans.iter().map(|plan| plan.number).max().unwrap_or(0) + 1;
        for plan in self.plans[n_plans..].iter_mut().filter(|plan| plan.parent == 0) {
            plan.parent = number;
        }
        for posting in self.postings[n_postings..].iter_mut().filter(|one| one.planned == 0) {
            Rc::make_mut(posting).planned = number;
        }
        self.plans.push(Plan { number, parent: 0 });
    }

    pub fn post_stock(&mut self, place: &Place, day: Day, quantity: i64) {
        self.post(Account::Stock(place.clone()), day, quantity, "");
    }

    /// The postings on an account.
    pub fn on(&self, account: &Account) -> Vec<Rc<Posting>> {
        self.postings.iter().filter(|posting| posting.account == *account).cloned().collect()
    }

    /// What an account that expires daily has lost on a day.
    pub fn claimed(&self, account: &Account, day: Day) -> i64 {
        let postings = self.on(account).into_iter().filter(|posting| posting.day == day);
        -postings.map(|posting| posting.quantity).sum::<i64>()
    }
}
