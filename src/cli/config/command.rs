//! `promised config`: what a server would be configured as, and whether it can.

use super::{
    ConfigFault, settle,
    settle::{GivenFlags, SettingShown},
    tell,
};
use crate::cli::{
    failure::Failure,
    output::{self, AnswerFormat},
    render::{self, Align, cell},
};
use std::io::Write;

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised config check --config /etc/promised/promised.toml
      a line a fault, and exit code 1; nothing, and 0, where there is none
  promised config show --config promised.toml --drain 10s
      every setting that `serve` would have with these flags, and where it comes from

Every flag of `serve` is a key of the file and a variable of the environment with the same words:
--tls-client-ca is client_ca in [tls] and PROMISED_TLS_CLIENT_CA; --drain is drain in [serve].")]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Says what is wrong with the file and the environment
    Check(Check),
    /// Shows the settings and where each came from
    Show(Box<Show>),
}

/// Flags of `serve` may stand here too.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  promised config check --config promised.toml")]
struct Check {
    /// How faults are told: table is a line each on standard error, csv and json have them on standard output
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
    #[command(flatten)]
    given: GivenFlags,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  promised config show --config promised.toml --format json")]
struct Show {
    /// How the settings are shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
    #[command(flatten)]
    given: GivenFlags,
}

/// Checks or shows.
pub(in crate::cli) fn run(args: &Args) -> Result<(), Failure> {
    match &args.what {
        What::Check(check) => {
            let faults = settle(&check.given).err().unwrap_or_default();
            told(&faults, check.format)?;
            if faults.is_empty() { Ok(()) } else { Err(Failure::Reported) }
        }
        What::Show(args) => match settle(&args.given) {
            Ok(settled) => show(&settled.shown, args.format),
            Err(faults) => {
                tell(&faults)?;
                Err(Failure::Reported)
            }
        },
    }
}

/// What is wrong, for people, spreadsheets or programs.
fn told(faults: &[ConfigFault], format: AnswerFormat) -> Result<(), Failure> {
    if format == AnswerFormat::Table {
        return tell(faults);
    }
    let row = |fault: &ConfigFault| vec![fault.place().into(), fault.text().into()];
    let rows: Vec<_> = faults.iter().map(row).collect();
    output::list(format, &[("place", Align::Left), ("fault", Align::Left)], &rows)
}

fn show(settings: &[SettingShown], format: AnswerFormat) -> Result<(), Failure> {
    let mut out = output::stdout();
    match format {
        AnswerFormat::Json => writeln!(out, "{}", output::json(&settings))?,
        AnswerFormat::Csv => {
            let mut rows = csv::Writer::from_writer(&mut out);
            for setting in settings {
                rows.serialize(setting).map_err(output::csv_failure)?;
            }
            rows.flush()?;
        }
        AnswerFormat::Table => {
            let columns = [("key", Align::Left), ("value", Align::Left), ("from", Align::Left)];
            let row = |SettingShown { key, value, from }: &SettingShown| {
                [key, value, from].map(|text| cell(render::printable(text), None)).to_vec()
            };
            write!(out, "{}", render::table(&columns, settings.iter().map(row)))?;
        }
    }
    out.flush()?;
    Ok(())
}
