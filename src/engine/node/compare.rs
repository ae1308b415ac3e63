//! Whether all nodes have the same where they should: digests of their worlds at positions that a rule names
//! (`journal/shared/marks.rs`), told in what each says of itself.
//!
//! A node that differs from most of the voters is wrong, be it the leader: it says so and ends, and gets all anew from the
//! others at its next start. Where there is no majority, all say so and go on: nobody knows who is right.

use super::members::{Members, NodeReport};
use crate::ledger::{World, digest};
use std::collections::{BTreeMap, VecDeque};

/// Digests that a node tells, the last ones.
const TOLD_MAX: usize = 4;

/// What a node has found of itself.
#[derive(Debug, Default)]
pub(super) struct OwnCompared {
    own: VecDeque<(u64, String)>,
    /// Up to where a difference was told of.
    told: u64,
}

/// What comes of comparing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum MarkVerdict {
    /// Nobody is known to have something else.
    Same,
    /// Nodes differ at a position, and there is no majority.
    Unsettled(u64),
    /// Most have something else at a position than this node.
    Wrong(u64),
}

impl OwnCompared {
    /// Notes what this node has.
    pub(super) fn note(&mut self, world: &World) {
        self.push(world.position, format!("{:032x}", digest::of(world)));
    }

    fn push(&mut self, position: u64, digest: String) {
        self.own.push_back((position, digest));
        if TOLD_MAX < self.own.len() {
            self.own.pop_front();
        }
    }

    /// What it tells the others.
    pub(super) fn told(&self) -> Vec<(u64, String)> {
        self.own.iter().cloned().collect()
    }

    /// Judges by what the others say. An unsettled difference is told once.
    pub(super) fn judge<'a>(
        &mut self,
        (me, members): (&str, &Members),
        said: impl Fn(&str) -> Option<&'a NodeReport>,
    ) -> MarkVerdict {
        for (position, own) in &self.own {
            let mut n = BTreeMap::<&str, usize>::new();
            for member in members.nodes.iter().filter(|member| member.voter) {
                let digest = if member.node == me {
                    Some(own.as_str())
                } else {
                    said(&member.node).and_then(|kept| kept.digest_at(*position))
                };
                if let Some(digest) = digest {
                    *n.entry(digest).or_default() += 1;
                }
            }
            let most = n.iter().find(|(_, n)| members.majority() <= **n).map(|(digest, _)| *digest);
            let others = n.keys().any(|digest| digest != own);
            match most {
                Some(most) if most != own => return MarkVerdict::Wrong(*position),
                None if others && self.told < *position => {
                    self.told = *position;
                    return MarkVerdict::Unsettled(*position);
                }
                Some(_) | None => (),
            }
        }
        MarkVerdict::Same
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::node::Member;

    /// What n1 makes of the digests at position 10 of n1, n2, ... (`-` says nothing, `?` is a learner's).
    #[track_caller]
    fn check(digests: &str, want: MarkVerdict) {
        let mut kept = BTreeMap::new();
        let mut nodes = Vec::new();
        for (n, digest) in digests.split(' ').enumerate() {
            let node = format!("n{}", n + 1);
            let voter = !digest.ends_with('?');
            let digest = digest.trim_end_matches('?');
            let digests = if digest == "-" { Vec::new() } else { vec![(10, digest.to_string())] };
            kept.insert(node.clone(), NodeReport { digests, ..NodeReport::default() });
            nodes.push(Member { node, peer: String::new(), voter });
        }
        let members = Members { nodes, ..Members::default() };
        let mut compared = OwnCompared::default();
        compared.push(10, kept["n1"].digests[0].1.clone());
        assert_eq!(compared.judge(("n1", &members), |node| kept.get(node)), want, "{digests}");
        if matches!(want, MarkVerdict::Unsettled(_)) {
            let again = compared.judge(("n1", &members), |node| kept.get(node));
            assert_eq!(again, MarkVerdict::Same, "it is told once");
        }
    }

    /// Issue 24, scale-out.md section 6: nodes disagree, and the minority stops.
    #[test]
    fn whoever_differs_from_most_voters_is_wrong_and_without_most_it_is_told() {
        check("a a a", MarkVerdict::Same);
        check("a - -", MarkVerdict::Same);
        check("a a b", MarkVerdict::Same);
        check("b a a", MarkVerdict::Wrong(10));
        check("b a -", MarkVerdict::Unsettled(10));
        check("a b c", MarkVerdict::Unsettled(10));
        check("a b", MarkVerdict::Unsettled(10));
        // Learners are judged and do not judge.
        check("b? a a", MarkVerdict::Wrong(10));
        check("a a b? b? b?", MarkVerdict::Same);
        check("a", MarkVerdict::Same);
    }
}
