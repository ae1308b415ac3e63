//! Exceptions that are about one promise: at risk, late, could be sooner, a hold that ends, forced.

use super::{
    Exception, ExceptionKind, ExceptionSettings, Slip,
    exception::{MINUTE, value},
    limiting,
};
use crate::{
    insight::takes::Takes,
    ledger::{Reservation, Since, State, World},
    model::{Day, Money, Quantity},
    snapshot::SupplyIx,
};
use std::{collections::BTreeMap, sync::Arc};

/// All exceptions about promises.
pub(super) fn all(
    takes: &mut Takes,
    (settings, now): (ExceptionSettings, i64),
    slips: &BTreeMap<SupplyIx, Slip>,
) -> Vec<Exception> {
    let world = takes.world().clone();
    let mut found = Vec::new();
    for promise in world.reservations_from(0).filter(|promise| promise.is_live()) {
        for kind in [
            ExceptionKind::AtRisk,
            ExceptionKind::Late,
            ExceptionKind::HoldExpiring,
            ExceptionKind::Forced,
        ] {
            found.extend(one(takes, (kind, promise), (settings, now), slips));
        }
    }
    for (number, ..) in world.all_sooner() {
        if let Some(promise) = world.reservation(number) {
            found.extend(one(
                takes,
                (ExceptionKind::CouldBeSooner, promise),
                (settings, now),
                slips,
            ));
        }
    }
    found
}

/// What there is to say of a kind about a promise, if there is anything.
pub(super) fn one(
    takes: &mut Takes,
    (kind, promise): (ExceptionKind, &Arc<Reservation>),
    (settings, now): (ExceptionSettings, i64),
    slips: &BTreeMap<SupplyIx, Slip>,
) -> Option<Exception> {
    if !promise.is_live() {
        return None;
    }
    match kind {
        ExceptionKind::AtRisk => promise.at_risk.then(|| at_risk(takes, promise, slips)),
        ExceptionKind::Late => (0 < days_late(promise)).then(|| late(takes, promise)),
        ExceptionKind::CouldBeSooner => could_be_sooner(takes, promise),
        ExceptionKind::HoldExpiring => {
            let State::Held { until } = promise.state else { return None };
            let (from, left) = (until - settings.hold_expiring, (until - now).max(0));
            let about = || hold_expiring(takes.world(), promise, from, left);
            (until - now <= settings.hold_expiring).then(about)
        }
        ExceptionKind::Forced => {
            let force = promise.facts.force.as_ref()?;
            let cause = format!("{} forced it: {}", force.by, force.why);
            let since = made(promise);
            Some(Exception { since, cause, ..about(takes.world(), ExceptionKind::Forced, promise) })
        }
        ExceptionKind::SupplyLate
        | ExceptionKind::Overcommitted
        | ExceptionKind::OverConsumed
        | ExceptionKind::SourceStale => None,
    }
}

fn could_be_sooner(takes: &mut Takes, promise: &Arc<Reservation>) -> Option<Exception> {
    let world = takes.world();
    let (date, since) = world.sooner(promise.number)?;
    let could_be = world.snapshot.epoch().day(date);
    let days = last(promise).map_or(0, |day| day.since(could_be));
    if days <= 0 {
        return None;
    }
    let cause = format!("it could be there {}: on {date}", earlier(days));
    let (limiting, _) = limiting::of_promise(takes, promise);
    let could_be = Some(could_be);
    let about = about(takes.world(), ExceptionKind::CouldBeSooner, promise);
    Some(Exception { since, cause, days, could_be, limiting, ..about })
}

fn earlier(days: i32) -> String {
    if days == 1 { "1 day earlier".to_string() } else { format!("{days} days earlier") }
}

/// How many days after its requested date the last of a promise is.
pub(super) fn days_late(promise: &Reservation) -> i32 {
    promise.facts.legs.iter().map(|leg| leg.days_late).max().unwrap_or(0)
}

/// The last day of a promise, of the type that was asked for.
pub fn last(promise: &Reservation) -> Option<Day> {
    let day = |leg: &crate::ledger::reservation::Leg| leg.dated(promise.facts.date_type);
    promise.facts.legs.iter().map(day).max()
}

fn made(promise: &Reservation) -> Since {
    Since { at: promise.facts.created, position: 0 }
}

/// An exception about a promise.
fn about(world: &World, kind: ExceptionKind, promise: &Arc<Reservation>) -> Exception {
    let leg = promise.facts.legs.first();
    let mut exception = Exception {
        quantity: world.snapshot.items.shown(promise.facts.item, promise.quantity),
        promise: Some(Arc::clone(promise)),
        item: Some(promise.facts.item),
        location: leg.map(|leg| leg.location),
        day: last(promise),
        days: days_late(promise),
        ..Exception::new(kind, promise.id())
    };
    exception.concern(vec![promise]);
    exception.value = value(promise);
    exception
}

/// The day on which the last of a promise at risk would come, as things are; none where nothing comes in the place of what it
/// lacks.
fn later_still(takes: &mut Takes, promise: &Arc<Reservation>) -> Option<Day> {
    let later = promise.at_risk.then(|| takes.delays().days(promise)).flatten();
    Some(last(promise)?.plus(later?))
}

/// One at risk comes so many days later than promised; where nothing comes in the place of what it lacks, nobody knows
/// when.
fn at_risk(
    takes: &mut Takes,
    promise: &Arc<Reservation>,
    slips: &BTreeMap<SupplyIx, Slip>,
) -> Exception {
    let could_be = later_still(takes, promise);
    let world = takes.world();
    let (limiting, cause) = limiting::at_risk(world, promise, slips);
    let since = world.at_risk_since(promise.number).unwrap_or_default();
    let days = could_be.zip(last(promise)).map_or(0, |(then, promised)| then.since(promised));
    let about = about(world, ExceptionKind::AtRisk, promise);
    Exception { limiting, cause, since, days, could_be, ..about }
}

fn late(takes: &mut Takes, promise: &Arc<Reservation>) -> Exception {
    let (limiting, cause) = limiting::of_promise(takes, promise);
    // It may not be kept either: then it comes later still.
    let could_be = later_still(takes, promise);
    let late: Quantity =
        promise.facts.legs.iter().filter(|leg| 0 < leg.days_late).map(|leg| leg.covers).sum();
    let world = takes.world();
    // Since it was last promised.
    let steps = world.history(promise);
    let amended = steps
        .iter()
        .rev()
        .find(|past| past.step.is_none_or(|step| step == crate::ledger::reservation::Step::Amend));
    let since = amended.map_or(made(promise), |past| Since {
        at: past.at,
        position: past.step.map_or(0, |_| past.position + 1),
    });
    let quantity = world.snapshot.items.shown(promise.facts.item, late);
    let value = worth(promise, late);
    let about = about(world, ExceptionKind::Late, promise);
    Exception { limiting, cause, since, quantity, value, could_be, ..about }
}

/// What a part of a promise is worth.
fn worth(promise: &Reservation, part: Quantity) -> Money {
    let (part, whole) = (i128::from(part.raw()), i128::from(promise.quantity.raw()));
    if whole <= part {
        return value(promise);
    }
    let all = i128::from(value(promise).raw());
    let micros = (2 * all * part + whole).div_euclid(2 * whole);
    Money::micros(i64::try_from(micros).expect("a part is no more than the whole"))
}

fn hold_expiring(world: &World, promise: &Arc<Reservation>, from: i64, left: i64) -> Exception {
    let since = Since { at: from.max(promise.facts.created), position: 0 };
    let minutes = left / MINUTE;
    let cause = format!("the hold ends in {minutes} min");
    Exception { since, cause, ..about(world, ExceptionKind::HoldExpiring, promise) }
}
