//! Answering a platform that misbehaves in every way at once: what the server shows of each message is what the
//! platform's own book says, nothing is sent twice, and each conversation's messages go out in order.
//!
//! Short by default; `ANSWERING_SECONDS=300 ANSWERING_RATE=50` is the long run.

use crate::support::{SECRET, Setup, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use switchboard::clock;
use switchboard::simulator::{Behaviour, Config, Simulator};

const PATIENCE: Duration = Duration::from_secs(240);

/// What was written: the message's id, its conversation, its place among all.
struct Written {
    id: String,
    conversation: String,
    text: String,
}

fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).map_or(default, |value| value.parse().expect("a number"))
}

/// A server and the platform that it sends to, which knows where it is.
async fn stage(messages: u32) -> (TestApp, Simulator) {
    let graph: SocketAddr = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let url = format!("http://{graph}");
    let token = |name| (name, "test-access-token".to_owned());
    let settings = vec![
        ("GRAPH_API_URL", url.clone()),
        ("INSTAGRAM_API_URL", url),
        token("WHATSAPP_ACCESS_TOKEN"),
        token("INSTAGRAM_ACCESS_TOKEN"),
    ];
    let app = TestApp::with(Setup { settings, alone: true }).await;
    let mut config = Config::new(&app.base, SECRET);
    config.graph_addr = graph;
    // WhatsApp takes 45 messages to one person at once, and then one in six seconds.
    config.customers = 40.max(messages as usize / 40);
    config.pace = 0.05;
    let simulator = Simulator::start(config).await.expect("the simulator starts");
    (app, simulator)
}

/// Everybody writes once; the conversations.
async fn everybody_writes(app: &TestApp, simulator: &Simulator) -> Vec<String> {
    for customer in simulator.customers() {
        simulator.customer_writes(&customer.id, "Is it still there?").await;
    }
    assert!(simulator.settle(PATIENCE).await, "webhooks are answered");
    app.settle().await;
    let mut all: Vec<String> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.fetch(&format!("/conversations?limit=200{cursor}")).await;
        all.extend(page["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert!(all.len() >= 20, "{} conversations", all.len());
    all
}

async fn write(app: &TestApp, conversation: &str, text: &str) -> Written {
    let body = json!({ "client_id": text, "text": text, "override_window": true });
    let (status, message) =
        app.call(Method::POST, &format!("/conversations/{conversation}/messages"), Some(body)).await;
    assert_eq!(status, 201, "{message}");
    Written {
        id: message["id"].as_str().unwrap().to_owned(),
        conversation: conversation.to_owned(),
        text: text.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_misbehaves_in_every_way_at_once() {
    let (seconds, rate) = (setting("ANSWERING_SECONDS", 6), setting("ANSWERING_RATE", 25));
    let (app, simulator) = stage(seconds * rate).await;
    let conversations = everybody_writes(&app, &simulator).await;
    let bad = Behaviour {
        duplicate: 0.3,
        reorder: 0.3,
        delay_ms: 300,
        graph_429: 0.08,
        graph_5xx: 0.05,
        graph_lost: 0.05,
        graph_hang_ms: 20,
        graph_hang: 0.004,
        graph_half: 0.02,
        undeliverable: 0.05,
        answers: 0.2,
        ..Behaviour::default()
    };
    simulator.behave(bad).unwrap();
    let (begin, mut written) = (clock::monotonic(), Vec::new());
    for n in 0..seconds * rate {
        tokio::time::sleep_until((begin + Duration::from_secs(1) * n / rate).into()).await;
        // Not in turn: now and then several in a row to the same one.
        let to = (n as usize * 7 / 3) % conversations.len();
        written.push(write(&app, &conversations[to], &format!("answer {n:06}")).await);
    }
    simulator.behave(Behaviour { answers: 0.0, ..Behaviour::default() }).unwrap();
    let under_way = "select count(*) from message where status in ('queued', 'sending', 'held')";
    let end = clock::monotonic() + PATIENCE;
    while app.number(under_way).await > 0 {
        assert!(clock::monotonic() < end, "{} are still under way", app.number(under_way).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(simulator.settle(PATIENCE).await, "what follows the sends has happened");
    app.settle().await;
    let figures = judge(&app, &simulator, &written).await;
    println!("{} messages: {figures:?}", written.len());
    simulator.stop().await;
    app.end().await;
}

/// Compares every message with the platform's book; how many ended how.
async fn judge(app: &TestApp, simulator: &Simulator, written: &[Written]) -> BTreeMap<String, usize> {
    let sends = simulator.ledger().sends();
    let text = |body: &Value| {
        let text = body.pointer("/text/body").or_else(|| body.pointer("/message/text"));
        text.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut book: HashMap<String, usize> = HashMap::new();
    for (place, send) in sends.iter().enumerate() {
        let twice = book.insert(text(&send.body), place);
        assert!(twice.is_none(), "sent twice: {}", text(&send.body));
    }
    let (mut figures, mut last) = (BTreeMap::new(), HashMap::<&str, usize>::new());
    let mut shown: HashMap<String, Value> = HashMap::new();
    for conversation in written.iter().map(|it| &it.conversation).collect::<std::collections::BTreeSet<_>>() {
        let mut cursor = String::new();
        loop {
            let page = app.fetch(&format!("/conversations/{conversation}/messages?limit=200{cursor}")).await;
            for message in page["items"].as_array().unwrap() {
                let first = shown.insert(message["id"].as_str().unwrap().to_owned(), message.clone());
                assert!(first.is_none());
            }
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
    }
    let ours = shown.values().filter(|message| message["direction"] == "out").count();
    assert_eq!(ours, written.len(), "each is there once, and nothing else of ours");
    for one in written {
        let message = &shown[&one.id];
        let status = message["status"].as_str().unwrap();
        *figures.entry(status.to_owned()).or_default() += 1;
        let entry = book.get(&one.text);
        match status {
            "sent" | "delivered" | "read" => assert!(entry.is_some(), "never sent: {message:#}"),
            // Not taken, or taken and then not delivered.
            "failed" => assert!(message["error"]["code"].is_i64(), "{message:#}"),
            // The call was spoilt. What was accepted all the same, an echo or a status has told by now.
            "uncertain" => assert!(entry.is_none(), "the platform has told of it: {message:#}"),
            other => panic!("{other}: {message:#}"),
        }
        if let Some(place) = entry {
            let before = last.insert(&one.conversation, *place);
            assert!(before.is_none_or(|before| before < *place), "out of order: {message:#}");
        }
    }
    figures
}
