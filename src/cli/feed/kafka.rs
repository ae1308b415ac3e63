//! Kafka: all partitions of a topic are read by themselves, without a group: each begins behind what the journal has of it.
//!
//! Only what was committed is read. Where the log has lost what comes next, or the topic has got partitions, the connection ends
//! and another one begins.

use super::super::failure::Failure;
use super::{
    Halt,
    broker::{Broker, Message, Subscription},
};
use crate::engine::clock::Stopwatch;
use jiff::Timestamp;
use krafka::{
    auth::{AuthConfig, TlsConfig},
    consumer::{AutoOffsetReset, Consumer, ConsumerRecord, IsolationLevel},
};
use std::{collections::VecDeque, time::Duration};
use tokio::runtime::Handle;

/// How long a broker may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the end of a connection may take.
const CLOSING: Duration = Duration::from_millis(200);

/// How often it is looked for new partitions.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Records that are taken at once, and their bytes.
const RECORDS: i32 = 1_000;
const RECORD_BYTES: i32 = 16 << 20;

/// A connection to brokers.
pub(super) struct Kafka {
    runtime: Handle,
    topic: String,
    consumer: Consumer,
    n_partitions: usize,
    looked: Stopwatch,
    records: VecDeque<ConsumerRecord>,
}

fn away(what: &str, error: impl std::fmt::Display) -> Halt {
    Halt::Away(format!("{what}: {error}"))
}

impl Kafka {
    /// Connects.
    ///
    /// # Errors
    /// Nobody answers, or the brokers do not let us in.
    pub(super) fn connect(place: &Subscription, runtime: &Handle) -> Result<Self, Halt> {
        let hosts: Vec<&str> = place.hosts().collect();
        let security = security(place)?;
        let connecting = async {
            let mut builder = krafka::Kafka::builder(hosts.join(","))
                .client_id("promised")
                .connect_timeout(PATIENCE)
                .request_timeout(PATIENCE);
            if let Some(security) = security {
                builder = builder.security(security);
            }
            let kafka = builder.connect().await.map_err(|error| away("cannot connect", error))?;
            kafka
                .consumer_without_group()
                .auto_offset_reset(AutoOffsetReset::None)
                .isolation_level(IsolationLevel::ReadCommitted)
                .max_poll_records(RECORDS)
                .fetch_max_bytes(RECORD_BYTES)
                .build()
                .await
                .map_err(|error| away("cannot read", error))
        };
        let consumer = runtime.block_on(connecting)?;
        Ok(Self {
            runtime: runtime.clone(),
            topic: place.stream.clone(),
            consumer,
            n_partitions: 0,
            looked: Stopwatch::start(),
            records: VecDeque::new(),
        })
    }

    /// The partitions of the topic.
    async fn partitions(&self) -> Result<Vec<i32>, Halt> {
        let found = self.consumer.fetch_metadata(Some(&self.topic)).await;
        let found = found.map_err(|error| away(&format!("topic {}", self.topic), error))?;
        let topic = found.topics.into_iter().find(|one| one.name == self.topic);
        let partitions = topic.map(|topic| topic.partitions.into_keys().collect::<Vec<i32>>());
        let partitions = partitions.filter(|partitions| !partitions.is_empty());
        partitions.ok_or_else(|| Halt::Away(format!("there is no topic {}", self.topic)))
    }

    /// Moves a partition to behind what was taken in.
    async fn seek(&self, partition: i32, last: Option<u64>) -> Result<(), Halt> {
        let topic = &self.topic;
        let marks = self.consumer.fetch_watermarks(topic, partition).await;
        let (low, high) = marks.map_err(|error| away("cannot ask where it begins", error))?;
        let next = last.map_or(low, |last| i64::try_from(last).map_or(i64::MAX, |last| last + 1));
        if high < next {
            let cause = format!(
                "{topic}/{partition} ends before {high}, and {} was taken in: it is not the topic that it was",
                next - 1
            );
            let mend = "give the feed of the new one a source of its own";
            return Err(Halt::Failed(Failure::new(cause, mend)));
        }
        if next < low {
            tracing::warn!(
                %topic, partition, from = next, to = low - 1,
                "messages went from the topic before a feed took them in"
            );
        }
        let sought = self.consumer.seek(topic, partition, next.max(low)).await;
        sought.map_err(|error| away("cannot read from there", error))
    }
}

/// Who asks, and whether it is encrypted.
fn security(place: &Subscription) -> Result<Option<AuthConfig>, Halt> {
    let tls = place.is_encrypted().then(|| {
        let mut tls = match &place.ca {
            Some(ca) => TlsConfig::new().with_ca_cert(ca.display().to_string()),
            None => TlsConfig::new().with_native_roots(),
        };
        if let (Some(certificate), Some(key)) = (&place.certificate, &place.key) {
            let files = (certificate.display().to_string(), key.display().to_string());
            tls = tls.with_client_cert(files.0, files.1);
        }
        tls
    });
    if place.user.is_empty() {
        return Ok(tls.map(AuthConfig::ssl));
    }
    let (user, password) = (place.user.clone(), place.password()?);
    let auth = match place.mechanism.as_str() {
        "plain" => AuthConfig::sasl_plain(user, password),
        "scram-sha-256" => AuthConfig::sasl_scram_sha256(user, password),
        _ => AuthConfig::sasl_scram_sha512(user, password),
    };
    Ok(Some(match tls {
        Some(tls) => auth.with_tls(tls),
        None => auth,
    }))
}

impl Broker for Kafka {
    fn begin(&mut self, last: &dyn Fn(&str) -> Option<u64>) -> Result<(), Halt> {
        let runtime = self.runtime.clone();
        let partitions = runtime.block_on(async {
            let partitions = self.partitions().await?;
            let assigned = self.consumer.assign(&self.topic, partitions.clone()).await;
            assigned.map_err(|error| away("cannot read", error))?;
            for partition in &partitions {
                let stream = format!("{}/{partition}", self.topic);
                self.seek(*partition, last(&stream)).await?;
            }
            Ok::<_, Halt>(partitions)
        })?;
        self.n_partitions = partitions.len();
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> Result<Option<Message>, Halt> {
        if self.records.is_empty() {
            let runtime = self.runtime.clone();
            let polled = runtime.block_on(self.consumer.poll(patience));
            self.records = polled.map_err(|error| away("no messages", error))?.into();
        }
        if self.records.is_empty() && LOOK_EVERY < self.looked.elapsed() {
            self.looked = Stopwatch::start();
            let runtime = self.runtime.clone();
            if runtime.block_on(self.partitions())?.len() != self.n_partitions {
                return Err(Halt::Away("the topic has got partitions".to_string()));
            }
        }
        let Some(record) = self.records.pop_front() else { return Ok(None) };
        Ok(Some(Message {
            stream: format!("{}/{}", self.topic, record.partition),
            number: u64::try_from(record.offset).map_err(|error| away("no offset", error))?,
            at: Timestamp::from_millisecond(record.timestamp).ok(),
            data: record.value.map(|value| value.to_vec()).unwrap_or_default(),
        }))
    }

    fn settled(&mut self) -> Result<(), Halt> {
        Ok(())
    }
}

impl Drop for Kafka {
    fn drop(&mut self) {
        let runtime = self.runtime.clone();
        // It has no group to leave; what it holds ends with the connection.
        runtime.block_on(async {
            drop(tokio::time::timeout(CLOSING, self.consumer.close()).await);
        });
    }
}
