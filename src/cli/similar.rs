//! Names that somebody may have meant by a name that does not exist.

use strsim::generic_levenshtein;

/// Names shown at most.
const SHOWN_MAX: usize = 5;

/// Characters of a name that are compared.
const COMPARED_MAX: usize = 40;

/// The names closest to a word, the nearest first, each once: a few keystrokes away, or one is the
/// beginning of the other.
pub(super) fn similar<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let word: Vec<char> = folded(word).collect();
    let most = 1 + word.len() / 4;
    let mut found: Vec<(usize, &str)> = Vec::new();
    for name in names {
        let name_folded: Vec<char> = folded(name).collect();
        let shorter = word.len().min(name_folded.len());
        let is_begun = 3 <= shorter && word[..shorter] == name_folded[..shorter];
        let distance = match word.len().abs_diff(name_folded.len()) {
            _ if is_begun => generic_levenshtein(&word, &name_folded).min(1),
            lengths if most < lengths => continue,
            _ => generic_levenshtein(&word, &name_folded),
        };
        if distance <= most && !found.iter().any(|(_, other)| *other == name) {
            found.push((distance, name));
            found.sort();
            found.truncate(SHOWN_MAX);
        }
    }
    found.into_iter().map(|(_, name)| name).collect()
}

/// A mend: the close names; all where there are few; else where the known ones are.
pub(super) fn mend(word: &str, names: &[&str], elsewhere: &str) -> String {
    let found = similar(word, names.iter().copied());
    if !found.is_empty() {
        return found.join(", ");
    }
    match names.len() {
        1..=SHOWN_MAX => names.join(", "),
        _ => elsewhere.to_string(),
    }
}

fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().take(COMPARED_MAX).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_nearest_first() {
        let names = ["PUMP", "PUMP-2", "BODY", "PUMQ", "VALVE"];
        let show = |word| similar(word, names.into_iter()).join(" ");
        assert_eq!(show("pump"), "PUMP PUMP-2 PUMQ");
        assert_eq!(show("PUMP1"), "PUMP PUMP-2 PUMQ");
        assert_eq!(show("VALE"), "VALVE");
        assert_eq!(show("VALVES-2"), "VALVE");
        assert_eq!(show("NOTHING"), "");
        assert_eq!(mend("NOTHING", &names, "-"), "PUMP, PUMP-2, BODY, PUMQ, VALVE");
        assert_eq!(mend("NOTHING", &[], "-"), "-");
    }
}
