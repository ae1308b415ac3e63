//! Parameters of an address as a request: they are named as the fields of the method behind the resource, and repeated
//! where the field is.
#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of fields are many, and closed")]

use super::super::status::{Failure, Faults, shown};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value};

/// Other names of fields, which people type.
const SHORT: [(&str, &str); 5] = [
    ("class", "demand_class"),
    ("scenario", "scenario_id"),
    ("state", "states"),
    ("kind", "kinds"),
    ("location", "locations"),
];

/// Parameters of every resource, which say how it is told and not what.
pub(super) const OF_FORM: [&str; 3] = ["excel", "separator", "token"];

/// The parameters of an address, in their order.
pub(super) struct Parameters(Vec<(String, String)>);

/// Names and values of the part of an address after the question mark, in their order.
pub(in crate::rpc) fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    };
    query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect()
}

impl Parameters {
    /// Of the part of an address after the question mark.
    pub(super) fn of(query: Option<&str>) -> Self {
        Self(pairs(query.unwrap_or_default()))
    }

    /// The last value of a name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a switch is on: `name`, `name=1`, `name=true`.
    ///
    /// # Errors
    /// It is neither on nor off.
    pub(super) fn is_on(&self, name: &str) -> Result<bool, Failure> {
        match self.get(name) {
            None | Some("0" | "false") => Ok(false),
            Some("" | "1" | "true") => Ok(true),
            Some(other) => {
                Err(Failure::invalid_field(name, format!("{} is not true or false", shown(other))))
            }
        }
    }

    /// Refuses names that are not among these.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Failure> {
        let mut faults = Faults::default();
        for (name, _) in &self.0 {
            if !known.contains(&name.as_str()) && !OF_FORM.contains(&name.as_str()) {
                let text = format!("is no parameter here; there are {}", known.join(", "));
                faults.note(shortened(name), text);
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Failure::invalid(faults)) }
    }

    /// The request of a method, as JSON of its message; all but the fields left out may be given.
    ///
    /// # Errors
    /// Names that are no fields.
    pub(super) fn request(
        &self,
        message: &MessageDescriptor,
        left_out: &[&str],
    ) -> Result<Map<String, Value>, Failure> {
        let mut request = Map::new();
        let mut faults = Faults::default();
        for (name, value) in &self.0 {
            if OF_FORM.contains(&name.as_str()) {
                continue;
            }
            // Every resource can be asked in a scenario, also where that is said beside its message.
            if ["scenario", "scenario_id"].contains(&name.as_str()) {
                request.insert("scenario_id".to_string(), value.as_str().into());
                continue;
            }
            let field = field(message, name).filter(|field| !left_out.contains(&field.name()));
            let Some(field) = field else {
                let known = message.fields().filter(|field| {
                    !left_out.contains(&field.name()) && field.kind().as_message().is_none()
                });
                let known: Vec<_> = known.map(|field| typed_name(field.name())).collect();
                let text = format!("is no parameter here; there are {}", known.join(", "));
                faults.note(shortened(name), text);
                continue;
            };
            let values = match field.is_list() {
                // Names may have commas in them, so only words of a list of ours are divided.
                true if is_of_words(&field) => {
                    value.split(',').map(|word| typed(&field, word)).collect()
                }
                _ => vec![typed(&field, value)],
            };
            let known = request.entry(field.name().to_string());
            if field.is_list() {
                let list = known.or_insert_with(|| Value::Array(Vec::new()));
                list.as_array_mut().expect("it was made so").extend(values);
            } else if request.contains_key(field.name()) {
                faults.note(shortened(name), "is given twice");
            } else {
                request.extend(values.into_iter().map(|value| (field.name().to_string(), value)));
            }
        }
        if faults.is_empty() { Ok(request) } else { Err(Failure::invalid(faults)) }
    }
}

/// A field as people type it.
fn typed_name(field: &str) -> String {
    let short = SHORT.iter().find(|(_, long)| *long == field);
    short.map_or(field, |(short, _)| short).to_string()
}

fn shortened(name: &str) -> String {
    name.chars().take(64).collect()
}

/// Lists of words that have no commas: enums, and names of columns.
fn is_of_words(field: &FieldDescriptor) -> bool {
    matches!(field.kind(), Kind::Enum(_)) || ["measures", "group_by"].contains(&field.name())
}

fn field(message: &MessageDescriptor, name: &str) -> Option<FieldDescriptor> {
    let long = SHORT.iter().find(|(short, _)| *short == name).map(|(_, long)| *long);
    let by = |name: &str| message.get_field_by_name(name);
    let field = by(name).or_else(|| long.and_then(by))?;
    field.kind().as_message().is_none().then_some(field)
}

/// A value as JSON has it: enums in capitals, switches as such.
fn typed(field: &FieldDescriptor, text: &str) -> Value {
    match field.kind() {
        Kind::Enum(_) => text.to_ascii_uppercase().into(),
        Kind::Bool => match text {
            "" | "1" | "true" => true.into(),
            "0" | "false" => false.into(),
            other => other.into(),
        },
        _ => text.into(),
    }
}

/// Text of an address: `+` is a blank, `%41` an A.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let hex = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'+', _, _) => bytes.push(b' '),
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).expect("two digits"));
                rest = &after[2..];
            }
            _ => bytes.push(first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{super::methods, *};

    #[track_caller]
    fn check(query: &str, want: &str) {
        let message =
            methods::pool().get_message_by_name("promised.v1.ListPromisesRequest").unwrap();
        let read = Parameters::of(Some(query)).request(&message, &["page_size", "page_token"]);
        let told =
            read.map_or_else(|failure| failure.to_string(), |json| Value::Object(json).to_string());
        assert!(told.starts_with(want), "{told}");
    }

    #[test]
    fn parameters_are_fields() {
        check(
            "customer=NORD+WIND&class=web%2Cshop&at_risk",
            r#"{"at_risk":true,"customer":"NORD WIND","demand_class":"web,shop"}"#,
        );
        check(
            "state=held,confirmed&state=expired&excel=1",
            r#"{"states":["HELD","CONFIRMED","EXPIRED"]}"#,
        );
        check(
            "custmer=X&page_size=3",
            "INVALID_FIELDS: custmer: is no parameter here; there are order, customer, item",
        );
        check("item=A&item=B", "INVALID_FIELDS: item: is given twice");
    }
}
