//! Messages and postbacks of Messenger and Instagram.
//!
//! Owns: kind, text and parts of a message. Invariants: a message with an id is never lost: what can't be read is
//! `unsupported` with the raw item; text is unchanged; several attachments give the kind of the first. Absent:
//! attachments (`attachments`), all other events (`messaging`).

use crate::attachments::{self, Parts};
use crate::fact::{Message, MessageExtra, MessageKind, What};
use crate::json::{Read, digest};
use crate::messaging::{self, Item};
use crate::referral;
use crate::sink::Sink;
use serde_json::Value;

pub(crate) fn read_message(item: &Item<'_>, message: &Value, sink: &mut Sink) -> Option<()> {
    if message.flag("is_self") {
        sink.skip(item.path, "self_message");
        return Some(());
    }
    if message.flag("is_deleted") {
        return messaging::read_delete(item, message, sink);
    }
    let external_id = message.id("mid")?;
    let Some(person) = item.person.clone() else {
        sink.skip(item.path, "no_person");
        return Some(());
    };
    let parts = attachments::read(message);
    let referral = referral::meta(message);
    let story = message.member("reply_to").and_then(|reply| reply.object("story"));
    let quick_reply = message.object("quick_reply");
    let text = message.text("text").or_else(|| parts.text.clone());
    let kind = kind_of(message, &parts, story.is_some(), quick_reply.is_some(), text.is_some());
    let unsupported = kind == MessageKind::Unsupported;
    let extra = MessageExtra {
        payload: quick_reply.and_then(|reply| reply.text("payload")),
        location: parts.location,
        product: parts.product.or_else(|| referral::product(message)),
        story_id: story.and_then(|story| story.id("id")),
        original_type: parts.original_type.filter(|_| unsupported),
        referral: referral.clone(),
        raw: unsupported.then(|| item.raw.clone()),
        ..MessageExtra::default()
    };
    let message = Message {
        external_id,
        direction: item.direction,
        kind,
        person,
        group_id: None,
        text,
        attachments: parts.attachments,
        reply_to: message.member("reply_to").and_then(|reply| reply.id("mid")),
        referral,
        tracking: message.text("metadata"),
        standby: item.frame.standby,
        history: false,
        extra,
    };
    item.emit(sink, What::Message(Box::new(message)));
    Some(())
}

fn kind_of(message: &Value, parts: &Parts, story: bool, quick_reply: bool, text: bool) -> MessageKind {
    if message.flag("is_unsupported") {
        MessageKind::Unsupported
    } else if quick_reply {
        MessageKind::QuickReply
    } else if story {
        MessageKind::StoryReply
    } else if let Some(kind) = parts.kind {
        kind
    } else if text {
        MessageKind::Text
    } else {
        MessageKind::Unsupported
    }
}

/// `postback{mid?, title, payload, referral?}`: Get Started, ice breaker, menu or template button (D); in standby
/// without payload (D), in old apps without `mid`.
pub(crate) fn read_postback(item: &Item<'_>, postback: &Value, sink: &mut Sink) -> Option<()> {
    let Some(person) = item.person.clone() else {
        sink.skip(item.path, "no_person");
        return Some(());
    };
    let payload = postback.text("payload");
    let external_id =
        postback.id("mid").unwrap_or_else(|| made_id(item, payload.as_deref().unwrap_or_default()));
    let referral = referral::meta(postback);
    let message = Message {
        external_id,
        direction: item.direction,
        kind: MessageKind::Postback,
        person,
        group_id: None,
        text: postback.text("title"),
        attachments: Vec::new(),
        reply_to: None,
        tracking: None,
        standby: item.frame.standby,
        history: false,
        extra: MessageExtra {
            payload,
            product: referral::product(postback),
            referral: referral.clone(),
            ..MessageExtra::default()
        },
        referral,
    };
    item.emit(sink, What::Message(Box::new(message)));
    Some(())
}

/// The key of a postback without `mid`: channel, sender, time, payload (rule 5).
fn made_id(item: &Item<'_>, payload: &str) -> String {
    let sender = item.person.iter().flat_map(|person| &person.ids).map(|id| id.value.as_str()).next();
    let time = item.raw.time("timestamp").map(|at| at.timestamp_millis()).unwrap_or_default().to_string();
    format!("postback:{}", digest(&[item.frame.entry.id, sender.unwrap_or_default(), &time, payload]))
}
