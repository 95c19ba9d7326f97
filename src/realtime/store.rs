//! SQL of the real-time part: what rooms there are.
//!
//! Reads tables of other features by id only, to answer one question: is there such a thing in this tenant. Merged
//! customers and conversations count as there: their rooms still get the event that tells of the merger.

use super::room::Room;
use crate::db::{Tx, scalar, sql};
use crate::error::Result;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use std::collections::HashSet;
use uuid::Uuid;

/// Those of `rooms` that stand for something that exists in the tenant. The inbox always does; users' own rooms are
/// not looked up here.
pub async fn existing(tx: &Tx, rooms: &[Room]) -> Result<HashSet<Room>> {
    let ids = |pick: fn(&Room) -> Option<Uuid>| rooms.iter().filter_map(pick).collect::<Vec<Uuid>>();
    let conversations = ids(|room| if let Room::Conversation(id) = room { Some(*id) } else { None });
    let customers = ids(|room| if let Room::Customer(id) = room { Some(*id) } else { None });
    let boards = ids(|room| if let Room::Board(id) = room { Some(*id) } else { None });
    let mut found: HashSet<Room> = rooms.iter().copied().filter(|room| *room == Room::Inbox).collect();
    if !conversations.is_empty() {
        found.extend(lookup(tx, CONVERSATIONS, &conversations).await?.map(Room::Conversation));
    }
    if !customers.is_empty() {
        found.extend(lookup(tx, CUSTOMERS, &customers).await?.map(Room::Customer));
    }
    if !boards.is_empty() {
        found.extend(lookup(tx, BOARDS, &boards).await?.map(Room::Board));
    }
    Ok(found)
}

const CONVERSATIONS: &str = "select id from conversation where tenant_id = $1 and id = any($2)";
const CUSTOMERS: &str = "select id from customer where tenant_id = $1 and id = any($2)";
const BOARDS: &str = "select id from board where tenant_id = $1 and id = any($2)";

async fn lookup(tx: &Tx, statement: &'static str, ids: &[Uuid]) -> Result<impl Iterator<Item = Uuid>> {
    let rows: Vec<scalar::Id> = sql(statement)
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<Array<SqlUuid>, _>(ids)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| row.id))
}
