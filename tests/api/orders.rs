//! The order in which the platform tells things makes no difference (F-11): every permutation of what can be told of one
//! message ends the same, told one by one and told in one delivery.

use crate::bodies::{INSTAGRAM, NOON, NUMBER, PAGE, apply, change, text, whatsapp};
use crate::support::TestApp;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A fact of a message: given the message's id and the person's, a change of the body's entry.
type Told = fn(&str, &str) -> Value;

/// Every order of so many things.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..count {
        let longer = |order: &Vec<usize>| {
            let order = order.clone();
            (0..count)
                .filter({
                    let order = order.clone();
                    move |next| !order.contains(next)
                })
                .map(move |next| {
                    let mut longer = order.clone();
                    longer.push(next);
                    longer
                })
                .collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

fn of_number(field: &str, value: Value) -> Value {
    change(NUMBER, field, value)
}

fn status(word: &str, id: &str, person: &str, at: i64) -> Value {
    let mut status =
        json!({ "id": id, "status": word, "timestamp": (NOON + at).to_string(), "recipient_id": person });
    if word == "failed" {
        status["errors"] = json!([{ "code": 131_026, "title": "Message undeliverable" }]);
    }
    of_number("messages", json!({ "statuses": [status] }))
}

fn echo(id: &str, person: &str, at: i64, kind: &str, rest: Value) -> Value {
    let mut echo = json!({ "from": "908502223344", "to": person, "id": id, "timestamp": (NOON + at).to_string(), "type": kind });
    echo[kind] = rest;
    of_number("smb_message_echoes", json!({ "message_echoes": [echo] }))
}

fn said(id: &str, person: &str, at: i64, kind: &str, rest: Value) -> Value {
    let mut said = json!({ "from": person, "id": id, "timestamp": (NOON + at).to_string(), "type": kind });
    said[kind] = rest;
    of_number("messages", json!({ "messages": [said] }))
}

fn edited(id: &str, words: &str) -> Value {
    json!({ "original_message_id": id, "message": { "type": "text", "text": { "body": words } } })
}

const SENT: Told = |id, person| status("sent", id, person, 1);
const DELIVERED: Told = |id, person| status("delivered", id, person, 2);
const READ: Told = |id, person| status("read", id, person, 3);
const FAILED: Told = |id, person| status("failed", id, person, 4);
const ECHO: Told = |id, person| echo(id, person, 0, "text", json!({ "body": "from the phone" }));
const ECHO_EDIT_1: Told = |id, person| echo(&format!("{id}.e1"), person, 5, "edit", edited(id, "first edit"));
const ECHO_EDIT_2: Told =
    |id, person| echo(&format!("{id}.e2"), person, 6, "edit", edited(id, "second edit"));
const ECHO_DELETE: Told =
    |id, person| echo(&format!("{id}.d"), person, 7, "revoke", json!({ "original_message_id": id }));
const LIKED: Told =
    |id, person| said(&format!("{id}.l"), person, 8, "reaction", json!({ "message_id": id, "emoji": "👍" }));
const LOVED: Told =
    |id, person| said(&format!("{id}.h"), person, 9, "reaction", json!({ "message_id": id, "emoji": "❤️" }));
const UNLOVED: Told =
    |id, person| said(&format!("{id}.u"), person, 10, "reaction", json!({ "message_id": id, "emoji": "" }));
const SAID: Told =
    |id, person| of_number("messages", json!({ "messages": [text(person, id, NOON, "said")] }));
const EDIT_1: Told = |id, person| said(&format!("{id}.e1"), person, 5, "edit", edited(id, "first edit"));
const EDIT_2: Told = |id, person| said(&format!("{id}.e2"), person, 6, "edit", edited(id, "second edit"));
const DELETE: Told =
    |id, person| said(&format!("{id}.d"), person, 7, "revoke", json!({ "original_message_id": id }));

/// What is left of each message, without what must differ: ids, and the version, which counts changes.
async fn ends(app: &TestApp) -> BTreeMap<String, Map<String, Value>> {
    let mut found = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page = app.fetch(&format!("/conversations?status=all&limit=200&{cursor}")).await;
        for conversation in page["items"].as_array().unwrap() {
            let mut message = conversation["last_message"].as_object().unwrap().clone();
            let id = message["external_id"].as_str().unwrap().to_owned();
            for key in ["id", "external_id", "conversation_id", "created_at", "version"] {
                message.remove(key);
            }
            message.insert("unread_count".to_owned(), conversation["unread_count"].clone());
            assert!(found.insert(id, message).is_none());
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("cursor={next}"),
            None => return found,
        }
    }
}

/// Tells the facts in these orders, each of a message and a person of its own, and checks that all end the same.
async fn all_end_the_same(facts: &[Told], orders: &[Vec<usize>], expected: Value) {
    for one_by_one in [true, false] {
        let app = TestApp::start().await;
        let of = |place: usize, fact: usize| {
            facts[fact](&format!("wamid.order{place:05}"), &format!("90532{place:07}"))
        };
        if one_by_one {
            for step in 0..facts.len() {
                let changes: Vec<Value> =
                    orders.iter().enumerate().map(|(place, order)| of(place, order[step])).collect();
                apply(&app, &whatsapp(&changes)).await;
            }
        } else {
            for (chunk, orders) in orders.chunks(50).enumerate() {
                let told = orders.iter().enumerate();
                let changes = told
                    .flat_map(|(place, order)| order.iter().map(move |fact| of(chunk * 50 + place, *fact)));
                apply(&app, &whatsapp(&changes.collect::<Vec<_>>())).await;
            }
        }
        let ends = ends(&app).await;
        assert_eq!(ends.len(), orders.len());
        let first = ends.values().next().unwrap();
        for (key, value) in expected.as_object().unwrap() {
            assert_eq!(&first[key], value, "{key} of {first:#?}");
        }
        for ((id, end), order) in ends.iter().zip(orders) {
            assert_eq!(end, first, "{id}, told in the order {order:?}, one by one: {one_by_one}");
        }
        assert_eq!(
            app.count("select count(*) from parked_fact where tenant_id = $1").await,
            0,
            "nothing is left waiting"
        );
        app.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statuses_and_the_message_itself_in_every_order() {
    let facts = [SENT, DELIVERED, READ, FAILED, ECHO];
    all_end_the_same(
        &facts,
        &permutations(5),
        json!({ "status": "read", "error": null, "text": "from the phone" }),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_in_every_order() {
    let facts = [SENT, FAILED, FAILED, ECHO];
    let all = permutations(4);
    let app_ends = json!({ "status": "failed", "text": "from the phone" });
    all_end_the_same(&facts, &all, app_ends).await;
    all_end_the_same(&[SENT, FAILED, DELIVERED, ECHO], &all, json!({ "status": "delivered", "error": null }))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_in_every_order() {
    all_end_the_same(
        &[SAID, EDIT_1, EDIT_2, EDIT_1],
        &permutations(4),
        json!({ "text": "second edit", "deleted_at": null }),
    )
    .await;
    all_end_the_same(&[ECHO, ECHO_EDIT_1, ECHO_EDIT_2], &permutations(3), json!({ "text": "second edit" }))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_and_the_deletion_in_every_order() {
    let facts = [SAID, EDIT_1, EDIT_2, DELETE];
    all_end_the_same(&facts, &permutations(4), json!({ "text": null, "attachments": [] })).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reactions_in_every_order() {
    let liked = json!([{ "emoji": "👍", "by": "customer" }]);
    all_end_the_same(&[SAID, LIKED], &permutations(2), json!({ "reactions": liked })).await;
    all_end_the_same(&[SAID, LIKED, LOVED, UNLOVED], &permutations(4), json!({ "reactions": [] })).await;
    let loved = json!([{ "emoji": "❤️", "by": "customer" }]);
    all_end_the_same(&[ECHO, LIKED, LOVED, EDIT_OF_ECHO], &permutations(4), json!({ "reactions": loved }))
        .await;
}

const EDIT_OF_ECHO: Told = ECHO_EDIT_1;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_eight_facts_of_a_message_of_ours_in_many_orders() {
    let facts = [SENT, DELIVERED, READ, FAILED, ECHO, ECHO_EDIT_1, ECHO_EDIT_2, ECHO_DELETE];
    // Of the 40,320 every 61st: each fact comes at each place, next to each other fact.
    let orders: Vec<Vec<usize>> = permutations(8).into_iter().step_by(61).collect();
    all_end_the_same(&facts, &orders, json!({ "status": "read", "text": null, "error": null })).await;
}

/// What Messenger and Instagram tell of a message of the business: the echo, and how far the person has come.
fn direct(object: &str, account: &str, person: &str, fact: usize) -> Value {
    let mid = format!("m_{person}");
    let at = |second: i64| (NOON + second) * 1000;
    let (to, from) = (json!({ "id": person }), json!({ "id": account }));
    let event = match fact {
        0 => {
            json!({ "sender": from, "recipient": to, "timestamp": at(0), "message": { "mid": mid, "text": "ours", "is_echo": true } })
        }
        1 => {
            json!({ "sender": to, "recipient": from, "timestamp": at(1), "delivery": { "mids": [mid], "watermark": at(1) } })
        }
        2 if object == "instagram" => {
            json!({ "sender": to, "recipient": from, "timestamp": at(2), "read": { "mid": mid } })
        }
        2 => json!({ "sender": to, "recipient": from, "timestamp": at(2), "read": { "watermark": at(2) } }),
        3 => {
            json!({ "sender": to, "recipient": from, "timestamp": at(3), "reaction": { "mid": mid, "action": "react", "reaction": "love", "emoji": "❤" } })
        }
        _ => {
            json!({ "sender": to, "recipient": from, "timestamp": at(4), "reaction": { "mid": mid, "action": "unreact" } })
        }
    };
    json!({ "id": account, "time": at(5), "messaging": [event] })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_messenger_and_instagram_tell_in_every_order() {
    for (object, account, facts) in
        [("page", PAGE, &[0, 1, 2, 3, 4][..]), ("instagram", INSTAGRAM, &[0, 2, 3, 4][..])]
    {
        let app = TestApp::start().await;
        let orders = permutations(facts.len());
        for step in 0..facts.len() {
            let entries: Vec<Value> = orders
                .iter()
                .enumerate()
                .map(|(place, order)| direct(object, account, &format!("77{place:08}"), facts[order[step]]))
                .collect();
            apply(&app, &json!({ "object": object, "entry": entries })).await;
        }
        let ends = ends(&app).await;
        assert_eq!(ends.len(), orders.len());
        for ((id, end), order) in ends.iter().zip(&orders) {
            assert_eq!(
                (&end["status"], &end["reactions"]),
                (&json!("read"), &json!([])),
                "{object} {id} {order:?} {end:#?}"
            );
        }
        app.end().await;
    }
}
