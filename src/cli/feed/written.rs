//! Feeds as the configuration has them: `[[feed]]`.

use super::{
    super::config::{ConfigFault, File},
    StreamFormat, StreamTerms,
    broker::Subscription,
    map::Map,
};
use crate::limits::KEY_LEN_MAX;
use serde::Deserialize;
use std::path::PathBuf;

/// A number of a message has at most so many digits, and a mark before it.
const NUMBER_LEN: usize = 21;

/// The ways in which Kafka is told a password.
const MECHANISMS: [&str; 3] = ["plain", "scram-sha-256", "scram-sha-512"];

/// A feed as it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    kind: String,
    url: String,
    stream: String,
    subject: String,
    map: Option<PathBuf>,
    source: String,
    on_refused: OnRefused,
    dead_letters: Option<PathBuf>,
    user: String,
    password_file: Option<PathBuf>,
    token_file: Option<PathBuf>,
    credentials: Option<PathBuf>,
    mechanism: String,
    ca: Option<PathBuf>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

/// What becomes of a feed when a message cannot be taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OnRefused {
    /// It stands still until the server is started again.
    #[default]
    Stop,
    /// The message goes to a file, and the feed goes on.
    DeadLetter,
}

/// Which broker it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BrokerKind {
    /// A stream of NATS JetStream.
    Nats,
    /// A topic of Kafka, all of its partitions.
    #[cfg(feature = "kafka")]
    Kafka,
}

/// A feed that can begin.
#[derive(Clone, Debug)]
pub(in super::super) struct Feed {
    pub(super) kind: BrokerKind,
    pub(super) place: Subscription,
    pub(super) terms: StreamTerms,
}

/// The feeds of a configuration.
///
/// # Errors
/// What is wrong with them, with the line.
pub(in super::super) fn of_config(file: &File) -> Result<Vec<Feed>, Vec<ConfigFault>> {
    let (mut feeds, mut faults): (Vec<Feed>, Vec<ConfigFault>) = (Vec::new(), Vec::new());
    for (written, place) in file.list::<Written>("", "feed")? {
        match read(written.beside(file)) {
            Ok(feed) if feeds.iter().any(|other| other.is_same(&feed)) => {
                let (stream, source) = (&feed.place.stream, &feed.terms.source);
                let text = format!(
                    "there is another feed of stream {stream:?} and source {source:?}; give this one a source of its own"
                );
                faults.push(ConfigFault::at(place, text));
            }
            Ok(feed) => feeds.push(feed),
            Err(text) => faults.push(ConfigFault::at(place, text)),
        }
    }
    if faults.is_empty() { Ok(feeds) } else { Err(faults) }
}

impl Feed {
    /// The source that its messages are of.
    pub(in super::super) fn source(&self) -> &str {
        &self.terms.source
    }

    /// Whether the positions of both would be the same ones.
    fn is_same(&self, other: &Self) -> bool {
        (&self.place.stream, &self.terms.source) == (&other.place.stream, &other.terms.source)
    }
}

impl Written {
    /// The same, with files that stand beside the configuration.
    fn beside(mut self, file: &File) -> Self {
        let files = [
            &mut self.map,
            &mut self.dead_letters,
            &mut self.password_file,
            &mut self.token_file,
            &mut self.credentials,
            &mut self.ca,
            &mut self.certificate,
            &mut self.key,
        ];
        for path in files.into_iter().flatten() {
            *path = file.beside(path);
        }
        self
    }

    fn kind(&self) -> Result<BrokerKind, String> {
        match self.kind.as_str() {
            "nats" => Ok(BrokerKind::Nats),
            #[cfg(feature = "kafka")]
            "kafka" => Ok(BrokerKind::Kafka),
            #[cfg(not(feature = "kafka"))]
            "kafka" => {
                Err("kind: this binary was built without Kafka (cargo build --features kafka); \
                            kcat .. | promised change - takes a topic in, see docs/feeds.md"
                    .to_string())
            }
            other => Err(format!("kind: {other:?} is none of nats, kafka")),
        }
    }

    /// What contradicts each other, or is missing, of what says where and who.
    fn check(&self) -> Result<(), String> {
        let of_one = [
            ("mechanism", !self.mechanism.is_empty(), "kafka"),
            ("subject", !self.subject.is_empty(), "nats"),
            ("token_file", self.token_file.is_some(), "nats"),
            ("credentials", self.credentials.is_some(), "nats"),
        ];
        let of_other = of_one.into_iter().find(|(_, is_there, of)| *is_there && *of != self.kind);
        if let Some((key, ..)) = of_other {
            return Err(format!("{key}: a feed of kind {} has none", self.kind));
        }
        if !self.mechanism.is_empty() && !MECHANISMS.contains(&self.mechanism.as_str()) {
            return Err(format!("mechanism: one of {} is expected", MECHANISMS.join(", ")));
        }
        let pairs = [
            ("user", !self.user.is_empty(), "password_file", self.password_file.is_some()),
            ("certificate", self.certificate.is_some(), "key", self.key.is_some()),
        ];
        for (one, has_one, other, has_other) in pairs {
            if has_one != has_other {
                return Err(format!("{one} and {other} belong together"));
            }
        }
        let asks = [!self.user.is_empty(), self.token_file.is_some(), self.credentials.is_some()];
        if 1 < asks.into_iter().filter(|asks| *asks).count() {
            return Err("one of user, token_file and credentials is expected".to_string());
        }
        Ok(())
    }

    fn dead_letters(&self) -> Result<Option<PathBuf>, String> {
        match (self.on_refused, &self.dead_letters) {
            (OnRefused::DeadLetter, None) => {
                Err("dead_letters: a file is expected where on_refused is dead_letter".to_string())
            }
            (OnRefused::Stop, Some(_)) => {
                Err("dead_letters: on_refused = \"dead_letter\" goes with it".to_string())
            }
            (_, file) => Ok(file.clone()),
        }
    }
}

/// The hosts of an address are there, and nothing else is.
fn check_url(url: &str, scheme: &str) -> Result<(), String> {
    let expected = || {
        format!("url: {scheme}://HOST:PORT or tls://HOST:PORT is expected, several hosts by commas")
    };
    let (found, hosts) = url.split_once("://").ok_or_else(expected)?;
    if found != scheme && found != "tls" {
        return Err(expected());
    }
    for host in hosts.split(',').map(|host| host.trim().trim_end_matches('/')) {
        if host.contains('@') {
            return Err(
                "url: no secret belongs into it; name its file: password_file or token_file"
                    .to_string(),
            );
        }
        let named = host.rsplit_once(':').map_or(host, |(name, _)| name);
        if named.is_empty() || host.contains(['/', ' ']) {
            return Err(expected());
        }
    }
    Ok(())
}

fn read(written: Written) -> Result<Feed, String> {
    let kind = written.kind()?;
    check_url(&written.url, &written.kind)?;
    written.check()?;
    let dead_letters = written.dead_letters()?;
    let Written { url, stream, subject, map, source, .. } = written;
    let is_name = |name: &str| !name.is_empty() && !name.contains([' ', '*', '>', ':', '/', '\\']);
    // A topic of Kafka may have dots in it, a stream of JetStream none.
    if !is_name(&stream) || (kind == BrokerKind::Nats && stream.contains('.')) {
        return Err(format!("stream: the name of a {} is expected", what(kind)));
    }
    let source = if source.is_empty() { stream.clone() } else { source };
    let longest = KEY_LEN_MAX - NUMBER_LEN;
    if longest < source.len() + 1 + stream.len() || source.chars().any(char::is_control) {
        return Err(format!(
            "source: it and the stream have at most {longest} bytes together, and no control characters"
        ));
    }
    if let Some(path) = &map {
        Map::read(path).map_err(|fault| format!("map: {}: {fault}", path.display()))?;
    }
    let place = Subscription {
        url,
        stream,
        subject,
        reader: reader(&source),
        user: written.user,
        password_file: written.password_file,
        token_file: written.token_file,
        credentials: written.credentials,
        #[cfg(feature = "kafka")]
        mechanism: written.mechanism,
        ca: written.ca,
        certificate: written.certificate,
        key: written.key,
    };
    let format = if map.is_some() { StreamFormat::Debezium } else { StreamFormat::Ndjson };
    let request_id = String::new();
    let terms = StreamTerms { format: Some(format), map, source, request_id, dead_letters };
    Ok(Feed { kind, place, terms })
}

fn what(kind: BrokerKind) -> &'static str {
    match kind {
        BrokerKind::Nats => "stream of JetStream",
        #[cfg(feature = "kafka")]
        BrokerKind::Kafka => "topic",
    }
}

/// A name that a broker takes.
fn reader(source: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' };
    format!("promised-{}", source.chars().map(safe).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        let written: Written = toml::from_str(text).unwrap();
        let told = match read(written) {
            Ok(Feed { place, terms, .. }) => {
                let hosts: Vec<_> = place.hosts().collect();
                format!("{} of {} for {}", place.stream, hosts.join(" "), terms.source)
            }
            Err(fault) => fault,
        };
        assert_eq!(told, want, "{text}");
    }

    const FEED: &str = "kind = \"nats\"\nurl = \"nats://a, b:4333/\"\nstream = \"ERP\"\n";

    #[test]
    fn a_feed_is_read() {
        check(FEED, "ERP of a b:4333 for ERP");
        check(&format!("{FEED}source = \"erp\"\nsubject = \"erp.>\""), "ERP of a b:4333 for erp");
        let dead = format!("{FEED}on_refused = \"dead_letter\"");
        check(&format!("{dead}\ndead_letters = \"dead.ndjson\""), "ERP of a b:4333 for ERP");
    }

    #[test]
    fn a_feed_says_what_is_wrong_with_it() {
        let with = |line: &str| format!("{FEED}{line}");
        check("kind = \"mqtt\"", "kind: \"mqtt\" is none of nats, kafka");
        let url = "url: nats://HOST:PORT or tls://HOST:PORT is expected, several hosts by commas";
        for wrong in ["", "broker:4222", "nats://", "nats://a/b", "kafka://a", "nats://a,,b"] {
            check(&format!("kind = \"nats\"\nurl = \"{wrong}\""), url);
        }
        check(
            "kind = \"nats\"\nurl = \"nats://me:word@a\"",
            "url: no secret belongs into it; name its file: password_file or token_file",
        );
        check(
            &FEED.replace("ERP", "erp.orders"),
            "stream: the name of a stream of JetStream is expected",
        );
        let dead = with("on_refused = \"dead_letter\"");
        check(&dead, "dead_letters: a file is expected where on_refused is dead_letter");
        check(
            &with("dead_letters = \"x\""),
            "dead_letters: on_refused = \"dead_letter\" goes with it",
        );
        check(&with("user = \"me\""), "user and password_file belong together");
        check(&with("key = \"k.pem\""), "certificate and key belong together");
        check(&with("mechanism = \"plain\""), "mechanism: a feed of kind nats has none");
        let both = with("token_file = \"t\"\ncredentials = \"c\"");
        check(&both, "one of user, token_file and credentials is expected");
        let long = with(&format!("source = \"{}\"", "x".repeat(240)));
        check(
            &long,
            "source: it and the stream have at most 235 bytes together, and no control characters",
        );
        assert!(
            toml::from_str::<Written>("on_refused = \"skip\"")
                .unwrap_err()
                .message()
                .contains("dead_letter")
        );
    }
}
