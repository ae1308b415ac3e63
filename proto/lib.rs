//! The messages of Promised's RPCs and their descriptors, generated from the files beside this one.
//!
//! A package of its own, so that they are compiled once and not with each change of the engine. The services
//! are in `promised::rpc::proto`, which shows the messages too.
#![allow(
    missing_docs,
    clippy::all,
    reason = "generated; what the messages mean is told in the proto files"
)]

include!(concat!(env!("OUT_DIR"), "/promised.v1.rs"));

/// The messages of grpc.health.v1.
pub mod health {
    include!(concat!(env!("OUT_DIR"), "/grpc.health.v1.rs"));
}

/// The descriptors of all files, encoded: for reflection and JSON.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/promised.bin"));

/// The files themselves: their names, and their text.
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));
