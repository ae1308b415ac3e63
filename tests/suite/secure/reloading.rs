//! Item 7: what a server reads again while it serves, by SIGHUP and by itself; and that what is broken changes nothing.

use super::place::{Place, Server, said, who, with};
use promised::rpc::proto::{self, admin_service_client::AdminServiceClient};
use rustix::process::Signal;

fn written(place: &Place, limits: &str, more: &str) {
    let text = format!("[access]\ntokens = \"tokens.toml\"\n{more}\n[limits]\n{limits}\n");
    place.write("promised.toml", &text);
}

/// Calls one after the other until one is refused: how it is.
async fn refused(server: &Server, token: &str, n: usize) -> Option<String> {
    let channel = server.plain().await;
    for _ in 0..n {
        if let Err(status) = who(channel.clone(), Some(token)).await {
            return Some(said(&status));
        }
    }
    None
}

async fn setting(server: &Server, token: &str, key: &str) -> String {
    let mut client = AdminServiceClient::new(server.plain().await);
    let request = with(token, proto::GetConfigRequest {});
    let settings = client.get_config(request).await.unwrap().into_inner().settings;
    let found = settings.into_iter().find(|one| one.key == key).unwrap();
    format!("{} {}", found.value, found.from)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_are_read_again_on_sighup_and_what_is_broken_changes_nothing() {
    let place = Place::new();
    let (web, admin) =
        (place.token("web", &["--role", "read"]), place.token("a", &["--role", "admin"]));
    written(&place, "", "");
    let server = place.serve(&[]);
    assert_eq!(refused(&server, &web, 30).await, None);
    written(&place, "calls_a_second = 2\nconnections = 500", "");
    server.signal(Signal::HUP);
    server.says("the configuration counts as it is now").await;
    let limited = Some("ResourceExhausted RATE_LIMITED".to_string());
    assert_eq!(refused(&server, &web, 30).await, limited);
    assert_eq!(setting(&server, &admin, "limits.connections").await, "500 promised.toml:6");
    // A key that there is not, a value that is none: each is told, and nothing of the file counts.
    written(&place, "calls_a_second = 1000000\nconections = 1", "");
    server.signal(Signal::HUP);
    server.says("promised.toml:6: unknown key \"conections\" in [limits]; did you mean \"connections\"?").await;
    assert_eq!(refused(&server, &web, 30).await, limited, "the old one counts on");
    assert_eq!(setting(&server, &admin, "limits.connections").await, "500 promised.toml:6");
    // What counts from the next start is told, and the rest counts at once; without a signal, soon.
    written(&place, "calls_a_second = 1000000", "anonymous = [\"read\"]");
    std::fs::write(
        place.path("promised.toml"),
        std::fs::read_to_string(place.path("promised.toml")).unwrap() + "[serve]\ndrain = \"9s\"\n",
    )
    .unwrap();
    server.says("a setting has changed that counts from the next start").await;
    assert_eq!(refused(&server, &web, 30).await, None);
    assert_eq!(who(server.plain().await, None).await.unwrap(), "anonymous: read");
    assert_eq!(setting(&server, &admin, "serve.drain").await, "5s default");
}

/// The limits of strangers, of a connection that is not there yet.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_of_connections_count_for_the_next_one() {
    use tokio::io::AsyncReadExt;
    let place = Place::new();
    let token = place.token("web", &["--role", "read"]);
    written(&place, "", "");
    let server = place.serve(&[]);
    let kept = server.plain().await;
    who(kept.clone(), Some(&token)).await.unwrap();
    written(&place, "connections = 1", "");
    server.signal(Signal::HUP);
    server.says("the configuration counts as it is now").await;
    let mut refused = tokio::net::TcpStream::connect(&server.address).await.unwrap();
    assert_eq!(refused.read(&mut [0; 64]).await.unwrap_or(0), 0, "it is closed at once");
    who(kept, Some(&token)).await.expect("the one that is there goes on");
}
