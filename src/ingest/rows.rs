//! Rows as ingest reads and writes them: whole, because it decides in memory.
//!
//! The same structs load a batch's state and carry its changes back (`json_populate_recordset`), so a column is named
//! once here and once in the statement.

use crate::db::schema;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, QueryableByName, Serialize)]
#[diesel(table_name = schema::channel)]
pub struct ChannelRow {
    pub id: Uuid,
    pub kind: String,
    pub account_id: String,
    pub waba_id: Option<String>,
    pub name: String,
    pub confirmed: bool,
}

#[derive(Debug, Clone, PartialEq, QueryableByName, Serialize)]
#[diesel(table_name = schema::customer)]
pub struct CustomerRow {
    pub id: Uuid,
    pub name: String,
    pub name_rank: i16,
    pub phone: Option<String>,
    pub phone_key: Option<String>,
    pub email: Option<String>,
    pub marketing_opt_out: bool,
    pub merged_into: Option<Uuid>,
    pub search: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, QueryableByName, Serialize)]
#[diesel(table_name = schema::customer_identity)]
pub struct IdentityRow {
    pub id: Uuid,
    pub customer_id: Uuid,
    pub channel_kind: String,
    pub kind: String,
    pub scope: String,
    pub value: String,
    pub match_key: String,
    pub username: Option<String>,
    pub retired_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, QueryableByName, Serialize)]
#[diesel(table_name = schema::conversation)]
pub struct ConversationRow {
    pub id: Uuid,
    pub channel_id: Uuid,
    pub customer_id: Uuid,
    pub group_external_id: Option<String>,
    pub status: String,
    pub snoozed_until: Option<DateTime<Utc>>,
    pub assignee_id: Option<Uuid>,
    pub labels: Vec<String>,
    pub unread_count: i32,
    pub read_sent_at: Option<DateTime<Utc>>,
    pub read_message_id: Option<Uuid>,
    pub last_message_id: Option<Uuid>,
    pub last_message_at: Option<DateTime<Utc>>,
    pub last_activity_at: DateTime<Utc>,
    pub last_inbound_at: Option<DateTime<Utc>>,
    pub delivered_up_to: Option<DateTime<Utc>>,
    pub read_up_to: Option<DateTime<Utc>>,
    pub merged_into: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, QueryableByName, Serialize)]
#[diesel(table_name = schema::message)]
pub struct MessageRow {
    pub id: Uuid,
    pub conversation_id: Uuid,
    pub channel_id: Uuid,
    pub external_id: Option<String>,
    pub direction: String,
    pub kind: String,
    pub text: Option<String>,
    pub status: Option<String>,
    pub error: Option<Value>,
    pub reply_to_external_id: Option<String>,
    pub attempts: i16,
    pub author_customer_id: Option<Uuid>,
    pub extra: Value,
    pub reactions: Value,
    pub standby: bool,
    pub history: bool,
    pub edit_rank: Option<i64>,
    pub edited_at: Option<DateTime<Utc>>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub sent_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttachmentRow {
    pub id: Uuid,
    pub message_id: Uuid,
    pub position: i16,
    pub kind: String,
    pub external_id: Option<String>,
    pub file_name: Option<String>,
    pub mime_type: Option<String>,
    pub source_url: Option<String>,
    pub sha256: Option<String>,
    pub title: Option<String>,
    pub state: &'static str,
}

#[derive(Debug, Clone, PartialEq, QueryableByName, Serialize)]
#[diesel(table_name = schema::parked_fact)]
pub struct ParkedRow {
    pub channel_id: Uuid,
    pub target: String,
    pub slot: String,
    pub data: Value,
}

#[derive(Debug, Clone, PartialEq, QueryableByName, Serialize)]
#[diesel(table_name = schema::card)]
pub struct CardRow {
    pub id: Uuid,
    pub board_id: Uuid,
    pub column_id: Uuid,
    pub rank: String,
    pub customer_id: Uuid,
    pub title: String,
    pub source: String,
    pub attribution: Option<Value>,
    pub last_message_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, QueryableByName, Serialize)]
#[diesel(table_name = schema::activity)]
pub struct ActivityRow {
    pub id: Uuid,
    pub customer_id: Uuid,
    pub kind: String,
    pub status: String,
    pub data: Value,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttributionRow {
    pub id: Uuid,
    pub customer_id: Uuid,
    pub key: String,
    pub at: DateTime<Utc>,
    pub data: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChannelEventRow {
    pub id: Uuid,
    pub channel_id: Option<Uuid>,
    pub scope: String,
    pub kind: String,
    pub key: String,
    pub at: DateTime<Utc>,
    pub customer_id: Option<Uuid>,
    pub data: Value,
}

/// A row with what became of it in this batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept<T> {
    pub row: T,
    pub fate: Fate,
}

/// Whether a row has to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// As it was loaded.
    Clean,
    /// Made by this batch.
    New,
    /// Loaded, then changed.
    Changed,
}

impl<T> Kept<T> {
    pub fn clean(row: T) -> Self {
        Self { row, fate: Fate::Clean }
    }

    pub fn new(row: T) -> Self {
        Self { row, fate: Fate::New }
    }

    /// For changing the row: marks it.
    pub fn change(&mut self) -> &mut T {
        if self.fate == Fate::Clean {
            self.fate = Fate::Changed;
        }
        &mut self.row
    }
}
