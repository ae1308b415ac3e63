//! Parents of rows of one table: how many tiers they make, or where they lead back to their start.

use crate::model::Index;

/// How far a row stands below its root, as far as that is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Unknown,
    /// It is on the path that is being walked.
    OnPath,
    Known(usize),
}

/// The number of tiers of so many rows; each parent is asked for once.
///
/// # Errors
/// A path that leads back to its start.
pub(super) fn tiers<I: Index + PartialEq>(
    n_rows: usize,
    parent: impl Fn(I) -> Option<I>,
) -> Result<usize, Vec<I>> {
    let mut depths = vec![Depth::Unknown; n_rows];
    let mut n_tiers = 0;
    let mut path = Vec::new();
    for start in (0..n_rows).map(I::from_usize) {
        let mut next = Some(start);
        let mut above = 0;
        while let Some(at) = next {
            match depths[at.to_usize()] {
                Depth::Known(depth) => {
                    above = depth + 1;
                    break;
                }
                Depth::OnPath => return Err(circle(&path, at)),
                Depth::Unknown => {
                    depths[at.to_usize()] = Depth::OnPath;
                    path.push(at);
                    next = parent(at);
                }
            }
        }
        for row in path.drain(..).rev() {
            depths[row.to_usize()] = Depth::Known(above);
            above += 1;
        }
        n_tiers = n_tiers.max(above);
    }
    Ok(n_tiers)
}

/// The end of a path, from a row that is met again to itself.
fn circle<I: Copy + PartialEq>(path: &[I], again: I) -> Vec<I> {
    let first = path.iter().position(|&row| row == again).expect("it is on the path");
    path[first..].iter().copied().chain([again]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::ZoneIx;
    use std::cell::Cell;

    /// Parents by position; each number of tiers or circle in words, and how often a parent was asked for.
    #[track_caller]
    fn check(parents: &[Option<usize>], want: &str, n_asked: usize) {
        let asked = Cell::new(0);
        let parent = |row: ZoneIx| {
            asked.set(asked.get() + 1);
            parents[row.to_usize()].map(ZoneIx::from_usize)
        };
        let got = match tiers(parents.len(), parent) {
            Ok(n_tiers) => n_tiers.to_string(),
            Err(path) => {
                let names: Vec<_> = path.iter().map(|row| row.to_usize().to_string()).collect();
                names.join(" > ")
            }
        };
        assert_eq!((got.as_str(), asked.get()), (want, n_asked));
    }

    #[test]
    fn tiers_are_counted_and_circles_found() {
        check(&[], "0", 0);
        check(&[None, None], "1", 2);
        check(&[Some(1), Some(2), None, Some(0)], "4", 4);
        check(&[Some(0)], "0 > 0", 1);
        check(&[None, Some(2), Some(3), Some(1)], "1 > 2 > 3 > 1", 4);
    }

    /// Issue 18 item 12: what a chain of zones or classes costs grows with its length.
    #[test]
    fn a_long_chain_is_walked_once_from_either_end() {
        let n = 8_000;
        let up: Vec<_> = (0..n).map(|row: usize| row.checked_sub(1)).collect();
        check(&up, "8000", n);
        let down: Vec<_> = (0..n).map(|row| (row + 1 < n).then_some(row + 1)).collect();
        check(&down, "8000", n);
        let circle: Vec<_> = (0..n).map(|row| Some((row + 1) % n)).collect();
        assert!(tiers(n, |row: ZoneIx| circle[row.to_usize()].map(ZoneIx::from_usize)).is_err());
    }
}
