//! `promised webhook test`, and the webhooks of the configuration.

use crate::{
    cli::{
        config::{ConfigFault, File},
        failure::Failure,
        output::{self, AnswerFormat},
    },
    engine::clock,
    rpc::webhook::{Hook, Letter, Postman, Secret, Sent},
};
use serde::Deserialize;

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  promised webhook test https://example.com/hook --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
      sends one event, and says what came of it; which webhooks there are says [[webhook]] in the configuration")]
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
        /// How the answer is shown
        #[arg(long, value_name = "FORMAT", default_value = "table")]
        format: AnswerFormat,
    },
}

/// Sends and says.
pub(in crate::cli) fn run(args: &Args) -> Result<(), Failure> {
    let What::Test { url, secret, allow_private, format } = &args.what;
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
            let facts = [("url", url.as_str().into()), ("status", status.into())];
            output::told(*format, &format!("taken: status {status}"), &facts)
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

/// A webhook as the file has it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Table {
    name: String,
    url: String,
    secret: Texts,
    types: Texts,
    customer: String,
    item: String,
    demand_class: String,
    allow_private: bool,
    from: Option<From>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a text or a list of texts is expected")]
enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Default for Texts {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Texts {
    fn all(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(all) => all,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "\"now\" or a position is expected")]
enum From {
    Position(u64),
    Word(String),
}

/// The webhooks of a configuration: `[[webhook]]`.
///
/// # Errors
/// What is wrong with them, with the line.
pub(in crate::cli) fn of_config(file: &File) -> Result<Vec<Hook>, Vec<ConfigFault>> {
    let (mut hooks, mut faults): (Vec<Hook>, Vec<ConfigFault>) = (Vec::new(), Vec::new());
    for (table, place) in file.list::<Table>("", "webhook")? {
        let read =
            hook(table).and_then(|hook| match hooks.iter().any(|one| one.name == hook.name) {
                true => Err(format!("there is another webhook {:?}", hook.name)),
                false => Ok(hook),
            });
        match read {
            Ok(hook) => hooks.push(hook),
            Err(text) => faults.push(ConfigFault::at(place, text)),
        }
    }
    if faults.is_empty() { Ok(hooks) } else { Err(faults) }
}

fn hook(table: Table) -> Result<Hook, String> {
    let Table { name, url, secret, types, customer, item, demand_class, allow_private, from } =
        table;
    for (key, value) in [("name", &name), ("url", &url)] {
        if value.is_empty() {
            return Err(format!("{key} is missing"));
        }
    }
    let secrets = secret.all();
    let secrets = secrets.iter().map(|text| Secret::parse(text)).collect::<Result<Vec<_>, _>>();
    let secrets = secrets.map_err(|expected| format!("secret: {expected}"))?;
    if secrets.is_empty() {
        return Err("secret is missing".to_string());
    }
    let from = match from {
        None => None,
        Some(From::Position(position)) => Some(position),
        Some(From::Word(word)) if word == "now" => None,
        Some(From::Word(word)) => {
            return Err(format!("from: {word:?} is neither \"now\" nor a position"));
        }
    };
    let types = types.all();
    Ok(Hook { name, url, secrets, types, customer, item, demand_class, allow_private, from })
}
