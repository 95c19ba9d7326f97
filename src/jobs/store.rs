//! Every statement on `job` and `schedule`.

use super::runner::Job;
use super::{LEASE, NewJob};
use crate::db::{Db, Tx, scalar, sql};
use crate::error::{Error, Result};
use crate::ids;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{
    Array, Bool, Double, Int4, Int8, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use std::time::Duration;
use uuid::Uuid;

/// Enqueues jobs in the caller's transaction. One that was set aside under the same key gets new tries.
pub async fn enqueue(tx: &Tx, jobs: &[NewJob]) -> Result<()> {
    if jobs.is_empty() {
        return Ok(());
    }
    sql(
        "insert into job (id, tenant_id, kind, payload, unique_key, run_at, resource)
         select id, $1, kind, payload, unique_key, coalesce(run_at, now()), resource
         from unnest($2::uuid[], $3::text[], $4::jsonb[], $5::text[], $6::timestamptz[], $7::uuid[])
              as r (id, kind, payload, unique_key, run_at, resource)
         order by kind, unique_key
         on conflict (tenant_id, kind, unique_key) where unique_key is not null
             do update set state = 'queued', attempts = 0, run_at = excluded.run_at where job.state = 'dead'",
    )
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(jobs.iter().map(|_| ids::new()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(jobs.iter().map(|job| job.kind).collect::<Vec<_>>())
    .bind::<Array<Jsonb>, _>(jobs.iter().map(|job| &job.payload).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(jobs.iter().map(|job| job.unique_key.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Timestamptz>>, _>(jobs.iter().map(|job| job.run_at).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(jobs.iter().map(|job| job.resource).collect::<Vec<_>>())
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Asks for a job that works off what it finds, under its unique key: made if there is none, else it will look again. One
/// that waits after a failure goes on waiting.
pub async fn ask(tx: &Tx, job: &NewJob) -> Result<()> {
    sql("insert into job (id, tenant_id, kind, payload, unique_key, run_at, resource)
         values ($1, $2, $3, $4, $5, coalesce($6, now()), $7)
         on conflict (tenant_id, kind, unique_key) where unique_key is not null do update
             set asked = job.asked + 1, state = 'queued',
                 attempts = case when job.state = 'dead' then 0 else job.attempts end,
                 run_at = case when job.state = 'queued' and job.attempts > 0 then job.run_at
                               else least(job.run_at, excluded.run_at) end")
    .bind::<SqlUuid, _>(ids::new())
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Text, _>(job.kind)
    .bind::<Jsonb, _>(&job.payload)
    .bind::<Nullable<Text>, _>(job.unique_key.as_deref())
    .bind::<Nullable<Timestamptz>, _>(job.run_at)
    .bind::<Nullable<SqlUuid>, _>(job.resource)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Makes sure that the lease is still this runner's, until the transaction ends. Fails when it is not.
pub async fn hold(tx: &Tx, job: &Job) -> Result<()> {
    let held: Vec<scalar::Id> =
        sql("select id from job where tenant_id = $1 and id = $2 and lease_token = $3 for update")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<SqlUuid, _>(job.id)
            .bind::<SqlUuid, _>(job.token)
            .load(&mut tx.conn())
            .await?;
    if held.is_empty() { Err(Error::Unavailable("the job's lease was lost".to_owned())) } else { Ok(()) }
}

/// Ends a job that found nothing more to do, unless it was asked for meanwhile: then it is free to be claimed at once.
/// Whether it ended.
pub async fn settle(tx: &Tx, job: &Job) -> Result<bool> {
    let ended = sql("delete from job where tenant_id = $1 and id = $2 and lease_token = $3 and asked = $4")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(job.id)
        .bind::<SqlUuid, _>(job.token)
        .bind::<Int4, _>(job.asked)
        .execute(&mut tx.conn())
        .await?;
    if ended == 0 {
        put_off(tx, job, None).await?;
    }
    Ok(ended == 1)
}

/// Gives a job back that is not to be done before a time (none: now); it starts anew then. One that was asked for
/// meanwhile is due at once.
pub async fn put_off(tx: &Tx, job: &Job, until: Option<DateTime<Utc>>) -> Result<()> {
    sql("update job set lease_token = null, lease_until = null, attempts = 0,
                run_at = case when asked = $4 then coalesce($5, now()) else now() end
         where tenant_id = $1 and id = $2 and lease_token = $3")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(job.id)
    .bind::<SqlUuid, _>(job.token)
    .bind::<Int4, _>(job.asked)
    .bind::<Nullable<Timestamptz>, _>(until)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Ends a job in the transaction of its effect. Fails when the lease is somebody else's by now.
pub async fn complete(tx: &Tx, job: &Job) -> Result<()> {
    let done = sql("delete from job where tenant_id = $1 and id = $2 and lease_token = $3")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(job.id)
        .bind::<SqlUuid, _>(job.token)
        .execute(&mut tx.conn())
        .await?;
    if done == 1 { Ok(()) } else { Err(Error::Unavailable("the job's lease was lost".to_owned())) }
}

/// What a runner got, and if that is nothing, how long until the next one is due, if that is soon.
#[derive(Default)]
pub struct Claimed {
    pub jobs: Vec<Job>,
    pub next_in: Option<Duration>,
}

#[derive(QueryableByName)]
struct Seconds {
    #[diesel(sql_type = Nullable<Double>)]
    seconds: Option<f64>,
}

/// Takes up to `limit` jobs of some kinds that are due, none of those whose resource is `busy`.
pub async fn claim(db: &Db, limit: i64, kinds: &[&str], busy: &[Uuid]) -> Result<Claimed> {
    let tx = db.system().await?;
    let jobs: Vec<Job> = sql("update job set lease_token = gen_random_uuid(), attempts = attempts + 1,
                        lease_until = now() + make_interval(secs => $2)
         where id in (select id from job
                      where state = 'queued' and run_at <= now() and (lease_until is null or lease_until < now())
                        and kind = any($3) and (resource is null or resource <> all($4))
                      order by run_at limit $1 for update skip locked)
         returning id, tenant_id, kind, payload, attempts, asked, resource, lease_token as token")
    .bind::<Int8, _>(limit)
    .bind::<Double, _>(LEASE.as_secs_f64())
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<SqlUuid>, _>(busy)
    .load(&mut tx.conn())
    .await?;
    let mut next_in = None;
    if jobs.is_empty() {
        let next: Seconds = sql("select extract(epoch from min(run_at) - now())::float8 as seconds from job
             where state = 'queued' and run_at > now() and run_at < now() + interval '2 seconds' and kind = any($1)")
        .bind::<Array<Text>, _>(kinds)
        .get_result(&mut tx.conn())
        .await?;
        next_in = next.seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    }
    tx.commit().await?;
    Ok(Claimed { jobs, next_in })
}

/// Prolongs a lease that nobody else has taken.
pub async fn renew(db: &Db, job: &Job) -> Result<()> {
    let tx = db.system().await?;
    sql("update job set lease_until = now() + make_interval(secs => $3) where id = $1 and lease_token = $2")
        .bind::<SqlUuid, _>(job.id)
        .bind::<SqlUuid, _>(job.token)
        .bind::<Double, _>(LEASE.as_secs_f64())
        .execute(&mut tx.conn())
        .await?;
    tx.commit().await
}

/// Until a job's next try.
#[derive(Debug, Clone, Copy)]
pub struct Wait {
    pub seconds: f64,
    /// As one try more. If not, it counts as the first one: [`ask`] lets it wait all the same.
    pub counts: bool,
}

/// Puts a job back, or aside when it may not be tried again.
pub async fn put_back(db: &Db, job: &Job, error: &str, wait: Option<Wait>) -> Result<()> {
    let tx = db.system().await?;
    sql("update job set lease_token = null, lease_until = null, last_error = left($3, 2000),
                state = case when $4 is null then 'dead' else 'queued' end,
                run_at = now() + make_interval(secs => coalesce($4, 0)),
                attempts = case when $5 then attempts else 1 end
         where id = $1 and lease_token = $2")
    .bind::<SqlUuid, _>(job.id)
    .bind::<SqlUuid, _>(job.token)
    .bind::<Text, _>(error)
    .bind::<Nullable<Double>, _>(wait.map(|wait| wait.seconds))
    .bind::<Bool, _>(wait.is_none_or(|wait| wait.counts))
    .execute(&mut tx.conn())
    .await?;
    tx.commit().await
}

/// Jobs that wait or run, for metrics and tests. `due_only`: without those put off.
pub async fn waiting(db: &Db, due_only: bool) -> Result<i64> {
    let tx = db.system().await?;
    let row: scalar::Number =
        sql("select count(*) as value from job where state = 'queued' and (not $1 or run_at <= now())")
            .bind::<diesel::sql_types::Bool, _>(due_only)
            .get_result(&mut tx.conn())
            .await?;
    Ok(row.value)
}

/// True for the one node that may run the schedule now.
pub(super) async fn take_turn(db: &Db, name: &str, every_s: i32) -> Result<bool> {
    let tx = db.system().await?;
    let turn: Vec<scalar::Word> = sql("insert into schedule as s (name, last_run_at) values ($1, now())
         on conflict (name) do update set last_run_at = now()
         where s.last_run_at <= now() - make_interval(secs => $2)
         returning name as value")
    .bind::<Text, _>(name)
    .bind::<Int4, _>(every_s)
    .load(&mut tx.conn())
    .await?;
    tx.commit().await?;
    Ok(!turn.is_empty())
}

/// A schedule that failed runs again soon.
pub(super) async fn give_turn_back(db: &Db, name: &str) -> Result<()> {
    let tx = db.system().await?;
    sql("delete from schedule where name = $1").bind::<Text, _>(name).execute(&mut tx.conn()).await?;
    tx.commit().await
}
