//! Where a command is done that makes a scenario live: here, or, where the scenario is on a node that follows, by the leader.

use super::{
    Cluster, Place, There,
    asked::{self, Answered, Asked, SentPlan},
    first::First,
};
use crate::{
    engine::{
        Engine, Error, RearrangeCommand,
        apply::{self, IfMovedOn},
        scenarios::Scenario,
    },
    ledger::World,
    promising::patience::Patience,
    rpc::{applied, guard, proto, status::Failure},
};
use std::sync::Arc;
use tokio::runtime::Handle;

/// An engine, and the cluster that it is one of.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct Desk {
    pub(in crate::rpc) engine: Engine,
    pub(in crate::rpc) cluster: Option<Arc<Cluster>>,
}

/// Why a scenario was not made live.
enum Stopped {
    Here(Error),
    There(Failure),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Here(error)
    }
}

impl From<Engine> for Desk {
    fn from(engine: Engine) -> Self {
        Self { engine, cluster: None }
    }
}

impl Desk {
    /// What the other nodes answer, as far as they do.
    pub(in crate::rpc) async fn ask_others<Q, A>(&self, path: &'static str, question: Q) -> Vec<A>
    where
        Q: prost::Message + Clone + 'static,
        A: prost::Message + Default + 'static,
    {
        match &self.cluster {
            Some(cluster) => cluster.ask_others(path, question).await,
            None => Vec::new(),
        }
    }

    /// The leader, where it is another node.
    fn leader(&self) -> Result<Option<(Arc<Cluster>, There)>, Failure> {
        let Some(cluster) = self.cluster.as_ref().filter(|_| !self.engine.is_leading()) else {
            return Ok(None);
        };
        Ok(match cluster.leader()? {
            Place::Here => None,
            Place::There(leader) => Some((Arc::clone(cluster), leader)),
        })
    }

    fn failed(&self, error: Error) -> Failure {
        Failure::of_engine(error, &self.engine.pin().snapshot)
    }

    /// The first answer to a command that was done before.
    ///
    /// # Errors
    /// The id was used for another command, or nobody leads.
    pub(in crate::rpc) async fn find(
        &self,
        request_id: &str,
        digest: u128,
    ) -> Result<Option<First>, Failure> {
        if request_id.is_empty() {
            return Ok(None);
        }
        match self.leader()? {
            Some((cluster, leader)) => {
                let asked = asked(request_id, digest);
                let answered: Answered = cluster.ask(&leader, asked::FIND, asked).await?;
                Ok(answered.first)
            }
            None => {
                let found = self.engine.find(request_id, digest).await;
                Ok(found.map_err(|error| self.failed(error))?.map(|entry| First::of(&entry)))
            }
        }
    }

    /// Notes the answer to a command that changed nothing; the first answer, if another call was faster.
    ///
    /// # Errors
    /// The id was used for another command, or nobody leads.
    pub(in crate::rpc) async fn remember(
        &self,
        (request_id, digest): (&str, u128),
        told: Vec<u8>,
    ) -> Result<Option<First>, Failure> {
        if request_id.is_empty() {
            return Ok(None);
        }
        match self.leader()? {
            Some((cluster, leader)) => {
                let asked = Asked { told: Some(told), ..asked(request_id, digest) };
                let answered: Answered = cluster.ask(&leader, asked::REMEMBER, asked).await?;
                Ok(answered.first)
            }
            None => {
                let kept = self.engine.remember(request_id, digest, told.into()).await;
                Ok(kept.map_err(|error| self.failed(error))?.map(|entry| First::of(&entry)))
            }
        }
    }

    /// Makes a scenario live under an id that nothing was done under.
    ///
    /// # Errors
    /// Why nothing was done.
    pub(in crate::rpc) async fn apply(
        &self,
        message: proto::ApplyScenarioRequest,
        asked: &apply::ApplyAs<'_>,
    ) -> Result<proto::ApplyScenarioResponse, Failure> {
        let if_moved_on = applied::if_moved_on(&message);
        let proto::ApplyScenarioRequest { scenario_id, etag, .. } = message;
        let (this, leader, handle) = (self.clone(), self.leader()?, Handle::current());
        let (request_id, digest, told) =
            (asked.request_id.to_string(), asked.digest, asked.told.clone());
        let apply = move |patience: &Patience| {
            let asked = apply::ApplyAs { request_id: &request_id, digest, told };
            let how = ((!etag.is_empty()).then_some(&*etag), if_moved_on);
            Ok(match leader {
                Some(leader) => {
                    this.apply_there((leader, &handle), &scenario_id, &asked, (how, patience))
                }
                None => this.apply_here(&scenario_id, &asked, (how, patience)),
            })
        };
        guard::patiently(apply).await?
    }

    fn apply_here(
        &self,
        id: &str,
        asked: &apply::ApplyAs<'_>,
        (how, patience): ((Option<&str>, IfMovedOn), &Patience),
    ) -> Result<proto::ApplyScenarioResponse, Failure> {
        let done = self.engine.apply_as(id, asked, how, patience);
        Ok(match done.map_err(|error| self.failed(error))? {
            Ok(sequence) => applied::live_since(sequence),
            Err(unfit) => applied::not_applied(&self.engine.pin(), &unfit),
        })
    }

    /// What the scenario would change is worked out here, and done by the leader. Not on a runtime's thread.
    fn apply_there(
        &self,
        ((cluster, leader), handle): ((Arc<Cluster>, There), &Handle),
        id: &str,
        asked: &apply::ApplyAs<'_>,
        (how, patience): ((Option<&str>, IfMovedOn), &Patience),
    ) -> Result<proto::ApplyScenarioResponse, Failure> {
        let mut make = |scenario: &Scenario, command: RearrangeCommand| {
            let world: &World = &scenario.world;
            let planned = Some(SentPlan::of(&command, &world.snapshot));
            let told = command.told.map(|told| told.to_vec());
            let asked = Asked { planned, told, ..self::asked(asked.request_id, asked.digest) };
            let done = handle.block_on(cluster.ask(&leader, asked::REARRANGE, asked));
            let Answered { first, applied } = done.map_err(Stopped::There)?;
            let applied = applied.unwrap_or_default();
            match first {
                Some(first) if first.changed_nothing => Ok(Err(applied::said_again(&first))),
                Some(first) => Ok(Ok(first.position)),
                None if applied.applied => Ok(Ok(applied.sequence)),
                None => Ok(Err(applied)),
            }
        };
        match self.engine.apply_by(id, asked, how, (patience, &mut make)) {
            Ok(Ok(sequence)) => Ok(applied::live_since(sequence)),
            Ok(Err(not_applied)) => Ok(not_applied),
            Err(Stopped::Here(error)) => Err(self.failed(error)),
            Err(Stopped::There(failure)) => Err(failure),
        }
    }
}

fn asked(request_id: &str, digest: u128) -> Asked {
    Asked {
        request_id: request_id.to_string(),
        digest: digest.to_le_bytes().to_vec(),
        ..Asked::default()
    }
}
