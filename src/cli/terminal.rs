//! What a terminal shows: with colour or without, how wide, and no character that moves its cursor.

use std::io::{self, IsTerminal};

/// Whether what we write may be coloured: people look at it, and have not asked us to leave it.
pub(super) fn is_colourful() -> bool {
    io::stdout().is_terminal() && !is_colour_unwanted()
}

/// How wide what we write may be: COLUMNS, or the terminal; anything where nobody looks.
pub(super) fn width() -> Option<u16> {
    let said = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    said.filter(|columns| 0 < *columns)
        .or_else(|| io::stdout().is_terminal().then(|| comfy_table::Table::new().width()).flatten())
}

/// A text from a file may hold anything; on a terminal it must not move the cursor.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Whether the environment asks for plain text (no-color.org).
pub(super) fn is_colour_unwanted() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}
