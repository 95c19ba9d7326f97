//! Fields of a whole business account: templates, quality, restrictions.
//!
//! Owns: these fields as events. Invariants: ids are text (integers and strings occur for the same id); the key names
//! the field, the entry's time and the content, so a repeated webhook is the same event. Absent: what a channel does
//! about it.

use crate::fact::{Account, Event, EventKind, What};
use crate::json::{Data, Read, canonical, digest};
use crate::sink::Sink;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// Fields without a kind of their own that administrators want to see [D/S].
const ACCOUNT_FIELDS: [&str; 9] = [
    "account_update",
    "account_review_update",
    "account_alerts",
    "account_settings_update",
    "business_capability_update",
    "business_username_update",
    "message_template_components_update",
    "phone_number_name_update",
    "security",
];

pub(super) fn read(
    account: &Account,
    field: &str,
    value: &Value,
    at: Option<DateTime<Utc>>,
    path: &str,
    sink: &mut Sink,
) {
    let (kind, data) = match field {
        "message_template_status_update" => (EventKind::TemplateStatus, template_status(value)),
        "message_template_quality_update" => (EventKind::TemplateQuality, template_quality(value)),
        "template_category_update" => (EventKind::TemplateCategory, template_category(value)),
        "phone_number_quality_update" => (EventKind::PhoneQuality, phone_quality(value)),
        field if ACCOUNT_FIELDS.contains(&field) => (EventKind::Account, account_event(field, value)),
        "flows" | "automatic_events" => return sink.skip(path, "ignored_field"),
        field if field.starts_with("group_") => return sink.skip(path, "ignored_field"),
        _ => return sink.skip(path, "unknown_field"),
    };
    let data = data.put("field", Some(field)).map();
    let time = at.map(|at| at.timestamp()).unwrap_or_default();
    let waba = match account {
        Account::WhatsappBusiness { waba_id } => waba_id.as_str(),
        _ => "",
    };
    let key = format!("{field}:{time}:{}", digest(&[waba, &canonical(value)]));
    sink.fact(account, at, What::Event(Event { kind, key, person: None, data }));
}

fn template(value: &Value) -> Data {
    Data::default()
        .put("template_id", value.id("message_template_id"))
        .put("name", value.text("message_template_name"))
        .put("language", value.text("message_template_language"))
}

/// `event` APPROVED, REJECTED, PAUSED, …; `reason` may be null, and `NONE` says the same (S).
fn template_status(value: &Value) -> Data {
    template(value)
        .put("status", value.text("event"))
        .put("category", value.text("message_template_category"))
        .put("reason", value.text("reason").filter(|reason| reason != "NONE"))
        .put("rejection_info", value.object("rejection_info").cloned())
        .put("disable_info", value.object("disable_info").cloned())
        .put("other_info", value.object("other_info").cloned())
}

/// GREEN, YELLOW, RED, UNKNOWN (S).
fn template_quality(value: &Value) -> Data {
    template(value)
        .put("quality", value.text("new_quality_score"))
        .put("previous_quality", value.text("previous_quality_score"))
}

/// `correct_category` alone announces a change that is still to come (S).
fn template_category(value: &Value) -> Data {
    template(value)
        .put("category", value.text("new_category"))
        .put("previous_category", value.text("previous_category"))
        .put("correct_category", value.text("correct_category"))
}

/// `{display_phone_number, event, current_limit, …}` [S/D]: names the number by its display form only.
fn phone_quality(value: &Value) -> Data {
    Data::default()
        .put("event", value.text("event"))
        .put("limit", value.text("current_limit"))
        .put("previous_limit", value.text("old_limit"))
        .put("display_phone_number", value.id("display_phone_number"))
        .put("max_daily_conversations", value.id("max_daily_conversations_per_business"))
}

fn account_event(field: &str, value: &Value) -> Data {
    let event = value.text("event").unwrap_or_else(|| field.to_owned());
    Data::default()
        .put("event", Some(event))
        .put("template_id", value.id("message_template_id"))
        .rest(value, &["event"])
}
