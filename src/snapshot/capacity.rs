//! Expiring accounts: hours of resources, units a day of suppliers, order lines a day of houses.
//!
//! An account is kept as the rule it follows (so much a working day, other figures on some dates) and is
//! spelled out day by day when it is first asked for: a million suppliers with a daily limit cost little.

use super::{
    CalendarIx, CapacityIx, ItemIx, LocationIx, ResourceIx, SupplierIx, location::Calendars,
};
use crate::model::{Capacity, Day, Epoch, Quantity, Table, stored::Stored};
use std::{collections::BTreeMap, sync::OnceLock};

/// Whose capacity it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// Hours of a resource.
    Resource(ResourceIx),
    /// Units of an item that a supplier delivers a day.
    Supplier(SupplierIx, ItemIx),
    /// Order lines that a location ships a day.
    House(LocationIx),
}

/// One expiring account.
#[derive(Clone, Debug)]
pub struct CapacityRow {
    /// Whose it is.
    pub owner: Owner,
    /// How much on a working day.
    pub standard: Quantity,
    /// Its working days.
    pub calendar: Option<CalendarIx>,
    /// Figures that replace the standard, on working days and others alike.
    pub dated: Vec<(Day, Quantity)>,
    /// What is taken already.
    pub taken: Vec<(Day, Quantity)>,
    spelled_out: OnceLock<Box<Capacity>>,
    /// What there is on each day before anything is taken, where dated figures say other than the standard.
    gross: OnceLock<Box<[Quantity]>>,
}

impl CapacityRow {
    /// An account of so much a working day.
    pub fn new(owner: Owner, standard: Quantity, calendar: Option<CalendarIx>) -> Self {
        Self {
            owner,
            standard,
            calendar,
            dated: Vec::new(),
            taken: Vec::new(),
            spelled_out: OnceLock::new(),
            gross: OnceLock::new(),
        }
    }

    /// The same account with other dated figures and other claims.
    #[must_use]
    pub fn with(&self, dated: Vec<(Day, Quantity)>, taken: Vec<(Day, Quantity)>) -> Self {
        Self { dated, taken, ..Self::new(self.owner, self.standard, self.calendar) }
    }

    /// What there is on a day before anything is taken.
    pub fn gross(&self, day: Day, calendars: &Calendars) -> Quantity {
        let dated = self.dated.iter().rev().find(|(at, _)| *at == day);
        let standard = || {
            if calendars.of(self.calendar).works(day) { self.standard } else { Quantity::ZERO }
        };
        dated.map_or_else(standard, |(_, quantity)| *quantity)
    }

    /// What there is on each day of the horizon before anything is taken.
    fn gross_by_day(&self, calendars: &Calendars, epoch: Epoch) -> Vec<Quantity> {
        let calendar = calendars.of(self.calendar);
        let mut gross: Vec<Quantity> = (0..epoch.n_days())
            .map(|day| if calendar.works(Day::at(day)) { self.standard } else { Quantity::ZERO })
            .collect();
        for (day, quantity) in self.dated.iter().filter(|(day, _)| epoch.contains(*day)) {
            gross[day.position().expect("within the horizon")] = *quantity;
        }
        gross
    }

    fn spell_out(&self, calendars: &Calendars, epoch: Epoch) -> Capacity {
        let mut left = self.gross_by_day(calendars, epoch);
        for (day, quantity) in self.taken.iter().filter(|(day, _)| epoch.contains(*day)) {
            left[day.position().expect("within the horizon")] -= *quantity;
        }
        Capacity::new(left)
    }
}

/// All expiring accounts.
#[derive(Clone, Debug, Default)]
pub struct Capacities {
    rows: Table<CapacityIx, CapacityRow>,
    houses: Table<LocationIx, Option<CapacityIx>>,
    /// Limits that the snapshot does not have, and promises remember.
    adopted: BTreeMap<Owner, CapacityIx>,
}

impl Capacities {
    /// Adds an account.
    pub fn push(&mut self, row: CapacityRow) -> CapacityIx {
        self.rows.push(row)
    }

    /// Puts another row in the place of an account's. Copies keep the old one.
    pub(super) fn replace(&mut self, capacity: CapacityIx, row: CapacityRow) {
        self.rows.replace(capacity, row);
    }

    /// Bytes of what takes the place of rows, as far as another copy does not share it, about.
    pub fn bytes_beyond(&self, other: &Self) -> usize {
        self.rows.bytes_beyond(&other.rows)
    }

    /// Says which account the order lines of the next location have.
    pub(super) fn push_house(&mut self, capacity: Option<CapacityIx>) {
        self.houses.push(capacity);
    }

    /// Adds an account that only promises remember.
    pub(super) fn adopt(&mut self, row: CapacityRow) -> CapacityIx {
        let owner = row.owner;
        let capacity = self.rows.push(row);
        self.adopted.insert(owner, capacity);
        capacity
    }

    /// The account of somebody that only promises remember.
    pub fn adopted(&self, owner: Owner) -> Option<CapacityIx> {
        self.adopted.get(&owner).copied()
    }

    /// Says which account each location's order lines have.
    pub fn set_houses(&mut self, houses: Table<LocationIx, Option<CapacityIx>>) {
        self.houses = houses;
    }

    /// The account of a location's order lines a day, where it is limited.
    pub fn house(&self, location: LocationIx) -> Option<CapacityIx> {
        self.houses.get(location).copied().flatten()
    }

    /// The number of accounts.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// An account, day by day.
    pub fn profile(&self, capacity: CapacityIx, calendars: &Calendars, epoch: Epoch) -> &Capacity {
        let row = &self.rows[capacity];
        row.spelled_out.get_or_init(|| Box::new(row.spell_out(calendars, epoch)))
    }

    /// What an account has on a day of the horizon, whatever is taken of it.
    pub fn of_day(
        &self,
        capacity: CapacityIx,
        (calendars, epoch): (&Calendars, Epoch),
        day: Day,
    ) -> Quantity {
        let row = &self.rows[capacity];
        if row.dated.is_empty() {
            return row.gross(day, calendars);
        }
        let gross = row.gross.get_or_init(|| row.gross_by_day(calendars, epoch).into());
        day.position().and_then(|at| gross.get(at)).copied().unwrap_or_default()
    }
}

/// Without what is spelled out day by day.
impl Stored for Capacities {
    fn shrink(&mut self) {
        self.rows.shrink();
    }

    fn bytes(&self) -> usize {
        let days = |row: &CapacityRow| row.dated.bytes() + row.taken.bytes();
        self.rows.bytes() + self.rows.iter().map(|(_, row)| days(row)).sum::<usize>()
    }
}

impl std::ops::Index<CapacityIx> for Capacities {
    type Output = CapacityRow;
    fn index(&self, capacity: CapacityIx) -> &CapacityRow {
        &self.rows[capacity]
    }
}

impl std::ops::IndexMut<CapacityIx> for Capacities {
    fn index_mut(&mut self, capacity: CapacityIx) -> &mut CapacityRow {
        &mut self.rows[capacity]
    }
}
