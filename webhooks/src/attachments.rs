//! `message.attachments[]` of Messenger and Instagram.
//!
//! Owns: what each attachment type is, and which two attachments are one. Invariants: the kind of a message is that of
//! its first attachment; the attachment keeps the platform's own word, so nothing is renamed twice; two attachments for
//! one `sticker_id` or one `ig_post_media_id` are one, in the newer form. Absent: downloading.
//!
//! Facts: stickers came as `image` with `payload.sticker_id` until 2026-08-30, in both forms from 2026-06-01, now only
//! as `sticker` (D); `share` for posts is gone since 2026-04-27, `ig_post` stays (D); a fallback without payload is an
//! unsupported share (D); product templates come from shops (S).

use crate::fact::{Attachment, Location, MessageKind};
use crate::json::Read;
use serde_json::Value;

/// What the attachments of one message amount to.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) attachments: Vec<Attachment>,
    /// The kind of the first one.
    pub(crate) kind: Option<MessageKind>,
    /// Text that the message itself doesn't have: name of a place, or the heart.
    pub(crate) text: Option<String>,
    pub(crate) location: Option<Location>,
    pub(crate) product: Option<String>,
    /// The platform's word for the first one.
    pub(crate) original_type: Option<String>,
}

/// The heart that Instagram sends without payload (S).
const HEART: &str = "❤️";

pub(crate) fn read(message: &Value) -> Parts {
    let mut parts = Parts::default();
    for item in message.list("attachments").iter().filter(|item| item.is_object()) {
        read_one(item, &mut parts);
    }
    // Old clients name the sticker beside the attachments.
    if let (Some(sticker), None) = (message.nonzero_id("sticker_id"), parts.kind) {
        parts.kind = Some(MessageKind::Sticker);
        parts.attachments.push(Attachment {
            kind: "sticker".into(),
            external_id: Some(sticker),
            ..Attachment::default()
        });
    }
    parts
}

fn read_one(item: &Value, parts: &mut Parts) {
    let payload = item.object("payload").unwrap_or(&Value::Null);
    let word = item.text("type").unwrap_or_else(|| "unknown".to_owned());
    let sticker = payload.nonzero_id("sticker_id");
    let url = payload.text("url").or_else(|| item.text("url"));
    let product = product_of(payload);
    let kind = kind_of(&word, sticker.is_some(), url.is_some(), product.is_some(), payload);
    parts.kind.get_or_insert(kind);
    parts.original_type.get_or_insert_with(|| word.clone());
    let title = payload.text("title").or_else(|| item.text("title"));
    if kind == MessageKind::Location && parts.location.is_none() {
        parts.location = location_of(payload, item);
        parts.text = parts.text.take().or(title);
        return;
    }
    if word == "like_heart" {
        parts.text.get_or_insert_with(|| HEART.to_owned());
    }
    let element = product.as_ref();
    if let Some(element) = element {
        parts.product =
            parts.product.take().or_else(|| element.id("retailer_id")).or_else(|| element.id("id"));
    }
    let post = payload.id("ig_post_media_id");
    let external_id = sticker.clone().or_else(|| post.clone()).or_else(|| payload.id("reel_video_id"));
    let attachment = Attachment {
        kind: if sticker.is_some() { "sticker".to_owned() } else { word },
        external_id: external_id.or_else(|| element.and_then(|element| element.id("id"))),
        url: url.or_else(|| element.and_then(|element| element.text("image_url"))),
        title: title.or_else(|| element.and_then(|element| element.text("title"))),
        ..Attachment::default()
    };
    add(parts, attachment, sticker.or(post));
}

/// Two forms of one thing are one attachment, in the place of the first and in the form that stays.
fn add(parts: &mut Parts, attachment: Attachment, same: Option<String>) {
    let twin = same
        .and_then(|id| parts.attachments.iter_mut().find(|other| other.external_id.as_ref() == Some(&id)));
    match twin {
        Some(twin) if twin.kind == "share" => *twin = attachment,
        Some(_) => {}
        None => parts.attachments.push(attachment),
    }
}

fn kind_of(word: &str, sticker: bool, url: bool, product: bool, payload: &Value) -> MessageKind {
    match word {
        "image" | "sticker" | "video" if sticker => MessageKind::Sticker,
        "sticker" | "like_heart" => MessageKind::Sticker,
        "image" => MessageKind::Image,
        "video" => MessageKind::Video,
        "audio" => MessageKind::Audio,
        "file" => MessageKind::Document,
        "location" if coordinates(payload).is_some() => MessageKind::Location,
        "fallback" if url => MessageKind::Share,
        "share" | "post" | "ig_post" | "reel" | "ig_reel" => MessageKind::Share,
        "story_mention" => MessageKind::StoryMention,
        "template" if product => MessageKind::Product,
        _ => MessageKind::Unsupported,
    }
}

/// `payload.product.elements[{id, retailer_id, image_url, title, subtitle}]` (S).
fn product_of(payload: &Value) -> Option<Value> {
    payload.object("product")?.list("elements").iter().find(|element| element.is_object()).cloned()
}

/// `payload.coordinates{lat, long}` (S).
fn coordinates(payload: &Value) -> Option<(f64, f64)> {
    let point = payload.object("coordinates")?;
    Some((point.float("lat")?, point.float("long")?))
}

fn location_of(payload: &Value, item: &Value) -> Option<Location> {
    let (latitude, longitude) = coordinates(payload)?;
    let name = item.text("title").or_else(|| payload.text("title"));
    Some(Location {
        latitude,
        longitude,
        name,
        address: None,
        url: item.text("url").or_else(|| payload.text("url")),
    })
}
