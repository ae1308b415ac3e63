//! What the writer must know of whatever he is asked to do; each command's file says it of that command.

use super::ticket::Ticket;
use crate::{
    engine::{
        error::Error, live::Live, pending::Pending, planned::CallerPlan, swap::SwapWork,
        task::Task, traced::Traced,
    },
    ledger::{Footprint, World},
};
use std::{fmt::Debug, sync::Arc};

/// Something to be done, and who waits for it.
pub(in crate::engine) type Work = Box<dyn Deed>;

/// Something that the writer can be asked to do.
pub(in crate::engine) trait Deed: Debug + Send {
    /// Does it, as far as the writer does it himself.
    fn perform(self: Box<Self>, live: &mut Live) -> Performed;

    /// Answers that it was not done.
    fn refuse(self: Box<Self>, error: Error);

    /// The trace of its call, if it has one.
    fn trace(&self) -> Option<&Arc<Traced>>;

    /// The lines, or changes, that it is about.
    fn n_lines(&self) -> usize {
        1
    }

    /// Whether only the node that leads can do it.
    fn is_for_leader(&self) -> bool {
        true
    }

    /// When it is kept waiting for something that is worked out beside the writer.
    fn held(&self) -> WaitsWhile;

    /// Whether it would change what something else was worked out from.
    fn meets(&self, _print: &Footprint, _world: &World) -> bool {
        false
    }

    /// Whether it is worked out beside the writer: one such waits for the other.
    fn is_long(&self, _live: &Live) -> bool {
        false
    }

    /// What its caller brought, where it is done at most once.
    fn ticket(&self) -> Option<&Ticket> {
        None
    }

    /// Its ticket, where many like it come at once and are worked out together there.
    fn one_of_many(&self) -> Option<&Ticket> {
        None
    }

    /// Its plan, where it has one that may lose its race.
    fn plan(&self) -> Option<&CallerPlan> {
        None
    }

    /// Whether others wait for its plan.
    fn is_fenced(&self) -> bool {
        self.plan().is_some_and(|planned| planned.is_fenced)
    }
}

/// One whose plan can be made again beside the writer.
pub(in crate::engine) trait Replannable: Deed {
    fn plan_mut(&mut self) -> &mut CallerPlan;

    /// Makes its plan again; whether somebody still waited for it.
    fn plan_again(&mut self, world: &World) -> bool;
}

/// When a deed is kept waiting for something that is worked out beside the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum WaitsWhile {
    /// Never: it changes nothing, or is worked out there itself.
    Never,
    /// While not even something may be noted: it makes an entry that changes no promise.
    Still,
    /// While nothing may be changed, or where it would change what that is worked out from.
    Met,
}

/// What came of a deed.
pub(in crate::engine) enum Performed {
    /// It is done, or refused.
    Done(Pending),
    /// Its plan lost its race, and is to be made again beside the writer.
    Lost(Box<dyn Replannable>),
    /// It is to be worked out beside the writer.
    Beside(Beside),
}

/// What is worked out beside the writer.
pub(in crate::engine) enum Beside {
    Task(Box<dyn Task>),
    Swap(Box<SwapWork>),
}
