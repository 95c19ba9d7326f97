//! Who somebody is: the same person however often and under whichever id first seen (F-12, W13 to W17).

use crate::bodies::{
    NOON, NUMBER, apply, change, in_state, items, messages, messages_of, only, person, post, text, text_body,
    texts, whatsapp,
};
use crate::support::TestApp;
use serde_json::{Value, json};
use switchboard::app::App;

/// Number, own id, the parent company's id.
type Ids = (Option<&'static str>, Option<&'static str>, Option<&'static str>);

/// A message of somebody whose ids are these.
fn known_as(number: Option<&str>, user: Option<&str>, parent: Option<&str>, id: &str, at: i64) -> Value {
    let mut message = text("", id, at, id);
    let mut contact = json!({ "profile": { "name": "Ayşe Yılmaz" } });
    message.as_object_mut().unwrap().remove("from");
    for (value, key, contact_key) in [
        (number, "from", "wa_id"),
        (user, "from_user_id", "user_id"),
        (parent, "from_parent_user_id", "parent_user_id"),
    ] {
        if let Some(value) = value {
            message[key] = json!(value);
            contact[contact_key] = json!(value);
        }
    }
    whatsapp(&[change(NUMBER, "messages", json!({ "contacts": [contact], "messages": [message] }))])
}

/// The platform's word that a number was given up for another.
fn moved(old: &str, new: &str, id: &str, at: i64) -> Value {
    let system = json!({ "body": "changed", "wa_id": new, "type": "user_changed_number" });
    messages(&[
        json!({ "from": old, "id": id, "timestamp": at.to_string(), "type": "system", "system": system }),
    ])
}

async fn totals(app: &TestApp) -> [usize; 3] {
    let board = only(app, "/boards").await;
    let board = app.fetch(&format!("/boards/{}", board["id"].as_str().unwrap())).await;
    let cards = board["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column["cards"].as_array().unwrap().len())
        .sum();
    [items(app, "/customers").await.len(), items(app, "/conversations?status=all").await.len(), cards]
}

fn ids(customer: &Value, kind: &str) -> Vec<String> {
    let identities =
        customer["identities"].as_array().unwrap().iter().filter(|identity| identity["kind"] == kind);
    let mut ids: Vec<String> =
        identities.map(|identity| identity["external_id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_first_messages_at_once_on_two_nodes_are_of_one_person() {
    let app = TestApp::start().await;
    let config = crate::support::config(&app.database, &app.graph, &[]);
    let second = App::start(config).await.unwrap();
    let deadlocks = "select deadlocks from pg_stat_database where datname = current_database()";
    let before = app.number(deadlocks).await;
    let sent = (0..20).flat_map(|n| [(n, true), (n, false), (n, n % 2 == 0)]).map(|(n, here)| {
        let body = text_body("905320000071", &format!("wamid.first{n}"), &format!("first {n}")).to_string();
        let signature = webhooks::signature::sign(body.as_bytes(), crate::support::SECRET.as_bytes());
        let address = if here { app.app.address } else { second.address };
        let request = app
            .http
            .post(format!("http://{address}/api/whatsapp/webhook"))
            .header("x-hub-signature-256", signature);
        async move { request.body(body).send().await.unwrap().status().as_u16() }
    });
    let statuses = futures_util::future::join_all(sent).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    app.settle().await;
    assert_eq!(totals(&app).await, [1, 1, 1]);
    for n in 0..20 {
        assert_eq!(texts(&app, &format!("first {n}")).await, 1);
    }
    assert_eq!(only(&app, "/conversations").await["unread_count"], 20);
    assert_eq!(app.count("select count(*) from activity where tenant_id = $1").await, 1);
    assert_eq!(app.number(deadlocks).await, before);
    assert!(in_state(&app, "failed").await.is_empty());
    second.kill().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_spellings_of_a_number_are_one_person_whichever_came_first() {
    let app = TestApp::start().await;
    let spellings: [(&str, &[&str]); 5] = [
        ("Mexico", &["521551234567N", "52551234567N"]),
        ("Argentina", &["549112345678N", "54112345678N", "5411152345678N"]),
        ("Brazil", &["551198765432N", "55118765432N"]),
        ("Brazil, without area's zero", &["552199876543N", "55219876543N"]),
        ("Turkey", &["90532000008N", "0090532000008N"]),
    ];
    let mut people = 0;
    for (country, spellings) in spellings {
        for first in 0..spellings.len() {
            let written = |place: usize| spellings[place % spellings.len()].replace('N', &first.to_string());
            people += 1;
            for place in first..first + spellings.len() {
                let number = written(place);
                apply(&app, &text_body(&number, &format!("wamid.{number}"), &number)).await;
                assert_eq!(totals(&app).await, [people; 3], "{country}: {number} after {}", written(first));
            }
            let customer = person(&app, &written(first)).await;
            for place in first..first + spellings.len() {
                // Found under each spelling, as the platform wrote it.
                assert_eq!(
                    person(&app, written(place).trim_start_matches("00")).await["id"],
                    customer["id"],
                    "{country}"
                );
            }
            assert_eq!(messages_of(&app, &customer).await.len(), spellings.len());
        }
    }
    // Near, but others: a landline has no ninth digit, another area is another number.
    for other in ["551132654321", "5511932654321", "525612345670"] {
        people += 1;
        apply(&app, &text_body(other, &format!("wamid.{other}"), "other")).await;
        assert_eq!(totals(&app).await, [people; 3], "{other}");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_without_a_number_is_shown_found_and_joined_later() {
    let number = Some("905324187650");
    let (user, parent) = (Some("TR.8817263540091"), Some("TR.ENT.55102938"));
    let orders: [[Ids; 3]; 5] = [
        [(number, None, None), (None, user, None), (number, user, None)],
        [(None, user, None), (number, None, None), (number, user, parent)],
        [(None, user, None), (None, user, parent), (number, None, parent)],
        [(number, user, parent), (None, None, parent), (None, user, None)],
        [(None, None, parent), (number, None, None), (number, user, parent)],
    ];
    for order in orders {
        let app = TestApp::start().await;
        let mut first = Value::Null;
        let mut seen: Vec<Value> = Vec::new();
        for (place, (number, user, parent)) in order.into_iter().enumerate() {
            apply(&app, &known_as(number, user, parent, &format!("wamid.bsuid{place}"), NOON + place as i64))
                .await;
            for id in [number, user, parent].into_iter().flatten() {
                let customer = person(&app, id).await;
                assert_eq!(customer["name"], "Ayşe Yılmaz", "shown and found by {id}");
                seen.push(customer["id"].clone());
            }
            if place == 0 {
                first = seen[0].clone();
            }
        }
        assert_eq!(totals(&app).await, [1, 1, 1], "{order:?}");
        let customer = only(&app, "/customers").await;
        assert_eq!(customer["id"], first, "the older one is left");
        assert_eq!(messages_of(&app, &customer).await.len(), 3, "the history moved");
        let conversation = only(&app, "/conversations").await;
        assert_eq!((&conversation["unread_count"], &conversation["customer"]["id"]), (&json!(3), &first));
        assert_eq!(conversation["last_message"]["external_id"], "wamid.bsuid2");
        for id in seen {
            let answer = app.fetch(&format!("/customers/{}", id.as_str().unwrap())).await;
            assert_eq!(answer["id"], first, "a merged one's id answers with the one that is left");
        }
        if order.iter().any(|ids| ids.0.is_some()) {
            assert_eq!(
                (&customer["phone"], ids(&customer, "wa_id")),
                (&json!("+905324187650"), vec!["905324187650".to_owned()])
            );
        }
        app.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_teaches_an_id_and_a_username_can_be_searched() {
    let app = TestApp::start().await;
    apply(&app, &text_body("905324187650", "wamid.teach", "hi")).await;
    let status = json!({ "statuses": [{ "id": "wamid.other", "status": "delivered", "timestamp": NOON.to_string(),
        "recipient_id": "905324187650", "recipient_user_id": "TR.8817263540091" }] });
    apply(&app, &whatsapp(&[change(NUMBER, "messages", status)])).await;
    let mut body = known_as(None, Some("TR.8817263540091"), None, "wamid.taught", NOON + 1);
    body["entry"][0]["changes"][0]["value"]["contacts"][0]["profile"]["username"] = json!("@ayse.yilmaz");
    apply(&app, &body).await;
    assert_eq!(totals(&app).await, [1, 1, 1]);
    let customer = only(&app, "/customers?q=ayse.yilmaz").await;
    assert_eq!(person(&app, "TR.8817263540091").await["id"], customer["id"]);
    let usernames: Vec<&Value> =
        customer["identities"].as_array().unwrap().iter().map(|identity| &identity["username"]).collect();
    assert!(usernames.contains(&&json!("ayse.yilmaz")), "{usernames:?}");
    // Nobody is made by a status alone.
    let stranger = json!({ "statuses": [{ "id": "wamid.nobody", "status": "read", "timestamp": NOON.to_string(),
        "recipient_id": "905550000000" }] });
    apply(&app, &whatsapp(&[change(NUMBER, "messages", stranger)])).await;
    assert_eq!(totals(&app).await, [1, 1, 1]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_old_number_is_the_old_customers_until_it_was_given_up_and_somebody_elses_after() {
    let app = TestApp::start().await;
    let (old, new) = ("905324187650", "905559990011");
    let said = |from: &str, id: &str, at: i64| messages(&[text(from, id, at, id)]);
    apply(&app, &said(old, "wamid.t100", NOON + 100)).await;
    let change = moved(old, new, "wamid.moved", NOON + 200);
    apply(&app, &change).await;
    apply(&app, &said(new, "wamid.t300", NOON + 300)).await;
    assert_eq!(totals(&app).await, [1, 1, 1]);
    let customer = person(&app, new).await;
    assert_eq!(customer["phone"], json!(format!("+{new}")));
    apply(&app, &said(old, "wamid.t150", NOON + 150)).await;
    assert_eq!(totals(&app).await, [1, 1, 1], "sent before the change, came late");
    // The operator gives the number to somebody else.
    apply(&app, &said(old, "wamid.t400", NOON + 400)).await;
    assert_eq!(totals(&app).await, [2, 2, 2]);
    let texts_of = async |customer: &Value| {
        let mut found: Vec<String> = messages_of(&app, customer)
            .await
            .iter()
            .map(|message| message["text"].as_str().unwrap().to_owned())
            .collect();
        found.sort();
        found
    };
    let stranger = person(&app, old).await;
    assert_ne!(stranger["id"], customer["id"]);
    assert_eq!(texts_of(&stranger).await, ["wamid.t400"]);
    // Later than that comes a message from before, and the platform repeats the change.
    apply(&app, &said(old, "wamid.t160", NOON + 160)).await;
    apply(&app, &change).await;
    apply(&app, &said(old, "wamid.t500", NOON + 500)).await;
    apply(&app, &said(new, "wamid.t501", NOON + 501)).await;
    assert_eq!(totals(&app).await, [2, 2, 2], "nobody was joined by a repetition");
    assert_eq!(texts_of(&stranger).await, ["wamid.t400", "wamid.t500"]);
    assert_eq!(
        texts_of(&customer).await,
        ["wamid.t100", "wamid.t150", "wamid.t160", "wamid.t300", "wamid.t501"]
    );
    assert_eq!(person(&app, new).await["phone"], json!(format!("+{new}")));
    assert_eq!(person(&app, old).await["phone"], json!(format!("+{old}")));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_goes_back_to_an_old_number_keeps_it_though_the_first_change_is_repeated() {
    let app = TestApp::start().await;
    let (one, two) = ("905324187650", "905559990011");
    apply(&app, &text_body(one, "wamid.start", "start")).await;
    let there = moved(one, two, "wamid.there", NOON + 100);
    let back = moved(two, one, "wamid.back", NOON + 200);
    for body in [&there, &back, &there, &back, &there] {
        apply(&app, body).await;
    }
    assert_eq!(only(&app, "/customers").await["phone"], json!(format!("+{one}")));
    apply(&app, &messages(&[text(one, "wamid.home", NOON + 300, "home again")])).await;
    assert_eq!(totals(&app).await, [1, 1, 1]);
    apply(&app, &messages(&[text(two, "wamid.stranger", NOON + 300, "a stranger")])).await;
    assert_eq!(totals(&app).await, [2, 2, 2]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_number_that_was_a_customer_already_joins_the_two() {
    let app = TestApp::start().await;
    apply(&app, &text_body("905324187650", "wamid.join1", "old")).await;
    apply(&app, &messages(&[text("905559990011", "wamid.join2", NOON + 10, "new")])).await;
    assert_eq!(totals(&app).await, [2, 2, 2]);
    let first = person(&app, "905324187650").await;
    let sent =
        (0..6).map(|n| {
            let app = &app;
            async move {
                post(app, &moved("905324187650", "905559990011", &format!("wamid.m{n}"), NOON + 20)).await
            }
        });
    assert!(futures_util::future::join_all(sent).await.iter().all(|status| *status == 200));
    app.settle().await;
    assert_eq!(totals(&app).await, [1, 1, 1]);
    let customer = person(&app, "905559990011").await;
    assert_eq!(customer["id"], first["id"]);
    assert_eq!(messages_of(&app, &customer).await.len(), 2);
    app.end().await;
}
