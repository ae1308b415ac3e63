//! `POST /v1/orders`: order lines in, what became of them out, both as CSV or as JSON.
//!
//! The rows are those of an orders file, read by the same reader; they become one request of `Promise`, or of
//! `CheckAvailability` where nothing is to be kept.

use super::super::{
    encode, guard,
    proto::{self, promise_request::Commitment},
    sheet::{self, SheetRow},
    status::{Failure, Faults, shown},
};
use super::{
    connect::{Packing, timeout, unpacked},
    error,
    inner::{CallHead, Inner, whole},
    not_allowed,
    parameters::Parameters,
    repeated::{Key, Repeated},
    sheets::{RowFormat, Writer, csv, response},
    table,
};
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header};
use std::collections::BTreeMap;
use tonic::{Code, Status, body::Body};
use tonic_types::StatusExt;

/// Where it is.
pub(super) const AT: &str = "/v1/orders";

/// Its parameters.
pub(super) const PARAMETERS: [&str; 6] =
    ["commit", "hold_for", "best_effort", "alternatives", "scenario", "all_or_nothing"];

/// Lines of one request.
const LINES_MAX: usize = crate::limits::LINES_MAX;

/// How often faulty lines are taken out: each time all that were told of.
const PASSES_MAX: usize = 100;

/// What is to become of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Commit {
    No,
    Hold,
    Confirm,
}

/// What the parameters say.
struct Terms {
    commit: Commit,
    hold_for: Option<prost_types::Duration>,
    best_effort: bool,
    all_or_nothing: bool,
    alternatives: u32,
    scenario_id: String,
    request_id: String,
}

/// Answers for a file of orders.
pub(super) async fn answer(
    inner: Inner,
    repeated: &Repeated,
    request: Request<Body>,
) -> Response<Body> {
    if request.method() != http::Method::POST {
        return not_allowed("POST");
    }
    let (head, body) = request.into_parts();
    let told = told(inner, repeated, (&head, body)).await;
    told.unwrap_or_else(|status| error::response(&status))
}

async fn told(
    inner: Inner,
    repeated: &Repeated,
    (head, body): (&http::request::Parts, Body),
) -> Result<Response<Body>, Status> {
    let bytes = whole(body).await?.freeze();
    let Some(is_json) = form(&head.headers, header::CONTENT_TYPE) else {
        let text = "order lines come as text/csv or application/json";
        return Ok(super::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::Unimplemented, text));
    };
    let packed = Packing::of(&head.headers, &header::CONTENT_ENCODING)?;
    let bytes = unpacked(packed, bytes).await?;
    let parameters = Parameters::of(head.uri.query());
    parameters.only(&PARAMETERS)?;
    let terms = terms(&parameters, &head.headers)?;
    let answers_json = form(&head.headers, header::ACCEPT).unwrap_or(is_json);
    let form = if answers_json { RowFormat::Json } else { RowFormat::Csv(csv(&parameters)?) };
    let key = (!terms.request_id.is_empty() && terms.commit != Commit::No)
        .then(|| Key::of(&terms.request_id, head, &bytes));
    if let Some((version, text)) = key.as_ref().and_then(|key| repeated.get(key)) {
        return Ok(response(head, form, version.as_ref(), text).await);
    }
    let file = guard::elsewhere(move || table::orders(&bytes, is_json)).await?;
    let (text, version) = answered(inner, head, &terms, (file, form)).await?;
    if let Some(key) = key {
        repeated.put(key, (version.clone(), text.clone()));
    }
    Ok(response(head, form, version.as_ref(), text).await)
}

/// Whether a header says JSON, or CSV; nothing where it says neither.
fn form(headers: &HeaderMap, name: header::HeaderName) -> Option<bool> {
    let text = headers.get(name)?.to_str().ok()?.to_ascii_lowercase();
    if text.contains("text/csv") {
        return Some(false);
    }
    text.contains("application/json").then_some(true)
}

fn terms(parameters: &Parameters, headers: &HeaderMap) -> Result<Terms, Failure> {
    let commit = match parameters.get("commit") {
        None | Some("no") => Commit::No,
        Some("hold") => Commit::Hold,
        Some("confirm") => Commit::Confirm,
        Some(other) => {
            let text = format!("{} is not one of no, hold, confirm", shown(other));
            return Err(Failure::invalid_field("commit", text));
        }
    };
    let hold_for = parameters.get("hold_for").map(duration).transpose()?;
    if hold_for.is_some() && commit != Commit::Hold {
        return Err(Failure::invalid_field("hold_for", "goes with commit=hold"));
    }
    let alternatives = parameters.get("alternatives").map(|text| {
        text.parse().map_err(|_| {
            Failure::invalid_field("alternatives", format!("{} is not a whole number", shown(text)))
        })
    });
    let request_id = headers.get("idempotency-key").map(|key| key.to_str());
    let request_id = request_id.transpose().map_err(|_| {
        Failure::invalid_field("Idempotency-Key", "has letters that a header cannot carry")
    })?;
    Ok(Terms {
        commit,
        hold_for,
        best_effort: parameters.is_on("best_effort")?,
        all_or_nothing: parameters.is_on("all_or_nothing")?,
        alternatives: alternatives.transpose()?.unwrap_or(0),
        scenario_id: parameters.get("scenario").unwrap_or_default().to_string(),
        request_id: request_id.unwrap_or_default().to_string(),
    })
}

/// `90s`, `15m`, `2h`, `7d`.
fn duration(text: &str) -> Result<prost_types::Duration, Failure> {
    let read = || {
        let unit = text.chars().last()?;
        let number: i64 = text.strip_suffix(unit)?.parse().ok().filter(|number| 0 < *number)?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return None,
        };
        number.checked_mul(seconds)
    };
    let seconds = read().ok_or_else(|| {
        Failure::invalid_field("hold_for", format!("{} is not a time such as 15m", shown(text)))
    })?;
    Ok(prost_types::Duration { seconds, nanos: 0 })
}

/// A line that is not promised, and why.
type Refused = BTreeMap<usize, (table::Name, String)>;

async fn answered(
    mut inner: Inner,
    head: &http::request::Parts,
    terms: &Terms,
    (file, form): (table::OrderTable, RowFormat),
) -> Result<(Bytes, Option<proto::DataVersion>), Status> {
    let table::OrderTable { lines, names, faults } = file;
    if LINES_MAX < names.len() {
        let text = format!("{} lines are more than {LINES_MAX}; divide the file", names.len());
        return Err(Failure::invalid_field("lines", text).into());
    }
    let mut found = Found::default();
    for fault in faults {
        found.note(fault.at, fault.column, fault.text);
    }
    let mut lines: Vec<(usize, proto::OrderLine)> =
        lines.into_iter().map(|(at, line)| (at, encode::order_line(&line))).collect();
    for _ in 0..PASSES_MAX {
        // Once something is wrong nothing is to be done, and all that is wrong is to be told.
        let only_looks = !terms.best_effort && !found.is_empty();
        if lines.is_empty() {
            break;
        }
        let asked = lines.iter().map(|(_, line)| line.clone()).collect();
        let status = match ask(&mut inner, head, terms, (asked, only_looks)).await {
            Ok(_) if only_looks => break,
            Ok(answer) => {
                return Ok(written(&answer, (&lines, &found.refused(&names)), terms, form));
            }
            Err(status) => status,
        };
        let of_lines = of_lines(&status);
        if status.code() != Code::InvalidArgument || of_lines.is_empty() {
            return Err(status);
        }
        for (position, field, text) in of_lines {
            found.note(lines.get(position).map_or(0, |(at, _)| *at), field, text);
        }
        lines.retain(|(row, _)| !found.has(*row));
    }
    if !terms.best_effort && !found.is_empty() {
        return Err(found.told().into());
    }
    let none = proto::PromiseResponse::default();
    Ok(written(&none, (&[], &found.refused(&names)), terms, form))
}

/// What is wrong with lines, by their rows.
#[derive(Default)]
struct Found(BTreeMap<usize, Vec<(String, String)>>);

impl Found {
    fn note(&mut self, row: usize, column: String, text: String) {
        self.0.entry(row).or_default().push((column, text));
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has(&self, row: usize) -> bool {
        self.0.contains_key(&row)
    }

    /// All of it, by the line of the file, in which the header is the first.
    fn told(&self) -> Failure {
        let mut noted = Faults::default();
        for (row, faults) in &self.0 {
            for (column, text) in faults {
                noted.note(format!("line {}, column {column}", row + 2), text);
            }
        }
        Failure::invalid(noted)
    }

    /// The same as the reasons of lines that are refused.
    fn refused(&self, names: &[table::Name]) -> Refused {
        let reason = |faults: &Vec<(String, String)>| {
            let each = faults.iter().map(|(column, text)| format!("{column}: {text}"));
            each.collect::<Vec<_>>().join("; ")
        };
        let line = |(row, faults): (&usize, &Vec<(String, String)>)| {
            (*row, (names.get(*row).cloned().unwrap_or_default(), reason(faults)))
        };
        self.0.iter().map(line).collect()
    }
}

/// What a status says of lines: position, field, and what is wrong.
fn of_lines(status: &Status) -> Vec<(usize, String, String)> {
    let Some(bad) = status.get_details_bad_request() else { return Vec::new() };
    let found = bad.field_violations.into_iter().filter_map(|violation| {
        let rest = violation.field.strip_prefix("lines[")?;
        let (position, field) = rest.split_once(']')?;
        let field = field.trim_start_matches('.').to_string();
        Some((position.parse().ok()?, field, violation.description))
    });
    found.collect()
}

/// Asks for the lines, or only what is wrong with them; what could be promised is told as what was.
async fn ask(
    inner: &mut Inner,
    head: &http::request::Parts,
    terms: &Terms,
    (lines, only_looks): (Vec<proto::OrderLine>, bool),
) -> Result<proto::PromiseResponse, Status> {
    let timeout = timeout(&head.headers)?;
    let asked = |path| CallHead { path, head, timeout };
    if terms.commit == Commit::No || only_looks {
        let request = proto::CheckAvailabilityRequest {
            lines,
            alternatives: terms.alternatives,
            scenario_id: terms.scenario_id.clone(),
            validate_only: only_looks,
            ..proto::CheckAvailabilityRequest::default()
        };
        let asked = asked("/promised.v1.PromiseService/CheckAvailability");
        let answer: proto::CheckAvailabilityResponse = inner.ask(asked, &request).await?;
        let line = |result: proto::LineResult| proto::PromisedLine {
            order: result.order.clone(),
            line: result.line.clone(),
            result: Some(result),
            ..proto::PromisedLine::default()
        };
        return Ok(proto::PromiseResponse {
            promises: answer.results.into_iter().map(line).collect(),
            sets: answer.sets,
            version: answer.version,
            ..proto::PromiseResponse::default()
        });
    }
    let commitment = match terms.commit {
        Commit::Hold => Commitment::Hold,
        Commit::No | Commit::Confirm => Commitment::Confirm,
    };
    let request = proto::PromiseRequest {
        request_id: terms.request_id.clone(),
        lines,
        commitment: commitment.into(),
        hold_for: terms.hold_for,
        all_or_nothing: terms.all_or_nothing,
        alternatives: terms.alternatives,
        scenario_id: terms.scenario_id.clone(),
        ..proto::PromiseRequest::default()
    };
    inner.ask(asked("/promised.v1.PromiseService/Promise"), &request).await
}

/// The answer as rows, in the order of the file.
fn written(
    answer: &proto::PromiseResponse,
    (lines, refused): (&[(usize, proto::OrderLine)], &Refused),
    terms: &Terms,
    form: RowFormat,
) -> (Bytes, Option<proto::DataVersion>) {
    let is_together = lines.iter().any(|(_, line)| !line.ship_together.is_empty());
    let columns = if is_together { sheet::RESULTS_TOGETHER } else { sheet::RESULTS };
    let alternatives = terms.alternatives as usize;
    let mut rows: BTreeMap<usize, Vec<SheetRow>> = BTreeMap::new();
    for ((at, _), line) in lines.iter().zip(&answer.promises) {
        let together = is_together.then(|| sheet::together(answer, line));
        rows.insert(*at, sheet::result(line, alternatives, together));
    }
    for (at, ((order, line), reason)) in refused {
        let line = proto::PromisedLine {
            order: order.clone(),
            line: line.clone(),
            error: Some(proto::Error { message: reason.clone(), ..proto::Error::default() }),
            ..proto::PromisedLine::default()
        };
        rows.insert(*at, sheet::result(&line, 0, is_together.then_some("")));
    }
    let rows: Vec<SheetRow> = rows.into_values().flatten().collect();
    let columns = columns.iter().map(|name| (*name).to_string()).collect();
    let mut writer = Writer::new(form, columns);
    let mut text = writer.begin();
    text.extend(writer.rows(&rows));
    text.extend_from_slice(writer.end());
    (text.into(), answer.version.clone())
}
