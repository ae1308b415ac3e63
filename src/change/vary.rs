//! One parameter over a range of values: each value is a change of planning data.

use super::{Change, Fault};
use crate::snapshot::{Snapshot, row::choice};

/// A parameter and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vary {
    text: String,
    what: What,
    key: String,
    from: i64,
    to: i64,
    step: i64,
}

/// What is varied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Supply,
    OnHand,
    Capacity,
    LeadTime,
    Share,
}

const WHATS: &[(&str, What)] = &[
    ("supply", What::Supply),
    ("on_hand", What::OnHand),
    ("capacity", What::Capacity),
    ("lead_time", What::LeadTime),
    ("share", What::Share),
];

/// Values of a parameter; each costs as much as promising all orders.
const VALUES_MAX: i64 = 200;

impl Vary {
    /// Reads `what:key:from..to:step`; numbers may end in `d`.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected =
            || "WHAT:KEY:FROM..TO such as supply:PO-4711:-7d..+14d is expected".to_string();
        let (what, rest) = text.split_once(':').ok_or_else(expected)?;
        let what = choice(WHATS, what)
            .map_err(|words| format!("{words} is expected before the first colon"))?;
        let dots = rest.find("..").ok_or_else(expected)?;
        let (left, right) = (&rest[..dots], &rest[dots + 2..]);
        let (key, from) = left.rsplit_once(':').ok_or_else(expected)?;
        let (to, step) = right.split_once(':').unwrap_or((right, "1"));
        let number = |text: &str| {
            let digits = text.trim_end_matches('d').trim_start_matches('+');
            digits.parse::<i64>().map_err(|_| format!("{text:?} is no whole number"))
        };
        let (from, to, step) = (number(from)?, number(to)?, number(step)?);
        let n_steps = to.checked_sub(from).filter(|range| 0 <= *range && 0 < step);
        if n_steps.is_none_or(|range| VALUES_MAX <= range / step) {
            return Err(format!("a range upwards of at most {VALUES_MAX} values is expected"));
        }
        Ok(Self { text: text.to_string(), what, key: key.to_string(), from, to, step })
    }

    /// The values, upwards.
    pub fn values(&self) -> impl Iterator<Item = i64> + use<> {
        let (to, step) = (self.to, self.step);
        std::iter::successors(Some(self.from), move |value| value.checked_add(step))
            .take_while(move |value| *value <= to)
    }

    /// Whose capacity is varied: a resource's, or else a location's order lines a day.
    fn owner(&self, snapshot: &Snapshot) -> &'static str {
        let is_location = snapshot.locations.names.get(&self.key).is_some();
        let is_resource = snapshot.resources.names.get(&self.key).is_some();
        if is_location && !is_resource { "location" } else { "resource" }
    }

    /// The change that gives the parameter a value; none where the value is "as it is".
    ///
    /// # Errors
    /// What of the key is no such thing.
    pub fn change(&self, snapshot: &Snapshot, value: i64) -> Result<Option<Change>, Vec<Fault>> {
        let epoch = snapshot.epoch();
        let mut parts = self.key.split('/');
        let mut part = || parts.next().unwrap_or_default().to_string();
        let text = value.to_string();
        let (word, cells): (_, Vec<(&str, String)>) = match self.what {
            What::Supply | What::OnHand | What::Capacity if value == 0 => return Ok(None),
            What::Supply => ("supply_moved", vec![("supply", self.key.clone()), ("days", text)]),
            What::OnHand => (
                "on_hand_adjusted",
                vec![("item", part()), ("location", part()), ("quantity", text)],
            ),
            What::Capacity => (
                "capacity_added",
                vec![
                    (self.owner(snapshot), self.key.clone()),
                    ("date", epoch.as_of().to_string()),
                    ("to_date", epoch.date(epoch.end().plus(-1)).to_string()),
                    ("quantity", text),
                ],
            ),
            What::LeadTime => {
                ("lead_time_set", vec![("supplier", part()), ("item", part()), ("days", text)])
            }
            What::Share => (
                "share_set",
                vec![
                    ("rule", part()),
                    ("demand_class", part()),
                    ("effective_from", part()),
                    ("value", text),
                ],
            ),
        };
        let cell = |name: &'static str| {
            cells.iter().find(|(other, _)| *other == name).map(|(_, text)| text.as_str())
        };
        Change::read(0, word, cell).map(Some)
    }

    /// What it is varied by, in words.
    pub fn heading(&self) -> &'static str {
        match self.what {
            What::Supply => "days later",
            What::OnHand => "more on hand",
            What::Capacity => "more hours",
            What::LeadTime => "lead time",
            What::Share => "share",
        }
    }

    /// As it was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Of what, in keys.
    pub fn key(&self) -> &str {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_read() {
        #[track_caller]
        fn check(text: &str, want: &str) {
            let told = match Vary::parse(text) {
                Ok(vary) => {
                    let values: Vec<_> = vary.values().map(|value| value.to_string()).collect();
                    format!("{} {}: {}", vary.heading(), vary.key(), values.join(" "))
                }
                Err(expected) => expected,
            };
            assert_eq!(told, want);
        }
        check("supply:PO-1:-2d..+2d", "days later PO-1: -2 -1 0 1 2");
        check("share:R/KEY/2026-11-23:0..60:30", "share R/KEY/2026-11-23: 0 30 60");
        check("on_hand:A/HAM:0..7:5", "more on hand A/HAM: 0 5");
        let range = "a range upwards of at most 200 values is expected";
        check("supply:PO-1:2..1", range);
        check("supply:PO-1:0..200", range);
        check("supply:PO-1:0..1:0", range);
        check("supply:PO-1:-9223372036854775808..9223372036854775807:1", range);
        check("supply:PO-1:a..1", "\"a\" is no whole number");
        check("supply", "WHAT:KEY:FROM..TO such as supply:PO-4711:-7d..+14d is expected");
        check(
            "colour:PO-1:0..1",
            "one of supply, on_hand, capacity, lead_time, share is expected before the first colon",
        );
    }
}
