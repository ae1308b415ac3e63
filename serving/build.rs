//! Hands on the services that the build of `proto/` has generated, to be compiled here with our codec; and lists the
//! files of the console, which go into the binary.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// What a browser loads; the rest of `console/` is for those who work on it.
const SUFFIXES: [&str; 9] = ["html", "js", "css", "svg", "json", "txt", "woff2", "png", "ico"];

/// Folders that are theirs alone.
const FOLDERS_LEFT_OUT: [&str; 3] = ["node_modules", "test", "tools"];

/// Files that are theirs alone.
const LEFT_OUT: [&str; 4] = ["package.json", "package-lock.json", "tsconfig.json", "jsconfig.json"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let generated = env::var("DEP_PROMISED_PROTO_OUT")?;
    println!("cargo::rustc-env=PROMISED_SERVICES={generated}/services/promised.v1.rs");
    println!("cargo::rustc-env=PROMISED_HEALTH={generated}/services/grpc.health.v1.rs");
    let mut files = Vec::new();
    if env::var_os("CARGO_FEATURE_CONSOLE").is_some() {
        let console = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../console");
        println!("cargo::rerun-if-changed={}", console.display());
        collect(&console, &console, &mut files)?;
        files.sort();
    }
    let mut list = String::from("&[\n");
    for (name, path) in &files {
        writeln!(list, "    File {{ name: {name:?}, bytes: include_bytes!({path:?}) }},")?;
    }
    list.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("console.rs"), list)?;
    Ok(())
}

/// The files of a folder and those below it: their names in addresses, and their places.
fn collect(
    root: &Path,
    folder: &Path,
    files: &mut Vec<(String, PathBuf)>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            if !FOLDERS_LEFT_OUT.contains(&name) {
                collect(root, &path, files)?;
            }
            continue;
        }
        let suffix = path.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default();
        if SUFFIXES.contains(&suffix) && !LEFT_OUT.contains(&name) {
            let in_address = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            files.push((in_address, path));
        }
    }
    Ok(())
}
