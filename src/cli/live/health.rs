//! `promised health`: asks the operations port whether the server is ready, for containers without curl.

use super::LiveCommand;
use crate::cli::{
    failure::Failure,
    output::{self, AnswerFormat},
};
use std::{
    io::{Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

/// How long it may take.
const WITHIN: Duration = Duration::from_secs(5);

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised health
      exit code 0 if the server is ready, 1 if it is not, with its reasons
  promised health --admin 10.0.0.7:9464 --format table")]
pub(in crate::cli) struct Args {
    /// The operations port
    #[arg(long, value_name = "ADDR", env = "PROMISED_ADMIN", default_value = "127.0.0.1:9464")]
    admin: String,
    /// How the answer is shown; json is the server's
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    format: AnswerFormat,
}

impl LiveCommand for Args {
    fn run(&self) -> Result<(), Failure> {
        let failure = |error: &dyn std::fmt::Display| {
            Failure::new(
                format!("cannot ask {}: {error}", self.admin),
                "start the server, or name its operations port with --admin",
            )
        };
        let answer = self.ask().map_err(|error| failure(&error))?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        self.tell(body.trim())?;
        if head.split(' ').nth(1) == Some("200") { Ok(()) } else { Err(Failure::Reported) }
    }
}

impl Args {
    fn tell(&self, body: &str) -> Result<(), Failure> {
        let read: serde_json::Value = match (self.format, body.parse()) {
            (AnswerFormat::Table | AnswerFormat::Csv, Ok(read)) => read,
            (_, _) => return Ok(writeln!(std::io::stdout(), "{body}")?),
        };
        let reasons = read["reasons"].as_array().into_iter().flatten();
        let reasons: Vec<_> = reasons.filter_map(serde_json::Value::as_str).collect();
        let loading = &read["loading"];
        let facts = [
            ("ready", read["ready"].clone()),
            ("reasons", reasons.join("; ").into()),
            ("loading", loading["table"].as_str().unwrap_or_default().into()),
            ("progress", loading["progress"].as_f64().map_or_else(|| "".into(), Into::into)),
        ];
        // What a server says only while it loads is no line for people where it does not.
        let is_said = |(_, value): &&(&str, serde_json::Value)| value.as_str() != Some("");
        match self.format {
            AnswerFormat::Table => {
                let said: Vec<_> = facts.iter().filter(is_said).cloned().collect();
                output::facts(AnswerFormat::Table, &said)
            }
            format @ (AnswerFormat::Csv | AnswerFormat::Json) => output::facts(format, &facts),
        }
    }

    fn ask(&self) -> std::io::Result<String> {
        let unknown =
            || std::io::Error::new(std::io::ErrorKind::NotFound, "there is no such address");
        let address = self.admin.to_socket_addrs()?.next().ok_or_else(unknown)?;
        let mut stream = TcpStream::connect_timeout(&address, WITHIN)?;
        stream.set_read_timeout(Some(WITHIN))?;
        let head =
            format!("GET /readyz HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.admin);
        stream.write_all(head.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}
