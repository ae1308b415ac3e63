//! What a message takes in memory, worked out from its bytes before it is unpacked.
//!
//! An empty line of an order is two bytes on the wire and half a kilobyte in memory, so the bytes of a request say
//! little. The descriptors say which fields are messages; the size of each is reckoned from its fields, a little too
//! large rather than too small.

use crate::rpc::proto::DESCRIPTORS;
use prost_reflect::{DescriptorPool, FieldDescriptor, Kind, MessageDescriptor};
use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

/// Bytes of a field that is a text, a list or a number that may be missing.
const FIELD_BYTES: usize = 24;

/// Bytes of an entry of a map beside its texts.
const ENTRY_BYTES: usize = 2 * FIELD_BYTES;

/// How deep messages are looked into; prost reads none that are deeper.
const DEPTH_MAX: usize = 100;

/// Lists grow by doubling.
const GROWTH: usize = 2;

static SHAPES: LazyLock<Shapes> = LazyLock::new(Shapes::new);

/// How messages look, by number.
struct Shapes {
    all: Vec<Shape>,
    by_name: HashMap<String, usize>,
    /// The same by their names without the package, of which most are in one: looked up without putting a name together.
    by_own_name: HashMap<String, Vec<(String, usize)>>,
}

/// A message: what it takes by itself, and which of its fields take more the more there are.
#[derive(Default)]
struct Shape {
    bytes: usize,
    /// By field number.
    fields: BTreeMap<u64, Field>,
    /// Whether nothing in it can be repeated: then it takes no more than itself and its texts.
    is_flat: bool,
}

#[derive(Clone, Copy)]
enum Field {
    /// Messages, each of this shape.
    Message(usize),
    /// Texts in a list.
    Texts,
    /// Numbers in a list, mostly one byte each on the wire.
    Numbers,
    /// Entries of a map.
    Entries,
}

impl Shapes {
    fn new() -> Self {
        let pool = DescriptorPool::decode(DESCRIPTORS).expect("build.rs wrote the descriptors");
        let mut shapes =
            Self { all: Vec::new(), by_name: HashMap::new(), by_own_name: HashMap::new() };
        for message in pool.all_messages() {
            shapes.of(&message);
        }
        shapes
    }

    /// The number of a message's shape.
    fn of(&mut self, message: &MessageDescriptor) -> usize {
        if let Some(&known) = self.by_name.get(message.full_name()) {
            return known;
        }
        let at = self.all.len();
        self.all.push(Shape::default());
        self.by_name.insert(message.full_name().to_string(), at);
        let package = message.package_name();
        let own_name = message.full_name().strip_prefix(package).unwrap_or_default();
        let own_name = own_name.trim_start_matches('.').to_string();
        self.by_own_name.entry(own_name).or_default().push((package.to_string(), at));
        let mut shape = Shape { bytes: FIELD_BYTES, fields: BTreeMap::new(), is_flat: true };
        for field in message.fields() {
            let (bytes, kind) = self.field(&field);
            shape.bytes += bytes;
            let is_flat = match kind {
                None => true,
                Some(Field::Message(inner)) => !field.is_list() && self.all[inner].is_flat,
                Some(Field::Texts | Field::Numbers | Field::Entries) => false,
            };
            shape.is_flat &= is_flat;
            shape
                .fields
                .extend(kind.filter(|_| !is_flat).map(|kind| (u64::from(field.number()), kind)));
        }
        self.all[at] = shape;
        at
    }

    /// What a field takes by itself, and what it is if there may be more in it.
    fn field(&mut self, field: &FieldDescriptor) -> (usize, Option<Field>) {
        if field.is_map() {
            return (FIELD_BYTES, Some(Field::Entries));
        }
        let kind = field.kind();
        if let Some(inner) = kind.as_message() {
            let at = self.of(inner);
            // One that contains itself is behind a pointer.
            let own = if field.is_list() { FIELD_BYTES } else { self.all[at].bytes + 8 };
            return (own, Some(Field::Message(at)));
        }
        let is_text = matches!(kind, Kind::String | Kind::Bytes);
        let listed = if is_text { Field::Texts } else { Field::Numbers };
        (FIELD_BYTES, field.is_list().then_some(listed))
    }

    /// The shape of a message of a package.
    fn named(&self, (package, name): (&str, &str)) -> Option<&Shape> {
        let (_, at) = self.by_own_name.get(name)?.iter().find(|(of, _)| of == package)?;
        Some(&self.all[*at])
    }

    /// The weight, as far as it is no more than `most`: what is refused is not looked at to its end.
    fn weigh(&self, shape: &Shape, bytes: &[u8], (depth, most): (usize, usize)) -> usize {
        let mut weight = shape.bytes;
        let mut rest = bytes;
        while let Some((number, payload)) = next(&mut rest) {
            weight += match (shape.fields.get(&number), payload) {
                (None, _) => 0,
                (Some(Field::Message(inner)), Some(payload)) => {
                    let inner = &self.all[*inner];
                    let is_seen = inner.is_flat || depth == DEPTH_MAX;
                    let left = most.saturating_sub(weight);
                    let of_it = match is_seen {
                        true => inner.bytes,
                        false => self.weigh(inner, payload, (depth + 1, left)),
                    };
                    GROWTH * of_it
                }
                (Some(Field::Texts), _) => GROWTH * FIELD_BYTES,
                (Some(Field::Entries), _) => GROWTH * ENTRY_BYTES,
                (Some(Field::Numbers), payload) => GROWTH * 8 * payload.map_or(1, <[u8]>::len),
                (Some(Field::Message(_)), None) => 0,
            };
            if most < weight {
                break;
            }
        }
        // Texts take their bytes once more.
        if depth == 0 { weight + bytes.len() } else { weight }
    }
}

/// The next field of a message: its number, and its bytes where it has a length. Nothing where the message ends, or
/// makes no sense: whoever unpacks it says so.
fn next<'a>(bytes: &mut &'a [u8]) -> Option<(u64, Option<&'a [u8]>)> {
    let key = varint(bytes)?;
    let payload = match key & 7 {
        0 => {
            varint(bytes)?;
            None
        }
        1 => {
            *bytes = bytes.get(8..)?;
            None
        }
        2 => {
            let length = usize::try_from(varint(bytes)?).ok()?;
            let (payload, rest) = bytes.split_at_checked(length)?;
            *bytes = rest;
            Some(payload)
        }
        5 => {
            *bytes = bytes.get(4..)?;
            None
        }
        _ => return None,
    };
    Some((key >> 3, payload))
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// What a message of a package and a name takes in memory, its texts included; where that is more than `most`, at least so
/// much.
pub(super) fn of(name: (&str, &str), bytes: &[u8], most: usize) -> usize {
    match SHAPES.named(name) {
        Some(shape) => SHAPES.weigh(shape, bytes, (0, most)),
        // Health and reflection have small messages and codecs of their own.
        None => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::proto;
    use prost::{Message, Name};

    fn weight<M: Name>(bytes: &[u8], most: usize) -> usize {
        of((M::PACKAGE, M::NAME), bytes, most)
    }

    /// The weight of a message, between what it really takes and so many times that.
    #[track_caller]
    fn check<M: Message + Name>(message: &M, real: usize) {
        let weight = of((M::PACKAGE, M::NAME), &message.encode_to_vec(), usize::MAX);
        assert!((real..=6 * real).contains(&weight), "{weight}, really {real}");
    }

    #[test]
    fn a_message_weighs_at_least_what_it_takes() {
        let lines = vec![proto::OrderLine::default(); 10_000];
        let real = lines.len() * size_of::<proto::OrderLine>();
        check(&proto::CheckAvailabilityRequest { lines, ..Default::default() }, real);
        let queries = vec![proto::Query::default(); 10_000];
        let real = queries.len() * size_of::<proto::Query>();
        check(&proto::QuickCheckRequest { queries, ..Default::default() }, real);
        let locations = vec![String::new(); 10_000];
        let real = locations.len() * size_of::<String>();
        check(&proto::GetAvailabilityRequest { locations, ..Default::default() }, real);
        let cells = (0..10).map(|n| (n.to_string(), String::new())).collect();
        let changes = vec![proto::Change { change: String::new(), cells }; 1_000];
        let real = changes.len() * (size_of::<proto::Change>() + 10 * 2 * size_of::<String>());
        check(&proto::ApplyChangesRequest { changes, ..Default::default() }, real);
    }

    #[test]
    fn what_is_refused_is_not_weighed_to_its_end() {
        let one = weight::<proto::OrderLine>(&[], usize::MAX);
        let lines = [0x0a, 0].repeat(1_000_000);
        let weight = weight::<proto::CheckAvailabilityRequest>(&lines, 10 * one);
        assert!((10 * one..20 * one + lines.len()).contains(&weight), "{weight}, a line {one}");
    }

    #[test]
    fn bytes_that_are_no_message_weigh_something_and_stop_nothing() {
        for bytes in [&[0xff; 30][..], &[0x0a, 0xff, 0xff], &[0x0b], &[]] {
            assert!(0 < weight::<proto::PromiseRequest>(bytes, usize::MAX));
        }
    }
}
