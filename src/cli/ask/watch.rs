//! `promised watch`: what happens on a running server, as it happens, or from an earlier position on.

use super::{instant, number, word};
use crate::{
    cli::{
        failure::Failure,
        money,
        output::{self, AnswerFormat},
        remote::Asker,
    },
    rpc::{
        self,
        proto::{self, event_service_client::EventServiceClient},
    },
};
use std::io::Write;

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised watch
      everything from now on, a line an event
  promised watch --types 'promise.at_risk,promise.later,supply.late' --format json
      what goes wrong, a JSON object a line
  promised watch --from 0 --until 400 --format json
      from the oldest position that is kept up to 400, again")]
pub(in crate::cli) struct Args {
    /// Only these types; promise.* are all that begin so
    #[arg(long, value_name = "T,..", value_delimiter = ',')]
    types: Vec<String>,
    /// From this position on; 0 from the oldest that is kept
    #[arg(long, value_name = "N")]
    from: Option<u64>,
    /// Ends after this position
    #[arg(long, value_name = "N")]
    until: Option<u64>,
    /// Only of this customer
    #[arg(long, value_name = "CUSTOMER", default_value = "")]
    customer: String,
    /// Only of this item
    #[arg(long, value_name = "ITEM", default_value = "")]
    item: String,
    /// Only of this demand class
    #[arg(long, value_name = "CLASS", default_value = "")]
    class: String,
    /// One event for many promises where more than this slip at once; 0: each
    #[arg(long, value_name = "N", default_value_t = 0)]
    digest_over: u32,
    /// The server
    #[arg(long, value_name = "URL", env = "PROMISED_SERVER", default_value = super::SERVER)]
    server: String,
    /// How events are shown; json is a line an event
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

/// Asks and prints, until the server ends or all that was asked for is told.
pub(in crate::cli) fn run(args: &Args) -> Result<(), Failure> {
    let asker = Asker::connect(&args.server)?;
    let request = proto::WatchEventsRequest {
        from_sequence: args.from,
        types: args.types.clone(),
        customer: args.customer.clone(),
        item: args.item.clone(),
        demand_class: args.class.clone(),
        until_sequence: args.until,
        digest_over: args.digest_over,
    };
    let mut client = EventServiceClient::new(asker.channel());
    let mut events = asker.wait(client.watch(request))?;
    let mut out = output::stdout();
    if args.format == AnswerFormat::Csv {
        writeln!(
            out,
            "position,number,time,type,subject,cause,order,line,customer,days,value,level,remedy"
        )?;
    }
    while let Some(event) = asker.next(&mut events)? {
        let time = instant(event.time.as_ref());
        let proto::Event { position, number, r#type: kind, subject, cause, .. } = &event;
        match args.format {
            AnswerFormat::Json => writeln!(out, "{}", rpc::to_json_line(&event))?,
            AnswerFormat::Table => {
                let (second, _) = time.split_once('.').unwrap_or((time.trim_end_matches('Z'), ""));
                let hurt = hurt(&event);
                writeln!(out, "{position:>8} {second}Z {kind:<24} {subject}  {cause}{hurt}")?;
            }
            AnswerFormat::Csv => {
                let mut row = csv::Writer::from_writer(&mut out);
                let cells =
                    [&position.to_string(), &number.to_string(), &time, kind, subject, cause];
                let cells = cells.into_iter().cloned().chain(hurt_cells(&event));
                row.write_record(cells).map_err(output::csv_failure)?;
                row.flush()?;
            }
        }
        // Whoever reads it wants it now.
        out.flush()?;
    }
    Ok(out.flush()?)
}

/// Whom it hurts and how much, where it hurts a promise: "; order SO-1/1 of SHOP, 3 days, 1,200.00, critical; PO-1 3 days earlier".
fn hurt(event: &proto::Event) -> String {
    let Some(hurt) = &event.jeopardy else { return String::new() };
    let mut text = format!("; order {}/{}", hurt.order, hurt.line);
    if !hurt.customer.is_empty() {
        text.push_str(&format!(" of {}", hurt.customer));
    }
    let days = if hurt.days.abs() == 1 { "day" } else { "days" };
    text.push_str(&format!(", {} {days}, {}", hurt.days, money::shown(hurt.value)));
    text.push_str(&format!(", {}", word(hurt.level().as_str_name())));
    if let Some(remedy) = &hurt.remedy {
        text.push_str(&format!("; {}", remedy.text));
    }
    text
}

/// The same as cells of their own.
fn hurt_cells(event: &proto::Event) -> [String; 7] {
    let Some(hurt) = &event.jeopardy else { return Default::default() };
    let remedy = hurt.remedy.as_ref().map(|remedy| remedy.text.clone());
    [
        hurt.order.clone(),
        hurt.line.clone(),
        hurt.customer.clone(),
        hurt.days.to_string(),
        number(hurt.value),
        word(hurt.level().as_str_name()),
        remedy.unwrap_or_default(),
    ]
}
