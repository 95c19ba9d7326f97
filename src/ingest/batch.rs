//! One transaction: lock the tenant's ingest, claim the deliveries, load, decide, write, tell.

use super::needs::Needs;
use super::rows::ChannelRow;
use super::world::{Accepted, LeadDetails, World, channel_key};
use super::{emit, load, write};
use crate::db::{Tenant, Tx, sql};
use crate::error::Result;
use crate::jobs::{self, Job, NewJob};
use crate::log::{Log, Write};
use crate::{clock, ids, kanban, templates};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Int8, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, try_join};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use webhooks::{Account, Fact, Person};

/// A delivery, read and routed.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub delivery_id: Uuid,
    pub received_at: DateTime<Utc>,
    pub facts: Vec<Fact>,
    /// Accounts that no channel owns become channels on the spot (a deployment with one tenant).
    pub make_channels: bool,
}

#[derive(QueryableByName)]
struct Claimed {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    state: String,
}

/// What a profile look-up found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub channel_id: Uuid,
    pub customer_id: Uuid,
    pub name: Option<String>,
    pub username: Option<String>,
}

/// Applies deliveries of one tenant, in order. Those that another node has taken meanwhile are left to it. Whether jobs
/// were enqueued.
pub async fn apply(log: &Log, tenant: Tenant, batch: &[Incoming]) -> Result<bool> {
    // Sent together: who waits for the lock sees what the one before has committed.
    let ids: Vec<Uuid> = batch.iter().map(|incoming| incoming.delivery_id).collect();
    let (mut write, (claimed, channels)) = log
        .begin_batch(tenant, Some("webhook".to_owned()), move |tx| claim_locked(tx, ids.clone()).boxed())
        .await?;
    fail_point!("worker.claimed");
    let mine: Vec<&Incoming> =
        batch.iter().filter(|incoming| claimed.contains(&incoming.delivery_id)).collect();
    let facts: Vec<&Fact> = mine.iter().flat_map(|incoming| &incoming.facts).collect();
    let channels = ensure_channels(&write, channels, &mine, &facts).await?;
    let needs = Needs::of(&facts, &channels);
    let mut world = World::new(channels, clock::now());
    load::fill(&write, &mut world, &needs).await?;
    fail_point!("worker.loaded");
    for incoming in &mine {
        world.received_at = incoming.received_at;
        for fact in &incoming.facts {
            world.apply(fact);
        }
    }
    let messages = world.messages.values().filter(|kept| kept.fate == super::rows::Fate::New).count();
    let jobs = finish(&mut write, &mut world, &claimed).await?;
    write.commit().await?;
    metrics::counter!("switchboard_ingest_messages_total").increment(messages as u64);
    Ok(jobs)
}

/// Applies a lead whose content is known now. `told`: the channel event that announced it, and the job that fetched it.
pub async fn apply_lead(
    log: &Log,
    tenant: Tenant,
    channel_id: Uuid,
    lead: &LeadDetails,
    at: DateTime<Utc>,
    job: Option<&Job>,
) -> Result<Option<Uuid>> {
    let (mut write, channels) = log.begin_batch(tenant, Some("lead".to_owned()), locked).await?;
    let channel = channels.iter().find(|row| row.id == channel_id).cloned();
    let mut world = World::new(channels, clock::now());
    load::fill(&write, &mut world, &Needs::of_lead(lead)).await?;
    let customer = channel.and_then(|channel| world.lead_known(&channel, lead, at));
    finish(&mut write, &mut world, &BTreeSet::new()).await?;
    lead_stored(&write, channel_id, lead, customer).await?;
    if let Some(job) = job {
        jobs::complete(&write, job).await?;
    }
    write.commit().await?;
    Ok(customer)
}

/// Notes that a platform accepted a message, with what it has told of it already.
pub async fn accept(log: &Log, tenant: Tenant, channel_id: Uuid, answer: Accepted) -> Result<()> {
    let (mut write, channels) = log.begin_batch(tenant, Some("outbox".to_owned()), locked).await?;
    let mut world = World::new(channels, clock::now());
    load::fill(&write, &mut world, &Needs::of_answer(channel_id, &answer)).await?;
    world.accepted(channel_id, &answer);
    finish(&mut write, &mut world, &BTreeSet::new()).await?;
    write.commit().await?;
    Ok(())
}

/// The conversation with a person on a channel, made if there is none; none for a stranger where there may be none.
pub async fn open_thread(
    log: &Log,
    tenant: Tenant,
    channel_id: Uuid,
    person: &Person,
    strangers: bool,
) -> Result<Option<Uuid>> {
    let (mut write, channels) = log.begin_batch(tenant, Some("outbox".to_owned()), locked).await?;
    let Some(channel) = channels.iter().find(|row| row.id == channel_id).cloned() else { return Ok(None) };
    let mut world = World::new(channels, clock::now());
    load::fill(&write, &mut world, &Needs::of_person(&channel, person)).await?;
    let Some(thread) = world.opened(&channel, person, clock::now(), strangers) else { return Ok(None) };
    finish(&mut write, &mut world, &BTreeSet::new()).await?;
    write.commit().await?;
    Ok(Some(thread))
}

/// Gives a customer the name that Graph knows.
pub async fn apply_profile(log: &Log, tenant: Tenant, contact: &Contact, job: &Job) -> Result<()> {
    let (mut write, channels) = log.begin_batch(tenant, Some("profile".to_owned()), locked).await?;
    let mut world = World::new(channels, clock::now());
    load::fill_customer(&write, &mut world, contact.customer_id).await?;
    world.profile_known(contact.customer_id, contact.name.as_deref(), contact.username.as_deref());
    finish(&mut write, &mut world, &BTreeSet::new()).await?;
    jobs::complete(&write, job).await?;
    write.commit().await?;
    Ok(())
}

/// Writes what was decided, its jobs and its events; `done` are the deliveries that told it. Whether there are jobs.
async fn finish(write: &mut Write, world: &mut World, done: &BTreeSet<Uuid>) -> Result<bool> {
    let doomed: Vec<Uuid> = world.deleted_cards.iter().map(|row| row.id).collect();
    let doomed = kanban::load_cards(write, &doomed).await?;
    let jobs = std::mem::take(&mut world.jobs);
    let (fetches, jobs): (Vec<NewJob>, Vec<NewJob>) =
        jobs.into_iter().partition(|job| job.kind == "fetch_lead");
    write::complete(world);
    // Sent together and executed in this order, so that the events' shapes are those after the writing.
    let (written, (), (), shapes) = try_join!(
        write::all(write, world),
        mark_done(write, done),
        jobs::enqueue(write, &jobs),
        emit::shapes(write, world),
    )?;
    // A lead that was told before may have been fetched.
    let pending = |job: &NewJob| job.unique_key.as_ref().is_some_and(|id| written.pending_leads.contains(id));
    let fetches: Vec<NewJob> = fetches.into_iter().filter(pending).collect();
    jobs::enqueue(write, &fetches).await?;
    templates::hear(write, &world.template_news).await?;
    let doomed: Vec<_> = doomed.into_values().collect();
    emit::all(write, world, shapes, &written, &doomed).await?;
    Ok(!(jobs.is_empty() && fetches.is_empty() && world.template_news.is_empty()))
}

/// Ingest of one tenant is serial across all nodes; other writers only meet it at the rows.
async fn lock(tx: &Tx) -> Result<()> {
    let (high, low) = tx.tenant().as_u64_pair();
    sql("select pg_advisory_xact_lock($1)")
        .bind::<Int8, _>((high ^ low).cast_signed())
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The lock, and the tenant's channels under it.
fn locked(tx: &Tx) -> BoxFuture<'_, Result<Vec<ChannelRow>>> {
    async move {
        let ((), channels) = try_join!(lock(tx), load::channels(tx))?;
        Ok(channels)
    }
    .boxed()
}

/// The same, and the deliveries that are still to be worked on.
async fn claim_locked(tx: &Tx, ids: Vec<Uuid>) -> Result<(BTreeSet<Uuid>, Vec<ChannelRow>)> {
    let (channels, claimed) = try_join!(locked(tx), claim(tx, ids))?;
    Ok((claimed, channels))
}

/// Those that nobody has worked on. Their state is judged here, not in the statement: there, PostgreSQL may take the index
/// of those that wait, which is empty when it plans and has a hundred thousand rows in a flood.
async fn claim(tx: &Tx, ids: Vec<Uuid>) -> Result<BTreeSet<Uuid>> {
    let rows: Vec<Claimed> =
        sql("select d.id, d.state from unnest($1::uuid[]) as k (id) join webhook_delivery d on d.id = k.id
         order by d.id for update of d skip locked")
        .bind::<Array<SqlUuid>, _>(ids)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().filter(|row| row.state == "received").map(|row| row.id).collect())
}

async fn mark_done(tx: &Tx, ids: &BTreeSet<Uuid>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = ids.iter().copied().collect();
    sql("update webhook_delivery set state = 'done', reason = null, tenant_id = $1, attempts = attempts + 1
         where id = any($2)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(ids)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// The tenant's channels, after making those that this batch is the first to name.
async fn ensure_channels(
    tx: &Tx,
    mut channels: Vec<ChannelRow>,
    mine: &[&Incoming],
    facts: &[&Fact],
) -> Result<Vec<ChannelRow>> {
    let makes = mine.iter().any(|incoming| incoming.make_channels);
    for fact in facts {
        let Some((kind, account_id)) = channel_key(&fact.account) else { continue };
        let known = channels.iter_mut().find(|row| row.kind == kind && row.account_id == account_id);
        match (known, &fact.account) {
            (Some(row), Account::WhatsappNumber { waba_id, .. }) if row.waba_id.as_ref() != Some(waba_id) => {
                row.waba_id = Some(waba_id.clone());
                learn_waba(tx, row).await?;
            }
            (None, account) if makes => channels.push(make_channel(tx, kind, account_id, account).await?),
            _ => {}
        }
    }
    Ok(channels)
}

async fn learn_waba(tx: &Tx, row: &ChannelRow) -> Result<()> {
    sql("with learnt as (
             update channel set waba_id = $3, version = version + 1 where tenant_id = $1 and id = $2
             returning tenant_id, id, waba_id
         )
         insert into channel_account (kind, account_id, tenant_id, channel_id)
         select 'waba', waba_id, tenant_id, id from learnt on conflict (kind, account_id) do nothing")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(row.id)
    .bind::<Nullable<Text>, _>(&row.waba_id)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// A channel that an administrator has still to confirm; it works all the same.
async fn make_channel(tx: &Tx, kind: &str, account_id: &str, account: &Account) -> Result<ChannelRow> {
    let (waba_id, name) = match account {
        Account::WhatsappNumber { waba_id, display_phone_number, .. } => {
            (Some(waba_id.clone()), display_phone_number.clone())
        }
        _ => (None, None),
    };
    let row = ChannelRow {
        id: ids::new(),
        kind: kind.to_owned(),
        account_id: account_id.to_owned(),
        waba_id,
        name: name.unwrap_or_else(|| account_id.to_owned()),
        confirmed: false,
    };
    sql("with made as (
             insert into channel (tenant_id, id, kind, account_id, waba_id, name) values ($1, $2, $3, $4, $5, $6)
             returning tenant_id, id, kind, account_id, waba_id
         )
         insert into channel_account (kind, account_id, tenant_id, channel_id)
         select kind, account_id, tenant_id, id from made
         union all select 'waba', waba_id, tenant_id, id from made where waba_id is not null
         on conflict (kind, account_id) do nothing")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(row.id)
    .bind::<Text, _>(&row.kind)
    .bind::<Text, _>(&row.account_id)
    .bind::<Nullable<Text>, _>(&row.waba_id)
    .bind::<Text, _>(&row.name)
    .execute(&mut tx.conn())
    .await?;
    Ok(row)
}

/// The announced lead shows its content's state.
async fn lead_stored(tx: &Tx, channel_id: Uuid, lead: &LeadDetails, customer: Option<Uuid>) -> Result<()> {
    let news = json!({ "state": "stored", "test": lead.test });
    sql("update channel_event set data = data || $4, customer_id = $5, version = version + 1
         where tenant_id = $1 and scope = $2 and kind = 'lead' and key = $3")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Text, _>(channel_id.to_string())
    .bind::<Text, _>(&lead.lead_id)
    .bind::<Jsonb, _>(news)
    .bind::<Nullable<SqlUuid>, _>(customer)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
