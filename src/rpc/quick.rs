//! QuickCheck: a batch of small questions, as messages or as columns.
//!
//! Columns are made into the same questions and asked alike; only what goes over the wire differs. A fault of a row is
//! named as `columns[3].item`, as that of a message is as `queries[3].item`. Most batches are small and of messages: they
//! are read from their bytes, and answered into bytes, without a message between ([`plain`], `wire`).

mod wire;

use super::{
    decode, encode, fields::FieldReader, list::known, proto, status::Failure, text::Words,
};
use crate::{
    ledger::World,
    limits::QUERIES_MAX,
    model::{Day, Quantity, time::days_since_1970},
    promising::availability::{AtpQuestion as Place, quick, warm},
    snapshot::Snapshot,
};
use wire::{Found, write};
pub(super) use wire::{QuickAsked, read};

/// Queries whose way through memory is gone ahead together: what they touch fits the inner caches.
const WARM_AT_ONCE: usize = 64;

/// What stands in the column of days for "not within the horizon".
const NO_DAY: i32 = -1;

/// How many questions a request asks.
pub(super) fn n_rows(message: &proto::QuickCheckRequest) -> usize {
    message.queries.len() + message.columns.as_ref().map_or(0, rows_of)
}

/// The longest column: those of one value hold it for all rows.
fn rows_of(columns: &proto::QueryColumns) -> usize {
    let texts = [&columns.item, &columns.location, &columns.date, &columns.demand_class];
    texts.map(Vec::len).into_iter().fold(columns.quantity.len(), usize::max)
}

/// Answers all questions from one world, in the shape in which they were asked.
pub(super) fn check(
    world: &World,
    message: proto::QuickCheckRequest,
) -> Result<proto::QuickCheckResponse, Failure> {
    let asked_by_columns = message.columns.is_some();
    let questions = decode::collect(|reader| questions(reader, message, &world.snapshot))?;
    let version = Some(encode::version(world, world.position));
    let found = answers(world, &questions);
    Ok(match asked_by_columns {
        true => proto::QuickCheckResponse {
            columns: Some(columns(world, found)),
            version,
            ..proto::QuickCheckResponse::default()
        },
        false => {
            let words = Words::new(&world.snapshot);
            let answer = |(available, earliest)| proto::Quick {
                available: encode::quantity(available),
                earliest_date: words.date_or_empty(earliest),
            };
            let answers = found.map(answer).collect();
            proto::QuickCheckResponse { answers, version, ..proto::QuickCheckResponse::default() }
        }
    })
}

/// Answers questions that were read from their bytes: the bytes of the answer, behind `before`.
pub(super) fn plain(
    world: &World,
    asked: &[QuickAsked<'_>],
    before: &[u8],
) -> Result<Vec<u8>, Failure> {
    let questions = decode::collect(|reader| resolved(reader, "queries", asked, &world.snapshot))?;
    let epoch = world.snapshot.epoch();
    let answer = |(available, earliest): (Quantity, Option<Day>)| Found {
        available: encode::quantity(available),
        earliest: earliest.map(|day| epoch.date(day)),
    };
    let version = encode::version(world, world.position);
    Ok(write(answers(world, &questions).map(answer), questions.len(), &version, before))
}

/// What is available on the date of each question, and the first day on which all of it is.
fn answers(world: &World, questions: &[Question]) -> impl Iterator<Item = (Quantity, Option<Day>)> {
    questions.chunks(WARM_AT_ONCE).flat_map(move |chunk| {
        if 1 < chunk.len() {
            warm(world, chunk.iter().map(|asked| (asked.place.item, asked.place.location)));
        }
        chunk.iter().map(|asked| {
            let found = quick(world, asked.place, asked.quantity, asked.day);
            let items = &world.snapshot.items;
            (items.shown(asked.place.item, found.available), found.earliest)
        })
    })
}

fn columns(
    world: &World,
    answers: impl Iterator<Item = (Quantity, Option<Day>)>,
) -> proto::QuickColumns {
    let first = days_since_1970(world.snapshot.epoch().as_of());
    let (available, earliest_day) = answers
        .map(|(available, earliest)| {
            let day = earliest.map_or(NO_DAY, |day| first.saturating_add(day.0));
            (encode::quantity(available), day)
        })
        .unzip();
    proto::QuickColumns { available, earliest_day }
}

/// One question of a batch, with keys resolved.
struct Question {
    place: Place,
    quantity: Quantity,
    day: Day,
}

fn questions(
    reader: &mut FieldReader<'_>,
    message: proto::QuickCheckRequest,
    snapshot: &Snapshot,
) -> Vec<Question> {
    let n_rows = n_rows(&message);
    let (field, queries) = match message.columns {
        Some(_) if !message.queries.is_empty() => {
            reader.fault("columns", "is given beside queries: ask by one of them");
            return Vec::new();
        }
        Some(_) if QUERIES_MAX < n_rows => ("columns", Vec::new()),
        Some(columns) => ("columns", rows(reader, columns)),
        None => ("queries", message.queries),
    };
    if QUERIES_MAX < n_rows {
        reader.fault(field, format!("{n_rows} queries are more than {QUERIES_MAX}"));
        return Vec::new();
    }
    let asked: Vec<_> = queries.iter().map(QuickAsked::of).collect();
    resolved(reader, field, &asked, snapshot)
}

/// Questions with their keys resolved; fewer where some are faulty.
fn resolved(
    reader: &mut FieldReader<'_>,
    field: &'static str,
    asked: &[QuickAsked<'_>],
    snapshot: &Snapshot,
) -> Vec<Question> {
    let mut questions = Vec::with_capacity(asked.len());
    for (n_chunks, chunk) in asked.chunks(WARM_AT_ONCE).enumerate() {
        if 1 < chunk.len() {
            snapshot.items.names.warm(chunk.iter().map(|asked| asked.item));
        }
        for (position, asked) in (n_chunks * WARM_AT_ONCE..).zip(chunk) {
            questions.extend(question(&mut reader.at(field, position), asked, snapshot));
        }
    }
    questions
}

/// The questions that columns ask, row by row; none where a column has the wrong length.
fn rows(reader: &mut FieldReader<'_>, columns: proto::QueryColumns) -> Vec<proto::Query> {
    let n_rows = rows_of(&columns);
    let mut within = reader.within("columns");
    let mut fits = true;
    let lengths = [
        ("item", columns.item.len(), true),
        ("location", columns.location.len(), true),
        ("quantity", columns.quantity.len(), true),
        ("date", columns.date.len(), false),
        ("demand_class", columns.demand_class.len(), false),
    ];
    for (field, length, required) in lengths {
        let text = match length {
            0 if required => "is required".to_string(),
            0 | 1 => continue,
            length if length == n_rows => continue,
            length => format!("has {length} values; expected 1 for all rows or {n_rows}"),
        };
        within.fault(field, text);
        fits = false;
    }
    if !fits {
        return Vec::new();
    }
    let quantity = |row: usize| columns.quantity[if columns.quantity.len() == 1 { 0 } else { row }];
    let (mut item, mut location) = (each(columns.item, n_rows), each(columns.location, n_rows));
    let (mut date, mut class) = (each(columns.date, n_rows), each(columns.demand_class, n_rows));
    let query = |row| proto::Query {
        item: item.next().unwrap_or_default(),
        location: location.next().unwrap_or_default(),
        quantity: quantity(row),
        date: date.next().unwrap_or_default(),
        demand_class: class.next().unwrap_or_default(),
    };
    (0..n_rows).map(query).collect()
}

/// The values of a column, the only one as often as there are rows.
fn each(column: Vec<String>, n_rows: usize) -> impl Iterator<Item = String> {
    let only = match column.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    };
    let repeated = n_rows.saturating_sub(1) * usize::from(only.is_some());
    column.into_iter().chain(std::iter::repeat_n(only.unwrap_or_default(), repeated))
}

fn question(
    reader: &mut FieldReader<'_>,
    asked: &QuickAsked<'_>,
    snapshot: &Snapshot,
) -> Option<Question> {
    for (field, key) in [("item", asked.item), ("location", asked.location)] {
        if key.is_empty() {
            reader.fault(field, "is required");
        }
    }
    let item = known(reader, "item", &snapshot.items.names, asked.item);
    let location = known(reader, "location", &snapshot.locations.names, asked.location);
    let class = known(reader, "demand_class", &snapshot.classes.names, asked.demand_class);
    let quantity = reader.quantity("quantity", asked.quantity);
    let date = reader.date_or_none("date", asked.date);
    let day = date.map_or(Day::ZERO, |date| snapshot.epoch().day(date));
    let place = Place { item: item?, location: location?, class };
    let quantity = snapshot.items.keep(place.item, quantity);
    Some(Question { place, quantity, day })
}
