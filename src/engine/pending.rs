//! Answers that wait for their group to be durable. Those who wait on one runtime are answered there together: to wake a
//! runtime from outside costs a call to the machine for each answer, which with many short calls is most of what the
//! journal's thread does (issue 19 item 4); on the runtime itself it costs nothing.

use super::{caller::Caller, error::Error, traced::Traced};
use crate::ledger::World;
use std::sync::Arc;
use tokio::runtime::Handle;

/// An answer that waits for its group to be durable.
pub(super) struct Pending {
    trace: Option<Arc<Traced>>,
    home: Option<Handle>,
    tell: Tell,
}

/// Tells what is to be told in the world that is durable; or that nothing was done, or that nobody knows.
type Tell = Box<dyn FnOnce(Result<Arc<World>, Error>) + Send>;

impl Pending {
    /// What was done, and what its caller is told of it in the world that has it.
    pub(super) fn new<D, T>(
        caller: Caller<T>,
        done: Result<D, Error>,
        told: impl FnOnce(D, Arc<World>) -> T + Send + 'static,
    ) -> Self
    where
        D: Send + 'static,
        T: Send + 'static,
    {
        let (trace, home) = (caller.trace().cloned(), caller.home().cloned());
        let tell = move |durable: Result<Arc<World>, Error>| {
            caller.tell(durable.and_then(|world| done.map(|done| told(done, world))));
        };
        Self { trace, home, tell: Box::new(tell) }
    }

    /// The trace of its call, if it has one.
    pub(super) fn trace(&self) -> Option<&Arc<Traced>> {
        self.trace.as_ref()
    }

    /// Answers.
    fn answer(self, world: &Arc<World>) {
        (self.tell)(Ok(Arc::clone(world)));
    }

    /// Answers that nothing of it was done, or that nobody knows.
    pub(super) fn refuse(self, error: Error) {
        (self.tell)(Err(error));
    }
}

/// Answers all, those who wait on one runtime there and together.
pub(super) fn answer_all(pending: Vec<Pending>, world: &Arc<World>) {
    let mut homes: Vec<(Handle, Vec<Pending>)> = Vec::new();
    for one in pending {
        let Some(home) = one.home.as_ref() else {
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
    use crate::engine::smallest;
    use std::thread;
    use tokio::sync::oneshot;

    fn world() -> Arc<World> {
        Arc::new(World::new(Arc::new(smallest::snapshot())))
    }

    /// A hundred who wait on a runtime are answered by one task of it, and one who waits elsewhere at once.
    #[tokio::test]
    async fn who_waits_on_one_runtime_is_answered_there() {
        let (world, mut receivers) = (world(), Vec::new());
        let mut pending = |caller: fn(oneshot::Sender<_>) -> Caller<u64>| {
            let (sender, receiver) = oneshot::channel();
            receivers.push(receiver);
            Pending::new(caller(sender), Ok(()), |(), world| world.position)
        };
        let mut all: Vec<Pending> = (0..100).map(|_| pending(Caller::new)).collect();
        all.push(pending(Caller::nowhere));
        assert!(all[..100].iter().all(|one| one.home.is_some()));
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
