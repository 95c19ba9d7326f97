//! The bodies of WhatsApp's message types.
//!
//! Owns: kind, text, attachment and extras of a type. Invariants: text is caption, title, `name, address` or the names
//! joined by `, ` (rule 14), otherwise unchanged; a body that can't be read, an unknown type and an empty message are
//! `unsupported` with the raw item, never nothing. Absent: who sent it, context and referral (`message`).

use crate::fact::{Attachment, Location, MessageExtra, MessageKind};
use crate::json::{self, Read};
use crate::{money, phone};
use serde_json::Value;

pub(super) struct Content {
    pub(super) kind: MessageKind,
    pub(super) text: Option<String>,
    pub(super) attachments: Vec<Attachment>,
    pub(super) extra: MessageExtra,
}

impl Content {
    fn new(kind: MessageKind, text: Option<String>) -> Self {
        Self { kind, text, attachments: Vec::new(), extra: MessageExtra::default() }
    }

    fn with(kind: MessageKind, text: Option<String>, extra: MessageExtra) -> Self {
        Self { kind, text, attachments: Vec::new(), extra }
    }
}

/// Reads the body of `item` as the type that `word` names.
pub(super) fn read(item: &Value, word: &str) -> Content {
    known(item, word).unwrap_or_else(|| unsupported(item, word))
}

fn known(item: &Value, word: &str) -> Option<Content> {
    match word {
        "text" => Some(Content::new(MessageKind::Text, Some(item.object("text")?.text("body")?))),
        "image" | "video" | "audio" | "voice" | "document" | "sticker" => media(item.object(word)?, word),
        "location" => location(item.object("location")?),
        "contacts" => contacts(item),
        "interactive" => interactive(item.object("interactive")?),
        "button" => reply(MessageKind::QuickReply, item.object("button")?, "payload", "text"),
        "order" => {
            let raw = item.object("order")?;
            let extra = MessageExtra { order: Some(money::order(raw)?), ..MessageExtra::default() };
            Some(Content::with(MessageKind::Order, raw.text("text"), extra))
        }
        _ => None,
    }
}

/// Kept whole, with the platform's own word for it: a poll says so in `unsupported.type` (S).
fn unsupported(item: &Value, word: &str) -> Content {
    let inner = match word {
        "interactive" => item.member("interactive").and_then(|interactive| interactive.text("type")),
        "unsupported" => item.member("unsupported").and_then(|unsupported| unsupported.text("type")),
        _ => None,
    };
    let original_type = inner.or_else(|| (!word.is_empty()).then(|| word.to_owned()));
    let extra = MessageExtra { original_type, raw: Some(item.clone()), ..MessageExtra::default() };
    Content::with(MessageKind::Unsupported, None, extra)
}

/// `{id, mime_type, sha256, caption?, filename?, url?, voice?}` (S); older payloads without `url`, or with the type
/// `voice`. Without id and url there is nothing to fetch.
fn media(media: &Value, word: &str) -> Option<Content> {
    let (external_id, url) = (media.id("id"), media.text("url").or_else(|| media.text("link")));
    if external_id.is_none() && url.is_none() {
        return None;
    }
    let (kind, word) = match word {
        "image" => (MessageKind::Image, "image"),
        "video" => (MessageKind::Video, "video"),
        "document" => (MessageKind::Document, "document"),
        "sticker" => (MessageKind::Sticker, "sticker"),
        "audio" if !media.flag("voice") => (MessageKind::Audio, "audio"),
        _ => (MessageKind::Voice, "voice"),
    };
    let attachment = Attachment {
        kind: word.to_owned(),
        external_id,
        url,
        mime_type: media.text("mime_type"),
        file_name: media.text("filename"),
        sha256: media.text("sha256"),
        title: None,
    };
    Some(Content { attachments: vec![attachment], ..Content::new(kind, media.text("caption")) })
}

/// `{latitude, longitude, name?, address?, url?}`; no name is the current position (S).
fn location(raw: &Value) -> Option<Content> {
    let (name, address) = (raw.text("name"), raw.text("address"));
    let text = joined([name.clone(), address.clone()].into_iter().flatten());
    let (latitude, longitude) = (raw.float("latitude")?, raw.float("longitude")?);
    let location = Location { latitude, longitude, name, address, url: raw.text("url") };
    let extra = MessageExtra { location: Some(location), ..MessageExtra::default() };
    Some(Content::with(MessageKind::Location, text, extra))
}

fn contacts(item: &Value) -> Option<Content> {
    let cards: Vec<&Value> = item.list("contacts").iter().filter(|card| card.is_object()).collect();
    if cards.is_empty() {
        return None;
    }
    let text = joined(cards.iter().filter_map(|card| card_name(card)));
    let extra = MessageExtra { contacts: item.get("contacts").cloned(), ..MessageExtra::default() };
    Some(Content::with(MessageKind::Contacts, text, extra))
}

/// The formatted name, else the parts of the name, else the first phone (rule: a contact without name).
fn card_name(card: &Value) -> Option<String> {
    let name = card.member("name").unwrap_or(&Value::Null);
    let parts = ["first_name", "middle_name", "last_name"].into_iter().filter_map(|key| name.text(key));
    let parts: Vec<String> = parts.collect();
    let parts = (!parts.is_empty()).then(|| parts.join(" "));
    name.text("formatted_name").or(parts).or_else(|| card_phone(card))
}

fn card_phone(card: &Value) -> Option<String> {
    card.list("phones").iter().find_map(|phone| phone.id("phone").or_else(|| phone.id("wa_id")))
}

/// The sender's own number, if the cards answer a contact request (S): international even without `+` (rule 7).
pub(super) fn shared_phone(item: &Value) -> Option<String> {
    let card = item.list("contacts").first().filter(|_| item.text("type").as_deref() == Some("contacts"))?;
    let asked = [item.text("origin"), card.text("origin")]
        .into_iter()
        .flatten()
        .any(|word| word == "contact_request");
    let digits = phone::strip(&card_phone(card).filter(|_| asked)?);
    let digits = digits.trim_start_matches('0');
    (!digits.is_empty()).then(|| digits.to_owned())
}

/// `button_reply`, `list_reply`, `nfm_reply` (S); `call_permission_reply` has no text and stays unsupported.
fn interactive(raw: &Value) -> Option<Content> {
    match raw.text("type")?.as_str() {
        "button_reply" => reply(MessageKind::ButtonReply, raw.object("button_reply")?, "id", "title"),
        "list_reply" => reply(MessageKind::ListReply, raw.object("list_reply")?, "id", "title"),
        "nfm_reply" => flow(raw.object("nfm_reply")?),
        _ => None,
    }
}

fn reply(kind: MessageKind, raw: &Value, payload: &str, title: &str) -> Option<Content> {
    let (payload, text) = (raw.text(payload).or_else(|| raw.id(payload)), raw.text(title));
    if payload.is_none() && text.is_none() {
        return None;
    }
    Some(Content::with(kind, text, MessageExtra { payload, ..MessageExtra::default() }))
}

/// `response_json` is JSON inside a string (S), with escapes of its own to repair; what doesn't parse is kept as text.
fn flow(raw: &Value) -> Option<Content> {
    let answer = raw.member("response_json");
    let payload_json = match answer {
        Some(Value::String(text)) => json::read(text.as_bytes()).ok(),
        Some(value @ (Value::Object(_) | Value::Array(_))) => Some(value.clone()),
        _ => None,
    };
    let payload = raw.text("response_json").filter(|_| payload_json.is_none());
    let text = raw.text("body");
    if payload.is_none() && payload_json.is_none() && text.is_none() {
        return None;
    }
    Some(Content::with(
        MessageKind::FlowReply,
        text,
        MessageExtra { payload, payload_json, ..MessageExtra::default() },
    ))
}

fn joined(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
