//! `promised completions` and `promised man`: what shells and readers of manuals want, made of the command line itself.

use super::{failure::Failure, output};
use clap::Command;
use clap_complete::Shell;
use std::{io::Write, path::PathBuf};

/// Which shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  promised completions bash > /usr/share/bash-completion/completions/promised

The script is all of the answer, so there is no --format.")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Where the pages go.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  promised man /usr/share/man/man1

It prints nothing: the pages are the answer, so there is no --format.")]
pub(super) struct Man {
    /// The directory, made if it is not there
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// Writes the completions of a shell.
pub(super) fn completions(args: &Completions, mut command: Command) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command, "promised", &mut text);
    let mut out = output::stdout();
    out.write_all(&text)?;
    out.flush()?;
    Ok(())
}

/// Writes a page for every command, and one for all.
pub(super) fn man(args: &Man, command: Command) -> Result<(), Failure> {
    std::fs::create_dir_all(&args.dir)
        .and_then(|()| clap_mangen::generate_to(command, &args.dir))
        .map_err(|error| {
            let cause = format!("cannot write {}: {error}", args.dir.display());
            Failure::new(cause, "name a directory that can be written")
        })
}
