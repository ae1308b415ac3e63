//! What is read from memory: filters, JSON, the configuration, entries of the journal, records of a cluster.

use promised::{
    backlog::filter::Filter,
    journal::{codec, frames, shared},
    loader::{self, Silent},
    rpc::{self, proto},
    snapshot::Snapshot,
};
use prost::{Message, Name};
use std::{path::Path, sync::LazyLock};

static TINY: LazyLock<Snapshot> = LazyLock::new(|| {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let dir = here.map(|dir| dir.join("snapshots/tiny")).find(|dir| dir.is_dir()).unwrap();
    loader::open(&dir, &Silent).unwrap().snapshot.unwrap()
});

/// A filter that is read is told as it is read again.
pub fn filters(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(filter) = Filter::parse(text) {
        let told = filter.to_string();
        assert_eq!(Filter::parse(&told).as_ref(), Ok(&filter), "{told}");
        drop(filter.unknown(&TINY));
    }
}

/// Requests: bytes become a message or not; what is one becomes JSON, and the same again.
pub fn json(bytes: &[u8]) {
    let Some((which, bytes)) = bytes.split_first() else { return };
    match which % 10 {
        0 => both::<proto::CheckAvailabilityRequest>(bytes),
        1 => both::<proto::PromiseRequest>(bytes),
        2 => both::<proto::AmendRequest>(bytes),
        3 => both::<proto::ListPromisesRequest>(bytes),
        4 => both::<proto::ApplyChangesRequest>(bytes),
        5 => both::<proto::RunBacklogRequest>(bytes),
        6 => both::<proto::QuickCheckRequest>(bytes),
        7 => both::<proto::PushRequest>(bytes),
        8 => both::<proto::CreateTokenRequest>(bytes),
        _ => both::<proto::CheckAvailabilityResponse>(bytes),
    }
}

fn both<M: Message + Name + Default + PartialEq>(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(message) = rpc::from_json::<M>(text)
    {
        again(&message);
    }
    if let Ok(message) = M::decode(bytes) {
        // Enumerations and times that there are not have no JSON that could be read.
        drop(rpc::to_json_line(&message));
    }
}

fn again<M: Message + Name + Default + PartialEq>(message: &M) {
    let told = rpc::to_json_line(message);
    let read = rpc::from_json::<M>(&told);
    // Bytes and not messages are compared: a number that is none is not equal to itself.
    let bytes = read.map(|message| message.encode_to_vec());
    assert_eq!(bytes, Ok(message.encode_to_vec()), "{told}");
}

pub fn configuration(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        promised::cli::configuration_faults(text);
    }
}

/// An entry behind a check sum that holds: what can be read is written as what can be read again.
pub fn entries(bytes: &[u8]) {
    let sealed = [bytes, &codec::check_sum(bytes)].concat();
    drop(codec::head(&sealed));
    if let Ok(entry) = codec::decode(&sealed, &TINY) {
        let written = codec::encode(&entry, &TINY);
        let again = codec::decode(&written, &TINY).unwrap();
        assert_eq!(codec::encode(&again, &TINY), written);
    }
    drop(codec::decode(bytes, &TINY));
}

/// Frames of a backup.
pub fn frames(bytes: &[u8]) {
    let mut input = bytes;
    if frames::check_begin(&mut input).is_ok() {
        while let Ok(Some(_)) = frames::next(&mut input) {}
    }
    let mut input = bytes;
    while let Ok(Some(_)) = frames::next(&mut input) {}
}

/// Heads and records of a cluster, and the entries that they carry.
pub fn cluster(bytes: &[u8]) {
    let sealed = [bytes, &codec::check_sum(bytes)].concat();
    for bytes in [bytes, &sealed] {
        if let Ok(head) = shared::Head::of_bytes(bytes) {
            assert_eq!(shared::Head::of_bytes(&head.to_bytes()).as_ref(), Ok(&head));
        }
        if let Ok(record) = shared::Record::of_bytes(bytes) {
            assert_eq!(shared::Record::of_bytes(&record.to_bytes()).as_ref(), Ok(&record));
        }
        drop(promised::journal::Framed::read(1, bytes.to_vec()));
    }
}
