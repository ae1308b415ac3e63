//! What was measured, for people and programs.

use super::{
    How,
    record::{Measurements, OfKind},
};
use crate::cli::{
    failure::Failure,
    output::{self, AnswerFormat},
    render::{self, Align},
};
use serde::Serialize;
use std::{io::Write, path::Path};

/// Errors that are shown in words.
const ERRORS_SHOWN: usize = 5;

/// One line of the summary. Latencies are in microseconds.
#[derive(Debug, Serialize)]
struct Row {
    method: &'static str,
    calls: u64,
    calls_per_second: f64,
    questions_per_second: f64,
    failed: u64,
    given_up: u64,
    unpromised: u64,
    mean_us: f64,
    p50_us: f64,
    p90_us: f64,
    p99_us: f64,
    p999_us: f64,
    p9999_us: f64,
    max_us: f64,
}

impl Row {
    fn new(method: &'static str, of: &OfKind, seconds: f64) -> Self {
        let at = |percentile: f64| micros(of.latencies.value_at_percentile(percentile));
        Self {
            method,
            calls: of.n_answered,
            calls_per_second: of.n_answered as f64 / seconds,
            questions_per_second: of.n_questions as f64 / seconds,
            failed: of.n_failed,
            given_up: of.n_given_up,
            unpromised: of.n_unpromised,
            mean_us: of.latencies.mean() / 1_000.0,
            p50_us: at(50.0),
            p90_us: at(90.0),
            p99_us: at(99.0),
            p999_us: at(99.9),
            p9999_us: at(99.99),
            max_us: micros(of.latencies.max()),
        }
    }
}

/// Nanoseconds as microseconds.
pub(super) fn micros(nanos: u64) -> f64 {
    nanos as f64 / 1_000.0
}

/// Prints a line for each kind of call, and the errors.
pub(super) fn summary(
    record: &Measurements,
    how: &How,
    format: AnswerFormat,
) -> Result<(), Failure> {
    let seconds = how.seconds as f64;
    let rows: Vec<_> =
        record.kinds().map(|(kind, of)| Row::new(kind.method(), of, seconds)).collect();
    let mut out = output::stdout();
    match format {
        AnswerFormat::Table => write!(out, "{}", table(&rows))?,
        AnswerFormat::Json => writeln!(out, "{}", output::json(&rows))?,
        AnswerFormat::Csv => {
            let mut writer = csv::Writer::from_writer(&mut out);
            for row in &rows {
                writer.serialize(row).map_err(output::csv_failure)?;
            }
            writer.flush()?;
        }
    }
    out.flush()?;
    let mut err = std::io::stderr().lock();
    for (error, n) in record.errors().take(ERRORS_SHOWN) {
        writeln!(err, "{} failed: {error}", output::count(n, "call"))?;
    }
    let given_up: u64 = rows.iter().map(|row| row.given_up).sum();
    if 0 < given_up {
        let calls = output::count(given_up, "call");
        writeln!(err, "{calls} could not begin in time: the rate is more than the server does")?;
    }
    Ok(())
}

fn table(rows: &[Row]) -> String {
    const HEADINGS: [&str; 12] = [
        "method",
        "calls/s",
        "asked/s",
        "failed",
        "mean us",
        "p50",
        "p90",
        "p99",
        "p99.9",
        "p99.99",
        "max",
        "unpromised",
    ];
    let columns: Vec<_> = HEADINGS
        .into_iter()
        .map(|heading| (heading, if heading == "method" { Align::Left } else { Align::Right }))
        .collect();
    let cells = rows.iter().map(|row| {
        let numbers = [
            row.calls_per_second,
            row.questions_per_second,
            row.failed as f64,
            row.mean_us,
            row.p50_us,
            row.p90_us,
            row.p99_us,
            row.p999_us,
            row.p9999_us,
            row.max_us,
            row.unpromised as f64,
        ];
        let numbers = numbers.into_iter().map(|number| render::cell(format!("{number:.0}"), None));
        std::iter::once(render::cell(row.method, None)).chain(numbers).collect()
    });
    render::table(&columns, cells)
}

/// Writes every bucket of every histogram: method, share of the calls, latency.
pub(super) fn distribution(record: &Measurements, path: &Path) -> Result<(), Failure> {
    let unwritable = |error: csv::Error| {
        Failure::new(format!("cannot write {}: {error}", path.display()), "another --csv FILE")
    };
    let mut writer = csv::Writer::from_path(path).map_err(unwritable)?;
    writer
        .write_record(["method", "percentile", "latency_us", "calls_up_to"])
        .map_err(unwritable)?;
    for (kind, of) in record.kinds() {
        let mut n = 0;
        for bucket in of.latencies.iter_recorded() {
            n += bucket.count_since_last_iteration();
            let row = [
                kind.method().to_string(),
                format!("{:.5}", bucket.percentile()),
                format!("{:.3}", micros(bucket.value_iterated_to())),
                n.to_string(),
            ];
            writer.write_record(row).map_err(unwritable)?;
        }
    }
    writer.flush().map_err(|error| unwritable(error.into()))
}
