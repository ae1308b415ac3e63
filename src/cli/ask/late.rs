//! `promised late`: how much is late, by what it waits for.

use super::{
    exceptions::{PAGE, all, one},
    exceptions_shown::{groups, shown, table},
};
use crate::{
    cli::{
        failure::Failure,
        output::{self, AnswerFormat},
        remote::Asker,
    },
    rpc::{self, proto},
};
use std::io::Write;

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised late --by supplier
      how many late and endangered promises wait for which supplier, and what they are worth
  promised late --by resource --lines
      with the promises
  promised late --by customer --format csv")]
pub(in crate::cli) struct Args {
    /// By what: item, resource, supplier or customer
    #[arg(long, value_name = "WHAT", default_value = "item", value_parser = ["item", "resource", "supplier", "customer", "supply", "demand_class", "location"])]
    by: String,
    /// Shows the promises too
    #[arg(long)]
    lines: bool,
    /// The what-if scenario to ask
    #[arg(long, value_name = "ID", default_value = "")]
    scenario: String,
    /// The server
    #[arg(long, value_name = "URL", env = "PROMISED_SERVER", default_value = super::SERVER)]
    server: String,
    /// How the answer is shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

/// Asks and prints.
pub(in crate::cli) fn run(args: &Args) -> Result<(), Failure> {
    use proto::exception::Kind;
    let asker = Asker::connect(&args.server)?;
    let request = proto::ListExceptionsRequest {
        kinds: vec![Kind::Late.into(), Kind::AtRisk.into()],
        group_by: args.by.clone(),
        // Groups are of all, whatever stands on a page.
        page_size: if args.lines { PAGE } else { 1 },
        scenario_id: args.scenario.clone(),
        ..Default::default()
    };
    let answer = if args.lines { all(&asker, request)? } else { one(&asker, request)? };
    let mut out = output::stdout();
    match (args.format, args.lines) {
        (AnswerFormat::Json, _) => writeln!(out, "{}", rpc::to_json(&answer))?,
        (format, false) => groups(&answer, &args.by).write(format, &mut out)?,
        (AnswerFormat::Csv, true) => {
            table(&answer.exceptions).write(AnswerFormat::Csv, &mut out)?
        }
        (format, true) => {
            groups(&answer, &args.by).write(format, &mut out)?;
            write!(out, "\n{}", shown(&answer))?;
        }
    }
    Ok(out.flush()?)
}
