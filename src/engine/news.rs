//! Who waits for news of which accounts: looked up after what was published, by the accounts that it touched.
//!
//! One task looks, for all who wait, and only as long as somebody does; never the writer's thread. Whoever is told
//! gets the world before what was published, and follows the entries from there: so it is told what each entry did.

use super::{
    Engine,
    feed::Follower,
    watching::{Watch, Watching},
};
use crate::{
    ledger::{Ledger, World},
    model::AccountIx,
};
use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
};
use tokio::sync::mpsc;

/// News that wait for somebody; who takes none is told to begin anew.
const WAITING_MAX: usize = 256;

impl Engine {
    /// Waits for news of some accounts from a position on, unless what was looked at lies beyond it: then that
    /// position comes back, and whoever asks follows the entries to there first. Only within a runtime.
    ///
    /// # Errors
    /// The position that was looked at.
    pub fn watch(&self, accounts: Vec<AccountIx>, position: u64) -> Result<Watch, u64> {
        let watching = Arc::clone(&self.watching);
        let mut looked = watching.looked.lock();
        let (known, begins) = match &*looked {
            Some(known) => (Arc::clone(known), false),
            None => (self.pin(), true),
        };
        if position != known.position {
            return Err(known.position);
        }
        if begins {
            *looked = Some(known);
            tokio::spawn(look(self.clone()));
        }
        let (sender, news) = mpsc::channel(WAITING_MAX);
        let number = watching.next.fetch_add(1, Ordering::Relaxed);
        watching.waiting.insert(number, sender);
        for account in &accounts {
            watching.by_account.entry(*account).or_default().push(number);
        }
        drop(looked);
        Ok(Watch { watching, number, accounts, news })
    }

    /// A follower that stands at a world.
    pub fn follow_from(&self, world: &World) -> Follower {
        Follower::at(self, Ledger::aside(world.clone()))
    }
}

impl Follower {
    /// Goes to a later world without looking at what lies between.
    pub fn jump(&mut self, world: &World) {
        *self = self.engine().follow_from(world);
    }
}

/// Looks after what is published, as long as somebody waits.
async fn look(engine: Engine) {
    let watching = Arc::clone(&engine.watching);
    let mut positions = engine.positions();
    loop {
        // While the server ends, whoever waits is let go first, and then nobody waits.
        if positions.changed().await.is_err() {
            *watching.looked.lock() = None;
            return;
        }
        let mut looked = watching.looked.lock();
        if watching.waiting.is_empty() {
            *looked = None;
            return;
        }
        let after = engine.pin();
        let before = looked.replace(Arc::clone(&after)).expect("it is there while somebody looks");
        let told = concerned(&watching, &before, &after);
        for number in told {
            let news = (Arc::clone(&before), after.position);
            let sent = watching.waiting.get(&number).map(|waiting| waiting.try_send(news));
            if sent.is_some_and(|sent| sent.is_err()) {
                // Its news end here; it begins anew.
                watching.waiting.remove(&number);
            }
        }
    }
}

/// Those whose accounts are others now; all where another snapshot serves.
fn concerned(watching: &Watching, before: &World, after: &World) -> BTreeSet<u64> {
    if before.generation() != after.generation() {
        return watching.waiting.iter().map(|waiting| *waiting.key()).collect();
    }
    let touched = after.accounts_with_news(before);
    let waiting = touched.iter().filter_map(|account| watching.by_account.get(account));
    waiting.flat_map(|numbers| numbers.clone()).collect()
}
