//! The bus over Redis pub/sub, one channel per tenant.
//!
//! One RESP3 connection carries both directions; a keeper task makes it, watches it and makes it anew. The crate's own
//! connection manager is not used: it gives up for good after a few attempts, ignores a failed re-subscription, does
//! not notice a connection that hangs, and lets a publication wait for as long as Redis is away. Here every
//! subscription is made again before the bus counts as up, every wait has an end, and the attempts have none.

use super::{Broker, Health, INBOX, Notice};
use crate::error::{Error, Result};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use redis::aio::MultiplexedConnection;
use redis::io::tcp::TcpSettings;
use redis::{
    AsyncConnectionConfig, Client, IntoConnectionInfo, ProtocolVersion, PushInfo, PushKind, RedisResult,
    Value,
};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long Redis may take to answer or to accept.
const ANSWER: Duration = Duration::from_secs(2);
/// Between two looks whether the connection still lives.
const WATCH: Duration = Duration::from_secs(5);
/// First and longest pause between attempts to connect.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
/// Channels of one SUBSCRIBE.
const CHUNK: usize = 500;

/// One node's end of the bus.
pub struct Redis(Arc<Shared>);

struct Shared {
    client: Client,
    prefix: String,
    notices: mpsc::Sender<Notice>,
    /// Tenants to listen to, over any outage.
    wanted: Mutex<HashSet<Uuid>>,
    link: Mutex<Option<MultiplexedConnection>>,
    up: AtomicBool,
    /// Rung when the connection is lost or doubtful.
    lost: Notify,
    /// A subscription failed: the connection must be made anew even if it lives.
    deaf: AtomicBool,
    stop: CancellationToken,
}

impl Redis {
    /// Begins to connect and returns at once. `installation` keeps installations apart that share a Redis.
    pub fn connect(url: &str, installation: &str) -> Result<(Self, mpsc::Receiver<Notice>)> {
        // The library's text may hold the URL, and that the password.
        let client = client(url).map_err(|_| Error::internal("REDIS_URL can't be used"))?;
        let (notices, inbox) = mpsc::channel(INBOX);
        let shared = Arc::new(Shared {
            client,
            prefix: format!("switchboard:{installation}:"),
            notices,
            wanted: Mutex::default(),
            link: Mutex::default(),
            up: AtomicBool::new(false),
            lost: Notify::new(),
            deaf: AtomicBool::new(false),
            stop: CancellationToken::new(),
        });
        let keeper = Arc::clone(&shared);
        tokio::spawn(async move {
            let stop = keeper.stop.clone();
            stop.run_until_cancelled(keeper.keep()).await;
            keeper.down();
        });
        Ok((Self(shared), inbox))
    }
}

fn client(url: &str) -> RedisResult<Client> {
    let info = url.into_connection_info()?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Client::open(info.set_redis_settings(settings).set_tcp_settings(TcpSettings::default().set_nodelay(true)))
}

impl Shared {
    /// Connects, watches, connects again: for ever.
    async fn keep(self: &Arc<Self>) {
        let (mut pause, longest) = PAUSE;
        loop {
            match self.establish().await {
                Ok(link) => {
                    pause = PAUSE.0;
                    self.up.store(true, Ordering::Release);
                    self.notice(Notice::Up);
                    tracing::info!("the bus is up");
                    self.watch(link).await;
                    tracing::warn!("the bus is down; live updates come from the log");
                    self.down();
                }
                Err(error) => {
                    *self.link.lock() = None;
                    tracing::debug!(%error, "the bus can't be reached");
                }
            }
            // Half to one and a half, so that nodes don't come all at once.
            tokio::time::sleep(pause.mul_f64(0.5 + rand::random::<f64>())).await;
            pause = (pause * 2).min(longest);
        }
    }

    /// A connection on which every wanted subscription is confirmed.
    async fn establish(self: &Arc<Self>) -> RedisResult<MultiplexedConnection> {
        let heard = Arc::downgrade(self);
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(ANSWER))
            .set_response_timeout(Some(ANSWER))
            .set_push_sender(move |push: PushInfo| {
                let shared = heard.upgrade().ok_or(redis::aio::SendError)?;
                shared.hear(push);
                Ok::<(), redis::aio::SendError>(())
            });
        let connecting = self.client.get_multiplexed_async_connection_with_config(&config);
        let mut link = tokio::time::timeout(ANSWER * 2, connecting)
            .await
            .map_err(|_| redis::RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut)))??;
        self.deaf.store(false, Ordering::Release);
        // Set before the list is read: who wants a tenant after that subscribes by itself.
        *self.link.lock() = Some(link.clone());
        let channels: Vec<String> = self.wanted.lock().iter().map(|tenant| self.channel(*tenant)).collect();
        for chunk in channels.chunks(CHUNK) {
            link.subscribe(chunk).await?;
        }
        Ok(link)
    }

    /// Returns when the connection is of no more use.
    async fn watch(&self, mut link: MultiplexedConnection) {
        loop {
            tokio::select! {
                () = self.lost.notified() => {}
                () = tokio::time::sleep(WATCH) => {}
            }
            // Also after a ring: it may have been for the connection before this one.
            if self.deaf.load(Ordering::Acquire)
                || redis::cmd("PING").query_async::<Value>(&mut link).await.is_err()
            {
                return;
            }
        }
    }

    /// Runs inside the connection's task: must not wait.
    fn hear(&self, push: PushInfo) {
        match push.kind {
            PushKind::Disconnection => self.lost.notify_one(),
            PushKind::Message => {
                let mut data = push.data.into_iter();
                let (Some(Value::BulkString(channel)), Some(Value::BulkString(frame))) =
                    (data.next(), data.next())
                else {
                    return;
                };
                if let Some(tenant) = self.tenant(&channel) {
                    self.notice(Notice::Frame { tenant, frame: frame.into() });
                }
            }
            _ => {}
        }
    }

    fn notice(&self, notice: Notice) {
        if self.notices.try_send(notice).is_err() {
            metrics::counter!("switchboard_bus_dropped_total").increment(1);
        }
    }

    fn down(&self) {
        *self.link.lock() = None;
        if self.up.swap(false, Ordering::AcqRel) {
            self.notice(Notice::Down);
        }
    }

    /// A new connection subscribes to exactly what is wanted.
    fn reconnect(&self) {
        self.deaf.store(true, Ordering::Release);
        self.lost.notify_one();
    }

    fn channel(&self, tenant: Uuid) -> String {
        format!("{}{tenant}", self.prefix)
    }

    fn tenant(&self, channel: &[u8]) -> Option<Uuid> {
        std::str::from_utf8(channel).ok()?.strip_prefix(&self.prefix)?.parse().ok()
    }

    fn link(&self) -> Option<MultiplexedConnection> {
        self.link.lock().clone()
    }
}

impl Broker for Redis {
    fn publish(&self, tenant: Uuid, frame: Bytes) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let down = || Error::Unavailable("bus: not connected".to_owned());
            let mut link = self.0.link().filter(|_| self.health() == Health::Up).ok_or_else(down)?;
            let sent = redis::cmd("PUBLISH")
                .arg(self.0.channel(tenant))
                .arg(&frame[..])
                .query_async::<Value>(&mut link)
                .await;
            match sent {
                Ok(_) => Ok(()),
                Err(error) => {
                    self.0.lost.notify_one();
                    Err(Error::Unavailable(format!("bus: {error}")))
                }
            }
        })
    }

    fn subscribe(&self, tenant: Uuid) -> BoxFuture<'_, ()> {
        self.0.wanted.lock().insert(tenant);
        Box::pin(async move {
            if let Some(mut link) = self.0.link()
                && link.subscribe(self.0.channel(tenant)).await.is_err()
            {
                self.0.reconnect();
            }
        })
    }

    fn unsubscribe(&self, tenant: Uuid) -> BoxFuture<'_, ()> {
        self.0.wanted.lock().remove(&tenant);
        Box::pin(async move {
            if let Some(mut link) = self.0.link()
                && link.unsubscribe(self.0.channel(tenant)).await.is_err()
            {
                self.0.reconnect();
            }
        })
    }

    fn health(&self) -> Health {
        if self.0.up.load(Ordering::Acquire) { Health::Up } else { Health::Down }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.0.stop.cancel();
        self.0.down();
        Box::pin(std::future::ready(()))
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.0.stop.cancel();
    }
}
