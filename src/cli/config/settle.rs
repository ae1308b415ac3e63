//! Which value of a setting counts, and where it came from.

use super::{
    fault::ConfigFault,
    file::{File, FileSetting},
    known,
    names::Name,
};
use crate::cli::{ask, feed, saved, secured, serve};
use clap::{
    Arg, ArgAction, ArgMatches, Args as _, Command, FromArgMatches,
    error::{ContextKind, ContextValue, ErrorKind},
    parser::ValueSource,
};
use std::{
    any::TypeId,
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

/// The file that is read where none is named, if it is there.
const FILE: &str = "promised.toml";

/// Flags that name the file itself, or say nothing about the server.
const NO_SETTINGS: [&str; 2] = ["config", "help"];

/// The flags of `serve` as they were given, before file and environment are asked.
#[derive(Clone, Debug)]
pub(in crate::cli) struct GivenFlags {
    matches: ArgMatches,
}

impl GivenFlags {
    /// Nothing but a file, or the one that is read by itself.
    pub(in crate::cli) fn of_file(config: Option<&Path>) -> Self {
        let command = serve::Args::augment_args(Command::new("serve").no_binary_name(true));
        let named = config.map(|path| {
            let mut word = OsString::from("--config=");
            word.push(path);
            word
        });
        let matches = command.try_get_matches_from(named);
        Self { matches: matches.expect("it takes a file, and nothing is required") }
    }
}

impl FromArgMatches for GivenFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self { matches: matches.clone() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.matches = matches.clone();
        Ok(())
    }
}

impl clap::Args for GivenFlags {
    fn augment_args(command: Command) -> Command {
        serve::Args::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        serve::Args::augment_args_for_update(command)
    }
}

/// What counts.
#[derive(Debug)]
pub(in crate::cli) struct SettledConfig {
    /// As if all of it had been given by flags.
    pub(in crate::cli) args: serve::Args,
    /// Tables of tables are read from here.
    pub(in crate::cli) file: File,
    /// Every setting, its value, and where it came from.
    pub(in crate::cli) shown: Vec<SettingShown>,
}

/// A setting as `config show` tells it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(in crate::cli) struct SettingShown {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) from: String,
}

impl SettingShown {
    /// Key, value and where it came from.
    pub(in crate::cli) fn row(&self) -> (String, String, String) {
        (self.key.clone(), self.value.clone(), self.from.clone())
    }
}

/// Reads the file and the environment beside what was given.
///
/// # Errors
/// Everything that is wrong with them.
pub(in crate::cli) fn settle(given: &GivenFlags) -> Result<SettledConfig, Vec<ConfigFault>> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    settle_with(given, variable)
}

fn settle_with(
    given: &GivenFlags,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<SettledConfig, Vec<ConfigFault>> {
    let named = given.matches.get_one::<PathBuf>("config").cloned();
    let named = named.or_else(|| variable("PROMISED_CONFIG").map(PathBuf::from));
    let file = match named.or_else(|| Path::new(FILE).is_file().then(|| FILE.into())) {
        Some(path) => File::read(&path)?,
        None => File::default(),
    };
    settle_file(given, file, variable)
}

/// What is wrong with the text of a configuration file.
pub(in crate::cli) fn faults_of(text: &str) -> Vec<ConfigFault> {
    let settled = File::of_text(Path::new(FILE), text.to_string())
        .and_then(|file| settle_file(&GivenFlags::of_file(None), file, |_| None));
    settled.err().unwrap_or_default()
}

fn settle_file(
    given: &GivenFlags,
    file: File,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<SettledConfig, Vec<ConfigFault>> {
    let command = serve::Args::augment_args(Command::new("serve").no_binary_name(true));
    let mut sources = Sources { given, file: &file, variable, faults: Vec::new() };
    sources.faults = unknown(&command, &file);
    sources.faults.extend(secured::tables(&file).err().unwrap_or_default());
    sources.faults.extend(saved::of_config(&file).err().unwrap_or_default());
    sources.faults.extend(feed::of_config(&file).err().unwrap_or_default());
    sources.faults.extend(ask::webhook::of_config(&file).err().unwrap_or_default());
    let (mut flags, mut shown): (Vec<OsString>, Vec<SettingShown>) = (Vec::new(), Vec::new());
    for arg in command.get_arguments() {
        let Some(flag) = arg.get_long().filter(|flag| !NO_SETTINGS.contains(flag)) else {
            continue;
        };
        let name = Name::of_flag(flag);
        let (value, from) = match sources.find(arg, &name) {
            Some(found) => {
                let words = as_flag(arg, flag, &found.value);
                match checked(&command, &words) {
                    Ok(()) => flags.extend(words),
                    Err(text) => {
                        let place = found.place;
                        let text = format!("{}: {text}", name.full());
                        sources.faults.push(ConfigFault::at(place, text));
                    }
                }
                (found.value.to_string_lossy().into_owned(), found.from)
            }
            None => (defaults(arg), "default".to_string()),
        };
        shown.push(SettingShown { key: name.full(), value, from });
    }
    if !sources.faults.is_empty() {
        return Err(sources.faults);
    }
    let args = command
        .try_get_matches_from(flags)
        .and_then(|matches| serve::Args::from_arg_matches(&matches));
    // What contradicts each other: clap says it in its own way.
    let args = args.map_err(|error| {
        let text = error.to_string();
        let text = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        vec![ConfigFault::at("settings", text.to_string())]
    })?;
    Ok(SettledConfig { args, file, shown })
}

/// Where a value was found.
struct Found {
    value: OsString,
    from: String,
    place: String,
}

struct Sources<'a, V> {
    given: &'a GivenFlags,
    file: &'a File,
    variable: V,
    faults: Vec<ConfigFault>,
}

impl<V: Fn(&str) -> Option<OsString>> Sources<'_, V> {
    /// The last word on a setting, if anybody has said one.
    fn find(&self, arg: &Arg, name: &Name) -> Option<Found> {
        // The snapshot is given by its place as well.
        let ids = [
            (arg.get_id().as_str(), format!("--{}", name.flag)),
            ("tables", "SNAPSHOT".to_string()),
        ];
        let n_ids = if name.flag == "snapshot" { 2 } else { 1 };
        for (id, from) in ids.into_iter().take(n_ids) {
            if self.given.matches.value_source(id) == Some(ValueSource::CommandLine) {
                let values = self.given.matches.get_raw(id).into_iter().flatten();
                let value = values.collect::<Vec<_>>().join(OsStr::new(","));
                return Some(Found { value, place: from.clone(), from });
            }
        }
        let variable = name.variable();
        if let Some(value) = (self.variable)(&variable) {
            return Some(Found { value, place: variable.clone(), from: variable });
        }
        let is_it = |entry: &&FileSetting| entry.section == name.section && entry.key == name.key;
        let entry = self.file.entries.iter().find(is_it)?;
        let place = entry.place.to_string();
        let mut value = OsString::from(&entry.value);
        let is_path = arg.get_value_parser().type_id() == TypeId::of::<PathBuf>();
        if is_path {
            value = self.file.beside(Path::new(&value)).into_os_string();
        }
        Some(Found { value, place: place.clone(), from: place })
    }
}

/// A value as the words of a command line.
fn as_flag(arg: &Arg, flag: &str, value: &OsStr) -> Vec<OsString> {
    let mut word = OsString::from(format!("--{flag}"));
    if matches!(arg.get_action(), ArgAction::SetTrue) && value == "false" {
        return Vec::new();
    }
    if !(matches!(arg.get_action(), ArgAction::SetTrue) && value == "true") {
        word.push("=");
        word.push(value);
    }
    vec![word]
}

/// Whether a flag takes a value, alone.
fn checked(command: &Command, words: &[OsString]) -> Result<(), String> {
    let Err(error) = command.clone().try_get_matches_from(words) else { return Ok(()) };
    let kind = error.kind();
    if kind == ErrorKind::ValueValidation {
        let why = std::error::Error::source(&error).map(ToString::to_string);
        return Err(why.unwrap_or_else(|| "is not understood".to_string()));
    }
    if ![ErrorKind::InvalidValue, ErrorKind::TooManyValues, ErrorKind::WrongNumberOfValues]
        .contains(&kind)
    {
        // What is missing beside it may come from elsewhere.
        return Ok(());
    }
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(words)) => {
            Err(format!("one of {} is expected", words.join(", ")))
        }
        Some(_) | None => Err("true or false is expected".to_string()),
    }
}

fn defaults(arg: &Arg) -> String {
    if matches!(arg.get_action(), ArgAction::SetTrue) {
        return "false".to_string();
    }
    let values: Vec<_> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    values.join(",")
}

/// Keys and sections of the file that there are not.
fn unknown(command: &Command, file: &File) -> Vec<ConfigFault> {
    let mut known: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let flags = command.get_arguments().filter_map(Arg::get_long);
    for name in flags.filter(|flag| !NO_SETTINGS.contains(flag)).map(Name::of_flag) {
        known.entry(name.section).or_default().push(name.key);
    }
    let mut faults = Vec::new();
    for FileSetting { section, key, place, .. } in &file.entries {
        let Some(keys) = known.get(section.as_str()) else {
            let sections: Vec<_> = known.keys().copied().collect();
            let what = format!("unknown section [{section}]");
            faults.push(ConfigFault::unknown(place, &what, (section, &sections)));
            continue;
        };
        if !keys.contains(key) {
            let mut keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            for name in known::names(section) {
                keys.push(name);
            }
            let what = format!("unknown key {key:?} in [{section}]");
            faults.push(ConfigFault::unknown(place, &what, (key, &keys)));
        }
    }
    faults
}
