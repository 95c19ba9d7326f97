//! What is begun on one device goes on on another, and is nobody else's.

use crate::crm::{Crm, ago};
use reqwest::Method;
use serde_json::{Value, json};
use switchboard::ids;

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_its_writers_alone_on_all_devices() {
    let crm = Crm::start().await;
    let customer = crm.a.customer(&crm.db, "One", None).await;
    let id = crm.a.conversation(&crm.db, customer, ago(1)).await;
    let at = |kind: &str| format!("/conversations/{id}/drafts/{kind}");
    let put = async |kind: &str, body: Value| {
        crm.send(Method::PUT, &crm.a.agent, &at(kind), Some(body), None).await
    };
    let list =
        async || crm.get(&crm.a.agent, &format!("/conversations/{id}/drafts")).await.body["items"].clone();
    assert_eq!(list().await, json!([]));
    let first = put("reply", json!({ "text": "Dear" })).await;
    assert_eq!((first.status, &first.body["version"]), (200, &json!(1)));
    assert_eq!(put("note", json!({ "text": "Call" })).await.status, 200);
    let second = put("reply", json!({ "text": "Dear Ayşe", "version": 1 })).await;
    assert_eq!((second.status, &second.body["version"]), (200, &json!(2)));
    let stale = put("reply", json!({ "text": "Dead", "version": 1 })).await;
    assert_eq!((stale.status, &stale.body["code"]), (409, &json!("version_conflict")));
    assert_eq!(stale.body["current"]["text"], "Dear Ayşe");
    let texts: Vec<Value> =
        list().await.as_array().unwrap().iter().map(|draft| draft["text"].clone()).collect();
    assert_eq!(texts, ["Dear Ayşe", "Call"]);
    let of_other = crm.get(&crm.a.admin, &format!("/conversations/{id}/drafts")).await;
    assert_eq!(of_other.body["items"], json!([]), "a colleague's own");
    let strange = put("reply", json!({ "text": "x", "reply_to": ids::new() })).await;
    assert_eq!((strange.status, &strange.body["errors"][0]["code"]), (422, &json!("unknown")));
    for _ in 0..2 {
        let gone = crm.send(Method::DELETE, &crm.a.agent, &at("reply"), None, None).await;
        assert_eq!(gone.status, 204);
    }
    let events = crm.events(&crm.a, 0).await;
    let drafts: Vec<&Value> = events
        .iter()
        .filter(|event| event.name == "draft.updated")
        .map(|event| &event.data["draft"])
        .collect();
    assert_eq!(drafts.len(), 4, "a draft that is not there is not deleted again");
    let last = drafts[3];
    assert_eq!((&last["text"], &last["version"], &last["kind"]), (&Value::Null, &json!(3), &json!("reply")));
    let rooms = events.iter().filter(|event| event.name == "draft.updated").flat_map(|event| &event.rooms);
    assert!(rooms.clone().count() == 4 && rooms.into_iter().all(|room| room.starts_with("user:")));
    crm.end().await;
}
