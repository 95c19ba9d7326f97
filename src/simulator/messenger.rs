//! Messenger's and Instagram's shapes.
//!
//! Owns: everything below `messaging[]`, and comments. Invariants: milliseconds as numbers; what only one of the two
//! platforms knows (delivery and postback opening on one, stories and flat comments on the other) comes only there.
//! Deliberately absent: standby, hand-over, opt-ins and feedback; the samples cover them.

use super::event::{Event, Item, Platform, Told};
use super::media::Media;
use super::options::Accounts;
use super::people::Person;
use super::saying::{AdClick, Said, Saying};
use serde_json::{Map, Value, json};

/// The account of the business on this platform.
pub(super) const fn account(accounts: &Accounts, platform: Platform) -> &String {
    match platform {
        Platform::Instagram => &accounts.instagram_id,
        _ => &accounts.page_id,
    }
}

/// What a customer did.
pub(super) fn incoming(accounts: &Accounts, graph_url: &str, person: &Person, said: &Said) -> Event {
    let account = account(accounts, person.platform);
    let (key, inner) = body(graph_url, person, said);
    let item = frame(&person.id, account, said.at_ms, key, inner);
    let told = said.saying.target().unwrap_or(&said.id).to_owned();
    event(person.platform, person.place, said.saying.kind(), told, said.at_ms, item)
}

/// A message of the business, as the platform repeats it to every app.
pub(super) struct Echo<'a> {
    pub(super) mid: &'a str,
    pub(super) at_ms: i64,
    pub(super) message: Map<String, Value>,
    /// Set when our own app sent it.
    pub(super) app_id: Option<&'a str>,
    pub(super) metadata: Option<&'a str>,
}

pub(super) fn echo(
    accounts: &Accounts,
    platform: Platform,
    lane: u64,
    recipient: &str,
    echo: Echo<'_>,
) -> Event {
    let mut message = echo.message;
    message.insert("mid".to_owned(), json!(echo.mid));
    message.insert("is_echo".to_owned(), json!(true));
    if platform == Platform::Messenger
        && let Some(app_id) = echo.app_id
    {
        message.insert("app_id".to_owned(), app_id.parse::<u64>().map_or(Value::Null, |id| json!(id)));
    }
    if let Some(metadata) = echo.metadata {
        message.insert("metadata".to_owned(), json!(metadata));
    }
    let item = frame(account(accounts, platform), recipient, echo.at_ms, "message", Value::Object(message));
    event(platform, lane, "echo", echo.mid.to_owned(), echo.at_ms, item)
}

/// Messenger: delivered up to here.
pub(super) fn delivery(
    accounts: &Accounts,
    lane: u64,
    person: &str,
    mid: &str,
    watermark: i64,
    at_ms: i64,
) -> Event {
    let item =
        frame(person, &accounts.page_id, at_ms, "delivery", json!({"mids": [mid], "watermark": watermark}));
    event(Platform::Messenger, lane, "delivery", mid.to_owned(), at_ms, item)
}

/// Read: a watermark on Messenger, a message on Instagram.
pub(super) fn read(
    accounts: &Accounts,
    platform: Platform,
    lane: u64,
    person: &str,
    mid: &str,
    watermark: i64,
    at_ms: i64,
) -> Event {
    let inner =
        if platform == Platform::Instagram { json!({"mid": mid}) } else { json!({"watermark": watermark}) };
    let item = frame(person, account(accounts, platform), at_ms, "read", inner);
    event(platform, lane, "read", mid.to_owned(), at_ms, item)
}

/// A comment below a post; on Instagram in both forms, by turns of the person.
pub(super) fn comment(accounts: &Accounts, person: &Person, id: &str, at_ms: i64, text: &str) -> Event {
    let item = if person.platform == Platform::Instagram {
        let value = json!({"id": id, "from": {"id": person.id, "username": person.username}, "text": text,
            "media": {"id": "18001122334455667", "media_product_type": "FEED"}});
        if person.place.is_multiple_of(2) {
            Item::Flat { field: "comments", value }
        } else {
            Item::Change { field: "comments", value }
        }
    } else {
        let post = format!("{}_122101", accounts.page_id);
        Item::Change {
            field: "feed",
            value: json!({"item": "comment", "verb": "add", "comment_id": id, "post_id": post,
                "parent_id": post, "created_time": at_ms / 1000, "message": text,
                "from": {"id": person.id, "name": person.name()}}),
        }
    };
    event(person.platform, person.place, "comment", id.to_owned(), at_ms, item)
}

fn event(platform: Platform, lane: u64, kind: &'static str, id: String, at_ms: i64, item: Item) -> Event {
    Event { platform, lane, told: Told { kind, external_id: id }, at_ms, item }
}

fn frame(sender: &str, recipient: &str, at_ms: i64, key: &str, inner: Value) -> Item {
    let mut item = Map::new();
    item.insert("sender".to_owned(), json!({"id": sender}));
    item.insert("recipient".to_owned(), json!({"id": recipient}));
    item.insert("timestamp".to_owned(), json!(at_ms));
    item.insert(key.to_owned(), inner);
    Item::Messaging(Value::Object(item))
}

fn body(graph_url: &str, person: &Person, said: &Said) -> (&'static str, Value) {
    match &said.saying {
        Saying::React { target, emoji } => (
            "reaction",
            json!({"mid": target, "action": "react", "reaction": reaction_name(emoji), "emoji": emoji}),
        ),
        Saying::Edit { target, text } => {
            ("message_edit", json!({"mid": target, "text": text, "num_edit": 1}))
        }
        Saying::Unsay { target } => ("message", json!({"mid": target, "is_deleted": true})),
        Saying::Begin { title } => {
            let mut postback = json!({"mid": said.id, "title": title, "payload": "GET_STARTED"});
            if let (Some(click), Some(postback)) = (&said.ad, postback.as_object_mut()) {
                postback.insert("referral".to_owned(), referral(click));
            }
            ("postback", postback)
        }
        _ => ("message", message(graph_url, person, said)),
    }
}

fn message(graph_url: &str, person: &Person, said: &Said) -> Value {
    let on_instagram = person.platform == Platform::Instagram;
    let mut message = Map::new();
    message.insert("mid".to_owned(), json!(said.id));
    let (text, attachment) = content(graph_url, person, &said.saying);
    if !text.is_empty() {
        message.insert("text".to_owned(), json!(text));
    }
    if let Some(attachment) = attachment {
        message.insert("attachments".to_owned(), json!([attachment]));
    }
    if let Some(mid) = &said.reply_to {
        message.insert("reply_to".to_owned(), json!({"mid": mid}));
    }
    match &said.saying {
        Saying::Tap { payload, .. } | Saying::ListTap { payload, .. } => {
            message.insert("quick_reply".to_owned(), json!({"payload": payload}));
        }
        Saying::Story { story_id, .. } if on_instagram => {
            let url = format!("{graph_url}/_cdn/1391{}.png", story_id.get(4..).unwrap_or_default());
            message.insert("reply_to".to_owned(), json!({"story": {"id": story_id, "url": url}}));
        }
        Saying::Product { .. } if on_instagram => {
            message.insert("referral".to_owned(), json!({"product": {"id": "7736264500012"}}));
        }
        _ => {}
    }
    if let Some(click) = &said.ad {
        message.insert("referral".to_owned(), referral(click));
    }
    Value::Object(message)
}

/// Text and attachment.
fn content(graph_url: &str, person: &Person, saying: &Saying) -> (String, Option<Value>) {
    let file = |kind: &str, media: &Media| {
        let url = format!("{graph_url}/_cdn/{}.{}?_nc_cat=1&dl=1", media.id, media.extension());
        Some(json!({"type": kind, "payload": {"url": url}}))
    };
    match saying {
        Saying::Text(text) => (text.clone(), None),
        Saying::Photo { media, caption } => ((*caption).to_owned(), file("image", media)),
        Saying::Voice(media) => (String::new(), file("audio", media)),
        Saying::Paper { media, caption } => ((*caption).to_owned(), file("file", media)),
        Saying::Place => {
            let (lat, long, name, address) = person.language.spot;
            if person.platform == Platform::Instagram {
                // Instagram has no places.
                return (format!("{name}, {address}"), None);
            }
            let coordinates = json!({"lat": lat, "long": long});
            let place = json!({"type": "location", "title": name, "payload": {"coordinates": coordinates}});
            (String::new(), Some(place))
        }
        Saying::Card { name, phone } => (format!("{name}, +{phone}"), None),
        Saying::OwnContact => (format!("+{}", person.phone), None),
        Saying::Cart { note } => ((*note).to_owned(), None),
        Saying::Product { text } => {
            let attached = (person.platform == Platform::Messenger).then(|| product(person));
            ((*text).to_owned(), attached)
        }
        Saying::Tap { title, .. } | Saying::ListTap { title, .. } => (title.clone(), None),
        Saying::Story { text, .. } => ((*text).to_owned(), None),
        Saying::React { .. } | Saying::Edit { .. } | Saying::Unsay { .. } | Saying::Begin { .. } => {
            (String::new(), None)
        }
    }
}

fn product(person: &Person) -> Value {
    json!({"type": "template", "payload": {"product": {"elements": [{"id": "7736264500012",
        "retailer_id": "BERJER-01", "image_url": "https://cdn.example.test/berjer.png", "title": "Berjer",
        "subtitle": format!("12490 {}", person.language.currency)}]}}})
}

fn referral(click: &AdClick) -> Value {
    json!({"ref": click.ad.reference, "source": "ADS", "type": "OPEN_THREAD", "ad_id": click.ad.id,
        "ads_context_data": {"ad_title": click.ad.headline, "photo_url": "https://scontent.example.test/a.jpg",
            "video_url": null}})
}

fn reaction_name(emoji: &str) -> &'static str {
    match emoji {
        "❤️" => "love",
        "👍" => "like",
        _ => "other",
    }
}
