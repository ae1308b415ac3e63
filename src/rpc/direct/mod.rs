//! All services, and a short way to the methods that are called most.
//!
//! QuickCheck and CheckAvailability are answered in microseconds, and what a library does around any call (routes,
//! streams of one message, buffers for more) would cost as much again. A request that is what nearly all are, one message
//! that is not packed, is read and answered here; every other one goes the long way, with what has come of it before
//! what is to come. What is told is the same by either way.

mod lone;
mod ready;

use super::{
    availability::Availabilities,
    edge::{count, memory::hold, unpack},
    guard,
    promises::Promises,
    proto, quick,
    secure::{answer, request},
    status::Failure,
};
use bytes::Bytes;
use lone::{NO_PREFIX, read};
use prost::{Message, Name};
use ready::{answered, takes_gzip, told_as_it_is, with_prefix};
use std::{convert::Infallible, future::Future, sync::Arc};
use tonic::{
    Status,
    body::Body,
    codegen::{
        BoxFuture, Service,
        http::{Request, Response},
    },
    service::Routes,
};

const QUICK_CHECK: &str = "/promised.v1.AvailabilityService/QuickCheck";

const CHECK_AVAILABILITY: &str = "/promised.v1.PromiseService/CheckAvailability";

/// All services. Clones share what each call counts up and down: each core has [its own](Direct::of_core).
#[derive(Clone, Debug)]
pub(super) struct Direct {
    promises: Arc<Promises>,
    availability: Arc<Availabilities>,
    routes: Arc<Routes>,
}

impl Direct {
    /// The services, two of which are called directly.
    pub(super) fn new(promises: Promises, availability: Availabilities, routes: Routes) -> Self {
        let (promises, availability) = (Arc::new(promises), Arc::new(availability));
        Self { promises, availability, routes: Arc::new(routes.prepare()) }
    }

    /// The same for one core.
    pub(super) fn of_core(&self) -> Self {
        Self {
            promises: Arc::new(Promises::clone(&self.promises)),
            availability: Arc::new(Availabilities::clone(&self.availability)),
            routes: Arc::new(Routes::clone(&self.routes)),
        }
    }

    /// Answers a call. Routes are always ready.
    pub(super) fn answer(&self, request: Request<Body>) -> BoxFuture<Response<Body>, Infallible> {
        let routes = Arc::clone(&self.routes);
        match request.uri().path() {
            QUICK_CHECK => {
                let asked = Arc::clone(&self.availability);
                Box::pin(async move {
                    match quick_check(&asked, request).await {
                        Ok(response) => Ok(response),
                        Err(request) => Box::pin(Routes::clone(&routes).call(*request)).await,
                    }
                })
            }
            CHECK_AVAILABILITY => {
                let asked = Arc::clone(&self.promises);
                Box::pin(async move {
                    match check_availability(&asked, request).await {
                        Ok(response) => Ok(response),
                        Err(request) => Box::pin(Routes::clone(&routes).call(*request)).await,
                    }
                })
            }
            _ => Box::pin(Routes::clone(&routes).call(request)),
        }
    }
}

/// An answer, or a request that is not one message.
type Answered = Result<Response<Body>, Box<Request<Body>>>;

async fn check_availability(asked: &Promises, request: Request<Body>) -> Answered {
    let takes_gzip = takes_gzip(request.headers());
    let bytes = read(request).await?;
    let work = |message| asked.check(message);
    Ok(worked("CheckAvailability", &bytes, work)
        .await
        .map_or_else(Status::into_http, |message| answered(message, takes_gzip)))
}

async fn quick_check(asked: &Availabilities, request: Request<Body>) -> Answered {
    let takes_gzip = takes_gzip(request.headers());
    let bytes = read(request).await?;
    if let Some(told) = plain(asked, &bytes).await {
        return Ok(
            told.map_or_else(Status::into_http, |message| told_as_it_is(message, takes_gzip))
        );
    }
    let work = |message| asked.quick(message);
    Ok(worked("QuickCheck", &bytes, work)
        .await
        .map_or_else(Status::into_http, |message| answered(message, takes_gzip)))
}

/// Answers a small batch without a message between, where nobody looks messages through.
async fn plain(asked: &Availabilities, bytes: &Bytes) -> Option<Result<Bytes, Status>> {
    if request::is_looked_through() || answer::is_looked_through() {
        return None;
    }
    let questions = quick::read(bytes)?;
    if let Err(status) = count::<proto::QuickCheckRequest>(bytes, &mut 0) {
        return Some(Err(status));
    }
    let work = async { asked.quick_plain(&questions, &NO_PREFIX) };
    match guard::worked("QuickCheck", work).await {
        Ok(message) => {
            let held = hold(message.len());
            Some(held.map(|()| with_prefix(message)).map_err(Status::from))
        }
        Err(status) => Some(Err(status)),
    }
}

/// Does the work of a request.
async fn worked<A, B, W>(
    method: &'static str,
    bytes: &[u8],
    work: impl FnOnce(A) -> W,
) -> Result<B, Status>
where
    A: Message + Name + Default,
    W: Future<Output = Result<B, Failure>>,
{
    // What is taken for it counts until the call has ended.
    let message = unpack(bytes, &mut 0)?;
    guard::worked(method, work(message)).await
}
