//! What an answer tells, held against what its caller may see, as it is packed.
//!
//! Rows of lists that are outside of his bounds are left out; who takes from what he asks for is "another order";
//! cost and profit are absent unless he was granted them.

use super::{
    caller::{self, Caller},
    principal::{BoundKind, Principal},
    request::kind,
};
use crate::{
    ledger::reservation,
    rpc::{status::Failure, web::methods::pool},
};
use prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, ReflectMessage, Value};
use tonic::{Code, Status};

/// Fields that tell of cost and profit, whatever message has them.
const ECONOMICS: [&str; 5] = ["economics", "cost", "costs", "profit", "unit_cost"];

/// Where the figures of a summary begin; they are its last words.
const FIGURES: [&str; 3] = [", cost ", ", same cost", ", profit "];

/// Whoever takes something is told of by quantity and date.
const TAKERS: [&str; 4] = ["Taker", "Dependant", "AccountEvent", "Peg"];

/// What is told of him.
const ANOTHER: &str = "another order";

/// Whether answers of the call under way are looked through.
pub(in crate::rpc) fn is_looked_through() -> bool {
    let is_narrowed =
        |principal: &Principal| !principal.sees_economics() || principal.bounds.is_on_orders();
    caller::current().is_some_and(|caller| is_narrowed(&caller.principal))
}

/// An answer as its caller may see it, where that is another one.
///
/// # Errors
/// It is of something that he may not see at all.
pub(in crate::rpc) fn look(name: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, Status> {
    let Some(caller) = caller::current() else { return Ok(None) };
    let is_bounded = caller.principal.bounds.is_on_orders();
    let Some(descriptor) = pool().get_message_by_name(name) else { return Ok(None) };
    let decoded = DynamicMessage::decode(descriptor, bytes);
    let mut message = decoded.map_err(|error| Status::internal(error.to_string()))?;
    let look = Look { caller: &caller, is_bounded };
    look.message(&mut message);
    if look.is_bounded && look.is_about_other(&message) {
        let text = "what was asked for is not for this caller";
        let failure = Failure::new(Code::PermissionDenied, "OUT_OF_BOUNDS", text)
            .with("field", "promise_id")
            .with("value", "");
        caller.refused(&failure);
        return Err(failure.into());
    }
    Ok(Some(message.encode_to_vec()))
}

struct Look<'a> {
    caller: &'a Caller,
    is_bounded: bool,
}

impl Look<'_> {
    fn message(&self, message: &mut DynamicMessage) {
        let sees_economics = self.caller.principal.sees_economics();
        let name = message.descriptor().name().to_string();
        let fields: Vec<FieldDescriptor> = message.fields().map(|(field, _)| field).collect();
        for field in fields {
            if !sees_economics && ECONOMICS.contains(&field.name()) {
                message.clear_field(&field);
                continue;
            }
            let is_outside = {
                let value = message.get_field_mut(&field);
                self.value((&name, &field), value)
            };
            if is_outside {
                message.clear_field(&field);
            }
        }
        if self.is_bounded && TAKERS.contains(&name.as_str()) {
            self.hide(message);
        }
    }

    /// Looks through a value; true if it has to go.
    fn value(&self, (message, field): (&str, &FieldDescriptor), value: &mut Value) -> bool {
        if let Some(inner) = value.as_message_mut() {
            self.message(inner);
            return self.is_bounded && field.name() != "promise" && self.is_outside(inner);
        }
        if let Some(list) = value.as_list_mut() {
            list.retain_mut(|one| self.stays(one));
        }
        if let Value::String(text) = value
            && (message, field.name()) == ("Option", "summary")
            && !self.caller.principal.sees_economics()
            && let Some(at) = FIGURES.iter().filter_map(|words| text.find(words)).min()
        {
            text.truncate(at);
        }
        false
    }

    /// Whether an element of a list stays.
    fn stays(&self, one: &mut Value) -> bool {
        if let Some(inner) = one.as_message_mut() {
            let stays = !self.is_bounded || is_taker(inner) || !self.is_outside(inner);
            if stays {
                self.message(inner);
            }
            return stays;
        }
        !self.is_bounded || one.as_str().is_none_or(|id| self.sees_id(id))
    }

    /// Whether a name is none of a promise, or of one that may be seen.
    fn sees_id(&self, id: &str) -> bool {
        let Some(number) = reservation::number(id) else { return true };
        let world = self.caller.engine.pin();
        let found = world.reservation(number);
        found.is_none_or(|found| self.caller.principal.bounds.see(&world, found))
    }

    /// Whether a message is of somebody or somewhere else.
    fn is_outside(&self, message: &DynamicMessage) -> bool {
        let (bounds, world) = (&self.caller.principal.bounds, self.caller.engine.pin());
        let descriptor = message.descriptor();
        // Orders are somebody's: one of nobody is not of those that he may see.
        let is_order = descriptor.get_field_by_name("customer").is_some();
        let outside = descriptor.fields().any(|field| {
            let Some(kind) = kind(field.name()).filter(|kind| *kind != BoundKind::Source) else {
                return false;
            };
            let value = message.get_field(&field);
            let Some(text) = value.as_str() else { return false };
            let is_about = !text.is_empty() || (is_order && kind != BoundKind::Location);
            is_about && !bounds.within(&world.snapshot, kind, text)
        });
        let legs = message.get_field_by_name("legs");
        let is_from_elsewhere = legs.as_ref().and_then(|legs| legs.as_list()).is_some_and(|legs| {
            let place = |leg: &Value| {
                leg.as_message()?.get_field_by_name("location")?.as_str().map(ToString::to_string)
            };
            legs.iter().filter_map(place).any(|place| !bounds.has(BoundKind::Location, &place))
        });
        outside || (is_order && is_from_elsewhere)
    }

    /// Whether the whole answer is about a promise of somebody else.
    fn is_about_other(&self, message: &DynamicMessage) -> bool {
        let promise = message.descriptor().get_field_by_name("promise");
        let promise = promise.filter(|field| message.has_field(field));
        promise.is_some_and(|field| {
            message.get_field(&field).as_message().is_some_and(|promise| self.is_outside(promise))
        })
    }

    /// Takes the name out of somebody who takes something, unless he is within.
    fn hide(&self, message: &mut DynamicMessage) {
        let descriptor = message.descriptor();
        let names = ["demand", "document", "order", "promise", "promise_id", "planned_by"];
        let is_own = {
            let id = ["promise", "promise_id", "planned_by"].iter().find_map(|name| {
                let value = message.get_field_by_name(name)?;
                value.as_str().filter(|id| !id.is_empty()).map(ToString::to_string)
            });
            id.is_some_and(|id| reservation::number(&id).is_some() && self.sees_id(&id))
        };
        if is_own {
            return;
        }
        let mut was_named = false;
        for name in names.into_iter().chain(["line", "customer", "demand_class"]) {
            let Some(field) = descriptor.get_field_by_name(name) else { continue };
            let is_text = field.kind() == prost_reflect::Kind::String && !field.is_list();
            if is_text && message.has_field(&field) {
                message.clear_field(&field);
                was_named |= names.contains(&name);
            }
        }
        let shown = ["document", "demand", "order"]
            .iter()
            .find_map(|name| descriptor.get_field_by_name(name));
        if let Some(field) = shown.filter(|_| was_named) {
            message.set_field(&field, Value::String(ANOTHER.to_string()));
        }
    }
}

fn is_taker(message: &DynamicMessage) -> bool {
    TAKERS.contains(&message.descriptor().name())
}
