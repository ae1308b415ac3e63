//! What the ledger keeps of one promised line.
//!
//! A [`Reservation`] is a value: a change of its life makes a new one under the same number. Its
//! postings are exactly what it takes and gives at this moment, so the sum over all reservations is
//! what the view has changed (L2); a cancelled one has those of planned supply that others count on, and no more.

use super::{
    planned::Planned,
    standing::{Fate, Standing},
    terms::Terms,
};
use crate::{
    model::{Day, Money, Posting, Quantity},
    snapshot::{ClassIx, CustomerIx, ItemIx, LocationIx, MethodIx, ZoneIx},
};
use std::{fmt, sync::Arc};

/// Where a reservation stands in its life (semantics 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Kept until an instant, in microseconds since 1970 UTC; a cart, a quote.
    Held {
        /// The instant from which on it is no longer kept.
        until: i64,
    },
    /// Kept for good.
    Confirmed,
    /// Shipped. Its postings stay until a snapshot knows of it.
    Fulfilled,
    /// Given back by the customer.
    Cancelled,
    /// Held too long.
    Expired,
}

/// A step in the life of a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Held becomes confirmed.
    Confirm,
    /// All or a part is given back.
    Cancel,
    /// Quantity, date, class or destination change.
    Amend,
    /// It ships.
    Fulfil,
    /// The hold ends.
    Expire,
    /// The hold is to end later.
    Extend,
    /// It has come back: its shipment is taken back.
    Reopen,
    /// What was done to it by a scenario or a run is taken back.
    Revert,
}

impl State {
    /// Whether a step is legal from here (L5). Every edge of a reservation's life is in this match.
    pub fn allows(self, step: Step) -> bool {
        match (self, step) {
            (_, Step::Revert) => true,
            (
                Self::Held { .. },
                Step::Confirm | Step::Cancel | Step::Amend | Step::Expire | Step::Extend,
            )
            | (Self::Confirmed, Step::Cancel | Step::Amend | Step::Fulfil)
            | (Self::Fulfilled, Step::Reopen) => true,
            (Self::Held { .. }, Step::Fulfil | Step::Reopen)
            | (Self::Confirmed, Step::Confirm | Step::Expire | Step::Extend | Step::Reopen)
            | (Self::Fulfilled | Self::Cancelled | Self::Expired, _) => false,
        }
    }

    /// Whether no step is legal any more.
    pub fn is_final(self) -> bool {
        match self {
            Self::Held { .. } | Self::Confirmed => false,
            Self::Fulfilled | Self::Cancelled | Self::Expired => true,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Held { .. } => "held",
            Self::Confirmed => "confirmed",
            Self::Fulfilled => "fulfilled",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        })
    }
}

/// Which of a line's two dates the customer asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateType {
    /// The day on which it ships.
    #[default]
    Ship,
    /// The day on which it arrives.
    Arrival,
}

impl DateType {
    /// Which of two days it is.
    pub fn of(self, ship: Day, arrival: Day) -> Day {
        match self {
            Self::Ship => ship,
            Self::Arrival => arrival,
        }
    }
}

/// A part of the line that leaves one place on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The item itself or its substitute.
    pub item: ItemIx,
    /// The ship-from.
    pub location: LocationIx,
    /// How it travels; none where no lane is needed.
    pub method: Option<MethodIx>,
    /// How much, in the leg item's own unit.
    pub quantity: Quantity,
    /// How much of the line that covers, in the ordered item's unit.
    pub covers: Quantity,
    /// The day on which goods leave stock.
    pub need: Day,
    /// The day on which they ship.
    pub ship: Day,
    /// The day on which they arrive.
    pub arrival: Day,
    /// Calendar days after the line's target.
    pub days_late: i32,
    /// How it is supplied.
    pub supply: Supplied,
    /// Sourcing rank of the ship-from; 1 is the best, 0 where it is not known any more.
    pub rank: i32,
}

impl Leg {
    /// The day of it that the customer asked for.
    pub fn dated(&self, date_type: DateType) -> Day {
        date_type.of(self.ship, self.arrival)
    }
}

/// A way in which goods are had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SupplyWay {
    /// On hand or scheduled.
    Stock,
    /// By a work order.
    Make,
    /// From another location.
    Transfer,
    /// From a supplier.
    Buy,
    /// Nothing was checked.
    Infinite,
    /// By lead time alone.
    LeadTime,
}

impl SupplyWay {
    /// All ways; the position of each is written down and never another one's.
    const ALL: [Self; 6] =
        [Self::Stock, Self::Make, Self::Transfer, Self::Buy, Self::Infinite, Self::LeadTime];
}

/// The ways in which a leg is supplied, each once, in the order in which they were taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Supplied(u32);

impl Supplied {
    /// Bits of one way: its position in [`SupplyWay::ALL`] and 1.
    const BITS: u32 = 4;

    /// What was written down as a number; a way that is not known is left out.
    pub fn of_number(number: u32) -> Self {
        let shifts = (0..u32::BITS).step_by(Self::BITS as usize);
        let found = shifts.filter_map(|shift| {
            let at = usize::try_from(number >> shift & 0xf).ok()?.checked_sub(1)?;
            SupplyWay::ALL.get(at).copied()
        });
        found.fold(Self::default(), Self::and)
    }

    /// As a number that is the same for ever.
    pub fn number(self) -> u32 {
        self.0
    }

    /// What was written down in words, joined by `+`; a way that is not known is left out.
    pub fn of_words(words: &str) -> Self {
        let way = |word: &str| SupplyWay::ALL.into_iter().find(|way| way.word() == word);
        words.split('+').filter_map(way).fold(Self::default(), Self::and)
    }

    /// With a further way.
    #[must_use]
    pub fn and(self, way: SupplyWay) -> Self {
        if self.ways().any(|known| known == way) {
            return self;
        }
        let n_known = u32::try_from(self.ways().count()).expect("there are six ways");
        Self(self.0 | (way as u32 + 1) << (n_known * Self::BITS))
    }

    /// The ways.
    pub fn ways(self) -> impl Iterator<Item = SupplyWay> {
        let at = move |n: u32| (self.0 >> (n * Self::BITS) & 0xf) as usize;
        (0..8)
            .map(at)
            .take_while(|code| 0 < *code)
            .filter_map(|code| SupplyWay::ALL.get(code - 1).copied())
    }
}

/// Who overrode the admission, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Force {
    /// A person or a program.
    pub by: Arc<str>,
    /// In their own words.
    pub why: Arc<str>,
}

/// Who a promise is for and what the customer was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The source system that took the order, where the line says so; its watermark tells whether a
    /// snapshot knows of it.
    pub source: Option<Arc<str>>,
    /// 0 as promised first; one more with each change made here.
    pub revision: i32,
    /// The order's key.
    pub order: Arc<str>,
    /// The line's key within the order.
    pub line: Arc<str>,
    /// For whom.
    pub customer: Option<CustomerIx>,
    /// Where to, if the line said so.
    pub zone: Option<ZoneIx>,
    /// The class that it draws on.
    pub class: Option<ClassIx>,
    /// The item ordered; a leg may carry a substitute.
    pub item: ItemIx,
    /// How much was asked for, in the item's own unit.
    pub quantity_requested: Quantity,
    /// Its rank among others, 1 the most important.
    pub priority: Option<i32>,
    /// The date asked for.
    pub requested: Day,
    /// Which date that is.
    pub date_type: DateType,
    /// What one unit is sold at, if the line said so.
    pub unit_price: Option<Money>,
    /// What else the line asked for, to promise it again.
    pub terms: Terms,
    /// The parts it was promised in.
    pub legs: Vec<Leg>,
    /// Sourcing rank of its first leg.
    pub rank: i32,
    /// What it costs.
    pub cost: Money,
    /// Price less cost.
    pub profit: Money,
    /// When it was promised, in microseconds since 1970 UTC.
    pub created: i64,
    /// The override that made it fit.
    pub force: Option<Force>,
}

/// One promised line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Its number, for ever; on the outside `P` and the number.
    pub number: u64,
    /// Where it stands.
    pub state: State,
    /// How much is promised now, over all legs.
    pub quantity: Quantity,
    /// What it takes and gives now.
    pub postings: Arc<[Posting]>,
    /// The work orders, purchases and transfers that it has planned, each before those that it needs itself.
    pub plan: Arc<[Planned]>,
    /// Who it is for and what was told.
    pub facts: Arc<Facts>,
    /// How it stands to a snapshot that came after it; none where that changes nothing.
    pub standing: Option<Arc<Standing>>,
    /// Whether the supply it counts on is gone (semantics 9).
    pub at_risk: bool,
    /// When it shipped, in microseconds since 1970 UTC.
    pub shipped: Option<i64>,
}

impl Reservation {
    /// Its number as the outside knows it.
    pub fn id(&self) -> String {
        id(self.number)
    }

    /// What it would post if no snapshot knew of it.
    pub fn own(&self) -> &Arc<[Posting]> {
        self.standing.as_deref().map_or(&self.postings, |standing| &standing.own)
    }

    /// What the snapshot's own demand posts for it, and what it gives back if it changes.
    pub fn theirs(&self) -> &[Posting] {
        self.standing.as_deref().map_or(&[], |standing| &standing.theirs)
    }

    /// Whether it is one to be kept: neither at the end of its life nor gone at its source.
    pub fn is_live(&self) -> bool {
        !self.state.is_final() && !self.is_dropped()
    }

    /// Whether its order is gone at its source.
    pub fn is_dropped(&self) -> bool {
        self.standing.as_deref().is_some_and(|standing| standing.fate == Fate::Dropped)
    }
}

/// A reservation's number as the outside knows it: `P` and the number.
pub fn id(number: u64) -> String {
    format!("P{number}")
}

/// The number of an id, if it is one.
pub fn number(id: &str) -> Option<u64> {
    let digits = id.strip_prefix('P')?;
    let canonical = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| canonical)
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Confirm => "confirmed",
            Self::Cancel => "cancelled",
            Self::Amend => "amended",
            Self::Reopen => "reopened",
            Self::Fulfil => "fulfilled",
            Self::Expire => "expired",
            Self::Extend => "extended",
            Self::Revert => "reverted",
        })
    }
}

impl SupplyWay {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Make => "make",
            Self::Transfer => "transfer",
            Self::Buy => "buy",
            Self::Infinite => "infinite",
            Self::LeadTime => "lead_time",
        }
    }
}

impl fmt::Display for Supplied {
    /// The words of the ways, joined by `+`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, way) in self.ways().enumerate() {
            write!(f, "{}{}", if at == 0 { "" } else { "+" }, way.word())?;
        }
        Ok(())
    }
}
