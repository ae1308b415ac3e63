//! frePPLe: its data model as CSV files, a workbook or JSON.
//!
//! Most tables are rows of ours under other names. Operations are not: a plain one is a work definition; a routing is one too,
//! its steps the operations of it; the choices of an alternate are work definitions of the same item.

mod export;
mod cells;
mod plain;
mod making;

use super::{draft::SnapshotDraft, tables::ForeignTable};
use export::{Export, TABLES, WITHOUT};

/// Puts an export into a draft.
pub(super) fn apply(tables: &[ForeignTable], draft: &mut SnapshotDraft) {
    let export = Export::of(tables);
    for (name, rows) in &export.0 {
        let Some((first, _)) = rows.first() else { continue };
        draft.read(&first.table, rows.len() as u64);
        let without = WITHOUT.iter().find(|(table, _)| table == name).map(|(_, why)| *why);
        let unknown = (!TABLES.contains(&name.as_str())).then_some("no table of this import");
        if let Some(why) = without.or(unknown) {
            rows.iter().for_each(|(place, _)| draft.leave_out(place, ("", ""), why));
        }
    }
    plain::apply(&export, draft);
    making::apply(&export, draft);
}
