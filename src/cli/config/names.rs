//! One rule for names: the key of the file, the flag and the variable of a setting have the same words.
//!
//! `[tls] client_ca` is `--tls-client-ca` and `PROMISED_TLS_CLIENT_CA`; the sections `serve` and `telemetry` are left out
//! of both (`[serve] drain`, `--drain`, `PROMISED_DRAIN`). So whoever adds a flag to `serve` has added a key.

/// Sections whose name begins the names of their flags.
const SECTIONS: [&str; 8] =
    ["access", "backup", "clock", "keep", "limits", "quarantine", "ready", "tls"];

/// Flags that only look as if they were of such a section.
const OF_SERVE: [&str; 1] = ["keep-over"];

/// Flags of the section whose name is left out as that of `serve` is.
const OF_TELEMETRY: [&str; 4] = ["log-format", "slow-call", "sample", "otlp"];

/// The names of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The flag of `serve`, without its dashes.
    pub(super) flag: String,
    /// The section of the file.
    pub(super) section: &'static str,
    /// The key in it.
    pub(super) key: String,
}

impl Name {
    /// The names of the setting that a flag gives.
    pub(super) fn of_flag(flag: &str) -> Self {
        let section = SECTIONS.iter().copied().find(|section| {
            let rest = flag.strip_prefix(section).and_then(|rest| rest.strip_prefix('-'));
            rest.is_some() && !OF_SERVE.contains(&flag)
        });
        let (section, key) = match section {
            Some(section) => (section, &flag[section.len() + 1..]),
            None if OF_TELEMETRY.contains(&flag) => ("telemetry", flag),
            None => ("serve", flag),
        };
        Self { flag: flag.to_string(), section, key: key.replace('-', "_") }
    }

    /// Section and key as one word.
    pub(super) fn full(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }

    /// The variable of the environment.
    pub(super) fn variable(&self) -> String {
        format!("PROMISED_{}", self.flag.replace('-', "_").to_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_rule_names_key_flag_and_variable() {
        let check = |flag, want: &str| {
            let name = Name::of_flag(flag);
            assert_eq!(format!("{} {}", name.full(), name.variable()), want);
        };
        check("drain", "serve.drain PROMISED_DRAIN");
        check("tls-client-ca", "tls.client_ca PROMISED_TLS_CLIENT_CA");
        check("keep-over", "serve.keep_over PROMISED_KEEP_OVER");
        check("keep-reports", "keep.reports PROMISED_KEEP_REPORTS");
        check("log-format", "telemetry.log_format PROMISED_LOG_FORMAT");
        check("scenario-memory", "serve.scenario_memory PROMISED_SCENARIO_MEMORY");
    }
}
