//! `promised cluster add|promote|remove`: changes who belongs to a cluster, one node at a time.
//!
//! Any node tells the name of the cluster and its members of etcd; the change is made there, so who may reach etcd may make it.

use super::{
    cluster_named::node,
    clustered::EtcdArgs,
    failure::Failure,
    output::{self, AnswerFormat},
    remote::Asker,
};
use crate::{
    engine::node::{Member, MemberChange, Members, NotChanged, steady},
    rpc::proto::{
        ClusterStatusRequest, ClusterStatusResponse, admin_service_client::AdminServiceClient,
    },
};
use std::time::Duration;

/// So long a node that is to lead has to get what the others have.
const CAUGHT_UP_WITHIN: Duration = Duration::from_secs(60);

/// A node is that far behind at most, by its last word.
const BEHIND_MAX: Duration = Duration::from_secs(2);

/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What all of them need to know.
#[derive(Debug, clap::Args)]
struct Where {
    /// Any node
    #[arg(
        long,
        value_name = "URL",
        env = "PROMISED_SERVER",
        default_value = "http://127.0.0.1:50051"
    )]
    server: String,
    #[command(flatten)]
    etcd: EtcdArgs,
    /// How it is told what was done
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

/// What `add` needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised cluster add n4=10.0.0.4:7001 --server http://n1:50051
      then, on n4: promised serve --data EMPTY --cluster prod --etcd .. --node n4 --peer 10.0.0.4:7001
  promised cluster promote n4 --server http://n1:50051
      lets it lead, too")]
pub(super) struct Add {
    /// The node, and the address by which the others reach it
    #[arg(value_name = "NODE=HOST:PORT", value_parser = node)]
    node: Member,
    #[command(flatten)]
    at: Where,
}

/// What the others need to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised cluster promote n4 --server http://n1:50051
      lets n4 lead, too
  promised cluster remove n4 --server http://n1:50051
      n4 gives the lead up, if it has it, and ends")]
pub(super) struct NodeArgs {
    /// The node
    #[arg(value_name = "NODE")]
    node: String,
    #[command(flatten)]
    at: Where,
}

/// Lets a node join.
pub(super) fn add(args: &Add) -> Result<(), Failure> {
    let cluster = args.at.status()?;
    let said = args.at.change(&cluster, MemberChange::Add(args.node.clone()))?;
    let Member { node, peer, .. } = &args.node;
    let done = format!("{node} joins: start it at {peer} with an empty --data; then promote it");
    tell(&args.at, &said, (node, &done))
}

/// Lets a node lead that has joined.
pub(super) fn promote(args: &NodeArgs) -> Result<(), Failure> {
    let began = steady();
    let cluster = loop {
        let cluster = args.at.status()?;
        let found = cluster.nodes.iter().find(|node| node.node == args.node);
        let Some(found) = found else { break cluster };
        let is_heard = found.role != "unreachable";
        if is_heard && found.lag_seconds < BEHIND_MAX.as_secs_f64() {
            break cluster;
        }
        if CAUGHT_UP_WITHIN < steady().saturating_sub(began) {
            let state = if is_heard {
                format!("is at position {} of {}", found.position, cluster.position)
            } else {
                "is not heard".to_string()
            };
            let cause = format!("{} {state}; nothing was done", args.node);
            return Err(Failure::new(
                cause,
                "start it, and wait until it has what the others have",
            ));
        }
        std::thread::sleep(LOOK_EVERY);
    };
    let said = args.at.change(&cluster, MemberChange::Promote(args.node.clone()))?;
    tell(&args.at, &said, (&args.node, &format!("{} may lead", args.node)))
}

/// Takes a node out.
pub(super) fn remove(args: &NodeArgs) -> Result<(), Failure> {
    let cluster = args.at.status()?;
    let said = args.at.change(&cluster, MemberChange::Remove(args.node.clone()))?;
    tell(&args.at, &said, (&args.node, &format!("{} is taken out, and ends", args.node)))
}

impl Where {
    fn status(&self) -> Result<ClusterStatusResponse, Failure> {
        let asker = Asker::connect(&self.server)?;
        let mut client = AdminServiceClient::new(asker.channel());
        let status = asker.wait(client.cluster_status(ClusterStatusRequest {}))?;
        if status.cluster.is_empty() {
            let cause = format!("{} is a single server", self.server);
            return Err(Failure::new(cause, "name a node of a cluster with --server"));
        }
        Ok(status)
    }

    /// Makes a change in the cluster's etcd.
    fn change(
        &self,
        cluster: &ClusterStatusResponse,
        change: MemberChange,
    ) -> Result<Members, Failure> {
        let told = cluster.etcd.iter().map(|member| member.url.clone()).collect();
        let order = self.etcd.or(told).order(&cluster.cluster)?;
        Members::change(&order, change).map_err(|error| {
            let mend = match &error {
                NotChanged::There(_) | NotChanged::Address(_) => "take another name and address",
                NotChanged::Unknown(_) => "take one that `promised cluster status` names",
                NotChanged::Voter(_) => "nothing is to be done",
                NotChanged::Last(_) => "promote another node first",
                NotChanged::None | NotChanged::Away(_) => "name its members with --etcd",
                NotChanged::Raced => "look with `promised cluster status`, and do it again",
                NotChanged::Unsure => "look with `promised cluster status`",
            };
            Failure::new(&error, mend)
        })
    }
}

fn tell(at: &Where, members: &Members, (node, done): (&str, &str)) -> Result<(), Failure> {
    let n = output::count(members.nodes.len() as u64, "node");
    let majority = members.majority();
    let sentence =
        format!("{done}; the cluster has {n}, a majority of those that may lead is {majority}");
    let facts = [
        ("node", node.into()),
        ("nodes", members.nodes.len().into()),
        ("majority", majority.into()),
    ];
    output::told(at.format, &sentence, &facts)
}
