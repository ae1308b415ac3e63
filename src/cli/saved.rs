//! The runs that a configuration names: `[[run]]`.

use super::config::{ConfigFault, File};
use crate::rpc::{
    self, proto,
    saved::{Apply, Saved},
};
use jiff::civil::Time;
use serde::Deserialize;

/// A run as the file has it; filters, sequences and strategies as on the command line.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Run {
    name: String,
    at: String,
    filter: String,
    sequence: String,
    first: Vec<String>,
    strategies: Vec<String>,
    otherwise: String,
    lock: Vec<String>,
    keep: Vec<String>,
    fallback: String,
    apply: Apply,
}

/// The runs of a configuration.
///
/// # Errors
/// What is wrong with them, with the line.
pub(super) fn of_config(file: &File) -> Result<Vec<Saved>, Vec<ConfigFault>> {
    let (mut runs, mut faults): (Vec<Saved>, Vec<ConfigFault>) = (Vec::new(), Vec::new());
    for (run, place) in file.list::<Run>("", "run")? {
        let read = read(run).and_then(|run| match runs.iter().any(|one| one.name == run.name) {
            true => Err(format!("there is another run {:?}", run.name)),
            false => Ok(run),
        });
        match read {
            Ok(run) => runs.push(run),
            Err(text) => faults.push(ConfigFault::at(place, text)),
        }
    }
    if faults.is_empty() { Ok(runs) } else { Err(faults) }
}

fn read(run: Run) -> Result<Saved, String> {
    if run.name.is_empty() {
        return Err("a run has a name".to_string());
    }
    let at = match run.at.as_str() {
        "" => None,
        text => Some(time(text).ok_or_else(|| {
            format!("at: {text:?} is no time of the day such as \"02:00\" (UTC)")
        })?),
    };
    let segment = |text: &String| {
        let (strategy, filter) = text.split_once(':').unwrap_or((text, ""));
        proto::run_backlog_request::Segment {
            strategy: strategy.to_string(),
            filter: filter.to_string(),
        }
    };
    let request = proto::RunBacklogRequest {
        filter: run.filter,
        sequence: run.sequence,
        first: run.first,
        segments: run.strategies.iter().map(segment).collect(),
        otherwise: run.otherwise,
        lock: run.lock,
        keep: run.keep,
        fallback: run.fallback,
        ..proto::RunBacklogRequest::default()
    };
    // What it says is read as a request would be.
    rpc::backlog::spec(&request).map_err(|failure| failure.message().to_string())?;
    Ok(Saved { name: run.name, at, request, apply: run.apply })
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str| (text.len() == 2).then(|| text.parse::<i8>().ok()).flatten();
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_says_what_is_wrong_with_it() {
        #[track_caller]
        fn check(run: Run, want: &str) {
            let told = match read(run) {
                Ok(saved) => format!("{} at {:?}", saved.name, saved.at.map(|at| at.to_string())),
                Err(text) => text,
            };
            assert_eq!(told, want);
        }
        let named = || Run { name: "night".to_string(), ..Run::default() };
        check(named(), "night at None");
        check(Run { at: "02:30".to_string(), ..named() }, "night at Some(\"02:30:00\")");
        check(Run::default(), "a run has a name");
        for at in ["2:30", "24:00", "02:60", "night", "02:00:00"] {
            let want = format!("at: {at:?} is no time of the day such as \"02:00\" (UTC)");
            check(Run { at: at.to_string(), ..named() }, &want);
        }
        let faulty = Run { strategies: vec!["wn:customer=A".to_string()], ..named() };
        check(faulty, "segments: \"wn\" is not one of win, gain, redistribute, fill, lose");
    }
}
