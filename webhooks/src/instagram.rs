//! `changes[]` of an Instagram account: comments and mentions.
//!
//! Owns: the fields `comments`, `live_comments` and `mentions`, in the `changes[]` form and directly in the entry.
//! Invariants: our own comments say nothing new; the key of a comment is its id. Absent: messages (`messaging`), and
//! what a mention says, which has to be fetched (S).

use crate::envelope::Entry;
use crate::fact::{Event, EventKind, What};
use crate::json::{Data, Read};
use crate::sink::Sink;
use serde_json::Value;

pub(crate) fn read_change(entry: &Entry<'_>, field: &str, value: &Value, path: &str, sink: &mut Sink) {
    match field {
        "comments" | "live_comments" => read_comment(entry, field, value, path, sink),
        "mentions" => read_mention(entry, value, path, sink),
        _ => sink.skip(path, "unknown_field"),
    }
}

/// `{id, from{id, username}, text, parent_id?, media{id, media_product_type, ad_id?, ad_title?}}` (D); without a time,
/// so the entry's counts.
fn read_comment(entry: &Entry<'_>, field: &str, value: &Value, path: &str, sink: &mut Sink) {
    let Some(comment_id) = value.id("id") else {
        return sink.skip(path, "wrong_type");
    };
    let from = value.member("from").unwrap_or(&Value::Null);
    let own = |key: &str| from.id(key).as_deref() == Some(entry.id);
    if own("id") || own("self_ig_scoped_id") {
        return sink.skip(path, "own_comment");
    }
    let media = value.member("media").unwrap_or(&Value::Null);
    let data = Data::default()
        .put("external_id", Some(comment_id.as_str()))
        .put("verb", Some("add"))
        .put("text", value.text("text"))
        .put("author", from.id("id"))
        .put("author_name", from.text("username"))
        .put("parent", value.id("parent_id"))
        .put("media_id", media.id("id"))
        .put("media_type", media.text("media_product_type"))
        .put("original_media_id", media.id("original_media_id"))
        .put("ad_id", media.nonzero_id("ad_id"))
        .put("ad_title", media.text("ad_title"))
        .put("live", Some(true).filter(|_| field == "live_comments"));
    let event = Event { kind: EventKind::Comment, key: comment_id.clone(), person: None, data: data.map() };
    sink.fact(&entry.account, entry.time, What::Event(event));
}

/// `{media_id, comment_id?}` (S).
fn read_mention(entry: &Entry<'_>, value: &Value, path: &str, sink: &mut Sink) {
    let (media, comment) = (value.id("media_id"), value.id("comment_id"));
    if media.is_none() && comment.is_none() {
        return sink.skip(path, "wrong_type");
    }
    let key = format!(
        "mention:{}:{}",
        media.as_deref().unwrap_or_default(),
        comment.as_deref().unwrap_or_default()
    );
    let data = Data::default().put("media_id", media).put("comment_id", comment);
    let event = Event { kind: EventKind::Mention, key, person: None, data: data.map() };
    sink.fact(&entry.account, entry.time, What::Event(event));
}
