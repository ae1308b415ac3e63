//! What nodes do by themselves while they lead, and that whoever leads does what all are configured for.

use super::{Keeper, steady};
use std::time::Duration;

/// A node that said something so long ago is not there.
const HEARD_WITHIN: Duration = Duration::from_secs(5);

/// What others are configured for and this node is not.
pub(super) fn missing<'a>(
    own: &[String],
    others: impl Iterator<Item = (&'a String, &'a Vec<String>)>,
) -> Vec<(&'a str, &'a str)> {
    let of_node = |(node, duties): (&'a String, &'a Vec<String>)| {
        duties.iter().map(move |duty| (duty.as_str(), node.as_str()))
    };
    others.flat_map(of_node).filter(|(duty, _)| !own.iter().any(|one| one == duty)).collect()
}

impl Keeper {
    /// Says once what is not done while this node leads.
    pub(super) fn look_at_duties(&mut self) {
        if !self.shared.is_leading() {
            self.missed.clear();
            return;
        }
        let now = steady();
        let heard = self.heard.iter().filter(|(_, (_, at))| now.saturating_sub(*at) < HEARD_WITHIN);
        let others = heard.map(|(node, (kept, _))| (node, &kept.duties));
        for (duty, node) in missing(&self.about.duties, others) {
            if self.missed.insert(duty.to_string()) {
                tracing::warn!(
                    duty,
                    configured_on = node,
                    "this node leads and is not configured for it, so nobody does it: configure all nodes alike"
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_others_are_configured_for_is_missing() {
        let duties = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        let names = ["n1", "n2"].map(String::from);
        let of = [duties(&["feed erp", "watch"]), duties(&["watch", "webhook shop"])];
        let others = || names.iter().zip(&of);
        assert_eq!(missing(&of[0], others()), [("webhook shop", "n2")]);
        assert_eq!(missing(&duties(&["watch"]), others()).len(), 2);
    }
}
