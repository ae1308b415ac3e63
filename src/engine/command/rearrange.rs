//! Apply and revert: a scenario or a backlog run becomes live, or goes back.

use super::{
    act::{Act, Asked},
    deed::WaitsWhile,
    ticket::Ticket,
};
use crate::{
    change::Change,
    engine::{Answer, Engine, Error, clock::SteadyTime, live::Live},
    ledger::{Entry, Exchange, Ledger, Stamp, Told, Undone, Unfit, World, digest::Digest},
    promising::patience::Patience,
};
use std::sync::Arc;

/// Which serving of which snapshot something was planned on: indices mean nothing on another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedOn {
    /// How many snapshots had served, that one included.
    pub generation: u64,
    /// Its id.
    pub snapshot_id: Arc<str>,
}

impl PlannedOn {
    /// That of a world.
    pub fn of(world: &World) -> Self {
        Self { generation: world.generation(), snapshot_id: world.snapshot.id().into() }
    }
}

/// Makes a scenario or a backlog run live, all of it or nothing.
#[derive(Clone, Debug)]
pub struct RearrangeCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// What changes in the planning data: lists of changes, each made after the one before it.
    pub changes: Vec<Arc<[Change]>>,
    /// The promises that change hands.
    pub exchanges: Vec<Exchange>,
    /// What its indices are of; none where it names promises by nothing but their numbers.
    pub planned_on: Option<PlannedOn>,
    /// What was asked for, where that is not what stands here: see [`body::apply`](crate::engine::body::apply).
    pub asked: Option<u128>,
    /// What its caller is told, to be said again.
    pub told: Option<Arc<[u8]>>,
    /// What it takes back: then it makes no changes of its own.
    pub undoes: Option<Undone>,
    /// The moment after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

impl RearrangeCommand {
    /// Of one that nobody asked for by a name.
    fn digest(&self) -> u128 {
        let mut digest = Digest::default();
        digest.text("rearrange");
        self.changes.iter().flat_map(|list| list.iter()).for_each(|one| one.digest(&mut digest));
        for exchange in &self.exchanges {
            for found in exchange.before.iter().chain([&exchange.after]) {
                digest.number(i64::try_from(found.number).unwrap_or(i64::MAX));
                digest.number(found.quantity.raw());
                for posting in found.postings.iter() {
                    digest.number(i64::try_from(posting.account.0).unwrap_or(i64::MAX));
                    digest.number(posting.day.0.into());
                    digest.number(posting.quantity.raw());
                }
            }
        }
        digest.value()
    }
}

impl Engine {
    /// Makes what was planned in a scenario or a backlog run live, in one step; all of it or nothing. The
    /// answer is the position of its entry.
    pub fn rearrange(&self, command: RearrangeCommand) -> Answer<u64> {
        self.rearrange_within(command, &Patience::endless())
    }

    /// The same, as long as somebody waits for it.
    pub(crate) fn rearrange_within(
        &self,
        command: RearrangeCommand,
        patience: &Patience,
    ) -> Answer<u64> {
        let asked = command.asked.unwrap_or_else(|| command.digest());
        let ticket = self.ticket(&command.request_id, asked, command.deadline);
        let ticket = Ticket { patience: patience.clone(), ..ticket };
        self.send(|caller, _| Box::new(Asked { ticket, act: command, caller }))
    }
}

impl Act for RearrangeCommand {
    type Outcome = u64;

    fn act(&self, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error> {
        let Self { changes, exchanges, planned_on, told, undoes, .. } = self;
        if let Some(planned) = planned_on {
            let serves = PlannedOn::of(ledger.world());
            if serves != *planned {
                let (planned, serves) = (Arc::clone(&planned.snapshot_id), serves.snapshot_id);
                return Err(Error::Unfit(Unfit::Refreshed { planned, serves }));
            }
        }
        let admitted = match undoes {
            Some(undone) => ledger.revert(undone, exchanges),
            None => ledger.rearrange(changes, exchanges),
        };
        let admitted = admitted.map_err(Error::Unfit)?;
        let told = told.as_ref().map(|message| Arc::new(Told::Message(Arc::clone(message))));
        Ok(admitted.commit_told(stamp, told))
    }

    fn told(entry: &Arc<Entry>, _world: Arc<World>) -> u64 {
        entry.position
    }

    fn n_lines(&self) -> usize {
        self.exchanges.len()
    }

    fn held(&self) -> WaitsWhile {
        WaitsWhile::Never
    }

    fn is_long(&self, _live: &Live) -> bool {
        true
    }
}
