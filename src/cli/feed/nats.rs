//! NATS JetStream: a stream is read by a consumer that begins behind what the journal has, and is made anew with each connection.
//!
//! The server keeps nothing of how far it was read, unless messages are to go when they were taken in (retention `workqueue`):
//! then it is told of each that is durable here. Consumers number what they deliver, so a message that was lost is missed.

use super::super::failure::Failure;
use super::{
    Halt,
    broker::{Broker, Message, Subscription},
};
use async_nats::{
    Client, ConnectOptions,
    connection::State,
    jetstream::{
        self, Context,
        consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull},
        stream::RetentionPolicy,
    },
};
use jiff::Timestamp;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio_stream::StreamExt as _;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Messages that are asked for at once, their bytes, and how long they are waited for.
const MESSAGES: usize = 1_000;
const MESSAGE_BYTES: usize = 16 << 20;
const WAITING: Duration = Duration::from_secs(5);

/// How long a server keeps a consumer that nobody asks.
const KEPT: Duration = Duration::from_secs(60);

/// A connection to a server.
pub(super) struct Nats {
    runtime: Handle,
    place: Subscription,
    client: Client,
    context: Context,
    reading: Option<Reading>,
}

/// What is read.
struct Reading {
    consumer: PullConsumer,
    /// The messages that were asked for.
    batch: Option<pull::Batch>,
    /// The number of the next message that the consumer delivers.
    next: u64,
    /// Whether messages go when they were taken in; those that are not told of yet.
    acknowledges: bool,
    taken: Vec<jetstream::Message>,
}

fn away(what: &str, error: impl std::fmt::Display) -> Halt {
    Halt::Away(format!("{what}: {error}"))
}

impl Nats {
    /// Connects.
    ///
    /// # Errors
    /// Nobody answers, or the server does not let us in.
    pub(super) fn connect(place: &Subscription, runtime: &Handle) -> Result<Self, Halt> {
        let hosts: Vec<String> = place.hosts().map(str::to_string).collect();
        let connecting = async {
            let mut options = ConnectOptions::new()
                .name("promised")
                .connection_timeout(PATIENCE)
                .require_tls(place.is_encrypted());
            if !place.user.is_empty() {
                options = options.user_and_password(place.user.clone(), place.password()?);
            }
            if let Some(token) = place.token()? {
                options = options.token(token);
            }
            if let Some(file) = &place.credentials {
                let with = options.credentials_file(file).await;
                options = with.map_err(|error| away(&file.display().to_string(), error))?;
            }
            if let Some(ca) = &place.ca {
                options = options.add_root_certificates(ca.clone());
            }
            if let (Some(certificate), Some(key)) = (&place.certificate, &place.key) {
                options = options.add_client_certificate(certificate.clone(), key.clone());
            }
            let connected = tokio::time::timeout(PATIENCE, options.connect(hosts)).await;
            let connected = connected.map_err(|_| Halt::Away("nobody answers".to_string()))?;
            connected.map_err(|error| away("cannot connect", error))
        };
        let (client, context) = runtime.block_on(async {
            let client: Client = connecting.await?;
            // It begins a task of its own.
            let mut context = jetstream::new(client.clone());
            context.set_timeout(PATIENCE);
            Ok::<_, Halt>((client, context))
        })?;
        let (runtime, place) = (runtime.clone(), place.clone());
        Ok(Self { runtime, place, client, context, reading: None })
    }

    async fn read(&self, last: Option<u64>) -> Result<Reading, Halt> {
        let Subscription { stream: name, subject, reader, .. } = &self.place;
        let stream = self.context.get_stream(name).await;
        let mut stream = stream.map_err(|error| away(&format!("stream {name}"), error))?;
        let info = stream.info().await.map_err(|error| away("cannot ask", error))?.clone();
        let next = last.map_or(1, |last| last + 1);
        if info.state.last_sequence < next - 1 {
            let cause = format!(
                "stream {name} ends at {}, and {} was taken in: it is not the stream that it was",
                info.state.last_sequence,
                next - 1,
            );
            return Err(Halt::Failed(Failure::new(
                cause,
                "give the feed of the new one a source of its own",
            )));
        }
        let acknowledges = match info.config.retention {
            RetentionPolicy::Limits => false,
            RetentionPolicy::WorkQueue => true,
            RetentionPolicy::Interest => {
                let cause = format!(
                    "stream {name} keeps messages only while somebody wants them (retention interest)"
                );
                return Err(Halt::Failed(Failure::new(
                    cause,
                    "feed from a stream of retention limits or workqueue, such as one that has this one as its source",
                )));
            }
        };
        if !acknowledges && next < info.state.first_sequence && last.is_some() {
            tracing::warn!(
                stream = %name, from = next, to = info.state.first_sequence - 1,
                "messages went from the stream before a feed took them in"
            );
        }
        let config = pull::Config {
            filter_subject: subject.clone(),
            inactive_threshold: KEPT,
            ..pull::Config::default()
        };
        let config = if acknowledges {
            // What was taken in and is there yet comes again and is told of again; another consumer may not be beside it.
            let _unless_there_is_none = stream.delete_consumer(reader).await;
            pull::Config {
                name: Some(reader.clone()),
                deliver_policy: DeliverPolicy::All,
                ack_policy: AckPolicy::Explicit,
                max_ack_pending: -1,
                ..config
            }
        } else {
            pull::Config {
                deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: next },
                ack_policy: AckPolicy::None,
                ..config
            }
        };
        let consumer = stream.create_consumer(config).await;
        let consumer = consumer.map_err(|error| away("cannot read", error))?;
        Ok(Reading { consumer, batch: None, next: 1, acknowledges, taken: Vec::new() })
    }
}

impl Reading {
    async fn next(&mut self, patience: Duration) -> Result<Option<jetstream::Message>, Halt> {
        let batch = match &mut self.batch {
            Some(batch) => batch,
            None => {
                let asked = self.consumer.batch().max_messages(MESSAGES).max_bytes(MESSAGE_BYTES);
                let batch = asked.expires(WAITING).messages().await;
                self.batch.insert(batch.map_err(|error| away("cannot ask for messages", error))?)
            }
        };
        match tokio::time::timeout(patience, batch.next()).await {
            Err(_) => Ok(None),
            Ok(None) => {
                self.batch = None;
                Ok(None)
            }
            Ok(Some(Ok(message))) => Ok(Some(message)),
            Ok(Some(Err(error))) => Err(away("no messages", error)),
        }
    }
}

impl Broker for Nats {
    fn begin(&mut self, last: &dyn Fn(&str) -> Option<u64>) -> Result<(), Halt> {
        let last = last(&self.place.stream);
        self.reading = Some(self.runtime.block_on(self.read(last))?);
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> Result<Option<Message>, Halt> {
        let reading = self.reading.as_mut().expect("it has begun");
        let Some(message) = self.runtime.block_on(reading.next(patience))? else {
            // The client would connect again by itself, but not to a consumer that begins where the journal is.
            return match self.client.connection_state() {
                State::Connected => Ok(None),
                State::Pending | State::Disconnected => {
                    Err(Halt::Away("the connection broke".to_string()))
                }
            };
        };
        let info = message.info().map_err(|error| away("not from a stream", error))?;
        if info.consumer_sequence != reading.next {
            return Err(Halt::Away("messages were lost on the way".to_string()));
        }
        reading.next += 1;
        let number = info.stream_sequence;
        let at = Timestamp::from_nanosecond(info.published.unix_timestamp_nanos()).ok();
        let data = message.payload.to_vec();
        if reading.acknowledges {
            reading.taken.push(message);
        }
        Ok(Some(Message { stream: self.place.stream.clone(), number, at, data }))
    }

    fn settled(&mut self) -> Result<(), Halt> {
        let reading = self.reading.as_mut().expect("it has begun");
        let taken = std::mem::take(&mut reading.taken);
        self.runtime.block_on(async {
            for message in taken {
                message
                    .ack()
                    .await
                    .map_err(|error| away("cannot tell what was taken in", error))?;
            }
            Ok(())
        })
    }
}
