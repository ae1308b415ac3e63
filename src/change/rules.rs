//! Changes of rules: sourcing, ATP and allocation rules as rows.

use super::{
    Change, ChangeKind,
    apply::{Changer, Noted},
    column::ChangeColumn,
};
use crate::{
    model::Quantity,
    snapshot::{
        RuleIx, SourcingIx,
        atp_rule::AtpRule,
        builder::atp_setting,
        item::Validity,
        kinds::{SOURCE_KINDS, SourceKind},
        row::choice,
        sourcing::{RuleRow, RuleSource},
    },
};

impl Changer {
    pub(super) fn source(&mut self, change: &Change) -> Result<(), Noted> {
        let from = self.rule_source(change);
        let Self { snapshot, faults, .. } = self;
        let sourcing = &snapshot.sourcing;
        let rule: Result<SourcingIx, Noted> =
            faults.need(&sourcing.names, change, ChangeColumn::Rule, "sourcing rule");
        let methods = &snapshot.methods.names;
        let method = faults.may(methods, change, ChangeColumn::ShipMethod, "ship method");
        let validity = self.validity(change);
        let Self { snapshot, faults, .. } = self;
        let (rule, from) = (rule?, from?);
        let mut rows = snapshot.sourcing.rules.of(rule).to_vec();
        let at = rows.iter().position(|row| row.from == from);
        if change.kind() == ChangeKind::SourceRemoved {
            let Some(at) = at else {
                let expected = "a source that the rule has";
                return Err(faults.cell(change, ChangeColumn::Source, expected));
            };
            rows.remove(at);
        } else {
            let is_global = snapshot.sourcing.global.values().any(|other| *other == rule);
            if is_global && !matches!(from, RuleSource::Transfer(Some(_))) {
                let expected = "transfer from a named location: the rule is assigned globally";
                return Err(faults.cell(change, ChangeColumn::SourceType, expected));
            }
            let row = RuleRow {
                from,
                rank: change.whole(ChangeColumn::Rank).unwrap_or(1),
                percent: change
                    .quantity(ChangeColumn::AllocationPercent)
                    .unwrap_or(Quantity::units(100)),
                method: method?,
                validity: validity?,
            };
            match at {
                Some(at) => rows[at] = row,
                None => rows.push(row),
            }
        }
        snapshot.set_sourcing_rule(rule, rows);
        Ok(())
    }

    fn rule_source(&mut self, change: &Change) -> Result<RuleSource, Noted> {
        let Self { snapshot, faults, .. } = self;
        let word = change.text(ChangeColumn::SourceType).unwrap_or_default();
        let kind = choice(SOURCE_KINDS, word)
            .map_err(|expected| faults.cell(change, ChangeColumn::SourceType, &expected))?;
        let column = ChangeColumn::Source;
        Ok(match kind {
            SourceKind::Transfer => RuleSource::Transfer(faults.may(
                &snapshot.locations.names,
                change,
                column,
                "location",
            )?),
            SourceKind::Make => RuleSource::Make(faults.may(
                &snapshot.works.names,
                change,
                column,
                "work definition",
            )?),
            SourceKind::Buy => RuleSource::Buy(faults.may(
                &snapshot.suppliers.names,
                change,
                column,
                "supplier",
            )?),
        })
    }

    fn validity(&mut self, change: &Change) -> Result<Validity, Noted> {
        let always = Validity::ALWAYS;
        let from = self.day(change, ChangeColumn::EffectiveFrom).unwrap_or(always.from);
        let to = self.day(change, ChangeColumn::EffectiveTo).unwrap_or(always.to);
        if to < from {
            let expected = "a last date that is not before the first";
            return Err(self.faults.cell(change, ChangeColumn::EffectiveTo, expected));
        }
        Ok(Validity { from, to })
    }

    pub(super) fn atp_rule_set(&mut self, change: &Change) -> Result<(), Noted> {
        let Self { snapshot, faults, .. } = self;
        let rule: RuleIx =
            faults.need(&snapshot.rules.names, change, ChangeColumn::Rule, "ATP rule")?;
        let setting = change.text(ChangeColumn::Setting).unwrap_or_default();
        let before: &AtpRule = &snapshot.rules[rule];
        match atp_setting(before, setting, change.text(ChangeColumn::Value)) {
            Ok(after) => {
                if before.reckons_unlike(&after) {
                    self.rules_changed.insert(rule);
                }
                snapshot.rules.replace(rule, after);
                Ok(())
            }
            Err(problem) => {
                let column = if problem.field == "value" {
                    ChangeColumn::Value
                } else {
                    ChangeColumn::Setting
                };
                Err(faults.cell(change, column, &problem.expected))
            }
        }
    }
}
