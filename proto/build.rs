//! Compiles the proto files in pure Rust: no protoc, no cmake, nothing but a Rust toolchain.
//!
//! Writes into `OUT_DIR`: the messages, the descriptor set, which reflection and the JSON mapping read, and
//! the services, which the package `promised` compiles with its own codec.

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
    println!("cargo::rerun-if-changed=promised");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::metadata=out={}", out.display());
    let descriptors = protox::compile(FILES, ["."])?;
    fs::write(out.join("promised.bin"), descriptors.encode_to_vec())?;

    let mut messages = tonic_prost_build::Config::new();
    messages.enable_type_names().compile_fds(descriptors.clone())?;

    let services = out.join("services");
    fs::create_dir_all(&services)?;
    tonic_prost_build::configure()
        // Our codec counts what it unpacks.
        .codec_path("crate::rpc::Codec")
        .extern_path(".promised.v1", "crate::rpc::proto")
        .out_dir(services)
        .compile_fds(descriptors)?;
    Ok(())
}
