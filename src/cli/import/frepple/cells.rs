//! What a row of an export says, in words of ours.

use super::super::{
    super::feed::term::CellTerm,
    draft::{RowPlace, SnapshotDraft},
    tables::{Object, text},
};

/// A function of a field, `days(leadtime)`; empty where the field is. What it cannot be of is told, and empty too.
pub(super) fn made(
    term: &str,
    (place, row): (&RowPlace, &Object),
    draft: &mut SnapshotDraft,
) -> String {
    let term = CellTerm::of_text(term).expect("a term of ours");
    let field = term.fields().first().map(ToString::to_string).unwrap_or_default();
    let mut full = row.clone();
    full.entry(field.clone()).or_insert(serde_json::Value::Null);
    match term.of(&full) {
        Ok(text) => text.unwrap_or_default(),
        Err(fault) => {
            draft.leave_out(place, (&field, &text(row, &field)), fault);
            String::new()
        }
    }
}

/// Whether an order is firm: what is only proposed is for us to plan.
pub(super) fn is_firm(place: &RowPlace, row: &Object, draft: &mut SnapshotDraft) -> bool {
    let status = text(row, "status").to_ascii_lowercase();
    let is_firm = matches!(&*status, "confirmed" | "approved");
    if !is_firm {
        draft.leave_out(place, ("status", &status), "only confirmed and approved orders are taken");
    }
    is_firm
}

/// Whether a source may be chosen by itself: one of priority 0 may not.
pub(super) fn is_chosen(place: &RowPlace, row: &Object, draft: &mut SnapshotDraft) -> bool {
    let priority = text(row, "priority");
    let is_zero = priority.parse::<f64>().is_ok_and(|number| number == 0.0);
    if is_zero {
        draft.leave_out(place, ("priority", &priority), "priority 0: never chosen by itself");
    }
    !is_zero
}
