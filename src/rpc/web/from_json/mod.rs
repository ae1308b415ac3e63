//! JSON of a request into the bytes of its message, by its descriptor, in one pass.
//!
//! No message is built on the way: an empty object of JSON would take a kilobyte. Every fault has its path, written as
//! in the faults of gRPC (`lines[3].quantity`); a field that there is not is one, for a typing error must not become
//! a default.
#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of fields are many, and closed")]

mod seed;
mod field;

use super::super::status::Failure;
use field::FieldSeed;
use prost_reflect::{FieldDescriptor, MessageDescriptor};
use seed::{JsonPlace, JsonStep, MessageSeed, NameSeed, is_well_known, path, well_known};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use std::fmt;
use tonic::Code;

/// Names that are so far from what was written may be meant.
const SIMILAR_FROM: f64 = 0.75;

/// The bytes of a message that is written in JSON.
///
/// # Errors
/// The place and the fault.
pub(super) fn read(message: &MessageDescriptor, json: &[u8]) -> Result<Vec<u8>, Failure> {
    let at = JsonPlace::default();
    let mut out = Vec::with_capacity(json.len() / 2);
    let mut parser = serde_json::Deserializer::from_slice(json);
    let seed = MessageSeed { message, at: &at, out: &mut out };
    let done = seed.deserialize(&mut parser).and_then(|()| parser.end());
    let Err(error) = done else { return Ok(out) };
    Err(match at.fault.into_inner() {
        Some(fault) => Failure::invalid_field(&path(&at.steps.into_inner()), fault),
        None => {
            let text = format!("the request is no JSON of {}: {error}", message.full_name());
            Failure::new(Code::InvalidArgument, "NOT_DECODABLE", text)
        }
    })
}

impl<'de> DeserializeSeed<'de> for MessageSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        if is_well_known(self.message) {
            return well_known(self.message, json, self.at, self.out).map(|_is_there| ());
        }
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MessageSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of {}", self.message.full_name())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut given: Vec<FieldDescriptor> = Vec::new();
        while let Some(name) = map.next_key_seed(NameSeed)? {
            let field = self.field::<A::Error>(&name)?;
            self.at.enter(JsonStep::Field(field.name().to_string()));
            if given.contains(&field) {
                return Err(self.at.fault("is given twice"));
            }
            let before = self.out.len();
            map.next_value_seed(FieldSeed::whole(&field, self.at, self.out))?;
            let is_there = before < self.out.len();
            if let (true, Some(choice)) = (is_there, field.containing_oneof()) {
                let other =
                    given.iter().find(|other| other.containing_oneof() == Some(choice.clone()));
                if let Some(other) = other {
                    let text = format!("is given beside {}; only one of them can be", other.name());
                    return Err(self.at.fault(text));
                }
            }
            self.at.leave();
            if is_there {
                given.push(field);
            }
        }
        Ok(())
    }
}

impl MessageSeed<'_> {
    fn field<E: Error>(&self, name: &str) -> Result<FieldDescriptor, E> {
        let message = self.message;
        let by_json = message.get_field_by_json_name(name);
        by_json.or_else(|| message.get_field_by_name(name)).ok_or_else(|| {
            self.at.enter(JsonStep::Field(name.chars().take(64).collect()));
            let near = |field: &FieldDescriptor| {
                let json = strsim::jaro_winkler(name, field.json_name());
                json.max(strsim::jaro_winkler(name, field.name()))
            };
            let nearest = message.fields().max_by(|a, b| near(a).total_cmp(&near(b)));
            let nearest = nearest.filter(|field| SIMILAR_FROM <= near(field));
            let mend = match nearest {
                Some(field) => format!("; did you mean {}?", field.json_name()),
                None => String::new(),
            };
            self.at.fault(format!("is no field of {}{mend}", message.name()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::methods, *};
    use crate::rpc::proto;
    use prost::{Message, Name};

    fn read_as<M: Message + Name + Default>(json: &str) -> Result<M, String> {
        let message = methods::pool().get_message_by_name(&M::full_name()).unwrap();
        let bytes = read(&message, json.as_bytes()).map_err(|failure| failure.to_string())?;
        Ok(M::decode(&*bytes).unwrap())
    }

    #[track_caller]
    fn check_line(json: &str, want: proto::OrderLine) {
        assert_eq!(read_as::<proto::OrderLine>(json), Ok(want));
    }

    #[track_caller]
    fn check_refused(json: &str, want: &str) {
        let refused = read_as::<proto::PromiseRequest>(json).unwrap_err();
        assert_eq!(refused, want, "{json}");
    }

    #[test]
    fn names_are_lower_camel_or_as_in_the_proto_file() {
        let line = proto::OrderLine {
            item: "PUMP".to_string(),
            quantity: 2.5,
            requested_date: "2026-11-25".to_string(),
            date_type: proto::order_line::DateType::Arrival.into(),
            ..proto::OrderLine::default()
        };
        check_line(
            r#"{"item": "PUMP", "quantity": 2.5, "requestedDate": "2026-11-25", "dateType": "ARRIVAL"}"#,
            line.clone(),
        );
        check_line(
            r#"{"item": "PUMP", "quantity": "2.5", "requested_date": "2026-11-25", "date_type": 2, "uom": null}"#,
            line,
        );
    }

    #[test]
    fn maps_lists_messages_and_durations_are_read() {
        let read = read_as::<proto::PromiseRequest>(
            r#"{"requestId": "r", "lines": [{"order": "A"}, {}], "holdFor": "90s", "commitment": "HOLD"}"#,
        );
        let lines = vec![
            proto::OrderLine { order: "A".to_string(), ..proto::OrderLine::default() },
            proto::OrderLine::default(),
        ];
        let want = proto::PromiseRequest {
            request_id: "r".to_string(),
            lines,
            commitment: proto::promise_request::Commitment::Hold.into(),
            hold_for: Some(prost_types::Duration { seconds: 90, nanos: 0 }),
            ..proto::PromiseRequest::default()
        };
        assert_eq!(read, Ok(want));
        let read = read_as::<proto::Change>(
            r#"{"change": "supply_moved", "cells": {"supply": "PO-1", "days": "14"}}"#,
        );
        let cells = [("supply", "PO-1"), ("days", "14")];
        let cells = cells.map(|(key, value)| (key.to_string(), value.to_string())).into();
        assert_eq!(read, Ok(proto::Change { change: "supply_moved".to_string(), cells }));
        let read = read_as::<proto::push_request::Chunk>(
            r#"{"offset": "9007199254740993", "data": "AP-_"}"#,
        );
        let (offset, data) = (9_007_199_254_740_993, vec![0, 0xff, 0xbf]);
        assert_eq!(read, Ok(proto::push_request::Chunk { offset, data, ..Default::default() }));
    }

    #[test]
    fn faults_have_their_place() {
        check_refused(
            r#"{"lines": [{}, {"quantty": 4}]}"#,
            "INVALID_FIELDS: lines[1].quantty: is no field of OrderLine; did you mean quantity?",
        );
        check_refused(r#"{"lines": {}}"#, "INVALID_FIELDS: lines: an object is not a list");
        check_refused(
            r#"{"lines": [{"quantity": "many"}]}"#,
            "INVALID_FIELDS: lines[0].quantity: \"many\" is not a number",
        );
        check_refused(
            r#"{"lines": [null]}"#,
            "INVALID_FIELDS: lines[0]: null is not an object of OrderLine",
        );
        check_refused(
            r#"{"commitment": "MAYBE"}"#,
            "INVALID_FIELDS: commitment: \"MAYBE\" is not one of COMMITMENT_UNSPECIFIED, HOLD, CONFIRM",
        );
        check_refused(
            r#"{"requestId": "a", "request_id": "b"}"#,
            "INVALID_FIELDS: request_id: is given twice",
        );
        check_refused(
            r#"{"lines": [}"#,
            "NOT_DECODABLE: the request is no JSON of promised.v1.PromiseRequest: expected value at line 1 column 12",
        );
    }
}
