//! `promised validate`: every fault of a snapshot, with its place and what was expected.

use super::{
    data,
    failure::Failure,
    output, progress,
    render::{self, Align, Mood, cell},
};
use crate::{
    loader,
    snapshot::{Loaded, Problem, Problems, Severity},
};
use std::{collections::BTreeMap, io::Write, path::PathBuf};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised validate snapshots/tiny
      the rows of each table, and every fault
  promised validate snapshots/adventureworks --format json
      the same for programs

Exit code: 0 if the snapshot can be used (it may have warnings), 1 if it has errors.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    /// How the faults are shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: output::Format,
}

/// Loads the snapshot and tells what is wrong with it.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let loaded = loader::open(&args.snapshot, &progress::Loading::new())
        .map_err(|error| data::unloadable(&error))?;
    let mut out = output::stdout();
    match args.format {
        output::Format::Table => table(&mut out, &loaded, &args.snapshot.display().to_string())?,
        output::Format::Csv => csv(&mut out, &loaded.problems)?,
        output::Format::Json => json(&mut out, &loaded)?,
    }
    out.flush()?;
    if loaded.problems.errors() == 0 { Ok(()) } else { Err(Failure::Reported) }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn table(out: &mut impl Write, loaded: &Loaded, name: &str) -> Result<(), Failure> {
    let Loaded { problems, rows, .. } = loaded;
    if problems.errors() == 0 {
        let columns = [("table", Align::Left), ("rows", Align::Right)];
        let counts = rows.iter().map(|(table, n)| vec![cell(table, None), cell(n, None)]);
        writeln!(out, "{}", render::table(&columns, counts))?;
    }
    if !problems.listed().is_empty() {
        let columns = [
            ("severity", Align::Left),
            ("table", Align::Left),
            ("row", Align::Right),
            ("column", Align::Left),
            ("value", Align::Wrapped),
            ("expected", Align::Wrapped),
        ];
        writeln!(out, "{}", render::table(&columns, problems.listed().iter().map(line)))?;
    }
    for (table, n) in problems.silenced() {
        writeln!(out, "{table}: {n} more")?;
    }
    let (errors, warnings) = (problems.errors(), problems.warnings());
    let verdict = if errors == 0 { "can be used" } else { "cannot be used" };
    let (errors, warnings) = (output::count(errors, "error"), output::count(warnings, "warning"));
    writeln!(out, "{name} {verdict}: {errors}, {warnings}")?;
    Ok(())
}

fn line(problem: &Problem) -> Vec<comfy_table::Cell> {
    let mood = match problem.severity {
        Severity::Error => Mood::Bad,
        Severity::Warning => Mood::Fair,
    };
    vec![
        cell(word(problem.severity), Some(mood)),
        cell(&problem.table, None),
        cell(problem.row.map(|row| row.to_string()).unwrap_or_default(), None),
        cell(problem.column.as_deref().unwrap_or_default(), None),
        cell(&problem.value, None),
        cell(&problem.expected, None),
    ]
}

fn csv(out: &mut impl Write, problems: &Problems) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["severity", "table", "row", "column", "value", "expected"])
        .map_err(output::csv_failure)?;
    for problem in problems.listed() {
        let row = problem.row.map(|row| row.to_string()).unwrap_or_default();
        let column = problem.column.as_deref().unwrap_or_default();
        let place = [word(problem.severity), &problem.table, &row, column];
        let fields = place.into_iter().chain([problem.value.as_str(), &problem.expected]);
        csv.write_record(fields).map_err(output::csv_failure)?;
    }
    csv.flush()?;
    Ok(())
}

#[derive(serde::Serialize)]
struct Report<'a> {
    errors: u64,
    warnings: u64,
    rows: &'a BTreeMap<&'static str, u64>,
    problems: Vec<ReportedProblem<'a>>,
    not_listed: BTreeMap<&'a str, u64>,
}

#[derive(serde::Serialize)]
struct ReportedProblem<'a> {
    severity: &'static str,
    table: &'a str,
    row: Option<u64>,
    column: Option<&'a str>,
    value: &'a str,
    expected: &'a str,
}

fn json(out: &mut impl Write, loaded: &Loaded) -> Result<(), Failure> {
    let Loaded { problems, rows, .. } = loaded;
    let report = Report {
        errors: problems.errors(),
        warnings: problems.warnings(),
        rows,
        problems: problems.listed().iter().map(reported).collect(),
        not_listed: problems.silenced().collect(),
    };
    writeln!(out, "{}", output::json(&report))?;
    Ok(())
}

fn reported(problem: &Problem) -> ReportedProblem<'_> {
    ReportedProblem {
        severity: word(problem.severity),
        table: &problem.table,
        row: problem.row,
        column: problem.column.as_deref(),
        value: &problem.value,
        expected: &problem.expected,
    }
}
