//! `promised cluster recover`: begins a cluster anew whose etcd has lost most of its members for good.
//!
//! Each node has the journal. The longest of them is the beginning of what there was; those of the others must be the
//! beginning of it.

use super::{
    cluster_begun::begin,
    cluster_named::{nodes_are_named_once, word},
    clustered::EtcdArgs,
    failure::Failure,
    keep,
    output::{self, AnswerFormat},
};
use crate::{
    engine::{
        Identity,
        node::{Member, Members},
    },
    journal::{Chain, Copied, Error, Journal, Local, RawEntry, Reader, shared::Head},
};
use std::{path::PathBuf, sync::Arc};

/// What it needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised cluster recover --name prod --etcd http://new1:2379,http://new2:2379,http://new3:2379 \\
      --nodes n1=10.0.0.1:7001,n2=10.0.0.2:7001,n3=10.0.0.3:7001 --from n1/data,n2/data,n3/data
      of the stopped nodes; then serve each of them with the new --etcd")]
pub(super) struct Args {
    /// The name of the cluster
    #[arg(long, value_name = "NAME", value_parser = word)]
    name: String,
    #[command(flatten)]
    etcd: EtcdArgs,
    /// The nodes and the addresses by which they reach each other
    #[arg(long, value_name = "NODE=HOST:PORT,..", value_delimiter = ',', required = true, value_parser = super::cluster_named::node)]
    nodes: Vec<Member>,
    /// The data directories of the stopped nodes, as many as there are
    #[arg(long, value_name = "DATA,..", value_delimiter = ',', required = true)]
    from: Vec<PathBuf>,
    /// How it is told what was done
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

/// A node's journal.
struct Found {
    dir: PathBuf,
    position: u64,
    chain: Chain,
    reader: Arc<dyn Reader>,
    /// It is held while it is looked at.
    _local: Local,
}

/// Begins the cluster anew, and says what may be missing.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    nodes_are_named_once(&args.nodes)?;
    let mut found = args.from.iter().map(|dir| open(dir)).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|one| std::cmp::Reverse(one.position));
    let Some(longest) = found.first() else {
        return Err(Failure::new("no directory is named", "name those of the nodes with --from"));
    };
    for other in &found[1..] {
        begins(longest, other)?;
    }
    let epoch = epoch_of(longest)?;
    let identity = Identity::of(&longest.dir)
        .map_err(|error| Failure::new(error, "name directories that can be written"))?;
    let order = args.etcd.order(&args.name)?;
    let (position, chain) = (longest.position, longest.chain);
    let head = Head { epoch: epoch + 1, position, chain, leader: None };
    let (ledger, nodes) = (identity.ledger, args.nodes.clone());
    let members = Members { version: 1, ledger, nodes, begins_empty: false };
    begin(&args.name, &order, (&head, &members))?;
    let mut sentence = format!(
        "cluster {} goes on at position {position}, as {} has it\nwhat was acknowledged later, in the last second before all \
         nodes were gone, is in none of these directories",
        args.name,
        longest.dir.display()
    );
    let shorter = found.iter().filter(|other| other.position < position);
    let shorter: Vec<String> = shorter.map(|other| other.dir.display().to_string()).collect();
    for dir in &shorter {
        sentence
            .push_str(&format!("\n{dir} ends before that: start that node with an empty --data"));
    }
    let facts = [
        ("cluster", args.name.as_str().into()),
        ("position", position.into()),
        ("from", longest.dir.display().to_string().into()),
        ("begin_empty", shorter.join(",").into()),
    ];
    output::told(args.format, &sentence, &facts)
}

fn open(dir: &std::path::Path) -> Result<Found, Failure> {
    if !dir.is_dir() {
        let cause = format!("{} is no directory", dir.display());
        return Err(Failure::new(cause, "name the --data directories of the nodes"));
    }
    let (local, opened) = Local::open(dir).map_err(|error| keep::failure(&error))?;
    let (position, chain, reader) = (opened.position, local.chain(), local.reader());
    Ok(Found { dir: dir.to_path_buf(), position, chain, reader, _local: local })
}

/// Visits the entry at a position, if it is kept.
fn at(
    found: &Found,
    position: u64,
    visit: &mut dyn FnMut(RawEntry<'_>) -> Result<(), Error>,
) -> Result<(), Failure> {
    if position == 0 {
        return Ok(());
    }
    let read = found.reader.read_from(position, &mut |record| {
        if record.position() == position {
            visit(record)?;
        }
        Err(Error::Enough)
    });
    read.map_err(|error| keep::failure(&error))
}

/// Refuses a journal that is not the beginning of the longest one.
fn begins(longest: &Found, other: &Found) -> Result<(), Failure> {
    let mut same = None;
    at(longest, other.position, &mut |record| {
        if let RawEntry::Bytes { bytes, .. } = record {
            same = Some(Chain::after(bytes) == other.chain);
        }
        Ok(())
    })?;
    // One whose end the longest has forgotten cannot be compared any more, and adds nothing either.
    if same != Some(false) || other.chain == Chain::BEGIN {
        return Ok(());
    }
    let (one, two) = (longest.dir.display(), other.dir.display());
    let cause = format!("{one} and {two} have different histories up to {}", other.position);
    Err(Failure::new(cause, "find out which one is a node's, and leave the other one out"))
}

/// Under which leader the last entry was made.
fn epoch_of(found: &Found) -> Result<u64, Failure> {
    let mut epoch = 0;
    at(found, found.position, &mut |record| {
        epoch = record.head()?.epoch;
        Ok(())
    })?;
    Ok(epoch)
}
