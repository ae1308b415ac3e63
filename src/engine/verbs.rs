//! What an engine is asked to do to promises and planning data: each verb a command for the writer, and its answer.

use super::{
    AmendCommand, Answer, CancelCommand, ChangeOutcome, Commitment, ConfirmCommand, Engine, Error,
    FulfilCommand, ManyCommand, ManyOutcome, ManyStep, NetCommand, NetOutcome, RearrangeCommand,
    ReopenCommand, body,
    many::Many,
    planned::{CallerPlan, Unplanned},
    work::{AmendWork, NetWork, RearrangeWork, Recaller, Ticket, Verb, Work},
};
use crate::{
    change::Change,
    ledger::{Acknowledgement, Entry, Origin, World},
    promising::{
        patience::{GivenUp, Patience, heard_out_here},
        request::{OrderLine, Remedies, Repeat, Request},
    },
};
use std::sync::Arc;

impl Engine {
    /// Confirms a held promise or a part of it.
    pub fn confirm(&self, command: ConfirmCommand) -> Answer<ChangeOutcome> {
        let ticket = self.ticket(&command.request_id, body::confirm(&command), command.deadline);
        let verb = Verb::Confirm { number: command.number, part: command.quantity };
        self.send(|caller, _| Work::Change(ticket, verb, caller))
    }

    /// Cancels a promise or a part of it.
    pub fn cancel(&self, command: CancelCommand) -> Answer<ChangeOutcome> {
        let ticket = self.ticket(&command.request_id, body::cancel(&command), command.deadline);
        let verb = Verb::Cancel { number: command.number, part: command.quantity };
        self.send(|caller, _| Work::Change(ticket, verb, caller))
    }

    /// Takes a shipment back.
    pub fn reopen(&self, command: ReopenCommand) -> Answer<ChangeOutcome> {
        let ticket = self.ticket(&command.request_id, body::reopen(&command), command.deadline);
        let verb = Verb::Reopen { number: command.number };
        self.send(|caller, _| Work::Change(ticket, verb, caller))
    }

    /// Says that a confirmed promise, or a part of it, has shipped.
    pub fn fulfil(&self, command: FulfilCommand) -> Answer<ChangeOutcome> {
        let mut ticket = self.ticket(&command.request_id, body::fulfil(&command), command.deadline);
        ticket.older = self.has_older.then(|| body::first::fulfil(&command)).flatten();
        let FulfilCommand { which, quantity, shipped_at, .. } = command;
        let at = shipped_at.map(|at| at.as_microsecond());
        let verb = Verb::Fulfil { which, quantity, at };
        self.send(|caller, _| Work::Change(ticket, verb, caller))
    }

    /// Promises a line anew in place of what was promised. Unless all of the new line can be promised
    /// (late counts), the old promise stands and the outcome says `changed: false`.
    pub fn amend(&self, command: AmendCommand) -> Answer<ChangeOutcome> {
        let amended = self.amend_within(command, &Patience::endless());
        amended.expect("endless patience gives nothing up")
    }

    /// The same, as long as somebody waits for the plan, and for as many needs as that has patience for.
    ///
    /// # Errors
    /// The plan was given up: the command comes back, and nothing was done.
    pub fn amend_within(
        &self,
        command: AmendCommand,
        patience: &Patience,
    ) -> Result<Answer<ChangeOutcome>, Box<AmendCommand>> {
        let mut ticket = self.ticket(&command.request_id, body::amend(&command), command.deadline);
        ticket.older = self.has_older.then(|| body::first::amend(&command));
        let (number, force) = (command.number, command.force.clone());
        // It names the promise that it is about: others of the line stay.
        let line = OrderLine { repeat: Some(Repeat::Add), ..command.line.clone() };
        let (lines, objective) = (vec![line], command.objective);
        let request =
            Request { lines, objective, alternatives: 0, remedies: Remedies::None, now: None };
        let request = self.dated(request);
        self.trace_plan();
        let planned = match CallerPlan::within(request, &self.pin().without(number), patience) {
            Ok(planned) => planned,
            Err(Unplanned::Invalid(error)) => {
                return Ok(self.recall(ticket, error, Recaller::Change));
            }
            Err(Unplanned::GivenUp(_)) => return Err(Box::new(command)),
        };
        Ok(self.send(|caller, patience| {
            ticket.patience = patience;
            Work::Amend(Box::new(AmendWork { ticket, number, planned, force }), caller)
        }))
    }

    /// Lets many promises take a step, all of them or none.
    pub fn many(&self, command: ManyCommand) -> Answer<ManyOutcome> {
        if let ManyStep::Extend { for_seconds } = command.step
            && let Err(error) = (Commitment::Hold { for_seconds }).check()
        {
            return Answer::ready(Err(error));
        }
        let ticket = self.ticket(&command.request_id, body::many(&command), command.deadline);
        let ManyCommand { selection, step, .. } = command;
        self.send(|caller, patience| {
            let ticket = Ticket { patience, ..ticket };
            Work::Many(ticket, Box::new(Many { selection, step }), caller)
        })
    }

    /// Notes that somebody has seen an exception, or wants to hear of it later; the answer is the world that has it.
    pub fn acknowledge(&self, request_id: &str, seen: Acknowledgement) -> Answer<Arc<World>> {
        let ticket = Ticket::new(request_id, body::seen(&seen), None);
        self.send(|caller, _| Work::Acknowledge(ticket, Box::new(seen), caller))
    }

    /// The entry that a command made, if it was done before; `digest` is that of what it asked for.
    pub fn find(&self, request_id: &str, digest: u128) -> Answer<Option<Arc<Entry>>> {
        if request_id.is_empty() {
            return Answer::ready(Ok(None));
        }
        self.send(|caller, _| Work::Find(self.ticket(request_id, digest, None), caller))
    }

    /// Notes the answer to a command that was answered and changed nothing, and gives the entry that has the
    /// first one.
    pub fn remember(
        &self,
        request_id: &str,
        digest: u128,
        told: Arc<[u8]>,
    ) -> Answer<Option<Arc<Entry>>> {
        if request_id.is_empty() {
            return Answer::ready(Ok(None));
        }
        self.send(|caller, _| Work::Remember(self.ticket(request_id, digest, None), told, caller))
    }

    /// Makes what was planned in a scenario or a backlog run live, in one step; all of it or nothing. The
    /// answer is the position of its entry.
    pub fn rearrange(&self, command: RearrangeCommand) -> Answer<u64> {
        self.rearrange_within(command, &Patience::endless())
    }

    /// The same, as long as somebody waits for it.
    pub(crate) fn rearrange_within(
        &self,
        command: RearrangeCommand,
        patience: &Patience,
    ) -> Answer<u64> {
        let asked = command.asked.unwrap_or_else(|| body::rearrange(&command));
        let ticket = self.ticket(&command.request_id, asked, command.deadline);
        let ticket = Ticket { patience: patience.clone(), ..ticket };
        let RearrangeCommand { changes, exchanges, planned_on, told, undoes, .. } = command;
        let work = RearrangeWork { ticket, changes, exchanges, planned_on, told, undoes };
        self.send(|caller, _| Work::Rearrange(Box::new(work), caller))
    }

    /// Changes planning data as a source says, all changes or none, and tells what that means for
    /// promises. Whoever counts on what is gone stays promised, and at risk.
    pub fn change(&self, command: NetCommand) -> Answer<NetOutcome> {
        let ticket = self.ticket(&command.request_id, body::net(&command), command.deadline);
        let NetCommand { changes, source, known_at, position, after, .. } = command;
        let known_at = known_at.map(|at| at.as_microsecond());
        let changes = changes.into();
        self.send(|caller, patience| {
            let ticket = Ticket { patience, ..ticket };
            let work = NetWork { ticket, changes, source, known_at, position, after };
            Work::Net(Box::new(work), caller)
        })
    }

    /// What changes would mean for promises now, as long as somebody waits for it; nothing is changed.
    ///
    /// # Errors
    /// It was given up; within, every fault of the changes.
    pub fn preview(
        &self,
        changes: Vec<Change>,
        patience: &Patience,
    ) -> Result<Result<NetOutcome, Error>, GivenUp> {
        let world = self.pin();
        let preview = || world.preview(changes.into(), Origin::PLANNING);
        Ok(match heard_out_here(patience, preview)? {
            Err(faults) => Err(Error::Faulty(faults)),
            Ok(changed) => {
                Ok(NetOutcome { changed: Arc::new(changed), position: world.position, world })
            }
        })
    }
}
