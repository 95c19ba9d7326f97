//! Users, and writes that are repeated.

use super::browser::App;
use super::{ME, REFRESH};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn administrators_manage_users() {
    let app = App::with_admin().await;
    let mut admin = app.signed_in().await;
    let form =
        |email: &str| json!({"email": email, "name": "Bo", "role": "agent", "password": "another long one"});
    let made = admin.post("/api/v1/users", form("Bo@Example.com")).await;
    assert_eq!(
        (made.status, &made.body["email"], &made.body["version"]),
        (201, &json!("bo@example.com"), &json!(1))
    );
    assert_eq!(made.body["permissions"][1], "inbox.reply:own");
    assert_eq!(admin.post("/api/v1/users", form("bo@example.com")).await.status, 422, "taken");
    let id = made.body["id"].as_str().expect("an id");
    let path = format!("/api/v1/users/{id}");

    let mut agent = app.browser();
    assert_eq!(agent.login("bo@example.com", "another long one").await.status, 200);
    assert_eq!(agent.post("/api/v1/users", form("c@example.com")).await.status, 403);
    assert_eq!(agent.post("/api/v1/users", json!({})).await.status, 403, "whatever the body");
    assert_eq!(app.program().post("/api/v1/users", json!({})).await.status, 401, "whatever the body");
    assert_eq!(agent.patch(&path, json!({"role": "administrator"})).await.status, 403);
    let list = agent.get("/api/v1/users").await;
    assert_eq!(list.body["items"].as_array().map(Vec::len), Some(2));
    assert!(!list.body.to_string().contains("@example.com"), "colleagues have names here");
    let list = admin.get("/api/v1/users?limit=1").await;
    let cursor = list.body["next_cursor"].as_str().expect("more");
    let rest = admin.get(&format!("/api/v1/users?limit=1&cursor={cursor}")).await;
    assert_eq!((&rest.body["items"][0]["name"], &rest.body["next_cursor"]), (&json!("ada"), &Value::Null));
    assert_eq!(admin.get("/api/v1/users?limit=201").await.status, 400);

    assert_eq!(admin.patch("/api/v1/users/none", json!({})).await.status, 404);
    assert_eq!(
        admin.patch("/api/v1/users/0193e6f2-0000-7000-8000-000000000001", json!({})).await.status,
        404
    );
    assert_eq!(admin.patch(&path, json!({"password": "x"})).await.status, 400);
    let renamed = admin.patch(&path, json!({"name": " Bo B. ", "version": 1})).await;
    assert_eq!((renamed.status, &renamed.body["name"]), (200, &json!("Bo B.")));
    assert_eq!(agent.get(ME).await.status, 200, "a name ends nothing");
    let stale = admin.patch(&path, json!({"role": "manager", "version": 1})).await;
    assert_eq!(
        (stale.status, stale.code(), &stale.body["current"]["version"]),
        (409, "version_conflict", &json!(2))
    );
    assert_eq!(admin.patch(&path, json!({"role": "manager"})).await.status, 200);
    assert_eq!(agent.get(ME).await.status, 401, "another role is another sign-in");
    assert_eq!(agent.login("bo@example.com", "another long one").await.status, 200);
    assert_eq!(admin.patch(&path, json!({"disabled": true})).await.status, 200);
    assert_eq!(agent.get(ME).await.status, 401);
    assert_eq!(agent.post(REFRESH, Value::Null).await.status, 401);
    assert_eq!(agent.login("bo@example.com", "another long one").await.status, 401);

    let ada = admin.get(ME).await.body["id"].as_str().expect("an id").to_owned();
    let alone = admin.patch(&format!("/api/v1/users/{ada}"), json!({"role": "agent"})).await;
    assert_eq!((alone.status, &alone.body["errors"][0]["code"]), (422, &json!("last_administrator")));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_write_gets_the_first_answer() {
    let app = App::with_admin().await;
    let admin = app.signed_in().await;
    let form =
        |email: &str| json!({"email": email, "name": "Bo", "role": "agent", "password": "another long one"});
    let keyed = admin.clone().with("idempotency-key", "k-1");
    let posts = (0..8).map(|_| {
        let mut keyed = keyed.clone();
        tokio::spawn(async move {
            keyed
                .post(
                    "/api/v1/users",
                    json!({"email": "bo@example.com", "name": "Bo", "role": "agent", "password": "another long one"}),
                )
                .await
        })
    });
    let answers: Vec<_> =
        futures_util::future::join_all(posts).await.into_iter().map(|answer| answer.expect("runs")).collect();
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.body == answers[0].body));
    assert_eq!(answers.iter().filter(|answer| answer.header("idempotency-replayed").is_empty()).count(), 1);
    let other = keyed.clone().post("/api/v1/users", form("c@example.com")).await;
    assert_eq!((other.status, &other.body["errors"][0]["code"]), (422, &json!("idempotency_key_reused")));
    assert_eq!(
        admin.clone().with("idempotency-key", "a b").post("/api/v1/users", form("d@x.test")).await.status,
        400
    );
    assert_eq!(admin.clone().get("/api/v1/users").await.body["items"].as_array().map(Vec::len), Some(2));
    app.sql("update idempotency_key set created_at = now() - interval '25 hours'").await;
    assert_eq!(switchboard::auth::forget_idempotency_keys(&app.db).await.expect("forgets"), 1);
    switchboard::auth::forget_expired(&app.db).await.expect("cleans");
    assert_eq!(admin.clone().get(ME).await.status, 200, "cleaning ends nothing");
    app.end().await;
}
