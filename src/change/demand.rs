//! Changes of demands that a source system reports.

use super::{
    Change,
    apply::{Changer, Noted},
    column::ChangeColumn,
};
use crate::{
    model::{Day, Quantity, StockAccount},
    snapshot::{
        ClassIx, CustomerIx, DemandIx,
        kinds::{DEMAND_KINDS, DemandKind},
        row::choice,
        stock::Demand,
    },
};
use std::sync::Arc;

impl Changer {
    pub(super) fn demand_created(&mut self, change: &Change) -> Result<(), Noted> {
        let Self { snapshot, faults, .. } = self;
        let id = change.text(ChangeColumn::Demand).unwrap_or_default();
        let known = snapshot.demands.names.get(id).and_then(|ix| snapshot.demands.account(ix));
        let is_new = match known {
            None => Ok(()),
            Some(_) => Err(faults.cell(change, ChangeColumn::Demand, "an id that no demand has")),
        };
        let word = change.text(ChangeColumn::Type);
        let kind = word.map_or(Ok(DemandKind::SalesOrder), |word| choice(DEMAND_KINDS, word));
        let kind = kind.map_err(|expected| faults.cell(change, ChangeColumn::Type, &expected));
        let item = faults.need(&snapshot.items.names, change, ChangeColumn::Item, "item");
        let location =
            faults.need(&snapshot.locations.names, change, ChangeColumn::Location, "location");
        let parties = self.parties(change);
        let due = self.day(change, ChangeColumn::Date).expect("a required column");
        let (kind, (customer, class)) = (kind?, parties?);
        is_new?;
        let account = self.snapshot.stock(item?, location?);
        let is_level = |row: &Demand| row.kind == kind && row.due == due;
        if kind == DemandKind::SafetyStock && self.rows(account).demands.iter().any(is_level) {
            let expected = "a date on which no other safety stock level begins";
            return Err(self.faults.cell(change, ChangeColumn::Date, expected));
        }
        let quantity = self.quantity(account, change).expect("a required column");
        let demand = self.snapshot.demands.names.add(id);
        let source = change.text(ChangeColumn::Source).map(Arc::from);
        self.snapshot.place_demand(demand, Some((account, source)));
        self.rows(account).demands.push(Demand {
            demand,
            kind,
            day: None,
            due,
            quantity,
            customer,
            class,
            priority: change.whole(ChangeColumn::Priority),
            revision: change.whole(ChangeColumn::Revision).unwrap_or(0),
        });
        self.order_line(account, kind, due, Quantity::ONE);
        Ok(())
    }

    pub(super) fn demand_changed(&mut self, change: &Change) -> Result<(), Noted> {
        let found = self.known_demand(change);
        let parties = self.parties(change);
        let due = self.day(change, ChangeColumn::Date);
        let ((account, demand), (customer, class)) = (found?, parties?);
        let quantity = self.quantity(account, change);
        let row = self.demand_row(account, demand);
        let (kind, before) = (row.kind, row.due);
        row.due = due.unwrap_or(before);
        row.quantity = quantity.unwrap_or(row.quantity);
        row.revision = change.whole(ChangeColumn::Revision).unwrap_or(row.revision);
        row.priority = change.whole(ChangeColumn::Priority).or(row.priority);
        if customer.is_some() {
            row.customer = customer;
        }
        if customer.is_some() || class.is_some() {
            row.class = class;
        }
        if let Some(due) = due {
            self.order_line(account, kind, before, -Quantity::ONE);
            self.order_line(account, kind, due, Quantity::ONE);
        }
        Ok(())
    }

    /// What was shipped left from what is on hand.
    pub(super) fn demand_shipped(&mut self, change: &Change) -> Result<(), Noted> {
        let (account, demand) = self.known_demand(change)?;
        let row = self.demand_row(account, demand);
        let (asked, kind, due) = (row.quantity, row.kind, row.due);
        let shipped = self.quantity(account, change).unwrap_or(asked);
        if asked < shipped {
            let asked = self.shown(account, asked);
            let expected = format!("at most {asked}, which is all of it");
            return Err(self.faults.cell(change, ChangeColumn::Quantity, &expected));
        }
        let there = self.rows(account).on_hand();
        if there < shipped {
            let [there, shipped] = [there, shipped].map(|kept| self.shown(account, kept));
            let expected = format!(
                "at most {there}, which is on hand; correct that first, or cancel the demand"
            );
            return Err(self.faults.note("quantity", &shipped.to_string(), &expected));
        }
        self.rows(account).set_on_hand(there - shipped);
        self.demand_row(account, demand).quantity = asked - shipped;
        if shipped == asked {
            self.remove_demand(account, demand, kind, due);
        }
        Ok(())
    }

    pub(super) fn demand_cancelled(&mut self, change: &Change) -> Result<(), Noted> {
        let (account, demand) = self.known_demand(change)?;
        let row = self.demand_row(account, demand);
        let (kind, due) = (row.kind, row.due);
        self.remove_demand(account, demand, kind, due);
        Ok(())
    }

    fn remove_demand(
        &mut self,
        account: StockAccount,
        demand: DemandIx,
        kind: DemandKind,
        due: Day,
    ) {
        self.rows(account).demands.retain(|row| row.demand != demand);
        self.snapshot.place_demand(demand, None);
        self.order_line(account, kind, due, -Quantity::ONE);
    }

    /// A sales order takes one from the order lines a day of its house (semantics 11).
    fn order_line(&mut self, account: StockAccount, kind: DemandKind, due: Day, lines: Quantity) {
        let (_, location) = self.snapshot.pair(account);
        let house = self.snapshot.capacities.house(location);
        if let (Some(house), DemandKind::SalesOrder) = (house, kind) {
            self.capacity_row(house).taken.push((due.max(Day::ZERO), lines));
        }
    }

    /// The customer, and the class: its own or the customer's.
    fn parties(&mut self, change: &Change) -> Result<(Option<CustomerIx>, Option<ClassIx>), Noted> {
        let Self { snapshot, faults, .. } = self;
        let customers = &snapshot.customers.names;
        let customer = faults.may(customers, change, ChangeColumn::Customer, "customer");
        let class =
            faults.may(&snapshot.classes.names, change, ChangeColumn::DemandClass, "demand class");
        let (customer, own) = (customer?, class?);
        let of_customer = || customer.and_then(|customer| snapshot.customers.rows[customer].class);
        Ok((customer, own.or_else(of_customer)))
    }

    fn known_demand(&mut self, change: &Change) -> Result<(StockAccount, DemandIx), Noted> {
        let Self { snapshot, faults, .. } = self;
        let demand =
            faults.need(&snapshot.demands.names, change, ChangeColumn::Demand, "demand")?;
        match snapshot.demands.account(demand) {
            Some(account) => Ok((account, demand)),
            None => {
                Err(faults.cell(change, ChangeColumn::Demand, "a known demand; this one is gone"))
            }
        }
    }

    fn demand_row(&mut self, account: StockAccount, demand: DemandIx) -> &mut Demand {
        let mut rows = self.rows(account).demands.iter_mut();
        rows.find(|row| row.demand == demand).expect("its account has it")
    }
}
