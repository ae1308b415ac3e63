//! The layers around the calls of one core, as one value: each of its connections and calls has the same ones.
//!
//! A layer holds what all cores share by counted pointers; a copy of all layers for every call would count each of them
//! up and down in memory that the other cores write to as well, which costs more than the layers themselves.

use parking_lot::Mutex;
use std::{
    sync::Arc,
    task::{Context, Poll},
};
use tonic::codegen::Service;

/// Layers that stand once a core.
#[derive(Debug)]
pub struct PerCore<S>(Arc<Mutex<S>>);

impl<S> PerCore<S> {
    /// Of the core that it is made for.
    pub fn new(service: S) -> Self {
        Self(Arc::new(Mutex::new(service)))
    }
}

impl<S> Clone for PerCore<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S, R> Service<R> for PerCore<S>
where
    S: Service<R>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.lock().poll_ready(context)
    }

    fn call(&mut self, request: R) -> S::Future {
        // Its calls begin one after the other on the core's one thread: nobody waits here.
        self.0.lock().call(request)
    }
}
