//! Changes of where rules hold.

use super::{
    Change,
    apply::{Changer, Noted},
    column::ChangeColumn,
};
use crate::snapshot::{
    AllocationIx, LocationIx, RuleIx, SourcingIx,
    policy::What,
    sourcing::{ForWhom, RuleSource},
};

impl Changer {
    pub(super) fn sourcing_assigned(&mut self, change: &Change) -> Result<(), Noted> {
        let place = self.place(change);
        let Self { snapshot, faults, .. } = self;
        let names = &snapshot.sourcing.names;
        let rule: Result<Option<SourcingIx>, _> =
            faults.may(names, change, ChangeColumn::Rule, "sourcing rule");
        let customer =
            faults.may(&snapshot.customers.names, change, ChangeColumn::Customer, "customer");
        let zone = faults.may(&snapshot.zones.names, change, ChangeColumn::Zone, "zone");
        let class =
            faults.may(&snapshot.classes.names, change, ChangeColumn::DemandClass, "demand class");
        let ((what, location), rule) = (place?, rule?);
        let (customer, zone, class) = (
            customer?.map(ForWhom::Customer),
            zone?.map(ForWhom::Zone),
            class?.map(ForWhom::Class),
        );
        let whose: Vec<ForWhom> = [customer, zone, class].into_iter().flatten().collect();
        if 1 < whose.len() || (location.is_some() && !whose.is_empty()) {
            let expected = "a location (a local rule), or one of zone, customer and demand_class";
            return Err(faults.cell(change, ChangeColumn::Location, expected));
        }
        if let Some(location) = location {
            snapshot.assign_local(what, location, rule);
            if let What::Item(item) = what {
                // The assignment decides whether the location keeps the item.
                let account = self.snapshot.stock(item, location);
                self.rows(account);
            }
            return Ok(());
        }
        let named = |from: RuleSource| matches!(from, RuleSource::Transfer(Some(_)));
        let mut rows = rule.into_iter().flat_map(|rule| snapshot.sourcing.rules.of(rule));
        if !rows.all(|row| named(row.from)) {
            let expected = "a rule of transfers from named locations; a global rule holds no other";
            return Err(faults.cell(change, ChangeColumn::Rule, expected));
        }
        snapshot.assign_global(what, whose.first().copied().unwrap_or(ForWhom::All), rule);
        Ok(())
    }

    pub(super) fn atp_rule_assigned(&mut self, change: &Change) -> Result<(), Noted> {
        let place = self.place(change);
        let Self { snapshot, faults, .. } = self;
        let rule: Option<RuleIx> =
            faults.may(&snapshot.rules.names, change, ChangeColumn::Rule, "ATP rule")?;
        let (what, location) = place?;
        let before = snapshot.rules.assignments.at(what, location);
        snapshot.rules.assignments.reassign(what, location, rule);
        // Accounts are put under their rules once all changes are made.
        self.rules_changed.extend(before.into_iter().chain(rule));
        Ok(())
    }

    pub(super) fn allocation_assigned(&mut self, change: &Change) -> Result<(), Noted> {
        let place = self.place(change);
        let Self { snapshot, faults, .. } = self;
        let names = &snapshot.allocation.names;
        let rule: Option<AllocationIx> =
            faults.may(names, change, ChangeColumn::Rule, "allocation rule")?;
        let (what, location) = place?;
        snapshot.allocation.assignments.reassign(what, location, rule);
        self.shares_changed = true;
        Ok(())
    }

    /// The level at which a rule is assigned.
    fn place(&mut self, change: &Change) -> Result<(What, Option<LocationIx>), Noted> {
        let Self { snapshot, faults, .. } = self;
        let item = faults.may(&snapshot.items.names, change, ChangeColumn::Item, "item");
        let categories = &snapshot.items.categories;
        let category =
            faults.may(categories, change, ChangeColumn::Category, "category of an item");
        let location =
            faults.may(&snapshot.locations.names, change, ChangeColumn::Location, "location");
        let what = match (item?, category?) {
            (Some(_), Some(_)) => {
                let expected = "an item or a category, not both";
                return Err(faults.cell(change, ChangeColumn::Category, expected));
            }
            (Some(item), None) => What::Item(item),
            (None, Some(category)) => What::Category(category),
            (None, None) => What::All,
        };
        Ok((what, location?))
    }
}
