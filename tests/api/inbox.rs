//! `/conversations` and their messages.

use crate::crm::{Crm, ago, ids_of};
use serde_json::{Value, json};
use switchboard::{ids, inbox};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_shows_what_its_kind_has() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let customer = a.customer(db, "Ayşe", Some("+905324187650")).await;
    let conversation = a.conversation(db, customer, ago(1)).await;
    let sent = a.message(db, conversation, ago(9), json!({"direction": "out", "status": "failed", "external_id": "wamid.1",
        "author_user_id": a.agent.id, "client_id": "c-1", "error": {"code": 131047, "title": "t", "detail": "d"}})).await;
    let reply = a
        .message(
            db,
            conversation,
            ago(8),
            json!({"kind": "button_reply", "reply_to_external_id": "wamid.1",
        "extra": {"payload": "yes", "location": {"latitude": 41.5, "longitude": 29}, "forwarded": true},
        "reactions": [{"emoji": "🔥", "by": "agent", "actor": "x", "at": 1}], "standby": true,
        "author_customer_id": customer}),
        )
        .await;
    let unknown = a
        .message(db, conversation, ago(7), json!({"reply_to_external_id": "wamid.none", "history": true}))
        .await;
    let deleted = a
        .message(
            db,
            conversation,
            ago(6),
            json!({"kind": "image", "text": "secret", "deleted_at": ago(1),
        "extra": {"payload": "secret", "raw": {"x": "secret"}, "forwarded": true}}),
        )
        .await;
    let picture = a.message(db, conversation, ago(5), json!({"kind": "image", "text": null})).await;
    for (message, position, state) in [(picture, 1, "pending"), (picture, 0, "ready"), (deleted, 0, "ready")]
    {
        a.insert(db, "attachment", json!({"id": ids::new(), "message_id": message, "position": position, "kind": "image",
            "file_name": "a.jpg", "mime_type": "image/jpeg", "size": 5, "source_url": "https://secret", "state": state})).await;
    }
    let messages = crm.pages(&a.agent, &format!("/conversations/{conversation}/messages"), 2).await;
    assert_eq!(ids_of(&messages), [picture, deleted, unknown, reply, sent]);
    assert!(!serde_json::to_string(&messages).expect("JSON").contains("secret"));
    let files = &messages[0]["attachments"];
    let url = format!("/api/v1/attachments/{}", files[0]["id"].as_str().expect("an id"));
    assert_eq!(files[0]["url"], url);
    assert_eq!((&files[1]["url"], &files[1]["state"]), (&Value::Null, &json!("pending")));
    assert_eq!((&messages[1]["text"], &messages[1]["attachments"]), (&Value::Null, &json!([])));
    assert_eq!((&messages[1]["forwarded"], messages[1].get("payload")), (&json!(true), None));
    assert_eq!(messages[2]["reply_to"], json!({"message_id": null, "external_id": "wamid.none"}));
    assert_eq!((&messages[2]["history"], messages[2].get("standby")), (&json!(true), None));
    assert_eq!(messages[3]["reply_to"], json!({"message_id": sent, "external_id": "wamid.1"}));
    assert_eq!(messages[3]["reactions"], json!([{"emoji": "🔥", "by": "agent"}]));
    assert_eq!((&messages[3]["payload"], &messages[3]["standby"]), (&json!("yes"), &json!(true)));
    assert_eq!((&messages[3]["author"], &messages[3]["status"]), (&Value::Null, &Value::Null), "not a group");
    assert_eq!(messages[4]["author"], json!({"id": a.agent.id, "name": "Ali"}));
    assert_eq!((&messages[4]["error"]["code"], &messages[4]["client_id"]), (&json!(131047), &json!("c-1")));
    let typed: inbox::Message = serde_json::from_value(messages[3].clone()).expect("the shape");
    assert_eq!(serde_json::to_value(&typed).expect("JSON"), messages[3]);
    a.run(db, &format!("update conversation set group_external_id = 'g@g.us' where id = '{conversation}'"))
        .await;
    let messages = crm.pages(&a.agent, &format!("/conversations/{conversation}/messages"), 50).await;
    assert_eq!(messages[3]["author"], json!({"id": customer, "name": "Ayşe"}), "the writer in a group");
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_shows_its_last_message_and_window() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let customer = a.customer(db, "Ayşe", Some("+905324187650")).await;
    let conversation = a.conversation(db, customer, ago(60)).await;
    let path = format!("/conversations/{conversation}");
    let empty = crm.get(&a.agent, &path).await.body;
    assert_eq!((&empty["last_message"], &empty["window_expires_at"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&empty["group"], &empty["labels"], &empty["priority"]),
        (&Value::Null, &json!([]), &Value::Null)
    );
    assert_eq!(empty["customer"], json!({"id": customer, "name": "Ayşe", "phone": "+905324187650"}));
    assert_eq!((&empty["channel"]["kind"], &empty["channel"]["name"]), (&json!("whatsapp"), &json!("Shop")));
    a.message(db, conversation, ago(60), json!({})).await;
    let inbound = "2026-11-21T10:00:00Z";
    a.run(db, &format!("update conversation set last_inbound_at = '{inbound}' where id = '{conversation}'"))
        .await;
    let shown = crm.get(&a.agent, &path).await.body;
    assert_eq!(shown["window_expires_at"], "2026-11-22T10:00:00Z");
    let messages = crm.get(&a.agent, &format!("{path}/messages")).await.body;
    assert_eq!(shown["last_message"], messages["items"][0]);
    let merged = ids::new();
    a.insert(
        db,
        "conversation",
        json!({"id": merged, "channel_id": a.whatsapp, "customer_id": customer,
        "last_activity_at": ago(1), "merged_into": conversation}),
    )
    .await;
    assert_eq!(crm.get(&a.agent, &format!("/conversations/{merged}")).await.body, shown);
    assert_eq!(crm.pages(&a.agent, "/conversations?status=all", 50).await.len(), 1);
    for path in [path.clone(), format!("{path}/messages")] {
        assert_eq!(crm.get(&crm.b.admin, &path).await.status, 404);
    }
    assert_eq!(crm.patch(&crm.b.admin, &path, json!({"status": "resolved"})).await.status, 404);
    assert_eq!(
        crm.post(&crm.b.admin, &format!("{path}/read"), json!({"message_id": merged})).await.status,
        404
    );
    crm.end().await;
}

/// 24 conversations of all kinds, in the order they were made; the other tenant has as many.
async fn conversations(crm: &Crm) -> Vec<Uuid> {
    let (db, a) = (&crm.db, &crm.a);
    let mut all = Vec::new();
    for n in 0..24_i64 {
        let customer = a.customer(db, &format!("Person {n:02}"), None).await;
        // Equal times need the id to break the tie.
        let id = a.conversation(db, customer, ago(n / 5)).await;
        let status = ["open", "open", "pending", "resolved"][usize::try_from(n % 4).expect("small")];
        let assignee = if n % 3 == 0 { format!("'{}'", a.agent.id) } else { "null".to_owned() };
        let (unread, label) = (n % 2, if n % 6 == 0 { "{vip,\"a,b\"}" } else { "{}" });
        a.run(
            db,
            &format!(
                "update conversation set status = '{status}', assignee_id = {assignee},
            unread_count = {unread}, labels = '{label}' where id = '{id}'"
            ),
        )
        .await;
        let other = crm.b.customer(db, &format!("Person {n:02}"), None).await;
        crm.b.conversation(db, other, ago(n)).await;
        all.push(id);
    }
    all
}

async fn listed_by(crm: &Crm, query: &str) -> Vec<Uuid> {
    ids_of(&crm.pages(&crm.a.agent, &format!("/conversations?{query}"), 5).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_and_counts_of_conversations() {
    let crm = Crm::start().await;
    let a = &crm.a;
    let all = conversations(&crm).await;
    let listed = async |query: &str| listed_by(&crm, query).await;
    let every = listed("status=all").await;
    let mut unique = every.clone();
    unique.sort();
    assert_eq!((unique, every.len()), (all.clone(), 24));
    let mut backwards = listed("status=all&order=asc").await;
    backwards.reverse();
    assert_eq!(backwards, every);
    assert_eq!(listed("").await.len(), 12, "open ones");
    assert_eq!(listed("status=resolved").await.len(), 6);
    assert_eq!(listed("status=all&assignee=me").await.len(), 8);
    assert_eq!(listed(&format!("status=all&assignee={}", a.agent.id)).await.len(), 8);
    assert_eq!(listed("status=all&assignee=none").await.len(), 16);
    assert_eq!(listed("assignee=none").await.len() + listed("assignee=me").await.len(), 12);
    assert_eq!(listed("status=all&label=vip").await.len(), 4);
    assert_eq!(listed("status=all&label=a,b").await.len(), 4);
    assert_eq!(listed("status=all&label=%25").await.len(), 0);
    assert_eq!(listed("status=all&unread=true").await.len(), 12);
    assert_eq!(listed(&format!("status=all&channel={}", a.whatsapp)).await.len(), 24);
    assert_eq!(listed(&format!("status=all&channel={}", crm.b.whatsapp)).await.len(), 0);
    assert_eq!(listed(&format!("status=all&assignee={}", crm.b.agent.id)).await.len(), 0);
    assert_eq!(listed("status=all&q=person%2007").await, [all[7]]);
    assert_eq!(listed("status=all&q=%25&assignee=none").await.len(), 0);
    let counts = crm.get(&a.agent, "/conversations/counts").await.body;
    let expected = (
        listed("assignee=me").await.len(),
        listed("assignee=none").await.len(),
        listed("unread=true").await.len(),
    );
    assert_eq!(
        counts,
        json!({"mine": expected.0, "unassigned": expected.1, "all": 12, "unread": expected.2})
    );
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_conversations() {
    let crm = Crm::start().await;
    let a = &crm.a;
    let all = conversations(&crm).await;
    let every = listed_by(&crm, "status=all").await;
    for sort in ["last_activity_at", "created_at", "unread_count"] {
        let mut paged = Vec::new();
        for page in 1..=5 {
            let answer = crm
                .get(&a.agent, &format!("/conversations?status=all&limit=5&page={page}&sort={sort}"))
                .await;
            assert_eq!((&answer.body["total"], &answer.body["page"]), (&json!(24), &json!(page)));
            paged.extend(ids_of(answer.body["items"].as_array().expect("items")));
        }
        if sort == "last_activity_at" {
            assert_eq!(paged, every);
        }
        paged.sort();
        assert_eq!(paged, all, "{sort}");
    }
    for bad in [
        "status=gone",
        "assignee=x",
        "channel=1",
        "unread=1",
        "sort=unread_count",
        "sort=id",
        "q=%00",
        "label=%00",
        "cursor=x",
        "limit=201",
    ] {
        assert_eq!(crm.get(&a.agent, &format!("/conversations?{bad}")).await.status, 400, "{bad}");
    }
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_page_by_time_then_arrival() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let customer = a.customer(db, "One", None).await;
    let conversation = a.conversation(db, customer, ago(1)).await;
    let at = ago(3);
    let mut made = Vec::new();
    for n in 0..11 {
        // Late arrivals of earlier times, and several of one second.
        let at = if n % 4 == 3 { at - chrono::TimeDelta::hours(1) } else { at };
        made.push((at, a.message(db, conversation, at, json!({})).await));
    }
    made.sort();
    made.reverse();
    let expected: Vec<_> = made.iter().map(|(_, id)| *id).collect();
    let path = format!("/conversations/{conversation}/messages");
    for limit in [1, 3, 11, 200] {
        assert_eq!(ids_of(&crm.pages(&a.agent, &path, limit).await), expected, "{limit}");
    }
    let list = crm.get(&a.agent, "/conversations?limit=1").await;
    assert_eq!(list.body["next_cursor"], Value::Null);
    let cursor = crm.get(&a.agent, &format!("{path}?limit=1")).await.body["next_cursor"]
        .as_str()
        .expect("more")
        .to_owned();
    assert_eq!(
        crm.get(&a.agent, &format!("/conversations?cursor={cursor}")).await.status,
        400,
        "of another list"
    );
    assert_eq!(crm.get(&a.agent, &format!("{path}?page=1")).await.status, 400);
    let far =
        switchboard::page::encode(&("messages", "-200000-01-01T00:00:00Z", ids::new())).expect("a cursor");
    assert_eq!(crm.get(&a.agent, &format!("{path}?cursor={far}")).await.status, 400);
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_only_goes_forward() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let customer = a.customer(db, "One", None).await;
    let conversation = a.conversation(db, customer, ago(1)).await;
    let mut messages = Vec::new();
    for (minutes, more) in [
        (9, json!({})),
        (8, json!({})),
        (7, json!({"direction": "out", "status": "sent"})),
        (6, json!({})),
        (5, json!({"history": true})),
        (4, json!({})),
        (3, json!({"direction": "internal", "external_id": null})),
    ] {
        messages.push(a.message(db, conversation, ago(minutes), more).await);
    }
    a.run(db, &format!("update conversation set unread_count = 4 where id = '{conversation}'")).await;
    let path = format!("/conversations/{conversation}");
    let read = async |n: usize| {
        crm.post(&a.agent, &format!("{path}/read"), json!({"message_id": messages[n]})).await
    };
    let unread = async || crm.get(&a.agent, &path).await.body["unread_count"].clone();
    assert_eq!(read(1).await.status, 204);
    assert_eq!((unread().await, crm.seq(a).await), (json!(2), 1));
    for (n, left, seq) in [(0, 2, 1), (1, 2, 1), (2, 2, 1), (4, 1, 2), (3, 1, 2), (6, 0, 3), (5, 0, 3)] {
        assert_eq!(read(n).await.status, 204);
        assert_eq!((unread().await, crm.seq(a).await), (json!(left), seq), "message {n}");
    }
    let events = crm.events(a, 0).await;
    let shown = crm.get(&a.agent, &path).await.body;
    assert_eq!(
        (events[2].name.as_str(), &events[2].data),
        ("conversation.updated", &json!({"conversation": shown}))
    );
    let rooms = ["inbox".to_owned(), format!("conversation:{conversation}"), format!("customer:{customer}")];
    assert_eq!(events[2].rooms, rooms);
    assert_eq!(shown["version"], 4);
    let other = crm.b.customer(db, "One", None).await;
    let other = crm.b.conversation(db, other, ago(1)).await;
    let foreign = crm.b.message(db, other, ago(1), json!({})).await;
    for id in [foreign, ids::new()] {
        let answer = crm.post(&a.agent, &format!("{path}/read"), json!({"message_id": id})).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["field"]), (422, &json!("message_id")));
    }
    assert_eq!(crm.post(&a.agent, &format!("{path}/read"), json!({})).await.status, 400);
    assert_eq!(crm.post(&a.agent, &format!("{path}/read"), json!({"message_id": "x"})).await.status, 400);
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_at_once_loses_nothing() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let customer = a.customer(db, "One", None).await;
    let conversation = a.conversation(db, customer, ago(1)).await;
    let mut messages = Vec::new();
    for n in 0..12 {
        messages.push(a.message(db, conversation, ago(20 - n), json!({})).await);
    }
    a.run(db, &format!("update conversation set unread_count = 12 where id = '{conversation}'")).await;
    let path = format!("/conversations/{conversation}/read");
    let reads = messages.iter().map(|id| crm.post(&a.agent, &path, json!({"message_id": id})));
    for answer in futures_util::future::join_all(reads).await {
        assert_eq!(answer.status, 204, "{}", answer.body);
    }
    let shown = crm.get(&a.agent, &format!("/conversations/{conversation}")).await.body;
    assert_eq!(shown["unread_count"], 0);
    let counts: Vec<i64> = crm
        .events(a, 0)
        .await
        .iter()
        .map(|event| event.data["conversation"]["unread_count"].as_i64().expect("a count"))
        .collect();
    assert!(counts.iter().rev().is_sorted(), "{counts:?}");
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_a_conversation() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let customer = a.customer(db, "One", None).await;
    let conversation = a.conversation(db, customer, ago(1)).await;
    let path = format!("/conversations/{conversation}");
    let body = json!({"assignee_id": a.agent.id, "priority": "high", "labels": ["vip", " vip ", "new"], "version": 1});
    let edited = crm.patch(&a.agent, &path, body.clone()).await;
    assert_eq!((edited.status, edited.seq), (200, Some(1)), "{}", edited.body);
    assert_eq!(edited.body["assignee"], json!({"id": a.agent.id, "name": "Ali"}));
    assert_eq!((&edited.body["labels"], &edited.body["priority"]), (&json!(["vip", "new"]), &json!("high")));
    let events = crm.events(a, 0).await;
    assert_eq!((events.len(), &events[0].data), (1, &json!({"conversation": edited.body})));
    let stale = crm.patch(&a.agent, &path, body).await;
    assert_eq!((stale.status, &stale.body["current"]), (409, &edited.body));
    let same = crm.patch(&a.agent, &path, json!({"priority": "high", "status": "open"})).await;
    assert_eq!((same.status, &same.body, crm.seq(a).await), (200, &edited.body, 1));
    let until = "2099-01-01T00:00:00Z";
    let snoozed = crm.patch(&a.agent, &path, json!({"status": "snoozed", "snoozed_until": until})).await.body;
    assert_eq!((&snoozed["status"], &snoozed["snoozed_until"]), (&json!("snoozed"), &json!(until)));
    let resolved = crm
        .patch(&a.agent, &path, json!({"status": "resolved", "priority": null, "assignee_id": null}))
        .await
        .body;
    assert_eq!(
        (&resolved["snoozed_until"], &resolved["priority"], &resolved["assignee"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    for (bad, status) in [
        (json!({"unread_count": 0}), 400),
        (json!({"status": "gone"}), 400),
        (json!({"status": null}), 400),
        (json!({"labels": "vip"}), 400),
        (json!({"priority": "highest"}), 400),
        (json!({"assignee_id": 1}), 400),
        (json!({"assignee_id": crm.b.agent.id}), 422),
        (json!({"assignee_id": ids::new()}), 422),
        (json!({"labels": ["a\u{0}"]}), 422),
        (json!({"snoozed_until": "2001-01-01T00:00:00Z"}), 422),
        (json!({"snoozed_until": "tomorrow"}), 400),
    ] {
        assert_eq!(crm.patch(&a.agent, &path, bad.clone()).await.status, status, "{bad}");
    }
    assert_eq!(crm.seq(a).await, 3);
    crm.patch(&a.admin, &path, json!({"assignee_id": a.admin.id})).await;
    let foreign = crm.patch(&a.agent, &path, json!({"status": "open"})).await;
    assert_eq!((foreign.status, &foreign.body["code"]), (403, &json!("forbidden")), "a colleague's");
    crm.end().await;
}
