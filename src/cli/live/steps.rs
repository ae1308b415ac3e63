//! `promised confirm`, `cancel`, `fulfil`, `reopen`, `amend`: steps in the life of promises.

use super::{
    LiveCommand, PromiseName, named, print, request_id,
    server::{Connected, Server},
};
use crate::{
    cli::{
        failure::Failure,
        output::{self, AnswerFormat},
    },
    rpc::{
        proto::{self, reservation::State},
        to_json,
    },
};
use std::io::Write;

/// A step that takes promises, or a part of one.
macro_rules! step {
    ($name:ident, $verb:literal, $request:ident, $method:ident, $states:expr, $help:literal) => {
        /// What the command needs to know.
        #[derive(Debug, clap::Args)]
        #[command(after_help = $help)]
        pub(in crate::cli) struct $name {
            /// Promises, such as P17, or an order, such as SO-1 or SO-1/3: all of it in one step, or nothing
            #[arg(value_name = "PROMISE", required = true, value_parser = named)]
            promises: Vec<PromiseName>,
            /// How much of it, where it is one; all if not given
            #[arg(long, value_name = "N")]
            quantity: Option<f64>,
            #[command(flatten)]
            server: Server,
        }

        impl LiveCommand for $name {
            fn run(&self) -> Result<(), Failure> {
                let server = self.server.connect()?;
                let (ids, order, line) = meant(&server, &self.promises, $states)?;
                let mut request =
                    proto::$request { request_id: request_id($verb), ..Default::default() };
                match (ids.as_slice(), self.quantity) {
                    ([one], quantity) => {
                        request.promise_id.clone_from(one);
                        request.quantity = quantity;
                    }
                    (_, Some(quantity)) => {
                        request.promise_id = only(&server, (ids, order, line))?;
                        request.quantity = Some(quantity);
                    }
                    (_, None) => {
                        request.promise_ids = ids;
                        request.order = order;
                        request.line = line;
                    }
                }
                let answer = server.wait(server.promises().$method(request))?;
                let one = answer.promise.iter().filter(|_| answer.promises.is_empty());
                let all: Vec<_> = answer.promises.iter().chain(one).cloned().collect();
                print(self.server.format, &all, || to_json(&answer))
            }
        }
    };
}

step!(
    Confirm,
    "confirm",
    ConfirmRequest,
    confirm,
    &[State::Held],
    "\
Examples:
  promised confirm P17 P18
      both, or none of them
  promised confirm SO74615
      all of the order that is held
  promised confirm P17 SO74615/3
      a promise and what is held of a line, both or none
  promised confirm P17 --quantity 2
      a part of it; the rest stays held"
);

step!(
    Cancel,
    "cancel",
    CancelRequest,
    cancel,
    &[State::Held, State::Confirmed],
    "\
Examples:
  promised cancel P17
      gives it back
  promised cancel SO74615/3 --quantity 2
      a part of a line"
);

step!(
    Fulfil,
    "fulfil",
    FulfilRequest,
    fulfil,
    &[State::Confirmed],
    "\
Examples:
  promised fulfil P17
      it has shipped
  promised fulfil SO74615/3 --quantity 2
      a part of it has"
);

/// Ids, or an order and its line.
type Meant = (Vec<String>, String, String);

/// What is meant by names: one order, or ids; an order beside others stands for those of its promises that may take the
/// step.
fn meant(server: &Connected, promises: &[PromiseName], states: &[State]) -> Result<Meant, Failure> {
    if let [PromiseName::Order { order, line }] = promises {
        return Ok((Vec::new(), order.clone(), line.clone()));
    }
    let mut ids: Vec<String> = Vec::new();
    for one in promises {
        let more = match one {
            PromiseName::Id(id) => vec![id.clone()],
            PromiseName::Order { order, line } => of_order(server, (order, line), states)?,
        };
        let new = more.into_iter().filter(|id| !ids.contains(id)).collect::<Vec<_>>();
        ids.extend(new);
    }
    Ok((ids, String::new(), String::new()))
}

/// The promises of an order, or of a line of it, that are in one of some states.
fn of_order(
    server: &Connected,
    (order, line): (&str, &str),
    states: &[State],
) -> Result<Vec<String>, Failure> {
    let named = PromiseName::Order { order: order.to_string(), line: line.to_string() };
    let request = named.asked();
    let found = server.wait(server.promises().get(request))?.promises;
    let fit = found.into_iter().filter(|one| states.contains(&one.state()));
    let ids: Vec<String> = fit.map(|one| one.promise_id).collect();
    if ids.is_empty() {
        return Err(Failure::new(
            format!("no promise of {order} can take this step"),
            "`promised get ORDER` shows them and their states",
        ));
    }
    Ok(ids)
}

/// The one promise that is meant where a part of it is to be taken.
fn only(server: &Connected, (ids, order, line): Meant) -> Result<String, Failure> {
    if 1 < ids.len() {
        return Err(Failure::Misused {
            cause: "--quantity is of one promise".to_string(),
            mend: "name one, or leave --quantity out".to_string(),
        });
    }
    one_of_order(server, (&order, &line), &[State::Held, State::Confirmed])
}

/// The one promise of an order, or of a line of it, that is in one of some states.
fn one_of_order(
    server: &Connected,
    named: (&str, &str),
    states: &[State],
) -> Result<String, Failure> {
    match of_order(server, named, states)?.as_slice() {
        [one] => Ok(one.clone()),
        many => Err(Failure::new(
            format!("there are {} promises of it that can take this step", many.len()),
            "name one by its id, such as P17; `promised get ORDER` shows them",
        )),
    }
}

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised reopen P17
      it has not shipped after all, and is confirmed again
  promised reopen SO74615/3")]
pub(in crate::cli) struct Reopen {
    /// The promise that has shipped, such as P17, or the line of an order, such as SO-1/3
    #[arg(value_name = "PROMISE", value_parser = named)]
    promise: PromiseName,
    #[command(flatten)]
    server: Server,
}

impl LiveCommand for Reopen {
    fn run(&self) -> Result<(), Failure> {
        let server = self.server.connect()?;
        let promise_id = match &self.promise {
            PromiseName::Id(id) => id.clone(),
            PromiseName::Order { order, line } => {
                one_of_order(&server, (order, line), &[State::Fulfilled])?
            }
        };
        let request = proto::ReopenRequest {
            request_id: request_id("reopen"),
            promise_id,
            ..proto::ReopenRequest::default()
        };
        let answer = server.wait(server.promises().reopen(request))?;
        let all: Vec<_> = answer.promise.iter().cloned().collect();
        print(self.server.format, &all, || to_json(&answer))
    }
}

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised amend P17 quantity=6
      promises it anew with another quantity; where nothing better can be had the old promise stands
  promised amend SO74615/3 requested_date=2026-12-01 location=HAM --check
      only says how it would fare

KEY is a column of an orders file: item, quantity, requested_date, date_type, customer, zone, location, demand_class, ...
What is not named stays as it was promised.")]
pub(in crate::cli) struct Amend {
    /// The promise, such as P17, or the line of an order
    #[arg(value_name = "PROMISE", value_parser = named)]
    promise: PromiseName,
    /// What is to be another: columns of an orders file
    #[arg(value_name = "KEY=VALUE", required = true)]
    changes: Vec<String>,
    /// Only say how it would fare
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    server: Server,
}

impl LiveCommand for Amend {
    fn run(&self) -> Result<(), Failure> {
        let server = self.server.connect()?;
        let found = server.wait(server.promises().get(self.promise.asked()))?.promises;
        let promise_id = match found.as_slice() {
            [one] => one.promise_id.clone(),
            _ => {
                let meant = (Vec::new(), order_of(&self.promise), line_of(&self.promise));
                only(&server, meant)?
            }
        };
        let kept = found.iter().find(|one| one.promise_id == promise_id);
        let line = kept.map(asked).unwrap_or_default();
        let line = changed(&line, &self.changes)?;
        let request = proto::AmendRequest {
            request_id: request_id("amend"),
            promise_id,
            line: Some(line),
            check_only: self.check,
            ..proto::AmendRequest::default()
        };
        let answer = server.wait(server.promises().amend(request))?;
        let all: Vec<_> = answer.promise.iter().cloned().collect();
        print(self.server.format, &all, || to_json(&answer))?;
        if self.server.format == AnswerFormat::Table {
            let mut out = output::stdout();
            let said = if answer.changed { "it was changed" } else { "it stands as it was" };
            writeln!(out, "{said}")?;
            for reason in answer.result.iter().flat_map(|result| &result.reasons) {
                writeln!(out, "  {}", crate::cli::render::printable(&reason.text))?;
            }
            out.flush()?;
        }
        Ok(())
    }
}

fn order_of(named: &PromiseName) -> String {
    match named {
        PromiseName::Id(_) => String::new(),
        PromiseName::Order { order, .. } => order.clone(),
    }
}

fn line_of(named: &PromiseName) -> String {
    match named {
        PromiseName::Id(_) => String::new(),
        PromiseName::Order { line, .. } => line.clone(),
    }
}

/// The line as it was asked for, all of its terms; `ordered_at` too, since lead times begin there.
fn asked(kept: &proto::Reservation) -> proto::OrderLine {
    kept.terms.clone().unwrap_or_default()
}

/// A line with other values in some of its columns, by the JSON of its message: one reader for all of them.
fn changed(line: &proto::OrderLine, changes: &[String]) -> Result<proto::OrderLine, Failure> {
    let mut object: serde_json::Value =
        to_json(line).parse().map_err(|error| Failure::new(error, "report this"))?;
    for change in changes {
        let Some((name, value)) = change.split_once('=') else {
            return Err(Failure::Misused {
                cause: format!("{change:?} is no change"),
                mend: "KEY=VALUE is expected, such as quantity=6".to_string(),
            });
        };
        let json = crate::rpc::json_name("promised.v1.OrderLine", name).ok_or_else(|| {
            Failure::Misused {
                cause: format!("{name:?} is no column of an order line"),
                mend:
                    "columns are those of an orders file: quantity, requested_date, location, ..."
                        .to_string(),
            }
        })?;
        let value = match value {
            "true" => true.into(),
            "false" => false.into(),
            _ if ["dateType", "objective", "repeat"].contains(&json.as_str()) => {
                value.to_ascii_uppercase().into()
            }
            text => text.into(),
        };
        object[json] = value;
    }
    crate::rpc::from_json(&object.to_string()).map_err(|fault| Failure::Misused {
        cause: fault,
        mend: "values are written as in an orders file".to_string(),
    })
}
