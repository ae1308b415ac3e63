//! Where a scenario is: on the node that made it, whichever node is asked about it.
//!
//! Its id begins with the number of a start of that node, and nodes tell whose scenarios they have. What a request names is
//! read from its bytes, by the numbers that fields have in the descriptors, and the bytes go on as they came.

use super::Cluster;
use crate::{
    engine::{node::Member, scenarios},
    rpc::{
        status::Failure,
        web::methods::{self, Shape},
    },
};
use bytes::{Buf, Bytes, BytesMut};
use http_body::Frame;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
use prost_reflect::Kind;
use std::{
    collections::{HashMap, VecDeque},
    future::poll_fn,
    io::Read,
    pin::Pin,
    sync::LazyLock,
    task::{Context, Poll},
};
use tonic::{Code, Status, body::Body};

/// Fields that name a scenario.
const NAMES: [&str; 4] = ["scenario_id", "with_scenario_id", "from_scenario_id", "run_id"];

/// Bytes before each message: whether it is packed, and its length.
const PREFIX_LEN: usize = 5;

/// A message that is packed is looked at up to here: what names a scenario is small.
const UNPACKED_MAX: u64 = 64 << 20;

/// The numbers of the fields by which a method's question names scenarios; none where it does not, or where it is a stream,
/// whose first message nobody waits for.
pub(super) fn fields(path: &str) -> Option<&'static [u32]> {
    static FIELDS: LazyLock<HashMap<String, Vec<u32>>> = LazyLock::new(|| {
        let of = |method: &methods::Method| -> Vec<u32> {
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

/// The texts of some fields of a message, as far as it can be read.
fn named(message: &[u8], fields: &[u32]) -> Vec<String> {
    let (mut left, mut found) = (message, Vec::new());
    while left.has_remaining() {
        let Ok((number, wire)) = decode_key(&mut left) else { break };
        if wire == WireType::LengthDelimited && fields.contains(&number) {
            let length =
                decode_varint(&mut left).ok().and_then(|length| usize::try_from(length).ok());
            let Some((text, rest)) = length.and_then(|length| left.split_at_checked(length)) else {
                break;
            };
            left = rest;
            found.extend(std::str::from_utf8(text).ok().map(ToString::to_string));
        } else if skip_field(wire, number, &mut left, DecodeContext::default()).is_err() {
            break;
        }
    }
    found.retain(|text| !text.is_empty());
    found
}

/// The scenarios that the first message of a body names, and the body as it was.
pub(super) async fn named_in(mut body: Body, fields: &[u32]) -> (Vec<String>, Body) {
    let (mut read, mut before) = (BytesMut::new(), VecDeque::new());
    let length = |read: &[u8]| {
        let prefix = read.get(1..PREFIX_LEN)?.try_into().ok()?;
        Some(PREFIX_LEN + u32::from_be_bytes(prefix) as usize)
    };
    while length(&read).is_none_or(|length| read.len() < length) {
        let Some(frame) = next(&mut body).await else { break };
        if let Ok(data) = frame.as_ref().map(Frame::data_ref)
            && let Some(data) = data
        {
            read.extend_from_slice(data);
        }
        let is_last = frame.is_err();
        before.push_back(frame);
        if is_last {
            break;
        }
    }
    let found = match length(&read).and_then(|length| read.get(PREFIX_LEN..length)) {
        None => Vec::new(),
        Some(message) if read[0] == 0 => named(message, fields),
        Some(packed) => {
            let (mut message, packed) = (Vec::new(), flate2::read::GzDecoder::new(packed));
            // What cannot be unpacked is told by whoever reads it.
            let _read = packed.take(UNPACKED_MAX).read_to_end(&mut message);
            named(&message, fields)
        }
    };
    (found, Body::new(Again { before, rest: body }))
}

async fn next(body: &mut Body) -> Option<Result<Frame<Bytes>, Status>> {
    poll_fn(|context| http_body::Body::poll_frame(Pin::new(&mut *body), context)).await
}

/// A body of which some was read.
struct Again {
    before: VecDeque<Result<Frame<Bytes>, Status>>,
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

/// Where scenarios are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// None is named, or no node says that it has them: whoever is asked says so.
    Nowhere,
    Here,
    There(Member),
}

impl Cluster {
    /// The node on which all of some scenarios are.
    ///
    /// # Errors
    /// They are not on one node.
    pub(super) fn home(&self, ids: &[String]) -> Result<Home, Failure> {
        let Some((engine, status)) = self.running() else { return Ok(Home::Nowhere) };
        if ids.is_empty() {
            return Ok(Home::Nowhere);
        }
        let (known, own) = (status.known(), engine.scenarios().starts());
        let of = |id: &String| {
            let start = scenarios::start_of(id)?;
            if own.contains(&start) {
                return Some(self.me.clone());
            }
            let has = |(_, (kept, _)): &(_, &(crate::engine::node::Kept, _))| {
                kept.starts.contains(&start)
            };
            known.kept.iter().find(has).map(|(node, _)| node.clone())
        };
        let mut homes = ids.iter().filter_map(|id| Some((id, of(id)?)));
        let Some((id, node)) = homes.next() else { return Ok(Home::Nowhere) };
        if let Some((other_id, other)) = homes.find(|(_, other)| *other != node) {
            let text = format!(
                "scenario {id} is on {node} and {other_id} on {other}: make one of them where the other one is"
            );
            return Err(Failure::new(Code::FailedPrecondition, "SCENARIOS_APART", text));
        }
        if node == self.me {
            return Ok(Home::Here);
        }
        let member = known.members.as_ref().and_then(|members| members.find(&node)).cloned();
        Ok(member.map_or(Home::Nowhere, Home::There))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::proto;
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
        assert_eq!(named(&bytes, fields), ["S3-1", "S4-7"]);
        // Cut anywhere it is read as far as it goes.
        (0..bytes.len()).for_each(|to| drop(named(&bytes[..to], fields)));
        assert_eq!(named(&bytes[..6], fields), ["S3-1"]);
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
            let (found, mut body) = runtime.block_on(named_in(Body::new(body), fields));
            assert_eq!(found, ["S3-1", "S4-7"]);
            let mut again = Vec::new();
            while let Some(frame) = runtime.block_on(next(&mut body)) {
                again.extend_from_slice(&frame.unwrap().into_data().unwrap());
            }
            assert_eq!(again, whole);
        }
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
