//! Every statement of the outbox on `message`, `attachment`, `conversation` and `channel`.

mod lane;
mod target;
mod write;

pub use lane::{
    begin, count_not, hold, lock_left, next_due, next_scheduled, orphans, set, stop, tried, uploaded,
};
pub use target::{reactable, set_reactions, target};
pub use write::{
    Origin, Own, Row, attach, by_client_id, external_id, insert, last_inbound, newer_reply, own, place,
    queue_again, show_the_one_before, take_back,
};

use crate::channels::ChannelKind;
use crate::db::{Tx, sql};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use diesel::sql_types::{Bool, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

fn kind(text: &str) -> Result<ChannelKind> {
    ChannelKind::parse(text).ok_or_else(|| Error::internal("unknown kind of channel"))
}

/// A message of ours is the conversation's newest: it stands first, and who answers has read. A resolved one opens.
pub async fn note(tx: &Tx, conversation: Uuid, message: Uuid, at: DateTime<Utc>, reply: bool) -> Result<()> {
    sql("update conversation set
             last_message_id = case when last_message_at is null or last_message_at <= $4 then $3 else last_message_id end,
             last_message_at = greatest(last_message_at, $4), last_activity_at = greatest(last_activity_at, $4),
             unread_count = case when $5 then 0 else unread_count end,
             read_sent_at = case when $5 then $4 else read_sent_at end,
             read_message_id = case when $5 then $3 else read_message_id end,
             status = case when $5 and status in ('resolved', 'snoozed') then 'open' else status end,
             snoozed_until = case when $5 then null else snoozed_until end,
             version = version + 1
         where tenant_id = $1 and id = $2")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .bind::<SqlUuid, _>(message)
    .bind::<Timestamptz, _>(at)
    .bind::<Bool, _>(reply)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
