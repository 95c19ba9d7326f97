//! Colleagues who are named in a note are told once, see no more than they may, and can't be flooded.

use crate::crm::{Crm, Seen, User, ago, ids_of};
use crate::operations::Answer;
use crate::records::{Records, user_of};
use crate::support::{Setup, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use switchboard::ids;
use uuid::Uuid;

/// A conversation of somebody, and the ways to write notes in it.
struct Desk {
    crm: Crm,
    conversation: Uuid,
}

impl Desk {
    async fn start() -> Self {
        let crm = Crm::start().await;
        let customer = crm.a.customer(&crm.db, "Ayşe", None).await;
        let conversation = crm.a.conversation(&crm.db, customer, ago(1)).await;
        Self { crm, conversation }
    }

    /// A note of Ada's, the administrator.
    async fn note(&self, client_id: &str, text: &str, mentions: &[Uuid]) -> (u16, Value) {
        let body = json!({ "client_id": client_id, "text": text, "internal": true, "mentions": mentions });
        self.post(body).await
    }

    async fn post(&self, body: Value) -> (u16, Value) {
        let path = format!("/conversations/{}/messages", self.conversation);
        let answer = self.crm.post(&self.crm.a.admin, &path, body).await;
        (answer.status, answer.body)
    }

    /// The notifications of a user: items, and how many are unread.
    async fn told(&self, user: &User) -> (Vec<Value>, i64) {
        let answer = self.crm.get(user, "/notifications").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.seq.is_some());
        (answer.body["items"].as_array().unwrap().clone(), answer.body["unread_count"].as_i64().unwrap())
    }

    async fn read(&self, user: &User, body: Value) -> u16 {
        self.crm.post(user, "/notifications/read", body).await.status
    }

    async fn events(&self, name: &str) -> Vec<Seen> {
        let events = self.crm.events(&self.crm.a, 0).await;
        events.into_iter().filter(|event| event.name == name).collect()
    }
}

/// Field and code of a 422.
fn refusal((status, body): (u16, Value)) -> (u16, String) {
    let error = &body["errors"][0];
    (status, format!("{} {}", error["field"].as_str().unwrap(), error["code"].as_str().unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_named_is_told_once_and_nobody_of_themselves() {
    let desk = Desk::start().await;
    let (ada, ali) = (&desk.crm.a.admin, &desk.crm.a.agent);
    let (status, note) = desk.note("n1", "@Ali look\n at this, @Ada too", &[ali.id, ada.id]).await;
    assert_eq!(status, 201, "{note}");
    let named = json!([{ "id": ali.id, "name": "Ali" }, { "id": ada.id, "name": "Ada" }]);
    assert_eq!(note["mentions"], named, "in the order they were named");
    let (again, same) = desk.note("n1", "@Ali look\n at this, @Ada too", &[ali.id, ada.id]).await;
    assert_eq!((again, &same["id"]), (200, &note["id"]));

    let (items, unread) = desk.told(ali).await;
    assert_eq!((items.len(), unread), (1, 1), "the same client_id again tells nobody");
    let item = &items[0];
    let shown = json!({
        "id": item["id"], "kind": "mention", "created_at": item["created_at"], "read_at": null,
        "conversation": { "id": desk.conversation, "customer": { "id": item["conversation"]["customer"]["id"], "name": "Ayşe" } },
        "message": { "id": note["id"], "excerpt": "@Ali look at this, @Ada too" },
        "actor": { "id": ada.id, "name": "Ada" },
    });
    assert_eq!(item, &shown);
    assert_eq!(desk.told(ada).await, (vec![], 0), "nobody is told of themselves");
    assert_eq!(desk.told(&desk.crm.b.admin).await, (vec![], 0));

    let created = desk.events("notification.created").await;
    assert_eq!(created.len(), 1);
    assert_eq!(created[0].rooms, [format!("user:{}", ali.id)]);
    assert_eq!(created[0].data, json!({ "notification": shown }));
    let written = desk.events("message.created").await;
    assert_eq!(written[0].data["message"]["mentions"], named);
    let (_, plain) = desk.note("n2", "nobody", &[]).await;
    assert_eq!(plain["mentions"], json!([]));
    desk.crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_colleagues_are_named_and_only_in_notes() {
    let desk = Desk::start().await;
    let ali = desk.crm.a.agent.id;
    let twice = desk.note("n", "x", &[ali, ali]).await;
    assert_eq!(refusal(twice), (422, "mentions length".to_owned()));
    let many: Vec<Uuid> = (0..21).map(|_| ids::new()).collect();
    assert_eq!(refusal(desk.note("n", "x", &many).await), (422, "mentions length".to_owned()));
    assert_eq!(refusal(desk.note("n", "x", &many[..20]).await), (422, "mentions unknown".to_owned()));
    let foreign = desk.note("n", "x", &[ali, desk.crm.b.agent.id]).await;
    assert_eq!(refusal(foreign), (422, "mentions unknown".to_owned()));
    let reply = desk.post(json!({ "client_id": "n", "text": "x", "mentions": [ali] })).await;
    assert_eq!(refusal(reply), (422, "mentions invalid".to_owned()));
    let channel = desk.crm.a.whatsapp;
    let message = json!({ "client_id": "n", "text": "x", "mentions": [ali] });
    let first = json!({ "channel_id": channel, "recipient": "+4915112345678", "message": message });
    let first = desk.crm.post(&desk.crm.a.admin, "/conversations", first).await;
    assert_eq!(refusal((first.status, first.body)), (422, "mentions invalid".to_owned()));
    desk.crm
        .a
        .run(&desk.crm.db, &format!("update app_user set disabled_at = now() where id = '{ali}'"))
        .await;
    assert_eq!(refusal(desk.note("n", "x", &[ali]).await), (422, "mentions unknown".to_owned()));
    assert_eq!(desk.crm.a.number(&desk.crm.db, "select count(*) as value from message").await, 0);
    assert_eq!(desk.crm.a.number(&desk.crm.db, "select count(*) as value from notification").await, 0);
    assert_eq!(desk.events("notification.created").await.len(), 0);
    desk.crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_is_told_to_ones_own_devices_only_as_far_as_it_changed_something() {
    let desk = Desk::start().await;
    let (ada, ali) = (&desk.crm.a.admin, &desk.crm.a.agent);
    for n in 0..5 {
        assert_eq!(desk.note(&format!("n{n}"), &format!("Note {n}"), &[ali.id]).await.0, 201);
    }
    let items = desk.crm.pages(ali, "/notifications", 2).await;
    let excerpts: Vec<&Value> = items.iter().map(|item| &item["message"]["excerpt"]).collect();
    assert_eq!(excerpts, ["Note 4", "Note 3", "Note 2", "Note 1", "Note 0"]);
    let ids = ids_of(&items);
    assert_eq!(desk.read(ada, json!({ "ids": ids })).await, 204, "what is not one's own stays");
    assert_eq!(desk.read(ada, json!({ "all": true })).await, 204);
    assert_eq!(desk.read(ali, json!({ "ids": [ids[1], ids::new()] })).await, 204);
    assert_eq!(desk.read(ali, json!({ "ids": [ids[1]] })).await, 204, "once more");
    assert_eq!(desk.told(ali).await.1, 4);
    let unread = desk.crm.pages(ali, "/notifications?unread_only=true", 3).await;
    assert_eq!(ids_of(&unread), [ids[0], ids[2], ids[3], ids[4]]);
    assert_eq!(desk.read(ali, json!({ "all": true })).await, 204);
    let (items, count) = desk.told(ali).await;
    assert!(count == 0 && items.iter().all(|item| item["read_at"].is_string()));
    for body in [json!({}), json!({ "ids": [], "all": true }), json!({ "ids": vec![ids[0]; 201] })] {
        assert_eq!(desk.read(ali, body).await, 422);
    }
    let events = desk.events("notification.read").await;
    assert!(events.iter().all(|event| event.rooms == [format!("user:{}", ali.id)]));
    let mut changed: Vec<Vec<Uuid>> =
        events.iter().map(|event| serde_json::from_value(event.data["ids"].clone()).unwrap()).collect();
    changed.iter_mut().for_each(|ids| ids.sort());
    assert_eq!(changed, [vec![ids[1]], vec![ids[4], ids[3], ids[2], ids[0]]]);
    desk.crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_note_shows_nothing_any_more() {
    let desk = Desk::start().await;
    let (ada, ali) = (&desk.crm.a.admin, &desk.crm.a.agent);
    let before = desk.crm.seq(&desk.crm.a).await;
    let (_, note) = desk.note("n", "a secret", &[ali.id]).await;
    let path = format!("/messages/{}", note["id"].as_str().unwrap());
    assert_eq!(desk.crm.send(Method::DELETE, ada, &path, None, None).await.status, 204);
    let (items, unread) = desk.told(ali).await;
    assert_eq!((items.len(), unread), (1, 1), "that there was something is still told");
    assert_eq!(items[0]["message"], json!({ "id": note["id"], "excerpt": null }));
    let list = desk.crm.get(ali, &format!("/conversations/{}/messages", desk.conversation)).await;
    assert_eq!(list.body["items"][0]["mentions"], json!([]));
    // A page of the log in which no other event names the message.
    let page = switchboard::log::since(&desk.crm.db, desk.crm.a.tenant, before + 1, 1).await.unwrap().1;
    assert_eq!(page[0].name, "notification.created");
    let data: Value = serde_json::from_str(&page[0].data).unwrap();
    assert_eq!(data["notification"]["message"]["excerpt"], Value::Null, "nor does the log");
    let events = desk.crm.events(&desk.crm.a, 0).await;
    assert!(events.iter().all(|event| !event.data.to_string().contains("a secret")));
    assert_eq!(desk.events("message.created").await[0].data["message"]["mentions"], json!([]));
    desk.crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_leads_to_the_conversation_that_a_merge_left() {
    let desk = Desk::start().await;
    let ali = &desk.crm.a.agent;
    assert_eq!(desk.note("n", "x", &[ali.id]).await.0, 201);
    let other = desk.crm.a.customer(&desk.crm.db, "Other", None).await;
    let left = desk.crm.a.conversation(&desk.crm.db, other, ago(2)).await;
    // As a merge does.
    let moved = format!("update message set conversation_id = '{left}'");
    desk.crm.a.run(&desk.crm.db, &moved).await;
    let (items, _) = desk.told(ali).await;
    assert_eq!(items[0]["conversation"]["id"], json!(left));
    assert_eq!(items[0]["conversation"]["customer"]["name"], "Other");
    desk.crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_names_more_than_sixty_colleagues_a_minute() {
    let settings = vec![("RATE_LIMITS", "on".to_owned())];
    let app = TestApp::with(Setup { settings, alone: true }).await;
    let records = Records::add(app.database.owner(), app.tenant.id(), "own").await;
    let mut colleagues = Vec::new();
    for _ in 0..20 {
        colleagues.push(user_of(&app, app.tenant.id(), "agent").await.0);
    }
    let (_, writer) = user_of(&app, app.tenant.id(), "manager").await;
    let (_, another) = user_of(&app, app.tenant.id(), "manager").await;
    let address = format!("{}/api/v1/conversations/{}/messages", app.base, records.id("conversation"));
    let send = async |token: &str, client_id: &str, mentions: &[Uuid]| {
        let body = json!({ "client_id": client_id, "text": "x", "internal": true, "mentions": mentions });
        Answer::of(app.http.post(&address).bearer_auth(token).json(&body)).await
    };
    for (n, count) in [20, 20, 19].into_iter().enumerate() {
        let answer = send(&writer, &format!("n{n}"), &colleagues[..count]).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    let two = send(&writer, "two", &colleagues[..2]).await;
    two.is_problem(429, "rate_limited", "the 60th and 61st");
    assert!((1..=60).contains(&two.header("retry-after").parse::<u64>().unwrap()));
    assert_eq!(send(&writer, "one", &colleagues[..1]).await.status, 201, "the 60th");
    send(&writer, "more", &colleagues[..1]).await.is_problem(429, "rate_limited", "the 61st");
    assert_eq!(send(&writer, "n0", &colleagues).await.status, 200, "a repeated note names nobody anew");
    assert_eq!(send(&writer, "plain", &[]).await.status, 201, "notes go on");
    assert_eq!(send(&another, "theirs", &colleagues[..2]).await.status, 201, "each has a quota");
    let told = "select count(*) from notification where message_id <> $1";
    let told: i64 = app.database.owner().query_one(told, &[&records.id("own_message")]).await.unwrap().get(0);
    assert_eq!(told, 62);
    app.end().await;
}
