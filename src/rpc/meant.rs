//! Which promise a caller means: a guard beside the id on every command that names one.

use super::{decode::NamedPromises, status::Failure};
use crate::{
    engine::{Selection, Which},
    ledger::{World, reservation},
};
use tonic::Code;

/// What a caller knows of the promise that a command names: an id alone means another promise in another ledger.
pub(super) struct Meant {
    order: Option<String>,
    line: Option<String>,
    ledger: Option<String>,
}

impl Meant {
    pub(super) fn new(order: &str, line: &str, ledger: &str) -> Self {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_string());
        Self { order: given(order), line: given(line), ledger: given(ledger) }
    }

    /// The same for many: where they are named by their ids, order and line are those of each.
    pub(super) fn many(named: &NamedPromises, ledger: &str) -> Self {
        if named.promise_ids.is_empty() {
            return Self::new("", "", ledger);
        }
        Self::new(&named.order, &named.line, ledger)
    }

    /// Whether the promise that has shipped is the one that is meant.
    pub(super) fn check_which(&self, world: &World, which: &Which) -> Result<(), Failure> {
        match which {
            Which::Number(number) => self.check(world, *number),
            Which::Line { .. } => self.check_ledger(world),
        }
    }

    /// Whether the promises are those that are meant.
    pub(super) fn check_all(&self, world: &World, selection: &Selection) -> Result<(), Failure> {
        match selection {
            Selection::Numbers(numbers) => {
                numbers.iter().try_for_each(|number| self.check(world, *number))
            }
            Selection::Order { .. } => self.check_ledger(world),
        }
    }

    fn check_ledger(&self, world: &World) -> Result<(), Failure> {
        // There is no promise of number 0, so that its order and line are not asked for.
        self.check(world, 0)
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
                return Err(Failure::new(Code::FailedPrecondition, "OTHER_PROMISE", text)
                    .with("promise_id", id)
                    .with("field", what)
                    .with("is", is));
            }
        }
        Ok(())
    }
}
