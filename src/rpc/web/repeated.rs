//! Answers that may be asked for again: the same key and body give the first answer's bytes.
//!
//! What was promised is remembered by the engine for as long as `--retain` says; here lie the words in which it was
//! told, the newest of them. Where they are gone the engine's answer is told anew.

use super::super::proto;
use bytes::Bytes;
use parking_lot::Mutex;
use std::collections::{HashMap, VecDeque};

/// Bytes of all answers that are remembered.
const BYTES_MAX: usize = 32 << 20;

/// An answer: what it was computed from, and its words.
type Told = (Option<proto::DataVersion>, Bytes);

/// A request as it stands for its answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key(blake3::Hash);

impl Key {
    /// Of a key that the caller chose, and all that he said with it.
    pub(super) fn of(key: &str, head: &http::request::Parts, body: &[u8]) -> Self {
        let mut digest = blake3::Hasher::new();
        let header = |name: &str| head.headers.get(name).map_or(&b""[..], |value| value.as_bytes());
        let query = head.uri.query().unwrap_or_default();
        let parts = [
            key.as_bytes(),
            query.as_bytes(),
            header("authorization"),
            header("accept"),
            header("content-type"),
            body,
        ];
        for part in parts {
            digest.update(&part.len().to_le_bytes()).update(part);
        }
        Self(digest.finalize())
    }
}

/// The newest answers.
#[derive(Debug, Default)]
pub(super) struct Repeated(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    by_key: HashMap<Key, Told>,
    oldest_first: VecDeque<Key>,
    bytes: usize,
}

impl Repeated {
    pub(super) fn get(&self, key: &Key) -> Option<Told> {
        self.0.lock().by_key.get(key).cloned()
    }

    /// Remembers an answer; the oldest give way.
    pub(super) fn put(&self, key: Key, told: Told) {
        let mut known = self.0.lock();
        if BYTES_MAX < told.1.len() || known.by_key.contains_key(&key) {
            return;
        }
        known.bytes += told.1.len();
        known.oldest_first.push_back(key.clone());
        known.by_key.insert(key, told);
        while BYTES_MAX < known.bytes {
            let Some(oldest) = known.oldest_first.pop_front() else { return };
            if let Some((_, text)) = known.by_key.remove(&oldest) {
                known.bytes -= text.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_give_way() {
        let known = Repeated::default();
        let (head, ()) = http::Request::new(()).into_parts();
        let key = |n: usize| Key::of(&n.to_string(), &head, b"body");
        for n in 0..5 {
            known.put(key(n), (None, vec![0; BYTES_MAX / 4].into()));
        }
        assert_eq!(
            (0..5).map(|n| known.get(&key(n)).is_some()).collect::<Vec<_>>(),
            [false, true, true, true, true]
        );
        assert_ne!(Key::of("a", &head, b"bc"), Key::of("ab", &head, b"c"));
    }
}
