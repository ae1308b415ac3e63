//! What bounds a date, as a message: a code and the keys it speaks of, for programs; a sentence, for people.
//!
//! The sentence is made in [`text`]; here stand the fields.

use super::{
    encode,
    proto::{
        self,
        reason::{Code, KeptFor, Taker as ReasonTaker},
    },
    text::{self, Words},
};
use crate::{
    ledger::reservation::id,
    model::{Day, Quantity},
    promising::{
        answer::{CapReason, Reason, ShareBound, ShareReason, Taker},
        request::OrderLine,
    },
    snapshot::{ItemIx, LocationIx, SupplierIx, kinds::DemandKind},
};

/// A reason as a message. `lines` are those of the request, which a set's reason speaks of.
pub(super) fn encode(words: Words<'_>, lines: &[OrderLine], reason: &Reason) -> proto::Reason {
    if matches!(reason, Reason::Depth { .. }) {
        metrics::counter!("promised_searches_cut_by_depth_total").increment(1);
    }
    let text = text::reason(words, lines, reason);
    proto::Reason { text, ..fields(words, lines, reason) }
}

/// One arm a reason: the keys and dates that its code uses.
fn fields(words: Words<'_>, lines: &[OrderLine], reason: &Reason) -> proto::Reason {
    let about = About { words };
    match reason {
        Reason::NoShipFrom => of(Code::NoShipFrom),
        Reason::NoLane(from) => about.location(Code::NoLane, *from),
        Reason::NoMethod(from) => about.location(Code::NoMethod, *from),
        Reason::Stock { item, location, day, available, until, takers } => {
            let available = Some(encode::quantity(words.quantity(*item, *available)));
            let found = about.stock(stock_code(takers), *item, *location, *day);
            let takers = takers.iter().map(|taker| about.taker(*item, taker)).collect();
            about.until(*until, proto::Reason { available, takers, ..found })
        }
        Reason::Share(share) => about.share(share),
        Reason::Cap(cap) => about.cap(cap),
        Reason::Committed { item, location, day } => {
            about.stock(Code::Committed, *item, *location, *day)
        }
        Reason::Resource { resource, until } => {
            about.until(*until, about.resource(words.resource(*resource)))
        }
        Reason::LeadTime { item, supplier, days, until } => {
            let found = about.supplier(Code::LeadTime, *item, *supplier);
            about.until(*until, proto::Reason { days: Some(u32::from(*days)), ..found })
        }
        Reason::AfterHorizon { day } => {
            let until_date = words.last_date();
            proto::Reason { until_date, ..about.day(*day, of(Code::AfterHorizon)) }
        }
        Reason::SupplierCapacity { item, supplier } => {
            let found = about.supplier(Code::SupplierCapacity, *item, *supplier);
            let account = format!("supplier {} of {}", found.supplier, found.item);
            proto::Reason { account, ..found }
        }
        Reason::Duration { work, days } => {
            let work_definition = words.work(*work).to_string();
            proto::Reason { work_definition, days: Some(u32::from(*days)), ..of(Code::Duration) }
        }
        Reason::Transit { from, to, until } => {
            let from_location = words.location(*from).to_string();
            let found = about.location(Code::Transit, *to);
            about.until(*until, proto::Reason { from_location, ..found })
        }
        Reason::EarliestShip { location, day } => {
            about.day(*day, about.location(Code::EarliestShip, *location))
        }
        Reason::EarliestArrival { location, method, day } => {
            let ship_method = words.method(*method).to_string();
            let found = about.location(Code::EarliestArrival, *location);
            about.day(*day, proto::Reason { ship_method, ..found })
        }
        Reason::HouseFull { location, day, until } => {
            let found = about.day(*day, about.location(Code::HouseFull, *location));
            let account = format!("order lines of {}", found.location);
            about.until(*until, proto::Reason { account, ..found })
        }
        Reason::Effort => of(Code::Effort),
        Reason::Depth { item } => {
            proto::Reason { item: words.item(*item).to_string(), ..of(Code::Depth) }
        }
        Reason::AfterLatest { day } => about.day(*day, of(Code::AfterLatest)),
        Reason::SetFailed { line } => set_failed(lines.get(*line)),
        Reason::PromisedBefore { number, quantity, ship, .. } => {
            let date = words.date_or_empty(*ship);
            let available = Some(encode::quantity(*quantity));
            proto::Reason { account: id(*number), date, available, ..of(Code::PromisedBefore) }
        }
        Reason::SetWaits { day } => about.day(*day, of(Code::SetWaits)),
        Reason::SetTakes => of(Code::SetTakes),
    }
}

/// Stock is not there, or forecast takes the most of it.
fn stock_code(takers: &[Taker]) -> Code {
    let is_forecast = takers.first().is_some_and(|one| one.kind == Some(DemandKind::Forecast));
    if is_forecast { Code::Forecast } else { Code::Stock }
}

fn set_failed(other: Option<&OrderLine>) -> proto::Reason {
    let order = other.map(|other| other.order.clone()).unwrap_or_default();
    let line = other.map(|other| other.line.clone()).unwrap_or_default();
    proto::Reason { order, line, ..of(Code::SetFailed) }
}

fn of(code: Code) -> proto::Reason {
    proto::Reason { code: code.into(), ..proto::Reason::default() }
}

/// Fills in the fields that several codes share.
#[derive(Clone, Copy)]
struct About<'a> {
    words: Words<'a>,
}

impl About<'_> {
    fn resource(self, name: &str) -> proto::Reason {
        let account = format!("resource {name}");
        proto::Reason { resource: name.to_string(), account, ..of(Code::Resource) }
    }

    fn location(self, code: Code, location: LocationIx) -> proto::Reason {
        proto::Reason { location: self.words.location(location).to_string(), ..of(code) }
    }

    fn stock(self, code: Code, item: ItemIx, location: LocationIx, day: Day) -> proto::Reason {
        let (item, location) =
            (self.words.item(item).to_string(), self.words.location(location).to_string());
        let account = format!("{item}@{location}");
        self.day(day, proto::Reason { item, location, account, ..of(code) })
    }

    fn taker(self, item: ItemIx, taker: &Taker) -> ReasonTaker {
        let demand = taker.demand.map(|demand| self.words.demand(demand)).unwrap_or_default();
        ReasonTaker {
            kind: text::taker_kind(taker).to_string(),
            demand,
            date: self.words.date(taker.day),
            quantity: encode::quantity(self.words.quantity(item, taker.quantity)),
        }
    }

    fn share(self, share: &ShareReason) -> proto::Reason {
        let ShareReason { item, location, day, class, bound, kept } = share;
        let found = self.stock(Code::Share, *item, *location, *day);
        let shown = |kept| encode::quantity(self.words.quantity(*item, kept));
        let demand_class = class.map_or("", |class| self.words.class(class)).to_string();
        let (given, available) = match bound {
            ShareBound::Node { given, left } => (Some(*given), Some(*left)),
            ShareBound::Percent { percent, of } => {
                (Some(*of), Some(of.scaled_down(*percent, Quantity::units(100))))
            }
            ShareBound::Rest => (None, None),
        };
        let kept = kept.iter().map(|(class, part)| KeptFor {
            demand_class: self.words.class(*class).to_string(),
            quantity: shown(*part),
        });
        let (given, available) = (given.map(shown), available.map(shown));
        proto::Reason { demand_class, given, available, kept: kept.collect(), ..found }
    }

    fn cap(self, cap: &CapReason) -> proto::Reason {
        let found = self.stock(Code::Cap, cap.item, cap.location, cap.day);
        let demand_class = self.words.class(cap.class).to_string();
        let shown = |kept| Some(encode::quantity(self.words.quantity(cap.item, kept)));
        let (given, available) = (shown(cap.most), shown(cap.left));
        self.until(cap.until, proto::Reason { demand_class, given, available, ..found })
    }

    fn supplier(self, code: Code, item: ItemIx, supplier: SupplierIx) -> proto::Reason {
        let (item, supplier) =
            (self.words.item(item).to_string(), self.words.supplier(supplier).to_string());
        proto::Reason { item, supplier, ..of(code) }
    }

    fn day(self, day: Day, reason: proto::Reason) -> proto::Reason {
        proto::Reason { date: self.words.date(day), ..reason }
    }

    fn until(self, until: Option<Day>, reason: proto::Reason) -> proto::Reason {
        proto::Reason { until_date: self.words.date_or_empty(until), ..reason }
    }
}
