//! The reservation book: refusals, the edges of a reservation's life, and the laws of the whole.

use super::{ledger_book::Book, ledger_model::Model};
use promised::{
    ledger::{Ledger, Past, Stamp, World, audit, digest, reservation::Step},
    limits,
    model::{Day, Quantity},
};
use proptest::prelude::*;
use std::sync::Arc;

/// Each line is a command and, after the arrow, what comes of it.
#[track_caller]
fn check(script: &str) {
    check_on(Book::new(), script);
}

#[track_caller]
fn check_on(mut book: Book, script: &str) {
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (command, want) = line.split_once("=>").expect("command => answer");
        assert_eq!(book.run(command.trim()), want.trim(), "{command}");
    }
    let mut replayed = Ledger::new(World::new(Arc::clone(&book.ledger.world().snapshot)));
    book.entries.iter().for_each(|entry| replayed.apply(entry));
    assert_eq!(digest::of(replayed.world()), digest::of(book.ledger.world()), "L6");
    assert_eq!(replayed.next_due(), book.ledger.next_due());
}

#[test]
fn a_new_order_must_not_eat_what_a_firm_order_needs_later() {
    check(
        "PUMP@BER                    => 6 6 6 6 6 6 6
         promise take PUMP@BER 1 6   => P1
         PUMP@BER                    => 0 0 0 0 0 0 0
         promise take PUMP@BER 1 1   => exceeds_available: 1 of 0 on day 3
         promise take PUMP@BER 6 0.000001 => exceeds_available: 0.000001 of 0 on day 6",
    );
}

#[test]
fn every_refusal_has_its_place_in_the_order() {
    check(
        "confirm P1                       => does_not_exist
         cancel P1                        => does_not_exist
         promise take PUMP@BER 7 1        => outside_horizon
         promise take PUMP@BER -1 1       => outside_horizon
         promise PUMP@BER 7 -1, PUMP@BER 0 -99 => outside_horizon
         promise take PUMP@BER 0 7        => exceeds_available: 7 of 6 on day 3
         hold 50 take PUMP@BER 0 6        => P1
         fulfil P1                        => state_forbids
         confirm P1 0                     => quantity_out_of_range
         confirm P1 -1                    => quantity_out_of_range
         confirm P1 6.000001              => quantity_out_of_range
         cancel P1 7                      => quantity_out_of_range
         amend P1 take PUMP@BER 9 1       => outside_horizon
         amend P1 take PUMP@BER 0 7       => exceeds_available: 7 of 6 on day 3",
    );
}

#[test]
fn a_reservation_moves_only_along_its_edges() {
    check(
        "hold 50 take PUMP@BER 0 1   => P1
         confirm P1                  => P1
         confirm P1                  => state_forbids
         expire 99                   => nothing
         fulfil P1                   => P1
         P1                          => fulfilled 1, 1 postings
         cancel P1                   => state_forbids
         fulfil P1                   => state_forbids
         amend P1 take PUMP@BER 0 1  => state_forbids
         promise take PUMP@BER 0 1   => P2
         cancel P2                   => P2
         P2                          => cancelled 0, 0 postings
         cancel P2                   => state_forbids
         confirm P2                  => state_forbids
         PUMP@BER                    => 5 5 5 5 5 5 5",
    );
}

#[test]
fn holds_expire_in_order_of_their_instant() {
    check(
        "hold 50 take PUMP@BER 0 1   => P1
         hold 40 take PUMP@BER 0 2   => P2
         hold 60 take PUMP@BER 0 3   => P3
         PUMP@BER                    => 0 0 0 0 0 0 0
         expire 39                   => nothing
         expire 50                   => P2
         expire 50                   => P1
         expire 50                   => nothing
         P1                          => expired 0, 0 postings
         confirm P1                  => state_forbids
         PUMP@BER                    => 3 3 3 3 3 3 3",
    );
}

#[test]
fn a_part_is_confirmed_and_the_rest_stays_held() {
    check(
        "hold 50 take PUMP@BER 0 4, take PUMP@BER 2 2  => P1
         confirm P1 3                => P1 P2
         P1                          => confirmed 3, 1 postings
         P2                          => held 3, 2 postings
         PUMP@BER                    => 0 0 0 0 0 0 0
         expire 50                   => P2
         PUMP@BER                    => 3 3 3 3 3 3 3",
    );
}

#[test]
fn a_part_is_given_back_latest_leg_first() {
    check(
        "promise take PUMP@BER 0 2, house BER 0 -1, take PUMP@BER 4 4, house BER 4 -1 => P1
         house BER                   => 1 1 2 1 1 2 2
         cancel P1 3                 => P1
         P1                          => confirmed 3, 4 postings
         house BER                   => 1 1 2 1 1 2 2
         cancel P1 2                 => P1
         P1                          => confirmed 1, 2 postings
         house BER                   => 1 1 2 1 2 2 2
         PUMP@BER                    => 5 5 5 5 5 5 5
         cancel P1                   => P1
         house BER                   => 2 1 2 1 2 2 2
         PUMP@BER                    => 6 6 6 6 6 6 6",
    );
}

#[test]
fn a_lot_is_made_and_taken_on_one_day() {
    check(
        "promise take MOTOR@BER 0 4                          => P1
         promise take MOTOR@BER 2 3, MOTOR@BER 2 +5, PAINT 2 -8 => P2
         MOTOR@BER                   => 0 0 2 2 2 2 2
         PAINT                       => 8 8 0 8 8 8 8
         promise take MOTOR@BER 1 1  => exceeds_available: 1 of 0 on day 1
         promise take MOTOR@BER 3 1, PAINT 2 -1 => exceeds_available: 1 of 0 on day 2",
    );
}

#[test]
fn what_others_live_on_is_not_taken_from_under_them() {
    check(
        "promise take MOTOR@BER 2 1, MOTOR@BER 2 +5, PAINT 2 -8 => P1
         promise take MOTOR@BER 2 8  => P2
         cancel P1                   => P1
         P1                          => cancelled 0, 2 postings
         PAINT                       => 8 8 0 8 8 8 8
         MOTOR@BER                   => 1 1 1 1 1 1 1
         cancel P2                   => P2
         MOTOR@BER                   => 4 4 4 4 4 4 4
         PAINT                       => 8 8 8 8 8 8 8
         P1                          => cancelled 0, 0 postings",
    );
}

#[test]
fn an_amendment_that_does_not_fit_leaves_the_old_promise() {
    check(
        "promise take PUMP@BER 0 4   => P1
         promise take PUMP@BER 0 1   => P2
         amend P1 take PUMP@BER 0 6  => exceeds_available: 6 of 5 on day 3
         P1                          => confirmed 4, 1 postings
         amend P1 take PUMP@BER 5 5  => P1
         P1                          => confirmed 5, 1 postings
         PUMP@BER                    => 0 0 0 0 0 0 0
         amend P1 take MOTOR@BER 0 4 => P1
         PUMP@BER                    => 5 5 5 5 5 5 5
         MOTOR@BER                   => 0 0 0 0 0 0 0",
    );
}

#[test]
fn lines_of_a_request_are_admitted_together() {
    check(
        "promise take PUMP@BER 0 5; take PUMP@BER 0 2  => exceeds_available: 7 of 6 on day 3
         promise take PUMP@BER 0 4; take PUMP@BER 0 2  => P1 P2
         PUMP@BER                    => 0 0 0 0 0 0 0",
    );
}

#[test]
fn what_is_below_zero_already_may_stay_there() {
    check(
        "force take PUMP@BER 0 8     => P1
         PUMP@BER                    => 0 0 0 0 0 0 0
         promise take PUMP@BER 0 1   => exceeds_available: 1 of -2 on day 3
         promise take PUMP@BER 4 1, PUMP@BER 4 +1 => P2
         promise take PUMP@BER 4 1, PUMP@BER 5 +1 => exceeds_available: 1 of -2 on day 4
         promise take PUMP@BER 0 1, PUMP@BER 0 +3 => P3
         PUMP@BER                    => 0 0 0 0 0 0 0
         cancel P1                   => P1
         PUMP@BER                    => 8 8 8 8 8 8 8",
    );
}

#[test]
fn no_balance_leaves_its_range_not_even_by_force() {
    let mut book = Book::new();
    let most = limits::AMOUNT_MAX;
    let mut n_forced = 0;
    while book.run(&format!("force take PUMP@BER 0 {most}")) != "balance_out_of_range" {
        n_forced += 1;
    }
    assert!(n_forced <= 1_000 && 990 < n_forced, "{n_forced}");
}

#[test]
fn admission_looks_at_the_availability_of_the_rule() {
    check(
        "BACK@BER                    => 0 0 10 10 10 10 10
         promise take BACK@BER 2 10  => P1
         promise take BACK@BER 2 1   => exceeds_available: 1 of 0 on day 2
         cancel P1                   => P1
         promise take BACK@BER 0 1   => exceeds_available: 1 of 0 on day 1
         ALONE@BER                   => 5 0 10 0 0 0 0
         promise take ALONE@BER 0 5  => P2
         promise take ALONE@BER 2 10 => P3
         promise take ALONE@BER 3 1  => exceeds_available: 1 of 0 on day 3
         promise take ALONE@BER 3 1, ALONE@BER 3 +2 => P4
         ALONE@BER                   => 0 0 0 1 0 0 0",
    );
}

/// What is written off is the forecast's until an order takes it; two orders planned at once do not both get what is there once.
#[test]
fn what_is_forecast_backward_is_not_taken_twice() {
    let tables = [
        ("atp_rules", "rule,consumption\nback,backward"),
        ("items", "item,atp_rule\nPUMP,\nGRIT,back"),
        ("locations", "location\nBER"),
        ("on_hand", "item,location,quantity\nGRIT,BER,5"),
        ("demands", "demand,type,item,location,date,quantity\nF1,forecast,GRIT,BER,2026-11-27,20"),
    ];
    check_on(
        Book::of(&tables),
        "promise take GRIT@BER 6 5   => P1
         promise take GRIT@BER 6 1   => exceeds_available: 1 of 0 on day 6
         cancel P1                   => P1
         promise take GRIT@BER 5 3   => P2
         promise take GRIT@BER 6 3   => exceeds_available: 1 of 2 on day 6
         promise take GRIT@BER 6 2   => P3",
    );
}

#[test]
fn a_copy_of_the_world_is_an_instant() {
    let mut book = Book::new();
    let pinned = book.ledger.world().clone();
    let before = digest::of(&pinned);
    book.run("promise take PUMP@BER 1 6");
    assert_eq!(digest::of(&pinned), before);
    assert_ne!(digest::of(book.ledger.world()), before);
    let without = book.ledger.world().without(1);
    assert_eq!(without.profile(book.account("PUMP@BER")).available(Day(0)), Quantity::units(6));
}

#[test]
fn orders_find_their_reservations() {
    let mut book = Book::new();
    for _ in 0..3 {
        book.run("promise take PUMP@BER 1 1");
    }
    let of = |order| {
        book.ledger.world().reservations_of(order).map(|one| one.number).collect::<Vec<_>>()
    };
    assert_eq!(of("O1"), [1, 2, 3]);
    assert!(of("O2").is_empty());
}

#[test]
fn what_is_over_is_forgotten_with_its_place_in_its_order() {
    // One order of five promises: whichever go first, the others are found, and no balance moves.
    for gone in [[2, 4], [5, 1], [4, 5], [1, 3]] {
        let mut book = Book::new();
        for _ in 0..5 {
            book.run("promise take PUMP@BER 1 1");
        }
        for number in gone {
            book.run(&format!("cancel P{number}"));
        }
        assert_eq!(book.ledger.world().n_over(), 2);
        let (balance, before) = (book.run("PUMP@BER"), book.ledger.world().clone());
        for number in gone {
            let entry = book.ledger.forget(&[number]).commit(Stamp::default());
            assert_eq!(entry.fact.kind(), "forgotten");
        }
        let world = book.ledger.world();
        assert!(gone.iter().all(|number| world.reservation(*number).is_none()));
        let left: Vec<u64> = (1..6).filter(|number| !gone.contains(number)).collect();
        assert_eq!(world.reservations_of("O1").map(|one| one.number).collect::<Vec<_>>(), left);
        assert_eq!((world.n_over(), world.next_number(), world.histories().count()), (0, 6, 0));
        assert_eq!(world.changed_since(&before), [] as [u64; 0]);
        let mut sorted = gone;
        sorted.sort_unstable();
        assert_eq!(world.forgotten_since(&before), sorted);
        assert_eq!(audit::divergences(world), [], "L2");
        assert_eq!(book.run("PUMP@BER"), balance);
    }
}

#[test]
fn what_still_posts_is_not_over() {
    let mut book = Book::new();
    // Shipped: no snapshot knows of it yet. Cancelled: another one lives on the lot that was made for it.
    book.run("promise take PUMP@BER 0 2");
    book.run("fulfil P1");
    book.run("promise take MOTOR@BER 2 3, MOTOR@BER 2 +9");
    book.run("promise take MOTOR@BER 2 8");
    book.run("cancel P2");
    assert_eq!(book.run("P2"), "cancelled 0, 1 postings");
    assert_eq!(book.ledger.world().n_over(), 0);
    book.run("cancel P3");
    assert_eq!(book.ledger.world().n_over(), 2);
    assert_eq!(book.ledger.world().over(0, 9, |_| true).numbers, [2, 3]);
    assert_eq!(book.ledger.world().over(0, 2, |_| true).next, 3);
}

#[test]
fn a_divergence_names_the_account() {
    let mut book = Book::new();
    book.run("promise take PUMP@BER 1 6");
    // A world whose view lost a posting.
    let mut world = book.ledger.world().clone();
    world.view = Default::default();
    let found = audit::divergences(&world);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].account, book.account("PUMP@BER"));
    assert_eq!((found[0].reserved, found[0].viewed), (Quantity::units(-6), Quantity::ZERO));
}

/// L5: a step that a state does not allow is found.
#[test]
fn who_has_strayed_is_found() {
    let mut book = Book::new();
    for command in ["promise take PUMP@BER 0 1", "fulfil P1"] {
        book.run(command);
    }
    let mut world = book.ledger.world().clone();
    let found = Arc::clone(world.reservation(1).unwrap());
    let mut steps = world.history(&found);
    world.restore_history(1, steps.clone().into());
    assert_eq!(audit::strayed(&world), [] as [u64; 0]);
    steps.push(Past { step: Some(Step::Cancel), ..steps[steps.len() - 1].clone() });
    world.restore_history(1, steps.into());
    assert_eq!(audit::strayed(&world), [1]);
}

#[test]
fn an_override_is_found() {
    let mut book = Book::new();
    book.run("force take PUMP@BER 0 8");
    assert_eq!(audit::overdrawn(book.ledger.world()), [(book.account("PUMP@BER"), Day(3))]);
}

#[derive(Clone, Debug)]
enum Action {
    Promise { hold: Option<i64>, takes: Vec<(usize, i32, i64)>, extras: Vec<(usize, i32, i64)> },
    Amend { which: u64, takes: Vec<(usize, i32, i64)>, extras: Vec<(usize, i32, i64)> },
    Confirm(u64),
    Cancel(u64),
    Expire(i64),
}

const STOCKS: &[&str] =
    &["PUMP@BER", "MOTOR@BER", "BACK@BER", "ALONE@BER", "MOTOR@HAM", "PUMP@HAM"];
const ALL: &[&str] = &["PUMP@BER", "MOTOR@BER", "BACK@BER", "ALONE@BER", "PAINT", "house BER"];

fn actions() -> impl Strategy<Value = Action> {
    let takes = || proptest::collection::vec((0..STOCKS.len(), 0i32..7, 1i64..6), 1..3);
    let extras = || proptest::collection::vec((0..ALL.len(), 0i32..7, -4i64..6), 0..3);
    prop_oneof![
        4 => (proptest::option::of(1i64..30), takes(), extras())
            .prop_map(|(hold, takes, extras)| Action::Promise { hold, takes, extras }),
        2 => (1u64..12, takes(), extras())
            .prop_map(|(which, takes, extras)| Action::Amend { which, takes, extras }),
        1 => (1u64..12).prop_map(Action::Confirm),
        2 => (1u64..12).prop_map(Action::Cancel),
        1 => (1i64..30).prop_map(Action::Expire),
    ]
}

fn words(takes: &[(usize, i32, i64)], extras: &[(usize, i32, i64)]) -> String {
    let takes =
        takes.iter().map(|(at, day, quantity)| format!("take {} {day} {quantity}", STOCKS[*at]));
    let extras = extras.iter().filter(|(_, _, quantity)| *quantity != 0);
    // What is planned gives goods; of capacity it only takes.
    let extras = extras.map(|(at, day, quantity)| match ALL[*at].contains('@') {
        true => format!("{} {day} {quantity}", ALL[*at]),
        false => format!("{} {day} {}", ALL[*at], -quantity.abs()),
    });
    takes.chain(extras).collect::<Vec<_>>().join(", ")
}

proptest! {
    #[test]
    fn the_ledger_is_its_naive_twin(actions in proptest::collection::vec(actions(), 1..40)) {
        let mut book = Book::new();
        let mut model = Model::new(&book, STOCKS.iter().chain(ALL));
        for action in actions {
            let (command, want) = match action {
                Action::Promise { hold, takes, extras } => {
                    let words = words(&takes, &extras);
                    let want = model.promise(&book, book.draft(&words), hold);
                    let verb = hold.map_or("promise".to_string(), |until| format!("hold {until}"));
                    (format!("{verb} {words}"), want)
                }
                Action::Amend { which, takes, extras } => {
                    let words = words(&takes, &extras);
                    let want = model.amend(&book, which, book.draft(&words));
                    (format!("amend P{which} {words}"), want)
                }
                Action::Confirm(which) => (format!("confirm P{which}"), model.confirm(which)),
                Action::Cancel(which) => (format!("cancel P{which}"), model.cancel(&book, which)),
                Action::Expire(now) => (format!("expire {now}"), model.expire(&book, now)),
            };
            let said = book.run(&command);
            prop_assert_eq!(said.split(':').next().unwrap(), want, "{}", command);
            prop_assert_eq!(audit::overdrawn(book.ledger.world()), [], "L1");
            for name in STOCKS.iter().chain(ALL) {
                prop_assert_eq!(book.run(name), model.show(&book, name), "{} after {}", name, command);
            }
        }
        let mut replayed = Ledger::new(World::new(Arc::clone(&book.ledger.world().snapshot)));
        book.entries.iter().for_each(|entry| replayed.apply(entry));
        prop_assert_eq!(digest::of(replayed.world()), digest::of(book.ledger.world()), "L6");
        prop_assert!(book.entries.iter().zip(0..).all(|(entry, before)| entry.follows(before)), "L3");
        prop_assert_eq!(audit::strayed(book.ledger.world()), [] as [u64; 0], "L5");
    }
}
