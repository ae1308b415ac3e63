//! What a feed needs of a broker, whichever it is: messages from where the journal says, in their order.

use super::Halt;
use jiff::Timestamp;
use std::{path::PathBuf, time::Duration};

/// Where a broker is, what is read there, and who asks. Secrets are in files, which are read at each connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Subscription {
    /// As the configuration has it: `nats://one:4222,two:4222`.
    pub(super) url: String,
    /// The stream of JetStream, or the topic of Kafka.
    pub(super) stream: String,
    /// Only messages on subjects like this; all where it is empty.
    pub(super) subject: String,
    /// A name for whom the broker makes notes of its own, where it has to.
    pub(super) reader: String,
    pub(super) user: String,
    pub(super) password_file: Option<PathBuf>,
    pub(super) token_file: Option<PathBuf>,
    /// A key of NATS with its JWT, as `nsc` writes them.
    pub(super) credentials: Option<PathBuf>,
    /// How Kafka is told the password.
    #[cfg(feature = "kafka")]
    pub(super) mechanism: String,
    /// Who signs the broker's certificate, beside or instead of those whom the system trusts.
    pub(super) ca: Option<PathBuf>,
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
}

impl Subscription {
    /// Whether what is said goes encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.url.starts_with("tls://")
    }

    /// The hosts, each with its port if one is given.
    pub(super) fn hosts(&self) -> impl Iterator<Item = &str> {
        let (_, hosts) = self.url.split_once("://").unwrap_or(("", &self.url));
        hosts.split(',').map(|host| host.trim().trim_end_matches('/'))
    }

    /// The password of the user, if there is one.
    ///
    /// # Errors
    /// Its file cannot be read.
    pub(super) fn password(&self) -> Result<String, Halt> {
        self.password_file.as_ref().map_or(Ok(String::new()), secret)
    }

    /// The token, if there is one.
    ///
    /// # Errors
    /// Its file cannot be read.
    pub(super) fn token(&self) -> Result<Option<String>, Halt> {
        self.token_file.as_ref().map(secret).transpose()
    }
}

/// What stands in a file, without the end of its line. A file that is being replaced is there again in a while.
fn secret(path: &PathBuf) -> Result<String, Halt> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Halt::Away(format!("cannot read {}: {error}", path.display())))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_string())
}

/// A message of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// The stream, and its part if it has parts: numbers rise within it.
    pub(super) stream: String,
    pub(super) number: u64,
    /// When the broker got it.
    pub(super) at: Option<Timestamp>,
    pub(super) data: Vec<u8>,
}

impl Message {
    /// Where it is in its source.
    pub(super) fn position(&self) -> String {
        format!("{}:{}", self.stream, self.number)
    }
}

/// A connection to a broker. It is dropped when anything is the matter, and another one begins where the journal is.
pub(super) trait Broker {
    /// Begins behind the last message of each stream that was taken in; none was where it says nothing.
    ///
    /// # Errors
    /// The broker is away, or does not have what is asked for.
    fn begin(&mut self, last: &dyn Fn(&str) -> Option<u64>) -> Result<(), Halt>;

    /// The next message; none where none comes for a while.
    ///
    /// # Errors
    /// The connection broke, or messages are missing.
    fn next(&mut self, patience: Duration) -> Result<Option<Message>, Halt>;

    /// All messages so far are durable here, and need not be kept there.
    ///
    /// # Errors
    /// The connection broke.
    fn settled(&mut self) -> Result<(), Halt>;
}
