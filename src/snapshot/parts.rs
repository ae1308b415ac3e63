//! The parts that an allocation rule divides a stock account into. What a part has, and who may take of it, is the layer
//! [`crate::allocation`]'s; its number and name are in `part_accounts.rs`.

use super::index::ClassIx;
use crate::model::Consumption;

/// A part of a stock account that an allocation rule gives an account of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The share of a class node: what is there and not yet taken.
    Node(ClassIx),
    /// What a class may get in a period at most, and has not yet been promised: one day a period.
    Cap(ClassIx),
    /// What a class has been promised in a period, less what is protected for it: one day a period.
    Protected(ClassIx),
    /// What a class, or a line without class, has taken where a rule bounds what it sees of the whole.
    Seen(Option<ClassIx>),
}

impl Part {
    /// The class that it is of; none of what a line without class has taken.
    pub fn class(self) -> Option<ClassIx> {
        match self {
            Part::Node(class) | Part::Cap(class) | Part::Protected(class) => Some(class),
            Part::Seen(class) => class,
        }
    }

    /// How shortages treat the supply around them: on a node as on the whole; what is counted stands alone, day by day.
    pub(crate) fn consumption(self, whole: Consumption) -> Consumption {
        match self {
            Part::Node(_) => whole,
            Part::Cap(_) | Part::Protected(_) | Part::Seen(_) => Consumption::None,
        }
    }

    /// The same part of another class, if there is one.
    ///
    /// # Errors
    /// Those of `other`.
    pub fn of_class<E>(self, other: impl FnOnce(ClassIx) -> Result<ClassIx, E>) -> Result<Self, E> {
        Ok(match self {
            Part::Node(class) => Part::Node(other(class)?),
            Part::Cap(class) => Part::Cap(other(class)?),
            Part::Protected(class) => Part::Protected(other(class)?),
            Part::Seen(class) => Part::Seen(class.map(other).transpose()?),
        })
    }
}
