//! `promised import`: an export of another system becomes a snapshot. Nothing is left out without a word.

mod draft;
mod tables;
mod frepple;
mod map;
mod fbdi;
mod ours;

use super::{data, failure::Failure, output, rejects::Rejects, render::Align};
use crate::{engine::clock, loader::Format};
use draft::{RowPlace, SnapshotDraft, TableReport};
use jiff::civil::Date;
use map::ColumnMap;
use std::{
    collections::BTreeSet,
    io::Write,
    path::{Path, PathBuf},
};

/// Column maps that come along.
const MAPS: [(&str, &str); 3] = [
    ("fbdi", include_str!("../../../recipes/fbdi.toml")),
    ("sap", include_str!("../../../recipes/sap.toml")),
    ("dynamics", include_str!("../../../recipes/dynamics.toml")),
];

/// Where an export comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Oracle's files for bulk import, with the templates that they were made by
    Fbdi,
    /// frePPLe: a directory of CSV files, a workbook, or JSON
    Frepple,
    /// Odoo: a directory that the recipe has made
    Odoo,
    /// ERPNext: a directory that the recipe has made
    Erpnext,
    /// SAP: a directory of tables as CSV
    Sap,
    /// Dynamics 365: a directory of data entities as CSV
    Dynamics,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Fbdi => "fbdi",
            Self::Frepple => "frepple",
            Self::Odoo => "odoo",
            Self::Erpnext => "erpnext",
            Self::Sap => "sap",
            Self::Dynamics => "dynamics",
        }
    }

    /// The script that reads the system's database, where there is one.
    fn recipe(self) -> Option<&'static str> {
        match self {
            Self::Odoo => Some(include_str!("../../../recipes/odoo.sh")),
            Self::Erpnext => Some(include_str!("../../../recipes/erpnext.sh")),
            Self::Fbdi | Self::Frepple | Self::Sap | Self::Dynamics => None,
        }
    }
}

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised import frepple export/ week-48 --as-of 2026-11-23
      makes the snapshot week-48 of frePPLe's CSV files; a workbook or JSON will do too
  promised import fbdi data.zip week-48 --templates templates/
      Oracle's files, whose columns the workbooks in templates/ name
  promised import odoo --recipe > odoo.sh && sh odoo.sh raw psql -h erp -U reader odoo && promised import odoo raw week-48
      reads Odoo's database with its own client; ERPNext alike: sh erpnext.sh raw mariadb -h erp ..
  promised import sap export/ week-48 --map ours.toml
      SAP's tables by a column map of your own; without --map by the one that comes along (--recipe prints it)
  promised import sap export/ week-48 --decimal , --dates DD.MM.YYYY --encoding windows-1252
      the same of files as a German SAP GUI writes them

What was left out is told row by row: in OUT.rejects.csv, or in --rejects FILE. docs/imports.md has a page for each.")]
pub(super) struct Args {
    /// Where the export comes from
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// The export
    #[arg(value_name = "IN", required_unless_present = "recipe")]
    from: Option<PathBuf>,
    /// The snapshot's directory: new or empty
    #[arg(value_name = "OUT", required_unless_present = "recipe")]
    to: Option<PathBuf>,
    /// The date of day 0 [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// The snapshot's id [default: the name of OUT]
    #[arg(long, value_name = "ID")]
    snapshot_id: Option<String>,
    /// The workbooks that name the columns of Oracle's files
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// A column map in the place of the one that comes along
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    #[command(flatten)]
    written: Written,
    /// Prints the script that reads the database, or the column map that comes along
    #[arg(long)]
    recipe: bool,
    /// How it is told what became of the rows
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: output::AnswerFormat,
    #[command(flatten)]
    rejects: Rejects,
}

/// How the files of an export are written, where they do not say so.
#[derive(Debug, clap::Args)]
struct Written {
    /// The decimal sign of numbers: . or ,
    #[arg(long, value_name = "SIGN", default_value = "", hide_default_value = true)]
    decimal: String,
    /// How dates are written, such as DD.MM.YYYY or DD-MMM-YY
    #[arg(long, value_name = "PATTERN", default_value = "", hide_default_value = true)]
    dates: String,
    /// What text files are written in, such as windows-1252
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    encoding: String,
    /// What separates the columns of text files
    #[arg(long, value_name = "SIGN", default_value = "", hide_default_value = true)]
    delimiter: String,
}

impl Written {
    fn format(&self) -> Result<Format, Failure> {
        let words = [
            ("decimal", self.decimal.as_str()),
            ("dates", &self.dates),
            ("encoding", &self.encoding),
            ("delimiter", &self.delimiter),
        ];
        Format::said(&words).map_err(|fault| {
            Failure::misused(fault, "--decimal , --dates DD.MM.YYYY --encoding windows-1252")
        })
    }
}

/// Imports, and tells.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.recipe {
        let mut out = output::stdout();
        let of_map = MAPS.iter().find(|(kind, _)| *kind == args.kind.word());
        let text = args.kind.recipe().or(of_map.map(|(_, text)| *text));
        let text = text.ok_or_else(|| {
            Failure::misused(
                "frePPLe's own export is read as it is",
                "promised import frepple IN OUT",
            )
        })?;
        out.write_all(text.as_bytes())?;
        return Ok(out.flush()?);
    }
    let (Some(from), Some(to)) = (&args.from, &args.to) else {
        unreachable!("clap asks for both");
    };
    refuse_full(to)?;
    let format = args.written.format()?;
    let as_of = args.as_of.unwrap_or_else(|| clock::now().to_zoned(jiff::tz::TimeZone::UTC).date());
    let name = to.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut draft = SnapshotDraft::new(as_of, args.snapshot_id.clone().unwrap_or(name));
    match args.kind {
        Kind::Fbdi => of_templates(args, (from, &format), &mut draft)?,
        Kind::Sap | Kind::Dynamics => {
            let map = map(args)?;
            let read = tables::read(from, &format, &map.fields());
            let read = read.map_err(|error| data::unloadable(&error))?;
            draft.leave_out_files(&read.strangers);
            map.apply(&read.tables, &format, &mut draft);
        }
        Kind::Frepple => {
            let read = tables::read(from, &format, &BTreeSet::new());
            let read = read.map_err(|error| data::unloadable(&error))?;
            draft.leave_out_files(&read.strangers);
            frepple::apply(&read.tables, &mut draft);
        }
        Kind::Odoo | Kind::Erpnext => ours::apply(from, args.as_of, &mut draft)?,
    }
    let (left_out, told) = draft.write(to)?;
    let beside = PathBuf::from(format!("{}.rejects.csv", to.display()));
    args.rejects.or(beside).write(&left_out)?;
    tell(&told, args.format)
}

/// A snapshot is made where nothing is.
fn refuse_full(to: &Path) -> Result<(), Failure> {
    let is_empty = match std::fs::read_dir(to) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    if is_empty {
        return Ok(());
    }
    Err(Failure::new(
        format!("{} is not empty", to.display()),
        "name a directory that is new or empty",
    ))
}

/// The column map: the caller's own, or the one that comes along.
fn map(args: &Args) -> Result<ColumnMap, Failure> {
    let unusable = |name: &str, fault: String| {
        Failure::new(
            format!("{name} cannot be used: {fault}"),
            "docs/imports.md says what a column map holds",
        )
    };
    if let Some(path) = &args.map {
        let name = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|error| unusable(&name, error.to_string()))?;
        return ColumnMap::parse(&text).map_err(|fault| unusable(&name, fault));
    }
    let (name, text) = MAPS.iter().find(|(kind, _)| *kind == args.kind.word()).expect("it has one");
    ColumnMap::parse(text).map_err(|fault| unusable(name, fault))
}

fn of_templates(
    args: &Args,
    (from, format): (&Path, &Format),
    draft: &mut SnapshotDraft,
) -> Result<(), Failure> {
    let templates = args.templates.as_deref().ok_or_else(|| {
        Failure::misused(
            "Oracle's files do not name their columns",
            "--templates DIR, with the workbooks (.xlsm) that they were made by",
        )
    })?;
    let map = map(args)?;
    let read = fbdi::read(templates, (from, format), &map);
    let read = read.map_err(|error| data::unloadable(&error))?;
    for raw in read.unknown {
        draft.read(&raw.name, raw.rows.len() as u64);
        let place = RowPlace { table: raw.name, file: raw.file, row: 0 };
        draft.leave_out(&place, ("", ""), "no sheet of a template has this name");
    }
    draft.leave_out_files(&read.strangers);
    map.apply(&read.tables, format, draft);
    Ok(())
}

/// How many rows of each table were read, taken and left out.
fn tell(told: &[TableReport], format: output::AnswerFormat) -> Result<(), Failure> {
    let columns = [
        ("table", Align::Left),
        ("read", Align::Right),
        ("taken", Align::Right),
        ("left_out", Align::Right),
    ];
    let row = |TableReport { table, read, taken, left_out }: &TableReport| {
        vec![table.as_str().into(), (*read).into(), (*taken).into(), (*left_out).into()]
    };
    output::list(format, &columns, &told.iter().map(row).collect::<Vec<_>>())
}
