//! What stands before the services while there is nothing behind them: health says that it does not serve, everything
//! else is told to come back.

use super::{direct::Direct, status::Failure};
use std::{
    convert::Infallible,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
};
use tonic::{
    Code, Status,
    body::Body,
    codegen::{
        BoxFuture, Service,
        http::{Request, Response},
    },
    service::Routes,
};

/// Lets calls through when there is something to call. Clones are the same gate of the same core.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    shared: Arc<Shared>,
    /// What is behind it, once a call of this core has seen it.
    open: Arc<OnceLock<Direct>>,
}

#[derive(Debug)]
struct Shared {
    early: Routes,
    all: OnceLock<Direct>,
}

impl Gate {
    /// A gate with these services before it.
    pub(super) fn before(early: Routes) -> Self {
        let early = Routes::from(early.into_axum_router().fallback(loading)).prepare();
        Self { shared: Arc::new(Shared { early, all: OnceLock::new() }), open: Arc::default() }
    }

    /// The same gate for another core.
    pub(super) fn of_core(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), open: Arc::default() }
    }

    /// Opens it.
    pub(super) fn open(&self, all: Direct) {
        // It is opened once.
        drop(self.shared.all.set(all));
    }
}

/// What is told to a call that comes too soon.
async fn loading() -> Response<axum::body::Body> {
    let text = "the server is loading; nothing was done, come back in a moment";
    Status::from(Failure::new(Code::Unavailable, "LOADING", text).later()).into_http()
}

impl Service<Request<Body>> for Gate {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Response<Body>, Infallible>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        // Routes are always ready; which of them are called is seen then.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        match self.shared.all.get() {
            Some(all) => self.open.get_or_init(|| all.of_core()).answer(request),
            None => Box::pin(self.shared.early.clone().call(request)),
        }
    }
}
