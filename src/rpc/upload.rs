//! A snapshot that is being pushed: files that grow, chunk by chunk, each checked.
//!
//! A file has its own name only when it is complete; until then it ends in `.part`. So what is complete
//! after an interruption is plain to see, and a push is resumed file by file. One push of an id at a time, and
//! what it takes in is what it names: nothing of an earlier push that was broken off. All of this waits for the disk: it
//! is called on threads for blocking work.

use super::{proto, status::Failure};
use crate::{
    engine::refresh::{self, Content, Store},
    journal::codec::check_sum,
    promising::patience::{GivenUp, Patience},
};
use parking_lot::Mutex;
use proto::push_request::begin;
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write},
    path::PathBuf,
    sync::Arc,
};
use tonic::Code;

/// Bytes of all files of one push.
const PUSH_BYTES_MAX: u64 = 64 << 30;

/// The pushes under way, and those that somebody is about to resume.
#[derive(Clone, Debug, Default)]
pub(super) struct UnderWay(Arc<Mutex<Ids>>);

#[derive(Debug, Default)]
struct Ids {
    under_way: BTreeSet<String>,
    /// Ids of which somebody was told which files are there: a client that names no files in `begin` resumes with
    /// those.
    told: BTreeSet<String>,
}

/// The turn of a push, until it is dropped.
#[derive(Debug)]
pub(super) struct PushTurn {
    id: String,
    under_way: UnderWay,
}

impl UnderWay {
    /// Notes that somebody was told what is there of a push.
    pub(super) fn tell(&self, id: &str) {
        self.0.lock().told.insert(id.to_string());
    }

    /// The turn of an id, unless somebody has it.
    fn take(&self, id: &str) -> Result<PushTurn, Failure> {
        if self.0.lock().under_way.insert(id.to_string()) {
            return Ok(PushTurn { id: id.to_string(), under_way: self.clone() });
        }
        let text = format!(
            "a push of snapshot {id:?} is under way; wait for it, or give this one an id of its own"
        );
        Err(Failure::new(Code::Aborted, "PUSH_UNDER_WAY", text))
    }
}

impl Drop for PushTurn {
    fn drop(&mut self) {
        self.under_way.0.lock().under_way.remove(&self.id);
    }
}

/// A push under way.
#[derive(Debug)]
pub(super) struct Upload {
    dir: PathBuf,
    /// What it consists of, where the client says so.
    files: Vec<begin::File>,
    open: Option<(String, File, u64)>,
    bytes: u64,
    turn: PushTurn,
}

impl Upload {
    /// Begins a push, or goes on with one.
    pub(super) fn begin(
        store: &Store,
        under_way: &UnderWay,
        begin: proto::push_request::Begin,
    ) -> Result<Self, Failure> {
        let proto::push_request::Begin { snapshot_id: id, files } = begin;
        if id.is_empty() {
            return Err(Failure::invalid_field("begin.snapshot_id", "is required"));
        }
        for file in &files {
            check_name("begin.files.file", &file.file)?;
        }
        let turn = under_way.take(&id)?;
        check_reuse(store, &id, &files)?;
        let dir = store.incoming(&id);
        fs::create_dir_all(&dir).map_err(disk)?;
        let upload = Self { dir, files, open: None, bytes: 0, turn };
        let is_told = under_way.0.lock().told.contains(&id);
        let resumes = is_told && upload.files.is_empty();
        upload.clear(resumes).map_err(disk)?;
        Ok(upload)
    }

    /// Forgets what lies there of an earlier push and is none of this one's files. One that names none and `resumes`
    /// keeps those that are complete.
    fn clear(&self, resumes: bool) -> io::Result<()> {
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let length = entry.metadata()?.len();
            let named = self.files.iter().find(|file| file.file == name && file.length == length);
            let is_wanted = match named {
                Some(file) => refresh::check_sum(&entry.path())? == file.crc32c,
                None => resumes && !name.ends_with(".part"),
            };
            if !is_wanted {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Writes a chunk.
    pub(super) fn write(&mut self, chunk: &proto::push_request::Chunk) -> Result<(), Failure> {
        check_name("chunk.file", &chunk.file)?;
        if u32::from_le_bytes(check_sum(&chunk.data)) != chunk.crc32c {
            let text = format!("the bytes at {} of {} arrived damaged", chunk.offset, chunk.file);
            return Err(Failure::new(Code::DataLoss, "CHECK_SUM", text));
        }
        if !self.files.is_empty() && !self.files.iter().any(|file| file.file == chunk.file) {
            let text = format!("{:?} is not among the files that begin names", chunk.file);
            return Err(Failure::invalid_field("chunk.file", text));
        }
        self.bytes += chunk.data.len() as u64;
        if PUSH_BYTES_MAX < self.bytes {
            return Err(Failure::new(
                Code::ResourceExhausted,
                "TOO_LARGE",
                "at most 64 GiB a push",
            ));
        }
        if chunk.offset == 0 {
            let file = File::create(self.part(&chunk.file)).map_err(disk)?;
            self.open = Some((chunk.file.clone(), file, 0));
        }
        let Some((name, file, length)) = &mut self.open else {
            return Err(Failure::invalid_field("chunk.offset", "a file begins at 0"));
        };
        if *name != chunk.file || *length != chunk.offset {
            let text = format!("{name} goes on at {length}");
            return Err(Failure::invalid_field("chunk.offset", text));
        }
        file.write_all(&chunk.data).map_err(disk)?;
        *length += chunk.data.len() as u64;
        if chunk.last {
            file.sync_all().map_err(disk)?;
            fs::rename(self.part(&chunk.file), self.dir.join(&chunk.file)).map_err(disk)?;
            self.open = None;
        }
        Ok(())
    }

    fn part(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.part"))
    }

    /// Where its tables are, all of them and nothing else; and the turn, to be kept until they are taken in.
    pub(super) fn finish(self) -> Result<(PathBuf, PushTurn), Failure> {
        let there = |file: &begin::File| {
            let path = self.dir.join(&file.file);
            let has_length = fs::metadata(&path).is_ok_and(|about| about.len() == file.length);
            has_length && refresh::check_sum(&path).is_ok_and(|crc32c| crc32c == file.crc32c)
        };
        if let Some(missing) = self.files.iter().find(|file| !there(file)) {
            let text = format!("{} is not there as begin names it", missing.file);
            return Err(Failure::new(Code::FailedPrecondition, "PUSH_INCOMPLETE", text));
        }
        if let Some((name, ..)) = &self.open {
            // Half a file is none: it goes, so that no table is taken for less than it is.
            let text = format!("{name} has not come to its end");
            return Err(Failure::new(Code::FailedPrecondition, "PUSH_INCOMPLETE", text));
        }
        self.turn.under_way.0.lock().told.remove(&self.turn.id);
        Ok((self.dir, self.turn))
    }
}

/// Forgets what was pushed, unless it was taken over.
pub(super) fn remove(dir: &std::path::Path) {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, dir = %dir.display(), "a pushed snapshot stays on disk");
        }
        Ok(()) | Err(_) => (),
    }
}

/// Refuses an id that came before with other data, as far as the client says what it sends.
fn check_reuse(store: &Store, id: &str, files: &[begin::File]) -> Result<(), Failure> {
    let is_told = !files.is_empty() && files.iter().all(|file| !file.blake3.is_empty());
    let sent = || -> Content {
        let files = files.iter().filter(|file| refresh::belongs(&file.file));
        files.map(|file| (file.file.clone(), file.blake3.clone())).collect()
    };
    match store.known_content(id).filter(|_| is_told) {
        Some(known) if known != sent() => {
            let text = format!(
                "a snapshot {id:?} with other data came in before; give this one a snapshot_id of its own"
            );
            Err(Failure::new(Code::AlreadyExists, "SNAPSHOT_ID_REUSED", text))
        }
        Some(_) | None => Ok(()),
    }
}

/// The complete files of a push, as long as somebody waits for it.
pub(super) fn complete(
    store: &Store,
    id: &str,
    patience: &Patience,
) -> Result<Result<proto::GetUploadResponse, Failure>, GivenUp> {
    let dir = store.incoming(id);
    let mut files = Vec::new();
    let staged = match store.staged(id) {
        Ok(staged) => staged,
        Err(error) => return Ok(Err(disk(error))),
    };
    for staged in staged {
        let path = dir.join(&staged.name);
        let crc32c = match refresh::check_sum_within(&path, &mut || patience.is_over()) {
            Ok(Some(crc32c)) => crc32c,
            Ok(None) => return Err(GivenUp),
            Err(error) => return Ok(Err(disk(error))),
        };
        let (file, length) = (staged.name, staged.length);
        files.push(proto::get_upload_response::File { file, length, crc32c });
    }
    Ok(Ok(proto::GetUploadResponse { files }))
}

/// A file of a snapshot lies in its directory, not elsewhere.
fn check_name(field: &str, name: &str) -> Result<(), Failure> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let is_fine = !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_plain);
    if is_fine && !name.ends_with(".part") && name.len() <= 200 {
        return Ok(());
    }
    Err(Failure::invalid_field(field, format!("{name:?} is not a table's file name")))
}

fn disk(error: io::Error) -> Failure {
    let text = format!("the server cannot write the snapshot: {error}");
    Failure::new(Code::ResourceExhausted, "DISK", text)
}
