//! PromiseService: each method decodes, asks, encodes.
//!
//! A question is planned against one pinned world and changes nothing. A command goes to the engine, whose
//! outcome brings the world that has it: the answer's names, dates and version are those of that world.

use super::{
    answers::{after, amended, get_of},
    decode::{self, Named},
    edge::memory::hold,
    encode::{self, Pegging},
    guard, list,
    meant::Guarded,
    most, pegging,
    pipeline::pipeline,
    proto, reservation, scenario,
    secure::caller,
    status::{Failure, Faults},
    stopping::Stopping,
    submitted,
    text::Words,
    upkeep,
};
use crate::{
    engine::{
        self, AmendCommand, Answer, ChangeOutcome, Engine, ManyCommand, ManyStep, Moment, misnamed,
        planning, selfcheck,
    },
    ledger::{Reservation, World, reservation::State},
    limits::NEEDS_AT_ONCE,
    promising::{
        patience::{GivenUp, Patience, heard_out},
        request::{OrderLine, Remedies},
    },
};
use proto::promise_service_server::PromiseService;
use std::{pin::Pin, sync::Arc};
use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming, metadata::MetadataMap};

/// Bytes that a line and its answer are reckoned to take, with pegging and without.
const LINE_BYTES: [usize; 2] = [768, 3_072];

/// Answers order lines and keeps promises, through an engine.
#[derive(Clone, Debug)]
pub(super) struct Promises {
    pub(super) engine: Engine,
    pub(super) stopping: Stopping,
}

impl Promises {
    pub(super) fn new(engine: Engine, stopping: Stopping) -> Self {
        Self { engine, stopping }
    }

    /// By when a caller wants its answer.
    fn deadline(&self, metadata: &MetadataMap) -> Option<Moment> {
        guard::deadline(metadata, self.engine.moment())
    }

    pub(super) fn failure(&self, error: engine::Error) -> Failure {
        Failure::of_engine(error, &self.engine.pin().snapshot)
    }

    async fn check(
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

    async fn promise_one(
        &self,
        message: proto::PromiseRequest,
        deadline: Option<Moment>,
    ) -> Result<proto::PromiseResponse, Failure> {
        let n_options = message.lines.len() * (1 + message.alternatives as usize);
        hold(n_options * LINE_BYTES[usize::from(message.pegging)])?;
        let submitted = self.submit(message, deadline).await?;
        self.finish(submitted).await
    }

    async fn amend_one(
        &self,
        message: proto::AmendRequest,
        deadline: Option<Moment>,
    ) -> Result<proto::AmendResponse, Failure> {
        let pegging = Pegging::asked(message.pegging);
        let scenario_id = message.scenario_id.clone();
        let check_only = message.check_only;
        let guarded = Guarded::new("", "", &message.ledger);
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
    pub(super) async fn many_named(
        &self,
        asked: (String, Named),
        step: ManyStep,
        (ledger, scenario_id): (&str, &str),
        deadline: Option<Moment>,
    ) -> Result<(Vec<proto::Reservation>, Option<proto::DataVersion>), Failure> {
        let guarded = Guarded::many(&asked.1, ledger);
        let world = scenario::world(&self.engine, scenario_id).await?;
        let command = decode::many(asked, step, deadline)?;
        guarded.check_all(&world, &command.selection)?;
        self.many(command, scenario_id).await
    }

    /// A step of many promises.
    async fn many(
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

    async fn amend_sent(&self, command: AmendCommand) -> Result<Answer<ChangeOutcome>, Failure> {
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

    async fn get_some(
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

fn is_held(kept: &Reservation) -> bool {
    matches!(kept.state, State::Held { .. })
}

/// By how many micro-units an amendment makes a hold larger.
fn more_held(line: &OrderLine, kept: &Reservation, world: &World) -> i128 {
    let wanted = submitted::held_of(line, world);
    (wanted - i128::from(kept.quantity.raw())).max(0)
}

#[tonic::async_trait]
impl PromiseService for Promises {
    type PromiseStreamStream =
        Pin<Box<dyn Stream<Item = Result<proto::PromiseStreamResponse, Status>> + Send>>;

    async fn check_availability(
        &self,
        request: Request<proto::CheckAvailabilityRequest>,
    ) -> Result<Response<proto::CheckAvailabilityResponse>, Status> {
        guard::call("CheckAvailability", self.check(request.into_inner())).await
    }

    async fn promise(
        &self,
        request: Request<proto::PromiseRequest>,
    ) -> Result<Response<proto::PromiseResponse>, Status> {
        let deadline = self.deadline(request.metadata());
        guard::call("Promise", self.promise_one(request.into_inner(), deadline)).await
    }

    async fn promise_stream(
        &self,
        request: Request<Streaming<proto::PromiseRequest>>,
    ) -> Result<Response<Self::PromiseStreamStream>, Status> {
        let deadline = self.deadline(request.metadata());
        let answers = pipeline(self, request.into_inner(), deadline);
        let answers: Self::PromiseStreamStream = Box::pin(answers);
        let mut response = Response::new(answers);
        response.disable_compression();
        Ok(response)
    }

    async fn confirm(
        &self,
        request: Request<proto::ConfirmRequest>,
    ) -> Result<Response<proto::ConfirmResponse>, Status> {
        let deadline = self.deadline(request.metadata());
        guard::call("Confirm", async {
            let message = request.into_inner();
            let scenario_id = message.scenario_id.clone();
            let named = Named::of(
                (&message.promise_id, &message.promise_ids),
                (&message.order, &message.line),
                message.quantity.is_some(),
            );
            if named.is_many() {
                let (asked, of) = ((message.request_id, named), (&*message.ledger, &*scenario_id));
                let (promises, version) =
                    self.many_named(asked, ManyStep::Confirm, of, deadline).await?;
                return Ok(proto::ConfirmResponse { promise: None, rest: None, version, promises });
            }
            let guarded = Guarded::new(&message.order, &message.line, &message.ledger);
            let command = decode::confirm(message, deadline)?;
            guarded.check(&*scenario::world(&self.engine, &scenario_id).await?, command.number)?;
            let outcome = match scenario_id.as_str() {
                "" => self.engine.confirm(command).await,
                id => {
                    let (engine, id) = (self.engine.clone(), id.to_string());
                    guard::elsewhere(move || engine.confirm_in(&id, command)).await.await
                }
            };
            let outcome = outcome.map_err(|error| self.failure(error))?;
            if let Some(rest) = outcome.rest.as_ref().filter(|_| scenario_id.is_empty()) {
                caller::holds(rest.number);
            }
            let (words, version) = after(&outcome);
            let promise = Some(reservation::told(words, &outcome.world, &outcome.reservation));
            let rest =
                outcome.rest.as_ref().map(|rest| reservation::told(words, &outcome.world, rest));
            Ok(proto::ConfirmResponse { promise, rest, version, promises: Vec::new() })
        })
        .await
    }

    async fn cancel(
        &self,
        request: Request<proto::CancelRequest>,
    ) -> Result<Response<proto::CancelResponse>, Status> {
        let deadline = self.deadline(request.metadata());
        guard::call("Cancel", async {
            let message = request.into_inner();
            let scenario_id = message.scenario_id.clone();
            let named = Named::of(
                (&message.promise_id, &message.promise_ids),
                (&message.order, &message.line),
                message.quantity.is_some(),
            );
            if named.is_many() {
                let (asked, of) = ((message.request_id, named), (&*message.ledger, &*scenario_id));
                let (promises, version) =
                    self.many_named(asked, ManyStep::Cancel, of, deadline).await?;
                return Ok(proto::CancelResponse { promise: None, version, promises });
            }
            let guarded = Guarded::new(&message.order, &message.line, &message.ledger);
            let command = decode::cancel(message, deadline)?;
            guarded.check(&*scenario::world(&self.engine, &scenario_id).await?, command.number)?;
            let outcome = match scenario_id.as_str() {
                "" => self.engine.cancel(command).await,
                id => {
                    let (engine, id) = (self.engine.clone(), id.to_string());
                    guard::elsewhere(move || engine.cancel_in(&id, command)).await.await
                }
            };
            let outcome = outcome.map_err(|error| self.failure(error))?;
            let (words, version) = after(&outcome);
            let promise = Some(reservation::told(words, &outcome.world, &outcome.reservation));
            Ok(proto::CancelResponse { promise, version, promises: Vec::new() })
        })
        .await
    }

    async fn amend(
        &self,
        request: Request<proto::AmendRequest>,
    ) -> Result<Response<proto::AmendResponse>, Status> {
        let deadline = self.deadline(request.metadata());
        guard::call("Amend", self.amend_one(request.into_inner(), deadline)).await
    }

    async fn fulfil(
        &self,
        request: Request<proto::FulfilRequest>,
    ) -> Result<Response<proto::FulfilResponse>, Status> {
        let deadline = self.deadline(request.metadata());
        guard::call("Fulfil", self.fulfil_one(request.into_inner(), deadline)).await
    }

    async fn reopen(
        &self,
        request: Request<proto::ReopenRequest>,
    ) -> Result<Response<proto::ReopenResponse>, Status> {
        let deadline = self.deadline(request.metadata());
        guard::call("Reopen", self.reopen_one(request.into_inner(), deadline)).await
    }

    async fn extend_hold(
        &self,
        request: Request<proto::ExtendHoldRequest>,
    ) -> Result<Response<proto::ExtendHoldResponse>, Status> {
        let deadline = self.deadline(request.metadata());
        guard::call("ExtendHold", async {
            let message = request.into_inner();
            let scenario_id = message.scenario_id.clone();
            let named = (&*message.order, &*message.line);
            let named = Named::of(("", &message.promise_ids), named, false);
            let guarded = Guarded::many(&named, &message.ledger);
            let command = decode::extend(message, deadline)?;
            let world = scenario::world(&self.engine, &scenario_id).await?;
            guarded.check_all(&world, &command.selection)?;
            let (promises, version) = self.many(command, &scenario_id).await?;
            Ok(proto::ExtendHoldResponse { promises, version })
        })
        .await
    }

    async fn self_check(
        &self,
        _: Request<proto::SelfCheckRequest>,
    ) -> Result<Response<proto::SelfCheckResponse>, Status> {
        guard::call("SelfCheck", async {
            let world = self.engine.pin();
            // As much as a request of many lines: on a thread of its own.
            let check = move || upkeep::checked(&world, selfcheck::check(&world));
            let found = guard::compute(usize::MAX, check).await;
            let notes = upkeep::diverged(&found);
            if !notes.is_empty() {
                // Whoever follows hears of it; the answer says it too.
                drop(self.engine.note(notes));
            }
            Ok(found)
        })
        .await
    }

    async fn get(
        &self,
        request: Request<proto::GetPromiseRequest>,
    ) -> Result<Response<proto::GetPromiseResponse>, Status> {
        guard::call("Get", self.get_some(request.into_inner())).await
    }

    async fn list(
        &self,
        request: Request<proto::ListPromisesRequest>,
    ) -> Result<Response<proto::ListPromisesResponse>, Status> {
        guard::call("List", async {
            let message = request.into_inner();
            let world = scenario::world(&self.engine, &message.scenario_id).await?;
            // All promises may have to be looked through for a page.
            guard::elsewhere(move || list::answer(&world, message)).await
        })
        .await
    }

    async fn get_pegging(
        &self,
        request: Request<proto::GetPeggingRequest>,
    ) -> Result<Response<proto::GetPeggingResponse>, Status> {
        guard::call("GetPegging", async {
            let message = request.into_inner();
            let world = scenario::world(&self.engine, &message.scenario_id).await?;
            let engine = self.engine.clone();
            guard::elsewhere(move || pegging::pegging(&engine, &world, &message)).await
        })
        .await
    }

    async fn explain(
        &self,
        request: Request<proto::ExplainRequest>,
    ) -> Result<Response<proto::ExplainResponse>, Status> {
        guard::call("Explain", async {
            let message = request.into_inner();
            let world = scenario::world(&self.engine, &message.scenario_id).await?;
            let engine = self.engine.clone();
            guard::patiently(move |patience| pegging::explain(&engine, &world, &message, patience))
                .await?
        })
        .await
    }
}
