//! The command line: one binary, one sub-command a verb (contract 4).
//!
//! Each command is a file: its arguments, with examples, and a `run` that gives a failure or nothing.
//! Answers go to standard output, everything else to standard error. Nothing is computed here: commands
//! load, ask and print.

// What people see: failures, tables, pictures, files.
// What people see, and the files that commands work on.
mod failure;
mod terminal;
mod render;
mod output;
mod money;
mod pegging;
mod progress;
mod results;
mod listed;
mod rejects;
mod similar;
mod data;
mod stream;
mod remote;
mod tally;
mod random;

// How a server is reached, and what it answers.
mod peer;
mod answered;

// Worlds of files, side by side.
mod writer;
mod book;
mod compared;
mod whatif;
mod vary;
mod plot;

// Flags of a server, by what they are about.
mod keep;
mod kept;
mod told;
mod bounds;
mod listening;
mod logging;
mod operating;
mod refreshing;
mod saved;

// Commands that need no server.
mod papers;
mod proto;
mod generate;
mod feed;
mod import;
mod validate;
mod simulate;
mod explain;
mod promise;
mod atp;

// Commands that ask one.
mod allocation;
mod ask;
mod runs;
mod backlog;
mod live;
mod get;
mod push;
mod change;
mod load;
mod config;
mod token;

// A server: safety, its cluster, its end.
mod ended;
mod signals;
mod ruled;
mod supervised;
mod secured;
mod reloading;
mod fetching;
mod joining;
mod clustered;
mod backup;
mod serve;

// Clusters, journals and backups, without a server.
mod cluster_named;
mod cluster_begun;
mod cluster_members;
mod cluster_recover;
mod cluster;
mod journal;
mod restore;

use clap::{CommandFactory as _, Parser};
use failure::{BAD_USAGE, BROKEN, FAILED, Failure};
use live::LiveCommand as _;
use std::{io::Write, process::ExitCode};

/// In-memory order promising: when can it be there, from where, made of what.
#[derive(Debug, Parser)]
#[command(
    name = "promised",
    version,
    after_help = "\
Examples:
  promised promise snapshots/tiny snapshots/tiny/orders.csv
  promised atp snapshots/tiny VALVE
  promised serve snapshots/adventureworks

promised COMMAND --help has examples of each command.
Exit code: 0 it ran, 1 it failed, 2 the command line is wrong; of serve also 74 (the journal or the
engine failed: start it again), 130 and 143 (told to stop twice)."
)]
struct Cli {
    #[command(flatten)]
    peer: peer::PeerArgs,
    #[command(subcommand)]
    command: Command,
}

/// What can be done.
#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Promises an orders file against a snapshot, without a server
    Promise(promise::Args),
    /// Shows the supply, demand, balance and availability of an item, day by day
    Atp(atp::Args),
    /// Shows what became of the shares of demand classes: who was given what, and who took it
    Allocation(allocation::Args),
    /// Explains an order: its pegging trees, what bounds its dates, what it costs
    Explain(explain::Args),
    /// Lists every fault of a snapshot
    Validate(validate::Args),
    /// Promises an orders file with changes of the snapshot, and compares
    Simulate(simulate::Args),
    /// Promises the orders of a file again, by other priorities and strategies
    Backlog(backlog::Args),
    /// Serves a snapshot over gRPC
    Serve(config::GivenFlags),
    /// Shows what a server is configured as, and what is wrong with that
    Config(config::Args),
    /// Says who may call a server, by named tokens
    Token(token::Args),
    /// Begins a cluster of several servers, and tells how it is
    Cluster(cluster::Args),
    /// Saves all of a running server's state, as it is at one instant
    Backup(backup::Args),
    /// Makes a data directory of a backup
    Restore(restore::Args),
    /// Looks at the journal of a data directory, and mends it
    Journal(journal::Args),
    /// Loads a snapshot into a running server, and prints what became of the promises
    Push(push::Args),
    /// Changes planning data of a running server, and prints what that means for promises
    Change(change::Args),
    /// Shows what a running server has promised of an order
    Get(get::Args),
    /// Lists the promises of a running server
    List(live::List),
    /// Keeps an item, or the lines of a file, for a while on a running server
    Hold(live::Hold),
    /// Makes what is held a promise
    Confirm(live::Confirm),
    /// Gives promises back
    Cancel(live::Cancel),
    /// Promises a line anew in place of an old promise
    Amend(live::Amend),
    /// Says that promises have shipped
    Fulfil(live::Fulfil),
    /// Takes a shipment back
    Reopen(live::Reopen),
    /// Shows what a running server serves, how old it is and what is under way
    Status(live::Status),
    /// Asks whether a server is ready
    Health(live::Health),
    /// Writes the proto files of this server
    Proto(proto::Args),
    /// Writes completions of the command line for a shell
    Completions(papers::Completions),
    /// Writes the pages of the manual
    Man(papers::Man),
    /// Shows what needs a planner, by what limits it; says who has seen it
    Exceptions(ask::exceptions::Args),
    /// Shows how much is late, by what it waits for
    Late(ask::late::Args),
    /// Shows figures over the promises of a running server
    Figures(ask::figures::Args),
    /// Writes all promises of a running server into a file
    Export(ask::export::Args),
    /// Shows what happens on a running server, as it happens
    Watch(ask::watch::Args),
    /// Tries a webhook
    Webhook(ask::webhook::Args),
    /// Says whether so many can be there by a date, and how many at most
    Check(ask::check::Args),
    /// Makes a snapshot of an export of another system
    Import(import::Args),
    /// Writes a synthetic snapshot and orders of any size
    Generate(generate::Args),
    /// Asks a running server as much as it is told to, and measures how long answers take
    Load(load::Args),
}

/// What is wrong with the text of a configuration file, a line a fault.
pub fn configuration_faults(text: &str) -> Vec<String> {
    config::faults_of(text).iter().map(ToString::to_string).collect()
}

/// Does what the command line says, and gives the exit code.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(refusal) => return usage(&refusal),
    };
    peer::keep(cli.peer);
    let done = match &cli.command {
        Command::Promise(args) => promise::run(args),
        Command::Atp(args) => atp::run(args),
        Command::Allocation(args) => allocation::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Validate(args) => validate::run(args),
        Command::Simulate(args) => simulate::run(args),
        Command::Backlog(args) => backlog::run(args),
        Command::Serve(given) => serve::run(given),
        Command::Config(args) => config::run(args),
        Command::Token(args) => token::run(args),
        Command::Cluster(args) => cluster::run(args),
        Command::Backup(args) => backup::run(args),
        Command::Restore(args) => restore::run(args),
        Command::Journal(args) => journal::run(args),
        Command::Push(args) => push::run(args),
        Command::Change(args) => change::run(args),
        Command::Get(args) => get::run(args),
        Command::List(args) => args.run(),
        Command::Hold(args) => args.run(),
        Command::Confirm(args) => args.run(),
        Command::Cancel(args) => args.run(),
        Command::Amend(args) => args.run(),
        Command::Fulfil(args) => args.run(),
        Command::Reopen(args) => args.run(),
        Command::Status(args) => args.run(),
        Command::Health(args) => args.run(),
        Command::Proto(args) => proto::run(args),
        Command::Completions(args) => papers::completions(args, Cli::command()),
        Command::Man(args) => papers::man(args, Cli::command()),
        Command::Exceptions(args) => ask::exceptions::run(args),
        Command::Late(args) => ask::late::run(args),
        Command::Figures(args) => ask::figures::run(args),
        Command::Export(args) => ask::export::run(args),
        Command::Watch(args) => ask::watch::run(args),
        Command::Webhook(args) => ask::webhook::run(args),
        Command::Check(args) => ask::check::run(args),
        Command::Import(args) => import::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Load(args) => load::run(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failed(&failure),
    }
}

fn failed(failure: &Failure) -> ExitCode {
    let code = match failure {
        Failure::PipeClosed => return ExitCode::SUCCESS,
        Failure::Reported => return ExitCode::from(FAILED),
        Failure::MisusedReported => return ExitCode::from(BAD_USAGE),
        Failure::Said { .. } => FAILED,
        Failure::Misused { .. } => BAD_USAGE,
        Failure::Broken { .. } => BROKEN,
    };
    // Where standard error is closed too, only the exit code can tell.
    let _told = writeln!(std::io::stderr(), "{failure}");
    ExitCode::from(code)
}

/// Help and version are answers; everything else is bad usage.
fn usage(refusal: &clap::Error) -> ExitCode {
    // A closed pipe is no reason to complain about help.
    let _printed = refusal.print();
    if refusal.use_stderr() { ExitCode::from(BAD_USAGE) } else { ExitCode::SUCCESS }
}
