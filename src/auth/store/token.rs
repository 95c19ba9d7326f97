//! Tokens of a session: access, refresh, ticket, and cookies made by refreshing.

use crate::db::{SystemTx, scalar, sql};
use crate::error::Result;
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Bytea, Int8, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Where a presented refresh token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct RefreshState {
    /// Neither it nor its sign-in is too old.
    #[diesel(sql_type = Bool)]
    pub alive: bool,
    #[diesel(sql_type = Bool)]
    pub replaced: bool,
    /// Replaced a moment ago, and nobody has used the successor: another tab of the same browser was faster.
    #[diesel(sql_type = Bool)]
    pub graced: bool,
}

pub async fn insert_access(tx: &SystemTx, session: Uuid, hash: &[u8], seconds: i64) -> Result<()> {
    sql("insert into access_token (hash, session_id, expires_at) values ($1, $2, now() + $3 * interval '1 second')")
        .bind::<Bytea, _>(hash)
        .bind::<SqlUuid, _>(session)
        .bind::<Int8, _>(seconds)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A further token for the session cookie, beside the one that the session began with: another tab may still use that.
pub async fn insert_extra_cookie(tx: &SystemTx, session: Uuid, hash: &[u8]) -> Result<()> {
    sql("insert into access_token (hash, session_id, expires_at)
         select $1, id, least(now() + interval '7 days', signed_in_at + interval '30 days') from session where id = $2")
    .bind::<Bytea, _>(hash)
    .bind::<SqlUuid, _>(session)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

pub async fn insert_ticket(tx: &SystemTx, session: Uuid, hash: &[u8], seconds: i64) -> Result<()> {
    sql("insert into socket_ticket (hash, session_id, expires_at)
         values ($1, $2, now() + $3 * interval '1 second')")
    .bind::<Bytea, _>(hash)
    .bind::<SqlUuid, _>(session)
    .bind::<Int8, _>(seconds)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Ends with the sign-in's 30 days, however often it was replaced.
pub async fn insert_refresh(tx: &SystemTx, session: Uuid, hash: &[u8]) -> Result<()> {
    sql("insert into refresh_token (hash, session_id, expires_at)
         select $1, id, signed_in_at + interval '30 days' from session where id = $2")
    .bind::<Bytea, _>(hash)
    .bind::<SqlUuid, _>(session)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// The session of a refresh token, whatever its state; sets the tenant for the rest of the transaction.
pub async fn session_of_refresh(tx: &SystemTx, hash: &[u8]) -> Result<Option<Uuid>> {
    let rows: Vec<scalar::Id> = sql("select s.id, set_config('app.tenant_id', s.tenant_id::text, true)
             from refresh_token r join session s on s.id = r.session_id where r.hash = $1")
    .bind::<Bytea, _>(hash)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().next().map(|row| row.id))
}

/// Two refreshes of one session run one after the other. The session's tenant; none when the session has ended, or its
/// user may not sign in.
pub async fn lock_session(tx: &SystemTx, session: Uuid) -> Result<Option<Uuid>> {
    let locked: Vec<scalar::Id> = sql("select s.tenant_id as id from session s
             where s.id = $1 and s.revoked_at is null and s.signed_in_at > now() - interval '30 days'
               and exists (select from app_user u where u.tenant_id = s.tenant_id and u.id = s.user_id
                           and u.disabled_at is null)
             for update of s")
    .bind::<SqlUuid, _>(session)
    .load(&mut tx.conn())
    .await?;
    Ok(locked.into_iter().next().map(|row| row.id))
}

pub async fn refresh_state(tx: &SystemTx, hash: &[u8]) -> Result<RefreshState> {
    let state = sql("select r.expires_at > now() as alive, r.replaced_at is not null as replaced,
                coalesce(r.replaced_at > clock_timestamp() - interval '10 seconds', false)
                and exists (select from refresh_token n where n.hash = r.replaced_by and n.replaced_at is null)
                    as graced
         from refresh_token r where r.hash = $1")
    .bind::<Bytea, _>(hash)
    .get_result(&mut tx.conn())
    .await?;
    Ok(state)
}

/// Every refresh token of the session that is still unused gives way to the new one, and the session lives on.
pub async fn replace_refresh(tx: &SystemTx, session: Uuid, successor: &[u8]) -> Result<()> {
    sql("update refresh_token set replaced_at = clock_timestamp(), replaced_by = $2
         where session_id = $1 and replaced_at is null and hash <> $2")
    .bind::<SqlUuid, _>(session)
    .bind::<Bytea, _>(successor)
    .execute(&mut tx.conn())
    .await?;
    sql("with spent as (delete from access_token where session_id = $1 and expires_at < now())
         update session set last_seen_at = now(),
             expires_at = least(now() + interval '7 days', signed_in_at + interval '30 days') where id = $1")
    .bind::<SqlUuid, _>(session)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
