//! The value of a field in JSON, whatever its kind, into bytes.

use super::seed::{JsonPlace, JsonStep, MessageSeed, NameSeed, is_well_known, well_known};
use crate::rpc::status::shown;
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use prost::encoding::{WireType, encode_key, encode_varint};
use prost_reflect::{FieldDescriptor, Kind};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Base64 with or without padding.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// Names that a fault lists.
const LISTED_MAX: usize = 12;

/// What of a field is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// All of it, a list or a map too.
    Whole,
    /// One of a list.
    Item,
}

/// The value of a field and where its bytes go.
pub(super) struct FieldSeed<'a> {
    field: &'a FieldDescriptor,
    part: Part,
    at: &'a JsonPlace,
    out: &'a mut Vec<u8>,
}

impl<'a> FieldSeed<'a> {
    pub(super) fn whole(
        field: &'a FieldDescriptor,
        at: &'a JsonPlace,
        out: &'a mut Vec<u8>,
    ) -> Self {
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
            self.at.enter(JsonStep::Position(position));
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
            self.at.enter(JsonStep::Key(key.clone()));
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
