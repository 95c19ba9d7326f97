//! Keys: other ones than those that secrets were stored with, and their rotation.

use super::{CANARY, KEY_A, KEY_B, alone, post, rewrite, set, until_signed};
use crate::support::database::{Template, TestDatabase};
use crate::support::graph::FakeGraph;
use crate::support::{SECRET, Setup, TOKEN, TestApp, config};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use switchboard::app::App;
use switchboard::secrets::Platform;
use switchboard::tenants;

/// A server on a database that is there already.
async fn node(database: &TestDatabase, graph: &FakeGraph, folder: &str, key: &str) -> App {
    let settings = [("APP_CONFIG_ENCRYPTION_KEY", key.to_owned()), ("DATA_DIR", folder.to_owned())];
    App::start(config(database, graph, &settings)).await.expect("it starts")
}

async fn call(app: &App, token: &str, method: Method, path: &str) -> (u16, Value) {
    let request = reqwest::Client::new().request(method, format!("http://{}{path}", app.address));
    let answer = request.bearer_auth(token).json(&json!({ "value": CANARY })).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn with_another_key_everything_is_locked_and_nothing_written_over() {
    let (database, graph) = (TestDatabase::create(Template::Alone).await, FakeGraph::new().await);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let token = TOKEN;
    database.owner().batch_execute("update session set signed_in_at = now()").await.unwrap();
    let app = node(&database, &graph, &data, KEY_A).await;
    let tenant = tenants::by_slug(&app.db, "default").await.unwrap().unwrap();
    assert_eq!(call(&app, token, Method::PUT, "/api/v1/system-config/meta_app_secret").await.0, 200);
    app.kill().await;
    let stored = "select md5(string_agg(s::text, ' ') || (select string_agg(k::text, ' ') from data_key k)) from secret s";
    let stored = async || database.owner().query_one(stored, &[]).await.unwrap().get::<_, String>(0);
    let before = stored().await;
    // Another key, and none: a new one would fit nothing.
    for key in [KEY_B, ""] {
        let app = node(&database, &graph, &data, key).await;
        let base = format!("http://{}", app.address);
        let locked = |(status, problem): (u16, Value)| {
            (status, problem["code"].as_str().unwrap_or_default().to_owned())
        };
        let expected = (503, "secrets_locked".to_owned());
        assert_eq!(locked(call(&app, token, Method::GET, "/health/ready").await), expected);
        for method in [Method::PUT, Method::DELETE] {
            let path = "/api/v1/system-config/meta_app_secret";
            assert_eq!(locked(call(&app, token, method, path).await), expected);
        }
        assert_eq!(
            (post(&base, "meta/webhook", CANARY).await, post(&base, "meta/webhook", SECRET).await),
            (503, 503)
        );
        let (_, definitions) = call(&app, token, Method::GET, "/api/v1/system-config/definitions").await;
        let app_secret = &definitions["items"][1];
        assert_eq!(
            (&app_secret["state"], &app_secret["hint"]),
            (&json!("locked"), &Value::Null),
            "{definitions}"
        );
        assert!(app.secrets.access_token(Platform::Meta, tenant).is_err(), "nor the environment's");
        app.kill().await;
        assert_eq!(stored().await, before);
        assert!(!folder.path().join("config.key").exists());
    }
    let app = node(&database, &graph, &data, &format!("{KEY_B},{KEY_A}")).await;
    let base = format!("http://{}", app.address);
    assert_eq!(
        (post(&base, "meta/webhook", CANARY).await, call(&app, token, Method::GET, "/health/ready").await.0),
        (200, 200)
    );
    app.kill().await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_rotated_beside_a_running_node() {
    let app = alone().await;
    for (key, value) in
        [("meta_app_secret", "first"), ("meta_app_secret", "second"), ("meta_access_token", CANARY)]
    {
        set(&app, key, value).await;
    }
    let both = format!("{KEY_B},{KEY_A}");
    let data = app.data.path().join("other").display().to_string();
    let other = node(&app.database, &app.graph, &data, &both).await;
    let done = other.secrets.rewrap().await.unwrap();
    assert_eq!((done.rewrapped, done.damaged), (1, 0));
    assert_eq!(other.secrets.rewrap().await.unwrap().rewrapped, 0, "it was done");
    let before = app.number("select count(distinct data_key_id) from secret").await;
    let done = other.secrets.renew_data_keys().await.unwrap();
    assert_eq!((done.resealed, done.damaged, before), (3, 0, 1));
    assert_eq!(app.number("select count(*) from data_key").await, 1, "the former one is gone");
    assert_eq!(app.number("select encryptions from data_key").await, 3);
    other.kill().await;
    // The new key alone opens everything.
    let new = node(&app.database, &app.graph, &data, KEY_B).await;
    let base = format!("http://{}", new.address);
    for value in ["first", "second"] {
        assert_eq!(post(&base, "meta/webhook", value).await, 200, "{value}");
    }
    let token = new.secrets.access_token(Platform::Meta, app.tenant).unwrap().unwrap();
    assert_eq!(token.expose_secret(), CANARY);
    new.kill().await;
    // The node that has the former key only takes nothing for granted.
    until_signed(&app.base, "whatsapp/webhook", "second", 503).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_was_stopped_half_way_is_taken_up() {
    let settings = vec![("APP_CONFIG_ENCRYPTION_KEY", KEY_A.to_owned())];
    let mut app = TestApp::with(Setup { settings, alone: false }).await;
    set(&app, "meta_access_token", "of-the-first-tenant").await;
    let first = app.tenant;
    app.turn_over().await;
    set(&app, "meta_access_token", "of-the-second-tenant").await;
    let data = app.data.path().join("other").display().to_string();
    let other = node(&app.database, &app.graph, &data, &format!("{KEY_B},{KEY_A}")).await;
    // As it is when the command dies between two tenants.
    let owner = app.database.owner();
    owner.batch_execute("create table copy as select * from data_key").await.unwrap();
    assert_eq!(other.secrets.rewrap().await.unwrap().rewrapped, 2);
    let back = format!(
        "update data_key k set wrapped = c.wrapped from copy c where c.id = k.id and k.tenant_id = '{}'; drop table copy",
        first.id()
    );
    rewrite(&app, &back).await;
    assert!(other.secrets.catch_up().await);
    let texts = |node: &App| {
        [first, app.tenant].map(|tenant| {
            let token = node.secrets.access_token(Platform::Meta, tenant).unwrap().unwrap();
            token.expose_secret().to_owned()
        })
    };
    let expected = ["of-the-first-tenant", "of-the-second-tenant"];
    assert_eq!(texts(&other), expected, "each under one of both keys");
    assert_eq!(other.secrets.rewrap().await.unwrap().rewrapped, 1, "the rest");
    other.kill().await;
    let new = node(&app.database, &app.graph, &data, KEY_B).await;
    assert_eq!(texts(&new), expected);
    new.kill().await;
    app.end().await;
}
