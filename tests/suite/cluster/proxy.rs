//! A connection between two processes that a test can hold up or break: bytes wait, or it ends and no other comes about.

use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    runtime::Handle,
    sync::watch,
    task::JoinHandle,
};

/// What goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Everything.
    Open,
    /// Nothing, and nobody is told: a network that lost its way.
    Silent,
    /// No connection lasts.
    Cut,
}

/// Between who connects to its address and who listens at another one.
pub struct Proxy {
    pub address: SocketAddr,
    state: watch::Sender<State>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    pub fn start(runtime: &Handle, listen: SocketAddr, to: SocketAddr) -> Self {
        let listener = runtime.block_on(TcpListener::bind(listen)).unwrap();
        let address = listener.local_addr().unwrap();
        let (state, seen) = watch::channel(State::Open);
        let accepting = runtime.spawn(async move {
            loop {
                let Ok((near, _)) = listener.accept().await else { continue };
                if *seen.borrow() != State::Cut {
                    tokio::spawn(pass(near, to, seen.clone()));
                }
            }
        });
        Self { address, state, accepting }
    }

    pub fn set(&self, state: State) {
        self.state.send_replace(state);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Who is connected hears of its end by the sender's.
        self.accepting.abort();
    }
}

async fn pass(near: TcpStream, to: SocketAddr, state: watch::Receiver<State>) {
    let connected = tokio::time::timeout(Duration::from_secs(5), TcpStream::connect(to)).await;
    let Ok(Ok(far)) = connected else { return };
    // As between machines: a small message does not wait for the answer to another one.
    let (_near, _far) = (near.set_nodelay(true), far.set_nodelay(true));
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    tokio::select! {
        () = copy((near_in, far_out), state.clone()) => (),
        () = copy((far_in, near_out), state) => (),
    }
}

/// Until one end closes, or the connection is cut.
async fn copy(
    (mut from, mut to): (OwnedReadHalf, OwnedWriteHalf),
    mut state: watch::Receiver<State>,
) {
    let mut bytes = vec![0; 1 << 16];
    loop {
        let now = *state.borrow_and_update();
        let read = match now {
            State::Cut => return,
            State::Silent => {
                if state.changed().await.is_err() {
                    return;
                }
                continue;
            }
            State::Open => tokio::select! {
                read = from.read(&mut bytes) => read,
                changed = state.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => return,
                },
            },
        };
        // What was read while it fell silent is lost with the connection, if that ends.
        let Ok(n) = read else { return };
        if n == 0 || to.write_all(&bytes[..n]).await.is_err() {
            return;
        }
    }
}

/// The proxies of one process.
pub type Proxies = Vec<Arc<Proxy>>;
