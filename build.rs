//! Compiles `proto/` in pure Rust: no protoc, no cmake, nothing but a Rust toolchain.
//!
//! Writes the generated code and the descriptor set, which reflection and the JSON mapping read, into
//! `OUT_DIR`.

use prost::Message;
use std::{env, error::Error, fs, path::PathBuf};

/// One file a service; what they import is found from them.
const FILES: &[&str] = &[
    "promised/v1/promise.proto",
    "promised/v1/availability.proto",
    "promised/v1/allocation.proto",
    "promised/v1/snapshot.proto",
    "promised/v1/scenario.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let descriptors = protox::compile(FILES, ["proto"])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("promised.bin"), descriptors.encode_to_vec())?;
    let mut config = tonic_prost_build::Config::new();
    config.enable_type_names();
    // Our codec counts what it unpacks.
    let services = tonic_prost_build::configure().codec_path("crate::rpc::Codec");
    services.compile_fds_with_config(descriptors, config)?;
    Ok(())
}
