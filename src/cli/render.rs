//! What a person sees on the terminal: aligned tables, bars, colours.
//!
//! Columns of numbers are right-aligned. Where nobody looks (a pipe, a file), lines are as long as they
//! need to be and there is no colour; on a terminal long cells are wrapped to its width.

use super::output;
use comfy_table::{
    Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle,
};

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
    /// Sentences, which may be wrapped where the terminal is too narrow.
    Wrapped,
}

/// Characters of a cell that are shown: a table of wider ones cannot be laid out, nor read.
const CELL_CHARS_MAX: usize = 1_000;

/// Characters that a column of sentences keeps in any case.
const WRAPPED_MIN: u16 = 24;

/// A column of a table: its heading and how it stands.
pub(super) type Column<'a> = (&'a str, Align);

/// How good what a cell says is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// Green.
    Good,
    /// Yellow.
    Fair,
    /// Red.
    Bad,
}

/// A cell in its mood; without one where nobody looks.
pub(super) fn cell(text: impl ToString, mood: Option<Mood>) -> Cell {
    let mut text = printable(&text.to_string());
    if let Some((end, _)) = text.char_indices().nth(CELL_CHARS_MAX) {
        text.truncate(end);
        text.push('…');
    }
    let cell = Cell::new(text);
    match mood.filter(|_| output::is_colourful()) {
        Some(Mood::Good) => cell.fg(Color::Green),
        Some(Mood::Fair) => cell.fg(Color::Yellow),
        Some(Mood::Bad) => cell.fg(Color::Red),
        None => cell,
    }
}

/// A word in its mood, outside of tables; plain where nobody looks.
pub(super) fn coloured(text: &str, mood: Mood) -> String {
    if !output::is_colourful() {
        return text.to_string();
    }
    let code = match mood {
        Mood::Good => 32,
        Mood::Fair => 33,
        Mood::Bad => 31,
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// A text from a file may hold anything; on a terminal it must not move the cursor.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A table with a line under its heading and none between its rows.
pub(super) fn table(columns: &[Column<'_>], rows: impl IntoIterator<Item = Vec<Cell>>) -> String {
    let mut text = laid_out(columns, rows).trim_fmt();
    text.push('\n');
    text
}

/// The same with a note below each row that has one. No column may be a wrapped one.
pub(super) fn table_with_notes(columns: &[Column<'_>], rows: Vec<(Vec<Cell>, String)>) -> String {
    assert!(columns.iter().all(|(_, align)| *align != Align::Wrapped));
    let (rows, notes): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let mut text = String::new();
    // Heading and line have no notes.
    let notes = [String::new(), String::new()].into_iter().chain(notes);
    for (line, note) in laid_out(columns, rows).lines().zip(notes) {
        text.push_str(line.trim_end());
        text.push('\n');
        if !note.is_empty() {
            text.push_str(&format!("       {}\n", printable(&note)));
        }
    }
    text
}

fn laid_out(columns: &[Column<'_>], rows: impl IntoIterator<Item = Vec<Cell>>) -> Table {
    let mut table = Table::new();
    let style = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
    table.load_style(style);
    if columns.iter().any(|(_, align)| *align == Align::Wrapped) {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    } else {
        table.set_content_arrangement(ContentArrangement::Disabled);
    }
    table.set_header(columns.iter().map(|(heading, _)| *heading));
    table.add_rows(rows);
    for (column, (_, align)) in table.column_iter_mut().zip(columns) {
        column.set_padding((0, 1));
        let (alignment, constraint) = match align {
            Align::Left => (CellAlignment::Left, ColumnConstraint::ContentWidth),
            Align::Right => (CellAlignment::Right, ColumnConstraint::ContentWidth),
            Align::Wrapped => {
                let least = comfy_table::Width::Fixed(WRAPPED_MIN);
                (CellAlignment::Left, ColumnConstraint::LowerBoundary(least))
            }
        };
        column.set_cell_alignment(alignment);
        column.set_constraint(constraint);
    }
    table
}

/// Eighths of a character cell, from one to eight.
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// A bar for a value, so long that `largest` fills the width. A negative value is drawn in grey shade
/// behind a minus sign; one that is too small to be seen still gets the thinnest bar.
pub(super) fn bar(value: i64, largest: i64, width: usize) -> String {
    if value == 0 || largest <= 0 {
        return String::new();
    }
    let eighths =
        u128::from(value.unsigned_abs()) * 8 * width as u128 / u128::from(largest.unsigned_abs());
    let eighths = usize::try_from(eighths).unwrap_or(usize::MAX).clamp(1, 8 * width);
    if value < 0 {
        return format!("-{}", "▒".repeat(eighths.div_ceil(8)));
    }
    let mut bar = "█".repeat(eighths / 8);
    bar.extend(eighths.checked_rem(8).filter(|rest| 0 < *rest).map(|rest| EIGHTHS[rest - 1]));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_in_proportion() {
        let show = |value| bar(value, 16, 4);
        assert_eq!(show(16), "████");
        assert_eq!(show(8), "██");
        assert_eq!(show(9), "██▎");
        assert_eq!(show(1), "▎");
        assert_eq!(show(0), "");
        assert_eq!(show(-8), "-▒▒");
        assert_eq!(bar(1, i64::MAX, 4), "▏");
        assert_eq!(bar(i64::MIN, i64::MAX, 2), "-▒▒");
    }

    #[test]
    fn tables_align_numbers_right_and_end_without_blanks() {
        let rows = [["PUMP", "3"], ["VALVE", "-12.5"]];
        let rows = rows.map(|row| row.iter().map(|text| cell(text, None)).collect());
        let text = table(&[("item", Align::Left), ("quantity", Align::Right)], rows);
        assert_eq!(text, "item   quantity\n────────────────\nPUMP          3\nVALVE     -12.5\n");
    }

    #[test]
    fn notes_stand_below_their_rows() {
        let row = |text: &str, note: &str| (vec![cell(text, None)], note.to_string());
        let rows = vec![row("a", ""), row("b", "why\nb"), row("c", "")];
        let text = table_with_notes(&[("x", Align::Left)], rows);
        assert_eq!(text, "x\n──\na\nb\n       why\u{fffd}b\nc\n");
    }
}
