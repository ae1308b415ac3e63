//! The streams of one connection take turns (issue 18 item 10): whoever comes in between waits for a few messages of them,
//! however many streams there are and however much each has sent.
//!
//! A runtime goes round its tasks, and each stream is some of them: with two hundred streams a round would be two hundred
//! times as long for everybody else. So a connection may handle a few messages a round; the next ones wait
//! in the order in which they came.

use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::{sync::Semaphore, task::yield_now};

/// Messages of one connection, requests and answers, that are handled in one round of its runtime: most take some
/// microseconds, few some hundred; and fewer would leave the machine's network in many small pieces.
const IN_ONE_ROUND: usize = 64;

/// What the streams of a connection may handle in this round.
#[derive(Debug)]
pub(in crate::rpc) struct Turns {
    left: Semaphore,
    used: AtomicUsize,
}

impl Default for Turns {
    fn default() -> Self {
        Self { left: Semaphore::new(IN_ONE_ROUND), used: AtomicUsize::new(0) }
    }
}

/// Begins the next round, be it that whoever waits for it is dropped.
struct NextRound<'a>(&'a Turns);

impl Drop for NextRound<'_> {
    fn drop(&mut self) {
        self.0.left.add_permits(IN_ONE_ROUND);
    }
}

impl Turns {
    /// Waits until one more message may be handled.
    pub(in crate::rpc) async fn take(&self) {
        self.left.acquire().await.expect("nobody closes it").forget();
        if self.used.fetch_add(1, Ordering::Relaxed) + 1 == IN_ONE_ROUND {
            self.used.store(0, Ordering::Relaxed);
            // The last one of a round lets all others go first.
            let next = NextRound(self);
            yield_now().await;
            drop(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// A stream of so many messages, counted as they are handled.
    async fn stream(turns: Arc<Turns>, done: Arc<AtomicUsize>, n: usize) {
        for _ in 0..n {
            turns.take().await;
            done.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn handled(done: &AtomicUsize) -> usize {
        done.load(Ordering::Relaxed)
    }

    /// Two hundred streams with five thousand messages each, and one who comes in between: counted, not timed.
    #[tokio::test]
    async fn who_comes_in_between_waits_for_a_few_messages() {
        let (turns, done) = (Arc::new(Turns::default()), Arc::new(AtomicUsize::new(0)));
        let begin = |_| tokio::spawn(stream(Arc::clone(&turns), Arc::clone(&done), 5_000));
        let streams: Vec<_> = (0..200).map(begin).collect();
        while handled(&done) < 200 * 5_000 {
            let before = handled(&done);
            yield_now().await;
            let between = handled(&done) - before;
            assert!(between <= 2 * IN_ONE_ROUND, "{between} messages");
        }
        for stream in streams {
            stream.await.expect("it does not panic");
        }
    }

    /// Of three streams none has all the turns.
    #[tokio::test]
    async fn streams_have_their_turns_one_after_the_other() {
        let turns = Arc::new(Turns::default());
        let done: [Arc<AtomicUsize>; 3] = std::array::from_fn(|_| Arc::default());
        let begin = |done: &Arc<AtomicUsize>| {
            tokio::spawn(stream(Arc::clone(&turns), Arc::clone(done), 1_000))
        };
        let streams: Vec<_> = done.iter().map(begin).collect();
        while done.iter().any(|done| handled(done) < 1_000) {
            let all = done.each_ref().map(|done| handled(done));
            let (most, least) = (all.iter().max(), all.iter().min());
            let apart = most.expect("three") - least.expect("three");
            assert!(apart <= 2 * IN_ONE_ROUND, "{all:?}");
            yield_now().await;
        }
        for stream in streams {
            stream.await.expect("it does not panic");
        }
    }

    /// A stream that is broken off while the others wait for it leaves them their turn.
    #[tokio::test]
    async fn who_goes_leaves_the_others_their_turn() {
        let turns = Turns::default();
        for _ in 1..IN_ONE_ROUND {
            turns.take().await;
        }
        tokio::select! {
            biased;
            () = turns.take() => panic!("it lets others go first"),
            () = std::future::ready(()) => (),
        }
        for _ in 0..3 * IN_ONE_ROUND {
            turns.take().await;
        }
    }
}
