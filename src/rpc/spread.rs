//! Connections spread over cores: each core has a runtime and a thread of its own, and its connections.
//!
//! A call is read, computed and answered on one thread; nothing is handed over and nobody is woken. What
//! takes long goes to a thread for blocking work all the same (`guard`). One listener accepts and deals the
//! connections out in turn, so that a few of them are spread as evenly as many.

use super::edge::BurstTally;
use std::{future::Future, pin::Pin, thread::JoinHandle, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
};
use tokio_stream::{Stream, StreamExt, wrappers::UnboundedReceiverStream};
/// A core's end of the work: where its connections come from, and the thread that serves them.
struct Core {
    connections: mpsc::UnboundedSender<std::net::TcpStream>,
    thread: JoinHandle<Result<(), tonic::transport::Error>>,
}

/// What each core serves.
pub trait Served: Send + 'static {
    /// Serves connections until told to stop, and then until all that is under way is answered.
    fn serve(
        self,
        incoming: Incoming,
        shutdown: impl Future<Output = ()> + Send,
    ) -> impl Future<Output = Result<(), tonic::transport::Error>>;
}

/// The connections of a core.
pub type Incoming = Pin<Box<dyn Stream<Item = std::io::Result<TcpStream>> + Send>>;

/// Serves until `shutdown` is done and the requests under way are answered, or for so long after it at most;
/// `router` is what each core serves.
///
/// # Errors
/// What a core could not go on with.
///
/// # Panics
/// If no thread or no runtime can be had.
pub async fn serve<R: Served>(
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
    at_most: Duration,
    router: impl Fn() -> R,
) -> Result<(), tonic::transport::Error> {
    let n_cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (end, ends) = watch::channel(End::NotYet);
    let cores: Vec<Core> = (0..n_cores).map(|at| core(at, router(), ends.clone())).collect();
    drop(ends);
    tokio::select! {
        () = deal(&listener, &cores) => (),
        () = shutdown => (),
    }
    drop(listener);
    end.send_replace(End::Gently);
    // Every core holds a receiver until it has ended.
    drop(tokio::time::timeout(at_most, end.closed()).await);
    end.send_replace(End::AtOnce);
    for Core { connections, thread } in cores {
        drop(connections);
        let ended = tokio::task::spawn_blocking(move || thread.join()).await;
        match ended.expect("waiting does not panic") {
            Ok(served) => served?,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    Ok(())
}

/// How far the end has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    NotYet,
    /// What is under way is answered.
    Gently,
    /// Connections are closed as they are.
    AtOnce,
}

/// Accepts for ever, and gives each core its turn.
async fn deal(listener: &TcpListener, cores: &[Core]) {
    let refused = BurstTally::new("connections could not be accepted");
    for core in cores.iter().cycle() {
        let accepted = listener.accept().await.and_then(|(stream, _)| {
            // Small answers leave at once: waiting to fill a packet would cost more than any plan.
            stream.set_nodelay(true)?;
            stream.into_std()
        });
        match accepted {
            // A core that has ended says why when it is joined.
            Ok(stream) => drop(core.connections.send(stream)),
            // One connection is lost; or there are too many open, and waiting a moment helps.
            Err(error) => {
                refused.note();
                tracing::debug!(%error, "a connection was not accepted");
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        }
    }
}

fn core(at: usize, router: impl Served, ends: watch::Receiver<End>) -> Core {
    let (connections, incoming) = mpsc::unbounded_channel::<std::net::TcpStream>();
    let serve = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            // Those of long work: who is answered here keeps its pace.
            .on_thread_start(crate::engine::yield_to_others)
            .build();
        let runtime = runtime.expect("a runtime can be had");
        let served = runtime.block_on(async {
            let incoming = UnboundedReceiverStream::new(incoming).map(TcpStream::from_std);
            tokio::select! {
                served = router.serve(Box::pin(incoming), reached(ends.clone(), End::Gently)) => served,
                () = reached(ends, End::AtOnce) => Ok(()),
            }
        });
        // What still computes there has nobody to tell: the process does not wait for it.
        runtime.shutdown_background();
        served
    };
    let thread = std::thread::Builder::new().name(format!("core-{at}")).spawn(serve);
    Core { connections, thread: thread.expect("a thread can be had") }
}

async fn reached(mut ends: watch::Receiver<End>, wanted: End) {
    // Whoever tells of the end may be gone: then it has come.
    drop(ends.wait_for(|end| wanted <= *end).await);
}
