//! Standard input as a stream: units are gathered, cut into requests and sent in their order.

use super::super::{data, failure::Failure};
use super::{
    Faulty, Format, Tally, Terms, Unit, debezium,
    letters::Letters,
    lines::{Lines, Next},
    map::Map,
    ndjson,
    sender::{Refused, Sender, Sending},
};
use crate::{
    change::{Change, Claims},
    engine::clock,
    ledger::positions::{Positions, stream},
    limits::CHANGES_MAX,
    loader::{self, Reject},
};
use std::{
    io::{BufRead, Read, Write},
    path::Path,
    sync::Arc,
    time::Duration,
};

/// Lines of one request at most.
const LINES_MAX: usize = 1_000;

/// How long a stream may be quiet until what is gathered is sent.
const QUIET: Duration = Duration::from_millis(200);

/// Takes standard input in, and tells what became of it.
pub(in super::super) fn run(terms: &Terms) -> Result<(), Failure> {
    let format = match terms.format {
        Some(format) => format,
        None => guess(&mut std::io::stdin().lock())?,
    };
    let mut taker = Taker::begin(terms, format)?;
    let taken = match format {
        Format::Csv => taker.take_table(),
        Format::Ndjson | Format::Debezium => taker.take_lines(std::io::stdin()),
    };
    // What was done is told whatever came after it.
    writeln!(std::io::stdout(), "{}", taker.tally.told())?;
    taken
}

/// An object or a list begins with a brace; a table does not.
fn guess(input: &mut impl BufRead) -> Result<Format, Failure> {
    let start = input.fill_buf().map_err(|error| unreadable(&error))?;
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    Ok(if matches!(first, Some(b'{' | b'[')) { Format::Ndjson } else { Format::Csv })
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot read standard input: {error}"), "send the lines to it")
}

/// Takes units in.
struct Taker<'a> {
    terms: &'a Terms,
    own_id: String,
    map: Map,
    sender: Sender,
    letters: Option<Letters>,
    /// How far the server has read the source.
    known: Positions,
    source: Arc<str>,
    gathered: Vec<Unit>,
    n_changes: usize,
    claims: Claims,
    /// Requests so far, whether they had anything in them or not.
    n_cut: u64,
    tally: Tally,
}

impl<'a> Taker<'a> {
    fn begin(terms: &'a Terms, format: Format) -> Result<Self, Failure> {
        let map = match (&terms.map, format) {
            (Some(path), Format::Debezium) => Map::read(path).map_err(|fault| {
                let cause = format!("{} cannot be used: {fault}", path.display());
                Failure::new(cause, "see docs/feeds.md for what a map file holds")
            })?,
            (None, Format::Debezium) => {
                return Err(Failure::misused(
                    "events of Debezium need a map file",
                    "--map FILE, which says what rows of a table mean; see docs/feeds.md",
                ));
            }
            (_, Format::Ndjson | Format::Csv) => Map::default(),
        };
        let letters = terms.dead_letters.as_deref().map(Letters::open).transpose()?;
        let sender = Sender::connect(&terms.server, &terms.source)?;
        let mut taker = Self {
            terms,
            own_id: format!("changes-{}-{}", clock::now().as_nanosecond(), std::process::id()),
            map,
            sender,
            letters,
            known: Positions::default(),
            source: terms.source.as_str().into(),
            gathered: Vec::new(),
            n_changes: 0,
            claims: Claims::default(),
            n_cut: 0,
            tally: Tally::default(),
        };
        taker.ask()?;
        Ok(taker)
    }

    /// Asks the server how far it has read.
    fn ask(&mut self) -> Result<(), Failure> {
        self.known = Positions::default();
        if !self.terms.source.is_empty() {
            for position in self.sender.positions()? {
                self.known.hear(&self.source, &position.into());
            }
        }
        Ok(())
    }

    fn take_lines(&mut self, input: impl Read + Send + 'static) -> Result<(), Failure> {
        let lines = Lines::of(input);
        // Under one id the requests are to be cut alike each time, so no clock cuts them.
        let patience = self.terms.request_id.is_empty().then_some(QUIET);
        loop {
            match lines.next(patience).map_err(|error| unreadable(&error))? {
                Next::Line(line, text) => match self.read(line, text) {
                    Ok(Some(unit)) => self.take(unit)?,
                    Ok(None) => {}
                    Err(faulty) => self.refuse(faulty)?,
                },
                Next::Quiet => self.cut()?,
                Next::End => return self.cut(),
            }
        }
    }

    /// Takes a whole table, row by row.
    fn take_table(&mut self) -> Result<(), Failure> {
        let path = Path::new("-");
        let read = loader::changes(path).map_err(|error| data::unloadable(&error))?;
        if self.letters.is_none() {
            data::refuse_faulty_orders(path, &read.problems)?;
        }
        for reject in read.problems.listed().iter().filter_map(Reject::of) {
            let Reject { row, column, value, reason, .. } = reject;
            let text = format!("{column} {value}");
            let fault = format!("{column}: {reason} is expected");
            self.refuse(Faulty { line: row, position: None, text, fault })?;
        }
        for (change, line) in read.changes.into_iter().zip(read.rows) {
            let text = change.to_string();
            self.take(Unit { line, position: None, known_at: None, changes: vec![change], text })?;
        }
        self.cut()
    }

    fn read(&self, line: u64, text: Result<String, String>) -> Result<Option<Unit>, Faulty> {
        let text =
            text.map_err(|fault| Faulty { line, position: None, text: String::new(), fault })?;
        let read = match self.terms.format {
            Some(Format::Debezium) => debezium::read((line, text), (&self.map, &self.terms.source)),
            Some(Format::Ndjson | Format::Csv) | None => ndjson::read(line, text).map(Some),
        };
        read.map_err(|(text, position, fault)| Faulty { line, position, text, fault })
    }

    /// Adds a unit; what is gathered goes first where they cannot be of one request.
    fn take(&mut self, unit: Unit) -> Result<(), Failure> {
        if let Some(position) = &unit.position {
            if self.terms.source.is_empty() {
                return Err(Failure::misused(
                    format!(
                        "line {} has a position, and there is no source that it is of",
                        unit.line
                    ),
                    "--source NAME",
                ));
            }
            if self.known.has(&self.source, position) {
                self.tally.skipped += 1;
                return Ok(());
            }
        }
        let last = self.gathered.last();
        let is_same =
            unit.position.is_some() && last.is_some_and(|last| last.position == unit.position);
        let is_other_stream = last.is_some_and(|last| stream_of(last) != stream_of(&unit));
        let is_full = LINES_MAX <= self.gathered.len() && !is_same;
        let is_much = CHANGES_MAX < self.n_changes + unit.changes.len();
        let clashes = !unit.changes.iter().all(|change| self.claims.take(change));
        if is_same && (is_much || clashes) {
            // They would be one request, or the second half of them would be taken for the first one sent again.
            let cause = format!(
                "line {} has the position of the line before it, and cannot be made together with that",
                unit.line
            );
            return Err(Failure::new(cause, "give each change a position of its own"));
        }
        if is_full || is_much || is_other_stream || clashes {
            self.cut()?;
            for change in &unit.changes {
                // Alone it contradicts nothing but itself, and that is for the server to say.
                let _is_free = self.claims.take(change);
            }
        }
        self.n_changes += unit.changes.len();
        self.gathered.push(unit);
        Ok(())
    }

    /// Sends what is gathered.
    fn cut(&mut self) -> Result<(), Failure> {
        let units = std::mem::take(&mut self.gathered);
        self.n_changes = 0;
        self.claims = Claims::default();
        if units.is_empty() {
            return Ok(());
        }
        self.n_cut += 1;
        let id = self.id(&units, None);
        match self.send(&units, id) {
            Ok(()) => Ok(()),
            Err(Refused::Failed(failure)) => Err(failure),
            Err(Refused::Moved) => self.go_on_after_others(units),
            // Line by line, so that only those at fault are left over.
            Err(Refused::Faulty(faults)) if units.len() == 1 => {
                self.refuse(faulty(&units[0], &faults))
            }
            Err(Refused::Faulty(_)) => self.one_by_one(&units),
        }
    }

    fn one_by_one(&mut self, units: &[Unit]) -> Result<(), Failure> {
        for (unit, nth) in units.iter().zip(1..) {
            let id = self.id(std::slice::from_ref(unit), Some(nth));
            match self.send(std::slice::from_ref(unit), id) {
                Ok(()) => {}
                Err(Refused::Faulty(faults)) => self.refuse(faulty(unit, &faults))?,
                Err(Refused::Failed(failure)) => return Err(failure),
                Err(Refused::Moved) => self.go_on_after_others(vec![unit.clone()])?,
            }
        }
        Ok(())
    }

    /// Somebody else has sent some of it: what is left goes on.
    fn go_on_after_others(&mut self, units: Vec<Unit>) -> Result<(), Failure> {
        self.ask()?;
        let n_units = units.len();
        let left: Vec<Unit> = units
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
    fn id(&self, units: &[Unit], nth: Option<u64>) -> String {
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

    fn send(&mut self, units: &[Unit], request_id: String) -> Result<(), Refused> {
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
    fn refuse(&mut self, faulty: Faulty) -> Result<(), Failure> {
        // What came before it is done before it is told.
        self.cut()?;
        let Some(letters) = &mut self.letters else { return Err(faulty.failure()) };
        letters.add(&faulty)?;
        self.tally.letters += 1;
        Ok(())
    }
}

/// The stream of its source that a unit is of.
fn stream_of(unit: &Unit) -> Option<&str> {
    unit.position.as_deref().map(|position| stream(position).0)
}

/// Faults by unit and not by change.
fn by_unit(units: &[Unit], refused: Refused) -> Refused {
    let faults = match refused {
        Refused::Faulty(faults) => faults,
        Refused::Moved | Refused::Failed(_) => return refused,
    };
    let owners =
        units.iter().enumerate().flat_map(|(at, unit)| unit.changes.iter().map(move |_| at));
    let owners: Vec<usize> = owners.collect();
    let mut told = std::collections::BTreeMap::new();
    for (at, fault) in faults {
        let owner = owners.get(at).copied().unwrap_or_default();
        let text: &mut String = told.entry(owner).or_default();
        let separator = if text.is_empty() { "" } else { "; " };
        text.push_str(&format!("{separator}{fault}"));
    }
    Refused::Faulty(told)
}

fn faulty(unit: &Unit, faults: &std::collections::BTreeMap<usize, String>) -> Faulty {
    let fault = faults.values().cloned().collect::<Vec<_>>().join("; ");
    Faulty { line: unit.line, position: unit.position.clone(), text: unit.text.clone(), fault }
}
