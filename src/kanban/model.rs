//! The shapes of boards and cards, as REST and events give them, and their rules.

use crate::customers::Person;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// Minor units (cents, kuruş) of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Card {
    pub id: Uuid,
    pub board_id: Uuid,
    pub column_id: Uuid,
    /// Cards of a column stand in byte order of it.
    pub rank: String,
    pub customer: Person,
    pub title: String,
    pub value: Option<Money>,
    /// `organic`, `ad`, `lead_ad`, `website`: what first brought the customer.
    pub source: String,
    /// The ad, form or link of that first touch, with its UTM parameters.
    #[schema(value_type = Option<Object>)]
    pub attribution: Option<Value>,
    pub assignee: Option<Person>,
    pub due_at: Option<DateTime<Utc>>,
    pub last_message_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}
