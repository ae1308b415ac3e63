//! `promised figures`: measures over promises, by what they have in common.

use super::{TextTable, number};
use crate::{
    cli::{
        failure::Failure,
        output::{self, AnswerFormat},
        remote::Asker,
        render::Align,
    },
    rpc::{
        self,
        proto::{self, analytics_service_client::AnalyticsServiceClient},
    },
};
use std::io::Write;

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised figures --by item --top 10
      the items with the most promises
  promised figures --measures value,on_time_lines,lines --by customer,demand_class
  promised figures --measures lines,on_time_lines --bucket month --basis first_promise
      on time to what was promised first, month by month
  promised figures --measures limited_value,late_lines --by limiting
      what late promises wait for, by value
  promised figures --measures lines,date_changes,days_moved --by moved_by
      how stable promised dates are, and what moved them
  promised figures --filter 'item=PUMP|VALVE quantity>=5' --format csv

Measures: lines, quantity, value, cost, profit, on_time_lines, on_time_quantity, on_time_value, late_lines,
days_late_mean, at_risk_lines, at_risk_value, backlog_lines, backlog_value, held_lines, date_changes,
days_moved, unmoved_lines, limited_value, fill.
By: item, category, brand, customer, country, region, zone, channel, seller, demand_class, location,
ship_method, supply, state, limiting (what late ones wait for), moved_by (what moved their dates last:
customer, run, change, allocation, taken_back); up to three.")]
pub(in crate::cli) struct Args {
    /// The measures
    #[arg(
        long,
        value_name = "M,..",
        value_delimiter = ',',
        default_value = "lines,quantity,value"
    )]
    measures: Vec<String>,
    /// By what
    #[arg(long, value_name = "G,..", value_delimiter = ',')]
    by: Vec<String>,
    /// By which period too: day, week, month
    #[arg(long, value_name = "BUCKET", value_parser = ["day", "week", "month"])]
    bucket: Option<String>,
    /// By which date lines are judged and dated: request, first_promise, last_promise
    #[arg(long, value_name = "BASIS", default_value = "request", value_parser = ["request", "first_promise", "last_promise"])]
    basis: String,
    /// How many rows at most
    #[arg(long, value_name = "N", default_value_t = 0)]
    top: u32,
    /// Only lines that this accepts
    #[arg(long, value_name = "FILTER", default_value = "")]
    filter: String,
    /// Only lines dated on or after this
    #[arg(long, value_name = "DATE", default_value = "")]
    from: String,
    /// Only lines dated on or before this
    #[arg(long, value_name = "DATE", default_value = "")]
    to: String,
    /// The what-if scenario to ask
    #[arg(long, value_name = "ID", default_value = "")]
    scenario: String,
    /// The scenario whose figures stand beside
    #[arg(long, value_name = "ID", default_value = "")]
    with: String,
    /// The server
    #[arg(long, value_name = "URL", env = "PROMISED_SERVER", default_value = super::SERVER)]
    server: String,
    /// How the answer is shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

/// Asks and prints.
pub(in crate::cli) fn run(args: &Args) -> Result<(), Failure> {
    use proto::query_request::{Basis, Bucket};
    let asker = Asker::connect(&args.server)?;
    let bucket = args.bucket.as_deref().unwrap_or_default().to_uppercase();
    let bucket = Bucket::from_str_name(&bucket).unwrap_or(Bucket::Unspecified);
    let basis = Basis::from_str_name(&args.basis.to_uppercase()).unwrap_or(Basis::Unspecified);
    let request = proto::QueryRequest {
        measures: args.measures.clone(),
        group_by: args.by.clone(),
        bucket: bucket.into(),
        filter: args.filter.clone(),
        from: args.from.clone(),
        to: args.to.clone(),
        basis: basis.into(),
        top: args.top,
        with_scenario_id: args.with.clone(),
        scenario_id: args.scenario.clone(),
    };
    let mut client =
        AnalyticsServiceClient::new(asker.channel()).max_decoding_message_size(1 << 30);
    let answer = asker.wait(client.query(request))?;
    let mut out = output::stdout();
    match args.format {
        AnswerFormat::Json => writeln!(out, "{}", rpc::to_json(&answer))?,
        format @ (AnswerFormat::Table | AnswerFormat::Csv) => {
            sheet(&answer, format).write(format, &mut out)?
        }
    }
    Ok(out.flush()?)
}

/// Measures that are amounts.
const AMOUNTS: [&str; 7] =
    ["value", "cost", "profit", "on_time_value", "at_risk_value", "backlog_value", "limited_value"];

/// The rows; for people and spreadsheets the figures of the other scenario stand behind each, for people with the
/// difference, and below all rows what they come to.
fn sheet(answer: &proto::QueryResponse, format: AnswerFormat) -> TextTable {
    let n_keys = answer.rows.first().map_or(0, |row| row.keys.len());
    let has_other = answer.with_version.is_some();
    let has_difference = has_other && format == AnswerFormat::Table;
    let mut columns: Vec<(String, Align)> = Vec::new();
    for (at, name) in answer.columns.iter().enumerate() {
        let align = if at < n_keys { Align::Left } else { Align::Right };
        columns.push((name.clone(), align));
        if has_other && n_keys <= at {
            columns.push((format!("{name}_with"), Align::Right));
        }
        if has_difference && n_keys <= at {
            columns.push((format!("{name}_less"), Align::Right));
        }
    }
    let columns: Vec<_> = columns.iter().map(|(name, align)| (name.as_str(), *align)).collect();
    let is_amount = |name: &str| {
        let measure = name.strip_suffix("_with").or(name.strip_suffix("_less")).unwrap_or(name);
        AMOUNTS.contains(&measure)
    };
    let mut sheet = TextTable::new(&columns).with_amounts(is_amount, &answer.currency);
    let cells = |keys: Vec<String>, row: &proto::query_response::Row| {
        let mut cells = keys;
        for (at, value) in row.values.iter().enumerate() {
            cells.push(number(*value));
            if has_other {
                let other = row.with_values.get(at).copied().unwrap_or_default();
                cells.push(number(other));
                cells.extend(has_difference.then(|| number(less(other, *value))));
            }
        }
        cells
    };
    for row in &answer.rows {
        sheet.push(cells(row.keys.clone(), row));
    }
    if let Some(total) = answer.total.as_ref().filter(|_| 0 < n_keys) {
        let mut keys = vec![String::new(); n_keys];
        keys[0] = "all".to_string();
        sheet.sum(cells(keys, total));
    }
    sheet
}

/// One figure less another, to the place that figures have.
fn less(one: f64, other: f64) -> f64 {
    const PLACES: f64 = 1e6;
    ((one - other) * PLACES).round() / PLACES
}
