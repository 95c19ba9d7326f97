//! `changes[]` of a Page: comments, mentions, leads.
//!
//! Owns: the fields `feed`, `mention` and the way to `leadgen`. Invariants: our own comments say nothing new; a comment
//! has one key through all its verbs; every other field or item is skipped. Absent: messages (`messaging`).

use crate::envelope::Entry;
use crate::fact::{Event, EventKind, What};
use crate::json::{Data, Read};
use crate::lead_ads;
use crate::sink::Sink;
use serde_json::Value;

pub(crate) fn read_change(entry: &Entry<'_>, field: &str, value: &Value, path: &str, sink: &mut Sink) {
    match field {
        "leadgen" => lead_ads::read(entry, value, path, sink),
        // Edits of a form's answers; the lead is fetched as it is then [S].
        "leadgen_update" => sink.skip(path, "ignored_field"),
        "feed" if value.text("item").as_deref() == Some("comment") => read_comment(entry, value, path, sink),
        "feed" => sink.skip(path, "ignored_item"),
        "mention" => read_mention(entry, value, path, sink),
        _ => sink.skip(path, "unknown_field"),
    }
}

/// `feed{item: "comment", verb add|edited|remove|hide|unhide, comment_id, post_id, parent_id, message, from}` (S).
fn read_comment(entry: &Entry<'_>, value: &Value, path: &str, sink: &mut Sink) {
    let Some(comment_id) = value.id("comment_id") else {
        return sink.skip(path, "wrong_type");
    };
    let from = value.member("from").unwrap_or(&Value::Null);
    if from.id("id").as_deref() == Some(entry.id) {
        return sink.skip(path, "own_comment");
    }
    let post_id = value.id("post_id");
    // A comment on the post itself names the post as its parent.
    let parent = value.id("parent_id").filter(|parent| Some(parent) != post_id.as_ref());
    let data = Data::default()
        .put("external_id", Some(comment_id.as_str()))
        .put("verb", Some(value.text("verb").unwrap_or_else(|| "add".to_owned())))
        .put("text", value.text("message"))
        .put("author", from.id("id"))
        .put("author_name", from.text("name"))
        .put("post_id", post_id)
        .put("parent", parent)
        .put("photo", value.text("photo"))
        .put("video", value.text("video"));
    let event = Event { kind: EventKind::Comment, key: comment_id.clone(), person: None, data: data.map() };
    sink.fact(&entry.account, value.time("created_time").or(entry.time), What::Event(event));
}

/// `mention{post_id, comment_id?, item, verb, sender_id, sender_name, message?}` (M).
fn read_mention(entry: &Entry<'_>, value: &Value, path: &str, sink: &mut Sink) {
    let (post, comment) = (value.id("post_id"), value.id("comment_id"));
    if post.is_none() && comment.is_none() {
        return sink.skip(path, "wrong_type");
    }
    let key =
        format!("mention:{}:{}", post.as_deref().unwrap_or_default(), comment.as_deref().unwrap_or_default());
    let data = Data::default()
        .put("post_id", post)
        .put("comment_id", comment)
        .put("verb", value.text("verb"))
        .put("text", value.text("message"))
        .put("author", value.id("sender_id"))
        .put("author_name", value.text("sender_name"));
    let event = Event { kind: EventKind::Mention, key, person: None, data: data.map() };
    sink.fact(&entry.account, value.time("created_time").or(entry.time), What::Event(event));
}
