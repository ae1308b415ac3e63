//! Lines are promised: planned on the caller's thread, then committed by the writer if the plan still fits.

use super::{
    promise_deed::{PromiseDeed, PromiseTerms},
    terms::{Commitment, Completeness, Faulty, RequestTurn},
};
use crate::{
    engine::{
        Answer, Engine, PromiseOutcome, body,
        clock::{SteadyTime, Stopwatch, Today},
        outcome::PendingPromise,
        planned::{CallerPlan, Unplanned},
        told::promise_of,
    },
    ledger::{Entry, digest::Digest, reservation::Force},
    promising::{
        meaning::{self, optional_number},
        patience::Patience,
        request::Request,
    },
};
use std::sync::Arc;

/// Promises lines.
///
/// ```
/// use jiff::civil::date;
/// use promised::{
///     engine::{
///         CancelCommand, Commitment, Completeness, Config, ConfirmCommand, Engine, Faulty,
///         PromiseCommand, RequestTurn,
///     },
///     journal::Memory,
///     ledger::reservation::State,
///     loader,
///     model::Quantity,
///     promising::request::{OrderLine, Remedies, Request},
/// };
/// use std::sync::Arc;
/// # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
/// let loaded = loader::open("snapshots/tiny".as_ref(), &loader::Silent)?;
/// let snapshot = Arc::new(loaded.snapshot.expect("it is sound"));
/// let engine = Engine::start(snapshot, Box::new(Memory::default()), Config::new())?;
///
/// // Two valves, held for a minute.
/// let lines = vec![OrderLine::new("SO-7", "VALVE", Quantity::units(2), date(2026, 11, 26))];
/// let held = engine.promise(PromiseCommand {
///     request_id: "cart-7".to_string(),
///     request: Request {
///         lines,
///         objective: None,
///         alternatives: 0,
///         remedies: Remedies::None,
///         now: None,
///     },
///     commitment: Commitment::Hold { for_seconds: 60 },
///     completeness: Completeness::AllOrNothing,
///     faulty: Faulty::Refuse,
///     turn: RequestTurn::Any,
///     force: None,
///     deadline: None,
/// });
/// let held = held.wait()?;
/// let number = held.reservations[0].as_ref().expect("there are five").number;
///
/// // The customer pays, and then thinks better of it.
/// let (request_id, quantity, deadline) = ("pay-7".to_string(), None, None);
/// let confirmed = engine.confirm(ConfirmCommand { request_id, number, quantity, deadline }).wait()?;
/// assert_eq!(confirmed.reservation.state, State::Confirmed);
/// let request_id = "cancel-7".to_string();
/// engine.cancel(CancelCommand { request_id, number, quantity, deadline }).wait()?;
/// assert_eq!(engine.pin().position, 3, "three commands, three entries");
/// engine.stop();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// The lines.
    pub request: Request,
    /// Held or confirmed.
    pub commitment: Commitment,
    /// Whether a part is better than nothing.
    pub completeness: Completeness,
    /// Whether lines are better than none.
    pub faulty: Faulty,
    /// What it sees; not part of the body.
    pub turn: RequestTurn,
    /// Overrides the admission: what does not fit is promised on the day asked for all the same.
    pub force: Option<Force>,
    /// The moment after which it must not be committed any more; not part of the body.
    pub deadline: Option<SteadyTime>,
}

impl PromiseCommand {
    fn digest(&self) -> u128 {
        let mut digest = body::begin("promise lines");
        meaning::request(&mut digest, &self.request);
        self.terms(&mut digest);
        digest.number(match self.faulty {
            Faulty::Refuse => 0,
            Faulty::LeaveOut => 1,
        });
        digest.value()
    }

    fn terms(&self, digest: &mut Digest) {
        digest.number(match self.commitment {
            Commitment::Hold { for_seconds } => for_seconds,
            Commitment::Confirm => 0,
        });
        digest.number(match self.completeness {
            Completeness::BestEffort => 0,
            Completeness::AllOrNothing => 1,
        });
        body::force(digest, self.force.as_ref());
    }

    /// As entries of the first version know it.
    fn first_digest(&self) -> u128 {
        let mut digest = body::begin("promise");
        optional_number(&mut digest, self.request.objective.map(meaning::number_of));
        digest.number(self.request.lines.len().try_into().unwrap_or(i64::MAX));
        self.request.lines.iter().for_each(|one| body::first_line(&mut digest, one));
        self.terms(&mut digest);
        digest.value()
    }
}

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
        let mut ticket = self.ticket(&command.request_id, command.digest(), command.deadline);
        ticket.older = self.has_older.then(|| command.first_digest());
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
                let told = |entry: Arc<Entry>, world| {
                    PendingPromise::kept(promise_of(&entry), &entry).with(world)
                };
                return Ok(self.recall(ticket, error, told));
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
            Box::new(PromiseDeed { ticket, planned, terms, caller })
        }))
    }
}
