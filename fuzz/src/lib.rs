//! What each fuzz target does with bytes. The ordinary tests run the same over `fuzz/corpus` (`tests/suite/fuzz.rs`), so what
//! was found once is looked at for ever.
#![allow(missing_docs, clippy::unwrap_used, reason = "whatever panics here is a finding")]

mod files;
mod pushed;
mod served;
mod texts;

/// A target: its name, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All of them; each has a file in `fuzz_targets` and a directory in `corpus`.
pub const TARGETS: [Target; 15] = [
    ("tables", files::tables),
    ("manifest", files::manifest),
    ("orders", files::orders),
    ("changes", files::changes),
    ("parquet", files::parquet),
    ("workbook", files::workbook),
    ("packed", files::packed),
    ("filters", texts::filters),
    ("json", texts::json),
    ("configuration", texts::configuration),
    ("entries", texts::entries),
    ("frames", texts::frames),
    ("cluster", texts::cluster),
    ("http", served::http),
    ("push", pushed::push),
];

/// The tables that the first byte of a seed stands for.
pub fn tables_in_order() -> &'static [&'static str] {
    &files::TABLES
}

/// Does what a target does.
///
/// # Panics
/// There is no such target, or the bytes are a finding.
pub fn run(target: &str, bytes: &[u8]) {
    let (_, found) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    found(bytes);
}
