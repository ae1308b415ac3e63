//! Who calls: by a token, by the name in a certificate, or nobody in particular.

use super::{
    audit::Audit,
    jwt,
    meters::{Meter, Meters},
    peer::Peer,
    principal::{ANONYMOUS, Bounds, Principal, Quotas},
    roles::Role,
    tokens::{self, Tokens},
};
use crate::engine::clock;
use arc_swap::ArcSwap;
use http::{HeaderMap, header::AUTHORIZATION};
use std::{
    collections::{BTreeSet, HashMap},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What a configuration says about who may call.
#[derive(Debug, Default)]
pub struct AccessSettings {
    /// The file of tokens.
    pub tokens: Option<PathBuf>,
    /// What somebody may do who does not say who he is.
    pub anonymous: Vec<Role>,
    /// Where refusals are noted.
    pub audit: Option<PathBuf>,
    /// Providers whose tokens count.
    pub issuers: Vec<jwt::Issuer>,
    /// What those may do whose certificates have these names.
    pub certificates: Vec<(String, Certificate)>,
    /// Limits of those who have none of their own.
    pub limits: Quotas,
    /// Names and values as they count, for whoever may see them.
    pub shown: Vec<Setting>,
}

/// What a name in a certificate stands for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Certificate {
    /// What it may do.
    pub roles: Vec<Role>,
    /// The demand classes that it may name and see.
    pub classes: BTreeSet<String>,
    /// The customers.
    pub customers: BTreeSet<String>,
    /// The locations.
    pub locations: BTreeSet<String>,
    /// The sources that it speaks for.
    pub sources: BTreeSet<String>,
    /// Whether it sees cost and profit.
    pub economics: bool,
}

/// Why it cannot be said who calls.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The tokens cannot be used.
    #[error(transparent)]
    Tokens(#[from] tokens::Error),
    /// The audit cannot be written.
    #[error("{}: {error}", path.display())]
    Audit {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
}

/// Who a caller is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rpc) enum UnknownCaller {
    /// He says nothing.
    Missing,
    /// What he says does not hold.
    Invalid,
}

/// What of it can change while a server serves.
#[derive(Debug, Default)]
pub struct AccessRules {
    /// What somebody may do who does not say who he is.
    pub anonymous: Vec<Role>,
    /// What those may do whose certificates have these names.
    pub certificates: Vec<(String, Certificate)>,
    /// Limits of those who have none of their own.
    pub limits: Quotas,
    /// Names and values as they count, for whoever may see them.
    pub shown: Vec<Setting>,
}

/// A setting: its name, its value, and where it came from.
pub type Setting = (String, String, String);

/// Who may call.
#[derive(Debug)]
pub struct Access {
    tokens: Option<Tokens>,
    issuers: Vec<jwt::IssuerKeys>,
    known: ArcSwap<Known>,
    /// Whether nobody is asked.
    is_open: bool,
    audit: Audit,
    meters: Meters,
}

/// The rules, as they are looked up.
#[derive(Debug)]
struct Known {
    certificates: HashMap<String, Arc<Principal>>,
    anonymous: Arc<Principal>,
    limits: Quotas,
    shown: Vec<Setting>,
}

impl Known {
    fn of(rules: AccessRules, is_open: bool) -> Self {
        let AccessRules { anonymous, certificates, limits, shown } = rules;
        let nobody = Principal {
            name: ANONYMOUS.into(),
            roles: anonymous.into_iter().collect(),
            bounds: Bounds::default(),
            economics: false,
            limits: Quotas::default(),
            is_open: false,
        };
        let anonymous = Arc::new(if is_open { Principal::open(None) } else { nobody });
        let certificates = certificates.into_iter().map(|(name, certificate)| {
            let principal = Arc::new(certificate.principal(&name));
            (name, principal)
        });
        Self { certificates: certificates.collect(), anonymous, limits, shown }
    }
}

impl Default for Access {
    /// Nobody is asked.
    fn default() -> Self {
        Self::of(AccessSettings::default()).expect("there is no file to fail")
    }
}

impl Access {
    /// As a configuration says.
    ///
    /// # Errors
    /// Its files cannot be used.
    pub fn of(settings: AccessSettings) -> Result<Self, Error> {
        let AccessSettings { tokens, anonymous, audit, issuers, certificates, limits, shown } =
            settings;
        let asks_nobody = tokens.is_none() && issuers.is_empty();
        let is_open = asks_nobody && anonymous.is_empty() && certificates.is_empty();
        let issuers = issuers.into_iter().map(jwt::IssuerKeys::new).collect();
        let tokens = tokens.as_deref().map(Tokens::open).transpose()?;
        let audit = Audit::open(audit.as_deref())
            .map_err(|error| Error::Audit { path: audit.unwrap_or_default(), error })?;
        let known = Known::of(AccessRules { anonymous, certificates, limits, shown }, is_open);
        let (known, meters) = (ArcSwap::from_pointee(known), Meters::default());
        Ok(Self { tokens, issuers, known, is_open, audit, meters })
    }

    /// Other rules count from now on. A server that asks nobody goes on asking nobody: then the limits alone count.
    pub fn go_by(&self, rules: AccessRules) {
        self.known.store(Arc::new(Known::of(rules, self.is_open)));
    }

    /// Where refusals are noted.
    pub fn audit(&self) -> &Audit {
        &self.audit
    }

    /// Whether nobody is asked who he is, and nothing is counted.
    pub(in crate::rpc) fn is_plain(&self) -> bool {
        self.is_open && self.known.load().limits == Quotas::default()
    }

    /// Whether nobody is asked who he is.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// The file of the tokens.
    pub fn tokens_file(&self) -> Option<&Path> {
        self.tokens.as_ref().map(Tokens::path)
    }

    /// Names and values as they count.
    pub(in crate::rpc) fn shown(&self) -> Vec<Setting> {
        self.known.load().shown.clone()
    }

    /// The limits of a principal.
    pub(in crate::rpc) fn limits(&self, principal: &Principal) -> Quotas {
        principal.limits.or(self.known.load().limits)
    }

    /// How much a principal asks for.
    pub(in crate::rpc) fn meter(&self, principal: &Principal) -> Arc<Meter> {
        self.meters.of(principal, self.limits(principal))
    }

    /// Looks at the files again.
    pub fn look(&self) {
        match self.tokens.as_ref().map(Tokens::look) {
            Some(Ok(true)) => tracing::info!("the tokens have changed"),
            Some(Err(error)) => {
                tracing::error!(%error, "the tokens cannot be used; the old ones count on")
            }
            Some(Ok(false)) | None => (),
        }
    }

    /// Who it is that sends these headers, with a token in a link perhaps, over a connection.
    pub(in crate::rpc) fn who(
        &self,
        headers: &HeaderMap,
        query: &str,
        peer: Option<&Peer>,
    ) -> Result<Arc<Principal>, UnknownCaller> {
        let certificate = peer.and_then(|peer| peer.name.as_ref());
        if self.is_open {
            return Ok(match certificate {
                Some(name) => Arc::new(Principal::open(Some(Arc::clone(name)))),
                None => Arc::clone(&self.known.load().anonymous),
            });
        }
        if let Some(said) = headers.get(AUTHORIZATION) {
            let said = said.to_str().map_err(|_| UnknownCaller::Invalid)?;
            let (scheme, token) = said.split_once(' ').ok_or(UnknownCaller::Invalid)?;
            if !scheme.eq_ignore_ascii_case("bearer") {
                return Err(UnknownCaller::Invalid);
            }
            return self.bearer(token.trim()).ok_or(UnknownCaller::Invalid);
        }
        if let Some(token) = query.split('&').find_map(|one| one.strip_prefix("token=")) {
            let found = self.bearer(token).ok_or(UnknownCaller::Invalid)?;
            // A link is passed on and written down: it is for looking only.
            let roles = [Role::Read].into_iter().filter(|role| found.roles.has(*role)).collect();
            return Ok(Arc::new(Principal { roles, ..Principal::clone(&found) }));
        }
        let rules = self.known.load();
        if let Some(name) = certificate {
            let known = rules.certificates.get(&**name);
            return Ok(known.map_or_else(
                || {
                    Arc::new(Principal {
                        name: Arc::clone(name),
                        ..Principal::clone(&rules.anonymous)
                    })
                },
                Arc::clone,
            ));
        }
        if rules.anonymous.roles.is_empty() {
            return Err(UnknownCaller::Missing);
        }
        Ok(Arc::clone(&rules.anonymous))
    }

    fn bearer(&self, token: &str) -> Option<Arc<Principal>> {
        let known = self.tokens.as_ref().and_then(|tokens| tokens.find(token, clock::now()));
        known.or_else(|| {
            // Tokens of others have three parts.
            let is_jwt = token.split('.').count() == 3;
            let found = || self.issuers.iter().find_map(|issuer| issuer.find(token));
            is_jwt.then(found).flatten().map(Arc::new)
        })
    }
}

impl Certificate {
    fn principal(self, name: &str) -> Principal {
        let Self { roles, classes, customers, locations, sources, economics } = self;
        Principal {
            name: name.into(),
            roles: roles.into_iter().collect(),
            bounds: Bounds { classes, customers, locations, sources },
            economics,
            limits: Quotas::default(),
            is_open: false,
        }
    }
}
