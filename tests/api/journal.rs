//! The journal: what was answered with 200 is there, whatever happens to the database after; and how it is sent again.

use crate::bodies::{apply, deliveries, in_state, messages, post, text, text_body, texts, whatsapp};
use crate::support::{Setup, TestApp};
use serde_json::{Value, json};
use std::time::Duration;
use switchboard::{channels, clock};
use tokio_postgres::{Client, NoTls};

/// A connection to another database of the same server: from inside, a database can't be closed.
async fn outside() -> Client {
    let url = std::env::var("TEST_DATABASE_URL").unwrap();
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Takes the database away from everybody but the test's own connection, or gives it back.
async fn reachable(app: &TestApp, yes: bool) {
    let owner = app.database.owner();
    let name: String = owner.query_one("select current_database()::text", &[]).await.unwrap().get(0);
    outside().await.batch_execute(&format!("alter database {name} allow_connections {yes}")).await.unwrap();
    if !yes {
        hang_up(app).await;
    }
}

/// Ends the server's connections to the database.
async fn hang_up(app: &TestApp) {
    let others = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                  where datname = current_database() and pid <> pg_backend_pid()";
    app.number(others).await;
}

async fn health(app: &TestApp, what: &str) -> u16 {
    app.http.get(format!("{}/health/{what}", app.base)).send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_200_the_very_bytes_are_in_the_table() {
    let app = TestApp::start().await;
    let bodies: Vec<Vec<u8>> = vec![
        serde_json::to_vec_pretty(&text_body("905320000020", "wamid.bytes", "köşe 😍")).unwrap(),
        b" \t\r\n{\"object\" : \"page\", \"entry\":[]}\n\n".to_vec(),
        (0..=255).cycle().take(100_000).collect(),
        Vec::new(),
    ];
    for body in &bodies {
        assert_eq!(app.deliver("whatsapp", body).await, 200);
        // At once: nothing was waited for.
        let there = "select count(*) from webhook_delivery
                     where body = $1 and sha256(body) = sha256($1) and size = length($1) and platform = 'whatsapp'";
        let count: i64 = app.database.owner().query_one(there, &[body]).await.unwrap().get(0);
        assert_eq!(count, 1);
    }
    let weakened =
        "select count(*) from pg_db_role_setting where setconfig::text ~ 'synchronous_commit|fsync'";
    assert_eq!(app.number(weakened).await, 0, "no role and no database has durability turned off");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_database_the_server_says_503_and_everything_works_again_after() {
    let app = TestApp::start().await;
    apply(&app, &text_body("905320000021", "wamid.before", "before")).await;
    // Taken, and perhaps not applied when the database goes.
    let in_flight: Vec<Value> = (0..20)
        .map(|n| text_body("905320000021", &format!("wamid.flight{n}"), &format!("flight {n}")))
        .collect();
    let statuses = futures_util::future::join_all(in_flight.iter().map(|body| post(&app, body))).await;
    assert!(statuses.iter().all(|status| *status == 200));
    reachable(&app, false).await;

    let refused = text_body("905320000021", "wamid.refused", "said again later");
    for _ in 0..3 {
        let begin = clock::monotonic();
        assert_eq!(post(&app, &refused).await, 503);
        assert!(begin.elapsed() < Duration::from_secs(5), "a 503 took {:?}", begin.elapsed());
    }
    let body = refused.to_string();
    assert_eq!(
        app.deliver_signed("whatsapp", body.as_bytes(), "sha256=").await,
        401,
        "the signature comes first"
    );
    let begin = clock::monotonic();
    assert_eq!((health(&app, "live").await, health(&app, "ready").await), (200, 503));
    let (status, problem) = app.get("/conversations").await;
    assert_eq!((status, &problem["code"]), (503, &json!("unavailable")), "{problem}");
    assert!(begin.elapsed() < Duration::from_secs(8));

    reachable(&app, true).await;
    let begin = clock::monotonic();
    while health(&app, "ready").await != 200 {
        assert!(begin.elapsed() < Duration::from_secs(5), "not ready again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    apply(&app, &refused).await;
    apply(&app, &text_body("905320000021", "wamid.after", "after")).await;
    for words in ["before", "said again later", "after"] {
        assert_eq!(texts(&app, words).await, 1, "{words}");
    }
    for n in 0..20 {
        assert_eq!(texts(&app, &format!("flight {n}")).await, 1, "acknowledged, so applied once");
    }
    assert_eq!(app.number("select count(*) from webhook_delivery where state <> 'done'").await, 0);
    assert_eq!(app.get("/conversations").await.0, 200);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_break_while_webhooks_pour_in_lose_and_double_nothing() {
    let app = TestApp::start().await;
    let pouring = async {
        let mut taken = Vec::new();
        for n in 0..150 {
            let words = format!("pour {n}");
            let body = text_body(&format!("9053200{:05}", n % 7), &format!("wamid.pour{n}"), &words);
            // As the platform does: again until it is taken.
            while post(&app, &body).await != 200 {}
            taken.push(words);
        }
        taken
    };
    let breaking = async {
        for _ in 0..6 {
            tokio::time::sleep(Duration::from_millis(120)).await;
            hang_up(&app).await;
        }
    };
    let (taken, ()) = tokio::join!(pouring, breaking);
    // A commit whose answer was lost may have happened: such a row waits for the sweep, longer than a test does.
    app.database
        .owner()
        .batch_execute("update webhook_delivery set due_at = now() where state = 'received'")
        .await
        .unwrap();
    app.settle().await;
    for words in &taken {
        assert_eq!(texts(&app, words).await, 1, "{words}");
    }
    assert_eq!(app.number("select count(*) from webhook_delivery where state <> 'done'").await, 0);
    assert_eq!(app.count("select count(*) from customer where tenant_id = $1").await, 7);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_crash_left_behind_is_picked_up() {
    let app = TestApp::start().await;
    let insert = "insert into webhook_delivery (id, platform, size, body, received_at, due_at)
                  select gen_random_uuid(), 'whatsapp', length($1::bytea), $1::bytea, now() - interval '1 minute', now() + $2::text::interval";
    for n in 0..300 {
        let body =
            text_body(&format!("905320001{:03}", n % 40), &format!("wamid.crash{n}"), &format!("crash {n}"));
        let body = body.to_string().into_bytes();
        app.database.owner().execute(insert, &[&body, &"-1 second"]).await.unwrap();
        if n % 10 == 0 {
            // The platform may have sent it again too.
            assert_eq!(app.deliver("whatsapp", &body).await, 200);
        }
    }
    // What another process has just taken is its own.
    let fresh = text_body("905320001999", "wamid.fresh", "another's").to_string().into_bytes();
    app.database.owner().execute(insert, &[&fresh, &"1 hour"]).await.unwrap();
    let due = "select count(*) from webhook_delivery where state = 'received' and due_at < now() + interval '30 minutes'";
    let begin = clock::monotonic();
    while app.number(due).await > 0 {
        assert!(begin.elapsed() < Duration::from_secs(30), "the sweep does not come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(app.count("select count(*) from message where tenant_id = $1").await, 300);
    assert_eq!(app.count("select count(*) from conversation where tenant_id = $1").await, 40);
    assert_eq!(texts(&app, "another's").await, 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_captured_webhook_sent_again_does_nothing_however_late() {
    let app = TestApp::start().await;
    let body = messages(&[
        text("905320000022", "wamid.again1", 1_763_600_000, "first"),
        text("905320000022", "wamid.again2", 1_763_600_001, "second"),
    ]);
    apply(&app, &body).await;
    // The journal forgets, the rule does not.
    app.database
        .owner()
        .batch_execute("update webhook_delivery set received_at = now() - interval '60 days'")
        .await
        .unwrap();
    channels::drop_old_deliveries(&app.app.db, 30).await.unwrap();
    assert_eq!(app.number("select count(*) from webhook_delivery").await, 0);
    let place = app.count("select seq from tenant_counter where tenant_id = $1").await;
    for _ in 0..3 {
        apply(&app, &body).await;
    }
    // Batched anew: half of the old, and something new.
    let first = text("905320000022", "wamid.again1", 1_763_600_000, "first");
    let third = text("905320000022", "wamid.again3", 1_763_600_002, "third");
    assert_eq!(app.count("select seq from tenant_counter where tenant_id = $1").await, place, "not an event");
    apply(&app, &messages(&[first, third])).await;
    for words in ["first", "second", "third"] {
        assert_eq!(texts(&app, words).await, 1);
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_sends_deliveries_through_again_without_double_effects() {
    let app = TestApp::with(Setup { alone: true, ..Setup::default() }).await;
    for n in 0..5 {
        apply(&app, &text_body("905320000023", &format!("wamid.replay{n}"), &format!("replay {n}"))).await;
    }
    let before = app.fetch("/conversations?status=all").await;
    let done = in_state(&app, "done").await;
    assert_eq!(done.len(), 5);
    let (status, _) =
        app.call(reqwest::Method::POST, &format!("/webhook-deliveries/{}/replay", done[0]), None).await;
    assert_eq!(status, 202);
    app.settle().await;
    assert_eq!(app.fetch(&format!("/webhook-deliveries/{}", done[0])).await["attempts"], 2);
    let many = json!({ "ids": done });
    let (status, answer) = app.call(reqwest::Method::POST, "/webhook-deliveries/replay", Some(many)).await;
    assert_eq!((status, answer), (202, json!({ "count": 5 })));
    app.settle().await;
    assert_eq!(app.fetch("/conversations?status=all").await, before);
    assert_eq!(app.count("select count(*) from message where tenant_id = $1").await, 5);
    for (path, body, status) in [
        ("/webhook-deliveries/0193e6f2-0000-7000-8000-000000000001/replay", None, 404),
        ("/webhook-deliveries/nonsense/replay", None, 404),
        ("/webhook-deliveries/replay", Some(json!({ "state": "done" })), 422),
        ("/webhook-deliveries/replay", Some(json!({ "ids": ["x"] })), 400),
        ("/webhook-deliveries/replay", Some(json!({ "ids": vec![&done[0]; 1001] })), 422),
        ("/webhook-deliveries/replay", Some(json!({ "all": true })), 400),
    ] {
        assert_eq!(app.call(reqwest::Method::POST, path, body).await.0, status, "{path}");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_done_and_old_deliveries_are_forgotten() {
    let app = TestApp::start().await;
    let insert = "insert into webhook_delivery (id, platform, size, body, state, received_at, due_at)
                  select gen_random_uuid(), 'meta', 1, 'x', state, now() - age * interval '1 day', now() + interval '1 day'
                  from unnest(array['done', 'failed', 'unrouted', 'received']) as s (state),
                       generate_series(29, 31) as a (age), generate_series(1, 500) as n";
    app.database.owner().execute(insert, &[]).await.unwrap();
    channels::drop_old_deliveries(&app.app.db, 30).await.unwrap();
    for (state, left) in [("done", 500), ("failed", 1500), ("unrouted", 1500), ("received", 1500)] {
        let count = format!("select count(*) from webhook_delivery where state = '{state}'");
        assert_eq!(app.number(&count).await, left, "{state}");
    }
    let young = "select count(*) from webhook_delivery where state = 'done' and received_at < now() - interval '30 days'";
    assert_eq!(app.number(young).await, 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_is_shown_without_what_people_wrote() {
    let app = TestApp::with(Setup { alone: true, ..Setup::default() }).await;
    let contact = json!({ "profile": { "name": "Ayşe Yılmaz" }, "wa_id": "905324187650" });
    let said = text("905324187650", "wamid.masked0001", 1_763_600_000, "my secret sofa");
    let value = json!({ "contacts": [contact], "messages": [said] });
    apply(&app, &whatsapp(&[crate::bodies::change(crate::bodies::NUMBER, "messages", value)])).await;
    let id = in_state(&app, "done").await.remove(0);
    let shown = app.fetch(&format!("/webhook-deliveries/{id}")).await;
    for secret in ["Ayşe", "5324187650", "sofa", "wamid.masked"] {
        assert!(!shown.to_string().contains(secret), "{secret} in {shown:#}");
    }
    assert_eq!(shown["body"]["entry"][0]["changes"][0]["value"]["messages"][0]["type"], "text");
    assert_eq!(deliveries(&app, "my secret sofa").await, [("done".to_owned(), None)]);
    app.end().await;
}
