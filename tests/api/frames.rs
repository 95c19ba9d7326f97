//! The description of the socket's frames says what is really sent, and what is really taken.

use crate::realtime::setup::Client;
use crate::support::{TestApp, address_of, sample};
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use switchboard::frames::{ClientFrame, ServerFrame};

/// Together they make every kind of record, and merge two people with cards.
const SAMPLES: [&str; 9] = [
    "whatsapp/text_tr.json",
    "whatsapp/edit_text.json",
    "whatsapp/order.json",
    "whatsapp/location_pin.json",
    "whatsapp/image_caption.json",
    "whatsapp/text_ctwa_ad_referral.json",
    "whatsapp/system_number_change.json",
    "whatsapp/bsuid_merge.json",
    "messenger/text.json",
];

/// Names of events and signals, else the types of frames, that a session of all this shows.
const SEEN: &str = "activity.updated card.created card.moved card.updated conversation.created conversation.merged \
    conversation.updated customer.created customer.merged customer.updated draft.updated error inbox.counted joined left \
    message.created message.updated notification.created notification.read presence viewing";

/// That the type reads the frame whole: nothing is unknown to it, nothing missing.
fn is_described<T: DeserializeOwned + Serialize>(frame: &Value) {
    let read: T = serde_json::from_value(frame.clone()).unwrap_or_else(|fault| panic!("{fault}: {frame:#}"));
    assert_eq!(&serde_json::to_value(read).unwrap(), frame);
}

async fn open(app: &TestApp, token: &str, rooms: &[String]) -> Client {
    let header = format!("Bearer {token}");
    let mut socket = Client::open(app.app.address, &[("authorization", &header)]).await.unwrap();
    let hello = json!({ "type": "hello", "rooms": rooms, "resume_from": null, "epoch": null });
    is_described::<ClientFrame>(&hello);
    socket.hello(hello).await;
    is_described::<ServerFrame>(&socket.welcome);
    socket
}

/// Reads frames, each of which must be as described, up to one of a type or name.
async fn until(socket: &mut Client, kind: &str, seen: &mut BTreeSet<String>) -> Value {
    loop {
        let frame = socket.next().await;
        is_described::<ServerFrame>(&frame);
        seen.insert(frame["name"].as_str().or(frame["type"].as_str()).unwrap().to_owned());
        if frame["type"] == kind || frame["name"] == kind {
            return frame;
        }
    }
}

async fn say(socket: &mut Client, frame: Value) {
    is_described::<ClientFrame>(&frame);
    socket.send(frame).await;
}

/// Changes of colleagues: a conversation, a card that moves, an activity. In the order of the events.
async fn colleagues_work(app: &TestApp, conversation: &str, customer: &str, board: &Value) {
    let details = app.fetch(&format!("/customers/{customer}/details")).await;
    let (card, activity) = (&details["cards"][0], &details["activities"][0]);
    let moved = json!({ "column_id": board["columns"][1]["id"], "version": card["version"] });
    for (path, body) in [
        (format!("/conversations/{conversation}"), json!({ "priority": "high" })),
        (format!("/cards/{}", card["id"].as_str().unwrap()), moved),
        (format!("/activities/{}", activity["id"].as_str().unwrap()), json!({ "status": "done" })),
    ] {
        let (status, answer) = app.call(Method::PATCH, &path, Some(body)).await;
        assert_eq!(status, 200, "{path}: {answer}");
    }
    // Named by somebody else; then read.
    let (_, token) = crate::records::user_of(app, app.tenant.id(), "agent").await;
    let (_, me) = app.call(Method::GET, "/auth/me", None).await;
    let note = json!({ "client_id": "n", "text": "@Ada", "internal": true, "mentions": [me["id"]] });
    let address = format!("{}/api/v1/conversations/{conversation}/messages", app.base);
    let answer = app.http.post(address).bearer_auth(&token).json(&note).send().await.unwrap();
    assert_eq!(answer.status(), 201, "{:?}", answer.text().await);
    assert_eq!(app.call(Method::POST, "/notifications/read", Some(json!({ "all": true }))).await.0, 204);
    let draft = format!("/conversations/{conversation}/drafts/note");
    assert_eq!(app.call(Method::PUT, &draft, Some(json!({ "text": "Call her" }))).await.0, 200);
    assert_eq!(app.call(Method::DELETE, &draft, None).await.0, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_frame_of_a_session_is_as_described() {
    let app = TestApp::start().await;
    let board = &app.fetch("/boards").await["items"][0];
    let rooms = ["inbox".to_owned(), format!("board:{}", board["id"].as_str().unwrap())];
    let mut socket = open(&app, &app.token, &rooms).await;
    for path in SAMPLES {
        assert_eq!(app.deliver(address_of(path), &sample(path)).await, 200, "{path}");
        app.settle().await;
    }
    let conversation = &app.fetch("/conversations?status=all").await["items"][0];
    let (id, customer) =
        (conversation["id"].as_str().unwrap(), conversation["customer"]["id"].as_str().unwrap());
    let room = format!("conversation:{id}");
    for room in [&room, &format!("customer:{customer}")] {
        say(&mut socket, json!({ "type": "join", "room": room, "ref": 7 })).await;
    }
    colleagues_work(&app, id, customer, board).await;
    let mut seen = BTreeSet::new();
    let (_, token) = crate::records::user_of(&app, app.tenant.id(), "agent").await;
    let mut other = open(&app, &token, std::slice::from_ref(&room)).await;
    say(&mut other, json!({ "type": "signal", "room": room, "name": "viewing", "data": null, "ref": null }))
        .await;
    until(&mut socket, "signal", &mut seen).await;
    say(&mut socket, json!({ "type": "leave", "room": room, "ref": "a text" })).await;
    until(&mut socket, "left", &mut seen).await;
    say(&mut socket, json!({ "type": "join", "room": "board:none", "ref": null })).await;
    until(&mut socket, "error", &mut seen).await;
    if !seen.contains("inbox.counted") {
        // Counts are taken a moment after what they count.
        until(&mut socket, "inbox.counted", &mut seen).await;
    }
    let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
    assert_eq!(seen.join(" "), SEEN);
    // They need 20 quiet seconds, and two cards of one person.
    is_described::<ServerFrame>(&json!({ "type": "beat", "seq": 2, "prev": 1 }));
    is_described::<ServerFrame>(&json!({
        "type": "event", "seq": 2, "prev": 1, "rooms": [], "at": "2026-11-21T10:19:04.061255Z",
        "name": "card.deleted", "data": { "id": id },
    }));
    app.end().await;
}
