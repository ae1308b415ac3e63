//! Who waits for an answer, and where. Those who wait on one runtime are answered there together: to wake a runtime from
//! outside costs a call to the machine for each answer, which with many short calls is most of what the
//! journal's thread does (issue 19 item 4); on the runtime itself it costs nothing.

use super::{
    error::Error,
    pending::Pending,
    traced::{Stage, Traced},
};
use crate::ledger::World;
use std::sync::Arc;
use tokio::{runtime::Handle, sync::oneshot};

/// Who waits for an answer, on which runtime if on one, and his trace if there is one.
#[derive(Debug)]
pub(super) struct Caller<T> {
    sender: oneshot::Sender<Result<T, Error>>,
    home: Option<Handle>,
    traced: Option<Arc<Traced>>,
}

impl<T> Caller<T> {
    /// Who waits on this thread.
    pub(super) fn new(sender: oneshot::Sender<Result<T, Error>>) -> Self {
        Self { sender, home: Handle::try_current().ok(), traced: None }
    }

    /// The same, of a call that is traced; it waits for the writer from now on.
    pub(super) fn traced(self, traced: Option<Arc<Traced>>) -> Self {
        if let Some(traced) = &traced {
            traced.on_to(Stage::Queue);
        }
        Self { traced, ..self }
    }

    pub(super) fn trace(&self) -> Option<&Arc<Traced>> {
        self.traced.as_ref()
    }

    /// The runtime on which it waits, if it does on one.
    pub(super) fn home(&self) -> Option<&Handle> {
        self.home.as_ref()
    }

    /// Answers.
    ///
    /// # Errors
    /// The answer: whoever waited has gone.
    pub(super) fn send(self, answer: Result<T, Error>) -> Result<(), Result<T, Error>> {
        if let Some(traced) = &self.traced {
            traced.on_to(Stage::Encode);
        }
        self.sender.send(answer)
    }
}

/// Answers all, those who wait on one runtime there and together.
pub(super) fn answer_all(pending: Vec<Pending>, world: &Arc<World>) {
    let mut homes: Vec<(Handle, Vec<Pending>)> = Vec::new();
    for one in pending {
        let Some(home) = one.home() else {
            one.answer(world);
            continue;
        };
        match homes.iter_mut().find(|(known, _)| known.id() == home.id()) {
            Some((_, waiting)) => waiting.push(one),
            None => homes.push((home.clone(), vec![one])),
        }
    }
    for (home, waiting) in homes {
        let world = Arc::clone(world);
        let is_one = waiting.len() == 1;
        let answer = move || waiting.into_iter().for_each(|one| one.answer(&world));
        if is_one {
            answer();
        } else {
            // Where the runtime has ended so have all who wait there.
            drop(home.spawn(async move { answer() }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{Builder, Manifest, schema};
    use std::thread;

    fn world() -> Arc<World> {
        let mut builder = Builder::new(Manifest {
            snapshot_id: "s".to_string(),
            as_of: "2026-11-23".parse().expect("a date"),
            horizon_days: 10,
            currency: "USD".to_string(),
            watermarks: std::collections::BTreeMap::new(),
        });
        for table in ["items", "locations"] {
            builder.open(schema::table(table).expect("a table"), &[&table[..table.len() - 1]]);
        }
        let snapshot = builder.finish().snapshot.expect("nothing is wrong with it");
        Arc::new(World::new(Arc::new(snapshot)))
    }

    /// A hundred who wait on a runtime are answered by one task of it, and one who waits elsewhere at once.
    #[tokio::test]
    async fn who_waits_on_one_runtime_is_answered_there() {
        let (world, mut receivers) = (world(), Vec::new());
        let mut pending = |caller: fn(oneshot::Sender<_>) -> Caller<u64>| {
            let (sender, receiver) = oneshot::channel();
            receivers.push(receiver);
            Pending::Tick(caller(sender))
        };
        let mut all: Vec<Pending> = (0..100).map(|_| pending(Caller::new)).collect();
        all.push(pending(|sender| Caller { sender, home: None, traced: None }));
        assert!(all[..100].iter().all(|one| one.home().is_some()));
        let answered = {
            let world = Arc::clone(&world);
            thread::spawn(move || answer_all(all, &world))
        };
        answered.join().expect("it does not panic");
        let elsewhere = receivers.pop().expect("it is the last").try_recv();
        assert_eq!(elsewhere.expect("it is answered at once").expect("all is well"), 0);
        assert!(
            receivers.iter_mut().all(|one| one.try_recv().is_err()),
            "the runtime has its turn"
        );
        for one in receivers {
            assert_eq!(one.await.expect("it is answered").expect("all is well"), 0);
        }
    }
}
