//! PromiseService: each method decodes, asks, encodes.
//!
//! A question is planned against one pinned world and changes nothing. A command goes to the engine, whose
//! outcome brings the world that has it: the answer's names, dates and version are those of that world.

mod made;

use super::{
    answers::after,
    decode::{self, NamedPromises},
    guard, list,
    meant::Meant,
    pegging,
    pipeline::pipeline,
    promises::Promises,
    proto, reservation, scenario,
    secure::caller,
    submitted, upkeep,
};
use crate::{
    engine::{ManyStep, selfcheck},
    ledger::{Reservation, World, reservation::State},
    promising::request::OrderLine,
};
use proto::promise_service_server::PromiseService;
use std::pin::Pin;
use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

/// Bytes that a line and its answer are reckoned to take, with pegging and without.
const LINE_BYTES: [usize; 2] = [768, 3_072];

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
            let named = NamedPromises::of(
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
            let guarded = Meant::new(&message.order, &message.line, &message.ledger);
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
            let named = NamedPromises::of(
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
            let guarded = Meant::new(&message.order, &message.line, &message.ledger);
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
            let named = NamedPromises::of(("", &message.promise_ids), named, false);
            let guarded = Meant::many(&named, &message.ledger);
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
