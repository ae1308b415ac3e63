//! How much each principal asks for: calls in a second and at once, lines in a minute, units held.

use super::principal::{Principal, Quotas};
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
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use tonic::Code;

/// Micro-units in a unit.
const MICRO: i128 = 1_000_000;

/// What all principals ask for.
#[derive(Debug, Default)]
pub(in crate::rpc) struct Meters {
    known: DashMap<Arc<str>, Arc<Meter>>,
    before: Arc<Before>,
}

/// The holds that were there before anybody counted, by principal: those of before a restart.
#[derive(Debug, Default)]
struct Before(OnceLock<DashMap<Arc<str>, BTreeSet<u64>>>);

impl Before {
    /// Those of a principal, once. All promises are looked through when the first one asks.
    fn take(&self, name: &str, world: &World) -> BTreeSet<u64> {
        let all = self.0.get_or_init(|| {
            let all: DashMap<Arc<str>, BTreeSet<u64>> = DashMap::new();
            for held in world.reservations_from(0).filter(|one| is_held(one.state)) {
                if let Some(by) = world.made_by(held.number) {
                    all.entry(by.into()).or_default().insert(held.number);
                }
            }
            all
        });
        all.remove(name).map(|(_, numbers)| numbers).unwrap_or_default()
    }
}

/// What one asks for.
#[derive(Debug)]
pub(in crate::rpc) struct Meter {
    limits: Quotas,
    calls: Option<DefaultDirectRateLimiter>,
    lines: Option<DefaultDirectRateLimiter>,
    has: Arc<Has>,
}

/// What one has, whatever his limits become.
#[derive(Debug)]
struct Has {
    name: Arc<str>,
    under_way: AtomicU32,
    held: Mutex<Held>,
    before: Arc<Before>,
}

/// What is held without being confirmed.
#[derive(Debug, Default)]
struct Held {
    /// Promises that were held; those that are no more are taken out as they are looked at.
    numbers: BTreeSet<u64>,
    /// Whether those of before are among them.
    is_whole: bool,
    /// Micro-units of holds on their way.
    coming: i128,
}

/// A call under way, until it is dropped.
#[derive(Debug)]
pub(in crate::rpc) struct Running(Arc<Meter>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.has.under_way.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Meters {
    /// That of a principal. Where its limits have changed it is another one, of the same calls and holds.
    pub(in crate::rpc) fn of(&self, principal: &Principal, limits: Quotas) -> Arc<Meter> {
        if let Some(known) = self.known.get(&principal.name)
            && known.limits == limits
        {
            return Arc::clone(&known);
        }
        let mut meter = self.known.entry(Arc::clone(&principal.name)).or_insert_with(|| {
            let (under_way, held) = (AtomicU32::new(0), Mutex::default());
            let (name, before) = (Arc::clone(&principal.name), Arc::clone(&self.before));
            Arc::new(Meter::new(limits, Arc::new(Has { name, under_way, held, before })))
        });
        if meter.limits != limits {
            let has = Arc::clone(&meter.has);
            *meter = Arc::new(Meter::new(limits, has));
        }
        Arc::clone(&meter)
    }
}

impl Meter {
    fn new(limits: Quotas, has: Arc<Has>) -> Self {
        let some = |n: Option<u32>| n.and_then(NonZeroU32::new);
        let calls = some(limits.calls_a_second).map(|n| RateLimiter::direct(Quota::per_second(n)));
        let lines = some(limits.lines_a_minute).map(|n| RateLimiter::direct(Quota::per_minute(n)));
        Self { limits, calls, lines, has }
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
        let before = self.has.under_way.fetch_add(1, Ordering::AcqRel);
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
        coming: impl FnOnce(&World) -> i128,
    ) -> Result<Option<Holding>, Failure> {
        let Some(at_most) = self.limits.held_quantity else { return Ok(None) };
        let coming = coming(world);
        let mut held = self.has.held.lock();
        if !std::mem::replace(&mut held.is_whole, true) {
            held.numbers.append(&mut self.has.before.take(&self.has.name, world));
        }
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

impl Meter {
    /// A promise is one of his holds from now on.
    pub(in crate::rpc) fn holds(&self, number: u64) {
        if self.limits.held_quantity.is_some() {
            self.has.held.lock().numbers.insert(number);
        }
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
        self.meter.has.held.lock().numbers.extend(numbers);
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.meter.has.held.lock().coming -= self.coming;
    }
}
