//! Every statement on `channel`, `channel_account`, `channel_event` (reading) and `webhook_delivery` (administration).

use super::model::{Channel, ChannelEvent, ChannelKind, DeliveryRecord};
use super::service::Account;
use crate::db::{Db, SystemTx, Tenant, Tx, scalar, schema, sql};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Double, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

#[derive(QueryableByName)]
#[diesel(table_name = schema::channel)]
struct ChannelRow {
    id: Uuid,
    kind: String,
    account_id: String,
    name: String,
    confirmed: bool,
    site_key: Option<String>,
    stopped: Option<Value>,
    version: i32,
}

#[derive(QueryableByName)]
#[diesel(table_name = schema::channel)]
struct AccountRow {
    waba_id: Option<String>,
}

#[derive(QueryableByName)]
#[diesel(table_name = schema::channel_event)]
struct EventRow {
    id: Uuid,
    kind: String,
    at: DateTime<Utc>,
    customer_id: Option<Uuid>,
    data: Value,
}

#[derive(QueryableByName)]
#[diesel(table_name = schema::webhook_delivery)]
struct DeliveryRow {
    id: Uuid,
    platform: String,
    state: String,
    reason: Option<String>,
    attempts: i32,
    size: i32,
    received_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
#[diesel(table_name = schema::webhook_delivery)]
struct BodyRow {
    body: Vec<u8>,
}

#[derive(QueryableByName)]
pub(super) struct WebsiteRow {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
}

impl From<ChannelRow> for Channel {
    fn from(row: ChannelRow) -> Self {
        Self {
            id: row.id,
            kind: ChannelKind::parse(&row.kind).unwrap_or(ChannelKind::Website),
            account_id: row.account_id,
            name: row.name,
            confirmed: row.confirmed,
            health: if row.stopped.is_some() { "stopped" } else { "ok" }.to_owned(),
            health_reason: row
                .stopped
                .and_then(|stopped| stopped.get("title").and_then(Value::as_str).map(str::to_owned)),
            site_key: row.site_key,
            version: row.version,
        }
    }
}

impl From<DeliveryRow> for DeliveryRecord {
    fn from(row: DeliveryRow) -> Self {
        Self {
            id: row.id,
            platform: row.platform,
            state: row.state,
            reason: row.reason,
            attempts: row.attempts,
            size: row.size,
            received_at: row.received_at,
        }
    }
}

pub(super) async fn channels(tx: &Tx) -> Result<Vec<Channel>> {
    let rows: Vec<ChannelRow> =
        sql("select id, kind, account_id, name, confirmed, site_key, stopped, version from channel
             where tenant_id = $1 order by created_at, id")
        .bind::<SqlUuid, _>(tx.tenant())
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(Channel::from).collect())
}

/// What a channel is; none when it is not the tenant's.
pub async fn kind(tx: &Tx, id: Uuid) -> Result<Option<ChannelKind>> {
    let row: Option<scalar::Word> = sql("select kind as value from channel where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .load(&mut tx.conn())
        .await?
        .pop();
    Ok(row.and_then(|row| ChannelKind::parse(&row.value)))
}

/// The WhatsApp business account behind a channel, as far as it has one that is known; none at all when the channel is not
/// the tenant's.
pub async fn business_account(tx: &Tx, id: Uuid) -> Result<Option<Option<String>>> {
    let row: Option<AccountRow> = sql("select waba_id from channel where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .load(&mut tx.conn())
        .await?
        .pop();
    Ok(row.map(|row| row.waba_id))
}

/// All WhatsApp business accounts of the tenant that are known.
pub async fn business_accounts(tx: &Tx) -> Result<Vec<String>> {
    let rows: Vec<AccountRow> = sql("select distinct waba_id from channel
         where tenant_id = $1 and kind = 'whatsapp' and waba_id is not null order by waba_id")
    .bind::<SqlUuid, _>(tx.tenant())
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().filter_map(|row| row.waba_id).collect())
}

/// One channel, locked for a change.
pub(super) async fn lock_channel(tx: &Tx, id: Uuid) -> Result<Option<Channel>> {
    let row: Option<ChannelRow> =
        sql("select id, kind, account_id, name, confirmed, site_key, stopped, version from channel
             where tenant_id = $1 and id = $2 for no key update")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .load(&mut tx.conn())
        .await?
        .pop();
    Ok(row.map(Channel::from))
}

pub(super) async fn update_channel(tx: &Tx, channel: &Channel) -> Result<()> {
    sql("update channel set name = $3, confirmed = $4, version = version + 1 where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(channel.id)
        .bind::<Text, _>(&channel.name)
        .bind::<Bool, _>(channel.confirmed)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Makes or confirms a channel, and takes the account for the tenant. 409 when another tenant has it.
pub(super) async fn claim_account(tx: &Tx, account: &Account<'_>) -> Result<Uuid> {
    let (kind, account_id, name) = (account.kind, account.account_id, account.name);
    let channel: scalar::Id = sql("insert into channel (tenant_id, id, kind, account_id, name, waba_id, confirmed)
         values ($1, $2, $3, $4, $5, $6, true)
         on conflict (tenant_id, kind, account_id) do update set confirmed = true, version = channel.version + 1,
             waba_id = coalesce(excluded.waba_id, channel.waba_id)
         returning id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(crate::ids::new())
    .bind::<Text, _>(kind.as_str())
    .bind::<Text, _>(account_id)
    .bind::<Text, _>(name)
    .bind::<Nullable<Text>, _>(account.waba_id)
    .get_result(&mut tx.conn())
    .await?;
    let owner: scalar::Id = sql("with claimed as (
             insert into channel_account (kind, account_id, tenant_id, channel_id) values ($1, $2, $3, $4)
             on conflict (kind, account_id) do nothing returning tenant_id
         )
         select tenant_id as id from claimed
         union all select tenant_id from channel_account where kind = $1 and account_id = $2 limit 1")
    .bind::<Text, _>(kind.as_str())
    .bind::<Text, _>(account_id)
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(channel.id)
    .get_result(&mut tx.conn())
    .await?;
    if owner.id == tx.tenant() {
        Ok(channel.id)
    } else {
        Err(Error::Conflict("Another tenant of this installation has connected that account."))
    }
}

/// News of a whole WhatsApp business account go to the tenant that has one of its numbers first.
pub(super) async fn claim_waba(tx: &Tx, waba_id: &str, channel: Uuid) -> Result<()> {
    sql("insert into channel_account (kind, account_id, tenant_id, channel_id) values ('waba', $1, $2, $3)
         on conflict (kind, account_id) do nothing")
    .bind::<Text, _>(waba_id)
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(channel)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Deliveries that waited for an account: the part that speaks of it goes to work, the rest waits on.
pub(super) async fn release_waiting(tx: &Tx, kind: &str, account_id: &str) -> Result<i64> {
    let account = format!("{kind}:{account_id}");
    let released: scalar::Number = sql("with taken as (
             update webhook_delivery set tenant_id = $1, state = 'received', reason = null, due_at = now(),
                    accounts = array[$2]
             where state = 'unrouted' and accounts @> array[$2] and (tenant_id is null or tenant_id = $1)
             returning id
         ), rest as (
             insert into webhook_delivery (id, tenant_id, platform, state, reason, attempts, size, accounts, body,
                                           received_at)
             select gen_random_uuid(), d.tenant_id, d.platform, d.state, d.reason, d.attempts, d.size,
                    array_remove(d.accounts, $2), d.body, d.received_at
             from webhook_delivery d join taken using (id) where cardinality(d.accounts) > 1
         )
         select count(*) as value from taken")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Text, _>(account)
    .get_result(&mut tx.conn())
    .await?;
    Ok(released.value)
}

/// The channel's events and those of its whole WhatsApp account, newest first, after a place.
pub(super) async fn events(
    tx: &Tx,
    channel: Uuid,
    kind: Option<&str>,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<ChannelEvent>> {
    let (at, id) = after.unzip();
    let rows: Vec<EventRow> = sql("select e.id, e.kind, e.at, e.customer_id, e.data
         from channel c
         join channel_event e on e.tenant_id = c.tenant_id and e.scope in (c.id::text, 'waba:' || c.waba_id)
         where c.tenant_id = $1 and c.id = $2 and ($3 is null or e.kind = $3)
           and ($4 is null or (e.at, e.id) < ($4, $5))
         order by e.at desc, e.id desc limit $6")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(channel)
    .bind::<Nullable<Text>, _>(kind)
    .bind::<Nullable<Timestamptz>, _>(at)
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?;
    let event = |row: EventRow| ChannelEvent {
        id: row.id,
        kind: row.kind,
        at: row.at,
        customer_id: row.customer_id,
        data: row.data,
    };
    Ok(rows.into_iter().map(event).collect())
}

/// Deliveries, newest first, before a place. The table is on the global list: the tenant is in the statement.
pub(super) async fn deliveries(
    tx: &Tx,
    states: &[&str],
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<DeliveryRecord>> {
    let rows: Vec<DeliveryRow> = sql("select id, platform, state, reason, attempts, size, received_at
         from webhook_delivery
         where tenant_id = $1 and (cardinality($2::text[]) = 0 or state = any($2)) and ($3 is null or id < $3)
         order by id desc limit $4")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<Text>, _>(states)
    .bind::<Nullable<SqlUuid>, _>(before)
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().map(DeliveryRecord::from).collect())
}

pub(super) async fn delivery(tx: &Tx, id: Uuid) -> Result<Option<(DeliveryRecord, Vec<u8>)>> {
    let (mut first, mut second) = (tx.conn(), tx.conn());
    let (mut rows, mut bodies) = futures_util::try_join!(
        sql("select id, platform, state, reason, attempts, size, received_at from webhook_delivery
             where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .load::<DeliveryRow>(&mut first),
        sql("select body from webhook_delivery where tenant_id = $1 and id = $2")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<SqlUuid, _>(id)
            .load::<BodyRow>(&mut second),
    )?;
    Ok(rows.pop().map(DeliveryRecord::from).zip(bodies.pop().map(|row| row.body)))
}

/// Puts deliveries back to work: the given ones, or all of a state. Returns how many.
pub(super) async fn replay(tx: &Tx, ids: &[Uuid], state: Option<&str>) -> Result<i64> {
    let count = sql("update webhook_delivery set state = 'received', reason = null, due_at = now()
         where tenant_id = $1 and state <> 'received' and (id = any($2) or state = $3)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Nullable<Text>, _>(state)
    .execute(&mut tx.conn())
    .await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Bodies of finished deliveries are kept for some days; what failed or waits is kept until somebody decides.
pub async fn drop_old_deliveries(db: &Db, keep_days: i32) -> Result<()> {
    loop {
        let tx = db.system().await?;
        let dropped = sql("delete from webhook_delivery where id in (
                 select id from webhook_delivery
                 where state = 'done' and received_at < now() - make_interval(days => $1) limit 1000)")
        .bind::<diesel::sql_types::Int4, _>(keep_days)
        .execute(&mut tx.conn())
        .await?;
        tx.commit().await?;
        if dropped < 1000 {
            return Ok(());
        }
    }
}

/// Deliveries that were committed and not worked on yet.
#[derive(Debug, QueryableByName)]
pub struct Waiting {
    #[diesel(sql_type = Int8)]
    pub deliveries: i64,
    /// Since the oldest of them came.
    #[diesel(sql_type = Double)]
    pub seconds: f64,
}

/// How far ingest is behind, for metrics.
pub async fn waiting(db: &Db) -> Result<Waiting> {
    let tx = db.system().await?;
    let waiting = sql("select count(*) as deliveries,
                coalesce(extract(epoch from now() - min(received_at)), 0)::float8 as seconds
         from webhook_delivery where state = 'received'")
    .get_result(&mut tx.conn())
    .await?;
    Ok(waiting)
}

/// Whose website form a key belongs to.
pub async fn website_channel(db: &Db, site_key: &str) -> Result<Option<(Tenant, Uuid)>> {
    let tx: SystemTx = db.system().await?;
    let row: Option<WebsiteRow> = sql(
        "select tenant_id, channel_id as id from channel_account where kind = 'site_key' and account_id = $1",
    )
    .bind::<Text, _>(site_key)
    .load(&mut tx.conn())
    .await?
    .pop();
    Ok(row.map(|row| (Tenant::proven(row.tenant_id), row.id)))
}
