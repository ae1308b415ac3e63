//! When a follower takes the leader for gone.
//!
//! It counts, by its own steady clock, how long it has read the same head and the same beat, all reads having worked:
//! one that fails, or a pause of its own, is no sign of the leader's. A wrong suspicion costs a change of leader and
//! nothing else, for only the compare decides. Pure: it is told what was read and when.

use super::{Away, Leader, Seen};
use std::{collections::VecDeque, time::Duration};

/// So long the head stands still before the leader is taken for gone.
const STILL: Duration = Duration::from_millis(750);

/// No more than this counts between two reads: in a longer time the reader itself may have stood still.
const BETWEEN_READS_MAX: Duration = Duration::from_millis(200);

/// After claims because of a broken connection no others for that reason, for so long.
const BROKEN_AGAIN: Duration = Duration::from_secs(30);

/// So long a broken connection is a sign, while the same leader stands there: a claim may come upon a commit that was
/// still on its way when the leader died, and fail.
const BROKEN_COUNTS: Duration = Duration::from_secs(2);

/// What a follower is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextMove {
    /// The leader is there, as far as anybody knows.
    Follow,
    /// Nobody is there: the head is to be claimed.
    Claim,
}

/// What a follower has seen of its leader.
#[derive(Clone, Debug, Default)]
pub struct Suspicion {
    /// What was read last, and when.
    last: Option<(Seen, Duration)>,
    /// How long it has stood.
    stood: Duration,
    /// Whose broken connection was taken for a sign, and when.
    broken: VecDeque<(Leader, Duration)>,
    /// So much longer this node waits than others.
    later: Duration,
}

impl Suspicion {
    /// That of a node which waits so much longer than others, so that not all claim at once.
    pub fn new(later: Duration) -> Self {
        Self { later, ..Self::default() }
    }

    /// Nothing was seen yet, of another leader perhaps.
    pub fn anew(&mut self) {
        (self.last, self.stood) = (None, Duration::ZERO);
    }

    /// What is to be done after a read at an instant.
    pub fn look(&mut self, now: Duration, read: Result<&Seen, &Away>) -> NextMove {
        let Ok(seen) = read else {
            // Not even the order was there: the leader cannot have been heard.
            (self.last, self.stood) = (None, Duration::ZERO);
            return NextMove::Follow;
        };
        let Some(head) = &seen.head else {
            return NextMove::Follow;
        };
        match &mut self.last {
            Some((last, at)) if last == seen => {
                self.stood += now.saturating_sub(*at).min(BETWEEN_READS_MAX);
                *at = now;
            }
            other => {
                *other = Some((seen.clone(), now));
                self.stood = Duration::ZERO;
            }
        }
        let is_gone = head.leader.as_ref().is_none_or(|leader| self.is_broken(now, leader));
        if is_gone || STILL + self.later <= self.stood { NextMove::Claim } else { NextMove::Follow }
    }

    /// Notes that the connection to the leader broke, or that none could be made.
    pub fn broken(&mut self, now: Duration, leader: &Leader) {
        self.broken.retain(|(_, at)| now.saturating_sub(*at) < BROKEN_AGAIN);
        if self.broken.iter().all(|(of, _)| of != leader) {
            self.broken.push_back((leader.clone(), now));
        }
    }

    fn is_broken(&self, now: Duration, leader: &Leader) -> bool {
        let counts = |at: &Duration| now.saturating_sub(*at) < BROKEN_COUNTS;
        self.broken.iter().any(|(of, at)| of == leader && counts(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{
        Chain,
        shared::{Head, Leader},
    };

    fn seen(position: u64, beat: u64) -> Seen {
        let leader = Some(Leader { node: "n1".into(), start: 1 });
        let head = Some(Head { epoch: 1, position, chain: Chain::BEGIN, leader });
        Seen { head, beat, unread: None }
    }

    fn claims(reads: &[(u64, Option<Seen>)]) -> Vec<u64> {
        let mut suspicion = Suspicion::default();
        let away = Away("gone".to_string());
        let mut claims = Vec::new();
        for (at, read) in reads {
            let read = read.as_ref().ok_or(&away);
            if suspicion.look(Duration::from_millis(*at), read) == NextMove::Claim {
                claims.push(*at);
            }
        }
        claims
    }

    fn every_100(until: u64, read: impl Fn(u64) -> Option<Seen>) -> Vec<(u64, Option<Seen>)> {
        (0..=until / 100).map(|n| (n * 100, read(n * 100))).collect()
    }

    #[test]
    fn a_head_that_stands_for_750_ms_is_claimed_and_one_that_moves_or_beats_is_not() {
        assert_eq!(claims(&every_100(900, |_| Some(seen(7, 1)))), [800, 900]);
        assert_eq!(claims(&every_100(5_000, |at| Some(seen(at, 1)))), [] as [u64; 0]);
        assert_eq!(claims(&every_100(5_000, |at| Some(seen(7, at / 300)))), [] as [u64; 0]);
    }

    #[test]
    fn an_error_of_the_order_starts_the_time_again() {
        let read = |at| (at != 700).then(|| seen(7, 1));
        assert_eq!(claims(&every_100(1_600, read)), [1_600]);
    }

    #[test]
    fn a_pause_of_ones_own_is_no_sign_of_the_leaders() {
        let reads = [(0, Some(seen(7, 1))), (60_000, Some(seen(7, 1))), (60_100, Some(seen(8, 2)))];
        assert_eq!(claims(&reads), [] as [u64; 0]);
    }

    #[test]
    fn a_vacant_head_is_claimed_at_once() {
        let mut vacant = seen(7, 1);
        vacant.head.as_mut().unwrap().leader = None;
        assert_eq!(claims(&[(0, Some(vacant))]), [0]);
    }

    /// A claim that came upon the dead leader's last commit is made again at once; a leader that goes on all the same is let
    /// be after a while, and for a while.
    #[test]
    fn a_broken_connection_is_a_sign_for_two_seconds_and_once_in_30() {
        let mut suspicion = Suspicion::default();
        let mut look = |ms: u64, breaks: bool, start: u64| {
            let mut seen = seen(ms, ms);
            let head = seen.head.as_mut().unwrap();
            let leader = Leader { node: "n1".into(), start };
            head.leader = Some(leader.clone());
            let now = Duration::from_millis(ms);
            if breaks {
                suspicion.broken(now, &leader);
            }
            suspicion.look(now, Ok(&seen)) == NextMove::Claim
        };
        assert!(!look(0, false, 1));
        assert!(look(100, true, 1));
        assert!(look(150, false, 1) && look(2_000, false, 1));
        assert!(!look(2_100, false, 1) && !look(9_000, true, 1) && !look(30_000, true, 1));
        assert!(look(30_100, true, 1));
        // Another one may break too.
        assert!(!look(30_150, false, 2));
        assert!(look(30_200, true, 2));
    }
}
