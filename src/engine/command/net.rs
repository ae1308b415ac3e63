//! Net change: planning data changes below the promises, as a source system says.

use super::{act::Act, deed::WaitsWhile};
use crate::{
    change::Change,
    engine::{Answer, Engine, Error, NetOutcome, body, clock::SteadyTime, live::Live},
    ledger::{Entry, Fact, Ledger, Origin, SourcePosition, Stamp, World},
    promising::{
        meaning::{optional_number, optional_text},
        patience::{GivenUp, Patience, heard_out_here},
    },
};
use jiff::Timestamp;
use std::sync::Arc;

/// Changes planning data, all changes or none, as a source system says.
#[derive(Clone, Debug)]
pub struct NetCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// The changes.
    pub changes: Vec<Change>,
    /// The source system; a later snapshot's watermark of it tells whether that has them.
    pub source: Option<Arc<str>>,
    /// When the source knew of them; the moment of commitment if not given.
    pub known_at: Option<Timestamp>,
    /// Up to where of the source they are.
    pub position: Option<Arc<str>>,
    /// Where of the source they begin: after this position. If it was read to another one since, they are refused.
    pub after: Option<Arc<str>>,
    /// The moment after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

impl NetCommand {
    fn digest(&self) -> u128 {
        let mut digest = body::begin("changes");
        self.changes.iter().for_each(|change| change.digest(&mut digest));
        optional_text(&mut digest, self.source.as_deref());
        optional_number(&mut digest, self.known_at.map(Timestamp::as_microsecond));
        digest.value()
    }
}

/// A source's changes of planning data.
#[derive(Debug)]
struct Net {
    changes: Arc<[Change]>,
    source: Option<Arc<str>>,
    known_at: Option<i64>,
    position: Option<Arc<str>>,
    after: Option<Arc<str>>,
}

impl Engine {
    /// Changes planning data as a source says, all changes or none, and tells what that means for
    /// promises. Whoever counts on what is gone stays promised, and at risk.
    pub fn change(&self, command: NetCommand) -> Answer<NetOutcome> {
        let ticket = self.ticket(&command.request_id, command.digest(), command.deadline);
        let NetCommand { changes, source, known_at, position, after, .. } = command;
        let known_at = known_at.map(Timestamp::as_microsecond);
        self.ask(ticket, Net { changes: changes.into(), source, known_at, position, after })
    }

    /// What changes would mean for promises now, as long as somebody waits for it; nothing is changed.
    ///
    /// # Errors
    /// It was given up; within, every fault of the changes.
    pub fn preview(
        &self,
        changes: Vec<Change>,
        patience: &Patience,
    ) -> Result<Result<NetOutcome, Error>, GivenUp> {
        let world = self.pin();
        let preview = || world.preview(changes.into(), Origin::PLANNING);
        Ok(match heard_out_here(patience, preview)? {
            Err(faults) => Err(Error::Faulty(faults)),
            Ok(changed) => {
                Ok(NetOutcome { changed: Arc::new(changed), position: world.position, world })
            }
        })
    }
}

impl Act for Net {
    type Outcome = NetOutcome;

    fn act(&self, ledger: &mut Ledger, mut stamp: Stamp) -> Result<Entry, Error> {
        if let (Some(source), Some(position)) = (&self.source, &self.position) {
            check_turn(ledger.world(), (source, position), self.after.as_deref())?;
            let (source, position) = (Arc::clone(source), Arc::clone(position));
            stamp.source = Some(SourcePosition { source, position });
        }
        let known_at = self.known_at.unwrap_or(stamp.at);
        let origin = Origin { source: self.source.clone(), known_at };
        let admitted = ledger.change(Arc::clone(&self.changes), origin);
        Ok(admitted.map_err(Error::Faulty)?.commit(stamp))
    }

    fn told(entry: &Arc<Entry>, world: Arc<World>) -> NetOutcome {
        let Fact::Changed(changed) = &entry.fact else {
            unreachable!("the digest says that it is a change of planning data");
        };
        NetOutcome { changed: Arc::clone(changed), position: entry.position, world }
    }

    fn n_lines(&self) -> usize {
        self.changes.len()
    }

    fn held(&self) -> WaitsWhile {
        WaitsWhile::Never
    }

    fn is_long(&self, _live: &Live) -> bool {
        true
    }

    fn is_one_of_many(&self) -> bool {
        true
    }
}

/// Whether what a source says up to a position comes in its turn: not again, and after what it is to follow.
fn check_turn(
    world: &World,
    (source, position): (&Arc<str>, &Arc<str>),
    after: Option<&str>,
) -> Result<(), Error> {
    let last = world.positions().last(source, position);
    let follows = after.is_none_or(|after| after == last.map_or("", |last| last));
    if follows && !world.positions().has(source, position) {
        return Ok(());
    }
    let last = last.map(ToString::to_string).unwrap_or_default();
    Err(Error::PositionMoved { source_name: source.to_string(), last })
}
