//! Merges in the tables: what was there before, and what comes with the very delivery that joins two people.

use crate::support::TestApp;
use reqwest::Method;
use serde_json::{Value, json};

const ONE: &str = "418206994710335";
const OTHER: &str = "418206994710777";
const NUMBER: &str = "491511234567";
const BSUID: &str = "DE.5500667788990011";

/// Texts as one delivery: number of ours, second, the writer's number and business-scoped id.
async fn deliver(app: &TestApp, texts: &[(&str, i64, Option<&str>, Option<&str>)]) {
    let change = |(ours, second, wa_id, user_id): &(&str, i64, Option<&str>, Option<&str>)| {
        json!({"field": "messages", "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "908502223344", "phone_number_id": ours},
            "contacts": [{"profile": {"name": "Lena"}, "wa_id": wa_id, "user_id": user_id}],
            "messages": [{"from": wa_id, "from_user_id": user_id, "id": format!("wamid.{second}"),
                          "timestamp": (1_763_600_000 + second).to_string(), "type": "text",
                          "text": {"body": format!("text {second}")}}]}})
    };
    let changes: Vec<Value> = texts.iter().map(change).collect();
    let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "329471260257418", "changes": changes}]});
    assert_eq!(app.deliver("whatsapp", body.to_string().as_bytes()).await, 200);
    app.settle().await;
    assert_eq!(app.number("select count(*) from webhook_delivery where state <> 'done'").await, 0);
}

async fn conversations(app: &TestApp) -> Vec<Value> {
    app.fetch("/conversations?status=all").await["items"].as_array().expect("items").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_conversation_joins_one_that_is_made_at_that_moment() {
    let app = TestApp::start().await;
    // The older person is known on another channel only.
    deliver(&app, &[(OTHER, 0, Some(NUMBER), None)]).await;
    deliver(&app, &[(ONE, 1, None, Some(BSUID)), (ONE, 2, None, Some(BSUID))]).await;
    let all = conversations(&app).await;
    let joined = all.iter().find(|item| item["channel"]["account_id"] == ONE).expect("the newer one");
    let path = format!("/conversations/{}", joined["id"].as_str().expect("an id"));
    let me = app.fetch("/auth/me").await;
    let me = me["id"].as_str().or(me["user"]["id"].as_str()).expect("an id");
    let edit = json!({"assignee_id": me, "labels": ["vip"], "snoozed_until": "2099-01-01T00:00:00Z"});
    assert_eq!(app.call(Method::PATCH, &path, Some(edit)).await.0, 200);
    let messages = app.fetch(&format!("{path}/messages")).await;
    let first = json!({"message_id": messages["items"][1]["id"]});
    assert_eq!(app.call(Method::POST, &format!("{path}/read"), Some(first)).await.0, 204);

    deliver(&app, &[(ONE, 3, Some(NUMBER), None), (ONE, 4, Some(NUMBER), Some(BSUID))]).await;
    let all = conversations(&app).await;
    assert_eq!(all.len(), 2, "one on each channel: {all:#?}");
    let left = app.fetch(&path).await;
    assert_ne!(left["id"], joined["id"], "the old id leads to the one that is left");
    assert_eq!((&left["assignee"]["id"], &left["labels"]), (&json!(me), &json!(["vip"])));
    assert_eq!((&left["unread_count"], &left["status"]), (&json!(3), &json!("open")));
    let messages = app.fetch(&format!("{path}/messages")).await;
    assert_eq!(messages["items"].as_array().map(Vec::len), Some(4));
    assert!(all.iter().all(|item| item["customer"]["id"] == left["customer"]["id"]));
    assert_eq!(app.count("select count(*) from card where tenant_id = $1").await, 1);
    app.end().await;
}
