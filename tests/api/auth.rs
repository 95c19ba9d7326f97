//! Sign-in over real HTTP: set-up, passwords, tokens, and what every answer wears.

mod attempts;
mod browser;
mod sessions;
mod users;

use browser::{App, PASSWORD};
use serde_json::{Value, json};

const LOGIN: &str = "/api/v1/auth/login";
const REFRESH: &str = "/api/v1/auth/refresh";
const ME: &str = "/api/v1/auth/me";

#[tokio::test(flavor = "multi_thread")]
async fn set_up_happens_once_and_needs_the_printed_token() {
    let app = App::start().await;
    let token = app.setup_token.clone().expect("no user yet");
    let form = |token: &str| json!({"token": token, "email": "Ada@Example.com", "password": PASSWORD, "name": "Ada"});
    let path = "/api/v1/auth/setup";
    assert_eq!(app.browser().get(path).await.body, json!({"needed": true}));
    assert_eq!(app.browser().post(path, form("wrong")).await.status, 403);
    assert_eq!(app.browser().with("sec-fetch-site", "cross-site").post(path, form(&token)).await.status, 403);
    let weak = json!({"token": token, "email": "x", "password": "short", "name": ""});
    let refused = app.browser().post(path, weak).await;
    assert_eq!((refused.status, refused.body["errors"].as_array().map(Vec::len)), (422, Some(3)));

    // Two visitors at once: one becomes administrator.
    let (mut one, mut two) = (app.browser(), app.browser());
    let (first, second) = tokio::join!(one.post(path, form(&token)), two.post(path, form(&token)));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 403]);
    let won = if first.status == 200 { first } else { second };
    assert_eq!(won.body["user"]["role"], "administrator");
    assert_eq!(won.set_cookies().len(), 2);
    assert_eq!(app.browser().post(path, form(&token)).await.status, 403, "once there is a user");
    assert_eq!(app.browser().get(path).await.body, json!({"needed": false}));
    assert_eq!(app.browser().login("ada@example.com", PASSWORD).await.status, 200);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_gives_two_cookies_and_an_access_token() {
    let app = App::with_admin().await;
    let mut browser = app.browser();
    let answer = browser.login(" ADA@example.com", PASSWORD).await;
    assert_eq!(answer.status, 200);
    assert_eq!((&answer.body["token_type"], &answer.body["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert_eq!(answer.body["user"]["email"], "ada@example.com");
    assert!(
        answer.body["user"]["permissions"]
            .as_array()
            .is_some_and(|all| all.contains(&json!("inbox.reply:all")))
    );
    for (name, text) in answer.set_cookies() {
        assert!(["session", "refresh"].contains(&name.as_str()));
        assert!(text.contains("HttpOnly; SameSite=Lax; Path=/; Max-Age="), "{text}");
        let value = text.split(['=', ';']).nth(1).expect("a value");
        assert!(!answer.body.to_string().contains(value), "a cookie's value is in no body");
    }
    let me = browser.get(ME).await;
    assert_eq!((me.status, &me.body["name"], me.header("switchboard-seq")), (200, &json!("ada"), "0"));
    let token = answer.body["access_token"].as_str().expect("a token").to_owned();
    let bearer = format!("Bearer {token}");
    assert_eq!(app.program().with("authorization", &bearer).get(ME).await.status, 200);
    assert_eq!(app.program().get(ME).await.status, 401);
    // An access token that is none is not made good by a cookie; a cookie's token is no access token.
    let session = format!("Bearer {}", browser.cookies["session"]);
    let refresh = format!("Bearer {}", browser.cookies["refresh"]);
    for bad in ["Bearer x", "Basic eDp5", "Bearer", &session, &refresh, "Bearer eyJhbGciOiJub25lIn0.e30."] {
        assert_eq!(browser.clone().with("authorization", bad).get(ME).await.status, 401, "{bad}");
    }
    for query in ["token", "access_token"] {
        assert_eq!(browser.get(&format!("{ME}?{query}={token}")).await.status, 400);
    }
    app.sql("update access_token set expires_at = now()").await;
    assert_eq!(app.program().with("authorization", &bearer).get(ME).await.status, 401);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_e_mail_look_the_same() {
    let app = App::with_admin().await;
    let shown = |mut body: Value| {
        body["request_id"] = Value::Null;
        body
    };
    let wrong = app.browser().login("ada@example.com", "wrong horse battery").await;
    let unknown = app.browser().login("nobody@example.com", "wrong horse battery").await;
    assert_eq!((wrong.status, wrong.code()), (401, "unauthenticated"));
    assert_eq!((unknown.status, shown(unknown.body)), (401, shown(wrong.body)));
    app.sql("update app_user set disabled_at = now()").await;
    assert_eq!(app.browser().login("ada@example.com", PASSWORD).await.status, 401);
    app.sql("update app_user set disabled_at = null").await;

    // In turns of changing order, so that what else the machine does hits both alike.
    let mut times = [Vec::new(), Vec::new()];
    let emails = ["ada@example.com", "nobody@example.com"];
    for round in 0..60 {
        for place in [round / 2 % 2, 1 - round / 2 % 2] {
            let email = emails[place];
            let start = switchboard::clock::monotonic();
            assert_eq!(app.browser().login(email, "wrong horse battery").await.status, 401);
            times[place].push(start.elapsed());
        }
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64()
    });
    println!("median of a known e-mail {known:.4} s, of an unknown one {unknown:.4} s");
    assert!((known / unknown - 1.0).abs() < 0.5, "{known} {unknown}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_strict() {
    let app = App::with_admin().await;
    let mut browser = app.browser();
    for (body, status) in [
        (json!({"email": "a@b.test", "password": PASSWORD, "role": "administrator"}), 400),
        (json!({"email": 1, "password": PASSWORD}), 400),
        (json!({"email": "a@b.test"}), 400),
    ] {
        let answer = browser.post(LOGIN, body).await;
        assert_eq!((answer.status, answer.code()), (status, "bad_request"), "{:?}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    let mut plain = app.browser().with("content-type", "text/plain");
    assert_eq!(plain.post(LOGIN, json!({"email": "a", "password": "b"})).await.status, 415);
    let huge = json!({"email": "a".repeat(256 * 1024), "password": "b"});
    assert_eq!(browser.post(LOGIN, huge).await.status, 413);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_dressed() {
    let app = App::with_admin().await;
    let mut browser = app.browser();
    for (method, path, status, code) in [
        (reqwest::Method::GET, "/api/v1/none", 404, "not_found"),
        (reqwest::Method::GET, "/api/v1/auth/login", 405, "method_not_allowed"),
        (reqwest::Method::TRACE, "/api/v1/auth/me", 405, "method_not_allowed"),
        (reqwest::Method::DELETE, "/api/v1/users/x", 405, "method_not_allowed"),
        (reqwest::Method::GET, "/api/v1/auth/me", 401, "unauthenticated"),
    ] {
        let answer = browser.send(method, path, None).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(answer.header("x-request-id"), answer.body["request_id"].as_str().expect("an id"));
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    let answer = browser.get("/api/v1/auth/login").await;
    assert_eq!(answer.header("allow"), "POST");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_are_complete() {
    let app = App::start().await;
    let db = &app.db;
    let only = switchboard::tenants::only(db).await.expect("asks").expect("one");
    assert_eq!(switchboard::tenants::ensure(db).await.expect("again"), only);
    assert_eq!(switchboard::tenants::by_slug(db, "default").await.expect("asks"), Some(only));
    let acme = switchboard::tenants::create(db, "acme", "Acme").await.expect("made");
    assert!(switchboard::tenants::create(db, "acme", "Acme").await.is_err(), "taken");
    assert_eq!(switchboard::tenants::only(db).await.expect("asks"), None, "there are two");
    for tenant in [only, acme] {
        let tx = db.read(tenant).await.expect("reads");
        use diesel_async::RunQueryDsl;
        let row: switchboard::db::scalar::Word = switchboard::db::sql(
            "select string_agg(c.name || ':' || c.kind, ',' order by c.position)
                    || (select ' ' || kind || ' ' || confirmed || ' ' || length(site_key) from channel) as value
             from board b join board_column c on c.board_id = b.id where b.is_default",
        )
        .get_result(&mut tx.conn())
        .await
        .expect("a row");
        assert_eq!(row.value, "Potential:open,In progress:open,Won:won,Lost:lost website true 43");
    }
    let id = switchboard::auth::service::create_admin(
        db,
        "root@example.com",
        PASSWORD.into(),
        Some("acme"),
        switchboard::auth::Role::Administrator,
    )
    .await
    .expect("made");
    let mut browser = app.browser();
    let answer = browser.login("root@example.com", PASSWORD).await;
    assert_eq!(answer.body["user"]["id"], id.to_string());
    assert_eq!(browser.get("/api/v1/users").await.body["items"].as_array().map(Vec::len), Some(1));
    assert!(
        switchboard::auth::service::create_admin(
            db,
            "x@example.com",
            PASSWORD.into(),
            None,
            switchboard::auth::Role::Agent
        )
        .await
        .is_err(),
        "which tenant?"
    );
    app.end().await;
}
