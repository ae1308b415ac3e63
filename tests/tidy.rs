//! Checks on the code itself: which module may know which, what the core may never touch, and size.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

#[path = "tidy/circles.rs"]
mod circles;
#[path = "tidy/order.rs"]
mod order;
#[path = "tidy/paths.rs"]
mod paths;

/// Reading order and dependency order at once: a module may use only what stands above it.
const LAYERS: &[&[&str]] = &[
    &["limits"],
    &["model"],
    &["snapshot"],
    &["allocation"],
    &["change"],
    &["ledger"],
    &["promising"],
    &["compare"],
    &["backlog"],
    &["insight"],
    &["loader", "journal"],
    &["engine"],
    &["rpc"],
    &["cli"],
];

/// Everything up to and including this layer computes; it never waits, reads, writes or looks at a clock.
const LAST_PURE_LAYER: usize = 9;

const BANNED_IN_PURE: &[&str] = &[
    "async fn",
    ".await",
    "tokio::",
    "tonic::",
    "prost::",
    "std::fs",
    "std::net",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::thread",
    "rand::",
    "println!",
    "tracing::",
    "f32",
    "f64",
    "std::collections::HashMap",
    "HashSet<",
];

const FILE_LINES_MAX: usize = 400;

/// Where files may stand in a circle, and why.
const CIRCLES_EXEMPT: &[(&str, &str)] = &[
    ("promising/asked_before.rs", "what the search of a need remembers of itself one level down"),
    ("promising/below.rs", "the same"),
    ("promising/borrow.rs", "the search of a need asks itself one level down"),
    ("promising/bound.rs", "the same"),
    ("promising/classes.rs", "the same"),
    ("promising/free.rs", "the same"),
    ("promising/in_time.rs", "the same"),
    ("promising/kept.rs", "the same"),
    ("promising/largest.rs", "the same"),
    ("promising/memo.rs", "what the search of a need remembers of itself one level down"),
    ("promising/search.rs", "the search of a need asks itself one level down"),
    ("promising/trial.rs", "the same"),
    ("promising/relax.rs", "what would help a set is tried by planning the set again"),
    ("promising/relax_line.rs", "the same"),
    ("promising/set.rs", "the same"),
    (
        "snapshot/builder/",
        "on purpose: the builder has what each table's reader keeps until all rows are there, and a reader is a verb of \
         the builder; to cut that would open to all what is one reader's own",
    ),
];

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// Every `crate::module` named in the text, in `use crate::{a, b::c}` form or in a path.
fn modules_used(text: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (start, _) in text.match_indices("crate::") {
        let rest = &text[start + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => used.push(identifier(rest)),
            Some(group) => used.extend(group_heads(group)),
        }
    }
    used.retain(|name| !name.is_empty());
    used
}

fn group_heads(group: &str) -> Vec<String> {
    let (mut heads, mut depth, mut at_head) = (Vec::new(), 0usize, true);
    for (at, symbol) in group.char_indices() {
        match symbol {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_head = true,
            _ if at_head && !symbol.is_whitespace() => {
                heads.push(identifier(&group[at..]));
                at_head = false;
            }
            _ => (),
        }
    }
    heads
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

/// The file without its unit tests.
fn production(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Names that every module may have, since they are said with it: `atp::Args`, `journal::Error`, `making::Pending`; and
/// what a call fails with (`rpc::status::Failure`) and what a command fails with (`cli::failure::Failure`).
const SAID_WITH_ITS_MODULE: &[&str] = &["Args", "Error", "Failure", "Pending"];

/// Files whose types have the names that another's protocol gives them.
const ANOTHERS_NAMES: &[&str] = &["journal/etcd/wire.rs", "rpc/traces/otlp.rs"];

/// The types of a file that others may name: each with whether everybody may.
fn types_of(text: &str) -> impl Iterator<Item = (bool, String)> {
    let named = |line: &str| {
        let rest = line.trim_start().strip_prefix("pub")?;
        let (is_open, rest) = match rest.strip_prefix('(') {
            None => (true, rest),
            Some(within) => {
                let (within, rest) = within.split_once(')')?;
                (within == "crate", rest)
            }
        };
        let kinds = ["struct ", "enum ", "trait ", "type ", "union "];
        let name = kinds.iter().find_map(|kind| rest.trim_start().strip_prefix(kind))?;
        Some((is_open, identifier(name)))
    };
    text.lines().filter_map(named).filter(|(_, name)| !name.is_empty())
}

/// One name is one thing: no type that other files may name has the name of one that everybody may name, and within a
/// layer no two files have types of one name that others may name.
fn names_twice(files: &BTreeMap<String, String>) -> String {
    let mut known: BTreeMap<String, Vec<(bool, &str)>> = BTreeMap::new();
    for (path, text) in files.iter().filter(|(path, _)| !ANOTHERS_NAMES.contains(&path.as_str())) {
        for (is_open, name) in types_of(text) {
            known.entry(name).or_default().push((is_open, path));
        }
    }
    let mut complaints = String::new();
    known.retain(|name, _| !SAID_WITH_ITS_MODULE.contains(&name.as_str()));
    for (name, found) in &known {
        for (at, (is_open, path)) in found.iter().enumerate() {
            let is_same = |(other_is_open, other): &&(bool, &str)| {
                other != path
                    && (*is_open || *other_is_open || identifier(other) == identifier(path))
            };
            if let Some((_, other)) = found[..at].iter().find(is_same) {
                writeln!(complaints, "{path}: {other} has a type {name} too").unwrap();
            }
        }
    }
    complaints
}

fn tidy(files: &BTreeMap<String, String>) -> String {
    let mut complaints = names_twice(files);
    for (path, text) in files {
        let module = identifier(path);
        let Some(layer) = layer_of(&module) else {
            if !["lib", "main", "core", "keeping", "serving"].contains(&module.as_str()) {
                writeln!(complaints, "{path}: not in LAYERS").unwrap();
            }
            continue;
        };
        let code = without_comments(production(text));
        for used in modules_used(&code) {
            let allowed = used == module || layer_of(&used).is_some_and(|other| other < layer);
            if !allowed {
                writeln!(complaints, "{path}: {module} must not know {used}").unwrap();
            }
        }
        if layer <= LAST_PURE_LAYER {
            for banned in BANNED_IN_PURE.iter().filter(|banned| code.contains(**banned)) {
                writeln!(complaints, "{path}: {banned} in a pure module").unwrap();
            }
        }
        let lines = production(text).lines().count();
        if FILE_LINES_MAX < lines {
            writeln!(complaints, "{path}: {lines} lines").unwrap();
        }
    }
    complaints
}

fn read_tree(root: &Path, under: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(under).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_tree(root, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn the_tree_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeMap::new();
    read_tree(&root, &root, &mut files);
    assert!(40 < files.len(), "the tree was not found");
    assert_eq!(tidy(&files), "");
    let code = |(path, text): (String, String)| (path, without_comments(production(&text)));
    let files = files.into_iter().map(code).collect();
    assert_eq!(circles::circles(&files, CIRCLES_EXEMPT), "");
    assert_eq!(order::out_of_order(&files), "");
}

#[test]
fn the_map_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tree = BTreeSet::new();
    paths::tree(root, root, &mut tree);
    let read = |file: &str| fs::read_to_string(root.join(file)).unwrap_or_default();
    let page = |file: &str| fs::read_to_string(root.join(file)).unwrap();
    let map = page("ARCHITECTURE.md");
    let pages = [&map, &page("GLOSSARY.md"), &page("docs/choices.md")].map(String::as_str).concat();
    assert_eq!(paths::dead_paths(&pages, &tree), "");
    assert_eq!(paths::not_asked_for(&map, &tree, read), "");
    let tree = ["src/a/b.rs", "src/a"].map(ToString::to_string).into();
    assert_eq!(
        paths::dead_paths("`a/{b,c}.rs`, `a/b`, `a/`, `/v1/`", &tree),
        "a/c.rs: there is no such file\n"
    );
    let row = "| a kind | `a/b.rs`: `Kind`, `KINDS` | [`b.rs`]; `a/c.rs` |";
    assert_eq!(paths::not_asked_for(row, &tree, |_| "Kind::A".to_string()), "");
    let silent = "b.rs: says nothing of Kind, or is not there\n";
    assert_eq!(paths::not_asked_for(row, &tree, |_| "Other::A".to_string()), silent);
}

#[test]
fn files_stand_in_no_circle() {
    #[track_caller]
    fn check(files: &[(&str, &str)], want: &str) {
        let files = files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
        assert_eq!(circles::circles(&files, &[("promising/", "the search")]), want);
    }
    let both = "ledger/a.rs: a circle: it uses B of ledger/b.rs, which uses A of ledger/a.rs; \
                what both need belongs in a file of its own\n";
    let a = ("ledger/a.rs", "use super::b::B;\npub struct A(B);\n");
    check(&[a, ("ledger/b.rs", "pub struct B;\n")], "");
    check(&[a, ("ledger/b.rs", "use super::a::{A as D};\npub struct B;\n")], both);
    // By way of who passes a name on, and by a path in the code.
    let passes = ("ledger/mod.rs", "mod a;\nmod b;\npub use a::A;\npub(super) use b::*;\n");
    check(&[a, passes, ("ledger/b.rs", "use super::A;\npub struct B(A);\n")], both);
    check(&[a, passes, ("ledger/b.rs", "pub struct B;\nfn b() -> crate::ledger::A {}\n")], both);
    check(&[a, passes, ("ledger/b.rs", "use super::a;\npub struct B;\nfn b() -> a::A {}\n")], both);
    // A module that only declares and passes on is in none.
    check(&[passes, ("ledger/b.rs", "use super::A;\n"), ("ledger/a.rs", "pub struct A;\n")], "");
    let search = "use crate::promising::b::B;\npub struct A;\n";
    let back = "use super::a::A;\npub struct B;\n";
    check(&[("promising/a.rs", search), ("promising/b.rs", back)], "");
}

#[test]
fn modules_stand_in_reading_order() {
    #[track_caller]
    fn check(list: &str, want: &str) {
        let a = ("ledger/a.rs", "use super::b::B;\npub struct A(B);\n");
        let b = ("ledger/b.rs", "pub struct B;\n");
        let files = [("ledger/mod.rs", list), a, b];
        let files = files.map(|(path, text)| (path.to_string(), text.to_string())).into();
        assert_eq!(order::out_of_order(&files), want);
    }
    check("mod b;\npub(super) mod a;\n", "");
    check("pub mod a;\nmod b;\n", "ledger/mod.rs: mod a uses b, which stands below it\n");
}

#[test]
fn tidy_itself() {
    #[track_caller]
    fn check(path: &str, text: &str, want: &str) {
        let files = BTreeMap::from([(path.to_string(), text.to_string())]);
        assert_eq!(tidy(&files), want);
    }
    check(
        "promising/search.rs",
        "use crate::{ledger::View, model::{Bucket, Quantity}, snapshot::Snapshot};",
        "",
    );
    check("promising/search.rs", "// crate::engine is fine in a comment", "");
    check(
        "ledger/mod.rs",
        "use crate::engine::Engine;",
        "ledger/mod.rs: ledger must not know engine\n",
    );
    check(
        "snapshot.rs",
        "use crate::{model::Item, loader};",
        "snapshot.rs: snapshot must not know loader\n",
    );
    check("promising/atp.rs", "let q: f64 = 0.1;", "promising/atp.rs: f64 in a pure module\n");
    check("util.rs", "", "util.rs: not in LAYERS\n");
    check("engine.rs", &"\n".repeat(401), "engine.rs: 401 lines\n");
    check("rpc/mod.rs", "use crate::cli;", "rpc/mod.rs: rpc must not know cli\n");
}

#[test]
fn a_name_is_one_thing() {
    #[track_caller]
    fn check(files: &[(&str, &str)], want: &str) {
        let files = files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
        assert_eq!(names_twice(&files), want);
    }
    let line = "pub struct Line<'a> {";
    check(
        &[("ledger/admit.rs", line), ("promising/query.rs", "pub enum Line {")],
        "promising/query.rs: ledger/admit.rs has a type Line too\n",
    );
    let near = "pub(super) type Line = u8;";
    check(
        &[("cli/load/caller.rs", near), ("ledger/admit.rs", line)],
        "ledger/admit.rs: cli/load/caller.rs has a type Line too\n",
    );
    check(&[("journal/batch.rs", near), ("cli/load/caller.rs", near)], "");
    check(
        &[("cli/data.rs", near), ("cli/load/caller.rs", near)],
        "cli/load/caller.rs: cli/data.rs has a type Line too\n",
    );
    check(&[("ledger/admit.rs", line), ("ledger/book.rs", "struct Line;")], "");
    check(&[("cli/atp.rs", "pub struct Args {"), ("cli/push.rs", "pub struct Args {")], "");
    check(&[("journal/etcd/wire.rs", line), ("ledger/admit.rs", line)], "");
}

/// The console is what a browser loads: how much that may be, in all and vendored, and how long a module may be.
const CONSOLE_BYTES_MAX: usize = 400_000;
const VENDORED_BYTES_MAX: usize = 110_000;
const MODULE_LINES_MAX: usize = 250;
/// Characters of a line, a tab as two; `npm run format` keeps to it.
const CONSOLE_COLUMNS_MAX: usize = 140;

fn read_console(root: &Path, under: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(under).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().display().to_string();
        if path.is_dir() {
            if !["node_modules", "test", "tools"].contains(&name.as_str()) {
                read_console(root, &path, files);
            }
        } else if path
            .extension()
            .is_some_and(|suffix| ["html", "css", "js", "svg"].iter().any(|one| suffix == *one))
        {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

#[test]
fn the_console_is_small_and_asks_nobody_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("console");
    let mut files = BTreeMap::new();
    read_console(&root, &root, &mut files);
    assert!(20 < files.len(), "the console was not found");
    let bytes = |vendored: bool| -> usize {
        files
            .iter()
            .filter(|(name, _)| !vendored || name.starts_with("vendor/"))
            .map(|(_, bytes)| bytes.len())
            .sum()
    };
    assert!(bytes(false) <= CONSOLE_BYTES_MAX, "{} bytes in all", bytes(false));
    assert!(bytes(true) <= VENDORED_BYTES_MAX, "{} bytes vendored", bytes(true));
    for (name, bytes) in files.iter().filter(|(name, _)| !name.starts_with("vendor/")) {
        let text = String::from_utf8_lossy(bytes);
        let columns = |line: &str| line.chars().map(|one| if one == '\t' { 2 } else { 1 }).sum();
        let widest: usize = text.lines().map(columns).max().unwrap_or(0);
        let is_drawing = name.ends_with(".svg");
        assert!(is_drawing || widest <= CONSOLE_COLUMNS_MAX, "{name}: a line of {widest}");
        let is_table = name == "texts/table.js" || name.ends_with(".css");
        assert!(
            is_table || text.lines().count() <= MODULE_LINES_MAX,
            "{name}: {} lines",
            text.lines().count()
        );
        let has_address = text.replace("http://www.w3.org/", "").contains("http://");
        assert!(!has_address && !text.contains("https://"), "{name} names another address");
        assert!(
            !text.contains("innerHTML") && !text.contains("eval("),
            "{name}: markup or code from text"
        );
        if name.ends_with(".js") {
            assert!(text.starts_with("// "), "{name}: the first line says what it is");
        }
    }
}
