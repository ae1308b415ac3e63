//! Circles of files: one that uses what another defines, which uses, perhaps over others, what it defines itself.
//!
//! What counts is where a name is defined: a `mod.rs` that only declares and passes on stands in no circle. Methods are not
//! looked at: an `impl` block of a type in another file than the type's may know more than the type does.
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Write as _,
};

/// A path of names, from the root of `src/`.
pub(crate) type Path = Vec<String>;

/// Which file uses which, and one name for each.
pub(crate) type Uses = BTreeMap<String, BTreeMap<String, String>>;

/// What is known of all files.
pub(crate) struct Tree<'a> {
    /// Files by the path of their module.
    modules: BTreeMap<Path, &'a str>,
    /// What each module passes on or has imported, by the name there.
    passed_on: BTreeMap<Path, BTreeMap<String, Path>>,
    /// The modules of which each passes on everything.
    all_of: BTreeMap<Path, Vec<Path>>,
    texts: &'a BTreeMap<String, String>,
}

pub(crate) fn module_of(file: &str) -> Path {
    let file = file.strip_suffix(".rs").unwrap_or(file);
    let parts: Path = file.split('/').map(str::to_string).collect();
    match parts.split_last() {
        Some((last, parents)) if last == "mod" => parents.to_vec(),
        _ => parts,
    }
}

/// Splits the body of a `{...}` or a whole tree at the commas of its own level.
fn branches(tree: &str) -> Vec<&str> {
    let (mut found, mut depth, mut from) = (Vec::new(), 0usize, 0);
    for (at, symbol) in tree.char_indices() {
        match symbol {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&tree[from..at]);
                from = at + 1;
            }
            _ => (),
        }
    }
    found.push(&tree[from..]);
    found.retain(|branch| !branch.trim().is_empty());
    found
}

/// The paths of the tree of a `use`, each with the name that it has here.
fn leaves(tree: &str, before: &[String], found: &mut Vec<(Path, String)>) {
    let tree = tree.trim();
    let mut path = before.to_vec();
    if let Some((head, group)) = tree.split_once('{') {
        path.extend(head.split("::").map(str::trim).filter(|one| !one.is_empty()).map(Into::into));
        let group = group.trim_end().strip_suffix('}').unwrap_or(group);
        branches(group).into_iter().for_each(|branch| leaves(branch, &path, found));
        return;
    }
    let (names, alias) =
        tree.split_once(" as ").map_or((tree, None), |(names, alias)| (names, Some(alias)));
    path.extend(names.split("::").map(|one| one.trim().to_string()));
    if path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = alias.map(str::trim).or(path.last().map(String::as_str));
    let name = name.unwrap_or_default().to_string();
    found.push((path, name));
}

/// The `use` statements of a text, each with its tree, and the text without them and without what it declares.
fn statements(text: &str) -> (Vec<String>, String) {
    let (mut uses, mut rest, mut open) = (Vec::new(), String::new(), None::<String>);
    for line in text.lines() {
        let start = line.trim_start();
        let after_pub = match start.strip_prefix("pub") {
            Some(after) if after.starts_with('(') => {
                after.split_once(") ").map_or(start, |(_, after)| after)
            }
            Some(after) => after.trim_start(),
            None => start,
        };
        // What is declared is not used yet.
        if open.is_none() && after_pub.starts_with("mod ") && after_pub.trim_end().ends_with(';') {
            continue;
        }
        if open.is_none() && !after_pub.starts_with("use ") {
            writeln!(rest, "{line}").unwrap();
            continue;
        }
        let tree = open.get_or_insert_default();
        tree.push_str(if tree.is_empty() { &after_pub["use ".len()..] } else { line });
        tree.push(' ');
        if line.trim_end().ends_with(';') {
            uses.extend(open.take().map(|tree| tree.trim().trim_end_matches(';').to_string()));
        }
    }
    (uses, rest)
}

/// The paths of two names or more in a text.
fn paths(text: &str) -> Vec<Path> {
    let is_name = |symbol: char| symbol.is_ascii_alphanumeric() || symbol == '_';
    let ends = |symbol: char| !is_name(symbol) && symbol != ':';
    let words = text.split(ends).filter(|word| word.contains("::"));
    let path = |word: &str| word.split("::").map(str::to_string).collect::<Path>();
    let is_path = |path: &Path| path.iter().take(2).all(|name| !name.is_empty());
    words
        .map(path)
        .filter(is_path)
        .map(|path| path.into_iter().filter(|name| !name.is_empty()).collect())
        .collect()
}

impl<'a> Tree<'a> {
    pub(crate) fn new(texts: &'a BTreeMap<String, String>) -> Self {
        let modules = texts.keys().map(|file| (module_of(file), file.as_str())).collect();
        let mut tree = Self { modules, passed_on: BTreeMap::new(), all_of: BTreeMap::new(), texts };
        for (file, text) in texts {
            let module = module_of(file);
            for (path, name) in tree.imports(&module, text) {
                if name == "*" {
                    let of = path[..path.len() - 1].to_vec();
                    tree.all_of.entry(module.clone()).or_default().push(of);
                } else {
                    tree.passed_on.entry(module.clone()).or_default().insert(name, path);
                }
            }
        }
        tree
    }

    fn imports(&self, module: &[String], text: &str) -> Vec<(Path, String)> {
        let mut found = Vec::new();
        statements(text).0.iter().for_each(|tree| leaves(tree, &[], &mut found));
        let placed = |(path, name): (Path, String)| Some((self.absolute(module, path)?, name));
        found.into_iter().filter_map(placed).collect()
    }

    /// A path from the root; none where it leads elsewhere.
    fn absolute(&self, module: &[String], path: Path) -> Option<Path> {
        if path[0] == "crate" {
            return Some(path[1..].to_vec());
        }
        let n_up = path.iter().take_while(|one| *one == "super").count();
        let skipped = if n_up == 0 { usize::from(path[0] == "self") } else { n_up };
        let from = &module[..module.len().checked_sub(n_up)?];
        let whole: Path = from.iter().chain(&path[skipped..]).cloned().collect();
        let is_here = skipped != 0 || self.modules.contains_key(&whole[..=from.len()]);
        is_here.then_some(whole)
    }

    /// The file that defines what a path names, and the name; no name where it is a module.
    fn defined(&self, path: &[String], depth: usize) -> Option<(&'a str, Option<String>)> {
        let n = (1..=path.len()).rev().find(|n| self.modules.contains_key(&path[..*n]))?;
        let (module, rest) = path.split_at(n);
        let Some((name, after)) = rest.split_first() else {
            return Some((self.modules[module], None));
        };
        if 8 < depth {
            return None;
        }
        if let Some(passed) = self.passed_on.get(module).and_then(|names| names.get(name)) {
            let whole: Path = passed.iter().chain(after).cloned().collect();
            return self.defined(&whole, depth + 1);
        }
        for of in self.all_of.get(module).into_iter().flatten() {
            let whole: Path = of.iter().chain(rest).cloned().collect();
            let found = self.defined(&whole, depth + 1);
            let is_defined = |(file, name): &(&str, Option<String>)| {
                name.as_ref().is_some_and(|name| defines(&self.texts[*file], name))
            };
            if let Some(found) = found.filter(is_defined) {
                return Some(found);
            }
        }
        Some((self.modules[module], Some(name.clone())))
    }

    /// What a file uses of others.
    pub(crate) fn uses_of(&self, file: &str) -> BTreeMap<String, String> {
        let (module, text) = (module_of(file), &self.texts[file]);
        let here = self.imports(&module, text);
        let is_declaring = text.lines().any(|line| line.contains("mod ") && line.ends_with(';'));
        // What is only passed on is not used here.
        let code = statements(text).1;
        let is_used = |name: &str| !is_declaring || is_named(&code, name);
        let mut used: Vec<Path> =
            here.iter().filter(|(_, name)| is_used(name)).map(|(path, _)| path.clone()).collect();
        for path in paths(&code) {
            let known = here.iter().find(|(_, name)| *name == path[0]);
            used.extend(match known {
                Some((whole, _)) => Some(whole.iter().chain(&path[1..]).cloned().collect()),
                None => self.absolute(&module, path),
            });
        }
        let found = used.iter().filter_map(|path| self.defined(path, 0));
        let named = found.filter_map(|(other, name)| Some((other.to_string(), name?)));
        named.filter(|(other, _)| other != file).collect()
    }
}

/// Whether a text names a type, a constant or a module, or calls a function.
fn is_named(text: &str, name: &str) -> bool {
    let ends = |symbol: char| !symbol.is_ascii_alphanumeric() && symbol != '_';
    let is_function = name.starts_with(|first: char| first.is_ascii_lowercase());
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        let is_word = before.is_empty() || before.ends_with(ends);
        let goes_on = if is_function {
            after.starts_with('(') || after.starts_with("::")
        } else {
            after.starts_with(ends)
        };
        is_word && goes_on && !before.ends_with('.') && !before.ends_with("fn ")
    })
}

fn defines(text: &str, name: &str) -> bool {
    let kinds = ["struct", "enum", "trait", "type", "fn", "const", "static"];
    kinds.iter().any(|kind| text.contains(&format!("{kind} {name}")))
}

/// The shortest way from a file back to itself, with what each uses of the next.
fn way_back(uses: &Uses, file: &str) -> Option<Vec<(String, String)>> {
    let mut came: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open = VecDeque::from([file]);
    while let Some(at) = open.pop_front() {
        for next in uses.get(at).into_iter().flat_map(BTreeMap::keys) {
            if next == file {
                let mut steps = vec![(at, file)];
                while let Some(before) = came.get(steps[steps.len() - 1].0) {
                    steps.push((*before, steps[steps.len() - 1].0));
                }
                let named = |(from, to): (&str, &str)| (to.to_string(), uses[from][to].clone());
                return Some(steps.into_iter().rev().map(named).collect());
            }
            if !came.contains_key(next.as_str()) {
                came.insert(next, at);
                open.push_back(next);
            }
        }
    }
    None
}

/// A line for each circle outside of what is exempt: its shortest way round and how to mend it.
pub(crate) fn circles(texts: &BTreeMap<String, String>, exempt: &[(&str, &str)]) -> String {
    let tree = Tree::new(texts);
    let is_exempt = |file: &str| exempt.iter().any(|(begin, _)| file.starts_with(begin));
    let held = texts.keys().filter(|file| !is_exempt(file));
    let mut uses: Uses = held.map(|file| (file.clone(), tree.uses_of(file))).collect();
    uses.values_mut().for_each(|used| used.retain(|other, _| !is_exempt(other)));
    let (mut complaints, mut told) = (String::new(), BTreeSet::new());
    for file in uses.keys() {
        let Some(way) = way_back(&uses, file).filter(|_| !told.contains(file)) else { continue };
        told.extend(way.iter().map(|(to, _)| to.clone()));
        let steps: Vec<_> = way.iter().map(|(to, name)| format!("uses {name} of {to}")).collect();
        let steps = steps.join(", which ");
        writeln!(
            complaints,
            "{file}: a circle: it {steps}; what both need belongs in a file of its own"
        )
        .unwrap();
    }
    complaints
}
