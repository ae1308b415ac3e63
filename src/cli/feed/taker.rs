//! Takes in the lines of a feed: gathers them, cuts them into requests and sends these in their order.

use super::super::failure::Failure;
use super::{
    FaultyLine, Halt, StreamFormat, StreamTally, StreamTerms, StreamUnit,
    broker::Message,
    debezium,
    gathered::{Fit, Gathered},
    letters::Letters,
    map::Map,
    ndjson,
    sender::{NotDone, Sender, Sending},
};
use crate::{
    change::Change,
    engine::clock,
    ledger::positions::{Positions, stream},
    limits::CHANGES_MAX,
};
use std::{collections::BTreeMap, sync::Arc};

/// Takes units in.
pub(super) struct UnitTaker<'a> {
    terms: &'a StreamTerms,
    own_id: String,
    map: Map,
    sender: Sender,
    letters: Option<Letters>,
    /// How far the server has read the source.
    known: Positions,
    source: Arc<str>,
    gathered: Gathered,
    /// Requests so far, whether they had anything in them or not.
    n_cut: u64,
    tally: StreamTally,
}

impl<'a> UnitTaker<'a> {
    /// Begins where the server is.
    pub(super) fn begin(
        terms: &'a StreamTerms,
        format: StreamFormat,
        sender: Sender,
    ) -> Result<Self, Halt> {
        let map = match (&terms.map, format) {
            (Some(path), StreamFormat::Debezium) => Map::read(path).map_err(|fault| {
                let cause = format!("{} cannot be used: {fault}", path.display());
                Failure::new(cause, "see docs/feeds.md for what a map file holds")
            })?,
            (None, StreamFormat::Debezium) => {
                return Err(Halt::Failed(Failure::misused(
                    "events of Debezium need a map file",
                    "--map FILE, which says what rows of a table mean; see docs/feeds.md",
                )));
            }
            (_, StreamFormat::Ndjson | StreamFormat::Csv) => Map::default(),
        };
        let letters = terms.dead_letters.as_deref().map(Letters::open).transpose()?;
        let mut taker = Self {
            terms,
            own_id: format!("changes-{}-{}", clock::now().as_nanosecond(), std::process::id()),
            map,
            sender,
            letters,
            known: Positions::default(),
            source: terms.source.as_str().into(),
            gathered: Gathered::default(),
            n_cut: 0,
            tally: StreamTally::default(),
        };
        taker.ask()?;
        Ok(taker)
    }

    /// Asks the server how far it has read.
    fn ask(&mut self) -> Result<(), Halt> {
        self.known = Positions::default();
        if !self.terms.source.is_empty() {
            for position in self.sender.positions()? {
                self.known.hear(&self.source, &position.into());
            }
        }
        Ok(())
    }

    pub(super) fn tally(&self) -> &StreamTally {
        &self.tally
    }

    pub(super) fn has_letters(&self) -> bool {
        self.letters.is_some()
    }

    /// Whether all that came so far is done.
    pub(super) fn is_settled(&self) -> bool {
        self.gathered.is_empty()
    }

    /// The number of the last message of a stream that was taken in.
    pub(super) fn last(&self, name: &str) -> Option<u64> {
        let last = self.known.last(&self.source, &format!("{name}:0"))?;
        stream(last).1.and_then(|number| u64::try_from(number).ok())
    }

    /// Takes a line.
    pub(super) fn take_line(
        &mut self,
        line: u64,
        text: Result<String, String>,
    ) -> Result<(), Halt> {
        match self.read(line, text) {
            Ok(Some(unit)) => self.take(unit),
            Ok(None) => Ok(()),
            Err(faulty) => self.refuse(faulty),
        }
    }

    /// Takes a message, whose position is the broker's whatever it says itself.
    pub(super) fn take_message(&mut self, message: Message) -> Result<(), Halt> {
        let position = Some(message.position());
        let text = String::from_utf8(message.data).map_err(|_| "text in UTF-8 is expected".into());
        if text.as_ref().is_ok_and(|text: &String| text.trim().is_empty()) {
            // What is left of a deleted row in a compacted topic.
            return Ok(());
        }
        match self.read(message.number, text) {
            Ok(Some(unit)) => {
                let known_at = unit.known_at.or(message.at).map(|at| at.min(clock::now()));
                self.take(StreamUnit { position, known_at, ..unit })
            }
            Ok(None) => Ok(()),
            Err(faulty) => self.refuse(FaultyLine { position, ..faulty }),
        }
    }

    fn read(
        &self,
        line: u64,
        text: Result<String, String>,
    ) -> Result<Option<StreamUnit>, FaultyLine> {
        let text =
            text.map_err(|fault| FaultyLine { line, position: None, text: String::new(), fault })?;
        let read = match self.terms.format {
            Some(StreamFormat::Debezium) => {
                debezium::read((line, text), (&self.map, &self.terms.source))
            }
            Some(StreamFormat::Ndjson | StreamFormat::Csv) | None => {
                ndjson::read(line, text).map(Some)
            }
        };
        read.map_err(|(text, position, fault)| FaultyLine { line, position, text, fault })
    }

    /// Adds a unit; what is gathered goes first where they cannot be of one request.
    pub(super) fn take(&mut self, unit: StreamUnit) -> Result<(), Halt> {
        if let Some(position) = &unit.position {
            if self.terms.source.is_empty() {
                let line = unit.line;
                return Err(Halt::Failed(Failure::misused(
                    format!("line {line} has a position, and there is no source that it is of"),
                    "--source NAME",
                )));
            }
            if self.known.has(&self.source, position) {
                self.tally.skipped += 1;
                return Ok(());
            }
        }
        let n_changes = unit.changes.len();
        if CHANGES_MAX < n_changes {
            let fault =
                format!("it has {n_changes} changes; at most {CHANGES_MAX} are made together");
            let StreamUnit { line, position, text, .. } = unit;
            return self.refuse(FaultyLine { line, position, text, fault });
        }
        match self.gathered.fit(&unit) {
            Fit::Joins => self.gathered.add(unit),
            Fit::Apart => {
                self.cut()?;
                self.gathered.begin(unit);
            }
            Fit::Never => {
                let cause = format!(
                    "line {} has the position of the line before it, and cannot be made together with that",
                    unit.line
                );
                let mend = "give each change a position of its own";
                return Err(Halt::Failed(Failure::new(cause, mend)));
            }
        }
        Ok(())
    }

    /// Sends what is gathered.
    pub(super) fn cut(&mut self) -> Result<(), Halt> {
        let units = self.gathered.take();
        if units.is_empty() {
            return Ok(());
        }
        self.n_cut += 1;
        let id = self.id(&units, None);
        match self.send(&units, id) {
            Ok(()) => Ok(()),
            Err(NotDone::Halted(halt)) => Err(halt),
            Err(NotDone::Moved) => self.go_on_after_others(units),
            // Line by line, so that only those at fault are left over.
            Err(NotDone::Faulty(faults)) if units.len() == 1 => {
                self.refuse(faulty(&units[0], &faults))
            }
            Err(NotDone::Faulty(_)) => self.one_by_one(&units),
        }
    }

    fn one_by_one(&mut self, units: &[StreamUnit]) -> Result<(), Halt> {
        for (unit, nth) in units.iter().zip(1..) {
            let id = self.id(std::slice::from_ref(unit), Some(nth));
            match self.send(std::slice::from_ref(unit), id) {
                Ok(()) => {}
                Err(NotDone::Faulty(faults)) => self.refuse(faulty(unit, &faults))?,
                Err(NotDone::Halted(halt)) => return Err(halt),
                Err(NotDone::Moved) => self.go_on_after_others(vec![unit.clone()])?,
            }
        }
        Ok(())
    }

    /// Somebody else has sent some of it: what is left goes on.
    fn go_on_after_others(&mut self, units: Vec<StreamUnit>) -> Result<(), Halt> {
        self.ask()?;
        let n_units = units.len();
        let left: Vec<StreamUnit> = units
            .into_iter()
            .filter(|unit| {
                unit.position.as_ref().is_none_or(|at| !self.known.has(&self.source, at))
            })
            .collect();
        self.tally.skipped += (n_units - left.len()) as u64;
        for unit in left {
            self.take(unit)?;
        }
        self.cut()
    }

    /// The id of a request: the source's position, or a part of the caller's own.
    fn id(&self, units: &[StreamUnit], nth: Option<u64>) -> String {
        // Without a word on it an id of this run alone: what is sent twice, because no answer came, is done once.
        let ours = match self.terms.request_id.as_str() {
            "" => &self.own_id,
            given => given,
        };
        let position = units.iter().rev().find_map(|unit| unit.position.as_deref());
        match (position, nth) {
            (Some(position), _) => {
                let source = &self.terms.source;
                let named = position
                    .strip_prefix(source.as_str())
                    .is_some_and(|rest| rest.starts_with([':', '/']));
                if named { position.to_string() } else { format!("{source}:{position}") }
            }
            (None, None) => format!("{ours}/{}", self.n_cut),
            (None, Some(nth)) => format!("{ours}/{}/{nth}", self.n_cut),
        }
    }

    fn send(&mut self, units: &[StreamUnit], request_id: String) -> Result<(), NotDone> {
        let changes: Vec<&Change> = units.iter().flat_map(|unit| &unit.changes).collect();
        let position = units.iter().rev().find_map(|unit| unit.position.clone());
        if changes.is_empty() {
            return Ok(());
        }
        let position = position.map(|position| {
            let last = self.known.last(&self.source, &position);
            let after = last.map(ToString::to_string).unwrap_or_default();
            (position, after)
        });
        let known_at = units.iter().rev().find_map(|unit| unit.known_at);
        let sending = Sending { request_id, changes, known_at, position };
        let answer = self.sender.send(&sending).map_err(|refused| by_unit(units, refused))?;
        if let Some((position, _)) = sending.position {
            self.known.hear(&self.source, &position.into());
        }
        self.tally.requests += 1;
        self.tally.changes += sending.changes.len() as u64;
        self.tally.at_risk += answer.at_risk.len() as u64;
        self.tally.sequence = answer.version.map_or(0, |version| version.sequence);
        Ok(())
    }

    /// A line that cannot be taken in: a dead letter, or the end.
    pub(super) fn refuse(&mut self, faulty: FaultyLine) -> Result<(), Halt> {
        // What came before it is done before it is told.
        self.cut()?;
        let Some(letters) = &mut self.letters else { return Err(Halt::Failed(faulty.failure())) };
        letters.add(&faulty)?;
        self.tally.letters += 1;
        Ok(())
    }
}

/// Faults by unit and not by change.
fn by_unit(units: &[StreamUnit], refused: NotDone) -> NotDone {
    let faults = match refused {
        NotDone::Faulty(faults) => faults,
        NotDone::Moved | NotDone::Halted(_) => return refused,
    };
    let owners =
        units.iter().enumerate().flat_map(|(at, unit)| unit.changes.iter().map(move |_| at));
    let owners: Vec<usize> = owners.collect();
    let mut told = BTreeMap::new();
    for (at, fault) in faults {
        let owner = owners.get(at).copied().unwrap_or_default();
        let text: &mut String = told.entry(owner).or_default();
        let separator = if text.is_empty() { "" } else { "; " };
        text.push_str(&format!("{separator}{fault}"));
    }
    NotDone::Faulty(told)
}

fn faulty(unit: &StreamUnit, faults: &BTreeMap<usize, String>) -> FaultyLine {
    let fault = faults.values().cloned().collect::<Vec<_>>().join("; ");
    FaultyLine { line: unit.line, position: unit.position.clone(), text: unit.text.clone(), fault }
}
