//! From when on a rule has everything, without a look at supply (semantics 2): in the mode `infinite`, once a lead
//! time is over, beyond the infinite fence. Nothing is consumed then.
//!
//! Nobody else in `promising` looks at the mode of a rule, or at its fence.

use super::{
    route::Route,
    search::{Need, Search},
    trace::Via,
};
use crate::{
    limits::AMOUNT_MAX,
    model::{Day, Quantity},
    snapshot::atp_rule::{AtpRule, Mode},
};

/// When a rule has everything; none: never.
#[derive(Clone, Copy, Debug)]
pub(super) enum Free {
    /// Whenever it is needed.
    Always,
    /// When the lead time is over; before that nothing is there, and nothing is looked for.
    AfterLeadTime(Option<Day>),
    /// On and behind the infinite fence; before it supply is looked for.
    BehindFence(Option<Day>),
}

impl Free {
    /// What a rule has, if its lead time of so many days is over on a day.
    fn of(rule: &AtpRule, over: impl FnOnce(u16) -> Option<Day>) -> Self {
        match rule.mode {
            Mode::Infinite => Self::Always,
            Mode::LeadTime => Self::AfterLeadTime(over(rule.lead_time_days)),
            Mode::Supply => Self::BehindFence(rule.infinite_from()),
        }
    }

    /// What a rule has of what ships on a route, and the first day on which that can ship: the lead time is over then.
    pub(super) fn on_route(rule: &AtpRule, route: &Route<'_>) -> Option<(Self, Day)> {
        match Self::of(rule, |days| route.after_lead_time(days)) {
            Self::AfterLeadTime(over) => Some((Self::AfterLeadTime(Some(Day::MIN)), over?)),
            free @ (Self::Always | Self::BehindFence(_)) => Some((free, route.first_ship()?)),
        }
    }

    /// The first day of which it has everything.
    pub(super) fn from(self) -> Option<Day> {
        match self {
            Self::Always => Some(Day::MIN),
            Self::AfterLeadTime(from) | Self::BehindFence(from) => from,
        }
    }

    /// By what it has everything on a day; none if it does not.
    pub(super) fn on(self, day: Day) -> Option<Via> {
        self.from().filter(|&from| from <= day).map(|_| match self {
            Self::Always | Self::BehindFence(_) => Via::Infinite,
            Self::AfterLeadTime(_) => Via::LeadTime,
        })
    }

    /// Whether supply is looked for on days on which it does not have everything.
    pub(super) fn is_searched(self) -> bool {
        matches!(self, Self::BehindFence(_))
    }
}

impl Search<'_> {
    /// What the rule of a need has, from its own today on.
    pub(super) fn free_for(&self, need: Need, rule: &AtpRule) -> Free {
        Free::of(rule, |days| {
            let snapshot = self.snapshot();
            let shipping = snapshot.locations.rows[need.location].shipping;
            snapshot.calendars.of(shipping).add(need.stand.today, days)
        })
    }
}

/// Whether a rule may have goods that neither stock nor a source has.
pub(super) fn may_be_free(rule: &AtpRule) -> bool {
    let free = Free::of(rule, |_| None);
    !free.is_searched() || free.from().is_some()
}

/// How much is available on a day, and the first day on which what was asked for is: behind the infinite fence everything;
/// before it what is supplied, and if that is never enough, everything at the fence. The mode is not looked at.
pub(super) fn available(
    rule: &AtpRule,
    day: Day,
    supplied: impl FnOnce() -> (Quantity, Option<Day>),
) -> (Quantity, Option<Day>) {
    let fence = rule.infinite_from();
    if fence.is_some_and(|fence| fence <= day) {
        return (Quantity::units(AMOUNT_MAX), Some(day));
    }
    let (available, earliest) = supplied();
    (available, earliest.or(fence))
}
