//! The pegging tree of a leg, drawn for a person: what it is made of, down to purchased parts and hours.

use crate::{
    model::{Day, DayPart, Money, Quantity},
    promising::answer::{Peg, PegSource, Worked},
    rpc::text::Words,
    snapshot::{ClassIx, ResourceIx, SupplyIx},
};

/// The lines of the tree; a peg is one line, the hours of a make are one more a resource.
pub(super) fn tree(words: Words<'_>, pegs: &[Peg]) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, peg) in pegs.iter().enumerate() {
        let depth = usize::from(peg.depth);
        let trunk: String = (0..depth).map(|level| stem(pegs, at, level, ["│  ", "   "])).collect();
        let fork = stem(pegs, at, depth, ["├─ ", "└─ "]);
        lines.push(format!("{trunk}{fork}{}", sentence(words, peg)));
        let below = stem(pegs, at, depth, ["│  ", "   "]);
        let has_children = pegs.get(at + 1).is_some_and(|next| peg.depth < next.depth);
        let inner = if has_children { "│  " } else { "   " };
        lines.extend(details(words, peg).iter().map(|line| format!("{trunk}{below}{inner}{line}")));
    }
    lines
}

/// Whether a level of the tree goes on below a line: the first word if so, else the second.
fn stem(pegs: &[Peg], at: usize, level: usize, words: [&'static str; 2]) -> &'static str {
    let after = pegs[at + 1..].iter().map(|peg| usize::from(peg.depth));
    let next = after.take_while(|depth| level <= *depth).find(|depth| *depth == level);
    if next.is_some() { words[0] } else { words[1] }
}

fn sentence(words: Words<'_>, peg: &Peg) -> String {
    let shown = |kept: Quantity| words.quantity(peg.item, kept);
    let what = format!("{} {}", shown(peg.quantity), words.item(peg.item));
    let (place, day) = (words.location(peg.location), words.date(peg.day));
    let cost = if peg.cost.total() == Money::ZERO {
        String::new()
    } else {
        format!(", cost {} {}", peg.cost.total(), words.snapshot().currency())
    };
    match &peg.source {
        PegSource::Stock { supplies, borrowed, nodes, .. } => {
            let from = stock(words, peg, (supplies, *borrowed));
            let shares = shares(words, peg, nodes);
            format!("{what} in {place} on {day}: {from}{shares}{cost}")
        }
        PegSource::Make { work, start, started, hours: _ } => {
            let lot = if *started == peg.quantity {
                String::new()
            } else {
                format!(", {} started", shown(*started))
            };
            let (work, start) = (words.work(*work), words.date(*start));
            format!("make {what} in {place} by {work}: start {start}, there {day}{lot}{cost}")
        }
        PegSource::Transfer { from, method, ship } => {
            let (from, ship) = (words.location(*from), words.date(*ship));
            let method = match words.method(*method) {
                "" => String::new(),
                method => format!(" by {method}"),
            };
            format!("move {what} from {from} to {place}{method}: departs {ship}, there {day}{cost}")
        }
        PegSource::Buy { supplier, bought, order_by } => {
            let (supplier, order_by) = (words.supplier(*supplier), words.date(*order_by));
            let lot = if *bought == peg.quantity {
                String::new()
            } else {
                format!(", {} bought", shown(*bought))
            };
            format!(
                "buy {what} for {place} from {supplier}: order by {order_by}, there {day}{lot}{cost}"
            )
        }
        PegSource::Infinite => {
            format!("{what} in {place} on {day}: not checked, by its ATP rule{cost}")
        }
        PegSource::LeadTime => format!("{what} in {place} on {day}: by lead time alone{cost}"),
    }
}

/// "; shares: 40 Northeast, 10 HighVolume" where an allocation rule divides the stock.
fn shares(words: Words<'_>, peg: &Peg, nodes: &[(ClassIx, Quantity)]) -> String {
    if nodes.is_empty() {
        return String::new();
    }
    let node = |(class, part): &(_, Quantity)| {
        format!("{} {}", words.quantity(peg.item, *part), words.class(*class))
    };
    let nodes: Vec<_> = nodes.iter().map(node).collect();
    format!("; shares: {}", nodes.join(", "))
}

/// "2 from stock, 4 of PO-1 (due 2026-12-01)", and what of it is borrowed. What no supply is named for
/// is on hand, or left over from what earlier promises make and buy.
fn stock(
    words: Words<'_>,
    peg: &Peg,
    (supplies, borrowed): (&[(SupplyIx, Quantity)], Quantity),
) -> String {
    let scheduled: Quantity = supplies.iter().map(|(_, quantity)| *quantity).sum();
    let unnamed = peg.quantity - scheduled;
    let shown = |kept: Quantity| words.quantity(peg.item, kept);
    let mut parts = Vec::new();
    if unnamed.is_positive() {
        parts.push(format!("{} from stock", shown(unnamed)));
    }
    for (supply, quantity) in supplies {
        let due = due(words, peg, *supply).map(|day| format!(" (due {})", words.date(day)));
        parts.push(format!(
            "{} of {}{}",
            shown(*quantity),
            words.supply(*supply),
            due.unwrap_or_default()
        ));
    }
    if borrowed.is_positive() {
        parts
            .push(format!("{} of it kept for a later commitment, replaced below", shown(borrowed)));
    }
    parts.join(", ")
}

fn due(words: Words<'_>, peg: &Peg, wanted: SupplyIx) -> Option<Day> {
    let snapshot = words.snapshot();
    let account = snapshot.stock(peg.item, peg.location);
    let supplies = snapshot.supplies.of(account).iter();
    supplies.into_iter().find(|supply| supply.supply == Some(wanted)).map(|supply| supply.due)
}

/// What a make takes of its resources: one line a resource.
fn details(words: Words<'_>, peg: &Peg) -> Vec<String> {
    let hours: &[Worked] = match &peg.source {
        PegSource::Make { hours, .. } => hours,
        PegSource::Stock { .. }
        | PegSource::Transfer { .. }
        | PegSource::Buy { .. }
        | PegSource::Infinite
        | PegSource::LeadTime => &[],
    };
    let mut resources: Vec<ResourceIx> = Vec::new();
    for worked in hours {
        if !resources.contains(&worked.resource) {
            resources.push(worked.resource);
        }
    }
    resources.into_iter().map(|resource| resource_days(words, hours, resource)).collect()
}

fn resource_days(words: Words<'_>, hours: &[Worked], resource: ResourceIx) -> String {
    let of_it = hours.iter().filter(|worked| worked.resource == resource);
    let days = of_it.map(|worked| {
        let part = match (worked.from, worked.to) {
            (DayPart::BEGIN, DayPart::END) => String::new(),
            (from, to) => format!(" ({} to {} % of the day)", from.percent(), to.percent()),
        };
        format!("{} h on {}{part}", worked.hours, words.date(worked.day))
    });
    format!("{}: {}", words.resource(resource), days.collect::<Vec<_>>().join(", "))
}
