//! Commands of a running server's promises: list, hold, confirm, cancel, amend, fulfil, reopen, status, health.
//!
//! Each is one call of it; answers are tables for people, the rows of `/v1/promises` as CSV, or the JSON of the RPC.

mod health;
mod server;
mod hold;
mod list;
mod status;
mod steps;

pub(super) use health::Args as Health;
pub(super) use hold::Args as Hold;
pub(super) use list::Args as List;
pub(super) use status::Args as Status;
pub(super) use steps::{Amend, Cancel, Confirm, Fulfil, Reopen};

use super::{
    failure::Failure,
    listed,
    output::{self, AnswerFormat},
};
use crate::rpc::{
    proto,
    sheet::{self, Csv},
};
use std::io::Write;

/// What can be done.
pub(super) trait LiveCommand {
    /// Does it, and prints what came of it.
    fn run(&self) -> Result<(), Failure>;
}

/// A promise as people name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PromiseName {
    /// `P17`.
    Id(String),
    /// `SO-1`, `SO-1/3`.
    Order { order: String, line: String },
}

impl PromiseName {
    /// A question for what is promised under this name.
    pub(super) fn asked(&self) -> proto::GetPromiseRequest {
        let mut request = proto::GetPromiseRequest::default();
        match self {
            Self::Id(id) => request.promise_id.clone_from(id),
            Self::Order { order, line } => {
                (request.order, request.line) = (order.clone(), line.clone());
            }
        }
        request
    }
}

/// Reads the name of a promise.
pub(super) fn named(text: &str) -> Result<PromiseName, String> {
    let number = text.strip_prefix('P').filter(|rest| !rest.is_empty());
    if number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
        return Ok(PromiseName::Id(text.to_string()));
    }
    let (order, line) = text.rsplit_once('/').unwrap_or((text, ""));
    if order.is_empty() {
        return Err(
            "a promise such as P17, or an order such as SO-1 or SO-1/3, is expected".to_string()
        );
    }
    Ok(PromiseName::Order { order: order.to_string(), line: line.to_string() })
}

/// An id for a command that is given by hand: each time another one.
fn request_id(command: &str) -> String {
    let now = crate::engine::clock::now().as_nanosecond();
    format!("promised {command} {now} {}", std::process::id())
}

/// Prints promises.
pub(super) fn print(
    format: AnswerFormat,
    promises: &[proto::Reservation],
    json: impl FnOnce() -> String,
) -> Result<(), Failure> {
    let mut out = output::stdout();
    match format {
        AnswerFormat::Json => writeln!(out, "{}", json())?,
        AnswerFormat::Csv => {
            let csv = Csv::default();
            out.write_all(&csv.header(sheet::PROMISES))?;
            for promise in promises {
                out.write_all(&csv.rows(&sheet::promise(promise)))?;
            }
        }
        AnswerFormat::Table => write!(out, "{}", listed::table(promises))?,
    }
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_named_by_id_or_by_order() {
        let order =
            |order: &str, line: &str| PromiseName::Order { order: order.into(), line: line.into() };
        assert_eq!(named("P17"), Ok(PromiseName::Id("P17".to_string())));
        assert_eq!(named("PO-1"), Ok(order("PO-1", "")));
        assert_eq!(named("SO-1/3"), Ok(order("SO-1", "3")));
        assert_eq!(named("P"), Ok(order("P", "")));
        assert!(named("/3").is_err());
    }
}
