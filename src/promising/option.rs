//! The options of a line: whole from one candidate, or of legs that were tried (semantics 5 and 11).

use super::{
    answer::{LineOption, OptionLeg},
    attempt::Attempt,
    search::Search,
    trial::Point,
};

impl Search<'_> {
    /// The whole line from one candidate, on its smallest day; none within the horizon. Leaves
    /// nothing behind, and does not look at the latest acceptable date.
    pub(super) fn whole(&mut self, attempt: &Attempt<'_>) -> Option<LineOption> {
        let start = self.point();
        let leg = self.earliest(attempt, attempt.line.quantity)?;
        Some(self.option_of(start, vec![leg]))
    }

    /// The option of legs that were tried since a point, which are then forgotten.
    pub(super) fn option_of(&mut self, start: Point, legs: Vec<OptionLeg>) -> LineOption {
        let postings = self.postings_since(start).to_vec();
        self.cut(start);
        LineOption::new(legs, postings)
    }

    /// Takes what an option takes.
    pub(super) fn take(&mut self, option: &LineOption) {
        self.trial.overlay.post_all(&option.postings);
    }
}
