//! Reads what a batch needs, in two round trips, with the rows that it may change locked in a fixed order.

use super::needs::Needs;
use super::rows::{
    CardRow, ChannelRow, ConversationRow, CustomerRow, IdentityRow, Kept, MessageRow, ParkedRow,
};
use super::world::{ActivityState, DefaultBoard, World};
use crate::db::{Tx, scalar, sql};
use crate::error::Result;
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::try_join;
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(QueryableByName)]
struct MessagePlace {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    conversation_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    author_customer_id: Option<Uuid>,
}

#[derive(QueryableByName)]
struct ActivityRowState {
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = Bool)]
    pending: bool,
}

#[derive(QueryableByName)]
struct BoardRow {
    #[diesel(sql_type = SqlUuid)]
    board_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    column_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    top_rank: Option<String>,
}

/// What the first look found: ids of the rows to lock.
struct Places {
    messages: Vec<Uuid>,
    /// There are echoes that may be of messages on their way.
    echoes: bool,
    conversations: Vec<Uuid>,
    customers: Vec<Uuid>,
}

/// All channels of the tenant.
pub async fn channels(tx: &Tx) -> Result<Vec<ChannelRow>> {
    Ok(sql(
        "select id, kind, account_id, waba_id, name, confirmed from channel where tenant_id = $1 order by id",
    )
    .bind::<SqlUuid, _>(tx.tenant())
    .load(&mut tx.conn())
    .await?)
}

/// Fills the world with what `needs` names. The world has its channels already.
pub async fn fill(tx: &Tx, world: &mut World, needs: &Needs) -> Result<()> {
    let places = look_up(tx, world, needs).await?;
    lock_and_load(tx, world, &places).await
}

async fn look_up(tx: &Tx, world: &mut World, needs: &Needs) -> Result<Places> {
    let (former, messages, customers, groups, parked, board) = try_join!(
        identities_by_key(tx, needs),
        message_places(tx, needs),
        customers_by_contact(tx, needs),
        group_threads(tx, needs),
        parked(tx, needs),
        default_board(tx),
    )?;
    for row in parked {
        world.parked.insert((row.channel_id, row.target, row.slot), Kept::clean(row.data));
    }
    world.board = board;
    let mut customer_ids: BTreeSet<Uuid> = former.iter().map(|row| row.customer_id).collect();
    customer_ids.extend(messages.iter().map(|row| row.customer_id));
    customer_ids.extend(messages.iter().filter_map(|row| row.author_customer_id));
    customer_ids.extend(customers.into_iter().map(|row| row.id));
    let mut conversations: BTreeSet<Uuid> = messages.iter().map(|row| row.conversation_id).collect();
    conversations.extend(groups.into_iter().map(|row| row.id));
    Ok(Places {
        echoes: needs.echoes,
        messages: messages.iter().map(|row| row.id).collect(),
        conversations: conversations.into_iter().collect(),
        customers: customer_ids.into_iter().collect(),
    })
}

async fn lock_and_load(tx: &Tx, world: &mut World, places: &Places) -> Result<()> {
    // Sent together, executed in this order: customers, conversations, messages, cards. Everyone locks in it.
    let (customers, conversations, messages, cards, identities, activity) = try_join!(
        lock_customers(tx, &places.customers),
        lock_conversations(tx, places),
        lock_messages(tx, places),
        lock_cards(tx, &places.customers),
        identities_of(tx, &places.customers),
        activity_of(tx, &places.customers),
    )?;
    world.customers = customers.into_iter().map(|row| (row.id, Kept::clean(row))).collect();
    for row in conversations {
        world.put_conversation(Kept::clean(row));
    }
    for row in messages {
        world.put_own(row);
    }
    for row in cards {
        world.cards.entry(row.customer_id).or_default().push(Kept::clean(row));
    }
    for row in identities {
        world.put_identity(Kept::clean(row));
    }
    for row in activity {
        world.activity.insert(row.customer_id, ActivityState { any: true, pending: row.pending });
    }
    Ok(())
}

async fn identities_by_key(tx: &Tx, needs: &Needs) -> Result<Vec<IdentityRow>> {
    let kinds: Vec<&str> = needs.identities.iter().map(|key| key.kind).collect();
    let scopes: Vec<&str> = needs.identities.iter().map(|key| key.scope.as_str()).collect();
    let keys: Vec<&str> = needs.identities.iter().map(|key| key.match_key.as_str()).collect();
    Ok(sql("select i.id, i.customer_id, i.channel_kind, i.kind, i.scope, i.value, i.match_key, i.username,
                   i.retired_at, i.created_at
            from unnest($2::text[], $3::text[], $4::text[]) as k (kind, scope, match_key)
            join customer_identity i
              on i.tenant_id = $1 and i.kind = k.kind and i.scope = k.scope and i.match_key = k.match_key")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<Text>, _>(scopes)
    .bind::<Array<Text>, _>(keys)
    .load(&mut tx.conn())
    .await?)
}

async fn message_places(tx: &Tx, needs: &Needs) -> Result<Vec<MessagePlace>> {
    let channels: Vec<Uuid> = needs.messages.iter().map(|key| key.0).collect();
    let ids: Vec<&str> = needs.messages.iter().map(|key| key.1.as_str()).collect();
    let own: Vec<Uuid> = needs.own.iter().copied().collect();
    Ok(sql("select m.id, m.conversation_id, c.customer_id, m.author_customer_id
            from unnest($2::uuid[], $3::text[]) as k (channel_id, external_id)
            join message m on m.tenant_id = $1 and m.channel_id = k.channel_id and m.external_id = k.external_id
            join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
            union
            select m.id, m.conversation_id, c.customer_id, m.author_customer_id
            from unnest($4::uuid[]) as k (id)
            join message m on m.tenant_id = $1 and m.id = k.id and m.direction = 'out'
            join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(channels)
    .bind::<Array<Text>, _>(ids)
    .bind::<Array<SqlUuid>, _>(own)
    .load(&mut tx.conn())
    .await?)
}

async fn customers_by_contact(tx: &Tx, needs: &Needs) -> Result<Vec<scalar::Id>> {
    if needs.phones.is_empty() && needs.emails.is_empty() {
        return Ok(Vec::new());
    }
    let phones: Vec<&String> = needs.phones.iter().collect();
    let emails: Vec<&String> = needs.emails.iter().collect();
    Ok(sql("select c.id from unnest($2::text[]) as k (phone_key)
            join customer c on c.tenant_id = $1 and c.phone_key = k.phone_key and c.merged_into is null
            union select c.id from unnest($3::text[]) as k (email)
            join customer c on c.tenant_id = $1 and c.email = k.email and c.merged_into is null")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<Text>, _>(phones)
    .bind::<Array<Text>, _>(emails)
    .load(&mut tx.conn())
    .await?)
}

async fn group_threads(tx: &Tx, needs: &Needs) -> Result<Vec<scalar::Id>> {
    if needs.groups.is_empty() {
        return Ok(Vec::new());
    }
    let channels: Vec<Uuid> = needs.groups.iter().map(|key| key.0).collect();
    let groups: Vec<&str> = needs.groups.iter().map(|key| key.1.as_str()).collect();
    Ok(sql("select c.id from unnest($2::uuid[], $3::text[]) as k (channel_id, group_external_id)
            join conversation c on c.tenant_id = $1 and c.channel_id = k.channel_id
                               and c.group_external_id = k.group_external_id and c.merged_into is null")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(channels)
    .bind::<Array<Text>, _>(groups)
    .load(&mut tx.conn())
    .await?)
}

async fn parked(tx: &Tx, needs: &Needs) -> Result<Vec<ParkedRow>> {
    if needs.targets.is_empty() {
        return Ok(Vec::new());
    }
    let channels: Vec<Uuid> = needs.targets.iter().map(|key| key.0).collect();
    let targets: Vec<&str> = needs.targets.iter().map(|key| key.1.as_str()).collect();
    Ok(sql("select p.channel_id, p.target, p.slot, p.data
            from unnest($2::uuid[], $3::text[]) as k (channel_id, target)
            join parked_fact p on p.tenant_id = $1 and p.channel_id = k.channel_id and p.target = k.target")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(channels)
    .bind::<Array<Text>, _>(targets)
    .load(&mut tx.conn())
    .await?)
}

async fn default_board(tx: &Tx) -> Result<Option<DefaultBoard>> {
    let row: Option<BoardRow> = sql("select c.board_id, c.id as column_id,
                (select min(card.rank) from card where card.tenant_id = $1 and card.column_id = c.id) as top_rank
         from board b join board_column c on c.tenant_id = b.tenant_id and c.board_id = b.id
         where b.tenant_id = $1 and b.is_default and c.kind = 'open' order by c.position limit 1")
    .bind::<SqlUuid, _>(tx.tenant())
    .load(&mut tx.conn())
    .await?
    .pop();
    Ok(row.map(|row| DefaultBoard {
        board_id: row.board_id,
        column_id: row.column_id,
        top_rank: row.top_rank,
    }))
}

async fn lock_customers(tx: &Tx, ids: &[Uuid]) -> Result<Vec<CustomerRow>> {
    Ok(sql("select id, name, name_rank, phone, phone_key, email, marketing_opt_out, merged_into, search, version,
                   created_at
            from customer where tenant_id = $1 and id = any($2) order by id for no key update")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(ids)
    .load(&mut tx.conn())
    .await?)
}

async fn lock_conversations(tx: &Tx, places: &Places) -> Result<Vec<ConversationRow>> {
    Ok(sql("select id, channel_id, customer_id, group_external_id, status, snoozed_until, assignee_id, labels,
                   unread_count, read_sent_at, read_message_id, last_message_id, last_message_at, last_activity_at,
                   last_inbound_at, delivered_up_to, read_up_to, merged_into, version, created_at
            from conversation
            where tenant_id = $1 and merged_into is null and id in (
                select c.id from unnest($2::uuid[]) as k (customer_id)
                join conversation c on c.tenant_id = $1 and c.customer_id = k.customer_id
                union select unnest($3::uuid[]))
            order by id for no key update")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(&places.customers)
    .bind::<Array<SqlUuid>, _>(&places.conversations)
    .load(&mut tx.conn())
    .await?)
}

async fn lock_messages(tx: &Tx, places: &Places) -> Result<Vec<MessageRow>> {
    if places.messages.is_empty() && !places.echoes {
        return Ok(Vec::new());
    }
    Ok(sql("select id, conversation_id, channel_id, external_id, direction, kind, text, status, error,
                   reply_to_external_id, attempts, author_customer_id, extra, reactions, standby, history, edit_rank,
                   edited_at, deleted_at, sent_at, created_at, version
            from message where tenant_id = $1 and id in (
                select unnest($2::uuid[])
                union select m.id from conversation c
                join message m on m.tenant_id = $1 and m.conversation_id = c.id
                     and m.status in ('sending', 'uncertain') and m.external_id is null
                where $4 and c.tenant_id = $1 and c.customer_id = any($3))
            order by id for no key update")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(&places.messages)
    .bind::<Array<SqlUuid>, _>(&places.customers)
    .bind::<Bool, _>(places.echoes)
    .load(&mut tx.conn())
    .await?)
}

/// Whether the column is open is asked by a subquery, not by a join: a card that a colleague is just moving is waited
/// for, and then judged by its new column. A join would keep the old one, and lose the card.
async fn lock_cards(tx: &Tx, customers: &[Uuid]) -> Result<Vec<CardRow>> {
    Ok(sql(
        "select card.id, card.board_id, card.column_id, card.rank, card.customer_id, card.title, card.source,
                   card.attribution, card.last_message_at, card.version, card.created_at
            from card
            where card.tenant_id = $1 and card.customer_id = any($2) and 'open' = (
                select c.kind from board_column c where c.tenant_id = $1 and c.id = card.column_id)
            order by card.id for no key update",
    )
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(customers)
    .load(&mut tx.conn())
    .await?)
}

async fn identities_of(tx: &Tx, customers: &[Uuid]) -> Result<Vec<IdentityRow>> {
    Ok(sql("select id, customer_id, channel_kind, kind, scope, value, match_key, username, retired_at, created_at
            from customer_identity where tenant_id = $1 and customer_id = any($2) order by id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(customers)
    .load(&mut tx.conn())
    .await?)
}

async fn activity_of(tx: &Tx, customers: &[Uuid]) -> Result<Vec<ActivityRowState>> {
    Ok(sql("select customer_id, bool_or(status = 'pending') as pending
            from activity where tenant_id = $1 and customer_id = any($2) group by customer_id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(customers)
    .load(&mut tx.conn())
    .await?)
}

/// Fills the world with one customer and what belongs to it.
pub async fn fill_customer(tx: &Tx, world: &mut World, customer: Uuid) -> Result<()> {
    let living: Vec<scalar::Id> =
        sql("select coalesce(merged_into, id) as id from customer where tenant_id = $1 and id = $2")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<SqlUuid, _>(customer)
            .load(&mut tx.conn())
            .await?;
    let customers = living.into_iter().map(|row| row.id).collect();
    lock_and_load(
        tx,
        world,
        &Places { messages: Vec::new(), echoes: false, conversations: Vec::new(), customers },
    )
    .await
}
