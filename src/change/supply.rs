//! Changes of scheduled supplies and of what is on hand.

use super::{
    Change, ChangeKind,
    apply::{AccountRows, Changer, Noted},
    column::ChangeColumn,
};
use crate::{
    model::{Day, Quantity, StockAccount},
    snapshot::{
        SupplyIx,
        kinds::{SUPPLY_KINDS, SupplyKind},
        row::choice,
        stock::Supply,
    },
};
use std::sync::Arc;

impl Changer {
    pub(super) fn supply_added(&mut self, change: &Change) -> Result<(), Noted> {
        let Self { snapshot, faults, .. } = self;
        let id = change.text(ChangeColumn::Supply).unwrap_or_default();
        let known = snapshot.supplies.names.get(id).and_then(|ix| snapshot.supplies.account(ix));
        let is_new = match known {
            None => Ok(()),
            Some(_) => Err(faults.cell(change, ChangeColumn::Supply, "an id that no supply has")),
        };
        let kind = match choice(SUPPLY_KINDS, change.text(ChangeColumn::Type).unwrap_or_default()) {
            Ok(SupplyKind::OnHand) => Err(faults.cell(
                change,
                ChangeColumn::Type,
                "a scheduled supply; see on_hand_adjusted",
            )),
            Ok(kind) => Ok(kind),
            Err(expected) => Err(faults.cell(change, ChangeColumn::Type, &expected)),
        };
        let item = faults.need(&snapshot.items.names, change, ChangeColumn::Item, "item");
        let location =
            faults.need(&snapshot.locations.names, change, ChangeColumn::Location, "location");
        let supplier =
            faults.may(&snapshot.suppliers.names, change, ChangeColumn::Supplier, "supplier");
        let due = self.day(change, ChangeColumn::Date).expect("a required column");
        let unit_cost = change.money(ChangeColumn::UnitCost);
        let (kind, supplier) = (kind?, supplier?);
        is_new?;
        let account = self.snapshot.stock(item?, location?);
        let quantity = self.quantity(account, change).expect("a required column");
        let supply = self.snapshot.supplies.names.add(id);
        let line = change.text(ChangeColumn::Demand).map(Arc::from);
        self.snapshot.place_supply(supply, Some((account, line)));
        let supply = Some(supply);
        let added = Supply { supply, kind, day: None, due, quantity, unit_cost, supplier };
        self.rows(account).supplies.push(added);
        Ok(())
    }

    pub(super) fn supply_moved(&mut self, change: &Change) -> Result<(), Noted> {
        let found = self.known_supply(change);
        let to = match (self.day(change, ChangeColumn::Date), change.whole(ChangeColumn::Days)) {
            (Some(_), Some(_)) | (None, None) => Err(self.faults.cell(
                change,
                ChangeColumn::Date,
                "a date or a number of days, one of them",
            )),
            (Some(date), None) => Ok((date, 0)),
            (None, Some(days)) => {
                let (account, supply) = found?;
                Ok((self.supply_row(account, supply).due, days))
            }
        };
        let ((account, supply), (from, days)) = (found?, to?);
        let to = from.plus(days.clamp(-100_000, 100_000));
        self.supply_row(account, supply).due = to;
        Ok(())
    }

    pub(super) fn supply_cut(&mut self, change: &Change) -> Result<(), Noted> {
        let (account, supply) = self.known_supply(change)?;
        let quantity = self.quantity(account, change).expect("a required column");
        let there = self.supply_row(account, supply).quantity;
        if there < quantity {
            let expected = format!("at most {}, which is all of it", self.shown(account, there));
            return Err(self.faults.cell(change, ChangeColumn::Quantity, &expected));
        }
        self.supply_row(account, supply).quantity = quantity;
        Ok(())
    }

    pub(super) fn supply_cancelled(&mut self, change: &Change) -> Result<(), Noted> {
        let (account, supply) = self.known_supply(change)?;
        self.rows(account).supplies.retain(|row| row.supply != Some(supply));
        self.snapshot.place_supply(supply, None);
        Ok(())
    }

    pub(super) fn supply_received(&mut self, change: &Change) -> Result<(), Noted> {
        let (account, supply) = self.known_supply(change)?;
        let asked = self.quantity(account, change);
        let row = self.supply_row(account, supply);
        let received = asked.unwrap_or(row.quantity);
        let left = row.quantity - received;
        row.quantity = left;
        if !left.is_positive() {
            self.rows(account).supplies.retain(|row| row.supply != Some(supply));
            self.snapshot.place_supply(supply, None);
        }
        self.rows(account).add_on_hand(received);
        Ok(())
    }

    pub(super) fn on_hand(&mut self, change: &Change) -> Result<(), Noted> {
        let Self { snapshot, faults, .. } = self;
        let item = faults.need(&snapshot.items.names, change, ChangeColumn::Item, "item");
        let location =
            faults.need(&snapshot.locations.names, change, ChangeColumn::Location, "location");
        let account = snapshot.stock(item?, location?);
        let quantity = self.quantity(account, change).expect("a required column");
        let rows = self.rows(account);
        let there = rows.on_hand();
        let wanted =
            if change.kind() == ChangeKind::OnHandSet { quantity } else { there + quantity };
        rows.set_on_hand(wanted);
        Ok(())
    }

    fn known_supply(&mut self, change: &Change) -> Result<(StockAccount, SupplyIx), Noted> {
        let Self { snapshot, faults, .. } = self;
        let names = &snapshot.supplies.names;
        let supply = faults.need(names, change, ChangeColumn::Supply, "supply")?;
        match snapshot.supplies.account(supply) {
            Some(account) => Ok((account, supply)),
            None => {
                Err(faults.cell(change, ChangeColumn::Supply, "a known supply; this one is gone"))
            }
        }
    }

    fn supply_row(&mut self, account: StockAccount, supply: SupplyIx) -> &mut Supply {
        let mut rows = self.rows(account).supplies.iter_mut();
        rows.find(|row| row.supply == Some(supply)).expect("its account has it")
    }
}

impl AccountRows {
    /// What is on hand and usable.
    pub(super) fn on_hand(&self) -> Quantity {
        self.supplies.iter().filter(|row| is_usable_lot(row)).map(|row| row.quantity).sum()
    }

    pub(super) fn add_on_hand(&mut self, quantity: Quantity) {
        self.set_on_hand(self.on_hand() + quantity);
    }

    /// Puts one lot in the place of all usable ones.
    pub(super) fn set_on_hand(&mut self, quantity: Quantity) {
        self.supplies.retain(|row| !is_usable_lot(row));
        self.supplies.push(Supply {
            supply: None,
            kind: SupplyKind::OnHand,
            day: Some(Day::ZERO),
            due: Day::ZERO,
            quantity,
            unit_cost: None,
            supplier: None,
        });
    }
}

fn is_usable_lot(row: &Supply) -> bool {
    row.supply.is_none() && row.due == Day::ZERO
}
