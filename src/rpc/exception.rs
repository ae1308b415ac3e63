//! ExceptionService: what needs a planner, and who has seen it.

pub(super) use super::exception_words::{level_wire, limit_word, remedies_of, told};

use super::{
    MessageStream, decode,
    edge::memory::hold,
    encode,
    exception_filter::ExceptionFilter,
    exception_groups::{self as groups, GROUPS},
    exception_watch,
    exception_words::remedies,
    fields::FieldReader,
    guard, paging, proto, scenario,
    status::{Failure, shown},
};
use crate::{
    engine::Engine,
    insight::exceptions::Exception,
    ledger::{Acknowledgement, World},
    limits::PAGE_MAX,
    promising::patience::{GivenUp, Patience},
};
use proto::exception_service_server::ExceptionService;
use std::{cmp::Reverse, sync::Arc};
use tonic::{Code, Request, Response, Status};

/// Exceptions on a page if the request does not say.
const PAGE_DEFAULT: usize = 100;

/// Exceptions of a page for which remedies are looked for: the first ones. A look takes many searches.
const REMEDIES_MAX: usize = 25;

/// Bytes that an exception and its copy in the answer are reckoned to take.
const EXCEPTION_BYTES: usize = 2_048;

/// By what they are sorted.
const ORDERS: &[&str] = &["value", "days", "since", "level", "kind", "exception_id"];

/// Tells exceptions, from the current world of an engine.
#[derive(Clone, Debug)]
pub(super) struct Exceptions {
    engine: Engine,
}

impl Exceptions {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine }
    }
}

#[tonic::async_trait]
impl ExceptionService for Exceptions {
    async fn list(
        &self,
        request: Request<proto::ListExceptionsRequest>,
    ) -> Result<Response<proto::ListExceptionsResponse>, Status> {
        guard::call("List", async {
            let message = request.into_inner();
            let world = scenario::world(&self.engine, &message.scenario_id).await?;
            let engine = self.engine.clone();
            guard::patiently(move |patience| page(&engine, &world, &message, patience)).await?
        })
        .await
    }

    type WatchStream = MessageStream<proto::WatchExceptionsResponse>;

    async fn watch(
        &self,
        request: Request<proto::WatchExceptionsRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let message = request.into_inner();
        let world = self.engine.pin();
        let wanted = decode::collect(|reader| ExceptionFilter::of_watch(reader, &world, &message));
        let wanted = wanted.map_err(Failure::from)?;
        Ok(Response::new(exception_watch::exceptions(self.engine.clone(), wanted)))
    }

    async fn acknowledge(
        &self,
        request: Request<proto::AcknowledgeRequest>,
    ) -> Result<Response<proto::AcknowledgeResponse>, Status> {
        guard::call("Acknowledge", async {
            let message = request.into_inner();
            let seen = decode::collect(|reader| {
                seen(reader, (&message.exception_id, &message.by, &message.note))
            })?;
            let (exception, version) = self.keep(&message.request_id, seen).await?;
            Ok(proto::AcknowledgeResponse { exception, version })
        })
        .await
    }

    async fn snooze(
        &self,
        request: Request<proto::SnoozeRequest>,
    ) -> Result<Response<proto::SnoozeResponse>, Status> {
        guard::call("Snooze", async {
            let message = request.into_inner();
            let now = self.engine.civil();
            let seen = decode::collect(|reader| {
                let seen = seen(reader, (&message.exception_id, &message.by, &message.note));
                if message.until.is_none() {
                    reader.fault("until", "is required");
                }
                let until = reader.instant_or_none("until", message.until);
                if until.is_some_and(|until| until <= now) {
                    reader.fault("until", "is past");
                }
                Acknowledgement { until: until.map(|until| until.as_microsecond()), ..seen }
            })?;
            let (exception, version) = self.keep(&message.request_id, seen).await?;
            Ok(proto::SnoozeResponse { exception, version })
        })
        .await
    }
}

type Kept = (Option<proto::Exception>, Option<proto::DataVersion>);

impl Exceptions {
    /// Keeps who has seen an exception; it must be there.
    async fn keep(&self, request_id: &str, seen: Acknowledgement) -> Result<Kept, Failure> {
        let request_id = scenario::request_id(request_id)?;
        let id = Arc::clone(&seen.exception);
        let (engine, world) = (self.engine.clone(), self.engine.pin());
        let wanted = Arc::clone(&id);
        let is_there = guard::elsewhere(move || {
            let all = engine.exceptions(&world, engine.now().as_microsecond());
            all.iter().any(|one| *one.id == *wanted) || world.acknowledged().contains_key(&*wanted)
        });
        if !is_there.await {
            let text = format!("there is no exception {}", shown(&id));
            return Err(Failure::new(Code::NotFound, "EXCEPTION_NOT_FOUND", text));
        }
        let failure = |error| Failure::of_engine(error, &self.engine.pin().snapshot);
        let world = self.engine.acknowledge(&request_id, seen).await.map_err(failure)?;
        let engine = self.engine.clone();
        guard::elsewhere(move || {
            let all = engine.exceptions(&world, engine.now().as_microsecond());
            let found = all.iter().find(|one| *one.id == *id);
            let told = found.map(|found| told(&world, found));
            Ok((told, Some(encode::version(&world, world.position))))
        })
        .await
    }
}

fn seen(reader: &mut FieldReader<'_>, (id, by, note): (&str, &str, &str)) -> Acknowledgement {
    if id.is_empty() {
        reader.fault("exception_id", "is required");
    }
    // Who is known by his credentials needs not say who he is.
    let by = super::principal().map_or_else(|| by.to_string(), |name| name.to_string());
    let by = reader.key("by", by);
    let note = reader.key_or_none("note", note.to_string()).unwrap_or_default();
    Acknowledgement { exception: id.into(), by: by.into(), note: note.into(), until: None }
}

type Page = Result<proto::ListExceptionsResponse, Failure>;

fn page(
    engine: &Engine,
    world: &World,
    message: &proto::ListExceptionsRequest,
    patience: &Patience,
) -> Result<Page, GivenUp> {
    let of = asked_for(message);
    let asked = decode::collect(|reader| {
        let wanted = ExceptionFilter::of_list(reader, world, message);
        let group_by = one_of(reader, "group_by", &message.group_by, GROUPS);
        let bare = message.order_by.trim_start_matches('-');
        let order_by = one_of(reader, "order_by", bare, ORDERS);
        let limit = match reader.at_most("page_size", message.page_size, PAGE_MAX) {
            0 => PAGE_DEFAULT,
            limit => limit,
        };
        let from: Option<usize> = paging::read(reader, (&message.page_token, &of));
        (wanted, group_by, order_by, limit, from.unwrap_or(0))
    });
    let (wanted, group_by, order_by, limit, from) = match asked {
        Ok(asked) => asked,
        Err(faults) => return Ok(Err(faults.into())),
    };
    let now = engine.now().as_microsecond();
    let all = engine.exceptions(world, now);
    let is_told =
        |one: &&Exception| wanted.accepts(one) && (message.snoozed || !one.is_snoozed(now));
    let mut found: Vec<&Exception> = all.iter().filter(is_told).collect();
    sort(&mut found, order_by, message.order_by.starts_with('-'));
    let end = from.saturating_add(limit).min(found.len());
    let on_page = found.get(from..end).unwrap_or(&[]);
    if let Err(failure) = hold(on_page.len() * EXCEPTION_BYTES) {
        return Ok(Err(failure));
    }
    let mut exceptions = Vec::with_capacity(on_page.len());
    for (at, one) in on_page.iter().enumerate() {
        let mut told = told(world, one);
        if message.try_remedies && at < REMEDIES_MAX {
            let tried = remedies(world, one, patience)?;
            if !tried.is_empty() {
                told.remedies = tried;
            }
        }
        exceptions.push(told);
    }
    let next = (end < found.len()).then(|| paging::token(of, end));
    Ok(Ok(proto::ListExceptionsResponse {
        exceptions,
        groups: groups::by(world, &found, group_by),
        all: Some(groups::all(world, &found)),
        total: found.len() as u64,
        next_page_token: next.unwrap_or_default(),
        version: Some(encode::version(world, world.position)),
        currency: world.snapshot.currency().to_string(),
    }))
}

/// A word of a list; the first one where none is given.
fn one_of(
    reader: &mut FieldReader<'_>,
    field: &str,
    word: &str,
    words: &'static [&'static str],
) -> &'static str {
    if word.is_empty() {
        return words[0];
    }
    words.iter().find(|known| **known == word).copied().unwrap_or_else(|| {
        reader.fault(field, format!("{} is not one of {}", shown(word), words.join(", ")));
        words[0]
    })
}

/// What a page token is of.
fn asked_for(message: &proto::ListExceptionsRequest) -> String {
    let (page_token, page_size) = (String::new(), 0);
    paging::digest(&proto::ListExceptionsRequest { page_token, page_size, ..message.clone() })
}

fn sort(found: &mut [&Exception], by: &str, is_reversed: bool) {
    // What is largest comes first where nothing is said, names come in their order.
    match by {
        "days" => found.sort_by_key(|one| Reverse(one.days)),
        "since" => found.sort_by_key(|one| Reverse(one.since)),
        "level" => found.sort_by_key(|one| Reverse(one.level)),
        "kind" => found.sort_by_key(|one| one.kind),
        "exception_id" => found.sort_by(|one, other| one.id.cmp(&other.id)),
        _ => found.sort_by_key(|one| Reverse(one.value)),
    }
    let is_number = matches!(by, "days" | "since" | "level" | "value");
    if is_reversed && !is_number {
        found.reverse();
    }
}
