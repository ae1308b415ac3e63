//! Results on their way out: a table at the end, or CSV and JSON as they come.

use super::{
    answered,
    failure::Failure,
    money::{self, Currency},
    output::{AnswerFormat, csv_failure},
    render::{self, Align, Heading, Mood, cell},
    results::{self, COLUMNS, HEADINGS, OPTION, REASON, ResultCells, STATUS, TOGETHER},
    stream::ReadyOrder,
};
use crate::{
    ledger::World,
    model::Money,
    promising::answer::Promise,
    rpc::{self, encode::Pegging, proto, text::Words},
};
use std::io::Write;

/// Where results go.
pub(super) struct Writer<W: Write> {
    form: Form<W>,
    shown: AnswerDetail,
}

/// What is shown of each answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct AnswerDetail {
    /// So many options besides the default.
    pub(super) alternatives: usize,
    /// So many of the columns.
    pub(super) columns: usize,
}

impl AnswerDetail {
    /// So many options besides the default of some requests, and a column more if any line of them is to leave
    /// with others if possible.
    pub(super) fn of(steps: &[ReadyOrder], alternatives: usize) -> Self {
        let mut lines = steps.iter().flat_map(|step| &step.request.lines);
        let is_together = lines.any(|line| line.ship_together.is_some());
        Self { alternatives, columns: if is_together { COLUMNS.len() } else { TOGETHER } }
    }
}

enum Form<W: Write> {
    /// The widths of the columns are known at the end.
    Table {
        out: W,
        rows: Vec<ResultCells>,
        /// Of all amounts, as far as it is known.
        currency: String,
    },
    Csv(Box<csv::Writer<W>>),
    /// An array, one element a request.
    Json {
        out: W,
        n_written: u64,
    },
}

impl<W: Write> Writer<W> {
    /// Begins to write.
    pub(super) fn begin(
        mut out: W,
        format: AnswerFormat,
        shown: AnswerDetail,
    ) -> Result<Self, Failure> {
        let form = match format {
            AnswerFormat::Table => Form::Table { out, rows: Vec::new(), currency: String::new() },
            AnswerFormat::Csv => {
                let mut csv = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
                csv.write_record(&COLUMNS[..shown.columns]).map_err(csv_failure)?;
                Form::Csv(Box::new(csv))
            }
            AnswerFormat::Json => {
                write!(out, "[")?;
                Form::Json { out, n_written: 0 }
            }
        };
        Ok(Self { form, shown })
    }

    /// Writes the answer to a request, as it was computed from a world.
    pub(super) fn write(
        &mut self,
        world: &World,
        step: &ReadyOrder,
        promise: &Promise,
    ) -> Result<(), Failure> {
        match &mut self.form {
            Form::Table { rows, currency, .. } => {
                if currency.is_empty() {
                    *currency = world.snapshot.currency().to_string();
                }
                rows.extend(lines(world, (step, promise), self.shown.alternatives));
                Ok(())
            }
            Form::Csv(csv) => {
                lines(world, (step, promise), self.shown.alternatives).try_for_each(|row| {
                    csv.write_record(&row[..self.shown.columns]).map_err(csv_failure)
                })
            }
            Form::Json { out, n_written } => {
                let message = rpc::encode::check(world, &step.request, promise, Pegging::Shown);
                let comma = if *n_written == 0 { "\n" } else { ",\n" };
                *n_written += 1;
                write!(out, "{comma}{}", rpc::to_json_line(&message))?;
                Ok(())
            }
        }
    }

    /// Writes a server's answer to a request.
    pub(super) fn write_answer(&mut self, answer: &proto::PromiseResponse) -> Result<(), Failure> {
        let AnswerDetail { alternatives, columns } = self.shown;
        let rows = || answered::all_rows(answer, alternatives);
        match &mut self.form {
            Form::Table { rows: all, currency, .. } => {
                let results = answer.promises.iter().filter_map(|line| line.result.as_ref());
                let mut options = results.filter_map(|result| result.default_option.as_ref());
                let found = options.find_map(|option| option.economics.as_ref());
                if let Some(economics) = found.filter(|_| currency.is_empty()) {
                    currency.clone_from(&economics.currency);
                }
                all.extend(rows());
                Ok(())
            }
            Form::Csv(csv) => {
                rows().try_for_each(|row| csv.write_record(&row[..columns]).map_err(csv_failure))
            }
            Form::Json { out, n_written } => {
                let message = answered::as_check(answer);
                let comma = if *n_written == 0 { "\n" } else { ",\n" };
                *n_written += 1;
                write!(out, "{comma}{}", rpc::to_json_line(&message))?;
                Ok(())
            }
        }
    }

    /// Writes what is left.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self.form {
            Form::Table { mut out, rows, currency } => {
                write!(out, "{}", table(&rows, &currency))?;
                out.flush()?;
            }
            Form::Csv(mut csv) => csv.flush()?,
            Form::Json { mut out, .. } => {
                writeln!(out, "\n]")?;
                out.flush()?;
            }
        }
        Ok(())
    }
}

/// The rows of all lines of an answer.
fn lines(
    world: &World,
    (step, promise): (&ReadyOrder, &Promise),
    alternatives: usize,
) -> impl Iterator<Item = ResultCells> {
    let (words, lines) = (Words::new(&world.snapshot), &step.request.lines);
    let results = promise.lines.iter().enumerate();
    results.flat_map(move |(at, result)| {
        let together = results::together(promise, at);
        let mut rows = results::rows(words, lines, at, (result, alternatives));
        rows.iter_mut().for_each(|row| row[TOGETHER] = together.to_string());
        rows
    })
}

/// All rows with their reasons below them, without the columns that say the same of every row: nothing,
/// or that there is one option in one leg of the best rank. Below them what the default options cost and bring in all.
fn table(rows: &[ResultCells], currency: Currency<'_>) -> String {
    let says_something = |at: &usize| {
        let dull: &[&str] = match COLUMNS[*at] {
            "option" => &["0"],
            "leg" | "rank" => &["1", ""],
            _ => &[""],
        };
        rows.iter().any(|row| !dull.contains(&row[*at].as_str()))
    };
    let shown: Vec<usize> = (0..REASON).chain([TOGETHER]).filter(says_something).collect();
    let is_money = |at: usize| ["cost", "profit"].contains(&COLUMNS[at]);
    let heading = |at: &usize| {
        let (name, align) = HEADINGS.get(*at).copied().unwrap_or((COLUMNS[*at], Align::Left));
        let name = if is_money(*at) { money::heading(name, currency) } else { name.to_string() };
        (name, align)
    };
    let headings: Vec<_> = shown.iter().map(heading).collect();
    let columns: Vec<Heading> = headings.iter().map(|(name, align)| (&**name, *align)).collect();
    let line = |row: &ResultCells| {
        let mood = mood(&row[STATUS]);
        let cell_at = |at: &usize| match is_money(*at) {
            true => cell(money::of_text(&row[*at]), None),
            false => cell(&row[*at], mood.filter(|_| *at == STATUS)),
        };
        (shown.iter().map(cell_at).collect(), row[REASON].clone())
    };
    let has_sums = 1 < rows.len() && shown.iter().any(|at| is_money(*at));
    let sums = has_sums.then(|| shown.iter().map(|at| cell(sum(rows, *at), None)).collect());
    render::table_with_notes(&columns, rows.iter().map(line).collect(), sums)
}

/// What stands under a column: how many lines there are, and the sums of amounts.
fn sum(rows: &[ResultCells], at: usize) -> String {
    let of_default = rows.iter().filter(|row| row[OPTION] == "0");
    match COLUMNS[at] {
        "order" => "sum".to_string(),
        "cost" | "profit" => {
            let amounts = of_default.filter_map(|row| Money::parse(&row[at]).ok());
            money::of_text(&amounts.sum::<Money>().to_string())
        }
        _ => String::new(),
    }
}

fn mood(status: &str) -> Option<Mood> {
    match status {
        "on_time" => Some(Mood::Good),
        "late" | "partial" => Some(Mood::Fair),
        _ => Some(Mood::Bad),
    }
}
