//! A long plan that lost its race is fenced while it is made again: who wants the same waits for it.
//!
//! Nobody else is kept waiting: what takes from other accounts, and all that is no promise, goes on. So a large order
//! for what is much asked for is neither starved by small ones nor planned by the writer, which would stand still
//! for everybody. One plan is fenced at a time. Where it loses again, to what does not wait, such as a change of
//! planning data, or on accounts that its first plan did not touch, these are fenced too.

use super::{
    command::deed::{Deed, Work},
    error::Error,
    planned::CallerPlan,
};
use crate::{limits::BATCH_MAX, model::AccountIx};
use std::collections::{BTreeSet, VecDeque};

/// The accounts of the plan that others wait for, and those who wait.
#[derive(Debug, Default)]
pub(super) struct Fence {
    accounts: Option<BTreeSet<AccountIx>>,
    waiting: VecDeque<Work>,
    /// Those who have waited, and whose turn it is.
    released: VecDeque<Work>,
}

impl Fence {
    /// Fences a plan that lost its race; one that is not fenced waits where another one is.
    pub(super) fn raise(&mut self, planned: &mut CallerPlan) {
        if self.accounts.is_none() {
            planned.is_fenced = true;
        }
        if planned.is_fenced {
            self.accounts.get_or_insert_default().extend(planned.takes());
        }
    }

    /// Whether work has to wait: it wants what is fenced.
    pub(super) fn is_before(&self, work: &dyn Deed) -> bool {
        let (Some(accounts), Some(planned)) = (&self.accounts, work.plan()) else {
            return false;
        };
        !planned.is_fenced && planned.takes().any(|account| accounts.contains(&account))
    }

    /// Keeps work that has to wait. Too many are told to come back.
    pub(super) fn keep(&mut self, work: Work) {
        if BATCH_MAX <= self.waiting.len() {
            work.refuse(Error::Busy);
        } else {
            self.waiting.push_back(work);
        }
    }

    /// The fenced plan is done: those who waited have their turn, in order.
    pub(super) fn lower(&mut self) {
        self.accounts = None;
        self.released.append(&mut self.waiting);
    }

    /// Whether somebody's turn has come.
    pub(super) fn has_next(&self) -> bool {
        !self.released.is_empty()
    }

    /// One that has waited, and whose turn it is.
    pub(super) fn next(&mut self) -> Option<Work> {
        self.released.pop_front()
    }
}
