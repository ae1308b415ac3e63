//! Which tables of tables a configuration file may have.

/// Those that there are: the section that they stand in (none where they are sections themselves), and their name.
const KNOWN: [(&str, &str); 5] =
    [("access", "jwt"), ("access", "certificates"), ("", "run"), ("", "webhook"), ("", "feed")];

/// Whether a name of a section is that of such a table.
pub(super) fn is_known(section: &str, name: &str) -> bool {
    KNOWN.contains(&(section, name))
}

/// The names of all of a section.
pub(super) fn names(section: &str) -> impl Iterator<Item = &'static str> {
    KNOWN.into_iter().filter(move |(of, _)| *of == section).map(|(_, name)| name)
}
