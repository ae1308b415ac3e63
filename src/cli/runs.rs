//! The backlog runs of a server, as `promised backlog --runs` and `--stop` show them.

use super::{
    ask::{TextTable, instant},
    failure::Failure,
    output::{self, AnswerFormat},
    remote::Remote,
    render::Align,
};
use crate::rpc::{proto, to_json};
use std::io::Write;

const COLUMNS: [(&str, Align); 11] = [
    ("run", Align::Left),
    ("saved", Align::Left),
    ("by", Align::Left),
    ("state", Align::Left),
    ("started", Align::Left),
    ("ended", Align::Left),
    ("lines", Align::Right),
    ("done", Align::Right),
    ("on time before", Align::Right),
    ("after", Align::Right),
    ("why", Align::Wrapped),
];

const SAVED: [(&str, Align); 4] = [
    ("saved", Align::Left),
    ("at (UTC)", Align::Left),
    ("next", Align::Left),
    ("apply", Align::Left),
];

/// Shows the runs, and below them those that the configuration names.
pub(super) fn show(url: &str, format: AnswerFormat) -> Result<(), Failure> {
    let answer = Remote::connect(url)?.list_runs()?;
    let mut out = output::stdout();
    match format {
        AnswerFormat::Json => writeln!(out, "{}", to_json(&answer))?,
        AnswerFormat::Csv => sheet(&answer.runs).write(format, &mut out)?,
        AnswerFormat::Table => {
            sheet(&answer.runs).write(format, &mut out)?;
            if !answer.saved.is_empty() {
                writeln!(out)?;
                let mut sheet = TextTable::new(&SAVED);
                for one in answer.saved {
                    let next = instant(one.next.as_ref());
                    sheet.push(vec![one.name, one.at, next, one.apply]);
                }
                sheet.write(format, &mut out)?;
            }
        }
    }
    Ok(out.flush()?)
}

/// Stops one, and shows how it stands then.
pub(super) fn stop(url: &str, run_id: &str, format: AnswerFormat) -> Result<(), Failure> {
    let answer = Remote::connect(url)?.cancel_run(run_id)?;
    let mut out = output::stdout();
    match format {
        AnswerFormat::Json => writeln!(out, "{}", to_json(&answer))?,
        AnswerFormat::Csv | AnswerFormat::Table => {
            sheet(answer.run.as_slice()).write(format, &mut out)?;
        }
    }
    Ok(out.flush()?)
}

fn sheet(runs: &[proto::BacklogRun]) -> TextTable {
    let mut sheet = TextTable::new(&COLUMNS);
    for run in runs {
        let share = |kpi: &Option<proto::Kpi>| {
            kpi.map(|kpi| format!("{} %", super::compared::percent(kpi.on_time_share)))
        };
        let state = run.state().as_str_name().to_lowercase();
        let state = match run.applied_at {
            0 => state,
            position => format!("{state} at {position}"),
        };
        sheet.push(vec![
            run.run_id.clone(),
            run.saved.clone(),
            run.by.clone(),
            state,
            instant(run.started.as_ref()),
            instant(run.ended.as_ref()),
            run.lines.to_string(),
            run.done.to_string(),
            share(&run.before).unwrap_or_default(),
            share(&run.after).unwrap_or_default(),
            run.why.clone(),
        ]);
    }
    sheet
}
