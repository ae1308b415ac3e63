//! ScenarioService.Vary: the figures of a world for each value of one parameter, told value by value.

use super::{
    MessageStream, backlog, compared, decode, encode, guard, proto, scenario,
    status::{Failure, Faults},
};
use crate::{
    backlog::Spec,
    change::Vary,
    compare::Grouping,
    engine::{
        Engine,
        whatif::{self, NotVaried, With},
    },
    ledger::World,
    promising::{patience::GivenUp, query::Query, request::Request},
};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};

/// What is asked for, in the world that it is asked of.
struct Asked {
    world: Arc<World>,
    vary: Vary,
    orders: Vec<(Request, Query)>,
    run: Option<Spec>,
    by: Option<Grouping>,
}

/// Reads a question, and answers it value by value; where the caller goes, it stops.
///
/// # Errors
/// What of the question cannot be read.
pub(super) async fn told(
    engine: &Engine,
    message: proto::VaryRequest,
) -> Result<MessageStream<proto::VaryResponse>, Failure> {
    let world = scenario::world(engine, &message.scenario_id).await?;
    let asked = Arc::new(asked(engine, world, message)?);
    let (sender, told) = mpsc::channel(4);
    guard::beside(async move {
        let all = guard::caught("Vary", each(&asked, &sender));
        let failed = tokio::select! {
            () = sender.closed() => return,
            done = all => done.err(),
        };
        if let Some(failure) = failed {
            drop(sender.send(Err(failure.into())).await);
        }
    });
    Ok(Box::pin(ReceiverStream::new(told)))
}

type Sender = mpsc::Sender<Result<proto::VaryResponse, Status>>;

async fn each(asked: &Arc<Asked>, sender: &Sender) -> Result<(), Failure> {
    let values: Vec<_> = asked.vary.values().collect();
    for (at, value) in values.iter().copied().enumerate() {
        let of_value = Arc::clone(asked);
        let row = guard::patiently(move |patience| {
            let Asked { world, vary, orders, run, by } = &*of_value;
            let with = With { orders, run: run.as_ref(), by: *by };
            match whatif::row(world, (vary, value), with, patience) {
                Ok(row) => Ok(Ok(row)),
                Err(NotVaried::GivenUp) => Err(GivenUp),
                Err(unmade) => Ok(Err(unmade)),
            }
        });
        let row = row.await?.map_err(failure)?;
        let by = row.by.iter().map(|(key, kpi)| (key.clone(), compared::kpi(kpi)));
        let message = proto::VaryResponse {
            values_done: encode::count(at + 1),
            values: encode::count(values.len()),
            value,
            figures: Some(compared::kpi(&row.all)),
            by: by.collect(),
            version: Some(encode::version(&asked.world, asked.world.position)),
            currency: asked.world.snapshot.currency().to_string(),
        };
        if sender.send(Ok(message)).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

fn failure(unmade: NotVaried) -> Failure {
    let text = unmade.to_string();
    match unmade {
        NotVaried::Faulty(_) => Failure::invalid_field("parameter", text),
        NotVaried::Misfit(_) => Failure::new(Code::Internal, "MISFIT", text),
        NotVaried::GivenUp => Failure::outcome_unknown(),
    }
}

fn asked(
    engine: &Engine,
    world: Arc<World>,
    message: proto::VaryRequest,
) -> Result<Asked, Failure> {
    let proto::VaryRequest { parameter, lines, by, run, .. } = message;
    let mut faults = Faults::default();
    let vary = Vary::parse(&parameter).map_err(|expected| faults.note("parameter", expected));
    let by = (!by.is_empty()).then(|| {
        let found = Grouping::ALL.into_iter().find(|dimension| dimension.word() == by);
        if found.is_none() {
            let words: Vec<_> = Grouping::ALL.iter().map(|dimension| dimension.word()).collect();
            faults.note("by", format!("one of {} is expected", words.join(", ")));
        }
        found
    });
    if let Some(run) = &run {
        let given = [
            ("run.scenario_id", !run.scenario_id.is_empty()),
            ("run.apply", run.apply),
            ("run.request_id", !run.request_id.is_empty()),
            ("run.saved", !run.saved.is_empty()),
            ("run.most_value_seconds", run.most_value_seconds != 0),
        ];
        for (field, _) in given.into_iter().filter(|(_, is_given)| *is_given) {
            faults.note(field, "is not to be given here");
        }
    }
    let (Ok(vary), true) = (vary, faults.is_empty()) else { return Err(faults.into()) };
    let spec = run.map(|run| backlog::spec(&run)).transpose()?;
    spec.iter().try_for_each(|spec| backlog::known(spec, &world.snapshot))?;
    let run = spec.map(|spec| Spec { now: engine.today(), ..spec });
    // What one value of a parameter meets, the others meet too; none at all is no change, whatever it names.
    for value in vary.values().filter(|value| *value != 0).take(1) {
        let change = vary.change(&world.snapshot, value);
        let changed = change.and_then(|change| world.with_changes(change.as_slice()));
        changed.map_err(|faults| failure(NotVaried::Faulty(faults)))?;
    }
    let orders = orders(engine, &world, lines)?;
    Ok(Asked { world, vary, orders, run, by: by.flatten() })
}

/// The lines by order, in the place of the first line of each; every fault of all of them is named.
fn orders(
    engine: &Engine,
    world: &World,
    lines: Vec<proto::OrderLine>,
) -> Result<Vec<(Request, Query)>, Failure> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let read = decode::check(proto::CheckAvailabilityRequest {
        lines,
        ..proto::CheckAvailabilityRequest::default()
    })?;
    let mut orders: Vec<(Request, Vec<usize>)> = Vec::new();
    let mut place_of = std::collections::BTreeMap::new();
    for (row, line) in read.lines.iter().enumerate() {
        let at = *place_of.entry(&line.order).or_insert_with(|| {
            orders.push((Request { lines: Vec::new(), ..read.clone() }, Vec::new()));
            orders.len() - 1
        });
        orders[at].0.lines.push(line.clone());
        orders[at].1.push(row);
    }
    let (mut resolved, mut found) = (Vec::with_capacity(orders.len()), Vec::new());
    for (request, rows) in orders {
        let request = request.dated(engine.today());
        match request.resolve(&world.snapshot) {
            Ok(query) => resolved.push((request, query)),
            Err(violations) => found.extend(violations.into_iter().map(|mut violation| {
                violation.line = rows.get(violation.line).copied().unwrap_or(rows[0]);
                violation
            })),
        }
    }
    found.sort_by_key(|violation| violation.line);
    if found.is_empty() { Ok(resolved) } else { Err(Faults::of_lines(&found).into()) }
}
