//! The world of a simulation: an engine on a disk that can fail, and what can happen to it.

use super::{
    asked,
    clients::{Clients, Random, ready},
    commands,
    data::Data,
};
use crate::{
    disk::{Disk, Fault},
    engine_support::{Hands, cancel},
};
use promised::{
    engine::{Answer, Config, Engine, Error, Steps, Swapped},
    journal::{Journal, Reader},
    ledger::{digest, refresh, refresh::Refresh},
    model::{AccountIx, Posting},
    promising::Planner,
    snapshot::Snapshot,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
    time::Duration,
};

/// How far a swap to another snapshot has come.
enum Swap {
    None,
    /// It is reconciled with the world of an earlier instant.
    Reconciling(Box<Refresh>),
    /// The writer is asked.
    Asked(Answer<Swapped>),
}

/// Something that happens.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// A caller asks for something that has to do with promises.
    Send,
    /// Something that was asked for is asked for again, or something else under its id.
    SendAgain,
    /// A scenario is applied: planning data change and promises change hands in one step.
    Rearrange,
    /// A source says that planning data has changed.
    Change,
    /// Somebody asks what could be.
    Ask,
    /// Somebody tries something in a scenario and throws it away.
    Imagine,
    /// The writer's turn.
    Write,
    /// The journal's turn.
    Sync,
    /// Time passes.
    Pass,
    /// Somebody sets the clock.
    Jump,
    /// The disk will fail at one of the next syncs.
    BreakDisk,
    /// A refresh begins.
    Begin,
    /// It catches up.
    CatchUp,
    /// Its snapshot is to serve.
    Swap,
    /// The planner's turn.
    Replan,
    /// The process is killed or told to stop, and another one begins.
    Kill,
}

pub struct Sim {
    pub(super) random: Random,
    /// One that is asked again and again.
    pub(super) planner: Planner,
    pub(super) data: Data,
    pub disk: Disk,
    pub(super) hands: Hands,
    needs_on_writer: u64,
    pub(super) engine: Engine,
    steps: Option<Steps>,
    pub(super) reader: Arc<dyn Reader>,
    pub clients: Clients,
    swap: Swap,
    /// The digest of each world that was ever seen, by position.
    pub(super) seen: BTreeMap<u64, u128>,
    /// The data last seen: how many snapshots had served, how they were changed; and what was overdrawn then.
    pub(super) overdrawn: (u64, u128, BTreeSet<String>),
    pub log: String,
    n_shown: usize,
    pub n_jumps: usize,
    pub n_crashes: usize,
    pub n_stops: usize,
    pub n_checkpoints: usize,
    pub n_cut: usize,
    pub n_swaps: usize,
    /// Changes of planning data that were made again over another snapshot.
    pub n_carried: u64,
    pub n_replans: usize,
    pub n_forgotten: usize,
    pub n_asked: usize,
    pub n_imagined: usize,
    pub n_divided: usize,
    pub n_forecast: usize,
}

fn config(hands: &Hands, data: &Data, needs_on_writer: u64) -> Config {
    Config {
        checkpoint_every: 12,
        queue_at_most: 256,
        needs_on_writer,
        promises_on_writer: needs_on_writer,
        keep_over_for: Duration::from_secs(90),
        keep_over_at_most: 12,
        snapshots: data.source(),
        ..hands.config()
    }
}

fn open(disk: &Disk, data: &Data, config: Config) -> (Engine, Steps, Arc<dyn Reader>, bool) {
    let (journal, opened) = disk.open().expect("a crash never makes a journal unreadable");
    let reader = journal.reader();
    let (engine, steps) =
        Engine::stepped(Arc::clone(data.first()), Box::new(journal), config).expect("it recovers");
    (engine, steps, reader, opened.cut)
}

impl Sim {
    pub fn new(seed: u64) -> Self {
        let (disk, hands, data) = (Disk::seeded(seed), Hands::default(), Data::new(seed));
        // The writer plans all that lost its race itself, or nothing.
        let needs_on_writer = [u64::MAX, 0, 2][seed as usize % 3];
        let (engine, steps, reader, _) = open(&disk, &data, config(&hands, &data, needs_on_writer));
        Self {
            random: Random(seed ^ 0x5eed),
            planner: Planner::default(),
            data,
            disk,
            hands,
            needs_on_writer,
            engine,
            steps: Some(steps),
            reader,
            clients: Clients::default(),
            swap: Swap::None,
            seen: BTreeMap::new(),
            overdrawn: Default::default(),
            log: String::new(),
            n_shown: 0,
            n_jumps: 0,
            n_crashes: 0,
            n_stops: 0,
            n_checkpoints: 0,
            n_cut: 0,
            n_swaps: 0,
            n_carried: 0,
            n_replans: 0,
            n_forgotten: 0,
            n_asked: 0,
            n_imagined: 0,
            n_divided: 0,
            n_forecast: 0,
        }
    }

    /// One thing happens, drawn by lot.
    pub fn step(&mut self) {
        let act = self.draw();
        self.act(act);
    }

    fn draw(&mut self) -> Act {
        match self.random.below(37) {
            0..=6 => Act::Send,
            7 | 8 => Act::SendAgain,
            9..=12 => Act::Write,
            13..=17 => Act::Sync,
            18 => Act::Pass,
            19 => Act::BreakDisk,
            20 | 21 => match &self.swap {
                Swap::Reconciling(_) if self.random.below(3) == 0 => Act::CatchUp,
                Swap::Reconciling(_) => Act::Swap,
                Swap::None | Swap::Asked(_) => Act::Begin,
            },
            22 => Act::Rearrange,
            23..=25 => Act::Change,
            26 | 29..=32 => Act::Replan,
            27 => Act::Jump,
            33 | 34 => Act::Ask,
            35 | 36 => Act::Imagine,
            _ if self.random.below(3) == 0 => Act::Kill,
            _ => Act::Sync,
        }
    }

    /// One thing happens, and everything is looked at.
    pub fn act(&mut self, act: Act) {
        let said = match act {
            Act::Send => self.clients.send(&self.engine, &mut self.random, commands::invent),
            Act::SendAgain => self.clients.send_again(&self.engine, &mut self.random),
            Act::Rearrange if self.random.below(2) == 0 => {
                self.clients.send(&self.engine, &mut self.random, asked::apply)
            }
            Act::Rearrange => {
                self.clients.send(&self.engine, &mut self.random, commands::rearrangement)
            }
            Act::Change => self.clients.send(&self.engine, &mut self.random, commands::net),
            Act::Ask => {
                self.n_asked += 1;
                self.ask()
            }
            Act::Imagine => {
                self.n_imagined += 1;
                self.imagine()
            }
            Act::Write => {
                self.steps.as_mut().unwrap().write();
                "write".to_string()
            }
            Act::Sync => self.sync(),
            Act::Pass => self.pass(),
            Act::Jump => self.jump(),
            Act::BreakDisk => self.break_disk(),
            Act::Begin => self.begin(),
            Act::CatchUp => self.catch_up(),
            Act::Swap => self.ask_to_swap(),
            Act::Replan => self.replan(),
            Act::Kill if self.random.below(3) == 0 => self.stop(),
            Act::Kill => self.crash("killed"),
        };
        writeln!(self.log, "{said}").unwrap();
        self.look();
        // Of a seed that fails: PROMISED_SIM=7..8 PROMISED_SHOW=1.
        if std::env::var_os("PROMISED_SHOW").is_some() {
            eprint!("{}", &self.log[self.n_shown..]);
            self.n_shown = self.log.len();
        }
    }

    fn sync(&mut self) -> String {
        if self.random.below(8) == 0 {
            // A slow disk: time passes, holds end and deadlines pass meanwhile.
            self.pass();
        }
        match self.steps.as_mut().unwrap().sync() {
            Ok(_) => "sync".to_string(),
            Err(error) => {
                assert!(self.disk.is_broken(), "only a broken disk fails: {error}");
                self.crash("failed")
            }
        }
    }

    /// Time passes.
    fn pass(&mut self) -> String {
        let seconds = self.random.below(25) as i64;
        self.hands.pass(seconds);
        format!("{seconds} s pass")
    }

    /// The clock on the wall is set, forward or back: by seconds, by what is followed at once, by days.
    fn jump(&mut self) -> String {
        let by = [25, 600, 3_600, 7_200, 90_000][self.random.below(5) as usize];
        let seconds = self.random.below(by) as i64;
        let seconds = if self.random.below(2) == 0 { -seconds } else { seconds };
        self.hands.jump(self.hands.wall() + seconds);
        self.n_jumps += 1;
        format!("the clock is set by {seconds} s")
    }

    fn replan(&mut self) -> String {
        let done = self.steps.as_mut().unwrap().replan();
        self.n_replans += usize::from(done);
        format!("replan {done}")
    }

    /// Another snapshot is reconciled beside the live world.
    fn begin(&mut self) -> String {
        if let Swap::Asked(_) = self.swap {
            return "swap under way".to_string();
        }
        let next = self.data.any(self.random.below(4)).clone();
        self.reconcile(next)
    }

    fn reconcile(&mut self, mut next: Snapshot) -> String {
        let world = self.engine.pin();
        next.adopt(&refresh::missing(&world, &next));
        let id = next.id().to_string();
        let begun = Refresh::begin(&world, Arc::new(next)).expect("names are adopted");
        self.swap = Swap::Reconciling(Box::new(begun));
        format!("begin {id}")
    }

    /// It catches up with what was done meanwhile.
    fn catch_up(&mut self) -> String {
        let Swap::Reconciling(refresh) = &mut self.swap else {
            return "nothing to catch up".to_string();
        };
        let caught_up = refresh.catch_up(&self.engine.pin());
        if caught_up.is_err() {
            self.swap = Swap::None;
        }
        format!("catch up {caught_up:?}")
    }

    /// The writer is asked to let it serve.
    fn ask_to_swap(&mut self) -> String {
        match std::mem::replace(&mut self.swap, Swap::None) {
            Swap::Reconciling(refresh) => {
                self.swap = Swap::Asked(self.engine.swap(refresh, None));
                "swap".to_string()
            }
            other @ (Swap::None | Swap::Asked(_)) => {
                self.swap = other;
                "nothing to swap".to_string()
            }
        }
    }

    /// What became of a swap.
    pub(super) fn hear(&mut self) {
        let Swap::Asked(answer) = &mut self.swap else { return };
        let Some(result) = ready(answer) else { return };
        self.swap = Swap::None;
        match result {
            Ok(swapped) => {
                self.n_swaps += 1;
                self.n_carried += swapped.reconciled.carried.made;
                let (at, counts) = (swapped.position, swapped.reconciled.counts());
                writeln!(self.log, "  swapped at {at}: {counts:?}").unwrap();
            }
            // A promise made in the last moment names what the snapshot does not have; or the engine died or was stopped.
            Err(
                error @ (Error::NotAdopted(_)
                | Error::OutcomeUnknown
                | Error::Stopped
                | Error::Busy),
            ) => {
                writeln!(self.log, "  {error}").unwrap();
            }
            Err(error) => panic!("R1: {error}"),
        }
    }

    fn break_disk(&mut self) -> String {
        let faults =
            [Fault::Before, Fault::Torn, Fault::Torn, Fault::After, Fault::Failed, Fault::Full];
        let fault = faults[self.random.below(6) as usize];
        let sync = 1 + self.random.below(5);
        self.disk.plan(sync, fault);
        format!("{fault:?} at sync {sync}")
    }

    /// The process is told to stop: what it has taken is done and made durable, and everybody is answered.
    fn stop(&mut self) -> String {
        let n_unknown = self.clients.n_unknown;
        if let Err(error) = self.steps.as_mut().unwrap().end() {
            assert!(self.disk.is_broken(), "only a broken disk fails: {error}");
            return self.crash("failed while it stopped");
        }
        self.look();
        assert!(self.clients.are_answered(), "somebody hears nothing");
        assert_eq!(self.clients.n_unknown, n_unknown, "everybody hears what became of it");
        self.n_stops += 1;
        self.crash("stopped")
    }

    /// The process ends, and another one begins with what is durable.
    fn crash(&mut self, how: &str) -> String {
        self.n_crashes += 1;
        self.steps = None;
        self.clients.listen(&self.hands, &mut self.log);
        self.hear();
        self.swap = Swap::None;
        self.reader = Arc::new(promised::journal::Memory::default());
        let (idle, _) = Engine::stepped(
            Arc::clone(self.data.first()),
            Box::new(promised::journal::Memory::default()),
            Config { queue_at_most: 1, ..self.hands.config() },
        )
        .unwrap();
        self.engine = idle;
        self.disk.restart();
        let config = config(&self.hands, &self.data, self.needs_on_writer);
        let (engine, steps, reader, cut) = open(&self.disk, &self.data, config);
        (self.engine, self.steps, self.reader) = (engine, Some(steps), reader);
        self.n_cut += usize::from(cut);
        self.look_at_journal();
        self.compare_checkpoints();
        format!("{how}; again at {}", self.engine.pin().position)
    }

    /// The disk is mended, all is answered, and every acknowledged command gets its first answer again.
    pub fn finish(&mut self) {
        let said = self.crash("at last");
        writeln!(self.log, "{said}").unwrap();
        self.clients.resend_all(&self.engine);
        let before = self.engine.pin().position;
        self.steps.as_mut().unwrap().settle().unwrap();
        self.look();
        // Holds may have ended, and what is over may have been forgotten; nothing else was done.
        let done = self.kinds_after(before);
        assert!(
            done.iter().all(|kind| ["expired", "forgotten", "leapt"].contains(kind)),
            "{done:?}"
        );
    }

    /// All promises end, in any order, the process now and then among them; the last snapshot has counted what has
    /// shipped. Then every balance is the snapshot's own.
    pub fn end_all(&mut self) {
        loop {
            let world = self.engine.pin();
            let live = world.reservations_from(0).filter(|one| !one.state.is_final());
            let live: Vec<u64> = live.map(|one| one.number).collect();
            if live.is_empty() {
                break;
            }
            let number = live[self.random.below(live.len() as u64) as usize];
            let mut cancelled = self.engine.cancel(cancel("", number, None));
            self.steps.as_mut().unwrap().settle().unwrap();
            ready(&mut cancelled).expect("it is answered").expect("what is live can be cancelled");
            writeln!(self.log, "P{number} ends").unwrap();
            self.look();
            if self.random.below(4) == 0 {
                self.crash("killed");
            }
        }
        self.swap = Swap::None;
        self.reconcile(self.data.last().clone());
        self.ask_to_swap();
        let n_swaps = self.n_swaps;
        self.steps.as_mut().unwrap().settle().unwrap();
        self.look();
        assert_eq!(self.n_swaps, n_swaps + 1, "the last snapshot serves");
        for _ in 0..2 {
            let world = self.engine.pin();
            // What has shipped uses up its forecast as long as it is kept (semantics 12.2).
            let used: BTreeSet<AccountIx> =
                world.view.all_used().map(|(of, _)| of.account.ix()).collect();
            let whole =
                |account| world.snapshot.whole(account).map_or(account, |(whole, _)| whole.ix());
            let is_left = |posting: &Posting| !used.contains(&whole(posting.account));
            let left: Vec<_> = digest::effect(&world).filter(is_left).collect();
            assert!(left.is_empty(), "nothing is left behind: {left:?}");
            self.crash("killed in the end");
        }
    }

    fn kinds_after(&self, position: u64) -> Vec<&'static str> {
        let mut kinds = Vec::new();
        let note = &mut |record: promised::journal::RawEntry<'_>| {
            kinds.push(record.head()?.kind);
            Ok(())
        };
        self.reader.read_from(position + 1, note).unwrap();
        kinds
    }
}
