//! What the writer does with each deed: it waits, is done, or goes to be worked out beside him.

use super::{
    command::deed::{Beside, Performed, Work},
    error::Error,
    writer::Writer,
};

impl Writer {
    /// Does one deed; its answer waits in `pending`.
    pub(super) fn perform(&mut self, work: Work) {
        if !self.standing.leads() && work.is_for_leader() {
            return work.refuse(Error::NotLeader);
        }
        if self.fence.is_before(&*work) {
            return self.fence.keep(work);
        }
        let Some(work) = self.pass_lane(work) else {
            return;
        };
        let (n_lines, is_fenced) = (work.n_lines(), work.is_fenced());
        match work.perform(&mut self.live) {
            Performed::Done(pending) => {
                if is_fenced {
                    self.fence.lower();
                }
                self.pending.push(pending);
                self.n_lines += n_lines;
            }
            Performed::Lost(work) => {
                self.n_lines += n_lines;
                self.set_aside(work);
            }
            Performed::Beside(Beside::Task(task)) => self.begin(task),
            Performed::Beside(Beside::Swap(work)) => self.begin_swap(*work),
        }
    }
}
