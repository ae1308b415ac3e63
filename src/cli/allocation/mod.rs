//! `promised allocation`: what became of the shares of an item at a location, and changes of them.
//!
//! From files or from a running server, the answer is the same message; `show.rs` prints it.

mod show;
mod change;

use super::{book::OwnWorld, data, failure::Failure, output, peer, stream};
use crate::{
    engine::clock,
    rpc::{
        self,
        proto::{
            self, GetAllocationResponse, PreviewAllocationRequest, PreviewAllocationResponse,
            allocation_service_client::AllocationServiceClient,
        },
    },
};
use change::ChangeArgs;
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised allocation snapshots/allocation-demo BK-M82S-42 --location PLANT
      who was given what share, who took it, what is left
  promised allocation snapshots/allocation-demo BK-M82S-42 --location PLANT --orders snapshots/allocation-demo/orders.csv
      the same after the lines of a file are promised
  promised allocation snapshots/allocation-demo BK-M82S-42 --location PLANT --format csv
      for programs
  promised allocation snapshots/allocation-demo BK-M82S-42 --location PLANT --shift export:local_store:10 --preview
      what it would do if 10 units went from one class to another
  promised allocation BK-M82S-42 --location PLANT --release guest --from 2026-04-15 --server http://127.0.0.1:50051
      on a running server: from that day on, what guest has not given goes to the class above it

A share adds up: brought from the period before + allocated + produced + shifted - consumed by its own
class - taken by others = left. Under percentages of what is left, protected units and caps, allocated is
what the rule says and left is what the class may still have.

ChangeArgs are made in this order: --share, then --shift, then --release. On a server they are journalled, all
or none; one that would take a class below what was taken from it is refused (exit code 1). Files are
never changed: the answer is the shares as they would be.")]
pub(super) struct Args {
    /// The snapshot (a directory; not with --server), and the item
    #[arg(value_names = ["SNAPSHOT", "ITEM"], num_args = 1..=2, required = true)]
    what: Vec<String>,
    /// The location
    #[arg(long, value_name = "L")]
    location: String,
    /// Order lines to promise first, in file order
    #[arg(long, value_name = "ORDERS", conflicts_with = "server")]
    orders: Option<PathBuf>,
    /// Asks a running server instead of files
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = "")]
    server: Option<String>,
    #[command(flatten)]
    changes: ChangeArgs,
    /// How it is shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: output::AnswerFormat,
}

/// Asks for the shares, or has them changed, and shows them.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let changes = args.changes.messages();
    match (&args.server, args.what.as_slice()) {
        (None, [snapshot, item]) => from_files(args, Path::new(snapshot), item, changes),
        (Some(server), [item]) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime?.block_on(from_server(args, server, item, changes))
        }
        (None, _) => Err(misused(
            "a snapshot and an item are needed",
            "promised allocation SNAPSHOT ITEM --location L, or --server URL for a running server",
        )),
        (Some(_), _) => Err(misused(
            "a server has its own snapshot",
            "promised allocation ITEM --location L --server URL",
        )),
    }
}

fn misused(cause: &str, mend: &str) -> Failure {
    Failure::Misused { cause: cause.to_string(), mend: mend.to_string() }
}

fn from_files(
    args: &Args,
    snapshot: &Path,
    item: &str,
    changes: Vec<proto::ShareChange>,
) -> Result<(), Failure> {
    let data::OpenedSnapshot { snapshot, formats, .. } = data::snapshot(snapshot)?;
    let item_ix = data::find(&snapshot.items.names, item, "items")?;
    let location = data::find(&snapshot.locations.names, &args.location, "locations")?;
    let mut book = OwnWorld::open(snapshot);
    if let Some(path) = &args.orders {
        let requests = stream::requests(data::orders(path, &formats)?, None, 0);
        for step in stream::resolve(path, &book.world().snapshot, requests)? {
            book.promise(&step)?;
        }
    }
    let now = rpc::allocation::answer(book.world(), item_ix, location);
    refuse_unruled(&now)?;
    if changes.is_empty() {
        return show_shares(args, &now);
    }
    let (item, location) = (item.to_string(), args.location.clone());
    let request = PreviewAllocationRequest { item, location, changes, ..Default::default() };
    let preview = rpc::allocation::preview(book.world(), &request)
        .map_err(|failure| Failure::new(failure.to_string(), "see `promised allocation --help`"))?;
    if args.changes.preview {
        return show_preview(args, &preview);
    }
    refuse(&preview.refused)?;
    show_shares(args, &preview.after.unwrap_or_default())
}

async fn from_server(
    args: &Args,
    server: &str,
    item: &str,
    changes: Vec<proto::ShareChange>,
) -> Result<(), Failure> {
    let mut client = AllocationServiceClient::new(peer::connect(server).await?);
    let (item, location) = (item.to_string(), args.location.clone());
    let told = |status: tonic::Status| {
        let cause = format!("the server refused: {}", status.message());
        Failure::new(cause, "mend what it names; nothing was changed")
    };
    if changes.is_empty() {
        let request = proto::GetAllocationRequest { item, location, scenario_id: String::new() };
        let now = client.get_allocation(request).await.map_err(told)?.into_inner();
        refuse_unruled(&now)?;
        return show_shares(args, &now);
    }
    if args.changes.preview {
        let request = PreviewAllocationRequest { item, location, changes, ..Default::default() };
        let preview = client.preview(request).await.map_err(told)?.into_inner();
        return show_preview(args, &preview);
    }
    let request_id = args.changes.request_id.clone().unwrap_or_else(new_request_id);
    let request = proto::ChangeAllocationRequest { request_id, item, location, changes };
    let done = client.change(request).await.map_err(told)?.into_inner();
    refuse(&done.refused)?;
    show_shares(args, &done.allocation.unwrap_or_default())
}

/// An id that no other command of this machine has had.
fn new_request_id() -> String {
    let now = clock::now();
    format!("allocation-{}-{}", now.as_nanosecond(), std::process::id())
}

fn refuse(refused: &[String]) -> Result<(), Failure> {
    if refused.is_empty() {
        return Ok(());
    }
    let mend = "change less, or see with --preview who would be hurt; nothing was changed";
    Err(Failure::new(refused.join("; "), mend))
}

fn refuse_unruled(now: &GetAllocationResponse) -> Result<(), Failure> {
    if !now.rule.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        format!("no allocation rule holds for {} at {}", now.item, now.location),
        "a row of allocation_assignments that fits, or another item or location",
    ))
}

fn show_shares(args: &Args, shares: &GetAllocationResponse) -> Result<(), Failure> {
    let mut out = output::stdout();
    match args.format {
        output::AnswerFormat::Table => show::table(&mut out, shares)?,
        output::AnswerFormat::Csv => show::csv(&mut out, shares)?,
        output::AnswerFormat::Json => writeln!(out, "{}", rpc::to_json(shares))?,
    }
    Ok(out.flush()?)
}

fn show_preview(args: &Args, preview: &PreviewAllocationResponse) -> Result<(), Failure> {
    let mut out = output::stdout();
    match args.format {
        output::AnswerFormat::Table => change::table(&mut out, preview)?,
        output::AnswerFormat::Csv => change::csv(&mut out, preview)?,
        output::AnswerFormat::Json => writeln!(out, "{}", rpc::to_json(preview))?,
    }
    out.flush()?;
    if preview.refused.is_empty() {
        return Ok(());
    }
    // The table says why; the other forms may be read by programs alone.
    if args.format == output::AnswerFormat::Csv {
        return refuse(&preview.refused);
    }
    Err(Failure::Reported)
}
