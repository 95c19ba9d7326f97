//! A message and its parts.
//!
//! Owns: what one message can carry: kind, attachments, cart, referral. Invariants: those of [`super`]; what is
//! serialised here stands so in rows and in REST. Absent: everything that happens to a message later.

use super::Person;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    In,
    Out,
}

/// Kind of a message (samples' rule 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    Text,
    Image,
    Video,
    Audio,
    Voice,
    Document,
    Sticker,
    Location,
    Contacts,
    ButtonReply,
    ListReply,
    FlowReply,
    QuickReply,
    Postback,
    Order,
    Product,
    Share,
    StoryReply,
    StoryMention,
    Unsupported,
}

impl MessageKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Document => "document",
            Self::Sticker => "sticker",
            Self::Location => "location",
            Self::Contacts => "contacts",
            Self::ButtonReply => "button_reply",
            Self::ListReply => "list_reply",
            Self::FlowReply => "flow_reply",
            Self::QuickReply => "quick_reply",
            Self::Postback => "postback",
            Self::Order => "order",
            Self::Product => "product",
            Self::Share => "share",
            Self::StoryReply => "story_reply",
            Self::StoryMention => "story_mention",
            Self::Unsupported => "unsupported",
        }
    }
}

/// A message, whichever way it went.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The platform's id; for an old postback without `mid` a made one, `postback:` + SHA-256 of sender, time, payload.
    pub external_id: String,
    pub direction: Direction,
    pub kind: MessageKind,
    /// The customer's side: the sender of an incoming, the recipient of an outgoing one; in a group the writer.
    pub person: Person,
    /// Group id; the conversation is then the group's.
    pub group_id: Option<String>,
    pub text: Option<String>,
    pub attachments: Vec<Attachment>,
    /// The quoted message's external id.
    pub reply_to: Option<String>,
    /// The ad, post or link that brought the person.
    pub referral: Option<Referral>,
    /// Our own string that came back with an echo (`metadata`), if any.
    pub tracking: Option<String>,
    /// Delivered while another app owns the thread.
    pub standby: bool,
    /// Part of an imported history: no card, no unread, no window.
    pub history: bool,
    /// Whatever else the kind has; keys as in REST. Empty object when nothing.
    pub extra: MessageExtra,
}

/// What only some kinds have; serialised as it stands into the message's row and REST shape.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MessageExtra {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub payload: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub payload_json: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub location: Option<Location>,
    /// Retailer id of the product that was asked about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub story_id: Option<String>,
    #[serde(skip_serializing_if = "is_false", default)]
    pub forwarded: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub original_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub order: Option<Order>,
    /// The shared contact cards, as the platform sent them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub contacts: Option<Value>,
    /// The referral of the ad or link, for the card of the thread.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub referral: Option<Referral>,
    /// The raw item of an unsupported message.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub raw: Option<Value>,
    /// The platform's own errors on an incoming message.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub errors: Option<Value>,
}

fn is_false(value: &bool) -> bool {
    !*value
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    pub latitude: f64,
    pub longitude: f64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
}

/// A cart. Amounts are minor units of the currency, computed in integers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub catalog_id: Option<String>,
    pub items: Vec<OrderItem>,
    /// Null when an item has no readable price or the currencies differ.
    pub total: Option<Money>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderItem {
    pub product_id: Option<String>,
    pub quantity: i64,
    pub price: Option<Money>,
}

/// Minor units (cents, kuruş) with an ISO 4217 code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    pub amount: i64,
    pub currency: String,
}

/// A file or share of a message, not fetched yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attachment {
    /// WhatsApp: `image`, `video`, `audio`, `voice`, `document`, `sticker`. Messenger and Instagram: the platform's own
    /// word, as in the samples' effects: `image`, `video`, `audio`, `file`, `sticker` (also for an image that has a
    /// `sticker_id`), `like_heart`, `fallback`, `share`, `ig_post`, `ig_reel`, `reel`, `post`, `story_mention`,
    /// `template`, or whatever comes next.
    pub kind: String,
    /// Media id (WhatsApp), sticker id, post id; absent for a bare url.
    pub external_id: Option<String>,
    /// Where the file can be fetched; expires.
    pub url: Option<String>,
    pub mime_type: Option<String>,
    /// As the sender named it: untrusted, never a path.
    pub file_name: Option<String>,
    /// SHA-256 as the platform gives it (base64 in WhatsApp webhooks).
    pub sha256: Option<String>,
    pub title: Option<String>,
}

/// A click that brought a person: ad, post, link, shop.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Referral {
    /// `ad`, `post`, `shortlink`, … in lower case: WhatsApp `source_type`, else Messenger/Instagram `source`
    /// (`ADS` becomes `ad`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source_type: Option<String>,
    /// The platform's own word (`SHORTLINK`, `ADS`), unchanged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source_url: Option<String>,
    /// Id of the ad; only for ads (never 0).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ad_id: Option<String>,
    /// Id of the post, for posts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub post_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub headline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub media_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ctwa_clid: Option<String>,
    /// The free text of an m.me or ig.me link; UTM parameters in it are read by ingest.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none", default)]
    pub reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub product_id: Option<String>,
}

impl Referral {
    /// True when an ad brought the person.
    pub fn is_ad(&self) -> bool {
        self.source_type.as_deref() == Some("ad")
    }
}
