//! An order book in this process: plan, admit, commit, as the server's writer does it, one at a time.

use super::{failure::Failure, stream::ReadyOrder};
use crate::{
    engine::draft,
    ledger::{Admission, Ledger, Proposal, Refusal, Stamp, Start, World},
    promising::{
        Planner, Spent,
        answer::Promise,
        patience::Patience,
        query::Query,
        repeat::{self, Asking, Earlier},
    },
    snapshot::Snapshot,
};
use std::sync::Arc;

/// A world that only we change.
pub(super) struct OwnWorld {
    ledger: Ledger,
    planner: Planner,
}

impl OwnWorld {
    /// A book in which nothing has been promised.
    pub(super) fn open(snapshot: Snapshot) -> Self {
        let ledger = Ledger::new(World::new(Arc::new(snapshot)));
        Self { ledger, planner: Planner::default() }
    }

    /// The state as it is now.
    pub(super) fn world(&self) -> &World {
        self.ledger.world()
    }

    /// What planning has counted so far.
    pub(super) fn spent(&self) -> Spent {
        self.planner.spent()
    }

    /// What would be promised; nothing is kept.
    pub(super) fn plan(&mut self, step: &ReadyOrder) -> Promise {
        let earlier = repeat::earlier(self.world(), &step.request, Asking::Question);
        self.plan_after(step, &earlier).1
    }

    /// What would be promised where lines were promised before, and the query without what has shipped.
    fn plan_after(&mut self, step: &ReadyOrder, earlier: &[Earlier]) -> (Query, Promise) {
        let reduced = repeat::reduced(&step.query, earlier);
        let queries = (&step.query, &reduced);
        let found = (earlier, &Patience::endless());
        let promise = repeat::plan(&mut self.planner, self.ledger.world(), queries, found);
        let promise = promise.expect("endless patience gives nothing up");
        (reduced, promise)
    }

    /// Promises, and keeps what was promised.
    pub(super) fn promise(&mut self, step: &ReadyOrder) -> Result<Promise, Failure> {
        let earlier = repeat::earlier(self.world(), &step.request, Asking::Promise);
        let (reduced, promise) = self.plan_after(step, &earlier);
        // A file has no moments of its own; the same file gives the same entries.
        let created = 0;
        let lines = draft::lines_after(&step.request, (&reduced, &earlier), &promise, created);
        let proposal = Proposal { lines, start: Start::Confirmed, admission: Admission::Fits };
        match self.ledger.admit(proposal) {
            Ok(admitted) => {
                admitted.commit(Stamp::default());
            }
            Err(Refusal::NothingToReserve) => (),
            Err(refusal) => return Err(self.unfit(step, &refusal)),
        }
        Ok(promise)
    }

    /// Nobody else has changed the world since the plan was made, so this is a fault of ours.
    fn unfit(&self, step: &ReadyOrder, refusal: &Refusal) -> Failure {
        let sentence = refusal.sentence(&self.world().snapshot);
        Failure::new(
            format!("what was planned for order {} does not fit: {sentence}", step.order()),
            "report this with the snapshot and the orders; --commit=false goes on without it",
        )
    }
}
