//! The audit: who was refused what, and what administrators looked at. What was done stands in the journal, by whom too.
//!
//! A line of JSON each. No line ever holds a token.

use crate::engine::clock;
use jiff::Timestamp;
use parking_lot::Mutex;
use std::{
    collections::VecDeque,
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use tonic::Code;

/// Lines that are kept where there is no file.
const KEPT_MAX: usize = 1_000;

/// Lines that are written in a second at most; the rest are counted in one, so that a stranger cannot fill the disk.
const LINES_A_SECOND: u32 = 100;

/// Bytes of the file from which on another one is begun; the one before is kept beside it, older ones are not.
const BYTES_MAX: u64 = 64 << 20;

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct AuditLine {
    /// When.
    pub at: String,
    /// Who; empty where that is not known.
    pub principal: String,
    /// What was called.
    pub method: String,
    /// What came of it, as a canonical code.
    pub code: String,
    /// Why it was refused; empty where it was not.
    pub reason: String,
    /// Where from.
    pub peer: String,
}

/// Where the lines go.
#[derive(Debug)]
pub struct Audit {
    path: Option<PathBuf>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    path: PathBuf,
    file: Option<File>,
    bytes: u64,
    latest: VecDeque<AuditLine>,
    second: i64,
    n_in_second: u32,
    n_left_out: u64,
    is_failing: bool,
}

impl Audit {
    /// To a file, or where there is none, to memory.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn open(path: Option<&Path>) -> io::Result<Self> {
        if let Some(dir) = path.and_then(Path::parent) {
            fs::create_dir_all(dir)?;
        }
        let file = path.map(appended).transpose()?;
        let bytes = file.as_ref().map_or(Ok(0), |file| file.metadata().map(|about| about.len()))?;
        let path_of_file = path.map(Path::to_path_buf).unwrap_or_default();
        let inner = Inner { path: path_of_file, file, bytes, ..Inner::default() };
        let inner = Mutex::new(inner);
        Ok(Self { path: path.map(Path::to_path_buf), inner })
    }

    /// Notes a call: by whom, which, from where; what came of it, and why.
    pub(in crate::rpc) fn note(
        &self,
        (principal, method, peer): (&str, &str, &str),
        code: Code,
        reason: &str,
    ) {
        if !reason.is_empty() {
            metrics::counter!("promised_auth_refused_total", "reason" => reason.to_string())
                .increment(1);
        }
        let now = clock::now();
        let mut inner = self.inner.lock();
        if inner.second != now.as_second() {
            inner.second = now.as_second();
            inner.n_in_second = 0;
            let left_out = std::mem::take(&mut inner.n_left_out);
            if 0 < left_out {
                let reason = format!("AND_{left_out}_MORE");
                inner.write(record(now, ("", "", ""), (Code::ResourceExhausted, &reason)));
            }
        }
        inner.n_in_second += 1;
        if LINES_A_SECOND < inner.n_in_second {
            inner.n_left_out += 1;
            return;
        }
        inner.write(record(now, (principal, method, peer), (code, reason)));
    }

    /// Lines of a principal or of all, the latest first, `n` at most of the `oldest` ones; and how many are older still.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn list(
        &self,
        principal: &str,
        (oldest, n): (Option<usize>, usize),
    ) -> io::Result<(Vec<AuditLine>, usize)> {
        let is_wanted = |record: &AuditLine| principal.is_empty() || record.principal == principal;
        let mut all: Vec<AuditLine> = match &self.path {
            None => self.inner.lock().latest.iter().cloned().collect(),
            Some(path) => {
                let lines = BufReader::new(File::open(path)?).lines();
                let mut all = Vec::new();
                for line in lines {
                    // A line that was cut off by a crash is none.
                    all.extend(serde_json::from_str::<AuditLine>(&line?).ok().filter(is_wanted));
                }
                all
            }
        };
        all.retain(is_wanted);
        all.truncate(oldest.unwrap_or(usize::MAX));
        let left = all.len().saturating_sub(n);
        Ok((all.drain(left..).rev().collect(), left))
    }
}

fn appended(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

fn record(
    now: Timestamp,
    (principal, method, peer): (&str, &str, &str),
    (code, reason): (Code, &str),
) -> AuditLine {
    AuditLine {
        at: now.to_string(),
        principal: principal.to_string(),
        method: method.to_string(),
        code: word(code).to_string(),
        reason: reason.to_string(),
        peer: peer.to_string(),
    }
}

impl Inner {
    /// Begins another file.
    fn turn(&mut self) -> io::Result<()> {
        let mut before = self.path.clone().into_os_string();
        before.push(".1");
        fs::rename(&self.path, before)?;
        (self.file, self.bytes) = (Some(appended(&self.path)?), 0);
        Ok(())
    }

    fn write(&mut self, record: AuditLine) {
        let mut line = serde_json::to_string(&record).expect("it is a table of texts");
        line.push('\n');
        let Some(file) = &mut self.file else {
            self.latest.push_back(record);
            if KEPT_MAX < self.latest.len() {
                self.latest.pop_front();
            }
            return;
        };
        let written = file.write_all(line.as_bytes());
        self.bytes += line.len() as u64;
        let written =
            if BYTES_MAX < self.bytes { written.and_then(|()| self.turn()) } else { written };
        // A disk without room is told once, and not what should have been written.
        if let (Err(error), false) = (&written, self.is_failing) {
            tracing::error!(%error, "the audit cannot be written");
        }
        self.is_failing = written.is_err();
    }
}

/// A code by its canonical name.
pub fn word(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
