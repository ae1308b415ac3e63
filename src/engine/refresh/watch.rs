//! A watched directory: a new complete snapshot in it is taken in.
//!
//! Each snapshot is a sub-directory. It is complete when its `manifest.json` is there, which is to be
//! written last, and nothing in it has changed between two looks; where something was written after the manifest,
//! somebody copies without order, and it is to be quiet for longer. What is under way under another name (`.NAME`,
//! `NAME.tmp`) is none yet, and a directory with such a file in it is not complete. Each is taken in once, be there a
//! restart or another name between; one that is written anew is taken in again. A share that goes away and comes back is
//! looked at as if for the first time. Looking is cheap, so no system call of one platform is needed.

use super::{Aim, CameBy, Error, Refresher, Submission};
use crate::loader;
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

/// Time between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Looks at which one has to be the same that was not written in order, and one with a file that seems not to be done: that
/// may have been left behind.
const QUIET_LOOKS: u32 = 10;
const QUIET_LOOKS_UNDER_WAY: u32 = 60;

/// Endings of names of what is under way: the tool that writes it gives it its own name when it is done.
const UNDER_WAY: [&str; 6] = [".tmp", ".temp", ".part", ".partial", ".filepart", "~"];

/// The longest pause between two tries is so many times 2 looks: about a minute.
const LOOKS_SHIFT_MAX: u32 = 6;

/// What a directory looked like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    files: usize,
    bytes: u64,
    /// The latest change of a file.
    changed: SystemTime,
    /// Whether nothing was changed after the manifest.
    is_in_order: bool,
    /// Whether a file in it is not done.
    is_under_way: bool,
}

/// Takes in what appears in a directory until it is told to stop, whenever this process leads. Runs on a thread of its own.
pub fn watch(refresher: &Arc<Refresher>, dir: &Path, stop: &AtomicBool) {
    let mut watcher = None;
    while !stop.load(Ordering::Relaxed) {
        if refresher.engine().is_leading() {
            let begins = || {
                tracing::info!(dir = %dir.display(), "watched from here on");
                Watcher::new(dir)
            };
            watcher.get_or_insert_with(begins).look(refresher);
        } else if watcher.take().is_some() {
            // What that node takes in is known when this one leads again.
            tracing::info!(dir = %dir.display(), "the node that leads now watches");
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// What is known of a watched directory between two looks.
#[derive(Debug)]
pub struct Watcher {
    dir: PathBuf,
    has_looked: bool,
    /// How each looked, and at how many looks before.
    seen: BTreeMap<PathBuf, (Look, u32)>,
    /// Whether the directory cannot be read.
    is_away: bool,
    taken: BTreeMap<PathBuf, Look>,
    /// Those that could not be taken in: how often, and how many looks until the next try.
    failed: BTreeMap<PathBuf, (u32, u64)>,
}

impl Watcher {
    /// Has not looked yet.
    pub fn new(dir: &Path) -> Self {
        let (seen, taken, failed) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let (dir, has_looked, is_away) = (dir.to_path_buf(), false, false);
        Self { dir, has_looked, seen, is_away, taken, failed }
    }

    /// Looks once, and takes in what is complete and was not taken in like this before; gives how many
    /// snapshots that were.
    pub fn look(&mut self, refresher: &Arc<Refresher>) -> usize {
        let found = match complete(&self.dir, &mut self.seen) {
            Ok(found) => found,
            Err(error) => {
                if !std::mem::replace(&mut self.is_away, true) {
                    tracing::warn!(%error, dir = %self.dir.display(), "cannot watch; it is tried again");
                }
                // What was under way may stand still as long as nobody can reach it.
                self.seen.clear();
                return 0;
            }
        };
        if std::mem::replace(&mut self.is_away, false) {
            tracing::info!(dir = %self.dir.display(), "can be watched again");
        }
        if !std::mem::replace(&mut self.has_looked, true) {
            // What came in before a restart has been taken in, and may have been followed by others.
            let known = self.seen.iter().filter(|(path, _)| refresher.knows(path));
            self.taken.extend(known.map(|(path, (look, _))| (path.clone(), *look)));
        }
        let mut n_taken = 0;
        for (path, look) in found {
            if self.taken.get(&path) == Some(&look) || !self.is_turn_of(&path) {
                continue;
            }
            // The same data under another name, or with other times: a tool that renames, a share that came back.
            if refresher.knows(&path) {
                self.taken.insert(path, look);
                continue;
            }
            match take(refresher, &path) {
                Took::In => {
                    self.failed.remove(&path);
                    self.taken.insert(path, look);
                    n_taken += 1;
                }
                Took::Refused => drop(self.taken.insert(path, look)),
                Took::NotYet => self.note_failure(path),
            }
        }
        n_taken
    }

    /// Whether one that could not be taken in is to be tried again: after 1, 2, 4 looks and so on.
    fn is_turn_of(&mut self, path: &Path) -> bool {
        match self.failed.get_mut(path) {
            Some((_, looks)) if 0 < *looks => {
                *looks -= 1;
                false
            }
            Some(_) | None => true,
        }
    }

    fn note_failure(&mut self, path: PathBuf) {
        let (times, looks) = self.failed.entry(path).or_default();
        *looks = 1 << (*times).min(LOOKS_SHIFT_MAX);
        *times += 1;
    }
}

/// What became of one.
enum Took {
    /// It was looked at: it serves, or is held in quarantine.
    In,
    /// It will not be taken in as it is.
    Refused,
    /// It could not be looked at, or not swapped in: another try may help.
    NotYet,
}

fn take(refresher: &Arc<Refresher>, path: &Path) -> Took {
    let tables = path.to_path_buf();
    let submission = Submission { tables, way: CameBy::Watch, aim: Aim::Activate };
    match refresher.submit_in_background(submission).join() {
        Ok(Ok(_)) => Took::In,
        Ok(Err(error @ (Error::Taken(_) | Error::Unknown(_) | Error::Altered(_)))) => {
            tracing::error!(%error, path = %path.display(), "a snapshot is not taken in");
            Took::Refused
        }
        Ok(Err(error @ (Error::Load(_) | Error::Store(_) | Error::Engine(_)))) => {
            let path = path.display();
            tracing::error!(%error, %path, "a snapshot is not taken in; it is tried again");
            Took::NotYet
        }
        Err(_) => {
            tracing::error!(path = %path.display(), "taking a snapshot in failed");
            Took::Refused
        }
    }
}

/// The sub-directories that have not changed for long enough, in order of their last change.
fn complete(
    dir: &Path,
    seen: &mut BTreeMap<PathBuf, (Look, u32)>,
) -> io::Result<Vec<(PathBuf, Look)>> {
    let (mut found, mut there) = (Vec::new(), BTreeMap::new());
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || is_under_way(&name) || !path.join("manifest.json").is_file() {
            continue;
        }
        // One that cannot be read, or is just being renamed, keeps the others waiting for nothing.
        let Ok(look) = look(&path) else { continue };
        let before = seen.get(&path).filter(|(before, _)| *before == look);
        let quiet = before.map_or(0, |(_, quiet)| quiet.saturating_add(1));
        there.insert(path.clone(), (look, quiet));
        let enough = match (look.is_under_way, look.is_in_order) {
            (true, _) => QUIET_LOOKS_UNDER_WAY,
            (false, false) => QUIET_LOOKS,
            (false, true) => 1,
        };
        if enough <= quiet {
            found.push((path, look));
        }
    }
    *seen = there;
    found.sort_by_key(|(_, look)| look.changed);
    Ok(found)
}

/// Whether a name is that of something that is not done: by its ending, or `.on_hand.csv.Xa31bC`, as rsync has it.
fn is_under_way(name: &str) -> bool {
    let low = name.to_ascii_lowercase();
    let hidden = low.strip_prefix('.').and_then(|rest| rest.split('.').next());
    let is_hidden = hidden
        .is_some_and(|stem| stem == "manifest" || loader::names_table(&format!("{stem}.csv")));
    is_hidden || UNDER_WAY.iter().any(|ending| low.ends_with(ending))
}

/// The snapshot in a directory that was written last; none where there is none.
///
/// # Errors
/// The directory cannot be read.
pub fn latest(dir: &Path) -> io::Result<Option<PathBuf>> {
    let mut all = BTreeMap::new();
    complete(dir, &mut all)?;
    Ok(all.into_iter().max_by_key(|(_, (look, _))| look.changed).map(|(path, _)| path))
}

fn look(path: &Path) -> io::Result<Look> {
    let (mut look, mut of_manifest) = (
        Look {
            files: 0,
            bytes: 0,
            changed: SystemTime::UNIX_EPOCH,
            is_in_order: false,
            is_under_way: false,
        },
        SystemTime::UNIX_EPOCH,
    );
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let (name, about) = (entry.file_name(), entry.metadata()?);
        let changed = about.modified()?;
        look.files += 1;
        look.bytes += about.len();
        look.changed = look.changed.max(changed);
        look.is_under_way |= about.is_file() && is_under_way(&name.to_string_lossy());
        if name == "manifest.json" {
            of_manifest = changed;
        }
    }
    look.is_in_order = 1 < look.files && look.changed <= of_manifest;
    Ok(look)
}
