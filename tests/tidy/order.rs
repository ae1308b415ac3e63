//! Reading order: in a list of modules each stands behind those that it uses, so that whoever reads from above to below
//! meets nothing that he has not met.
//!
//! A module stands for all files in it. Modules that use each other, perhaps over others, may stand in any order.
use super::circles::{Path, Tree, module_of};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// The module that a line declares, if it declares one of a file.
fn module(line: &str) -> Option<&str> {
    let rest = match line.strip_prefix("pub") {
        Some(after) if after.starts_with('(') => after.split_once(") ")?.1,
        Some(after) => after.trim_start(),
        None => line,
    };
    rest.strip_prefix("mod ")?.strip_suffix(';')
}

/// What can be reached from each by what each uses.
fn reached<'a>(
    uses: &BTreeMap<&'a str, BTreeSet<&'a str>>,
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let from = |start: &&'a str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![*start]);
        while let Some(at) = open.pop() {
            open.extend(uses[at].iter().copied().filter(|next| seen.insert(*next)));
        }
        (*start, seen)
    };
    uses.keys().map(from).collect()
}

/// A line for each list that is out of order: the first module in it that uses one below it.
pub(crate) fn out_of_order(texts: &BTreeMap<String, String>) -> String {
    let tree = Tree::new(texts);
    let modules: BTreeMap<&str, Path> =
        texts.keys().map(|file| (&**file, module_of(file))).collect();
    let uses: BTreeMap<&str, BTreeMap<String, String>> =
        texts.keys().map(|file| (&**file, tree.uses_of(file))).collect();
    let mut complaints = String::new();
    for (file, text) in texts {
        let (parent, list) =
            (&modules[&**file], text.lines().filter_map(module).collect::<Vec<_>>());
        let child = |of: &str| {
            let rest = modules.get(of)?.strip_prefix(&parent[..])?;
            list.iter().copied().find(|name| rest.first().is_some_and(|first| first == name))
        };
        let mut among: BTreeMap<&str, BTreeSet<&str>> =
            list.iter().map(|name| (*name, BTreeSet::new())).collect();
        for (user, used) in &uses {
            let Some(own) = child(user) else { continue };
            let others = used.keys().filter_map(|other| child(other)).filter(|other| *other != own);
            among.get_mut(own).unwrap().extend(others);
        }
        let reached = reached(&among);
        let is_first_below = |at: usize| {
            let below = list[at + 1..].iter().copied();
            let mut below = below.filter(|one| among[list[at]].contains(one));
            below.find(|one| !reached[one].contains(list[at]))
        };
        let found = (0..list.len()).find_map(|at| Some((list[at], is_first_below(at)?)));
        if let Some((name, other)) = found {
            writeln!(complaints, "{file}: mod {name} uses {other}, which stands below it").unwrap();
        }
    }
    complaints
}
