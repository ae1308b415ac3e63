//! What comes about by itself, looked for beside the writer: holds that end soon, sources that fall silent, late
//! promises that could come sooner. What is found is an entry, so that whoever follows hears of it.
//!
//! Late promises are asked for again where what bounds them has gained, those with the most value first, for at most
//! a tenth of one core.

use super::{Engine, clock::Stopwatch, planning};
use crate::{
    insight::{
        exceptions::{self, ExceptionSettings, Limiting, heard_of, promise_last, value},
        takes::Takes,
    },
    ledger::{Note, Reservation, State, World, effective::moves},
    limits::SCALE,
    model::{AccountIx, Quantity},
    promising::{
        request::{OrderLine, Remedies, Repeat, Request},
        terms,
    },
    snapshot::{ClassIx, Snapshot},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// How often it is looked, where there is nothing to do.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// So much is worked at a time, and nine times as long rested.
const WORK_AT_ONCE: Duration = Duration::from_millis(100);
const REST: u32 = 9;

/// So long before the last entry, in microseconds, whoever led has looked: what was due by then is not told again.
const SEEN_BY_OTHERS: i64 = 5_000_000;

/// The lowest priority there is.
const NICE: i32 = 19;

/// What was found and told so far.
#[derive(Debug, Default)]
pub struct Sweep {
    holds: BTreeSet<(i64, u64)>,
    stale: BTreeMap<Arc<str>, i64>,
    /// Up to which world accounts were looked at.
    looked: Option<World>,
    /// Late promises that are to be asked for again.
    waiting: VecDeque<u64>,
    /// The demand classes of which it was told how much is held.
    held: BTreeSet<String>,
}

impl Sweep {
    /// One that goes on where another node's has stopped: what was due a while before the last entry, that one has told.
    pub fn after_others(engine: &Engine) -> Self {
        let (world, settings) = (engine.pin(), engine.exception_settings());
        let then = (settings, world.last_at() - SEEN_BY_OTHERS);
        let mut sweep = Self::default();
        sweep.holds(&world, then);
        sweep.sources(&world, then);
        sweep
    }

    /// Looks for what came about since the last time, for so long at most.
    pub fn look(&mut self, engine: &Engine, at_most: Duration) -> Vec<Note> {
        let world = engine.pin();
        let settings = engine.exception_settings();
        let now = engine.now().as_microsecond();
        let mut notes = self.holds(&world, (settings, now));
        notes.extend(self.sources(&world, (settings, now)));
        self.gather(engine, &world);
        let watch = Stopwatch::start();
        while watch.elapsed() < at_most
            && let Some(number) = self.waiting.pop_front()
        {
            notes.extend(sooner(&world, number));
        }
        notes
    }

    /// Holds that end soon and were not told of.
    fn holds(&mut self, world: &World, (settings, now): (ExceptionSettings, i64)) -> Vec<Note> {
        self.holds.retain(|(until, _)| now <= *until);
        let mut notes = Vec::new();
        let (mut n_holds, mut held) = (0, BTreeMap::new());
        for promise in world.reservations_from(0).filter(|promise| promise.is_live()) {
            let State::Held { until } = promise.state else { continue };
            n_holds += 1;
            let quantity = world.snapshot.items.shown(promise.facts.item, promise.quantity);
            *held.entry(promise.facts.class).or_insert(Quantity::ZERO) += quantity;
            let is_soon = until - now <= settings.hold_expiring;
            // One that was made for less is not told of before half of its time is over.
            let is_due = promise.facts.created + (until - promise.facts.created) / 2 <= now;
            if is_soon && is_due && self.holds.insert((until, promise.number)) {
                notes.push(Note::HoldExpiring { number: promise.number, until });
            }
        }
        self.tell_of_holds(world, n_holds, &held);
        notes
    }

    /// Tells whoever looks at the metrics how much is held.
    fn tell_of_holds(
        &mut self,
        world: &World,
        n_holds: u64,
        held: &BTreeMap<Option<ClassIx>, Quantity>,
    ) {
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        let gauge = |n: u64| n as f64;
        let name = |class: &Option<ClassIx>| {
            class.map_or("", |class| world.snapshot.classes.names.name(class)).to_string()
        };
        let now: BTreeMap<String, Quantity> =
            held.iter().map(|(class, quantity)| (name(class), *quantity)).collect();
        self.held.extend(now.keys().cloned());
        for class in &self.held {
            let raw = now.get(class).map_or(0, |quantity| quantity.raw().unsigned_abs());
            #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
            let quantity = gauge(raw) / SCALE as f64;
            metrics::gauge!("promised_held_quantity", "class" => class.clone()).set(quantity);
        }
        // Last: whoever sees so many holds sees how much they hold.
        metrics::gauge!("promised_holds").set(gauge(n_holds));
    }

    /// Sources that were not heard of for too long, and those that were heard of again.
    fn sources(&mut self, world: &World, (settings, now): (ExceptionSettings, i64)) -> Vec<Note> {
        let mut notes = Vec::new();
        for (source, known_at) in heard_of(world) {
            let is_stale = settings.stale <= now - known_at;
            let was_stale = self.stale.contains_key(&source);
            if is_stale && !was_stale {
                self.stale.insert(Arc::clone(&source), known_at);
                notes.push(Note::SourceStale { source, known_at });
            } else if !is_stale && was_stale {
                self.stale.remove(&source);
                notes.push(Note::SourceFresh { source, known_at });
            }
        }
        notes
    }

    /// Finds the late promises whose bounds name an account that has more by now, those with the most value first.
    fn gather(&mut self, engine: &Engine, world: &World) {
        let before = self.looked.replace(world.clone());
        let Some(before) = before else {
            return self.queue(world, |_| true);
        };
        if before.is_same(world) {
            return;
        }
        if before.generation() != world.generation() {
            self.waiting.clear();
            return self.queue(world, |_| true);
        }
        let mut changed = world.changed_accounts(&before);
        let has_gained = |account: &AccountIx| world.has_gained(*account, &before);
        let mut gained: BTreeSet<AccountIx> = changed.iter().copied().filter(has_gained).collect();
        let touched = world.touched_by_changes_since(&before);
        gained.extend(&touched);
        changed.extend(touched);
        // What could come sooner may do so no more where others have taken; the rest gains nothing by that.
        let could = |promise: &&Arc<Reservation>| world.sooner(promise.number).is_some();
        let late: Vec<_> = late(world).filter(|one| !gained.is_empty() || could(one)).collect();
        if late.is_empty() || changed.is_empty() {
            return;
        }
        let bound: BTreeSet<u64> = engine.ask_takes(world, |takes: &mut Takes| {
            let is_bound = |promise: &&&Arc<Reservation>| {
                let (limiting, _) = exceptions::of_promise(takes, promise);
                let counts = if could(promise) { &changed } else { &gained };
                let mut named = bounds(&takes.world().snapshot, promise, &limiting);
                named.any(|account| counts.contains(&account))
            };
            late.iter().filter(is_bound).map(|promise| promise.number).collect()
        });
        self.queue(world, |number| bound.contains(&number));
    }

    fn queue(&mut self, world: &World, is_wanted: impl Fn(u64) -> bool) {
        let known: BTreeSet<u64> = self.waiting.iter().copied().collect();
        let is_new = |promise: &&Arc<Reservation>| {
            is_wanted(promise.number) && !known.contains(&promise.number)
        };
        let mut found: Vec<_> = late(world).filter(is_new).collect();
        found.sort_by_key(|promise| (Reverse(value(promise)), promise.number));
        self.waiting.extend(found.into_iter().map(|promise| promise.number));
    }
}

fn late(world: &World) -> impl Iterator<Item = &Arc<Reservation>> {
    let is_late = |promise: &&Arc<Reservation>| {
        promise.is_live() && promise.facts.legs.iter().any(|leg| 0 < leg.days_late)
    };
    world.reservations_from(0).filter(is_late)
}

/// The accounts that what bounds a promise names.
fn bounds(
    snapshot: &Snapshot,
    promise: &Reservation,
    limiting: &Limiting,
) -> impl Iterator<Item = AccountIx> {
    let stock =
        limiting.item.zip(limiting.location).map(|(item, at)| snapshot.stock(item, at).ix());
    let resource =
        limiting.resource.map(|of| snapshot.capacity(snapshot.resources.rows[of].capacity).ix());
    let taken = moves(promise).map(|posting| posting.account).collect::<Vec<_>>();
    stock.into_iter().chain(resource).chain(taken)
}

/// Asks for a late promise again: what is to be noted of it, if anything.
fn sooner(world: &World, number: u64) -> Option<Note> {
    let promise = world.reservation(number).filter(|promise| promise.is_live())?;
    let without = world.without(number);
    let line = terms::order_line(&world.snapshot, promise);
    let line = OrderLine { repeat: Some(Repeat::Add), quantity: promise.quantity, ..line };
    let (objective, alternatives, remedies, now) = (None, 0, Remedies::None, None);
    let request = Request { lines: vec![line], objective, alternatives, remedies, now };
    let query = request.resolve(&without.snapshot).ok()?;
    let found = planning::ask(&without, &request, &query);
    let option = found.lines.first()?.option.as_ref()?;
    let covers: crate::model::Quantity = option.legs.iter().map(|leg| leg.covers).sum();
    let could_be = option.legs.iter().map(|leg| leg.dated(promise.facts.date_type)).max()?;
    let is_sooner = covers == promise.quantity && could_be < promise_last(promise)?;
    let known = world.sooner(number).map(|(date, _)| date);
    let date = world.snapshot.epoch().date(could_be);
    match (is_sooner, known) {
        (true, Some(known)) if known == date => None,
        (true, _) => Some(Note::SoonerPossible { number, date }),
        (false, Some(_)) => Some(Note::SoonerNoMore { number }),
        (false, None) => None,
    }
}

/// The thread that looks, until it is dropped.
#[derive(Debug)]
pub struct Sweeper {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Looks for what comes about by itself from now on.
pub fn start(engine: Engine) -> Sweeper {
    let is_over = Arc::new(AtomicBool::new(false));
    let ends = Arc::clone(&is_over);
    let thread = std::thread::Builder::new().name("sweep".to_string());
    let thread = thread.spawn(move || run(&engine, &ends));
    if let Err(error) = &thread {
        tracing::warn!(%error, "no thread to look for what comes about by itself");
    }
    Sweeper { is_over, thread: thread.ok() }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic of it was told by its thread.
            drop(thread.join());
        }
    }
}

fn run(engine: &Engine, is_over: &AtomicBool) {
    // On Linux this is the priority of this thread alone.
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!(%error, "what comes about by itself is looked for at normal priority");
    }
    let (mut sweep, mut is_new) = (Sweep::default(), false);
    while !is_over.load(Ordering::Relaxed) {
        let watch = Stopwatch::start();
        if !engine.is_leading() {
            // The node that leads looks.
            is_new = true;
            std::thread::park_timeout(LOOK_EVERY);
            continue;
        }
        if std::mem::take(&mut is_new) {
            sweep = Sweep::after_others(engine);
        }
        let notes = sweep.look(engine, WORK_AT_ONCE);
        if !notes.is_empty() && engine.note(notes).wait().is_err() {
            // It is ending, or has no room; what was found is found again.
            sweep = Sweep::default();
        }
        std::thread::park_timeout(LOOK_EVERY.max(watch.elapsed() * REST));
    }
}
