//! Which table a file or sheet means by its name.

use crate::snapshot::schema::{self, Schema};

/// The table that a stem means: its name, in any case, with blanks or dashes for underscores or without.
pub(super) fn named_after(stem: &str) -> Option<&'static Schema> {
    let stem = plain(stem);
    schema::TABLES.iter().find(|schema| plain(schema.name) == stem)
}

/// The table of which a stem is the singular: it is not read, and it would be missed.
pub(super) fn almost_named_after(stem: &str) -> Option<&'static Schema> {
    let stem = plain(stem);
    let is_of = |name: &str| match name.strip_suffix("ies") {
        Some(start) => stem.strip_suffix('y') == Some(start),
        None => name.strip_suffix('s') == Some(stem.as_str()),
    };
    schema::TABLES.iter().find(|schema| is_of(&plain(schema.name)))
}

pub(super) fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}
