//! The world of a simulation: an engine on a disk that can fail, and what must hold whatever happens.

use super::clients::{Clients, Random};
use crate::{
    disk::{Disk, Fault},
    engine_support::Hands,
    ledger_book::TABLES,
    ledger_model::snapshot,
};
use promised::{
    engine::{Config, Engine, Steps},
    journal::{self, Journal, Reader, checkpoint},
    ledger::{Ledger, audit, digest},
    snapshot::Snapshot,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
    time::Duration,
};

pub struct Sim {
    random: Random,
    snapshot: Arc<Snapshot>,
    pub disk: Disk,
    hands: Hands,
    second: i64,
    engine: Engine,
    steps: Option<Steps>,
    reader: Arc<dyn Reader>,
    pub clients: Clients,
    /// The digest of each world that was ever seen, by position.
    seen: BTreeMap<u64, u128>,
    pub log: String,
    pub n_crashes: usize,
    pub n_checkpoints: usize,
    pub n_cut: usize,
}

fn open(
    disk: &Disk,
    hands: &Hands,
    snapshot: &Arc<Snapshot>,
) -> (Engine, Steps, Arc<dyn Reader>, bool) {
    let (journal, opened) = disk.open().expect("a crash never makes a journal unreadable");
    let reader = journal.reader();
    let config = Config { checkpoint_every: 12, queue_at_most: 256, ..hands.config() };
    let (engine, steps) =
        Engine::stepped(Arc::clone(snapshot), Box::new(journal), config).expect("it recovers");
    (engine, steps, reader, opened.cut)
}

impl Sim {
    pub fn new(seed: u64) -> Self {
        let (disk, hands) = (Disk::seeded(seed), Hands::default());
        // More of everything than the ledger's own tests have, so that promises go on.
        let tables: Vec<_> = TABLES
            .iter()
            .map(|(table, text)| match *table {
                "on_hand" => (
                    *table,
                    "item,location,quantity\nPUMP,BER,60\nMOTOR,BER,40\nBACK,BER,50\nALONE,BER,50",
                ),
                "locations" => (*table, "location,order_lines_per_day\nBER,30\nHAM,"),
                _ => (*table, *text),
            })
            .collect();
        let snapshot = Arc::new(snapshot(&tables));
        let (engine, steps, reader, _) = open(&disk, &hands, &snapshot);
        Self {
            random: Random(seed ^ 0x5eed),
            snapshot,
            disk,
            hands,
            second: 0,
            engine,
            steps: Some(steps),
            reader,
            clients: Clients::default(),
            seen: BTreeMap::new(),
            log: String::new(),
            n_crashes: 0,
            n_checkpoints: 0,
            n_cut: 0,
        }
    }

    /// One thing happens, and everything is looked at.
    pub fn step(&mut self) {
        let said = match self.random.below(20) {
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
        self.reader = Arc::new(promised::journal::Memory::default());
        let (idle, _) = Engine::stepped(
            Arc::clone(&self.snapshot),
            Box::new(promised::journal::Memory::default()),
            Config { queue_at_most: 1, ..self.hands.config() },
        )
        .unwrap();
        self.engine = idle;
        self.disk.restart();
        let (engine, steps, reader, cut) = open(&self.disk, &self.hands, &self.snapshot);
        (self.engine, self.steps, self.reader) = (engine, Some(steps), reader);
        self.n_cut += usize::from(cut);
        self.look_at_journal();
        format!("{how}; again at {}", self.engine.pin().position)
    }

    /// What holds after every step.
    fn look(&mut self) {
        self.clients.listen(&mut self.log);
        let world = self.engine.pin();
        assert_eq!(audit::divergences(&world), [], "L2");
        assert_eq!(audit::overdrawn(&world), [], "L1");
        let digest = digest::of(&world);
        let known = *self.seen.entry(world.position).or_insert(digest);
        assert_eq!(known, digest, "L6: one position, one state");
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
        let mut ids = BTreeSet::new();
        let mut entries = BTreeMap::new();
        let first = self.reader.first().unwrap();
        self.reader
            .read_from(first, &mut |record| {
                let head = record.head()?;
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
        for (id, told) in &self.clients.told {
            let is_kept = told.position.is_none_or(|at| at < first || entries.get(id) == Some(&at));
            assert!(is_kept, "J1: {id} is not at its position");
        }
        self.compare_checkpoints();
    }

    /// The older checkpoint and the entries after it give the newer one.
    fn compare_checkpoints(&mut self) {
        let checkpoints = self.reader.checkpoints().unwrap();
        let [newer, older] = checkpoints[..] else {
            return;
        };
        self.n_checkpoints += 1;
        let (_, world) = checkpoint::read(&*self.reader, older, &self.snapshot).unwrap();
        let mut ledger = Ledger::new(world);
        self.reader
            .read_from(older + 1, &mut |record| {
                if newer < record.position() {
                    return Err(journal::Error::Enough);
                }
                ledger.apply(&*record.entry(&self.snapshot)?);
                Ok(())
            })
            .unwrap();
        let head = checkpoint::head(&*self.reader, newer).unwrap();
        assert_eq!(digest::of(ledger.world()), head.digest, "L6");
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
        // Holds may have ended; nothing else was done.
        let expired = self.engine.pin().position - before;
        let holds = self.engine.pin().reservations_from(0).count() as u64;
        assert!(expired <= holds);
    }
}
