//! grpc.health.v1.Health: whether the server and each of its services serve.
//!
//! Its own, since that of tonic has no `List`.

use super::{MessageStream, proto::health, status::shown};
use health::{
    HealthCheckRequest, HealthCheckResponse, HealthListRequest, HealthListResponse,
    health_check_response::ServingStatus, health_server,
};
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::watch;
use tokio_stream::{StreamExt, wrappers::WatchStream};
use tonic::{Request, Response, Status};

/// How services are, by name.
type Statuses = BTreeMap<&'static str, ServingStatus>;

/// Tells how services are.
#[derive(Clone, Debug)]
pub(super) struct Health(Arc<watch::Sender<Statuses>>);

impl Health {
    /// Of services that do not serve yet.
    pub(super) fn new(services: impl IntoIterator<Item = &'static str>) -> Self {
        let none = services.into_iter().map(|service| (service, ServingStatus::NotServing));
        Self(Arc::new(watch::Sender::new(none.collect())))
    }

    /// From now on all of them serve, or none does.
    pub(super) fn tell(&self, status: ServingStatus) {
        self.0.send_modify(|statuses| statuses.values_mut().for_each(|one| *one = status));
    }

    /// The service of gRPC.
    pub(super) fn server(&self) -> health_server::HealthServer<Self> {
        health_server::HealthServer::new(self.clone())
    }
}

fn told(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}

#[tonic::async_trait]
impl health_server::Health for Health {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let service = &request.get_ref().service;
        let found = self.0.borrow().get(service.as_str()).copied();
        let unknown = || Status::not_found(format!("there is no service {}", shown(service)));
        Ok(Response::new(told(found.ok_or_else(unknown)?)))
    }

    async fn list(
        &self,
        _: Request<HealthListRequest>,
    ) -> Result<Response<HealthListResponse>, Status> {
        let all = self.0.borrow();
        let statuses = all.iter().map(|(name, status)| ((*name).to_string(), told(*status)));
        Ok(Response::new(HealthListResponse { statuses: statuses.collect() }))
    }

    type WatchStream = MessageStream<HealthCheckResponse>;

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let service = request.into_inner().service;
        let mut last = None;
        let news = WatchStream::new(self.0.subscribe()).filter_map(move |statuses| {
            let found = statuses.get(service.as_str()).copied();
            let now = found.unwrap_or(ServingStatus::ServiceUnknown);
            (last.replace(now) != Some(now)).then(|| Ok(told(now)))
        });
        Ok(Response::new(Box::pin(news)))
    }
}
