//! What systemd is told of a server (`Type=notify`); nothing where nobody asks.

use sd_notify::NotifyState;

/// What it is doing before it serves.
pub(super) fn doing(what: &str) {
    tell(&[NotifyState::Status(what)]);
}

/// It serves.
pub(super) fn ready(how: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(how)]);
}

/// It reads its files again; [`read`] follows.
pub(super) fn reading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(error) => tracing::debug!(%error, "the supervisor is not told of files that are read"),
    }
}

/// It has read them.
pub(super) fn read() {
    tell(&[NotifyState::Ready]);
}

/// It ends.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "the supervisor cannot be told");
    }
}
