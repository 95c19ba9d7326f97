//! Users and their credentials.

use crate::auth::model::UserRow;
use crate::db::{Db, SystemTx, Tx, scalar, sql};
use crate::error::{Error, Result};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Bytea, Int8, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// What a password is checked against.
#[derive(Debug, Clone, QueryableByName)]
pub struct Credential {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub user_id: Uuid,
    #[diesel(sql_type = Text)]
    pub password_hash: String,
}

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub role: &'static str,
    pub password_hash: String,
}

/// Sets the tenant for the rest of a system transaction.
pub async fn enter(tx: &SystemTx, tenant: Uuid) -> Result<()> {
    sql("select set_config('app.tenant_id', $1::text, true)")
        .bind::<SqlUuid, _>(tenant)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub async fn credential(db: &Db, email: &str) -> Result<Option<Credential>> {
    let tx = db.system().await?;
    let rows: Vec<Credential> =
        sql("select tenant_id, user_id, password_hash from credential where email = $1")
            .bind::<Text, _>(email)
            .load(&mut tx.conn())
            .await?;
    Ok(rows.into_iter().next())
}

/// Stores the hash with today's parameters, unless the password was changed meanwhile.
pub async fn rehash(tx: &SystemTx, email: &str, old: &str, new: &str) -> Result<()> {
    sql("update credential set password_hash = $3 where email = $1 and password_hash = $2")
        .bind::<Text, _>(email)
        .bind::<Text, _>(old)
        .bind::<Text, _>(new)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Whether anybody can sign in yet.
pub async fn any_user(tx: &SystemTx) -> Result<bool> {
    let row: scalar::Number =
        sql("select count(*) as value from (select from credential limit 1) as any_one")
            .get_result(&mut tx.conn())
            .await?;
    Ok(row.value > 0)
}

/// Replaces the token of the set-up page; null: there is none any more.
pub async fn set_setup_token(tx: &SystemTx, hash: Option<Vec<u8>>) -> Result<()> {
    sql("update installation set setup_token_hash = $1")
        .bind::<Nullable<Bytea>, _>(hash)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct SetupToken {
    #[diesel(sql_type = Nullable<Bytea>)]
    hash: Option<Vec<u8>>,
}

/// The hash of the set-up token, locked: of two visitors the second waits, and then finds a user.
pub async fn take_setup_token(tx: &SystemTx) -> Result<Option<Vec<u8>>> {
    let row: SetupToken = sql("select setup_token_hash as hash from installation for update")
        .get_result(&mut tx.conn())
        .await?;
    Ok(row.hash)
}

/// A user with the credential. On a connection whose transaction has its tenant set. An e-mail that is taken is a 422.
pub async fn insert_user(conn: &AsyncPgConnection, tenant: Uuid, user: &NewUser) -> Result<UserRow> {
    let mut conn = conn;
    let made: Vec<UserRow> = sql("insert into app_user (tenant_id, id, email, name, role)
             values ($1, $2, $3, $4, $5) on conflict do nothing
             returning id, email, name, role, disabled_at, version, created_at")
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(user.id)
    .bind::<Text, _>(&user.email)
    .bind::<Text, _>(&user.name)
    .bind::<Text, _>(user.role)
    .load(&mut conn)
    .await?;
    let named = sql("insert into credential (email, tenant_id, user_id, password_hash)
             select $3, tenant_id, id, $4 from app_user where tenant_id = $1 and id = $2 on conflict do nothing")
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(user.id)
    .bind::<Text, _>(&user.email)
    .bind::<Text, _>(&user.password_hash)
    .execute(&mut conn)
    .await?;
    match made.into_iter().next() {
        Some(row) if named == 1 => Ok(row),
        _ => Err(Error::invalid("email", "taken", "Someone signs in with that e-mail address already.")),
    }
}

/// One user of the tenant.
pub async fn user(conn: &AsyncPgConnection, tenant: Uuid, id: Uuid) -> Result<Option<UserRow>> {
    let mut conn = conn;
    let rows: Vec<UserRow> =
        sql("select id, email, name, role, disabled_at, version, created_at from app_user
             where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(id)
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().next())
}

/// Users by name, after the given place, up to `limit`.
pub async fn list(tx: &Tx, after: Option<(String, Uuid)>, limit: i64) -> Result<Vec<UserRow>> {
    let (name, id) = after.map_or((None, None), |(name, id)| (Some(name), Some(id)));
    let rows = sql(
        "select id, email, name, role, disabled_at, version, created_at from app_user
             where tenant_id = $1 and ($2::text is null or (name, id) > ($2, $3)) order by name, id limit $4",
    )
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Nullable<Text>, _>(name)
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?;
    Ok(rows)
}

/// The administrators who can sign in, locked: two can't take the right from each other at once.
pub async fn lock_administrators(tx: &Tx) -> Result<Vec<Uuid>> {
    let rows: Vec<scalar::Id> = sql("select id from app_user
             where tenant_id = $1 and role = 'administrator' and disabled_at is null order by id for update")
    .bind::<SqlUuid, _>(tx.tenant())
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Writes name, role and whether the user is disabled.
pub async fn update_user(tx: &Tx, id: Uuid, name: &str, role: &str, disabled: bool) -> Result<UserRow> {
    let row = sql("update app_user set name = $3, role = $4, version = version + 1,
                 disabled_at = case when $5 then coalesce(disabled_at, now()) end
             where tenant_id = $1 and id = $2
             returning id, email, name, role, disabled_at, version, created_at")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(name)
    .bind::<Text, _>(role)
    .bind::<Bool, _>(disabled)
    .get_result(&mut tx.conn())
    .await?;
    Ok(row)
}
