//! The services of a server, and what tells of them.

use super::{
    REQUEST_BYTES_MAX, admin, allocation, availability, backlog,
    cluster::{self, Cluster},
    direct::Direct,
    insights, nightly, promises,
    proto::{
        self, admin_service_server::AdminServiceServer,
        allocation_service_server::AllocationServiceServer,
        availability_service_server::AvailabilityServiceServer,
        backlog_service_server::BacklogServiceServer, promise_service_server::PromiseServiceServer,
        scenario_service_server::ScenarioServiceServer,
        snapshot_service_server::SnapshotServiceServer,
    },
    saved, scenario,
    secure::access::Access,
    snapshot,
    stopping::Stopping,
};
use crate::engine::refresh::Refresher;
use std::{path::PathBuf, sync::Arc};
use tonic::{codec::CompressionEncoding::Gzip, server::NamedService, service::Routes};

/// The services that health tells of; the first is the server as a whole.
pub(super) const SERVICES: [&str; 8] = [
    "",
    PromiseServiceServer::<promises::Promises>::NAME,
    SnapshotServiceServer::<snapshot::Snapshots>::NAME,
    AvailabilityServiceServer::<availability::Availabilities>::NAME,
    AllocationServiceServer::<allocation::AllocationCalls>::NAME,
    ScenarioServiceServer::<scenario::ScenarioCalls>::NAME,
    BacklogServiceServer::<backlog::Backlogs>::NAME,
    AdminServiceServer::<admin::Admins>::NAME,
];

/// All services, those included that were there before.
pub(super) fn services(
    (early, refresher): (Routes, Arc<Refresher>),
    (stopping, runs): (&Stopping, Arc<[saved::Saved]>),
    (access, data, address, cluster): (Arc<Access>, Option<PathBuf>, String, Option<Arc<Cluster>>),
) -> Direct {
    // Each has a type of its own, so what they have in common cannot be a function.
    macro_rules! bounded {
        ($service:expr) => {
            $service
                .max_decoding_message_size(REQUEST_BYTES_MAX)
                .accept_compressed(Gzip)
                .send_compressed(Gzip)
        };
    }
    let engine = refresher.engine().clone();
    let desk = cluster::Desk { engine: engine.clone(), cluster: cluster.clone() };
    let of_admins = (data, address, cluster);
    let admins = admin::Admins::new(Arc::clone(&refresher), access, of_admins);
    let snapshots = snapshot::Snapshots::new(refresher, stopping.clone());
    let promises = promises::Promises::new(engine.clone(), stopping.clone());
    let availability = availability::Availabilities::new(engine.clone());
    let allocation = allocation::AllocationCalls::new(engine.clone());
    let scenarios = scenario::ScenarioCalls::new(desk.clone());
    let backlogs = backlog::Backlogs::new(desk, runs);
    drop(tokio::spawn(nightly::nightly(backlogs.clone(), stopping.draining())));
    let core = early
        .add_service(bounded!(PromiseServiceServer::new(promises.clone())))
        .add_service(bounded!(AvailabilityServiceServer::new(availability.clone())))
        .add_service(bounded!(AllocationServiceServer::new(allocation)))
        .add_service(bounded!(SnapshotServiceServer::new(snapshots)))
        .add_service(bounded!(ScenarioServiceServer::new(scenarios)))
        .add_service(bounded!(BacklogServiceServer::new(backlogs)))
        .add_service(bounded!(AdminServiceServer::new(admins)));
    Direct::new(promises, availability, insights::onto(core, &engine))
}

/// Our services, health, and the details of errors, which grpcurl shows in words only if it finds them here.
///
/// Clients of either version of reflection are about, so both are served.
pub(super) fn reflection() -> tonic_reflection::server::Builder<'static> {
    tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
}
