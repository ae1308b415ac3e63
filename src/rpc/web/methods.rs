//! What can be called over HTTP, read from the descriptors: every method has its path and the messages that it takes
//! and gives.

use prost_reflect::{DescriptorPool, MessageDescriptor};
use std::{collections::HashMap, sync::LazyLock};

/// The descriptors of all services, and of the details of errors.
pub(in crate::rpc) fn pool() -> &'static DescriptorPool {
    static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
        DescriptorPool::decode(crate::rpc::proto::DESCRIPTORS).expect("build.rs wrote it")
    });
    &POOL
}

/// How many messages a method takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rpc) enum Shape {
    /// One for one.
    Unary,
    /// One, for a stream of answers.
    ServerStream,
    /// A stream of requests, which HTTP cannot carry as we speak it.
    ClientStream,
}

/// A method of a service.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct RpcMethod {
    pub(in crate::rpc) path: String,
    pub(in crate::rpc) shape: Shape,
    pub(in crate::rpc) input: MessageDescriptor,
    pub(in crate::rpc) output: MessageDescriptor,
}

/// Methods by their paths.
#[derive(Debug)]
pub(super) struct RpcMethods(HashMap<String, RpcMethod>);

impl RpcMethods {
    /// Ours.
    pub(super) fn ours() -> &'static Self {
        static OURS: LazyLock<RpcMethods> = LazyLock::new(|| RpcMethods::of(pool()));
        &OURS
    }

    /// Those of all services of a pool.
    pub(super) fn of(pool: &DescriptorPool) -> Self {
        Self(of(pool).map(|method| (method.path.clone(), method)).collect())
    }

    /// A method by its path.
    pub(super) fn get(&self, path: &str) -> Option<&RpcMethod> {
        self.0.get(path)
    }
}

/// A method of ours by its path.
pub(super) fn get(path: &str) -> Option<&'static RpcMethod> {
    RpcMethods::ours().get(path)
}

/// All of ours, by service, in the order of the proto files.
pub(in crate::rpc) fn all() -> impl Iterator<Item = RpcMethod> {
    of(pool())
}

fn of(pool: &DescriptorPool) -> impl Iterator<Item = RpcMethod> {
    pool.services().flat_map(|service| {
        let name = service.full_name().to_string();
        let method = move |method: prost_reflect::MethodDescriptor| RpcMethod {
            path: format!("/{name}/{}", method.name()),
            shape: match (method.is_client_streaming(), method.is_server_streaming()) {
                (true, _) => Shape::ClientStream,
                (false, true) => Shape::ServerStream,
                (false, false) => Shape::Unary,
            },
            input: method.input(),
            output: method.output(),
        };
        service.methods().map(method).collect::<Vec<_>>()
    })
}

/// Whether a method is for gRPC alone: HTTP as we speak it carries no stream of requests, and a backup is too large for a
/// document.
pub(super) fn is_for_grpc(method: &RpcMethod) -> bool {
    method.shape == Shape::ClientStream || method.path == "/promised.v1.AdminService/Backup"
}

/// What to use instead of a stream of requests.
pub(super) fn twin(method: &RpcMethod) -> &'static str {
    match method.path.as_str() {
        "/promised.v1.PromiseService/PromiseStream" => "call /promised.v1.PromiseService/Promise",
        "/promised.v1.SnapshotService/Push" => "send the files to POST /v1/snapshots",
        "/promised.v1.AdminService/Backup" => "run promised backup DIR --server URL",
        _ => "call it by gRPC",
    }
}
