//! `promised push`: a snapshot goes to a running server, and what became of it comes back.

mod printed;

use super::{
    data,
    failure::Failure,
    output::AnswerFormat,
    peer::{self, Connection},
    progress,
    rejects::Rejects,
    remote, render,
};
use crate::{
    engine::refresh,
    journal::codec::check_sum,
    loader::{self, LeftOut, Whole},
    rpc::{
        self,
        proto::{
            self,
            push_request::{Begin, Chunk, Finish, Part},
            snapshot_service_client::SnapshotServiceClient,
        },
    },
};
use printed::{csv, print};
use std::{
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, codec::CompressionEncoding::Gzip};
use tonic_types::StatusExt;

/// Bytes of a chunk.
const CHUNK_LEN: usize = 1 << 20;

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised push snapshots/tiny --server http://127.0.0.1:50051
      pushes it, lets it serve, and prints what became of the promises
  promised push snapshots/tiny --server http://127.0.0.1:50051 --validate
      says what is wrong with it, and changes nothing
  promised push snapshots/tiny --server http://127.0.0.1:50051 --force 'half of BER is sold' --by ann
      lets it serve although it is suspicious; who and why is recorded
  promised push --activate tiny-2026-11-23 --server http://127.0.0.1:50051
      goes back to a snapshot that the server still has

A push that was interrupted is resumed: files that are complete on the server are not sent again.
Exit code 1 where the snapshot is held in quarantine: the old one goes on serving.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables, a .zip of one, or a workbook
    #[arg(value_name = "SNAPSHOT", required_unless_present = "activate")]
    snapshot: Option<PathBuf>,
    /// The server
    #[arg(long, value_name = "URL", env = "PROMISED_SERVER", default_value = crate::cli::ask::SERVER)]
    server: String,
    /// Only say what is wrong with it
    #[arg(long, conflicts_with = "force")]
    validate: bool,
    /// Let it serve although it is suspicious, for this reason
    #[arg(long, value_name = "WHY", requires = "by")]
    force: Option<String>,
    /// Who forces it
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
    /// Let a snapshot serve again that the server has, instead of pushing one
    #[arg(long, value_name = "ID", conflicts_with_all = ["snapshot", "validate"])]
    activate: Option<String>,
    /// How the report is shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
    #[command(flatten)]
    rejects: Rejects,
}

impl Args {
    fn force(&self) -> Option<proto::Force> {
        let (why, by) = (self.force.clone()?, self.by.clone().unwrap_or_default());
        Some(proto::Force { by, why })
    }

    fn aim(&self) -> proto::Aim {
        match (self.validate, &self.force) {
            (true, _) => proto::Aim::Validate,
            (false, Some(_)) => proto::Aim::Force,
            (false, None) => proto::Aim::Activate,
        }
    }
}

/// Pushes and prints.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let summary = remote::runtime()?.block_on(push(args))?;
    match args.format {
        AnswerFormat::Table => print(&summary),
        AnswerFormat::Csv => csv(&summary)?,
        AnswerFormat::Json => writeln!(std::io::stdout(), "{}", rpc::to_json(&summary))?,
    }
    match summary.outcome() {
        proto::refresh_summary::Outcome::Quarantined => Err(Failure::new(
            format!(
                "{} is held in quarantine; {} goes on serving",
                summary.snapshot_id, summary.replaces
            ),
            "mend what stands above and push again, or push with --force WHY --by WHO where there are no errors",
        )),
        proto::refresh_summary::Outcome::Activated
        | proto::refresh_summary::Outcome::Validated
        | proto::refresh_summary::Outcome::Unspecified => Ok(()),
    }
}

/// A client of a server's snapshots.
pub(super) async fn connect(server: &str) -> Result<SnapshotServiceClient<Connection>, Failure> {
    let client = SnapshotServiceClient::new(peer::connect(server).await?);
    Ok(client.send_compressed(Gzip).accept_compressed(Gzip))
}

async fn push(args: &Args) -> Result<proto::RefreshSummary, Failure> {
    let response = match (&args.activate, &args.snapshot) {
        (Some(id), _) => {
            let mut client = connect(&args.server).await?;
            let request = proto::ActivateRequest { snapshot_id: id.clone(), force: args.force() };
            client.activate(request).await.map_err(|status| refused(&status))?
        }
        (None, Some(path)) => {
            let whole = Whole::of(path).map_err(|error| data::unloadable(&error))?;
            let clean = without_rejects(whole.path(), &args.rejects)?;
            send_on(args, clean.as_ref().map_or(whole.path(), TempDir::path)).await?
        }
        (None, None) => unreachable!("clap asks for one of them"),
    };
    let summary = response.into_inner().summary;
    summary.ok_or_else(|| Failure::new("the server said nothing", "the same version of both"))
}

/// A copy without the rows that have a fault, where the caller wants them left out and there are any.
fn without_rejects(path: &Path, rejects: &Rejects) -> Result<Option<TempDir>, Failure> {
    let mut left_out = LeftOut::default();
    if rejects.are_taken() {
        let read = loader::open_leaving_out(path, &progress::LoadingBar::new());
        let opened = read.map_err(|error| data::unloadable(&error))?;
        rejects.write(&opened.rejects)?;
        left_out = opened.left_out;
    }
    // Names of workbooks may have anything in them; those of a server's files may not.
    let is_plain = |name: &str| {
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
    };
    if left_out.is_empty() && files(path)?.iter().all(|file| is_plain(&file.name)) {
        return Ok(None);
    }
    let unwritten = |error: std::io::Error| {
        Failure::new(
            format!("cannot write a copy: {error}"),
            "make room in the temporary directory",
        )
    };
    let dir = tempfile::tempdir().map_err(unwritten)?;
    loader::copy(path, &left_out, dir.path()).map_err(|error| data::unloadable(&error))?;
    Ok(Some(dir))
}

/// Tries of a push whose connection breaks, and the longest pause between two.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Sends a snapshot, and goes on where a connection broke: what has arrived is not sent again.
async fn send_on(
    args: &Args,
    path: &Path,
) -> Result<tonic::Response<proto::PushResponse>, Failure> {
    let mut pause = PAUSE;
    let mut client = connect(&args.server).await?;
    for _ in 1..TRIES {
        match send(&mut client, args, path).await? {
            Ok(response) => return Ok(response),
            Err(status) if !is_broken(&status) => return Err(refused(&status)),
            Err(status) => {
                let told = render::printable(status.message());
                writeln!(std::io::stderr(), "the connection broke ({told}); it is taken up again")?;
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE_MAX);
        // A server that is away is waited for like one that is busy.
        if let Ok(again) = connect(&args.server).await {
            client = again;
        }
    }
    send(&mut client, args, path).await?.map_err(|status| refused(&status))
}

/// Whether a push broke off on the way: the server said nothing of it, or has not noticed yet.
fn is_broken(status: &tonic::Status) -> bool {
    let details = status.get_error_details();
    let reason = details.error_info().map(|info| info.reason.as_str());
    let code = status.code();
    // What the transport says for itself has no reason of ours.
    let is_of_transport = matches!(code, Code::Unknown | Code::Internal | Code::Cancelled);
    code == Code::Unavailable
        || (is_of_transport && reason.is_none())
        || (code == Code::Aborted && reason == Some("PUSH_UNDER_WAY"))
}

/// Sends the files that the server does not have yet.
async fn send(
    client: &mut SnapshotServiceClient<Connection>,
    args: &Args,
    path: &Path,
) -> Result<Result<tonic::Response<proto::PushResponse>, tonic::Status>, Failure> {
    let id = crate::loader::id(path);
    if id.is_empty() {
        return Err(Failure::new(
            format!("{} has no manifest.json with a snapshot_id", path.display()),
            "name the directory of a snapshot; `promised validate` says what is wrong with it",
        ));
    }
    refuse_unreadable(path)?;
    let request = proto::GetUploadRequest { snapshot_id: id.clone() };
    let there = match client.get_upload(request).await {
        Ok(there) => there.into_inner().files,
        Err(status) => return Ok(Err(status)),
    };
    let files = files(path)?;
    let listed = listed(&files).map_err(|error| {
        Failure::new(
            format!("cannot read {}: {error}", path.display()),
            "name a readable directory",
        )
    })?;
    let bar = progress::bytes(files.iter().map(|file| file.length).sum());
    let (sender, receiver) = mpsc::channel(4);
    let finish = Finish { aim: args.aim().into(), force: args.force() };
    let reading = std::thread::spawn(move || {
        let send = |part| sender.blocking_send(proto::PushRequest { part: Some(part) });
        // Where the server does not listen any more its answer says why.
        let _gone = (|| {
            send(Part::Begin(Begin { snapshot_id: id, files: listed })).ok()?;
            for file in files {
                if !is_there(&file, &there) {
                    file.chunks(&mut |chunk| send(Part::Chunk(chunk)).ok()).ok()??;
                }
                bar.inc(file.length);
            }
            send(Part::Finish(finish)).ok()
        })();
        bar.finish_and_clear();
    });
    let answer = client.push(ReceiverStream::new(receiver)).await;
    drop(reading.join());
    Ok(answer)
}

/// The server takes tables only: what has the name of one and is none would be left behind without a word.
fn refuse_unreadable(path: &Path) -> Result<(), Failure> {
    let found = crate::loader::unreadable(path).map_err(|error| data::unloadable(&error))?;
    let Some(first) = found.first() else {
        return Ok(());
    };
    let more = match found.len() {
        1 => String::new(),
        n => format!(" (and {} more)", n - 1),
    };
    Err(Failure::new(
        format!("{first}{more}"),
        "mend the file; `promised validate` says what else is wrong with the snapshot",
    ))
}

fn refused(status: &tonic::Status) -> Failure {
    Failure::new(
        format!("the server refused: {}", status.message()),
        "mend what it says and push again; what is complete is not sent twice",
    )
}

/// A file to send.
struct Table {
    name: String,
    path: PathBuf,
    length: u64,
}

impl Table {
    /// Gives its chunks one by one; ends early where nobody wants them.
    fn chunks(&self, give: &mut dyn FnMut(Chunk) -> Option<()>) -> std::io::Result<Option<()>> {
        let mut file = File::open(&self.path)?;
        let mut offset = 0;
        loop {
            let mut data = Vec::with_capacity(CHUNK_LEN);
            let n = (&mut file).take(CHUNK_LEN as u64).read_to_end(&mut data)?;
            let crc32c = u32::from_le_bytes(check_sum(&data));
            let last = self.length <= offset + n as u64;
            let chunk = Chunk { file: self.name.clone(), offset, data, crc32c, last };
            if give(chunk).is_none() || last {
                return Ok(last.then_some(()));
            }
            offset += n as u64;
        }
    }
}

/// What the server is told of the files before any is sent.
fn listed(files: &[Table]) -> std::io::Result<Vec<proto::push_request::begin::File>> {
    let one = |table: &Table| {
        Ok(proto::push_request::begin::File {
            file: table.name.clone(),
            length: table.length,
            crc32c: refresh::check_sum(&table.path)?,
            blake3: refresh::hash(&table.path)?,
        })
    };
    files.iter().map(one).collect()
}

fn is_there(file: &Table, there: &[proto::get_upload_response::File]) -> bool {
    let found = there.iter().find(|known| known.file == file.name && known.length == file.length);
    found.is_some_and(|known| {
        refresh::check_sum(&file.path).is_ok_and(|crc32c| crc32c == known.crc32c)
    })
}

/// The files of a directory, the manifest last: it says that all others are there.
fn files(path: &Path) -> Result<Vec<Table>, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(
            format!("cannot read {}: {error}", path.display()),
            "name a readable directory",
        )
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let about = entry.metadata().map_err(cannot)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if about.is_file() && refresh::belongs(&name) {
            files.push(Table { name, path: entry.path(), length: about.len() });
        }
    }
    files.sort_by_key(|file| (file.name == "manifest.json", file.name.clone()));
    Ok(files)
}
