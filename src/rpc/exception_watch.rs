//! The stream of exceptions: what has come and gone between two looks.

use super::{
    MessageStream, exception_filter::ExceptionFilter, exception_words::told, guard, proto,
};
use crate::{engine::Engine, insight::exceptions::Exception, limits::LISTENER_MAX};
use std::{collections::BTreeMap, time::Duration};
use tokio_stream::wrappers::ReceiverStream;

/// Exceptions are looked for anew so often at most.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Exceptions as they come, change and go.
pub(super) fn exceptions(
    engine: Engine,
    wanted: ExceptionFilter,
) -> MessageStream<proto::WatchExceptionsResponse> {
    let (sender, told) = tokio::sync::mpsc::channel(LISTENER_MAX);
    tokio::spawn(async move {
        let mut known: BTreeMap<String, proto::Exception> = BTreeMap::new();
        let mut positions = engine.positions();
        loop {
            positions.mark_unchanged();
            let (asking, wanted) = (engine.clone(), wanted.clone());
            let (position, now) = guard::elsewhere(move || look(&asking, &wanted)).await;
            let news = news(&known, &now, position);
            known = now;
            for one in news {
                if sender.send(Ok(one)).await.is_err() {
                    return;
                }
            }
            // Some run out without an entry: it is looked from time to time all the same.
            let rest = tokio::time::sleep(LOOK_EVERY);
            tokio::select! {
                () = sender.closed() => return,
                () = rest => (),
            }
            let more = tokio::time::timeout(LOOK_EVERY * 30, positions.changed());
            tokio::select! {
                () = sender.closed() => return,
                changed = more => if matches!(changed, Ok(Err(_))) {
                    return;
                },
            }
        }
    });
    Box::pin(ReceiverStream::new(told))
}

fn look(engine: &Engine, wanted: &ExceptionFilter) -> (u64, BTreeMap<String, proto::Exception>) {
    let world = engine.pin();
    let all = engine.exceptions(&world, engine.now().as_microsecond());
    let found = all.iter().filter(|one: &&Exception| wanted.accepts(one));
    let found = found.map(|one| (one.id.clone(), told(&world, one)));
    (world.position, found.collect())
}

/// What came, changed or went.
fn news(
    known: &BTreeMap<String, proto::Exception>,
    now: &BTreeMap<String, proto::Exception>,
    position: u64,
) -> Vec<proto::WatchExceptionsResponse> {
    let told = |exception: &proto::Exception, gone| proto::WatchExceptionsResponse {
        exception: Some(exception.clone()),
        gone,
        sequence: position,
        position,
    };
    let came = now.iter().filter(|(id, one)| known.get(*id) != Some(one));
    let went = known.iter().filter(|(id, _)| !now.contains_key(*id));
    let came = came.map(|(_, one)| told(one, false));
    came.chain(went.map(|(_, one)| told(one, true))).collect()
}
