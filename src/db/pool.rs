//! Connections: how one is made, pooled and scoped.

use super::slow::Watch;
use super::tx::{Ending, First, SystemTx, Tenant, Tx};
use crate::clock;
use crate::error::{Error, Result};
use deadpool::managed::QueueMode;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a request waits for a connection before it is a 503.
const WAIT: Duration = Duration::from_secs(3);
/// A server that does not even acknowledge for this long is gone: a cut line says nothing, and TCP alone would wait a
/// quarter of an hour.
const SILENCE: Duration = Duration::from_secs(3);
/// Connections of the pool; each holds at most one transaction.
const POOL_SIZE: usize = 24;

/// For everything else: the statement is kept, its plan is not, since an optional filter makes another statement of it.
const SETTINGS: &str = "; set plan_cache_mode = force_custom_plan";
/// Connections of batch writers: few, so that each has every statement prepared.
const BATCH_POOL_SIZE: usize = 4;
/// For statements over small arrays, whose size the planner can't know: plan once, look each key up by its index. What is
/// switched off are the ways to look once at all rows of a tenant, which a small table makes seem as good.
const BATCH_SETTINGS: &str = "; set plan_cache_mode = force_generic_plan; set enable_seqscan = off; \
    set enable_hashjoin = off; set enable_mergejoin = off; set enable_material = off; set enable_memoize = off; \
    set enable_bitmapscan = off; set jit = off";

/// The database, as everything but start-up sees it.
#[derive(Clone)]
pub struct Db {
    pool: Pool<AsyncPgConnection>,
    batch: Pool<AsyncPgConnection>,
    url: Arc<str>,
    set_role: bool,
}

impl Db {
    /// A pool on `url`. `set_role`: the connecting user may become the everyday role (see `migrate::prepare`).
    pub fn new(url: &str, set_role: bool) -> Result<Self> {
        let pool = self::pool(url, POOL_SIZE, set_role, SETTINGS)?;
        let batch = self::pool(url, BATCH_POOL_SIZE, set_role, BATCH_SETTINGS)?;
        Ok(Self { pool, batch, url: url.into(), set_role })
    }

    /// A connection of its own, outside the pool: for writers that keep one for life.
    pub async fn dedicated(&self) -> Result<AsyncPgConnection> {
        connect(&self.url, self.set_role, BATCH_SETTINGS)
            .await
            .map_err(|error| Error::Unavailable(format!("database: {error}")))
    }

    /// A read-only view of one moment, scoped to the tenant. Its [`Tx::seq`] is the place in the log that it shows.
    pub async fn read(&self, tenant: Tenant) -> Result<Tx> {
        Ok(self.scoped(&self.pool, tenant, Ending::Read, nothing).await?.0)
    }

    /// A transaction that changes rows of the tenant. Use `log::Log::begin`, which also carries the events.
    pub async fn write(&self, tenant: Tenant) -> Result<Tx> {
        Ok(self.scoped(&self.pool, tenant, Ending::Write, nothing).await?.0)
    }

    /// As [`Db::write`], for set-based statements over many rows, on connections of their own. The first statements are
    /// sent together with the beginning.
    pub async fn write_batch<T>(&self, tenant: Tenant, first: impl First<T>) -> Result<(Tx, T)> {
        self.scoped(&self.batch, tenant, Ending::Write, first).await
    }

    /// A transaction on the tables of the global list. The callers are named in `tests/architecture.rs`.
    pub async fn system(&self) -> Result<SystemTx> {
        let mut last = None;
        for _ in 0..=POOL_SIZE {
            match SystemTx::begin(object(&self.pool).await?).await {
                Err(error @ Error::Unavailable(_)) => last = Some(error),
                other => return other,
            }
        }
        Err(last.unwrap_or_else(all_dead))
    }

    async fn scoped<T>(
        &self,
        pool: &Pool<AsyncPgConnection>,
        tenant: Tenant,
        ending: Ending,
        first: impl First<T>,
    ) -> Result<(Tx, T)> {
        let mut last = None;
        // Connections that died with a former server are thrown away on the way to a live one.
        for _ in 0..=POOL_SIZE {
            match Tx::begin(object(pool).await?, tenant, ending, &first).await {
                Err(error @ Error::Unavailable(_)) => last = Some(error),
                other => return other,
            }
        }
        Err(last.unwrap_or_else(all_dead))
    }

    /// Connections in use and open, for the metrics.
    pub fn usage(&self) -> (usize, usize) {
        let status = self.pool.status();
        (status.size.saturating_sub(status.available), status.size)
    }
}

/// No statements of its own.
fn nothing(_: &Tx) -> BoxFuture<'_, Result<()>> {
    std::future::ready(Ok(())).boxed()
}

async fn object(pool: &Pool<AsyncPgConnection>) -> Result<Object<AsyncPgConnection>> {
    let begun = clock::monotonic();
    let object = tokio::time::timeout(WAIT, pool.get()).await;
    metrics::histogram!("switchboard_db_wait_seconds").record(begun.elapsed().as_secs_f64());
    object
        .map_err(|_| Error::Unavailable("database: no connection became free".to_owned()))?
        .map_err(|error| Error::Unavailable(format!("database: {error}")))
}

fn pool(url: &str, size: usize, set_role: bool, settings: &'static str) -> Result<Pool<AsyncPgConnection>> {
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |url| {
        let url = url.to_owned();
        Box::pin(async move { connect(&url, set_role, settings).await })
    });
    let manager = AsyncDieselConnectionManager::new_with_config(url, config);
    // The last one used is the next one taken: its catalogue and its plans are warm, the others' may rest.
    Pool::builder(manager).max_size(size).queue_mode(QueueMode::Lifo).build().map_err(Error::internal)
}

fn all_dead() -> Error {
    Error::Unavailable("database: all connections are dead".to_owned())
}

/// TLS for servers that offer it. The roots of the operating system, read once; without any, a server that offers TLS is
/// refused unless the URL says `sslmode=disable`.
static TLS: LazyLock<MakeRustlsConnect> = LazyLock::new(|| match MakeRustlsConnect::with_native_certs() {
    Ok((tls, _unreadable)) => tls,
    Err(_) => MakeRustlsConnect::new(
        rustls::ClientConfig::builder()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth(),
    ),
});

pub(super) async fn connect(
    url: &str,
    set_role: bool,
    settings: &str,
) -> ConnectionResult<AsyncPgConnection> {
    let bad = |error: tokio_postgres::Error| ConnectionError::BadConnection(describe(&error));
    let mut config: tokio_postgres::Config = url.parse().map_err(bad)?;
    config.application_name("switchboard").connect_timeout(Duration::from_secs(5)).tcp_user_timeout(SILENCE);
    config.keepalives_idle(SILENCE).keepalives_interval(SILENCE / 3).keepalives_retries(3);
    let (client, connection) = config.connect(TLS.clone()).await.map_err(bad)?;
    let mut connection = AsyncPgConnection::try_from_client_and_connection(client, connection).await?;
    let role = if set_role { "set role switchboard_app; " } else { "" };
    // A transaction waits for nothing but us. If we are cut off, its locks must not hold the other nodes for long.
    let limits = "set statement_timeout = '30s'; set idle_in_transaction_session_timeout = '5s'";
    connection
        .batch_execute(&format!("{role}{limits}{settings}"))
        .await
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    connection.set_instrumentation(Watch::default());
    Ok(connection)
}

/// The driver's error with its cause, but never the URL.
fn describe(error: &tokio_postgres::Error) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{cause}")
}
