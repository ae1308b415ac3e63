//! Answers without postings, and steps that many promises take together.
//!
//! What was answered is a fact even where nothing came of it: the same command later must not get another
//! answer (semantics 12.1, *First answers*).

use super::{
    Acknowledgement, Admitted, Also, Fact, Ledger, Made, Note, Refusal, Reservation, State,
    reservation::Step,
};
use std::sync::Arc;

impl Ledger {
    /// Notes that lines were answered and nothing was promised.
    ///
    /// # Panics
    /// If something was.
    pub fn declined(&mut self, lines: Vec<Made>) -> Admitted<'_> {
        assert!(lines.iter().all(|made| made.reservation().is_none()), "nothing is promised");
        self.admitted(Fact::Promised { lines })
    }

    /// Notes that a promise was to change and stands as it was.
    pub fn unchanged(&mut self, stands: Arc<Reservation>) -> Admitted<'_> {
        self.admitted(Fact::Unchanged { stands })
    }

    /// Notes that a command was answered and changed nothing.
    pub fn answered(&mut self) -> Admitted<'_> {
        self.admitted(Fact::Answered)
    }

    /// Notes that somebody has seen an exception, or wants to hear of it later.
    pub fn acknowledge(&mut self, seen: Acknowledgement) -> Admitted<'_> {
        self.admitted(Fact::Acknowledged(Arc::new(seen)))
    }

    /// Notes what came about by itself.
    pub fn noted(&mut self, notes: Vec<Note>) -> Admitted<'_> {
        self.admitted(Fact::Noted { notes: notes.into() })
    }

    /// Lets a hold end at another instant, in microseconds since 1970 UTC; never sooner than it would.
    ///
    /// # Errors
    /// In this order: [`Refusal::DoesNotExist`], [`Refusal::StateForbids`].
    pub fn extend(&mut self, number: u64, until: i64) -> Result<Admitted<'_>, Refusal> {
        let before = self.about_to(number, Step::Extend)?;
        let until = match before.state {
            State::Held { until: ends } => until.max(ends),
            State::Confirmed | State::Fulfilled | State::Cancelled | State::Expired => until,
        };
        let after = Arc::new(Reservation { state: State::Held { until }, ..(*before).clone() });
        Ok(self.admitted(Fact::Stepped { step: Step::Extend, after: vec![after] }))
    }

    /// Puts what was worked out on a copy of this ledger into one entry: promises that took a step, and what
    /// changed with them.
    pub fn together(
        &mut self,
        step: Step,
        after: Vec<Arc<Reservation>>,
        also: Vec<Also>,
    ) -> Admitted<'_> {
        let mut admitted = self.admitted(Fact::Stepped { step, after });
        admitted.also = also;
        admitted
    }
}
