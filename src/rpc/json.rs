//! The canonical JSON of our messages: what `--format json` prints is what grpcurl prints.
//!
//! Made from the same descriptors as reflection, so there is no second description of a message that
//! could drift. As the mapping has it, names are in lowerCamelCase and fields at their default are left out.

use super::web::methods::pool;
use prost::{Message, Name};
use prost_reflect::{DynamicMessage, SerializeOptions};

/// A message as pretty-printed JSON, without a newline at its end.
pub fn to_json<M: Message + Name>(message: &M) -> String {
    let mut json = serde_json::Serializer::pretty(Vec::new());
    write(message, &mut json);
    String::from_utf8(json.into_inner()).expect("JSON is UTF-8")
}

/// A message as JSON on one line, for tables of one message a line.
pub fn to_json_line<M: Message + Name>(message: &M) -> String {
    let mut json = serde_json::Serializer::new(Vec::new());
    write(message, &mut json);
    String::from_utf8(json.into_inner()).expect("JSON is UTF-8")
}

fn write<M: Message + Name, S: serde::Serializer>(message: &M, json: S)
where
    S::Error: std::fmt::Debug,
{
    let descriptor =
        pool().get_message_by_name(&M::full_name()).expect("every message of ours is there");
    let bytes = message.encode_to_vec();
    let dynamic = DynamicMessage::decode(descriptor, &*bytes).expect("it was just encoded");
    dynamic.serialize_with_options(json, &SerializeOptions::new()).expect("memory takes it");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::proto;

    #[test]
    fn json_is_the_canonical_mapping() {
        let line = proto::PromisedLine {
            promise_id: "P17".to_string(),
            state: proto::reservation::State::Held.into(),
            held_until: Some(prost_types::Timestamp { seconds: 0, nanos: 500_000_000 }),
            result: Some(proto::LineResult {
                status: proto::line_result::Status::OnTime.into(),
                available_on_requested_date: 0.1,
                ..proto::LineResult::default()
            }),
            ..proto::PromisedLine::default()
        };
        assert_eq!(
            to_json_line(&line),
            r#"{"promiseId":"P17","state":"HELD","heldUntil":"1970-01-01T00:00:00.500Z","result":{"status":"ON_TIME","availableOnRequestedDate":0.1}}"#
        );
    }
}
