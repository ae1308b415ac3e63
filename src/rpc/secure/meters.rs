//! How much each principal asks for: calls in a second and at once, lines in a minute, units held.

use super::principal::{Limits, Principal};
use crate::{
    ledger::{World, reservation::State},
    rpc::status::Failure,
};
use dashmap::DashMap;
use governor::{
    DefaultDirectRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};
use parking_lot::Mutex;
use std::{
    collections::BTreeSet,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use tonic::Code;

/// Micro-units in a unit.
const MICRO: i128 = 1_000_000;

/// What all principals ask for.
#[derive(Debug, Default)]
pub(in crate::rpc) struct Meters(DashMap<Arc<str>, Arc<Meter>>);

/// What one asks for.
#[derive(Debug)]
pub(in crate::rpc) struct Meter {
    limits: Limits,
    calls: Option<DefaultDirectRateLimiter>,
    lines: Option<DefaultDirectRateLimiter>,
    under_way: AtomicU32,
    held: Mutex<Held>,
}

/// What is held without being confirmed.
#[derive(Debug, Default)]
struct Held {
    /// Promises that were held; those that are no more are taken out as they are looked at.
    numbers: BTreeSet<u64>,
    /// Micro-units of holds on their way.
    coming: i128,
}

/// A call under way, until it is dropped.
#[derive(Debug)]
pub(in crate::rpc) struct Running(Arc<Meter>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Meters {
    /// That of a principal; another one where its limits have changed.
    pub(in crate::rpc) fn of(&self, principal: &Principal, limits: Limits) -> Arc<Meter> {
        if let Some(known) = self.0.get(&principal.name)
            && known.limits == limits
        {
            return Arc::clone(&known);
        }
        let meter = Arc::new(Meter::new(limits));
        self.0.insert(Arc::clone(&principal.name), Arc::clone(&meter));
        meter
    }
}

impl Meter {
    fn new(limits: Limits) -> Self {
        let some = |n: Option<u32>| n.and_then(NonZeroU32::new);
        let calls = some(limits.calls_a_second).map(|n| RateLimiter::direct(Quota::per_second(n)));
        let lines = some(limits.lines_a_minute).map(|n| RateLimiter::direct(Quota::per_minute(n)));
        Self { limits, calls, lines, under_way: AtomicU32::new(0), held: Mutex::default() }
    }

    /// Takes a call, if there may be one more.
    ///
    /// # Errors
    /// There are too many.
    pub(in crate::rpc) fn call(self: &Arc<Self>) -> Result<Running, Failure> {
        if let (Some(calls), Some(n)) = (&self.calls, self.limits.calls_a_second) {
            calls.check().map_err(|until| {
                let text = format!("more than {n} calls in a second");
                rated(text, &until)
            })?;
        }
        let before = self.under_way.fetch_add(1, Ordering::AcqRel);
        let running = Running(Arc::clone(self));
        match self.limits.calls_at_once {
            Some(at_most) if at_most <= before => {
                let text =
                    format!("more than {at_most} calls under way; open streams are among them");
                Err(Failure::new(Code::ResourceExhausted, "CALLS_AT_ONCE", text)
                    .with("limit", at_most.to_string())
                    .later())
            }
            Some(_) | None => Ok(running),
        }
    }

    /// Whether lines are counted.
    pub(in crate::rpc) fn counts_lines(&self) -> bool {
        self.lines.is_some()
    }

    /// Takes lines of a request.
    ///
    /// # Errors
    /// There are too many.
    pub(in crate::rpc) fn lines(&self, n: usize) -> Result<(), Failure> {
        let (Some(lines), Some(at_most)) = (&self.lines, self.limits.lines_a_minute) else {
            return Ok(());
        };
        let Some(n) = u32::try_from(n).ok().and_then(NonZeroU32::new) else { return Ok(()) };
        let text = format!("more than {at_most} lines in a minute");
        match lines.check_n(n) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(until)) => Err(rated(text, &until)),
            Err(_) => Err(Failure::new(
                Code::ResourceExhausted,
                "RATE_LIMITED",
                format!("{text}, in one request"),
            )),
        }
    }

    /// Takes units for a hold that is on its way.
    ///
    /// # Errors
    /// Too many are held already.
    pub(in crate::rpc) fn hold(
        self: &Arc<Self>,
        world: &World,
        quantity: f64,
    ) -> Result<Option<Holding>, Failure> {
        let Some(at_most) = self.limits.held_quantity else { return Ok(None) };
        // What is no number, or too large for one, is told by whoever reads the line.
        #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
        let coming = (quantity.max(0.0) * 1e6).ceil() as i128;
        let mut held = self.held.lock();
        let mut sum = held.coming;
        held.numbers.retain(|number| {
            let found = world.reservation(*number).filter(|found| is_held(found.state));
            sum += found.map_or(0, |found| i128::from(found.quantity.raw()));
            found.is_some()
        });
        if i128::from(at_most) * MICRO < sum + coming {
            let now = sum / MICRO;
            let text = format!(
                "this caller holds {now} units and may hold {at_most}; confirm or cancel some first"
            );
            return Err(Failure::new(Code::ResourceExhausted, "HELD_QUANTITY", text)
                .with("limit", at_most.to_string())
                .with("quantity", now.to_string())
                .later());
        }
        held.coming += coming;
        Ok(Some(Holding { meter: Arc::clone(self), coming }))
    }
}

fn is_held(state: State) -> bool {
    matches!(state, State::Held { .. })
}

fn rated(text: String, until: &NotUntil<Instant>) -> Failure {
    let wait = until.wait_time_from(DefaultClock::default().now());
    let wait = wait.max(Duration::from_millis(1));
    Failure::new(Code::ResourceExhausted, "RATE_LIMITED", format!("{text}; come back later"))
        .after(wait)
}

/// A hold on its way, until it is known which promises it has become.
#[derive(Debug)]
pub(in crate::rpc) struct Holding {
    meter: Arc<Meter>,
    coming: i128,
}

impl Holding {
    /// These are the promises that it has become; they count from now on by what they hold.
    pub(in crate::rpc) fn made(&self, numbers: impl Iterator<Item = u64>) {
        self.meter.held.lock().numbers.extend(numbers);
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.meter.held.lock().coming -= self.coming;
    }
}
