//! What happens after the server sent a message.
//!
//! Owns: statuses, echoes, read marks, and the customer's answer. Invariants: what follows comes in the order of the
//! platform, each at its own moment; what it says hangs only on the seed and the number of the send. Deliberately
//! absent: reading of the message's meaning; customers answer from a list.

use super::engine::Engine;
use super::event::{Event, Platform};
use super::ledger::Send;
use super::messenger::{self, Echo};
use super::options::Accounts;
use super::people::Pointer;
use super::random::Dice;
use super::saying::Saying;
use super::whatsapp::{self, Recipient, Status};
use serde_json::{Map, Value, json};
use std::sync::Arc;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const LIKES: [&str; 4] = ["👍", "❤️", "🙏", "😊"];

/// Plays on in the background.
pub(super) fn follow(engine: &Arc<Engine>, number: u64, send: Send) {
    remember(engine, &send);
    let (this, guard) = (Arc::clone(engine), engine.courier.busy.begin());
    engine.courier.spawn(async move {
        let mut dice = Dice::new(this.config.seed, &format!("send {number}"));
        match send.platform {
            Platform::Whatsapp => after_whatsapp(&this, &send, &mut dice).await,
            _ => after_messenger(&this, &send, &mut dice).await,
        }
        drop(guard);
    });
}

/// Whether the last message of this person is too old for a free answer.
pub(super) fn window_closed(engine: &Engine, recipient: &str, now_ms: i64) -> bool {
    let world = engine.world.lock();
    // Nothing is known of people whom somebody else plays: their window counts as open.
    world.find(recipient).is_some_and(|person| {
        person.heard.as_ref().is_none_or(|heard| now_ms.saturating_sub(heard.at_ms) > DAY_MS)
    })
}

async fn after_whatsapp(engine: &Arc<Engine>, send: &Send, dice: &mut Dice) {
    let accounts = &engine.config.accounts;
    let (lane, recipient) = whatsapp_recipient(engine, &send.recipient);
    let template = send.body.get("type").and_then(Value::as_str) == Some("template");
    let error = if !template && window_closed(engine, &send.recipient, send.at_ms) {
        Some((
            131_047,
            "Re-engagement message",
            "More than 24 hours have passed since the recipient last replied.",
        ))
    } else if dice.chance(engine.behaviour.read().undeliverable) {
        Some((131_026, "Message undeliverable", "Unable to deliver the message."))
    } else {
        None
    };
    let mut course = vec![("sent", 200, 600)];
    match error {
        Some(_) => course.push(("failed", 300, 900)),
        None => course.extend([("delivered", 400, 1_500), ("read", 1_500, 6_000)]),
    }
    if send.body.pointer("/audio/voice").is_some_and(|voice| *voice == json!(true)) && error.is_none() {
        course.push(("played", 2_000, 5_000));
    }
    for (status, low, high) in course {
        engine.pause(dice.between(low, high)).await;
        let status = Status {
            message_id: &send.message_id,
            status,
            at_ms: engine.now_ms(),
            tracking: send.tracking.as_deref(),
            template,
            error: error.filter(|_| status == "failed"),
        };
        engine.publish(vec![whatsapp::status(accounts, lane, &recipient, &status)]).await;
    }
    if error.is_none() {
        answer(engine, send, dice).await;
    }
}

fn whatsapp_recipient(engine: &Engine, id: &str) -> (u64, Recipient) {
    let world = engine.world.lock();
    match world.find(id) {
        Some(person) => {
            let wa_id = person.number_shown.then(|| person.phone.clone());
            (person.place, Recipient { wa_id, user_id: person.bsuid.clone() })
        }
        // A letter and a dot: a business-scoped user id.
        None if id.contains('.') => (0, Recipient { wa_id: None, user_id: Some(id.to_owned()) }),
        None => (0, Recipient { wa_id: Some(id.to_owned()), user_id: None }),
    }
}

async fn after_messenger(engine: &Arc<Engine>, send: &Send, dice: &mut Dice) {
    let accounts = &engine.config.accounts;
    let platform = send.platform;
    let lane = engine.world.lock().find(&send.recipient).map_or(0, |person| person.place);
    engine.pause(dice.between(100, 500)).await;
    engine.publish(vec![echo(accounts, send, lane)]).await;
    if platform == Platform::Messenger {
        engine.pause(dice.between(300, 1_200)).await;
        let (now_ms, mid) = (engine.now_ms(), &send.message_id);
        let event = messenger::delivery(accounts, lane, &send.recipient, mid, send.at_ms, now_ms);
        engine.publish(vec![event]).await;
    }
    engine.pause(dice.between(1_500, 6_000)).await;
    let (now_ms, mid) = (engine.now_ms(), &send.message_id);
    let event = messenger::read(accounts, platform, lane, &send.recipient, mid, send.at_ms, now_ms);
    engine.publish(vec![event]).await;
    answer(engine, send, dice).await;
}

fn echo(accounts: &Accounts, send: &Send, lane: u64) -> Event {
    let mut message = Map::new();
    let sent = send.body.get("message");
    if let Some(text) = sent.and_then(|sent| sent.get("text")) {
        message.insert("text".to_owned(), text.clone());
    }
    if let Some(attachment) = sent.and_then(|sent| sent.get("attachment")) {
        message.insert("attachments".to_owned(), json!([attachment]));
    }
    if let Some(attachments) = sent.and_then(|sent| sent.get("attachments")) {
        message.insert("attachments".to_owned(), attachments.clone());
    }
    let echo = Echo {
        mid: &send.message_id,
        at_ms: send.at_ms,
        message,
        app_id: Some(&accounts.app_id),
        metadata: send.tracking.as_deref(),
    };
    messenger::echo(accounts, send.platform, lane, &send.recipient, echo)
}

/// The customer answers, or not.
async fn answer(engine: &Arc<Engine>, send: &Send, dice: &mut Dice) {
    let answers = dice.chance(engine.behaviour.read().answers);
    let wait = dice.between(2_500, 12_000);
    if !answers {
        return;
    }
    engine.pause(wait).await;
    let at_ms = engine.now_ms();
    let event = {
        let mut world = engine.world.lock();
        let place = world.people.iter().position(|person| person.answers_to(&send.recipient));
        place.and_then(|place| {
            let person = world.people.get(place)?;
            let saying = chosen(&send.body, dice).unwrap_or_else(|| {
                if dice.chance(0.12) {
                    Saying::React { target: send.message_id.clone(), emoji: dice.phrase(&LIKES) }
                } else {
                    Saying::Text(dice.phrase(person.language.answers).to_owned())
                }
            });
            let quotes = matches!(saying, Saying::Tap { .. } | Saying::ListTap { .. }) || dice.chance(0.1);
            let reply_to = (quotes && saying.is_message()).then(|| send.message_id.clone());
            world.says(place, saying, reply_to, at_ms, dice)
        })
    };
    engine.publish(event.into_iter().collect()).await;
}

/// One of the buttons that the message has.
fn chosen(body: &Value, dice: &mut Dice) -> Option<Saying> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    if body.pointer("/interactive/type").and_then(Value::as_str) == Some("request_contact_info") {
        return Some(Saying::OwnContact);
    }
    if let Some(buttons) = body.pointer("/interactive/action/buttons").and_then(Value::as_array) {
        let reply = dice.pick(buttons)?.get("reply")?;
        return Some(Saying::Tap { title: text(reply, "title")?, payload: text(reply, "id")? });
    }
    if let Some(sections) = body.pointer("/interactive/action/sections").and_then(Value::as_array) {
        let row = dice.pick(rows_of(sections).as_slice())?.clone();
        return Some(Saying::ListTap { title: text(&row, "title")?, payload: text(&row, "id")? });
    }
    let replies = body.pointer("/message/quick_replies").and_then(Value::as_array)?;
    let reply = dice.pick(replies)?;
    Some(Saying::Tap { title: text(reply, "title")?, payload: text(reply, "payload")? })
}

fn rows_of(sections: &[Value]) -> Vec<Value> {
    sections.iter().filter_map(|section| section.get("rows")?.as_array()).flatten().cloned().collect()
}

/// Remembers that an agent wrote, so that later lines can point at it and the script leaves the shop's part alone.
fn remember(engine: &Engine, send: &Send) {
    if let Some(person) = engine.world.lock().find_mut(&send.recipient) {
        person.attended = true;
        person.said = Some(Pointer { id: send.message_id.clone(), at_ms: send.at_ms, is_text: true });
    }
}
