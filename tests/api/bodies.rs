//! Webhook bodies in the platforms' shapes, and short looks at what became of them.

use crate::support::TestApp;
use serde_json::{Value, json};

/// The samples' accounts.
pub const NUMBER: &str = "418206994710335";
pub const SECOND_NUMBER: &str = "418206994710777";
pub const WABA: &str = "329471260257418";
pub const PAGE: &str = "107845920384756";
pub const INSTAGRAM: &str = "17841460021957713";
/// Some second of the year 2025, from which the tests count.
pub const NOON: i64 = 1_763_600_000;

/// One change of a WhatsApp number.
pub fn change(number: &str, field: &str, mut value: Value) -> Value {
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] = json!({ "display_phone_number": "908502223344", "phone_number_id": number });
    json!({ "field": field, "value": value })
}

/// A body of a WhatsApp business account.
pub fn whatsapp(changes: &[Value]) -> Value {
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": WABA, "changes": changes }] })
}

/// A body with messages to the first number.
pub fn messages(messages: &[Value]) -> Value {
    whatsapp(&[change(NUMBER, "messages", json!({ "messages": messages }))])
}

/// A text of somebody.
pub fn text(from: &str, id: &str, at: i64, text: &str) -> Value {
    json!({ "from": from, "id": id, "timestamp": at.to_string(), "type": "text", "text": { "body": text } })
}

/// A body with one text to the first number.
pub fn text_body(from: &str, id: &str, words: &str) -> Value {
    messages(&[text(from, id, NOON, words)])
}

/// A body with one text to a Page.
pub fn messenger_text(page: &str, from: &str, mid: &str, words: &str) -> Value {
    let millis = NOON * 1000;
    json!({ "object": "page", "entry": [{ "id": page, "time": millis, "messaging": [{
        "sender": { "id": from }, "recipient": { "id": page }, "timestamp": millis,
        "message": { "mid": mid, "text": words } }] }] })
}

/// The address that a body is posted to.
pub fn platform(body: &Value) -> &'static str {
    match body["object"].as_str() {
        Some("whatsapp_business_account") => "whatsapp",
        Some("instagram") => "instagram",
        _ => "meta",
    }
}

/// Posts a body signed; the status.
pub async fn post(app: &TestApp, body: &Value) -> u16 {
    app.deliver(platform(body), body.to_string().as_bytes()).await
}

/// Posts a body, which must be taken, and waits for its effects.
pub async fn apply(app: &TestApp, body: &Value) {
    assert_eq!(post(app, body).await, 200);
    app.settle().await;
}

/// The items of a list, at most 200.
pub async fn items(app: &TestApp, path: &str) -> Vec<Value> {
    let joint = if path.contains('?') { '&' } else { '?' };
    app.fetch(&format!("{path}{joint}limit=200")).await["items"].as_array().unwrap().clone()
}

/// The one item of a list.
pub async fn only(app: &TestApp, path: &str) -> Value {
    let mut found = items(app, path).await;
    assert_eq!(found.len(), 1, "{path}: {found:#?}");
    found.remove(0)
}

/// A customer by one of the ids.
pub async fn person(app: &TestApp, id: &str) -> Value {
    let found = items(app, &format!("/customers?q={id}")).await;
    let with_id = |customer: &&Value| {
        customer["identities"].as_array().unwrap().iter().any(|identity| identity["external_id"] == id)
    };
    let mut found = found.iter().filter(with_id);
    let customer = found.next().unwrap_or_else(|| panic!("nobody has {id}")).clone();
    assert!(found.next().is_none(), "two customers have {id}");
    customer
}

/// The messages of everything that a customer has, newest first within a conversation.
pub async fn messages_of(app: &TestApp, customer: &Value) -> Vec<Value> {
    let details = app.fetch(&format!("/customers/{}/details", customer["id"].as_str().unwrap())).await;
    let mut found = Vec::new();
    for conversation in details["conversations"].as_array().unwrap() {
        let path = format!("/conversations/{}/messages", conversation["id"].as_str().unwrap());
        found.extend(items(app, &path).await);
    }
    found
}

/// How many messages the tenant under test has with that text.
pub async fn texts(app: &TestApp, words: &str) -> i64 {
    let statement = "select count(*) from message where tenant_id = $1 and text = $2";
    app.database.owner().query_one(statement, &[&app.tenant.id(), &words]).await.unwrap().get(0)
}

/// State and reason of the deliveries whose body has these bytes in it.
pub async fn deliveries(app: &TestApp, part: &str) -> Vec<(String, Option<String>)> {
    let statement =
        "select state, reason from webhook_delivery where position($1::bytea in body) > 0 order by id";
    let rows = app.database.owner().query(statement, &[&part.as_bytes()]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Ids of the deliveries of a state.
pub async fn in_state(app: &TestApp, state: &str) -> Vec<String> {
    let found = items(app, &format!("/webhook-deliveries?state={state}")).await;
    found.iter().map(|delivery| delivery["id"].as_str().unwrap().to_owned()).collect()
}
