//! Issue 16, items 4, 7, 9 and 10, on the engine: one line is one promise, first answers, parts and money, and
//! steps that many promises take together. TABLES has 10 PUMP at BER, of which 4 are free until 5 more come on
//! the 26th and 9 go, and 4 MOTOR.

use super::engine_support::{
    Hands, Shared, amend, cancel, command, confirm, fresh, line, say, say_change, start,
};
use promised::{
    engine::{
        AmendCommand, Answer, ChangeOutcome, Commitment, Completeness, Engine, Error,
        FulfilCommand, ManyCommand, ManyStep, PromiseCommand, PromiseOutcome, Selection, Which,
        scenarios::ScenarioBase,
    },
    ledger::{State, audit},
    model::Quantity,
    promising::{
        answer::LineStatus,
        request::{DateType, OrderLine, Repeat},
    },
};

/// Lines that say for themselves what a promise before means to them.
fn lines(id: &str, lines: &[(&str, &str, i64, Option<Repeat>)]) -> PromiseCommand {
    let mut command = command(id, &[]);
    let own = |(number, item, quantity, repeat): &(&str, &str, i64, Option<Repeat>)| OrderLine {
        line: number.to_string(),
        repeat: *repeat,
        ..line(item, *quantity)
    };
    command.request.lines = lines.iter().map(own).collect();
    command
}

fn one(id: &str, quantity: i64, repeat: Option<Repeat>) -> PromiseCommand {
    lines(id, &[("1", "MOTOR", quantity, repeat)])
}

fn ask(engine: &Engine, command: PromiseCommand) -> String {
    say(&engine.promise(command).wait().unwrap())
}

fn fulfil(engine: &Engine, number: u64) -> String {
    let command = FulfilCommand {
        request_id: String::new(),
        which: Which::Number(number),
        quantity: None,
        shipped_at: None,
        deadline: None,
    };
    say_change(engine.fulfil(command).wait())
}

fn taken(engine: &Engine) -> i64 {
    let live = engine.pin();
    let quantity: Quantity =
        live.reservations_from(0).filter(|one| one.is_live()).map(|one| one.quantity).sum();
    quantity.raw() / 1_000_000
}

fn all_is_well(engine: &Engine) {
    let world = engine.pin();
    assert_eq!(audit::divergences(&world), []);
    assert_eq!(audit::overdrawn(&world), []);
}

mod one_line_one_promise {
    use super::*;

    #[test]
    fn under_another_id_it_takes_nothing_and_names_the_promise() {
        let (engine, ..) = fresh();
        assert_eq!(ask(&engine, one("a", 2, None)), "OnTime P1 confirmed 2 at 1");
        let again = engine.promise(one("b", 2, None)).wait().unwrap();
        assert_eq!(say(&again), "AlreadyPromised P1 confirmed 2 at 2");
        assert!(again.made[0].reservation().is_none(), "nothing was committed");
        assert_eq!(taken(&engine), 2);
        // The other lines of the request go on.
        let more = lines("c", &[("1", "MOTOR", 2, None), ("2", "PUMP", 1, None)]);
        assert_eq!(
            ask(&engine, more),
            "AlreadyPromised P1 confirmed 2, OnTime P2 confirmed 1 at 3"
        );
    }

    #[test]
    fn a_hold_and_a_shipment_count_a_cancelled_and_an_expired_one_do_not() {
        let (engine, hands, _) = fresh();
        let hold = PromiseCommand {
            commitment: Commitment::Hold { for_seconds: 60 },
            ..one("a", 1, None)
        };
        assert_eq!(ask(&engine, hold), "OnTime P1 held 1 at 1");
        assert_eq!(ask(&engine, one("b", 1, None)), "AlreadyPromised P1 held 1 at 2");
        hands.set(61);
        engine.tick().wait().unwrap();
        assert_eq!(ask(&engine, one("c", 1, None)), "OnTime P2 confirmed 1 at 4");
        assert_eq!(fulfil(&engine, 2), "P2 fulfilled 1 at 5");
        assert_eq!(ask(&engine, one("d", 1, None)), "AlreadyPromised P2 fulfilled 1 at 6");
        let (engine, ..) = fresh();
        assert_eq!(ask(&engine, one("a", 1, None)), "OnTime P1 confirmed 1 at 1");
        engine.cancel(cancel("", 1, None)).wait().unwrap();
        assert_eq!(ask(&engine, one("b", 1, None)), "OnTime P2 confirmed 1 at 3");
    }

    #[test]
    fn add_is_a_promise_of_its_own_on_top() {
        let (engine, ..) = fresh();
        assert_eq!(ask(&engine, one("a", 1, None)), "OnTime P1 confirmed 1 at 1");
        assert_eq!(ask(&engine, one("b", 2, Some(Repeat::Add))), "OnTime P2 confirmed 2 at 2");
        assert_eq!(taken(&engine), 3);
    }

    #[test]
    fn replace_takes_the_place_of_all_that_is_live() {
        let (engine, ..) = fresh();
        ask(&engine, one("a", 1, None));
        ask(&engine, one("b", 1, Some(Repeat::Add)));
        assert_eq!(ask(&engine, one("c", 4, Some(Repeat::Replace))), "OnTime P1 confirmed 4 at 3");
        let second = engine.pin().reservation(2).unwrap().state;
        assert_eq!((second, taken(&engine)), (State::Cancelled, 4));
        all_is_well(&engine);
    }

    #[test]
    fn replace_takes_what_has_shipped_off_first() {
        let (engine, ..) = fresh();
        ask(&engine, one("a", 1, None));
        fulfil(&engine, 1);
        ask(&engine, one("b", 1, Some(Repeat::Add)));
        assert_eq!(ask(&engine, one("c", 3, Some(Repeat::Replace))), "OnTime P2 confirmed 2 at 4");
        // Nothing is left of it: what is live ends.
        assert_eq!(
            ask(&engine, one("d", 1, Some(Repeat::Replace))),
            "AlreadyPromised P1 fulfilled 1 at 5"
        );
        assert_eq!(engine.pin().reservation(2).unwrap().state, State::Cancelled);
        all_is_well(&engine);
    }

    #[test]
    fn replace_that_cannot_be_promised_lets_the_old_one_stand() {
        let (engine, ..) = fresh();
        ask(&engine, one("a", 2, None));
        // Four motors there are, and no more ever come.
        let asked = engine.promise(one("b", 5, Some(Repeat::Replace))).wait().unwrap();
        assert_eq!(say(&asked), "Unavailable nothing at 2");
        assert_eq!(
            (taken(&engine), engine.pin().reservation(1).unwrap().state),
            (2, State::Confirmed)
        );
    }

    #[test]
    fn replace_confirms_what_was_held_and_keeps_confirmed_what_was() {
        let (engine, ..) = fresh();
        let hold = |id: &str, quantity, repeat| PromiseCommand {
            commitment: Commitment::Hold { for_seconds: 60 },
            ..one(id, quantity, repeat)
        };
        assert_eq!(ask(&engine, hold("a", 1, None)), "OnTime P1 held 1 at 1");
        assert_eq!(ask(&engine, one("b", 2, Some(Repeat::Replace))), "OnTime P1 confirmed 2 at 2");
        assert_eq!(ask(&engine, hold("c", 3, Some(Repeat::Replace))), "OnTime P1 confirmed 3 at 3");
    }

    #[test]
    fn it_counts_as_promised_where_all_or_nothing_is_asked_for() {
        let (engine, ..) = fresh();
        ask(&engine, one("a", 2, None));
        let all = PromiseCommand {
            completeness: Completeness::AllOrNothing,
            ..lines("b", &[("1", "MOTOR", 2, None), ("2", "PUMP", 1, None)])
        };
        assert_eq!(ask(&engine, all), "AlreadyPromised P1 confirmed 2, OnTime P2 confirmed 1 at 2");
    }

    #[test]
    fn two_at_once_make_one_promise() {
        let (engine, _, journal) = fresh();
        journal.close();
        // Both are planned against a world that has neither.
        let (one_call, other) =
            (engine.promise(one("a", 2, None)), engine.promise(one("b", 2, None)));
        journal.open();
        assert_eq!(say(&one_call.wait().unwrap()), "OnTime P1 confirmed 2 at 1");
        assert_eq!(say(&other.wait().unwrap()), "AlreadyPromised P1 confirmed 2 at 2");
        assert_eq!(taken(&engine), 2);
    }

    #[test]
    fn a_restart_knows_it_too() {
        let (engine, hands, journal) = fresh();
        ask(&engine, one("a", 2, None));
        ask(&engine, one("b", 3, Some(Repeat::Replace)));
        let already = ask(&engine, one("c", 3, None));
        engine.stop();
        let engine = start(&journal, &hands);
        assert_eq!(ask(&engine, one("c", 3, None)), already);
        assert_eq!(ask(&engine, one("d", 3, None)), "AlreadyPromised P1 confirmed 3 at 4");
    }
}

mod first_answers {
    use super::*;

    /// The same command again, in the same process and after a restart.
    fn twice(engine: Engine, hands: &Hands, journal: &Shared, again: PromiseCommand) -> Engine {
        let first = engine.promise(again.clone()).wait().unwrap();
        let second = engine.promise(again.clone()).wait().unwrap();
        same(&first, &second);
        engine.stop();
        let engine = start(journal, hands);
        same(&first, &engine.promise(again).wait().unwrap());
        engine
    }

    /// What is said again is what was said: all but alternatives, pegs and reasons.
    fn same(first: &PromiseOutcome, again: &PromiseOutcome) {
        assert_eq!((first.position, &first.made), (again.position, &again.made));
        assert_eq!(first.promise.sets, again.promise.sets);
        for (first, again) in first.promise.lines.iter().zip(&again.promise.lines) {
            assert_eq!(first.status, again.status);
            assert_eq!(first.available_on_requested, again.available_on_requested);
            let (Some(first), Some(again)) = (&first.option, &again.option) else {
                assert_eq!(first.option.is_none(), again.option.is_none());
                continue;
            };
            assert_eq!((first.rank, first.days_late), (again.rank, again.days_late));
            assert_eq!(first.economics, again.economics);
            for (first, again) in first.legs.iter().zip(&again.legs) {
                assert_eq!((first.rank, first.economics), (again.rank, again.economics));
                assert_eq!(first.supplied(), again.supplied());
                assert_eq!((first.ship, first.quantity), (again.ship, again.quantity));
            }
        }
    }

    #[test]
    fn its_figures_are_said_again() {
        let (engine, hands, journal) = fresh();
        let engine = twice(engine, &hands, &journal, command("a", &[("PUMP", 3), ("MOTOR", 9)]));
        twice(engine, &hands, &journal, command("b", &[("MOTOR", 2)]));
    }

    #[test]
    fn a_no_stays_a_no() {
        let (engine, hands, journal) = fresh();
        // Nine motors there are never; later there are, and who was told no is told no.
        let asked = PromiseCommand {
            completeness: Completeness::AllOrNothing,
            ..command("a", &[("MOTOR", 9)])
        };
        let engine = twice(engine, &hands, &journal, asked.clone());
        assert_eq!(taken(&engine), 0);
        let nothing = engine.promise(asked).wait().unwrap();
        assert!(nothing.reservations.iter().all(Option::is_none));
        assert_eq!(engine.pin().position, 1, "nothing was done a second time");
    }

    #[test]
    fn a_line_of_a_failed_all_or_nothing_is_told_what_it_could_have_had() {
        let (engine, hands, journal) = fresh();
        let asked = PromiseCommand {
            completeness: Completeness::AllOrNothing,
            ..command("a", &[("PUMP", 1), ("MOTOR", 9)])
        };
        let first = engine.promise(asked.clone()).wait().unwrap();
        assert_eq!(first.promise.lines[0].status, LineStatus::OnTime);
        assert!(first.promise.lines[0].option.is_some());
        assert!(first.made.iter().all(|made| made.reservation().is_none()), "not committed");
        twice(engine, &hands, &journal, asked);
    }

    #[test]
    fn an_amendment_that_changed_nothing_is_remembered() {
        let (engine, hands, journal) = fresh();
        engine.promise(command("a", &[("MOTOR", 2)])).wait().unwrap();
        let more = AmendCommand { request_id: "more".to_string(), ..amend(1, "MOTOR", 9) };
        let first = say_change(engine.amend(more.clone()).wait());
        assert_eq!(first, "unchanged P1 confirmed 2 at 2");
        engine.cancel(cancel("", 1, Some(1))).wait().unwrap();
        assert_eq!(say_change(engine.amend(more.clone()).wait()), first);
        engine.stop();
        let engine = start(&journal, &hands);
        assert_eq!(say_change(engine.amend(more.clone()).wait()), first);
        let other = AmendCommand { line: line("MOTOR", 8), ..more };
        assert!(matches!(engine.amend(other).wait(), Err(Error::RequestIdReused { .. })));
    }

    #[test]
    fn an_error_may_be_tried_again() {
        let (engine, ..) = fresh();
        let cancelled = || say_change(engine.cancel(cancel("c", 1, None)).wait());
        assert_eq!(cancelled(), "does_not_exist");
        engine.promise(command("a", &[("MOTOR", 2)])).wait().unwrap();
        assert_eq!(cancelled(), "P1 cancelled 0 at 2");
    }

    #[test]
    fn defaults_written_out_are_the_same_command() {
        let (engine, ..) = fresh();
        let first = ask(&engine, command("a", &[("MOTOR", 2)]));
        let mut spelled = command("a", &[("MOTOR", 2)]);
        spelled.request.lines[0].date_type = Some(DateType::Ship);
        spelled.request.lines[0].uom = Some(String::new());
        assert_eq!(ask(&engine, spelled.clone()), first);
        spelled.request.lines[0].date_type = Some(DateType::Arrival);
        let refused = engine.promise(spelled).wait();
        assert!(matches!(refused, Err(Error::RequestIdReused { .. })));
        // Refuse is what a line means that says nothing.
        let first = ask(&engine, one("b", 1, None));
        assert_eq!(ask(&engine, one("b", 1, Some(Repeat::Refuse))), first);
    }

    fn held(engine: &Engine, quantity: i64) {
        let hold = PromiseCommand {
            commitment: Commitment::Hold { for_seconds: 60 },
            ..one("hold", quantity, None)
        };
        assert_eq!(ask(engine, hold), format!("OnTime P1 held {quantity} at 1"));
    }

    #[test]
    fn a_hold_that_has_just_expired_is_confirmed_under_another_id() {
        let (engine, hands, journal) = fresh();
        held(&engine, 3);
        hands.set(61);
        let first = say_change(engine.confirm(confirm("late", 1, None)).wait());
        assert_eq!(first, "P2 confirmed 3 at 3");
        assert_eq!(engine.pin().reservation(1).unwrap().state, State::Expired);
        assert_eq!(say_change(engine.confirm(confirm("late", 1, None)).wait()), first);
        engine.stop();
        let engine = start(&journal, &hands);
        assert_eq!(say_change(engine.confirm(confirm("late", 1, None)).wait()), first);
        assert_eq!(taken(&engine), 3);
    }

    /// What is done to orders in a scenario is what would be done live.
    #[test]
    fn a_scenario_promises_it_anew_as_live_does() {
        let (engine, hands, _) = fresh();
        held(&engine, 3);
        hands.set(61);
        engine.tick().wait().unwrap();
        let live = engine.pin();
        let made = engine.scenarios().create("", ScenarioBase::Live(&live), 60, engine.now());
        let id = made.unwrap().id.clone();
        let said = |answer: Answer<ChangeOutcome>| {
            let said = say_change(answer.wait());
            said.split(" at ").next().unwrap().to_string()
        };
        assert_eq!(said(engine.confirm_in(&id, confirm("", 1, None))), "P2 confirmed 3");
        assert_eq!(said(engine.confirm_in(&id, confirm("", 1, None))), "hold_ended");
        assert_eq!(taken(&engine), 0, "live knows nothing of it");
        assert_eq!(said(engine.confirm(confirm("", 1, None))), "P2 confirmed 3");
    }

    #[test]
    fn what_it_held_may_be_gone_and_then_it_says_when_it_expired() {
        let (engine, hands, _) = fresh();
        held(&engine, 3);
        hands.set(61);
        engine.tick().wait().unwrap();
        let mut other = command("other", &[("MOTOR", 2)]);
        other.request.lines[0].order = "O2".to_string();
        engine.promise(other).wait().unwrap();
        let refused = engine.confirm(confirm("late", 1, None)).wait().unwrap_err().to_string();
        assert_eq!(refused, "P1 expired at 2026-11-23T00:01:01Z, and cannot be promised as it was");
        // A part of it is there still.
        assert_eq!(
            say_change(engine.confirm(confirm("part", 1, Some(2))).wait()),
            "P3 confirmed 2 at 4"
        );
    }

    #[test]
    fn a_line_that_was_promised_since_is_not_promised_again_by_its_old_hold() {
        let (engine, hands, _) = fresh();
        held(&engine, 1);
        hands.set(61);
        engine.tick().wait().unwrap();
        ask(&engine, one("again", 1, None));
        assert_eq!(say_change(engine.confirm(confirm("late", 1, None)).wait()), "hold_ended");
    }
}

mod whole_orders {
    use super::*;

    fn many(id: &str, selection: Selection, step: ManyStep) -> ManyCommand {
        ManyCommand { request_id: id.to_string(), selection, step, deadline: None }
    }

    fn of_order(line: Option<&str>) -> Selection {
        Selection::Order { order: "O1".to_string(), line: line.map(ToString::to_string) }
    }

    fn step(engine: &Engine, command: ManyCommand) -> String {
        match engine.many(command).wait() {
            Ok(outcome) => {
                let kept = outcome.reservations.iter();
                let kept: Vec<_> = kept
                    .map(|one| format!("{} {} {}", one.id(), one.state, one.quantity))
                    .collect();
                format!("{} at {}", kept.join(", "), outcome.position)
            }
            Err(error) => error.to_string(),
        }
    }

    fn two_holds(engine: &Engine) {
        let hold = PromiseCommand {
            commitment: Commitment::Hold { for_seconds: 60 },
            ..command("hold", &[("PUMP", 1), ("MOTOR", 2)])
        };
        assert_eq!(ask(engine, hold), "OnTime P1 held 1, OnTime P2 held 2 at 1");
    }

    #[test]
    fn an_order_is_confirmed_fulfilled_in_one_entry_each() {
        let (engine, hands, journal) = fresh();
        two_holds(&engine);
        let confirm = many("c", of_order(None), ManyStep::Confirm);
        let first = step(&engine, confirm.clone());
        assert_eq!(first, "P1 confirmed 1, P2 confirmed 2 at 2");
        assert_eq!(step(&engine, confirm.clone()), first);
        assert_eq!(
            step(&engine, many("", of_order(None), ManyStep::Confirm)),
            "P2 is confirmed: it cannot be confirmed"
        );
        let shipped = many("f", Selection::Numbers(vec![2, 1]), ManyStep::Fulfil);
        assert_eq!(step(&engine, shipped), "P1 fulfilled 1, P2 fulfilled 2 at 3");
        engine.stop();
        let engine = start(&journal, &hands);
        assert_eq!(step(&engine, confirm), first);
        let past = engine.pin().history(engine.pin().reservation(1).unwrap());
        assert_eq!(past.len(), 3, "promised, confirmed, fulfilled");
        all_is_well(&engine);
    }

    #[test]
    fn all_of_them_or_none() {
        let (engine, ..) = fresh();
        two_holds(&engine);
        engine.cancel(cancel("", 2, None)).wait().unwrap();
        let both = Selection::Numbers(vec![1, 2]);
        assert_eq!(
            step(&engine, many("c", both, ManyStep::Confirm)),
            "P2 is cancelled: it cannot be confirmed"
        );
        assert!(matches!(engine.pin().reservation(1).unwrap().state, State::Held { .. }));
        assert_eq!(engine.pin().position, 2);
        // Of an order those take the step that can.
        assert_eq!(
            step(&engine, many("o", of_order(None), ManyStep::Confirm)),
            "P1 confirmed 1 at 3"
        );
        let none = many("n", of_order(Some("7")), ManyStep::Cancel);
        assert_eq!(step(&engine, none), "there is no promise for line 7 of order O1");
    }

    #[test]
    fn an_order_is_cancelled_and_what_it_took_is_there_again() {
        let (engine, ..) = fresh();
        two_holds(&engine);
        assert_eq!(
            step(&engine, many("c", of_order(None), ManyStep::Cancel)),
            "P1 cancelled 0, P2 cancelled 0 at 2"
        );
        assert_eq!(taken(&engine), 0);
        all_is_well(&engine);
    }

    #[test]
    fn holds_are_extended_and_never_cut_short() {
        let (engine, hands, journal) = fresh();
        two_holds(&engine);
        hands.set(30);
        let extend = |for_seconds| ManyStep::Extend { for_seconds };
        let longer = step(&engine, many("e", of_order(None), extend(300)));
        // The engine may have noted the time meanwhile, in an entry of its own.
        assert_eq!(longer, format!("P1 held 1, P2 held 2 at {}", engine.pin().position));
        step(&engine, many("", of_order(Some("1")), extend(10)));
        let until = |engine: &Engine, number| engine.pin().reservation(number).unwrap().state;
        let ends = 1_795_392_330_000_000;
        assert_eq!(until(&engine, 1), State::Held { until: ends });
        hands.set(329);
        engine.tick().wait().unwrap();
        assert_eq!(until(&engine, 2), State::Held { until: ends });
        engine.stop();
        let engine = start(&journal, &hands);
        hands.set(331);
        engine.tick().wait().unwrap();
        assert_eq!(until(&engine, 1), State::Expired);
        let bad = many("x", of_order(None), extend(0));
        assert!(matches!(engine.many(bad).wait(), Err(Error::OutOfRange { .. })));
    }

    #[test]
    fn an_order_whose_holds_have_just_expired_is_confirmed_as_it_was() {
        let (engine, hands, _) = fresh();
        two_holds(&engine);
        hands.set(61);
        let confirm = many("c", of_order(None), ManyStep::Confirm);
        assert_eq!(step(&engine, confirm), "P3 confirmed 1, P4 confirmed 2 at 4");
        assert_eq!(taken(&engine), 3);
        all_is_well(&engine);
    }
}

mod parts_and_money {
    use super::*;
    use promised::model::Money;

    fn money(engine: &Engine, number: u64) -> (Money, Money, Quantity) {
        let world = engine.pin();
        let facts = &world.reservation(number).unwrap().facts;
        (facts.cost, facts.profit, facts.quantity_requested)
    }

    fn priced(id: &str, quantity: i64) -> PromiseCommand {
        let mut command = one(id, quantity, None);
        command.request.lines[0].unit_price = Some(Money::micros(10_000_001));
        command
    }

    #[test]
    fn a_part_that_goes_takes_its_money_and_its_share_of_what_was_asked() {
        let (engine, ..) = fresh();
        ask(&engine, priced("a", 3));
        let whole = money(&engine, 1);
        assert_eq!(whole.1, Money::micros(30_000_003));
        engine.cancel(cancel("", 1, Some(1))).wait().unwrap();
        let (cost, profit, asked) = money(&engine, 1);
        assert_eq!((cost, profit), (whole.0, Money::micros(20_000_002)));
        assert_eq!(asked, Quantity::units(2), "what was cancelled counts not as asked");
    }

    #[test]
    fn both_parts_of_a_hold_add_up_to_the_whole() {
        let (engine, ..) = fresh();
        let hold =
            PromiseCommand { commitment: Commitment::Hold { for_seconds: 60 }, ..priced("a", 3) };
        ask(&engine, hold);
        let whole = money(&engine, 1);
        engine.confirm(confirm("", 1, Some(1))).wait().unwrap();
        let (kept, rest) = (money(&engine, 1), money(&engine, 2));
        assert_eq!(kept.0 + rest.0, whole.0);
        assert_eq!(kept.1 + rest.1, whole.1);
        assert_eq!(kept.2 + rest.2, whole.2);
        assert_eq!((kept.2, rest.2), (Quantity::units(1), Quantity::units(2)));
    }

    #[test]
    fn a_part_cancelled_by_the_customer_lowers_no_fill_rate_and_counts_no_line_twice() {
        let (engine, ..) = fresh();
        ask(&engine, priced("a", 3));
        engine.cancel(cancel("", 1, Some(1))).wait().unwrap();
        let kpi = promised::compare::kpi(&engine.pin());
        assert_eq!((kpi.lines, kpi.on_time, kpi.fill_rate()), (1, 1, Quantity::ONE));
        assert_eq!(kpi.revenue, Money::micros(20_000_002));
        let (engine, ..) = fresh();
        let hold =
            PromiseCommand { commitment: Commitment::Hold { for_seconds: 60 }, ..priced("a", 3) };
        ask(&engine, hold);
        engine.confirm(confirm("", 1, Some(1))).wait().unwrap();
        let kpi = promised::compare::kpi(&engine.pin());
        assert_eq!((kpi.lines, kpi.on_time, kpi.fill_rate()), (1, 1, Quantity::ONE));
        assert_eq!(kpi.revenue, Money::micros(30_000_003));
    }
}
