//! A promise on its way: decoded and handed to the engine, and answered when that has answered.

use super::{
    answers::promised,
    decode,
    encode::{Detail, Pegging},
    guard,
    promises::Promises,
    proto, reservation,
    secure::{caller, meters::Holding},
    status::{Failure, Faults},
};
use crate::{
    engine::{Answer, Commitment, PromiseCommand, PromiseOutcome, SteadyTime},
    ledger::World,
    promising::{
        patience::GivenUp,
        request::{OrderLine, Remedies, Request},
    },
};
use std::collections::BTreeMap;

/// A promise on its way through the engine.
#[derive(Debug)]
pub(super) struct Submitted {
    request_id: String,
    lines: Vec<OrderLine>,
    pegging: Pegging,
    form: Detail,
    /// Order and line of all lines, where some may be faulty.
    asked: Vec<(String, String)>,
    /// What is wrong with lines that could not be read, by position.
    unread: BTreeMap<usize, Faults>,
    answer: Answer<PromiseOutcome>,
    /// What a hold takes of its caller's room until it is there.
    holding: Option<Holding>,
}

/// The micro-units of a line, in the unit that its item is kept in; none where it cannot be resolved, for then it holds
/// nothing.
pub(super) fn held_of(line: &OrderLine, world: &World) -> i128 {
    let (lines, remedies) = (vec![line.clone()], Remedies::None);
    let alone = Request { lines, objective: None, alternatives: 0, remedies, now: None };
    let query = alone.resolve(&world.snapshot);
    let lines = query.iter().flat_map(|query| query.lines());
    lines.map(|line| i128::from(line.quantity.raw())).sum()
}

impl Promises {
    /// Decodes a promise and hands it to the engine; the answer comes later.
    pub(super) async fn submit(
        &self,
        mut message: proto::PromiseRequest,
        deadline: Option<SteadyTime>,
    ) -> Result<Submitted, Failure> {
        let pegging = Pegging::asked(message.pegging && !message.brief);
        let form = if message.brief { Detail::Brief } else { Detail::Full };
        let scenario_id = message.scenario_id.clone();
        let asked = message.lines.iter().map(|line| (line.order.clone(), line.line.clone()));
        let asked = if message.best_effort { asked.collect() } else { Vec::new() };
        let unread = decode::take_faulty(&mut message);
        let command = decode::promise(message, deadline)?;
        let lines = command.request.lines.clone();
        let request_id = command.request_id.clone();
        let is_hold = matches!(command.commitment, Commitment::Hold { .. });
        let holding = match scenario_id.is_empty() && is_hold {
            true => caller::hold(|world| {
                command.request.lines.iter().map(|line| held_of(line, world)).sum()
            })?,
            false => None,
        };
        let answer = match scenario_id.as_str() {
            "" => self.sent(command).await?,
            _ => {
                let engine = self.engine.clone();
                guard::patiently(move |patience| engine.promise_in(&scenario_id, command, patience))
                    .await?
            }
        };
        Ok(Submitted { request_id, lines, pegging, form, asked, unread, answer, holding })
    }

    /// Plans a command and sends it to the writer: here where that takes little, else on a thread of its own.
    async fn sent(&self, command: PromiseCommand) -> Result<Answer<PromiseOutcome>, Failure> {
        let request = &command.request;
        let command = match guard::at_once(request.lines.len(), request.alternatives) {
            Some(patience) => match self.engine.promise_within(command, &patience) {
                Ok(answer) => return Ok(answer),
                Err(command) => *command,
            },
            None => command,
        };
        let engine = self.engine.clone();
        guard::patiently(move |patience| {
            engine.promise_within(command, patience).map_err(|_| GivenUp)
        })
        .await
    }

    pub(super) async fn finish(
        &self,
        submitted: Submitted,
    ) -> Result<proto::PromiseResponse, Failure> {
        let Submitted { request_id, lines, pegging, form, asked, unread, answer, holding } =
            submitted;
        let outcome = answer.await.map_err(|error| self.failure(error))?;
        if let Some(holding) = &holding {
            let made = outcome.made.iter().filter_map(|made| made.reservation());
            holding.made(made.map(|made| made.number));
        }
        let mut answer = promised(request_id, (&lines, pegging, form), &outcome);
        for (at, faults) in unread {
            let (order, line) = asked[at].clone();
            answer.promises.insert(at, reservation::faulty(order, line, faults));
        }
        Ok(answer)
    }
}
