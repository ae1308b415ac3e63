//! Rules by which supply is shared among all demand classes.

use super::{
    super::failure::Failure,
    names,
    shape::Shape,
    sheet::{
        CellKind,
        FileCell::{Flag, Micros, Text},
        Output,
    },
};

fn rule_key(rule: u64) -> String {
    format!("SHARE-{}", rule + 1)
}

/// How large the share of a class is beside the others.
fn weight(rule: u64, class: u64) -> u64 {
    1 + (rule + class) % 7
}

/// Writes the rules: percentages of 100 in all, with stealing. The categories take them in turn.
pub(super) fn allocation(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let (rules, classes) = (shape.sizes.share_rules, shape.sizes.classes);
    if rules == 0 || classes == 0 {
        return Ok(());
    }
    let columns = [
        ("rule", CellKind::Text),
        ("demand_class", CellKind::Text),
        ("value", CellKind::Number),
        ("steal", CellKind::Flag),
    ];
    let mut sheet = output.table("allocation_rules", &columns)?;
    for rule in 0..rules {
        let sum: u64 = (0..classes).map(|class| weight(rule, class)).sum();
        for class in 0..classes {
            let percent = 100_000_000 * weight(rule, class) / sum;
            let (rule, class) = (rule_key(rule), names::class(class));
            sheet.row(&[Text(&rule), Text(&class), Micros(percent), Flag(true)])?;
        }
    }
    sheet.finish()?;
    let columns = [("rule", CellKind::Text), ("category", CellKind::Text)];
    let mut sheet = output.table("allocation_assignments", &columns)?;
    for category in 0..shape.categories().min(shape.finished()) {
        sheet.row(&[Text(&rule_key(category % rules)), Text(&names::category(category))])?;
    }
    sheet.finish()
}
