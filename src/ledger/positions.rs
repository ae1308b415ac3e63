//! How far sources have been read: the last position of each that a command was made of.
//!
//! A position is in the source's own words, such as `topic/0:4711`. What stands before the number at its end names a
//! stream of the source (a partition); within one stream positions rise. So the last one of each stream is kept.

use std::{collections::BTreeMap, sync::Arc};

/// Streams of one source that are remembered; past it the one heard of longest ago is forgotten.
const STREAMS_MAX: usize = 1_024;

/// The last positions of all sources. The last one of a list was heard last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Positions(BTreeMap<Arc<str>, Vec<Arc<str>>>);

/// What a position is of, and its number there; all of it and none where it ends in no number.
pub fn stream(position: &str) -> (&str, Option<u128>) {
    let name = position.trim_end_matches(|c: char| c.is_ascii_digit());
    match position[name.len()..].parse() {
        Ok(number) => (name, Some(number)),
        Err(_) => (position, None),
    }
}

impl Positions {
    /// Notes that a source was read up to here.
    pub fn hear(&mut self, source: &Arc<str>, position: &Arc<str>) {
        let known = self.0.entry(Arc::clone(source)).or_default();
        let (name, _) = stream(position);
        known.retain(|other| stream(other).0 != name);
        if known.len() == STREAMS_MAX {
            known.remove(0);
        }
        known.push(Arc::clone(position));
    }

    /// The last position of the stream that a position is of.
    pub fn last(&self, source: &str, position: &str) -> Option<&Arc<str>> {
        let (name, _) = stream(position);
        self.0.get(source)?.iter().find(|known| stream(known).0 == name)
    }

    /// Whether a source was read up to a position, or further.
    pub fn has(&self, source: &str, position: &str) -> bool {
        let last = self.last(source, position);
        last.is_some_and(|last| stream(position).1 <= stream(last).1)
    }

    /// All sources, each with its positions, the one heard last at the end.
    pub fn all(&self) -> impl Iterator<Item = (&Arc<str>, &[Arc<str>])> {
        self.0.iter().map(|(source, positions)| (source, positions.as_slice()))
    }

    /// Whether nothing was heard of any source.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_rise_within_a_stream() {
        let mut positions = Positions::default();
        let erp: Arc<str> = "erp".into();
        for position in ["topic/0:4711", "topic/1:9", "topic/0:4712"] {
            positions.hear(&erp, &position.into());
        }
        let has = |position| positions.has("erp", position);
        assert_eq!(
            [
                "topic/0:4712",
                "topic/0:9",
                "topic/0:4713",
                "topic/1:9",
                "topic/1:10",
                "topic/2:1",
                "end"
            ]
            .map(has),
            [true, true, false, true, false, false, false]
        );
        let (_, all) = positions.all().next().unwrap();
        assert_eq!(all.iter().map(|one| &**one).collect::<Vec<_>>(), ["topic/1:9", "topic/0:4712"]);
        assert!(!positions.has("crm", "topic/0:1"));
        assert_eq!(stream("1234"), ("", Some(1234)));
        assert_eq!(stream("end"), ("end", None));
    }
}
