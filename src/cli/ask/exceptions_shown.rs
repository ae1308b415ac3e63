//! Exceptions as people and spreadsheets see them, and what they have in common.

use super::{TextTable, instant, number};
use crate::{
    cli::{
        money, output,
        render::{self, Align, cell},
    },
    rpc::{
        proto,
        sheet::{self, Cell, EXCEPTIONS},
    },
};

/// What exceptions have in common.
pub(super) fn groups(answer: &proto::ListExceptionsResponse, by: &str) -> TextTable {
    let mut sheet = TextTable::new(&[
        (by, Align::Left),
        ("count", Align::Right),
        ("promises", Align::Right),
        ("value", Align::Right),
    ])
    .with_amounts(|name| name == "value", &answer.currency);
    for group in &answer.groups {
        sheet.push(vec![
            if group.key.is_empty() { "-".to_string() } else { group.key.clone() },
            group.count.to_string(),
            group.promises.to_string(),
            number(group.value),
        ]);
    }
    // A promise may be in several groups, and counts once in all of them together.
    if let Some(all) = &answer.all {
        let cells = [all.count.to_string(), all.promises.to_string(), number(all.value)];
        sheet.sum(["all".to_string()].into_iter().chain(cells).collect());
    }
    sheet
}

/// A row an exception: the columns of /v1/exceptions.
pub(super) fn table(exceptions: &[proto::Exception]) -> TextTable {
    let columns: Vec<_> = EXCEPTIONS.iter().map(|name| (*name, Align::Left)).collect();
    let mut sheet = TextTable::new(&columns);
    for row in sheet::exceptions(exceptions) {
        sheet.push(row.iter().map(Cell::shown).collect());
    }
    sheet
}

/// The same for people: below each its id, whom it is about, why, what would help and who has seen it.
pub(super) fn shown(answer: &proto::ListExceptionsResponse) -> String {
    let value = money::heading("value", &answer.currency);
    let columns = [
        ("kind", Align::Left),
        ("level", Align::Left),
        ("since", Align::Left),
        ("days", Align::Right),
        ("quantity", Align::Right),
        (&*value, Align::Right),
    ];
    let row = |one: &proto::Exception| {
        let since = instant(one.since.as_ref());
        let cells = [
            super::word(one.kind().as_str_name()),
            super::word(one.level().as_str_name()),
            since.get(..16).map(|minute| minute.replace('T', " ")).unwrap_or_default(),
            one.days.to_string(),
            number(one.quantity),
            money::shown(one.value),
        ];
        (cells.map(|text| cell(text, None)).to_vec(), note(one))
    };
    let rows: Vec<_> = answer.exceptions.iter().map(row).collect();
    let sums = answer.all.as_ref().filter(|_| 1 < rows.len()).map(|all| {
        let n = format!("{} in all", all.count);
        let promises = output::count(all.promises, "promise");
        let cells =
            [n, String::new(), promises, String::new(), String::new(), money::shown(all.value)];
        cells.map(|text| cell(text, None)).to_vec()
    });
    render::table_with_notes(&columns, rows, sums)
}

/// "late/P2: LATE/1 of NORDWIND, VALVE at HAM. VALVE at HAM waits for PO-1. PO-1 comes 6 days earlier".
fn note(one: &proto::Exception) -> String {
    let mut about = Vec::new();
    if !one.order.is_empty() {
        let of =
            if one.customer.is_empty() { String::new() } else { format!(" of {}", one.customer) };
        about.push(format!("{}/{}{of}", one.order, one.line));
        let at =
            if one.location.is_empty() { String::new() } else { format!(" at {}", one.location) };
        about.push(format!("{}{at}", one.item));
    } else if 0 < one.promises {
        about.push(output::count(one.promises.into(), "promise"));
    }
    let seen = one.acknowledged.as_ref().map(|seen| {
        let what = match seen.until.as_ref() {
            Some(until) => format!("put off until {} by {}", instant(Some(until)), seen.by),
            None => format!("seen by {}", seen.by),
        };
        if seen.note.is_empty() { what } else { format!("{what}: {}", seen.note) }
    });
    let remedy = one.remedies.first().map(|remedy| format!("mend: {}", remedy.text));
    let parts = [about.join(", "), one.cause.clone()];
    let parts = parts.into_iter().filter(|part| !part.is_empty()).chain(remedy).chain(seen);
    format!("{}: {}", one.exception_id, parts.collect::<Vec<_>>().join("; "))
}
