//! The shape of a customer, as REST and events give it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Anyone by name: a colleague, or a customer on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Customer {
    pub id: Uuid,
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
    pub email: Option<String>,
    /// What the platforms know the person by.
    pub identities: Vec<Identity>,
    pub marketing_opt_out: bool,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Identity {
    /// `whatsapp`, `messenger`, `instagram`, `lead_ads`, `website`.
    pub channel_kind: String,
    /// `wa_id`, `bsuid`, `psid`, `igsid`, `lead`.
    pub kind: String,
    pub external_id: String,
    /// Without a leading `@`.
    pub username: Option<String>,
}
