//! The doors to PostgreSQL.
//!
//! Owns: the pool, transactions that carry their tenant, the system door, migrations and the embedded server.
//!
//! Invariants:
//! - A statement on a tenant's table runs inside a [`Tx`], which has set `app.tenant_id` for its transaction; row-level
//!   security shows it nothing else, and the everyday role can't switch that off.
//! - A [`Tx`] that is dropped without [`Tx::commit`] is rolled back, also when a future is dropped at any await.
//! - Statements are constant text ([`sql`]); values are always bound.
//!
//! Absent on purpose: a statement of any feature, and retries; who begins a transaction knows whether to repeat it.

pub mod embedded;
mod json;
pub mod migrate;
mod pool;
pub mod schema;
mod slow;
mod statement;
pub mod statistics;
mod tx;

pub use json::JsonRows;
pub use pool::Db;
pub use statement::{Bound, Statement, sql};
pub use tx::{First, SystemTx, Tenant, Tx};

/// Rows with a single number or text, for statements that have no record of their own.
pub mod scalar {
    use diesel::QueryableByName;
    use diesel::sql_types::{Int8, Text};

    #[derive(Debug, QueryableByName)]
    pub struct Number {
        #[diesel(sql_type = Int8)]
        pub value: i64,
    }

    #[derive(Debug, QueryableByName)]
    pub struct Word {
        #[diesel(sql_type = Text)]
        pub value: String,
    }

    #[derive(Debug, QueryableByName)]
    pub struct Id {
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        pub id: uuid::Uuid,
    }
}
