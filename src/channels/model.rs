//! Shapes of channels, their events and deliveries.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// An account of the business.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Channel {
    pub id: Uuid,
    pub kind: ChannelKind,
    /// The platform's id of the number, Page or account.
    pub account_id: String,
    pub name: String,
    /// False: made by the first webhook; an administrator has still to say that it is theirs.
    pub confirmed: bool,
    /// `ok`, or `stopped`: the platform takes nothing until an administrator has done something.
    pub health: String,
    /// What is wrong, as a sentence.
    pub health_reason: Option<String>,
    /// Key of the website form; administrators only, else null.
    pub site_key: Option<String>,
    pub version: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    Whatsapp,
    Messenger,
    Instagram,
    LeadAds,
    Website,
}

impl ChannelKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whatsapp => "whatsapp",
            Self::Messenger => "messenger",
            Self::Instagram => "instagram",
            Self::LeadAds => "lead_ads",
            Self::Website => "website",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Whatsapp, Self::Messenger, Self::Instagram, Self::LeadAds, Self::Website]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// What a platform told that is no message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChannelEvent {
    pub id: Uuid,
    /// `referral`, `optin`, `handover`, `call`, `comment`, `mention`, `policy`, `lead`, `identity_changed`,
    /// `template_status`, `template_quality`, `template_category`, `phone_quality`, `account`.
    pub kind: String,
    pub at: DateTime<Utc>,
    pub customer_id: Option<Uuid>,
    #[schema(value_type = Object)]
    pub data: Value,
}

/// A webhook as it was received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryRecord {
    pub id: Uuid,
    /// The address it came to: `meta`, `whatsapp`, `instagram`.
    pub platform: String,
    /// `received`, `done`, `failed`, `unrouted`.
    pub state: String,
    /// Why it failed or waits.
    pub reason: Option<String>,
    pub attempts: i32,
    /// Bytes.
    pub size: i32,
    pub received_at: DateTime<Utc>,
}

/// A webhook with its body, personal data masked.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DeliveryView {
    #[serde(flatten)]
    pub record: DeliveryRecord,
    /// JSON with masked values; a text when the body is no JSON.
    #[schema(value_type = Object)]
    pub body: Value,
}
