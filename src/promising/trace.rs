//! What a search has found so far: the pegging tree in pre-order, as plain records.
//!
//! Nearly all that is tried is thrown away, so nothing is worked out here that only an answer needs:
//! what it costs, which supplies stock consists of. `peg` does that for what is kept.

use super::answer::Worked;
use crate::{
    model::{Day, Money, Quantity},
    snapshot::{ClassIx, ItemIx, LocationIx, MethodIx, OfferIx, WorkIx},
};

/// One node of the tree, as it was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct FoundNode {
    pub(super) depth: u8,
    /// The number of the planned supply that it is; 0 where it is none.
    pub(super) planned: u32,
    pub(super) item: ItemIx,
    pub(super) location: LocationIx,
    pub(super) quantity: Quantity,
    pub(super) day: Day,
    pub(super) via: Via,
}

/// Where its quantity comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Via {
    /// The account, whose balance on the day was this before; what is borrowed is replaced below.
    Stock {
        balance: Quantity,
        borrowed: Quantity,
        nodes: Run,
    },
    Make {
        work: WorkIx,
        start: Day,
        started: Quantity,
        hours: Run,
    },
    Transfer {
        from: LocationIx,
        method: Option<MethodIx>,
        ship: Day,
        freight: Money,
    },
    Buy {
        offer: OfferIx,
        bought: Quantity,
        order_by: Day,
    },
    Infinite,
    LeadTime,
}

/// Neighbours in one of the lists of a [`Trace`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    start: usize,
    end: usize,
}

impl Run {
    /// The same neighbours in a list where they stand elsewhere.
    fn moved(self, from: usize, to: usize) -> Self {
        if self.start == self.end {
            return Self::default();
        }
        Self { start: self.start - from + to, end: self.end - from + to }
    }
}

/// The tree, and the lists that its nodes have runs of.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub(super) found: Vec<FoundNode>,
    hours: Vec<Worked>,
    nodes: Vec<(ClassIx, Quantity)>,
}

/// The lengths of a trace's lists, to come back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TraceMark {
    n_found: usize,
    n_hours: usize,
    n_nodes: usize,
}

impl Trace {
    pub(super) fn mark(&self) -> TraceMark {
        let (n_hours, n_nodes) = (self.hours.len(), self.nodes.len());
        TraceMark { n_found: self.found.len(), n_hours, n_nodes }
    }

    /// Forgets what was found after a mark.
    pub(super) fn cut(&mut self, mark: TraceMark) {
        self.found.truncate(mark.n_found);
        self.hours.truncate(mark.n_hours);
        self.nodes.truncate(mark.n_nodes);
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.found.clear();
        self.hours.clear();
        self.nodes.clear();
    }

    /// What was found after a mark, in the tree's order.
    pub(super) fn since(&self, mark: TraceMark) -> &[FoundNode] {
        &self.found[mark.n_found..]
    }

    /// Takes out what was found after a mark. [`Trace::append`] gives it back at the same mark.
    pub(super) fn split_off(&mut self, mark: TraceMark) -> Trace {
        Trace {
            found: self.found.split_off(mark.n_found),
            hours: self.hours.split_off(mark.n_hours),
            nodes: self.nodes.split_off(mark.n_nodes),
        }
    }

    /// A copy of what was found after a mark.
    pub(super) fn copy_since(&self, mark: TraceMark) -> Trace {
        Trace {
            found: self.found[mark.n_found..].to_vec(),
            hours: self.hours[mark.n_hours..].to_vec(),
            nodes: self.nodes[mark.n_nodes..].to_vec(),
        }
    }

    pub(super) fn extend_from(&mut self, tail: &Trace) {
        self.found.extend_from_slice(&tail.found);
        self.hours.extend_from_slice(&tail.hours);
        self.nodes.extend_from_slice(&tail.nodes);
    }

    /// Appends a copy of what was found after a mark, of which what is planned has other numbers here.
    pub(super) fn extend_moved(
        &mut self,
        tail: &Trace,
        from: TraceMark,
        moved: impl Fn(u32) -> u32,
    ) {
        let to = self.mark();
        let found = tail.found.iter().map(|found| {
            let via = match found.via {
                Via::Stock { balance, borrowed, nodes } => {
                    let nodes = nodes.moved(from.n_nodes, to.n_nodes);
                    Via::Stock { balance, borrowed, nodes }
                }
                Via::Make { work, start, started, hours } => {
                    let hours = hours.moved(from.n_hours, to.n_hours);
                    Via::Make { work, start, started, hours }
                }
                via @ (Via::Transfer { .. } | Via::Buy { .. } | Via::Infinite | Via::LeadTime) => {
                    via
                }
            };
            FoundNode { planned: moved(found.planned), via, ..*found }
        });
        self.found.extend(found);
        self.hours.extend_from_slice(&tail.hours);
        self.nodes.extend_from_slice(&tail.nodes);
    }

    pub(super) fn append(&mut self, mut tail: Trace) {
        self.found.append(&mut tail.found);
        self.hours.append(&mut tail.hours);
        self.nodes.append(&mut tail.nodes);
    }

    pub(super) fn push_hours(&mut self, worked: Worked) {
        self.hours.push(worked);
    }

    /// The hours noted since a mark.
    pub(super) fn hours_since(&self, mark: TraceMark) -> Run {
        Run { start: mark.n_hours, end: self.hours.len() }
    }

    pub(super) fn hours(&self, run: Run) -> &[Worked] {
        &self.hours[run.start..run.end]
    }

    /// Notes the class nodes that stock was drawn from.
    pub(super) fn push_nodes(&mut self, nodes: &[(ClassIx, Quantity)]) -> Run {
        let start = self.nodes.len();
        self.nodes.extend_from_slice(nodes);
        Run { start, end: self.nodes.len() }
    }

    pub(super) fn nodes(&self, run: Run) -> &[(ClassIx, Quantity)] {
        &self.nodes[run.start..run.end]
    }
}
