//! The data that a server starts with.

use super::args::Args;
use crate::cli::{
    clustered::{self, Joined},
    data,
    ended::unstarted,
    failure::Failure,
    feed::{self, Feed, Feeds},
    operating::Loading,
    output,
    refreshing::{self, Refreshing, Watching},
    render, ruled,
};
use crate::{
    engine::{
        self, Engine, Stopped,
        refresh::{self, Refresher},
        sweep::Sweeper,
    },
    journal::Journal,
    loader,
    rpc::{
        self,
        operations::Operations,
        webhook::{Hook, Hooks},
    },
};
use std::{sync::Arc, time::Duration};
use tokio::sync::oneshot;

/// How often all balances are recomputed in the background.
const SELF_CHECK_EVERY: Duration = Duration::from_secs(3_600);

/// What a server has when it has loaded.
pub(super) struct LoadedServer {
    pub(super) refresher: Arc<Refresher>,
    /// Until they are dropped.
    pub(super) beside: (Option<Watching>, Sweeper, Hooks, Feeds),
    /// What people are told, but for the address.
    pub(super) told: StartLine,
}

/// The line that says that a server serves, before and after its address.
pub(super) struct StartLine {
    pub(super) before: String,
    pub(super) after: String,
}

/// Loads the snapshot and replays the journal over it.
pub(super) fn load(
    (args, joined): (&Args, Option<&Joined>),
    (journal, tell): (Box<dyn Journal>, oneshot::Sender<Stopped>),
    (hooks, feeds): (Vec<Hook>, Vec<Feed>),
    operations: &Arc<Operations>,
) -> Result<LoadedServer, Failure> {
    let data = args.keep.data.as_deref();
    let tables = match &args.snapshot {
        Some(tables) => tables.clone(),
        None => match joined {
            Some(joined) => joined.tables(data)?,
            None => args.refreshing.newest(data)?,
        },
    };
    // What is read is what is kept, whoever writes to the tables meanwhile.
    let whole = loader::Whole::of(&tables).map_err(|error| data::unloadable(&error))?;
    let (store, own) = refreshing::store(data, whole.path())?;
    let opened = data::snapshot_named(own.path(), &tables, &Loading::new(operations))?;
    let (mut snapshot, took) = (opened.snapshot, opened.took);
    snapshot.sum = Some(refresh::sum(own.path())?);
    let snapshot = Arc::new(snapshot);
    let of_hook = Arc::clone(operations);
    let config = engine::Config {
        on_stop: Box::new(move |why| {
            if !matches!(why, Stopped::Asked) {
                of_hook.dead();
            }
            // Nobody listens any more where the server has ended first.
            drop(tell.send(why));
        }),
        remember_for: args.keep.retain,
        keep_over_for: args.keep.keep_over,
        scenario_bytes_at_most: args.scenario_memory,
        today: args.today,
        snapshots: clustered::snapshots(joined, data),
        check_every: Some(SELF_CHECK_EVERY),
        clock_jump: args.clock_jump,
        identity: clustered::identity(joined, &args.keep)?,
        follows: joined.is_some(),
        scenarios: data.map(|data| data.join("scenarios")),
        by: rpc::principal,
        traced: rpc::traced,
        exceptions: args.told.settings(),
        ..engine::Config::new()
    };
    let engine = Engine::start(Arc::clone(&snapshot), journal, config).map_err(unstarted)?;
    ruled::tell(&engine);
    let n_promises = engine.pin().n_reservations() as u64;
    let started = (own.path(), opened.rows);
    let settings = (store, args.kept.settings());
    let refresher = Refreshing::refresher(&engine, settings, started)?;
    let watching = args.refreshing.watch(&refresher);
    args.backups.begin(&refresher);
    // The journal may have moved on to another one.
    let snapshot = Arc::clone(&engine.pin().snapshot);
    let (items, locations) = (snapshot.items.names.len(), snapshot.locations.names.len());
    let told = StartLine {
        before: format!("serving {}", render::printable(snapshot.id())),
        after: format!(
            "{}, {}, loaded in {:.3} s; {}; {}; Ctrl-C stops it",
            output::count(items as u64, "item"),
            output::count(locations as u64, "location"),
            took.as_secs_f64(),
            output::count(n_promises, "promise"),
            args.keep.place(),
        ),
    };
    let sweeper = engine::sweep::start(engine.clone());
    let hooks = rpc::webhook::start(&engine, hooks, data);
    let feeds = feed::start(&engine, feeds);
    Ok(LoadedServer { refresher, beside: (watching, sweeper, hooks, feeds), told })
}
