//! `promised get`: what a running server has promised of an order, as it stands now.

use super::{
    failure::Failure,
    live,
    output::Format,
    remote::Remote,
    render::{self, Align, cell},
};
use crate::rpc::{self, proto};
use comfy_table::Cell;

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised get SO74615
      what is promised of all lines of an order
  promised get SO74615/3 --server http://127.0.0.1:50051 --format json
      one line of it, as the server tells it, with what it has been through")]
pub(super) struct Args {
    /// The order, or a line of it
    #[arg(value_name = "ORDER[/LINE]")]
    order: String,
    /// The server
    #[arg(long, value_name = "URL", env = "PROMISED_SERVER", default_value = super::ask::SERVER)]
    server: String,
    /// How the answer is shown; csv (the columns of /v1/promises) and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

/// Asks and prints.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let (order, line) = args.order.rsplit_once('/').unwrap_or((&args.order, ""));
    let request = proto::GetPromiseRequest {
        order: order.to_string(),
        line: line.to_string(),
        history: true,
        ..proto::GetPromiseRequest::default()
    };
    let answer = Remote::connect(&args.server)?.get(request)?;
    live::print(args.format, &answer.promises, || rpc::to_json(&answer))
}

/// Promises, a row a leg.
pub(super) fn table(promises: &[proto::Reservation]) -> String {
    let columns = [
        ("promise", Align::Left),
        ("order", Align::Left),
        ("line", Align::Left),
        ("state", Align::Left),
        ("item", Align::Left),
        ("from", Align::Left),
        ("by", Align::Left),
        ("quantity", Align::Right),
        ("asked for", Align::Left),
        ("ships", Align::Left),
        ("arrives", Align::Left),
        ("late", Align::Right),
    ];
    render::table(&columns, promises.iter().flat_map(rows))
}

/// A row a leg; one row where nothing of it is promised any more.
fn rows(promise: &proto::Reservation) -> Vec<Vec<Cell>> {
    let state = promise.state().as_str_name().to_lowercase();
    let state = if promise.at_risk { format!("{state}, at risk") } else { state };
    let head = [&promise.promise_id, &promise.order, &promise.line, &state];
    let row = |leg: Option<&proto::Leg>| -> Vec<Cell> {
        let leg = leg.cloned().unwrap_or_default();
        let late = if leg.item.is_empty() { String::new() } else { leg.days_late.to_string() };
        let tail = [
            leg.item,
            leg.location,
            leg.ship_method,
            leg.quantity.to_string(),
            promise.requested_date.clone(),
            leg.ship_date,
            leg.arrival_date,
            late,
        ];
        let head = head.iter().map(|text| cell(text, None));
        head.chain(tail.into_iter().map(|text| cell(text, None))).collect()
    };
    match promise.legs.as_slice() {
        [] => vec![row(None)],
        legs => legs.iter().map(|leg| row(Some(leg))).collect(),
    }
}
