//! `promised get`: what a running server has promised of an order, as it stands now.

use super::{failure::Failure, live, output::AnswerFormat, remote::Remote};
use crate::rpc::{self, proto};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised get SO74615
      what is promised of all lines of an order
  promised get P17
  promised get SO74615/3 --server http://127.0.0.1:50051 --format json
      one line of it, as the server tells it, with what it has been through")]
pub(super) struct Args {
    /// The promise, such as P17, or an order or a line of it, such as SO-1 or SO-1/3
    #[arg(value_name = "PROMISE", value_parser = live::named)]
    promise: live::PromiseName,
    /// The server
    #[arg(long, value_name = "URL", env = "PROMISED_SERVER", default_value = super::ask::SERVER)]
    server: String,
    /// How the answer is shown; csv (the columns of /v1/promises) and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

/// Asks and prints.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let request = proto::GetPromiseRequest { history: true, ..args.promise.asked() };
    let answer = Remote::connect(&args.server)?.get(request)?;
    live::print(args.format, &answer.promises, || rpc::to_json(&answer))
}
