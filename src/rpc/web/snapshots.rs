//! `POST /v1/snapshots`: a snapshot as a form that a browser or curl uploads, a part a file.
//!
//! The files are laid down first, since the one that names the snapshot may come last; then they are pushed as any
//! client pushes them, with their lengths and check sums.

use super::super::{
    guard,
    proto::{self, push_request},
    status::{Failure, shown},
};
use super::{
    connect::timeout,
    error,
    inner::{CallHead, Inner, Message},
    methods, not_allowed,
    parameters::Parameters,
    refused, to_json,
};
use crate::loader;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, multipart::Field};
use http::{HeaderValue, Request, Response, StatusCode, header};
use prost::Message as _;
use std::{
    fs::File,
    io::{Read, Write as _},
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tonic::{Code, Status, body::Body};

/// Where it is.
pub(super) const AT: &str = "/v1/snapshots";

/// Its parameters.
pub(super) const PARAMETERS: [&str; 3] = ["aim", "by", "why"];

const PUSH: &str = "/promised.v1.SnapshotService/Push";

/// Bytes of a chunk.
const CHUNK: usize = 1 << 20;

/// Chunks that are read before they are taken.
const CHUNKS_AHEAD: usize = 2;

/// Files of one snapshot.
const FILES_MAX: usize = 10_000;

/// Answers for an upload.
pub(super) async fn answer(inner: Inner, request: Request<Body>) -> Response<Body> {
    if request.method() != http::Method::POST {
        return not_allowed("POST");
    }
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        let text = "a snapshot comes as multipart/form-data, a part a file: curl -F file=@items.csv -F file=@manifest.json ...";
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::Unimplemented, text);
    }
    told(inner, request).await.unwrap_or_else(|status| error::response(&status))
}

async fn told(mut inner: Inner, request: Request<Body>) -> Result<Response<Body>, Status> {
    let parameters = Parameters::of(request.uri().query());
    parameters.only(&PARAMETERS)?;
    let finish = finish(&parameters)?;
    let (head, body) = request.into_parts();
    let upload = Request::from_parts(head.clone(), body);
    let dir = guard::elsewhere(tempfile::tempdir).await.map_err(disk)?;
    let files = laid_down(upload, dir.path()).await?;
    let path = dir.path().to_path_buf();
    let begin = guard::elsewhere(move || begin(&path, files)).await?;
    let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
    let sending = guard::elsewhere(move || send(&dir, begin, finish, &sender));
    let asked = CallHead { path: PUSH, head: &head, timeout: timeout(&head.headers)? };
    let pushing = inner.stream(asked, receiver);
    let (sent, answered) = tokio::join!(sending, pushing);
    sent?;
    let answered = answered.map_err(|told| told.status)?;
    let answer = proto::PushResponse::decode(answered.message.clone());
    let answer = answer.map_err(|error| Status::internal(error.to_string()))?;
    let mut text = Vec::new();
    let message = methods::get(PUSH).expect("it is ours");
    to_json::write(&message.output, &answered.message, &mut text)?;
    let mut response = Response::new(super::full(text));
    let outcome = answer.summary.as_ref().map(proto::RefreshSummary::outcome);
    if outcome == Some(proto::refresh_summary::Outcome::Quarantined) {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

fn finish(parameters: &Parameters) -> Result<push_request::Finish, Failure> {
    use proto::Aim;
    let aim = match parameters.get("aim") {
        None | Some("activate") => Aim::Activate,
        Some("validate") => Aim::Validate,
        Some("force") => Aim::Force,
        Some(other) => {
            let text = format!("{} is not one of activate, validate, force", shown(other));
            return Err(Failure::invalid_field("aim", text));
        }
    };
    let words = |name| parameters.get(name).unwrap_or_default().to_string();
    let force = proto::Force { by: words("by"), why: words("why") };
    let is_forced = aim == Aim::Force;
    Ok(push_request::Finish { aim: aim.into(), force: is_forced.then_some(force) })
}

fn disk(error: std::io::Error) -> Failure {
    let text = format!("the upload cannot be laid down: {error}");
    Failure::new(Code::ResourceExhausted, "DISK_FULL", text).later()
}

fn broken(error: &dyn std::fmt::Display) -> Failure {
    let text = format!("the request is no form of files: {error}");
    Failure::new(Code::InvalidArgument, "NOT_DECODABLE", text)
}

/// Writes the parts of a form to files of their names.
async fn laid_down(request: Request<Body>, dir: &Path) -> Result<Vec<String>, Failure> {
    let mut request = request.map(axum::body::Body::new);
    // What a snapshot may have is the push's to say.
    DefaultBodyLimit::disable().apply(&mut request);
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|error| broken(&error.body_text()))?;
    let mut files = Vec::new();
    while let Some(part) = form.next_field().await.map_err(|error| broken(&error.body_text()))? {
        let Some(name) = part.file_name().map(str::to_string) else {
            let text =
                "a part has no filename; send each table as a file, such as -F file=@items.csv";
            return Err(Failure::invalid_field(part.name().unwrap_or("form"), text));
        };
        // The push judges names; here they only must not lead out of the directory.
        if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', '\0']) {
            return Err(Failure::invalid_field(
                "filename",
                format!("{} is no name of a file", shown(&name)),
            ));
        }
        if files.contains(&name) || files.len() == FILES_MAX {
            return Err(Failure::invalid_field(
                "filename",
                format!("{} is one too many", shown(&name)),
            ));
        }
        write(part, dir.join(&name)).await?;
        files.push(name);
    }
    if files.is_empty() {
        return Err(Failure::invalid_field("form", "has no files"));
    }
    Ok(files)
}

async fn write(mut part: Field<'_>, path: PathBuf) -> Result<(), Failure> {
    let mut file = guard::elsewhere(move || File::create(path)).await.map_err(disk)?;
    let mut waiting = Vec::new();
    loop {
        let chunk = part.chunk().await.map_err(|error| broken(&error.body_text()))?;
        let is_last = chunk.is_none();
        waiting.extend_from_slice(&chunk.unwrap_or_default());
        if is_last || CHUNK <= waiting.len() {
            let bytes = std::mem::take(&mut waiting);
            let written = guard::elsewhere(move || file.write_all(&bytes).map(|()| file)).await;
            file = written.map_err(disk)?;
        }
        if is_last {
            return Ok(());
        }
    }
}

/// What the files are, and the snapshot that they name.
fn begin(dir: &Path, files: Vec<String>) -> Result<push_request::Begin, Failure> {
    let mut known = Vec::with_capacity(files.len());
    for file in files {
        let (mut content, mut sum, mut hash, mut length) =
            (File::open(dir.join(&file)).map_err(disk)?, 0, blake3::Hasher::new(), 0);
        let mut piece = vec![0; CHUNK];
        loop {
            let n = content.read(&mut piece).map_err(disk)?;
            if n == 0 {
                break;
            }
            sum = crc32c::crc32c_append(sum, &piece[..n]);
            hash.update(&piece[..n]);
            length += n as u64;
        }
        let blake3 = hash.finalize().to_hex().to_string();
        known.push(push_request::begin::File { file, length, crc32c: sum, blake3 });
    }
    Ok(push_request::Begin { snapshot_id: loader::id(dir), files: known })
}

/// Sends a push: its beginning, the bytes of all files, its end.
fn send(
    dir: &TempDir,
    begin: push_request::Begin,
    finish: push_request::Finish,
    sender: &mpsc::Sender<Message>,
) -> Result<(), Failure> {
    use push_request::Part;
    // A server that refuses the push says why; nothing more is sent then.
    let send = |part: Part| {
        let request = proto::PushRequest { part: Some(part) };
        sender.blocking_send(request.encode_to_vec()).is_ok()
    };
    let names: Vec<_> = begin.files.iter().map(|file| (file.file.clone(), file.length)).collect();
    if !send(Part::Begin(begin)) {
        return Ok(());
    }
    for (file, length) in names {
        let mut content = File::open(dir.path().join(&file)).map_err(disk)?;
        let mut offset = 0;
        // A file without bytes has a chunk too.
        loop {
            let mut data = Vec::with_capacity(CHUNK);
            Read::by_ref(&mut content).take(CHUNK as u64).read_to_end(&mut data).map_err(disk)?;
            let n = data.len() as u64;
            let last = length <= offset + n;
            let crc32c = crc32c::crc32c(&data);
            let chunk = push_request::Chunk { file: file.clone(), offset, data, crc32c, last };
            if !send(Part::Chunk(chunk)) {
                return Ok(());
            }
            offset += n;
            if last {
                break;
            }
        }
    }
    send(Part::Finish(finish));
    Ok(())
}
