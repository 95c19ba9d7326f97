//! Sessions: refreshed, ended, used from the app's own page only, also by sockets.

use super::browser::{App, PASSWORD};
use super::{ME, REFRESH};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn refreshing_replaces_tokens_and_a_second_use_ends_the_session() {
    let app = App::with_admin().await;
    let mut browser = app.signed_in().await;
    let stolen = browser.clone();
    let before = browser.cookies.clone();
    let answer = browser.post(REFRESH, Value::Null).await;
    assert_eq!((answer.status, answer.set_cookies().len()), (200, 2));
    assert_ne!(browser.cookies["refresh"], before["refresh"]);
    assert_eq!(browser.cookies["session"], before["session"], "a working one stays");
    let token = answer.body["access_token"].as_str().expect("a token");
    let bearer = format!("Bearer {token}");
    let mut socket = app.socket(token).await;

    // A parallel tab, at the same moment: both go on.
    let mut tab = stolen.clone();
    assert_eq!(tab.post(REFRESH, Value::Null).await.status, 200);
    assert_eq!(tab.get(ME).await.status, 200);
    let mut next = browser.clone();
    assert_eq!(next.post(REFRESH, Value::Null).await.status, 200, "the successor is used");
    assert_eq!(next.get(ME).await.status, 200);

    // The old one again, after its successor was used: ended for everybody.
    let again = stolen.clone().post(REFRESH, Value::Null).await;
    assert_eq!((again.status, again.code()), (401, "unauthenticated"));
    assert_eq!(next.get(ME).await.status, 401);
    assert_eq!(next.post(REFRESH, Value::Null).await.status, 401);
    assert_eq!(app.program().with("authorization", &bearer).get(ME).await.status, 401);
    assert_eq!(app.closed(&mut socket).await, 4001, "sockets hear of it");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_grace_is_over_after_ten_seconds() {
    let app = App::with_admin().await;
    let mut browser = app.signed_in().await;
    let mut old = browser.clone();
    assert_eq!(browser.post(REFRESH, Value::Null).await.status, 200);
    app.sql("update refresh_token set replaced_at = replaced_at - interval '11 seconds'").await;
    assert_eq!(old.post(REFRESH, Value::Null).await.status, 401);
    assert_eq!(browser.get(ME).await.status, 401, "the session is ended");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_refreshes_at_once_leave_a_working_session() {
    let app = App::with_admin().await;
    let browser = app.signed_in().await;
    let tabs = (0..50).map(|_| {
        let mut tab = browser.clone();
        tokio::spawn(async move {
            let status = tab.post(REFRESH, Value::Null).await.status;
            (status, tab)
        })
    });
    for tab in futures_util::future::join_all(tabs).await {
        let (status, mut tab) = tab.expect("runs");
        assert_eq!((status, tab.get(ME).await.status), (200, 200));
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_when_idle_old_or_left() {
    let app = App::with_admin().await;
    let mut browser = app.signed_in().await;
    app.sql("update session set last_seen_at = now() - interval '12 hours' + interval '1 minute'").await;
    assert_eq!(browser.get(ME).await.status, 200, "not yet, and that was a use");
    app.sql("update session set last_seen_at = last_seen_at - interval '12 hours' + interval '1 minute'")
        .await;
    assert_eq!(browser.get(ME).await.status, 200);
    app.sql("update session set last_seen_at = now() - interval '12 hours'").await;
    assert_eq!(browser.get(ME).await.status, 401, "idle");
    let old = browser.cookies["session"].clone();
    assert_eq!(browser.post(REFRESH, Value::Null).await.status, 200, "but not signed out");
    assert_eq!(browser.get(ME).await.status, 200);
    app.sql("update session set expires_at = now(); update access_token set expires_at = now()").await;
    assert_eq!(browser.get(ME).await.status, 401, "seven days");
    assert_eq!(browser.post(REFRESH, Value::Null).await.status, 200);
    assert_ne!(browser.cookies["session"], old);
    assert_eq!(browser.get(ME).await.status, 200);
    app.sql("update session set signed_in_at = now() - interval '30 days'").await;
    assert_eq!(browser.post(REFRESH, Value::Null).await.status, 401, "thirty days");

    let mut browser = app.signed_in().await;
    let left = browser.clone();
    let answer = browser.post("/api/v1/auth/logout", Value::Null).await;
    assert_eq!((answer.status, answer.header("clear-site-data")), (204, "\"cookies\", \"storage\""));
    assert!(browser.cookies.is_empty());
    assert_eq!(left.clone().get(ME).await.status, 401);
    assert_eq!(left.clone().post(REFRESH, Value::Null).await.status, 401);
    assert_eq!(left.clone().post("/api/v1/auth/logout", Value::Null).await.status, 204, "twice is fine");
    assert_eq!(app.browser().post("/api/v1/auth/logout", Value::Null).await.status, 401);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_by_cookie_come_from_the_app() {
    let app = App::with_admin().await;
    let mut browser = app.signed_in().await;
    let port = app.base.rsplit(':').next().expect("a port");
    let ticket = "/api/v1/auth/ticket";
    for (site, origin, status) in [
        ("same-origin", String::new(), 200),
        ("", format!("http://localhost:{port}"), 200),
        ("", format!("http://127.0.0.1:{port}"), 200),
        ("", String::new(), 403),
        ("", "http://evil.test".to_owned(), 403),
        ("", "null".to_owned(), 403),
        ("", format!("http://localhost:{port}.evil.test"), 403),
        ("cross-site", String::new(), 403),
        ("same-site", String::new(), 403),
        ("cross-site", "http://evil.test".to_owned(), 403),
    ] {
        let mut page = browser.clone().with("sec-fetch-site", site).with("origin", &origin);
        assert_eq!(page.post(ticket, Value::Null).await.status, status, "{site} {origin}");
        for path in [REFRESH, "/api/v1/auth/logout"] {
            if status == 403 {
                assert_eq!(page.post(path, Value::Null).await.status, 403, "{path} {site} {origin}");
            }
        }
        assert_eq!(page.get(ME).await.status, 200, "reading is not refused");
    }
    let answer = browser.post(REFRESH, Value::Null).await;
    let bearer = format!("Bearer {}", answer.body["access_token"].as_str().expect("a token"));
    assert_eq!(app.program().with("authorization", &bearer).post(ticket, Value::Null).await.status, 200);
    let mut foreign = app.program().with("origin", "http://evil.test");
    assert_eq!(foreign.login("ada@example.com", PASSWORD).await.status, 403, "signing others in");
    assert_eq!(app.program().login("ada@example.com", PASSWORD).await.status, 200);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_sign_in_by_ticket_cookie_or_token() {
    let app = App::with_admin().await;
    let mut browser = app.signed_in().await;
    let port = app.base.rsplit(':').next().expect("a port");
    let socket = "/api/v1/realtime";
    let page = browser.clone().with("sec-fetch-site", "");
    for (origin, status) in [
        ("", 403),
        ("null", 403),
        ("http://evil.test", 403),
        (&*format!("http://localhost:{port}"), 101),
        (&*format!("http://localhost:{port}.evil.test"), 403),
    ] {
        assert_eq!(page.clone().with("origin", origin).get(socket).await.status, status, "{origin}");
    }
    assert_eq!(app.program().get(socket).await.status, 401);
    let answer = browser.post("/api/v1/auth/ticket", Value::Null).await;
    assert_eq!(answer.body["expires_in"], 30);
    let by_ticket = format!("{socket}?ticket={}", answer.body["ticket"].as_str().expect("a ticket"));
    let uses = (0..20).map(|_| {
        let mut program = app.program();
        let path = by_ticket.clone();
        tokio::spawn(async move { program.get(&path).await.status })
    });
    let statuses: Vec<u16> =
        futures_util::future::join_all(uses).await.into_iter().map(|status| status.expect("runs")).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 101).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 19);
    let answer = browser.post("/api/v1/auth/ticket", Value::Null).await;
    app.sql("update socket_ticket set expires_at = now()").await;
    let expired = format!("{socket}?ticket={}", answer.body["ticket"].as_str().expect("a ticket"));
    assert_eq!(browser.get(&expired).await.status, 401, "the cookie does not make it good");
    let session = &browser.cookies["session"].clone();
    assert_eq!(browser.get(&format!("{socket}?token={session}")).await.status, 400);
    assert_eq!(app.program().get(&format!("{socket}?ticket={session}")).await.status, 401);
    let token =
        browser.post(REFRESH, Value::Null).await.body["access_token"].as_str().expect("a token").to_owned();
    let mut program = app.program().with("authorization", &format!("Bearer {token}"));
    assert_eq!(program.get(socket).await.status, 101);
    app.end().await;
}
