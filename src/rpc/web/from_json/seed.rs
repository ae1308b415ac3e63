//! Where a reading of JSON stands, and what it goes on with: a message, a name, one of Google's own.

use crate::rpc::status::shown;
use prost_reflect::{DynamicMessage, MessageDescriptor};
use serde::de::{DeserializeSeed, Deserializer, Error};
use std::cell::RefCell;

/// Where in the request we are; where it went wrong once it has.
#[derive(Default)]
pub(super) struct JsonPlace {
    pub(super) steps: RefCell<Vec<JsonStep>>,
    pub(super) fault: RefCell<Option<String>>,
}

pub(super) enum JsonStep {
    Field(String),
    Position(usize),
    Key(String),
}

pub(super) fn path(steps: &[JsonStep]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            JsonStep::Field(name) if text.is_empty() => text.push_str(name),
            JsonStep::Field(name) => text.push_str(&format!(".{name}")),
            JsonStep::Position(position) => text.push_str(&format!("[{position}]")),
            JsonStep::Key(key) => text.push_str(&format!("[{key}]")),
        }
    }
    text
}

impl JsonPlace {
    pub(super) fn enter(&self, step: JsonStep) {
        self.steps.borrow_mut().push(step);
    }

    pub(super) fn leave(&self) {
        self.steps.borrow_mut().pop();
    }

    /// A fault here. The steps stay as they are from now on.
    pub(super) fn fault<E: Error>(&self, text: impl Into<String>) -> E {
        let text = text.into();
        let error = E::custom(&text);
        self.fault.borrow_mut().get_or_insert(text);
        error
    }
}

/// A message and where its bytes go.
pub(super) struct MessageSeed<'a> {
    pub(super) message: &'a MessageDescriptor,
    pub(super) at: &'a JsonPlace,
    pub(super) out: &'a mut Vec<u8>,
}

/// Messages of Google's that have a JSON of their own, and what becomes of nothing.
pub(super) fn is_well_known(message: &MessageDescriptor) -> bool {
    message.full_name().starts_with("google.protobuf.")
}

/// Whether there is one: null is none.
pub(super) fn well_known<'de, D: Deserializer<'de>>(
    message: &MessageDescriptor,
    json: D,
    at: &JsonPlace,
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

/// The name of a field.
pub(super) struct NameSeed;

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<String, D::Error> {
        serde::Deserialize::deserialize(json)
    }
}
