//! From what was planned to what the ledger keeps.

use super::{
    answer::{LineOption, LineResult, LineStatus, OptionLeg, Peg, PegSource, Promise},
    query::{self, Query},
    repeat::Earlier,
    request::{OrderLine, Request},
    terms,
};
use crate::{
    ledger::{
        Draft, Planned, ProposedLine,
        consumption::Use,
        planned::PlannedKind,
        reservation::{Facts, Leg},
    },
    model::{Money, Posting},
};
use std::sync::Arc;

/// What the ledger is to keep of each line of a promise.
///
/// `created` is in microseconds since 1970 UTC.
pub fn lines(
    request: &Request,
    query: &Query,
    promise: &Promise,
    created: i64,
) -> Vec<ProposedLine> {
    lines_after(request, (query, &vec![Earlier::Nothing; request.lines.len()]), promise, created)
}

/// The same where lines were promised before; the query is without what has shipped.
pub fn lines_after(
    request: &Request,
    (query, earlier): (&Query, &[Earlier]),
    promise: &Promise,
    created: i64,
) -> Vec<ProposedLine> {
    assert_eq!(request.lines.len(), query.lines().len());
    assert_eq!(request.lines.len(), promise.lines.len());
    let lines = request.lines.iter().zip(query.lines()).zip(&promise.lines).zip(earlier);
    type Asked<'a> = (((&'a OrderLine, &'a query::Line), &'a LineResult), &'a Earlier);
    let line = |(((order_line, line), result), earlier): Asked<'_>| match earlier {
        Earlier::Nothing => one(order_line, line, result, created),
        Earlier::Already(stands) => {
            ProposedLine::Already { stands: Arc::clone(stands), ends: Vec::new() }
        }
        Earlier::Replaces { live, last, .. } => {
            let numbers = live.iter().map(|found| found.number).collect();
            if let (Some(last), LineStatus::AlreadyPromised) = (last, result.status) {
                return ProposedLine::Already { stands: Arc::clone(last), ends: numbers };
            }
            // It stays the promise that it was: its age is that of its first day.
            let first = live.first().map(|found| found.facts.created);
            match one(order_line, line, result, first.unwrap_or(created)) {
                ProposedLine::Reserve(draft) if first.is_some() => {
                    ProposedLine::Replace { draft, live: numbers }
                }
                new @ (ProposedLine::Reserve(_)
                | ProposedLine::Replace { .. }
                | ProposedLine::Already { .. }
                | ProposedLine::Unavailable
                | ProposedLine::Refused) => new,
            }
        }
    };
    lines.map(line).collect()
}

fn one(
    order_line: &OrderLine,
    line: &query::Line,
    result: &LineResult,
    created: i64,
) -> ProposedLine {
    match (&result.option, result.status) {
        (Some(option), _) => ProposedLine::Reserve(draft(order_line, line, option, created)),
        (None, LineStatus::Refused) => ProposedLine::Refused,
        (
            None,
            LineStatus::OnTime
            | LineStatus::Late
            | LineStatus::Partial
            | LineStatus::Unavailable
            | LineStatus::AlreadyPromised,
        ) => ProposedLine::Unavailable,
    }
}

/// What the ledger is to keep of one option; `created` is in microseconds since 1970 UTC.
pub fn draft(
    order_line: &OrderLine,
    line: &query::Line,
    option: &LineOption,
    created: i64,
) -> Draft {
    let facts = Facts {
        legs: option.legs.iter().map(leg).collect(),
        rank: option.rank,
        cost: option.economics.cost(),
        profit: option.economics.profit(),
        created,
        ..nothing(order_line, line)
    };
    let (quantity, postings) = (option.quantity(), postings(option));
    Draft { quantity, postings, plan: plan(option), facts }
}

/// The postings of an option, but for what it consumes of forecasts: that its legs tell.
pub fn postings(option: &LineOption) -> Vec<Posting> {
    let all = option.postings.iter().copied();
    all.filter(|posting| Use::of(posting.account).is_none()).collect()
}

/// The work orders, purchases and transfers of an option, each before those that it needs itself.
pub fn plan(option: &LineOption) -> Vec<Planned> {
    let mut plan: Vec<Planned> = Vec::new();
    for leg in &option.legs {
        // Those that are being read, from the goods down.
        let mut above: Vec<&Peg> = Vec::new();
        for peg in &leg.pegs {
            above.retain(|other| other.depth < peg.depth);
            let (kind, begins) = match &peg.source {
                PegSource::Make { start, .. } => (PlannedKind::Made, *start),
                PegSource::Transfer { ship, .. } => (PlannedKind::Moved, *ship),
                PegSource::Buy { order_by, .. } => (PlannedKind::Bought, *order_by),
                PegSource::Stock { .. } | PegSource::Infinite | PegSource::LeadTime => continue,
            };
            let number = peg.planned;
            let taken = option.postings.iter().filter(|posting| posting.planned == number);
            let begins = taken.map(|posting| posting.day).chain([begins]).min().unwrap_or(begins);
            let parent = above.last().map_or(0, |parent| parent.planned);
            plan.push(Planned { parent, used: peg.quantity, ..Planned::new(number, kind, begins) });
            above.push(peg);
        }
    }
    plan
}

/// What the ledger is to keep of one option that takes the place of what was promised: who it is for and
/// what was asked stay.
pub fn kept(option: &LineOption, before: &Facts) -> Facts {
    Facts {
        legs: option.legs.iter().map(leg).collect(),
        rank: option.rank,
        cost: option.economics.cost(),
        profit: option.economics.profit(),
        force: None,
        ..before.clone()
    }
}

/// What there is to know of a line of which nothing is promised.
pub fn nothing(order_line: &OrderLine, line: &query::Line) -> Facts {
    Facts {
        source: order_line.source.as_deref().map(Into::into),
        revision: 0,
        order: order_line.order.as_str().into(),
        line: order_line.line.as_str().into(),
        customer: line.customer,
        zone: line.zones.first().copied(),
        class: line.classes.first().copied(),
        item: line.item,
        quantity_requested: line.quantity,
        priority: line.priority,
        requested: line.requested,
        date_type: line.date_type,
        unit_price: order_line.unit_price,
        terms: terms::of(order_line),
        legs: Vec::new(),
        rank: 0,
        cost: Money::ZERO,
        profit: Money::ZERO,
        created: 0,
        force: None,
    }
}

/// What the ledger is to keep of a leg.
pub fn leg(leg: &OptionLeg) -> Leg {
    Leg { supply: leg.supplied(), ..leg.kept.clone() }
}
