//! `promised cluster`: begins a cluster, tells how it is, and changes who belongs to it.

use super::{
    cluster_begun::begin,
    cluster_members,
    cluster_named::{node, nodes_are_named_once, word},
    cluster_recover,
    clustered::EtcdArgs,
    failure::Failure,
    keep,
    output::{self, AnswerFormat},
    remote::Asker,
    render::{self, Align, cell},
};
use crate::{
    engine::{
        Identity,
        node::{Member, Members},
    },
    journal::{Chain, Copied, Journal, Local, shared::Head},
    rpc::{
        proto::{
            ClusterStatusRequest, ClusterStatusResponse, admin_service_client::AdminServiceClient,
        },
        sheet::{Cell, Csv},
        to_json,
    },
};
use std::{
    collections::BTreeSet,
    io::Write,
    path::{Path, PathBuf},
};

/// What can be done with a cluster.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  promised cluster status --server http://n1:50051
      who leads, and how far each node is; promised cluster COMMAND --help has more")]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Begins a cluster in etcd, with the promises of a stopped server or with nothing
    Init(Init),
    /// Begins a cluster anew of its nodes' directories, after most of etcd was lost for good
    Recover(cluster_recover::Args),
    /// Tells who leads, how far each node is, and how etcd is
    Status(Status),
    /// Lets a node join: it gets what the others have, and does not lead before it is promoted
    Add(cluster_members::Add),
    /// Lets a node lead that has joined, as soon as it has what the others have
    Promote(cluster_members::NodeArgs),
    /// Takes a node out: it gives the lead up, if it has it, and ends
    Remove(cluster_members::NodeArgs),
}

/// What `init` needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised cluster init --name prod --etcd http://e1:2379,http://e2:2379,http://e3:2379 \\
      --nodes n1=10.0.0.1:7001,n2=10.0.0.2:7001,n3=10.0.0.3:7001 --from data
  promised serve --data data --cluster prod --etcd http://e1:2379,http://e2:2379,http://e3:2379 \\
      --node n1 --peer 10.0.0.1:7001 --insecure
      goes on as node n1; the others start with an empty --data and get all from it
  promised cluster init --name new --etcd http://e1:2379,http://e2:2379,http://e3:2379 \\
      --nodes n1=10.0.0.1:7001,n2=10.0.0.2:7001,n3=10.0.0.3:7001
      begins with nothing: start the nodes with empty directories, then promised push SNAPSHOT --server URL")]
struct Init {
    /// The name of the cluster
    #[arg(long, value_name = "NAME", value_parser = word)]
    name: String,
    #[command(flatten)]
    etcd: EtcdArgs,
    /// The nodes and the addresses by which they reach each other
    #[arg(long, value_name = "NODE=HOST:PORT,..", value_delimiter = ',', required = true, value_parser = node)]
    nodes: Vec<Member>,
    /// The data directory of a stopped server, whose promises the cluster goes on with; without it the cluster begins
    /// with nothing, and waits for a push
    #[arg(long, value_name = "DATA")]
    from: Option<PathBuf>,
    /// Ends well where the cluster has begun already, and changes nothing: for what starts it again and again
    #[arg(long)]
    again_is_well: bool,
    /// How it is told what was done
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

/// What `status` needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised cluster status --server http://n1:50051
  promised cluster status --format json")]
struct Status {
    /// Any node
    #[arg(
        long,
        value_name = "URL",
        env = "PROMISED_SERVER",
        default_value = "http://127.0.0.1:50051"
    )]
    server: String,
    /// How the answer is shown: csv is for spreadsheets, json is the answer as it came
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

/// Does what is asked for.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.verb {
        Verb::Init(args) => init(args),
        Verb::Recover(args) => cluster_recover::run(args),
        Verb::Status(args) => status(args),
        Verb::Add(args) => cluster_members::add(args),
        Verb::Promote(args) => cluster_members::promote(args),
        Verb::Remove(args) => cluster_members::remove(args),
    }
}

fn init(args: &Init) -> Result<(), Failure> {
    nodes_are_named_once(&args.nodes)?;
    let order = args.etcd.order(&args.name)?;
    if args.again_is_well && Members::read(&order).is_ok_and(|members| members.is_some()) {
        return said(args, "has begun already", None);
    }
    let (head, members) = match &args.from {
        Some(from) => of_server(from, &args.nodes)?,
        None => {
            let (ledger, nodes) = (Identity::new().ledger, args.nodes.clone());
            let head = Head { epoch: 0, position: 0, chain: Chain::BEGIN, leader: None };
            (head, Members { version: 1, ledger, nodes, begins_empty: true })
        }
    };
    begin(&args.name, &order, (&head, &members))?;
    let n = output::count(args.nodes.len() as u64, "node");
    let waits = if args.from.is_none() { "; it waits for a push" } else { "" };
    let begins = format!("begins at position {}, with {n}{waits}", head.position);
    said(args, &begins, Some(head.position))
}

/// Says what became of a cluster; where it begins, if it does.
fn said(args: &Init, what: &str, position: Option<u64>) -> Result<(), Failure> {
    let facts = [
        ("cluster", args.name.as_str().into()),
        ("begins", position.is_some().into()),
        ("position", position.map_or_else(|| "".into(), Into::into)),
        ("nodes", args.nodes.len().into()),
    ];
    output::told(args.format, &format!("cluster {} {what}", args.name), &facts)
}

/// A cluster that goes on with what a stopped server has.
fn of_server(from: &Path, nodes: &[Member]) -> Result<(Head, Members), Failure> {
    if !from.is_dir() {
        let cause = format!("{} is no directory", from.display());
        return Err(Failure::new(cause, "name the --data directory of a stopped server"));
    }
    let (local, opened) = Local::open(from).map_err(|error| keep::failure(&error))?;
    if local.reader().checkpoints().map_err(|error| keep::failure(&error))?.is_empty() {
        let cause = format!("{} has no journal", from.display());
        return Err(Failure::new(cause, "name the --data directory of a stopped server"));
    }
    let (position, chain) = (opened.position, local.chain());
    drop(local);
    let identity = Identity::of(from)
        .map_err(|error| Failure::new(error, "name a --data directory that can be written"))?;
    let head = Head { epoch: 0, position, chain, leader: None };
    let (ledger, nodes) = (identity.ledger, nodes.to_vec());
    Ok((head, Members { version: 1, ledger, nodes, begins_empty: false }))
}

fn status(args: &Status) -> Result<(), Failure> {
    let asker = Asker::connect(&args.server)?;
    let mut client = AdminServiceClient::new(asker.channel());
    let answer = asker.wait(client.cluster_status(ClusterStatusRequest {}))?;
    let rows = rows(&answer);
    let mut out = output::stdout();
    match args.format {
        AnswerFormat::Json => writeln!(out, "{}", to_json(&answer))?,
        AnswerFormat::Csv => {
            let csv = Csv::default();
            out.write_all(&csv.header(&COLUMNS))?;
            out.write_all(&csv.rows(&rows))?;
        }
        AnswerFormat::Table => {
            let align = |name: &&'static str| {
                let is_number = matches!(*name, "position" | "lag_seconds" | "bytes");
                (*name, if is_number { Align::Right } else { Align::Left })
            };
            let columns: Vec<_> = COLUMNS.iter().map(align).collect();
            let cells =
                rows.iter().map(|row| row.iter().map(|one| cell(one.shown(), None)).collect());
            write!(out, "{}", render::table(&columns, cells))?;
            writeln!(out, "epoch {}, position {}", answer.epoch, answer.position)?;
            writeln!(out, "{}", of_time(&answer))?;
        }
    }
    out.flush()?;
    Ok(())
}

/// How long it takes until another one leads: what etcd tells of its timers, and how long it took last.
fn of_time(answer: &ClusterStatusResponse) -> String {
    let known = |value: Option<String>| value.unwrap_or_else(|| "unknown".to_string());
    let ms = |value: Option<u32>| known(value.map(|ms| format!("{ms} ms")));
    let told = answer.etcd.iter().map(|member| {
        let quota = known(member.quota_bytes.map(|bytes| format!("{} MiB", bytes >> 20)));
        let (heartbeat, election) = (ms(member.heartbeat_ms), ms(member.election_ms));
        format!("heartbeat {heartbeat}, election {election}, quota {quota}")
    });
    let told: BTreeSet<_> = told.collect();
    let told: Vec<_> = told.into_iter().collect();
    let gap = known(answer.last_gap_seconds.map(|seconds| format!("{seconds:.1} s")));
    format!("etcd: {}; last gap without a leader: {gap}", told.join(" or "))
}

/// The columns of a status: nodes, then members of etcd; bytes are free ones of a node, and those of a database; duties are
/// what a node does by itself while it leads.
const COLUMNS: [&str; 8] =
    ["name", "role", "address", "version", "position", "lag_seconds", "bytes", "duties"];

fn rows(answer: &ClusterStatusResponse) -> Vec<Vec<Cell>> {
    #[expect(clippy::cast_possible_wrap, reason = "counts are smaller")]
    let whole = |number: u64| Cell::Whole(number as i64);
    let nodes = answer.nodes.iter().map(|node| {
        vec![
            Cell::text(&node.node),
            Cell::text(&node.role),
            Cell::text(&node.address),
            Cell::text(&node.version),
            whole(node.position),
            Cell::Number((node.lag_seconds * 10.0).round() / 10.0),
            whole(node.disk_free_bytes),
            Cell::text(node.duties.join(", ")),
        ]
    });
    let etcd = answer.etcd.iter().map(|member| {
        let role = match (member.healthy, member.leader) {
            (false, _) => "etcd, unhealthy",
            (true, true) => "etcd, leader",
            (true, false) => "etcd",
        };
        let empty = || Cell::text("");
        vec![
            empty(),
            Cell::text(role),
            Cell::text(&member.url),
            Cell::text(&member.version),
            empty(),
            empty(),
            whole(member.db_bytes),
            empty(),
        ]
    });
    nodes.chain(etcd).collect()
}
