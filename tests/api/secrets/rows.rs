//! Rows that somebody has changed in the database.

use super::{CANARY, alone, definition, post, remove, rewrite, set, signed, until_signed};
use crate::support::{SECRET, TestApp};
use serde_json::json;

/// A broken secret is found, is not the environment's instead, and can be set anew.
async fn found_and_mended(app: &TestApp, what: &str) {
    until_signed(&app.base, "meta/webhook", CANARY, 503).await;
    assert_eq!(signed(app, SECRET).await, 503, "{what}: the environment's would be somebody's choice");
    assert_eq!(definition(app, "meta_app_secret").await["state"], "damaged", "{what}");
    let ready = reqwest::get(format!("{}/health/ready", app.base)).await.unwrap().status();
    assert_eq!(ready, 200, "{what}: one tenant's secret stops one tenant");
    set(app, "meta_app_secret", CANARY).await;
    assert_eq!((signed(app, CANARY).await, signed(app, "second").await), (200, 401), "{what}");
    assert_eq!(definition(app, "meta_app_secret").await["state"], "ok", "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_moved_and_former_records_are_found() {
    let app = alone().await;
    set(&app, "meta_app_secret", "second").await;
    set(&app, "meta_app_secret", CANARY).await;
    set(&app, "meta_access_token", "an-access-token").await;
    let current = "name = 'meta_app_secret' and replaced_at is null";
    for (what, statement) in [
        (
            "one bit",
            format!(
                "update secret set record = set_bit(record, 300, 1 - get_bit(record, 300)) where {current}"
            ),
        ),
        ("cut", format!("update secret set record = substr(record, 1, length(record) - 1) where {current}")),
        (
            "another secret's",
            format!(
                "update secret set record = (select record from secret where name = 'meta_access_token') where {current}"
            ),
        ),
        ("another version", format!("update secret set version = version + 1 where {current}")),
        ("emptied", format!("delete from secret where {current}")),
        ("all of it", "delete from secret where name = 'meta_app_secret'".to_owned()),
    ] {
        rewrite(&app, &statement).await;
        found_and_mended(&app, what).await;
    }
    // What was there before, row for row.
    let owner = app.database.owner();
    owner.batch_execute("create table copy as select * from secret").await.unwrap();
    set(&app, "meta_app_secret", "a-newer-app-secret").await;
    rewrite(&app, "delete from secret; insert into secret select * from copy; drop table copy").await;
    found_and_mended(&app, "rolled back").await;
    // A former value's record in a newer row, taken out and set again.
    owner
        .batch_execute("create table copy as select * from secret where name = 'meta_app_secret'")
        .await
        .unwrap();
    assert_eq!(remove(&app, "meta_app_secret").await.0, 200);
    set(&app, "meta_app_secret", "a-newer-app-secret").await;
    rewrite(
        &app,
        &format!("update secret set record = (select record from copy order by version desc limit 1) where {current}; drop table copy"),
    )
    .await;
    found_and_mended(&app, "before it was taken out").await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tenants_record_does_not_open() {
    let app = TestApp::start().await;
    let path = "whatsapp/webhook/default";
    set(&app, "meta_app_secret", CANARY).await;
    assert_eq!(post(&app.base, path, CANARY).await, 200);
    // All of it: the data key and the secret, of the same name and version.
    rewrite(
        &app,
        "insert into data_key select t.id, k.id, k.wrapped, k.encryptions, k.created_at, null from data_key k, tenant t where t.slug = 'noise';
         insert into secret select t.id, s.name, s.version, s.data_key_id, s.record, s.created_at, null, null
         from secret s, tenant t where t.slug = 'noise'",
    )
    .await;
    until_signed(&app.base, "whatsapp/webhook/noise", CANARY, 503).await;
    assert_eq!(post(&app.base, "whatsapp/webhook/noise", SECRET).await, 503);
    assert_eq!(post(&app.base, path, CANARY).await, 200, "the owner's goes on");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_key_at_its_limit_encrypts_no_more() {
    let app = alone().await;
    set(&app, "meta_app_secret", CANARY).await;
    let stop = 1_i64 << 24;
    rewrite(&app, &format!("update data_key set encryptions = {}", stop - 1)).await;
    set(&app, "meta_access_token", "an-access-token").await;
    assert_eq!(app.fetch("/system-config/definitions").await["data_key"]["rotation_due"], true);
    let (status, problem) = super::put(&app, "meta_verify_token", CANARY).await;
    assert_eq!((status, &problem["code"]), (503, &json!("data_key_exhausted")));
    app.app.secrets.renew_data_keys().await.unwrap();
    set(&app, "meta_verify_token", CANARY).await;
    assert_eq!(app.fetch("/system-config/definitions").await["data_key"]["rotation_due"], false);
    app.end().await;
}
