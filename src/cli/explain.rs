//! `promised explain`: why an order is promised as it is: its pegging trees, what bounds its dates, what
//! it costs, and what else could be had.

use super::{
    book::Book,
    data,
    failure::Failure,
    output, pegging,
    render::{self, Align, Mood, cell, printable},
    results, similar,
    stream::{self, Step},
};
use crate::{
    limits::ALTERNATIVES_MAX,
    promising::{
        answer::{Leg, LineOption, LineResult, Promise, Reason, Status},
        request::{DateType, OrderLine, Remedies},
    },
    rpc::{
        remedy,
        text::{self, Words},
    },
    snapshot::atp_rule::Objective,
};
use std::{io::Write, path::PathBuf};

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

The lines before the order in the file are promised first, so that it sees what they have taken.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    /// The order lines: a .csv or .parquet file
    #[arg(value_name = "ORDERS")]
    orders: PathBuf,
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
}

/// Promises the file up to the order and explains the order.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let snapshot = data::snapshot(&args.snapshot)?.snapshot;
    let mut lines = data::orders(&args.orders, None)?;
    check_wanted(args, &lines)?;
    let last = lines.iter().rposition(|line| line.order == args.order).expect("just checked");
    lines.truncate(last + 1);
    let mut requests = stream::requests(lines, args.objective, 0);
    let asked = requests.iter_mut().map(|asked| &mut asked.request);
    for request in asked.filter(|request| request.lines[0].order == args.order) {
        request.alternatives =
            usize::try_from(args.alternatives).expect("at most ALTERNATIVES_MAX");
        request.remedies = Remedies::Sought;
    }
    let steps = stream::resolve(&args.orders, &snapshot, requests)?;
    let mut book = Book::open(snapshot);
    let mut out = output::stdout();
    for step in &steps {
        let promise = book.promise(step)?;
        if step.order() == args.order {
            order(
                &mut out,
                Words::new(&book.world().snapshot),
                (step, &promise),
                args.line.as_deref(),
            )?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Whether the file has the order and the line.
fn check_wanted(args: &Args, lines: &[OrderLine]) -> Result<(), Failure> {
    let ours = || lines.iter().filter(|line| line.order == args.order);
    let file = args.orders.display();
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

fn order(
    out: &mut impl Write,
    words: Words<'_>,
    (step, promise): (&Step, &Promise),
    wanted: Option<&str>,
) -> Result<(), Failure> {
    let lines = &step.request.lines;
    for (at, result) in promise.lines.iter().enumerate() {
        if wanted.is_none_or(|wanted| lines[at].line == wanted) {
            line(out, words, lines, (at, result))?;
        }
    }
    Ok(())
}

fn line(
    out: &mut impl Write,
    words: Words<'_>,
    lines: &[OrderLine],
    (at, result): (usize, &LineResult),
) -> Result<(), Failure> {
    writeln!(out, "{}", printable(&title(&lines[at])))?;
    let status = results::status(result.status);
    let promised = match &result.option {
        Some(option) => text::summary(words, option),
        None => "nothing promised".to_string(),
    };
    writeln!(out, "{}: {}", render::coloured(status, mood(result.status)), printable(&promised))?;
    for (number, leg) in (1..).zip(result.option.iter().flat_map(|option| &option.legs)) {
        writeln!(out, "\n  leg {number}: {}", printable(&leg_line(words, leg)))?;
        for line in pegging::tree(words, &leg.pegs) {
            writeln!(out, "  {}", printable(&line))?;
        }
    }
    let (ruled_out, bounding): (Vec<&Reason>, Vec<&Reason>) =
        result.reasons.iter().partition(|reason| reason.rules_out());
    for (heading, reasons) in [("what bounds it", bounding), ("ruled out", ruled_out)] {
        if !reasons.is_empty() {
            writeln!(out, "\n  {heading}")?;
        }
        for reason in reasons {
            writeln!(out, "  - {}", printable(&text::reason(words, lines, reason)))?;
        }
    }
    if !result.remedies.is_empty() {
        writeln!(out, "\n  what would make it on time: any one of")?;
        for remedy in &result.remedies {
            let sentence = remedy::sentence(words, &remedy.relaxation);
            writeln!(out, "  - {}", printable(&sentence))?;
        }
    }
    if let Some(option) = &result.option {
        writeln!(out, "\n{}", indented(&economics(words, option)))?;
    }
    alternatives(out, words, result)?;
    writeln!(out)?;
    Ok(())
}

fn title(line: &OrderLine) -> String {
    let OrderLine { order, line: number, item, quantity, requested, .. } = line;
    let verb = match line.date_type.unwrap_or_default() {
        DateType::Ship => "to ship on",
        DateType::Arrival => "to arrive by",
    };
    let unit = line.uom.as_ref().map(|uom| format!("{uom} of ")).unwrap_or_default();
    let buyer = match (&line.customer, &line.zone) {
        (Some(customer), _) => format!(" for {customer}"),
        (None, Some(zone)) => format!(" for zone {zone}"),
        (None, None) => String::new(),
    };
    format!("{order}/{number}  {quantity} {unit}{item}{buyer}, {verb} {requested}")
}

fn mood(status: Status) -> Mood {
    match status {
        Status::OnTime | Status::AlreadyPromised => Mood::Good,
        Status::Late | Status::Partial => Mood::Fair,
        Status::Unavailable | Status::Refused => Mood::Bad,
    }
}

fn leg_line(words: Words<'_>, leg: &Leg) -> String {
    let method = match words.method(leg.method) {
        "" => String::new(),
        method => format!(" by {method}"),
    };
    let late = match leg.days_late {
        days if days <= 0 => "on time".to_string(),
        1 => "1 day late".to_string(),
        days => format!("{days} days late"),
    };
    format!(
        "{} {} from {}{method}: leaves stock {}, ships {}, arrives {}, {late}",
        words.quantity(leg.item, leg.quantity),
        words.item(leg.item),
        words.location(leg.location),
        words.date(leg.need),
        words.date(leg.ship),
        words.date(leg.arrival),
    )
}

/// Price, every cost that is not zero, and what is left.
fn economics(words: Words<'_>, option: &LineOption) -> String {
    let economics = &option.economics;
    let costs = &economics.costs;
    let terms = [
        ("supply", costs.supply),
        ("make", costs.make),
        ("freight", costs.freight),
        ("handling", costs.handling),
        ("lateness", costs.lateness),
    ];
    let terms = terms
        .into_iter()
        .filter(|(_, amount)| amount.raw() != 0)
        .map(|(term, amount)| (term, -amount));
    let all = std::iter::once(("price", economics.price))
        .chain(terms)
        .chain(std::iter::once(("profit", economics.profit())));
    let currency = words.snapshot().currency();
    render::table(
        &[("economics", Align::Left), ("amount", Align::Right), ("", Align::Left)],
        all.map(|(term, amount)| vec![cell(term, None), cell(amount, None), cell(currency, None)]),
    )
}

fn indented(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

fn alternatives(
    out: &mut impl Write,
    words: Words<'_>,
    result: &LineResult,
) -> Result<(), Failure> {
    if result.alternatives.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n  alternatives")?;
    for (number, option) in (1..).zip(&result.alternatives) {
        let text = match &result.option {
            Some(default) => text::difference(words, default, option),
            None => text::summary(words, option),
        };
        writeln!(out, "  {number}. {}", printable(&text))?;
    }
    Ok(())
}
