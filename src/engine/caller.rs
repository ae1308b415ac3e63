//! Who waits for an answer, and where.

use super::{
    error::Error,
    traced::{Stage, Traced},
};
use std::sync::Arc;
use tokio::{runtime::Handle, sync::oneshot};

/// Who waits for an answer, on which runtime if on one, and his trace if there is one.
#[derive(Debug)]
pub(super) struct Caller<T> {
    sender: oneshot::Sender<Result<T, Error>>,
    home: Option<Handle>,
    traced: Option<Arc<Traced>>,
}

impl<T> Caller<T> {
    /// Who waits on this thread.
    pub(super) fn new(sender: oneshot::Sender<Result<T, Error>>) -> Self {
        Self { sender, home: Handle::try_current().ok(), traced: None }
    }

    /// The same, of a call that is traced; it waits for the writer from now on.
    pub(super) fn traced(self, traced: Option<Arc<Traced>>) -> Self {
        if let Some(traced) = &traced {
            traced.on_to(Stage::Queue);
        }
        Self { traced, ..self }
    }

    pub(super) fn trace(&self) -> Option<&Arc<Traced>> {
        self.traced.as_ref()
    }

    /// The runtime on which it waits, if it does on one.
    pub(super) fn home(&self) -> Option<&Handle> {
        self.home.as_ref()
    }

    /// Answers. A caller that has gone away does not mind.
    pub(super) fn tell(self, answer: Result<T, Error>) {
        if let Some(traced) = &self.traced {
            traced.on_to(Stage::Encode);
        }
        drop(self.sender.send(answer));
    }

    /// Who waits on no runtime.
    #[cfg(test)]
    pub(super) fn nowhere(sender: oneshot::Sender<Result<T, Error>>) -> Self {
        Self { sender, home: None, traced: None }
    }
}
