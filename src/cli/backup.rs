//! `promised backup`: all of a running server's state, as it is at one instant, into a directory.

use super::{failure::Failure, output, peer, remote};
use crate::rpc::cluster::Peers;
use crate::{
    engine::{
        backup::{ABOUT, BackupDirectory, BackupManifest, Error, Sink},
        clock::Stopwatch,
    },
    rpc::proto::{BackupPart, BackupRequest, admin_service_client::AdminServiceClient},
};
use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tonic::{
    Response, Status, Streaming,
    client::GrpcService,
    codegen::{Body, Bytes, StdError},
};

/// Bytes of one part.
const PART_BYTES_MAX: usize = 16 << 20;

/// Another node that can give what it has begins to answer by then.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised backup saved
      the journal and the snapshots that it names; the server goes on meanwhile
  promised backup saved --server https://promised.example:50051 --token-file admin.token
      of another machine
  promised restore saved --data data
      makes a data directory of it")]
pub(super) struct Args {
    /// The directory: a new or an empty one
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// The server
    #[arg(
        long,
        value_name = "URL",
        env = "PROMISED_SERVER",
        default_value = "http://127.0.0.1:50051"
    )]
    server: String,
    /// How the answer is shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: output::AnswerFormat,
}

/// Takes the backup, and says how far it goes.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let about = take(&args.server, &args.dir)?;
    let facts = [
        ("snapshot", about.snapshot_id.into()),
        ("at", about.at.to_string().into()),
        ("position", about.position.into()),
    ];
    output::facts(args.format, &facts)
}

/// What went wrong with a directory.
pub(super) fn failed(error: Error) -> Failure {
    let mend = match &error {
        Error::NotEmpty(_) => "name a new or an empty directory",
        Error::NotKept { .. } => "name a position that it has, or another backup",
        Error::NotWhole { .. } => "name a directory that `promised backup` has finished",
        Error::NoJournal => "start the server with --data DIR",
        Error::Journal(_) | Error::Io { .. } | Error::Gone => {
            "make room, and name directories that can be read and written"
        }
    };
    Failure::new(error, mend)
}

/// Takes the files of one snapshot of another node into a directory, or all that it has. One that listens and does not
/// answer, as it does while it begins itself, is not waited for.
pub(super) fn fetch_of_node(
    (peers, address): (&Peers, &str),
    snapshot_id: &str,
    dir: &Path,
) -> Result<(), Failure> {
    let directory = BackupDirectory::new(dir).map_err(failed)?;
    let away = |why: String| Failure::new(format!("cannot reach {address}: {why}"), "start it");
    remote::runtime()?.block_on(async {
        let channel = peers.source(address).await.map_err(away)?;
        let mut client = client(channel);
        let asked = tokio::time::timeout(ANSWER_WITHIN, client.backup(request(snapshot_id))).await;
        let silent = |_| away("it takes connections and does not answer".to_string());
        taken(asked.map_err(silent)?, directory).await
    })
}

/// Takes all that another node has into a directory.
pub(super) fn take_of_node(node: (&Peers, &str), dir: &Path) -> Result<BackupManifest, Failure> {
    fetch_of_node(node, "", dir)?;
    about(dir)
}

/// Takes a backup of a server into a directory.
pub(super) fn take(server: &str, dir: &Path) -> Result<BackupManifest, Failure> {
    let directory = BackupDirectory::new(dir).map_err(failed)?;
    remote::runtime()?.block_on(async {
        let mut client = client(peer::connect(server).await?);
        taken(client.backup(request("")).await, directory).await
    })?;
    about(dir)
}

fn about(dir: &Path) -> Result<BackupManifest, Failure> {
    let text = std::fs::read(dir.join(ABOUT)).map_err(|error| {
        Failure::new(
            format!("the server ended before all was there: {error}"),
            "try again with another directory",
        )
    })?;
    serde_json::from_slice(&text)
        .map_err(|error| Failure::new(error, "use the same version on both ends"))
}

fn client<T>(of: T) -> AdminServiceClient<T>
where
    T: GrpcService<tonic::body::Body>,
    T::Error: Into<StdError>,
    T::ResponseBody: Body<Data = Bytes> + Send + 'static,
    <T::ResponseBody as Body>::Error: Into<StdError> + Send,
{
    AdminServiceClient::new(of).max_decoding_message_size(PART_BYTES_MAX)
}

fn request(snapshot_id: &str) -> BackupRequest {
    BackupRequest { snapshot_id: snapshot_id.to_string() }
}

async fn taken(
    answer: Result<Response<Streaming<BackupPart>>, Status>,
    mut directory: BackupDirectory,
) -> Result<(), Failure> {
    let told = |status: Status| {
        let cause = format!("the server refused: {}", status.message());
        Failure::new(cause, "mend what it says and try again with an empty directory")
    };
    let mut parts = answer.map_err(told)?.into_inner();
    let mut offset = 0;
    while let Some(part) = parts.message().await.map_err(told)? {
        let BackupPart { file, data, crc32c, last, .. } = &part;
        if part.offset != offset || *crc32c != crc32c::crc32c(data) {
            return Err(Failure::new(
                format!("{file} came damaged"),
                "try again with another directory",
            ));
        }
        directory.put(file, data, *last).map_err(failed)?;
        offset = if *last { 0 } else { offset + data.len() as u64 };
    }
    Ok(())
}

/// What the command line says about backups that a server makes by itself.
#[derive(Debug, clap::Args)]
pub(super) struct Backups {
    /// Where the server saves its state by itself, each time in a directory of its own
    #[arg(long, value_name = "DIR", requires = "backup_every")]
    backup_directory: Option<PathBuf>,
    /// How often: 6h
    #[arg(long, value_name = "TIME", value_parser = super::keep::time, requires = "backup_directory")]
    backup_every: Option<Duration>,
    /// How many of them are kept, the latest
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    backup_keep: u16,
}

impl Backups {
    /// Whether any are to be made.
    pub(super) fn are_wanted(&self) -> bool {
        self.backup_directory.is_some()
    }

    /// Makes them from now on, whenever this process leads, on a thread of its own.
    pub(super) fn begin(&self, refresher: &Arc<crate::engine::refresh::Refresher>) {
        let (Some(dir), Some(every)) = (self.backup_directory.clone(), self.backup_every) else {
            return;
        };
        let (refresher, keep) = (Arc::clone(refresher), usize::from(self.backup_keep));
        let work = move || {
            let mut tried = Stopwatch::start();
            loop {
                std::thread::sleep(every.min(LOOK_EVERY));
                let is_time = every <= tried.elapsed() && refresher.engine().is_leading();
                // In a cluster the directory may be one of all nodes: then the one that led before has made the last one.
                if !is_time || has_younger(&dir, every) {
                    continue;
                }
                tried = Stopwatch::start();
                match save(&refresher, &dir, keep) {
                    Ok(position) => {
                        tracing::info!(position, dir = %dir.display(), "a backup was made")
                    }
                    Err(error) => tracing::error!(%error, "no backup was made"),
                }
            }
        };
        let thread = std::thread::Builder::new().name("backup".to_string());
        drop(thread.spawn(work).expect("one thread can be had"));
    }
}

/// How often it is looked whether it is time.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How the time is written by which a backup is named.
const NAMED_BY: &str = "%Y%m%dT%H%M%S";

/// Whether a directory has a whole backup that is younger than a time.
fn has_younger(dir: &Path, time: Duration) -> bool {
    let now = crate::engine::clock::now();
    let is_younger = |path: &Path| {
        let name = path.file_name()?.to_str()?.split_once('.')?.0;
        let at = jiff::civil::DateTime::strptime(NAMED_BY, name).ok()?;
        let age = now.duration_since(at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp());
        let age = Duration::try_from(age).ok()?;
        (path.join(ABOUT).is_file() && age < time).then_some(())
    };
    // What cannot be read is told by the backup that is made.
    let found = std::fs::read_dir(dir).into_iter().flatten().flatten();
    found.into_iter().any(|entry| is_younger(&entry.path()).is_some())
}

/// The name of a directory that is not whole yet.
const HALF: &str = ".half";

fn save(
    refresher: &crate::engine::refresh::Refresher,
    dir: &Path,
    keep: usize,
) -> Result<u64, Error> {
    let io = |path: &Path| {
        let path = path.to_path_buf();
        move |error| Error::Io { path, error }
    };
    let now = crate::engine::clock::now();
    let millis = now.as_millisecond().rem_euclid(1_000);
    let name = format!("{}.{millis:03}Z", now.strftime(NAMED_BY));
    let (whole, half) = (dir.join(&name), dir.join(format!("{name}{HALF}")));
    let about = crate::engine::backup::backup(
        refresher.engine(),
        refresher.store(),
        &mut BackupDirectory::new(&half)?,
    )?;
    std::fs::rename(&half, &whole).map_err(io(&whole))?;
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(io(dir))?;
    let mut all: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(io(dir))? {
        let path = entry.map_err(io(dir))?.path();
        let is_half = path.to_string_lossy().ends_with(HALF);
        if is_half || path.join(ABOUT).is_file() {
            all.push(path);
        }
    }
    all.sort();
    let n_old = all.len().saturating_sub(keep);
    for old in all.iter().take(n_old) {
        std::fs::remove_dir_all(old).map_err(io(old))?;
    }
    Ok(about.position)
}
