//! The vocabulary between the platforms and the product: what a webhook says, in one typed form.
//!
//! Owns: the fact types. Invariants: every text is free of U+0000 and of half surrogate pairs; every id is the
//! platform's own, as text, never rounded; a fact needs no other fact of the same body to be understood (names of
//! `contacts[]` are already joined to their messages). Absent on purpose: tenants, rows and anything that has to be
//! looked up.

mod message;

pub use message::*;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One thing that a platform told about one of the business's accounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The account it happened on.
    pub account: Account,
    /// The platform's time; absent where the platform gives none.
    pub at: Option<DateTime<Utc>>,
    /// What happened.
    pub what: What,
}

/// An account of the business at a platform. Facts are routed to tenants by it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// A WhatsApp number, with the business account (`entry.id`) that it belongs to.
    WhatsappNumber { phone_number_id: String, waba_id: String, display_phone_number: Option<String> },
    /// A whole WhatsApp business account: templates, restrictions, limits.
    WhatsappBusiness { waba_id: String },
    /// A Facebook Page: Messenger, comments, Lead Ads.
    Page { page_id: String },
    /// A professional Instagram account.
    Instagram { account_id: String },
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    Message(Box<Message>),
    Edit(Edit),
    Delete(Delete),
    Reaction(Reaction),
    Status(Status),
    Watermark(Watermark),
    IdentityChange(IdentityChange),
    /// The address book of the business's own phone (`smb_app_state_sync`).
    ContactName {
        person: Person,
    },
    /// Consent to marketing messages withdrawn (`true`) or given again.
    MarketingOptOut {
        person: Person,
        opted_out: bool,
    },
    Lead(Lead),
    Event(Event),
}

/// A person as one payload shows them. At least one id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Strongest first: WhatsApp number, then business-scoped ids; or the one PSID or IGSID.
    pub ids: Vec<PersonId>,
    /// Profile name, or for [`What::ContactName`] the name of the address book.
    pub name: Option<String>,
    /// Without a leading `@`.
    pub username: Option<String>,
    /// A phone that the person shared about themselves (digits with country code, no `+`).
    pub shared_phone: Option<String>,
}

/// One id of a person.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId {
    pub kind: PersonIdKind,
    pub value: String,
}

/// Kinds of person ids; the text forms are those of the REST interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonIdKind {
    /// WhatsApp number: digits, as received.
    WaId,
    /// WhatsApp business-scoped user id (`TR.88…`), parent ids (`CC.ENT.…`) too. Never a phone number.
    Bsuid,
    /// Messenger: the person for one Page.
    Psid,
    /// Instagram: the person for one account.
    Igsid,
}

impl PersonIdKind {
    /// The text form of REST and of the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WaId => "wa_id",
            Self::Bsuid => "bsuid",
            Self::Psid => "psid",
            Self::Igsid => "igsid",
        }
    }
}

/// New text of an earlier message. The newest wins: by `revision` where the platform counts, else by time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub target: String,
    pub text: Option<String>,
    /// `num_edit`; absent for WhatsApp.
    pub revision: Option<i64>,
    pub person: Option<Person>,
}

/// A message taken back; its content must go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delete {
    pub target: String,
    pub person: Option<Person>,
}

/// One person's reaction to one message; `emoji: None` removes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    pub target: String,
    pub emoji: Option<String>,
    /// `Out`: the business itself reacted (echo from the phone app).
    pub direction: Direction,
    pub person: Person,
}

/// Delivery state of one message of ours.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    pub target: String,
    pub state: DeliveryState,
    pub error: Option<PlatformError>,
    /// Our own string that came back (`biz_opaque_callback_data`).
    pub tracking: Option<String>,
    /// Whom it went to, if told; may teach a new id of a known person.
    pub person: Option<Person>,
    /// Group id, where it went to a group: one status a participant.
    pub group: bool,
    /// The platform's `pricing` object, for cost reports.
    pub pricing: Option<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Sent,
    Delivered,
    Read,
    Played,
    Failed,
}

impl DeliveryState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
            Self::Failed => "failed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformError {
    pub code: i64,
    pub title: Option<String>,
    pub detail: Option<String>,
}

/// "Everything of ours up to here" of one person's conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watermark {
    pub person: Person,
    /// `Delivered` or `Read`.
    pub state: DeliveryState,
    pub up_to: UpTo,
    /// Messages that are named on top of the watermark.
    pub messages: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpTo {
    /// Messenger: all of ours with a time up to it.
    Time(DateTime<Utc>),
    /// Instagram: that message and every earlier one of ours.
    Message(String),
    /// Only the named messages.
    Named,
}

/// A person's ids moved: the old ones keep naming the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityChange {
    pub old: Vec<PersonId>,
    pub new: Vec<PersonId>,
    /// The platform's sentence, for the timeline.
    pub body: Option<String>,
}

/// A Lead Ads form was sent in; only ids come, the rest is fetched from Graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    pub lead_id: String,
    pub form_id: Option<String>,
    pub ad_id: Option<String>,
    pub adset_id: Option<String>,
    pub campaign_id: Option<String>,
}

/// What a platform told that is no message: shown by `GET /channels/{id}/events`.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// `referral`, `optin`, `handover`, `call`, `comment`, `mention`, `policy`, `template_status`,
    /// `template_quality`, `template_category`, `phone_quality`, `account`.
    pub kind: EventKind,
    /// Same event, same key: what makes it exactly once. For a call the call's id (later events update it).
    pub key: String,
    pub person: Option<Person>,
    /// The fields of the samples' effect (`ref`, `topic`, `owner`, `template_id`, …).
    pub data: serde_json::Map<String, Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    Referral,
    Optin,
    Handover,
    Call,
    Comment,
    Mention,
    Policy,
    TemplateStatus,
    TemplateQuality,
    TemplateCategory,
    PhoneQuality,
    Account,
}

impl EventKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Referral => "referral",
            Self::Optin => "optin",
            Self::Handover => "handover",
            Self::Call => "call",
            Self::Comment => "comment",
            Self::Mention => "mention",
            Self::Policy => "policy",
            Self::TemplateStatus => "template_status",
            Self::TemplateQuality => "template_quality",
            Self::TemplateCategory => "template_category",
            Self::PhoneQuality => "phone_quality",
            Self::Account => "account",
        }
    }
}
