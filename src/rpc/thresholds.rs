//! AvailabilityService.WatchAvailability: how thresholds stand, and each time that one is crossed.

use super::{
    MessageStream, catalog::required, decode, encode, event, fields::FieldReader, guard,
    list::known, proto, status::Failure,
};
use crate::{
    engine::{Engine, Watch, feed::Follower},
    insight::thresholds::Threshold,
    ledger::{Entry, World},
    limits::{LISTENER_MAX, QUERIES_MAX},
    model::AccountIx,
    snapshot::ClassIx,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tokio::sync::mpsc::Sender;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

type Crossings = Sender<Result<proto::AvailabilityCrossed, Status>>;

/// Watches the thresholds of a request.
pub(super) async fn watch(
    engine: &Engine,
    message: proto::WatchAvailabilityRequest,
) -> Result<MessageStream<proto::AvailabilityCrossed>, Status> {
    let world = engine.pin();
    let thresholds = decode::collect(|reader| read(reader, &world, &message));
    let thresholds = thresholds.map_err(Failure::from)?;
    let (following, from) = (engine.clone(), message.from_sequence);
    let follower = guard::elsewhere(move || following.follow(from)).await;
    let follower = follower.map_err(|error| Failure::of_engine(error, &world.snapshot))?;
    let (sender, told) = tokio::sync::mpsc::channel(LISTENER_MAX);
    let watcher = Watcher::new(engine.clone(), thresholds, follower, sender);
    tokio::spawn(watcher.run());
    Ok(Box::pin(ReceiverStream::new(told)))
}

fn read(
    reader: &mut FieldReader<'_>,
    world: &World,
    message: &proto::WatchAvailabilityRequest,
) -> Vec<Threshold> {
    let snapshot = &world.snapshot;
    let n = message.thresholds.len();
    if n == 0 || QUERIES_MAX < n {
        reader.fault("thresholds", format!("1 to {QUERIES_MAX} are taken, not {n}"));
        return Vec::new();
    }
    let mut read = Vec::with_capacity(n);
    for (at, one) in message.thresholds.iter().enumerate() {
        let mut reader = reader.at("thresholds", at);
        required(&mut reader, "item", &snapshot.items.names, &one.item);
        required(&mut reader, "location", &snapshot.locations.names, &one.location);
        let classes = &snapshot.classes.names;
        let _: Option<ClassIx> = known(&mut reader, "demand_class", classes, &one.demand_class);
        read.push(Threshold {
            item: one.item.clone(),
            location: one.location.clone(),
            class: (!one.demand_class.is_empty()).then(|| one.demand_class.clone()),
            date: reader.date_or_none("date", &one.date),
            at_least: reader.quantity("at_least", one.at_least),
        });
    }
    read
}

/// Somebody who waits for thresholds.
struct Watcher {
    engine: Engine,
    thresholds: Arc<[Threshold]>,
    by_account: BTreeMap<AccountIx, Vec<usize>>,
    enough: Vec<bool>,
    follower: Follower,
    sender: Crossings,
}

impl Watcher {
    fn new(
        engine: Engine,
        thresholds: Vec<Threshold>,
        follower: Follower,
        sender: Crossings,
    ) -> Self {
        let (thresholds, enough) = (thresholds.into(), Vec::new());
        let by_account = BTreeMap::new();
        Self { engine, thresholds, by_account, enough, follower, sender }
    }

    /// Tells how all stand, then each crossing, until the caller goes or the server ends.
    async fn run(mut self) {
        if !self.begin().await {
            return;
        }
        loop {
            let Some(mut watch) = self.register().await else { return };
            loop {
                let sender = self.sender.clone();
                let news = tokio::select! {
                    () = sender.closed() => return,
                    news = watch.next() => news,
                };
                // Where more came than could wait, the entries are followed one by one.
                let Some((before, position)) = news else { break };
                let generation = before.generation();
                if self.follower.position() < before.position {
                    self.follower.jump(&before);
                }
                let Some(goes_on) = self.step(position).await else { return };
                self = goes_on;
                if self.follower.world().generation() != generation {
                    break;
                }
            }
            if self.sender.is_closed() {
                return;
            }
        }
    }

    /// How they stand at first.
    async fn begin(&mut self) -> bool {
        self.place();
        for at in 0..self.thresholds.len() {
            let (available, enough) = self.thresholds[at].stands(self.follower.world());
            self.enough.push(enough);
            let told = told(&self.thresholds, at, available, (enough, self.follower.position()));
            if self.sender.send(Ok(told)).await.is_err() {
                return false;
            }
        }
        true
    }

    /// Where the accounts are in the snapshot that serves.
    fn place(&mut self) {
        self.by_account.clear();
        for (at, threshold) in self.thresholds.iter().enumerate() {
            if let Some(account) = threshold.account(self.follower.world()) {
                self.by_account.entry(account).or_default().push(at);
            }
        }
    }

    /// Waits for news of the accounts, from where the entries were followed to.
    async fn register(&mut self) -> Option<Watch> {
        loop {
            self.place();
            let accounts: Vec<AccountIx> = self.by_account.keys().copied().collect();
            let position = self.follower.position();
            let looked = match self.engine.watch(accounts, position) {
                Ok(watch) => return Some(watch),
                Err(looked) => looked,
            };
            if looked < position {
                // Who looks is about to.
                tokio::task::yield_now().await;
                continue;
            }
            let placeholder = self.take();
            *self = placeholder.step(looked).await?;
        }
    }

    /// Itself, out of a place that it comes back to.
    fn take(&mut self) -> Self {
        Self {
            engine: self.engine.clone(),
            thresholds: Arc::clone(&self.thresholds),
            by_account: std::mem::take(&mut self.by_account),
            enough: std::mem::take(&mut self.enough),
            follower: self.engine.follow_from(self.follower.world()),
            sender: self.sender.clone(),
        }
    }

    /// Follows the entries to a position, on a thread of its own; none where that is the end.
    async fn step(mut self, position: u64) -> Option<Self> {
        let step = move || {
            let Self { thresholds, by_account, enough, follower, sender, .. } = &mut self;
            let read = follower.go_on(position, &mut |before, entry, after| {
                let crossed = crossed(thresholds, by_account, enough, (before, entry, after));
                event::sent(sender, crossed)
            });
            (self, read)
        };
        let (watcher, read) = guard::elsewhere(step).await;
        match read {
            Ok(()) if watcher.sender.is_closed() => None,
            Ok(()) => Some(watcher),
            Err(error) => {
                let failure = Failure::of_engine(error, &watcher.engine.pin().snapshot);
                // A caller that has gone away does not mind.
                drop(watcher.sender.send(Err(failure.into())).await);
                None
            }
        }
    }
}

/// The thresholds that an entry crosses.
fn crossed(
    thresholds: &[Threshold],
    by_account: &BTreeMap<AccountIx, Vec<usize>>,
    enough: &mut [bool],
    (before, entry, after): (&World, &Entry, &World),
) -> Vec<proto::AvailabilityCrossed> {
    let places: BTreeSet<usize> = if before.generation() == after.generation() {
        let touched = after.accounts_with_news(before);
        touched.iter().filter_map(|account| by_account.get(account)).flatten().copied().collect()
    } else {
        (0..thresholds.len()).collect()
    };
    let mut all = Vec::new();
    for at in places {
        let (available, is_enough) = thresholds[at].stands(after);
        if is_enough != enough[at] {
            enough[at] = is_enough;
            all.push(told(thresholds, at, available, (is_enough, entry.position)));
        }
    }
    all
}

fn told(
    thresholds: &[Threshold],
    at: usize,
    available: crate::model::Quantity,
    (enough, position): (bool, u64),
) -> proto::AvailabilityCrossed {
    proto::AvailabilityCrossed {
        index: encode::count(at),
        item: thresholds[at].item.clone(),
        location: thresholds[at].location.clone(),
        available: encode::quantity(available),
        enough,
        sequence: position,
        position,
    }
}
