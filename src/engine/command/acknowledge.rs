//! Acknowledge: somebody has seen an exception, or wants to hear of it later.

use super::{act::Act, deed::WaitsWhile, ticket::Ticket};
use crate::{
    engine::{Answer, Engine, Error, body},
    ledger::{Acknowledgement, Entry, Ledger, Stamp, World},
};
use std::sync::Arc;

fn digest(seen: &Acknowledgement) -> u128 {
    let mut digest = body::begin("acknowledge");
    [&seen.exception, &seen.by, &seen.note].into_iter().for_each(|text| digest.text(text));
    digest.bytes(&seen.until.unwrap_or(i64::MIN).to_le_bytes());
    digest.value()
}

impl Engine {
    /// Notes that somebody has seen an exception, or wants to hear of it later; the answer is the world that has it.
    pub fn acknowledge(&self, request_id: &str, seen: Acknowledgement) -> Answer<Arc<World>> {
        self.ask(Ticket::new(request_id, digest(&seen), None), seen)
    }
}

impl Act for Acknowledgement {
    type Outcome = Arc<World>;

    /// Its caller looks for the exception in the live world.
    const HAS_NAMES: bool = false;

    fn act(&self, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error> {
        let stamp = Stamp { by: Some(Arc::clone(&self.by)), ..stamp };
        Ok(ledger.acknowledge(self.clone()).commit(stamp))
    }

    /// A repetition changes nothing.
    fn told(_entry: &Arc<Entry>, world: Arc<World>) -> Arc<World> {
        world
    }

    fn held(&self) -> WaitsWhile {
        WaitsWhile::Still
    }
}
