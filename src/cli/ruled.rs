//! What a server says when later rules hold from this start on.

use crate::{
    engine::Engine,
    ledger::{Fact, reservation::id},
};

/// Promises newly at risk that are named; there may be any number.
const NAMED_MAX: usize = 100;

/// Says that other rules hold from now on than those that the journal was written under, and whom they hurt.
pub(super) fn tell(engine: &Engine) {
    let Some(entry) = engine.ruled() else {
        return;
    };
    let Fact::Ruled { rules, at_risk } = &entry.fact else {
        return;
    };
    let position = entry.position;
    if at_risk.is_empty() {
        tracing::info!(
            position,
            rules,
            "later rules hold from here on; they put no promise at risk"
        );
        return;
    }
    let named: Vec<_> = at_risk.iter().take(NAMED_MAX).map(|number| id(*number)).collect();
    let (n, named) = (at_risk.len(), named.join(" "));
    tracing::warn!(
        position,
        rules,
        newly_at_risk = n,
        "later rules hold from here on; newly at risk by them: {named}"
    );
}
