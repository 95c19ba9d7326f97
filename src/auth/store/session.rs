//! Sessions: made, found by a token, touched, ended.

use crate::auth::model::SessionRow;
use crate::db::{Db, SystemTx, scalar, sql};
use crate::error::Result;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bytea, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// What a request shows to prove a session, as a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// A cookie's token; a session can have several after refreshing, the later ones with a hash of their own kind.
    Cookie { first: Vec<u8>, extra: Vec<u8> },
    /// An access token.
    Bearer(Vec<u8>),
    /// A socket's ticket; used up by asking, whatever comes of it.
    Ticket(Vec<u8>),
}

/// A session to be made.
#[derive(Debug, Clone)]
pub struct NewSession {
    pub id: Uuid,
    pub tenant: Uuid,
    pub user: Uuid,
    pub token_hash: Vec<u8>,
}

/// The session that a token belongs to, whatever its state; sets the tenant for the rest of the transaction.
pub async fn of_token(tx: &SystemTx, presented: &Presented) -> Result<Option<Uuid>> {
    let query = match presented {
        Presented::Cookie { first, extra } => sql(
            "select s.id, set_config('app.tenant_id', s.tenant_id::text, true) from session s where s.token_hash = $1
             union all
             select s.id, set_config('app.tenant_id', s.tenant_id::text, true)
             from access_token a join session s on s.id = a.session_id where a.hash = $2 and a.expires_at > now()",
        )
        .bind::<Bytea, _>(first.clone())
        .bind::<Bytea, _>(extra.clone()),
        Presented::Bearer(hash) => sql("select s.id, set_config('app.tenant_id', s.tenant_id::text, true), $2
             from access_token a join session s on s.id = a.session_id where a.hash = $1 and a.expires_at > now()")
        .bind::<Bytea, _>(hash.clone())
        .bind::<Bytea, _>(Vec::new()),
        Presented::Ticket(hash) => sql(
            "with used as (delete from socket_ticket where hash = $1 returning session_id, expires_at)
             select s.id, set_config('app.tenant_id', s.tenant_id::text, true), $2
             from used join session s on s.id = used.session_id where used.expires_at > now()",
        )
        .bind::<Bytea, _>(hash.clone())
        .bind::<Bytea, _>(Vec::new()),
    };
    let rows: Vec<scalar::Id> = query.load(&mut tx.conn()).await?;
    Ok(rows.into_iter().next().map(|row| row.id))
}

/// A session with its user, if both are valid. The tenant is set ([`of_token`]).
pub async fn find(tx: &SystemTx, id: Uuid) -> Result<Option<SessionRow>> {
    let rows: Vec<SessionRow> = sql(
        "select s.id, s.tenant_id, s.user_id, s.signed_in_at, s.last_seen_at < now() - interval '1 minute' as stale,
                u.email, u.name, u.role
         from session s join app_user u on u.tenant_id = s.tenant_id and u.id = s.user_id
         where s.id = $1 and s.revoked_at is null and s.expires_at > now()
           and s.last_seen_at > now() - interval '12 hours' and u.disabled_at is null",
    )
    .bind::<SqlUuid, _>(id)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().next())
}

/// Notes a use. At most once a minute, so that reading is not writing.
pub async fn touch(tx: &SystemTx, id: Uuid) -> Result<()> {
    sql("update session set last_seen_at = now() where id = $1 and last_seen_at < now() - interval '1 minute'")
        .bind::<SqlUuid, _>(id)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub async fn insert_session(tx: &SystemTx, session: &NewSession) -> Result<()> {
    sql("insert into session (id, tenant_id, user_id, token_hash, expires_at)
         values ($1, $2, $3, $4, now() + interval '7 days')")
    .bind::<SqlUuid, _>(session.id)
    .bind::<SqlUuid, _>(session.tenant)
    .bind::<SqlUuid, _>(session.user)
    .bind::<Bytea, _>(&session.token_hash)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Ends sessions with all their tokens. Returns those that had not ended before.
pub async fn revoke(tx: &SystemTx, sessions: &[Uuid]) -> Result<Vec<Uuid>> {
    let rows: Vec<scalar::Id> = sql("with gone as (delete from access_token where session_id = any($1)),
                  unused as (delete from socket_ticket where session_id = any($1))
             update session set revoked_at = now() where id = any($1) and revoked_at is null returning id")
    .bind::<Array<SqlUuid>, _>(sessions)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Ends every session of a user, in the transaction that changes the user.
pub async fn revoke_of_user(tx: &crate::db::Tx, user: Uuid) -> Result<Vec<Uuid>> {
    let rows: Vec<scalar::Id> = sql("with ended as (
                 update session set revoked_at = now()
                 where tenant_id = $1 and user_id = $2 and revoked_at is null returning id
             ), gone as (delete from access_token where session_id in (select id from ended)),
             unused as (delete from socket_ticket where session_id in (select id from ended))
             select id from ended")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(user)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Those of the given sessions that are not valid any more. Sockets ask this each second for all of a node's sessions.
pub async fn invalid_sessions(db: &Db, sessions: &[Uuid]) -> Result<Vec<Uuid>> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    let tx = db.system().await?;
    let rows: Vec<scalar::Id> = sql("select asked.id from unnest($1) as asked (id)
             where not exists (select from session s where s.id = asked.id and s.revoked_at is null
                 and s.expires_at > now() and s.last_seen_at > now() - interval '12 hours')")
    .bind::<Array<SqlUuid>, _>(sessions)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

#[derive(QueryableByName)]
struct Moment {
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

/// Deletes what can't be used any more. Run now and then. Replaced refresh tokens stay as long as their session could
/// be refreshed, so that their reuse is noticed.
pub async fn clean(db: &Db) -> Result<()> {
    let tx = db.system().await?;
    let now: Moment = sql("select now() as at").get_result(&mut tx.conn()).await?;
    for statement in [
        "delete from access_token where expires_at < $1",
        "delete from socket_ticket where expires_at < $1",
        "delete from session where signed_in_at < $1 - interval '31 days' or revoked_at < $1 - interval '31 days'",
    ] {
        sql(statement).bind::<Timestamptz, _>(now.at).execute(&mut tx.conn()).await?;
    }
    tx.commit().await
}
