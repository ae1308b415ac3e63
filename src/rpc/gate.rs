//! What stands before the services while there is nothing behind them: health says that it does not serve, everything
//! else is told to come back.

use super::status::Failure;
use std::{
    sync::{Arc, OnceLock},
    task::{Context, Poll},
};
use tonic::{
    Code, Status,
    body::Body,
    codegen::{
        Service,
        http::{Request, Response},
    },
    service::Routes,
};

/// Lets calls through when there is something to call. Clones are the same gate.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    shared: Arc<Shared>,
    /// What is behind it, once this clone has seen it.
    open: Option<Routes>,
}

#[derive(Debug)]
struct Shared {
    early: Routes,
    all: OnceLock<Routes>,
}

impl Gate {
    /// A gate with these services before it.
    pub(super) fn before(early: Routes) -> Self {
        let early = Routes::from(early.into_axum_router().fallback(loading)).prepare();
        Self { shared: Arc::new(Shared { early, all: OnceLock::new() }), open: None }
    }

    /// Opens it.
    pub(super) fn open(&self, all: Routes) {
        // It is opened once.
        drop(self.shared.all.set(all.prepare()));
    }
}

/// What is told to a call that comes too soon.
async fn loading() -> Response<axum::body::Body> {
    let text = "the server is loading; nothing was done, come back in a moment";
    Status::from(Failure::new(Code::Unavailable, "LOADING", text).later()).into_http()
}

impl Service<Request<Body>> for Gate {
    type Response = <Routes as Service<Request<Body>>>::Response;
    type Error = <Routes as Service<Request<Body>>>::Error;
    type Future = <Routes as Service<Request<Body>>>::Future;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        // Routes are always ready; which of them are called is seen then.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if self.open.is_none() {
            self.open = self.shared.all.get().cloned();
        }
        match &mut self.open {
            Some(routes) => routes.call(request),
            None => self.shared.early.clone().call(request),
        }
    }
}
