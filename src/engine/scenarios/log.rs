//! What was done in scenarios, kept beside the journal: after a restart it is done again at the first question.
//!
//! A scenario is a file of lines: first what it is called, then its steps, each as it was done. Steps are appended,
//! so each costs what it is. Orders that were promised in a scenario are not kept, only that there were some.

use super::scenario::{Reprioritised, Scenario, ScenarioStep, Title};
use crate::{
    backlog::{
        Filter, Segment, Sequence, Spec, Strategy,
        spec::{FALLBACKS, STRATEGIES},
    },
    change::Change,
    engine::backlog::RunGoal,
    snapshot::row::choice,
};
use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Write},
    path::PathBuf,
    time::Duration,
};

/// The ending of a scenario's file.
const ENDING: &str = "ndjson";

/// What a scenario is called.
#[derive(Serialize, Deserialize)]
struct Head {
    id: String,
    name: String,
    created: String,
    expires: String,
    #[serde(default)]
    owner: String,
}

/// A step as a line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Changes(Vec<Row>),
    Priorities(Vec<Priority>),
    Run(Box<Run>),
    Orders,
}

/// A change of planning data, as a row of a change file.
#[derive(Serialize, Deserialize)]
struct Row {
    change: String,
    cells: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct Priority {
    order: String,
    line: Option<String>,
    priority: Option<i32>,
}

/// A run, in the words of the command line.
#[derive(Serialize, Deserialize)]
struct Run {
    filter: String,
    sequence: String,
    first: Vec<(String, String)>,
    segments: Vec<(String, String)>,
    otherwise: String,
    locked: Vec<String>,
    kept: Vec<String>,
    fallback: String,
    most_value_millis: Option<u64>,
    /// The instant by which its today went, where that was the clock's.
    #[serde(default)]
    now: Option<String>,
}

/// A scenario that was kept: what it is called, its steps, and those that cannot be read any more.
pub(in crate::engine) struct Asleep {
    pub(super) title: Title,
    pub(in crate::engine) steps: Vec<Result<ScenarioStep, String>>,
}

/// The files of all scenarios; none where nothing is kept.
#[derive(Debug, Default)]
pub(super) struct Log {
    dir: Option<PathBuf>,
    /// The ids of those that nobody has asked for since the start.
    asleep: Mutex<BTreeSet<String>>,
    /// Whoever writes.
    turn: Mutex<()>,
    /// Whoever does again what was done: nobody but who asks for one that is asleep waits for it.
    waking: Mutex<()>,
}

impl Log {
    /// The files of a directory, which is made if it is not there.
    pub(super) fn open(dir: Option<PathBuf>) -> io::Result<Self> {
        let mut asleep = BTreeSet::new();
        if let Some(dir) = &dir {
            fs::create_dir_all(dir)?;
            for entry in fs::read_dir(dir)? {
                let path = entry?.path();
                let is_one = path.extension().is_some_and(|end| end == ENDING);
                let id = path.file_stem().map(|id| id.to_string_lossy().into_owned());
                asleep.extend(id.filter(|_| is_one));
            }
        }
        let (turn, waking) = (Mutex::default(), Mutex::default());
        Ok(Self { dir, asleep: Mutex::new(asleep), turn, waking })
    }

    /// The ids of those that nobody has asked for since the start.
    pub(super) fn asleep(&self) -> BTreeSet<String> {
        self.asleep.lock().clone()
    }

    pub(super) fn is_asleep(&self, id: &str) -> bool {
        self.asleep.lock().contains(id)
    }

    /// The turn of whoever writes: what is swapped in under it is written in the same order.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock()
    }

    /// The turn of whoever wakes one.
    pub(super) fn waking(&self) -> MutexGuard<'_, ()> {
        self.waking.lock()
    }

    fn path(&self, id: &str) -> Option<PathBuf> {
        Some(self.dir.as_ref()?.join(format!("{id}.{ENDING}")))
    }

    /// Notes a new scenario, with what was done in the one that it was taken from.
    pub(super) fn begin(&self, scenario: &Scenario) {
        let Some(path) = self.path(&scenario.id) else { return };
        let head = Head {
            id: scenario.id.clone(),
            name: scenario.name.clone(),
            created: scenario.created.to_string(),
            expires: scenario.expires.to_string(),
            owner: scenario.owner.to_string(),
        };
        let written = File::create(path).and_then(|mut file| {
            write_line(&mut file, &head)?;
            scenario.steps().try_for_each(|step| write_line(&mut file, &line_of(step)))
        });
        tell(written, &scenario.id);
    }

    /// Notes the steps that a scenario has and the one before it had not.
    pub(super) fn go_on(&self, before: usize, after: &Scenario) {
        let Some(path) = self.path(&after.id) else { return };
        if after.steps().nth(before).is_none() {
            return;
        }
        let written = File::options().append(true).open(path).and_then(|mut file| {
            after.steps().skip(before).try_for_each(|step| write_line(&mut file, &line_of(step)))
        });
        tell(written, &after.id);
    }

    /// Forgets a scenario.
    pub(super) fn end(&self, id: &str) {
        self.asleep.lock().remove(id);
        if let Some(path) = self.path(id) {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => tell(Err(error), id),
                Ok(()) | Err(_) => (),
            }
        }
    }

    /// Notes that one is awake.
    pub(super) fn woke(&self, id: &str) {
        self.asleep.lock().remove(id);
    }

    /// One that was kept; none where its file cannot be read.
    pub(super) fn read(&self, id: &str) -> Option<Asleep> {
        let text = fs::read_to_string(self.path(id)?).ok()?;
        let mut lines = text.lines();
        let head: Head = serde_json::from_str(lines.next()?).ok()?;
        let title = Title {
            id: head.id,
            name: head.name,
            created: head.created.parse().ok()?,
            expires: head.expires.parse().unwrap_or(Timestamp::MIN),
            owner: head.owner.into(),
        };
        let step = |line: &str| {
            let line = serde_json::from_str(line).map_err(|error| error.to_string())?;
            step_of(line)
        };
        Some(Asleep { title, steps: lines.map(step).collect() })
    }
}

/// A scenario goes on without its file: only a restart would miss it.
fn tell(written: io::Result<()>, id: &str) {
    if let Err(error) = written {
        tracing::warn!(%error, scenario = id, "what is done in a scenario is not kept for a restart");
    }
}

fn write_line(file: &mut File, line: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(line).map_err(io::Error::other)?;
    text.push(b'\n');
    file.write_all(&text)
}

fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> String {
    let found = words.iter().find(|(_, other)| other == value);
    found.map_or("", |(word, _)| word).to_string()
}

fn line_of(step: &ScenarioStep) -> Line {
    match step {
        ScenarioStep::Changes(changes) => Line::Changes(changes.iter().map(row_of).collect()),
        ScenarioStep::Priorities(orders) => {
            let one = |one: &Reprioritised| Priority {
                order: one.order.clone(),
                line: one.line.clone(),
                priority: one.priority,
            };
            Line::Priorities(orders.iter().map(one).collect())
        }
        ScenarioStep::Run(spec, objective) => Line::Run(Box::new(run_of(spec, *objective))),
        ScenarioStep::Orders => Line::Orders,
    }
}

fn row_of(change: &Change) -> Row {
    let cells = change.cells().map(|(name, text)| (name.to_string(), text)).collect();
    Row { change: change.kind().word().to_string(), cells }
}

fn run_of(spec: &Spec, objective: RunGoal) -> Run {
    let all = |filters: &[Filter]| filters.iter().map(ToString::to_string).collect();
    let segment = |one: &Segment| (one.filter.to_string(), word_of(STRATEGIES, &one.strategy));
    Run {
        filter: spec.filter.to_string(),
        sequence: spec.sequence.to_string(),
        first: spec
            .first
            .iter()
            .map(|(order, line)| (order.to_string(), line.to_string()))
            .collect(),
        segments: spec.segments.iter().map(segment).collect(),
        otherwise: word_of(STRATEGIES, &spec.otherwise),
        locked: all(&spec.locked),
        kept: all(&spec.kept),
        fallback: word_of(FALLBACKS, &spec.fallback),
        now: spec.now.map(|at| at.to_string()),
        most_value_millis: match objective {
            RunGoal::Sequence => None,
            RunGoal::MostValue(time) => Some(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
        },
    }
}

fn step_of(line: Line) -> Result<ScenarioStep, String> {
    Ok(match line {
        Line::Changes(rows) => {
            let read = |row: &Row| {
                let cell = |name: &str| row.cells.get(name).map(String::as_str);
                Change::read(0, &row.change, cell).map_err(|faults| {
                    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
                })
            };
            ScenarioStep::Changes(rows.iter().map(read).collect::<Result<Vec<_>, _>>()?.into())
        }
        Line::Priorities(orders) => {
            let one = |one: Priority| Reprioritised {
                order: one.order,
                line: one.line,
                priority: one.priority,
            };
            ScenarioStep::Priorities(orders.into_iter().map(one).collect())
        }
        Line::Run(run) => {
            let objective = run.most_value_millis.map(Duration::from_millis);
            let objective = objective.map_or(RunGoal::Sequence, RunGoal::MostValue);
            ScenarioStep::Run(Box::new(spec_of(*run)?), objective)
        }
        Line::Orders => ScenarioStep::Orders,
    })
}

fn spec_of(run: Run) -> Result<Spec, String> {
    let all = |texts: Vec<String>| -> Result<Vec<Filter>, String> {
        texts.iter().map(|text| Filter::parse(text)).collect()
    };
    let strategy = |word: &str| -> Result<Strategy, String> {
        choice(STRATEGIES, word).map_err(|expected| format!("{word:?} is not {expected}"))
    };
    let segment = |(filter, word): (String, String)| {
        Ok(Segment { filter: Filter::parse(&filter)?, strategy: strategy(&word)? })
    };
    let fallback = &*run.fallback;
    Ok(Spec {
        filter: Filter::parse(&run.filter)?,
        sequence: Sequence::parse(&run.sequence)?,
        first: run.first.into_iter().map(|(order, line)| (order.into(), line.into())).collect(),
        segments: run.segments.into_iter().map(segment).collect::<Result<_, String>>()?,
        otherwise: strategy(&run.otherwise)?,
        locked: all(run.locked)?,
        kept: all(run.kept)?,
        fallback: choice(FALLBACKS, fallback)
            .map_err(|expected| format!("{fallback:?} is not {expected}"))?,
        now: run.now.and_then(|at| at.parse().ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let cell = |name: &str| match name {
            "supply" => Some("PO-1"),
            "days" => Some("3"),
            _ => None,
        };
        let changes = [Change::read(0, "supply_moved", cell).unwrap()];
        let filter = |text| Filter::parse(text).unwrap();
        let spec = Spec {
            filter: filter("item=A|B quantity>=5 requested_date<2026-12-01"),
            sequence: Sequence::parse("demand_class,-value").unwrap(),
            first: vec![("O1".into(), "".into())],
            segments: vec![Segment { filter: filter("priority!=2"), strategy: Strategy::Win }],
            otherwise: Strategy::Fill,
            locked: vec![filter("order=O9")],
            kept: vec![filter("")],
            fallback: Default::default(),
            now: Some("2026-11-26T10:00:00Z".parse().unwrap()),
        };
        let order = Reprioritised { order: "O1".into(), line: Some("2".into()), priority: None };
        let steps = [
            ScenarioStep::Changes(changes.into()),
            ScenarioStep::Priorities([order].into()),
            ScenarioStep::Run(Box::new(spec), RunGoal::MostValue(Duration::from_secs(3))),
            ScenarioStep::Orders,
        ];
        for step in steps {
            let text = serde_json::to_string(&line_of(&step)).unwrap();
            let read = step_of(serde_json::from_str(&text).unwrap()).unwrap();
            assert_eq!(format!("{read:?}"), format!("{step:?}"), "{text}");
        }
    }
}
