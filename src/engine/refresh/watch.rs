//! A watched directory: a new complete snapshot in it is taken in.
//!
//! Each snapshot is a sub-directory. It is complete when its `manifest.json` is there, which is to be
//! written last, and nothing in it has changed between two looks. Each is taken in once, be there a restart
//! between; one that is written anew is taken in again. Looking is cheap, so no system call of one platform is
//! needed.

use super::{Aim, Error, Refresher, Submission, Way};
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

/// The longest pause between two tries is so many times 2 looks: about a minute.
const LOOKS_SHIFT_MAX: u32 = 6;

/// What a directory looked like: the number of files, their bytes, the latest change.
type Look = (usize, u64, SystemTime);

/// Takes in what appears in a directory until it is told to stop. Runs on a thread of its own.
pub fn watch(refresher: &Arc<Refresher>, dir: &Path, stop: &AtomicBool) {
    let mut watcher = Watcher::new(dir);
    while !stop.load(Ordering::Relaxed) {
        watcher.look(refresher);
        std::thread::sleep(LOOK_EVERY);
    }
}

/// What is known of a watched directory between two looks.
#[derive(Debug)]
pub struct Watcher {
    dir: PathBuf,
    has_looked: bool,
    seen: BTreeMap<PathBuf, Look>,
    taken: BTreeMap<PathBuf, Look>,
    /// Those that could not be taken in: how often, and how many looks until the next try.
    failed: BTreeMap<PathBuf, (u32, u64)>,
}

impl Watcher {
    /// Has not looked yet.
    pub fn new(dir: &Path) -> Self {
        let (seen, taken, failed) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { dir: dir.to_path_buf(), has_looked: false, seen, taken, failed }
    }

    /// Looks once, and takes in what is complete and was not taken in like this before; gives how many
    /// snapshots that were.
    pub fn look(&mut self, refresher: &Arc<Refresher>) -> usize {
        let found = match complete(&self.dir, &mut self.seen) {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, dir = %self.dir.display(), "cannot watch");
                return 0;
            }
        };
        if !std::mem::replace(&mut self.has_looked, true) {
            // What came in before a restart has been taken in, and may have been followed by others.
            let known = self.seen.iter().filter(|(path, _)| refresher.knows(path));
            self.taken.extend(known.map(|(path, look)| (path.clone(), *look)));
        }
        let mut n_taken = 0;
        for (path, look) in found {
            if self.taken.get(&path) == Some(&look) || !self.is_turn_of(&path) {
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
    let submission = Submission { tables, way: Way::Watch, aim: Aim::Activate };
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

/// The sub-directories that did not change since the last look, in order of their last change.
fn complete(dir: &Path, seen: &mut BTreeMap<PathBuf, Look>) -> io::Result<Vec<(PathBuf, Look)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if !path.join("manifest.json").is_file() {
            continue;
        }
        let look = look(&path)?;
        if seen.insert(path.clone(), look) == Some(look) {
            found.push((path, look));
        }
    }
    found.sort_by_key(|(_, (_, _, changed))| *changed);
    Ok(found)
}

/// The snapshot in a directory that was written last; none where there is none.
///
/// # Errors
/// The directory cannot be read.
pub fn latest(dir: &Path) -> io::Result<Option<PathBuf>> {
    let mut all = BTreeMap::new();
    complete(dir, &mut all)?;
    Ok(all.into_iter().max_by_key(|(_, (_, _, changed))| *changed).map(|(path, _)| path))
}

fn look(path: &Path) -> io::Result<Look> {
    let mut look = (0, 0, SystemTime::UNIX_EPOCH);
    for entry in fs::read_dir(path)? {
        let about = entry?.metadata()?;
        look.0 += 1;
        look.1 += about.len();
        look.2 = look.2.max(about.modified()?);
    }
    Ok(look)
}
