//! WhatsApp's shapes.
//!
//! Owns: messages, echoes and statuses as the Cloud API sends them. Invariants: seconds as text; number and
//! business-scoped user id exactly where the person shows them. Deliberately absent: stickers, video, calls, groups,
//! history and account events; the samples cover them.

use super::event::{Event, Item, Platform, Told};
use super::options::Accounts;
use super::people::Person;
use super::saying::{AdClick, Said, Saying};
use serde_json::{Map, Value, json};

/// What a customer did.
pub(super) fn incoming(accounts: &Accounts, graph_url: &str, person: &Person, said: &Said) -> Event {
    let mut message = Map::new();
    if person.number_shown {
        message.insert("from".to_owned(), json!(person.phone));
    }
    if let Some(scoped) = &person.bsuid {
        message.insert("from_user_id".to_owned(), json!(scoped));
    }
    message.insert("id".to_owned(), json!(said.id));
    message.insert("timestamp".to_owned(), seconds(said.at_ms));
    if let Some(context) = context(accounts, said) {
        message.insert("context".to_owned(), context);
    }
    if let Some(click) = &said.ad {
        message.insert("referral".to_owned(), referral(click));
    }
    let (kind, body) = typed(graph_url, person, said);
    message.insert("type".to_owned(), json!(kind));
    message.insert(kind.to_owned(), body);
    if matches!(said.saying, Saying::OwnContact) {
        message.insert("origin".to_owned(), json!("contact_request"));
    }
    let mut value = frame(accounts);
    value.insert("contacts".to_owned(), json!([contact(person)]));
    value.insert("messages".to_owned(), json!([message]));
    let told = said.saying.target().unwrap_or(&said.id).to_owned();
    event(person.place, said.saying.kind(), told, said.at_ms, "messages", Value::Object(value))
}

/// The shop answered from its phone.
pub(super) fn echo(accounts: &Accounts, person: &Person, id: &str, at_ms: i64, text: &str) -> Event {
    let mut echo = Map::new();
    echo.insert("from".to_owned(), json!(accounts.display_phone_number));
    if person.number_shown {
        echo.insert("to".to_owned(), json!(person.phone));
    }
    if let Some(scoped) = &person.bsuid {
        echo.insert("to_user_id".to_owned(), json!(scoped));
    }
    echo.insert("id".to_owned(), json!(id));
    echo.insert("timestamp".to_owned(), seconds(at_ms));
    echo.insert("type".to_owned(), json!("text"));
    echo.insert("text".to_owned(), json!({"body": text}));
    let mut value = frame(accounts);
    value.insert("message_echoes".to_owned(), json!([echo]));
    event(person.place, "echo", id.to_owned(), at_ms, "smb_message_echoes", Value::Object(value))
}

/// To whom a send went, as statuses name it.
#[derive(Clone, Debug)]
pub(super) struct Recipient {
    pub(super) wa_id: Option<String>,
    pub(super) user_id: Option<String>,
}

/// What became of a message of ours.
pub(super) struct Status<'a> {
    pub(super) message_id: &'a str,
    pub(super) status: &'static str,
    pub(super) at_ms: i64,
    pub(super) tracking: Option<&'a str>,
    pub(super) template: bool,
    /// Code, title and details of a failure.
    pub(super) error: Option<(i64, &'static str, &'static str)>,
}

pub(super) fn status(accounts: &Accounts, lane: u64, recipient: &Recipient, status: &Status<'_>) -> Event {
    let mut item = Map::new();
    item.insert("id".to_owned(), json!(status.message_id));
    item.insert("status".to_owned(), json!(status.status));
    item.insert("timestamp".to_owned(), seconds(status.at_ms));
    if let Some(wa_id) = &recipient.wa_id {
        item.insert("recipient_id".to_owned(), json!(wa_id));
    }
    if let Some(user_id) = &recipient.user_id {
        item.insert("recipient_user_id".to_owned(), json!(user_id));
    }
    if matches!(status.status, "sent" | "delivered") {
        let (billable, kind, category) = if status.template {
            (true, "regular", "utility")
        } else {
            (false, "free_customer_service", "service")
        };
        item.insert(
            "pricing".to_owned(),
            json!({"billable": billable, "pricing_model": "PMP", "type": kind, "category": category}),
        );
    }
    if let Some((code, title, details)) = status.error {
        item.insert(
            "errors".to_owned(),
            json!([{"code": code, "title": title, "message": title, "error_data": {"details": details},
                "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"}]),
        );
    }
    if let Some(tracking) = status.tracking {
        item.insert("biz_opaque_callback_data".to_owned(), json!(tracking));
    }
    let mut value = frame(accounts);
    value.insert("statuses".to_owned(), json!([item]));
    event(lane, "status", status.message_id.to_owned(), status.at_ms, "messages", Value::Object(value))
}

/// A template's review or quality moved.
pub(super) fn template_quality(at_ms: i64) -> Event {
    let value = json!({"previous_quality_score": "UNKNOWN", "new_quality_score": "GREEN",
        "message_template_id": 600_001, "message_template_name": "order_shipped",
        "message_template_language": "en"});
    event(0, "account", "template:600001".to_owned(), at_ms, "message_template_quality_update", value)
}

fn event(lane: u64, kind: &'static str, id: String, at_ms: i64, field: &'static str, value: Value) -> Event {
    Event {
        platform: Platform::Whatsapp,
        lane,
        told: Told { kind, external_id: id },
        at_ms,
        item: Item::Change { field, value },
    }
}

fn frame(accounts: &Accounts) -> Map<String, Value> {
    let mut value = Map::new();
    value.insert("messaging_product".to_owned(), json!("whatsapp"));
    value.insert(
        "metadata".to_owned(),
        json!({"display_phone_number": accounts.display_phone_number, "phone_number_id": accounts.phone_number_id}),
    );
    value
}

fn contact(person: &Person) -> Value {
    let mut profile = json!({"name": person.name()});
    if !person.number_shown
        && let Some(profile) = profile.as_object_mut()
    {
        profile.insert("username".to_owned(), json!(person.username));
    }
    let mut contact = Map::new();
    contact.insert("profile".to_owned(), profile);
    if person.number_shown {
        contact.insert("wa_id".to_owned(), json!(person.phone));
    }
    if let Some(scoped) = &person.bsuid {
        contact.insert("user_id".to_owned(), json!(scoped));
    }
    Value::Object(contact)
}

fn context(accounts: &Accounts, said: &Said) -> Option<Value> {
    let mut context = Map::new();
    if let Some(id) = &said.reply_to {
        context.insert("from".to_owned(), json!(accounts.display_phone_number));
        context.insert("id".to_owned(), json!(id));
    }
    if matches!(said.saying, Saying::Product { .. }) {
        context.insert(
            "referred_product".to_owned(),
            json!({"catalog_id": accounts.catalog_id, "product_retailer_id": "BERJER-01"}),
        );
    }
    (!context.is_empty()).then_some(Value::Object(context))
}

fn referral(click: &AdClick) -> Value {
    let ad = click.ad;
    json!({"source_url": "https://fb.me/4Qx7TzR1k", "source_id": ad.id, "source_type": "ad",
        "headline": ad.headline, "body": ad.body, "media_type": "image",
        "image_url": "https://scontent.example.test/v/t45/sofa.jpg?oh=1&oe=2", "ctwa_clid": click.clid})
}

fn typed(graph_url: &str, person: &Person, said: &Said) -> (&'static str, Value) {
    let file = |media: &super::media::Media| {
        let url = format!("{graph_url}/_media/{}?source=webhook&ext={}", media.id, said.at_ms / 1000 + 300);
        json!({"mime_type": media.mime_type(), "sha256": media.sha256_base64(), "id": media.id, "url": url})
    };
    match &said.saying {
        Saying::Text(text) => ("text", json!({"body": text})),
        Saying::Product { text } | Saying::Story { text, .. } => ("text", json!({"body": text})),
        Saying::Begin { title } => ("text", json!({"body": title})),
        Saying::Photo { media, caption } => ("image", with(file(media), "caption", caption)),
        Saying::Voice(media) => {
            let mut body = file(media);
            if let Some(body) = body.as_object_mut() {
                body.insert("voice".to_owned(), json!(true));
            }
            ("audio", body)
        }
        Saying::Paper { media, caption } => {
            ("document", with(with(file(media), "caption", caption), "filename", "receipt.pdf"))
        }
        Saying::Place => ("location", place(person)),
        Saying::Card { name, phone } => (
            "contacts",
            json!([{"name": {"formatted_name": name, "first_name": name},
                "phones": [{"phone": format!("+{phone}"), "wa_id": phone, "type": "CELL"}]}]),
        ),
        Saying::OwnContact => ("contacts", json!([{"phones": [{"phone": person.phone}]}])),
        Saying::Cart { note } => ("order", cart(person, note)),
        Saying::Tap { title, payload } => {
            ("interactive", json!({"type": "button_reply", "button_reply": {"id": payload, "title": title}}))
        }
        Saying::ListTap { title, payload } => {
            ("interactive", json!({"type": "list_reply", "list_reply": {"id": payload, "title": title}}))
        }
        Saying::React { target, emoji } => ("reaction", json!({"message_id": target, "emoji": emoji})),
        Saying::Edit { target, text } => (
            "edit",
            json!({"original_message_id": target, "message": {"type": "text", "text": {"body": text}}}),
        ),
        Saying::Unsay { target } => ("revoke", json!({"original_message_id": target})),
    }
}

fn with(mut body: Value, key: &str, text: &str) -> Value {
    if let (Some(body), false) = (body.as_object_mut(), text.is_empty()) {
        body.insert(key.to_owned(), json!(text));
    }
    body
}

fn place(person: &Person) -> Value {
    let (latitude, longitude, name, address) = person.language.spot;
    json!({"latitude": latitude, "longitude": longitude, "name": name, "address": address})
}

fn cart(person: &Person, note: &str) -> Value {
    let currency = person.language.currency;
    // Numbers and texts mixed, as seen in the wild.
    json!({"catalog_id": "883740192645510", "text": note, "product_items": [
        {"product_retailer_id": "BERJER-01", "quantity": 1, "item_price": 12490, "currency": currency},
        {"product_retailer_id": "SEHPA-02", "quantity": "2", "item_price": "1499.50", "currency": currency}]})
}

fn seconds(at_ms: i64) -> Value {
    json!((at_ms / 1000).to_string())
}
