//! The writer's part of plans that are made again beside him: what goes there, and what becomes of it when it comes back.

use super::{
    super::{command::deed::Replannable, error::Error, writer::Writer},
    Back, SentOut,
};
use std::sync::Arc;

impl Writer {
    /// Has a plan made again beside the writer.
    pub(in crate::engine) fn set_aside(&mut self, mut work: Box<dyn Replannable>) {
        self.fence.raise(work.plan_mut());
        // One that lost its turn may have to wait now, as those do that come after it.
        if self.fence.is_before(&*work) {
            return self.fence.keep(work);
        }
        if !self.aside.has_room() {
            if work.is_fenced() {
                self.fence.lower();
            }
            return work.refuse(Error::Busy);
        }
        let world = Arc::new(self.live.world().clone());
        self.aside.send(work, world);
    }

    /// What was planned again beside the writer.
    pub(in crate::engine) fn come_back(&mut self, SentOut { stops, what: back }: SentOut<Back>) {
        if stops != self.aside.stops {
            return self.come_back_late(back);
        }
        match back {
            Back::Planned(work) => self.perform(work),
            Back::Worked(worked) => self.come_back_long(*worked),
            Back::GivenUp(work) => {
                if work.is_fenced() {
                    self.fence.lower();
                }
                // Nobody hears it; whoever drops an answer may find the command done or not.
                work.refuse(Error::DeadlineExceeded);
            }
        }
    }

    /// What was sent out when this node led, and comes back after it has stopped to.
    fn come_back_late(&mut self, back: Back) {
        match back {
            Back::Planned(work) | Back::GivenUp(work) => work.refuse(Error::NotLeader),
            Back::Worked(worked) => {
                worked.refuse(|| Error::NotLeader);
                self.free_lane();
            }
        }
    }
}
