//! `promised check`: can it be so many by when, and how many at most.

use super::number;
use crate::{
    cli::{
        data,
        failure::Failure,
        output::{self, AnswerFormat},
        peer,
        remote::Asker,
    },
    engine::planning,
    ledger::World,
    limits::AMOUNT_MAX,
    model::Quantity,
    promising::{
        most,
        patience::Patience,
        request::{OrderLine, Remedies, Request},
    },
    rpc::{
        self,
        encode::{self, Pegging},
        proto::{self, promise_service_client::PromiseServiceClient},
    },
};
use jiff::civil::Date;
use std::{io::Write, path::PathBuf, sync::Arc};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised check PUMP 40 2026-12-01 --snapshot snapshots/tiny
      can it be, and how many at most by then: from stock, made, moved and bought
  promised check PUMP 40 2026-12-01 --customer NORDWIND
      on the running server: what is promised there is taken
Exit code: 0 when it ran, whatever the answer.")]
pub(in crate::cli) struct Args {
    /// The item
    #[arg(value_name = "ITEM")]
    item: String,
    /// How many
    #[arg(value_name = "QTY", value_parser = quantity)]
    quantity: Quantity,
    /// By when it is to ship
    #[arg(value_name = "DATE", value_parser = output::date)]
    date: Date,
    /// Only from this location
    #[arg(long, value_name = "L")]
    location: Option<String>,
    /// For this customer
    #[arg(long, value_name = "C")]
    customer: Option<String>,
    /// The snapshot to ask, without a server
    #[arg(long, value_name = "DIR", conflicts_with = "server")]
    snapshot: Option<PathBuf>,
    /// The server to ask; if not given the one that PROMISED_SERVER names
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// How the answer is shown; json is the RPC's
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

fn quantity(text: &str) -> Result<Quantity, String> {
    let read = Quantity::parse(text).map_err(|fault| fault.to_string())?;
    if read.is_positive() {
        Ok(read)
    } else {
        Err("a quantity greater than 0 is expected".to_string())
    }
}

/// Asks and prints.
pub(in crate::cli) fn run(args: &Args) -> Result<(), Failure> {
    let line = OrderLine {
        location: args.location.clone(),
        customer: args.customer.clone(),
        ..OrderLine::new("CHECK", &args.item, args.quantity, args.date)
    };
    let answer = match &args.snapshot {
        Some(directory) => here(directory, line)?,
        None => there(&peer::named(args.server.as_deref().unwrap_or_default()), &line)?,
    };
    let mut out = output::stdout();
    match args.format {
        AnswerFormat::Json => writeln!(out, "{}", rpc::to_json(&answer))?,
        AnswerFormat::Table => write!(out, "{}", sentence(&answer, args.date))?,
        AnswerFormat::Csv => {
            let result = answer.results.first().cloned().unwrap_or_default();
            writeln!(out, "item,quantity,date,status,ship_date,most")?;
            let (item, quantity, date) = (&args.item, args.quantity, args.date);
            let status = super::word(result.status().as_str_name());
            let most = result.most_by_requested_date.map(number).unwrap_or_default();
            writeln!(out, "{item},{quantity},{date},{status},{},{most}", ships(&result))?;
        }
    }
    Ok(out.flush()?)
}

/// Asks a snapshot.
fn here(
    directory: &std::path::Path,
    line: OrderLine,
) -> Result<proto::CheckAvailabilityResponse, Failure> {
    let opened = data::snapshot(directory)?;
    let world = World::new(Arc::new(opened.snapshot));
    let faulty = |faults: Vec<crate::promising::request::Violation>| {
        let all: Vec<_> = faults
            .iter()
            .map(|fault| format!("{} {:?} is not {}", fault.field, fault.value, fault.expected))
            .collect();
        Failure::new(all.join("; "), "promised check ITEM QTY DATE, with keys of the snapshot")
    };
    let (objective, alternatives, remedies, now) = (None, 0, Remedies::None, None);
    let request = Request { lines: vec![line.clone()], objective, alternatives, remedies, now };
    let query = request.resolve(&world.snapshot).map_err(faulty)?;
    let endless = Patience::endless();
    let plan = |request: &Request, query| {
        let planned = planning::ask_within(&world, (request, query), &endless);
        planned.expect("endless patience gives nothing up")
    };
    let promise = plan(&request, &query);
    let mut answer = encode::check(&world, &request, &promise, Pegging::Hidden);
    let most_asked = most::asked(&line);
    let most_query = most_asked.resolve(&world.snapshot).map_err(faulty)?;
    let found = plan(&most_asked, &most_query);
    encode::most(&world, (&line, &most_query), &found.lines[0], &mut answer.results[0]);
    Ok(answer)
}

/// Asks a server.
fn there(server: &str, line: &OrderLine) -> Result<proto::CheckAvailabilityResponse, Failure> {
    let asker = Asker::connect(server)?;
    let request = proto::CheckAvailabilityRequest {
        lines: vec![encode::order_line(line)],
        most: true,
        ..Default::default()
    };
    asker.wait(PromiseServiceClient::new(asker.channel()).check_availability(request))
}

fn ships(result: &proto::LineResult) -> String {
    let legs = result.default_option.iter().flat_map(|option| &option.legs);
    legs.map(|leg| leg.ship_date.clone()).max().unwrap_or_default()
}

/// "late: ships 2026-12-04, 3 days late", "at most 12 by 2026-12-01".
fn sentence(answer: &proto::CheckAvailabilityResponse, date: Date) -> String {
    let result = answer.results.first().cloned().unwrap_or_default();
    let status = super::word(result.status().as_str_name()).replace('_', " ");
    let days = result.default_option.as_ref().map_or(0, |option| option.days_late);
    let when = match ships(&result) {
        date if date.is_empty() => String::new(),
        date if days <= 0 => format!(": ships {date}"),
        date if days == 1 => format!(": ships {date}, 1 day late"),
        date => format!(": ships {date}, {days} days late"),
    };
    // What can be bought or made without end has no most but the largest amount that there is.
    #[expect(clippy::cast_precision_loss, reason = "it is a round number")]
    let endless = AMOUNT_MAX as f64;
    let most = match result.most_by_requested_date {
        Some(most) if endless <= most => "any quantity".to_string(),
        most => format!("at most {}", most.map(number).unwrap_or_default()),
    };
    let mut text = format!("{status}{when}\n{most} by {date}\n");
    for reason in &result.reasons {
        text.push_str(&format!("  {}\n", reason.text));
    }
    for left in &result.left_out {
        text.push_str(&format!("  not looked at: {left}\n"));
    }
    text
}
