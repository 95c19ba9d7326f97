//! One door for everything that throws strange bytes at this crate: fuzz targets, and the tests over their corpus.
//!
//! Owns: putting bytes in front of each family of parsers, and the invariants that hold for any input. Invariant: what
//! comes back as broken is a bug here, never of the input. Absent: generators (`tests/properties.rs`, `fuzz/`).

use crate::fact::{Attachment, Fact, Person, PersonIdKind, What};
use crate::{Parsed, parse, phone, signature, verification};
use serde_json::Value;

/// A family of parsers, one fuzz target each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Whole bodies, as posted.
    Body,
    /// The bytes as one `messages[]` item of WhatsApp.
    WhatsappMessage,
    /// The bytes as the `value` of each WhatsApp field.
    WhatsappChange,
    /// The bytes as one `messaging[]` item of a Page and of an Instagram account.
    Messaging,
    /// The bytes as the `value` of each Page and Instagram field.
    MetaChange,
    /// The bytes as signature header, challenge, token and phone number.
    Text,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 6] = [
        Self::Body,
        Self::WhatsappMessage,
        Self::WhatsappChange,
        Self::Messaging,
        Self::MetaChange,
        Self::Text,
    ];
}

/// Fields that carry a `value` of their own shape.
const WHATSAPP_FIELDS: [&str; 10] = [
    "messages",
    "standby",
    "smb_message_echoes",
    "history",
    "smb_app_state_sync",
    "calls",
    "user_preferences",
    "message_template_status_update",
    "phone_number_quality_update",
    "account_update",
];

const META_FIELDS: [(&str, &str); 6] = [
    ("page", "feed"),
    ("page", "leadgen"),
    ("page", "mention"),
    ("instagram", "comments"),
    ("instagram", "live_comments"),
    ("instagram", "mentions"),
];

/// Reads `data` through a family; tells which invariant broke.
pub fn entry(family: Family, data: &[u8]) -> Result<(), String> {
    match family {
        Family::Body => body(data),
        Family::WhatsappMessage => {
            let metadata = r#""metadata":{"display_phone_number":"908502223344","phone_number_id":"1"}"#;
            let value = [format!("{{{metadata},\"messages\":[").as_bytes(), data, b"]}"].concat();
            change("whatsapp_business_account", "messages", &value)
        }
        Family::WhatsappChange => {
            WHATSAPP_FIELDS.iter().try_for_each(|field| change("whatsapp_business_account", field, data))
        }
        Family::Messaging => ["page", "instagram"].iter().try_for_each(|object| {
            let head = format!(r#"{{"object":"{object}","entry":[{{"id":"7","messaging":["#);
            body(&[head.as_bytes(), data, b"]}]}"].concat())
        }),
        Family::MetaChange => META_FIELDS.iter().try_for_each(|(object, field)| change(object, field, data)),
        Family::Text => text(data),
    }
}

fn change(object: &str, field: &str, value: &[u8]) -> Result<(), String> {
    let head =
        format!(r#"{{"object":"{object}","entry":[{{"id":"7","changes":[{{"field":"{field}","value":"#);
    body(&[head.as_bytes(), value, b"}]}]}"].concat())
}

fn body(data: &[u8]) -> Result<(), String> {
    let Ok(parsed) = parse(data) else { return Ok(()) };
    check(&parsed)?;
    match parse(data) {
        Ok(again) if again == parsed => Ok(()),
        _ => Err("two readings differ".to_owned()),
    }
}

fn text(data: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(data);
    if signature::verify([text.as_ref()], data, &["secret"]).is_ok() {
        return Err("a header signed itself".to_owned());
    }
    let signed = signature::sign(data, b"secret");
    signature::verify([signed.as_str()], data, &["secret"]).map_err(|error| error.to_string())?;
    if let Ok(answer) = verification::challenge(Some("subscribe"), Some("t"), Some(&text), &["t"])
        && !answer.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    {
        return Err("a challenge with other characters".to_owned());
    }
    let key = phone::canonical(&text);
    if phone::canonical(&key) != key {
        return Err(format!("the key of {key} is not its own key"));
    }
    Ok(())
}

/// The invariants of [`crate::fact`].
pub fn check(parsed: &Parsed) -> Result<(), String> {
    parsed.facts.iter().try_for_each(check_fact)
}

fn check_fact(fact: &Fact) -> Result<(), String> {
    match &fact.what {
        What::Message(message) => {
            named("external_id", &message.external_id)?;
            check_person(&message.person)?;
            message.text.iter().try_for_each(|text| clean(text))?;
            message.attachments.iter().try_for_each(check_attachment)?;
            clean_value(&serde_json::to_value(&message.extra).map_err(|error| error.to_string())?)
        }
        What::Edit(edit) => {
            edit.text.iter().try_for_each(|text| clean(text))?;
            named("edit", &edit.target)
        }
        What::Delete(delete) => named("delete", &delete.target),
        What::Reaction(reaction) => {
            named("reaction", &reaction.target)?;
            reaction.emoji.iter().try_for_each(|emoji| named("emoji", emoji))?;
            check_person(&reaction.person)
        }
        What::Status(status) => {
            status.person.iter().try_for_each(check_person)?;
            named("status", &status.target)
        }
        What::Watermark(mark) => check_person(&mark.person),
        What::IdentityChange(change) if change.old.is_empty() || change.new.is_empty() => {
            Err("an identity change without both sides".to_owned())
        }
        What::IdentityChange(_) => Ok(()),
        What::ContactName { person } | What::MarketingOptOut { person, .. } => check_person(person),
        What::Lead(lead) => named("lead", &lead.lead_id),
        What::Event(event) => {
            named("event", &event.key)?;
            event.person.iter().try_for_each(check_person)?;
            event.data.values().try_for_each(clean_value)
        }
    }
}

fn check_person(person: &Person) -> Result<(), String> {
    if person.ids.is_empty() {
        return Err("a person without id".to_owned());
    }
    for id in &person.ids {
        named("person", &id.value)?;
        if id.kind == PersonIdKind::WaId && !phone::is_phone(&id.value) {
            return Err(format!("{} is no phone number", id.value));
        }
    }
    person.shared_phone.iter().try_for_each(|number| match phone::is_phone(number) {
        true => Ok(()),
        false => Err(format!("{number} is no phone number")),
    })
}

fn check_attachment(attachment: &Attachment) -> Result<(), String> {
    named("attachment", &attachment.kind)?;
    attachment
        .file_name
        .iter()
        .chain(&attachment.url)
        .chain(&attachment.title)
        .try_for_each(|text| clean(text))
}

fn named(what: &str, value: &str) -> Result<(), String> {
    if value.is_empty() {
        return Err(format!("an empty {what}"));
    }
    clean(value)
}

fn clean(text: &str) -> Result<(), String> {
    if text.contains('\0') { Err(format!("U+0000 in {text:?}")) } else { Ok(()) }
}

fn clean_value(value: &Value) -> Result<(), String> {
    match value {
        Value::String(text) => clean(text),
        Value::Array(items) => items.iter().try_for_each(clean_value),
        Value::Object(map) => {
            map.iter().try_for_each(|(key, value)| clean(key).and_then(|()| clean_value(value)))
        }
        _ => Ok(()),
    }
}
