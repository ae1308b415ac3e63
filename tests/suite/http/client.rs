//! A client of HTTP/1.1 on a bare socket: what curl does, and what it would not do.

use serde_json::Value;
use std::collections::BTreeMap;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The code of an error, and its words.
    pub fn error(&self) -> String {
        let json = self.json();
        format!(
            "{} {}: {}",
            self.status,
            json["code"].as_str().unwrap(),
            json["message"].as_str().unwrap_or("")
        )
    }
}

/// A connection that is kept.
pub struct Client {
    stream: TcpStream,
    host: String,
    read: Vec<u8>,
}

impl Client {
    pub async fn connect(url: &str) -> Self {
        let host = url.trim_start_matches("http://").to_string();
        Self { stream: TcpStream::connect(&host).await.unwrap(), host, read: Vec::new() }
    }

    pub async fn post(&mut self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, &[("content-type", "application/json")], body.as_bytes()).await
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, &[], &[]).await
    }

    pub async fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head.push_str(&format!("host: {}\r\n", self.host));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        self.send(head.as_bytes()).await;
        self.send(body).await;
        self.answer(method == "HEAD").await
    }

    /// Bytes as they are.
    pub async fn send(&mut self, bytes: &[u8]) {
        // A server that refuses may have closed already; the answer is there all the same.
        let _sent = self.stream.write_all(bytes).await;
    }

    /// Reads more; false at the end.
    async fn more(&mut self) -> bool {
        0 < self.stream.read_buf(&mut self.read).await.unwrap_or(0)
    }

    /// Whether the server has closed.
    pub async fn is_closed(&mut self) -> bool {
        !self.more().await
    }

    async fn line(&mut self) -> String {
        loop {
            if let Some(end) = self.read.windows(2).position(|two| two == b"\r\n") {
                let line: Vec<u8> = self.read.drain(..end + 2).collect();
                return String::from_utf8(line[..end].to_vec()).unwrap();
            }
            assert!(
                self.more().await,
                "the server closed in a line: {:?}",
                String::from_utf8_lossy(&self.read)
            );
        }
    }

    async fn exactly(&mut self, n: usize) -> Vec<u8> {
        while self.read.len() < n {
            assert!(self.more().await, "the server closed in a body");
        }
        self.read.drain(..n).collect()
    }

    /// The head of an answer.
    pub async fn head(&mut self) -> Answer {
        let status = self.line().await;
        let status = status.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = BTreeMap::new();
        loop {
            let line = self.line().await;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.insert(name.to_ascii_lowercase(), value.trim().to_string());
        }
        Answer { status, headers, body: Vec::new() }
    }

    /// The next chunk of a body; nothing at its end.
    pub async fn chunk(&mut self) -> Vec<u8> {
        let size = usize::from_str_radix(self.line().await.split(';').next().unwrap(), 16).unwrap();
        let chunk = self.exactly(size).await;
        assert_eq!(self.line().await, "");
        chunk
    }

    pub async fn answer(&mut self, is_head: bool) -> Answer {
        let mut answer = self.head().await;
        if is_head || answer.status == 304 {
            return answer;
        }
        if answer.header("transfer-encoding") == "chunked" {
            loop {
                let chunk = self.chunk().await;
                if chunk.is_empty() {
                    break;
                }
                answer.body.extend(chunk);
            }
        } else {
            let length = answer.header("content-length").parse().unwrap_or(0);
            answer.body = self.exactly(length).await;
        }
        answer
    }
}
