//! A client that promises one order after the other, each until it is answered, at whatever server answers.

use super::place::until;
use promised::rpc::proto;
use proto::promise_service_client::PromiseServiceClient;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tonic::{Code, transport::Channel};
use tonic_types::StatusExt;

/// What a client orders: how its orders begin, and of which item one is.
#[derive(Clone, Copy)]
pub struct Wish {
    pub prefix: &'static str,
    pub item: fn(usize) -> String,
    /// Whether there is less of it than is asked for.
    pub is_scarce: bool,
}

/// There is enough.
const PLENTY: Wish = Wish { prefix: "O", item: |_| "A".to_string(), is_scarce: false };

fn request(wish: Wish, n: usize) -> proto::PromiseRequest {
    let line = proto::OrderLine {
        order: format!("{}{n}", wish.prefix),
        item: (wish.item)(n),
        quantity: 1.0,
        requested_date: "2026-11-23".to_string(),
        location: "BER".to_string(),
        ..proto::OrderLine::default()
    };
    let request_id = format!("R-{}{n}", wish.prefix);
    proto::PromiseRequest { request_id, lines: vec![line], ..Default::default() }
}

/// What a client has been told.
#[derive(Default)]
struct Heard {
    /// Promises, in order.
    acknowledged: Vec<(String, Instant)>,
    /// Tries that came to nothing, each with what came of it.
    failed: Vec<(Instant, String)>,
}

/// A client that promises one order after the other, each until it is answered, at whatever server answers.
pub struct Client {
    pub addresses: Arc<Mutex<Vec<String>>>,
    heard: Arc<Mutex<Heard>>,
    is_over: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Client {
    pub fn start(addresses: Vec<String>) -> Self {
        Self::of(PLENTY, Arc::new(Mutex::new(addresses)))
    }

    /// One that orders something else, at the same servers as others.
    pub fn of(wish: Wish, addresses: Arc<Mutex<Vec<String>>>) -> Self {
        let heard = Arc::<Mutex<Heard>>::default();
        let is_over = Arc::new(AtomicBool::new(false));
        let of_thread = (addresses.clone(), heard.clone(), is_over.clone());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(ask(wish, of_thread));
        });
        Self { addresses, heard, is_over, thread: Some(thread) }
    }

    /// How many were acknowledged.
    pub fn n(&self) -> usize {
        self.heard.lock().unwrap().acknowledged.len()
    }

    /// Waits until so many more are acknowledged.
    pub fn goes_on(&self, more: usize) {
        let n = self.n();
        until("more promises", || (n + more <= self.n()).then_some(()));
    }

    /// The longest time without an acknowledgement since an instant, and up to now.
    pub fn gap_since(&self, begin: Instant) -> Duration {
        let all = &self.heard.lock().unwrap().acknowledged;
        let before = all.iter().rev().find(|(_, at)| *at <= begin).map_or(begin, |(_, at)| *at);
        let mut gap = Duration::ZERO;
        let mut last = before;
        for (_, at) in all.iter().filter(|(_, at)| begin < *at) {
            gap = gap.max(*at - last);
            last = *at;
        }
        gap
    }

    /// What came to nothing since an instant, a line each.
    pub fn failed_since(&self, begin: Instant) -> String {
        let failed = &self.heard.lock().unwrap().failed;
        let since = failed.iter().filter(|(at, _)| begin <= *at);
        let line = |(at, what): &(Instant, String)| format!("  {:?} {what}\n", *at - begin);
        since.map(line).collect()
    }

    pub fn end(mut self) -> Vec<String> {
        self.is_over.store(true, Ordering::SeqCst);
        self.thread.take().unwrap().join().unwrap();
        let all = &self.heard.lock().unwrap().acknowledged;
        all.iter().map(|(id, _)| id.clone()).collect()
    }
}

type OfClient = (Arc<Mutex<Vec<String>>>, Arc<Mutex<Heard>>, Arc<AtomicBool>);

/// An answer is there by then, or another server is asked.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);

/// A server that said nothing, or was not there, is asked last for so long.
const AWAY_FOR: Duration = Duration::from_secs(2);

/// So long a client waits before it asks again.
const TURN: Duration = Duration::from_millis(10);

/// The servers, as a client knows them.
struct Servers {
    addresses: Arc<Mutex<Vec<String>>>,
    channels: BTreeMap<String, Channel>,
    /// Those that said nothing or were not there, and since when.
    away: BTreeMap<String, Instant>,
    at: usize,
}

impl Servers {
    /// The one to ask now.
    fn address(&self) -> String {
        let addresses = self.addresses.lock().unwrap();
        let from = |n: usize| &addresses[(self.at + n) % addresses.len()];
        let all = || (0..addresses.len()).map(from);
        let is_away =
            |one: &&String| self.away.get(*one).is_some_and(|since| since.elapsed() < AWAY_FOR);
        // Where all were away the one that was so first is the likeliest to be back.
        let oldest = || all().min_by_key(|one| self.away.get(*one));
        all().find(|one| !is_away(one)).or_else(oldest).expect("there is a server").clone()
    }

    /// Another one is asked next.
    async fn turn(&mut self) {
        self.at += 1;
        tokio::time::sleep(TURN).await;
    }

    async fn asked(
        &mut self,
        address: &str,
        request: proto::PromiseRequest,
    ) -> Result<proto::PromiseResponse, Failed> {
        let channel = match self.channels.get(address) {
            Some(channel) => channel.clone(),
            None => {
                let endpoint = Channel::from_shared(address.to_string()).unwrap();
                let endpoint = endpoint.connect_timeout(Duration::from_millis(200));
                let channel = endpoint.connect().await.map_err(|_| Failed::NoConnection)?;
                self.channels.insert(address.to_string(), channel.clone());
                channel
            }
        };
        let answer = PromiseServiceClient::new(channel).promise(request).await;
        answer.map_err(|status| Failed::Said(Box::new(status))).map(|answer| answer.into_inner())
    }
}

/// Why there is no answer.
#[derive(Debug)]
enum Failed {
    NoConnection,
    Silent,
    Said(Box<tonic::Status>),
}

impl Failed {
    /// Why, in the words of a server that is there.
    fn reason(&self) -> Option<String> {
        let Self::Said(status) = self else { return None };
        let info = status.get_details_error_info().filter(|_| status.code() == Code::Unavailable);
        let told = ["NO_LEADER", "NO_QUORUM", "NOT_LEADER", "OUTCOME_UNKNOWN"];
        info.map(|info| info.reason).filter(|reason| told.contains(&reason.as_str()))
    }

    /// A connection that breaks in the middle comes as Unknown, one that the server closes before the call has gone as
    /// Cancelled.
    fn may_pass(&self) -> bool {
        match self {
            Self::NoConnection | Self::Silent => true,
            Self::Said(status) => {
                matches!(status.code(), Code::Unavailable | Code::Unknown | Code::Cancelled)
            }
        }
    }
}

async fn ask(wish: Wish, (addresses, heard, is_over): OfClient) {
    let (channels, away) = (BTreeMap::new(), BTreeMap::new());
    let mut servers = Servers { addresses, channels, away, at: 0 };
    let mut n = 0;
    while !is_over.load(Ordering::SeqCst) {
        let address = servers.address();
        let asked = servers.asked(&address, request(wish, n));
        let asked = tokio::time::timeout(ANSWER_WITHIN, asked).await;
        match asked.unwrap_or(Err(Failed::Silent)) {
            Ok(answer) => {
                let id = answer.promises[0].promise_id.clone();
                assert!(wish.is_scarce || !id.is_empty(), "{answer:?}");
                heard.lock().unwrap().acknowledged.push((id, Instant::now()));
                servers.away.remove(&address);
                n += 1;
                if wish.is_scarce {
                    // Those who want the last of something do not want all the machine.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            Err(failed) => {
                heard
                    .lock()
                    .unwrap()
                    .failed
                    .push((Instant::now(), format!("{address}: {failed:?}")));
                assert!(failed.may_pass(), "{}{n}: {failed:?}", wish.prefix);
                match failed.reason().as_deref() {
                    // It has heard that another node leads: it is the one to ask what became of this.
                    Some("OUTCOME_UNKNOWN") => tokio::time::sleep(TURN).await,
                    Some(_) => servers.turn().await,
                    None => {
                        servers.channels.remove(&address);
                        servers.away.insert(address, Instant::now());
                        servers.turn().await;
                    }
                }
            }
        }
    }
}
