//! What a server does by itself, in words, as `cluster status` tells it of each node.

use super::args::Args;
use crate::{cli::feed::Feed, rpc::saved::Saved, rpc::webhook::Hook};

/// All that it is configured for.
pub(super) fn duties(
    args: &Args,
    (runs, feeds, hooks): (&[Saved], &[Feed], &[Hook]),
) -> Vec<String> {
    let hooks = hooks.iter().map(|hook| format!("webhook {}", hook.name));
    let feeds = feeds.iter().map(|feed| format!("feed {}", feed.source()));
    let watch = args.refreshing.is_watching().then(|| "watch".to_string());
    let backup = args.backups.are_wanted().then(|| "backup".to_string());
    let daily = runs.iter().filter(|run| run.at.is_some());
    let daily = daily.map(|run| format!("run {}", run.name));
    hooks.chain(feeds).chain(watch).chain(backup).chain(daily).collect()
}
