//! Connections: how one is made, pooled and scoped.

use super::tx::{Ending, SystemTx, Tenant, Tx};
use crate::error::{Error, Result};
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a request waits for a connection before it is a 503.
const WAIT: Duration = Duration::from_secs(3);
/// Connections of the pool; each holds at most one transaction.
const POOL_SIZE: usize = 24;

/// The database, as everything but start-up sees it.
#[derive(Clone)]
pub struct Db {
    pool: Pool<AsyncPgConnection>,
    url: Arc<str>,
    set_role: bool,
}

impl Db {
    /// A pool on `url`. `set_role`: the connecting user may become the everyday role (see `migrate::prepare`).
    pub fn new(url: &str, set_role: bool) -> Result<Self> {
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(move |url| {
            let url = url.to_owned();
            Box::pin(async move { connect(&url, set_role).await })
        });
        let manager = AsyncDieselConnectionManager::new_with_config(url, config);
        let pool = Pool::builder(manager).max_size(POOL_SIZE).build().map_err(Error::internal)?;
        Ok(Self { pool, url: url.into(), set_role })
    }

    /// A connection of its own, outside the pool: for writers that keep one for life.
    pub async fn dedicated(&self) -> Result<AsyncPgConnection> {
        connect(&self.url, self.set_role)
            .await
            .map_err(|error| Error::Unavailable(format!("database: {error}")))
    }

    /// A read-only view of one moment, scoped to the tenant. Its [`Tx::seq`] is the place in the log that it shows.
    pub async fn read(&self, tenant: Tenant) -> Result<Tx> {
        self.scoped(tenant, Ending::Read).await
    }

    /// A transaction that changes rows of the tenant. Use `log::Log::begin`, which also carries the events.
    pub async fn write(&self, tenant: Tenant) -> Result<Tx> {
        self.scoped(tenant, Ending::Write).await
    }

    /// A transaction on the tables of the global list. The callers are named in `tests/architecture.rs`.
    pub async fn system(&self) -> Result<SystemTx> {
        let mut last = None;
        for _ in 0..=POOL_SIZE {
            match SystemTx::begin(self.object().await?).await {
                Err(error @ Error::Unavailable(_)) => last = Some(error),
                other => return other,
            }
        }
        Err(last.unwrap_or_else(all_dead))
    }

    async fn scoped(&self, tenant: Tenant, ending: Ending) -> Result<Tx> {
        let mut last = None;
        // Connections that died with a former server are thrown away on the way to a live one.
        for _ in 0..=POOL_SIZE {
            match Tx::begin(self.object().await?, tenant, ending).await {
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

    async fn object(&self) -> Result<Object<AsyncPgConnection>> {
        tokio::time::timeout(WAIT, self.pool.get())
            .await
            .map_err(|_| Error::Unavailable("database: no connection became free".to_owned()))?
            .map_err(|error| Error::Unavailable(format!("database: {error}")))
    }
}

fn all_dead() -> Error {
    Error::Unavailable("database: all connections are dead".to_owned())
}

/// TLS for servers that ask for it. The roots of the operating system, read once; without any, a server that insists
/// on TLS is refused and the others work.
static TLS: LazyLock<MakeRustlsConnect> = LazyLock::new(|| match MakeRustlsConnect::with_native_certs() {
    Ok((tls, _unreadable)) => tls,
    Err(_) => MakeRustlsConnect::new(
        rustls::ClientConfig::builder()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth(),
    ),
});

async fn connect(url: &str, set_role: bool) -> ConnectionResult<AsyncPgConnection> {
    let bad = |error: tokio_postgres::Error| ConnectionError::BadConnection(describe(&error));
    let mut config: tokio_postgres::Config = url.parse().map_err(bad)?;
    config.application_name("switchboard").connect_timeout(Duration::from_secs(5));
    let (client, connection) = config.connect(TLS.clone()).await.map_err(bad)?;
    let mut connection = AsyncPgConnection::try_from_client_and_connection(client, connection).await?;
    let settings = if set_role {
        "set role switchboard_app; set statement_timeout = '30s'; set idle_in_transaction_session_timeout = '60s'"
    } else {
        "set statement_timeout = '30s'; set idle_in_transaction_session_timeout = '60s'"
    };
    connection.batch_execute(settings).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// The driver's error with its cause, but never the URL.
fn describe(error: &tokio_postgres::Error) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{cause}")
}
