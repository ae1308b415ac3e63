//! Issue 22: the console's files are served as the contract says (7, "The console"); its screens are tested in a browser.

use super::Client;
use crate::rpc::Server;

#[tokio::test]
async fn the_page_names_its_build_and_the_files_of_a_build_never_change() {
    let server = Server::tiny().await;
    let mut client = Client::connect(&server.url).await;
    let page = client.get("/console/").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control"), "no-cache");
    assert!(page.header("content-security-policy").starts_with("default-src 'self';"));
    let style = page.text().split("href=\"").find(|rest| rest.contains("style.css\"")).unwrap();
    let style = style.split('"').next().unwrap();
    let style = client.get(&format!("/console/{style}")).await;
    assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(style.header("cache-control").contains("immutable"));
    assert_eq!(style.header("x-content-type-options"), "nosniff");
    // Asked again, nothing comes but that it is the same.
    let again =
        client.ask("GET", "/console/", &[("if-none-match", page.header("etag"))], b"").await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let head = client.ask("HEAD", "/console/", &[], b"").await;
    assert_eq!((head.status, head.header("content-length")), (200, page.header("content-length")));
    let bare = client.get("/console").await;
    assert_eq!((bare.status, bare.header("location")), (302, "console/"));
    for path in ["/console/nothing.js", "/console/../Cargo.toml", "/console/package.json"] {
        assert_eq!(client.get(path).await.status, 404, "{path}");
    }
    assert_eq!(client.post("/console/", "{}").await.status, 405);
    server.stop().await;
}

/// What a visit to every screen in English takes; the words of the other languages are a table of their own.
const WIRE_BYTES_MAX: usize = 120_000;

fn files(folder: &std::path::Path, name: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let below = format!("{name}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            let is_served = ["screens", "texts", "vendor"].contains(&below.as_str());
            if is_served {
                files(&entry.path(), &format!("{below}/"), found);
            }
        } else if [".html", ".js", ".css", ".svg"].iter().any(|end| below.ends_with(end)) {
            found.push(below);
        }
    }
}

#[tokio::test]
async fn all_screens_are_at_most_120_kb_over_the_wire() {
    let server = Server::tiny().await;
    let mut client = Client::connect(&server.url).await;
    let mut names = Vec::new();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("console");
    files(&folder, "", &mut names);
    let mut sum = 0;
    for name in names.iter().filter(|name| *name != "texts/table.js") {
        let packed = [("accept-encoding", "gzip, deflate, br, zstd")];
        let answer = client.ask("GET", &format!("/console/{name}"), &packed, b"").await;
        assert_eq!(answer.status, 200, "{name}");
        sum += answer.body.len();
    }
    assert!(30 < names.len() && sum <= WIRE_BYTES_MAX, "{} files, {sum} bytes", names.len());
    server.stop().await;
}
