//! EventService: what happens, by position.

use super::{
    MessageStream, decode, encode, exception,
    fields::FieldReader,
    guard,
    list::known,
    proto, reservation,
    status::{Failure, shown},
    text::Words,
};
use crate::{
    engine::{Engine, feed::Follower},
    insight::events::{self, Event, Jeopardy, TYPES},
    ledger::{Entry, World},
    limits::LISTENER_MAX,
    model::Money,
    promising::patience::Patience,
    snapshot::{ClassIx, CustomerIx, ItemIx},
};
use proto::event_service_server::EventService;
use std::{collections::BTreeMap, ops::ControlFlow, sync::Arc};
use tokio::sync::mpsc::Sender;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

/// Events of an entry for which a remedy is looked for: a look takes many searches.
const REMEDIES_MAX: usize = 8;

/// Promises that a digest names.
const NAMED_MAX: usize = 100;

/// Entries that are read at a time.
const ENTRIES_AT_ONCE: u64 = 1_000;

/// Tells events, from the journal of an engine.
#[derive(Clone, Debug)]
pub(super) struct Events {
    engine: Engine,
}

impl Events {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine }
    }
}

#[tonic::async_trait]
impl EventService for Events {
    type WatchStream = MessageStream<proto::Event>;

    async fn watch(
        &self,
        request: Request<proto::WatchEventsRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let message = request.into_inner();
        let world = self.engine.pin();
        let asked = decode::collect(|reader| EventFilter::of(reader, &world, &message));
        let asked = asked.map_err(Failure::from)?;
        let engine = self.engine.clone();
        let from = message.from_sequence;
        let follower = guard::elsewhere(move || engine.follow(from)).await;
        let failure = |error| Failure::of_engine(error, &world.snapshot);
        let follower = follower.map_err(failure)?;
        let (sender, told) = tokio::sync::mpsc::channel(LISTENER_MAX);
        tokio::spawn(tell(self.engine.clone(), follower, asked, sender));
        Ok(Response::new(Box::pin(ReceiverStream::new(told))))
    }
}

/// Which events are wanted, by name: the snapshot may be another one by then.
#[derive(Clone, Debug, Default)]
pub(super) struct EventFilter {
    types: Vec<String>,
    customer: String,
    item: String,
    class: String,
    until: Option<u64>,
    digest_over: usize,
}

impl EventFilter {
    fn of(
        reader: &mut FieldReader<'_>,
        world: &World,
        message: &proto::WatchEventsRequest,
    ) -> Self {
        let snapshot = &world.snapshot;
        for (at, kind) in message.types.iter().enumerate() {
            let begins = kind.strip_suffix('*');
            let is_known = TYPES.iter().any(|known| match begins {
                Some(begins) => known.starts_with(begins),
                None => known == kind,
            });
            if !is_known {
                let text = format!("{} is not one of {}", shown(kind), TYPES.join(", "));
                reader.fault(&format!("types[{at}]"), text);
            }
        }
        let _: Option<CustomerIx> =
            known(reader, "customer", &snapshot.customers.names, &message.customer);
        let _: Option<ItemIx> = known(reader, "item", &snapshot.items.names, &message.item);
        let _: Option<ClassIx> =
            known(reader, "demand_class", &snapshot.classes.names, &message.demand_class);
        Self {
            types: message.types.clone(),
            customer: message.customer.clone(),
            item: message.item.clone(),
            class: message.demand_class.clone(),
            until: message.until_sequence,
            digest_over: message.digest_over as usize,
        }
    }

    /// What a webhook asks for.
    pub(super) fn of_hook(hook: &super::webhook::Hook) -> Self {
        Self {
            types: hook.types.clone(),
            customer: hook.customer.clone(),
            item: hook.item.clone(),
            class: hook.demand_class.clone(),
            ..Self::default()
        }
    }

    fn accepts(&self, world: &World, event: &Event) -> bool {
        let snapshot = &world.snapshot;
        let is_type = |kind: &String| match kind.strip_suffix('*') {
            Some(begins) => event.kind.starts_with(begins),
            None => event.kind == kind,
        };
        let facts = event.promise.as_ref().map(|promise| &promise.facts);
        let customer = facts.and_then(|facts| facts.customer);
        let class = facts.and_then(|facts| facts.class);
        let item = facts.map(|facts| facts.item).or(event.item);
        let name = |wanted: &str, of: Option<&str>| wanted.is_empty() || of == Some(wanted);
        (self.types.is_empty() || self.types.iter().any(is_type))
            && name(&self.customer, customer.map(|of| snapshot.customers.names.name(of)))
            && name(&self.item, item.map(|of| snapshot.items.names.name(of)))
            && name(&self.class, class.map(|of| snapshot.classes.names.name(of)))
    }
}

/// Tells events until the caller goes, the server ends or all that was wanted is told.
async fn tell(
    engine: Engine,
    mut follower: Follower,
    asked: EventFilter,
    sender: Sender<Result<proto::Event, Status>>,
) {
    let asked = Arc::new(asked);
    let mut positions = engine.positions();
    let reading = engine.reads(follower.position());
    loop {
        let published = *positions.borrow_and_update();
        let wanted = asked.until.map_or(published, |last| published.min(last));
        while follower.position() < wanted {
            let until = wanted.min(follower.position() + ENTRIES_AT_ONCE);
            let (of, told, to) = (engine.clone(), Arc::clone(&asked), sender.clone());
            let step = move || {
                let read = step(&of, &mut follower, until, (&*told, &to));
                (follower, read)
            };
            let (came, read) = guard::elsewhere(step).await;
            follower = came;
            reading.told(follower.position());
            if let Err(error) = read {
                let failure = Failure::of_engine(error, &engine.pin().snapshot);
                // A caller that has gone away does not mind.
                drop(sender.send(Err(failure.into())).await);
                return;
            }
            if sender.is_closed() {
                return;
            }
        }
        if asked.until.is_some_and(|last| last <= follower.position()) {
            return;
        }
        tokio::select! {
            () = sender.closed() => return,
            changed = positions.changed() => if changed.is_err() {
                return;
            },
        }
    }
}

/// Goes on to a position, and tells what that means.
fn step(
    engine: &Engine,
    follower: &mut Follower,
    until: u64,
    (asked, sender): (&EventFilter, &Sender<Result<proto::Event, Status>>),
) -> Result<(), crate::engine::Error> {
    follower.go_on(until, &mut |before, entry, after| {
        sent(sender, of_entry(engine, (before, entry, after), asked))
    })
}

/// Sends messages to a caller, one after the other; ends where he has gone away. Not on a runtime's thread.
pub(super) fn sent<T>(
    sender: &Sender<Result<T, Status>>,
    messages: impl IntoIterator<Item = T>,
) -> ControlFlow<()> {
    messages.into_iter().try_for_each(|one| match sender.blocking_send(Ok(one)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    })
}

/// The events of an entry that are wanted.
pub(super) fn of_entry(
    engine: &Engine,
    (before, entry, after): (&World, &Arc<Entry>, &World),
    asked: &EventFilter,
) -> Vec<proto::Event> {
    let all: Vec<(usize, Event)> =
        events::of(before, entry, after).into_iter().enumerate().collect();
    let (digests, all) = digests((entry, after), all, asked);
    let wanted: Vec<_> = all.into_iter().filter(|(_, event)| asked.accepts(after, event)).collect();
    let hurt = wanted.iter().filter(|(_, event)| event.jeopardy.is_some()).count();
    let with_remedies = hurt <= REMEDIES_MAX;
    let told = wanted.iter().map(|(number, event)| {
        let told = told((entry, after), (*number, event), with_remedies);
        proto::Event { exception: noted(engine, (entry, after), event), ..told }
    });
    let mut told: Vec<proto::Event> = told.chain(digests).collect();
    told.sort_by_key(|event| event.number);
    told
}

/// Puts many events of one type into one, where more come at once than are wanted.
fn digests(
    (entry, after): (&Entry, &World),
    all: Vec<(usize, Event)>,
    asked: &EventFilter,
) -> (Vec<proto::Event>, Vec<(usize, Event)>) {
    if asked.digest_over == 0 {
        return (Vec::new(), all);
    }
    let mut by_type: BTreeMap<&'static str, Vec<(usize, Event)>> = BTreeMap::new();
    let mut rest = Vec::new();
    for (number, event) in all {
        match event.kind {
            "promise.at_risk" | "promise.safe_again" | "promise.later"
                if asked.accepts(after, &event) =>
            {
                by_type.entry(event.kind).or_default().push((number, event));
            }
            _ => rest.push((number, event)),
        }
    }
    let mut digests = Vec::new();
    for (kind, many) in by_type {
        if many.len() <= asked.digest_over {
            rest.extend(many);
        } else {
            digests.push(digest(entry, kind, many));
        }
    }
    rest.sort_by_key(|(number, _)| *number);
    (digests, rest)
}

fn digest(entry: &Entry, kind: &str, mut many: Vec<(usize, Event)>) -> proto::Event {
    let number = many.iter().map(|(number, _)| *number).min().unwrap_or_default();
    let cause = many.first().map(|(_, event)| event.cause.clone()).unwrap_or_default();
    let value = |event: &Event| {
        let promise = event.promise.as_ref();
        promise.map_or(Money::ZERO, |promise| crate::insight::exceptions::value(promise))
    };
    many.sort_by_key(|(number, event)| (std::cmp::Reverse(value(event)), *number));
    let level = many.iter().filter_map(|(_, event)| Some(event.jeopardy?.level)).max();
    let ids = many.iter().filter_map(|(_, event)| Some(event.promise.as_ref()?.id()));
    proto::Event {
        digest: Some(proto::event::Digest {
            promises: many.len() as u64,
            value: encode::money(many.iter().map(|(_, event)| value(event)).sum()),
            promise_ids: ids.take(NAMED_MAX).collect(),
            level: level.map_or(0, |level| exception::level_wire(level).into()),
        }),
        ..head(entry, (number, kind), (format!("{} promises", many.len()), cause))
    }
}

/// What every event has.
fn head(
    entry: &Entry,
    (number, kind): (usize, &str),
    (subject, cause): (String, String),
) -> proto::Event {
    proto::Event {
        sequence: entry.position,
        number: encode::count(number),
        time: Some(reservation::instant(entry.stamp.at)),
        r#type: kind.to_string(),
        subject,
        cause,
        position: entry.position,
        by: entry.stamp.by.as_deref().unwrap_or_default().to_string(),
        ..proto::Event::default()
    }
}

fn told(
    (entry, after): (&Entry, &World),
    (number, event): (usize, &Event),
    with_remedies: bool,
) -> proto::Event {
    let words = Words::new(&after.snapshot);
    let promise = event.promise.as_ref().map(|promise| reservation::told(words, after, promise));
    let jeopardy = event.jeopardy.map(|found| jeopardy(after, event, &found, with_remedies));
    let subject = (event.subject.clone(), event.cause.clone());
    proto::Event { promise, jeopardy, ..head(entry, (number, event.kind), subject) }
}

/// The exception that an event makes, or that was seen, as it stands after the entry.
fn noted(
    engine: &Engine,
    (entry, after): (&Entry, &World),
    event: &Event,
) -> Option<proto::Exception> {
    let about = event.about.as_ref()?;
    let at = (engine.exception_settings(), entry.stamp.at);
    let found =
        engine.ask_takes(after, |takes| crate::insight::exceptions::find(takes, about, at))?;
    Some(exception::told(after, &found))
}

fn jeopardy(
    after: &World,
    event: &Event,
    found: &Jeopardy,
    with_remedies: bool,
) -> proto::event::Jeopardy {
    let words = Words::new(&after.snapshot);
    let Some(promise) = &event.promise else {
        return proto::event::Jeopardy::default();
    };
    let facts = &promise.facts;
    let is_hurt = matches!(event.kind, "promise.at_risk" | "promise.later");
    let remedy = (with_remedies && is_hurt).then(|| {
        let found = exception::remedies_of(after, promise, &Patience::endless());
        found.ok().and_then(|found| found.into_iter().next())
    });
    proto::event::Jeopardy {
        order: facts.order.to_string(),
        line: facts.line.to_string(),
        customer: facts
            .customer
            .map_or("", |of| after.snapshot.customers.names.name(of))
            .to_string(),
        item: words.item(facts.item).to_string(),
        promised: words.date_or_empty(found.promised),
        now: words.date_or_empty(found.now),
        days: found.days,
        value: encode::money(found.value),
        level: exception::level_wire(found.level).into(),
        remedy: remedy.flatten(),
    }
}
