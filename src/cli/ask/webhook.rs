//! `promised webhook test`, and the webhooks of the configuration.

use crate::{
    cli::{failure::Failure, output},
    engine::clock,
    rpc::webhook::{Hook, Letter, Postman, Secret, Sent},
};
use std::{io::Write, path::Path};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

/// What is done with webhooks.
#[derive(Debug, clap::Subcommand)]
enum What {
    /// Sends one event of type promised.test, and says what came of it
    #[command(after_help = "\
Examples:
  promised webhook test https://example.com/hook --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
  promised webhook test http://127.0.0.1:8080/hook --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw --allow-private
Exit code: 0 if it was taken (2xx), 1 if not.")]
    Test {
        /// Where to
        #[arg(value_name = "URL")]
        url: String,
        /// With what it is signed: whsec_ and Base64
        #[arg(long, value_name = "SECRET", value_parser = Secret::parse)]
        secret: Secret,
        /// Lets it be an address of the own network
        #[arg(long)]
        allow_private: bool,
    },
}

/// Sends and says.
pub(in crate::cli) fn run(args: &Args) -> Result<(), Failure> {
    let What::Test { url, secret, allow_private } = &args.what;
    let hook = Hook {
        name: "test".to_string(),
        url: url.clone(),
        secrets: vec![secret.clone()],
        allow_private: *allow_private,
        ..Hook::default()
    };
    let now = clock::now();
    match Postman::new(hook).send(&Letter::test(now), now) {
        Sent::Taken(status) => {
            let mut out = output::stdout();
            writeln!(out, "taken: status {status}")?;
            Ok(out.flush()?)
        }
        Sent::Gone => Err(refused(url, "status 410: it would be switched off")),
        Sent::Failed(why) => Err(refused(url, &why)),
    }
}

fn refused(url: &str, why: &str) -> Failure {
    Failure::new(
        format!("{url} did not take it: {why}"),
        "see to it that it answers 2xx within 15 s, and that the secret is the one that it checks",
    )
}

/// The file that is read where none is named.
const DEFAULT: &str = "promised.toml";

/// The webhooks of the configuration: of the file that is named, or of the one in the working directory.
///
/// # Errors
/// What is wrong with one.
pub(in crate::cli) fn of_config(named: Option<&Path>) -> Result<Vec<Hook>, Failure> {
    let default = Path::new(DEFAULT);
    let found = named.or_else(|| default.exists().then_some(default));
    found.map_or(Ok(Vec::new()), of_file)
}

/// The webhooks that a configuration file names: `[[webhook]]`.
///
/// # Errors
/// What is wrong with one, with its place in the list.
fn of_file(path: &Path) -> Result<Vec<Hook>, Failure> {
    let wrong = |text: String| {
        Failure::new(
            format!("{}: {text}", path.display()),
            "see docs/events.md for what [[webhook]] holds",
        )
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    // The JSON of before there was TOML has none.
    if text.trim_start().starts_with('{') {
        return Ok(Vec::new());
    }
    let file: toml::Table =
        text.parse().map_err(|error: toml::de::Error| wrong(error.to_string()))?;
    let Some(all) = file.get("webhook") else { return Ok(Vec::new()) };
    let all = all.as_array().ok_or_else(|| wrong("webhook is a list: [[webhook]]".to_string()))?;
    let mut hooks: Vec<Hook> = Vec::new();
    for (at, one) in all.iter().enumerate() {
        let table = one.as_table().ok_or_else(|| wrong("[[webhook]] is a table".to_string()))?;
        let hook = hook(table).map_err(|text| wrong(format!("webhook {}: {text}", at + 1)))?;
        if hooks.iter().any(|other| other.name == hook.name) {
            return Err(wrong(format!("webhook {}: {:?} is there twice", at + 1, hook.name)));
        }
        hooks.push(hook);
    }
    Ok(hooks)
}

fn hook(table: &toml::Table) -> Result<Hook, String> {
    const KEYS: &[&str] = &[
        "name",
        "url",
        "secret",
        "types",
        "customer",
        "item",
        "demand_class",
        "allow_private",
        "from",
    ];
    if let Some(unknown) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("unknown key {unknown:?}; known are {}", KEYS.join(", ")));
    }
    let text = |key: &str| match table.get(key) {
        None => Ok(String::new()),
        Some(value) => {
            value.as_str().map(str::to_string).ok_or(format!("{key}: a text is expected"))
        }
    };
    let texts = |key: &str| match table.get(key) {
        None => Ok(Vec::new()),
        Some(toml::Value::String(one)) => Ok(vec![one.clone()]),
        Some(value) => {
            let list = value
                .as_array()
                .map(|list| list.iter().map(|one| one.as_str().map(str::to_string)));
            let list: Option<Vec<String>> = list.and_then(Iterator::collect);
            list.ok_or(format!("{key}: a text or a list of texts is expected"))
        }
    };
    let secrets =
        texts("secret")?.iter().map(|text| Secret::parse(text)).collect::<Result<Vec<_>, _>>();
    let secrets = secrets.map_err(|expected| format!("secret: {expected}"))?;
    let hook = Hook {
        name: text("name")?,
        url: text("url")?,
        secrets,
        types: texts("types")?,
        customer: text("customer")?,
        item: text("item")?,
        demand_class: text("demand_class")?,
        allow_private: match table.get("allow_private") {
            None => false,
            Some(flag) => flag.as_bool().ok_or("allow_private: true or false is expected")?,
        },
        from: match table.get("from") {
            None => None,
            Some(toml::Value::String(now)) if now == "now" => None,
            Some(value) => {
                let from = value.as_integer().and_then(|from| u64::try_from(from).ok());
                Some(from.ok_or("from: \"now\" or a position is expected")?)
            }
        },
    };
    for (key, value) in [("name", &hook.name), ("url", &hook.url)] {
        if value.is_empty() {
            return Err(format!("{key} is missing"));
        }
    }
    if hook.secrets.is_empty() {
        return Err("secret is missing".to_string());
    }
    Ok(hook)
}
