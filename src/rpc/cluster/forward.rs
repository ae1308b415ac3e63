//! The layer that sends what only the leader can do to the leader, bytes as they come, streams too.
//!
//! A call that was sent on and broke off may have been done: its caller is told so. One that could not be sent was not.

use super::{Cluster, Place, carried, reads::Wanted};
use crate::rpc::{
    secure::{caller, principal::Principal},
    status::Failure,
};
use std::{
    sync::Arc,
    task::{Context, Poll},
};
use tonic::{
    Status,
    body::Body,
    codegen::{
        BoxFuture, Service,
        http::{Request, Response},
    },
};

/// Services all of whose methods are the leader's: what they ask for lives there.
const SERVICES: [&str; 3] = ["ScenarioService", "BacklogService", "SnapshotService"];

/// Methods of other services that only the leader can do.
const METHODS: [&str; 11] = [
    "PromiseService/Promise",
    "PromiseService/PromiseStream",
    "PromiseService/Confirm",
    "PromiseService/Cancel",
    "PromiseService/Amend",
    "PromiseService/Fulfil",
    "PromiseService/Reopen",
    "PromiseService/ExtendHold",
    "AllocationService/Change",
    "ExceptionService/Acknowledge",
    "ExceptionService/Snooze",
];

/// Whether only the leader can do what a path asks for.
pub(in crate::rpc) fn is_for_leader(path: &str) -> bool {
    let Some(method) = path.strip_prefix("/promised.v1.") else {
        return false;
    };
    let service = method.split('/').next().unwrap_or_default();
    SERVICES.contains(&service) || METHODS.contains(&method)
}

/// Stands before services, where there is a cluster.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct Forwarding<S> {
    pub(in crate::rpc) cluster: Option<Arc<Cluster>>,
    /// Whether it serves other nodes: what they send on is not sent on again.
    pub(in crate::rpc) is_for_peers: bool,
    pub(in crate::rpc) inner: S,
}

impl<S> Service<Request<Body>> for Forwarding<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<Response<Body>, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Some(cluster) = &self.cluster else {
            return Box::pin(self.inner.call(request));
        };
        let is_for_leader = !self.is_for_peers && is_for_leader(request.uri().path());
        let wanted = match Wanted::of(request.headers()) {
            Ok(wanted) => wanted,
            Err(failure) => return refused(failure),
        };
        let is_sent_on = is_for_leader || (wanted.is_fresh && !self.is_for_peers);
        if !is_sent_on && !wanted.is_something() {
            return Box::pin(self.inner.call(request));
        }
        let place = if is_sent_on { cluster.leader() } else { Ok(Place::Here) };
        let member = match place {
            Err(failure) => return refused(failure),
            Ok(Place::There(member)) => member,
            Ok(Place::Here) if !wanted.is_something() => {
                return Box::pin(self.inner.call(request));
            }
            Ok(Place::Here) => {
                let (cluster, mut inner) = (Arc::clone(cluster), self.inner.clone());
                return Box::pin(async move {
                    match cluster.await_wanted(wanted).await {
                        Ok(()) => inner.call(request).await,
                        Err(failure) => Ok(Status::from(failure).into_http()),
                    }
                });
            }
        };
        let cluster = Arc::clone(cluster);
        let by = caller::current().map(|caller| Arc::clone(&caller.principal));
        Box::pin(async move { Ok(send(&cluster, &member, (request, by)).await) })
    }
}

fn refused<E: Send + 'static>(failure: Failure) -> BoxFuture<Response<Body>, E> {
    Box::pin(std::future::ready(Ok(Status::from(failure).into_http())))
}

/// Sends a call on.
async fn send(
    cluster: &Cluster,
    member: &crate::engine::node::Member,
    (mut request, by): (Request<Body>, Option<Arc<Principal>>),
) -> Response<Body> {
    let mut channel = match cluster.channel(member).await {
        Ok(channel) => channel,
        Err(failure) => return Status::from(failure).into_http(),
    };
    let by = by.unwrap_or_else(|| Arc::new(Principal::open(None)));
    let headers = request.headers_mut();
    // His credentials end here; who he is goes on.
    headers.remove(http::header::AUTHORIZATION);
    headers.remove(http::header::HOST);
    headers.insert(carried::HEADER, carried::header(&by));
    let ready = std::future::poll_fn(|context| channel.poll_ready(context)).await;
    let answer = match ready {
        Ok(()) => channel.call(request),
        Err(error) => return broken(cluster, member, &error.to_string()),
    };
    tokio::select! {
        biased;
        answered = answer => answered.unwrap_or_else(|error| {
            broken(cluster, member, &error.to_string())
        }),
        // One that stands still is not waited for when another one leads.
        () = cluster.next_epoch() => broken(cluster, member, "another node leads"),
    }
}

/// A call that was sent on broke off: it may have been done.
fn broken(cluster: &Cluster, member: &crate::engine::node::Member, why: &str) -> Response<Body> {
    tracing::debug!(why, node = member.node, "a call that was sent on broke off");
    cluster.forget_channel(member);
    Status::from(Failure::outcome_unknown()).into_http()
}

#[cfg(test)]
mod tests {
    use super::is_for_leader;
    use crate::rpc::secure::{
        methods::{self, Need},
        roles::Role,
    };

    /// What a role other than `read` is needed for and each node does by itself: it changes no promise.
    const OWN: [&str; 9] = [
        "PromiseService/SelfCheck",
        "AllocationService/Preview",
        "AdminService/GetConfig",
        "AdminService/ListTokens",
        "AdminService/CreateToken",
        "AdminService/RevokeToken",
        "AdminService/ListAudit",
        "AdminService/Backup",
        "AdminService/WhoAmI",
    ];

    /// What `read` suffices for and only the leader can answer: the reports of pushes are on its disk.
    const OF_LEADER: [&str; 3] =
        ["SnapshotService/GetStatus", "SnapshotService/List", "SnapshotService/GetReconciliation"];

    /// Issue 24 item 4, contract 8: the table of roles says what a method does; what changes something goes to the leader,
    /// and what only looks stays.
    #[test]
    fn commands_of_the_table_of_roles_go_to_the_leader_and_questions_stay() {
        let mut n = 0;
        for (path, need) in methods::all() {
            let name = path.strip_prefix("/promised.v1.").unwrap();
            let is_question = need == Need::Role(Role::Read) || need == Need::Somebody;
            let stays = OWN.contains(&name) || is_question && !OF_LEADER.contains(&name);
            assert_eq!(is_for_leader(&path), !stays, "{name} needs {need:?}");
            n += usize::from(!stays);
        }
        assert!(30 <= n, "{n} go to the leader");
        for name in OWN.iter().chain(&OF_LEADER) {
            let (service, method) = name.split_once('/').unwrap();
            assert!(
                methods::of_method(&format!("promised.v1.{service}"), method).is_some(),
                "{name}"
            );
        }
        assert!(!is_for_leader("/grpc.health.v1.Health/Check"));
        assert!(!is_for_leader("/v1/promises"));
    }
}
