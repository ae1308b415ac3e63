//! JSON of a request into the bytes of its message, by its descriptor, in one pass.
//!
//! No message is built on the way: an empty object of JSON would take a kilobyte. Every fault has its path, written as
//! in the faults of gRPC (`lines[3].quantity`); a field that there is not is one, for a typing error must not become
//! a default.
#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of fields are many, and closed")]

use super::super::status::{Failure, shown};
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use prost::encoding::{WireType, encode_key, encode_varint};
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::{cell::RefCell, fmt};
use tonic::Code;

/// Base64 with or without padding.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// Names that a fault lists.
const LISTED_MAX: usize = 12;

/// Names that are so far from what was written may be meant.
const SIMILAR_FROM: f64 = 0.75;

/// The bytes of a message that is written in JSON.
///
/// # Errors
/// The place and the fault.
pub(super) fn read(message: &MessageDescriptor, json: &[u8]) -> Result<Vec<u8>, Failure> {
    let at = Place::default();
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

/// Where in the request we are; where it went wrong once it has.
#[derive(Default)]
struct Place {
    steps: RefCell<Vec<Step>>,
    fault: RefCell<Option<String>>,
}

enum Step {
    Field(String),
    Position(usize),
    Key(String),
}

fn path(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Field(name) if text.is_empty() => text.push_str(name),
            Step::Field(name) => text.push_str(&format!(".{name}")),
            Step::Position(position) => text.push_str(&format!("[{position}]")),
            Step::Key(key) => text.push_str(&format!("[{key}]")),
        }
    }
    text
}

impl Place {
    fn enter(&self, step: Step) {
        self.steps.borrow_mut().push(step);
    }

    fn leave(&self) {
        self.steps.borrow_mut().pop();
    }

    /// A fault here. The steps stay as they are from now on.
    fn fault<E: Error>(&self, text: impl Into<String>) -> E {
        let text = text.into();
        let error = E::custom(&text);
        self.fault.borrow_mut().get_or_insert(text);
        error
    }
}

/// A message and where its bytes go.
struct MessageSeed<'a> {
    message: &'a MessageDescriptor,
    at: &'a Place,
    out: &'a mut Vec<u8>,
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

/// Messages of Google's that have a JSON of their own, and what becomes of nothing.
fn is_well_known(message: &MessageDescriptor) -> bool {
    message.full_name().starts_with("google.protobuf.")
}

/// Whether there is one: null is none.
fn well_known<'de, D: Deserializer<'de>>(
    message: &MessageDescriptor,
    json: D,
    at: &Place,
    out: &mut Vec<u8>,
) -> Result<bool, D::Error> {
    let value: serde_json::Value = serde::Deserialize::deserialize(json)?;
    if value.is_null() && message.full_name() != "google.protobuf.Value" {
        return Ok(false);
    }
    let found = DynamicMessage::deserialize(message.clone(), &value);
    let found = found.map_err(|error| {
        let kind = message.name().to_lowercase();
        at.fault(format!("{} is no {kind}: {error}", shown(&value.to_string())))
    })?;
    prost::Message::encode(&found, out).map_err(|error| at.fault(error.to_string()))?;
    Ok(true)
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
            self.at.enter(Step::Field(field.name().to_string()));
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
            self.at.enter(Step::Field(name.chars().take(64).collect()));
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

/// The name of a field.
struct NameSeed;

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<String, D::Error> {
        serde::Deserialize::deserialize(json)
    }
}

/// What of a field is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// All of it, a list or a map too.
    Whole,
    /// One of a list.
    Item,
}

/// The value of a field and where its bytes go.
struct FieldSeed<'a> {
    field: &'a FieldDescriptor,
    part: Part,
    at: &'a Place,
    out: &'a mut Vec<u8>,
}

impl<'a> FieldSeed<'a> {
    fn whole(field: &'a FieldDescriptor, at: &'a Place, out: &'a mut Vec<u8>) -> Self {
        Self { field, part: Part::Whole, at, out }
    }

    fn is_many(&self) -> bool {
        self.part == Part::Whole && (self.field.is_list() || self.field.is_map())
    }

    /// Something else than this field takes.
    fn unfit<E: Error>(&self, found: impl fmt::Display) -> E {
        let kind = self.field.kind();
        let expected = match (&kind, self.is_many()) {
            (_, true) if self.field.is_map() => "an object".to_string(),
            (_, true) => "a list".to_string(),
            (Kind::Message(message), _) => format!("an object of {}", message.name()),
            (Kind::Enum(choices), _) => {
                let names: Vec<_> =
                    choices.values().take(LISTED_MAX).map(|one| one.name().to_string()).collect();
                format!("one of {}", names.join(", "))
            }
            (Kind::String, _) => "a text".to_string(),
            (Kind::Bytes, _) => "a text in base64".to_string(),
            (Kind::Bool, _) => "true or false".to_string(),
            (Kind::Double | Kind::Float, _) => "a number".to_string(),
            (Kind::Uint32 | Kind::Fixed32, _) => format!("a whole number up to {}", u32::MAX),
            (Kind::Uint64 | Kind::Fixed64, _) => format!("a whole number up to {}", u64::MAX),
            (Kind::Int32 | Kind::Sint32 | Kind::Sfixed32, _) => {
                format!("a whole number, {} to {}", i32::MIN, i32::MAX)
            }
            (Kind::Int64 | Kind::Sint64 | Kind::Sfixed64, _) => {
                format!("a whole number, {} to {}", i64::MIN, i64::MAX)
            }
        };
        self.at.fault(format!("{found} is not {expected}"))
    }

    fn key(&mut self, wire: WireType) {
        encode_key(self.field.number(), wire, self.out);
    }

    fn varint(&mut self, value: u64) {
        self.key(WireType::Varint);
        encode_varint(value, self.out);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.key(WireType::LengthDelimited);
        encode_varint(bytes.len() as u64, self.out);
        self.out.extend_from_slice(bytes);
    }

    /// A message inside this one.
    fn nested<E>(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<bool, E>) -> Result<(), E> {
        let mut inner = Vec::new();
        if write(&mut inner)? {
            self.bytes(&inner);
        }
        Ok(())
    }

    /// A whole number, whatever it was written as.
    fn whole_number<E: Error>(mut self, number: i128) -> Result<(), E> {
        if self.is_many() {
            return Err(self.unfit(number));
        }
        let in_range = |min: i128, max: i128| (min..=max).contains(&number);
        let (i32s, i64s) = (
            i128::from(i32::MIN)..=i128::from(i32::MAX),
            i128::from(i64::MIN)..=i128::from(i64::MAX),
        );
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range is looked at"
        )]
        match self.field.kind() {
            Kind::Int32 | Kind::Enum(_) if i32s.contains(&number) => {
                self.varint(number as i64 as u64)
            }
            Kind::Int64 if i64s.contains(&number) => self.varint(number as i64 as u64),
            Kind::Uint32 if in_range(0, u32::MAX.into()) => self.varint(number as u64),
            Kind::Uint64 if in_range(0, u64::MAX.into()) => self.varint(number as u64),
            Kind::Sint32 | Kind::Sint64 if i64s.contains(&number) => {
                let value = number as i64;
                self.varint(((value << 1) ^ (value >> 63)) as u64);
            }
            Kind::Fixed32 if in_range(0, u32::MAX.into()) => {
                self.four((number as u32).to_le_bytes())
            }
            Kind::Sfixed32 if i32s.contains(&number) => self.four((number as i32).to_le_bytes()),
            Kind::Fixed64 if in_range(0, u64::MAX.into()) => {
                self.eight((number as u64).to_le_bytes())
            }
            Kind::Sfixed64 if i64s.contains(&number) => self.eight((number as i64).to_le_bytes()),
            Kind::Double | Kind::Float => return self.float(number as f64),
            _ => return Err(self.unfit(number)),
        }
        Ok(())
    }

    fn four(&mut self, bytes: [u8; 4]) {
        self.key(WireType::ThirtyTwoBit);
        self.out.extend_from_slice(&bytes);
    }

    fn eight(&mut self, bytes: [u8; 8]) {
        self.key(WireType::SixtyFourBit);
        self.out.extend_from_slice(&bytes);
    }

    fn float<E: Error>(mut self, number: f64) -> Result<(), E> {
        if self.is_many() {
            return Err(self.unfit(number));
        }
        match self.field.kind() {
            Kind::Double => self.eight(number.to_le_bytes()),
            #[expect(clippy::cast_possible_truncation, reason = "a float is asked for")]
            Kind::Float => self.four((number as f32).to_le_bytes()),
            // 3.0 is a whole number too.
            #[expect(clippy::cast_possible_truncation, reason = "no fraction, and not too large")]
            _ if number.fract() == 0.0 && number.abs() < 1e19 => {
                return self.whole_number(number as i128);
            }
            _ => return Err(self.unfit(number)),
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for FieldSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, json: D) -> Result<(), D::Error> {
        match self.field.kind() {
            Kind::Message(message) if is_well_known(&message) && !self.is_many() => {
                let at = self.at;
                self.nested(|out| well_known(&message, json, at, out))
            }
            _ => json.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for FieldSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value of {}", self.field.name())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        match self.part {
            // As if it were not there.
            Part::Whole => Ok(()),
            Part::Item => Err(self.unfit("null")),
        }
    }

    fn visit_bool<E: Error>(mut self, value: bool) -> Result<(), E> {
        if self.is_many() || self.field.kind() != Kind::Bool {
            return Err(self.unfit(value));
        }
        self.varint(value.into());
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.whole_number(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.whole_number(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.float(value)
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        if self.is_many() {
            return Err(self.unfit(shown(text)));
        }
        match self.field.kind() {
            Kind::String => self.bytes(text.as_bytes()),
            Kind::Bytes => {
                let Some(bytes) = base64(text) else { return Err(self.unfit(shown(text))) };
                self.bytes(&bytes);
            }
            Kind::Enum(choices) => {
                let Some(value) = choices.get_value_by_name(text) else {
                    return Err(self.unfit(shown(text)));
                };
                return self.whole_number(value.number().into());
            }
            Kind::Double | Kind::Float => {
                let number = match text {
                    "NaN" => Some(f64::NAN),
                    "Infinity" => Some(f64::INFINITY),
                    "-Infinity" => Some(f64::NEG_INFINITY),
                    _ => text.parse().ok().filter(|number: &f64| number.is_finite()),
                };
                return match number {
                    Some(number) => self.float(number),
                    None => Err(self.unfit(shown(text))),
                };
            }
            Kind::Bool | Kind::Message(_) => return Err(self.unfit(shown(text))),
            _ => {
                // JSON has whole numbers of 64 bits as texts.
                return match (text.parse::<i128>(), text.parse::<f64>()) {
                    (Ok(number), _) => self.whole_number(number),
                    (_, Ok(number)) if number.is_finite() => self.float(number),
                    _ => Err(self.unfit(shown(text))),
                };
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if !(self.is_many() && self.field.is_list()) {
            return Err(self.unfit("a list"));
        }
        for position in 0.. {
            self.at.enter(Step::Position(position));
            let item =
                FieldSeed { field: self.field, part: Part::Item, at: self.at, out: &mut *self.out };
            let Some(()) = list.next_element_seed(item)? else { break };
            self.at.leave();
        }
        self.at.leave();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let Kind::Message(message) = self.field.kind() else {
            return Err(self.unfit("an object"));
        };
        if !self.is_many() {
            let at = self.at;
            return self.nested(|out| {
                MessageSeed { message: &message, at, out }.visit_map(map).map(|()| true)
            });
        }
        if !self.field.is_map() {
            return Err(self.unfit("an object"));
        }
        let (key_field, value_field) =
            (message.map_entry_key_field(), message.map_entry_value_field());
        while let Some(key) = map.next_key_seed(NameSeed)? {
            self.at.enter(Step::Key(key.clone()));
            let mut entry = Vec::new();
            let written =
                FieldSeed { field: &key_field, part: Part::Item, at: self.at, out: &mut entry };
            // Keys are texts whatever they mean.
            match key_field.kind() {
                Kind::Bool if key == "true" || key == "false" => {
                    written.visit_bool(key == "true")?
                }
                _ => written.visit_str::<A::Error>(&key)?,
            }
            let value =
                FieldSeed { field: &value_field, part: Part::Item, at: self.at, out: &mut entry };
            map.next_value_seed(value)?;
            self.bytes(&entry);
            self.at.leave();
        }
        Ok(())
    }
}

/// Bytes, in either alphabet.
fn base64(text: &str) -> Option<Vec<u8>> {
    let is_of_url = text.contains(['-', '_']);
    let letters = if is_of_url { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    GeneralPurpose::new(letters, LENIENT).decode(text).ok()
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
        let (offset, data) = (9_007_199_254_740_993, vec![0, 0xff, 0xbf].into());
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
        check_refused(
            "[]",
            "NOT_DECODABLE: the request is no JSON of promised.v1.PromiseRequest: invalid type: sequence, \
             expected an object of promised.v1.PromiseRequest at line 1 column 0",
        );
    }
}
