//! Which promise a caller means: a guard beside the id on every command that names one.

use super::status::Failure;
use crate::ledger::{World, reservation};
use tonic::Code;

/// What a caller knows of the promise that a command names: an id alone means another promise in another ledger.
pub(super) struct Guarded {
    order: Option<String>,
    line: Option<String>,
    ledger: Option<String>,
}

impl Guarded {
    pub(super) fn new(order: &str, line: &str, ledger: &str) -> Self {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_string());
        Self { order: given(order), line: given(line), ledger: given(ledger) }
    }

    /// Whether the promise is the one that is meant. The order and line of a promise never change, so it does not
    /// matter that others may be faster; one that there is not is for the command to tell.
    pub(super) fn check(&self, world: &World, number: u64) -> Result<(), Failure> {
        let found = world.reservation(number).map(|found| &found.facts);
        let facts = |text: fn(&reservation::Facts) -> &str| found.map(|facts| text(facts));
        let guards = [
            ("ledger", &self.ledger, Some(&**world.ledger())),
            ("order", &self.order, facts(|facts| &facts.order)),
            ("line", &self.line, facts(|facts| &facts.line)),
        ];
        for (what, meant, is) in guards {
            if let (Some(meant), Some(is)) = (meant, is)
                && meant != is
            {
                let id = reservation::id(number);
                let text = format!(
                    "{id} is not the promise that is meant: its {what} is {is:?}, not {meant:?}"
                );
                return Err(Failure::new(Code::FailedPrecondition, "OTHER_PROMISE", text));
            }
        }
        Ok(())
    }
}
