//! The world of a simulation: an engine on a disk that can fail, and what must hold whatever happens.

use super::{
    clients::{Clients, Random, ready},
    data::Data,
};
use crate::{
    disk::{Disk, Fault},
    engine_support::Hands,
};
use promised::{
    engine::{Answer, Config, Engine, Error, Steps, Swapped, selfcheck},
    journal::{Journal, Reader},
    ledger::{World, audit, digest, refresh, refresh::Refresh},
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

pub struct Sim {
    random: Random,
    data: Data,
    pub disk: Disk,
    hands: Hands,
    second: i64,
    slow_plan: Duration,
    engine: Engine,
    steps: Option<Steps>,
    reader: Arc<dyn Reader>,
    pub clients: Clients,
    swap: Swap,
    /// The digest of each world that was ever seen, by position.
    seen: BTreeMap<u64, u128>,
    /// The data last seen: how many snapshots had served, how they were changed; and what was overdrawn then.
    overdrawn: (u64, u128, BTreeSet<String>),
    pub log: String,
    pub n_crashes: usize,
    pub n_checkpoints: usize,
    pub n_cut: usize,
    pub n_swaps: usize,
    pub n_replans: usize,
    pub n_forgotten: usize,
}

fn config(hands: &Hands, data: &Data, slow_plan: Duration) -> Config {
    Config {
        checkpoint_every: 12,
        queue_at_most: 256,
        slow_plan,
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
        let (disk, hands, data) = (Disk::seeded(seed), Hands::default(), Data::new());
        // The writer plans all that lost its race itself, or nothing.
        let slow_plan = if seed % 2 == 0 { Duration::MAX } else { Duration::ZERO };
        let (engine, steps, reader, _) = open(&disk, &data, config(&hands, &data, slow_plan));
        Self {
            random: Random(seed ^ 0x5eed),
            data,
            disk,
            hands,
            second: 0,
            slow_plan,
            engine,
            steps: Some(steps),
            reader,
            clients: Clients::default(),
            swap: Swap::None,
            seen: BTreeMap::new(),
            overdrawn: Default::default(),
            log: String::new(),
            n_crashes: 0,
            n_checkpoints: 0,
            n_cut: 0,
            n_swaps: 0,
            n_replans: 0,
            n_forgotten: 0,
        }
    }

    /// One thing happens, and everything is looked at.
    pub fn step(&mut self) {
        let said = match self.random.below(24) {
            0..=7 => {
                let highest = self.engine.pin().next_number();
                self.clients.send(&self.engine, &mut self.random, highest)
            }
            8..=11 => {
                self.steps.as_mut().unwrap().write();
                "write".to_string()
            }
            12..=16 => self.sync(),
            17 => self.pass(),
            18 => self.break_disk(),
            19 | 20 => self.swap(),
            21 => self.clients.rearrange(&self.engine, &mut self.random),
            22 => self.replan(),
            _ if self.random.below(3) == 0 => self.crash("killed"),
            _ => self.sync(),
        };
        writeln!(self.log, "{said}").unwrap();
        self.look();
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

    /// Time passes; now and then the clock is set back.
    fn pass(&mut self) -> String {
        let seconds = self.random.below(25) as i64;
        self.second += if self.random.below(6) == 0 { -seconds } else { seconds };
        self.hands.set(self.second);
        format!("second {}", self.second)
    }

    fn replan(&mut self) -> String {
        let done = self.steps.as_mut().unwrap().replan();
        self.n_replans += usize::from(done);
        format!("replan {done}")
    }

    /// One step on the way to another snapshot: reconciled beside the live world, caught up, the writer asked.
    fn swap(&mut self) -> String {
        let world = self.engine.pin();
        match std::mem::replace(&mut self.swap, Swap::None) {
            Swap::None => {
                let mut next = self.data.any(self.random.below(4)).clone();
                next.adopt(&refresh::missing(&world, &next));
                let id = next.id().to_string();
                let begun = Refresh::begin(&world, Arc::new(next)).expect("names are adopted");
                self.swap = Swap::Reconciling(Box::new(begun));
                format!("begin {id}")
            }
            Swap::Reconciling(mut refresh) if self.random.below(3) == 0 => {
                let caught_up = refresh.catch_up(&world);
                if caught_up.is_ok() {
                    self.swap = Swap::Reconciling(refresh);
                }
                format!("catch up {caught_up:?}")
            }
            Swap::Reconciling(refresh) => {
                self.swap = Swap::Asked(self.engine.swap(refresh, None));
                "swap".to_string()
            }
            asked @ Swap::Asked(_) => {
                self.swap = asked;
                "swap under way".to_string()
            }
        }
    }

    /// What became of a swap.
    fn hear(&mut self) {
        let Swap::Asked(answer) = &mut self.swap else { return };
        let Some(result) = ready(answer) else { return };
        self.swap = Swap::None;
        match result {
            Ok(swapped) => {
                self.n_swaps += 1;
                let (at, counts) = (swapped.position, swapped.reconciled.counts());
                writeln!(self.log, "  swapped at {at}: {counts:?}").unwrap();
            }
            // A promise made in the last moment names what the snapshot does not have; or the engine died.
            Err(error @ (Error::NotAdopted(_) | Error::Stopped | Error::Busy)) => {
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

    /// The process ends, and another one begins with what is durable.
    fn crash(&mut self, how: &str) -> String {
        self.n_crashes += 1;
        self.steps = None;
        self.clients.listen(&mut self.log);
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
        let config = config(&self.hands, &self.data, self.slow_plan);
        let (engine, steps, reader, cut) = open(&self.disk, &self.data, config);
        (self.engine, self.steps, self.reader) = (engine, Some(steps), reader);
        self.n_cut += usize::from(cut);
        self.look_at_journal();
        self.compare_checkpoints();
        format!("{how}; again at {}", self.engine.pin().position)
    }

    /// What holds after every step.
    fn look(&mut self) {
        self.clients.listen(&mut self.log);
        self.hear();
        let world = self.engine.pin();
        assert_eq!(audit::divergences(&world), [], "L2");
        self.look_at_accounts(&world);
        let digest = digest::of(&world);
        let known = *self.seen.entry(world.position).or_insert(digest);
        assert_eq!(known, digest, "L6: one position, one state");
    }

    /// L1: no promise overdraws an account. Other data may: then what was promised on them stands.
    fn look_at_accounts(&mut self, world: &World) {
        let name = |(account, _)| world.snapshot.account_name(account);
        let overdrawn: BTreeSet<String> = audit::overdrawn(world).into_iter().map(name).collect();
        let data = (world.generation(), world.snapshot.changes());
        let (generation, changes, before) = &self.overdrawn;
        if (*generation, *changes) == data {
            assert!(overdrawn.is_subset(before), "L1: {overdrawn:?}, before {before:?}");
        }
        self.overdrawn = (data.0, data.1, overdrawn);
    }

    /// What holds after a restart.
    fn look_at_journal(&mut self) {
        let world = self.engine.pin();
        let position = world.position;
        // The state of a position that nobody saw before the crash may be another one after it.
        if let Some(known) = self.seen.get(&position) {
            assert_eq!(*known, digest::of(&world), "L6: what is read back is what was there");
        }
        self.seen.retain(|at, _| *at <= position);
        for (id, told) in &self.clients.told {
            if let Some(acknowledged) = told.position {
                assert!(acknowledged <= position, "J1: {id} was acknowledged and is gone");
            }
        }
        let (mut ids, mut n_forgotten) = (BTreeSet::new(), 0);
        let mut entries = BTreeMap::new();
        let first = self.reader.first().unwrap();
        self.reader
            .read_from(first, &mut |record| {
                let head = record.head()?;
                n_forgotten += usize::from(head.kind == "forgotten");
                if let Some(request) = head.request {
                    assert!(self.clients.knows(&request.id), "nobody asked for {}", request.id);
                    assert!(
                        ids.insert(request.id.to_string()),
                        "L4: {} was done twice",
                        request.id
                    );
                    entries.insert(request.id.to_string(), head.position);
                }
                Ok(())
            })
            .unwrap();
        self.n_forgotten = self.n_forgotten.max(n_forgotten);
        for (id, told) in &self.clients.told {
            let is_kept = told.position.is_none_or(|at| at < first || entries.get(id) == Some(&at));
            assert!(is_kept, "J1: {id} is not at its position");
        }
    }

    /// The older checkpoint and the entries after it, swaps included, give the newer one (L6).
    fn compare_checkpoints(&mut self) {
        if self.reader.checkpoints().unwrap().len() < 2 {
            return;
        }
        self.n_checkpoints += 1;
        let (mut journal, _) = self.disk.cut().open().unwrap();
        let replayed = selfcheck::replay(&mut journal, self.data.first(), &self.data.source());
        assert_eq!(replayed.unwrap().divergences, [], "L2");
    }

    /// The disk is mended, all is answered, and every acknowledged command gets its first answer again.
    pub fn finish(&mut self) {
        let said = self.crash("at last");
        writeln!(self.log, "{said}").unwrap();
        for id in self.clients.acknowledged() {
            self.clients.resend(&self.engine, &id);
        }
        let before = self.engine.pin().position;
        self.steps.as_mut().unwrap().settle().unwrap();
        self.look();
        // Holds may have ended, and what is over may have been forgotten; nothing else was done.
        let done = self.kinds_after(before);
        assert!(done.iter().all(|kind| ["expired", "forgotten"].contains(kind)), "{done:?}");
    }

    fn kinds_after(&self, position: u64) -> Vec<&'static str> {
        let mut kinds = Vec::new();
        let note = &mut |record: promised::journal::Record<'_>| {
            kinds.push(record.head()?.kind);
            Ok(())
        };
        self.reader.read_from(position + 1, note).unwrap();
        kinds
    }
}
