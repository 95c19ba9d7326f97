//! Transactions that carry events.

use crate::db::{Db, First, Tenant, Tx, sql};
use crate::error::Result;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc};
use uuid::Uuid;

/// One event, as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub seq: i64,
    pub at: DateTime<Utc>,
    /// `noun.past_tense`.
    pub name: String,
    pub rooms: Vec<String>,
    /// JSON text, complete enough to draw without a fetch.
    pub data: String,
}

/// The events of one committed transaction, in order.
#[derive(Debug, Clone)]
pub struct Committed {
    pub tenant: Tenant,
    pub events: Vec<Arc<Event>>,
}

/// The way to change things: begins transactions whose commit appends their events.
#[derive(Clone)]
pub struct Log {
    db: Db,
    relay: mpsc::UnboundedSender<Committed>,
    turns: Turns,
}

/// Of batches, by tenant.
type Turns = Arc<parking_lot::Mutex<HashMap<Tenant, Arc<Mutex<()>>>>>;

/// An open transaction with the events it will append. Dropped without [`Write::commit`], nothing has happened.
pub struct Write {
    tx: Tx,
    relay: mpsc::UnboundedSender<Committed>,
    _turn: Option<OwnedMutexGuard<()>>,
    actor: Option<String>,
    names: Vec<&'static str>,
    rooms: Vec<String>,
    data: Vec<String>,
}

/// Events on their way into the table.
struct New<'a> {
    tenant: Uuid,
    actor: Option<String>,
    names: &'a [&'static str],
    rooms: &'a [String],
    data: &'a [String],
}

#[derive(QueryableByName)]
struct Appended {
    #[diesel(sql_type = Int8)]
    seq: i64,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

impl Log {
    /// The log and the end at which the relay takes what was committed.
    pub fn new(db: Db) -> (Self, mpsc::UnboundedReceiver<Committed>) {
        let (relay, committed) = mpsc::unbounded_channel();
        (Self { db, relay, turns: Turns::default() }, committed)
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Begins a change; `actor` is who causes it (`user:<id>`, `webhook`, `job`).
    pub async fn begin(&self, tenant: Tenant, actor: impl Into<Option<String>>) -> Result<Write> {
        Ok(self.write(self.db.write(tenant).await?, None, actor.into()))
    }

    /// As [`Log::begin`], for set-based changes of many rows. One a tenant at a time: those that wait for the first one's
    /// locks must not hold the few connections that all tenants share. The first statements are sent together with the
    /// beginning.
    pub async fn begin_batch<T>(
        &self,
        tenant: Tenant,
        actor: impl Into<Option<String>>,
        first: impl First<T>,
    ) -> Result<(Write, T)> {
        let turn = Arc::clone(self.turns.lock().entry(tenant).or_default());
        let turn = turn.lock_owned().await;
        let (tx, first) = self.db.write_batch(tenant, first).await?;
        Ok((self.write(tx, Some(turn), actor.into()), first))
    }

    fn write(&self, tx: Tx, turn: Option<OwnedMutexGuard<()>>, actor: Option<String>) -> Write {
        let (names, rooms, data) = (Vec::new(), Vec::new(), Vec::new());
        Write { tx, relay: self.relay.clone(), _turn: turn, actor, names, rooms, data }
    }
}

impl Write {
    /// Adds an event. Room names hold no blank, so that one text carries a list of them.
    pub fn emit(&mut self, name: &'static str, rooms: &[String], data: &impl Serialize) -> Result<()> {
        self.names.push(name);
        self.rooms.push(rooms.join(" "));
        self.data.push(serde_json::to_string(data)?);
        Ok(())
    }

    /// Appends the events, commits, and hands them to the relay. Returns the tenant's `seq` after it.
    pub async fn commit(self) -> Result<i64> {
        if self.names.is_empty() {
            let seq = self.tx.seq();
            self.tx.commit().await?;
            return Ok(seq);
        }
        let Self { tx, relay, _turn, actor, names, rooms, data } = self;
        let tenant = tx.scope();
        let new = New { tenant: tx.tenant(), actor, names: &names, rooms: &rooms, data: &data };
        fail_point!("log.committing");
        let appended = tx.commit_with(async |conn| new.append(conn).await).await?;
        fail_point!("log.committed");
        let events: Vec<Arc<Event>> = appended
            .into_iter()
            .zip(names)
            .zip(rooms)
            .zip(data)
            .map(|(((row, name), rooms), data)| {
                let rooms = rooms.split(' ').map(str::to_owned).collect();
                Arc::new(Event { seq: row.seq, at: row.at, name: name.to_owned(), rooms, data })
            })
            .collect();
        let last = events.last().map_or(0, |event| event.seq);
        metrics::counter!("switchboard_events_appended_total").increment(events.len() as u64);
        // Without a relay (a one-off command) the events are in the log all the same.
        let _ = relay.send(Committed { tenant, events });
        Ok(last)
    }
}

impl New<'_> {
    /// The last statement before the commit: from here on the tenant's counter is locked.
    async fn append(self, mut conn: &AsyncPgConnection) -> Result<Vec<Appended>> {
        let rows = sql("with bump as (
                 update tenant_counter set seq = seq + cardinality($2::text[]) where tenant_id = $1 returning seq
             )
             insert into event (tenant_id, seq, name, rooms, data, actor)
             select $1, bump.seq - cardinality($2::text[]) + new.place, new.name, string_to_array(new.rooms, ' '),
                    new.data::json, $5
             from bump, unnest($2::text[], $3::text[], $4::text[]) with ordinality as new (name, rooms, data, place)
             returning seq, at")
        .bind::<SqlUuid, _>(self.tenant)
        .bind::<Array<Text>, _>(self.names)
        .bind::<Array<Text>, _>(self.rooms)
        .bind::<Array<Text>, _>(self.data)
        .bind::<Nullable<Text>, _>(self.actor)
        .load::<Appended>(&mut conn)
        .await?;
        Ok(rows)
    }
}

impl Deref for Write {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        &self.tx
    }
}
