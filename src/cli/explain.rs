//! `promised explain`: why an order is promised as it is: its pegging trees, what bounds its dates, what
//! it costs, and what else could be had.

use super::{
    book::OwnWorld,
    data,
    failure::Failure,
    money::{self, Currency},
    output::{self, AnswerFormat},
    pegging,
    remote::Asker,
    render::{self, Align, Mood, cell, printable},
    similar, stream,
};
use crate::{
    limits::ALTERNATIVES_MAX,
    promising::request::{OrderLine, Remedies},
    rpc::{
        encode::{self, Pegging},
        proto::{
            self, line_result::Status, promise_service_client::PromiseServiceClient,
            reservation::State,
        },
        sheet, to_json,
    },
    snapshot::atp_rule::Objective,
};
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised explain snapshots/tiny snapshots/tiny/orders.csv --order MAKE
      the work order behind it, its components and hours
  promised explain snapshots/tiny snapshots/tiny/orders.csv --order LATE --line 1
      why it is late
  promised explain snapshots/adventureworks snapshots/adventureworks/orders.csv --order SO69659
      every line of an order
  promised explain --order SO69659 --server http://127.0.0.1:50051
      what a running server has promised of it, what it counts on now, and how it would fare if asked for again

The lines before the order in the file are promised first, so that it sees what they have taken.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables
    #[arg(value_name = "SNAPSHOT", required_unless_present = "server")]
    snapshot: Option<PathBuf>,
    /// The order lines: a .csv or .parquet file
    #[arg(value_name = "ORDERS", required_unless_present = "server")]
    orders: Option<PathBuf>,
    /// Explains what this server has promised instead
    #[arg(
        long, value_name = "URL", num_args = 0..=1, default_missing_value = "",
        conflicts_with_all = ["snapshot", "orders", "alternatives", "objective"]
    )]
    server: Option<String>,
    /// The order to explain
    #[arg(long, value_name = "O")]
    order: String,
    /// Only this line of it [default: all]
    #[arg(long, value_name = "L")]
    line: Option<String>,
    /// Further options shown besides the default
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(0..=ALTERNATIVES_MAX as u64))]
    alternatives: u64,
    /// By what the default option is chosen where a line does not say: sourcing_rank, earliest,
    /// lowest_cost, highest_profit [default: the item's rule]
    #[arg(long, value_name = "OBJECTIVE", value_parser = stream::objective)]
    objective: Option<Objective>,
    /// How it is shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

/// A line and why it is promised as it is.
struct Explained {
    line: proto::OrderLine,
    /// The promise that there is; none where it was asked of files.
    promise: Option<proto::Reservation>,
    /// What it has.
    legs: Vec<proto::Leg>,
    /// How it fares; of a promise that there is: if it were asked for again.
    result: proto::LineResult,
}

/// Explains the order: of a file, or of a server.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let (all, json) = match (&args.server, &args.snapshot, &args.orders) {
        (Some(url), ..) => there(args, url)?,
        (None, Some(snapshot), Some(orders)) => here(args, snapshot, orders)?,
        (None, ..) => unreachable!("clap asks for one of them"),
    };
    let mut out = output::stdout();
    match args.format {
        AnswerFormat::Json => writeln!(out, "{json}")?,
        AnswerFormat::Csv => {
            let csv = sheet::Csv::default();
            out.write_all(&csv.header(sheet::RESULTS))?;
            for one in &all {
                let line = proto::PromisedLine {
                    order: one.line.order.clone(),
                    line: one.line.line.clone(),
                    result: Some(one.result.clone()),
                    ..proto::PromisedLine::default()
                };
                out.write_all(&csv.rows(&sheet::result(&line, ALTERNATIVES_MAX, None)))?;
            }
        }
        AnswerFormat::Table => all.iter().try_for_each(|one| explain(&mut out, one))?,
    }
    out.flush()?;
    Ok(())
}

/// Promises the file up to the order.
fn here(args: &Args, snapshot: &Path, orders: &Path) -> Result<(Vec<Explained>, String), Failure> {
    let data::OpenedSnapshot { snapshot, formats, .. } = data::snapshot(snapshot)?;
    let mut lines = data::orders(orders, &formats)?;
    check_wanted(args, orders, &lines.lines)?;
    let last = lines.lines.iter().rposition(|line| line.order == args.order).expect("just checked");
    lines.lines.truncate(last + 1);
    let mut requests = stream::requests(lines, args.objective, 0);
    let asked = requests.iter_mut().map(|asked| &mut asked.request);
    for request in asked.filter(|request| request.lines[0].order == args.order) {
        request.alternatives =
            usize::try_from(args.alternatives).expect("at most ALTERNATIVES_MAX");
        request.remedies = Remedies::Sought;
    }
    let steps = stream::resolve(orders, &snapshot, requests)?;
    let mut book = OwnWorld::open(snapshot);
    let (mut all, mut answers) = (Vec::new(), Vec::new());
    for step in &steps {
        let promise = book.promise(step)?;
        if step.order() != args.order {
            continue;
        }
        let mut answer = encode::check(book.world(), &step.request, &promise, Pegging::Shown);
        let lines = step.request.lines.iter().map(encode::order_line);
        let explained = lines.zip(&answer.results).map(|(line, result)| Explained {
            line,
            promise: None,
            legs: result.default_option.iter().flat_map(|option| option.legs.clone()).collect(),
            result: result.clone(),
        });
        let is_wanted = |line: &str| args.line.as_deref().is_none_or(|wanted| line == wanted);
        all.extend(explained.filter(|one| is_wanted(&one.line.line)));
        answer.results.retain(|result| is_wanted(&result.line));
        answers.push(to_json(&answer));
    }
    Ok((all, answers.join("\n")))
}

/// Asks a server for what it has promised of the order, and how it would fare now.
fn there(args: &Args, url: &str) -> Result<(Vec<Explained>, String), Failure> {
    let asker = Asker::connect(url)?;
    let mut promises = PromiseServiceClient::new(asker.channel());
    let request = proto::GetPromiseRequest {
        order: args.order.clone(),
        line: args.line.clone().unwrap_or_default(),
        ..proto::GetPromiseRequest::default()
    };
    let found = asker.wait(promises.get(request))?.promises;
    let is_live = |one: &&proto::Reservation| matches!(one.state(), State::Held | State::Confirmed);
    let live: Vec<_> = found.iter().filter(is_live).collect();
    if live.is_empty() {
        return Err(Failure::new(
            format!("nothing of order {:?} is held or confirmed", args.order),
            "promised get shows what has become of it",
        ));
    }
    let (mut all, mut answers) = (Vec::new(), Vec::new());
    for one in live {
        let promise_id = one.promise_id.clone();
        let request = proto::ExplainRequest { promise_id, ..proto::ExplainRequest::default() };
        let answer = asker.wait(promises.explain(request))?;
        answers.push(to_json(&answer));
        let promise = answer.promise.unwrap_or_default();
        all.push(Explained {
            line: promise.terms.clone().unwrap_or_default(),
            legs: answer.legs,
            result: answer.now.unwrap_or_default(),
            promise: Some(promise),
        });
    }
    Ok((all, answers.join("\n")))
}

/// Whether the file has the order and the line.
fn check_wanted(args: &Args, orders: &Path, lines: &[OrderLine]) -> Result<(), Failure> {
    let ours = || lines.iter().filter(|line| line.order == args.order);
    let file = orders.display();
    if ours().next().is_none() {
        let mut orders: Vec<_> = lines.iter().map(|line| line.order.as_str()).collect();
        orders.dedup();
        let elsewhere = format!("an order of {file}");
        return Err(Failure::new(
            format!("there is no order {:?} in {file}", args.order),
            format!("--order {}", similar::mend(&args.order, &orders, &elsewhere)),
        ));
    }
    match &args.line {
        Some(wanted) if !ours().any(|line| line.line == *wanted) => {
            let known: Vec<_> = ours().take(20).map(|line| line.line.as_str()).collect();
            Err(Failure::new(
                format!("order {:?} has no line {wanted:?}", args.order),
                format!("--line with one of {}", known.join(", ")),
            ))
        }
        Some(_) | None => Ok(()),
    }
}

fn explain(out: &mut impl Write, one: &Explained) -> Result<(), Failure> {
    let Explained { line, promise, legs, result } = one;
    let option = result.default_option.as_ref();
    let economics = option.and_then(|option| option.economics.as_ref());
    let currency = economics.map_or("", |economics| economics.currency.as_str());
    writeln!(out, "{}", printable(&title(line)))?;
    let status = result.status();
    let fares = render::coloured(&sheet::fares(status).replace('_', " "), mood(status));
    let promised = option.map_or("nothing promised", |option| option.summary.as_str());
    match promise {
        None => writeln!(out, "{fares}: {}", printable(promised))?,
        Some(promise) => {
            let state = promise.state().as_str_name().to_lowercase();
            let risk = if promise.at_risk { ", at risk" } else { "" };
            writeln!(out, "{} is {state}{risk}", printable(&promise.promise_id))?;
        }
    }
    for (number, leg) in (1..).zip(legs) {
        writeln!(out, "\n  leg {number}: {}", printable(&leg_line(leg)))?;
        for line in pegging::tree(&leg.pegs, currency) {
            writeln!(out, "  {}", printable(&line))?;
        }
    }
    if promise.is_some() {
        writeln!(out, "\n  asked for again now: {fares}: {}", printable(promised))?;
    }
    reasons(out, result)?;
    if let Some(economics) = economics {
        writeln!(out, "\n{}", indented(&amounts(economics, currency)))?;
    }
    if !result.alternatives.is_empty() {
        writeln!(out, "\n  alternatives")?;
    }
    for (number, option) in (1..).zip(&result.alternatives) {
        writeln!(out, "  {number}. {}", printable(&option.summary))?;
    }
    writeln!(out)?;
    Ok(())
}

/// What bounds a line, what is no choice for it, and what would make it on time.
fn reasons(out: &mut impl Write, result: &proto::LineResult) -> Result<(), Failure> {
    use proto::reason::Code;
    let rules_out = |reason: &&proto::Reason| {
        matches!(reason.code(), Code::NoShipFrom | Code::NoLane | Code::NoMethod)
    };
    let (ruled_out, bounding): (Vec<_>, Vec<_>) = result.reasons.iter().partition(rules_out);
    for (heading, reasons) in [("what bounds it", bounding), ("ruled out", ruled_out)] {
        if !reasons.is_empty() {
            writeln!(out, "\n  {heading}")?;
        }
        for reason in reasons {
            writeln!(out, "  - {}", printable(&reason.text))?;
        }
    }
    if !result.remedies.is_empty() {
        writeln!(out, "\n  what would make it on time: any one of")?;
        for remedy in &result.remedies {
            writeln!(out, "  - {}", printable(&remedy.text))?;
        }
    }
    Ok(())
}

fn title(line: &proto::OrderLine) -> String {
    let proto::OrderLine { order, line: number, item, quantity, requested_date, .. } = line;
    let verb = match line.date_type() {
        proto::order_line::DateType::Arrival => "to arrive by",
        proto::order_line::DateType::Unspecified | proto::order_line::DateType::Ship => {
            "to ship on"
        }
    };
    let unit = if line.uom.is_empty() { String::new() } else { format!("{} of ", line.uom) };
    let buyer = match (line.customer.as_str(), line.zone.as_str()) {
        ("", "") => String::new(),
        ("", zone) => format!(" for zone {zone}"),
        (customer, _) => format!(" for {customer}"),
    };
    format!("{order}/{number}  {quantity} {unit}{item}{buyer}, {verb} {requested_date}")
}

fn mood(status: Status) -> Mood {
    match status {
        Status::OnTime | Status::AlreadyPromised => Mood::Good,
        Status::Late | Status::Partial => Mood::Fair,
        Status::Unavailable | Status::Refused | Status::Unspecified => Mood::Bad,
    }
}

fn leg_line(leg: &proto::Leg) -> String {
    let method = match leg.ship_method.as_str() {
        "" => String::new(),
        method => format!(" by {method}"),
    };
    let late = match leg.days_late {
        days if days <= 0 => "on time".to_string(),
        1 => "1 day late".to_string(),
        days => format!("{days} days late"),
    };
    let proto::Leg { quantity, item, location, need_date, ship_date, arrival_date, .. } = leg;
    format!(
        "{quantity} {item} from {location}{method}: leaves stock {need_date}, ships {ship_date}, \
         arrives {arrival_date}, {late}"
    )
}

/// Price, every cost that is not zero, and what is left.
fn amounts(economics: &proto::Economics, currency: Currency<'_>) -> String {
    let costs = economics.costs.unwrap_or_default();
    let terms = [
        ("supply", costs.supply),
        ("make", costs.make),
        ("freight", costs.freight),
        ("handling", costs.handling),
        ("lateness", costs.lateness),
    ];
    let is_some = |(_, amount): &(&str, f64)| amount.total_cmp(&0.0).is_ne();
    let terms = terms.into_iter().filter(is_some).map(|(term, amount)| (term, -amount));
    let all = std::iter::once(("price", economics.price))
        .chain(terms)
        .chain(std::iter::once(("profit", economics.profit)));
    let heading = money::heading("amount", currency);
    let columns = [("economics", Align::Left), (heading.as_str(), Align::Right)];
    render::table(
        &columns,
        all.map(|(term, amount)| vec![cell(term, None), cell(money::shown(amount), None)]),
    )
}

fn indented(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}
