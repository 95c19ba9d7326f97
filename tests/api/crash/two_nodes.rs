//! Two servers on one database: what one takes in shows at the other, with Redis and without.

use super::TURN;
use super::sender::{NUMBER, WABA};
use super::server::Server;
use super::viewer::{Api, Viewer};
use crate::support::SECRET;
use crate::support::database::{Template, TestDatabase};
use crate::support::graph::FakeGraph;
use serde_json::json;
use std::time::Duration;
use switchboard::clock;

/// Without a bus the other node looks at the log every second.
const BY_POLLING: Duration = Duration::from_secs(3);
/// With a bus.
const BY_BUS: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_at_one_node_shows_at_the_other_without_redis() {
    let _turn = TURN.lock().await;
    crosses(None, BY_POLLING).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_at_one_node_shows_at_the_other_over_redis() {
    let Ok(redis) = std::env::var("TEST_REDIS_URL") else {
        println!("TEST_REDIS_URL is not set: nothing was tested");
        return;
    };
    let _turn = TURN.lock().await;
    crosses(Some(&redis), BY_BUS).await;
}

/// Each node takes in messages that a client of the other one shows in time; then one node is killed.
async fn crosses(redis: Option<&str>, limit: Duration) {
    let database = TestDatabase::create(Template::Alone).await;
    let graph = FakeGraph::new().await;
    let mut settings = vec![
        ("DATABASE_URL", database.url.as_str()),
        ("GRAPH_API_URL", graph.url.as_str()),
        ("INSTAGRAM_API_URL", graph.url.as_str()),
    ];
    settings.extend(redis.map(|url| ("REDIS_URL", url)));
    let (mut first, second) = (Server::start(&settings).await, Server::start(&settings).await);
    let (at_first, at_second) = (Api::sign_in(&first.url).await, Api::sign_in(&second.url).await);
    let (of_first, of_second) = (Viewer::open(&at_first), Viewer::open(&at_second));
    let said = || format!("first: {}\nsecond: {}", first.said(), second.said());
    of_first.comes_back(said).await;
    of_second.comes_back(said).await;
    let mut slowest = Duration::ZERO;
    for n in 0..6 {
        let (taker, other) = if n % 2 == 0 { (&first, &of_second) } else { (&second, &of_first) };
        let id = format!("wamid.nodes{n}");
        assert_eq!(deliver(&taker.url, &id, n).await, 200, "a webhook is taken");
        slowest = slowest.max(shows(other, &id, limit, said).await);
    }
    println!("shown by the other node after {slowest:?} at the most");
    // The log of a killed node's messages goes on at the other one.
    assert_eq!(deliver(&first.url, "wamid.nodes6", 6).await, 200, "a webhook is taken");
    first.kill9();
    // What it had not worked off waits for the sweep, whose time is brought forward.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let owner = database.owner();
    owner.execute("update webhook_delivery set due_at = now() where state = 'received'", &[]).await.unwrap();
    let said = || format!("first: {}\nsecond: {}", first.said(), second.said());
    shows(&of_second, "wamid.nodes6", BY_POLLING, said).await;
    of_second.converges(&at_second, said).await;
    first.again().await;
    let said = || format!("first: {}\nsecond: {}", first.said(), second.said());
    of_first.comes_back(said).await;
    of_first.converges(&at_first, said).await;
    for viewer in [of_first, of_second] {
        let course = viewer.course.lock().unwrap();
        assert!(course.faults.is_empty(), "a client saw {:#?}", course.faults);
    }
    drop((first, second));
    database.drop().await;
}

/// Waits until the client shows the message; how long that took.
async fn shows(viewer: &Viewer, id: &str, limit: Duration, said: impl Fn() -> String) -> Duration {
    let begin = clock::monotonic();
    loop {
        let shown =
            viewer.course.lock().unwrap().view.messages.values().any(|message| message["external_id"] == id);
        if shown {
            return begin.elapsed();
        }
        assert!(begin.elapsed() < limit, "{id} was not shown by the other node within {limit:?}\n{}", said());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn deliver(url: &str, id: &str, n: u32) -> u16 {
    let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": WABA, "changes": [{
        "field": "messages",
        "value": {
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": "908502223344", "phone_number_id": NUMBER },
            "contacts": [{ "profile": { "name": "Person" }, "wa_id": "905320000000" }],
            "messages": [{ "from": "905320000000", "id": id, "timestamp": (1_763_600_000 + n).to_string(),
                           "type": "text", "text": { "body": format!("message {n}") } }],
        },
    }] }] });
    let body = serde_json::to_vec(&body).unwrap();
    let request = reqwest::Client::new()
        .post(format!("{url}/api/whatsapp/webhook"))
        .header("content-type", "application/json")
        .header("x-hub-signature-256", webhooks::signature::sign(&body, SECRET.as_bytes()))
        .body(body);
    request.send().await.expect("the node answers").status().as_u16()
}
