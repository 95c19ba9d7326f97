//! Transactions that carry their tenant and can't be left open.

use crate::error::{Error, Result};
use diesel::QueryableByName;
use diesel::sql_types::{Int8, Uuid as SqlUuid};
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures_util::TryFutureExt;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use uuid::Uuid;

/// Proof that some door (sign-in, an account's owner, a job's row) named the tenant.
///
/// Only the files listed in `tests/architecture.rs` call [`Tenant::proven`]; everything else passes on what it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tenant(Uuid);

impl Tenant {
    /// The caller has proven that it may act for this tenant.
    pub fn proven(id: Uuid) -> Self {
        Self(id)
    }

    pub fn id(self) -> Uuid {
        self.0
    }
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Read,
    Write,
}

/// A transaction of one tenant. Statements of `store` files take it by shared reference, so that several can be sent
/// together (`try_join!`), in one round trip. Rolled back unless committed.
pub struct Tx {
    guard: Guard,
    tenant: Tenant,
    seq: i64,
}

/// A transaction on tables of the global list.
pub struct SystemTx {
    guard: Guard,
}

/// Ends what was begun, whatever happens to the future that held it.
struct Guard {
    object: Arc<Object<AsyncPgConnection>>,
    ended: bool,
}

/// Statements that are sent together with the beginning of a transaction. Boxed: an async closure's future can't be shown
/// to be `Send` in a bound.
pub trait First<T>: for<'a> Fn(&'a Tx) -> BoxFuture<'a, Result<T>> {}

impl<T, F: for<'a> Fn(&'a Tx) -> BoxFuture<'a, Result<T>>> First<T> for F {}

/// Why a transaction did not begin.
enum Opening {
    /// The connection is dead, or in a state that nobody knows.
    Failed(diesel::result::Error),
    /// It is open, but its owner's first statements failed.
    Refused(Error),
}

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = Int8)]
    seq: i64,
}

impl Tx {
    /// Opens one, and sends the first statements of its owner together with that, in one round trip. They can't ask for
    /// [`Tx::seq`] yet.
    pub(super) async fn begin<T>(
        object: Object<AsyncPgConnection>,
        tenant: Tenant,
        ending: Ending,
        first: impl First<T>,
    ) -> Result<(Self, T)> {
        let guard = Guard { object: Arc::new(object), ended: false };
        // One simple statement string and the place in the log, sent together. The id is a uuid's own text: nothing
        // from outside can be in it.
        let mode = match ending {
            Ending::Read => "begin isolation level repeatable read, read only",
            Ending::Write => "begin",
        };
        let opening = format!("{mode}; select set_config('app.tenant_id', '{}', true)", tenant.id());
        let place =
            super::sql("select seq from tenant_counter where tenant_id = $1").bind::<SqlUuid, _>(tenant.id());
        let mut tx = Self { guard, tenant, seq: 0 };
        let (mut one, mut two) = (tx.conn(), tx.conn());
        let opened = futures_util::try_join!(
            one.batch_execute(&opening).map_err(Opening::Failed),
            place.get_result::<Place>(&mut two).map_err(Opening::Failed),
            first(&tx).map_err(Opening::Refused),
        );
        match opened {
            Ok((_, place, first)) => {
                tx.seq = place.seq;
                Ok((tx, first))
            }
            Err(Opening::Failed(error)) => Err(tx.guard.discard(error)),
            Err(Opening::Refused(error)) => Err(error),
        }
    }

    /// For diesel: `query.load(&mut tx.conn())`.
    pub fn conn(&self) -> &AsyncPgConnection {
        self.guard.conn()
    }

    /// The tenant's id, to be bound in every statement.
    pub fn tenant(&self) -> Uuid {
        self.tenant.id()
    }

    pub fn scope(&self) -> Tenant {
        self.tenant
    }

    /// The place in the tenant's log when the transaction began; exactly what a read shows.
    pub fn seq(&self) -> i64 {
        self.seq
    }

    pub async fn commit(mut self) -> Result<()> {
        self.guard.end().await
    }

    /// Sends a last statement and the commit together, in one round trip. If the statement fails, nothing is committed.
    pub async fn commit_with<T>(
        mut self,
        last: impl AsyncFnOnce(&AsyncPgConnection) -> Result<T>,
    ) -> Result<T> {
        let object = Arc::clone(&self.guard.object);
        let (value, ()) = futures_util::try_join!(last(&object), self.guard.end())?;
        Ok(value)
    }
}

impl SystemTx {
    pub(super) async fn begin(object: Object<AsyncPgConnection>) -> Result<Self> {
        let guard = Guard { object: Arc::new(object), ended: false };
        let mut conn = guard.conn();
        match conn.batch_execute("begin").await {
            Ok(()) => Ok(Self { guard }),
            Err(error) => Err(guard.discard(error)),
        }
    }

    /// For diesel: `query.load(&mut tx.conn())`.
    pub fn conn(&self) -> &AsyncPgConnection {
        self.guard.conn()
    }

    pub async fn commit(mut self) -> Result<()> {
        self.guard.end().await
    }
}

impl Guard {
    fn conn(&self) -> &AsyncPgConnection {
        let object: &Object<AsyncPgConnection> = &self.object;
        object
    }

    async fn end(&mut self) -> Result<()> {
        let mut conn = self.conn();
        // Prepared like all statements, so that it waits its turn behind one that is still being prepared.
        let done = super::sql("commit").execute(&mut conn).await;
        // A failed commit has ended the transaction too, or the connection is dead.
        self.ended = true;
        done.map(drop).map_err(Error::from)
    }

    /// Throws the connection away: it is dead, or in a state that nobody knows.
    fn discard(mut self, error: diesel::result::Error) -> Error {
        self.ended = true;
        let object = Arc::clone(&self.object);
        drop(self);
        take(object);
        error.into()
    }
}

/// Takes a connection out of its pool and closes it, if nobody else holds it.
fn take(object: Arc<Object<AsyncPgConnection>>) {
    if let Some(object) = Arc::into_inner(object) {
        drop(Object::take(object));
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // The connection goes back to the pool only after the rollback; without a runtime the process is ending.
        let object = Arc::clone(&self.object);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let mut conn: &AsyncPgConnection = &object;
                if conn.batch_execute("rollback").await.is_err() {
                    take(object);
                }
            });
        }
    }
}
