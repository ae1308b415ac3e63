//! PromiseService as a value: the engine that all of its methods ask.

use super::{guard, status::Failure, stopping::Stopping};
use crate::engine::{self, Engine, SteadyTime};
use tonic::metadata::MetadataMap;

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
    pub(super) fn deadline(&self, metadata: &MetadataMap) -> Option<SteadyTime> {
        guard::deadline(metadata, self.engine.moment())
    }

    pub(super) fn failure(&self, error: engine::Error) -> Failure {
        Failure::of_engine(error, &self.engine.pin().snapshot)
    }
}
