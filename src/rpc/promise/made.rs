//! PromiseService: its methods that ask the engine more than one question.

use super::{LINE_BYTES, Promises, is_held, more_held};
use crate::rpc::{
    answers::{amended, get_of},
    decode::{self, NamedPromises},
    edge::memory::hold,
    encode::{self, Pegging},
    guard,
    meant::Meant,
    most, proto, reservation, scenario,
    secure::caller,
    status::{Failure, Faults},
    text::Words,
};
use crate::{
    engine::{
        self, AmendCommand, Answer, ChangeOutcome, ManyCommand, ManyStep, SteadyTime, misnamed,
        planning,
    },
    limits::NEEDS_AT_ONCE,
    promising::{
        patience::{GivenUp, Patience, heard_out},
        request::Remedies,
    },
};
use std::sync::Arc;

impl Promises {
    pub(in crate::rpc) async fn check(
        &self,
        message: proto::CheckAvailabilityRequest,
    ) -> Result<proto::CheckAvailabilityResponse, Failure> {
        let pegging = Pegging::asked(message.pegging);
        let scenario_id = message.scenario_id.clone();
        let with_pegging = usize::from(message.pegging);
        let (with_most, validate_only) = (message.most, message.validate_only);
        let request = self.engine.dated(decode::check(message)?);
        let request_alternatives = request.alternatives;
        hold(request.lines.len() * (1 + request_alternatives) * LINE_BYTES[with_pegging])?;
        let world = scenario::world(&self.engine, &scenario_id).await?;
        let query = request.resolve(&world.snapshot).map_err(|found| Faults::of_lines(&found))?;
        if validate_only {
            let version = Some(encode::version(&world, world.position));
            return Ok(proto::CheckAvailabilityResponse { version, ..Default::default() });
        }
        let n_at_once = match (request.remedies, with_most) {
            (Remedies::None, false) => request.lines.len(),
            (Remedies::Sought, _) | (Remedies::None, true) => usize::MAX,
        };
        self.engine.trace_plan();
        let answer = move |patience: &Patience| {
            let promise = planning::ask_within(&world, (&request, &query), patience)?;
            let mut answer = encode::check(&world, &request, &promise, pegging);
            if with_most {
                most::add(&world, &request, &mut answer, patience)?;
            }
            Ok(answer)
        };
        if let Some(patience) = guard::at_once(n_at_once, request_alternatives)
            && let Ok(answered) = answer(&patience)
        {
            return Ok(answered);
        }
        guard::patiently(answer).await
    }

    pub(in crate::rpc) async fn promise_one(
        &self,
        message: proto::PromiseRequest,
        deadline: Option<SteadyTime>,
    ) -> Result<proto::PromiseResponse, Failure> {
        let n_options = message.lines.len() * (1 + message.alternatives as usize);
        hold(n_options * LINE_BYTES[usize::from(message.pegging)])?;
        let submitted = self.submit(message, deadline).await?;
        self.finish(submitted).await
    }

    pub(in crate::rpc) async fn amend_one(
        &self,
        message: proto::AmendRequest,
        deadline: Option<SteadyTime>,
    ) -> Result<proto::AmendResponse, Failure> {
        let pegging = Pegging::asked(message.pegging);
        let scenario_id = message.scenario_id.clone();
        let check_only = message.check_only;
        let guarded = Meant::new("", "", &message.ledger);
        let command = decode::amend(message, deadline)?;
        guarded.check(&self.engine.pin(), command.number)?;
        let lines = [command.line.clone()];
        let before = self.engine.pin().reservation(command.number).cloned();
        let misnamed =
            || before.as_ref().map_or_else(Vec::new, |kept| misnamed(&lines[0], &kept.facts));
        if check_only {
            let world = scenario::world(&self.engine, &scenario_id).await?;
            let here = Arc::clone(&world);
            let asked = (command, self.engine.today());
            let amended_to =
                move |patience: &Patience| heard_out(|| engine::amended_to(&here, asked, patience));
            let refuse = |error| Failure::of_amendment(error, misnamed(), &world.snapshot);
            let outcome = guard::patiently(amended_to).await?.map_err(refuse)?;
            return Ok(amended(&lines, pegging, &outcome));
        }
        // A hold that becomes larger is held no less than a new one.
        let held = before.as_ref().filter(|kept| is_held(kept) && scenario_id.is_empty());
        let _holding = match held {
            Some(kept) => caller::hold(|world| more_held(&command.line, kept, world))?,
            None => None,
        };
        let outcome = match scenario_id.as_str() {
            "" => self.amend_sent(command).await?.await,
            _ => {
                let engine = self.engine.clone();
                let amend =
                    move |patience: &Patience| engine.amend_in(&scenario_id, command, patience);
                guard::patiently(amend).await?.await
            }
        };
        let refuse = |error| Failure::of_amendment(error, misnamed(), &self.engine.pin().snapshot);
        Ok(amended(&lines, pegging, &outcome.map_err(refuse)?))
    }

    /// A step of the promises that a request names, if they are those of the ledger, order and line that it names too.
    pub(in crate::rpc) async fn many_named(
        &self,
        asked: (String, NamedPromises),
        step: ManyStep,
        (ledger, scenario_id): (&str, &str),
        deadline: Option<SteadyTime>,
    ) -> Result<(Vec<proto::Reservation>, Option<proto::DataVersion>), Failure> {
        let guarded = Meant::many(&asked.1, ledger);
        let world = scenario::world(&self.engine, scenario_id).await?;
        let command = decode::many(asked, step, deadline)?;
        guarded.check_all(&world, &command.selection)?;
        self.many(command, scenario_id).await
    }

    /// A step of many promises.
    pub(in crate::rpc) async fn many(
        &self,
        command: ManyCommand,
        scenario_id: &str,
    ) -> Result<(Vec<proto::Reservation>, Option<proto::DataVersion>), Failure> {
        let outcome = match scenario_id {
            "" => self.engine.many(command).await,
            id => {
                let (engine, id) = (self.engine.clone(), id.to_string());
                guard::elsewhere(move || engine.many_in(&id, command)).await.await
            }
        };
        let outcome = outcome.map_err(|error| self.failure(error))?;
        let words = Words::new(&outcome.world.snapshot);
        let promises = outcome.reservations.iter();
        let promises =
            promises.map(|kept| reservation::told(words, &outcome.world, kept)).collect();
        Ok((promises, Some(encode::version(&outcome.world, outcome.position))))
    }

    pub(in crate::rpc) async fn amend_sent(
        &self,
        command: AmendCommand,
    ) -> Result<Answer<ChangeOutcome>, Failure> {
        let command = match self.engine.amend_within(command, &Patience::of(NEEDS_AT_ONCE)) {
            Ok(answer) => return Ok(answer),
            Err(command) => *command,
        };
        let engine = self.engine.clone();
        guard::patiently(move |patience| {
            engine.amend_within(command, patience).map_err(|_| GivenUp)
        })
        .await
    }

    pub(in crate::rpc) async fn get_some(
        &self,
        message: proto::GetPromiseRequest,
    ) -> Result<proto::GetPromiseResponse, Failure> {
        let world = scenario::world(&self.engine, &message.scenario_id).await?;
        // An order may have very many promises.
        match message.promise_id.is_empty() {
            true => guard::elsewhere(move || get_of(&world, message)).await,
            false => get_of(&world, message),
        }
    }
}
