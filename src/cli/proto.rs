//! `promised proto`: the proto files of this server, for those who make clients of their own.

use super::{
    failure::Failure,
    output::{self, AnswerFormat},
    render::Align,
};
use crate::rpc::proto::FILES;
use std::{fs, io::Write, path::PathBuf};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised proto api
      writes api/promised/v1/*.proto and api/google/rpc/*.proto; protoc -I api finds them all")]
pub(super) struct Args {
    /// The directory to write to; it is made where it is not there
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// How the files written are named
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

/// Writes them.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let mut names = Vec::new();
    for (name, text) in FILES {
        let path = args.dir.join(name);
        let written =
            path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        written.map_err(|error| {
            Failure::new(
                format!("cannot write {}: {error}", path.display()),
                "name a directory that can be written",
            )
        })?;
        names.push(path.display().to_string());
    }
    if args.format == AnswerFormat::Table {
        let mut out = output::stdout();
        names.iter().try_for_each(|name| writeln!(out, "{name}"))?;
        return Ok(out.flush()?);
    }
    let rows: Vec<_> = names.into_iter().map(|name| vec![name.into()]).collect();
    output::list(args.format, &[("file", Align::Left)], &rows)
}
