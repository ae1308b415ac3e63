//! What separates the columns of a text file: what the manifest says, else what its header shows without doubt.

use crate::snapshot::schema::Schema;
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
    (schema, is_known): (&'static Schema, &dyn Fn(&str) -> bool),
) -> io::Result<Dialect> {
    let start = file.fill_buf()?;
    let line = first_line(start);
    if let Some(delimiter) = sep(line) {
        let n = line.len() + usize::from(start.get(line.len()) == Some(&b'\r'));
        let n = n + usize::from(start.get(n) == Some(&b'\n'));
        file.consume(n);
        return Ok(Dialect { delimiter: said.unwrap_or(delimiter), lines_before: 1 });
    }
    let known = |name: &str| {
        is_known(name) || schema.columns().any(|column| column.name().eq_ignore_ascii_case(name))
    };
    let delimiter = said.unwrap_or_else(|| delimiter(line, &known));
    Ok(Dialect { delimiter, lines_before: 0 })
}

/// The delimiter of a table of which nothing is known: the one that its first line has most of. The reader stays at the
/// beginning.
///
/// # Errors
/// It cannot be read.
pub(super) fn look_plainly(file: &mut impl BufRead) -> io::Result<u8> {
    let line = first_line(file.fill_buf()?);
    let count = |delimiter: u8| line.iter().filter(|byte| **byte == delimiter).count();
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
fn delimiter(line: &[u8], known: &dyn Fn(&str) -> bool) -> u8 {
    let count = |delimiter: u8| {
        let cells = line.split(|byte| *byte == delimiter);
        let texts = cells.filter_map(|cell| std::str::from_utf8(cell).ok());
        let names = texts.map(|text| text.trim().trim_matches('"').trim());
        names.filter(|name| known(name)).count()
    };
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
    use crate::snapshot::schema::table;

    #[track_caller]
    fn check(text: &str, want: &str) {
        let mut file = text.as_bytes();
        let schema = table("on_hand").unwrap();
        let Dialect { delimiter, lines_before } =
            look(&mut file, None, (schema, &|name| name == "ITEM_NAME")).unwrap();
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
    }
}
