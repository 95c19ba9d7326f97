//! What can be sent to Graph.
//!
//! Owns: messages, uploads, conversions, subscriptions. Invariants: an accepted message is in the ledger before it
//! is answered, and is followed by what a platform tells afterwards; nothing is accepted twice for one call.
//! Deliberately absent: the exact checks of every message type; only those that a server is likely to meet.

use super::super::event::Platform;
use super::super::follow;
use super::super::ledger::Send;
use super::super::world::message_id;
use super::Call;
use super::problem::{self, Problem};
use super::{templates, uploads};
use actix_web::HttpResponse;
use serde_json::{Value, json};

const TEXT_WHATSAPP: usize = 4096;
const TEXT_MESSENGER: usize = 2000;
/// Bytes, not characters.
const TEXT_INSTAGRAM: usize = 1000;

pub(super) fn answer(call: &mut Call<'_>) -> Result<HttpResponse, Problem> {
    let body = match call.path.as_slice() {
        [account, "messages" | "marketing_messages"] => {
            let account = (*account).to_owned();
            return message(call, &account);
        }
        [_, "media"] => return uploads::take(call, "id"),
        [_, "message_attachments"] => return uploads::take(call, "attachment_id"),
        [_, "subscribed_apps" | "smb_app_data" | "register" | "block_users" | "messenger_profile"] => {
            json!({"success": true})
        }
        [_, "events"] => conversions(call)?,
        [_, "dataset"] => json!({"id": "900100200300400"}),
        [_, "message_templates"] => {
            json!({"id": call.dice.digits(15), "status": "PENDING", "category": "UTILITY"})
        }
        [comment, "replies" | "comments"] => json!({"id": format!("{comment}_{}", call.dice.digits(8))}),
        [account, "insights"] if account.starts_with("act_") => {
            json!({"report_run_id": call.dice.digits(15)})
        }
        _ => return Err(Problem::unknown("post", &call.path.join("/"))),
    };
    Ok(problem::json(200, &body))
}

fn conversions(call: &mut Call<'_>) -> Result<Value, Problem> {
    let events = call.body.get("data").and_then(Value::as_array);
    let Some(events) = events.filter(|events| !events.is_empty() && events.len() <= 1000) else {
        return Err(Problem::parameter("(#100) Invalid parameter: data"));
    };
    // One bad event fails the whole request.
    if events.iter().any(|event| event.get("event_name").is_none() || event.get("event_time").is_none()) {
        return Err(Problem::parameter("Invalid parameter: event_name and event_time are required"));
    }
    Ok(json!({"events_received": events.len(), "messages": [], "fbtrace_id": call.dice.trace_id()}))
}

fn message(call: &mut Call<'_>, account: &str) -> Result<HttpResponse, Problem> {
    if !call.body.is_object() {
        return Err(Problem::parameter("(#100) The request body is not JSON"));
    }
    if call.body.get("messaging_product").is_some() {
        return whatsapp(call, account);
    }
    messenger(call, account)
}

fn text_of<'a>(body: &'a Value, path: &str) -> Option<&'a str> {
    body.pointer(path).and_then(Value::as_str)
}

fn whatsapp(call: &mut Call<'_>, account: &str) -> Result<HttpResponse, Problem> {
    let body = call.body.clone();
    if text_of(&body, "/status") == Some("read") {
        text_of(&body, "/message_id").ok_or_else(|| Problem::missing("message_id"))?;
        return Ok(problem::json(200, &json!({"success": true})));
    }
    let kind = text_of(&body, "/type").unwrap_or("text");
    if !body.get(kind).is_some_and(|inner| inner.is_object() || inner.is_array()) {
        return Err(Problem::missing(kind));
    }
    if kind == "template" {
        templates::check(&body)?;
    }
    if text_of(&body, "/text/body").is_some_and(|text| text.chars().count() > TEXT_WHATSAPP) {
        return Err(Problem::parameter("(#100) Param text['body'] must be at most 4096 characters long."));
    }
    // The number wins when both are there.
    let (input, is_number) = match (text_of(&body, "/to"), text_of(&body, "/recipient")) {
        (Some(number), _) => (number.to_owned(), true),
        (None, Some(scoped)) => (scoped.to_owned(), false),
        (None, None) => return Err(Problem::missing("to")),
    };
    let digits: String = input.chars().filter(char::is_ascii_digit).collect();
    let recipient = if is_number { digits } else { input.clone() };
    let id = message_id(Platform::Whatsapp, &recipient, false, &mut call.dice);
    let tracking = text_of(&body, "/biz_opaque_callback_data").map(str::to_owned);
    let contact = if is_number {
        json!({"input": input, "wa_id": recipient})
    } else {
        json!({"input": input, "user_id": recipient})
    };
    let mut sent = json!({"id": id});
    if let (true, Some(sent)) = (kind == "template", sent.as_object_mut()) {
        sent.insert("message_status".to_owned(), json!("accepted"));
    }
    let answer = json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]});
    accept(call, (Platform::Whatsapp, account, recipient, id, tracking), &answer)
}

fn messenger(call: &mut Call<'_>, account: &str) -> Result<HttpResponse, Problem> {
    let body = call.body.clone();
    let recipient = text_of(&body, "/recipient/id").map(str::to_owned);
    if body.get("sender_action").is_some() {
        return Ok(problem::json(200, &json!({"recipient_id": recipient})));
    }
    if !body.get("message").is_some_and(Value::is_object) {
        return Err(Problem::parameter("(#100) The parameter message is required"));
    }
    let platform = platform_of(call, account, recipient.as_deref());
    if let Some(text) = text_of(&body, "/message/text") {
        let (length, limit) = match platform {
            Platform::Instagram => (text.len(), TEXT_INSTAGRAM),
            _ => (text.chars().count(), TEXT_MESSENGER),
        };
        if length > limit {
            let message =
                format!("(#100) Length of param message[text] must be less than or equal to {limit}");
            return Err(Problem::parameter(message));
        }
    }
    let id = message_id(platform, "", false, &mut call.dice);
    let tracking = text_of(&body, "/message/metadata").map(str::to_owned);
    let Some(recipient) = recipient else {
        // A private reply to a comment and the like: who that is, the platform does not say.
        if !body.get("recipient").is_some_and(Value::is_object) {
            return Err(Problem::parameter("(#100) The parameter recipient is required"));
        }
        return Ok(problem::json(200, &json!({"message_id": id})));
    };
    let by_person = text_of(&body, "/tag") == Some("HUMAN_AGENT");
    if !by_person && follow::window_closed(call.engine, &recipient, call.engine.now_ms()) {
        return Err(Problem::outside_window());
    }
    let answer = json!({"recipient_id": recipient, "message_id": id});
    accept(call, (platform, account, recipient, id, tracking), &answer)
}

/// Pages send for both platforms: the person decides, else the account.
fn platform_of(call: &Call<'_>, account: &str, recipient: Option<&str>) -> Platform {
    let world = call.engine.world.lock();
    match recipient.and_then(|id| world.find(id)) {
        Some(person) if person.platform == Platform::Instagram => Platform::Instagram,
        None if account == call.engine.config.accounts.instagram_id => Platform::Instagram,
        _ => Platform::Messenger,
    }
}

type Accepted<'a> = (Platform, &'a str, String, String, Option<String>);

fn accept(call: &mut Call<'_>, accepted: Accepted<'_>, answer: &Value) -> Result<HttpResponse, Problem> {
    let (platform, account, recipient, message_id, tracking) = accepted;
    let engine = call.engine;
    let answer_lost = call.dice.chance(engine.behaviour.read().graph_lost);
    let half = call.dice.chance(engine.behaviour.read().graph_half);
    let send = Send {
        message_id,
        platform,
        account: account.to_owned(),
        recipient,
        tracking,
        at_ms: engine.now_ms(),
        answer_lost: answer_lost || half,
        body: call.body.clone(),
    };
    engine.ledger.sent(send.clone());
    follow::follow(engine, engine.next_send(), send);
    if answer_lost {
        engine.ledger.graph_spoiled();
        return Err(Problem::broken(0));
    }
    if half {
        engine.ledger.graph_spoiled();
        return Ok(problem::half(answer));
    }
    Ok(problem::json(200, answer))
}
