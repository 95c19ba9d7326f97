//! Migrations and roles: run at start by the owner of the tables, before anything else.

use crate::error::{Error, Result};
use diesel::QueryableByName;
use diesel::sql_types::Bool;
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

/// Every migration, in the binary.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Any number, the same for all nodes: one of them migrates, the others wait.
const LOCK: &str = "select pg_advisory_lock(7310001)";

/// What the connecting user may do.
#[derive(QueryableByName)]
struct Privileges {
    /// Superuser or BYPASSRLS: must not be the everyday role.
    #[diesel(sql_type = Bool)]
    bypasses: bool,
    #[diesel(sql_type = Bool)]
    can_make_roles: bool,
    #[diesel(sql_type = Bool)]
    role_exists: bool,
}

/// Brings the database up to date and makes the everyday role. Returns whether connections can switch to that role.
///
/// Must run on a multi-thread runtime (the harness blocks its thread).
pub async fn prepare(url: &str, migrate: bool) -> Result<bool> {
    let mut conn = super::pool::connect(url, false, "; set statement_timeout = 0; set lock_timeout = '60s'")
        .await
        .map_err(|error| Error::Unavailable(format!("database: {error}")))?;
    conn.batch_execute(LOCK).await?;
    if migrate {
        let mut harness = AsyncMigrationHarness::new(conn);
        harness
            .run_pending_migrations(MIGRATIONS)
            .map_err(|error| Error::internal(format!("migration: {error}")))?;
        conn = harness.into_inner();
    }
    let set_role = everyday_role(&mut conn).await?;
    Ok(set_role)
}

async fn everyday_role(conn: &mut AsyncPgConnection) -> Result<bool> {
    let user: Privileges = super::sql(
        "select rolsuper or rolbypassrls as bypasses, rolsuper or rolcreaterole as can_make_roles,
                exists (select from pg_roles where rolname = 'switchboard_app') as role_exists
         from pg_roles where rolname = current_user",
    )
    .get_result(conn)
    .await?;
    if user.can_make_roles && !user.role_exists {
        // Another installation in the same cluster may make it at the same moment.
        let made = conn.batch_execute("create role switchboard_app nologin nobypassrls").await;
        if let Err(error) = made {
            tracing::debug!(%error, "the everyday role exists by now");
        }
    }
    if !user.can_make_roles && !user.role_exists {
        if user.bypasses {
            return Err(Error::internal(
                "the database user bypasses row-level security and may not create the role switchboard_app",
            ));
        }
        tracing::warn!(
            "the database user may not create roles: it is bound by row-level security, but owns the tables"
        );
        return Ok(false);
    }
    grant(conn).await
}

/// Partitions stay without grants: they are reached through their table, whose policy then holds.
async fn grant(conn: &mut AsyncPgConnection) -> Result<bool> {
    conn.batch_execute(
        "do $$
         declare t record;
         begin
             begin
                 execute format('grant switchboard_app to %I', current_user);
             exception when insufficient_privilege or unique_violation then
                 null; -- the role was made by somebody else, who may have granted it, or does so right now
             end;
             grant usage on schema public to switchboard_app;
             for t in select c.relname from pg_class c
                      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                        and not c.relispartition and c.relname <> '__diesel_schema_migrations'
                        and not has_table_privilege('switchboard_app', c.oid, 'select, insert, update, delete')
             loop
                 execute format('grant select, insert, update, delete on public.%I to switchboard_app', t.relname);
             end loop;
         end $$",
    )
    .await?;
    if conn.batch_execute("set role switchboard_app; reset role").await.is_err() {
        return Err(Error::internal(
            "the database user may not become switchboard_app: run `grant switchboard_app to <user>` as its owner",
        ));
    }
    Ok(true)
}
