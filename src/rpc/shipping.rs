//! Fulfil and Reopen: what has shipped, and what has come back, live or in a scenario.

use super::{
    ahead,
    answers::after,
    decode::{self, NamedPromises},
    guard,
    meant::Meant,
    promises::Promises,
    proto, reservation, scenario,
    status::Failure,
};
use crate::engine::{ManyStep, SteadyTime};

impl Promises {
    /// Says that one promise, or a part of it, or many have shipped.
    pub(super) async fn fulfil_one(
        &self,
        message: proto::FulfilRequest,
        deadline: Option<SteadyTime>,
    ) -> Result<proto::FulfilResponse, Failure> {
        let scenario_id = message.scenario_id.clone();
        let is_part = message.quantity.is_some() || message.shipped_at.is_some();
        let named = NamedPromises::of(
            (&message.promise_id, &message.promise_ids),
            (&message.order, &message.line),
            is_part,
        );
        // A line, a quantity or a time is of one shipment.
        let is_one = message.promise_ids.is_empty() && (is_part || !message.line.is_empty());
        if named.is_many() && !is_one {
            let (asked, of) = ((message.request_id, named), (&*message.ledger, &*scenario_id));
            let many = self.many_named(asked, ManyStep::Fulfil, of, deadline).await;
            let ((promises, version), promise, rest) = (many?, None, None);
            return Ok(proto::FulfilResponse { promise, version, rest, promises });
        }
        let (order, line) = match message.promise_id.is_empty() {
            true => ("", ""),
            false => (&*message.order, &*message.line),
        };
        let guarded = Meant::new(order, line, &message.ledger);
        let command = decode::fulfil(message, deadline)?;
        ahead::refuse("shipped_at", command.shipped_at, self.engine.civil())?;
        let world = scenario::world(&self.engine, &scenario_id).await?;
        guarded.check_which(&world, &command.which)?;
        let outcome = match scenario_id.as_str() {
            "" => self.engine.fulfil(command).await,
            _ => {
                let engine = self.engine.clone();
                guard::elsewhere(move || engine.fulfil_in(&scenario_id, &command)).await.await
            }
        };
        let outcome = outcome.map_err(|error| self.failure(error))?;
        let (words, version) = after(&outcome);
        let promise = Some(reservation::told(words, &outcome.world, &outcome.reservation));
        let rest = outcome.rest.as_ref().map(|rest| reservation::told(words, &outcome.world, rest));
        Ok(proto::FulfilResponse { promise, version, rest, promises: Vec::new() })
    }

    /// Takes a shipment back.
    pub(super) async fn reopen_one(
        &self,
        message: proto::ReopenRequest,
        deadline: Option<SteadyTime>,
    ) -> Result<proto::ReopenResponse, Failure> {
        let scenario_id = message.scenario_id.clone();
        let guarded = Meant::new(&message.order, &message.line, &message.ledger);
        let command = decode::reopen(message, deadline)?;
        guarded.check(&*scenario::world(&self.engine, &scenario_id).await?, command.number)?;
        let outcome = match scenario_id.as_str() {
            "" => self.engine.reopen(command).await,
            _ => {
                let engine = self.engine.clone();
                guard::elsewhere(move || engine.reopen_in(&scenario_id, &command)).await.await
            }
        };
        let outcome = outcome.map_err(|error| self.failure(error))?;
        let (words, version) = after(&outcome);
        let promise = Some(reservation::told(words, &outcome.world, &outcome.reservation));
        Ok(proto::ReopenResponse { promise, version, promises: Vec::new() })
    }
}
