//! Feeds that run as long as a server does: each has a thread, which takes messages in where this process leads.
//!
//! A feed begins behind the last message that the journal has of it, whoever was killed when, here or at the broker: the number
//! of a message is the position that comes with its changes, in one entry. So nothing has to be agreed with the broker.

use super::{
    super::failure::Failure,
    Halt, StreamFormat,
    broker::Broker,
    nats::Nats,
    sender::Sender,
    taker::UnitTaker,
    written::{BrokerKind, Feed},
};
use crate::engine::Engine;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::Thread,
    time::Duration,
};
use tokio::runtime::{Handle, Runtime};

/// How long a feed waits for a message: where it has some that are not taken in yet, and where it has none.
const GATHERING: Duration = Duration::from_millis(5);
const QUIET: Duration = Duration::from_millis(200);

/// How long it waits where the broker is away: at first, and at most.
const AWAY: Duration = Duration::from_millis(250);
const AWAY_MAX: Duration = Duration::from_secs(15);

/// Feeds that run; they end when it is dropped, each in its own time: nobody waits for a broker that does not answer.
#[derive(Default)]
pub(in super::super) struct Feeds {
    is_over: Arc<AtomicBool>,
    threads: Vec<Thread>,
}

/// Lets feeds run.
pub(in super::super) fn start(engine: &Engine, feeds: Vec<Feed>) -> Feeds {
    let mut started = Feeds::default();
    for feed in feeds {
        let (engine, is_over) = (engine.clone(), Arc::clone(&started.is_over));
        let run = move || {
            let (stream, source) = (&feed.place.stream, &feed.terms.source);
            metrics::gauge!("promised_feed_runs", "source" => source.clone()).set(0.0);
            if let Err(failure) = run(&feed, &engine, &is_over) {
                let why = failure.to_string().replace('\n', "; ");
                tracing::error!(%stream, %source, why, "a feed stands still until the server is started again");
            }
        };
        match std::thread::Builder::new().name("feed".to_string()).spawn(run) {
            Ok(thread) => started.threads.push(thread.thread().clone()),
            Err(error) => tracing::error!(%error, "no thread for a feed"),
        }
    }
    started
}

impl Drop for Feeds {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.threads.iter().for_each(Thread::unpark);
    }
}

/// Takes messages in until it is over, or one is refused.
fn run(feed: &Feed, engine: &Engine, is_over: &AtomicBool) -> Result<(), Failure> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime: Runtime = runtime.map_err(|error| {
        Failure::new(
            format!("cannot start a thread: {error}"),
            "raise the limit of threads (ulimit -u)",
        )
    })?;
    let (stream, source) = (&feed.place.stream, &feed.terms.source);
    let runs = metrics::gauge!("promised_feed_runs", "source" => source.clone());
    let (mut pause, mut told) = (AWAY, String::new());
    while !is_over.load(Ordering::Relaxed) {
        if !engine.is_leading() {
            std::thread::park_timeout(AWAY);
            continue;
        }
        let began = || {
            runs.set(1.0);
            tracing::info!(%stream, %source, "a feed runs");
        };
        let mut running = Running { feed, engine, is_over, has_begun: false };
        let ended = running.take(runtime.handle(), began);
        runs.set(0.0);
        if running.has_begun {
            (pause, told) = (AWAY, String::new());
        }
        match ended {
            Ok(()) => {}
            Err(Halt::Failed(failure)) => return Err(failure),
            Err(Halt::Away(_)) if is_over.load(Ordering::Relaxed) => {}
            Err(Halt::Away(why)) => {
                if told != why {
                    tracing::warn!(%stream, %source, why, "a feed is interrupted; it goes on by itself");
                    told = why;
                }
                std::thread::park_timeout(pause);
                pause = (pause * 2).min(AWAY_MAX);
            }
        }
    }
    Ok(())
}

/// A feed on one connection.
struct Running<'a> {
    feed: &'a Feed,
    engine: &'a Engine,
    is_over: &'a AtomicBool,
    has_begun: bool,
}

impl Running<'_> {
    fn is_to_end(&self) -> bool {
        self.is_over.load(Ordering::Relaxed) || !self.engine.is_leading()
    }

    /// Takes messages in until it is over, this process leads no more, or the connection breaks.
    fn take(&mut self, runtime: &Handle, began: impl Fn()) -> Result<(), Halt> {
        let Feed { kind, place, terms } = self.feed;
        let sender = Sender::here(self.engine, runtime, &terms.source);
        let mut taker =
            UnitTaker::begin(terms, terms.format.unwrap_or(StreamFormat::Ndjson), sender)?;
        let mut broker: Box<dyn Broker> = match kind {
            BrokerKind::Nats => Box::new(Nats::connect(place, runtime)?),
            #[cfg(feature = "kafka")]
            BrokerKind::Kafka => Box::new(super::kafka::Kafka::connect(place, runtime)?),
        };
        broker.begin(&|stream| taker.last(stream))?;
        self.has_begun = true;
        began();
        let source = || terms.source.clone();
        let messages = metrics::counter!("promised_feed_messages_total", "source" => source());
        let letters = metrics::counter!("promised_feed_dead_letters_total", "source" => source());
        while !self.is_to_end() {
            let patience = if taker.is_settled() { QUIET } else { GATHERING };
            let n_letters = taker.tally().letters;
            match broker.next(patience)? {
                Some(message) => {
                    taker.take_message(message)?;
                    messages.increment(1);
                }
                None => taker.cut()?,
            }
            letters.increment(taker.tally().letters - n_letters);
            if taker.is_settled() {
                broker.settled()?;
            }
        }
        taker.cut()
    }
}
