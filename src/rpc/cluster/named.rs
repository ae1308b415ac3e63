//! Which scenarios a request names: read from its bytes, by the numbers that fields have in the descriptors. The bytes go on
//! as they came.

use crate::rpc::{
    REQUEST_BYTES_MAX,
    edge::memory,
    status::Failure,
    web::methods::{self, Shape},
};
use bytes::Bytes;
use http_body::Frame;
use prost_reflect::Kind;
use std::{
    collections::{HashMap, VecDeque},
    future::poll_fn,
    io::{BufReader, Read},
    pin::Pin,
    sync::LazyLock,
    task::{Context, Poll},
};
use tonic::{Status, body::Body};

/// Fields that name a scenario.
const NAMES: [&str; 4] = ["scenario_id", "with_scenario_id", "from_scenario_id", "run_id"];

/// Bytes before each message: whether it is packed, and its length.
const PREFIX_LEN: usize = 5;

/// What it takes to unpack a message: its last 32 KiB, and a buffer.
const UNPACKING_BYTES: usize = 64 << 10;

/// No scenario's id is longer.
const ID_BYTES_MAX: u64 = 64;

/// The numbers of the fields by which a method's question names scenarios; none where it does not, or where it is a stream,
/// whose first message nobody waits for.
pub(super) fn fields(path: &str) -> Option<&'static [u32]> {
    static FIELDS: LazyLock<HashMap<String, Vec<u32>>> = LazyLock::new(|| {
        let of = |method: &methods::RpcMethod| -> Vec<u32> {
            let fields = method.input.fields().filter(|field| {
                NAMES.contains(&field.name()) && field.kind() == Kind::String && !field.is_list()
            });
            fields.map(|field| field.number()).collect()
        };
        let unary = methods::all().filter(|method| method.shape != Shape::ClientStream);
        let named = unary.map(|method| (method.path.clone(), of(&method)));
        named.filter(|(_, fields)| !fields.is_empty()).collect()
    });
    FIELDS.get(path).map(Vec::as_slice)
}

/// The texts of some fields of a message, as far as it can be read. It is read as it comes: one that is packed may be a
/// thousand times as large as what came.
fn named(message: &mut impl Read, fields: &[u32]) -> Vec<String> {
    let mut found = Vec::new();
    while let Some(key) = varint(message) {
        let field = u32::try_from(key >> 3).unwrap_or(0);
        let length = match key & 7 {
            0 => varint(message).map(|_| 0),
            1 => Some(8),
            2 => varint(message),
            5 => Some(4),
            _ => None,
        };
        let Some(length) = length else { break };
        let mut value = message.by_ref().take(length);
        let read = if key & 7 == 2 && fields.contains(&field) && length <= ID_BYTES_MAX {
            let mut text = String::new();
            let read = value.read_to_string(&mut text);
            found.push(text);
            read.map(|n| n as u64)
        } else {
            std::io::copy(&mut value, &mut std::io::sink())
        };
        if read.ok() != Some(length) {
            break;
        }
    }
    found.retain(|text| !text.is_empty());
    found
}

/// A number of a message.
fn varint(message: &mut impl Read) -> Option<u64> {
    let (mut number, mut byte) = (0, [0]);
    for shift in (0..64).step_by(7) {
        message.read_exact(&mut byte).ok()?;
        number |= u64::from(byte[0] & 0x7f) << shift;
        if byte[0] < 0x80 {
            return Some(number);
        }
    }
    None
}

/// The scenarios that the first message of a body names, and the body as it was. What came is counted as it comes; what is
/// unpacked is looked through piece by piece, no further than whoever reads it next may make of it.
///
/// # Errors
/// There is no room to unpack it.
pub(super) async fn named_in(
    mut body: Body,
    fields: &[u32],
) -> Result<(Vec<String>, Body), Failure> {
    let (mut n_read, mut before) = (0, VecDeque::new());
    while length(&before).is_none_or(|length| n_read < PREFIX_LEN + length) {
        let Some(frame) = next(&mut body).await else { break };
        let is_last = frame.is_err();
        n_read += frame.as_ref().ok().and_then(Frame::data_ref).map_or(0, Bytes::len);
        before.push_back(frame);
        if is_last {
            break;
        }
    }
    let found = match length(&before).filter(|length| PREFIX_LEN + length <= n_read) {
        None => Vec::new(),
        Some(length) => {
            let mut pieces = Pieces::of(&before);
            let is_packed = pieces.prefix().is_some_and(|[packed, ..]| packed != 0);
            let mut message = pieces.take(length as u64);
            if is_packed {
                memory::hold(UNPACKING_BYTES)?;
                let most = memory::current().map_or(REQUEST_BYTES_MAX, |held| held.most());
                let unpacked = flate2::read::GzDecoder::new(message).take(most as u64);
                named(&mut BufReader::new(unpacked), fields)
            } else {
                named(&mut message, fields)
            }
        }
    };
    Ok((found, Body::new(Again { before, rest: body })))
}

/// The length of the first message, as soon as it has said it.
fn length(frames: &Frames) -> Option<usize> {
    let [_, length @ ..] = Pieces::of(frames).prefix()?;
    Some(u32::from_be_bytes(length) as usize)
}

/// What came of a body.
type Frames = VecDeque<Result<Frame<Bytes>, Status>>;

/// Its bytes, one after the other, where they lie.
struct Pieces<'a>(VecDeque<&'a [u8]>);

impl<'a> Pieces<'a> {
    fn of(frames: &'a Frames) -> Self {
        let data = |frame: &'a Result<Frame<Bytes>, Status>| frame.as_ref().ok()?.data_ref();
        Self(frames.iter().filter_map(data).map(|data| &data[..]).collect())
    }

    fn prefix(&mut self) -> Option<[u8; PREFIX_LEN]> {
        let mut prefix = [0; PREFIX_LEN];
        self.read_exact(&mut prefix).ok().map(|()| prefix)
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while let Some(first) = self.0.front_mut() {
            let n = first.read(into)?;
            if n != 0 || into.is_empty() {
                return Ok(n);
            }
            self.0.pop_front();
        }
        Ok(0)
    }
}

async fn next(body: &mut Body) -> Option<Result<Frame<Bytes>, Status>> {
    poll_fn(|context| http_body::Body::poll_frame(Pin::new(&mut *body), context)).await
}

/// A body of which some was read.
struct Again {
    before: Frames,
    rest: Body,
}

impl http_body::Body for Again {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match self.before.pop_front() {
            Some(frame) => Poll::Ready(Some(frame)),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.before.is_empty() && self.rest.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::{edge, proto};
    use prost::Message;

    #[test]
    fn what_a_request_names_is_read_from_its_bytes_and_they_go_on_as_they_came() {
        let request = proto::CompareRequest {
            scenario_id: "S3-1".to_string(),
            with_scenario_id: "S4-7".to_string(),
            lines_max: 9,
            ..Default::default()
        };
        let fields = fields("/promised.v1.ScenarioService/Compare").unwrap();
        let bytes = request.encode_to_vec();
        assert_eq!(named(&mut bytes.as_slice(), fields), ["S3-1", "S4-7"]);
        // Cut anywhere, or with anything in it, it is read as far as it goes.
        (0..bytes.len()).for_each(|to| drop(named(&mut &bytes[..to], fields)));
        assert_eq!(named(&mut &bytes[..6], fields), ["S3-1"]);
        (0..=255u8).for_each(|byte| drop(named(&mut [byte; 40].as_slice(), fields)));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for is_packed in [false, true] {
            let mut message = bytes.clone();
            if is_packed {
                let packing = flate2::Compression::default();
                let mut packed = flate2::read::GzEncoder::new(bytes.as_slice(), packing);
                message.clear();
                packed.read_to_end(&mut message).unwrap();
            }
            let length = u32::try_from(message.len()).unwrap().to_be_bytes();
            let whole = [&[u8::from(is_packed)][..], &length, &message].concat();
            // It comes in pieces, with more behind it.
            let pieces =
                whole.chunks(3).map(|piece| Ok(Frame::data(Bytes::copy_from_slice(piece))));
            let body = Again { before: pieces.collect(), rest: Body::empty() };
            let (found, mut body) = runtime.block_on(named_in(Body::new(body), fields)).unwrap();
            assert_eq!(found, ["S3-1", "S4-7"]);
            let mut again = Vec::new();
            while let Some(frame) = runtime.block_on(next(&mut body)) {
                again.extend_from_slice(&frame.unwrap().into_data().unwrap());
            }
            assert_eq!(again, whole);
        }
    }

    /// What a packed message becomes is counted by the limits of its call, and is never there as a whole.
    #[test]
    fn a_packed_request_is_looked_through_within_the_limits_of_its_call() {
        const MIB: usize = 1 << 20;
        let fields = fields("/promised.v1.ScenarioService/Compare").unwrap();
        let named = |n: u8, text: &str| {
            let n_bytes = u8::try_from(text.len()).unwrap();
            [&[(n << 3) | 2, n_bytes][..], text.as_bytes()].concat()
        };
        // Two MiB of a field that nobody knows lie between the two names.
        let mut filler = vec![(15 << 3) | 2];
        prost::encoding::encode_varint(2 * MIB as u64, &mut filler);
        filler.resize(filler.len() + 2 * MIB, 0);
        let ids = [u8::try_from(fields[0]).unwrap(), u8::try_from(fields[1]).unwrap()];
        let message = [named(ids[0], "S3-1"), filler, named(ids[1], "S4-7")].concat();
        let mut packed = Vec::new();
        let packing = flate2::Compression::default();
        flate2::read::GzEncoder::new(&message[..], packing).read_to_end(&mut packed).unwrap();
        let length = u32::try_from(packed.len()).unwrap().to_be_bytes();
        let whole = [&[1][..], &length, &packed].concat();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let found = |bytes_a_call: usize| {
            let connection = edge::Pool::of_connection(&edge::Pool::of_all(64 * MIB), 64 * MIB);
            let held = edge::Held::new(&connection, bytes_a_call);
            let frame = Ok(Frame::data(Bytes::copy_from_slice(&whole)));
            let body = Again { before: [frame].into(), rest: Body::empty() };
            let looked = memory::scope(held, named_in(Body::new(body), fields));
            let looked = runtime.block_on(looked).map(|(found, _)| found.join(" "));
            looked.unwrap_or_else(|failure| Status::from(failure).message().to_string())
        };
        assert_eq!(found(4 * MIB), "S3-1 S4-7");
        assert_eq!(found(MIB), "S3-1");
        assert!(found(1_000).contains("bytes_a_call"), "{}", found(1_000));
    }

    #[test]
    fn questions_and_commands_in_scenarios_are_known_by_the_descriptors() {
        for path in [
            "PromiseService/CheckAvailability",
            "PromiseService/Cancel",
            "BacklogService/Run",
            "BacklogService/GetRun",
        ] {
            assert!(fields(&format!("/promised.v1.{path}")).is_some(), "{path}");
        }
        assert_eq!(fields("/promised.v1.PromiseService/PromiseStream"), None);
        assert_eq!(fields("/promised.v1.AdminService/WhoAmI"), None);
    }
}
