//! How fast messages go out: what a platform takes from a channel and to one person, and a channel that rests.

use crate::outbox::{Desk, accepted, refused};
use crate::realtime::setup::{eventually, eventually_within};
use crate::support::{TestApp, sample_channels};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use switchboard::channels::ChannelKind;
use switchboard::{clock, jobs};

/// Calls in a row that are refused by a limit before the channel rests.
const IN_VAIN: usize = 5;
const PATIENCE: Duration = Duration::from_secs(60);
/// Messages that WhatsApp takes to one person at once.
const LENT: usize = 45;

/// Somebody else writes; their conversation.
async fn another(desk: &Desk, number: &str) -> String {
    let at = clock::now().timestamp().to_string();
    let body = desk.change(&json!({
        "contacts": [{ "profile": { "name": number }, "wa_id": number }],
        "messages": [{ "from": number, "id": format!("wamid.in.{number}"), "timestamp": at,
                       "type": "text", "text": { "body": "Hello" } }],
    }));
    desk.deliver("whatsapp", &body).await;
    let list = desk.app.fetch(&format!("/conversations?q={number}")).await;
    list["items"][0]["id"].as_str().unwrap().to_owned()
}

async fn write(app: &TestApp, conversation: &str, text: &str) -> Value {
    let path = format!("/conversations/{conversation}/messages");
    let (status, message) =
        app.call(Method::POST, &path, Some(json!({ "client_id": text, "text": text }))).await;
    assert_eq!(status, 201, "{message}");
    message
}

fn texts(desk: &Desk) -> Vec<String> {
    let text = |body: &Value| {
        let text = body.pointer("/text/body").or_else(|| body.pointer("/message/text"));
        text.and_then(Value::as_str).map(str::to_owned)
    };
    desk.sent().iter().filter_map(text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_beyond_its_limit_rests_and_fails_nothing() {
    let mut desk = Desk::start(ChannelKind::Whatsapp).await;
    let page = sample_channels().into_iter().find(|channel| channel.kind == ChannelKind::Messenger).unwrap();
    let number = std::mem::replace(&mut desk.account, page.account_id);
    desk.hears(ChannelKind::Messenger, 0).await;
    desk.account = number;
    let messenger = desk.app.fetch("/conversations?q=7788").await;
    let mut limit = refused(429, 80_007);
    limit["_after"] = json!(3600);
    desk.graph(&limit);
    let mut conversations = vec![desk.conversation.clone()];
    for n in 0..IN_VAIN + 2 {
        conversations.push(another(&desk, &format!("9053288800{n:02}")).await);
    }
    for (n, conversation) in conversations.iter().enumerate() {
        write(&desk.app, conversation, &format!("limited {n}")).await;
        if n < IN_VAIN {
            eventually("a call", async || desk.sent().len() == n + 1).await;
        }
    }
    let page = messenger["items"][0]["id"].as_str().unwrap();
    write(&desk.app, page, "elsewhere").await;
    eventually("the other channel sends", async || texts(&desk).contains(&"elsewhere".to_owned())).await;
    assert_eq!(texts(&desk).len(), IN_VAIN + 1, "{:?}", texts(&desk));
    for conversation in &conversations {
        let list = desk.app.fetch(&format!("/conversations/{conversation}/messages")).await;
        let items = list["items"].as_array().unwrap().clone();
        let ours = items.iter().find(|item| item["direction"] == "out").unwrap();
        assert_eq!(ours["status"], "queued", "{ours:#}");
    }
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_gets_as_much_as_whatsapp_takes() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let answers: Vec<Value> = (0..=LENT).map(|n| accepted(&format!("wamid.out.{n}"))).collect();
    desk.graph(&Value::Array(answers));
    let other = another(&desk, "905328880000").await;
    let begin = clock::monotonic();
    for n in 0..=LENT {
        write(&desk.app, &desk.conversation, &format!("fast {n}")).await;
    }
    eventually("all that is lent", async || desk.sent().len() >= LENT).await;
    write(&desk.app, &other, "to somebody else").await;
    eventually("others don't wait", async || texts(&desk).contains(&"to somebody else".to_owned())).await;
    let fast: Vec<String> = texts(&desk).into_iter().filter(|text| text.starts_with("fast")).collect();
    let earned = usize::try_from(begin.elapsed().as_secs() / 6).unwrap();
    let expected: Vec<String> = (0..=LENT).map(|n| format!("fast {n}")).take(fast.len()).collect();
    assert_eq!(fast, expected);
    assert!(fast.len() <= LENT + earned, "{} in {:?}", fast.len(), begin.elapsed());
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_use_up_no_tries() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let mut limit = refused(429, 131_056);
    limit["_after"] = json!(1);
    let mut fault = refused(400, 131_016);
    fault["_after"] = json!(1);
    // Five faults would fail it.
    let mut answers = vec![limit; 4];
    answers.extend([fault, accepted("wamid.out.1")]);
    desk.graph(&Value::Array(answers));
    let message = write(&desk.app, &desk.conversation, "patience").await;
    // Five waits of a second each, and more on a busy machine.
    eventually_within(PATIENCE, "all calls", async || desk.sent().len() == 6).await;
    desk.becomes(&message, "sent").await;
    let tries = desk.app.number("select tries::bigint from message where direction = 'out'").await;
    assert_eq!(tries, 2, "the fault and the one that was taken");
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_runner_knows_when_the_next_job_is_due() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let db = &desk.app.app.db;
    let none = jobs::claim(db, 1, &["of_a_test"], &[]).await.unwrap();
    assert!(none.jobs.is_empty() && none.next_in.is_none());
    for (seconds, key) in [(1, "soon"), (3600, "late")] {
        let add = format!(
            "insert into job (id, tenant_id, kind, payload, unique_key, run_at)
             values (gen_random_uuid(), $1, 'of_a_test', '{{}}', '{key}', now() + interval '{seconds} seconds')
             returning 1::bigint"
        );
        assert_eq!(desk.app.count(&add).await, 1);
    }
    let waiting = jobs::claim(db, 1, &["of_a_test"], &[]).await.unwrap();
    let soon = waiting.jobs.len() == 1 || waiting.next_in.is_some_and(|next| next <= Duration::from_secs(1));
    assert!(soon, "{:?}", waiting.next_in);
    desk.app.end().await;
}
