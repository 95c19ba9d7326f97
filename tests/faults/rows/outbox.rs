//! F-15: the server dies around the one call that must not be made twice.

use super::Outcome;
use super::kills::kills;
use crate::api::Api;
use crate::platform::{CHANNELS, Doors};
use crate::points::OUTBOX;
use crate::random::Random;
use crate::scene::{graph, populate, setup};
use crate::server::Server;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use switchboard::clock;

/// Until a life has taken the message that kills it: the lease of a former life's lane may have to end first.
const REACHED: Duration = Duration::from_secs(45);
/// Until everything is said of everything: the longest lease, and some time.
const SETTLED: Duration = Duration::from_secs(60);

/// One message a life, every other one with a file; each life dies at its call, before it or after it. No message reaches
/// the platform twice, each one whose call was under way is `uncertain`, and what the platform then tells of it is believed.
pub async fn killed_around_the_call(_: Random) -> Outcome {
    let mut told = Vec::new();
    for point in OUTBOX {
        told.push(at(point, kills()).await);
    }
    Outcome::Held(told.join("; "))
}

async fn at(point: &str, kills: usize) -> String {
    let graph = graph().await;
    let answers: Vec<Value> =
        (0..=kills).map(|n| json!({ "messages": [{ "id": format!("wamid.out.{n}") }] })).collect();
    let number = CHANNELS[0].account().account_id.to_owned();
    graph.answer(&format!("POST /{number}/messages"), &Value::Array(answers));
    graph.answer(&format!("POST /{number}/media"), &json!({ "id": "55" }));
    let mut node = Server::start(setup(&graph)).await;
    populate(&node.database_url().expect("the node has a database")).await;
    let doors = Doors::new(&[node.url.as_str()]);
    let api = Api::sign_in(&node.url, 0).await;
    let conversations = write_in(&doors, &node.url, &api, kills).await;
    let orders = orders(&api, kills).await;
    node.kill9();
    for (conversation, order) in conversations.iter().zip(&orders) {
        node.orders = Some(format!("{point}=1*return(kill)"));
        // A lane that a former life left has nothing to send any more; only the new message kills.
        node.again().await;
        // The answer may be lost with the life that gave it.
        let _ = send(&api, conversation, order).await;
        assert!(node.dies(REACHED).await, "{point} was not reached in {REACHED:?}\n{}", node.said());
    }
    node.orders = None;
    node.again().await;
    let end = clock::monotonic() + SETTLED;
    for (conversation, order) in conversations.iter().zip(&orders) {
        // Whoever got no answer asks again: it is the same message.
        assert!(matches!(send(&api, conversation, order).await, Ok(200 | 201)), "{}", node.said());
        while own(&api, conversation).await["status"] != "uncertain" {
            assert!(clock::monotonic() < end, "{:#}\n{}", own(&api, conversation).await, node.said());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let calls = graph.bodies();
    let mut by_text: BTreeMap<String, usize> = BTreeMap::new();
    for call in &calls {
        let text = call.pointer("/text/body").or_else(|| call.pointer("/document/caption"));
        *by_text.entry(text.expect("a text").to_string()).or_default() += 1;
    }
    assert!(by_text.values().all(|times| *times == 1), "sent twice: {by_text:?}");
    let given = if point == "outbox.before_http" { 0 } else { kills };
    assert_eq!(calls.len(), given, "{by_text:?}");
    for (n, call) in calls.iter().enumerate() {
        let status = json!({ "id": format!("wamid.out.{n}"), "status": "delivered", "timestamp": "1763600100",
            "recipient_id": call["to"], "biz_opaque_callback_data": call["biz_opaque_callback_data"] });
        let body = CHANNELS[0].body(&[CHANNELS[0].change("messages", json!({ "statuses": [status] }))]);
        assert_eq!(doors.post(&node.url, "whatsapp", body.to_string().as_bytes()).await.0, "200");
    }
    for conversation in conversations.iter().take(given) {
        while own(&api, conversation).await["status"] != "delivered" {
            assert!(clock::monotonic() < end, "{:#}\n{}", own(&api, conversation).await, node.said());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    format!("{kills} kills at {point}, {given} calls, none twice, all found by their status")
}

/// So many customers write, now; their conversations.
async fn write_in(doors: &Doors, url: &str, api: &Api, count: usize) -> Vec<String> {
    let at = u64::try_from(clock::now().timestamp()).expect("after 1970");
    for n in 0..count {
        let (id, person) = (format!("wamid.in.{n}"), format!("90532999{n:04}"));
        let body = CHANNELS[0].body(&[CHANNELS[0].text(&id, &person, at, "Is it there?")]);
        assert_eq!(doors.post(url, "whatsapp", body.to_string().as_bytes()).await.0, "200");
    }
    let end = clock::monotonic() + SETTLED;
    loop {
        let (_, all) = api.list("/conversations?status=all").await.expect("the list");
        if all.len() == count {
            return all.iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect();
        }
        assert!(clock::monotonic() < end, "{} of {count} conversations", all.len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What is to be sent: a text, and every other time a file with one.
async fn orders(api: &Api, count: usize) -> Vec<Value> {
    let mut orders = Vec::new();
    for n in 0..count {
        let mut order = json!({ "client_id": format!("kill {n}"), "text": format!("answer {n}") });
        if n % 2 == 1 {
            let file = api.upload("bill.txt", "text/plain", format!("bill {n}").as_bytes()).await;
            order["attachments"] = json!([file.expect("an upload")]);
        }
        orders.push(order);
    }
    orders
}

async fn send(api: &Api, conversation: &str, order: &Value) -> Result<u16, String> {
    api.post(&format!("/api/v1/conversations/{conversation}/messages"), order).await
}

/// The one message of ours.
async fn own(api: &Api, conversation: &str) -> Value {
    let (_, all) = api.list(&format!("/conversations/{conversation}/messages?")).await.expect("the list");
    let mut own = all.into_iter().filter(|message| message["direction"] == "out");
    let first = own.next().unwrap_or(Value::Null);
    assert!(own.next().is_none(), "one message, shown once");
    first
}
