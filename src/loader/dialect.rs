//! What separates the columns of a text file: what the manifest says, else what its header shows without doubt.

use super::sink::RowSink;
use crate::limits::HEADER_ROWS;
use std::io::{self, BufRead};

/// What separates columns where people do not use a comma.
const OTHERS: [u8; 3] = [b';', b'\t', b'|'];

/// How a text file is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// Lines before the header: `sep=;`, as spreadsheets write it.
    pub(super) lines_before: u64,
}

/// Looks at the header of a file, and leaves the reader at its beginning.
///
/// # Errors
/// It cannot be read.
pub(super) fn look(
    file: &mut impl BufRead,
    said: Option<u8>,
    sink: &dyn RowSink,
) -> io::Result<Dialect> {
    let start = file.fill_buf()?;
    let line = first_line(start);
    if let Some(delimiter) = sep(line) {
        let n = line.len() + usize::from(start.get(line.len()) == Some(&b'\r'));
        let n = n + usize::from(start.get(n) == Some(&b'\n'));
        file.consume(n);
        return Ok(Dialect { delimiter: said.unwrap_or(delimiter), lines_before: 1 });
    }
    let delimiter = said.or_else(|| of_header(start, sink));
    let delimiter = delimiter.unwrap_or_else(|| {
        let known = |name: &str| sink.schema().column(sink.ours(name)).is_some();
        of_line(line, &known)
    });
    Ok(Dialect { delimiter, lines_before: 0 })
}

/// The delimiter by which one of the first lines is a header.
fn of_header(start: &[u8], sink: &dyn RowSink) -> Option<u8> {
    let mut rest = start;
    for _ in 0..HEADER_ROWS {
        let line = first_line(rest);
        let delimiters = [b','].into_iter().chain(OTHERS);
        let found = delimiters.filter(|delimiter| line.contains(delimiter)).find(|delimiter| {
            let names: Vec<&str> = names(line, *delimiter).collect();
            sink.is_header(&names)
        });
        if found.is_some() || line.len() == rest.len() {
            return found;
        }
        let is_pair = rest[line.len()..].starts_with(b"\r\n");
        rest = &rest[line.len() + 1 + usize::from(is_pair)..];
    }
    None
}

/// The fields of a line, without their quotes.
fn names(line: &[u8], delimiter: u8) -> impl Iterator<Item = &str> {
    let cells = line.split(move |byte| *byte == delimiter);
    let texts = cells.filter_map(|cell| std::str::from_utf8(cell).ok());
    texts.map(|text| text.trim().trim_matches('"').trim())
}

/// The delimiter of a table of which nothing is known: the one that its first line with any has most of. The reader stays
/// at the beginning.
///
/// # Errors
/// It cannot be read.
pub(super) fn look_plainly(file: &mut impl BufRead) -> io::Result<u8> {
    let start = file.fill_buf()?;
    let lines = start.split(|byte| *byte == b'\n').take(HEADER_ROWS);
    let lines: Vec<&[u8]> = lines.collect();
    let of_line = |line: &[u8], delimiter| line.iter().filter(|byte| **byte == delimiter).count();
    // A line that has none of them is a title.
    let is_title =
        |line: &&&[u8]| [b','].iter().chain(&OTHERS).all(|sign| of_line(line, *sign) == 0);
    let n_titles = lines.iter().take_while(is_title).count();
    let line = lines.get(n_titles).copied().unwrap_or_default();
    let count = |delimiter: u8| of_line(line, delimiter);
    let mut best = b',';
    for delimiter in OTHERS {
        if count(best) < count(delimiter) {
            best = delimiter;
        }
    }
    Ok(best)
}

/// The first line, without its end; a line break in quotes is none.
fn first_line(start: &[u8]) -> &[u8] {
    let mut is_quoted = false;
    let end = start.iter().position(|byte| {
        is_quoted ^= *byte == b'"';
        !is_quoted && matches!(byte, b'\n' | b'\r')
    });
    &start[..end.unwrap_or(start.len())]
}

/// The delimiter of `sep=;`.
fn sep(line: &[u8]) -> Option<u8> {
    match line {
        [s, e, p, b'=', delimiter] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => {
            Some(*delimiter)
        }
        _ => None,
    }
}

/// The delimiter by which most of the columns are known; a comma where that says nothing.
fn of_line(line: &[u8], known: &dyn Fn(&str) -> bool) -> u8 {
    let count = |delimiter: u8| names(line, delimiter).filter(|name| known(name)).count();
    let there = OTHERS.into_iter().filter(|delimiter| line.contains(delimiter));
    let mut best = (count(b','), b',');
    for delimiter in there {
        let n = count(delimiter);
        let is_only = best.1 == b',' && !line.contains(&b',') && best.0 <= n;
        if best.0 < n || is_only {
            best = (n, delimiter);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{
        Mapping, Problem,
        cells::Cells,
        schema::{Schema, table},
    };

    /// A table one of whose columns has another name too.
    struct OnHand;

    impl RowSink for OnHand {
        fn schema(&self) -> &'static Schema {
            table("on_hand").expect("a table of ours")
        }

        fn ours<'n>(&'n self, name: &'n str) -> &'n str {
            let low = name.to_ascii_lowercase();
            let found = self.schema().column(if name == "ITEM_NAME" { "item" } else { &low });
            found.map_or(name, |column| column.name())
        }

        fn open(&mut self, _header: &[&str]) -> &Mapping {
            unreachable!("nothing is read")
        }

        fn rows(&mut self, _first: u64, _rows: &dyn Cells) {}

        fn problem(&mut self, _problem: Problem) {}
    }

    #[track_caller]
    fn check(text: &str, want: &str) {
        let mut file = text.as_bytes();
        let Dialect { delimiter, lines_before } = look(&mut file, None, &OnHand).unwrap();
        let rest = String::from_utf8_lossy(file).chars().take(4).collect::<String>();
        assert_eq!(format!("{:?} {lines_before} {rest}", char::from(delimiter)), want, "{text}");
    }

    #[test]
    fn the_header_shows_the_delimiter() {
        check("item,location,quantity\n", "',' 0 item");
        check("item;location;quantity\n1,5;2;3\n", "';' 0 item");
        check("Item\tLocation\tQuantity\n", "'\\t' 0 Item");
        check("item|location|quantity", "'|' 0 item");
        check("\"item\";\"location\";\"note, if any\"\n", "';' 0 \"ite");
        check("ITEM_NAME;location;quantity\n", "';' 0 ITEM");
        check("item\n1;2\n", "',' 0 item");
        check("item,location,quantity;old\n", "',' 0 item");
        check("sep=;\r\nitem;location\r\n", "';' 1 item");
        check("A;B\n", "';' 0 A;B\n");
        check("Stock, all of it\n\nitem;location;quantity\n", "';' 0 Stoc");
        check("\"Stock\r\nof today\";;\r\nItem;Location;Quantity", "';' 0 \"Sto");
    }
}
