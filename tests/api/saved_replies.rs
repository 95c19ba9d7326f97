//! Texts of the whole team, under short words.

use crate::crm::Crm;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_shortcut_is_one_replys_and_everybody_reads_them() {
    let crm = Crm::start().await;
    let admin = &crm.a.admin;
    let add = async |shortcut: &str, text: &str| {
        let body = json!({ "shortcut": shortcut, "text": text });
        crm.post(admin, "/saved-replies", body).await
    };
    let hours = add("/hours", "We are open from 9 to 18, {{customer.first_name}}.").await;
    assert_eq!((hours.status, &hours.body["shortcut"]), (201, &json!("hours")));
    assert_eq!(add("Address", "Around the corner").await.status, 201);
    for (shortcut, text, code) in [
        ("HOURS", "x", "taken"),
        ("two words", "x", "invalid"),
        ("", "x", "required"),
        ("a", " ", "required"),
    ] {
        let refused = add(shortcut, text).await;
        assert_eq!((refused.status, &refused.body["errors"][0]["code"]), (422, &json!(code)), "{shortcut}");
    }
    let list = crm.get(&crm.a.agent, "/saved-replies").await.body;
    let shortcuts: Vec<&Value> =
        list["items"].as_array().unwrap().iter().map(|reply| &reply["shortcut"]).collect();
    assert_eq!(shortcuts, ["Address", "hours"]);
    let path = format!("/saved-replies/{}", hours.body["id"].as_str().unwrap());
    let patch = async |body: Value| crm.patch(admin, &path, body).await;
    assert_eq!(patch(json!({ "shortcut": "address" })).await.body["errors"][0]["code"], "taken");
    let changed = patch(json!({ "shortcut": "Hours", "version": 1 })).await;
    assert_eq!((changed.status, &changed.body["version"]), (200, &json!(2)));
    assert_eq!(patch(json!({ "text": "x", "version": 1 })).await.status, 409);
    assert_eq!(crm.send(Method::DELETE, &crm.a.agent, &path, None, None).await.status, 403);
    assert_eq!(crm.send(Method::DELETE, admin, &path, None, None).await.status, 204);
    assert_eq!(crm.send(Method::DELETE, admin, &path, None, None).await.status, 404);
    crm.end().await;
}
