//! Answers in a planner's words: names, dates, reasons and one-line summaries.
//!
//! The core speaks in indices and days; here they become the snapshot's names and dates, for the wire and
//! for the terminal alike. Nothing is decided here. Start at [`Words`].

mod options;

pub use options::{difference, summary, supply};

use super::money;
use crate::{
    ledger::{State, reservation::id},
    model::{Day, Money, Quantity},
    promising::{
        answer::{CapReason, Reason, ShareBound, ShareReason, Taker},
        request::OrderLine,
    },
    snapshot::{
        CalendarIx, ClassIx, DemandIx, ItemIx, LocationIx, MethodIx, ResourceIx, Snapshot,
        SupplierIx, SupplyIx, WorkIx,
        kinds::{DEMAND_KINDS, DemandKind},
    },
};
use jiff::civil::Date;

/// The names and dates of one snapshot.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    snapshot: &'a Snapshot,
}

impl<'a> Words<'a> {
    /// The words of a snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot }
    }

    /// The snapshot.
    pub fn snapshot(self) -> &'a Snapshot {
        self.snapshot
    }

    /// The key of an item.
    pub fn item(self, item: ItemIx) -> &'a str {
        self.snapshot.items.names.name(item)
    }

    /// A quantity of an item in its own unit, as files and wire show it.
    pub fn quantity(self, item: ItemIx, kept: Quantity) -> Quantity {
        self.snapshot.items.shown(item, kept)
    }

    /// The key of a location.
    pub fn location(self, location: LocationIx) -> &'a str {
        self.snapshot.locations.names.name(location)
    }

    /// The key of a ship method; empty where there is none.
    pub fn method(self, method: Option<MethodIx>) -> &'a str {
        method.map_or("", |method| self.snapshot.methods.names.name(method))
    }

    /// The key of a resource.
    pub fn resource(self, resource: ResourceIx) -> &'a str {
        self.snapshot.resources.names.name(resource)
    }

    /// The key of a supplier.
    pub fn supplier(self, supplier: SupplierIx) -> &'a str {
        self.snapshot.suppliers.names.name(supplier)
    }

    /// The key of a work definition.
    pub fn work(self, work: WorkIx) -> &'a str {
        self.snapshot.works.names.name(work)
    }

    /// By which calendar a supplier works, if by any.
    fn supplier_calendar(self, supplier: SupplierIx) -> Option<CalendarIx> {
        self.snapshot.suppliers.rows[supplier].calendar
    }

    /// By which calendar goods are made, if by any.
    fn work_calendar(self, work: WorkIx) -> Option<CalendarIx> {
        let location = self.snapshot.works.rows[work].location;
        self.snapshot.locations.rows[location].manufacturing
    }

    /// The id of a demand.
    pub fn demand(self, demand: DemandIx) -> String {
        self.snapshot.demands.names.name(demand)
    }

    /// The id of a scheduled supply.
    pub fn supply(self, supply: SupplyIx) -> String {
        self.snapshot.supplies.names.name(supply)
    }

    /// The date on which a scheduled supply of an item at a location counts; empty where it is not there.
    pub fn due(self, (item, location): (ItemIx, LocationIx), wanted: SupplyIx) -> String {
        let account = self.snapshot.stock(item, location);
        let supplies = self.snapshot.supplies.of(account).iter();
        let found = supplies.into_iter().find(|supply| supply.supply == Some(wanted));
        self.date_or_empty(found.map(|supply| supply.due))
    }

    /// The key of a demand class.
    pub fn class(self, class: ClassIx) -> &'a str {
        self.snapshot.classes.names.name(class)
    }

    /// The date of a day, such as 2026-11-23.
    pub fn date(self, day: Day) -> String {
        iso(self.snapshot.epoch().date(day))
    }

    /// An amount with its currency: "1,234.50 EUR".
    pub fn money(self, amount: Money) -> String {
        money::with_currency(i128::from(amount.raw()), self.snapshot.currency())
    }

    /// Writes the date of a day at the end of a text.
    fn push_date(self, text: &mut String, day: Day) {
        let date = self.snapshot.epoch().date(day);
        match digits(date) {
            Some(digits) => text.extend(digits.map(char::from)),
            None => text.push_str(&date.to_string()),
        }
    }

    /// Writes an amount with its currency at the end of a text.
    fn push_money(self, text: &mut String, amount: Money) {
        money::push_with_currency(text, i128::from(amount.raw()), self.snapshot.currency());
    }

    /// The date of a day; empty where there is none.
    pub fn date_or_empty(self, day: Option<Day>) -> String {
        day.map(|day| self.date(day)).unwrap_or_default()
    }

    /// "from 2026-12-01", or that it is never within the horizon.
    fn from(self, until: Option<Day>) -> String {
        match until {
            Some(day) => format!("from {}", self.date(day)),
            None => format!("not within the horizon, which ends on {}", self.last_date()),
        }
    }

    pub(super) fn last_date(self) -> String {
        self.date(self.snapshot.epoch().end().plus(-1))
    }
}

/// An instant of the wire as text; empty where there is none.
pub fn instant(at: Option<&prost_types::Timestamp>) -> String {
    let read = at.and_then(|at| jiff::Timestamp::new(at.seconds, at.nanos).ok());
    read.map(|at| at.to_string()).unwrap_or_default()
}

/// A date as year-month-day.
pub(super) fn iso(date: Date) -> String {
    match digits(date) {
        Some(digits) => String::from_utf8(digits.to_vec()).expect("digits"),
        None => date.to_string(),
    }
}

/// The same as bytes; none of a year before 0. Every answer has some dates, so they are written without a formatter.
pub(super) fn digits(date: Date) -> Option<[u8; "2026-11-23".len()]> {
    let year = u16::try_from(date.year()).ok()?;
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    let digit = |n: u16| b'0' + u8::try_from(n % 10).unwrap_or_default();
    let (month, day) = (u16::from(month), u16::from(day));
    let [m, n, d, e] = [month / 10, month, day / 10, day].map(digit);
    let [x, y, z, w] = [year / 1_000, year / 100, year / 10, year].map(digit);
    Some([x, y, z, w, b'-', m, n, b'-', d, e])
}

/// From when on there is enough, or that there never is.
fn enough(words: Words<'_>, until: Option<Day>) -> String {
    match until {
        Some(until) => format!("enough from {}", words.date(until)),
        None => format!("never enough by {}", words.last_date()),
    }
}

fn after_horizon(words: Words<'_>, day: Day) -> String {
    format!("{} is after the horizon, which ends on {}", words.date(day), words.last_date())
}

fn depth(item: impl std::fmt::Display) -> String {
    format!("{item}: the search ended {} levels deep", crate::limits::DEPTH_MAX)
}

fn effort() -> String {
    let most = crate::limits::NEEDS_MAX;
    format!(
        "after {most} needs parts and alternates were given up: the first source that can do the whole"
    )
}

/// A reason as a sentence. `lines` are those of the request, which a set's reason speaks of.
pub fn reason(words: Words<'_>, lines: &[OrderLine], reason: &Reason) -> String {
    let (item, location) =
        (|item: &ItemIx| words.item(*item), |at: &LocationIx| words.location(*at));
    let (date, free) = (|day: &Day| words.date(*day), |until: &Option<Day>| words.from(*until));
    match reason {
        Reason::NoShipFrom => "no location that may ship keeps or makes the item".to_string(),
        Reason::NoLane(from) => format!("{}: no lane to the line's zone", location(from)),
        Reason::NoMethod(from) => {
            format!("{}: no lane of the ship method asked for", location(from))
        }
        Reason::Stock { .. } => stock_sentence(words, reason),
        Reason::Share(share) => share_sentence(words, share),
        Reason::AfterHorizon { day } => after_horizon(words, *day),
        Reason::Cap(cap) => cap_sentence(words, cap),
        Reason::Committed { item: of, location: at, day } => format!(
            "{} at {}: kept for a commitment, the balance is lowest on {}",
            item(of),
            location(at),
            date(day)
        ),
        Reason::Resource { resource, until } => {
            format!("resource {}: full, free {}", words.resource(*resource), free(until))
        }
        Reason::LeadTime { item: of, supplier, days, until } => {
            let (of, days) = (item(of), days_by(words.supplier_calendar(*supplier), *days));
            let supplier = words.supplier(*supplier);
            format!("{of} from supplier {supplier}: {days} of lead time, there {}", free(until))
        }
        Reason::SupplierCapacity { item: of, supplier } => {
            format!("{} from supplier {}: no more a day", item(of), words.supplier(*supplier))
        }
        Reason::Duration { work, days } => {
            let days = days_by(words.work_calendar(*work), *days);
            format!("work definition {}: takes {days}", words.work(*work))
        }
        Reason::Transit { from, to, until } => {
            format!("transfer from {} to {}: there {}", location(from), location(to), free(until))
        }
        Reason::EarliestShip { location: at, day } => {
            format!("{}: ships on {} at the earliest", location(at), date(day))
        }
        Reason::EarliestArrival { location: at, method, day } => {
            format!(
                "{}: goods that ship at once are there on {}",
                from(words, *at, *method),
                date(day)
            )
        }
        Reason::HouseFull { location: at, day, until } => {
            let at = location(at);
            format!("{at}: ships no more order lines on {}, room {}", date(day), free(until))
        }
        Reason::Depth { item: of } => depth(item(of)),
        Reason::Effort => effort(),
        Reason::AfterLatest { day } => {
            format!("possible on {}, after the latest acceptable date", date(day))
        }
        Reason::SetFailed { line } => {
            let other = lines
                .get(*line)
                .map_or("another line".to_string(), |line| format!("line {}", line.line));
            format!("{other} of its set cannot be promised")
        }
        Reason::PromisedBefore { number, state, quantity, ship } => {
            promised_before(words, (*number, *state), *quantity, *ship)
        }
        Reason::SetWaits { day } => {
            format!("waits for the slowest line of its set, until {}", date(day))
        }
        Reason::SetTakes => "the other lines of its set take what it needs".to_string(),
    }
}

/// "PUMP at BER: 12 available on 2026-12-01, enough from 2026-12-08; taken by ...".
fn stock_sentence(words: Words<'_>, reason: &Reason) -> String {
    let Reason::Stock { item, location, day, available, until, takers } = reason else {
        return String::new();
    };
    let place = format!("{} at {}", words.item(*item), words.location(*location));
    let available = words.quantity(*item, *available);
    let (enough, taken) = (enough(words, *until), taken_by(words, *item, takers));
    format!("{place}: {available} available on {}, {enough}{taken}", words.date(*day))
}

/// "BER by truck", or "BER" where no lane is needed.
fn from(words: Words<'_>, location: LocationIx, method: Option<MethodIx>) -> String {
    let location = words.location(location);
    match words.method(method) {
        "" => location.to_string(),
        method => format!("{location} by {method}"),
    }
}

/// "PUMP at BER: class web has 0 of its 40 left on 2026-12-01; 30 are kept for key_account".
fn share_sentence(words: Words<'_>, share: &ShareReason) -> String {
    let place = format!("{} at {}", words.item(share.item), words.location(share.location));
    let bound = share_bound(words, share);
    let kept = match share.bound {
        ShareBound::Node { .. } => "kept",
        ShareBound::Percent { .. } | ShareBound::Rest => "protected",
    };
    let kept_parts =
        share.kept.iter().map(|&(class, part)| (class, words.quantity(share.item, part)));
    format!("{place}: {bound}{}", kept_for(words, &kept_parts.collect::<Vec<_>>(), kept))
}

fn cap_sentence(words: Words<'_>, cap: &CapReason) -> String {
    let CapReason { item, location, day, class, most, left, until } = cap;
    let (most, left) = (words.quantity(*item, *most), words.quantity(*item, *left));
    format!(
        "{} at {}: class {} gets at most {most} from {} on and has {left} of them left, room {}",
        words.item(*item),
        words.location(*location),
        words.class(*class),
        words.date(*day),
        words.from(*until)
    )
}

/// What an allocation rule lets a class have.
fn share_bound(words: Words<'_>, share: &ShareReason) -> String {
    let (class, date) = (share.class, words.date(share.day));
    let shown = |kept: Quantity| words.quantity(share.item, kept);
    let who = class.map_or("a line without class".to_string(), |class| {
        format!("class {}", words.class(class))
    });
    match share.bound {
        ShareBound::Node { given, left } => {
            let (given, left) = (shown(given), shown(left));
            format!("{who} has {left} of its {given} left on {date}")
        }
        ShareBound::Percent { percent, of } => {
            let of = shown(of);
            format!("{who} may use {percent} percent of the {of} that are left on {date}")
        }
        ShareBound::Rest => format!("{who} gets only what is not protected for others on {date}"),
    }
}

/// "; 30 are kept for key_account, 4 for club and 6 for 3 more classes".
fn kept_for(words: Words<'_>, kept: &[(ClassIx, Quantity)], how: &str) -> String {
    const CLASSES_NAMED: usize = 4;
    let (named, more) = kept.split_at(kept.len().min(CLASSES_NAMED));
    let part = |(at, (class, part)): (usize, &(ClassIx, Quantity))| {
        let verb = if at == 0 { format!(" are {how}") } else { String::new() };
        format!("{part}{verb} for {}", words.class(*class))
    };
    let mut parts: Vec<String> = named.iter().enumerate().map(part).collect();
    if !more.is_empty() {
        let rest: Quantity = more.iter().map(|(_, part)| *part).sum();
        parts.push(format!("{rest} for {} more", more.len()));
    }
    if parts.is_empty() { String::new() } else { format!("; {}", parts.join(", ")) }
}

/// "promised before: P17 is confirmed, 4, ships on 2026-12-01".
fn promised_before(
    words: Words<'_>,
    (number, state): (u64, State),
    quantity: Quantity,
    ship: Option<Day>,
) -> String {
    let ships = ship.map(|day| format!(", ships on {}", words.date(day))).unwrap_or_default();
    format!("promised before: {} is {state}, {quantity}{ships}", id(number))
}

/// "; taken by forecast 100 on 2026-11-30, sales order S1/1 20 on 2026-12-01".
fn taken_by(words: Words<'_>, item: ItemIx, takers: &[Taker]) -> String {
    let one = |taker: &Taker| {
        let id = taker.demand.map(|demand| words.demand(demand)).unwrap_or_default();
        let kind = taker_kind(taker).replace('_', " ");
        // A forecast is known by its kind and date.
        let is_named = taker.kind.is_some_and(DemandKind::is_commitment) && !id.is_empty();
        let who = if is_named { format!("{kind} {id}") } else { kind };
        format!("{who} {} on {}", words.quantity(item, taker.quantity), words.date(taker.day))
    };
    let all: Vec<_> = takers.iter().map(one).collect();
    if all.is_empty() { String::new() } else { format!("; taken by {}", all.join(", ")) }
}

/// What takes, in the contract's word for demands; promises are `promise`.
pub fn taker_kind(taker: &Taker) -> &'static str {
    let word = |kind: DemandKind| DEMAND_KINDS.iter().find(|(_, of)| *of == kind);
    taker.kind.and_then(word).map_or("promise", |(word, _)| word)
}

/// Days of a calendar, which are working days, or plain days where there is none.
fn days_by(calendar: Option<CalendarIx>, days: u16) -> String {
    let what = if calendar.is_some() { "working day" } else { "day" };
    if days == 1 { format!("1 {what}") } else { format!("{days} {what}s") }
}
