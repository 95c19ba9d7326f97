//! Deliveries that can't be applied: set aside alone, with their reason, while their neighbours flow.

use crate::bodies::{
    NUMBER, apply, change, deliveries, in_state, items, messages, messages_of, post, text, text_body, texts,
    whatsapp,
};
use crate::support::{Setup, TestApp};
use serde_json::{Value, json};

/// Makes the database fail at messages whose text has the word in it.
async fn poison(app: &TestApp, word: &str, body: &str) {
    let statement = format!(
        "create sequence tries; grant usage on sequence tries to public;
         create function poison() returns trigger language plpgsql security definer as $$ begin
             if new.text like '%{word}%' then {body} end if; return new; end $$;
         create trigger poison before insert on message for each row execute function poison();"
    );
    app.database.owner().batch_execute(&statement).await.unwrap();
}

async fn cure(app: &TestApp) {
    app.database.owner().batch_execute("drop trigger poison on message").await.unwrap();
}

/// Posts bodies at the same time, so that they share batches.
async fn all_at_once(app: &TestApp, bodies: &[Value]) {
    let statuses = futures_util::future::join_all(bodies.iter().map(|body| post(app, body))).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poisoned_delivery_is_set_aside_alone_and_replayed_when_cured() {
    let app = TestApp::with(Setup { alone: true, ..Setup::default() }).await;
    poison(&app, "POISON", "raise exception 'this row is poison' using errcode = '22000';").await;
    let bodies: Vec<Value> = (0..40)
        .map(|n| {
            let words = if n % 13 == 5 { format!("POISON {n}") } else { format!("healthy {n}") };
            text_body(&format!("9053200010{:02}", n % 6), &format!("wamid.poison{n}"), &words)
        })
        .collect();
    all_at_once(&app, &bodies).await;
    for n in 0..40 {
        assert_eq!(texts(&app, &format!("healthy {n}")).await, i64::from(n % 13 != 5), "{n}");
    }
    let failed = deliveries(&app, "POISON").await;
    assert_eq!(failed.len(), 3);
    for (state, reason) in failed {
        assert_eq!(state, "failed");
        assert!(reason.is_some_and(|reason| reason.contains("this row is poison")));
    }
    // Replayed while it is poisoned still: failed again.
    let again = json!({ "state": "failed" });
    let replay = |body: Value| app.call(reqwest::Method::POST, "/webhook-deliveries/replay", Some(body));
    assert_eq!(replay(again.clone()).await, (202, json!({ "count": 3 })));
    app.settle().await;
    assert_eq!(in_state(&app, "failed").await.len(), 3);
    cure(&app).await;
    let one = in_state(&app, "failed").await.remove(0);
    let path = format!("/webhook-deliveries/{one}/replay");
    assert_eq!(app.call(reqwest::Method::POST, &path, None).await.0, 202);
    app.settle().await;
    assert_eq!(in_state(&app, "failed").await.len(), 2);
    let record = app.fetch(&format!("/webhook-deliveries/{one}")).await;
    assert_eq!((&record["state"], &record["reason"]), (&json!("done"), &Value::Null));
    assert_eq!(replay(again.clone()).await, (202, json!({ "count": 2 })));
    app.settle().await;
    assert_eq!(replay(again).await, (202, json!({ "count": 0 })));
    for n in [5, 18, 31] {
        assert_eq!(texts(&app, &format!("POISON {n}")).await, 1);
    }
    assert_eq!(app.count("select count(*) from message where tenant_id = $1").await, 40);
    assert_eq!(app.count("select count(*) from conversation where tenant_id = $1").await, 6);
    app.end().await;
}

/// What goes wrong in a database without being the delivery's fault: tried again, applied once.
async fn passes_after(failure: &str) {
    let app = TestApp::with(Setup { alone: true, ..Setup::default() }).await;
    poison(&app, "STUMBLE", &format!("if nextval('tries') <= 2 then {failure} end if;")).await;
    apply(&app, &text_body("905320000031", "wamid.stumble", "STUMBLE")).await;
    assert_eq!(texts(&app, "STUMBLE").await, 1, "{failure}");
    assert_eq!(deliveries(&app, "STUMBLE").await, [("done".to_owned(), None)], "{failure}");
    assert_eq!(app.number("select last_value from tries").await, 3, "{failure}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serialization_failures_are_tried_again() {
    passes_after("raise exception 'could not serialize access' using errcode = '40001';").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deadlocks_are_tried_again() {
    passes_after("raise exception 'deadlock detected' using errcode = '40P01';").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deadlocks_of_a_server_that_speaks_german_are_tried_again() {
    passes_after("raise exception 'Verklemmung entdeckt' using errcode = '40P01';").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_that_took_too_long_are_tried_again() {
    passes_after("raise exception 'canceling statement due to statement timeout' using errcode = '57014';")
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_in_the_middle_is_no_fault_of_the_delivery() {
    passes_after("perform pg_terminate_backend(pg_backend_pid());").await;
}

fn nested(depth: usize) -> String {
    format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
}

/// Longer than a key of an index can be, and not to be compressed.
fn long(make: impl Fn(u32) -> String) -> String {
    (0..4000).map(|n: u32| make(n.wrapping_mul(2_654_435_761))).collect()
}

fn hex() -> String {
    long(|n| format!("{n:x}"))
}

/// Members of `messages` that no platform should send, as text; `ID` is to be replaced.
fn odd_messages() -> Vec<String> {
    let of = |from: &str, at: &str, words: &str| {
        format!(r#"{{"from":"{from}","id":"ID","timestamp":"{at}","type":"text","text":{{"body":{words}}}}}"#)
    };
    let said = |words: &str| of("905320000042", "1763600000", words);
    let timed = |at: &str| of("905320000043", at, &format!("\"at {at}\""));
    let reacted = format!(
        r#"{{"from":"905320000042","id":"ID","timestamp":"1","type":"reaction","reaction":{{"message_id":"{0}","emoji":"{0}"}}}}"#,
        hex()
    );
    vec![
        said(r#""nul \u0000 inside""#),
        said(r#""lone \ud83d surrogate""#),
        said(r#""other \udc00\ud800 lone""#).replace("ID", "ID\\u0000"),
        said(&nested(64)),
        nested(64),
        nested(200),
        nested(100_000),
        vec!["0"; 100_000].join(","),
        said("{\"body\":7}"),
        said("null"),
        r#"{"from":{},"id":[],"timestamp":true,"type":7,"text":"x"}"#.to_owned(),
        timed("99999999999999999999"),
        timed("-99999999999"),
        timed("253402300800"),
        timed("9223372036854775807"),
        "null".to_owned(),
        said(&format!("\"{}\"", "x".repeat(3_000_000))),
        said("\"a long id\"").replace("ID", &hex()),
        of(&long(|n| n.to_string()), "1763600000", "\"a long number\""),
        of(&hex(), "1763600000", "\"a long sender\""),
        said("\"a long quote\"").replace("\"type\"", &format!(r#""context":{{"id":"{}"}},"type""#, hex())),
        reacted,
    ]
}

/// Bodies that can be read and say nothing, or nothing that can be kept.
fn odd_bodies() -> Vec<Value> {
    let of = |number: &str, value: Value| whatsapp(&[change(number, "messages", value)]);
    let named = json!({ "profile": { "name": hex(), "username": hex() }, "wa_id": "905320000044" });
    let status = json!({ "id": hex(), "status": "sent", "timestamp": "1", "recipient_id": "905320000044" });
    vec![
        json!({ "object": "page", "entry": [] }),
        json!({ "object": "page" }),
        json!({ "object": "page", "entry": {} }),
        json!({ "object": "page", "entry": [null, 7, "x", [], {}] }),
        json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1" }, { "id": "1", "changes": null }] }),
        json!({ "object": "instagram", "entry": [{ "id": "1", "messaging": [null, {}], "changes": [7] }] }),
        whatsapp(&[json!(null), json!({ "field": "messages" }), json!({ "field": 7, "value": [] })]),
        of(NUMBER, json!({})),
        of(
            NUMBER,
            json!({ "contacts": [named], "messages": [text("905320000044", "wamid.name", 1, "a long name")] }),
        ),
        of(NUMBER, json!({ "statuses": [status] })),
        of(&hex(), json!({ "messages": [text("905320000045", "wamid.account", 1, "x")] })),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_payloads_are_kept_and_their_neighbours_applied() {
    let app = TestApp::with(Setup { alone: true, ..Setup::default() }).await;
    let odd = odd_messages();
    let beside = |(n, odd): (usize, &String)| {
        let good = text("905320000041", &format!("wamid.good{n}"), 1_763_600_000, &format!("good {n}"));
        let odd = odd.replace("ID", &format!("wamid.odd{n}"));
        messages(&[json!("ODD"), good]).to_string().replace("\"ODD\"", &odd)
    };
    let mut bodies: Vec<String> = odd.iter().enumerate().map(beside).collect();
    bodies.extend(odd_bodies().iter().map(Value::to_string));
    let unreadable = [
        format!("{{\"object\":\"page\",\"entry\":{}", nested(200)),
        r#"{"object":"page","entry":[{"id":"1","messaging":[{"x":"\ud800"}]}"#.to_owned(),
    ];
    bodies.extend(unreadable.iter().cloned());
    let sent = bodies.iter().map(|body| app.deliver("whatsapp", body.as_bytes()));
    let statuses = futures_util::future::join_all(sent).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    app.settle().await;
    assert_eq!(app.number("select count(*) from webhook_delivery").await, bodies.len() as i64);
    let failed = items(&app, "/webhook-deliveries?state=failed").await;
    for delivery in &failed {
        let reason = delivery["reason"].as_str().unwrap();
        assert!(reason.contains("not JSON"), "{delivery:#}");
    }
    assert_eq!(failed.len(), unreadable.len(), "{failed:#?}");
    for (n, odd) in odd.iter().enumerate() {
        assert_eq!(texts(&app, &format!("good {n}")).await, 1, "beside {odd:.200}");
    }
    // What can be kept of the odd ones is.
    let kept = [
        "nul \u{fffd} inside",
        "nul  inside",
        "a long quote",
        "a long name",
        "at 253402300800",
        "at -99999999999",
    ];
    let mut found = Vec::new();
    for words in kept {
        found.push(texts(&app, words).await);
    }
    assert_eq!((found[0] + found[1], &found[2..]), (1, &[1, 1, 1, 1][..]), "{kept:?}");
    assert_eq!(texts(&app, &"x".repeat(3_000_000)).await, 1, "long, but said");
    for customer in items(&app, "/customers").await {
        assert!(customer["name"].as_str().unwrap().chars().count() <= 200);
        for message in messages_of(&app, &customer).await {
            assert!(!message.to_string().contains("\\u0000"));
        }
    }
    app.end().await;
}
