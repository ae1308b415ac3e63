//! Tokens of an OpenID Connect provider: whose they are, and what his groups may do.
//!
//! The provider's keys are fetched on a thread of their own, kept, and fetched again when a token names one that is not
//! known, once a minute at most; where the provider is away the old ones count on.

use super::{
    principal::{Bounds, Principal, Quotas},
    roles::Role,
    verify,
};
use arc_swap::ArcSwap;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet},
};
use parking_lot::Mutex;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};
use tokio::time::Instant;

/// How often keys are asked for at most.
const ASK_EVERY: Duration = Duration::from_secs(60);

/// How soon after a failure.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// How long a provider may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Bytes of an answer of a provider.
const ANSWER_BYTES_MAX: u64 = 1 << 20;

/// An issuer of tokens, as the configuration has it.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Its address, as tokens have it in `iss`.
    pub issuer: String,
    /// For whom its tokens must be.
    pub audience: String,
    /// Where its keys are; where its discovery document says, if not given.
    #[serde(default)]
    pub jwks: Option<String>,
    /// The claim that has the groups: a list, or one text.
    #[serde(default = "groups")]
    pub claim: String,
    /// The claim that has the name.
    #[serde(default = "sub")]
    pub name: String,
    /// What a group may do.
    #[serde(default)]
    pub roles: BTreeMap<String, Vec<Role>>,
    /// The demand classes of a group; of all if it is a list.
    #[serde(default)]
    pub classes: ClassGrant,
}

/// Demand classes, of all or by group.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(untagged)]
pub enum ClassGrant {
    /// The same of all.
    All(BTreeSet<String>),
    /// By group.
    ByGroup(BTreeMap<String, BTreeSet<String>>),
}

impl Default for ClassGrant {
    fn default() -> Self {
        Self::All(BTreeSet::new())
    }
}

fn groups() -> String {
    "groups".to_string()
}

fn sub() -> String {
    "sub".to_string()
}

/// An issuer and its keys.
#[derive(Debug)]
pub(super) struct IssuerKeys {
    issuer: Issuer,
    host: String,
    keys: Arc<ArcSwap<Vec<Jwk>>>,
    asked: Arc<Mutex<Asked>>,
}

/// When its keys were asked for.
#[derive(Debug)]
struct Asked {
    is_under_way: bool,
    not_before: Instant,
}

impl IssuerKeys {
    /// An issuer whose keys are on their way.
    pub(super) fn new(issuer: Issuer) -> Self {
        verify::install();
        let host = issuer.issuer.split("://").last().unwrap_or_default();
        let host = host.split('/').next().unwrap_or_default().to_string();
        let asked = Asked { is_under_way: false, not_before: Instant::now() };
        let known = Self { issuer, host, keys: Arc::default(), asked: Arc::new(Mutex::new(asked)) };
        known.ask();
        known
    }

    /// Whose token it is, if it is one of this issuer, holds and is for us.
    pub(super) fn find(&self, token: &str) -> Option<Principal> {
        let header = decode_header(token).ok()?;
        let keys = self.keys.load_full();
        // A token that names no key is tried with all of its kind.
        let fits = |key: &&Jwk| header.kid.is_none() || key.common.key_id == header.kid;
        let claims = keys.iter().filter(fits).find_map(|key| self.claims(key, token));
        if claims.is_none() && may_have_others(header.kid.as_deref(), &keys) {
            self.ask();
        }
        let claims = claims?;
        let name = claims.get(&self.issuer.name)?.as_str()?;
        let groups: Vec<&str> = match claims.get(&self.issuer.claim) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => {
                Vec::new()
            }
        };
        let roles = groups.iter().filter_map(|group| self.issuer.roles.get(*group)).flatten();
        let classes = match &self.issuer.classes {
            ClassGrant::All(all) => all.clone(),
            ClassGrant::ByGroup(by) => {
                groups.iter().filter_map(|group| by.get(*group)).flatten().cloned().collect()
            }
        };
        Some(Principal {
            name: format!("{}/{name}", self.host).into(),
            roles: roles.copied().collect(),
            bounds: Bounds { classes, ..Bounds::default() },
            economics: false,
            limits: Quotas::default(),
            is_open: false,
        })
    }

    fn claims(&self, key: &Jwk, token: &str) -> Option<Value> {
        let algorithms = algorithms(key);
        let mut validation = Validation::new(*algorithms.first()?);
        validation.algorithms = algorithms;
        validation.set_issuer(&[&self.issuer.issuer]);
        validation.set_audience(&[&self.issuer.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.validate_nbf = true;
        let key = DecodingKey::from_jwk(key).ok()?;
        Some(decode::<Value>(token, &key, &validation).ok()?.claims)
    }

    /// Asks for the keys, unless that was done a moment ago.
    fn ask(&self) {
        {
            let mut asked = self.asked.lock();
            if asked.is_under_way || Instant::now() < asked.not_before {
                return;
            }
            asked.is_under_way = true;
        }
        let (issuer, keys, asked) =
            (self.issuer.clone(), Arc::clone(&self.keys), Arc::clone(&self.asked));
        let ask = move || {
            let found = fetch(&issuer);
            let wait = if found.is_ok() { ASK_EVERY } else { ASK_AGAIN };
            match found {
                Ok(found) => keys.store(Arc::new(found)),
                Err(error) => {
                    tracing::warn!(
                        issuer = issuer.issuer,
                        error,
                        "the keys of an issuer cannot be had"
                    );
                }
            }
            *asked.lock() = Asked { is_under_way: false, not_before: Instant::now() + wait };
        };
        let thread = std::thread::Builder::new().name("keys".to_string()).spawn(ask);
        if let Err(error) = thread {
            tracing::warn!(%error, "no thread to ask for keys");
            self.asked.lock().is_under_way = false;
        }
    }
}

/// Whether a token that does not hold may be signed by a key that is not known yet: one that names it, or, as some
/// providers sign, names none.
fn may_have_others(kid: Option<&str>, keys: &[Jwk]) -> bool {
    kid.is_none_or(|kid| !keys.iter().any(|key| key.common.key_id.as_deref() == Some(kid)))
}

/// What a key can be used for: its own word, else all of its kind. Never what a token says.
fn algorithms(key: &Jwk) -> Vec<Algorithm> {
    if let Some(own) = key.common.key_algorithm {
        return own.to_string().parse().into_iter().collect();
    }
    match &key.algorithm {
        AlgorithmParameters::RSA(_) => vec![
            Algorithm::RS256,
            Algorithm::RS384,
            Algorithm::RS512,
            Algorithm::PS256,
            Algorithm::PS384,
            Algorithm::PS512,
        ],
        AlgorithmParameters::EllipticCurve(curve) => match curve.curve {
            EllipticCurve::P256 => vec![Algorithm::ES256],
            EllipticCurve::P384 => vec![Algorithm::ES384],
            EllipticCurve::P521 | EllipticCurve::Ed25519 => Vec::new(),
            _ => Vec::new(),
        },
        AlgorithmParameters::OctetKeyPair(_) => vec![Algorithm::EdDSA],
        AlgorithmParameters::OctetKey(_) | AlgorithmParameters::Other(_) => Vec::new(),
        _ => Vec::new(),
    }
}

/// Whether an address may be asked: what is not encrypted only on this machine.
pub fn is_safe(url: &str) -> bool {
    if url.starts_with("https://") {
        return true;
    }
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let is_loopback = host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    host == "localhost" || is_loopback
}

fn fetch(issuer: &Issuer) -> Result<Vec<Jwk>, String> {
    let place = match &issuer.jwks {
        Some(place) => place.clone(),
        None => {
            let document =
                format!("{}/.well-known/openid-configuration", issuer.issuer.trim_end_matches('/'));
            let document = get(&document)?;
            let place = document.get("jwks_uri").and_then(Value::as_str);
            place.ok_or("its discovery document names no jwks_uri")?.to_string()
        }
    };
    let set: JwkSet = serde_json::from_value(get(&place)?).map_err(|error| error.to_string())?;
    Ok(set.keys)
}

fn get(url: &str) -> Result<Value, String> {
    if !is_safe(url) {
        return Err(format!("{url} is not encrypted, and not on this machine"));
    }
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(ANSWER_WITHIN))
        .max_redirects(0)
        .build()
        .into();
    let mut answer = agent.get(url).call().map_err(|error| format!("{url}: {error}"))?;
    let text = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string();
    let text = text.map_err(|error| format!("{url}: {error}"))?;
    serde_json::from_str(&text).map_err(|error| format!("{url}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_asked_for_again_where_a_token_may_be_of_another_one() {
        let keys: JwkSet = serde_json::from_value(serde_json::json!({ "keys": [
            { "kty": "OKP", "crv": "Ed25519", "kid": "one", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }
        ] }))
        .unwrap();
        assert!(!may_have_others(Some("one"), &keys.keys));
        assert!(may_have_others(Some("two"), &keys.keys));
        assert!(may_have_others(None, &keys.keys), "it was rotated, and tokens do not say so");
        assert!(may_have_others(Some("one"), &[]));
    }

    #[test]
    fn what_is_not_encrypted_is_asked_on_this_machine_only() {
        for url in [
            "https://id.example/x",
            "http://127.0.0.1:9/k",
            "http://localhost/k",
            "http://[::1]:9/",
        ] {
            assert!(is_safe(url), "{url}");
        }
        for url in [
            "http://id.example",
            "http://127.0.0.1.example/",
            "ftp://localhost",
            "http://localhost@x/",
        ] {
            assert!(!is_safe(url), "{url}");
        }
    }
}
