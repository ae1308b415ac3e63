//! `promised status`: what a running server serves, how old it is, and what is under way.

use super::{LiveCommand, server::Server};
use crate::{
    cli::{
        failure::Failure,
        output::{self, AnswerFormat},
        render::{self, Align, cell},
    },
    rpc::{
        proto,
        sheet::{Cell, Csv},
        to_json,
    },
};
use indicatif::{HumanBytes, HumanDuration};
use std::{io::Write, time::Duration};

/// The columns of its rows.
const COLUMNS: &[&str] = &["what", "of", "value"];

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised status
  promised status --server http://promised.example:50051 --format json")]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    server: Server,
}

impl LiveCommand for Args {
    fn run(&self) -> Result<(), Failure> {
        let server = self.server.connect()?;
        let answer = server.wait(server.snapshots().get_status(proto::GetStatusRequest {}))?;
        let rows = rows(&answer);
        let mut out = output::stdout();
        match self.server.format {
            AnswerFormat::Json => writeln!(out, "{}", to_json(&answer))?,
            AnswerFormat::Csv => {
                let csv = Csv::default();
                out.write_all(&csv.header(COLUMNS))?;
                out.write_all(&csv.rows(&rows))?;
            }
            AnswerFormat::Table => {
                let columns = [("what", Align::Left), ("of", Align::Left), ("value", Align::Right)];
                let cells =
                    rows.iter().map(|row| for_people(row).map(|one| cell(one, None)).into());
                write!(out, "{}", render::table(&columns, cells))?;
            }
        }
        out.flush()?;
        Ok(())
    }
}

/// A row with spans of time and sizes as people say them: "age, seconds" of 90061 is an "age" of "25 hours".
fn for_people(row: &[Cell]) -> [String; 3] {
    let [what, of, value] = [0, 1, 2].map(|at| row[at].shown());
    let number = || value.parse::<f64>().ok().filter(|number| 0.0 <= *number);
    if let Some(what) = what.strip_suffix(", seconds").or(what.strip_suffix(", seconds behind"))
        && let Some(seconds) = number()
    {
        let what = if what == "source" { "source, behind" } else { what };
        let span = HumanDuration(Duration::from_secs_f64(seconds));
        return [what.to_string(), of, span.to_string()];
    }
    match value.parse() {
        Ok(bytes) if what == "bytes" => ["memory".to_string(), of, HumanBytes(bytes).to_string()],
        _ => [what, of, value],
    }
}

fn rows(answer: &proto::GetStatusResponse) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let mut row = |what: &str, of: &str, value: Cell| {
        rows.push(vec![Cell::text(what), Cell::text(of), value]);
    };
    #[expect(clippy::cast_possible_wrap, reason = "counts are smaller")]
    let whole = |number: u64| Cell::Whole(number as i64);
    let version = answer.version.clone().unwrap_or_default();
    row("snapshot", "", Cell::text(version.snapshot_id));
    row("as of", "", Cell::text(version.as_of));
    row("position", "", whole(version.sequence));
    row("ledger", "", Cell::text(version.ledger));
    row("generation", "", whole(answer.generation));
    row("age, seconds", "", Cell::Number(answer.age_seconds.round()));
    row("promises", "live", whole(answer.promises_live));
    row("promises", "at risk", whole(answer.promises_at_risk));
    row("changes", "since the snapshot", whole(answer.changes));
    row("bytes", "snapshot", whole(answer.bytes_live));
    row("bytes", "process", whole(answer.bytes_resident));
    for source in &answer.sources {
        if source.watermark.is_some() {
            row("source, seconds behind", &source.source, Cell::Number(source.age_seconds.round()));
        }
        for position in &source.positions {
            row("source, position", &source.source, Cell::text(position));
        }
    }
    if let Some(build) = &answer.build {
        row("under way", &build.stage, Cell::Number((build.progress * 100.0).round()));
    }
    for table in &answer.tables {
        row("rows", &table.table, whole(table.rows));
    }
    rows
}
