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
    "promised/v1/admin.proto",
    "promised/v1/catalog.proto",
    "promised/v1/exception.proto",
    "promised/v1/event.proto",
    "promised/v1/analytics.proto",
    "grpc/health/v1/health.proto",
    "google/rpc/error_details.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=promised");
    println!("cargo::rerun-if-changed=google");
    println!("cargo::rerun-if-changed=grpc");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::metadata=out={}", out.display());
    let descriptors = protox::compile(FILES, ["."])?;
    fs::write(out.join("promised.bin"), descriptors.encode_to_vec())?;

    fs::write(out.join("files.rs"), list()?)?;

    let mut messages = tonic_prost_build::Config::new();
    messages
        .enable_type_names()
        // Statuses are those that tonic makes.
        .extern_path(".google.rpc", "::tonic_types::pb")
        .compile_fds(descriptors.clone())?;

    let services = out.join("services");
    fs::create_dir_all(&services)?;
    tonic_prost_build::configure()
        // Our codec counts what it unpacks.
        .codec_path("crate::rpc::Codec")
        .extern_path(".promised.v1", "crate::rpc::proto")
        .extern_path(".grpc.health.v1", "crate::rpc::proto::health")
        .extern_path(".google.rpc", "::tonic_types::pb")
        .out_dir(services)
        .compile_fds(descriptors)?;
    Ok(())
}

/// All proto files and their text, as `promised proto` writes them.
fn list() -> Result<String, Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut list = String::from("&[\n");
    for folder in ["google/rpc", "grpc/health/v1", "promised/v1"] {
        let mut names = Vec::new();
        for entry in fs::read_dir(root.join(folder))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        for name in names {
            let path = root.join(folder).join(&name);
            list.push_str(&format!(
                "    ({:?}, include_str!({path:?})),\n",
                format!("{folder}/{name}")
            ));
        }
    }
    list.push(']');
    Ok(list)
}
