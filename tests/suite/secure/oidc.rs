//! Item 2: tokens of an OpenID Connect provider: whose they are, what his groups may do, and which do not hold.

use super::place::{Place, Server, said, who};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .enumerate()
            .fold(0_u32, |bits, (at, byte)| bits | (*byte as u32) << (16 - 8 * at));
        (0..=chunk.len())
            .for_each(|at| text.push(DIGITS[(bits >> (18 - 6 * at)) as usize & 63] as char));
    }
    text
}

/// A key of a provider.
struct Key {
    id: &'static str,
    pair: EcdsaKeyPair,
}

impl Key {
    fn new(id: &'static str) -> Self {
        let random = SystemRandom::new();
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random)
                .unwrap();
        Self { id, pair }
    }

    fn public(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let (x, y) = (base64url(&point[1..33]), base64url(&point[33..65]));
        json!({ "kty": "EC", "crv": "P-256", "kid": self.id, "x": x, "y": y, "use": "sig" })
    }

    fn sign(&self, header: Value, claims: &Value) -> String {
        let part = |value: &Value| base64url(value.to_string().as_bytes());
        let text = format!("{}.{}", part(&header), part(claims));
        let signature = self.pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        format!("{text}.{}", base64url(signature.as_ref()))
    }

    fn token(&self, claims: &Value) -> String {
        self.sign(json!({ "alg": "ES256", "kid": self.id, "typ": "JWT" }), claims)
    }
}

/// A provider: a discovery document and keys, over plain HTTP on this machine.
struct Provider {
    url: String,
    n_asked: Arc<AtomicUsize>,
}

impl Provider {
    fn start(keys: Vec<Value>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (keys, n_asked) = (Arc::new(Mutex::new(keys)), Arc::new(AtomicUsize::new(0)));
        let (own, counted) = (url.clone(), n_asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let first = lines.next().unwrap().unwrap();
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                let body = match first.contains("openid-configuration") {
                    true => json!({ "issuer": own, "jwks_uri": format!("{own}/jwks") }),
                    false => {
                        counted.fetch_add(1, Ordering::SeqCst);
                        json!({ "keys": *keys.lock().unwrap() })
                    }
                };
                let body = body.to_string();
                let head =
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
                write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
            }
        });
        Self { url, n_asked }
    }

    fn claims(&self, more: Value) -> Value {
        let mut claims = json!({
            "iss": self.url, "aud": "promised", "sub": "ada", "exp": 4_000_000_000_u64, "groups": ["planners"]
        });
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        claims
    }
}

fn serve(place: &Place, issuer: &str) -> Server {
    let text = format!(
        "[[access.jwt]]\nissuer = \"{issuer}\"\naudience = \"promised\"\n\
         roles = {{ planners = [\"plan\"], shops = [\"promise\"] }}\n"
    );
    place.write("promised.toml", &text);
    place.serve(&[])
}

async fn is(server: &Server, token: &str) -> String {
    match who(server.plain().await, Some(token)).await {
        Ok(name) => name,
        Err(status) => said(&status),
    }
}

/// Asks until the keys are there: they come on a thread of their own.
async fn once_known(server: &Server, token: &str) -> String {
    for _ in 0..500 {
        let found = is(server, token).await;
        if !found.starts_with("Unauthenticated") {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the token never held");
}

const INVALID: &str = "Unauthenticated CREDENTIALS_INVALID";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_a_provider_says_who_it_is_and_what_his_groups_may() {
    let (key, other) = (Key::new("one"), Key::new("two"));
    let provider = Provider::start(vec![key.public()]);
    let place = Place::new();
    let server = serve(&place, &provider.url);
    let host = provider.url.strip_prefix("http://").unwrap();
    let token = |more: Value| key.token(&provider.claims(more));
    assert_eq!(once_known(&server, &token(json!({}))).await, format!("{host}/ada: read,plan"));
    let shop = is(&server, &token(json!({ "groups": "shops", "sub": "web" }))).await;
    assert_eq!(shop, format!("{host}/web: read,promise"), "one group is a text");
    let stranger = is(&server, &token(json!({ "groups": ["others"] }))).await;
    assert_eq!(stranger, format!("{host}/ada: "), "a group that is not named may nothing");
    let both =
        is(&server, &token(json!({ "aud": ["x", "promised"], "groups": ["shops", "planners"] })))
            .await;
    assert_eq!(both, format!("{host}/ada: read,promise,plan"));
    let no_kid = key.sign(json!({ "alg": "ES256" }), &provider.claims(json!({})));
    assert_eq!(is(&server, &no_kid).await, format!("{host}/ada: read,plan"));
    // Those that do not hold.
    for wrong in [
        token(json!({ "exp": 1_000_000_000_u64 })),
        token(json!({ "nbf": 4_000_000_000_u64 })),
        token(json!({ "aud": "others" })),
        token(json!({ "iss": "http://127.0.0.1:1" })),
        key.token(&json!({ "iss": provider.url, "aud": "promised", "sub": "ada" })),
        other.token(&provider.claims(json!({}))),
        other.sign(json!({ "alg": "ES256", "kid": "one" }), &provider.claims(json!({}))),
        key.sign(json!({ "alg": "none", "kid": "one" }), &provider.claims(json!({}))),
        key.sign(json!({ "alg": "HS256", "kid": "one" }), &provider.claims(json!({}))),
        format!("{}x", token(json!({}))),
        "a.b.c".to_string(),
    ] {
        assert_eq!(is(&server, &wrong).await, INVALID, "{wrong}");
    }
    // Keys that nobody knows do not make the server ask again and again.
    for n in 0..50 {
        let unknown = key
            .sign(json!({ "alg": "ES256", "kid": format!("k{n}") }), &provider.claims(json!({})));
        assert_eq!(is(&server, &unknown).await, INVALID);
    }
    assert!(provider.n_asked.load(Ordering::SeqCst) <= 2, "{:?}", provider.n_asked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_is_away_at_the_start_does_not_stop_the_server() {
    let key = Key::new("one");
    let place = Place::new();
    let server = serve(&place, "http://127.0.0.1:9");
    let claims = json!({ "iss": "http://127.0.0.1:9", "aud": "promised", "sub": "ada", "exp": 4_000_000_000_u64 });
    assert_eq!(is(&server, &key.token(&claims)).await, INVALID);
    server.says("the keys of an issuer cannot be had").await;
}

/// A provider that is not ours: PyPI's oidc-provider-mock, where `PROMISED_OIDC_MOCK` names its program.
struct Real {
    child: std::process::Child,
    url: String,
}

impl Drop for Real {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Real {
    fn start(place: &Place, port: &str, more: &[&str]) -> Option<Self> {
        let program = std::env::var("PROMISED_OIDC_MOCK").ok().filter(|it| !it.is_empty())?;
        let users = [
            r#"{"sub":"ada","groups":["planners"]}"#,
            r#"{"sub":"web","groups":"shops"}"#,
            r#"{"sub":"eve","groups":["others"]}"#,
        ];
        let mut command = std::process::Command::new(program);
        command.args(["-p", port]).args(more);
        for user in users {
            command.args(["--user-claims", user]);
        }
        let log = std::fs::File::create(place.path("provider")).unwrap();
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let mut real = Self { child, url: String::new() };
        for _ in 0..3_000 {
            let told = std::fs::read_to_string(place.path("provider")).unwrap();
            if let Some(rest) = told.split("running on ").nth(1)
                && let Some((url, _)) = rest.split_once(' ')
            {
                real.url = url.to_string();
                return Some(real);
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("it never ran: {}", std::fs::read_to_string(place.path("provider")).unwrap());
    }

    fn post(&self, path: &str, basic: &str, body: &str) -> String {
        let mut stream =
            std::net::TcpStream::connect(self.url.trim_start_matches("http://")).unwrap();
        let length = body.len();
        write!(stream, "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nauthorization: Basic {basic}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}", self.url.trim_start_matches("http://")).unwrap();
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
        answer
    }

    /// A token for a client, as its user gets one by logging in.
    fn token(&self, client: &str, user: &str) -> String {
        let asked = format!(
            "/oauth2/authorize?client_id={client}&redirect_uri=http://127.0.0.1/cb&response_type=code&scope=openid%20profile&state=s"
        );
        let answer = self.post(&asked, "", &format!("sub={user}"));
        let code = answer.split("code=").nth(1).unwrap_or_else(|| panic!("{answer}"));
        let code = code.split('&').next().unwrap();
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let basic = STANDARD.encode(format!("{client}:secret"));
        let body =
            format!("grant_type=authorization_code&code={code}&redirect_uri=http://127.0.0.1/cb");
        let answer = self.post("/oauth2/token", &basic, &body);
        let json: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        json["id_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_string()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_is_not_ours_is_understood() {
    let (place, brief) = (Place::new(), Place::new());
    let Some(provider) = Real::start(&place, "0", &[]) else {
        eprintln!("skipped: PROMISED_OIDC_MOCK names no oidc-provider-mock");
        return;
    };
    let server = serve(&place, &provider.url);
    let host = provider.url.trim_start_matches("http://").to_string();
    let ada = provider.token("promised", "ada");
    assert_eq!(once_known(&server, &ada).await, format!("{host}/ada: read,plan"));
    assert_eq!(
        is(&server, &provider.token("promised", "web")).await,
        format!("{host}/web: read,promise")
    );
    assert_eq!(is(&server, &provider.token("promised", "eve")).await, format!("{host}/eve: "));
    assert_eq!(is(&server, &provider.token("others", "ada")).await, INVALID, "another audience");
    let (signed, _) = ada.rsplit_once('.').unwrap();
    let (_, claims) = signed.split_once('.').unwrap();
    let none = format!("{}.{claims}.", base64url(br#"{"typ":"JWT","alg":"none"}"#));
    for wrong in [none, format!("{signed}.AAAA"), format!("{signed}.")] {
        assert_eq!(is(&server, &wrong).await, INVALID, "{wrong}");
    }
    // A token that ends soon, and keys that are other ones after the provider has started anew.
    let short = Real::start(&brief, "0", &["-e", "1"]).unwrap();
    let other = serve(&brief, &short.url);
    let ending = short.token("promised", "ada");
    once_known(&other, &ending).await;
    let port = host.split(':').nth(1).unwrap().to_string();
    drop(provider);
    assert_eq!(is(&server, &ada).await, format!("{host}/ada: read,plan"), "the provider is away");
    let provider = Real::start(&place, &port, &[]).unwrap();
    let anew = provider.token("promised", "ada");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(150);
    let (mut is_rotated, mut has_ended) = (false, false);
    while !(is_rotated && has_ended) && std::time::Instant::now() < until {
        is_rotated = is_rotated || is(&server, &anew).await == format!("{host}/ada: read,plan");
        has_ended = has_ended || is(&other, &ending).await == INVALID;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert!(is_rotated && has_ended, "rotated: {is_rotated}, ended: {has_ended}");
    assert_eq!(is(&server, &ada).await, INVALID, "its key is gone");
}
