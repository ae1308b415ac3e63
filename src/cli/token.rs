//! `promised token`: who may call a server, by named tokens.

use super::{
    config::{self, GivenFlags},
    failure::Failure,
    keep,
    output::{self, AnswerFormat},
    render::{self, Align, cell},
};
use crate::rpc::secure::{
    roles::Role,
    tokens::{self, Token},
};
use std::{io::Write, path::PathBuf, time::Duration};

/// The file where nothing else is said.
const FILE: &str = "tokens.toml";

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised token new --name shop --role promise --class web > shop.token
      makes a token, notes its check sum in tokens.toml, and prints it: this once
  promised token list
      names, roles and bounds
  promised token revoke shop
      takes it back; a running server hears of it within seconds")]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Makes a token and prints it
    New(Box<New>),
    /// Lists the tokens, without themselves
    List(List),
    /// Takes a token back
    Revoke(Revoke),
}

#[derive(Debug, clap::Args)]
struct Where {
    /// The file of tokens; that of the configuration if not given, else tokens.toml
    #[arg(long, value_name = "FILE")]
    tokens: Option<PathBuf>,
    /// The configuration that names it
    #[arg(long, value_name = "FILE", env = "PROMISED_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  promised token new --name planner --role plan,plan-apply --economics --expires 90d")]
struct New {
    /// The name of the principal, as it will stand in the journal
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What it may do: read, promise, plan, plan-apply, load, admin
    #[arg(long, value_name = "ROLE,..", value_delimiter = ',', required = true)]
    role: Vec<Role>,
    /// The demand classes that it may name and see; all if not given
    #[arg(long, value_name = "CLASS,..", value_delimiter = ',')]
    class: Vec<String>,
    /// The customers
    #[arg(long, value_name = "CUSTOMER,..", value_delimiter = ',')]
    customer: Vec<String>,
    /// The locations
    #[arg(long, value_name = "LOCATION,..", value_delimiter = ',')]
    location: Vec<String>,
    /// The sources that it speaks for
    #[arg(long, value_name = "SOURCE,..", value_delimiter = ',')]
    source: Vec<String>,
    /// Lets it see cost and profit
    #[arg(long)]
    economics: bool,
    /// How long it holds: 90d; for ever if not given
    #[arg(long, value_name = "TIME", value_parser = keep::time)]
    expires: Option<Duration>,
    /// Calls in a second
    #[arg(long, value_name = "N")]
    calls_a_second: Option<u32>,
    /// Calls under way at once
    #[arg(long, value_name = "N")]
    calls_at_once: Option<u32>,
    /// Lines in a minute
    #[arg(long, value_name = "N")]
    lines_a_minute: Option<u32>,
    /// Units that it may hold at once without confirming them
    #[arg(long, value_name = "N")]
    held_quantity: Option<u64>,
    /// How long a hold of its lasts at most
    #[arg(long, value_name = "TIME", value_parser = keep::time)]
    hold_for_at_most: Option<Duration>,
    /// How the token is printed: table is itself alone, for a file
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  promised token list --format json")]
struct List {
    /// How they are shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  promised token revoke shop

It answers by its exit code alone, so there is no --format.")]
struct Revoke {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    place: Where,
}

/// Makes, lists or takes back; what is taken back is no answer, but an exit code.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.what {
        What::New(new) => make(new),
        What::List(one) => list(one),
        What::Revoke(one) => tokens::revoke(&one.place.file()?, &one.name).map_err(failed),
    }
}

fn failed(error: tokens::Error) -> Failure {
    let mend = match &error {
        tokens::Error::Io { .. } => "name a file that can be read and written with --tokens",
        tokens::Error::Faulty { .. } => "mend the file, or begin another one with --tokens",
        tokens::Error::Taken(_) | tokens::Error::Unknown(_) => "see `promised token list`",
        tokens::Error::Unnamed => "--name shop",
    };
    Failure::new(error, mend)
}

impl Where {
    fn file(&self) -> Result<PathBuf, Failure> {
        if let Some(file) = &self.tokens {
            return Ok(file.clone());
        }
        let settled = config::needed(config::settle(&GivenFlags::of_file(self.config.as_deref())))?;
        Ok(settled.args.tokens().unwrap_or_else(|| FILE.into()))
    }
}

fn make(new: &New) -> Result<(), Failure> {
    let until = |time: Duration| {
        let end = crate::engine::clock::now().checked_add(time);
        let end = end.map_err(|error| Failure::new(error, "--expires 90d"))?;
        // Whole seconds: nobody wants to read more.
        jiff::Timestamp::from_second(end.as_second())
            .map_err(|error| Failure::new(error, "--expires 90d"))
    };
    let token = Token {
        name: new.name.clone(),
        sha256: String::new(),
        roles: new.role.clone(),
        classes: new.class.clone(),
        customers: new.customer.clone(),
        locations: new.location.clone(),
        sources: new.source.clone(),
        economics: new.economics,
        expires: new.expires.map(until).transpose()?,
        calls_a_second: new.calls_a_second,
        calls_at_once: new.calls_at_once,
        lines_a_minute: new.lines_a_minute,
        held_quantity: new.held_quantity,
        hold_for_at_most: new.hold_for_at_most.map(Into::into),
    };
    let secret = tokens::create(&new.place.file()?, token).map_err(failed)?;
    let facts = [("name", new.name.as_str().into()), ("token", secret.as_str().into())];
    output::told(new.format, &secret, &facts)
}

/// A token as it is listed.
#[derive(serde::Serialize)]
struct Row {
    name: String,
    roles: String,
    classes: String,
    customers: String,
    locations: String,
    sources: String,
    economics: bool,
    expires: String,
}

impl From<Token> for Row {
    fn from(token: Token) -> Self {
        Self {
            name: token.name,
            roles: token.roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(","),
            classes: token.classes.join(","),
            customers: token.customers.join(","),
            locations: token.locations.join(","),
            sources: token.sources.join(","),
            economics: token.economics,
            expires: token.expires.map(|at| at.to_string()).unwrap_or_default(),
        }
    }
}

fn list(list: &List) -> Result<(), Failure> {
    let tokens = tokens::list(&list.place.file()?).map_err(failed)?;
    let rows: Vec<Row> = tokens.into_iter().map(Row::from).collect();
    let mut out = output::stdout();
    match list.format {
        AnswerFormat::Json => writeln!(out, "{}", output::json(&rows))?,
        AnswerFormat::Csv => {
            let mut csv = csv::Writer::from_writer(&mut out);
            if rows.is_empty() {
                csv.write_record(COLUMNS).map_err(output::csv_failure)?;
            }
            for row in rows {
                csv.serialize(row).map_err(output::csv_failure)?;
            }
            csv.flush()?;
        }
        AnswerFormat::Table => {
            let columns = COLUMNS.map(|column| (column, Align::Left));
            let row = |row: Row| {
                let economics = row.economics.to_string();
                [
                    row.name,
                    row.roles,
                    row.classes,
                    row.customers,
                    row.locations,
                    row.sources,
                    economics,
                    row.expires,
                ]
                .map(|text| cell(render::printable(&text), None))
                .to_vec()
            };
            write!(out, "{}", render::table(&columns, rows.into_iter().map(row)))?;
        }
    }
    out.flush()?;
    Ok(())
}

const COLUMNS: [&str; 8] =
    ["name", "roles", "classes", "customers", "locations", "sources", "economics", "expires"];
