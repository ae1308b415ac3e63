//! What we tell the customer, and the postings that make it true.
//!
//! Everything is in indices and days; the border turns them into keys and dates with the snapshot.

pub use super::costs::{Costs, Economics};
pub use super::why::{CapReason, Reason, ShareBound, ShareReason, Taker};
pub use crate::ledger::told::LineStatus;

use super::query::Together;
use crate::{
    ledger::reservation::{Leg, Supplied, SupplyWay},
    model::{Day, DayPart, Posting, Quantity},
    snapshot::{ClassIx, ItemIx, LocationIx, MethodIx, ResourceIx, SupplierIx, SupplyIx, WorkIx},
};
use jiff::Timestamp;
use std::ops::Deref;

/// The answer to one request: a result for each line and each set, and the postings behind them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promise {
    /// One result for each line, in the order of the request.
    pub lines: Vec<LineResult>,
    /// One result for each set, in the order of their first lines.
    pub sets: Vec<SetResult>,
    /// The instant by which today went, where it went by the clock.
    pub now: Option<Timestamp>,
}

/// The result for one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineResult {
    /// How it fares.
    pub status: LineStatus,
    /// The option chosen; none where nothing is promised.
    pub option: Option<LineOption>,
    /// Further options, best first. For a refused line the option that came too late is the first.
    pub alternatives: Vec<LineOption>,
    /// What could be had on the target date itself, over the ship-froms considered.
    pub available_on_requested: Quantity,
    /// What bounds the date, or why there is none.
    pub reasons: Vec<Reason>,
    /// What would make it on time, where the query asked for it.
    pub remedies: Vec<Remedy>,
}

impl LineResult {
    /// A line of which nothing is promised, without more to say.
    pub fn nothing(status: LineStatus) -> Self {
        Self {
            status,
            option: None,
            alternatives: Vec::new(),
            available_on_requested: Quantity::ZERO,
            reasons: Vec::new(),
            remedies: Vec::new(),
        }
    }
}

/// A single relaxation that makes a line on time, and how it would be promised then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What is to give way.
    pub relaxation: Relaxation,
    /// The option on time.
    pub option: LineOption,
}

/// What may give way so that a line is on time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relaxation {
    /// A scheduled supply comes earlier.
    Expedite {
        /// Which.
        supply: SupplyIx,
        /// By how many calendar days.
        days: i32,
        /// The day on which it must count.
        to: Day,
    },
    /// A resource works longer.
    Hours {
        /// Which.
        resource: ResourceIx,
        /// How many more hours on which days.
        extra: Vec<(Day, Quantity)>,
    },
    /// A class gives up a part of its share to the line's own (semantics 7).
    FromClass {
        /// Whose.
        class: ClassIx,
        /// The item ordered.
        item: ItemIx,
        /// Where.
        location: LocationIx,
        /// How many units.
        quantity: Quantity,
        /// From which day on.
        day: Day,
    },
    /// More goods of an item.
    Goods {
        /// The item ordered, or what it is made of.
        item: ItemIx,
        /// Where.
        location: LocationIx,
        /// How many more.
        quantity: Quantity,
        /// The day on which they must be there.
        day: Day,
    },
    /// A house ships more order lines on a day.
    House {
        /// The ship-from.
        location: LocationIx,
        /// The ship day.
        day: Day,
        /// How many more.
        lines: i64,
    },
    /// The line may be split.
    Split {
        /// Into so many legs.
        legs: usize,
    },
    /// A substitute may be shipped.
    Substitute {
        /// Which.
        item: ItemIx,
    },
    /// Another ship method than the one that the line names.
    Method {
        /// Which; none where no lane is needed.
        method: Option<MethodIx>,
    },
    /// Another ship-from than the one that the line names.
    ShipFrom {
        /// Which.
        location: LocationIx,
    },
}

/// The result for a ship set or an arrival set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetResult {
    /// The positions of its lines in the request.
    pub lines: Vec<usize>,
    /// What its lines have in common.
    pub together: Together,
    /// The common day: arrival day of an arrival set, else ship day; none where it failed or was given up.
    pub day: Option<Day>,
}

impl SetResult {
    /// Whether its lines, which were to leave together if possible, are promised each by itself.
    pub fn is_given_up(&self) -> bool {
        self.together == Together::IfPossible && self.day.is_none()
    }
}

/// One way to serve a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineOption {
    /// The parts it is served in.
    pub legs: Vec<OptionLeg>,
    /// The worst sourcing rank of its legs; 1 is the best.
    pub rank: i32,
    /// 0 where all legs are of the item itself, else the last of its substitutes that it takes.
    pub turn: u16,
    /// Calendar days after the target, of the latest leg.
    pub days_late: i32,
    /// What it costs and earns.
    pub economics: Economics,
    /// The postings that make it true.
    pub postings: Vec<Posting>,
}

impl LineOption {
    /// The option of these legs and the postings that make them true.
    pub fn new(mut legs: Vec<OptionLeg>, mut postings: Vec<Posting>) -> Self {
        number_planned(&mut legs, &mut postings);
        let mut economics = Economics::default();
        for leg in &legs {
            economics.costs += leg.economics.costs;
            economics.price += leg.economics.price;
        }
        let worst =
            |of: fn(&OptionLeg) -> i32| legs.iter().map(of).max().expect("an option has a leg");
        let (rank, days_late) = (worst(|leg| leg.rank), worst(|leg| leg.days_late));
        let turn = legs.iter().map(|leg| leg.turn).max().expect("an option has a leg");
        Self { legs, rank, turn, days_late, economics, postings }
    }

    /// How much of the line all legs cover, in the ordered item's unit.
    pub fn quantity(&self) -> Quantity {
        self.legs.iter().map(|leg| leg.covers).sum()
    }

    /// The day on which the last leg arrives.
    pub fn arrival(&self) -> Day {
        self.legs.iter().map(|leg| leg.arrival).max().expect("an option has a leg")
    }
}

/// A leg of an option: what the ledger keeps of it, and what the answer tells besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionLeg {
    /// What is kept; how it is supplied is told there where its pegs are not.
    pub kept: Leg,
    /// 0 for the item itself, else which of its substitutes, in their order.
    pub turn: u16,
    /// What it costs and earns by itself.
    pub economics: Economics,
    /// What it is made of: a tree in pre-order, each peg with its depth.
    pub pegs: Vec<Peg>,
}

impl Deref for OptionLeg {
    type Target = Leg;
    fn deref(&self) -> &Leg {
        &self.kept
    }
}

/// A leg as it is kept, of which nothing else is known.
impl From<Leg> for OptionLeg {
    fn from(kept: Leg) -> Self {
        Self { kept, turn: 0, economics: Economics::default(), pegs: Vec::new() }
    }
}

impl OptionLeg {
    /// How it is supplied.
    pub fn supplied(&self) -> Supplied {
        let pegs = self.pegs.iter().filter(|peg| peg.depth == 0);
        pegs.fold(self.kept.supply, |known, peg| known.and(peg.source.way()))
    }
}

/// One node of the pegging tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peg {
    /// 0 for what the leg itself is served from; components of a make are one deeper, and so on.
    pub depth: u8,
    /// The number that postings have which belong to it, where it is a planned supply; else 0.
    pub planned: u32,
    /// The item that this peg provides.
    pub item: ItemIx,
    /// Where.
    pub location: LocationIx,
    /// How much of it is used.
    pub quantity: Quantity,
    /// The day on which it is there.
    pub day: Day,
    /// Where it comes from.
    pub source: PegSource,
    /// What it costs by itself, without what is pegged below it.
    pub cost: Costs,
}

/// Where a peg's quantity comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PegSource {
    /// The balance of the account: on hand and scheduled supply, which `supplies` lists where known.
    Stock {
        /// Scheduled supplies that it draws on, with the quantity of each; what is missing is on hand.
        supplies: Vec<(SupplyIx, Quantity)>,
        /// The balance of the account on the day before it is taken: where it stands in the queue for supply.
        balance: Quantity,
        /// The part that only a later commitment waits for, replaced by the pegs below.
        borrowed: Quantity,
        /// The nodes that it draws on, in their order; empty where no allocation rule divides the stock.
        nodes: Vec<(ClassIx, Quantity)>,
    },
    /// Made by a work order.
    Make {
        /// By which work definition.
        work: WorkIx,
        /// The day on which it starts.
        start: Day,
        /// What is started; `quantity` of the peg is what is used of the yield.
        started: Quantity,
        /// Hours taken, in the order in which they are worked.
        hours: Vec<Worked>,
    },
    /// Moved from another location, which the pegs below tell more of.
    Transfer {
        /// From where.
        from: LocationIx,
        /// How; none where the snapshot has no lane at all.
        method: Option<MethodIx>,
        /// The day on which it departs.
        ship: Day,
    },
    /// Bought.
    Buy {
        /// From whom.
        supplier: SupplierIx,
        /// How much is bought in all.
        bought: Quantity,
        /// The latest day on which it can be ordered; unknown where the lead time reaches before today.
        order_by: Day,
    },
    /// Beyond the infinite fence, or a rule that checks nothing.
    Infinite,
    /// Promised by lead time alone.
    LeadTime,
}

impl PegSource {
    fn way(&self) -> SupplyWay {
        match self {
            Self::Stock { .. } => SupplyWay::Stock,
            Self::Make { .. } => SupplyWay::Make,
            Self::Transfer { .. } => SupplyWay::Transfer,
            Self::Buy { .. } => SupplyWay::Buy,
            Self::Infinite => SupplyWay::Infinite,
            Self::LeadTime => SupplyWay::LeadTime,
        }
    }
}

/// Hours of a resource on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worked {
    /// Of which resource.
    pub resource: ResourceIx,
    /// On which day.
    pub day: Day,
    /// How many.
    pub hours: Quantity,
    /// The part of the day at which they begin.
    pub from: DayPart,
    /// The part of the day by which they are done.
    pub to: DayPart,
}

/// Numbers the planned supplies of an option from 1 on, in the order of their pegs: a search gives a number to
/// each that it tries.
fn number_planned(legs: &mut [OptionLeg], postings: &mut [Posting]) {
    if postings.iter().all(|posting| posting.planned == 0) {
        return;
    }
    let pegs = legs.iter_mut().flat_map(|leg| &mut leg.pegs).filter(|peg| peg.planned != 0);
    let mut known: Vec<(u32, u32)> = Vec::new();
    for (peg, number) in pegs.zip(1..) {
        known.push((peg.planned, number));
        peg.planned = number;
    }
    // What is told again of a promise that was made has no pegs; its numbers are settled.
    if known.is_empty() {
        return;
    }
    known.sort_unstable();
    for posting in postings.iter_mut().filter(|posting| posting.planned != 0) {
        let at = known.binary_search_by_key(&posting.planned, |(tried, _)| *tried);
        posting.planned = known[at.expect("what is planned has a peg")].1;
    }
}
