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

/// A client that promises one order after the other, each until it is answered, at whatever server answers.
pub struct Client {
    pub addresses: Arc<Mutex<Vec<String>>>,
    acknowledged: Arc<Mutex<Vec<(String, Instant)>>>,
    is_over: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Client {
    pub fn start(addresses: Vec<String>) -> Self {
        Self::of(PLENTY, Arc::new(Mutex::new(addresses)))
    }

    /// One that orders something else, at the same servers as others.
    pub fn of(wish: Wish, addresses: Arc<Mutex<Vec<String>>>) -> Self {
        let acknowledged = Arc::new(Mutex::new(Vec::new()));
        let is_over = Arc::new(AtomicBool::new(false));
        let of_thread = (addresses.clone(), acknowledged.clone(), is_over.clone());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(ask(wish, of_thread));
        });
        Self { addresses, acknowledged, is_over, thread: Some(thread) }
    }

    fn n(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// Waits until so many more are acknowledged.
    pub fn goes_on(&self, more: usize) {
        let n = self.n();
        until("more promises", || (n + more <= self.n()).then_some(()));
    }

    /// The longest time without an acknowledgement since an instant, and up to now.
    pub fn gap_since(&self, begin: Instant) -> Duration {
        let all = self.acknowledged.lock().unwrap();
        let before = all.iter().rev().find(|(_, at)| *at <= begin).map_or(begin, |(_, at)| *at);
        let mut gap = Duration::ZERO;
        let mut last = before;
        for (_, at) in all.iter().filter(|(_, at)| begin < *at) {
            gap = gap.max(*at - last);
            last = *at;
        }
        gap
    }

    pub fn end(mut self) -> Vec<String> {
        self.is_over.store(true, Ordering::SeqCst);
        self.thread.take().unwrap().join().unwrap();
        let all = self.acknowledged.lock().unwrap();
        all.iter().map(|(id, _)| id.clone()).collect()
    }
}

type OfClient = (Arc<Mutex<Vec<String>>>, Arc<Mutex<Vec<(String, Instant)>>>, Arc<AtomicBool>);

async fn ask(wish: Wish, (addresses, acknowledged, is_over): OfClient) {
    let mut channels = BTreeMap::<String, Channel>::new();
    let (mut n, mut at) = (0, 0);
    while !is_over.load(Ordering::SeqCst) {
        let address = {
            let addresses = addresses.lock().unwrap();
            addresses[at % addresses.len()].clone()
        };
        let asked = tokio::time::timeout(Duration::from_millis(500), async {
            let channel = match channels.get(&address) {
                Some(channel) => channel.clone(),
                None => {
                    let endpoint = Channel::from_shared(address.clone()).unwrap();
                    let endpoint = endpoint.connect_timeout(Duration::from_millis(200));
                    let channel = endpoint.connect().await.map_err(|_| None)?;
                    channels.insert(address.clone(), channel.clone());
                    channel
                }
            };
            let answer = PromiseServiceClient::new(channel).promise(request(wish, n)).await;
            answer.map_err(Some).map(|answer| answer.into_inner())
        });
        match asked.await {
            Ok(Ok(answer)) => {
                let id = answer.promises[0].promise_id.clone();
                assert!(wish.is_scarce || !id.is_empty(), "{answer:?}");
                acknowledged.lock().unwrap().push((id, Instant::now()));
                n += 1;
                if wish.is_scarce {
                    // Those who want the last of something do not want all the machine.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            Ok(Err(Some(status))) if status.code() == Code::Unavailable => {
                let reason = status.get_details_error_info().map(|info| info.reason);
                let waits = ["NO_LEADER", "NO_QUORUM", "NOT_LEADER"];
                if !reason.is_some_and(|reason| waits.contains(&reason.as_str())) {
                    channels.remove(&address);
                }
                at += 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            // A connection that breaks in the middle comes as Unknown.
            Ok(Err(Some(status))) if status.code() == Code::Unknown => {
                channels.remove(&address);
                at += 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Ok(Err(None)) | Err(_) => {
                channels.remove(&address);
                at += 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Ok(Err(Some(status))) => panic!("{status:?}"),
        }
    }
}
