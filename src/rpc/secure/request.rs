//! What a request names, held against the bounds of its caller, before it is read.
//!
//! Fields are known by their names in the descriptors, so a method that is added later is bounded like all others. A
//! line that names nothing where its caller is bounded takes the one thing that he may name: a line without a class
//! would draw on all of them.

use super::{
    caller::{self, Caller},
    enough::missing,
    methods::NeededRole,
    principal::BoundKind,
    roles::Role,
};
use crate::rpc::{status::Failure, web::methods::pool};
use prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, MapKey, ReflectMessage, Value};
use std::collections::{BTreeSet, HashMap};
use tonic::{Code, Status};

/// Messages that ask for something of an account: what they do not name would be all that there is.
const ASKS: [&str; 4] = ["OrderLine", "Query", "GetAvailabilityRequest", "Threshold"];

/// Messages that speak for every source at once.
const SPEAKS_FOR_ALL: [&str; 2] = ["Begin", "ActivateRequest"];

/// What is asked for by these is told in sums, or one by one as it happens, which cannot be held against bounds: whoever has
/// some is refused.
const TOLD_AS_A_WHOLE: [&str; 3] = ["QueryRequest", "WatchEventsRequest", "WatchExceptionsRequest"];

/// Measures that tell of cost and profit.
const ECONOMICS: [&str; 2] = ["cost", "profit"];

/// The kind of bound that a field's value is held against.
pub(super) fn kind(field: &str) -> Option<BoundKind> {
    match field {
        "demand_class" | "class" | "from_class" | "to_class" => Some(BoundKind::Class),
        "customer" | "customers" => Some(BoundKind::Customer),
        "location" | "locations" | "from_location" => Some(BoundKind::Location),
        "source" => Some(BoundKind::Source),
        _ => None,
    }
}

/// Whether requests of the caller of the call under way are looked through.
pub(in crate::rpc) fn is_looked_through() -> bool {
    caller::current().is_some_and(|caller| is_of_interest(&caller))
}

fn is_of_interest(caller: &Caller) -> bool {
    caller.principal.is_bounded() || caller.meter.counts_lines()
}

/// Looks through a request of a caller who may not do everything; gives it back where it has to be another one.
///
/// # Errors
/// It wants what its caller may not do, or names what he may not name.
pub(in crate::rpc) fn look(
    name: impl FnOnce() -> String,
    bytes: &[u8],
) -> Result<Option<Vec<u8>>, Status> {
    let Some(caller) = caller::current().filter(|caller| is_of_interest(caller)) else {
        return Ok(None);
    };
    let counts_lines = caller.meter.counts_lines();
    let Some(descriptor) = pool().get_message_by_name(&name()) else { return Ok(None) };
    // What cannot be read is told by whoever reads it.
    let Ok(mut message) = DynamicMessage::decode(descriptor, bytes) else { return Ok(None) };
    let refuse = |failure: Failure| {
        caller.refused(&failure);
        Status::from(failure)
    };
    has_role(&caller, &message).map_err(refuse)?;
    sees_all(&caller, &message).map_err(refuse)?;
    if counts_lines {
        let n = |field: &str| {
            let list = message.get_field_by_name(field);
            list.and_then(|list| list.as_list().map(<[Value]>::len)).unwrap_or_default()
        };
        caller.meter.lines(n("lines") + n("queries")).map_err(refuse)?;
    }
    let mut look = Look { caller: &caller, changed: false };
    look.message(&mut message, "").map_err(refuse)?;
    Ok(look.changed.then(|| message.encode_to_vec()))
}

/// Whether a caller sees all of what cannot be told in part.
fn sees_all(caller: &Caller, message: &DynamicMessage) -> Result<(), Failure> {
    let is_whole = TOLD_AS_A_WHOLE.contains(&message.descriptor().name());
    if !is_whole || !caller.principal.bounds.is_on_orders() {
        return Ok(());
    }
    let text = "this is told as a whole, and this caller may see a part of it";
    Err(Failure::new(Code::PermissionDenied, "OUT_OF_BOUNDS", text)
        .with("field", "")
        .with("value", ""))
}

/// Whether the caller has the role that this very request needs.
fn has_role(caller: &Caller, message: &DynamicMessage) -> Result<(), Failure> {
    let roles = caller.principal.roles;
    let is_in_scenario = text(message, "scenario_id").is_some_and(|id| !id.is_empty());
    let needed = match caller.need {
        NeededRole::Live(_) if is_in_scenario => Some(Role::Plan),
        NeededRole::Live(role) | NeededRole::Role(role) => Some(role),
        NeededRole::Nothing | NeededRole::Somebody => None,
    };
    // A run that is to be made live is an application.
    let is_applied =
        message.get_field_by_name("apply").is_some_and(|it| it.as_bool() == Some(true));
    let needed = if is_applied { Some(Role::PlanApply) } else { needed };
    let needed = if is_forced(message) { Some(Role::Admin) } else { needed };
    match needed {
        Some(role) if !roles.has(role) => {
            Err(missing(&caller.method, &role.sufficient().collect::<Vec<_>>()))
        }
        Some(_) | None => Ok(()),
    }
}

fn is_forced(message: &DynamicMessage) -> bool {
    message.fields().any(|(field, value)| {
        let is_force =
            value.as_message().is_some_and(|it| field.name() == "force" || is_forced(it));
        let mut inner = value.as_list().unwrap_or_default().iter().filter_map(Value::as_message);
        is_force || inner.any(is_forced)
    })
}

fn text(message: &DynamicMessage, field: &str) -> Option<String> {
    message.get_field_by_name(field)?.as_str().map(ToString::to_string)
}

struct Look<'a> {
    caller: &'a Caller,
    changed: bool,
}

impl Look<'_> {
    fn message(&mut self, message: &mut DynamicMessage, path: &str) -> Result<(), Failure> {
        if !self.caller.principal.bounds.is_none() {
            self.fill(message, path)?;
        }
        let fields: Vec<FieldDescriptor> = message.fields().map(|(field, _)| field).collect();
        for field in fields {
            let place = if path.is_empty() {
                field.name().to_string()
            } else {
                format!("{path}.{}", field.name())
            };
            let value = message.get_field_mut(&field);
            if let Some(list) = value.as_list_mut() {
                self.list(field.name(), list, &place)?;
            } else if let Some(map) = value.as_map() {
                self.cells(map, &place)?;
            } else {
                self.single(field.name(), value, &place)?;
            }
        }
        Ok(())
    }

    /// The cells of a row: their names are those of columns.
    fn cells(&self, map: &HashMap<MapKey, Value>, place: &str) -> Result<(), Failure> {
        let texts = map.iter().filter_map(|(key, value)| Some((key.as_str()?, value.as_str()?)));
        for (key, value) in texts {
            self.value(key, value, &format!("{place}.{key}"))?;
        }
        Ok(())
    }

    fn list(&mut self, name: &str, list: &mut Vec<Value>, place: &str) -> Result<(), Failure> {
        if name == "measures" && !self.caller.principal.sees_economics() {
            let before = list.len();
            list.retain(|one| !one.as_str().is_some_and(|one| ECONOMICS.contains(&one)));
            self.changed |= list.len() != before;
        }
        for (at, one) in list.iter_mut().enumerate() {
            self.single(name, one, &format!("{place}[{at}]"))?;
        }
        Ok(())
    }

    fn single(&mut self, name: &str, value: &mut Value, place: &str) -> Result<(), Failure> {
        if let Some(inner) = value.as_message_mut() {
            return self.message(inner, place);
        }
        value.as_str().map_or(Ok(()), |text| self.value(name, text, place))
    }

    /// A text of a field.
    fn value(&self, field: &str, value: &str, place: &str) -> Result<(), Failure> {
        let bounds = &self.caller.principal.bounds;
        if value.is_empty() || bounds.is_none() {
            return Ok(());
        }
        let world = self.caller.engine.pin();
        if kind(field).is_some_and(|kind| !bounds.within(&world.snapshot, kind, value)) {
            return Err(out_of_bounds(place, value));
        }
        let is_seen = match field {
            "promise_id" | "promise_ids" => {
                let number = crate::ledger::reservation::number(value);
                let found = number.and_then(|number| world.reservation(number));
                found.is_none_or(|found| bounds.see(&world, found))
            }
            "order" => world.reservations_of(value).all(|found| bounds.see(&world, found)),
            _ => true,
        };
        if is_seen { Ok(()) } else { Err(out_of_bounds(place, value)) }
    }

    /// Names what the message does not, where its caller may name one thing only.
    fn fill(&mut self, message: &mut DynamicMessage, path: &str) -> Result<(), Failure> {
        let name = message.descriptor().name().to_string();
        let bounds = &self.caller.principal.bounds;
        if SPEAKS_FOR_ALL.contains(&name.as_str()) && !bounds.sources.is_empty() {
            let sources = bounds.sources.iter().cloned().collect::<Vec<_>>().join(", ");
            let text =
                format!("a snapshot speaks for every source, and this caller for {sources} alone");
            return Err(Failure::new(Code::PermissionDenied, "OUT_OF_BOUNDS", text)
                .with("field", "source")
                .with("value", ""));
        }
        if name == "ApplyChangesRequest" {
            return self.sole(message, "source", (&bounds.sources, path));
        }
        if !ASKS.contains(&name.as_str()) {
            return Ok(());
        }
        self.sole(message, "customer", (&bounds.customers, path))?;
        self.sole(message, "location", (&bounds.locations, path))?;
        if let Some(field) = message.descriptor().get_field_by_name("locations")
            && !message.has_field(&field)
            && !bounds.locations.is_empty()
        {
            let all = bounds.locations.iter().cloned().map(Value::String).collect();
            message.set_field(&field, Value::List(all));
            self.changed = true;
        }
        let customer = text(message, "customer").filter(|name| !name.is_empty());
        let is_named = text(message, "demand_class").is_some_and(|class| !class.is_empty());
        if let Some(customer) = customer.filter(|_| !is_named && !bounds.classes.is_empty())
            && let Some(class) = self.class_of(&customer)
        {
            // It brings its own class.
            let world = self.caller.engine.pin();
            return match bounds.within(&world.snapshot, BoundKind::Class, &class) {
                true => Ok(()),
                false => Err(out_of_bounds(&joined(path, "customer"), &customer)),
            };
        }
        self.sole(message, "demand_class", (&bounds.classes, path))
    }

    fn sole(
        &mut self,
        message: &mut DynamicMessage,
        name: &str,
        (allowed, path): (&BTreeSet<String>, &str),
    ) -> Result<(), Failure> {
        let Some(field) = message.descriptor().get_field_by_name(name) else { return Ok(()) };
        if allowed.is_empty() || field.is_list() || message.has_field(&field) {
            return Ok(());
        }
        let mut names = allowed.iter();
        match (names.next(), names.next()) {
            (Some(only), None) => {
                message.set_field(&field, Value::String(only.clone()));
                self.changed = true;
                Ok(())
            }
            _ => {
                let place = joined(path, name);
                let all = allowed.iter().cloned().collect::<Vec<_>>().join(", ");
                let text = format!("{place}: this caller has to name one of {all}");
                Err(Failure::new(Code::PermissionDenied, "OUT_OF_BOUNDS", text)
                    .with("field", place)
                    .with("value", ""))
            }
        }
    }

    /// The class that a customer brings.
    fn class_of(&self, customer: &str) -> Option<String> {
        let world = self.caller.engine.pin();
        let customers = &world.snapshot.customers;
        let class = customers.rows[customers.names.get(customer)?].class?;
        Some(world.snapshot.classes.names.name(class).to_string())
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_string() } else { format!("{path}.{name}") }
}

fn out_of_bounds(field: &str, value: &str) -> Failure {
    let text = format!("{field}: {} is not for this caller", crate::rpc::status::shown(value));
    Failure::new(Code::PermissionDenied, "OUT_OF_BOUNDS", text)
        .with("field", field)
        .with("value", value)
}
