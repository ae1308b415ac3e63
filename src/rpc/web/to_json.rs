//! The bytes of an answer into its JSON, by its descriptor, in one pass.
//!
//! It is the canonical mapping: names in lowerCamelCase, fields at their default left out, whole numbers of 64 bits as
//! texts, enums by name.

use super::super::{edge::memory::hold, status::Failure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, SerializeOptions};
use serde::Serialize;
use tonic::Code;

/// Room is taken in such pieces, before it is filled.
const PIECE: usize = 256 << 10;

/// How deep messages may lie in each other; ours end long before.
const DEPTH_MAX: usize = 100;

/// Appends a message to what is written already.
///
/// # Errors
/// There is no room for it, or the bytes are no such message.
pub(super) fn write(
    message: &MessageDescriptor,
    bytes: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    Writer { room: out.len(), out }.message(message, bytes, 0)
}

struct Writer<'a> {
    out: &'a mut Vec<u8>,
    /// Bytes for which room is taken.
    room: usize,
}

/// The value of a field as it lies in the bytes.
#[derive(Clone, Copy)]
enum Raw<'a> {
    Varint(u64),
    Eight([u8; 8]),
    Four([u8; 4]),
    Bytes(&'a [u8]),
}

/// A bug of ours, or bytes that somebody else made.
fn malformed(message: &MessageDescriptor) -> Failure {
    let text = format!("the answer is no {}", message.full_name());
    Failure::new(Code::Internal, "NOT_ENCODABLE", text)
}

impl Writer<'_> {
    fn message(
        &mut self,
        message: &MessageDescriptor,
        bytes: &[u8],
        depth: usize,
    ) -> Result<(), Failure> {
        self.hold(bytes.len())?;
        if message.full_name().starts_with("google.protobuf.") {
            return self.well_known(message, bytes);
        }
        let mut fields =
            split(bytes).filter(|_| depth < DEPTH_MAX).ok_or_else(|| malformed(message))?;
        // All of a list lie together then, in their order.
        fields.sort_by_key(|(number, _)| *number);
        self.out.push(b'{');
        let mut is_first = true;
        for of_field in fields.chunk_by(|one, other| one.0 == other.0) {
            let Some(field) = message.get_field(of_field[0].0) else { continue };
            if !std::mem::take(&mut is_first) {
                self.out.push(b',');
            }
            self.plain(field.json_name());
            self.out.push(b':');
            self.field(&field, of_field, depth)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Takes room for what so many bytes may become.
    fn hold(&mut self, bytes: usize) -> Result<(), Failure> {
        let wanted = self.out.len().saturating_add(bytes.saturating_mul(2));
        if self.room < wanted {
            let more = (wanted - self.room).max(PIECE);
            hold(more)?;
            self.room += more;
        }
        Ok(())
    }

    fn well_known(&mut self, message: &MessageDescriptor, bytes: &[u8]) -> Result<(), Failure> {
        let found = DynamicMessage::decode(message.clone(), bytes);
        let found = found.map_err(|_| malformed(message))?;
        let mut json = serde_json::Serializer::new(&mut *self.out);
        found
            .serialize_with_options(&mut json, &SerializeOptions::new())
            .map_err(|_| malformed(message))
    }

    fn field(
        &mut self,
        field: &FieldDescriptor,
        values: &[(u32, Raw<'_>)],
        depth: usize,
    ) -> Result<(), Failure> {
        let kind = field.kind();
        if field.is_map() {
            return self.map(&kind, values, depth);
        }
        if !field.is_list() {
            // The last one counts.
            let (_, raw) = values.last().expect("there is one");
            return self.value(&kind, *raw, depth);
        }
        self.out.push(b'[');
        let mut is_first = true;
        for (_, raw) in values {
            let packed = match (raw, &kind) {
                (Raw::Bytes(_), Kind::String | Kind::Bytes | Kind::Message(_)) => vec![*raw],
                (Raw::Bytes(packed), kind) => {
                    unpack(kind, packed).ok_or_else(|| malformed(field.parent_message()))?
                }
                (raw, _) => vec![*raw],
            };
            for raw in packed {
                if !std::mem::take(&mut is_first) {
                    self.out.push(b',');
                }
                self.value(&kind, raw, depth)?;
            }
        }
        self.out.push(b']');
        Ok(())
    }

    fn map(&mut self, kind: &Kind, values: &[(u32, Raw<'_>)], depth: usize) -> Result<(), Failure> {
        let Kind::Message(entry) = kind else { unreachable!("a map has entries") };
        let (keys, kinds) =
            (entry.map_entry_key_field().kind(), entry.map_entry_value_field().kind());
        self.out.push(b'{');
        for (position, (_, raw)) in values.iter().enumerate() {
            let Raw::Bytes(bytes) = raw else { return Err(malformed(entry)) };
            let fields = split(bytes).ok_or_else(|| malformed(entry))?;
            let of = |number| fields.iter().rev().find(|one| one.0 == number).map(|one| one.1);
            if 0 < position {
                self.out.push(b',');
            }
            // Keys are texts, whatever they are.
            let from = self.out.len();
            self.value(&keys, of(1).unwrap_or_else(|| default(&keys)), depth)?;
            if self.out[from] != b'"' {
                self.out.insert(from, b'"');
                self.out.push(b'"');
            }
            self.out.push(b':');
            self.value(&kinds, of(2).unwrap_or_else(|| default(&kinds)), depth)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn value(&mut self, kind: &Kind, raw: Raw<'_>, depth: usize) -> Result<(), Failure> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_possible_wrap,
            reason = "so the wire has them"
        )]
        match (kind, raw) {
            (Kind::Message(message), Raw::Bytes(bytes)) => {
                self.message(message, bytes, depth + 1)?
            }
            (Kind::String, Raw::Bytes(bytes)) => {
                let text = std::str::from_utf8(bytes).map_err(|_| not_text())?;
                self.hold(text.len())?;
                self.plain(text);
            }
            (Kind::Bytes, Raw::Bytes(bytes)) => {
                self.hold(bytes.len())?;
                self.plain(&STANDARD.encode(bytes));
            }
            (Kind::Bool, Raw::Varint(value)) => self.plain(&(value != 0)),
            (Kind::Enum(choices), Raw::Varint(value)) => {
                let number = value as i64 as i32;
                match choices.get_value(number) {
                    Some(_) if choices.full_name() == "google.protobuf.NullValue" => {
                        self.plain(&())
                    }
                    Some(value) => self.plain(value.name()),
                    None => self.plain(&number),
                }
            }
            (Kind::Int32, Raw::Varint(value)) => self.plain(&(value as i64 as i32)),
            (Kind::Uint32, Raw::Varint(value)) => self.plain(&(value as u32)),
            (Kind::Sint32, Raw::Varint(value)) => self.plain(&(zigzag(value) as i32)),
            (Kind::Int64, Raw::Varint(value)) => self.plain(&(value as i64).to_string()),
            (Kind::Uint64, Raw::Varint(value)) => self.plain(&value.to_string()),
            (Kind::Sint64, Raw::Varint(value)) => self.plain(&zigzag(value).to_string()),
            (Kind::Fixed32, Raw::Four(bytes)) => self.plain(&u32::from_le_bytes(bytes)),
            (Kind::Sfixed32, Raw::Four(bytes)) => self.plain(&i32::from_le_bytes(bytes)),
            (Kind::Fixed64, Raw::Eight(bytes)) => {
                self.plain(&u64::from_le_bytes(bytes).to_string())
            }
            (Kind::Sfixed64, Raw::Eight(bytes)) => {
                self.plain(&i64::from_le_bytes(bytes).to_string())
            }
            (Kind::Double, Raw::Eight(bytes)) => self.float(f64::from_le_bytes(bytes)),
            (Kind::Float, Raw::Four(bytes)) => {
                let value = f32::from_le_bytes(bytes);
                if value.is_finite() { self.plain(&value) } else { self.float(value.into()) }
            }
            _ => return Err(not_text()),
        }
        Ok(())
    }

    fn float(&mut self, value: f64) {
        match value {
            _ if value.is_nan() => self.plain("NaN"),
            f64::INFINITY => self.plain("Infinity"),
            f64::NEG_INFINITY => self.plain("-Infinity"),
            _ => self.plain(&value),
        }
    }

    /// What JSON has by itself.
    fn plain<T: Serialize + ?Sized>(&mut self, value: &T) {
        serde_json::to_writer(&mut *self.out, value).expect("memory takes it, and keys are texts");
    }
}

fn not_text() -> Failure {
    Failure::new(Code::Internal, "NOT_ENCODABLE", "the answer has a field that is not what it says")
}

fn zigzag(value: u64) -> i64 {
    #[expect(clippy::cast_possible_wrap, reason = "so the wire has it")]
    let half = (value >> 1) as i64;
    #[expect(clippy::cast_possible_wrap, reason = "one bit")]
    let sign = (value & 1) as i64;
    half ^ -sign
}

/// A key or value of an entry that is left out.
fn default(kind: &Kind) -> Raw<'static> {
    match kind {
        Kind::String | Kind::Bytes | Kind::Message(_) => Raw::Bytes(&[]),
        Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => Raw::Eight([0; 8]),
        Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => Raw::Four([0; 4]),
        Kind::Bool
        | Kind::Enum(_)
        | Kind::Int32
        | Kind::Int64
        | Kind::Uint32
        | Kind::Uint64
        | Kind::Sint32
        | Kind::Sint64 => Raw::Varint(0),
    }
}

/// The fields of a message as they come.
fn split(mut bytes: &[u8]) -> Option<Vec<(u32, Raw<'_>)>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let number = u32::try_from(key >> 3).ok()?;
        fields.push((number, raw(key & 7, &mut bytes)?));
    }
    Some(fields)
}

/// Numbers that lie behind each other without keys.
fn unpack<'a>(kind: &Kind, mut bytes: &'a [u8]) -> Option<Vec<Raw<'a>>> {
    let wire = match default(kind) {
        Raw::Varint(_) => 0,
        Raw::Eight(_) => 1,
        Raw::Four(_) => 5,
        Raw::Bytes(_) => return None,
    };
    let mut values = Vec::new();
    while !bytes.is_empty() {
        values.push(raw(wire, &mut bytes)?);
    }
    Some(values)
}

fn raw<'a>(wire: u64, bytes: &mut &'a [u8]) -> Option<Raw<'a>> {
    match wire {
        0 => varint(bytes).map(Raw::Varint),
        1 => bytes.split_off(..8).map(|eight| Raw::Eight(eight.try_into().expect("eight"))),
        2 => {
            let length = usize::try_from(varint(bytes)?).ok()?;
            bytes.split_off(..length).map(Raw::Bytes)
        }
        5 => bytes.split_off(..4).map(|four| Raw::Four(four.try_into().expect("four"))),
        _ => None,
    }
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    prost::encoding::decode_varint(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{super::methods, *};
    use crate::rpc::{proto, to_json_line};
    use prost::{Message, Name};

    /// The JSON of a message, which is that of prost-reflect's own mapping.
    #[track_caller]
    fn check<M: Message + Name>(message: &M) {
        let descriptor = methods::pool().get_message_by_name(&M::full_name()).unwrap();
        let mut out = Vec::new();
        write(&descriptor, &message.encode_to_vec(), &mut out).unwrap();
        let (ours, theirs) = (String::from_utf8(out).unwrap(), to_json_line(message));
        let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(parsed(&ours), parsed(&theirs), "{ours}");
    }

    #[test]
    fn answers_are_the_canonical_mapping() {
        check(&proto::PromisedLine {
            promise_id: "P\"17\u{7}".to_string(),
            state: proto::reservation::State::Held.into(),
            held_until: Some(prost_types::Timestamp { seconds: 0, nanos: 500_000_000 }),
            result: Some(proto::LineResult {
                available_on_requested_date: -0.1,
                alternatives: vec![
                    proto::Option::default(),
                    proto::Option { days_late: -3, ..Default::default() },
                ],
                ..proto::LineResult::default()
            }),
            ..proto::PromisedLine::default()
        });
        let cells = [("supply", "PO-1"), ("", "14")];
        let cells = cells.map(|(key, value)| (key.to_string(), value.to_string())).into();
        check(&proto::Change { change: "supply_moved".to_string(), cells });
        check(&proto::push_request::Chunk {
            offset: u64::MAX,
            data: vec![0, 0xff, 7],
            ..Default::default()
        });
        check(&proto::ListPromisesRequest {
            states: vec![1, 2, 99],
            page_size: u32::MAX,
            ..Default::default()
        });
        check(&proto::Quick { available: f64::INFINITY, ..Default::default() });
        check(&proto::RefreshSummary {
            rows: [("items".to_string(), 7)].into(),
            ..Default::default()
        });
    }

    #[test]
    fn bytes_that_are_no_message_are_refused() {
        let descriptor =
            methods::pool().get_message_by_name(&proto::PromisedLine::full_name()).unwrap();
        for bytes in [&[0xff; 30][..], &[0x0a, 0xff, 0xff], &[0x0b], &[0x0a, 1, 0xff]] {
            assert!(write(&descriptor, bytes, &mut Vec::new()).is_err(), "{bytes:?}");
        }
    }
}
