//! Promises that are asked for: planned on the caller's thread, then sent to the writer.

use super::{
    Answer, Engine, PromiseCommand, PromiseOutcome, body,
    clock::{Stopwatch, Today},
    planned::{CallerPlan, Unplanned},
    work::{PromiseTerms, PromiseWork, Recaller, Work},
};
use crate::promising::patience::Patience;

impl Engine {
    /// Promises lines: plans them here, on the caller's thread, and sends the plan to the writer.
    ///
    /// A line that cannot be promised is an answer, not an error. Who drops the answer may find the command done
    /// or not.
    pub fn promise(&self, command: PromiseCommand) -> Answer<PromiseOutcome> {
        let promised = self.promise_within(command, &Patience::endless());
        promised.expect("endless patience gives nothing up")
    }

    /// The same, as long as somebody waits for the plan, and for as many needs as that has patience for.
    ///
    /// # Errors
    /// The plan was given up: the command comes back, and nothing was done.
    pub fn promise_within(
        &self,
        command: PromiseCommand,
        patience: &Patience,
    ) -> Result<Answer<PromiseOutcome>, Box<PromiseCommand>> {
        if let Err(error) = command.commitment.check() {
            return Ok(Answer::ready(Err(error)));
        }
        let mut ticket =
            self.ticket(&command.request_id, body::promise(&command), command.deadline);
        ticket.older = self.has_older.then(|| body::first::promise(&command));
        let PromiseCommand { request_id, request, commitment, completeness, force, .. } = command;
        let PromiseCommand { faulty, turn, deadline, .. } = command;
        // Given back it is as it came: its digest must be the same the next time.
        let undated = (self.today == Today::Clock).then(|| request.clone());
        self.trace_plan();
        let watch = Stopwatch::start();
        let found = CallerPlan::of((self.dated(request), faulty), &self.pin(), patience);
        metrics::histogram!("promised_plan_seconds").record(watch.elapsed());
        let planned = match found {
            Ok(planned) => planned,
            Err(Unplanned::Invalid(error)) => {
                return Ok(self.recall(ticket, error, Recaller::Promise));
            }
            Err(Unplanned::GivenUp(request)) => {
                let request = undated.unwrap_or(*request);
                return Err(Box::new(PromiseCommand {
                    request_id,
                    request,
                    commitment,
                    completeness,
                    force,
                    faulty,
                    turn,
                    deadline,
                }));
            }
        };
        let terms = PromiseTerms { commitment, completeness, force, turn };
        Ok(self.send(|caller, patience| {
            ticket.patience = patience;
            Work::Promise(Box::new(PromiseWork { ticket, planned, terms }), caller)
        }))
    }
}
