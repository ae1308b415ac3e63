//! What is kept of data that did not come to serve: the latest of it, and nothing for ever.
//!
//! A broken push a minute is a thousand a day, each as large as a snapshot. So each kind has a number of which the
//! oldest go, and an age after which all do.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// How much of each kind is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keep {
    /// Snapshots in quarantine.
    pub quarantine: usize,
    /// Reports of refreshes.
    pub reports: usize,
    /// Pushes that were broken off.
    pub broken_pushes: usize,
    /// Seconds after which any of them goes.
    pub seconds: u64,
}

impl Default for Keep {
    fn default() -> Self {
        Self { quarantine: 20, reports: 20, broken_pushes: 20, seconds: 7 * 24 * 3_600 }
    }
}

/// Ids of snapshots that have served: a mark of no bytes each.
const KNOWN_MAX: usize = 10_000;

/// Removes what is too much, or too old at an instant, in the directories of a store.
///
/// # Errors
/// One cannot be listed or removed; the others are all the same.
pub(super) fn tidy(store: &Path, keep: Keep, now: SystemTime) -> io::Result<()> {
    let oldest = now.checked_sub(Duration::from_secs(keep.seconds));
    let kinds = [
        ("quarantine", keep.quarantine, oldest),
        ("reports", keep.reports, oldest),
        ("incoming", keep.broken_pushes, oldest),
        // A snapshot that served long ago is still known.
        ("known", KNOWN_MAX, None),
    ];
    let done = kinds.map(|(kind, most, oldest)| bound(&store.join(kind), most, oldest));
    done.into_iter().collect()
}

fn bound(dir: &Path, most: usize, oldest: Option<SystemTime>) -> io::Result<()> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        found.push((changed(&path)?, path));
    }
    found.sort_unstable_by(|one, next| next.cmp(one));
    let is_old = |at: SystemTime| oldest.is_some_and(|oldest| at < oldest);
    let mut gone = found.into_iter().enumerate().filter(|(n, (at, _))| most <= *n || is_old(*at));
    gone.try_for_each(|(_, (_, path))| remove(&path))
}

/// When a file, or anything in a directory, was changed last. What goes meanwhile is as old as can be.
fn changed(path: &Path) -> io::Result<SystemTime> {
    let at = |path: &Path| match fs::symlink_metadata(path) {
        Ok(about) => about.modified().map(|at| (at, about.is_dir())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok((SystemTime::UNIX_EPOCH, false))
        }
        Err(error) => Err(error),
    };
    let (mut latest, is_dir) = at(path)?;
    if is_dir {
        for entry in fs::read_dir(path)? {
            latest = latest.max(at(&entry?.path())?.0);
        }
    }
    Ok(latest)
}

fn remove(path: &PathBuf) -> io::Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes things in a directory, the n-th n seconds after the beginning; what is left of them.
    #[track_caller]
    fn check(kind: &str, (n, keep, now): (u64, Keep, u64), want: std::ops::Range<u64>) {
        let store = tempfile::tempdir().unwrap();
        for kind in ["quarantine", "reports", "incoming", "known"] {
            fs::create_dir(store.path().join(kind)).unwrap();
        }
        let at = |second| SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + second);
        for second in 0..n {
            let mut path = store.path().join(kind).join(second.to_string());
            if matches!(kind, "quarantine" | "incoming") {
                fs::create_dir(&path).unwrap();
                fs::File::open(&path).unwrap().set_modified(at(0)).unwrap();
                path = path.join("items.csv");
            }
            fs::File::create(&path).unwrap().set_modified(at(second)).unwrap();
            if let Some(dir) = path.parent().filter(|_| path.ends_with("items.csv")) {
                fs::File::open(dir).unwrap().set_modified(at(0)).unwrap();
            }
        }
        tidy(store.path(), keep, at(now)).unwrap();
        let left = fs::read_dir(store.path().join(kind)).unwrap();
        let mut left: Vec<u64> = left
            .map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap())
            .collect();
        left.sort_unstable();
        assert_eq!(left, want.collect::<Vec<_>>(), "{kind}");
    }

    #[test]
    fn of_each_kind_the_latest_stay_and_none_for_long() {
        let keep = Keep { quarantine: 5, reports: 10, broken_pushes: 3, seconds: 100 };
        check("quarantine", (30, keep, 30), 25..30);
        check("reports", (30, keep, 30), 20..30);
        check("incoming", (30, keep, 30), 27..30);
        check("known", (30, keep, 1_000), 0..30);
        for kind in ["quarantine", "reports", "incoming"] {
            let keep = Keep { quarantine: 50, reports: 50, broken_pushes: 50, seconds: 100 };
            check(kind, (30, keep, 110), 10..30);
            check(kind, (30, keep, 1_000), 0..0);
        }
    }
}
