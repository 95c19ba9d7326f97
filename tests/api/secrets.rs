//! Secrets that administrators keep: how they are changed, what they do, and what becomes of broken ones.

use crate::records;
use crate::support::{SECRET, Setup, TestApp, VERIFY_TOKEN, config};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::time::Duration;
use switchboard::app::App;
use switchboard::secrets::Platform;
use switchboard::tenants;
use webhooks::signature::sign;

mod keys;
mod rows;

const CANARY: &str = "canary-5f1d0c-secret-value-0042";
/// Base64 of 32 bytes.
const KEY_A: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const KEY_B: &str = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";
const BODY: &[u8] = br#"{"object":"whatsapp_business_account","entry":[]}"#;

async fn alone() -> TestApp {
    let settings = vec![("APP_CONFIG_ENCRYPTION_KEY", KEY_A.to_owned())];
    TestApp::with(Setup { settings, alone: true }).await
}

async fn put(app: &TestApp, key: &str, value: &str) -> (u16, Value) {
    app.call(Method::PUT, &format!("/system-config/{key}"), Some(json!({ "value": value }))).await
}

/// Sets a secret, which must do.
async fn set(app: &TestApp, key: &str, value: &str) -> Value {
    let (status, body) = put(app, key, value).await;
    assert_eq!(status, 200, "{key}: {body}");
    body
}

async fn remove(app: &TestApp, key: &str) -> (u16, Value) {
    app.call(Method::DELETE, &format!("/system-config/{key}"), None).await
}

async fn definition(app: &TestApp, key: &str) -> Value {
    let definitions = app.fetch("/system-config/definitions").await;
    let mut items = definitions["items"].as_array().unwrap().iter();
    items.find(|item| item["key"] == key).unwrap_or_else(|| panic!("{key} in {definitions}")).clone()
}

/// The status of a webhook with that signature, at the end of an address.
async fn post(base: &str, path: &str, secret: &str) -> u16 {
    let request = reqwest::Client::new().post(format!("{base}/api/{path}")).body(BODY);
    let request = request.header("x-hub-signature-256", sign(BODY, secret.as_bytes()));
    request.send().await.unwrap().status().as_u16()
}

async fn signed(app: &TestApp, secret: &str) -> u16 {
    post(&app.base, "whatsapp/webhook", secret).await
}

async fn verified(app: &TestApp, token: &str) -> u16 {
    let query = [("hub.mode", "subscribe"), ("hub.verify_token", token), ("hub.challenge", "1")];
    let request = app.http.get(format!("{}/api/instagram/webhook", app.base)).query(&query);
    request.send().await.unwrap().status().as_u16()
}

/// Changes rows as their owner, and tells the nodes to read them.
async fn rewrite(app: &TestApp, statement: &str) {
    let told = "update installation set secrets_changes = secrets_changes + 1";
    app.database.owner().batch_execute(&format!("{statement}; {told}")).await.expect(statement);
}

/// Waits until a webhook with that signature has that status.
async fn until_signed(base: &str, path: &str, secret: &str, status: u16) {
    let mut last = 0;
    for _ in 0..400 {
        last = post(base, path, secret).await;
        if last == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{path}: {last}, never {status}");
}

/// Every row of every table, as text; bytes as hex.
async fn dump(app: &TestApp) -> String {
    let owner = app.database.owner();
    let tables = "select relname::text from pg_class where relnamespace = 'public'::regnamespace
                  and relkind in ('r', 'p') and not relispartition";
    let mut text = String::new();
    for table in owner.query(tables, &[]).await.unwrap() {
        let table: String = table.get(0);
        let rows = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
        text += &owner.query_one(&rows, &[]).await.unwrap().get::<_, String>(0);
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_goes_in_and_never_comes_out() {
    let app = alone().await;
    let answer = set(&app, "whatsapp_access_token", &format!(" {CANARY}\n")).await;
    assert_eq!(
        (&answer["key"], &answer["is_set"], &answer["source"], &answer["hint"], &answer["state"]),
        (&json!("whatsapp_access_token"), &json!(true), &json!("config"), &json!("••••0042"), &json!("ok"))
    );
    assert!(answer["updated_by"]["name"].is_string() && answer["updated_at"].is_string(), "{answer}");
    let token = app.app.secrets.access_token(Platform::Whatsapp, app.tenant).unwrap().unwrap();
    assert_eq!(token.expose_secret(), CANARY);
    let definitions = app.fetch("/system-config/definitions").await;
    assert_eq!(definitions["items"].as_array().unwrap().len(), 10);
    assert_eq!(definitions["data_key"]["encryptions"], 1);
    set(&app, "meta_verify_token", CANARY).await;
    set(&app, "meta_verify_token", "short").await;
    assert_eq!(definition(&app, "meta_verify_token").await["hint"], Value::Null, "of a short one");
    let events =
        app.count("select count(*) from event where tenant_id = $1 and name = 'secret.updated'").await;
    assert_eq!(events, 3);
    let hex = data_encoding::HEXLOWER.encode(CANARY.as_bytes());
    let texts = [answer.to_string(), definitions.to_string(), dump(&app).await];
    for text in texts {
        assert!(!text.contains(CANARY) && !text.contains(&hex), "{text}");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_who_have_just_signed_in_may_write() {
    let app = alone().await;
    for role in ["agent", "manager"] {
        let (_, token) = records::user_of(&app, app.tenant.id(), role).await;
        for (method, path) in [
            (Method::GET, "definitions"),
            (Method::PUT, "meta_app_secret"),
            (Method::DELETE, "meta_app_secret"),
        ] {
            let url = format!("{}/api/v1/system-config/{path}", app.base);
            let request = app.http.request(method, url).bearer_auth(&token).json(&json!({ "value": "a" }));
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 403, "{role} {path}");
            assert_eq!(answer.json::<Value>().await.unwrap()["code"], "forbidden");
        }
    }
    for key in ["META_APP_SECRET", "whatsapp_app_id", "database_url", "definitions"] {
        assert_eq!(put(&app, key, "a").await.0, 404, "{key}");
    }
    for (body, status) in [
        (json!({}), 400),
        (json!({ "value": 1 }), 400),
        (json!({ "value": "a", "more": 1 }), 400),
        (json!({ "value": " " }), 422),
        (json!({ "value": "a b" }), 422),
        (json!({ "value": "a".repeat(2049) }), 422),
    ] {
        let (answered, problem) =
            app.call(Method::PUT, "/system-config/meta_app_secret", Some(body.clone())).await;
        assert_eq!(answered, status, "{body}: {problem}");
    }
    app.database
        .owner()
        .batch_execute("update session set signed_in_at = now() - interval '301 s'")
        .await
        .unwrap();
    let refused = [put(&app, "meta_app_secret", "a").await, remove(&app, "meta_app_secret").await];
    for (status, problem) in refused {
        assert_eq!((status, &problem["code"]), (403, &json!("step_up_required")));
    }
    assert_eq!(app.get("/system-config/definitions").await.0, 200, "looking needs no fresh sign-in");
    assert_eq!(app.number("select count(*) from secret").await, 0);
    assert_eq!(app.number("select count(*) from data_key").await, 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_own_value_counts_before_the_environments() {
    let app = alone().await;
    let before = definition(&app, "meta_app_secret").await;
    assert_eq!((&before["source"], &before["hint"]), (&json!("env"), &json!("••••0001")));
    assert_eq!(definition(&app, "whatsapp_app_secret").await["source"], "none");
    assert_eq!(definition(&app, "whatsapp_app_secret").await["falls_back_to"], "meta_app_secret");
    set(&app, "meta_access_token", "own-access-token").await;
    let token = || app.app.secrets.access_token(Platform::Meta, app.tenant).unwrap().unwrap();
    assert_eq!(token().expose_secret(), "own-access-token");
    let (status, after) = remove(&app, "meta_access_token").await;
    assert_eq!((status, &after["source"], &after["is_set"]), (200, &json!("env"), &json!(true)));
    assert_eq!(token().expose_secret(), "test-access-token");
    // Once more changes nothing.
    assert_eq!(remove(&app, "meta_access_token").await.0, 200);
    assert_eq!(remove(&app, "instagram_access_token").await.1["source"], "none");
    assert_eq!(app.number("select count(*) from event where name = 'secret.updated'").await, 2);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_value_and_the_same_request_change_nothing() {
    let app = alone().await;
    let first = set(&app, "meta_app_secret", CANARY).await;
    assert_eq!(set(&app, "meta_app_secret", CANARY).await["updated_at"], first["updated_at"]);
    assert_eq!(app.number("select count(*) from secret").await, 1);
    let keyed = async |value: &str| {
        let url = format!("{}/api/v1/system-config/meta_app_secret", app.base);
        let request = app.http.put(url).bearer_auth(&app.token).header("idempotency-key", "one");
        let answer = request.json(&json!({ "value": value })).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let made = keyed("another-app-secret").await;
    set(&app, "meta_app_secret", "a-third-app-secret").await;
    assert_eq!(keyed("another-app-secret").await, made);
    assert_eq!(keyed("a-fourth-app-secret").await.0, 422);
    assert_eq!(app.number("select count(*) from secret").await, 3);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replaced_secrets_and_tokens_are_accepted_for_48_hours() {
    let app = alone().await;
    for value in ["first", "second", "third"] {
        set(&app, "meta_app_secret", value).await;
        set(&app, "meta_verify_token", value).await;
    }
    for value in ["first", "second", "third"] {
        assert_eq!((signed(&app, value).await, verified(&app, value).await), (200, 200), "{value}");
    }
    assert_eq!(
        (signed(&app, SECRET).await, verified(&app, VERIFY_TOKEN).await),
        (200, 200),
        "the environment's"
    );
    assert_eq!((signed(&app, "fourth").await, verified(&app, "fourth").await), (401, 403));
    assert!(definition(&app, "meta_app_secret").await["overlap_until"].is_string());
    // Two days before: the first one was replaced, by the second one.
    rewrite(
        &app,
        "update secret set created_at = created_at - interval '60 h' where version <= 2;
         update secret set replaced_at = replaced_at - interval '48 h' where version = 1",
    )
    .await;
    until_signed(&app.base, "whatsapp/webhook", "first", 401).await;
    assert_eq!((signed(&app, SECRET).await, verified(&app, VERIFY_TOKEN).await), (401, 403));
    assert_eq!(verified(&app, "first").await, 403);
    for value in ["second", "third"] {
        assert_eq!((signed(&app, value).await, verified(&app, value).await), (200, 200), "{value}");
    }
    // Taken out: none of them any more, and the environment's.
    assert_eq!(remove(&app, "meta_app_secret").await.0, 200);
    assert_eq!(
        (signed(&app, "third").await, signed(&app, "second").await, signed(&app, SECRET).await),
        (401, 401, 200)
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_several_tenants_only_the_slugs_address_has_their_secrets() {
    let app = TestApp::start().await;
    set(&app, "whatsapp_app_secret", CANARY).await;
    assert_eq!(signed(&app, CANARY).await, 401, "without slug: the environment's only");
    assert_eq!(signed(&app, SECRET).await, 200);
    assert_eq!(post(&app.base, "whatsapp/webhook/default", CANARY).await, 200);
    assert_eq!(post(&app.base, "whatsapp/webhook/noise", CANARY).await, 401, "another tenant's address");
    assert_eq!(post(&app.base, "whatsapp/webhook/noise", SECRET).await, 200);
    assert_eq!(post(&app.base, "whatsapp/webhook/nobody", SECRET).await, 404);
    let noise = tenants::by_slug(&app.app.db, "noise").await.unwrap().unwrap();
    let (_, token) = records::user_of(&app, noise.id(), "administrator").await;
    let url = format!("{}/api/v1/system-config/definitions", app.base);
    let theirs = app.http.get(url).bearer_auth(token).send().await.unwrap().text().await.unwrap();
    assert!(theirs.contains(r#""source":"env""#) && !theirs.contains(r#""source":"config""#), "{theirs}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_tenant_ends_what_the_only_one_had() {
    let app = alone().await;
    set(&app, "meta_app_secret", CANARY).await;
    assert_eq!(signed(&app, CANARY).await, 200);
    tenants::create(&app.app.db, "second", "Second").await.unwrap();
    until_signed(&app.base, "whatsapp/webhook", CANARY, 401).await;
    assert_eq!(post(&app.base, "whatsapp/webhook/default", CANARY).await, 200);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_live_on_the_other_node() {
    let app = alone().await;
    let settings = [
        ("APP_CONFIG_ENCRYPTION_KEY", KEY_A.to_owned()),
        ("DATA_DIR", app.data.path().join("other").display().to_string()),
    ];
    let other = App::start(config(&app.database, &app.graph, &settings)).await.expect("the second node");
    let base = format!("http://{}", other.address);
    assert_eq!(post(&base, "whatsapp/webhook", CANARY).await, 401);
    set(&app, "meta_app_secret", CANARY).await;
    assert_eq!(signed(&app, CANARY).await, 200, "at once where it was changed");
    until_signed(&base, "whatsapp/webhook", CANARY, 200).await;
    remove(&app, "meta_app_secret").await;
    until_signed(&base, "whatsapp/webhook", CANARY, 401).await;
    other.kill().await;
    app.end().await;
}
