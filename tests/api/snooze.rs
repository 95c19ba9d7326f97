//! A snoozed conversation wakes up at its time, and only then.

use crate::crm::{Crm, ago};
use crate::realtime::setup::eventually;
use crate::support::{Setup, TestApp, config, sample};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use switchboard::app::App;
use switchboard::clock;
use uuid::Uuid;

const JOBS: &str = "select count(*) as value from job where kind = 'wake_conversation'";

fn soon(milliseconds: i64) -> DateTime<Utc> {
    clock::now() + TimeDelta::milliseconds(milliseconds)
}

async fn conversation(crm: &Crm) -> Uuid {
    let customer = crm.a.customer(&crm.db, "One", None).await;
    crm.a.conversation(&crm.db, customer, ago(1)).await
}

/// Edits, and returns what is there then.
async fn edit(crm: &Crm, id: Uuid, edit: Value) -> Value {
    let answer = crm.patch(&crm.a.agent, &format!("/conversations/{id}"), edit).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

async fn shown(crm: &Crm, id: Uuid) -> Value {
    crm.get(&crm.a.agent, &format!("/conversations/{id}")).await.body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_wakes_at_its_time() {
    let crm = Crm::start().await;
    let id = conversation(&crm).await;
    let until = soon(4000);
    let snoozed = edit(&crm, id, json!({"snoozed_until": until})).await;
    assert_eq!(snoozed["status"], "snoozed");
    assert_eq!(crm.a.number(&crm.db, JOBS).await, 1, "there with the edit");
    edit(&crm, id, json!({"priority": "high"})).await;
    assert_eq!(crm.a.number(&crm.db, JOBS).await, 1, "the time did not change");
    eventually("it wakes up", async || shown(&crm, id).await["status"] == "open").await;
    assert!(clock::now() >= until, "not before its time");
    let awake = shown(&crm, id).await;
    assert_eq!((&awake["snoozed_until"], &awake["version"]), (&Value::Null, &json!(4)));
    let events = crm.events(&crm.a, 0).await;
    let last = events.last().expect("events");
    assert_eq!((events.len(), last.name.as_str()), (3, "conversation.updated"));
    assert_eq!(last.data, json!({"conversation": awake}));
    assert_eq!(crm.a.number(&crm.db, JOBS).await, 0, "the job ended with it");
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_of_the_past_wakes_nothing() {
    let crm = Crm::start().await;
    let later = "2099-01-01T00:00:00Z";
    let (put_off, opened, again, forever) = (
        conversation(&crm).await,
        conversation(&crm).await,
        conversation(&crm).await,
        conversation(&crm).await,
    );
    let until = soon(6000);
    for id in [put_off, opened, again, forever] {
        edit(&crm, id, json!({"snoozed_until": until})).await;
    }
    edit(&crm, put_off, json!({"snoozed_until": later})).await;
    edit(&crm, opened, json!({"snoozed_until": null})).await;
    edit(&crm, forever, json!({"status": "snoozed", "snoozed_until": null})).await;
    // Away and back to the same time: one job, which wakes it.
    edit(&crm, again, json!({"snoozed_until": later})).await;
    edit(&crm, again, json!({"snoozed_until": until})).await;
    assert_eq!(crm.a.number(&crm.db, JOBS).await, 6);
    eventually("it wakes up", async || shown(&crm, again).await["status"] == "open").await;
    eventually("the timers end", async || crm.a.number(&crm.db, JOBS).await == 2).await;
    assert_eq!(shown(&crm, put_off).await["snoozed_until"], later);
    assert_eq!(shown(&crm, opened).await["version"], 3, "untouched since");
    assert_eq!(shown(&crm, forever).await["status"], "snoozed");
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_edit_sets_no_timer() {
    let crm = Crm::start().await;
    let id = conversation(&crm).await;
    let path = format!("/conversations/{id}");
    let stale = json!({"snoozed_until": "2099-01-01T00:00:00Z", "version": 7});
    assert_eq!(crm.patch(&crm.a.agent, &path, stale).await.status, 409);
    let unknown = json!({"snoozed_until": "2099-01-01T00:00:00Z", "assignee_id": switchboard::ids::new()});
    assert_eq!(crm.patch(&crm.a.agent, &path, unknown).await.status, 422);
    assert_eq!(crm.a.number(&crm.db, JOBS).await, 0);
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sleep_follows_a_merge() {
    let crm = Crm::start().await;
    let (sleeper, left) = (conversation(&crm).await, conversation(&crm).await);
    let until = soon(6000);
    edit(&crm, sleeper, json!({"snoozed_until": until})).await;
    crm.a
        .run(
            &crm.db,
            &format!(
                "update conversation set status = 'snoozed', snoozed_until = '{}' where id = '{left}'",
                until.to_rfc3339()
            ),
        )
        .await;
    crm.a
        .run(&crm.db, &format!("update conversation set merged_into = '{left}' where id = '{sleeper}'"))
        .await;
    eventually("the one that is left wakes up", async || shown(&crm, left).await["status"] == "open").await;
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_outlives_the_process() {
    let app = TestApp::with(Setup { alone: true, ..Setup::default() }).await;
    assert_eq!(app.deliver("whatsapp", &sample("whatsapp/text_tr.json")).await, 200);
    app.settle().await;
    let list = app.fetch("/conversations").await;
    let path = format!("/conversations/{}", list["items"][0]["id"].as_str().expect("an id"));
    let until = soon(1000);
    let (status, body) = app.call(reqwest::Method::PATCH, &path, Some(json!({"snoozed_until": until}))).await;
    assert_eq!(status, 200, "{body}");
    let TestApp { app: server, database, graph, tenant, http, token, data, .. } = app;
    server.kill().await;
    let server = App::start(config(&database, &graph, &[])).await.expect("starts again");
    let base = format!("http://{}", server.address);
    let app = TestApp { app: server, database, graph, tenant, http, base, token, data };
    eventually("it wakes up", async || app.fetch(&path).await["status"] == "open").await;
    assert!(clock::now() >= until);
    app.end().await;
}
