//! The services that tell what there is to know: catalog, exceptions, events, figures.

use super::{
    REQUEST_BYTES_MAX, analytics::Analytics, catalog::Catalog, event::Events,
    exception::Exceptions, proto,
};
use crate::engine::Engine;
use proto::{
    analytics_service_server::AnalyticsServiceServer, catalog_service_server::CatalogServiceServer,
    event_service_server::EventServiceServer, exception_service_server::ExceptionServiceServer,
};
use tonic::{codec::CompressionEncoding::Gzip, server::NamedService, service::Routes};

/// Their names, for health.
pub(super) const SERVICES: [&str; 4] = [
    CatalogServiceServer::<Catalog>::NAME,
    ExceptionServiceServer::<Exceptions>::NAME,
    EventServiceServer::<Events>::NAME,
    AnalyticsServiceServer::<Analytics>::NAME,
];

/// Adds them to others.
pub(super) fn onto(routes: Routes, engine: &Engine) -> Routes {
    let most = REQUEST_BYTES_MAX;
    let catalog = CatalogServiceServer::new(Catalog::new(engine.clone()));
    let exceptions = ExceptionServiceServer::new(Exceptions::new(engine.clone()));
    let events = EventServiceServer::new(Events::new(engine.clone()));
    let analytics = AnalyticsServiceServer::new(Analytics::new(engine.clone()));
    let catalog = catalog.max_decoding_message_size(most).accept_compressed(Gzip);
    let exceptions = exceptions.max_decoding_message_size(most).accept_compressed(Gzip);
    let events = events.max_decoding_message_size(most).accept_compressed(Gzip);
    let analytics = analytics.max_decoding_message_size(most).accept_compressed(Gzip);
    routes
        .add_service(catalog.send_compressed(Gzip))
        .add_service(exceptions.send_compressed(Gzip))
        .add_service(events.send_compressed(Gzip))
        .add_service(analytics.send_compressed(Gzip))
}
