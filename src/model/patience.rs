//! How long a caller waits for a plan: until told otherwise, and for so many needs.
//!
//! A search counts the needs that it opens, and there is no clock in it. At each of them it looks whether anybody
//! still waits; if not, it stops there and then: it unwinds, so that nothing on its way has to know of it, and
//! [`heard_out`] catches that. What is given up has no answer at all, never a worse one.

use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

/// For how long a plan is waited for. Clones are given up together; each counts for itself.
///
/// ```
/// use promised::promising::patience::Patience;
/// let (patience, waiting) = Patience::until_dropped();
/// assert!(!patience.is_over());
/// drop(waiting);
/// assert!(patience.is_over());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Patience {
    given_up: Option<Arc<AtomicBool>>,
    /// Needs that may be opened; any number where there is none.
    needs: Option<u64>,
    /// Needs that were opened.
    opened: u64,
    /// How far it is, where somebody wants to know.
    progress: Option<Arc<Progress>>,
}

/// How far work is: it tells, and whoever waits for it reads.
#[derive(Debug, Default)]
struct Progress {
    lines_done: AtomicU32,
    lines: AtomicU32,
    parts_done: AtomicU32,
    parts: AtomicU32,
}

/// How far work is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Far {
    /// Lines that are done.
    pub lines_done: u32,
    /// Lines that there are.
    pub lines: u32,
    /// Parts that are done.
    pub parts_done: u32,
    /// Parts that there are.
    pub parts: u32,
}

/// A plan that nobody waits for any more, or that takes more than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenUp;

/// Gives up what is waited for when it is dropped, as a call is whose caller has gone.
#[derive(Debug)]
pub struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Patience {
    /// For as long as it takes.
    pub fn endless() -> Self {
        Self::default()
    }

    /// For so many needs.
    pub fn of(needs: u64) -> Self {
        Self { needs: Some(needs), ..Self::default() }
    }

    /// For as long as what is given with it is kept.
    pub fn until_dropped() -> (Self, Waiting) {
        let given_up = Arc::new(AtomicBool::new(false));
        (Self { given_up: Some(Arc::clone(&given_up)), ..Self::default() }, Waiting(given_up))
    }

    /// The same, which tells how far it is.
    #[must_use]
    pub fn telling(self) -> Self {
        Self { progress: Some(Arc::default()), ..self }
    }

    /// The same, which tells nothing: for what is only a step of the work.
    #[must_use]
    pub fn quiet(&self) -> Self {
        Self { progress: None, ..self.clone() }
    }

    /// Gives up whatever is done with this patience and its clones.
    pub fn end(&self) {
        if let Some(given_up) = &self.given_up {
            given_up.store(true, Ordering::Relaxed);
        }
    }

    /// Says how much there is to do.
    pub fn expect(&self, lines: usize, parts: usize) {
        if let Some(progress) = &self.progress {
            progress.lines.store(shown(lines), Ordering::Relaxed);
            progress.parts.store(shown(parts), Ordering::Relaxed);
        }
    }

    /// Says that so many lines more are done.
    pub fn did(&self, lines: usize) {
        if let Some(progress) = &self.progress {
            progress.lines_done.fetch_add(shown(lines), Ordering::Relaxed);
        }
    }

    /// Says that a part more is done.
    pub fn did_part(&self) {
        if let Some(progress) = &self.progress {
            progress.parts_done.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How far it is.
    pub fn far(&self) -> Far {
        let read = |of: fn(&Progress) -> &AtomicU32| {
            self.progress.as_deref().map_or(0, |progress| of(progress).load(Ordering::Relaxed))
        };
        Far {
            lines_done: read(|progress| &progress.lines_done),
            lines: read(|progress| &progress.lines),
            parts_done: read(|progress| &progress.parts_done),
            parts: read(|progress| &progress.parts),
        }
    }

    /// Whether nobody waits any more.
    pub fn is_over(&self) -> bool {
        self.given_up.as_ref().is_some_and(|given_up| given_up.load(Ordering::Relaxed))
    }

    /// Stops what is under way, if nobody waits for it any more. Only within [`heard_out`].
    pub fn go_on(&self) {
        if self.is_over() {
            give_up();
        }
    }

    /// Opens one need; looking at one line of many counts as one. Only within [`heard_out`].
    pub fn open(&mut self) {
        self.opened += 1;
        if self.needs.is_some_and(|needs| needs < self.opened) {
            give_up();
        }
        self.go_on();
    }
}

thread_local! {
    /// Who waits for what is done on this thread, where that is not a search, which takes its patience along.
    static HERE: RefCell<Option<Patience>> = const { RefCell::new(None) };
}

/// Gives a thread back whoever waited before.
struct Before(Option<Patience>);

impl Drop for Before {
    fn drop(&mut self) {
        HERE.set(self.0.take());
    }
}

/// What comes of work that looks now and then, by [`look`], whether anybody still waits for it.
///
/// # Errors
/// It was given up.
pub fn heard_out_here<T>(patience: &Patience, work: impl FnOnce() -> T) -> Result<T, GivenUp> {
    let _before = Before(HERE.replace(Some(patience.clone())));
    heard_out(work)
}

/// Looks whether anybody still waits for what is done on this thread; ends it there and then if not. Where nobody has
/// said who waits, it goes on.
pub fn look() {
    HERE.with_borrow_mut(|here| {
        if let Some(patience) = here {
            patience.open();
        }
    });
}

/// A number as progress is told in.
fn shown(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Ends what is under way. Only within [`heard_out`].
pub fn give_up() -> ! {
    // No panic: no hook is told of it, and nothing is printed.
    resume_unwind(Box::new(GivenUp))
}

/// What comes of work that may be given up.
///
/// # Errors
/// It was given up.
pub fn heard_out<T>(work: impl FnOnce() -> T) -> Result<T, GivenUp> {
    // Unwind safe: what the work held is dropped with it.
    catch_unwind(AssertUnwindSafe(work)).map_err(|why| match why.downcast::<GivenUp>() {
        Ok(given_up) => *given_up,
        Err(panic) => resume_unwind(panic),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_for_some_needs_hears_no_more_of_the_next() {
        let opened = |patience: &Patience, n: u64| {
            let mut patience = patience.clone();
            heard_out(|| (0..n).for_each(|_| patience.open()))
        };
        assert_eq!(opened(&Patience::of(3), 3), Ok(()));
        assert_eq!(opened(&Patience::of(3), 4), Err(GivenUp));
        let (patience, waiting) = Patience::until_dropped();
        assert_eq!(opened(&patience, 9), Ok(()));
        drop(waiting);
        assert_eq!(opened(&patience, 1), Err(GivenUp));
        assert_eq!(opened(&Patience::endless(), 9), Ok(()));
    }

    #[test]
    fn what_is_done_on_a_thread_ends_where_nobody_waits_for_it() {
        let looked = |patience: &Patience, n: u64| {
            let mut done = 0;
            let heard = heard_out_here(patience, || {
                (0..n).for_each(|_| {
                    look();
                    done += 1;
                });
            });
            (heard, done)
        };
        assert_eq!(looked(&Patience::of(3), 3), (Ok(()), 3));
        assert_eq!(looked(&Patience::of(3), 9), (Err(GivenUp), 3));
        look();
        let (patience, waiting) = Patience::until_dropped();
        let within = heard_out_here(&Patience::endless(), || looked(&patience, 2));
        assert_eq!(within, Ok((Ok(()), 2)));
        drop(waiting);
        assert_eq!(looked(&patience, 2), (Err(GivenUp), 0));
    }

    #[test]
    fn work_tells_how_far_it_is_and_ends_for_all() {
        let (patience, _waiting) = Patience::until_dropped();
        assert_eq!(patience.far(), Far::default());
        let patience = patience.telling();
        let (clone, quiet) = (patience.clone(), patience.quiet());
        clone.expect(7, 2);
        clone.did(3);
        quiet.did(4);
        clone.did_part();
        assert_eq!(patience.far(), Far { lines_done: 3, lines: 7, parts_done: 1, parts: 2 });
        patience.end();
        assert!(clone.is_over() && quiet.is_over());
    }

    #[test]
    #[should_panic(expected = "as this test wants it")]
    fn a_panic_stays_one() {
        heard_out(|| panic!("as this test wants it")).expect("it is no giving up");
    }
}
