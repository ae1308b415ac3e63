//! The flags of `promised serve`: what is on the command line, in the file or in the environment.

use crate::{
    cli::{
        backup::Backups,
        bounds::{BoundArgs, size},
        clustered::Clustered,
        config,
        keep::{self, KeepArgs},
        kept::RefreshArgs,
        listening::{Addresses, addresses},
        logging::Logging,
        operating::Operating,
        refreshing::Refreshing,
        secured::Secured,
        told::ExceptionArgs,
    },
    engine::Today,
    rpc::{edge, secure::access::AccessRules},
};
use std::{path::PathBuf, time::Duration};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised serve snapshots/adventureworks
      serves on 127.0.0.1:50051; Ctrl-C stops it
  promised serve snapshots/adventureworks --data data
      keeps its promises in the directory data, and has them again after a crash
  promised serve --data data
      goes on with the snapshot and the promises that are there
  promised serve snapshots/tiny --listen 0.0.0.0:8080 --access-tokens tokens.toml --tls-certificate cert.pem --tls-key key.pem
      for other machines too: encrypted, and for those who have a token (`promised token new`)
  promised serve snapshots/adventureworks --scenario-memory 512M
      refuses more what-if than fits into that
  grpcurl -plaintext localhost:50051 list
      what it serves; no proto file is needed

Every flag is also a key of promised.toml (--config) and a variable PROMISED_*, and a flag has the last word: --drain is
drain in [serve], --limits-silent is silent in [limits]. `promised config show` tells each value and where it comes from.

SIGTERM or Ctrl-C: health says NOT_SERVING, new calls are refused, those under way finish within --drain; a
second one ends it at once. With --data nothing is answered as promised before it is on disk. Without it promises are kept in
memory only: they are gone when the server stops. Log lines go to standard error; RUST_LOG=debug
gives more of them. A request has 64 MiB at most, its metadata 128 KiB; what calls may make the server hold is
set by --limits-*, and refused with the figure (RESOURCE_EXHAUSTED, reason MEMORY). A disk without room refuses commands
(reason DISK_FULL) until there is some.")]
pub(in crate::cli) struct Args {
    /// The snapshot: a directory with manifest.json and its tables; without it the one that --data or --watch has
    #[arg(value_name = "SNAPSHOT")]
    pub(in crate::cli) tables: Option<PathBuf>,
    /// The same as SNAPSHOT, as a setting
    #[arg(long, value_name = "DIR", conflicts_with = "tables")]
    pub(in crate::cli) snapshot: Option<PathBuf>,
    /// The configuration; promised.toml in the working directory is read by itself
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:50051", value_parser = addresses)]
    pub(in crate::cli) listen: Addresses,
    /// By what today goes: as_of of the snapshot, or the clock, by which a line that does not say when it was ordered is ordered now
    #[arg(long, value_name = "WHAT", default_value = "as_of", value_parser = today)]
    pub(in crate::cli) today: Today,
    /// The memory that all what-if scenarios together may hold beyond live: 512M, 4G
    #[arg(long, value_name = "SIZE", default_value = "4G", value_parser = size)]
    pub(in crate::cli) scenario_memory: u64,
    /// How long calls under way have to finish when the server is told to stop: 5s
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = keep::time)]
    pub(in crate::cli) drain: Duration,
    /// A clock that jumps forward by no more than this is followed at once; beyond it after a minute: 1h
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = keep::time)]
    pub(in crate::cli) clock_jump: Duration,
    #[command(flatten)]
    pub(in crate::cli) secured: Secured,
    #[command(flatten)]
    pub(in crate::cli) backups: Backups,
    #[command(flatten)]
    pub(in crate::cli) logging: Logging,
    #[command(flatten)]
    pub(in crate::cli) bounds: BoundArgs,
    #[command(flatten)]
    pub(in crate::cli) keep: KeepArgs,
    #[command(flatten)]
    pub(in crate::cli) kept: RefreshArgs,
    #[command(flatten)]
    pub(in crate::cli) told: ExceptionArgs,
    #[command(flatten)]
    pub(in crate::cli) refreshing: Refreshing,
    #[command(flatten)]
    pub(in crate::cli) operating: Operating,
    #[command(flatten)]
    pub(in crate::cli) clustered: Clustered,
    /// A name that it is called by over HTTP beside its address, such as one of a proxy; several by commas
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(in crate::cli) names: Vec<String>,
}

impl Args {
    /// What strangers may use.
    pub(in crate::cli) fn limits(&self) -> edge::Limits {
        self.bounds.limits()
    }

    /// What of who may call can change while it serves.
    pub(in crate::cli) fn rules(
        &self,
        file: &config::File,
    ) -> Result<AccessRules, Vec<config::ConfigFault>> {
        self.secured.rules(file)
    }

    /// The file of tokens.
    pub(in crate::cli) fn tokens(&self) -> Option<PathBuf> {
        self.secured.tokens()
    }
}

fn today(text: &str) -> Result<Today, String> {
    match text {
        "as_of" => Ok(Today::AsOf),
        "clock" => Ok(Today::Clock),
        _ => Err("as_of or clock is expected".to_string()),
    }
}
