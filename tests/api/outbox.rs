//! What a colleague writes gets to the platform once, and everybody sees what became of it.

use crate::realtime::setup::eventually;
use crate::support::{Setup, TestApp, sample_channels};
use reqwest::Method;
use serde_json::{Value, json};
use switchboard::channels::ChannelKind;
use switchboard::clock;

pub(crate) const PERSON: &str = "905321112233";

/// A server where somebody has just written on a channel, and what the platform calls the account.
pub(crate) struct Desk {
    pub(crate) app: TestApp,
    pub(crate) account: String,
    pub(crate) conversation: String,
}

impl Desk {
    pub(crate) async fn start(kind: ChannelKind) -> Self {
        let settings = vec![("WHATSAPP_ACCESS_TOKEN", "test-whatsapp-token".to_owned())];
        let app = TestApp::with(Setup { settings, ..Setup::default() }).await;
        let account = sample_channels().into_iter().find(|channel| channel.kind == kind).unwrap().account_id;
        let mut desk = Self { app, account, conversation: String::new() };
        desk.hears(kind, 0).await;
        let list = desk.app.fetch("/conversations").await;
        list["items"][0]["id"].as_str().unwrap().clone_into(&mut desk.conversation);
        desk
    }

    /// The customer writes; so many hours ago.
    pub(crate) async fn hears(&self, kind: ChannelKind, hours: i64) {
        let at = clock::now().timestamp() - hours * 3600;
        let (platform, body) = match kind {
            ChannelKind::Whatsapp => (
                "whatsapp",
                self.change(&json!({
                    "contacts": [{ "profile": { "name": "Ayşe" }, "wa_id": PERSON }],
                    "messages": [{ "from": PERSON, "id": format!("wamid.in.{at}"), "timestamp": at.to_string(),
                                   "type": "text", "text": { "body": "Is it still there?" } }],
                })),
            ),
            _ => (
                "meta",
                json!({ "object": "page", "entry": [{ "id": self.account, "time": at * 1000, "messaging": [{
                    "sender": { "id": "7788" }, "recipient": { "id": self.account }, "timestamp": at * 1000,
                    "message": { "mid": format!("m_in.{at}"), "text": "Is it still there?" } }] }] }),
            ),
        };
        self.deliver(platform, &body).await;
    }

    pub(crate) fn change(&self, value: &Value) -> Value {
        let mut value = value.clone();
        value["messaging_product"] = json!("whatsapp");
        value["metadata"] =
            json!({ "display_phone_number": "908502223344", "phone_number_id": self.account });
        json!({ "object": "whatsapp_business_account",
                "entry": [{ "id": "329471260257418", "changes": [{ "field": "messages", "value": value }] }] })
    }

    pub(crate) async fn deliver(&self, platform: &str, body: &Value) {
        assert_eq!(self.app.deliver(platform, body.to_string().as_bytes()).await, 200);
        self.app.settle().await;
    }

    /// What WhatsApp tells of a message of ours.
    async fn status(&self, external_id: &str, status: &str, tracking: &str) {
        let at = clock::now().timestamp().to_string();
        let body = self.change(&json!({ "statuses": [{ "id": external_id, "status": status, "timestamp": at,
            "recipient_id": PERSON, "biz_opaque_callback_data": tracking }] }));
        self.deliver("whatsapp", &body).await;
    }

    pub(crate) fn graph(&self, answer: &Value) {
        self.app.graph.answer(&format!("POST /{}/messages", self.account), answer);
    }

    pub(crate) async fn post(&self, body: &Value) -> (u16, Value) {
        let path = format!("/conversations/{}/messages", self.conversation);
        self.app.call(Method::POST, &path, Some(body.clone())).await
    }

    async fn say(&self, text: &str) -> Value {
        let (status, message) = self.post(&json!({ "client_id": text, "text": text })).await;
        assert_eq!((status, &message["status"]), (201, &json!("queued")), "{message}");
        message
    }

    pub(crate) async fn shown(&self, message: &Value) -> Value {
        let list = self.app.fetch(&format!("/conversations/{}/messages", self.conversation)).await;
        let items = list["items"].as_array().unwrap();
        items.iter().find(|item| item["id"] == message["id"]).unwrap().clone()
    }

    pub(crate) async fn becomes(&self, message: &Value, status: &str) -> Value {
        eventually(status, async || self.shown(message).await["status"] == status).await;
        self.shown(message).await
    }

    pub(crate) async fn retry(&self, message: &Value, sure: bool) -> (u16, Value) {
        let path = format!("/messages/{}/retry", message["id"].as_str().unwrap());
        self.app.call(Method::POST, &path, Some(json!({ "sure": sure }))).await
    }

    /// Sends so far.
    pub(crate) fn sent(&self) -> Vec<Value> {
        self.app.graph.bodies()
    }
}

pub(crate) fn accepted(id: &str) -> Value {
    json!({ "messaging_product": "whatsapp", "messages": [{ "id": id }] })
}

pub(crate) fn refused(status: u16, code: i64) -> Value {
    json!({ "_status": status, "error": { "message": "no", "code": code, "fbtrace_id": "T" } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_goes_out_once_and_shows_what_becomes_of_it() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    desk.graph(&accepted("wamid.out.1"));
    let message = desk.say("Yes, until Saturday").await;
    assert_eq!((&message["direction"], &message["external_id"]), (&json!("out"), &Value::Null));
    assert_eq!(message["author"]["name"], "admin");
    let sent = desk.becomes(&message, "sent").await;
    assert_eq!(sent["external_id"], "wamid.out.1");
    let [call] = &desk.sent()[..] else { panic!("one call") };
    assert_eq!((&call["to"], &call["text"]["body"]), (&json!(PERSON), &json!("Yes, until Saturday")));
    let (status, again) =
        desk.post(&json!({ "client_id": "Yes, until Saturday", "text": "Yes, until Saturday" })).await;
    assert_eq!((status, &again["id"]), (200, &message["id"]));
    let tracking = call["biz_opaque_callback_data"].as_str().unwrap();
    for status in ["read", "sent", "delivered"] {
        desk.status("wamid.out.1", status, tracking).await;
    }
    assert_eq!(desk.shown(&message).await["status"], "read", "it never goes back");
    let conversation = desk.app.fetch(&format!("/conversations/{}", desk.conversation)).await;
    assert_eq!(
        (&conversation["unread_count"], &conversation["last_message"]["id"]),
        (&json!(0), &message["id"])
    );
    assert_eq!(conversation["sending"]["mode"], "free");
    assert_eq!(desk.sent().len(), 1);
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_a_conversation_go_out_in_order() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let answers: Vec<Value> = (0..9).map(|n| accepted(&format!("wamid.out.{n}"))).collect();
    // The first is refused for a moment: the others wait for it.
    desk.graph(&Value::Array([vec![refused(429, 130_429)], answers].concat()));
    let mut all = Vec::new();
    for n in 0..8 {
        all.push(desk.say(&format!("line {n}")).await);
    }
    for message in &all {
        desk.becomes(message, "sent").await;
    }
    let texts: Vec<String> =
        desk.sent().iter().map(|call| call["text"]["body"].as_str().unwrap().to_owned()).collect();
    let wanted: Vec<String> = std::iter::once(0).chain(0..8).map(|n| format!("line {n}")).collect();
    assert_eq!(texts, wanted);
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_never_repeated_by_itself() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    desk.graph(&refused(500, 2));
    let message = desk.say("Are you coming?").await;
    let lost = desk.becomes(&message, "uncertain").await;
    assert_eq!(lost["error"]["title"], "It is not known whether this arrived.");
    let (status, problem) = desk.retry(&message, false).await;
    assert_eq!((status, &problem["code"]), (409, &json!("uncertain")));
    // It had arrived: a status tells.
    let tracking = desk.sent()[0]["biz_opaque_callback_data"].as_str().unwrap().to_owned();
    desk.status("wamid.lost", "delivered", &tracking).await;
    let found = desk.shown(&message).await;
    assert_eq!(
        (&found["status"], &found["external_id"], &found["error"]),
        (&json!("delivered"), &json!("wamid.lost"), &Value::Null)
    );
    let (status, problem) = desk.retry(&message, true).await;
    assert_eq!((status, &problem["code"]), (409, &json!("already_sent")));
    assert_eq!(desk.sent().len(), 1);
    // Another one is sent again by a person; what the first attempt's status tells then is not the second one's.
    let second = desk.say("Hello?").await;
    desk.becomes(&second, "uncertain").await;
    let first_try = desk.sent()[1]["biz_opaque_callback_data"].as_str().unwrap().to_owned();
    desk.graph(&accepted("wamid.again"));
    assert_eq!(desk.retry(&second, true).await.0, 200);
    assert_eq!(desk.becomes(&second, "sent").await["external_id"], "wamid.again");
    desk.status("wamid.first", "failed", &first_try).await;
    assert_eq!(desk.shown(&second).await["status"], "sent");
    assert_eq!(desk.sent().len(), 3);
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_finds_the_message_whose_answer_was_lost() {
    let desk = Desk::start(ChannelKind::Messenger).await;
    desk.graph(&json!({ "_status": 502, "_": "" }));
    let message = desk.say("Yes").await;
    desk.becomes(&message, "uncertain").await;
    let metadata = desk.sent()[0]["message"]["metadata"].clone();
    assert!(metadata.is_string());
    let at = clock::now().timestamp_millis();
    let body = json!({ "object": "page", "entry": [{ "id": desk.account, "time": at, "messaging": [{
        "sender": { "id": desk.account }, "recipient": { "id": "7788" }, "timestamp": at,
        "message": { "mid": "m_echo", "text": "Yes", "is_echo": true, "metadata": metadata } }] }] });
    desk.deliver("meta", &body).await;
    let found = desk.shown(&message).await;
    assert_eq!((&found["status"], &found["external_id"]), (&json!("sent"), &json!("m_echo")));
    let list = desk.app.fetch(&format!("/conversations/{}/messages", desk.conversation)).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 2, "the question and one answer");
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_why_and_can_be_tried_again() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    desk.graph(&json!([refused(400, 131_026), accepted("wamid.second")]));
    let message = desk.say("Hello").await;
    let failed = desk.becomes(&message, "failed").await;
    assert_eq!(failed["error"]["code"], 131_026);
    assert_eq!(
        failed["error"]["title"],
        "This person can't be reached: not on WhatsApp, or with an old app."
    );
    assert_eq!(desk.retry(&message, false).await.0, 200);
    let sent = desk.becomes(&message, "sent").await;
    assert_eq!((&sent["external_id"], &sent["error"]), (&json!("wamid.second"), &Value::Null));
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_token_stops_the_channel_once_and_keeps_the_queue() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    desk.graph(&refused(401, 190));
    let first = desk.say("one").await;
    desk.becomes(&first, "held").await;
    let second = desk.say("two").await;
    let held = desk.becomes(&second, "held").await;
    assert_eq!(held["error"]["code"], 190);
    assert_eq!(desk.sent().len(), 1, "the platform was asked once");
    let channels = desk.app.fetch("/channels").await;
    let channel = channels["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["account_id"] == desk.account.as_str())
        .unwrap();
    assert_eq!(channel["health"], "stopped");
    assert!(channel["health_reason"].as_str().unwrap().contains("access token"));
    desk.hears(ChannelKind::Whatsapp, 0).await;
    // The token is renewed: as if another one had been refused.
    let owner = desk.app.database.owner();
    owner.batch_execute("update channel set stopped = stopped || '{\"token\": \"other\"}' where stopped is not null; update job set run_at = now() where kind = 'send'").await.unwrap();
    desk.graph(&json!([accepted("wamid.1"), accepted("wamid.2")]));
    desk.becomes(&first, "sent").await;
    desk.becomes(&second, "sent").await;
    let texts: Vec<Value> = desk.sent().iter().map(|call| call["text"]["body"].clone()).collect();
    assert_eq!(texts, ["one", "one", "two"]);
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_the_window_only_what_is_overridden_goes_out() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let owner = desk.app.database.owner();
    owner
        .batch_execute("update conversation set last_inbound_at = now() - interval '25 hours'")
        .await
        .unwrap();
    let (status, problem) = desk.post(&json!({ "client_id": "a", "text": "Hello" })).await;
    assert_eq!(
        (status, &problem["code"], &problem["alternatives"]),
        (422, &json!("outside_window"), &json!(["template", "override"]))
    );
    assert_eq!(
        desk.app.fetch(&format!("/conversations/{}", desk.conversation)).await["sending"]["mode"],
        "template"
    );
    desk.graph(&refused(400, 131_047));
    let (status, message) =
        desk.post(&json!({ "client_id": "a", "text": "Hello", "override_window": true })).await;
    assert_eq!(status, 201);
    assert_eq!(desk.becomes(&message, "failed").await["error"]["code"], 131_047);
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_stay_inside_and_are_deleted_by_who_wrote_them() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let (status, note) =
        desk.post(&json!({ "client_id": "n", "text": "Call her at six", "internal": true })).await;
    assert_eq!((status, &note["direction"], &note["status"]), (201, &json!("internal"), &Value::Null));
    desk.app.settle().await;
    assert!(desk.sent().is_empty());
    assert_eq!(desk.app.number("select count(*) from job where kind = 'send'").await, 0);
    let path = format!("/messages/{}", note["id"].as_str().unwrap());
    assert_eq!(desk.app.call(Method::DELETE, &path, None).await.0, 204);
    let gone = desk.shown(&note).await;
    assert!(gone["text"].is_null() && gone["deleted_at"].is_string());
    assert_eq!(desk.retry(&note, true).await.0, 404);
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_message_waits_and_can_be_taken_back() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    desk.graph(&json!([accepted("wamid.later"), accepted("wamid.after.all")]));
    let at = |ms| clock::now() + chrono::TimeDelta::milliseconds(ms);
    let (status, never) =
        desk.post(&json!({ "client_id": "1", "text": "never", "send_at": at(60_000) })).await;
    assert_eq!((status, never["send_at"].is_string()), (201, true));
    let due = at(1_500);
    let (_, later) = desk.post(&json!({ "client_id": "2", "text": "later", "send_at": due })).await;
    let path = format!("/messages/{}", never["id"].as_str().unwrap());
    assert_eq!(desk.app.call(Method::DELETE, &path, None).await.0, 204);
    assert!(desk.shown(&never).await["deleted_at"].is_string());
    desk.becomes(&later, "sent").await;
    assert!(clock::now() >= due, "not before its time");
    assert_eq!(desk.sent().len(), 1);
    let path = format!("/messages/{}", later["id"].as_str().unwrap());
    assert_eq!(desk.app.call(Method::DELETE, &path, None).await.1["code"], "already_sent");
    assert_eq!(desk.retry(&never, false).await.0, 200, "after all");
    assert_eq!(desk.becomes(&never, "sent").await["text"], "never");
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_seen_a_colleagues_reply_is_asked_first() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    desk.graph(&Value::Array((0..9).map(|n| accepted(&format!("wamid.{n}"))).collect()));
    let list = desk.app.fetch(&format!("/conversations/{}/messages", desk.conversation)).await;
    let question = list["items"][0]["id"].clone();
    let reply = desk.say("Yes").await;
    let with_seen =
        |id: &str, seen: &Value| json!({ "client_id": id, "text": "Hello", "seen_message_id": seen });
    let (status, second) = desk.post(&with_seen("a", &question)).await;
    assert_eq!(status, 201, "one's own reply is no news");
    // On their way they still change their places.
    desk.becomes(&reply, "sent").await;
    desk.becomes(&second, "sent").await;
    let owner = desk.app.database.owner();
    owner.batch_execute("update message set author_user_id = null where direction = 'out'").await.unwrap();
    let (status, problem) = desk.post(&with_seen("b", &question)).await;
    assert_eq!((status, &problem["code"]), (409, &json!("newer_reply")));
    assert_eq!(problem["current"]["direction"], "out");
    assert_eq!(desk.post(&with_seen("b", &problem["current"]["id"])).await.0, 201);
    assert_eq!(desk.post(&json!({ "client_id": "c", "text": "x", "reply_to": question })).await.0, 201);
    let unknown = json!({ "client_id": "d", "text": "x", "reply_to": reply["conversation_id"] });
    assert_eq!(desk.post(&unknown).await.1["errors"][0]["code"], "unknown");
    desk.app.end().await;
}
