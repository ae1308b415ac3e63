//! Whether a profile has come to have more: most changes only take, and then whoever found nothing finds nothing now.

use super::{Capacity, Day, ProfileRef, StockRef};

impl ProfileRef<'_> {
    /// Whether there is more on some day than a profile of the same account had.
    ///
    /// ```
    /// use promised::model::{Consumption, Day, ProfileRef, Quantity, Stock};
    /// let ten = Stock::new(Consumption::Both, []);
    /// let (mut more, mut less) = (ten.clone(), ten.clone());
    /// more.post(Day(3), Quantity::units(2));
    /// less.post(Day(3), -Quantity::units(2));
    /// let of = |stock| ProfileRef::Stock(Stock::as_ref(stock));
    /// assert!(of(&more).has_gained_over(of(&ten)));
    /// assert!(!of(&less).has_gained_over(of(&ten)));
    /// ```
    pub fn has_gained_over(self, before: ProfileRef<'_>) -> bool {
        match (self, before) {
            (Self::Stock(now), ProfileRef::Stock(before)) => stock_has(now, before),
            (Self::Capacity(now), ProfileRef::Capacity(before)) => capacity_has(now, before),
            (Self::Stock(_), ProfileRef::Capacity(_))
            | (Self::Capacity(_), ProfileRef::Stock(_)) => true,
        }
    }
}

/// Between its entries a profile stays as it is, so their days say it all.
fn stock_has(now: StockRef<'_>, before: StockRef<'_>) -> bool {
    let mut days = now.days().iter().chain(before.days()).map(|&day| Day(i32::from(day)));
    days.any(|day| {
        before.balance(day) < now.balance(day) || before.available(day) < now.available(day)
    })
}

fn capacity_has(now: &Capacity, before: &Capacity) -> bool {
    let mut days = now.days().chain(before.days());
    days.any(|day| before.balance(day) < now.balance(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Consumption, Quantity, Stock};
    use proptest::prelude::*;

    fn stock(changes: &[(i32, i64)]) -> Stock {
        let mut stock = Stock::new(Consumption::Both, []);
        changes.iter().for_each(|&(day, n)| stock.post(Day(day), Quantity::units(n)));
        stock
    }

    proptest! {
        /// It says what looking at each day says.
        #[test]
        fn it_is_what_each_day_says(
            before in prop::collection::vec((0..20, -9i64..9), 0..9),
            more in prop::collection::vec((0..20, -9i64..9), 0..3),
        ) {
            let now: Vec<_> = before.iter().chain(&more).copied().collect();
            let (before, now) = (stock(&before), stock(&now));
            let (before, now) = (before.as_ref(), now.as_ref());
            let has_more = |day: i32| {
                let day = Day(day);
                before.balance(day) < now.balance(day) || before.available(day) < now.available(day)
            };
            let gained = ProfileRef::Stock(now).has_gained_over(ProfileRef::Stock(before));
            prop_assert_eq!(gained, (0..25).any(has_more));
        }
    }

    #[test]
    fn hours_that_are_given_back_are_a_gain() {
        let hours = Capacity::new([8, 8].map(Quantity::units));
        let mut taken = hours.clone();
        taken.post(Day(1), -Quantity::units(3));
        let of = ProfileRef::Capacity;
        assert!(of(&hours).has_gained_over(of(&taken)));
        assert!(!of(&taken).has_gained_over(of(&hours)));
        assert!(!of(&hours).has_gained_over(of(&hours)));
    }
}
