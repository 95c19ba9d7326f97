//! Places, contact cards, buttons, lists and stickers: kept as they are shown, sent as the platform has them.

use crate::files::{picture, upload};
use crate::outbox::{Desk, accepted};
use crate::realtime::setup::eventually;
use data_encoding::BASE64;
use serde_json::{Value, json};
use switchboard::channels::ChannelKind;

/// A still picture of one pixel, as WebP in base64.
const WEBP: &str = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";

async fn sent(desk: &Desk, number: usize) -> Value {
    eventually("it is out", async || desk.sent().len() == number).await;
    desk.sent().pop().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatsapp_takes_all_of_them() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    desk.graph(&json!((1..9).map(|n| accepted(&format!("wamid.k{n}"))).collect::<Vec<_>>()));
    let place = json!({ "latitude": 41.01, "longitude": 28.97, "name": "The shop" });
    let (status, message) = desk.post(&json!({ "client_id": "1", "location": place })).await;
    assert_eq!(
        (status, &message["kind"], &message["location"]["name"]),
        (201, &json!("location"), &json!("The shop")),
        "{message}"
    );
    let body = sent(&desk, 1).await;
    assert_eq!((&body["type"], &body["location"]), (&json!("location"), &place));
    let card = json!([{ "name": "Ayşe Yılmaz", "phones": ["+905321112233"] }]);
    let (status, message) = desk.post(&json!({ "client_id": "2", "contacts": card })).await;
    assert_eq!(
        (status, &message["contacts"][0]["name"]["formatted_name"]),
        (201, &json!("Ayşe Yılmaz")),
        "{message}"
    );
    assert_eq!(sent(&desk, 2).await["contacts"][0]["phones"][0]["phone"], "+905321112233");
    let buttons = json!([{ "title": "Yes" }, { "id": "n", "title": "No" }]);
    let (status, message) =
        desk.post(&json!({ "client_id": "3", "text": "Deliver?", "buttons": buttons })).await;
    assert_eq!(
        (status, &message["text"], &message["buttons"][1]["id"]),
        (201, &json!("Deliver?"), &json!("n")),
        "{message}"
    );
    let body = sent(&desk, 3).await;
    assert_eq!((&body["type"], &body["interactive"]["type"]), (&json!("interactive"), &json!("button")));
    assert_eq!(body["interactive"]["body"], json!({ "text": "Deliver?" }));
    let list = json!({ "button": "Choose", "sections": [{ "rows": [{ "title": "Today" }, { "title": "Friday" }] }] });
    let (status, message) = desk.post(&json!({ "client_id": "4", "text": "When?", "list": list })).await;
    assert_eq!((status, &message["list"]["button"]), (201, &json!("Choose")), "{message}");
    assert_eq!(sent(&desk, 4).await["interactive"]["action"]["sections"][0]["rows"][1]["title"], "Friday");
    let webp = upload(&desk.app, "s.webp", "image/webp", &BASE64.decode(WEBP.as_bytes()).unwrap()).await;
    desk.app.graph.answer(&format!("POST /{}/media", desk.account), &json!({ "id": "11" }));
    let (status, message) =
        desk.post(&json!({ "client_id": "5", "attachments": [webp["id"]], "sticker": true })).await;
    assert_eq!((status, &message["kind"]), (201, &json!("sticker")), "{message}");
    assert_eq!(sent(&desk, 5).await["sticker"], json!({ "id": "11" }));
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messenger_has_quick_replies_only() {
    let desk = Desk::start(ChannelKind::Messenger).await;
    desk.graph(&json!({ "recipient_id": "7788", "message_id": "m_k1" }));
    let buttons = json!([{ "title": "Yes" }]);
    let (status, _) = desk.post(&json!({ "client_id": "1", "text": "Deliver?", "buttons": buttons })).await;
    assert_eq!(status, 201);
    let message = &sent(&desk, 1).await["message"];
    let reply = json!([{ "content_type": "text", "title": "Yes", "payload": "Yes" }]);
    assert_eq!((&message["text"], &message["quick_replies"]), (&json!("Deliver?"), &reply));
    let place = json!({ "latitude": 41.01, "longitude": 28.97 });
    let (status, problem) = desk.post(&json!({ "client_id": "2", "location": place })).await;
    assert_eq!((status, &problem["errors"][0]["code"]), (422, &json!("unsupported")));
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_one_thing() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let file = upload(&desk.app, "a.png", "image/png", &picture()).await;
    let place = json!({ "latitude": 41.01, "longitude": 28.97 });
    let buttons = json!([{ "title": "Yes" }]);
    for body in [
        json!({ "location": place, "text": "here" }),
        json!({ "location": place, "buttons": buttons, "text": "x" }),
        json!({ "buttons": buttons }),
        json!({ "buttons": buttons, "text": "x", "attachments": [file["id"]] }),
        json!({ "buttons": buttons, "text": "x", "internal": true }),
        json!({ "location": place, "template": { "id": switchboard::ids::new() } }),
        json!({ "location": { "latitude": 91, "longitude": 0 } }),
        json!({ "buttons": [{ "title": "" }], "text": "x" }),
        json!({ "attachments": [file["id"]], "sticker": true }),
        json!({ "attachments": [file["id"]], "sticker": true, "voice": true }),
    ] {
        let mut body = body;
        body["client_id"] = json!("c");
        let (status, problem) = desk.post(&body).await;
        assert_eq!((status, &problem["code"]), (422, &json!("invalid")), "{body}: {problem}");
    }
    assert_eq!(desk.sent().len(), 0);
    desk.app.end().await;
}
