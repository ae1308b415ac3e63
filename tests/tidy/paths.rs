//! What ARCHITECTURE.md and GLOSSARY.md name is there: files and directories by their paths, and in the table of what to
//! touch the files in which the compiler asks for a further variant.
use std::{collections::BTreeSet, fs, path::Path};

/// What stands between backticks in a text.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// `change/{claims,apply}.rs` as two paths.
fn spread(path: &str) -> Vec<String> {
    let parts = path.split_once('{').and_then(|(before, rest)| {
        let (within, after) = rest.split_once('}')?;
        Some(within.split(',').map(|one| format!("{before}{one}{after}")).collect())
    });
    parts.unwrap_or_else(|| vec![path.to_string()])
}

/// The paths that a text names: with a slash or a suffix of ours.
fn paths(text: &str) -> Vec<String> {
    let is_path = |text: &&str| {
        let is_named = text.contains('/') || text.ends_with(".rs") || text.ends_with(".md");
        let is_here = !text.starts_with(['/', '-']) && !text.starts_with("DATA");
        is_named && is_here && !text.contains([' ', '<', ':'])
    };
    quoted(text).filter(is_path).flat_map(spread).collect()
}

/// Whether a path, or the end of one, is one of a tree: with its suffix or without.
fn is_there<'a>(path: &str, tree: &'a BTreeSet<String>) -> Option<&'a String> {
    let ends = [path.trim_end_matches('/').to_string(), format!("{path}.rs")];
    let is_end = |whole: &str, end: &str| {
        whole.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    tree.iter().find(|whole| ends.iter().any(|end| is_end(whole, end)))
}

/// A line for each path of a text that leads nowhere.
pub(crate) fn dead_paths(text: &str, tree: &BTreeSet<String>) -> String {
    let dead = paths(text).into_iter().filter(|path| is_there(path, tree).is_none());
    dead.map(|path| format!("{path}: there is no such file\n")).collect()
}

/// A line for each file in brackets, in a row of the table of what to touch that names a closed list first (`Input`),
/// which has no variant of that list.
pub(crate) fn not_asked_for(
    text: &str,
    tree: &BTreeSet<String>,
    read: impl Fn(&str) -> String,
) -> String {
    let mut complaints = String::new();
    for row in text.lines().filter(|line| line.starts_with("| a")) {
        let first = row.split('|').nth(2).unwrap_or_default();
        let is_list = |name: &&str| name.starts_with(|one: char| one.is_ascii_uppercase());
        let Some(list) = quoted(first).find(|name| is_list(name) && !name.contains("::")) else {
            continue;
        };
        let Some(asked) = row.split_once('[').and_then(|(_, rest)| rest.split_once(']')) else {
            continue;
        };
        for path in paths(asked.0) {
            let file =
                is_there(&path, tree).filter(|file| read(file).contains(&format!("{list}::")));
            if file.is_none() {
                complaints.push_str(&format!("{path}: says nothing of {list}, or is not there\n"));
            }
        }
    }
    complaints
}

/// All files and directories under a root, but for what is built.
pub(crate) fn tree(root: &Path, under: &Path, into: &mut BTreeSet<String>) {
    for entry in fs::read_dir(under).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().display().to_string();
        if ["target", ".git"].contains(&name.as_str()) || name.ends_with("node_modules") {
            continue;
        }
        if path.is_dir() {
            tree(root, &path, into);
        }
        into.insert(name);
    }
}
