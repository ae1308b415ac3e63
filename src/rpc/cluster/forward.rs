//! The layer that sends what only the leader can do to the leader, and what is about a scenario to the node that has it,
//! bytes as they come, streams too.
//!
//! A call that was sent on and broke off may have been done: its caller is told so. One that could not be sent was not.

use super::{
    Cluster, Place, There, ask, asked,
    broken::{OfOther, broken},
    carried,
    home::Home,
    named,
    reads::Wanted,
};
use crate::rpc::status::Failure;
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
const SERVICES: [&str; 1] = ["SnapshotService"];

/// Methods of other services that only the leader can do, but in scenarios.
const METHODS: [&str; 12] = [
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
    "ScenarioService/Revert",
];

/// Whether only the leader can do what a path asks for.
pub(in crate::rpc) fn is_for_leader(path: &str) -> bool {
    let Some(method) = path.strip_prefix("/promised.v1.") else {
        return false;
    };
    let service = method.split('/').next().unwrap_or_default();
    SERVICES.contains(&service) || METHODS.contains(&method)
}

/// That a request came from another node.
#[derive(Clone, Copy, Debug)]
struct OfNode;

/// Whether a request came from another node, which asks others itself.
pub(in crate::rpc) fn is_of_node<T>(request: &tonic::Request<T>) -> bool {
    request.extensions().get::<OfNode>().is_some()
}

/// The answer of what is sent on to, as it comes: most calls are not, and pay nothing for it.
type Answered<S> = BoxFuture<Response<Body>, <S as Service<Request<Body>>>::Error>;

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
    S: Service<Request<Body>, Response = Response<Body>, Future = Answered<S>>
        + Clone
        + Send
        + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<Response<Body>, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let Some(cluster) = &self.cluster else {
            return self.inner.call(request);
        };
        if self.is_for_peers {
            request.extensions_mut().insert(OfNode);
            if asked::is_of_nodes(request.uri().path()) {
                let answer = asked::answer(Arc::clone(cluster), request);
                return Box::pin(async move { Ok(answer.await) });
            }
        } else if let Some(fields) = named::fields(request.uri().path()) {
            let (this, cluster) = (self.clone(), Arc::clone(cluster));
            return Box::pin(this.at_home(cluster, request, fields));
        }
        self.here_or_there(request)
    }
}

impl<S> Forwarding<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Future = Answered<S>>
        + Clone
        + Send
        + 'static,
    S::Error: Send + 'static,
{
    /// Has the node answer that has the scenarios which a request names.
    async fn at_home(
        mut self,
        cluster: Arc<Cluster>,
        request: Request<Body>,
        fields: &'static [u32],
    ) -> Result<Response<Body>, S::Error> {
        let (parts, body) = request.into_parts();
        let (ids, body) = match named::named_in(body, fields).await {
            Ok(named) => named,
            Err(failure) => return refused(failure).await,
        };
        let mut request = Request::from_parts(parts, body);
        let home = match cluster.home(&ids) {
            Ok(Home::Nowhere) => return self.here_or_there(request).await,
            Ok(home) => home,
            Err(failure) => return refused(failure).await,
        };
        // It is as new as the scenario is.
        request.headers_mut().remove("promised-fresh");
        if let Home::There(member) = home {
            return Ok(send(&cluster, &There { member, leads: None }, request).await);
        }
        let wanted = match Wanted::of(request.headers()) {
            Ok(wanted) => cluster.await_wanted(wanted).await,
            Err(failure) => Err(failure),
        };
        match wanted {
            Ok(()) => self.inner.call(request).await,
            Err(failure) => refused(failure).await,
        }
    }

    fn here_or_there(&mut self, request: Request<Body>) -> BoxFuture<Response<Body>, S::Error> {
        let Some(cluster) = &self.cluster else {
            return self.inner.call(request);
        };
        let is_for_leader = !self.is_for_peers && is_for_leader(request.uri().path());
        let wanted = match Wanted::of(request.headers()) {
            Ok(wanted) => wanted,
            Err(failure) => return refused(failure),
        };
        let is_sent_on = is_for_leader || (wanted.is_fresh && !self.is_for_peers);
        if !is_sent_on && !wanted.is_something() {
            return self.inner.call(request);
        }
        let place = if is_sent_on { cluster.leader() } else { Ok(Place::Here) };
        let there = match place {
            Err(failure) => return refused(failure),
            Ok(Place::There(there)) => there,
            Ok(Place::Here) if !wanted.is_something() => {
                return self.inner.call(request);
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
        Box::pin(async move { Ok(send(&cluster, &there, request).await) })
    }
}

fn refused<E: Send + 'static>(failure: Failure) -> BoxFuture<Response<Body>, E> {
    Box::pin(std::future::ready(Ok(Status::from(failure).into_http())))
}

/// Sends a call on.
async fn send(cluster: &Cluster, there: &There, mut request: Request<Body>) -> Response<Body> {
    let by = ask::principal();
    let mut channel = match cluster.channel(there).await {
        Ok(channel) => channel,
        Err(failure) => return Status::from(failure).into_http(),
    };
    let headers = request.headers_mut();
    // His credentials end here; who he is goes on.
    headers.remove(http::header::AUTHORIZATION);
    headers.remove(http::header::HOST);
    headers.insert(carried::HEADER, carried::header(&by));
    let answer = async {
        std::future::poll_fn(|context| channel.poll_ready(context)).await?;
        channel.call(request).await
    };
    tokio::select! {
        biased;
        answered = answer => match answered {
            Ok(answer) => answer.map(OfOther::of),
            Err(error) => broken(cluster, there, &error.to_string()),
        },
        () = cluster.no_more(there) => broken(cluster, there, "another node leads"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_for_leader;
    use crate::rpc::secure::{
        methods::{self, NeededRole},
        roles::Role,
    };

    /// What a role other than `read` is needed for and each node does by itself: it changes no promise.
    const OWN: [&str; 24] = [
        "PromiseService/SelfCheck",
        "AllocationService/Preview",
        "AdminService/GetConfig",
        "AdminService/ListTokens",
        "AdminService/CreateToken",
        "AdminService/RevokeToken",
        "AdminService/ListAudit",
        "AdminService/Backup",
        "AdminService/WhoAmI",
        // Scenarios and runs are those of the node that is asked, or go to the one that has them.
        "ScenarioService/Create",
        "ScenarioService/Change",
        "ScenarioService/Get",
        "ScenarioService/Compare",
        "ScenarioService/CompareStream",
        "ScenarioService/Vary",
        "ScenarioService/Apply",
        "ScenarioService/Discard",
        "ScenarioService/List",
        "BacklogService/Run",
        "BacklogService/RunStream",
        "BacklogService/GetRun",
        "BacklogService/ListRuns",
        "BacklogService/CancelRun",
        "BacklogService/Apply",
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
            let is_question = need == NeededRole::Role(Role::Read) || need == NeededRole::Somebody;
            let stays = OWN.contains(&name) || is_question && !OF_LEADER.contains(&name);
            assert_eq!(is_for_leader(&path), !stays, "{name} needs {need:?}");
            n += usize::from(!stays);
        }
        assert!(18 <= n, "{n} go to the leader");
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
