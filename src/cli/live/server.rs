//! The server that a command asks, and how its answer is shown.

use crate::{
    cli::{
        failure::Failure,
        output::AnswerFormat,
        peer::{self, Connection},
        remote::{refused, runtime, wait_for},
    },
    rpc::proto::{
        promise_service_client::PromiseServiceClient,
        snapshot_service_client::SnapshotServiceClient,
    },
};
use std::future::Future;
use tonic::{Response, Status, codec::CompressionEncoding::Gzip};

/// Bytes of one answer.
const ANSWER_BYTES_MAX: usize = 1 << 30;

/// Where the server is, and what its answer looks like.
#[derive(Debug, clap::Args)]
pub(super) struct Server {
    /// The server
    #[arg(
        long,
        value_name = "URL",
        env = "PROMISED_SERVER",
        default_value = "http://127.0.0.1:50051"
    )]
    server: String,
    /// How the answer is shown: csv is for spreadsheets, json is the answer as it came
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: AnswerFormat,
}

/// A connection to it.
pub(super) struct Connected {
    runtime: tokio::runtime::Runtime,
    channel: Connection,
}

impl Server {
    /// Connects.
    pub(super) fn connect(&self) -> Result<Connected, Failure> {
        let runtime = runtime()?;
        let channel = runtime.block_on(peer::connect(&self.server))?;
        Ok(Connected { runtime, channel })
    }
}

impl Connected {
    pub(super) fn promises(&self) -> PromiseServiceClient<Connection> {
        PromiseServiceClient::new(self.channel.clone())
            .max_decoding_message_size(ANSWER_BYTES_MAX)
            .accept_compressed(Gzip)
    }

    pub(super) fn snapshots(&self) -> SnapshotServiceClient<Connection> {
        SnapshotServiceClient::new(self.channel.clone())
    }

    /// Waits for an answer.
    pub(super) fn wait<T>(
        &self,
        answer: impl Future<Output = Result<Response<T>, Status>>,
    ) -> Result<T, Failure> {
        let answer = wait_for(&self.runtime, answer).map_err(|status| refused(&status))?;
        Ok(answer.into_inner())
    }
}
