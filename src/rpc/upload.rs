//! A snapshot that is being pushed: files that grow, chunk by chunk, each checked.
//!
//! A file has its own name only when it is complete; until then it ends in `.part`. So what is complete
//! after an interruption is plain to see, and a push is resumed file by file.

use super::{proto, status::Failure};
use crate::{
    engine::refresh::{self, Store},
    journal::codec::check_sum,
};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::PathBuf,
};
use tonic::Code;

/// Bytes of all files of one push.
const PUSH_BYTES_MAX: u64 = 64 << 30;

/// A push under way.
#[derive(Debug)]
pub(super) struct Upload {
    dir: PathBuf,
    open: Option<(String, File, u64)>,
    bytes: u64,
}

impl Upload {
    /// Begins a push, or goes on with one.
    pub(super) fn begin(store: &Store, id: &str) -> Result<Self, Failure> {
        if id.is_empty() {
            return Err(Failure::invalid_field("begin.snapshot_id", "is required"));
        }
        let dir = store.incoming(id);
        fs::create_dir_all(&dir).map_err(disk)?;
        Ok(Self { dir, open: None, bytes: 0 })
    }

    /// Where its tables are.
    pub(super) fn tables(&self) -> PathBuf {
        self.dir.clone()
    }

    /// Writes a chunk.
    pub(super) fn write(&mut self, chunk: &proto::push_request::Chunk) -> Result<(), Failure> {
        check_name(&chunk.file)?;
        if u32::from_le_bytes(check_sum(&chunk.data)) != chunk.crc32c {
            let text = format!("the bytes at {} of {} arrived damaged", chunk.offset, chunk.file);
            return Err(Failure::new(Code::DataLoss, "CHECK_SUM", text));
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

    /// Forgets what was pushed, unless it was taken over.
    pub(super) fn remove(&self) {
        match fs::remove_dir_all(&self.dir) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, dir = %self.dir.display(), "a pushed snapshot stays on disk");
            }
            Ok(()) | Err(_) => (),
        }
    }
}

/// The complete files of a push.
pub(super) fn complete(store: &Store, id: &str) -> Result<proto::GetUploadResponse, Failure> {
    let dir = store.incoming(id);
    let mut files = Vec::new();
    for staged in store.staged(id).map_err(disk)? {
        let crc32c = refresh::check_sum(&dir.join(&staged.name)).map_err(disk)?;
        let (file, length) = (staged.name, staged.length);
        files.push(proto::get_upload_response::File { file, length, crc32c });
    }
    Ok(proto::GetUploadResponse { files })
}

/// A file of a snapshot lies in its directory, not elsewhere.
fn check_name(name: &str) -> Result<(), Failure> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let is_fine = !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_plain);
    if is_fine && !name.ends_with(".part") {
        return Ok(());
    }
    Err(Failure::invalid_field("chunk.file", format!("{name:?} is not a table's file name")))
}

fn disk(error: io::Error) -> Failure {
    let text = format!("the server cannot write the snapshot: {error}");
    Failure::new(Code::ResourceExhausted, "DISK", text)
}
