use super::*;
use proptest::prelude::*;

fn stock(consumption: Consumption, net: &[i64]) -> Stock {
    let change = |(day, &net): (usize, &i64)| DayChange {
        day: Day::at(day),
        net: Quantity::units(net),
        committed: Quantity::units((-net).max(0)),
    };
    Stock::new(consumption, net.iter().enumerate().filter(|(_, net)| **net != 0).map(change))
}

fn show(stock: &Stock, n_days: usize) -> String {
    let available = |day| stock.as_ref().available(Day::at(day)).to_string();
    (0..n_days).map(available).collect::<Vec<_>>().join(" ")
}

/// The test reads as the table a planner would draw: net change a day, then what is available.
#[track_caller]
fn check(consumption: Consumption, net: &[i64], want: &str) {
    assert_eq!(show(&stock(consumption, net), net.len()), want);
}

#[test]
fn a_vendors_example() {
    // On hand 20, demand 3; supply 10; demand 15; supply 1; supply 3.
    check(Consumption::Both, &[17, 0, 10, -15, 1, 3, 0], "12 12 12 12 13 16 16");
}

#[test]
fn a_later_commitment_protects_earlier_supply() {
    check(Consumption::Both, &[8, 0, 5, -9], "4 4 4 4");
    check(Consumption::Both, &[-5, 0, 3, 4], "0 0 0 2");
}

#[test]
fn backward_writes_off_what_earlier_supply_cannot_cover() {
    check(Consumption::Backward, &[5, -8, 10, 0], "0 0 10 10");
    check(Consumption::Both, &[5, -8, 10, 0], "0 0 7 7");
}

#[test]
fn without_consumption_every_day_stands_alone() {
    check(Consumption::None, &[5, -8, 10, 0], "5 0 10 0");
    assert_eq!(
        stock(Consumption::None, &[5, 9, 2, 7]).as_ref().earliest(Day(2), Quantity::units(6)),
        Some(Day(3))
    );
}

fn change(day: i32, net: i64, committed: i64) -> DayChange {
    DayChange { day: Day(day), net: Quantity::units(net), committed: Quantity::units(committed) }
}

#[test]
fn forecast_is_never_borrowed_from() {
    let stock =
        Stock::new(Consumption::Both, [change(0, 10, 0), change(3, -4, 0), change(5, -5, 5)]);
    let day = Day(0);
    assert_eq!(stock.as_ref().available(day), Quantity::units(1));
    assert_eq!(stock.as_ref().available_before_commitments(day), Quantity::units(6));
}

#[test]
fn what_waits_for_a_later_commitment_is_lent_from_the_last_entry_before_it_is_replaced() {
    let stock = stock(Consumption::Both, &[3, 0, 0, 0, -3]);
    assert_eq!(stock.as_ref().lent_from(Day(2)), Quantity::units(3), "also between the entries");
}

/// What is short anyway keeps nothing from being lent: safety stock on a day on which commitments have taken all.
#[test]
fn what_is_below_zero_anyway_holds_nothing_back() {
    let stock =
        Stock::new(Consumption::Both, [change(2, 3, 0), change(5, -3, 3), change(9, -5, 0)]);
    assert_eq!(stock.as_ref().available_before_commitments(Day(2)), Quantity::units(3));
    assert_eq!(stock.as_ref().lent_from(Day(0)), Quantity::units(3));
}

fn nets() -> impl Strategy<Value = Vec<i64>> {
    proptest::collection::vec(-9i64..10, 1..12)
}

fn kinds() -> impl Strategy<Value = Consumption> {
    prop_oneof![Just(Consumption::Both), Just(Consumption::Backward), Just(Consumption::None)]
}

/// The definition of semantics 2, word by word.
fn by_definition(consumption: Consumption, net: &[i64], day: usize) -> i64 {
    let mut cum = Vec::new();
    let mut balance = 0;
    for &net in net {
        balance += net;
        if consumption == Consumption::Backward {
            balance = balance.max(0);
        }
        cum.push(balance);
    }
    let least = cum[day..].iter().min().copied().unwrap_or(0);
    if consumption == Consumption::None { net[day].max(0) } else { least.max(0) }
}

proptest! {
    #[test]
    fn availability_is_the_look_ahead_minimum(kind in kinds(), net in nets()) {
        let stock = stock(kind, &net);
        for day in 0..net.len() {
            let want = by_definition(kind, &net, day);
            prop_assert_eq!(stock.as_ref().available(Day::at(day)), Quantity::units(want));
        }
    }

    #[test]
    fn earliest_is_the_first_day_with_enough(kind in kinds(), net in nets(), from in 0i32..12, q in 1i64..20) {
        let stock = stock(kind, &net);
        let quantity = Quantity::units(q);
        let want = (from..12).map(Day).find(|&day| quantity <= stock.as_ref().available(day));
        prop_assert_eq!(stock.as_ref().earliest(Day(from), quantity), want);
    }

    #[test]
    fn no_more_is_lent_on_a_day_than_from_one_before_it_on(days in proptest::collection::vec((-9i64..10, 0i64..10), 1..12)) {
        let changes = (0..).zip(&days).map(|(day, &(net, committed))| change(day, net - committed, committed));
        let stock = Stock::new(Consumption::Both, changes);
        for from in 0..days.len() {
            let most = stock.as_ref().lent_from(Day::at(from));
            for day in from..days.len() + 1 {
                prop_assert!(stock.as_ref().available_before_commitments(Day::at(day)) <= most);
            }
        }
    }

    #[test]
    fn posting_equals_building_anew(kind in kinds(), mut net in nets(), day in 0usize..12, q in -9i64..10) {
        prop_assume!(day < net.len() && q != 0);
        let mut posted = stock(kind, &net);
        let before = posted.clone();
        posted.post(Day::at(day), Quantity::units(q));
        net[day] += q;
        prop_assert_eq!(show(&posted, net.len()), show(&stock(kind, &net), net.len()));
        posted.unpost(Day::at(day), Quantity::units(q));
        prop_assert_eq!(show(&posted, net.len()), show(&before, net.len()));
    }

    #[test]
    fn more_supply_never_hurts_one_account(net in nets(), day in 0usize..12, q in 1i64..10) {
        prop_assume!(day < net.len());
        let before = stock(Consumption::Both, &net);
        let mut after = before.clone();
        after.post(Day::at(day), Quantity::units(q));
        for day in 0..net.len() {
            let day = Day::at(day);
            prop_assert!(before.as_ref().available(day) <= after.as_ref().available(day));
        }
    }
}
