//! `promised validate`: every fault of a snapshot, with its place and what was expected.

use super::{
    data,
    failure::Failure,
    output, progress,
    rejects::Rejects,
    render::{self, Align, Mood, cell},
};
use crate::{
    loader::{self, Opened, TakenFor},
    snapshot::{Problem, Problems, Severity},
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
  promised validate export.zip --rejects refused.csv
      leaves out what has a fault, and what refers to it; refused.csv says why

A snapshot may be a directory, a .zip of one, or a workbook with a sheet for each table. Tables may be .csv, .xlsx or
.parquet, packed (.gz, .zip) or not; what each file was taken for stands beside it. Rows count as a spreadsheet does: the
header is row 1.

Exit code: 0 if the snapshot can be used (it may have warnings), 1 if it has errors.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables, a .zip of one, or a workbook
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    /// How the faults are shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: output::AnswerFormat,
    #[command(flatten)]
    rejects: Rejects,
}

/// Loads the snapshot and tells what is wrong with it.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let loading = progress::LoadingBar::new();
    let opened = match args.rejects.are_taken() {
        true => loader::open_leaving_out(&args.snapshot, &loading),
        false => loader::open_told(&args.snapshot, &loading),
    };
    let opened = opened.map_err(|error| data::unloadable(&error))?;
    let mut out = output::stdout();
    match args.format {
        output::AnswerFormat::Table => {
            table(&mut out, &opened, &args.snapshot.display().to_string())?
        }
        output::AnswerFormat::Csv => csv(&mut out, &opened.loaded.problems)?,
        output::AnswerFormat::Json => json(&mut out, &opened)?,
    }
    out.flush()?;
    args.rejects.write(&opened.rejects)?;
    if opened.loaded.problems.errors() == 0 { Ok(()) } else { Err(Failure::Reported) }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// What the files of a table were taken for, where that is not plain.
fn taken_for(taken: &[TakenFor], table: &str) -> String {
    let of_table: Vec<_> = taken.iter().filter(|taken| taken.table == table).collect();
    let is_plain = |taken: &TakenFor| {
        let name = &taken.file;
        taken.taken_for.is_empty()
            && [".csv", ".parquet"].iter().any(|end| *name == format!("{table}{end}"))
    };
    if of_table.iter().all(|taken| is_plain(taken)) {
        return String::new();
    }
    let told = of_table.iter().map(|taken| match taken.taken_for.is_empty() {
        true => taken.file.clone(),
        false => format!("{}: {}", taken.file, taken.taken_for.join(", ")),
    });
    told.collect::<Vec<_>>().join("; ")
}

fn table(out: &mut impl Write, opened: &Opened, name: &str) -> Result<(), Failure> {
    let (problems, rows) = (&opened.loaded.problems, &opened.loaded.rows);
    if problems.errors() == 0 {
        let told: Vec<_> = rows.keys().map(|table| taken_for(&opened.taken, table)).collect();
        let mut columns = vec![("table", Align::Left), ("rows", Align::Right)];
        if told.iter().any(|told| !told.is_empty()) {
            columns.push(("taken from", Align::Wrapped));
        }
        let counts = rows.iter().zip(told).map(|((table, n), told)| {
            let cells = [cell(table, None), cell(n, None), cell(told, None)];
            cells.into_iter().take(columns.len()).collect()
        });
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
    files: &'a [TakenFor],
    problems: Vec<ReportedProblem<'a>>,
    not_listed: BTreeMap<&'a str, u64>,
}

#[derive(serde::Serialize)]
struct ReportedProblem<'a> {
    severity: &'static str,
    table: &'a str,
    row: Option<u64>,
    file: Option<&'a str>,
    column: Option<&'a str>,
    value: &'a str,
    expected: &'a str,
}

fn json(out: &mut impl Write, opened: &Opened) -> Result<(), Failure> {
    let (problems, rows) = (&opened.loaded.problems, &opened.loaded.rows);
    let report = Report {
        errors: problems.errors(),
        warnings: problems.warnings(),
        rows,
        files: &opened.taken,
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
        file: problem.file.as_deref(),
        column: problem.column.as_deref(),
        value: &problem.value,
        expected: &problem.expected,
    }
}
