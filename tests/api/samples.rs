//! Every sample body has exactly its expected effects: sent once, sent twice, and sent eight times at once; checked
//! through REST and in the tables, beside a second tenant that holds the same ids.

use crate::support::{TestApp, address_of, noise, sample, sample_index};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Servers at work at a time; each takes one sample after the other, every one in a tenant of its own.
const PARALLEL: usize = 4;

/// How a sample is sent.
#[derive(Clone, Copy)]
enum Sent {
    OnceAndAgain,
    EightTimesAtOnce,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sample_has_its_effects_once_and_repeated() {
    each(Sent::OnceAndAgain).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sample_has_its_effects_sent_eight_times_at_once() {
    each(Sent::EightTimesAtOnce).await;
}

/// Every sample, some at a time; names all that fail.
async fn each(sent: Sent) {
    let only = std::env::var("SAMPLE").unwrap_or_default();
    let all = sample_index()["files"].as_object().unwrap().keys();
    let paths: VecDeque<&'static str> = all.filter(|path| path.contains(&only)).map(String::as_str).collect();
    assert!(!only.is_empty() || paths.len() == 170);
    let paths = Arc::new(Mutex::new(paths));
    let failed = join_all((0..PARALLEL).map(|_| line(sent, Arc::clone(&paths)))).await.concat();
    assert!(failed.is_empty(), "{} samples failed: {failed:#?}", failed.len());
}

/// Takes samples until there are no more; those that failed. A server that saw a failure is not used again.
async fn line(sent: Sent, paths: Arc<Mutex<VecDeque<&'static str>>>) -> Vec<&'static str> {
    let next = || paths.lock().unwrap().pop_front();
    let (mut failed, mut used) = (Vec::new(), None::<TestApp>);
    while let Some(path) = next() {
        let app = match used.take() {
            Some(mut app) => {
                app.turn_over().await;
                app
            }
            None => TestApp::start().await,
        };
        match tokio::spawn(sample_on(app, sent, path)).await {
            Ok(app) => used = Some(app),
            Err(_) => failed.push(path),
        }
    }
    if let Some(app) = used {
        app.end().await;
    }
    failed
}

async fn sample_on(app: TestApp, sent: Sent, path: &'static str) -> TestApp {
    let entry = &sample_index()["files"][path];
    prepare(&app, entry).await;
    match sent {
        Sent::OnceAndAgain => {
            deliver(&app, path, entry).await;
            let first = check(&app, entry).await;
            deliver(&app, path, entry).await;
            let second = check(&app, entry).await;
            assert_eq!(first, second, "a repetition changed something");
        }
        Sent::EightTimesAtOnce => {
            set_graph(&app, entry);
            let (body, address) = (sample(path), address_of(path));
            let statuses = join_all((0..8).map(|_| app.deliver(address, &body))).await;
            assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
            app.settle().await;
            check(&app, entry).await;
        }
    }
    app
}

/// What happened before, in order.
async fn prepare(app: &TestApp, entry: &Value) {
    for given in entry["given"].as_array().into_iter().flatten() {
        if let Some(path) = given["file"].as_str() {
            let before = &sample_index()["files"][path];
            Box::pin(prepare(app, before)).await;
            deliver(app, path, before).await;
        } else {
            sent(app, &given["sent"]).await;
        }
    }
}

pub fn set_graph(app: &TestApp, entry: &Value) {
    for (call, answer) in entry["graph"].as_object().into_iter().flatten() {
        app.graph.answer(call, answer);
    }
}

async fn deliver(app: &TestApp, path: &str, entry: &Value) {
    set_graph(app, entry);
    let status = app.deliver(address_of(path), &sample(path)).await;
    let accepted: Vec<u64> = entry["http"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    assert!(accepted.contains(&u64::from(status)), "HTTP {status}");
    app.settle().await;
}

/// A message that an agent sent, put into the tables until there is sending.
pub async fn sent(app: &TestApp, sent: &Value) {
    let client = app.database.owner();
    let (kind, account) = sent["channel"].as_str().unwrap().split_once(':').unwrap();
    let person = sent["customer"].as_str().unwrap();
    let (id_kind, scope) = match kind {
        "whatsapp" => (if person.contains('.') { "bsuid" } else { "wa_id" }, ""),
        "messenger" => ("psid", account),
        _ => ("igsid", account),
    };
    let tenant = app.tenant.id();
    let known = client
        .query_opt(
            "select customer_id from customer_identity where tenant_id = $1 and kind = $2 and value = $3",
            &[&tenant, &id_kind, &person],
        )
        .await
        .unwrap();
    let customer: Uuid = match known {
        Some(row) => row.get(0),
        None => {
            let id = switchboard::ids::new();
            let phone = (id_kind == "wa_id").then(|| format!("+{person}"));
            client
                .execute(
                    "insert into customer (tenant_id, id, name, phone, phone_key, search) values ($1, $2, $3, $4, $5, $3)",
                    &[&tenant, &id, &person, &phone, &phone.as_ref().map(|_| person)],
                )
                .await
                .unwrap();
            client
                .execute(
                    "insert into customer_identity (tenant_id, id, customer_id, channel_kind, kind, scope, value, match_key)
                     values ($1, gen_random_uuid(), $2, $3, $4, $5, $6, $6)",
                    &[&tenant, &id, &kind, &id_kind, &scope, &person],
                )
                .await
                .unwrap();
            id
        }
    };
    let at = sent["timestamp"].as_f64().unwrap_or(1_763_600_000_000.0) / 1000.0;
    client
        .execute(
            "with channel as (select id from channel where tenant_id = $1 and kind = $3 and account_id = $4),
             made as (
                 insert into conversation (tenant_id, id, channel_id, customer_id, last_activity_at)
                 select $1, gen_random_uuid(), id, $2, to_timestamp($7) from channel
                 on conflict (tenant_id, channel_id, customer_id) where group_external_id is null and merged_into is null
                 do update set last_activity_at = excluded.last_activity_at
                 returning id, channel_id)
             insert into message (tenant_id, id, conversation_id, channel_id, external_id, direction, kind, text, status,
                                  sent_at)
             select $1, gen_random_uuid(), id, channel_id, $5, 'out', 'text', $6, 'sent', to_timestamp($7) from made
             on conflict do nothing",
            &[&tenant, &customer, &kind, &account, &sent["external_id"].as_str(), &sent["text"].as_str(), &at],
        )
        .await
        .unwrap();
}

/// Checks effects and totals; returns the tenant's whole state, to be compared after a repetition.
async fn check(app: &TestApp, entry: &Value) -> Value {
    let state = state(app).await;
    for expected in entry["expected"].as_array().unwrap() {
        check_effect(app, &state, expected).await;
    }
    for (what, total) in entry["totals"].as_object().unwrap() {
        if let Some(total) = total.as_u64() {
            let there = state[what].as_array().unwrap().len() as u64;
            assert_eq!(there, total, "{what}: {:#}", state[what]);
        }
    }
    check_tables(app, &state).await;
    assert!(!state.to_string().contains(noise::CANARY), "the other tenant shows");
    state
}

/// Everything that REST shows of the tenant.
pub async fn state(app: &TestApp) -> Value {
    let customers = all(app, "/customers?limit=200").await;
    let conversations = all(app, "/conversations?status=all&limit=200").await;
    let (mut messages, mut cards, mut events, mut activities) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for conversation in &conversations {
        let id = conversation["id"].as_str().unwrap();
        messages.extend(all(app, &format!("/conversations/{id}/messages?limit=200")).await);
    }
    for board in all(app, "/boards").await {
        let board = app.fetch(&format!("/boards/{}", board["id"].as_str().unwrap())).await;
        for column in board["columns"].as_array().unwrap() {
            cards.extend(column["cards"].as_array().unwrap().clone());
            assert_eq!(column["count"].as_u64().unwrap() as usize, column["cards"].as_array().unwrap().len());
        }
    }
    let channels = all(app, "/channels").await;
    for channel in &channels {
        for mut event in
            all(app, &format!("/channels/{}/events?limit=200", channel["id"].as_str().unwrap())).await
        {
            event["channel"] = json!(format!(
                "{}:{}",
                channel["kind"].as_str().unwrap(),
                channel["account_id"].as_str().unwrap()
            ));
            events.push(event);
        }
    }
    for customer in &customers {
        let details = app.fetch(&format!("/customers/{}/details", customer["id"].as_str().unwrap())).await;
        assert_eq!(&details["customer"], customer);
        activities.extend(details["activities"].as_array().unwrap().clone());
    }
    json!({ "customers": customers, "conversations": conversations, "messages": messages, "cards": cards,
            "events": events, "activities": activities })
}

/// All pages of a list.
async fn all(app: &TestApp, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let joint = if path.contains('?') { '&' } else { '?' };
        let page = app.fetch(&format!("{path}{joint}{cursor}")).await;
        items.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("cursor={next}"),
            None => return items,
        }
    }
}

async fn check_effect(app: &TestApp, state: &Value, expected: &Value) {
    match expected["effect"].as_str().unwrap() {
        "none" => {}
        "customer" => check_customer(app, state, expected).await,
        "message" => check_message(state, expected),
        "status" => {
            let message = message(state, expected["message"].as_str().unwrap());
            assert_eq!(message["status"], expected["status"], "{message:#}");
            if let Some(code) = expected.get("error_code") {
                assert_eq!(&message["error"]["code"], code);
            }
            if let Some(tracking) = expected.get("tracking") {
                assert_eq!(&message["tracking"], tracking);
            }
        }
        "reaction" => {
            let message = message(state, expected["message"].as_str().unwrap());
            let reactions = match &expected["emoji"] {
                Value::Null => json!([]),
                emoji => json!([{ "emoji": emoji, "by": expected["by"] }]),
            };
            assert_eq!(message["reactions"], reactions);
        }
        "edited" => {
            let message = message(state, expected["message"].as_str().unwrap());
            assert_eq!(message["text"], expected["text"]);
            assert!(message["edited_at"].is_string());
        }
        "deleted" => {
            let message = message(state, expected["message"].as_str().unwrap());
            assert!(message["deleted_at"].is_string() && message["text"].is_null());
            assert_eq!(message["attachments"], json!([]));
        }
        "card" => {
            let customer = customer(state, expected["customer"].as_str().unwrap());
            let card = list(state, "cards")
                .iter()
                .find(|card| card["customer"]["id"] == customer["id"])
                .expect("a card");
            assert_eq!(card["source"], expected["source"], "{card:#}");
            for (key, value) in expected["attribution"].as_object().into_iter().flatten() {
                assert_eq!(&card["attribution"][key], value, "attribution {key} in {card:#}");
            }
        }
        "event" | "comment" | "lead" => check_event(state, expected),
        other => panic!("unknown effect {other}"),
    }
}

async fn check_customer(app: &TestApp, state: &Value, expected: &Value) {
    let id = expected["id"].as_str().unwrap();
    let customer = customer(state, id);
    let identity = |kind: &str| {
        list(customer, "identities")
            .iter()
            .filter(|i| i["kind"] == kind)
            .map(|i| i["external_id"].clone())
            .collect::<Vec<_>>()
    };
    for (key, value) in expected["set"].as_object().into_iter().flatten() {
        match key.as_str() {
            "bsuid" | "wa_id" => assert!(identity(key).contains(value), "{key} of {customer:#}"),
            "username" => {
                assert!(
                    list(customer, "identities").iter().any(|i| &i["username"] == value),
                    "username of {customer:#}"
                );
            }
            _ => assert_eq!(&customer[key], value, "{key} of {customer:#}"),
        }
    }
    let found = app.fetch(&format!("/customers?q={}", id.trim_start_matches("lead:"))).await;
    assert!(list(&found, "items").iter().any(|found| found["id"] == customer["id"]), "not found by its id");
}

fn check_message(state: &Value, expected: &Value) {
    let message = match expected["external_id"].as_str() {
        Some(id) => message(state, id),
        // A postback without id has one of our making.
        None => list(state, "messages")
            .iter()
            .find(|message| message["text"] == expected["text"])
            .expect("a message"),
    };
    let conversation =
        list(state, "conversations").iter().find(|c| c["id"] == message["conversation_id"]).unwrap();
    assert_eq!(message["direction"], expected["direction"]);
    assert_eq!(message["kind"], expected["type"], "{message:#}");
    if let Some(text) = expected.get("text") {
        assert_eq!(&message["text"], text);
    }
    let channel = &conversation["channel"];
    let channel =
        format!("{}:{}", channel["kind"].as_str().unwrap(), channel["account_id"].as_str().unwrap());
    if let Some(expected) = expected["channel"].as_str() {
        assert_eq!(channel, expected);
    }
    if let Some(id) = expected["customer"].as_str() {
        assert_eq!(customer(state, id)["id"], conversation["customer"]["id"]);
    }
    for key in
        ["payload", "payload_json", "product", "story_id", "forwarded", "standby", "history", "original_type"]
    {
        if let Some(value) = expected.get(key) {
            assert_eq!(&message[key], value, "{key} of {message:#}");
        }
    }
    for (key, value) in expected["location"].as_object().into_iter().flatten() {
        let there = &message["location"][key];
        assert!(
            there == value || there.as_f64().is_some_and(|n| Some(n) == value.as_f64()),
            "{key}: {there}"
        );
    }
    if let Some(reply) = expected.get("reply_to") {
        assert_eq!(&message["reply_to"]["external_id"], reply);
    }
    if let Some(group) = expected.get("group") {
        assert_eq!(&conversation["group"]["external_id"], group);
    }
    if expected["edited"] == true {
        assert!(message["edited_at"].is_string());
    }
    check_attachments(message, expected);
    check_order(message, expected);
}

fn check_attachments(message: &Value, expected: &Value) {
    let Some(expected) = expected["attachments"].as_array() else { return };
    let attachments = list(message, "attachments");
    assert_eq!(attachments.len(), expected.len(), "{message:#}");
    for (attachment, expected) in attachments.iter().zip(expected) {
        for (key, value) in expected.as_object().unwrap() {
            let there = match key.as_str() {
                "id" => &attachment["external_id"],
                "filename" => &attachment["file_name"],
                "type" => &attachment["kind"],
                // The platform's own address never leaves the server.
                "url" => continue,
                key => &attachment[key],
            };
            assert_eq!(there, value, "{key} of {attachment:#}");
        }
    }
}

fn check_order(message: &Value, expected: &Value) {
    let Some(order) = expected.get("order") else { return };
    let there = &message["order"];
    assert_eq!(there["catalog_id"], order["catalog_id"]);
    assert_eq!(list(there, "items").len() as u64, order["items"].as_u64().unwrap());
    let minor: String = order["total"].as_str().unwrap().chars().filter(char::is_ascii_digit).collect();
    assert_eq!(
        there["total"],
        json!({ "amount": minor.parse::<i64>().unwrap(), "currency": order["currency"] })
    );
}

fn check_event(state: &Value, expected: &Value) {
    let effect = expected["effect"].as_str().unwrap();
    let kind = expected["kind"].as_str().unwrap_or(effect);
    let fits = |event: &Value| {
        event["kind"] == kind
            && expected.as_object().unwrap().iter().all(|(key, value)| match key.as_str() {
                "effect" | "kind" => true,
                "channel" => &event["channel"] == value,
                "customer" => find_customer(state, value.as_str().unwrap())
                    .is_some_and(|c| c["id"] == event["customer_id"]),
                key => &event["data"][key] == value,
            })
    };
    assert!(
        list(state, "events").iter().any(fits),
        "no such event: {expected:#} among {:#}",
        state["events"]
    );
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap()
}

fn message<'a>(state: &'a Value, external_id: &str) -> &'a Value {
    let mut found = list(state, "messages").iter().filter(|message| message["external_id"] == external_id);
    let message = found.next().unwrap_or_else(|| panic!("no message {external_id}"));
    assert!(found.next().is_none(), "message {external_id} twice");
    message
}

fn find_customer<'a>(state: &'a Value, id: &str) -> Option<&'a Value> {
    let id = id.trim_start_matches("lead:");
    list(state, "customers")
        .iter()
        .find(|c| list(c, "identities").iter().any(|identity| identity["external_id"] == id))
}

fn customer<'a>(state: &'a Value, id: &str) -> &'a Value {
    find_customer(state, id).unwrap_or_else(|| panic!("no customer {id} among {:#}", state["customers"]))
}

/// The tables agree with REST, and counters with what they count.
pub async fn check_tables(app: &TestApp, state: &Value) {
    let counts: BTreeMap<&str, i64> = BTreeMap::from([
        (
            "customers",
            app.count("select count(*) from customer where tenant_id = $1 and merged_into is null").await,
        ),
        (
            "conversations",
            app.count("select count(*) from conversation where tenant_id = $1 and merged_into is null").await,
        ),
        ("messages", app.count("select count(*) from message where tenant_id = $1").await),
        ("cards", app.count("select count(*) from card where tenant_id = $1").await),
    ]);
    for (what, count) in counts {
        assert_eq!(list(state, what).len() as i64, count, "{what} in the table");
    }
    let wrong = app
        .count(
            "select count(*) from conversation c where tenant_id = $1 and merged_into is null and unread_count <> (
                 select count(*) from message m where m.tenant_id = c.tenant_id and m.conversation_id = c.id
                   and m.direction = 'in' and not m.history
                   and (c.read_sent_at is null or (m.sent_at, m.id) > (c.read_sent_at, c.read_message_id)))",
        )
        .await;
    assert_eq!(wrong, 0, "unread counts differ from the messages");
    let holes = app.count("select max(seq) - count(*) from event where tenant_id = $1 having count(*) > 0 union all select 0 limit 1").await;
    assert_eq!(holes, 0, "the log has holes");
    let counter = app.count("select seq - (select count(*) from event where tenant_id = $1) from tenant_counter where tenant_id = $1").await;
    assert_eq!(counter, 0, "the counter is not the log's end");
    let failed = app.number("select count(*) from webhook_delivery where state = 'failed'").await;
    assert_eq!(failed, 0, "failed deliveries");
}
