//! `promised exceptions`: what needs a planner, and who has seen it.

use super::exceptions_shown::{groups, shown, table};
use crate::{
    cli::{
        failure::Failure,
        output::{self, AnswerFormat},
        remote::Asker,
    },
    insight::exceptions::{KINDS, LEVELS},
    rpc::{
        self,
        proto::{self, exception_service_client::ExceptionServiceClient},
    },
};
use std::io::Write;

/// Exceptions asked for at a time.
pub(super) const PAGE: u32 = 1_000;

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised exceptions
      everything that needs a planner, the most value first
  promised exceptions --kind late --kind at_risk --by supplier
      how much waits for which supplier, then the exceptions
  promised exceptions --at-least high --format csv > today.csv
      for a spreadsheet
  promised exceptions --acknowledge late/P17 --as anna --note 'told the customer'
  promised exceptions --snooze late/P17 --as anna --until 2026-12-01T08:00:00Z")]
pub(in crate::cli) struct Args {
    /// Only this kind: at_risk, late, could_be_sooner, supply_late, overcommitted, over_consumed, hold_expiring,
    /// source_stale, forced; may be given several times
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Vec<i32>,
    /// Sums by this first: kind, level, item, location, supply, resource, supplier, customer, demand_class
    #[arg(long, value_name = "WHAT")]
    by: Option<String>,
    /// Only of this customer
    #[arg(long, value_name = "CUSTOMER", default_value = "")]
    customer: String,
    /// Only of this item
    #[arg(long, value_name = "ITEM", default_value = "")]
    item: String,
    /// Only what waits for this supplier
    #[arg(long, value_name = "SUPPLIER", default_value = "")]
    supplier: String,
    /// Only of at least this level: low, medium, high, critical
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    at_least: Option<i32>,
    /// By value, days, since, level, kind or exception_id
    #[arg(long, value_name = "FIELD", default_value = "")]
    order_by: String,
    /// Those too that are put off
    #[arg(long)]
    snoozed: bool,
    /// Tries remedies of promises that are late or at risk, for the first 25; this takes many searches
    #[arg(long)]
    try_remedies: bool,
    /// Says that you have seen this one
    #[arg(long, value_name = "ID", requires = "as_", conflicts_with = "snooze")]
    acknowledge: Option<String>,
    /// Puts this one off
    #[arg(long, value_name = "ID", requires_all = ["as_", "until"])]
    snooze: Option<String>,
    /// Who you are
    #[arg(long = "as", id = "as_", value_name = "NAME")]
    by_whom: Option<String>,
    /// In your own words
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Until when it is put off
    #[arg(long, value_name = "TIME")]
    until: Option<jiff::Timestamp>,
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

fn kind(text: &str) -> Result<i32, String> {
    let kind = proto::exception::Kind::from_str_name(&text.to_uppercase());
    let all = KINDS.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
    kind.map(i32::from).filter(|kind| 0 < *kind).ok_or(format!("one of {all} is expected"))
}

fn level(text: &str) -> Result<i32, String> {
    let level = proto::exception::Level::from_str_name(&text.to_uppercase());
    let all = LEVELS.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
    level.map(i32::from).filter(|level| 0 < *level).ok_or(format!("one of {all} is expected"))
}

/// Asks and prints.
pub(in crate::cli) fn run(args: &Args) -> Result<(), Failure> {
    let asker = Asker::connect(&args.server)?;
    if let Some(id) = args.acknowledge.as_ref().or(args.snooze.as_ref()) {
        return seen(args, &asker, id);
    }
    let answer = list(args, &asker)?;
    let mut out = output::stdout();
    match args.format {
        AnswerFormat::Json => writeln!(out, "{}", rpc::to_json(&answer))?,
        AnswerFormat::Csv => table(&answer.exceptions).write(AnswerFormat::Csv, &mut out)?,
        AnswerFormat::Table => {
            if let Some(by) = &args.by {
                groups(&answer, by).write(AnswerFormat::Table, &mut out)?;
                writeln!(out)?;
            }
            write!(out, "{}", shown(&answer))?;
        }
    }
    Ok(out.flush()?)
}

/// What is asked for.
fn list(args: &Args, asker: &Asker) -> Result<proto::ListExceptionsResponse, Failure> {
    let request = proto::ListExceptionsRequest {
        kinds: args.kind.clone(),
        group_by: args.by.clone().unwrap_or_default(),
        customer: args.customer.clone(),
        item: args.item.clone(),
        supplier: args.supplier.clone(),
        at_least: args.at_least.unwrap_or_default(),
        order_by: args.order_by.clone(),
        page_size: PAGE,
        snoozed: args.snoozed,
        try_remedies: args.try_remedies,
        scenario_id: args.scenario.clone(),
        ..Default::default()
    };
    all(asker, request)
}

/// One page.
pub(super) fn one(
    asker: &Asker,
    request: proto::ListExceptionsRequest,
) -> Result<proto::ListExceptionsResponse, Failure> {
    asker.wait(ExceptionServiceClient::new(asker.channel()).list(request))
}

/// All that match, page after page.
pub(super) fn all(
    asker: &Asker,
    mut request: proto::ListExceptionsRequest,
) -> Result<proto::ListExceptionsResponse, Failure> {
    let mut answer = one(asker, request.clone())?;
    while !answer.next_page_token.is_empty() {
        request.page_token = std::mem::take(&mut answer.next_page_token);
        let more = one(asker, request.clone())?;
        answer.exceptions.extend(more.exceptions);
        answer.next_page_token = more.next_page_token;
    }
    Ok(answer)
}

fn seen(args: &Args, asker: &Asker, id: &str) -> Result<(), Failure> {
    let mut client = ExceptionServiceClient::new(asker.channel());
    let by = args.by_whom.clone().unwrap_or_default();
    let (exception_id, note) = (id.to_string(), args.note.clone());
    let exception = match args.until {
        Some(until) if args.snooze.is_some() => {
            let until = Some(prost_types::Timestamp {
                seconds: until.as_second(),
                nanos: until.subsec_nanosecond(),
            });
            let request =
                proto::SnoozeRequest { exception_id, by, note, until, ..Default::default() };
            asker.wait(client.snooze(request))?.exception
        }
        Some(_) | None => {
            let request =
                proto::AcknowledgeRequest { exception_id, by, note, ..Default::default() };
            asker.wait(client.acknowledge(request))?.exception
        }
    };
    let mut out = output::stdout();
    match args.format {
        AnswerFormat::Json => writeln!(out, "{}", rpc::to_json(&exception.unwrap_or_default()))?,
        AnswerFormat::Csv => {
            table(&Vec::from_iter(exception)).write(AnswerFormat::Csv, &mut out)?
        }
        AnswerFormat::Table => {
            let exceptions = Vec::from_iter(exception);
            write!(
                out,
                "{}",
                shown(&proto::ListExceptionsResponse { exceptions, ..Default::default() })
            )?;
        }
    }
    Ok(out.flush()?)
}
