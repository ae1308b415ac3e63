//! The flags of a member that matter, as far as it tells them: its command line stands in `/debug/vars`, its quota in
//! `/metrics`. What came from its environment or a file is not told, and neither is anything where it is spoken to
//! encrypted: then it is not known, and nobody guesses.

use std::{io, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A member tells by then.
const WITHIN: Duration = Duration::from_millis(500);

/// Bytes of an answer that are read.
const ANSWER_MAX: u64 = 4 << 20;

/// What a member tells of how it was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// How often its leader says that it leads, in milliseconds.
    pub heartbeat_ms: Option<u32>,
    /// After how long without that it elects another one, in milliseconds.
    pub election_ms: Option<u32>,
    /// Bytes of its file beyond which it refuses everything.
    pub quota_bytes: Option<u64>,
}

/// Asks a member of an address.
pub(super) async fn of(url: &str) -> Flags {
    let Some(address) = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/')) else {
        return Flags::default();
    };
    let vars = tokio::time::timeout(WITHIN, get(address, "/debug/vars")).await;
    let metrics = tokio::time::timeout(WITHIN, get(address, "/metrics")).await;
    let text =
        |got: Result<io::Result<String>, _>| got.ok().and_then(Result::ok).unwrap_or_default();
    read(&text(vars), &text(metrics))
}

/// The body of a page, or what came with it.
async fn get(address: &str, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.0\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.take(ANSWER_MAX).read_to_end(&mut bytes).await?;
    let text = String::from_utf8_lossy(&bytes);
    let body = text.split_once("\r\n\r\n").filter(|(head, _)| head.contains(" 200 "));
    Ok(body.map(|(_, body)| body.to_string()).unwrap_or_default())
}

fn read(vars: &str, metrics: &str) -> Flags {
    let line = command_line(vars);
    let number = |name: &str| flag(&line, name).and_then(|value| value.parse().ok());
    Flags {
        heartbeat_ms: number("heartbeat-interval"),
        election_ms: number("election-timeout"),
        quota_bytes: quota(metrics),
    }
}

fn command_line(vars: &str) -> Vec<String> {
    let vars: Option<serde_json::Value> = serde_json::from_str(vars).ok();
    let line = vars.and_then(|mut vars| serde_json::from_value(vars["cmdline"].take()).ok());
    line.unwrap_or_default()
}

/// The value of a flag, which stands behind `=` or is the next word.
fn flag<'a>(line: &'a [String], name: &str) -> Option<&'a str> {
    let mut words = line.iter();
    while let Some(word) = words.next() {
        let rest = word.strip_prefix("--").or(word.strip_prefix('-'));
        let Some(rest) = rest.and_then(|rest| rest.strip_prefix(name)) else {
            continue;
        };
        match rest.strip_prefix('=') {
            Some(value) => return Some(value),
            None if rest.is_empty() => return words.next().map(String::as_str),
            None => (),
        }
    }
    None
}

fn quota(metrics: &str) -> Option<u64> {
    let value =
        metrics.lines().find_map(|line| line.strip_prefix("etcd_server_quota_backend_bytes "));
    let value: f64 = value?.trim().parse().ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it saturates, and nobody has such a quota"
    )]
    (0.0 < value).then_some(value as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(
        heartbeat_ms: Option<u32>,
        election_ms: Option<u32>,
        quota_bytes: Option<u64>,
    ) -> Flags {
        Flags { heartbeat_ms, election_ms, quota_bytes }
    }

    /// Issue 24 item 3: flags are read where etcd tells them; else nothing is known.
    #[test]
    fn flags_are_known_where_they_are_told() {
        #[track_caller]
        fn check(vars: &str, metrics: &str, want: Flags) {
            assert_eq!(read(vars, metrics), want, "{vars}");
        }
        check("", "", Flags::default());
        check("<html>", "# HELP x\nx 1\n", Flags::default());
        check(r#"{"cmdline": "etcd"}"#, "", Flags::default());
        let vars = r#"{"cmdline": ["etcd", "--heartbeat-interval=50", "--election-timeout", "500"], "memstats": {}}"#;
        let metrics = "# TYPE etcd_server_quota_backend_bytes gauge\netcd_server_quota_backend_bytes 8.589934592e+09\n";
        check(vars, metrics, flags(Some(50), Some(500), Some(8 << 30)));
        check(
            r#"{"cmdline": ["etcd", "-election-timeout=1000"]}"#,
            "",
            flags(None, Some(1000), None),
        );
        // Of the environment or a file nothing is seen, and the last word may be alone.
        check(r#"{"cmdline": ["etcd", "--election-timeout"]}"#, "", Flags::default());
        check(r#"{"cmdline": ["etcd", "--election-timeout=soon"]}"#, "", Flags::default());
    }
}
