//! Who has made the call that is under way: known wherever it is worked on.

use super::{
    access::Access,
    enough::suffices,
    meters::{Holding, Meter, Running},
    methods::{self, NeededRole},
    principal::{ANONYMOUS, BoundKind, Bounds, Principal},
};
use crate::{
    engine::{
        Engine,
        traced::{Stage, Traced},
    },
    ledger::{Reservation, World},
    rpc::{status::Failure, traces::Span},
    snapshot::Snapshot,
};
use std::{future::Future, sync::Arc};

/// The caller of a call.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct Caller {
    pub(in crate::rpc) principal: Arc<Principal>,
    /// What its method needs.
    pub(in crate::rpc) need: NeededRole,
    pub(in crate::rpc) method: String,
    /// What he names is looked up here.
    pub(in crate::rpc) engine: Engine,
    pub(in crate::rpc) access: Arc<Access>,
    pub(in crate::rpc) peer: String,
    pub(in crate::rpc) meter: Arc<Meter>,
    /// It counts as one of his calls as long as it is under way.
    pub(in crate::rpc) _running: Arc<Running>,
    /// Of what his call is a part, if he says so.
    pub(in crate::rpc) trace: Option<u128>,
    /// His call, where it is followed.
    pub(in crate::rpc) span: Option<Arc<Span>>,
}

impl Caller {
    /// Notes in the audit what was refused to him.
    pub(in crate::rpc) fn refused(&self, failure: &Failure) {
        let who = (&*self.principal.name, &*self.method, &*self.peer);
        self.access.audit().note(who, failure.code(), failure.reason());
    }
}

tokio::task_local! {
    /// Of the call under way.
    static CALLER: Arc<Caller>;
}

/// Runs the work of a call.
pub(in crate::rpc) fn scope<F: Future>(
    caller: Arc<Caller>,
    work: F,
) -> impl Future<Output = F::Output> {
    CALLER.scope(caller, work)
}

/// Runs one step of it.
pub(in crate::rpc) fn step<T>(caller: &Arc<Caller>, step: impl FnOnce() -> T) -> T {
    CALLER.sync_scope(Arc::clone(caller), step)
}

/// Of the call under way; none where nobody is asked who he is.
pub(in crate::rpc) fn current() -> Option<Arc<Caller>> {
    CALLER.try_with(Arc::clone).ok()
}

/// The trace that the call under way is a part of.
pub(in crate::rpc) fn trace() -> Option<u128> {
    CALLER.try_with(|caller| caller.trace).ok().flatten()
}

/// The call under way, where it is followed.
pub(in crate::rpc) fn traced() -> Option<Arc<Traced>> {
    let of = |caller: &Arc<Caller>| caller.span.as_ref().map(|span| Arc::clone(&span.traced));
    CALLER.try_with(of).ok().flatten()
}

/// The call under way is at another stage, if anybody follows it.
pub(in crate::rpc) fn on_to(stage: Stage) {
    let tell = |caller: &Arc<Caller>| {
        if let Some(span) = &caller.span {
            span.traced.on_to(stage);
        }
    };
    // Where nobody is asked who he is, nobody is followed.
    let _told = CALLER.try_with(tell);
}

/// The caller of a message of the stream under way, where the stream is followed.
pub(in crate::rpc) fn of_message() -> Option<Arc<Caller>> {
    let caller = current().filter(|caller| caller.span.is_some())?;
    let span = caller.span.as_ref().and_then(|span| span.message());
    Some(Arc::new(Caller { span, ..Caller::clone(&caller) }))
}

/// The caller of a page as the caller of a method behind it; none where that needs no more than the page.
///
/// # Errors
/// He has not the role that the method needs.
pub(in crate::rpc) fn calls(path: &str) -> Result<Option<Arc<Caller>>, Failure> {
    let need = methods::of(path, "");
    let Some(caller) = current().filter(|caller| caller.need != need) else { return Ok(None) };
    let method = path.rsplit_once('.').map_or(path, |(_, method)| method).to_string();
    let caller = Caller { need, method, ..Caller::clone(&caller) };
    suffices(need, &caller.principal, &caller.method)
        .inspect_err(|failure| caller.refused(failure))?;
    Ok(Some(Arc::new(caller)))
}

/// Work beside a call that knows its caller too.
pub(in crate::rpc) fn carried<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let caller = current();
    async move {
        match caller {
            Some(caller) => scope(caller, work).await,
            None => work.await,
        }
    }
}

/// The name that stands in an entry: the principal's, where he is asked who he is.
pub(in crate::rpc) fn name() -> Option<Arc<str>> {
    let named = |caller: &Arc<Caller>| {
        let Principal { name, is_open, .. } = &*caller.principal;
        (!is_open || &**name != ANONYMOUS).then(|| Arc::clone(name))
    };
    CALLER.try_with(named).ok().flatten()
}

/// Who it is on whose word something is done: the principal, whatever the caller writes; his own word where nobody
/// is asked.
pub(in crate::rpc) fn on_whose_word(written: &str) -> String {
    match current() {
        Some(caller) if !caller.principal.is_open => caller.principal.name.to_string(),
        Some(_) | None => written.to_string(),
    }
}

/// What the caller may see, for work that goes on where he is not known.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct Sight {
    bounds: Bounds,
    /// Whether he sees cost and profit.
    pub(in crate::rpc) economics: bool,
}

/// Of the call under way.
pub(in crate::rpc) fn sight() -> Sight {
    let of = |caller: &Arc<Caller>| Sight {
        bounds: caller.principal.bounds.clone(),
        economics: caller.principal.sees_economics(),
    };
    CALLER.try_with(of).unwrap_or(Sight { bounds: Bounds::default(), economics: true })
}

impl Sight {
    /// Whether a promise may be seen.
    pub(in crate::rpc) fn sees(&self, world: &World, promise: &Reservation) -> bool {
        !self.bounds.is_on_orders() || self.bounds.see(world, promise)
    }
}

/// Takes micro-units for a hold of the caller's that is on its way; they are worked out where somebody counts them.
///
/// # Errors
/// He holds too many already.
pub(in crate::rpc) fn hold(
    coming: impl FnOnce(&World) -> i128,
) -> Result<Option<Holding>, Failure> {
    match current() {
        Some(caller) => caller.meter.hold(&caller.engine.pin(), coming),
        None => Ok(None),
    }
}

/// A promise is one of the caller's holds from now on: the rest of one that he has confirmed in part.
pub(in crate::rpc) fn holds(number: u64) {
    if let Some(caller) = current() {
        caller.meter.holds(number);
    }
}

/// How many seconds a hold of the caller's lasts at most.
pub(in crate::rpc) fn hold_seconds_max() -> Option<i64> {
    let caller = current()?;
    let at_most = caller.access.limits(&caller.principal).hold_for_at_most?;
    i64::try_from(at_most.as_secs()).ok()
}

impl Bounds {
    /// Whether a name is within; a class is, where one above it is.
    pub(in crate::rpc) fn within(&self, snapshot: &Snapshot, kind: BoundKind, name: &str) -> bool {
        if self.has(kind, name) {
            return true;
        }
        let classes = &snapshot.classes;
        let class = classes.names.get(name).filter(|_| kind == BoundKind::Class);
        class.is_some_and(|class| {
            classes.up(class).any(|above| self.has(kind, classes.names.name(above)))
        })
    }

    /// Whether a promise is within.
    pub(in crate::rpc) fn see(&self, world: &World, promise: &Reservation) -> bool {
        let (snapshot, facts) = (&world.snapshot, &promise.facts);
        let class = facts.class.map_or("", |class| snapshot.classes.names.name(class));
        let customer = facts.customer.map_or("", |it| snapshot.customers.names.name(it));
        let mut places = facts.legs.iter().map(|leg| snapshot.locations.names.name(leg.location));
        self.within(snapshot, BoundKind::Class, class)
            && self.has(BoundKind::Customer, customer)
            && places.all(|place| self.has(BoundKind::Location, place))
    }
}
