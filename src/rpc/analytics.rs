//! AnalyticsService: figures over promises, and the promises as a file.

use super::{
    MessageStream, decode,
    edge::memory::hold,
    encode, exception, export,
    fields::FieldReader,
    guard,
    list::conditions,
    proto, scenario,
    status::{Failure, shown},
};
use crate::{
    engine::Engine,
    insight::figures::{
        self, DIMENSIONS, DateBasis, Dimension, Figures, MEASURES, Measure, Tally, TimeBucket,
    },
    ledger::World,
    snapshot::Snapshot,
};
use proto::{analytics_service_server::AnalyticsService, query_request, query_response};
use std::{collections::BTreeMap, sync::Arc};
use tonic::{Request, Response, Status};

/// Dimensions that may be grouped by at once.
const GROUPS_MAX: usize = 3;

/// Measures that may be asked for at once.
const MEASURES_MAX: usize = 32;

/// Bytes that a row and its copy in the answer are reckoned to take.
const ROW_BYTES: usize = 512;

/// Tells figures, from the current world of an engine.
#[derive(Clone, Debug)]
pub(super) struct Analytics {
    engine: Engine,
}

impl Analytics {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine }
    }
}

#[tonic::async_trait]
impl AnalyticsService for Analytics {
    async fn query(
        &self,
        request: Request<proto::QueryRequest>,
    ) -> Result<Response<proto::QueryResponse>, Status> {
        guard::call("Query", async {
            let message = request.into_inner();
            let world = scenario::world(&self.engine, &message.scenario_id).await?;
            let beside = match message.with_scenario_id.as_str() {
                "" => None,
                id => Some(scenario::world(&self.engine, id).await?),
            };
            let asked = decode::collect(|reader| asked(reader, &message, &world.snapshot))?;
            let engine = self.engine.clone();
            guard::elsewhere(move || answer(&engine, &asked, &world, beside.as_deref())).await
        })
        .await
    }

    type ExportStream = MessageStream<proto::ExportResponse>;

    async fn export(
        &self,
        request: Request<proto::ExportRequest>,
    ) -> Result<Response<Self::ExportStream>, Status> {
        let message = request.into_inner();
        let world = scenario::world(&self.engine, &message.scenario_id).await?;
        let asked = decode::collect(|reader| {
            let format = reader.choice("format", message.format);
            (format, conditions(reader, "filter", &message.filter, &world.snapshot))
        });
        let (format, filter) = asked.map_err(Failure::from)?;
        let format = format.unwrap_or(proto::export_request::Format::Unspecified);
        let (sender, parts) = tokio::sync::mpsc::channel(4);
        // On that thread nobody knows any more who asks.
        let sight = super::secure::caller::sight();
        tokio::task::spawn_blocking(move || {
            export::write(&world, (&filter, &sight), format, &sender);
        });
        let parts = tokio_stream::wrappers::ReceiverStream::new(parts);
        Ok(Response::new(Box::pin(parts)))
    }
}

/// Words of a list, each one of those that are known.
fn words<T: Copy>(
    reader: &mut FieldReader<'_>,
    field: &str,
    given: &[String],
    known: &[(&str, T)],
) -> Vec<T> {
    let mut read = Vec::new();
    for (at, word) in given.iter().enumerate() {
        match known.iter().find(|(other, _)| other == word) {
            Some((_, value)) => read.push(*value),
            None => {
                let all: Vec<_> = known.iter().map(|(word, _)| *word).collect();
                let text = format!("{} is not one of {}", shown(word), all.join(", "));
                reader.fault(&format!("{field}[{at}]"), text);
            }
        }
    }
    read
}

fn asked(
    reader: &mut FieldReader<'_>,
    message: &proto::QueryRequest,
    snapshot: &Snapshot,
) -> figures::FiguresQuery {
    let mut measures: Vec<Measure> = words(reader, "measures", &message.measures, MEASURES);
    if MEASURES_MAX < measures.len() {
        reader.fault("measures", format!("{} are more than {MEASURES_MAX}", measures.len()));
    }
    if message.measures.is_empty() {
        measures = vec![Measure::Lines, Measure::Quantity, Measure::Value];
    }
    let group_by: Vec<Dimension> = words(reader, "group_by", &message.group_by, DIMENSIONS);
    if GROUPS_MAX < group_by.len() {
        reader.fault("group_by", format!("{} are more than {GROUPS_MAX}", group_by.len()));
    }
    figures::FiguresQuery {
        measures,
        group_by,
        bucket: reader.choice("bucket", message.bucket).and_then(bucket_of),
        filter: conditions(reader, "filter", &message.filter, snapshot),
        from: reader.date_or_none("from", &message.from),
        to: reader.date_or_none("to", &message.to),
        basis: reader.choice("basis", message.basis).map_or(DateBasis::Request, basis_of),
        top: message.top as usize,
    }
}

fn bucket_of(bucket: query_request::Bucket) -> Option<TimeBucket> {
    match bucket {
        query_request::Bucket::Unspecified => None,
        query_request::Bucket::Day => Some(TimeBucket::Day),
        query_request::Bucket::Week => Some(TimeBucket::Week),
        query_request::Bucket::Month => Some(TimeBucket::Month),
    }
}

fn basis_of(basis: query_request::Basis) -> DateBasis {
    match basis {
        query_request::Basis::Unspecified | query_request::Basis::Request => DateBasis::Request,
        query_request::Basis::FirstPromise => DateBasis::FirstPromise,
        query_request::Basis::LastPromise => DateBasis::LastPromise,
    }
}

/// What limits late promises, in words, where that is asked for.
fn limits(engine: &Engine, world: &World, asked: &figures::FiguresQuery) -> BTreeMap<u64, String> {
    if !asked.group_by.contains(&Dimension::Limiting) {
        return BTreeMap::new();
    }
    let late = world
        .reservations_from(0)
        .filter(|found| found.is_live() && found.facts.legs.iter().any(|leg| 0 < leg.days_late));
    let late: Vec<_> = late.map(Arc::clone).collect();
    engine.ask_takes(world, |takes| {
        let word = |promise: &Arc<crate::ledger::Reservation>| {
            let (limiting, _) = crate::insight::exceptions::of_promise(takes, promise);
            (promise.number, exception::limit_word(takes.world(), &limiting))
        };
        late.iter().map(word).collect()
    })
}

fn answer(
    engine: &Engine,
    asked: &figures::FiguresQuery,
    world: &World,
    beside: Option<&World>,
) -> Result<proto::QueryResponse, Failure> {
    let of = |world: &World| figures::query(world, asked, &limits(engine, world, asked));
    let (here, there) = (of(world), beside.map(of));
    hold(here.rows.len() * ROW_BYTES)?;
    let group_by = asked.group_by.iter();
    let mut columns: Vec<String> = group_by.map(|of| word(DIMENSIONS, *of)).collect();
    columns.extend(asked.bucket.map(|_| "period".to_string()));
    columns.extend(asked.measures.iter().map(|of| word(MEASURES, *of)));
    let known = there.as_ref().map(by_keys);
    let other =
        |keys: &[String]| known.as_ref().map(|known| known.get(keys).copied().unwrap_or_default());
    let row = |row: &figures::FigureRow| query_response::Row {
        keys: row.keys.clone(),
        values: values(asked, &row.tally),
        with_values: other(&row.keys).map(|tally| values(asked, &tally)).unwrap_or_default(),
    };
    let total = query_response::Row {
        keys: Vec::new(),
        values: values(asked, &here.total),
        with_values: there.as_ref().map(|there| values(asked, &there.total)).unwrap_or_default(),
    };
    Ok(proto::QueryResponse {
        columns,
        rows: here.rows.iter().map(row).collect(),
        total: Some(total),
        version: Some(encode::version(world, world.position)),
        with_version: beside.map(|world| encode::version(world, world.position)),
        currency: world.snapshot.currency().to_string(),
    })
}

/// Rows by what they have in common.
fn by_keys(figures: &Figures) -> BTreeMap<&[String], Tally> {
    figures.rows.iter().map(|row| (&row.keys[..], row.tally)).collect()
}

fn word<T: Copy + PartialEq>(words: &[(&str, T)], of: T) -> String {
    words.iter().find(|(_, other)| *other == of).map_or("", |(word, _)| word).to_string()
}

fn values(asked: &figures::FiguresQuery, tally: &Tally) -> Vec<f64> {
    let value = |measure: &Measure| {
        let raw = measure.of(tally).clamp(i128::from(-i64::MAX), i128::from(i64::MAX));
        encode::quantity(crate::model::Quantity::micros(
            i64::try_from(raw).expect("it was clamped"),
        ))
    };
    asked.measures.iter().map(value).collect()
}
