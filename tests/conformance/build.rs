//! Compiles the service of the conformance suite as our own files are compiled.

use prost::Message;
use std::{env, error::Error, fs, path::PathBuf};

const FILES: [&str; 2] =
    ["connectrpc/conformance/v1/service.proto", "connectrpc/conformance/v1/server_compat.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let descriptors = protox::compile(FILES, ["proto"])?;
    fs::write(out.join("conformance.bin"), descriptors.encode_to_vec())?;
    let mut messages = tonic_prost_build::Config::new();
    messages.enable_type_names();
    tonic_prost_build::configure()
        .build_client(false)
        .compile_fds_with_config(descriptors, messages)?;
    Ok(())
}
