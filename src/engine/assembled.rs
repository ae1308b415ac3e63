//! An engine put together from what a journal gives, before anything moves.

use super::{
    Config, Engine, Error, SnapshotSource, StopHook, aside,
    aside::PlannersEnd,
    clock::micros_of as micros,
    current::Current,
    durable::Durable,
    fence::Fence,
    lane::LaneEnd,
    leadership::Leadership,
    live::Live,
    lookups::Lookups,
    recovery::{self, Recovered, Snapshots},
    remembered::{Remembered, Retention},
    room::Room,
    saving::Saving,
    scenarios::Scenarios,
    snapshot_source::Rebuilding,
    time::EngineTime,
    watch,
    writer::{Forgetting, Writer},
};
use crate::{journal::Journal, ledger::Ledger, snapshot::Snapshot};
use crossbeam::channel::bounded;
use std::sync::Arc;

/// An engine before anything moves.
pub(super) struct Assembled {
    pub(super) engine: Engine,
    pub(super) writer: Writer,
    pub(super) durable: Durable,
    pub(super) planner: PlannersEnd,
    pub(super) on_stop: StopHook,
}

impl Assembled {
    pub(super) fn new(
        snapshot: &Arc<Snapshot>,
        mut journal: Box<dyn Journal>,
        config: Config,
    ) -> Result<Self, Error> {
        let Config { clock, clock_jump, remember_for, remember_at_most, checkpoint_every, .. } =
            config;
        let Config { keep_over_for, keep_over_at_most, needs_on_writer, .. } = config;
        let Config {
            by, traced, today, scenario_bytes_at_most, identity, scenarios: kept_in, ..
        } = config;
        let Config { on_stop, check_every, queue_at_most, snapshots: kept, follows, .. } = config;
        let snapshots = Snapshots { given: snapshot, kept: &kept };
        let age = micros(remember_for);
        let (keep_over, count) = (micros(keep_over_for), keep_over_at_most);
        let forgetting = Forgetting { age: keep_over, count, next: 0 };
        let retention = Retention { age, count: remember_at_most };
        let Recovered { mut ledger, remembered, now, checkpoint, began_with, leaps, has_older } =
            recovery::recover(&mut *journal, &snapshots, retention, &identity.ledger.into())?;
        let ruled =
            if follows { None } else { recovery::adopt_rules(&mut *journal, &mut ledger, now)? };
        let standing = Leadership::new(follows, now, (snapshot, Arc::clone(&kept)));
        let began = (ledger.world().position + 1, ledger.world().next_number());
        let time = Arc::new(EngineTime::start(clock, micros(clock_jump), now, began));
        let earlier = earlier(&remembered, (snapshot, &kept));
        let current = Arc::new(Current::new(ledger.world().clone()));
        check_every.into_iter().for_each(|every| watch::start(&current, every));
        let (sender, queue) = bounded(queue_at_most);
        let (room, leads) = (Room::default(), standing.flag());
        let (aside, planner) = aside::pair();
        let small = (needs_on_writer, config.promises_on_writer);
        let live = live((ledger, remembered), (&room, &time), small);
        let writer = Writer {
            queue,
            time: Arc::clone(&time),
            live,
            aside,
            fence: Fence::default(),
            lane: LaneEnd::new(),
            pending: Vec::new(),
            closed: std::collections::VecDeque::new(),
            durable: Arc::clone(&current),
            n_lines: 0,
            forgetting,
            standing,
            is_ending: false,
        };
        let saving = Saving::new(checkpoint_every, age, (checkpoint, began_with), leaps);
        let of_engine = room.clone();
        let durable = durable((journal, &current), saving, room)?;
        let kept_in = (identity.start, kept_in, by);
        let scenarios = Scenarios::new(Arc::clone(&current), scenario_bytes_at_most, kept_in);
        let engine = Engine {
            current,
            time,
            today,
            queue: sender,
            thread: Arc::default(),
            scenarios: Arc::new(scenarios.map_err(unkept)?),
            earlier: Arc::new(earlier),
            lookups: Arc::new(Lookups::new(config.exceptions)),
            watching: Arc::default(),
            readers: super::reading::Readers::default(),
            ruled,
            room: of_engine,
            has_older,
            by,
            traced,
            leads,
            held: Arc::default(),
        };
        Ok(Self { engine, writer, durable, planner, on_stop })
    }
}

fn earlier(
    remembered: &Remembered,
    (snapshot, kept): (&Arc<Snapshot>, &SnapshotSource),
) -> Rebuilding {
    let reader = Arc::downgrade(remembered.reader());
    Rebuilding { reader, given: Arc::downgrade(snapshot), kept: Arc::clone(kept) }
}

/// What the writer does commands on, before there is anything to do.
fn live(
    (ledger, remembered): (Ledger, Remembered),
    (room, time): (&Room, &Arc<EngineTime>),
    (needs, promises): (u64, u64),
) -> Live {
    let (room, now, moment) = (room.clone(), time.now(), time.steady());
    Live { ledger, remembered, entries: Vec::new(), room, epoch: 0, now, moment, needs, promises }
}

/// What makes durable, with room for the first of it.
fn durable(
    (journal, current): (Box<dyn Journal>, &Arc<Current>),
    saving: Saving,
    room: Room,
) -> Result<Durable, Error> {
    let current = Arc::clone(current);
    let mut durable = Durable { journal, current, saving, room, is_deposed: false };
    durable.make_room()?;
    Ok(durable)
}

fn unkept(error: std::io::Error) -> Error {
    Error::Journal(crate::journal::Error::storage("keep scenarios", error))
}
