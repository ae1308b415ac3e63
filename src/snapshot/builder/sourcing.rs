//! Rows of sourcing: rules and their assignments.

use super::Builder;
use crate::{
    model::{Quantity, index::Grouped},
    snapshot::{
        LocationIx, SourcingIx,
        kinds::{SOURCE_KINDS, SourceKind},
        policy::What,
        problem::Severity,
        row::Row,
        schema::{Column, TableName},
        sourcing::{ForWhom, RuleRow, RuleSource},
    },
};
use std::{collections::BTreeSet, sync::Arc};

/// Rules and assignments until all are there.
#[derive(Debug, Default)]
pub(super) struct Pending {
    rows: Vec<(SourcingIx, RuleRow)>,
    keys: BTreeSet<(SourcingIx, RuleSource)>,
    global: Vec<(SourcingIx, u64)>,
    local: Vec<Local>,
}

/// How a location is replenished: an assignment until all are there.
#[derive(Debug)]
struct Local {
    what: What,
    location: LocationIx,
    rule: SourcingIx,
    row: u64,
}

impl Builder {
    pub(super) fn sourcing_rule(&mut self, row: &mut Row<'_>) {
        let key = row.key(Column::Rule);
        let Some(kind) = row.choice_or_none(Column::SourceType, SOURCE_KINDS) else {
            if !row.is_faulty() {
                row.fault(Column::SourceType, "one of transfer, make, buy");
            }
            return;
        };
        let from = match kind {
            SourceKind::Transfer => {
                RuleSource::Transfer(row.reference_or_none(Column::Source, &self.locations.names))
            }
            SourceKind::Make => {
                RuleSource::Make(row.reference_or_none(Column::Source, &self.works.names))
            }
            SourceKind::Buy => {
                RuleSource::Buy(row.reference_or_none(Column::Source, &self.suppliers.names))
            }
        };
        let rank = row.rank(Column::Rank, 1);
        let percent =
            row.not_negative_or_none(Column::AllocationPercent).unwrap_or(Quantity::units(100));
        let method = row.text(Column::ShipMethod);
        let method = (!method.is_empty()).then(|| self.methods.names.intern(method));
        let validity = self.validity(row);
        if row.is_faulty() {
            return;
        }
        let rule = self.sourcing.names.intern(key);
        if !self.routes.keys.insert((rule, from)) {
            let key = [Column::Rule, Column::SourceType, Column::Source];
            row.fault_of_key(&key, "one row a rule, source_type and source");
            return;
        }
        self.routes.rows.push((rule, RuleRow { from, rank, percent, method, validity }));
    }

    pub(super) fn sourcing_assignment(&mut self, row: &mut Row<'_>) {
        let rule: SourcingIx = row.reference(Column::Rule, &self.sourcing.names);
        let what = self.what(row);
        let location = row.reference_or_none(Column::Location, &self.locations.names);
        let zone = row.reference_or_none(Column::Zone, &self.zones.names).map(ForWhom::Zone);
        let customer =
            row.reference_or_none(Column::Customer, &self.customers.names).map(ForWhom::Customer);
        let class =
            row.reference_or_none(Column::DemandClass, &self.classes.names).map(ForWhom::Class);
        let mut whose = [customer, zone, class].into_iter().flatten();
        let who = whose.next();
        if whose.next().is_some() {
            let key = [Column::Zone, Column::Customer, Column::DemandClass];
            row.fault_of_key(&key, "one of zone, customer and demand_class, not several");
        }
        if location.is_some() && who.is_some() {
            row.fault(
                Column::Location,
                "a location (a local rule) or a zone, customer or class (a global one), not both",
            );
        }
        if row.is_faulty() {
            return;
        }
        let is_new = match location {
            Some(location) => {
                self.routes.local.push(Local { what, location, rule, row: row.number() });
                self.sourcing.local.assign(what, Some(location), rule)
            }
            None => {
                self.routes.global.push((rule, row.number()));
                let global = Arc::make_mut(&mut self.sourcing.global);
                global.insert((what, who.unwrap_or(ForWhom::All)), rule).is_none()
            }
        };
        if !is_new {
            let key = [
                Column::Rule,
                Column::Item,
                Column::Category,
                Column::Location,
                Column::Zone,
                Column::Customer,
                Column::DemandClass,
            ];
            row.fault_of_key(&key, "one rule a level; another row assigns one to the same");
        }
    }

    /// Groups the rules, and checks that global ones hold nothing but transfers from named locations.
    pub(super) fn finish_sourcing(&mut self) {
        let rows = std::mem::take(&mut self.routes.rows);
        self.sourcing.rules = Grouped::new(self.sourcing.names.len(), rows);
        for (rule, row) in std::mem::take(&mut self.routes.global) {
            let named = |row: &RuleRow| matches!(row.from, RuleSource::Transfer(Some(_)));
            if !self.sourcing.rules.of(rule).iter().all(named) {
                let name = self.sourcing.names.name(rule).to_string();
                let expected =
                    "a rule of transfers from named locations; a global rule holds no other";
                self.fault_at((TableName::SourcingAssignments, row), Column::Rule, &name, expected);
            }
        }
        for local in std::mem::take(&mut self.routes.local) {
            self.finish_local(&local);
        }
    }

    /// A local assignment that names an item makes its location one that keeps it; one that names a
    /// category, or nothing, only says how such items are replenished if they are asked for there.
    fn finish_local(&mut self, local: &Local) {
        let (What::Item(item), location) = (local.what, local.location) else {
            return;
        };
        self.stock.name_pair((item, location), true);
        let works = self.works.by_item.of(item).iter();
        let here: Vec<_> =
            works.filter(|&&work| self.works.rows[work].location == location).copied().collect();
        let is_made = |row: &RuleRow| match row.from {
            RuleSource::Make(named) => {
                named.map_or(!here.is_empty(), |named| here.contains(&named))
            }
            RuleSource::Buy(_) | RuleSource::Transfer(_) => true,
        };
        let knows_works = self.problems.is_clean(TableName::WorkDefinitions.name());
        if knows_works && !self.sourcing.rules.of(local.rule).iter().all(is_made) {
            let name = self.sourcing.names.name(local.rule).to_string();
            let expected =
                "a work definition of the item at the location; this rule has it made there";
            let at = (TableName::SourcingAssignments, local.row);
            self.problem_at(Severity::Warning, at, (Some(Column::Rule), &name), expected);
        }
    }
}
