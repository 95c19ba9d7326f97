//! What is told to the customer beside messages, and conversations that the business begins.

use crate::outbox::{Desk, PERSON, accepted, refused};
use crate::realtime::setup::eventually;
use reqwest::Method;
use serde_json::{Value, json};
use switchboard::channels::ChannelKind;
use switchboard::ids;

async fn first_message(desk: &Desk) -> Value {
    let list = desk.app.fetch(&format!("/conversations/{}/messages", desk.conversation)).await;
    list["items"].as_array().unwrap().last().unwrap().clone()
}

async fn react(desk: &Desk, message: &Value, emoji: &str) -> (u16, Value) {
    let path = format!("/messages/{}/reaction", message["id"].as_str().unwrap());
    desk.app.call(Method::PUT, &path, Some(json!({ "emoji": emoji }))).await
}

async fn reactions_become(desk: &Desk, wanted: Value) {
    eventually("the reactions", async || first_message(desk).await["reactions"] == wanted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_goes_out_and_its_refusal_shows() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let message = first_message(&desk).await;
    desk.graph(&json!([{ "_status": 500 }, accepted("wamid.r1")]));
    let (status, shown) = react(&desk, &message, "👍").await;
    assert_eq!((status, &shown["reactions"][0]["state"]), (200, &json!("sending")), "{shown}");
    reactions_become(&desk, json!([{ "emoji": "👍", "by": "agent" }])).await;
    let sent = desk.sent();
    assert_eq!(sent.len(), 2, "a lost answer is asked for again");
    assert_eq!(sent[1]["reaction"], json!({ "message_id": message["external_id"], "emoji": "👍" }));
    assert_eq!(sent[1]["to"], PERSON);
    assert_eq!(react(&desk, &message, "👍").await.0, 200);
    desk.app.settle().await;
    assert_eq!(desk.sent().len(), 2, "it stands already");
    desk.graph(&refused(400, 131_047));
    assert_eq!(react(&desk, &message, "❤️").await.0, 200);
    reactions_become(&desk, json!([{ "emoji": "❤️", "by": "agent", "state": "failed" }])).await;
    desk.graph(&accepted("wamid.r2"));
    let path = format!("/messages/{}/reaction", message["id"].as_str().unwrap());
    assert_eq!(desk.app.call(Method::DELETE, &path, None).await.0, 204);
    reactions_become(&desk, json!([])).await;
    eventually("it is taken back", async || desk.sent().last().unwrap()["reaction"]["emoji"] == "").await;
    for (emoji, code) in [("", "invalid"), ("ok", "invalid"), ("👍👍 ", "invalid")] {
        let (status, problem) = react(&desk, &message, emoji).await;
        assert_eq!((status, &problem["errors"][0]["code"]), (422, &json!(code)), "{emoji}");
    }
    let note = json!({ "client_id": "n", "text": "x", "internal": true });
    let (_, note) = desk.post(&note).await;
    assert_eq!(react(&desk, &note, "👍").await.0, 404, "a note is not at the platform");
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messenger_is_told_by_its_own_words() {
    let desk = Desk::start(ChannelKind::Messenger).await;
    let message = first_message(&desk).await;
    desk.graph(&json!({ "recipient_id": "7788" }));
    assert_eq!(react(&desk, &message, "❤️").await.0, 200);
    reactions_become(&desk, json!([{ "emoji": "❤️", "by": "agent" }])).await;
    let payload = json!({ "message_id": message["external_id"], "reaction": "love" });
    assert_eq!(
        desk.sent()[0],
        json!({ "recipient": { "id": "7788" }, "sender_action": "react", "payload": payload })
    );
    let (status, problem) = react(&desk, &message, "🦀").await;
    assert_eq!((status, &problem["errors"][0]["code"]), (422, &json!("unsupported")));
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_and_reading_are_told_while_the_window_is_open() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    desk.graph(&json!({ "success": true }));
    let message = first_message(&desk).await;
    let typing = format!("/conversations/{}/typing", desk.conversation);
    for _ in 0..3 {
        assert_eq!(desk.app.call(Method::POST, &typing, None).await.0, 204);
    }
    eventually("typing is told", async || !desk.sent().is_empty()).await;
    assert_eq!(desk.sent()[0]["typing_indicator"], json!({ "type": "text" }));
    let read = format!("/conversations/{}/read", desk.conversation);
    let body = json!({ "message_id": message["id"] });
    assert_eq!(desk.app.call(Method::POST, &read, Some(body)).await.0, 204);
    eventually("reading is told", async || desk.sent().len() == 2).await;
    let told =
        json!({ "messaging_product": "whatsapp", "status": "read", "message_id": message["external_id"] });
    assert_eq!(desk.sent()[1], told, "typing was told once");
    desk.app.settle().await;
    let late = format!(
        "update conversation set last_inbound_at = now() - interval '25 hours' where id = '{}'",
        desk.conversation
    );
    desk.app.database.owner().batch_execute(&late).await.unwrap();
    desk.hears(ChannelKind::Whatsapp, 26).await;
    desk.app.database.owner().batch_execute(&late).await.unwrap();
    assert_eq!(desk.app.call(Method::POST, &typing, None).await.0, 204);
    desk.app.settle().await;
    assert_eq!(desk.sent().len(), 2, "outside of the window nothing is");
    let other = format!("/conversations/{}/typing", ids::new());
    assert_eq!(desk.app.call(Method::POST, &other, None).await.0, 404);
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_business_writes_first_within_the_rules() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    desk.graph(&accepted("wamid.f1"));
    let shown = desk.app.fetch(&format!("/conversations/{}", desk.conversation)).await;
    let channel = shown["channel"]["id"].clone();
    let begin = async |recipient: &str, message: Value| {
        let body = json!({ "channel_id": channel, "recipient": recipient, "message": message });
        desk.app.call(Method::POST, "/conversations", Some(body)).await
    };
    let text = |id: &str| json!({ "client_id": id, "text": "Your sofa is here" });
    // Who wrote within a day may be answered: it is the conversation that there is.
    let (status, conversation) = begin("0532 111 22 33", text("c1")).await;
    assert_eq!((status, &conversation["id"]), (201, &json!(desk.conversation)), "{conversation}");
    let count = "select count(*) from customer where tenant_id = $1";
    assert_eq!(desk.app.count(count).await, 1);
    // Whoever never wrote takes templates only; nothing is made for what can't be sent.
    let (status, problem) = begin("+49 151 12345678", text("c2")).await;
    assert_eq!((status, &problem["errors"][0]["code"]), (422, &json!("outside_window")), "{problem}");
    assert_eq!(desk.app.count(count).await, 1);
    let anyway = json!({ "client_id": "c3", "text": "Hello", "override_window": true });
    for _ in 0..2 {
        let (status, new) = begin("+49 151 12345678", anyway.clone()).await;
        assert_eq!((status, &new["customer"]["phone"]), (201, &json!("+4915112345678")), "{new}");
        assert_eq!((&new["customer"]["name"], &new["unread_count"]), (&json!("+4915112345678"), &json!(0)));
    }
    assert_eq!(desk.app.count(count).await, 2, "once, however often it is asked for");
    eventually("both are out", async || desk.sent().len() == 2).await;
    assert_eq!(desk.sent()[1]["to"], "4915112345678");
    for (recipient, code) in [("nobody", "invalid"), ("", "invalid"), ("12", "invalid")] {
        let (status, problem) = begin(recipient, anyway.clone()).await;
        assert_eq!((status, &problem["errors"][0]["code"]), (422, &json!(code)), "{recipient}");
    }
    let strange = json!({ "channel_id": ids::new(), "recipient": "+4915112345678", "message": anyway });
    let (status, problem) = desk.app.call(Method::POST, "/conversations", Some(strange)).await;
    assert_eq!((status, &problem["errors"][0]["code"]), (422, &json!("unknown")));
    desk.app.end().await;
}
