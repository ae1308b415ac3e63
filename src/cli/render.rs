//! What a person sees on the terminal: aligned tables, bars, colours.
//!
//! Columns of numbers are right-aligned. Where nobody looks (a pipe, a file), lines are as long as they
//! need to be and there is no colour; on a terminal (or where COLUMNS says how wide it is) no table is wider than that.

pub(super) use super::terminal::printable;

use super::terminal;
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
pub(super) type Heading<'a> = (&'a str, Align);

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
    match mood.filter(|_| terminal::is_colourful()) {
        Some(Mood::Good) => cell.fg(Color::Green),
        Some(Mood::Fair) => cell.fg(Color::Yellow),
        Some(Mood::Bad) => cell.fg(Color::Red),
        None => cell,
    }
}

/// A word in its mood, outside of tables; plain where nobody looks.
pub(super) fn coloured(text: &str, mood: Mood) -> String {
    if !terminal::is_colourful() {
        return text.to_string();
    }
    let code = match mood {
        Mood::Good => 32,
        Mood::Fair => 33,
        Mood::Bad => 31,
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// A table with a line under its heading and none between its rows.
pub(super) fn table(columns: &[Heading<'_>], rows: impl IntoIterator<Item = Vec<Cell>>) -> String {
    let rows = rows.into_iter().collect();
    Laid { rows, ..Laid::default() }.text(columns, terminal::width())
}

/// The same with a line of sums under it.
pub(super) fn table_with_sums(
    columns: &[Heading<'_>],
    rows: impl IntoIterator<Item = Vec<Cell>>,
    sums: Vec<Cell>,
) -> String {
    let rows = rows.into_iter().collect();
    Laid { rows, sums: Some(sums), ..Laid::default() }.text(columns, terminal::width())
}

/// The same with a note below each row that has one. No column may be a wrapped one.
pub(super) fn table_with_notes(
    columns: &[Heading<'_>],
    rows: Vec<(Vec<Cell>, String)>,
    sums: Option<Vec<Cell>>,
) -> String {
    assert!(columns.iter().all(|(_, align)| *align != Align::Wrapped));
    let (rows, notes): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    Laid { rows, notes, sums }.text(columns, terminal::width())
}

/// A table to be laid out.
#[derive(Default)]
struct Laid {
    rows: Vec<Vec<Cell>>,
    /// Below each row, where there is one.
    notes: Vec<String>,
    sums: Option<Vec<Cell>>,
}

impl Laid {
    /// As wide as it is; where that is wider than it may be, sentences are wrapped, and if that is not enough the columns
    /// stand in several tables below each other, each with the first ones.
    fn text(self, columns: &[Heading<'_>], width: Option<u16>) -> String {
        let Some(width) = width.map(usize::from) else {
            return self.part(columns, &Vec::from_iter(0..columns.len()), (None, true));
        };
        let widths: Vec<usize> = (0..columns.len()).map(|at| self.width(columns, at)).collect();
        let parts = parts(columns, &widths, width);
        let last = parts.len() - 1;
        let all = if last == 0 { vec![self] } else { self.by_screen() };
        let all = all.iter().flat_map(|some| {
            let parts = parts.iter().enumerate();
            parts.map(|(at, part)| some.part(columns, part, (Some(width), at == last)))
        });
        all.collect::<Vec<_>>().join("\n")
    }

    /// Some rows after the other: what stands in several tables is to be seen together.
    fn by_screen(self) -> Vec<Self> {
        let Self { rows, notes, mut sums } = self;
        let n_screens = rows.len().div_ceil(SCREEN_ROWS).max(1);
        let (mut rows, mut notes) = (rows.into_iter(), notes.into_iter());
        let screens = (1..=n_screens).map(|at| Self {
            rows: rows.by_ref().take(SCREEN_ROWS).collect(),
            notes: notes.by_ref().take(SCREEN_ROWS).collect(),
            sums: if at == n_screens { sums.take() } else { None },
        });
        screens.collect()
    }

    /// How much room a column takes; one of sentences at least.
    fn width(&self, columns: &[Heading<'_>], at: usize) -> usize {
        let (heading, align) = columns[at];
        let cells = self.rows.iter().chain(&self.sums).map(|row| row[at].content());
        let longest = |text: String| text.lines().map(|line| line.chars().count()).max();
        let widest = cells.filter_map(longest).max().unwrap_or(0).max(heading.chars().count());
        match align {
            Align::Left | Align::Right => widest + GAP,
            Align::Wrapped => widest.min(usize::from(WRAPPED_MIN)) + GAP,
        }
    }

    /// A table of some of the columns.
    fn part(
        &self,
        columns: &[Heading<'_>],
        shown: &[usize],
        (width, is_last): (Option<usize>, bool),
    ) -> String {
        let of_row = |row: &Vec<Cell>| shown.iter().map(|at| row[*at].clone()).collect::<Vec<_>>();
        let rows = self.rows.iter().chain(&self.sums).map(of_row);
        let columns: Vec<_> = shown.iter().map(|at| columns[*at]).collect();
        let laid = laid_out(&columns, rows, width);
        let lines: Vec<String> = laid.lines().map(|line| line.trim_end().to_string()).collect();
        let mut text = String::new();
        let n_rows = lines.len() - usize::from(self.sums.is_some());
        let rule = lines.iter().find(|line| line.starts_with('─')).cloned().unwrap_or_default();
        // Heading and line have no notes.
        let notes = ["", ""].into_iter().chain(self.notes.iter().map(String::as_str));
        let mut notes = notes.map(|note| if is_last { note } else { "" });
        for (at, line) in lines.iter().enumerate() {
            if at == n_rows {
                text.push_str(&format!("{rule}\n"));
            }
            text.push_str(&format!("{line}\n"));
            if let Some(note) = notes.next().filter(|note| !note.is_empty() && at < n_rows) {
                noted(&mut text, note, width);
            }
        }
        text
    }
}

/// Writes a note, wrapped where it is wider than it may be.
fn noted(text: &mut String, note: &str, width: Option<usize>) {
    const INDENT: &str = "       ";
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(INDENT.len()).max(20));
    let (mut line, mut n) = (String::new(), 0);
    for word in printable(note).split(' ') {
        let more = word.chars().count() + usize::from(0 < n);
        if 0 < n && room < n + more {
            text.push_str(&format!("{INDENT}{line}\n"));
            (line, n) = (String::new(), 0);
        }
        if 0 < n {
            line.push(' ');
        }
        line.push_str(word);
        n = line.chars().count();
    }
    text.push_str(&format!("{INDENT}{line}\n"));
}

/// Which columns stand together, so that none of the tables is wider than a width: each has the first ones, by which rows
/// are known.
fn parts(columns: &[Heading<'_>], widths: &[usize], width: usize) -> Vec<Vec<usize>> {
    if widths.iter().sum::<usize>() < width + GAP {
        return vec![(0..columns.len()).collect()];
    }
    let is_key = |at: usize| {
        let is_narrow = widths[..=at].iter().sum::<usize>() <= width / 2;
        columns[at].1 == Align::Left && is_narrow
    };
    let n_keys = (0..columns.len().min(KEYS_MAX)).take_while(|at| *at == 0 || is_key(*at)).count();
    let keys: Vec<usize> = (0..n_keys).collect();
    let of_keys: usize = widths[..n_keys].iter().sum();
    let (mut parts, mut part, mut taken) = (Vec::new(), keys.clone(), of_keys);
    for (at, own) in widths.iter().enumerate().skip(n_keys) {
        if width + GAP <= taken + own && n_keys < part.len() {
            parts.push(std::mem::replace(&mut part, keys.clone()));
            taken = of_keys;
        }
        part.push(at);
        taken += own;
    }
    parts.push(part);
    parts
}

/// Characters between two columns.
const GAP: usize = 2;

/// Rows that are shown together where a table does not fit the width.
const SCREEN_ROWS: usize = 20;

/// Columns by which rows are known, at most.
const KEYS_MAX: usize = 2;

fn laid_out(
    columns: &[Heading<'_>],
    rows: impl IntoIterator<Item = Vec<Cell>>,
    width: Option<usize>,
) -> Table {
    let mut table = Table::new();
    let style = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
    table.load_style(style);
    let width = width.and_then(|width| u16::try_from(width).ok());
    let is_wrapped = columns.iter().any(|(_, align)| *align == Align::Wrapped);
    match width.filter(|_| is_wrapped) {
        Some(width) => {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    table.set_header(columns.iter().map(|(heading, _)| *heading));
    let rows: Vec<Vec<Cell>> = rows.into_iter().collect();
    let widest = |at: usize| {
        let cells = rows.iter().map(|row| row[at].content().chars().count() + 1);
        let widest = cells.chain([columns[at].0.chars().count() + 1]).max();
        widest.and_then(|widest| u16::try_from(widest).ok()).unwrap_or(u16::MAX)
    };
    let widest: Vec<u16> = (0..columns.len()).map(widest).collect();
    table.add_rows(rows);
    let columns = columns.iter().zip(widest);
    for (column, ((_, align), widest)) in table.column_iter_mut().zip(columns) {
        column.set_padding((0, 1));
        let (alignment, constraint) = match align {
            Align::Left => (CellAlignment::Left, ColumnConstraint::ContentWidth),
            Align::Right => (CellAlignment::Right, ColumnConstraint::ContentWidth),
            Align::Wrapped => {
                let least = comfy_table::Width::Fixed(WRAPPED_MIN.min(widest));
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
    fn notes_stand_below_their_rows_and_sums_below_all() {
        let row = |text: &str, note: &str| (vec![cell(text, None)], note.to_string());
        let rows = vec![row("a", ""), row("b", "why\nb"), row("c", "")];
        let text = table_with_notes(&[("x", Align::Left)], rows.clone(), None);
        assert_eq!(text, "x\n──\na\nb\n       why\u{fffd}b\nc\n");
        let text = table_with_notes(&[("x", Align::Left)], rows, Some(vec![cell("3", None)]));
        assert_eq!(text, "x\n──\na\nb\n       why\u{fffd}b\nc\n──\n3\n");
    }

    #[test]
    fn a_table_is_no_wider_than_it_may_be() {
        let columns: Vec<_> = ["order", "line", "one", "two", "three", "four"]
            .into_iter()
            .enumerate()
            .map(|(at, name)| (name, if at < 2 { Align::Left } else { Align::Right }))
            .collect();
        let row = ["SO-1", "1", "1000000", "2000000", "3000000", "4000000"];
        let row = || row.iter().map(|text| cell(text, None)).collect::<Vec<_>>();
        let note = "somewhat longer than the table may be wide".to_string();
        let laid = || Laid { rows: vec![row()], notes: vec![note.clone()], sums: Some(row()) };
        let text = laid().text(&columns, Some(31));
        assert_eq!(
            text,
            "order  line      one      two\n\
             ──────────────────────────────\n\
             SO-1   1     1000000  2000000\n\
             ──────────────────────────────\n\
             SO-1   1     1000000  2000000\n\n\
             order  line    three     four\n\
             ──────────────────────────────\n\
             SO-1   1     3000000  4000000\n       somewhat longer than the\n       table may be wide\n\
             ──────────────────────────────\n\
             SO-1   1     3000000  4000000\n"
        );
        for width in 20..80 {
            let text = laid().text(&columns, Some(width));
            let widest = text.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(usize::from(width).max(30)), "{width}: {text}");
        }
        // Sentences give way before columns do.
        let columns = [("order", Align::Left), ("why", Align::Wrapped)];
        let rows =
            vec![vec![cell("SO-1", None), cell("because of this and because of that", None)]];
        let text = Laid { rows, ..Laid::default() }.text(&columns, Some(32));
        assert!(text.lines().all(|line| line.chars().count() <= 32), "{text}");
    }

    #[test]
    fn a_table_fits_its_width_whatever_stands_in_it() {
        let columns = [
            ("promise", Align::Left),
            ("order", Align::Left),
            ("cause", Align::Wrapped),
            ("value", Align::Right),
            ("remedy", Align::Wrapped),
        ];
        let rows = |n: usize, text: &str| -> Vec<Vec<Cell>> {
            let row = |at: usize| {
                [
                    format!("P{at}"),
                    "SO-1".to_string(),
                    text.to_string(),
                    "1".to_string(),
                    text.to_string(),
                ]
            };
            (0..n).map(|at| row(at).map(|text| cell(text, None)).into()).collect()
        };
        for (n, text) in [(0, ""), (3, "short"), (50, "a sentence of many words that does not fit")]
        {
            for width in [80, 60, 40] {
                let laid = Laid { rows: rows(n, text), ..Laid::default() };
                let text = laid.text(&columns, Some(width));
                let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
                assert!(widest <= usize::from(width), "{width}: {widest}\n{text}");
            }
        }
    }

    /// Of a table that is folded twenty rows are to be seen together, with all of their columns.
    #[test]
    fn a_folded_table_shows_some_rows_after_the_other() {
        let columns = [("key", Align::Left), ("one", Align::Right), ("two", Align::Right)];
        let wide = |at: usize| {
            [format!("K{at}"), "1".repeat(20), "2".repeat(20)].map(|text| cell(text, None)).into()
        };
        let laid = Laid { rows: (0..45).map(wide).collect(), ..Laid::default() };
        let text = laid.text(&columns, Some(30));
        let keys: Vec<&str> = text.lines().filter(|line| line.starts_with('K')).collect();
        assert_eq!(keys.len(), 90);
        assert!(
            keys[19].starts_with("K19")
                && keys[20].starts_with("K0 ")
                && keys[40].starts_with("K20")
        );
    }
}
