//! Named tokens: a file of their check sums, with what each may do.
//!
//! A token has 256 random bits, so its plain SHA-256 tells nobody what it is, and looking it up takes as long whatever
//! was guessed.

use super::{
    principal::{Bounds, Principal, Quotas},
    roles::Role,
};
use crate::rpc::secure::text;
use arc_swap::ArcSwap;
use jiff::Timestamp;
use parking_lot::Mutex;
use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom, SystemRandom},
};
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// What every token begins with, so that whoever finds one knows what it is.
const PREFIX: &str = "pmt_";

/// The first line of a file that we write.
const HEAD: &str = "# Tokens of promised, by their check sums: made by `promised token`.\n\n";

/// A token as it stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The name of the principal.
    pub name: String,
    /// Of the whole token, in hexadecimal digits.
    pub sha256: String,
    /// What it may do.
    pub roles: Vec<Role>,
    /// How far that goes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// The customers that it may name and see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customers: Vec<String>,
    /// The locations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<String>,
    /// The sources that it speaks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Whether it sees cost and profit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub economics: bool,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "text::instant")]
    pub expires: Option<Timestamp>,
    /// Its own limits, where it has some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls_a_second: Option<u32>,
    /// Calls under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls_at_once: Option<u32>,
    /// Lines in a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines_a_minute: Option<u32>,
    /// Units held at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_quantity: Option<u64>,
    /// How long a hold lasts at most, such as "2h".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_for_at_most: Option<text::Time>,
}

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    token: Vec<Token>,
}

/// Why a file of tokens cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// It holds something wrong.
    #[error("{}:{line}: {why}", path.display())]
    Faulty {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// There is one of this name.
    #[error("there is a token {0:?} already; revoke it first, or take another name")]
    Taken(String),
    /// There is none of this name.
    #[error("there is no token {0:?}")]
    Unknown(String),
    /// A token without a name, or with one that nobody can read.
    #[error("a token needs a name of 1 to 64 letters, digits and any of . _ - @ /")]
    Unnamed,
}

impl Token {
    /// The principal that it stands for.
    fn principal(&self) -> Principal {
        let set = |names: &[String]| names.iter().cloned().collect();
        Principal {
            name: self.name.as_str().into(),
            roles: self.roles.iter().copied().collect(),
            bounds: Bounds {
                classes: set(&self.classes),
                customers: set(&self.customers),
                locations: set(&self.locations),
                sources: set(&self.sources),
            },
            economics: self.economics,
            limits: Quotas {
                calls_a_second: self.calls_a_second,
                calls_at_once: self.calls_at_once,
                lines_a_minute: self.lines_a_minute,
                held_quantity: self.held_quantity,
                hold_for_at_most: self.hold_for_at_most.map(Duration::from),
            },
            is_open: false,
        }
    }
}

/// The tokens of a file, in its order.
///
/// # Errors
/// It cannot be read, or is no such file; one that is not there has none.
pub fn list(path: &Path) -> Result<Vec<Token>, Error> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Error::Io { path: path.to_path_buf(), error }),
    };
    parse(path, &text)
}

fn parse(path: &Path, text: &str) -> Result<Vec<Token>, Error> {
    let faulty = |at: usize, why: String| {
        let line = 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count();
        Error::Faulty { path: path.to_path_buf(), line, why }
    };
    let file: File = toml::from_str(text).map_err(|error| {
        faulty(error.span().map_or(0, |span| span.start), error.message().to_string())
    })?;
    let of_name = |name: &str| text.find(&format!("{name:?}")).unwrap_or_default();
    for (at, token) in file.token.iter().enumerate() {
        let Token { name, sha256, .. } = token;
        if !is_name(name) {
            return Err(faulty(of_name(name), Error::Unnamed.to_string()));
        }
        if sum_of_hex(sha256).is_none() {
            let why = format!("token {name:?}: sha256 has 64 hexadecimal digits");
            return Err(faulty(of_name(name), why));
        }
        if file.token[..at].iter().any(|other| other.name == *name) {
            return Err(faulty(of_name(name), format!("there are two tokens {name:?}")));
        }
    }
    Ok(file.token)
}

fn is_name(name: &str) -> bool {
    let is_good = |c: char| c.is_alphanumeric() || "._-@/".contains(c);
    (1..=64).contains(&name.chars().count()) && name.chars().all(is_good)
}

/// Makes a token and notes its check sum: the token itself is told here, and never again.
///
/// # Errors
/// There is one of its name, or the file cannot be read or written.
pub fn create(path: &Path, token: Token) -> Result<String, Error> {
    if !is_name(&token.name) {
        return Err(Error::Unnamed);
    }
    let mut random = [0; 32];
    let failed =
        |_| Error::Io { path: path.to_path_buf(), error: io::Error::other("no random numbers") };
    SystemRandom::new().fill(&mut random).map_err(failed)?;
    let secret = format!("{PREFIX}{}", text::base64url(&random));
    let token = Token { sha256: text::hex(digest(&SHA256, secret.as_bytes()).as_ref()), ..token };
    change(path, |tokens| {
        if tokens.iter().any(|other| other.name == token.name) {
            return Err(Error::Taken(token.name.clone()));
        }
        tokens.push(token);
        Ok(())
    })?;
    Ok(secret)
}

/// Takes a token out.
///
/// # Errors
/// There is none of this name, or the file cannot be read or written.
pub fn revoke(path: &Path, name: &str) -> Result<(), Error> {
    change(path, |tokens| {
        let before = tokens.len();
        tokens.retain(|token| token.name != name);
        if tokens.len() == before { Err(Error::Unknown(name.to_string())) } else { Ok(()) }
    })
}

/// Changes a file as a whole: whoever reads meanwhile reads the old one, and nobody changes it beside us.
fn change(
    path: &Path,
    change: impl FnOnce(&mut Vec<Token>) -> Result<(), Error>,
) -> Result<(), Error> {
    let failed = |error: io::Error| Error::Io { path: path.to_path_buf(), error };
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        Some(_) | None => Path::new("."),
    };
    fs::create_dir_all(dir).map_err(failed)?;
    // Its directory is locked, so that no other file is left behind.
    let lock = fs::File::open(dir).map_err(failed)?;
    flock(&lock, FlockOperation::LockExclusive).map_err(|error| failed(error.into()))?;
    let mut tokens = list(path)?;
    change(&mut tokens)?;
    let text = toml::to_string(&File { token: tokens }).expect("a token is a table of texts");
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let new = dir.join(name);
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(&new);
    let written = file.and_then(|mut file| {
        file.write_all(HEAD.as_bytes())?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&new, path)).and_then(|()| lock.sync_all()).map_err(failed)
}

fn sum_of_hex(hex: &str) -> Option<Sum> {
    let bytes = text::from_hex(hex)?;
    bytes.try_into().ok()
}

/// The check sum of a token.
type Sum = [u8; 32];

/// A principal, and until when he is one.
#[derive(Clone, Debug)]
struct Known {
    principal: Arc<Principal>,
    expires: Option<Timestamp>,
}

/// The tokens of a server, as its file is now.
#[derive(Debug)]
pub struct Tokens {
    path: PathBuf,
    known: ArcSwap<HashMap<Sum, Known>>,
    seen: Mutex<String>,
}

impl Tokens {
    /// Reads the file.
    ///
    /// # Errors
    /// It is not there, cannot be read, or holds something wrong.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let tokens =
            Self { path: path.to_path_buf(), known: ArcSwap::default(), seen: Mutex::default() };
        tokens.look()?;
        Ok(tokens)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Looks at the file again; true if it is another one. Where it cannot be used, the old one counts on.
    ///
    /// # Errors
    /// It cannot be read, or holds something wrong; told once.
    pub fn look(&self) -> Result<bool, Error> {
        let mut seen = self.seen.lock();
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) => {
                let told = std::mem::replace(&mut *seen, error.to_string());
                let error = Error::Io { path: self.path.clone(), error };
                return if told == *seen { Ok(false) } else { Err(error) };
            }
        };
        if text == *seen {
            return Ok(false);
        }
        let tokens = parse(&self.path, &text);
        *seen = text;
        let known = tokens?.into_iter().map(|token| {
            let sum = sum_of_hex(&token.sha256).expect("it was looked at");
            (sum, Known { principal: Arc::new(token.principal()), expires: token.expires })
        });
        self.known.store(Arc::new(known.collect()));
        Ok(true)
    }

    /// Whose token it is, if it is one and has not ended.
    pub fn find(&self, token: &str, now: Timestamp) -> Option<Arc<Principal>> {
        let sum: Sum = digest(&SHA256, token.as_bytes()).as_ref().try_into().ok()?;
        let known = self.known.load();
        let found = known.get(&sum)?;
        found.expires.is_none_or(|end| now < end).then(|| Arc::clone(&found.principal))
    }
}
