//! The planner's console: files out of the binary, as they lie in `console/`.
//!
//! They are listed by `build.rs`, which leaves out what only developers need (that is why no crate embeds them). Under
//! the digest of them all (`/console/<digest>/main.js`) they never change and are never asked for again; `index.html`
//! is asked for at each visit, and names that digest. A debug build reads them from the disk: edit and reload. Comments
//! of modules stay here: line by line the rest is what lies in `console/`.

use super::{connect::takes_gzip, moved, not_allowed, refused};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use std::{borrow::Cow, collections::HashMap, io::Write as _, sync::LazyLock};
use tonic::{Code, body::Body};

/// Where it is served.
pub(super) const AT: &str = "/console";

/// What a page may load and do: what comes from here, and nothing else.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/// Bytes from which on a file is worth packing.
const PACKED_FROM: usize = 1_024;

/// Characters of a digest in an address.
const DIGEST_LEN: usize = 16;

struct File {
    name: &'static str,
    bytes: &'static [u8],
}

/// Those of `console/`, in order; none without the feature `console`.
static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/console.rs"));

/// All files as they are now.
struct Site {
    digest: String,
    files: HashMap<&'static str, Bytes>,
}

impl Site {
    fn now() -> Cow<'static, Self> {
        static BUILT: LazyLock<Site> = LazyLock::new(|| Site::of(|file| file.bytes.into()));
        if cfg!(debug_assertions) {
            return Cow::Owned(Self::of(|file| {
                let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../console/");
                std::fs::read(format!("{path}{}", file.name)).unwrap_or(file.bytes.into()).into()
            }));
        }
        Cow::Borrowed(&*BUILT)
    }

    fn of(read: impl Fn(&File) -> Bytes) -> Self {
        let mut files: HashMap<_, _> = FILES.iter().map(|file| (file.name, read(file))).collect();
        let mut digest = blake3::Hasher::new();
        for file in FILES {
            let bytes = &files[file.name];
            digest.update(file.name.as_bytes()).update(&bytes.len().to_le_bytes()).update(bytes);
        }
        let digest = digest.finalize().to_hex()[..DIGEST_LEN].to_string();
        if let Some(index) = files.get_mut("index.html") {
            *index = pointed(&String::from_utf8_lossy(index), &digest).into();
        }
        Self { digest, files }
    }

    /// What is sent of a file. A debug build makes what it is asked for, for it reads anew each time.
    fn sent(&self, name: &str) -> Option<Sent> {
        static ALL: LazyLock<HashMap<&str, Sent>> = LazyLock::new(|| {
            let site = Site::now();
            site.files.iter().map(|(name, bytes)| (*name, Sent::of(name, bytes))).collect()
        });
        if cfg!(debug_assertions) {
            return Some(Sent::of(name, self.files.get(name)?));
        }
        ALL.get(name).cloned()
    }
}

/// What is sent of a file: as it is, and packed where that is worth it.
#[derive(Clone)]
struct Sent {
    plain: Bytes,
    packed: Option<Bytes>,
}

impl Sent {
    fn of(name: &str, file: &Bytes) -> Self {
        let is_ours = name.ends_with(".js") && !name.starts_with("vendor/");
        let plain = match () {
            () if is_ours => bare(&String::from_utf8_lossy(file)).into(),
            () if name.ends_with(".css") => tight(&String::from_utf8_lossy(file)).into(),
            () => file.clone(),
        };
        let packed = packed(name, &plain);
        Self { plain, packed }
    }
}

impl Clone for Site {
    fn clone(&self) -> Self {
        Self { digest: self.digest.clone(), files: self.files.clone() }
    }
}

/// A text as small as it gets: it is packed once and sent often.
fn packed(name: &str, bytes: &[u8]) -> Option<Bytes> {
    let is_text = !name.ends_with(".png") && !name.ends_with(".woff2");
    if !is_text || bytes.len() < PACKED_FROM {
        return None;
    }
    let mut packer = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::best());
    let written = packer.write_all(bytes).and_then(|()| packer.finish());
    Some(written.expect("memory takes it").into())
}

/// A module without its comments and indentation; what is left stands in the line where it stood, so that a fault's
/// place is that of the source. A comment after code, or before it in its line, stays unless it is a type: this knows
/// lines, not the language.
fn bare(module: &str) -> String {
    let mut bare = String::with_capacity(module.len());
    let mut is_within = false;
    for line in module.lines().map(str::trim) {
        let opened = line.strip_prefix("/*");
        let (is_comment, rest) = match (is_within, opened) {
            (true, _) => (true, line),
            (false, Some(rest)) => (true, rest),
            (false, None) => (false, line),
        };
        let after = rest.split_once("*/").map(|(_, after)| after.trim());
        match (is_comment, after) {
            (true, None) => is_within = true,
            (true, Some(after)) => {
                bare.push_str(if is_within || after.is_empty() { after } else { line });
                is_within = false;
            }
            (false, _) if line.starts_with("//") => (),
            (false, _) => bare.push_str(line),
        }
        bare.push('\n');
    }
    without_types(&bare)
}

/// A sheet without the spaces and line ends that only its readers need; no text in ours holds these pairs.
fn tight(sheet: &str) -> String {
    let pairs = [" {", "{ ", " }", "} ", "; ", ": ", ", "];
    let line = sheet.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    pairs.iter().fold(line, |sheet, pair| sheet.replace(pair, pair.trim()))
}

/// Code without the types of JSDoc that stand within its lines: `/** @type {any} */ `, which no text of ours holds.
fn without_types(code: &str) -> String {
    let mut parts = code.split("/** @type ");
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let after = part.split_once("*/").map_or(part, |(_, after)| after);
        bare.push_str(after.strip_prefix(' ').unwrap_or(after));
    }
    bare
}

/// The page with its relative addresses of files of ours led below the digest.
fn pointed(page: &str, digest: &str) -> String {
    let mut pointed = String::with_capacity(page.len() + 256);
    let mut rest = page;
    let starts = |text: &str| {
        ["src=\"", "href=\""].iter().filter_map(|name| Some(text.find(name)? + name.len())).min()
    };
    while let Some(start) = starts(rest) {
        let (before, value) = rest.split_at(start);
        pointed.push_str(before);
        let target = value.split(['"', '?', '#']).next().unwrap_or_default();
        let target = target.strip_prefix("./").unwrap_or(target);
        if FILES.iter().any(|file| file.name == target) && target != "index.html" {
            pointed.push_str(digest);
            pointed.push('/');
        }
        rest = value;
    }
    pointed + rest
}

/// Answers a request for a file.
pub(super) fn answer(request: &Request<Body>) -> Response<Body> {
    let is_head = request.method() == Method::HEAD;
    if !is_head && request.method() != Method::GET {
        return not_allowed("GET, HEAD");
    }
    let path = request.uri().path();
    let Some(path) = path.strip_prefix(AT).and_then(|rest| rest.strip_prefix('/')) else {
        return moved("console/");
    };
    if FILES.is_empty() {
        let text = "this server was built without the console (feature `console`)";
        return refused(StatusCode::NOT_FOUND, Code::NotFound, text);
    }
    let site = Site::now();
    let (name, is_fixed) = match path.split_once('/') {
        Some((digest, name)) if digest == site.digest => (name, true),
        // A page of another build that is still open.
        Some((digest, name)) if is_digest(digest) => (name, false),
        _ => (path, false),
    };
    let name = if name.is_empty() { "index.html" } else { name };
    let Some(sent) = site.sent(name) else {
        return refused(StatusCode::NOT_FOUND, Code::NotFound, "the console has no such file");
    };
    let tag = format!("\"{}\"", site.digest);
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    guard(headers);
    let keep = if is_fixed { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("hexadecimal digits"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    if known.is_some_and(|tags| tags.contains(&tag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(name)));
    let takes_packed = takes_gzip(request.headers(), &header::ACCEPT_ENCODING);
    let packed = sent.packed.filter(|_| takes_packed);
    if packed.is_some() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let bytes = packed.unwrap_or(sent.plain);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    if !is_head {
        *response.body_mut() = super::full(bytes);
    }
    response
}

fn is_digest(text: &str) -> bool {
    text.len() == DIGEST_LEN && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What every page is told.
fn guard(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, suffix)| suffix) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "ico" => "image/x-icon",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_stay_at_home_and_lines_where_they_were() {
        let module = "// What it is.\n/** One.\n * Two. */\nlet a = 1; // one\n  /** @type {any} */ let b;\n\
                      /* of a line */\n  a += '//';\n/** Ends\n   here */ b = 2;\n";
        let served = "\n\n\nlet a = 1; // one\nlet b;\n\na += '//';\n\nb = 2;\n";
        assert_eq!(bare(module), served);
    }

    #[test]
    fn a_sheet_is_sent_without_what_only_readers_need() {
        let sheet = "a:hover, p > b { color: red; margin: 0 4px; }\n@media (width: 9px) {\n\ti { top: calc(9px - 1em); } }\n";
        let sent =
            "a:hover,p > b{color:red;margin:0 4px;}@media (width:9px){i{top:calc(9px - 1em);}}";
        assert_eq!(tight(sheet).trim_end(), sent);
    }

    #[test]
    fn a_page_leads_to_its_own_build() {
        let page =
            r#"<script type="module" src="index.html"></script><a href="https://x/main.js">"#;
        assert_eq!(pointed(page, "0123"), page);
        let script =
            FILES.iter().find(|file| file.name.ends_with(".js") || file.name.ends_with(".css"));
        if let Some(file) = script {
            let page = format!(r#"<link href="{0}"><i src="{0}?v=1">"#, file.name);
            let want = format!(r#"<link href="0123/{0}"><i src="0123/{0}?v=1">"#, file.name);
            assert_eq!(pointed(&page, "0123"), want);
        }
    }
}
