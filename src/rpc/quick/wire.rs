//! Small batches as bytes: questions that borrow their texts from the request, answers that are written where they are sent
//! from.
//!
//! Whatever is not as nearly all requests are (a scenario, columns, fields that we do not know, bytes that make no sense)
//! is not read here, but as a message.

use crate::rpc::{proto, text};
use bytes::BufMut;
use jiff::civil::Date;
use prost::encoding::{WireType, encode_key, encode_varint, message};

/// Questions that are read so; larger batches may be answered on a thread of their own.
const ROWS_MAX: usize = 512;

/// The fields of a request and of an answer.
const QUERIES: u8 = 1;
const ANSWERS: u32 = 1;
const VERSION: u32 = 2;

/// Bytes of an answer with its key and length, of which the version has not more than some hundred.
const ANSWER_BYTES: usize = 2 + AVAILABLE_BYTES + DATE_BYTES;
const AVAILABLE_BYTES: usize = 1 + size_of::<f64>();
const DATE_BYTES: usize = 2 + "2026-11-23".len();
const VERSION_BYTES: usize = 256;

/// One question of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::rpc) struct QuickAsked<'a> {
    pub(super) item: &'a str,
    pub(super) location: &'a str,
    pub(super) quantity: f64,
    pub(super) date: &'a str,
    pub(super) demand_class: &'a str,
}

/// One answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) available: f64,
    pub(super) earliest: Option<Date>,
}

impl<'a> QuickAsked<'a> {
    pub(super) fn of(query: &'a proto::Query) -> Self {
        Self {
            item: &query.item,
            location: &query.location,
            quantity: query.quantity,
            date: &query.date,
            demand_class: &query.demand_class,
        }
    }
}

/// The questions of a request that has nothing but a few of them.
pub(in crate::rpc) fn read(mut bytes: &[u8]) -> Option<Vec<QuickAsked<'_>>> {
    let mut asked = Vec::new();
    while !bytes.is_empty() {
        let (QUERIES, true) = key(&mut bytes)? else { return None };
        if asked.len() == ROWS_MAX {
            return None;
        }
        asked.push(query(payload(&mut bytes)?)?);
    }
    Some(asked)
}

fn query(mut bytes: &[u8]) -> Option<QuickAsked<'_>> {
    let mut asked = QuickAsked::default();
    while !bytes.is_empty() {
        match key(&mut bytes)? {
            (1, true) => asked.item = text(&mut bytes)?,
            (2, true) => asked.location = text(&mut bytes)?,
            (3, false) => {
                let (number, rest) = bytes.split_first_chunk()?;
                asked.quantity = f64::from_le_bytes(*number);
                bytes = rest;
            }
            (4, true) => asked.date = text(&mut bytes)?,
            (5, true) => asked.demand_class = text(&mut bytes)?,
            (_, _) => return None,
        }
    }
    Some(asked)
}

/// The number of a field, and whether it has a length; else it is eight bytes long.
fn key(bytes: &mut &[u8]) -> Option<(u8, bool)> {
    let (&key, rest) = bytes.split_first()?;
    *bytes = rest;
    match key & 7 {
        1 if key < 0x80 => Some((key >> 3, false)),
        2 if key < 0x80 => Some((key >> 3, true)),
        _ => None,
    }
}

/// What has a length: of up to two bytes, for no text of ours is longer.
fn payload<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = match bytes {
        [short @ 0..0x80, rest @ ..] => (usize::from(*short), rest),
        [low, high @ 0..0x80, rest @ ..] => {
            (usize::from(low & 0x7f) | usize::from(*high) << 7, rest)
        }
        _ => return None,
    };
    let (payload, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some(payload)
}

fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(payload(bytes)?).ok()
}

/// The bytes of `n` answers, as a message of them would have, behind `before`.
pub(super) fn write(
    answers: impl Iterator<Item = Found>,
    n: usize,
    version: &proto::DataVersion,
    before: &[u8],
) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(before.len() + n * ANSWER_BYTES + VERSION_BYTES);
    bytes.extend_from_slice(before);
    for answer in answers {
        write_one(&answer, &mut bytes);
    }
    message::encode(VERSION, version, &mut bytes);
    bytes
}

fn write_one(answer: &Found, bytes: &mut Vec<u8>) {
    let digits = answer.earliest.map(text::digits);
    encode_key(ANSWERS, WireType::LengthDelimited, bytes);
    let is_some = answer.available != 0.0;
    let available = if is_some { AVAILABLE_BYTES } else { 0 };
    match digits {
        // No day of a plan is before the year 0; if one were, it would be written as a message writes it.
        Some(None) => {
            let earliest_date = answer.earliest.map(text::iso).unwrap_or_default();
            let quick = proto::Quick { available: answer.available, earliest_date };
            bytes.pop();
            message::encode(ANSWERS, &quick, bytes);
            return;
        }
        Some(Some(_)) => encode_varint((available + DATE_BYTES) as u64, bytes),
        None => encode_varint(available as u64, bytes),
    }
    if is_some {
        encode_key(1, WireType::SixtyFourBit, bytes);
        bytes.put_f64_le(answer.available);
    }
    if let Some(Some(digits)) = digits {
        encode_key(2, WireType::LengthDelimited, bytes);
        encode_varint(digits.len() as u64, bytes);
        bytes.extend_from_slice(&digits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use prost::Message;

    fn queries() -> impl Strategy<Value = Vec<proto::Query>> {
        let text = || "[a-zé]{0,3}|[A-Z]{200}";
        let query = (text(), text(), any::<f64>(), text(), text()).prop_map(
            |(item, location, quantity, date, demand_class)| proto::Query {
                item,
                location,
                quantity,
                date,
                demand_class,
            },
        );
        proptest::collection::vec(query, 0..4)
    }

    fn as_message(bytes: &[u8]) -> Option<proto::QuickCheckRequest> {
        proto::QuickCheckRequest::decode(bytes).ok()
    }

    /// What is read is what a message has; and what is not a message is not read.
    #[track_caller]
    fn check(bytes: &[u8]) -> bool {
        let Some(asked) = read(bytes) else { return false };
        let message = as_message(bytes).expect("it was read");
        let of_message: Vec<_> = message.queries.iter().map(QuickAsked::of).collect();
        // As text: a number that is none equals nothing.
        assert_eq!(format!("{asked:?}"), format!("{of_message:?}"));
        let plain =
            proto::QuickCheckRequest { queries: message.queries.clone(), ..Default::default() };
        assert_eq!(format!("{message:?}"), format!("{plain:?}"));
        true
    }

    proptest! {
        #[test]
        fn questions_are_read_as_messages_are(queries in queries()) {
            let request = proto::QuickCheckRequest { queries, ..Default::default() };
            prop_assert!(check(&request.encode_to_vec()));
            let scenario_id = "S1-1".to_string();
            let other = proto::QuickCheckRequest { scenario_id, ..request };
            prop_assert!(!check(&other.encode_to_vec()));
        }

        /// Whatever the bytes: some are changed, left out or put in.
        #[test]
        fn what_is_no_message_is_not_read(
            queries in queries(),
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3), 1..4),
        ) {
            let request = proto::QuickCheckRequest { queries, ..Default::default() };
            let mut bytes = request.encode_to_vec();
            for (at, byte, how) in changes {
                let at = at.index(bytes.len() + 1);
                match how {
                    0 => bytes.insert(at, byte),
                    1 if at < bytes.len() => bytes[at] = byte,
                    _ => drop(bytes.splice(at.min(bytes.len()).., [])),
                }
            }
            check(&bytes);
        }

        #[test]
        fn answers_are_written_as_messages_are(
            found in proptest::collection::vec((any::<f64>(), proptest::option::of((-9_999i16..=9_999, 1i8..=12, 1i8..=28))), 0..5),
        ) {
            let found: Vec<_> = found
                .into_iter()
                .map(|(available, earliest)| Found {
                    available: if available.is_nan() { 0.0 } else { available },
                    earliest: earliest.map(|(year, month, day)| jiff::civil::date(year, month, day)),
                })
                .collect();
            let version = proto::DataVersion { as_of: "2026-11-23".into(), sequence: 7, ..Default::default() };
            let quick = |found: &Found| proto::Quick {
                available: found.available,
                earliest_date: found.earliest.map(|date| date.to_string()).unwrap_or_default(),
            };
            let answers = found.iter().map(quick).collect();
            let message = proto::QuickCheckResponse { answers, version: Some(version.clone()), ..Default::default() };
            let bytes = write(found.iter().copied(), found.len(), &version, b"12345");
            prop_assert_eq!(&bytes[..5], b"12345");
            prop_assert_eq!(&bytes[5..], message.encode_to_vec());
        }
    }

    /// Batches that would be answered elsewhere are read as messages.
    #[test]
    fn large_batches_are_left_to_others() {
        let request = |n| proto::QuickCheckRequest {
            queries: vec![proto::Query::default(); n],
            ..Default::default()
        };
        assert!(check(&request(ROWS_MAX).encode_to_vec()));
        assert!(!check(&request(ROWS_MAX + 1).encode_to_vec()));
    }
}
