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
