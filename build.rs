//! Hands on the services that the build of `proto/` has generated, to be compiled here with our codec.

use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let generated = env::var("DEP_PROMISED_PROTO_OUT")?;
    println!("cargo::rustc-env=PROMISED_SERVICES={generated}/services/promised.v1.rs");
    Ok(())
}
