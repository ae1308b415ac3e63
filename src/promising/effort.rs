//! How much is tried for one line (semantics 12.5): needs are counted as they are opened, there is no clock.
//!
//! At the limit parts and alternates are given up, and the first source that can do the whole is taken, day by day;
//! that ends at the limit too.

use crate::limits::NEEDS_MAX;

/// Needs after which it pays to remember those that have nothing.
const MANY: u32 = 256;

/// What is still tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// Everything that the rules allow.
    #[default]
    Thorough,
    /// Only sources that do the whole.
    Plain,
}

/// The needs that were opened for a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Effort {
    stage: Stage,
    /// In this stage.
    n_opened: u32,
    /// The most for a line, of all since the beginning.
    n_most: u32,
}

impl Effort {
    /// Begins with another line.
    pub(super) fn restart(&mut self) {
        *self = Self { n_most: self.n_most, ..Self::default() };
    }

    /// Counts a need; no once there are too many.
    pub(super) fn open(&mut self) -> bool {
        if self.is_over() {
            return false;
        }
        self.n_opened += 1;
        self.n_most = self.n_most.max(self.n_opened);
        true
    }

    /// Whether no need is opened any more, in this stage.
    pub(super) fn is_over(&self) -> bool {
        NEEDS_MAX <= self.n_opened
    }

    /// Whether so many needs were opened that it pays to remember some.
    pub(super) fn is_much(&self) -> bool {
        MANY <= self.n_opened
    }

    /// Gives up parts and alternates.
    pub(super) fn give_up(&mut self) {
        *self = Self { stage: Stage::Plain, n_opened: 0, ..*self };
    }

    /// Whether parts and alternates were given up.
    pub(super) fn is_plain(&self) -> bool {
        self.stage == Stage::Plain
    }

    /// The most needs that were opened for a line, of all since the beginning.
    pub(super) fn most(&self) -> u32 {
        self.n_most
    }
}
