//! Issue 26 item 4: `promised push` over a connection that breaks, and of an id that came before with other data.

use super::{Served, promised};
use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Stands between a command and a server: of the first connection only so many bytes go up, then it breaks.
struct Relay {
    url: String,
    up: Arc<AtomicU64>,
    connections: Arc<AtomicU64>,
}

impl Relay {
    fn start(to: &str, first: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (up, connections) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let (of_up, of_connections) = (Arc::clone(&up), Arc::clone(&connections));
        let to = to.trim_start_matches("http://").to_string();
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let most = match of_connections.fetch_add(1, Ordering::Relaxed) {
                    0 => first,
                    _ => u64::MAX,
                };
                let Ok(far) = TcpStream::connect(&to) else { continue };
                let (near_in, far_in) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                let up = Arc::clone(&of_up);
                std::thread::spawn(move || {
                    pass(near_in, far, |n| up.fetch_add(n, Ordering::Relaxed) + n < most)
                });
                std::thread::spawn(move || pass(far_in, near, |_| true));
            }
        });
        Self { url, up, connections }
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, mut goes_on: impl FnMut(u64) -> bool) {
    let mut bytes = [0; 16 << 10];
    while let Ok(n) = from.read(&mut bytes) {
        if n == 0 || to.write_all(&bytes[..n]).is_err() || !goes_on(n as u64) {
            break;
        }
    }
    // Whichever end is gone already.
    let _gone = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

/// snapshots/tiny with many supplies whose keys do not pack well.
fn large(dir: &Path, id: &str, quantity: u32) {
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/tiny");
    for entry in fs::read_dir(tiny).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, dir.join(path.file_name().unwrap())).unwrap();
    }
    let manifest = fs::read_to_string(dir.join("manifest.json")).unwrap();
    fs::write(dir.join("manifest.json"), manifest.replace("\"tiny\"", &format!("\"{id}\"")))
        .unwrap();
    let mut supplies = "supply,type,item,location,date,quantity\n".to_string();
    for n in 0_u32..10_000 {
        let [one, two] = [n, !n].map(|n| blake3::hash(&n.to_le_bytes()).to_hex());
        let key = format!("{one}{two}{one}");
        supplies.push_str(&format!("{key},purchase_order,VALVE,HAM,2026-12-01,{quantity}\n"));
    }
    fs::write(dir.join("supplies.csv"), supplies).unwrap();
}

fn push(dir: &Path, url: &str) -> (Option<i32>, String) {
    let out = promised(&["push", dir.to_str().unwrap(), "--server", url]).output().unwrap();
    (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
}

#[test]
fn a_push_is_taken_up_again_and_an_id_that_came_before_is_told_before_the_upload() {
    let server = Served::start(&["serve", "snapshots/tiny"]);
    let relay = Relay::start(&server.url, 200_000);
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    large(dir.path(), "large", 1);
    let (code, said) = push(dir.path(), &relay.url);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("it is taken up again"), "{said}");
    assert!(2 <= relay.connections.load(Ordering::Relaxed));
    let status =
        promised(&["status", "--server", &server.url, "--format", "csv"]).output().unwrap();
    assert!(String::from_utf8_lossy(&status.stdout).contains("large"));
    // The same id with other data: refused by what the files are said to be; what is under way by then is all that goes up.
    large(other.path(), "large", 2);
    let before = relay.up.load(Ordering::Relaxed);
    let (code, said) = push(other.path(), &relay.url);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("other data"), "{said}");
    let sent = relay.up.load(Ordering::Relaxed) - before;
    assert!(sent < before / 2, "{sent} bytes went up, of {before}");
    // The same data again is no fault.
    let (code, said) = push(dir.path(), &relay.url);
    assert_eq!(code, Some(0), "{said}");
}
