//! Messages to requests and commands: shapes, ranges, required fields.
//!
//! No domain knowledge: whether an item exists is found out by `Request::resolve`, which names every
//! unknown key in its turn. Every fault of a message is listed with its path. Start at [`check`].

mod line;

pub(super) use super::fields::collect;
use line::{line, lines, nothing};
pub(super) use line::{objective, take_faulty};

use super::{fields::FieldReader, proto, secure::caller, status::Faults};
use crate::{
    engine::{
        AmendCommand, CancelCommand, Commitment, ConfirmCommand, Faulty, FulfilCommand,
        ManyCommand, ManyStep, PromiseCommand, ReopenCommand, RequestTurn, Selection, SteadyTime,
        Which, command::Completeness,
    },
    ledger::reservation::{self, Force},
    limits::{ALTERNATIVES_MAX, HOLD_SECONDS_MAX, LINES_MAX},
    promising::request::{Remedies, Request},
};

/// How long a promise is held if the request does not say, in seconds: the time to fill in a cart.
const HOLD_SECONDS_DEFAULT: i64 = 15 * 60;

/// A question without consequences.
pub(super) fn check(message: proto::CheckAvailabilityRequest) -> Result<Request, Faults> {
    collect(|reader| Request {
        lines: lines(reader, message.lines),
        objective: objective(reader, message.objective),
        alternatives: reader.at_most("alternatives", message.alternatives, ALTERNATIVES_MAX),
        remedies: match message.remedies {
            true => Remedies::Sought,
            false => Remedies::None,
        },
        now: None,
    })
}

/// A promise to be made.
pub(super) fn promise(
    message: proto::PromiseRequest,
    deadline: Option<SteadyTime>,
) -> Result<PromiseCommand, Faults> {
    collect(|reader| {
        let commitment = commitment(reader, &message);
        PromiseCommand {
            request_id: request_id(reader, message.request_id),
            request: Request {
                lines: lines(reader, message.lines),
                objective: objective(reader, message.objective),
                alternatives: reader.at_most(
                    "alternatives",
                    message.alternatives,
                    ALTERNATIVES_MAX,
                ),
                remedies: Remedies::None,
                now: None,
            },
            commitment,
            completeness: match message.all_or_nothing {
                true => Completeness::AllOrNothing,
                false => Completeness::BestEffort,
            },
            faulty: match message.best_effort {
                true => Faulty::LeaveOut,
                false => Faulty::Refuse,
            },
            turn: match message.in_order {
                true => RequestTurn::InOrder,
                false => RequestTurn::Any,
            },
            force: message.force.map(|message| force(&mut reader.within("force"), message)),
            deadline,
        }
    })
}

/// A held promise to be confirmed.
pub(super) fn confirm(
    message: proto::ConfirmRequest,
    deadline: Option<SteadyTime>,
) -> Result<ConfirmCommand, Faults> {
    collect(|reader| ConfirmCommand {
        request_id: request_id(reader, message.request_id),
        number: number(reader, &message.promise_id),
        quantity: reader.quantity_or_none("quantity", message.quantity),
        deadline,
    })
}

/// A promise to be given back.
pub(super) fn cancel(
    message: proto::CancelRequest,
    deadline: Option<SteadyTime>,
) -> Result<CancelCommand, Faults> {
    collect(|reader| CancelCommand {
        request_id: request_id(reader, message.request_id),
        number: number(reader, &message.promise_id),
        quantity: reader.quantity_or_none("quantity", message.quantity),
        deadline,
    })
}

/// A promise that has shipped.
pub(super) fn fulfil(
    message: proto::FulfilRequest,
    deadline: Option<SteadyTime>,
) -> Result<FulfilCommand, Faults> {
    collect(|reader| {
        let proto::FulfilRequest { promise_id, order, line, .. } = message;
        let which = match (promise_id.as_str(), order.as_str()) {
            ("", "") => {
                reader.fault("promise_id", "is required, or an order");
                Which::Number(0)
            }
            ("", _) => {
                let line = if line.is_empty() { "1".to_string() } else { line };
                Which::Line { order, line }
            }
            (_, _) => Which::Number(number(reader, &promise_id)),
        };
        FulfilCommand {
            request_id: request_id(reader, message.request_id),
            which,
            quantity: reader.quantity_or_none("quantity", message.quantity),
            shipped_at: reader.instant_or_none("shipped_at", message.shipped_at),
            deadline,
        }
    })
}

/// A shipment to be taken back.
pub(super) fn reopen(
    message: proto::ReopenRequest,
    deadline: Option<SteadyTime>,
) -> Result<ReopenCommand, Faults> {
    collect(|reader| ReopenCommand {
        request_id: request_id(reader, message.request_id),
        number: number(reader, &message.promise_id),
        deadline,
    })
}

/// A promise to be made anew.
pub(super) fn amend(
    message: proto::AmendRequest,
    deadline: Option<SteadyTime>,
) -> Result<AmendCommand, Faults> {
    collect(|reader| {
        if message.line.is_none() {
            reader.fault("line", "is required");
        }
        let amended = message.line.map(|message| line(&mut reader.within("line"), message));
        AmendCommand {
            request_id: request_id(reader, message.request_id),
            number: number(reader, &message.promise_id),
            line: amended.unwrap_or_else(nothing),
            objective: objective(reader, message.objective),
            force: message.force.map(|message| force(&mut reader.within("force"), message)),
            deadline,
        }
    })
}

/// Which promises a command names, where it is of many.
pub(super) struct NamedPromises {
    pub(super) promise_id: String,
    pub(super) promise_ids: Vec<String>,
    pub(super) order: String,
    pub(super) line: String,
    /// Whether a part is asked for.
    pub(super) is_part: bool,
}

impl NamedPromises {
    pub(super) fn of(
        (promise_id, promise_ids): (&str, &[String]),
        (order, line): (&str, &str),
        is_part: bool,
    ) -> Self {
        Self {
            promise_id: promise_id.to_string(),
            promise_ids: promise_ids.to_vec(),
            order: order.to_string(),
            line: line.to_string(),
            is_part,
        }
    }

    /// Whether it names more than one promise by its id.
    pub(super) fn is_many(&self) -> bool {
        !self.promise_ids.is_empty() || (self.promise_id.is_empty() && !self.order.is_empty())
    }
}

/// A step of many promises.
pub(super) fn many(
    (id, named): (String, NamedPromises),
    step: ManyStep,
    deadline: Option<SteadyTime>,
) -> Result<ManyCommand, Faults> {
    collect(|reader| {
        let request_id = request_id(reader, id);
        ManyCommand { request_id, selection: selection(reader, named), step, deadline }
    })
}

fn selection(reader: &mut FieldReader<'_>, named: NamedPromises) -> Selection {
    let NamedPromises { promise_id, promise_ids, order, line, is_part } = named;
    if is_part {
        reader.fault("quantity", "is only to be given together with promise_id");
    }
    if promise_ids.is_empty() {
        if order.is_empty() {
            reader.fault("promise_ids", "is required, or order");
        }
        let order = reader.key_or_none("order", order).unwrap_or_default();
        return Selection::Order { order, line: reader.key_or_none("line", line) };
    }
    if !promise_id.is_empty() {
        reader.fault("promise_id", "is not to be given together with promise_ids");
    }
    if LINES_MAX < promise_ids.len() {
        reader.fault("promise_ids", format!("{} are more than {LINES_MAX}", promise_ids.len()));
    }
    Selection::Numbers(promise_ids.iter().map(|id| number_at(reader, "promise_ids", id)).collect())
}

/// Holds that are to end later.
pub(super) fn extend(
    message: proto::ExtendHoldRequest,
    deadline: Option<SteadyTime>,
) -> Result<ManyCommand, Faults> {
    let proto::ExtendHoldRequest { request_id, promise_ids, order, line, hold_for, .. } = message;
    let for_seconds = collect(|reader| match &hold_for {
        Some(hold_for) => seconds(reader, hold_for),
        None => HOLD_SECONDS_DEFAULT,
    })?;
    let promise_id = String::new();
    let named = NamedPromises { promise_id, promise_ids, order, line, is_part: false };
    many((request_id, named), ManyStep::Extend { for_seconds }, deadline)
}

/// What [`proto::GetPromiseRequest`] asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PromiseWanted {
    /// One promise.
    Number(u64),
    /// Those of an order, or of one of its lines.
    Order(String, Option<String>),
}

/// Which promises are asked for.
pub(super) fn get(message: proto::GetPromiseRequest) -> Result<PromiseWanted, Faults> {
    collect(|reader| {
        if !message.promise_id.is_empty() {
            if !message.order.is_empty() || !message.line.is_empty() {
                reader.fault("order", "is not to be given together with promise_id");
            }
            return PromiseWanted::Number(number(reader, &message.promise_id));
        }
        if message.order.is_empty() {
            reader.fault("promise_id", "is required, or order");
        }
        let order = reader.key_or_none("order", message.order).unwrap_or_default();
        PromiseWanted::Order(order, reader.key_or_none("line", message.line))
    })
}

fn commitment(reader: &mut FieldReader<'_>, message: &proto::PromiseRequest) -> Commitment {
    use proto::promise_request::Commitment as Wire;
    let asked = reader.choice("commitment", message.commitment).unwrap_or(Wire::Unspecified);
    match (asked, &message.hold_for) {
        (Wire::Confirm | Wire::Unspecified, None) => Commitment::Confirm,
        (Wire::Hold, None) => {
            let at_most = caller::hold_seconds_max().unwrap_or(HOLD_SECONDS_DEFAULT);
            Commitment::Hold { for_seconds: HOLD_SECONDS_DEFAULT.min(at_most) }
        }
        (Wire::Hold | Wire::Unspecified, Some(hold_for)) => {
            Commitment::Hold { for_seconds: seconds(reader, hold_for) }
        }
        (Wire::Confirm, Some(_)) => {
            reader.fault("hold_for", "is not to be given with commitment CONFIRM");
            Commitment::Confirm
        }
    }
}

/// For how long something is held.
fn seconds(reader: &mut FieldReader<'_>, hold_for: &prost_types::Duration) -> i64 {
    let is_whole = hold_for.nanos == 0;
    if !is_whole || !(1..=HOLD_SECONDS_MAX).contains(&hold_for.seconds) {
        let max = HOLD_SECONDS_MAX;
        reader.fault("hold_for", format!("is not a whole number of seconds from 1 to {max}"));
    } else if let Some(max) = caller::hold_seconds_max().filter(|max| *max < hold_for.seconds) {
        reader.fault(
            "hold_for",
            format!("is longer than {max} seconds, the longest hold of this caller"),
        );
    }
    hold_for.seconds
}

fn force(reader: &mut FieldReader<'_>, message: proto::Force) -> Force {
    let by = reader.key("by", caller::on_whose_word(&message.by));
    Force { by: by.into(), why: reader.key("why", message.why).into() }
}

fn request_id(reader: &mut FieldReader<'_>, id: String) -> String {
    reader.key_or_none("request_id", id).unwrap_or_default()
}

/// The number of a promise's id.
fn number(reader: &mut FieldReader<'_>, id: &str) -> u64 {
    if id.is_empty() {
        reader.fault("promise_id", "is required");
        return 0;
    }
    number_at(reader, "promise_id", id)
}

fn number_at(reader: &mut FieldReader<'_>, field: &str, id: &str) -> u64 {
    reservation::number(id).unwrap_or_else(|| {
        let shown = super::status::shown(id);
        reader.fault(field, format!("{shown} is not the id of a promise, such as P17"));
        0
    })
}
