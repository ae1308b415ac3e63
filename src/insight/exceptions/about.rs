//! One exception by what it is about, without looking at all there is: what an event names.

use super::{
    Exception, ExceptionKind, ExceptionSettings, KINDS, accounts, promises, slips, stale, supplies,
};
use crate::{
    insight::takes::Takes,
    ledger::reservation,
    model::{AccountIx, Day},
    snapshot::SupplyIx,
};
use std::sync::Arc;

/// What an exception is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A promise, and what is to be said of it.
    Promise(ExceptionKind, u64),
    /// A supply that is late.
    Supply(SupplyIx),
    /// An account that is short.
    Account(AccountIx),
    /// A source that has fallen silent.
    Source(Arc<str>),
    /// Whatever has this id.
    Id(Arc<str>),
}

/// The exception about something at an instant, if it is one in the world that takes are kept up with.
pub fn find(
    takes: &mut Takes,
    about: &Subject,
    (settings, now): (ExceptionSettings, i64),
) -> Option<Exception> {
    let slips = slips(takes.world());
    let mut found = match about {
        Subject::Promise(kind, number) => {
            let promise = Arc::clone(takes.world().reservation(*number)?);
            promises::one(takes, (*kind, &promise), (settings, now), &slips)
        }
        Subject::Supply(supply) => {
            let world = takes.world().clone();
            let slip = slips.get(supply);
            let account = world.snapshot.supplies.account(*supply);
            let account = account.or(slip.map(|slip| slip.account))?;
            let mut rows = world.snapshot.supplies.of(account).iter();
            let due = rows.find(|row| row.supply == Some(*supply)).map(|row| row.due);
            let over = due.filter(|due| *due < Day::ZERO).map_or(0, |due| -due.0);
            let days = over.max(slip.map_or(0, |slip| slip.days));
            supplies::supply_late(takes, (*supply, account.ix(), days), slip)
        }
        Subject::Account(account) => accounts::one(takes, *account, &slips),
        Subject::Source(source) => {
            let mut all = stale(takes.world(), settings, now).into_iter();
            all.find(|one| *one.subject == **source)
        }
        Subject::Id(id) => of_id(takes, id, (settings, now)),
    }?;
    found.judge(takes.world());
    Some(found)
}

/// Whatever has an id, which is made of its kind and its subject.
fn of_id(takes: &mut Takes, id: &str, at: (ExceptionSettings, i64)) -> Option<Exception> {
    let (word, subject) = id.split_once('/')?;
    let (_, kind) = KINDS.iter().find(|(known, _)| *known == word)?;
    let about = match kind {
        ExceptionKind::AtRisk
        | ExceptionKind::Late
        | ExceptionKind::CouldBeSooner
        | ExceptionKind::HoldExpiring
        | ExceptionKind::Forced => Subject::Promise(*kind, reservation::number(subject)?),
        ExceptionKind::SupplyLate => {
            Subject::Supply(takes.world().snapshot.supplies.names.get(subject)?)
        }
        ExceptionKind::SourceStale => Subject::Source(subject.into()),
        ExceptionKind::Overcommitted | ExceptionKind::OverConsumed => {
            let slips = slips(takes.world());
            return accounts::all(takes, &slips).into_iter().find(|one| one.id == id);
        }
    };
    find(takes, &about, at)
}
