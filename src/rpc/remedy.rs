//! What would make a late line on time, as a message and as a sentence.

use super::{
    encode,
    proto::{self, remedy::Kind},
    text::Words,
};
use crate::{
    model::{Day, Quantity},
    promising::answer::Relaxation,
};

/// A relaxation as a message; `summary` is of the option that it brings.
pub(super) fn encode(
    words: Words<'_>,
    relaxation: &Relaxation,
    option: proto::Option,
) -> proto::Remedy {
    let text = sentence(words, relaxation);
    proto::Remedy { text, option: Some(option), ..fields(words, relaxation) }
}

fn fields(words: Words<'_>, relaxation: &Relaxation) -> proto::Remedy {
    let of = |kind: Kind| proto::Remedy { kind: kind.into(), ..proto::Remedy::default() };
    match relaxation {
        Relaxation::Expedite { supply, days, to } => proto::Remedy {
            supply: words.supply(*supply),
            days: *days,
            date: words.date(*to),
            ..of(Kind::Expedite)
        },
        Relaxation::Hours { resource, extra } => proto::Remedy {
            resource: words.resource(*resource).to_string(),
            hours: extra
                .iter()
                .map(|&(day, hours)| proto::remedy::MoreHours {
                    date: words.date(day),
                    hours: encode::quantity(hours),
                })
                .collect(),
            ..of(Kind::Hours)
        },
        Relaxation::FromClass { class, item, location, quantity, day } => proto::Remedy {
            demand_class: words.snapshot().classes.names.name(*class).to_string(),
            item: words.item(*item).to_string(),
            location: words.location(*location).to_string(),
            quantity: encode::quantity(words.quantity(*item, *quantity)),
            date: words.date(*day),
            ..of(Kind::FromClass)
        },
        Relaxation::Goods { item, location, quantity, day } => proto::Remedy {
            item: words.item(*item).to_string(),
            location: words.location(*location).to_string(),
            quantity: encode::quantity(words.quantity(*item, *quantity)),
            date: words.date(*day),
            ..of(Kind::Goods)
        },
        Relaxation::House { location, day, lines } => proto::Remedy {
            location: words.location(*location).to_string(),
            date: words.date(*day),
            quantity: encode::quantity(Quantity::units(*lines)),
            ..of(Kind::House)
        },
        Relaxation::Split { .. } => of(Kind::Split),
        Relaxation::Substitute { item } => {
            proto::Remedy { item: words.item(*item).to_string(), ..of(Kind::Substitute) }
        }
        Relaxation::Method { method } => {
            proto::Remedy { ship_method: words.method(*method).to_string(), ..of(Kind::ShipMethod) }
        }
        Relaxation::ShipFrom { location } => {
            proto::Remedy { location: words.location(*location).to_string(), ..of(Kind::ShipFrom) }
        }
    }
}

/// A relaxation in a planner's words.
pub fn sentence(words: Words<'_>, relaxation: &Relaxation) -> String {
    match relaxation {
        Relaxation::Expedite { supply, days, to } => {
            let days = if *days == 1 { "1 day".to_string() } else { format!("{days} days") };
            format!("expedite {} by {days}, to {}", words.supply(*supply), words.date(*to))
        }
        Relaxation::Hours { resource, extra } => {
            let resource = words.resource(*resource);
            format!("work longer on {resource}: {}", hours(words, extra))
        }
        Relaxation::FromClass { class, item, location, quantity, day } => format!(
            "take {} {} in {} from the share of {}, from {} on",
            words.quantity(*item, *quantity),
            words.item(*item),
            words.location(*location),
            words.snapshot().classes.names.name(*class),
            words.date(*day)
        ),
        Relaxation::Goods { item, location, quantity, day } => format!(
            "get {} more {} to {} by {}",
            words.quantity(*item, *quantity),
            words.item(*item),
            words.location(*location),
            words.date(*day)
        ),
        Relaxation::House { location, day, lines } => {
            let more = if *lines == 1 { "1 more order line" } else { "more order lines" };
            let more = if *lines == 1 { more.to_string() } else { format!("{lines} {more}") };
            format!("ship {more} from {} on {}", words.location(*location), words.date(*day))
        }
        Relaxation::Split { legs } => format!("let the line be split, into {legs} legs"),
        Relaxation::Substitute { item } => format!("ship {} instead", words.item(*item)),
        Relaxation::Method { method } => format!("ship by {}", words.method(*method)),
        Relaxation::ShipFrom { location } => format!("ship from {}", words.location(*location)),
    }
}

/// Each day while they are few, else their sum.
fn hours(words: Words<'_>, extra: &[(Day, Quantity)]) -> String {
    const DAYS_LISTED: usize = 4;
    if extra.len() <= DAYS_LISTED {
        let each = extra.iter().map(|&(day, hours)| format!("{hours} h on {}", words.date(day)));
        return each.collect::<Vec<_>>().join(", ");
    }
    let sum: Quantity = extra.iter().map(|extra| extra.1).sum();
    let (first, last) = (extra[0].0, extra[extra.len() - 1].0);
    let n = extra.len();
    format!("{sum} h on {n} days from {} to {}", words.date(first), words.date(last))
}
