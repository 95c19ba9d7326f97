//! Every statement on `notification`.

use super::model::{self, Colleague, NotedConversation, NotedMessage, Notification, NotificationKind};
use crate::auth::Role;
use crate::customers::Person;
use crate::db::{Tx, scalar, sql};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use std::collections::HashMap;
use uuid::Uuid;

/// Whose notifications, and whether they see every conversation; else theirs and nobody's.
#[derive(Debug, Clone, Copy)]
pub struct View {
    pub user: Uuid,
    pub all: bool,
}

/// A notification to be made, and for whom.
#[derive(Debug, Clone, Copy)]
pub struct New {
    pub id: Uuid,
    pub user: Uuid,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    conversation_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = Text)]
    customer_name: String,
    #[diesel(sql_type = SqlUuid)]
    message_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
    #[diesel(sql_type = SqlUuid)]
    actor_id: Uuid,
    #[diesel(sql_type = Text)]
    actor_name: String,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    read_at: Option<DateTime<Utc>>,
}

/// `$1` tenant; which notifications is the only thing that differs.
macro_rules! notifications {
    ($which:literal) => {
        concat!(
            "select n.id, n.kind, c.id as conversation_id, cu.id as customer_id, cu.name as customer_name, n.message_id,
                    case when m.deleted_at is null then left(m.text, 1000) end as text,
                    a.id as actor_id, a.name as actor_name, n.created_at, n.read_at
             from notification n
             join message m on m.tenant_id = $1 and m.id = n.message_id
             join conversation c on c.tenant_id = $1 and c.id = m.conversation_id
             join customer cu on cu.tenant_id = $1 and cu.id = c.customer_id
             join app_user a on a.tenant_id = $1 and a.id = n.actor_id
             where n.tenant_id = $1 and ",
            $which
        )
    };
}

/// Those of `ids` who can sign in.
pub async fn colleagues(tx: &Tx, ids: &[Uuid]) -> Result<Vec<Colleague>> {
    #[derive(QueryableByName)]
    struct User {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = Text)]
        role: String,
    }
    let users: Vec<User> = sql("select id, role from app_user
         where tenant_id = $1 and id = any($2) and disabled_at is null")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(ids)
    .load(&mut tx.conn())
    .await?;
    Ok(users.into_iter().filter_map(|user| Some(Colleague::new(user.id, Role::parse(&user.role)?))).collect())
}

pub async fn insert(tx: &Tx, actor: Uuid, message: Uuid, new: &[New]) -> Result<()> {
    sql("insert into notification (tenant_id, id, user_id, kind, message_id, actor_id)
         select $1, new.id, new.user_id, 'mention', $2, $3 from unnest($4::uuid[], $5::uuid[]) as new (id, user_id)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(message)
    .bind::<SqlUuid, _>(actor)
    .bind::<Array<SqlUuid>, _>(new.iter().map(|new| new.id).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(new.iter().map(|new| new.user).collect::<Vec<_>>())
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// By id; ids that are not there are left out.
pub async fn load(tx: &Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Notification>> {
    let rows: Vec<Row> = sql(notifications!("n.id = any($2)"))
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<Array<SqlUuid>, _>(ids)
        .load(&mut tx.conn())
        .await?;
    rows.into_iter().map(|row| Ok((row.id, row.shape()?))).collect()
}

/// A user's, newest first, those below `after`.
pub async fn page(
    tx: &Tx,
    view: View,
    unread_only: bool,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Notification>> {
    let rows: Vec<Row> = sql(notifications!(
        "n.user_id = $2 and ($3 or c.assignee_id is null or c.assignee_id = $2)
           and (not $4 or n.read_at is null) and ($5::uuid is null or n.id < $5)
         order by n.id desc limit $6"
    ))
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(view.user)
    .bind::<Bool, _>(view.all)
    .bind::<Bool, _>(unread_only)
    .bind::<Nullable<SqlUuid>, _>(after)
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?;
    rows.into_iter().map(Row::shape).collect()
}

/// How many of those that the user sees are unread.
pub async fn unread(tx: &Tx, view: View) -> Result<i64> {
    let row: scalar::Number = sql("select count(*) as value from notification n
         where n.tenant_id = $1 and n.user_id = $2 and n.read_at is null and ($3 or exists (
             select from message m join conversation c on c.tenant_id = $1 and c.id = m.conversation_id
             where m.tenant_id = $1 and m.id = n.message_id and (c.assignee_id is null or c.assignee_id = $2)))")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(view.user)
    .bind::<Bool, _>(view.all)
    .get_result(&mut tx.conn())
    .await?;
    Ok(row.value)
}

/// Marks these, or all that the user sees; the ids of those that were unread.
pub async fn mark_read(tx: &Tx, view: View, which: Option<&[Uuid]>, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    // Locked in their order: two devices may do the same at once.
    let changed: Vec<scalar::Id> = sql("with unread as (
             select n.id from notification n
             where n.tenant_id = $1 and n.user_id = $2 and n.read_at is null
               and ($4::uuid[] is null or n.id = any($4)) and ($3 or exists (
                   select from message m join conversation c on c.tenant_id = $1 and c.id = m.conversation_id
                   where m.tenant_id = $1 and m.id = n.message_id and (c.assignee_id is null or c.assignee_id = $2)))
             order by n.id for no key update of n
         )
         update notification n set read_at = $5 from unread where n.tenant_id = $1 and n.id = unread.id
         returning n.id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(view.user)
    .bind::<Bool, _>(view.all)
    .bind::<Nullable<Array<SqlUuid>>, _>(which)
    .bind::<Timestamptz, _>(now)
    .load(&mut tx.conn())
    .await?;
    Ok(changed.into_iter().map(|row| row.id).collect())
}

impl Row {
    fn shape(self) -> Result<Notification> {
        Ok(Notification {
            id: self.id,
            kind: NotificationKind::parse(&self.kind)
                .ok_or_else(|| Error::internal("unknown kind of notification"))?,
            conversation: NotedConversation {
                id: self.conversation_id,
                customer: Person { id: self.customer_id, name: self.customer_name },
            },
            message: NotedMessage {
                id: self.message_id,
                excerpt: self.text.as_deref().and_then(model::excerpt),
            },
            actor: Person { id: self.actor_id, name: self.actor_name },
            created_at: self.created_at,
            read_at: self.read_at,
        })
    }
}
