//! A TCP proxy between clients and nodes: a balancer that breaks things when it is told to.

use crate::server::free_port;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// What a proxy does to the bytes that pass.
#[derive(Debug, Clone, Copy, Default)]
pub struct Toxics {
    /// Added to each piece, each way.
    pub latency: Duration,
    /// Bytes of a piece at the most; 0: as they come.
    pub slice: usize,
    /// Nothing passes; what is open stays open (half-open from the server's side).
    pub stalled: bool,
}

pub struct Proxy {
    pub url: String,
    shared: Arc<Shared>,
    stop: CancellationToken,
}

struct Shared {
    /// Of the nodes, as `host:port`; taken in turn.
    nodes: Mutex<Vec<String>>,
    next: std::sync::atomic::AtomicUsize,
    toxics: Mutex<Toxics>,
    /// Ends all open connections; another one each time.
    cut: Mutex<CancellationToken>,
}

impl Proxy {
    pub async fn start(urls: &[&str]) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let listener = TcpListener::bind(&address).await.unwrap();
        let shared = Arc::new(Shared {
            nodes: Mutex::default(),
            next: std::sync::atomic::AtomicUsize::new(0),
            toxics: Mutex::default(),
            cut: Mutex::default(),
        });
        let (stop, serving) = (CancellationToken::new(), Arc::clone(&shared));
        let ends = stop.clone();
        tokio::spawn(async move { ends.run_until_cancelled(accept(listener, serving)).await });
        let proxy = Self { url: format!("http://{address}"), shared, stop };
        proxy.lead_to(urls);
        proxy
    }

    /// New connections go to these nodes; open ones stay.
    pub fn lead_to(&self, urls: &[&str]) {
        let nodes = urls.iter().map(|url| url.trim_start_matches("http://").to_owned()).collect();
        *self.shared.nodes.lock().unwrap() = nodes;
    }

    pub fn poison(&self, toxics: Toxics) {
        *self.shared.toxics.lock().unwrap() = toxics;
    }

    /// Resets all open connections at once.
    pub fn cut(&self) {
        std::mem::take(&mut *self.shared.cut.lock().unwrap()).cancel();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stop.cancel();
        self.cut();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((client, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        let cut = shared.cut.lock().unwrap().clone();
        tokio::spawn(async move { cut.run_until_cancelled(pass(client, &shared)).await });
    }
}

/// One connection, to the next node that takes it.
async fn pass(client: TcpStream, shared: &Shared) {
    let nodes = shared.nodes.lock().unwrap().clone();
    for _ in 0..nodes.len() {
        let turn = shared.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let Ok(node) = TcpStream::connect(&nodes[turn % nodes.len()]).await else { continue };
        // A reset, not an orderly end: what was under way is lost.
        for socket in [&client, &node] {
            let _ = socket.set_nodelay(true);
            let _ = socket.set_zero_linger();
        }
        let ((from_client, to_client), (from_node, to_node)) = (client.into_split(), node.into_split());
        tokio::join!(carry(from_client, to_node, shared), carry(from_node, to_client, shared));
        return;
    }
}

async fn carry(mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin, shared: &Shared) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let toxics = *shared.toxics.lock().unwrap();
        let Ok(read) = from.read(&mut buffer).await else { return };
        if read == 0 {
            let _ = to.shutdown().await;
            return;
        }
        let size = if toxics.slice == 0 { read } else { toxics.slice };
        for piece in buffer[..read].chunks(size) {
            while shared.toxics.lock().unwrap().stalled {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            if !toxics.latency.is_zero() {
                tokio::time::sleep(toxics.latency).await;
            }
            if to.write_all(piece).await.is_err() {
                return;
            }
        }
    }
}
