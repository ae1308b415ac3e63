//! A client that does what no library of gRPC does: frames as it likes, resets, silence.

use bytes::Bytes;
use h2::{
    RecvStream, SendStream,
    client::{ResponseFuture, SendRequest},
};
use http::{HeaderMap, Request, Response};
use prost::Message;
use std::future::poll_fn;
use tokio::net::TcpStream;

/// A connection of its own.
pub struct Raw {
    pub send: SendRequest<Bytes>,
}

/// The status of an answer: its code, and its words.
pub type Told = (String, String);

/// A message with its prefix.
pub fn framed(message: &[u8]) -> Bytes {
    let length = u32::try_from(message.len()).unwrap();
    [&[0][..], &length.to_be_bytes(), message].concat().into()
}

pub fn framed_message(message: &impl Message) -> Bytes {
    framed(&message.encode_to_vec())
}

pub async fn socket(url: &str) -> TcpStream {
    let socket = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    socket.set_nodelay(true).unwrap();
    socket
}

impl Raw {
    pub async fn connect(url: &str) -> Self {
        let mut builder = h2::client::Builder::new();
        builder.initial_window_size(1 << 20).initial_connection_window_size(1 << 24);
        // Its own library counts answers that cross a call given up, and gives the connection up after a thousand.
        builder.max_send_buffer_size(1 << 14).max_local_error_reset_streams(None);
        let (send, connection) = builder.handshake(socket(url).await).await.unwrap();
        tokio::spawn(async move { drop(connection.await) });
        Self { send }
    }

    /// Begins a call; the request is still to be sent.
    pub async fn begin(
        &mut self,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<(ResponseFuture, SendStream<Bytes>), h2::Error> {
        let mut request = Request::post(format!("http://server{path}"))
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        poll_fn(|context| self.send.poll_ready(context)).await?;
        self.send.send_request(request.body(()).unwrap(), false)
    }

    /// One whole call with these bytes as its request.
    pub async fn call(
        &mut self,
        path: &str,
        headers: &[(&'static str, &str)],
        body: Bytes,
    ) -> Result<Told, h2::Error> {
        let (answer, mut stream) = self.begin(path, headers).await?;
        // A server that refuses a large request does not want the rest of it.
        let _sent = send(&mut stream, body, true).await;
        Ok(status(answer.await?).await.1)
    }
}

/// Sends bytes in one frame a piece, as the server takes them.
pub async fn send(
    stream: &mut SendStream<Bytes>,
    mut bytes: Bytes,
    is_last: bool,
) -> Result<(), h2::Error> {
    while !bytes.is_empty() {
        stream.reserve_capacity(bytes.len());
        let room = poll_fn(|context| stream.poll_capacity(context)).await;
        let room = room.unwrap_or(Err(h2::Reason::CANCEL.into()))?;
        let chunk = bytes.split_to(room.min(bytes.len()));
        stream.send_data(chunk, false)?;
    }
    if is_last { stream.send_data(Bytes::new(), true) } else { Ok(()) }
}

/// The messages of an answer, and its status.
pub async fn status(answer: Response<RecvStream>) -> (Vec<Bytes>, Told) {
    let (head, mut body) = answer.into_parts();
    let (mut bytes, mut messages) = (Vec::new(), Vec::new());
    while let Some(data) = body.data().await {
        let Ok(data) = data else {
            return (messages, ("broken".into(), String::new()));
        };
        let _window = body.flow_control().release_capacity(data.len());
        bytes.extend_from_slice(&data);
        while let Some([_, length @ ..]) = bytes.first_chunk::<5>() {
            let end = 5 + u32::from_be_bytes(*length) as usize;
            if bytes.len() < end {
                break;
            }
            messages.push(Bytes::copy_from_slice(&bytes[5..end]));
            bytes.drain(..end);
        }
    }
    let trailers = body.trailers().await.ok().flatten();
    let told = trailers.as_ref().unwrap_or(&head.headers);
    (messages, words(told))
}

fn words(headers: &HeaderMap) -> Told {
    let text = |name| {
        let value = headers.get(name).map(|value| value.to_str().unwrap_or("?").to_string());
        value.unwrap_or_default()
    };
    (text("grpc-status"), text("grpc-message").replace("%20", " ").replace("%22", "\""))
}
