//! What bounds a date, or why there is none: in indices and days, as answers are.

use crate::{
    ledger::State,
    model::{Day, Quantity},
    snapshot::{
        ClassIx, DemandIx, ItemIx, LocationIx, MethodIx, ResourceIx, SupplierIx, WorkIx,
        kinds::DemandKind,
    },
};

/// What an allocation rule lets a class have of a stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareBound {
    /// Its node was given so much by the day, of which so much is left.
    Node {
        /// What the node was given, by supplies and by hand.
        given: Quantity,
        /// What of it is left.
        left: Quantity,
    },
    /// It may use so many percent of what is left in all.
    Percent {
        /// Per hundred.
        percent: Quantity,
        /// What is left in all.
        of: Quantity,
    },
    /// What is not kept for others.
    Rest,
}

/// How an allocation rule keeps stock that is there from a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareReason {
    /// The item.
    pub item: ItemIx,
    /// The location.
    pub location: LocationIx,
    /// The need day.
    pub day: Day,
    /// The line's class, if it has one.
    pub class: Option<ClassIx>,
    /// What its rule lets it have.
    pub bound: ShareBound,
    /// What is there for other classes alone, the most first.
    pub kept: Vec<(ClassIx, Quantity)>,
}

/// A cap that a line does not fit under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapReason {
    /// The item.
    pub item: ItemIx,
    /// The location.
    pub location: LocationIx,
    /// The first day of the period.
    pub day: Day,
    /// Whose cap it is: the line's class, or one above it.
    pub class: ClassIx,
    /// The cap.
    pub most: Quantity,
    /// What is left of it.
    pub left: Quantity,
    /// The first ship day on which all caps have room.
    pub until: Option<Day>,
}

/// What bounds a date, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The item is known at no location that this line may ship from.
    NoShipFrom,
    /// A ship-from has no lane to the line's destination.
    NoLane(LocationIx),
    /// A ship-from has no lane of the ship method that the line names.
    NoMethod(LocationIx),
    /// Stock of an item at a location: so much is available on the target's need day, the rest comes
    /// later or never within the horizon.
    Stock {
        /// The item.
        item: ItemIx,
        /// The location.
        location: LocationIx,
        /// The need day of the target.
        day: Day,
        /// What is available on it.
        available: Quantity,
        /// The day on which all of it is available from stock alone; none within the horizon.
        until: Option<Day>,
        /// What takes most of it, the largest first.
        takers: Vec<Taker>,
    },
    /// There is stock, but not for the line's class: its share, or what is kept for others, is the bound.
    Share(ShareReason),
    /// The class of the line, or one above it, gets no more with a ship day in the period.
    Cap(CapReason),
    /// A commitment dated later keeps the stock: without it there would be enough.
    Committed {
        /// The item.
        item: ItemIx,
        /// The location.
        location: LocationIx,
        /// The day on which the balance is lowest.
        day: Day,
    },
    /// A resource is full.
    Resource {
        /// Which.
        resource: ResourceIx,
        /// The first day on which it has room again; none within the horizon.
        until: Option<Day>,
    },
    /// Buying takes that many days.
    LeadTime {
        /// The item bought.
        item: ItemIx,
        /// From whom.
        supplier: SupplierIx,
        /// The lead time in working days of the supplier.
        days: u16,
        /// The day on which it is there if ordered today.
        until: Option<Day>,
    },
    /// Goods would leave stock after the horizon.
    AfterHorizon {
        /// The day asked for, or the first on which they could leave.
        day: Day,
    },
    /// A supplier delivers no more a day.
    SupplierCapacity {
        /// The item bought.
        item: ItemIx,
        /// From whom.
        supplier: SupplierIx,
    },
    /// Making takes that many working days.
    Duration {
        /// The work definition.
        work: WorkIx,
        /// Working days.
        days: u16,
    },
    /// Moving takes until that day.
    Transit {
        /// From where.
        from: LocationIx,
        /// To where.
        to: LocationIx,
        /// The day on which it is there if it departs today.
        until: Option<Day>,
    },
    /// The order counts from a later day: its cut-off, a day off, or pick and pack.
    EarliestShip {
        /// The ship-from.
        location: LocationIx,
        /// The first day on which it can ship.
        day: Day,
    },
    /// Goods that ship at once arrive later than asked for: they are that long under way.
    EarliestArrival {
        /// The ship-from.
        location: LocationIx,
        /// How they travel; none where no lane is needed.
        method: Option<MethodIx>,
        /// The first day on which they can arrive.
        day: Day,
    },
    /// The house ships no more lines on the days before.
    HouseFull {
        /// The ship-from.
        location: LocationIx,
        /// The day on which it is full.
        day: Day,
        /// The first day with room after it.
        until: Option<Day>,
    },
    /// So much was tried for the line that parts and alternates were given up.
    Effort,
    /// The search reached its depth limit below this item.
    Depth {
        /// The item.
        item: ItemIx,
    },
    /// The option's date is after the latest acceptable one.
    AfterLatest {
        /// The date of the request's own type.
        day: Day,
    },
    /// Another line of its set cannot be promised.
    SetFailed {
        /// The position of the line in the request.
        line: usize,
    },
    /// The line is promised already.
    PromisedBefore {
        /// The promise.
        number: u64,
        /// Where it stands.
        state: State,
        /// How much it is of.
        quantity: Quantity,
        /// The day on which the last of it ships.
        ship: Option<Day>,
    },
    /// The set waits for its slowest line.
    SetWaits {
        /// The group day.
        day: Day,
    },
    /// The other lines of its set take what it needs.
    SetTakes,
}

impl Reason {
    /// Whether it says of one place or account what another reason says of it: stock of an item on a day is
    /// told once, as it was before the line took any.
    pub fn repeats(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Stock { item, location, day, .. },
                Self::Stock { item: other, location: at, day: on, .. },
            ) => (item, location, day) == (other, at, on),
            _ => self == other,
        }
    }

    /// Whether it says why a place is no ship-from, not what bounds a date.
    pub fn rules_out(&self) -> bool {
        matches!(self, Self::NoShipFrom | Self::NoLane(_) | Self::NoMethod(_))
    }
}

/// What takes from the stock of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taker {
    /// What kind of demand; none where it is promises.
    pub kind: Option<DemandKind>,
    /// The demand of the snapshot.
    pub demand: Option<DemandIx>,
    /// How much.
    pub quantity: Quantity,
    /// When.
    pub day: Day,
}
