//! The configuration file: its settings as they stand there, each with its line, and its tables of tables.

use super::{
    fault::{ConfigFault, FilePlace},
    known::is_known,
};
use crate::engine::refresh;
use std::path::{Path, PathBuf};
use toml::de::{DeArray, DeInteger, DeTable, DeValue};

/// The configuration file, read but not judged.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct File {
    pub(super) path: PathBuf,
    /// Empty where it is the JSON of before.
    pub(super) text: String,
    pub(super) entries: Vec<FileSetting>,
}

/// A setting of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileSetting {
    pub(super) section: String,
    pub(super) key: String,
    /// As a flag would be given it.
    pub(super) value: String,
    pub(super) place: FilePlace,
}

impl File {
    /// Where it is.
    pub(in crate::cli) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads a file: TOML, or the JSON of before there was TOML.
    ///
    /// # Errors
    /// It cannot be read, or it is neither.
    pub(super) fn read(path: &Path) -> Result<Self, Vec<ConfigFault>> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            vec![ConfigFault::at(path.display(), format!("cannot be read: {error}"))]
        })?;
        Self::of_text(path, text)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// It is neither.
    pub(super) fn of_text(path: &Path, text: String) -> Result<Self, Vec<ConfigFault>> {
        // No table of TOML begins with a brace.
        if text.trim_start().starts_with('{') {
            return json(path, &text).map_err(|fault| vec![fault]);
        }
        let (document, broken) = DeTable::parse_recoverable(&text);
        if !broken.is_empty() {
            let fault = |error: &toml::de::Error| {
                let at = error.span().map_or(0, |span| span.start);
                ConfigFault::at(FilePlace::of(path, &text, at), error.message())
            };
            return Err(broken.iter().map(fault).collect());
        }
        let (mut entries, mut faults) = (Vec::new(), Vec::new());
        for (name, content) in document.get_ref() {
            let place = FilePlace::of(path, &text, name.span().start);
            let section = name.get_ref().as_ref();
            if let Some(table) = content.get_ref().as_table() {
                section_of((path, &text), section, table, (&mut entries, &mut faults));
            } else if !is_known("", section) {
                let text = format!("{section:?} stands outside of a section, such as [serve]");
                faults.push(ConfigFault::at(place, text));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        drop(document);
        Ok(Self { path: path.to_path_buf(), text, entries })
    }

    /// A path of the file counts from the directory that the file is in.
    pub(in crate::cli) fn beside(&self, path: &Path) -> PathBuf {
        self.path.parent().map_or_else(|| path.to_path_buf(), |dir| dir.join(path))
    }
}

fn section_of(
    (path, text): (&Path, &str),
    section: &str,
    table: &DeTable<'_>,
    (entries, faults): (&mut Vec<FileSetting>, &mut Vec<ConfigFault>),
) {
    for (key, content) in table {
        let place = FilePlace::of(path, text, key.span().start);
        let name: &str = key.get_ref().as_ref();
        if is_known(section, name) {
            continue;
        }
        match value(content.get_ref()) {
            Ok(value) => {
                let (section, key) = (section.to_string(), name.to_string());
                entries.push(FileSetting { section, key, value, place });
            }
            Err(expected) => {
                faults.push(ConfigFault::at(place, format!("{section}.{name}: {expected}")))
            }
        }
    }
}

/// A value as a flag would be given it.
fn value(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(number) => integer(number),
        DeValue::Float(number) => Ok(number.as_str().to_string()),
        DeValue::Boolean(truth) => Ok(truth.to_string()),
        DeValue::Datetime(date) => Ok(date.to_string()),
        DeValue::Array(list) => joined(list),
        DeValue::Table(_) => Err("a value is expected, not a table".to_string()),
    }
}

fn integer(number: &DeInteger<'_>) -> Result<String, String> {
    let read = i64::from_str_radix(number.as_str(), number.radix());
    read.map(|number| number.to_string()).map_err(|error| error.to_string())
}

fn joined(list: &DeArray<'_>) -> Result<String, String> {
    let mut words = Vec::new();
    for one in list.iter() {
        if one.get_ref().is_array() {
            return Err("a list of lists is not expected".to_string());
        }
        let word = value(one.get_ref())?;
        if word.contains(',') {
            return Err(format!("{word:?} has a comma in it"));
        }
        words.push(word);
    }
    Ok(words.join(","))
}

/// The file of before: settings of refreshes alone.
fn json(path: &Path, text: &str) -> Result<File, ConfigFault> {
    let settings: refresh::RefreshSettings = serde_json::from_str(text).map_err(|error| {
        let place = FilePlace { file: path.to_path_buf(), line: Some(error.line()) };
        ConfigFault::at(place, error.to_string())
    })?;
    let raw: serde_json::Value = serde_json::from_str(text).expect("it has just been read");
    let (limits, keep) = (settings.quarantine, settings.keep);
    let given = [
        ("/quarantine/on_hand_down_percent", limits.on_hand_down_percent.to_string()),
        ("/quarantine/supply_down_percent", limits.supply_down_percent.to_string()),
        ("/quarantine/tables_vanished", limits.tables_vanished.to_string()),
        ("/quarantine/names_vanished", limits.names_vanished.to_string()),
        ("/quarantine/promises_dropped_percent", limits.promises_dropped_percent.to_string()),
        ("/keep_snapshots", settings.keep_snapshots.to_string()),
        ("/keep/quarantine", keep.quarantine.to_string()),
        ("/keep/reports", keep.reports.to_string()),
        ("/keep/broken_pushes", keep.broken_pushes.to_string()),
        ("/keep/seconds", format!("{}s", keep.seconds)),
    ];
    // What the file does not say keeps coming from elsewhere.
    let said = given.into_iter().filter(|(pointer, _)| raw.pointer(pointer).is_some());
    let entry = |(pointer, value): (&str, String)| {
        let (section, key) = match pointer {
            "/keep_snapshots" => ("keep", "snapshots"),
            "/keep/seconds" => ("keep", "at_most"),
            other => other[1..].split_once('/').expect("all others have two parts"),
        };
        let place = FilePlace { file: path.to_path_buf(), line: None };
        FileSetting { section: section.to_string(), key: key.to_string(), value, place }
    };
    Ok(File { path: path.to_path_buf(), text: String::new(), entries: said.map(entry).collect() })
}
