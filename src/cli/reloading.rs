//! What a server reads again while it serves: certificates, authorities, tokens, and of the configuration limits and who may
//! call. At once on SIGHUP, by itself soon after a file has changed; what is broken is told, and the old one counts on.

use super::{
    config::{self, GivenFlags, SettingShown, SettledConfig},
    secured::{LookAgain, Security},
    supervised,
};
use crate::rpc::{
    edge,
    secure::tls::{Look, Tls},
};
use std::{path::PathBuf, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

/// How often files are looked at again by themselves.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Settings that count at once; others count from the next start.
fn counts_at_once(key: &str) -> bool {
    key.starts_with("limits.") || key == "access.anonymous"
}

/// What the configuration was settled from, and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Again {
    given: GivenFlags,
    /// The file, if there is one.
    path: Option<PathBuf>,
    /// Its bytes when it was last looked at.
    seen: Option<Vec<u8>>,
    shown: Vec<SettingShown>,
}

impl Again {
    pub(super) fn new(given: &GivenFlags, settled: &SettledConfig) -> Self {
        let path = Some(settled.file.path().to_path_buf()).filter(|path| path.is_file());
        let seen = path.as_ref().and_then(|path| std::fs::read(path).ok());
        Self { given: given.clone(), path, seen, shown: settled.shown.clone() }
    }

    /// Whether the file is another one than when it was last looked at.
    fn has_changed(&mut self) -> bool {
        let now = self.path.as_ref().and_then(|path| std::fs::read(path).ok());
        let has = now != self.seen;
        self.seen = now;
        has
    }

    /// Settles the configuration anew, and lets what can count at once do so. Broken, it changes nothing.
    fn look(&mut self, (security, limits): (&Security, &edge::LiveLimits)) {
        let settled = config::settle(&self.given);
        let rules = settled.and_then(|settled| {
            let rules = settled.args.rules(&settled.file)?;
            Ok((settled, rules))
        });
        let (settled, mut rules) = match rules {
            Ok(found) => found,
            Err(faults) => {
                for fault in faults {
                    tracing::error!(
                        "the configuration cannot be used; the old one counts on: {fault}"
                    );
                }
                return;
            }
        };
        for (now, before) in settled.shown.iter().zip(&mut self.shown) {
            if now == before {
                continue;
            }
            let (key, value, _) = now.row();
            if !counts_at_once(&key) {
                tracing::warn!(key, "a setting has changed that counts from the next start");
            } else if value != before.row().1 {
                tracing::info!(key, value, "a setting has changed");
                before.clone_from(now);
            }
        }
        rules.shown = self.shown.iter().map(SettingShown::row).collect();
        limits.go_by(settled.args.limits());
        security.access.go_by(rules);
        tracing::info!("the configuration counts as it is now");
    }
}

impl Security {
    /// Looks at the files again and again, and at once when SIGHUP comes; at what somebody else has read, too.
    pub(super) fn watch(
        &self,
        runtime: &tokio::runtime::Runtime,
        (mut again, limits, others): (Again, edge::LiveLimits, Option<LookAgain>),
    ) {
        let security = self.clone();
        // It is heard from now on: one that came before would end the process.
        let _within = runtime.enter();
        let mut hangups = match signal(SignalKind::hangup()) {
            Ok(hangups) => hangups,
            Err(error) => {
                tracing::warn!(%error, "files are not read again");
                return;
            }
        };
        runtime.spawn(async move {
            loop {
                count(security.tls.as_deref());
                let is_told = tokio::select! {
                    _ = hangups.recv() => true,
                    () = tokio::time::sleep(LOOK_EVERY) => false,
                };
                if is_told {
                    tracing::info!("told to read files again");
                    supervised::reading();
                }
                security.look(is_told, (&mut again, &limits));
                others.iter().for_each(|look| look());
                if is_told {
                    supervised::read();
                }
            }
        });
    }

    fn look(&self, is_told: bool, (again, limits): (&mut Again, &edge::LiveLimits)) {
        self.access.look();
        look(self.tls.as_deref(), "the certificates");
        look(self.between_nodes.as_deref(), "the certificates between nodes");
        if again.has_changed() || is_told {
            again.look((self, limits));
        }
    }
}

fn look(tls: Option<&Tls>, what: &str) {
    match tls.map(Tls::look) {
        Some(Look::Same) | None => (),
        Some(Look::New) => tracing::info!("{what} have changed"),
        Some(Look::Broken(error)) => {
            tracing::error!(%error, "{what} cannot be used; the old ones count on");
        }
    }
}

/// How long the certificate is good for; no sample where there is none.
fn count(tls: Option<&Tls>) {
    if let Some(tls) = tls {
        let seconds = tls.expires() - crate::engine::clock::now().as_second();
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        metrics::gauge!("promised_tls_certificate_expires_seconds").set(seconds as f64);
    }
}
