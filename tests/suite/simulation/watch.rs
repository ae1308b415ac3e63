//! What must hold in a simulation, after every step and after every restart.

use super::{clients::request_id, world::Sim};
use crate::lives::random::{account, is_as_the_reference_says};
use promised::{
    engine::selfcheck,
    insight::pegging,
    ledger::{Reservation, World, audit, digest, planned, reservation::Step},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What holds of every world, live or not.
pub fn holds(world: &World, after: &str) {
    assert_eq!(audit::divergences(world), [], "L2 after {after}");
    assert_eq!(audit::broken(world), [] as [String; 0], "after {after}");
    assert_eq!(planned::idle(world), [], "L7 after {after}");
    assert_eq!(pegging::over_pegged(world), [] as [String; 0], "P5 after {after}");
}

impl Sim {
    /// What holds after every step.
    pub(super) fn look(&mut self) {
        self.clients.listen(&self.hands, &mut self.log);
        self.hear();
        let world = self.engine.pin();
        self.n_divided += usize::from(!world.snapshot.allocation.is_empty());
        self.n_forecast += usize::from(world.view.all_used().next().is_some());
        let last = self.log.lines().last().unwrap_or_default();
        holds(&world, last);
        // What orders use up of a forecast comes back to its account, which the reference knows nothing of: L2 does.
        let is_plain = |name: &&str| {
            let account = account(&world, name);
            world.snapshot.forecasts.of(account).is_empty()
        };
        let names: Vec<_> = ["PUMP@BER", "MOTOR@BER"].into_iter().filter(is_plain).collect();
        is_as_the_reference_says(&world, (&names, 7), last);
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
            // What has left has left, whether or not it was there, and has not left after all where that is said; and a
            // row that counts again as its promise ends puts others at risk.
            let came_back = |one: &Reservation| {
                world.past_steps(one.number).iter().any(|past| past.step == Some(Step::Reopen))
            };
            let told =
                |one: &&Arc<Reservation>| one.shipped.is_some() || one.at_risk || came_back(one);
            let told = world.reservations_from(0).filter(told);
            let left = told.flat_map(|one| one.postings.iter()).map(|one| one.account);
            let left: BTreeSet<String> = left.map(|one| world.snapshot.account_name(one)).collect();
            let new: Vec<_> = overdrawn.difference(before).collect();
            assert!(new.iter().all(|one| left.contains(*one)), "L1: {new:?}");
        }
        self.overdrawn = (data.0, data.1, overdrawn);
    }

    /// What holds after a restart.
    pub(super) fn look_at_journal(&mut self) {
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
        let mut next = first;
        self.reader
            .read_from(first, &mut |record| {
                let head = record.head()?;
                assert_eq!(head.position, next, "L3: positions are dense");
                next += 1;
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
        for (name, told) in &self.clients.told {
            let entry = entries.get(request_id(name));
            let is_kept = told.position.is_none_or(|at| at < first || entry == Some(&at));
            assert!(is_kept, "J1: {name} is not at its position");
        }
    }

    /// The older checkpoint and the entries after it, swaps included, give the newer one (L6).
    pub(super) fn compare_checkpoints(&mut self) {
        if self.reader.checkpoints().unwrap().len() < 2 {
            return;
        }
        self.n_checkpoints += 1;
        let (mut journal, _) = self.disk.cut().open().unwrap();
        let replayed = selfcheck::replay(&mut journal, self.data.first(), &self.data.source());
        assert_eq!(replayed.unwrap().divergences, [], "L2");
    }
}
