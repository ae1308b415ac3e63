//! `promised hold`: an item, or the lines of a file, kept for a while.

use super::{LiveCommand, request_id, server::Server};
use crate::{
    cli::{
        answered, data,
        failure::Failure,
        keep,
        output::{self, AnswerFormat},
        render::{self, Align, cell},
    },
    loader,
    rpc::{encode, proto, sheet, to_json},
};
use std::{io::Write, path::Path, time::Duration};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised hold BK-M82S-42 2 2026-12-01 --for 30m --customer NORDWIND
      keeps two of an item for half an hour
  promised hold orders.csv
      keeps what can be promised of the lines of a file for 15 minutes

`promised confirm ORDER` makes it a promise, `promised cancel ORDER` gives it back.")]
pub(in crate::cli) struct Args {
    /// An orders file; or an item, how many of it, and for when
    #[arg(value_name = "ORDERS | ITEM QTY DATE", required = true, num_args = 1..=3)]
    what: Vec<String>,
    /// For how long: 90s, 15m, 2h
    #[arg(long = "for", value_name = "TIME", default_value = "15m", value_parser = keep::time)]
    hold_for: Duration,
    /// For whom, where it is one item
    #[arg(long, value_name = "CUSTOMER", default_value = "")]
    customer: String,
    /// From where
    #[arg(long, value_name = "LOCATION", default_value = "")]
    location: String,
    /// The order that it is for; an id of its own if not given
    #[arg(long, value_name = "ORDER", default_value = "")]
    order: String,
    #[command(flatten)]
    server: Server,
}

impl LiveCommand for Args {
    fn run(&self) -> Result<(), Failure> {
        let lines = self.lines()?;
        let server = self.server.connect()?;
        let seconds = i64::try_from(self.hold_for.as_secs()).unwrap_or(i64::MAX);
        let request = proto::PromiseRequest {
            request_id: request_id("hold"),
            lines,
            commitment: proto::promise_request::Commitment::Hold.into(),
            hold_for: Some(prost_types::Duration { seconds, nanos: 0 }),
            ..proto::PromiseRequest::default()
        };
        let answer = server.wait(server.promises().promise(request))?;
        let mut out = output::stdout();
        match self.server.format {
            AnswerFormat::Json => writeln!(out, "{}", to_json(&answer))?,
            AnswerFormat::Csv => {
                let csv = sheet::Csv::default();
                out.write_all(&csv.header(sheet::RESULTS))?;
                for line in &answer.promises {
                    out.write_all(&csv.rows(&sheet::result(line, 0, None)))?;
                }
            }
            AnswerFormat::Table => write!(out, "{}", table(&answer))?,
        }
        out.flush()?;
        Ok(())
    }
}

impl Args {
    fn lines(&self) -> Result<Vec<proto::OrderLine>, Failure> {
        match self.what.as_slice() {
            [file] => {
                let read = data::orders(Path::new(file), &loader::Formats::default())?;
                Ok(read.lines.iter().map(encode::order_line).collect())
            }
            [item, quantity, date] => {
                let quantity = quantity.parse().map_err(|_| Failure::Misused {
                    cause: format!("{quantity:?} is no quantity"),
                    mend: "promised hold ITEM QTY DATE, such as promised hold BIKE 2 2026-12-01"
                        .to_string(),
                })?;
                let own =
                    || request_id("hold").replace("promised hold ", "HOLD-").replace(' ', "-");
                let order = if self.order.is_empty() { own() } else { self.order.clone() };
                Ok(vec![proto::OrderLine {
                    order,
                    item: item.clone(),
                    quantity,
                    requested_date: date.clone(),
                    customer: self.customer.clone(),
                    location: self.location.clone(),
                    ..proto::OrderLine::default()
                }])
            }
            _ => Err(Failure::Misused {
                cause: "an item has a quantity and a date".to_string(),
                mend: "promised hold ORDERS, or promised hold ITEM QTY DATE".to_string(),
            }),
        }
    }
}

fn table(answer: &proto::PromiseResponse) -> String {
    let columns = [
        ("promise", Align::Left),
        ("order", Align::Left),
        ("line", Align::Left),
        ("status", Align::Left),
        ("quantity", Align::Right),
        ("from", Align::Left),
        ("ships", Align::Left),
        ("arrives", Align::Left),
        ("late", Align::Right),
        ("held until", Align::Left),
        ("reason", Align::Wrapped),
    ];
    let rows = answer.promises.iter().map(|line| {
        let result = line.result.clone().unwrap_or_default();
        let option = result.default_option.clone().unwrap_or_default();
        let quantity = option.legs.iter().fold(0.0, |sum, leg| sum + leg.covers);
        let late =
            if option.legs.is_empty() { String::new() } else { option.days_late.to_string() };
        let last = option.legs.last().cloned().unwrap_or_default();
        let until = line.held_until.as_ref().map(ToString::to_string).unwrap_or_default();
        [
            line.promise_id.clone(),
            line.order.clone(),
            line.line.clone(),
            sheet::fares(result.status()).replace('_', " "),
            quantity.to_string(),
            last.location,
            last.ship_date,
            last.arrival_date,
            late,
            until,
            answered::reasons(&result),
        ]
        .into_iter()
        .map(|text| cell(text, None))
        .collect()
    });
    render::table(&columns, rows)
}
