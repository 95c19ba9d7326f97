//! A message in a platform's own form. Pure.
//!
//! Source: the Send API of Messenger and Instagram, the messages endpoint of the WhatsApp Cloud API.

use super::model::{Due, DueFile};
use super::{content, media};
use crate::channels::ChannelKind;
use crate::files::FileKind;
use crate::inbox::{Sending, SendingMode};
use crate::ingest::tracking;
use crate::templates::with_file;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

/// The body of the call. None: there is nobody to send it to.
pub fn body(due: &Due, attempt: i16, now: DateTime<Utc>) -> Option<Value> {
    match due.channel_kind {
        ChannelKind::Whatsapp => whatsapp(due, attempt),
        ChannelKind::Messenger | ChannelKind::Instagram => messenger(due, attempt, now),
        ChannelKind::LeadAds | ChannelKind::Website => None,
    }
}

/// The type of a message at WhatsApp, and its body.
fn content_of(due: &Due) -> Option<(&str, Value)> {
    if let Some(template) = due.extra.get("template") {
        return Some(("template", template_of(template, due.file.as_ref())?));
    }
    if let Some(content) = content::whatsapp(due.text.as_deref(), &due.extra) {
        return Some(content);
    }
    let Some(file) = &due.file else {
        // Never the caption alone.
        if due.kind != "text" {
            return None;
        }
        return Some(("text", json!({ "body": due.text, "preview_url": true })));
    };
    let mut content = Map::from_iter([("id".to_owned(), json!(file.external_id.as_ref()?))]);
    let mut set = |key: &str, value: Value| content.insert(key.to_owned(), value);
    let kind = match due.kind.as_str() {
        "voice" => {
            set("voice", json!(true));
            "audio"
        }
        kind @ ("image" | "video" | "audio" | "document" | "sticker") => kind,
        _ => return None,
    };
    if kind == "document" {
        set("filename", json!(file.file_name));
    }
    if let (Some(caption), "image" | "video" | "document") = (&due.text, kind) {
        set("caption", json!(caption));
    }
    Some((kind, Value::Object(content)))
}

/// A template as Meta takes it; the header's file goes by its id.
fn template_of(template: &Value, file: Option<&DueFile>) -> Option<Value> {
    let mut components = template.get("components")?.clone();
    if let Some(file) = file {
        let id = file.external_id.as_ref()?;
        let named = if FileKind::of(&file.mime_type) == FileKind::Document {
            json!({ "id": id, "filename": file.file_name })
        } else {
            json!({ "id": id })
        };
        components = with_file(components, named);
    }
    Some(json!({
        "name": template.get("name")?, "language": { "code": template.get("language")? }, "components": components,
    }))
}

fn whatsapp(due: &Due, attempt: i16) -> Option<Value> {
    let (kind, content) = content_of(due)?;
    let mut body = Map::from_iter([
        ("messaging_product".to_owned(), json!("whatsapp")),
        ("type".to_owned(), json!(kind)),
        (kind.to_owned(), content),
        ("biz_opaque_callback_data".to_owned(), json!(tracking(due.id, attempt))),
    ]);
    let mut to = |kind: &str, key: &str, id: &str| {
        body.insert("recipient_type".to_owned(), json!(kind));
        body.insert(key.to_owned(), json!(id));
    };
    match (&due.group_external_id, &due.recipient, &due.recipient_bsuid) {
        (Some(group), _, _) => to("group", "to", group),
        (None, Some(number), _) => to("individual", "to", number),
        (None, None, Some(id)) => to("individual", "recipient", id),
        (None, None, None) => return None,
    }
    if let Some(quoted) = &due.reply_to_external_id {
        body.insert("context".to_owned(), json!({ "message_id": quoted }));
    }
    Some(Value::Object(body))
}

fn messenger(due: &Due, attempt: i16, now: DateTime<Utc>) -> Option<Value> {
    let recipient = due.recipient.as_ref()?;
    let content = match &due.file {
        None if due.kind != "text" => return None,
        None => ("text".to_owned(), json!(due.text)),
        Some(file) => {
            let payload = match (&file.external_id, &file.link) {
                (_, Some(link)) => json!({ "url": link }),
                (Some(id), None) => json!({ "attachment_id": id }),
                (None, None) => return None,
            };
            ("attachment".to_owned(), json!({ "type": media::word(&due.kind), "payload": payload }))
        }
    };
    let mut message = Map::from_iter([content]);
    if let Some(replies) = content::quick_replies(&due.extra) {
        message.insert("quick_replies".to_owned(), replies);
    }
    if due.channel_kind == ChannelKind::Messenger {
        // Instagram knows no such key.
        message.insert("metadata".to_owned(), json!(tracking(due.id, attempt)));
    }
    if let Some(quoted) = &due.reply_to_external_id {
        message.insert("reply_to".to_owned(), json!({ "mid": quoted }));
    }
    let sending = Sending::at(now, due.channel_kind.as_str(), due.last_inbound_at);
    let mut body = json!({ "recipient": { "id": recipient }, "message": message });
    let kind = match sending.mode {
        SendingMode::HumanAgent => json!({ "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT" }),
        _ => json!({ "messaging_type": "RESPONSE" }),
    };
    if let (Some(body), Value::Object(kind)) = (body.as_object_mut(), kind) {
        body.extend(kind);
    }
    Some(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use uuid::Uuid;

    fn due(channel_kind: ChannelKind) -> Due {
        Due {
            id: Uuid::from_u128(0xab),
            kind: "text".to_owned(),
            text: Some("Hi".to_owned()),
            file: None,
            extra: json!({}),
            opted_out: false,
            attempts: 0,
            tries: 0,
            override_window: false,
            reply_to_external_id: None,
            channel_id: Uuid::nil(),
            channel_kind,
            account_id: "42".to_owned(),
            stopped: None,
            last_inbound_at: Some(DateTime::UNIX_EPOCH),
            group_external_id: None,
            recipient: Some("905321112233".to_owned()),
            recipient_bsuid: Some("TR.1".to_owned()),
        }
    }

    fn of(due: &Due, hours: i64) -> Value {
        body(due, 1, DateTime::UNIX_EPOCH + TimeDelta::hours(hours)).expect("someone to send it to")
    }

    #[test]
    fn whatsapp_goes_to_the_number_else_to_the_id_else_to_the_group() {
        let number = due(ChannelKind::Whatsapp);
        assert_eq!(
            of(&number, 1),
            json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "905321112233", "type": "text",
                "text": {"body": "Hi", "preview_url": true}, "biz_opaque_callback_data": "000000000000000000000000000000ab-1"})
        );
        let scoped = Due { recipient: None, ..number.clone() };
        assert_eq!((&of(&scoped, 1)["recipient"], &of(&scoped, 1)["to"]), (&json!("TR.1"), &Value::Null));
        let group = Due { group_external_id: Some("g".to_owned()), ..number.clone() };
        assert_eq!((&of(&group, 1)["recipient_type"], &of(&group, 1)["to"]), (&json!("group"), &json!("g")));
        let reply = Due { reply_to_external_id: Some("wamid.1".to_owned()), ..number.clone() };
        assert_eq!(of(&reply, 1)["context"], json!({"message_id": "wamid.1"}));
        let nobody = Due { recipient: None, recipient_bsuid: None, ..number };
        assert_eq!(body(&nobody, 1, DateTime::UNIX_EPOCH), None);
    }

    #[test]
    fn messenger_says_when_a_person_answers_late() {
        let message = due(ChannelKind::Messenger);
        assert_eq!(of(&message, 23)["messaging_type"], "RESPONSE");
        assert_eq!(of(&message, 23)["message"]["metadata"], "000000000000000000000000000000ab-1");
        let late = of(&message, 25);
        assert_eq!((&late["messaging_type"], &late["tag"]), (&json!("MESSAGE_TAG"), &json!("HUMAN_AGENT")));
        assert_eq!(of(&due(ChannelKind::Instagram), 1)["message"], json!({"text": "Hi"}));
    }

    #[test]
    fn a_file_goes_by_its_id_or_from_its_address() {
        let file = DueFile {
            attachment_id: Uuid::nil(),
            file_id: Uuid::nil(),
            file_name: "bill.pdf".to_owned(),
            mime_type: "application/pdf".to_owned(),
            size: 1,
            external_id: Some("77".to_owned()),
            link: None,
        };
        let with =
            |channel, kind: &str| Due { kind: kind.to_owned(), file: Some(file.clone()), ..due(channel) };
        let paper = of(&with(ChannelKind::Whatsapp, "document"), 1);
        assert_eq!(paper["type"], "document");
        assert_eq!(paper["document"], json!({"id": "77", "filename": "bill.pdf", "caption": "Hi"}));
        let voice = of(&with(ChannelKind::Whatsapp, "voice"), 1);
        assert_eq!((&voice["type"], &voice["audio"]), (&json!("audio"), &json!({"id": "77", "voice": true})));
        assert_eq!(
            of(&with(ChannelKind::Messenger, "document"), 1)["message"]["attachment"],
            json!({"type": "file", "payload": {"attachment_id": "77"}})
        );
        let linked = DueFile { link: Some("https://x/media/t".to_owned()), ..file.clone() };
        let instagram = Due { file: Some(linked), ..with(ChannelKind::Instagram, "image") };
        assert_eq!(
            of(&instagram, 1)["message"]["attachment"],
            json!({"type": "image", "payload": {"url": "https://x/media/t"}})
        );
        let missing = Due { file: Some(DueFile { external_id: None, ..file }), ..due(ChannelKind::Whatsapp) };
        assert_eq!(body(&missing, 1, DateTime::UNIX_EPOCH), None);
    }
}
